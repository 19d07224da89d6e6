#pragma once

#include <string>
#include <vector>

#include <pybind11/pybind11.h>

#include "sim/experiment/document.hpp"

/// An experiment as Python has it, a dict of dicts, as the same list of entries that a TOML file
/// is read to: from there on there is one way, and one text for each error.
///
/// Keys may be nested or dotted, {"payment": {"scheme": "amp"}} or {"payment.scheme": "amp"}.
/// Lists, tuples, ranges, numpy's arrays and numbers, and paths are what they look like. Relative
/// paths start in the current folder.
///
/// Errors: InputError with the key, for a key that is no text or stands twice, and an integer that
/// does not fit 64 bits.
/// Tested by tests/python_test.cpp.
namespace ampsim::python {

sim::Document document_of(const pybind11::dict& experiment);

/// One `KEY=VALUE` an entry, as sim::apply_override() takes it.
std::vector<std::string> assignments_of(const pybind11::dict& overrides);

}  // namespace ampsim::python
