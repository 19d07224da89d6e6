#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "sim/routing/routers/backward_search.hpp"

/// The k paths of least score (Yen 1971, Lawler 1972), from the receiver's side: a path is varied
/// by a way to the sender that leaves it at each of its nodes in turn, nearest to the receiver
/// first, past none of the nodes that it has in common with it and by none of the channels by which
/// paths with the same end have left. Each way is one BackwardSearch, given up beyond the score
/// that a candidate needs in order to be one of the k.
///
/// Where the score of a path does not depend on the order in which its hops are added, these are
/// the k simple paths of least score; otherwise what the greedy search finds.
///
/// Tested by tests/eclair_router_test.cpp.
namespace ampsim::sim {

struct ScoredPath {
  std::vector<DirectedChannel> channels;  ///< from the sender's own
  double score = 0;
  std::size_t varied_from = 0;  ///< how many of its last channels it shares with its predecessor
};

template <class Rule>
class ShortestPaths {
 public:
  ShortestPaths(const ChannelGraph& graph, BackwardSearch<Rule>& search)
      : graph_(graph), search_(search) {}

  /// Between begin and end of the search, with its way measured. In order of score; among equals
  /// that which was found first.
  const std::vector<ScoredPath>& find(Rule& rule, NodeId target, std::size_t k) {
    rule_ = &rule;
    paths_.clear();
    candidates_.clear();
    if (k == 0) return paths_;
    const double no_limit = std::numeric_limits<double>::max();
    if (!search_.run(rule, target, rule.start(), {}, no_limit)) return paths_;
    paths_.emplace_back();
    paths_.back().score = search_.found().score;
    search_.append_path(target, paths_.back().channels);
    while (paths_.size() < k) {
      vary(target, k - paths_.size());
      if (candidates_.empty()) break;
      paths_.push_back(std::move(candidates_.front()));
      candidates_.erase(candidates_.begin());
    }
    return paths_;
  }

 private:
  using Label = typename Rule::Label;

  /// Candidates from the last path, of which `wanted` at most can be chosen.
  void vary(NodeId target, std::size_t wanted) {
    const std::vector<DirectedChannel> last = paths_.back().channels;
    const std::size_t size = last.size();
    Label label = rule_->start();
    closed_.clear();
    NodeId node = target;
    for (std::size_t shared = 0; shared < size; ++shared) {
      if (shared >= paths_.back().varied_from) leave(last, shared, {node, label, wanted});
      closed_.push_back(node);
      const DirectedChannel next = last[size - 1 - shared];
      node = graph_.tail(next);
      if (shared + 1 < size) label = search_.extended(*rule_, label, next);
    }
  }

  struct Start {
    NodeId node;
    Label label;
    std::size_t wanted;
  };

  void leave(const std::vector<DirectedChannel>& last, std::size_t shared, const Start& start) {
    const auto end_of = [shared](const std::vector<DirectedChannel>& channels) {
      return std::span(channels).last(shared);
    };
    search_.clear_passed();
    for (const ScoredPath& path : paths_) {
      if (path.channels.size() <= shared) continue;
      const auto end = end_of(path.channels);
      if (!std::equal(end.begin(), end.end(), end_of(last).begin())) continue;
      search_.mark(path.channels[path.channels.size() - 1 - shared], hop_passed);
    }
    const double limit = candidates_.size() < start.wanted ? std::numeric_limits<double>::max()
                                                           : candidates_[start.wanted - 1].score;
    if (!search_.run(*rule_, start.node, start.label, closed_, limit)) return;
    ScoredPath found{.score = search_.found().score, .varied_from = shared};
    search_.append_path(start.node, found.channels);
    const auto end = end_of(last);
    found.channels.insert(found.channels.end(), end.begin(), end.end());
    const auto place =
        std::upper_bound(candidates_.begin(), candidates_.end(), found.score,
                         [](double score, const ScoredPath& path) { return score < path.score; });
    candidates_.insert(place, std::move(found));
  }

  const ChannelGraph& graph_;
  BackwardSearch<Rule>& search_;
  Rule* rule_ = nullptr;
  std::vector<ScoredPath> paths_;
  std::vector<ScoredPath> candidates_;  ///< in order of score
  std::vector<NodeId> closed_;
};

}  // namespace ampsim::sim
