#!/usr/bin/env bash
# Draws docs/images/report.png: the first screen of the page that the first experiment leaves.
#
#     ./run
#     docs/images/report.sh results/quick-start/report.html docs/images/report.png
#
# Needs chromium and netpbm.
set -euo pipefail
page=$(realpath -- "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1120,1350 \
  --virtual-time-budget=5000 --user-data-dir="$scratch/profile" --screenshot="$scratch/shot.png" \
  "file://$page" 2>"$scratch/log"
# As many colours as one byte holds: a third of the size.
pngtopam "$scratch/shot.png" | pnmquant 256 2>/dev/null | pnmtopng -compression 9 >"$2" 2>/dev/null
