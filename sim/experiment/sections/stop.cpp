#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {

void add_stop(SettingBuilder& table) {
  const auto stop = &Settings::stop;
  table.add("stop.payments", "measured payments of a run; 0 = all that the workload has",
            between(0, 1e9), stop, &StopParams::payments);
  table.add("stop.time_s", "no payment starts from this time on; 0 = never",
            between(0, kMostSeconds), stop, &StopParams::time);
  table.add_choice("stop.interval.measure",
                   "no payment starts once the 95 % interval of this mean is narrow enough",
                   Choices<IntervalMeasure>{{"none", IntervalMeasure::none},
                                            {"success_rate", IntervalMeasure::success_rate},
                                            {"latency_mean_ms", IntervalMeasure::latency_mean_ms},
                                            {"fee_ppm_mean", IntervalMeasure::fee_ppm_mean},
                                            {"attempts_mean", IntervalMeasure::attempts_mean}},
                   stop, &StopParams::measure);
  const auto without_interval = [](const Settings& s) -> std::string {
    return s.stop.measure == IntervalMeasure::none ? "stop.interval.measure" : "";
  };
  Setting& half_width = table.add("stop.interval.half_width", "half of its width, at most",
                                  above(0, 1e12), stop, &StopParams::half_width);
  half_width.blocked_by = without_interval;
  half_width.is_required = true;
  table
      .add("stop.interval.relative", "the half width is a share of the mean", stop,
           &StopParams::is_relative)
      .blocked_by = without_interval;
  table.add("stop.success.below",
            "no payment starts once the success rate of a window is below; 0 = never", kProbability,
            stop, &StopParams::success_below);
  table
      .add("stop.success.window_payments", "the window: so many payments that ended last",
           between(1, 1e6), stop, &StopParams::window)
      .blocked_by = [](const Settings& s) -> std::string {
    return s.stop.success_below > 0 ? "" : "stop.success.below";
  };
}

}  // namespace ampsim::sim
