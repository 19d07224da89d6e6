"""The table of docs/faults.md from the results folder of experiments/faults.toml.

    python3 docs/images/fault_table.py results/faults

Means of the replicates with 95 % intervals; a set is kept whole where no replicate has a partial
payment. Python 3 alone.
"""

import csv
import sys
from pathlib import Path


def number(row, name, scale, digits):
    """`mean ± half width`, scaled; "" where there is nothing to say."""
    if not row.get(name + "_mean"):
        return ""
    mean = float(row[name + "_mean"]) * scale
    half = row[name + "_ci95"]
    width = f" ± {float(half) * scale:.{digits}f}" if half else ""
    return f"{mean:.{digits}f}{width}"


def main(folder):
    with open(Path(folder) / "summary.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    print("| case | scheme | kept atomic | partial payments | success, % | p50, s | p99, s |"
          " locked, 10^12 msat s | pairs linked by hash | pairs seen |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    last = None
    for row in rows:
        case = row["case"] if row["case"] != last else ""
        last = row["case"]
        is_whole = float(row["partial_payments_mean"]) == 0
        print("| " + " | ".join([
            f"`{case}`" if case else "",
            f"`{row['payment.scheme']}`",
            "yes" if is_whole else "**no**",
            "0" if is_whole else number(row, "partial_payments", 1, 1),
            number(row, "honest_success_rate", 100, 1),
            number(row, "latency_p50_ms", 1e-3, 2),
            number(row, "latency_p99_ms", 1e-3, 0),
            number(row, "locked_msat_s", 1e-12, 1),
            number(row, "pairs_linked_by_hash", 1, 0),
            number(row, "pairs_observed", 1, 0),
        ]) + " |")


if __name__ == "__main__":
    main(sys.argv[1])
