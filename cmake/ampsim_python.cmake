# The Python that the module is for: Debian's, which has pandas, unless Python_EXECUTABLE says
# another. FindPython alone would take the first one in the path.
if(NOT Python_EXECUTABLE AND EXISTS /usr/bin/python3)
  set(Python_EXECUTABLE /usr/bin/python3 CACHE FILEPATH "The Python that the module is built for")
endif()
set(PYBIND11_FINDPYTHON ON)
find_package(pybind11 2.10 CONFIG REQUIRED)
