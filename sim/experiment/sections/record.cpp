#include <string>
#include <utility>

#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {

void add_record(SettingBuilder& table) {
  for (const auto& [name, field] :
       {std::pair{"payments", &RecordParams::payments}, std::pair{"parts", &RecordParams::parts},
        std::pair{"channels", &RecordParams::channels}}) {
    table
        .add(std::string("record.") + name, std::string("write ") + name + ".csv",
             &Settings::record, field)
        .can_be_swept = false;
  }
  table
      .add("record.feasibility",
           "whether each payment could have been made with the true balances at its start",
           &Settings::record, &RecordParams::feasibility)
      .can_be_swept = false;
}

}  // namespace ampsim::sim
