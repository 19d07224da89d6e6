// The search of LndRouter against other ways to search, on the same queries of the same network, in
// one run.
//
//   router_bench [FILE...] [--nodes N] [--channels N] [--queries N] [--rounds N] [--csv]
//
// The network is read from the files, in any format that topologies are imported from, or starts
// from nothing. Then it grows by preferential attachment until it has so many nodes and channels;
// capacities and policies of new channels are those of channels that were there (from nothing: as
// in a snapshot of December 2020, with medians of 1 sat + 1 ppm, 40 blocks).
//
// Queries: random ends, amounts log-uniform from 1,000 to 1,000,000 sat; the sender owns a channel
// that can send the amount. `past`: payments that each of 100 senders has learnt from, 30 % of them
// failed at a random hop.
//
// Prints mean, median and 95th percentile of the CPU time of a search (the least of the rounds, the
// clock's own time taken off), what part of that of the naive search it is, the allocations a
// search makes, and a hash of all routes. The exit code is 1 if LndRouter's routes are not those of
// the naive search, or if it allocates anything but the route.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/rival_searches.hpp"
#include "core/random.hpp"
#include "sim/routing/routers/lnd_router.hpp"
#include "sim/routing/views/apriori.hpp"
#include "sim/routing/views/bimodal.hpp"
#include "topologies/endowment.hpp"
#include "topologies/source.hpp"

namespace {

std::uint64_t allocations = 0;

}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}

namespace {

using namespace ampsim;
using namespace ampsim::sim;

topo::ForwardingPolicy random_policy(Rng& rng, Msat capacity) {
  const int deltas[] = {40, 40, 40, 144, 80, 30, 14};
  const bool is_default = rng.chance(0.6);
  return {.fee_base = Msat{is_default ? 1000 : rng.between(0, 2000)},
          .fee_proportional = Ppm{is_default ? 1U : static_cast<std::uint32_t>(rng.below(1000))},
          .cltv_expiry_delta = BlockDelta{deltas[rng.below(std::size(deltas))]},
          .htlc_minimum = Msat{1000},
          .htlc_maximum = capacity};
}

/// Until the network has so many nodes and channels.
void grow(topo::Topology& topology, std::size_t nodes, std::size_t channels) {
  Rng rng(1, "router_bench.topology");
  const std::size_t given = topology.channels.size();
  std::vector<NodeId> ends;  // each node as often as it has channels
  for (const topo::Channel& channel : topology.channels) {
    ends.insert(ends.end(), channel.ends.begin(), channel.ends.end());
  }
  const auto connect = [&](NodeId a, NodeId b) {
    topo::Channel channel;
    if (given > 0) {
      channel = topology.channels[rng.below(given)];
    } else {
      channel.capacity = Msat::from_sat(20'000 + static_cast<std::int64_t>(rng.exponential(2e6)));
      channel.policy = {random_policy(rng, *channel.capacity),
                        random_policy(rng, *channel.capacity)};
    }
    channel.ends = {a, b};
    topology.channels.push_back(channel);
    ends.insert(ends.end(), {a, b});
  };
  while (topology.nodes.size() < nodes) {
    const NodeId added{static_cast<std::uint32_t>(topology.nodes.size())};
    topology.nodes.emplace_back();
    if (!ends.empty()) connect(added, ends[rng.below(ends.size())]);
    if (added.index == 1 && given == 0) connect({0}, added);
  }
  while (topology.channels.size() < channels) {
    const NodeId a = ends[rng.below(ends.size())];
    const NodeId b = ends[rng.below(ends.size())];
    if (a != b) connect(a, b);
  }
}

struct Query {
  NodeId target;
  Msat amount;
  SimTime now;
};

/// Queries of one sender, and what it has learnt before.
struct Sender {
  NodeId node;
  std::unique_ptr<LiquidityView> view;
  std::vector<Query> queries;
};

class Workload {
 public:
  Workload(const topo::Topology& topology, const ChannelGraph& graph)
      : graph_(graph), local_(topology.nodes.size()) {
    for (std::uint32_t i = 0; i < 2 * topology.channels.size(); ++i) {
      const DirectedChannel channel{i};
      const topo::Channel& c = topology.channels[channel.channel().index];
      const Msat first = c.balance_0.value_or(*c.capacity / 2);
      local_[topology.source(channel).index].push_back(
          {channel, channel.direction() == 0 ? first : *c.capacity - first});
    }
  }

  RouteRequest request(NodeId source, const Query& query) const {
    return {.source = source,
            .target = query.target,
            .amount = query.amount,
            .total = query.amount,
            .fee_limit = std::max(query.amount / 20, Msat{1'000'000}),
            .cltv_limit = BlockDelta{2016},
            .final_cltv_delta = BlockDelta{40},
            .now = query.now,
            .local = local_[source.index]};
  }

  template <class View>
  std::vector<Sender> draw(std::uint32_t queries, std::uint32_t past) const {
    Rng rng(2, "router_bench.queries");
    const std::uint32_t each = past == 0 ? 1 : 20;
    LndRouter router(graph_, params_);
    std::vector<Sender> senders;
    SimTime now{};
    for (std::uint32_t left = queries; left > 0; left -= std::min(left, each)) {
      Sender sender;
      sender.view = std::make_unique<View>(graph_, params_);
      while (!can_send(sender.node, Msat::from_sat(10'000))) sender.node = any(rng);
      for (std::uint32_t i = 0; i < past; ++i) {
        learn(router, sender, draw(sender.node, now, rng), rng);
      }
      for (std::uint32_t i = 0; i < std::min(left, each); ++i) {
        sender.queries.push_back(draw(sender.node, now, rng));
      }
      senders.push_back(std::move(sender));
    }
    return senders;
  }

 private:
  NodeId any(Rng& rng) const { return {static_cast<std::uint32_t>(rng.below(local_.size()))}; }
  bool can_send(NodeId node, Msat amount) const {
    return !node.is_none() &&
           std::any_of(local_[node.index].begin(), local_[node.index].end(),
                       [&](const LocalChannel& own) { return own.available >= amount; });
  }
  Query draw(NodeId source, SimTime& now, Rng& rng) const {
    Query query;
    do {
      query.target = any(rng);
      query.amount = Msat{std::llround(1e6 * std::pow(1000, rng.unit()))};
    } while (query.target == source || !can_send(source, query.amount));
    now += std::chrono::minutes{1};
    query.now = now;
    return query;
  }
  void learn(LndRouter& router, Sender& sender, const Query& query, Rng& rng) const {
    const RouteResult result = router.find(request(sender.node, query), *sender.view);
    const Route* route = std::get_if<Route>(&result);
    if (route == nullptr) return;
    if (route->hops.size() == 1 || rng.chance(0.7)) {
      sender.view->report_success(*route, query.now);
    } else {
      sender.view->report_failure(*route, 1 + rng.below(route->hops.size() - 1),
                                  FailureCode::temporary_channel_failure, query.now);
    }
  }

  const ChannelGraph& graph_;
  RoutingParams params_;                          ///< of the views, which outlive their making
  std::vector<std::vector<LocalChannel>> local_;  ///< by node
};

/// CPU time, which other programs on the machine do not lengthen as they do the wall clock's.
double thread_time_us() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) * 1e-3;
}

double clock_us() {
  double least = 1e9;
  for (int i = 0; i < 1000; ++i) {
    const double start = thread_time_us();
    least = std::min(least, thread_time_us() - start);
  }
  return least;
}

struct Candidate {
  std::string name;
  Router* router;
  bool is_exact = true;
  std::vector<double> us{};
  std::uint64_t hash = 0;  ///< FNV-1a over all routes
  std::uint64_t allocations = 0;
  std::uint64_t routes = 0;

  /// All queries once more. Each round has a time-lock limit of its own, so that none of them is
  /// for a payment that was searched for before.
  void run(const Workload& workload,
           const std::vector<Sender>& senders,
           double clock,
           std::uint32_t round) {
    std::size_t i = 0;
    hash = 14695981039346656037U;
    allocations = 0;
    routes = 0;
    for (const Sender& sender : senders) {
      for (const Query& query : sender.queries) {
        RouteRequest request = workload.request(sender.node, query);
        request.cltv_limit.count -= static_cast<std::int32_t>(round);
        const std::uint64_t before = ::allocations;
        const double start = thread_time_us();
        const RouteResult result = router->find(request, *sender.view);
        const double time = std::max(thread_time_us() - start - clock, 0.001);
        allocations += ::allocations - before;
        if (i == us.size()) us.push_back(time);
        us[i] = std::min(us[i], time);
        ++i;
        add(result);
      }
    }
  }
  void add(const RouteResult& result) {
    const auto mix = [&](std::uint64_t value) { hash = (hash ^ value) * 1099511628211U; };
    mix(result.index());
    const Route* route = std::get_if<Route>(&result);
    if (route == nullptr) return;
    ++routes;
    for (const Hop& hop : route->hops) {
      mix(hop.channel.index);
      mix(static_cast<std::uint64_t>(hop.amount.count));
    }
    mix(static_cast<std::uint64_t>(route->cost));
  }
  double mean() const {
    double sum = 0;
    for (const double time : us) sum += time;
    return sum / static_cast<double>(us.size());
  }
  double quantile(double q) const {
    std::vector<double> sorted = us;
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
  }
};

struct Options {
  std::vector<std::string> files;
  std::size_t nodes = 6000;
  std::size_t channels = 30'000;
  std::uint32_t queries = 2000;
  std::uint32_t rounds = 3;
  std::string only;  ///< candidate; for profilers
  bool is_csv = false;
};

void print(const Options& options,
           const std::string& view,
           std::uint32_t past,
           const Candidate& candidate,
           const Candidate& naive) {
  const double mean = candidate.mean();
  const double median = candidate.quantile(0.5);
  const double searches = static_cast<double>(candidate.us.size());
  const double of_search = static_cast<double>(candidate.allocations) / searches;
  fmt::print(fmt::runtime(options.is_csv
                              ? "{},{},{},{:.2f},{:.2f},{:.2f},{:.1f},{:.1f},{:.2f},{:016x}\n"
                              : "{:8} {:4} {:7} {:10.2f} {:10.2f} {:10.2f} {:8.1f} {:8.1f} {:8.2f} "
                                "{:016x}\n"),
             view, past, candidate.name, mean, median, candidate.quantile(0.95),
             naive.mean() / mean, naive.quantile(0.5) / median, of_search, candidate.hash);
}

/// False if LndRouter is not what it claims to be.
template <class View>
bool compare(const topo::Topology& topology,
             const Options& options,
             const std::string& view,
             std::uint32_t past) {
  const ChannelGraph graph(topology);
  const Workload workload(topology, graph);
  const std::vector<Sender> senders = workload.draw<View>(options.queries, past);
  const RoutingParams params;
  bench::NaiveSearch naive(topology, params);
  LndRouter lnd(graph, params);
  bench::BoostSearch boost(topology, params);
  bench::StaticSearch fixed(topology);
  std::vector<Candidate> candidates = {{"naive", &naive}, {"lnd", &lnd}};
  if (past == 0 && std::is_same_v<View, Apriori>) {
    candidates.push_back({"boost", &boost});
    candidates.push_back({"static", &fixed, false});
  }
  std::erase_if(candidates, [&](const Candidate& candidate) {
    return !options.only.empty() && candidate.name != options.only;
  });
  const double clock = clock_us();
  for (std::uint32_t round = 0; round < options.rounds; ++round) {
    for (Candidate& candidate : candidates) candidate.run(workload, senders, clock, round);
  }
  bool is_right = true;
  for (const Candidate& candidate : candidates) {
    print(options, view, past, candidate, candidates.front());
    if (candidate.is_exact && candidate.hash != candidates.front().hash) is_right = false;
    // In the last round, when all is warm.
    const bool is_ours = candidate.name == "lnd" && options.rounds > 1;
    if (is_ours && candidate.allocations != candidate.routes) is_right = false;
  }
  return is_right;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("LndRouter against other searches");
  Options options;
  std::vector<std::uint32_t> past = {20, 100};
  app.add_option("files", options.files, "a network; none: it is grown from nothing");
  app.add_option("--nodes", options.nodes, "that it grows to")->capture_default_str();
  app.add_option("--channels", options.channels, "that it grows to")->capture_default_str();
  app.add_option("--queries", options.queries, "searches of each kind")->capture_default_str();
  app.add_option("--rounds", options.rounds, "each of them so often")->capture_default_str();
  app.add_option("--past", past, "payments that senders have learnt from; none is always there");
  app.add_option("--only", options.only, "this search alone, for a profiler");
  app.add_flag("--csv", options.is_csv, "for programs to read");
  CLI11_PARSE(app, argc, argv);

  topo::Topology topology;
  if (!options.files.empty()) {
    topology = topo::import_files(options.files);
    topo::endow(topology, {}, 1);
  }
  grow(topology, options.nodes, options.channels);
  fmt::print(stderr, "{} nodes, {} channels, {} queries\n", topology.nodes.size(),
             topology.channels.size(), options.queries);
  fmt::print(fmt::runtime(
      options.is_csv
          ? "view,past,search,mean_us,median_us,p95_us,by_mean,by_median,allocations,hash\n"
          : "view     past search     mean us  median us     p95 us  by mean  by med.  "
            "allocs.  hash\n"));
  past.insert(past.begin(), 0);
  bool is_right = true;
  for (const std::uint32_t k : past) {
    is_right = compare<Apriori>(topology, options, "apriori", k) && is_right;
  }
  for (const std::uint32_t k : past) {
    is_right = compare<Bimodal>(topology, options, "bimodal", k) && is_right;
  }
  if (!is_right) fmt::print(stderr, "LndRouter finds other routes, or allocates\n");
  return is_right ? 0 : 1;
}
