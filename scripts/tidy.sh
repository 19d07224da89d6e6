#!/usr/bin/env bash
# clang-tidy over one source file, by the commands of build/release: scripts/tidy.sh FILE
# What it finds clean stays clean until the checks change or what the compiler reads, comments
# included: that is remembered under the hash of both, also for other clones. Only success is.
set -euo pipefail
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
file=$(realpath -- "$1")
database=$root/build/release/compile_commands.json
clean=${XDG_CACHE_HOME:-${HOME:-$root/build}/.cache}/ampsim/tidy

# Read as the shell reads it: a path with a blank is quoted there.
command=$(jq -r --arg file "$file" 'first(.[] | select(.file == $file)).command' "$database")
[[ $command != null ]] || { echo "$file: not built in build/release" >&2; exit 1; }
seen=$(eval "${command% -o *} -E -C '$file'" | sed "s|$root||g" | sha256sum)
checks=$(clang-tidy-14 --version | cat - "$root/.clang-tidy" | sha256sum)
stamp=$clean/$(sha256sum <<<"$seen $checks" | cut -d ' ' -f 1)
[[ ! -e $stamp ]] || exit 0

# Over the commands of GCC, whose options Clang does not all know.
clang-tidy-14 --quiet -p "$root/build/release" --extra-arg=-Wno-unknown-warning-option "$file" 2>&1 |
  { grep -Ev '^[0-9]+ warnings? generated\.$' || true; }
mkdir -p "$clean" && touch "$stamp"
