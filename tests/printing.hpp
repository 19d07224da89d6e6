#pragma once

#include <string>

#include <doctest/doctest.h>

#include "core/units.hpp"

/// How doctest prints our types, so that a failure reads "1 msat == 2 msat".
namespace doctest {

template <>
struct StringMaker<ampsim::Msat> {
  static String convert(ampsim::Msat amount) {
    return (std::to_string(amount.count) + " msat").c_str();
  }
};
template <>
struct StringMaker<ampsim::BlockDelta> {
  static String convert(ampsim::BlockDelta delta) {
    return (std::to_string(delta.count) + " blocks").c_str();
  }
};
template <>
struct StringMaker<ampsim::NodeId> {
  static String convert(ampsim::NodeId node) {
    return ("node " + std::to_string(node.index)).c_str();
  }
};
template <>
struct StringMaker<ampsim::SimTime> {
  static String convert(ampsim::SimTime time) {
    return (std::to_string(time.time_since_epoch().count()) + " ns").c_str();
  }
};

}  // namespace doctest
