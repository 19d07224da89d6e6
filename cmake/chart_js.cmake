# Chart.js, which draws the charts of report.html: a library of Debian, read where its package has it
# and built into the program. AMPSIM_CHART_JS names the minified file where there is no such package.
find_file(AMPSIM_CHART_JS chart.min.js
  PATHS /usr/share/javascript/chart.js /usr/share/javascript/Chart.js /usr/share/nodejs/chart.js/dist
  DOC "chart.min.js of Chart.js 3, MIT licence")
if(NOT EXISTS "${AMPSIM_CHART_JS}")
  message(FATAL_ERROR "Chart.js 3 is missing, which draws the charts of report.html. Debian and "
    "Ubuntu: apt-get install libjs-chart.js. Elsewhere: -DAMPSIM_CHART_JS=FILE, the chart.min.js of "
    "any Chart.js 3.")
endif()
file(READ "${AMPSIM_CHART_JS}" chart_js_opening LIMIT 200)
if(NOT chart_js_opening MATCHES "Chart\\.js v(3\\.[0-9.]+)")
  message(FATAL_ERROR "${AMPSIM_CHART_JS} is not Chart.js 3: its first lines name no such version. "
    "Another one: -DAMPSIM_CHART_JS=FILE.")
endif()
set(AMPSIM_CHART_JS_VERSION ${CMAKE_MATCH_1})
message(STATUS "Chart.js ${AMPSIM_CHART_JS_VERSION}: ${AMPSIM_CHART_JS}")
