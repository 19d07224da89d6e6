#!/usr/bin/python3
"""Draws docs/images/pending-events.svg and docs/images/growth.svg from the rows of the benchmarks.

    bench/run
    /usr/bin/python3 docs/images/benchmarks.py build/bench/results.csv docs/images

Needs python3-matplotlib and python3-pandas.
"""
import sys

import matplotlib

matplotlib.use("Agg")
import pandas  # noqa: E402  (after the choice of the backend)
from matplotlib import pyplot  # noqa: E402

# Okabe and Ito's colours, told apart with any colour vision; marks and lines differ, too.
RIVALS = {
    "std::priority_queue": {"color": "#e69f00", "marker": "x", "linestyle": "--"},
    "boost d_ary_heap<4>": {"color": "#009e73", "marker": "s", "linestyle": "-."},
    "boost pairing_heap": {"color": "#009e73", "marker": "d", "linestyle": ":"},
    "ns-3 PriorityQueueScheduler": {"color": "#d55e00", "marker": "^", "linestyle": "--"},
    "ns-3 MapScheduler": {"color": "#cc79a7", "marker": "v", "linestyle": "-."},
    "ns-3 CalendarScheduler": {"color": "#000000", "marker": "+", "linestyle": ":"},
}
OURS = {"color": "#0072b2", "marker": "o", "linestyle": "-", "linewidth": 3, "markersize": 7}
COSTS = {
    "search mean": ("#0072b2", "o", "search, mean"),
    "search median": ("#56b4e9", "s", "search, median"),
    "payment": ("#d55e00", "^", "payment in a run"),
}


def finish(figure, axes, file):
    axes.set(xscale="log", yscale="log")
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})


def pending_events(rows, file):
    rows = rows[rows["benchmark"] == "pending events"].copy()
    rows["pending"] = rows["parameters"].str.split().str[0].astype(int)
    figure, axes = pyplot.subplots(figsize=(6.5, 4))
    ours = rows.groupby("pending")["ours"].first()
    axes.plot(ours.index, ours, label="radix heap (ours)", **OURS)
    for name, style in RIVALS.items():
        rival = rows[rows["other_name"] == name]
        axes.plot(rival["pending"], rival["other"], label=name,
                  **{"linewidth": 1.4, "markersize": 5, **style})
    axes.set(xlabel="pending events", ylabel="ns to take one and put one back")
    finish(figure, axes, file)


def growth(rows, file):
    rows = rows[rows["parameters"].str.contains(" nodes ") & rows["benchmark"].isin(COSTS)].copy()
    rows["nodes"] = rows["parameters"].str.split().str[0].astype(int)
    figure, axes = pyplot.subplots(figsize=(6.5, 4))
    for benchmark, (color, marker, label) in COSTS.items():
        line = rows[rows["benchmark"] == benchmark]
        axes.plot(line["nodes"], line["ours"], color=color, marker=marker, label=label)
    axes.set(xlabel="nodes", ylabel="CPU time, us")
    finish(figure, axes, file)


def main():
    rows = pandas.read_csv(sys.argv[1])
    matplotlib.rcParams.update({"svg.hashsalt": "ampsim", "font.size": 10})
    pending_events(rows, sys.argv[2] + "/pending-events.svg")
    growth(rows, sys.argv[2] + "/growth.svg")


main()
