#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {

void add_observer(SettingBuilder& table) {
  using Choice = ObserverChoice;
  const auto observer = &Settings::observer;
  const auto is_listed = [](const Settings& s) { return s.observer.choice == Choice::listed; };
  table
      .add("observer.nodes", "how many nodes watch what they forward; 0 = none",
           between(0, 10'000'000), observer, &ObserverParams::nodes)
      .blocked_by = [is_listed](const Settings& s) {
    return is_listed(s) ? std::string("observer.choice") : "";
  };
  table.add_choice("observer.choice", "who watches",
                   Choices<Choice>{{"degree", Choice::degree},
                                   {"betweenness", Choice::betweenness},
                                   {"random", Choice::random},
                                   {"listed", Choice::listed}},
                   observer, &ObserverParams::choice);
  table
      .add("observer.listed", "names of nodes that watch, separated by spaces", observer,
           &ObserverParams::listed)
      .blocked_by = [is_listed](const Settings& s) {
    return is_listed(s) ? "" : std::string("observer.choice");
  };
  table.add("observer.window_s",
            "how close HTLCs and preimages of one payment are expected to come",
            between(0, kMostSeconds), observer, &ObserverParams::window);
  table.add("observer.side_channels", "what guesses look at, separated by spaces", observer,
            &ObserverParams::side_channels);
}

}  // namespace ampsim::sim
