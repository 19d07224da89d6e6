# cpack -G DEB: three packages for Debian 12, made of the build tree: the program, what others build
# with (find_package), and, where it is built, the Python module. docs/guide/install.md.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ampsim)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_VENDOR "The ampsim contributors")
set(CPACK_PACKAGE_CONTACT "The ampsim contributors <ampsim@localhost>"
  CACHE STRING "Who the Debian packages name as their maintainer")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "simulator of atomic multi-path Lightning payments")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME ampsim)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION
"ampsim simulates atomic multi-path payments (AMP) on payment channel networks
such as Lightning, event by event: HTLCs move hop by hop over channels whose
balances they change, and the same experiment file gives the same bytes every
time. Experiments are swept over schemes, routers, splitters, faults and
attacks; the results are CSV files.")

# The libraries are static: whoever links them needs what they are linked with.
file(STRINGS scripts/packages.txt needed REGEX "^run .*(-dev|pkgconf)$")
list(TRANSFORM needed REPLACE "^run +" "")
list(JOIN needed ", " needed)
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libampsim-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "${needed}")
set(CPACK_DEBIAN_DEV_DESCRIPTION
"Libraries, headers and a CMake package for programs that are ampsim with
routers, splitters or liquidity views of their own.")

set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-ampsim)
set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
set(CPACK_DEBIAN_PYTHON_PACKAGE_SHLIBDEPS ON)
if(AMPSIM_PYTHON)
  math(EXPR next "${Python_VERSION_MINOR} + 1")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS
    "python3 (>= 3.${Python_VERSION_MINOR}~), python3 (<< 3.${next}), python3-pandas")
endif()
set(CPACK_DEBIAN_PYTHON_DESCRIPTION
"A Python module that runs experiments given as dicts, returns their tables as
pandas DataFrames, and takes routing functions that are written in Python.")

# Each package has the licence and a changelog in a folder of its name. A plain installation does not
# have those: they are parts of their own, which only packages take in.
file(READ LICENSE license)
string(REGEX REPLACE "^[^\n]*\n\n[^\n]*\n\n" "" license "${license}")
string(STRIP "${license}" license)
string(REPLACE "\n\n" "\n.\n" license "${license}")
string(REPLACE "\n" "\n " license " ${license}")
configure_file(cmake/debian/copyright.in debian/copyright @ONLY)
configure_file(cmake/debian/changelog.in debian/changelog @ONLY)
find_program(GZIP_PROGRAM gzip)
if(GZIP_PROGRAM)
  execute_process(COMMAND ${GZIP_PROGRAM} -9nc debian/changelog
    WORKING_DIRECTORY ${PROJECT_BINARY_DIR}
    OUTPUT_FILE ${PROJECT_BINARY_DIR}/debian/changelog.Debian.gz COMMAND_ERROR_IS_FATAL ANY)
endif()

set(parts program dev)
if(AMPSIM_PYTHON)
  list(APPEND parts python)
endif()
foreach(part ${parts})
  string(TOUPPER ${part} upper)
  set(doc ${CMAKE_INSTALL_DATADIR}/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
  install(FILES ${PROJECT_BINARY_DIR}/debian/copyright
    DESTINATION ${doc} COMPONENT ${part}_papers EXCLUDE_FROM_ALL)
  if(GZIP_PROGRAM)
    install(FILES ${PROJECT_BINARY_DIR}/debian/changelog.Debian.gz
      DESTINATION ${doc} COMPONENT ${part}_papers EXCLUDE_FROM_ALL)
  endif()
  list(APPEND components ${part} ${part}_papers)
endforeach()
set(CPACK_COMPONENTS_ALL ${components})
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
include(CPack)
foreach(part ${parts})
  cpack_add_component_group(${part})
  cpack_add_component(${part} GROUP ${part})
  cpack_add_component(${part}_papers GROUP ${part})
endforeach()
