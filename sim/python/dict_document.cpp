#include "sim/python/dict_document.hpp"

#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "core/check.hpp"

namespace ampsim::python {
namespace {

namespace py = pybind11;

/// numpy's and pandas' values as Python's own.
py::object plain(py::handle value) {
  if (py::hasattr(value, "tolist")) return value.attr("tolist")();
  if (py::hasattr(value, "__fspath__")) return value.attr("__fspath__")();
  return py::reinterpret_borrow<py::object>(value);
}

bool is_list(const py::object& value) {
  return py::isinstance<py::sequence>(value) && !py::isinstance<py::str>(value) &&
         !py::isinstance<py::bytes>(value);
}

/// What a message shows of a value that no setting can be.
std::string shown(const py::object& value) {
  constexpr std::size_t kLongest = 60;
  std::string text = py::repr(value);
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
  return sim::one_line(text);
}

sim::FoundValue found_in(const py::object& value) {
  sim::FoundValue found;
  if (py::isinstance<py::bool_>(value)) {
    found.value = value.cast<bool>();
  } else if (py::isinstance<py::int_>(value)) {
    int overflow = 0;
    const long long number = PyLong_AsLongLongAndOverflow(value.ptr(), &overflow);
    if (overflow == 0) found.value = std::int64_t{number};
  } else if (py::isinstance<py::float_>(value)) {
    found.value = value.cast<double>();
  } else if (py::isinstance<py::str>(value)) {
    found.value = value.cast<std::string>();
  }
  const bool is_known = !std::holds_alternative<std::monostate>(found.value);
  found.text = is_known ? sim::to_toml(found.value) : shown(value);
  return found;
}

std::string name_of(py::handle key, const std::string& prefix) {
  if (!py::isinstance<py::str>(key)) {
    throw InputError({.key = prefix}, fmt::format("found the key {}; allowed: text",
                                                  shown(py::reinterpret_borrow<py::object>(key))));
  }
  return prefix.empty() ? key.cast<std::string>() : prefix + "." + key.cast<std::string>();
}

/// Points that are listed are tables with a number in their name (sim/experiment/document.hpp).
bool are_points(const std::string& name, const py::object& value) {
  if (name != "sweep.points" || !is_list(value) || py::len(value) == 0) return false;
  for (const py::handle each : value) {
    if (!py::isinstance<py::dict>(each) || py::len(each) == 0) return false;
  }
  return true;
}

void add(sim::Document& document, const std::string& prefix, const py::dict& table) {
  for (const auto& [key, raw] : table) {
    const std::string name = name_of(key, prefix);
    const py::object value = plain(raw);
    if (py::isinstance<py::dict>(value) && py::len(value) > 0) {
      add(document, name, value);
      continue;
    }
    if (are_points(name, value)) {
      std::size_t number = 0;
      for (const py::handle each : value) {
        add(document, fmt::format("{}.{}", name, number++), py::reinterpret_borrow<py::dict>(each));
      }
      continue;
    }
    sim::Entry entry{.key = sim::one_line(name)};
    if (py::isinstance<py::dict>(value)) {
      entry.shape = sim::Shape::empty_table;
    } else if (is_list(value)) {
      entry.shape = sim::Shape::list;
      for (const py::handle element : value) entry.values.push_back(found_in(plain(element)));
    } else {
      entry.values.push_back(found_in(value));
    }
    if (sim::find_entry(document, entry.key) != nullptr) {
      throw InputError(entry.where(), "found twice; allowed: once");
    }
    document.push_back(std::move(entry));
  }
}

}  // namespace

sim::Document document_of(const py::dict& experiment) {
  sim::Document document;
  add(document, "", experiment);
  return document;
}

std::vector<std::string> assignments_of(const py::dict& overrides) {
  std::vector<std::string> assignments;
  for (const sim::Entry& entry : document_of(overrides)) {
    std::vector<std::string> texts;
    for (const sim::FoundValue& found : entry.values) texts.push_back(found.text);
    const std::string text = fmt::format("{}", fmt::join(texts, ", "));
    const bool is_list = entry.shape == sim::Shape::list;
    assignments.push_back(entry.key + "=" + (is_list ? "[" + text + "]" : text));
  }
  return assignments;
}

}  // namespace ampsim::python
