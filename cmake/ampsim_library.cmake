# How a library of this project is made: target ampsim_NAME, alias ampsim::NAME, headers installed
# under include/ampsim/NAME, so that a consumer writes the same #include "NAME/x.hpp" as we do.
# The DEPENDS line is the architecture: see docs/architecture.md.

# Compile flags of our own code; linked for building only, consumers never inherit them.
add_library(ampsim_flags INTERFACE)
target_compile_options(ampsim_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wswitch-enum
  # The same bits from the same doubles on every machine of a toolchain.
  -ffp-contract=off
  # Designated initializers leave out what has its default.
  -Wno-missing-field-initializers
  # GCC 12 reports a false overlap in " " + std::string.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # Boost.Asio has fences; GCC warns that the thread sanitizer does not see them.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>
  $<$<BOOL:${AMPSIM_WERROR}>:-Werror>)
if(AMPSIM_SANITIZE)
  add_compile_options(-fsanitize=${AMPSIM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${AMPSIM_SANITIZE})
endif()

function(ampsim_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;PRIVATE_DEPENDS;HEADERS;SOURCES" ${ARGN})
  add_library(ampsim_${name} STATIC ${ARG_SOURCES})
  add_library(ampsim::${name} ALIAS ampsim_${name})
  target_sources(ampsim_${name} PUBLIC FILE_SET HEADERS
    BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${ARG_HEADERS})
  target_compile_features(ampsim_${name} PUBLIC cxx_std_20)
  target_link_libraries(ampsim_${name}
    PUBLIC ${ARG_DEPENDS}
    PRIVATE ${ARG_PRIVATE_DEPENDS} $<BUILD_INTERFACE:ampsim_flags>)
  set_target_properties(ampsim_${name} PROPERTIES EXPORT_NAME ${name}
    # The same objects go into the program and into the Python module. With hidden symbols that
    # costs nothing: docs/performance.md.
    POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
  install(TARGETS ampsim_${name} EXPORT ampsim-targets
    ARCHIVE COMPONENT dev
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ampsim COMPONENT dev)
endfunction()
