#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include <ns3/object-factory.h>
#include <ns3/scheduler.h>

#include "sim/engine/event.hpp"

/// The event sets of ns-3 (Debian's libns3-dev), driven through its own interface, ns3::Scheduler,
/// as its simulator does. An event carries our payload where ns-3 has the pointer to what shall
/// happen, so that nothing but the set is measured. Included only where the library is there.
namespace ampsim::bench {

class Ns3Queue {
 public:
  /// `type` is one of kTypes.
  explicit Ns3Queue(const std::string& type) {
    ns3::ObjectFactory factory;
    factory.SetTypeId("ns3::" + type);
    scheduler_ = factory.Create<ns3::Scheduler>();
  }

  void push(const sim::Event& event) {
    ns3::Scheduler::Event there{};
    there.impl = std::bit_cast<ns3::EventImpl*>(event.payload);
    there.key.m_ts = static_cast<std::uint64_t>(event.at.time_since_epoch().count());
    there.key.m_uid = sequence_++;
    scheduler_->Insert(there);
  }
  sim::Event pop() {
    const ns3::Scheduler::Event next = scheduler_->RemoveNext();
    return {SimTime{SimDuration{static_cast<std::int64_t>(next.key.m_ts)}},
            std::bit_cast<sim::EventPayload>(next.impl)};
  }

  /// But for the list, whose cost grows with the number of pending events.
  static inline const std::vector<std::string> kTypes = {
      "MapScheduler", "HeapScheduler", "PriorityQueueScheduler", "CalendarScheduler"};

 private:
  ns3::Ptr<ns3::Scheduler> scheduler_;
  std::uint32_t sequence_ = 0;
};

}  // namespace ampsim::bench
