#!/usr/bin/python3
"""Draws docs/images/lightning-degrees.svg: how many channels nodes have and how large channels are,
in the public network and in generated ones, as the share of those that have at least so much.

    /usr/bin/python3 docs/images/lightning_degrees.py OUT.svg REAL GENERATED...

The files are what `lncli describegraph` or `ampsim topology generate --to lnd` writes, plain or gzip.
Needs python3-matplotlib.
"""
import collections
import gzip
import json
import sys

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402  (after the choice of the backend)


def read(name):
    with (gzip.open if name.endswith(".gz") else open)(name) as file:
        edges = json.load(file)["edges"]
    degree = collections.Counter(e[end] for e in edges for end in ("node1_pub", "node2_pub"))
    return sorted(degree.values()), sorted(int(e["capacity"]) for e in edges)


def draw(axes, values, label, **style):
    count = len(values)
    steps = [(value, 1 - i / count) for i, value in enumerate(values)
             if i == 0 or value != values[i - 1]]
    axes.step(*zip(*steps), where="pre", label=label, **style)


def main():
    out, real, *generated = sys.argv[1:]
    matplotlib.rcParams.update({"svg.hashsalt": "ampsim", "font.size": 9})
    figure, (degrees, capacities) = pyplot.subplots(1, 2, figsize=(8, 3.4))
    for i, name in enumerate(generated):
        degree, capacity = read(name)
        label = f"generated ({len(generated)} seeds)" if i == 0 else None
        draw(degrees, degree, label, color="#e08214", linewidth=1)
        draw(capacities, capacity, label, color="#e08214", linewidth=1)
    degree, capacity = read(real)
    style = {"color": "black", "linewidth": 1.2, "linestyle": "--"}
    draw(degrees, degree, "2026-02-03", **style)
    draw(capacities, capacity, "2026-02-03", **style)
    degrees.set(xlabel="channels", ylabel="share of nodes with at least as many")
    capacities.set(xlabel="capacity (sat)", ylabel="share of channels with at least as much")
    for axes in (degrees, capacities):
        axes.set(xscale="log", yscale="log")
        axes.legend(frameon=False, loc="lower left")
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(out, metadata={"Date": None})


main()
