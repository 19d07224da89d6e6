# cmake --install: the program, the libraries and a package that find_package(ampsim) finds.
include(CMakePackageConfigHelpers)
install(EXPORT ampsim-targets NAMESPACE ampsim:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ampsim)
configure_package_config_file(cmake/ampsim-config.cmake.in ampsim-config.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ampsim)
write_basic_package_version_file(ampsim-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/ampsim-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/ampsim-config-version.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ampsim)
