#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/units.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/liquidity_view.hpp"
#include "sim/routing/router.hpp"

/// What is left of the channels for one request, as far as the sender knows: announced policies,
/// the sender's own balances, what the view believes of others, what parts use or will use,
/// channels to avoid, and what has failed in this payment:
///
///   temporary_channel_failure of x      less than x passes the channel, for the rest of the
///   payment another failure of a forwarder      nothing does
///
/// Cost: begin() and end() what the request lists, room() what the view takes. Memory: 4 bytes a
/// directed channel, and what the request lists.
///
/// Tested by tests/request_channels_test.cpp.
namespace ampsim::sim {

struct AnnouncedChannel;

class RequestChannels {
 public:
  /// The graph must outlive it.
  explicit RequestChannels(const ChannelGraph& graph);

  /// Request and view must live until end().
  void begin(const RouteRequest& request, const LiquidityView& view);
  void end();

  bool is_own(const AnnouncedChannel& channel) const;
  /// Of one more HTLC; {0, 0} where there may be none. The policy's minimum and maximum are not
  /// looked at. Own channels: both are what is available.
  LiquidityBounds room(const AnnouncedChannel& channel) const;
  /// Not to be used for the rest of the request.
  void close(DirectedChannel channel);

  /// Sets aside what an amount takes on its path, fees included, or gives it back.
  void use(std::span<const DirectedChannel> path, Msat amount);
  void release(std::span<const DirectedChannel> path, Msat amount);
  /// The largest part that could be sent over the path in addition to what is set aside, fees
  /// included: by room and by the maxima of the policies. At least 0.
  Msat deliverable(std::span<const DirectedChannel> path) const;
  /// The same by the maxima alone: no larger part can pass.
  Msat largest_htlc(std::span<const DirectedChannel> path) const;

  /// The channel that a part of the amount would not get through, by room, minimum or maximum: the
  /// one next to the target; none if there is no such.
  DirectedChannel first_unfit(std::span<const DirectedChannel> path, Msat amount) const;

  const RouteRequest& request() const { return *request_; }

 private:
  struct Note {
    DirectedChannel channel;
    Msat used;     ///< by parts in flight
    Msat planned;  ///< set aside
    Msat limit;    ///< on the HTLCs from now on together
  };
  static constexpr std::uint32_t kClosed = 1;

  const Note* find(DirectedChannel channel) const;
  Note& note(DirectedChannel channel);
  void set_aside(std::span<const DirectedChannel> path, Msat amount, std::int64_t sign);
  void learn(const FailedHop& failed);

  const ChannelGraph& graph_;
  const RouteRequest* request_ = nullptr;
  const LiquidityView* view_ = nullptr;
  /// By directed channel: kClosed or 0, and twice (1 + index in notes_); all 0 between requests.
  std::vector<std::uint32_t> marks_;
  std::vector<Note> notes_;
  std::vector<DirectedChannel> closed_;
};

}  // namespace ampsim::sim
