#include "sim/experiment/settings.hpp"

#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/random.hpp"
#include "tests/experiment_world.hpp"
#include "tests/printing.hpp"
#include "tests/setting_contexts.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

constexpr const char* kExample = R"(name = "amp-vs-mpp"
seed = 7
replicates = 10

[topology]
generator = "watts_strogatz"
nodes = 2000
neighbours = 8

[channels]
capacity = { distribution = "lognormal", mean_sat = 5_000_000, sigma = 1.2 }
balance  = { distribution = "bimodal" }
reserve = 0.02

[network]
latency = { distribution = "normal", mean_ms = 30, sigma_ms = 2.5 }

[workload]
payments = 1_000
rate_per_s = 2.5
amount = { distribution = "uniform", minimum_sat = 10, maximum_sat = 1000 }

[payment]
scheme = "mpp"
timeout_s = 0.25
min_part_sat = 10_000

[receiver]
timer = "set"

[sweep]
"payment.max_parts" = [1, 4, 16]
"payment.scheme" = ["mpp", "amp"]
)";

/// What a message lists as allowed, so that a new section changes no test.
std::string all_sections() {
  std::vector<std::string> names;
  for (const Setting& setting : setting_table()) {
    const std::string section = setting.key.substr(0, setting.key.find('.'));
    if (names.empty() || names.back() != section) names.push_back(section);
  }
  return joined(names) + ", sweep, case, summary";
}

}  // namespace

TEST_CASE("settings: the file's values arrive in the rooms' parameters") {
  const Experiment experiment = experiment_of(kExample);
  CHECK(experiment.name == "amp-vs-mpp");
  CHECK(experiment.seed == 7);
  CHECK(experiment.run_count() == 60);
  const Settings& settings = experiment.points[0].settings;
  CHECK(settings.topology.generator == "watts_strogatz");
  CHECK(settings.topology.neighbours == 8);
  CHECK(settings.channels.capacity.kind == DistributionKind::lognormal);
  CHECK(settings.channels.capacity.mean == 5'000'000);
  CHECK(settings.network.reserve == 0.02);
  CHECK(settings.network.latency.kind == DistributionKind::normal);
  CHECK(settings.network.latency.deviation == 2.5);
  CHECK(settings.workload.amount.maximum == 1000);
  CHECK(settings.payment.timeout == std::chrono::milliseconds(250));
  CHECK(settings.payment.min_part == Msat::from_sat(10'000));
  CHECK(settings.receiver.timer == ReceiverTimer::set);
  CHECK(settings.payment.max_parts == 1);
}

TEST_CASE("settings: an empty file is an experiment of defaults") {
  const Experiment experiment = experiment_of("");
  CHECK(experiment.name == "e");
  CHECK(experiment.run_count() == 1);
  CHECK(experiment.points[0].settings.topology.generator == "lightning");
  CHECK(experiment.points[0].settings.payment.scheme == "amp");
}

TEST_CASE("settings: the resolved file is the same experiment, byte for byte") {
  for (const std::string& text : {std::string(kExample), std::string()}) {
    const Experiment experiment = experiment_of(text);
    const Experiment again = experiment_of(experiment.resolved);
    CHECK(again.resolved == experiment.resolved);
    CHECK(again.points.size() == experiment.points.size());
  }
}

TEST_CASE("settings: the resolved file lists every key that has an effect, and no other") {
  const std::string text = experiment_of("").resolved;
  for (const char* line :
       {"name = \"e\"\n", "seed = 1\n", "generator = \"lightning\"\n", "nodes = 2000\n",
        "reserve = 0.01\n", "latency = { distribution = \"lightning\" }\n",
        "amount = { distribution = \"lognormal\", mean_sat = 44700, sigma = 0.7 }\n",
        "timeout_s = 60\n", "penalty_half_life_s = 3600\n", "derivation = \"lnd\"\n"}) {
    CAPTURE(line);
    CHECK(text.find(line) != std::string::npos);
  }
  CHECK(text.find("neighbours") == std::string::npos);
  CHECK(text.find("file") == std::string::npos);
}

TEST_CASE("settings: every key round-trips through the resolved file") {
  for (const Setting& setting : setting_table()) {
    for (const std::string& value : other_values(setting)) {
      CAPTURE(setting.key);
      CAPTURE(value);
      std::vector<std::string> overrides = context_of(setting);
      overrides.push_back(setting.key + "=" + value);
      const Experiment experiment = experiment_of("", overrides);
      const Experiment again = experiment_of(experiment.resolved);
      CHECK(again.resolved == experiment.resolved);
      CHECK(setting.get(again.points[0].settings) == setting.get(experiment.points[0].settings));
      CHECK(setting.applies(again.points[0].settings));
    }
  }
}

TEST_CASE("settings: every key is declared once, with help") {
  std::set<std::string> keys;
  for (const Setting& setting : setting_table()) {
    CAPTURE(setting.key);
    CHECK(keys.insert(setting.key).second);
    CHECK(!setting.help.empty());
    const bool has_range = setting.kind == ValueKind::integer || setting.kind == ValueKind::number;
    CHECK((!has_range || setting.minimum < setting.maximum));
  }
}

TEST_CASE("settings: a wrong value is named with its line, what is allowed and the nearest name") {
  const std::string head = "seed = 1\n";
  CHECK(refusal_of(head + "[payment]\nscheme = \"aml\"\n") ==
        "e.toml:3: payment.scheme: found \"aml\"; allowed: " + all_schemes() +
            "; did you mean \"amp\"?");
  const std::string generator = refusal_of("[topology]\ngenerator = \"lightnig\"\n");
  CHECK(generator.find("e.toml:2: topology.generator: found \"lightnig\"; allowed: lightning, "
                       "barabasi_albert, watts_strogatz, ") == 0);
  CHECK(generator.find("; did you mean \"lightning\"?") != std::string::npos);
  CHECK(refusal_of("[routing]\nmin_probability = 1.5\n") ==
        "e.toml:2: routing.min_probability: found 1.5; allowed: a number from 0 to 1");
  CHECK(refusal_of("[channels]\nreserve = 1\n") ==
        "e.toml:2: channels.reserve: found 1; allowed: a number from 0 to below 1");
  CHECK(refusal_of("[payment]\nmin_part_sat = -5\n") ==
        "e.toml:2: payment.min_part_sat: found -5; allowed: an integer from 0 to "
        "2100000000000000");
  CHECK(refusal_of("[payment]\ntimeout_s = 0\n") ==
        "e.toml:2: payment.timeout_s: found 0; allowed: a number from 0.001 to 1000000000");
  CHECK(refusal_of("replicates = \"ten\"\n") ==
        "e.toml:1: replicates: found \"ten\"; allowed: an integer from 1 to 1000000");
  CHECK(refusal_of("replicates = 2.0\n") ==
        "e.toml:1: replicates: found 2.0; allowed: an integer from 1 to 1000000");
  CHECK(refusal_of("seed = -1\n") ==
        "e.toml:1: seed: found -1; allowed: an integer from 0 to 9000000000000000000");
  CHECK(refusal_of("[record]\nparts = 1\n") ==
        "e.toml:2: record.parts: found 1; allowed: true or false");
  CHECK(refusal_of("[routing]\ntime_preference = nan\n") ==
        "e.toml:2: routing.time_preference: found nan; allowed: a number from -1 to 1");
  CHECK(refusal_of("[workload]\nrate_per_s = inf\n") ==
        "e.toml:2: workload.rate_per_s: found inf; allowed: a number above 0 up to 1000000000");
  CHECK(refusal_of("name = 1979-05-27\n") == "e.toml:1: name: found a date or time; allowed: text");
  CHECK(refusal_of("name = \"a/b\"\n") ==
        "e.toml:1: name: found \"a/b\"; allowed: up to 100 letters, digits, '.', '_' and '-'");
  CHECK(refusal_of("[payment]\nscheme = [\"mpp\"]\n") ==
        "e.toml:2: payment.scheme: found a list; allowed: " + all_schemes());
}

TEST_CASE("settings: an unknown key or section is named with its line and the nearest name") {
  CHECK(refusal_of("\n[amp]\n\nderivatoin = \"lnd\"\n") ==
        "e.toml:4: amp.derivatoin: unknown key; allowed: derivation; did you mean "
        "\"amp.derivation\"?");
  CHECK(refusal_of("[workload]\namount = { mean_sta = 5 }\n") ==
        "e.toml:2: workload.amount.mean_sta: unknown key; allowed: distribution, mean_sat, sigma, "
        "shape, "
        "minimum_sat, maximum_sat, file; did you mean \"workload.amount.mean_sat\"?");
  CHECK(refusal_of("replicate = 3\n") == "e.toml:1: replicate: unknown key; allowed: " +
                                             all_sections() + "; did you mean \"replicates\"?");
  CHECK(refusal_of("[paymnet]\nscheme = \"amp\"\n") ==
        "e.toml:2: paymnet: unknown section; allowed: " + all_sections() +
            "; did you mean \"payment\"?");
  CHECK(refusal_of("[recieve]\n").find("e.toml:1: recieve: unknown section") == 0);
  CHECK(refusal_of("[workload]\namount = 5\n") ==
        "e.toml:2: workload.amount: found 5; allowed: a table with distribution, mean_sat, sigma, "
        "shape, "
        "minimum_sat, maximum_sat, file");
  CHECK(refusal_of("[chain]\ndepth = 6\n").find("e.toml:2: chain.depth: unknown key; allowed: ") ==
        0);
}

TEST_CASE("settings: broken TOML is named with its line, on one line") {
  CHECK(refusal_of("seed = 1\nname = \n").find("e.toml:2: not TOML: ") == 0);
  CHECK(refusal_of("[payment\n").find("e.toml:1: not TOML: ") == 0);
  CHECK(refusal_of("seed = 1\nseed = 2\n").find("e.toml:2: not TOML: ") == 0);
  CHECK(refusal_of("name = \"\xff\xfe\"\n").find("not TOML") != std::string::npos);
}

TEST_CASE("settings: a key without effect is an error, not a silence") {
  CHECK(refusal_of("[topology]\nfile = \"/dev/null\"\nnodes = 50\n") ==
        "e.toml:3: topology.nodes: has no effect with topology.file = \"/dev/null\"");
  CHECK(refusal_of("[topology]\ngenerator = \"grid\"\nmean_degree = 3\n") ==
        "e.toml:3: topology.mean_degree: has no effect with topology.generator = \"grid\"");
  CHECK(refusal_of("[workload]\namount = { distribution = \"constant\", sigma = 1.0 }\n") ==
        "e.toml:2: workload.amount.sigma: has no effect with workload.amount.distribution = "
        "\"constant\"");
  CHECK(refusal_of("[workload]\nfile = \"/dev/null\"\npayments = 5\n") ==
        "e.toml:3: workload.payments: has no effect with workload.file = \"/dev/null\"");
  CHECK(refusal_of("[channels]\nbalance = { distribution = \"half\", scale_sat = 5 }\n") ==
        "e.toml:2: channels.balance.scale_sat: has no effect with channels.balance.distribution "
        "= \"half\"");
  CHECK(refusal_of("[topology]\nformat = \"lnd\"\n") ==
        "e.toml:2: topology.format: has no effect with topology.generator = \"lightning\"");
}

TEST_CASE("settings: what only a flow reads has no effect with another splitter") {
  const std::string halving = "splitter = \"halving\"\n";
  const auto of = [&](const std::string& router, const std::string& line) {
    return refusal_of("[routing]\nalgorithm = \"" + router + "\"\n" + halving + line + "\n");
  };
  const std::string reason = ": has no effect with routing.splitter = \"halving\"";
  CHECK(of("eclair", "eclair.part_amount = \"full\"") ==
        "e.toml:4: routing.eclair.part_amount" + reason);
  CHECK(of("eclair", "eclair.max_parts = 3") == "e.toml:4: routing.eclair.max_parts" + reason);
  CHECK(of("eclair", "eclair.min_part_sat = 3") ==
        "e.toml:4: routing.eclair.min_part_sat" + reason);
  CHECK(of("ldk", "ldk.max_paths = 3") == "e.toml:4: routing.ldk.max_paths" + reason);
  CHECK(of("cln", "cln.units = 3") == "e.toml:4: routing.cln.units" + reason);
  CHECK(of("cln", "cln.single_path_sat = 3") == "e.toml:4: routing.cln.single_path_sat" + reason);
  CHECK(of("pickhardt_richter", "pickhardt.quantum_sat = 3") ==
        "e.toml:4: routing.pickhardt.quantum_sat" + reason);
  const Experiment with_flow =
      experiment_of("[routing]\nalgorithm = \"cln\"\ncln.units = 3\ncln.single_path_sat = 3\n");
  CHECK(with_flow.points[0].settings.routing.cln.units == 3);
}

TEST_CASE("settings: where nothing is divided, parts have no number, size or sight of others") {
  const std::string none = "[routing]\nsplitter = \"none\"\n";
  const std::string reason = ": has no effect with routing.splitter = \"none\"";
  CHECK(refusal_of(none + "[payment]\nmax_parts = 3\n") == "e.toml:4: payment.max_parts" + reason);
  CHECK(refusal_of(none + "[payment]\nmin_part_sat = 3\n") ==
        "e.toml:4: payment.min_part_sat" + reason);
  CHECK(refusal_of(none + "own_parts = \"seen\"\n") == "e.toml:3: routing.own_parts" + reason);
  // Of other payments there may be something in flight.
  CHECK(experiment_of(none + "algorithm = \"ldk\"\nown_parts = \"unseen\"\n").points.size() == 1);
  CHECK(refusal_of("[payment]\nscheme = \"single\"\nmax_parts = 3\n") ==
        "e.toml:3: payment.max_parts: has no effect with payment.scheme = \"single\"");
}

TEST_CASE("settings: who sees balances does not count parts in flight again") {
  const auto of = [](const std::string& lines) {
    return refusal_of("[routing]\nown_parts = \"seen\"\n" + lines);
  };
  CHECK(of("algorithm = \"max_flow\"\n") ==
        "e.toml:2: routing.own_parts: has no effect with routing.algorithm = \"max_flow\"");
  CHECK(of("algorithm = \"waterfilling\"\n") ==
        "e.toml:2: routing.own_parts: has no effect with routing.probes = true");
  CHECK(of("liquidity_view = \"balances\"\n") ==
        "e.toml:2: routing.own_parts: has no effect with routing.liquidity_view = \"balances\"");
  CHECK(refusal_of("[routing]\nalgorithm = \"waterfilling\"\nliquidity_view = \"bounds\"\n") ==
        "e.toml:3: routing.liquidity_view: has no effect with routing.probes = true");
}

TEST_CASE("settings: what auto stands for is told, where it is a reason and where it is kept") {
  CHECK(refusal_of("[payment]\nparts = 3\n") ==
        "e.toml:2: payment.parts: has no effect with routing.splitter = \"halving\", which is "
        "\"auto\" with routing.algorithm = \"lnd\"");
  const std::string one = experiment_of("").resolved;
  CHECK(one.find("\nsplitter = \"auto\"  # halving\n") != std::string::npos);
  CHECK(one.find("\nliquidity_view = \"auto\"  # apriori\n") != std::string::npos);
  const std::string several =
      experiment_of("[sweep]\n\"routing.algorithm\" = [\"lnd\", \"cln\", \"cheapest\"]\n").resolved;
  CHECK(several.find("\nsplitter = \"auto\"  # halving with lnd, cheapest; flow with cln\n") !=
        std::string::npos);
  CHECK(experiment_of("[routing]\nsplitter = \"equal\"\n")
            .resolved.find("\nsplitter = \"equal\"\n") != std::string::npos);
}

TEST_CASE("settings: a refusal of a view or a splitter says what is allowed") {
  CHECK(refusal_of("[routing]\nalgorithm = \"flash\"\nliquidity_view = \"apriori\"\n") ==
        "e.toml:3: routing.liquidity_view: found \"apriori\", not with routing.algorithm = "
        "\"flash\": it probes, and believes nothing; allowed: auto, none");
  CHECK(refusal_of("[routing]\nsplitter = \"flow\"\n") ==
        "e.toml:2: routing.splitter: found \"flow\", not with routing.algorithm = \"lnd\": lnd "
        "finds one route at a time and has no flow; allowed: auto, none, halving, equal, "
        "edge_avoiding, capacity_proportional, random");
}

TEST_CASE("settings: what the network has of its own is not set in silence") {
  const Experiment experiment = experiment_of(
      "[channels]\ncapacity = { distribution = \"constant\", mean_sat = 7 }\n"
      "fee_base_msat = 5\nfee_proportional_ppm = 1\nbalance = { distribution = \"half\" }\n");
  const std::string reason =
      "has no effect: the network of topology.generator = \"lightning\" has its own ";
  REQUIRE(experiment.warnings.size() == 2);
  CHECK(experiment.warnings[0] == "e.toml:2: channels.capacity: " + reason + "capacities");
  CHECK(experiment.warnings[1] == "e.toml:3: channels.fee_base_msat: " + reason + "policies");

  CHECK(experiment_of(experiment_of("").resolved).warnings.empty());
  CHECK(experiment_of("[topology]\ngenerator = \"ring\"\n[channels]\nfee_base_msat = 5\n")
            .warnings.empty());
  CHECK(experiment_of("[topology]\ngenerator = \"two_channels\"\n[channels]\n"
                      "balance = { distribution = \"half\" }\n")
            .warnings.size() == 1);
  CHECK(experiment_of(
            "[topology]\nfile = \"/dev/null\"\nformat = \"lnd\"\n[channels]\nfee_base_msat = 5\n")
            .warnings ==
        std::vector<std::string>{"e.toml:5: channels.fee_base_msat: has no effect: the network of "
                                 "topology.file = \"/dev/null\" has its own policies"});
  // CLoTH's files bring balances, too; a file that is of no format brings nothing yet.
  CHECK(experiment_of("[topology]\nfile = \"/dev/null\"\n[channels]\nfee_base_msat = 5\n")
            .warnings.empty());
  CHECK(experiment_of("[topology]\nfiles = [\"/dev/null\", \"/dev/zero\"]\n"
                      "format = \"cloth\"\n[channels]\n"
                      "balance = { distribution = \"half\" }\n")
            .warnings ==
        std::vector<std::string>{
            "e.toml:5: channels.balance: has no effect: the network of "
            "topology.files = [\"/dev/null\", \"/dev/zero\"] has its own balances"});
}

TEST_CASE("settings: what a distribution needs must be there") {
  CHECK(
      refusal_of("[network]\nlatency = { distribution = \"constant\" }\n") ==
      "e.toml:2: network.latency.mean_ms: missing; allowed: a number above 0 up to 1000000000000");
  CHECK(refusal_of("[workload]\n"
                   "amount = { distribution = \"uniform\", minimum_sat = 5, maximum_sat = 4 }\n") ==
        "e.toml:2: workload.amount.minimum_sat: found 5; allowed: at most maximum_sat, 4");
}

TEST_CASE("settings: a network has one source") {
  const std::string both = "[topology]\ngenerator = \"grid\"\nfile = \"/dev/null\"\n";
  CHECK(refusal_of(both) ==
        "e.toml:3: topology.file: found topology.file and topology.generator; allowed: exactly "
        "one of them");
  CHECK(refusal_of("[topology]\nfile = \"no-such-file\"\n").find("e.toml:2: topology.file: ") == 0);
  CHECK(refusal_of("[topology]\nfile = \"no-such-file\"\n").find("does not exist") !=
        std::string::npos);
}

TEST_CASE("settings: a network in several files is a list, by commas on the command line") {
  const TemporaryFolder folder;
  const std::string one = folder.write("one", "").string();
  const std::string two = folder.write("two,too", "").string();
  const std::string text = "[topology]\nfiles = [\"one\", \"./two,too\"]\n";
  const auto file = folder.write("e.toml", text);
  Experiment experiment = load_experiment(file.string(), {});
  const std::vector<std::string> both{one, two};
  CHECK(experiment.points[0].settings.topology.files == both);
  CHECK(experiment.points[0].settings.topology.generator.empty());
  CHECK(experiment.input_files == both);
  CHECK(experiment.resolved.find("generator") == std::string::npos);
  CHECK(experiment_of(experiment.resolved).resolved == experiment.resolved);

  const std::vector<std::string> devices{"/dev/null", "/dev/zero"};
  const std::string drawn = "[topology]\ngenerator = \"grid\"\nwidth = 5\n";
  for (const std::string value : {"/dev/null,/dev/zero", "[\"/dev/null\", \"/dev/zero\"]"}) {
    experiment = experiment_of(drawn, {"topology.files=" + value});
    CHECK(experiment.points[0].settings.topology.files == devices);
    experiment = experiment_of("[topology]\nfile = \"/dev/null\"\n", {"topology.files=" + value});
    CHECK(experiment.points[0].settings.topology.file.empty());
  }
  experiment = experiment_of(
      "[case.a]\ntopology.files = [\"/dev/null\", \"/dev/zero\"]\n"
      "[case.b]\ntopology.file = \"/dev/null\"\n[case.c]\n");
  REQUIRE(experiment.points.size() == 3);
  CHECK(experiment.points[0].settings.topology.files == devices);
  CHECK(experiment.points[1].settings.topology.files.empty());
  CHECK(experiment.points[2].settings.topology.generator == "lightning");
  CHECK(experiment_of(experiment.resolved).resolved == experiment.resolved);

  CHECK(refusal_of("[topology]\nfiles = \"/dev/null\"\n") ==
        "e.toml:2: topology.files: found \"/dev/null\"; allowed: a list of paths of files");
  CHECK(refusal_of("[topology]\nfiles = []\n") ==
        "e.toml:2: topology.files: found an empty list; allowed: a list of paths of files");
  CHECK(refusal_of("[topology]\nfiles = [\n\"/dev/null\",\n3]\n") ==
        "e.toml:4: topology.files: found 3; allowed: a list of paths of files");
  CHECK(refusal_of("[topology]\nfiles = [\"/dev/null\",\n\"/dev/../dev/null\"]\n") ==
        "e.toml:3: topology.files: found \"/dev/../dev/null\" twice; allowed: once");
  CHECK(refusal_of("", {"topology.files=/dev/null,"}) ==
        "--set: topology.files: found \"\"; allowed: a list of paths of files");
  CHECK(refusal_of("", {"topology.files=/dev/null,/no/such"}) ==
        "--set: topology.files: found \"/no/such\"; /no/such does not exist");
  CHECK(refusal_of("[sweep]\n\"topology.files\" = [\"/dev/null\"]\n") ==
        "e.toml:2: sweep.topology.files: cannot be swept; every [case.NAME] can have its own");
  CHECK(refusal_of("[topology]\nfiles = [\"/dev/null\"]\nfile = \"/dev/null\"\n") ==
        "e.toml:3: topology.file: found topology.file and topology.files; allowed: exactly one of "
        "them");
  CHECK(refusal_of("[topology]\nfiles = [\"/dev/null\"]\nnodes = 50\n") ==
        "e.toml:3: topology.nodes: has no effect with topology.files = [\"/dev/null\"]");
}

TEST_CASE("settings: --set replaces what the file says, and what depends on it") {
  const std::string drawn =
      "[topology]\ngenerator = \"grid\"\nwidth = 5\n"
      "[workload]\npayments = 5\namount = { distribution = \"constant\", mean_sat = 3 }\n";
  Experiment experiment = experiment_of(drawn, {"topology.file=/dev/null"});
  CHECK(experiment.points[0].settings.topology.file == "/dev/null");
  CHECK(experiment.points[0].settings.topology.generator.empty());
  CHECK(experiment.resolved.find("width") == std::string::npos);
  CHECK(experiment.input_files == std::vector<std::string>{"/dev/null"});

  experiment = experiment_of(drawn, {"workload.file=/dev/null"});
  CHECK(experiment.resolved.find("mean_sat = 3") == std::string::npos);

  experiment = experiment_of("[topology]\nfile = \"/dev/null\"\nformat = \"lnd\"\n",
                             {"topology.generator=grid"});
  CHECK(experiment.points[0].settings.topology.file.empty());

  experiment = experiment_of(drawn, {"workload.amount.distribution=exponential", "seed=9"});
  CHECK(experiment.points[0].settings.workload.amount.mean == 3);
  CHECK(experiment.seed == 9);

  experiment = experiment_of(drawn, {"workload.amount={distribution=\"constant\", mean_sat=8}"});
  CHECK(experiment.points[0].settings.workload.amount.mean == 8);
}

TEST_CASE("settings: --set reads text without quotes, and its errors name it") {
  CHECK(experiment_of("", {"name=2026"}).name == "2026");
  CHECK(experiment_of("", {"payment.scheme=mpp"}).points[0].settings.payment.scheme == "mpp");
  CHECK(experiment_of("", {"payment.scheme=\"mpp\""}).points[0].settings.payment.scheme == "mpp");
  CHECK(refusal_of("", {"payment.scheme=mpq"}) ==
        "--set: payment.scheme: found \"mpq\"; allowed: " + all_schemes() +
            "; did you mean \"mpp\"?");
  CHECK(refusal_of("", {"replicates=many"}) ==
        "--set: replicates: found \"many\"; allowed: an integer from 1 to 1000000");
  CHECK(refusal_of("", {"payment.schem=mpp"}).find("did you mean \"payment.scheme\"?") !=
        std::string::npos);
  CHECK(refusal_of("", {"payment.scheme"}) ==
        "--set: found \"payment.scheme\"; allowed: KEY=VALUE");
  CHECK(refusal_of("", {"seed=1\nname=2"}).find('\n') == std::string::npos);
}

TEST_CASE("settings: paths start at the experiment file") {
  const TemporaryFolder folder;
  folder.write("network.json", "{}");
  const auto file = folder.write("e.toml", "[topology]\nfile = \"network.json\"\n");
  const Experiment experiment = load_experiment(file.string(), {});
  CHECK(experiment.points[0].settings.topology.file == (folder.path() / "network.json").string());
  CHECK(experiment.name == "e");
}

TEST_CASE("settings: a file that is not there or is a folder is refused") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH_AS(load_experiment("/no/such.toml", {}), "/no/such.toml: does not exist",
                       InputError);
  CHECK_THROWS_AS(load_experiment(folder.path().string(), {}), InputError);
}

TEST_CASE("settings: whatever is done to a valid file, the answer is an experiment or one line") {
  Rng random(20260203, "mutations");
  const auto below = [&random](std::size_t bound) { return random.below(bound); };
  const std::string pieces[] = {"[",         "]",           "=",    "\"",    "{",   "}",
                                "\n",        ".",           "-1",   "1e999", "nan", "sweep",
                                "[sweep]\n", "\"\\u0000\"", "\x01", "\xff",  "[[",  "1.5"};
  int accepted = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string text = kExample;
    for (std::size_t n = below(4) + 1; n > 0; --n) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0:
          text.erase(at, below(12) + 1);
          break;
        case 1:
          text.insert(at, pieces[below(std::size(pieces))]);
          break;
        case 2:
          text[at] = static_cast<char>(below(256));
          break;
        default:
          text.insert(at, text.substr(below(text.size()), below(40)));
          break;
      }
    }
    CAPTURE(i);
    CAPTURE(text);
    const std::string message = refusal_of(text);
    accepted += message.empty() ? 1 : 0;
    REQUIRE(message.find('\n') == std::string::npos);
    REQUIRE(message.size() < 2000);
  }
  CHECK(accepted > 0);
  CHECK(accepted < 2000);
}
