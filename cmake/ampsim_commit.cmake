# AMPSIM_COMMIT: the commit of this source tree, or "unknown"; AMPSIM_DATE and AMPSIM_DATE_RFC: its
# date, or today's, as 2026-01-31 and as mail has it. Configuring is repeated when HEAD moves,
# because git then appends to logs/HEAD.
set(AMPSIM_COMMIT unknown)
string(TIMESTAMP AMPSIM_DATE "%Y-%m-%d" UTC)
string(TIMESTAMP AMPSIM_DATE_RFC "%a, %d %b %Y %H:%M:%S +0000" UTC)
find_package(Git QUIET)
if(GIT_FOUND AND EXISTS ${PROJECT_SOURCE_DIR}/.git)
  execute_process(COMMAND ${GIT_EXECUTABLE} rev-parse --short=12 HEAD
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
  if(status EQUAL 0)
    set(AMPSIM_COMMIT ${commit})
    execute_process(COMMAND ${GIT_EXECUTABLE} log -1 --format=%cs
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
      OUTPUT_VARIABLE AMPSIM_DATE OUTPUT_STRIP_TRAILING_WHITESPACE)
    execute_process(COMMAND ${GIT_EXECUTABLE} log -1 --format=%cD
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
      OUTPUT_VARIABLE AMPSIM_DATE_RFC OUTPUT_STRIP_TRAILING_WHITESPACE)
  endif()
  foreach(name HEAD logs/HEAD)
    execute_process(COMMAND ${GIT_EXECUTABLE} rev-parse --git-path ${name}
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
      OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    cmake_path(ABSOLUTE_PATH path BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
    if(path AND EXISTS ${path})
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
    endif()
  endforeach()
endif()
