#!/usr/bin/python3
"""Draws docs/images/routers.svg and prints the table of docs/routers.md: what each router and each
splitter makes of the same payments at five amounts, with 95 % intervals.

    ampsim run experiments/routers.toml --set topology.file=describegraph.json.gz
    /usr/bin/python3 docs/images/routers.py results/routers docs/images/routers.svg

Needs python3-matplotlib and python3-pandas.
"""
import sys

import matplotlib

matplotlib.use("Agg")
import pandas  # noqa: E402  (after the choice of the backend)
from matplotlib import pyplot, ticker  # noqa: E402

AMOUNT = "workload.amount.mean_sat"
# Okabe and Ito's colours, told apart with any colour vision; marks and lines differ, too.
COLOURS = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#000000"]
MARKS = ["o", "s", "^", "D", "v", "x", "P"]
PANELS = [
    ("wallets' routers", ["lnd", "cln", "ldk", "eclair", "pickhardt_richter", "max_flow"]),
    ("baselines, papers", ["shortest", "cheapest", "widest", "waterfilling", "flash",
                           "speedymurmurs", "silentwhispers"]),
    ("lnd's router, splitters", ["lnd-none", "lnd", "lnd-equal", "lnd-edge_avoiding",
                                 "lnd-capacity_proportional", "lnd-random"]),
]


def label_of(case, panel):
    if not panel.startswith("lnd's"):
        return case
    return "halving" if case == "lnd" else case.removeprefix("lnd-")


def draw(summary, file):
    matplotlib.rcParams.update({"svg.hashsalt": "ampsim", "font.size": 9})
    figure, panels = pyplot.subplots(1, len(PANELS), figsize=(11, 4.2), sharey=True)
    for axes, (title, cases) in zip(panels, PANELS):
        for i, case in enumerate(cases):
            rows = summary[summary["case"] == case]
            is_oracle = case == "max_flow"
            axes.errorbar(rows[AMOUNT], 100 * rows["success_rate_mean"],
                          yerr=100 * rows["success_rate_ci95"], label=label_of(case, title),
                          color="#999999" if is_oracle else COLOURS[i],
                          linestyle=":" if is_oracle else ["-", "--", "-."][i % 3],
                          marker=MARKS[i], capsize=2, elinewidth=0.8, linewidth=1.3, markersize=5)
        axes.set(title=title, xscale="log", xlabel="amount (sat)", ylim=(0, 100))
        axes.yaxis.set_major_formatter(ticker.PercentFormatter(decimals=0))
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="lower left", fontsize=8)
    panels[0].set_ylabel("payments that arrive")
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})


def table(summary):
    amounts = sorted(summary[AMOUNT].unique())
    heads = [f"{amount:,.0f}" for amount in amounts]
    print("| router, splitter | success, % at " + " | ".join(heads)
          + " sat | efficiency | latency p50, s | fee, ppm | attempts |")
    print("|---" * (len(amounts) + 5) + "|")
    for case in summary["case"].unique():
        rows = summary[summary["case"] == case].set_index(AMOUNT)
        cells = [f"{100 * rows.success_rate_mean[a]:.1f} ± {100 * rows.success_rate_ci95[a]:.1f}"
                 for a in amounts]
        middle = rows.loc[amounts[len(amounts) // 2]]
        cells.append(f"{middle['efficiency_mean']:.3f}")
        cells.append(f"{middle['latency_p50_ms_mean'] / 1000:.2f}")
        cells.append(f"{middle['fee_ppm_mean_mean']:,.0f}")
        cells.append(f"{middle['attempts_mean_mean']:.1f}")
        print(f"| `{case}` | " + " | ".join(cells) + " |")


def main():
    summary = pandas.read_csv(sys.argv[1] + "/summary.csv")
    if len(sys.argv) > 2:
        draw(summary, sys.argv[2])
    table(summary)


main()
