#!/usr/bin/python3
"""Prints lightning_tables.hpp: what the generator `lightning` knows of the public network.

    /usr/bin/python3 topologies/generators/lightning_tables.py describegraph.json.gz |
        clang-format > topologies/generators/lightning_tables.hpp

Reads what `lncli describegraph` prints. Needs Python's standard library alone.
"""
import collections
import gzip
import json
import sys

CLASS_STARTS = [1, 2, 3, 5, 9, 17, 33, 65, 129, 257, 513]  # of numbers of neighbours
FEW = 5  # channels of a node that is mostly somebody's wallet
SHARES = [0, .01, .02, .05, .1, .15, .2, .25, .3, .35, .4, .45, .5, .55, .6, .65, .7, .75, .8, .85,
          .9, .925, .95, .97, .98, .99, .995, .999, 1]


def print_points(name, comment, points):
    print(f"/// {comment}\ninline constexpr Quantile {name}[] = {{")
    print(", ".join(f"{{{share:.4f}, {value:g}}}" if value < 1e5 else f"{{{share:.4f}, {value:.0f}}}"
                    for share, value in points) + "};\n")


def quantiles(values, least_mass=0.006, shares=SHARES):
    """Points of the quantile function; a value that is common keeps its whole step."""
    values = sorted(values)
    n = len(values)
    below = 0
    steps = []
    for value, count in sorted(collections.Counter(values).items()):
        if count >= least_mass * n:
            steps.append((below / n, (below + count) / n, value))
        below += count
    points = [(share, values[min(n - 1, int(share * n))]) for share in shares
              if not any(low <= share <= high for low, high, _ in steps)]
    for low, high, value in steps:
        points += [(low, value), (high, value)]
    return sorted(points)


def whole_quantiles(values, listed):
    """Of whole numbers, to be rounded down: k lies between the shares of k and of k + 1."""
    values = sorted(values)
    n = len(values)
    points = []
    for k in listed:
        points.append((sum(v < k for v in values) / n, k))
    return points + [(1, values[-1] + 1)]


def degree_class(k):
    return max(i for i, start in enumerate(CLASS_STARTS) if k >= start)


def print_mixing(pairs, neighbours):
    size = len(CLASS_STARTS)
    mixing = [[0] * size for _ in range(size)]
    for a, b in pairs:
        x, y = degree_class(neighbours[a]), degree_class(neighbours[b])
        mixing[x][y] += 1
        mixing[y][x] += 1
    print(f"inline constexpr std::size_t kDegreeClasses = {size};")
    print("/// The fewest neighbours of a node of each class.")
    print(f"inline constexpr std::array<std::uint32_t, kDegreeClasses> kClassStarts{{"
          f"{', '.join(map(str, CLASS_STARTS))}}};")
    print("/// Ends of pairs of neighbours by the class of the end (row) and of its partner.")
    print("inline constexpr std::array<std::array<double, kDegreeClasses>, kDegreeClasses> kMixing{{")
    print(",\n".join("{" + ", ".join(map(str, row)) + "}" for row in mixing) + "}};\n")


def print_silence(channels, degree):
    order = sorted(range(len(channels)), key=lambda i: channels[i]["capacity"])
    deciles = {i: 10 * rank // len(order) for rank, i in enumerate(order)}
    starts = [1, 2, 3, 6, 21, 101]
    count = collections.Counter()
    silent = collections.Counter()
    one = collections.Counter()
    for i, channel in enumerate(channels):
        fewest = min(degree[channel["ends"][0]], degree[channel["ends"][1]])
        row = max(r for r, start in enumerate(starts) if fewest >= start)
        off = sum(policy["disabled"] for policy in channel["policies"])
        count[row, deciles[i]] += 1
        silent[row, deciles[i]] += off == 2
        if off < 2:
            one[row, "open"] += 1
            one[row, "one"] += off == 1
    print(f"inline constexpr std::array<std::uint32_t, {len(starts)}> kSilenceStarts{{"
          f"{', '.join(map(str, starts))}}};")
    print("/// Share of channels with both directions disabled, by the fewer channels of the two ends"
          "\n/// (rows, from kSilenceStarts) and by the tenth that the capacity belongs to.")
    print(f"inline constexpr std::array<std::array<double, 10>, {len(starts)}> kBothDisabled{{{{")
    print(",\n".join("{" + ", ".join(
        f"{silent[r, d] / max(1, count[r, d]):.3f}" for d in range(10)) + "}"
        for r in range(len(starts))) + "}};")
    print("/// Share of the others with one direction disabled.")
    print(f"inline constexpr std::array<double, {len(starts)}> kOneDisabled{{" + ", ".join(
        f"{one[r, 'one'] / one[r, 'open']:.3f}" for r in range(len(starts))) + "};\n")


def print_habits(announced):
    triple = lambda p: (p["delta"], p["base"], p["minimum"])
    rest = []
    for name, comment, group in (
            ("kHabitsOfFew", f"of nodes with up to {FEW} channels",
             [p for p in announced if p["degree"] <= FEW]),
            ("kHabitsOfMany", "of the others", [p for p in announced if p["degree"] > FEW])):
        common = [(t, c) for t, c in collections.Counter(map(triple, group)).most_common()
                  if c >= 0.005 * len(group)]
        known = {t for t, _ in common}
        rest += [p for p in group if triple(p) not in known]
        print(f"/// Announced policies {comment}: share, cltv_expiry_delta, fee_base, htlc_minimum.")
        print(f"inline constexpr Habit {name}[] = {{")
        print(", ".join(f"{{{c / len(group):.4f}, {t[0]}, {t[1]}, {t[2]}}}" for t, c in common) +
              "};\n")
    few = [0, .1, .25, .5, .75, .9, .95, .99, 1]
    for name, key in (("kOtherDelta", "delta"), ("kOtherBase", "base"), ("kOtherMinimum", "minimum")):
        cut = sorted(p[key] for p in rest)
        cut = cut[:int(0.999 * len(cut))]  # without the slips of the pen
        print_points(name, f"{key} of the habits that are rare.", quantiles(cut, 0.04, few))


def main():
    opener = gzip.open if sys.argv[1].endswith(".gz") else open
    with opener(sys.argv[1]) as file:
        graph = json.load(file)
    channels = []
    for edge in graph["edges"]:
        policies = [{"disabled": p is None or p["disabled"], **({} if p is None else {
            "delta": p["time_lock_delta"], "base": int(p["fee_base_msat"]),
            "ppm": int(p["fee_rate_milli_msat"]), "minimum": int(p["min_htlc"]),
            "part": int(p["max_htlc_msat"]) / (1000 * int(edge["capacity"]))})}
                    for p in (edge["node1_policy"], edge["node2_policy"])]
        channels.append({"ends": (edge["node1_pub"], edge["node2_pub"]),
                         "capacity": int(edge["capacity"]), "policies": policies})
    degree = collections.Counter(end for c in channels for end in c["ends"])
    pairs = collections.Counter(tuple(sorted(c["ends"])) for c in channels)
    neighbours = collections.Counter(end for pair in pairs for end in pair)
    announced = [{**p, "degree": degree[end]} for c in channels
                 for end, p in zip(c["ends"], c["policies"]) if not p["disabled"]]
    print("#pragma once\n\n#include <array>\n#include <cstddef>\n#include <cstdint>\n\n"
          "#include \"topologies/generators/quantile.hpp\"\n\n"
          "/// Distributions of the public Lightning Network of 2026-02-03 (17,324 nodes, 50,808 "
          "channels),\n/// printed by lightning_tables.py. The network itself is not here.\n///\n"
          "/// Tested by tests/lightning_test.cpp.\n"
          "namespace ampsim::topo {\n\n"
          "/// What a node asks of all its channels.\n"
          "struct Habit {\n double share;\n std::int32_t delta_blocks;\n std::int64_t base_msat;\n"
          " std::int64_t minimum_msat;\n};\n")
    print_points("kNeighbours", "Neighbours of a node.", whole_quantiles(
        neighbours.values(),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 18, 24, 32, 48, 64, 96, 128, 200, 300, 450, 600,
         1000]))
    digits = collections.Counter()
    several = collections.Counter()
    for (a, b), count in pairs.items():
        digit = len(str(neighbours[a] * neighbours[b]))
        digits[digit] += 1
        several[digit] += count > 1
    print("/// Share of pairs of neighbours with more than one channel, by the decimal digits of the "
          "\n/// product of their numbers of neighbours; 6 stands for more too.")
    print("inline constexpr std::array<double, 6> kParallel{" + ", ".join(
        f"{sum(several[d] for d in group) / sum(digits[d] for d in group):.4f}"
        for group in ([1], [2], [3], [4], [5], [6, 7])) + "};")
    parallel = [count for count in pairs.values() if count > 1]
    print_points("kParallelChannels", "How many channels those have.",
                 whole_quantiles(parallel, [2, 3, 4, 5, 6, 8, 12, 20]))
    print_mixing(pairs, neighbours)
    print_points("kCapacitySat", "Capacity in sat.", quantiles(
        (c["capacity"] for c in channels), 0.003))
    print_silence(channels, degree)
    print_habits(announced)
    print_points("kPpmWithoutBase", "fee_proportional where fee_base is 0.",
                 quantiles((p["ppm"] for p in announced if p["base"] == 0), 0.01))
    print_points("kPpmWithBase", "fee_proportional where it is not.",
                 quantiles((p["ppm"] for p in announced if p["base"] > 0), 0.01))
    print_points("kMaximumPart", "htlc_maximum as a part of the capacity.", quantiles(
        [round(p["part"], 4) for p in announced], 0.01, [0, .01, .02, .05, .1, .15, .2]))
    print("}  // namespace ampsim::topo")


main()
