# cmake --install: the program with its manual page and completions, the documentation, the
# libraries and a package that find_package(ampsim) finds, and the Python module where it is built.
# Three parts: program, dev, python (cmake --install --component PART).
include(CMakePackageConfigHelpers)
install(EXPORT ampsim-targets NAMESPACE ampsim::
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ampsim COMPONENT dev)
configure_package_config_file(cmake/ampsim-config.cmake.in ampsim-config.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ampsim)
write_basic_package_version_file(ampsim-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/ampsim-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/ampsim-config-version.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ampsim COMPONENT dev)
install(FILES README.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
# Debian has the text of it in its own file.
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT licence)
install(DIRECTORY docs experiments DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program
  FILES_MATCHING PATTERN "*.md" PATTERN "*.svg" PATTERN "*.toml")

if(PROJECT_IS_TOP_LEVEL)
  include(cmake/package.cmake)
endif()
