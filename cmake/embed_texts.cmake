# cmake -D OUT=FILE.cpp -D "FILES=PATH;PATH;..." -P embed_texts.cmake
#
# Writes the texts of the files into a source file, which defines page_text() of
# sim/report/page_texts.hpp. A text is found by the file's name without its folder.
set(table "")
foreach(file IN LISTS FILES)
  file(READ "${file}" text)
  if(text MATCHES "\\)ampsim_text\"")
    message(FATAL_ERROR "${file} has the mark in it with which texts end here")
  endif()
  get_filename_component(name "${file}" NAME)
  string(APPEND table "    {\"${name}\", R\"ampsim_text(${text})ampsim_text\"},\n")
endforeach()
file(WRITE "${OUT}" "// Written by cmake/embed_texts.cmake.
#include \"sim/report/page_texts.hpp\"

#include \"core/check.hpp\"

namespace ampsim::report {
namespace {

struct PageText {
  std::string_view name;
  std::string_view text;
};
constexpr PageText kTexts[] = {
${table}};

}  // namespace

std::string_view page_text(std::string_view name) {
  for (const PageText& each : kTexts) {
    if (each.name == name) return each.text;
  }
  fail_check(\"page_text\", __FILE__, __LINE__, \"no such text\");
}

}  // namespace ampsim::report
")
