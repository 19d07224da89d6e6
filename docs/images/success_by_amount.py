#!/usr/bin/python3
"""Draws docs/images/success-by-amount.svg: which share of the payments arrives, and which share
ends half paid, the larger they are, with 95 % intervals.

    ampsim run experiments/amounts.toml
    /usr/bin/python3 docs/images/success_by_amount.py results/amounts/summary.csv \
        docs/images/success-by-amount.svg

Needs python3-matplotlib and python3-pandas.
"""
import sys

import matplotlib

matplotlib.use("Agg")
import pandas  # noqa: E402  (after the choice of the backend)
from matplotlib import pyplot, ticker  # noqa: E402

# Okabe and Ito's colours, told apart with any colour vision; marks and lines differ, too.
STYLES = {
    "amp": {"color": "#0072b2", "marker": "o", "linestyle": "-", "linewidth": 3, "markersize": 7},
    "mpp": {"color": "#e69f00", "marker": "x", "linestyle": "--"},
    "invoices": {"color": "#d55e00", "marker": "s", "linestyle": "-."},
    "single": {"color": "#000000", "marker": "^", "linestyle": ":"},
}


def main():
    summary = pandas.read_csv(sys.argv[1])
    summary["partial_percent"] = 100 * summary["partial_payments_mean"] / summary["payments_mean"]
    summary["partial_ci"] = 100 * summary["partial_payments_ci95"] / summary["payments_mean"]
    summary["success_percent"] = 100 * summary["success_rate_mean"]
    summary["success_ci"] = 100 * summary["success_rate_ci95"]

    matplotlib.rcParams.update({"svg.hashsalt": "ampsim", "font.size": 10})
    figure, (success, partial) = pyplot.subplots(1, 2, figsize=(9, 3.6))
    for scheme, style in STYLES.items():
        rows = summary[summary["payment.scheme"] == scheme]
        for axes, name in ((success, "success"), (partial, "partial")):
            axes.errorbar(rows["workload.amount.mean_sat"], rows[name + "_percent"],
                          yerr=rows[name + "_ci"], label=scheme, capsize=3, elinewidth=1,
                          **{"linewidth": 1.4, "markersize": 5, **style})
    success.set(title="payments that arrive", ylim=(0, 100))
    partial.set(title="payments that end half paid", ylim=(-0.25, None))
    for axes in (success, partial):
        axes.set(xscale="log", xlabel="amount (sat)")
        axes.yaxis.set_major_formatter(ticker.PercentFormatter(decimals=0))
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
    success.legend(frameon=False, loc="lower left")
    figure.tight_layout()
    figure.savefig(sys.argv[2], metadata={"Date": None})


main()
