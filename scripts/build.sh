# shellcheck shell=bash
# Sourced by ./run, ./test and .ci/run, which set $root, the folder of the repository:
#   install_packages GROUP...   installs what is missing of the groups of packages.txt
#   build TARGET [OPTION...]    configures the release preset if it has to be, and builds
# Both are silent, and take a moment, when there is nothing to do; what they say goes to stderr.

jobs=$(nproc)
((jobs <= 2)) || jobs=2

# A clone at another place finds what this one has compiled.
export CCACHE_BASEDIR="${CCACHE_BASEDIR:-$root}" CCACHE_NOHASHDIR=1
if [[ ! -w ${HOME:-/nonexistent} ]]; then
  export CCACHE_DIR="${CCACHE_DIR:-$root/build/ccache}"
fi

say() { printf '%s\n' "$*" >&2; }
give_up() {
  say "$@"
  exit 1
}

packages_of() {
  local group=$1
  sed -n "s/^$group  *//p" "$root/scripts/packages.txt"
}

# Names those of the packages given that are not installed, one a line.
missing_of() {
  comm -23 <(printf '%s\n' "$@" | sort) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
      sed -n 's/^installed //p' | sort)
}

install_packages() {
  local group wanted=() missing=() as_root=() log="$root/build/packages.log"
  for group in "$@"; do
    mapfile -t -O "${#wanted[@]}" wanted < <(packages_of "$group")
  done
  if ! command -v dpkg-query apt-get >/dev/null; then
    [[ -e $root/build/release/build.ninja ]] ||
      say "This is not a Debian: building with what is here. It takes: ${wanted[*]}"
    return
  fi
  mapfile -t missing < <(missing_of "${wanted[@]}")
  ((${#missing[@]} > 0)) || return 0

  refuse_to_swap_boost "${missing[@]}"
  if ((EUID != 0)); then
    command -v sudo >/dev/null || give_up "${#missing[@]} packages are missing, and installing" \
      "them takes root. As root: apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo)
  fi
  say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  mkdir -p "$root/build"
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get
    -o DPkg::Lock::Timeout=600 -q -y)
  # Lists that cannot be renewed may still do.
  "${apt[@]}" update >"$log" </dev/null || true
  if ! "${apt[@]}" install --no-install-recommends --no-remove "${missing[@]}" >>"$log" 2>&1 \
    </dev/null; then
    tail -n 15 "$log" >&2
    give_up "apt-get could not install them (its full output: build/packages.log)." \
      "They are packages of Debian 12; this is $(. /etc/os-release && echo "$PRETTY_NAME")."
  fi
}

# The versions of Boost's headers exclude each other. Swapping them could take away what other
# work on this machine is built with: a decision for its owner.
refuse_to_swap_boost() {
  [[ " $* " == *" libboost1.81-dev "* ]] || return 0
  local other
  other=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 'libboost1.*-dev' 2>/dev/null |
    sed -n 's/^installed \(libboost1\.[0-9]*-dev\)$/\1/p') || true  # none matches
  [[ -z $other ]] || give_up "libboost1.81-dev is needed, but $other is installed, and the two" \
    "exclude each other. If nothing else here needs it, exchange them and call this again:" \
    "apt-get install --no-install-recommends libboost1.81-dev $other-"
}

# Build folders are made for one place; a copied one starts afresh.
is_configured() {
  local cache="$root/build/release/CMakeCache.txt" option
  [[ -e $root/build/release/build.ninja ]] || return 1
  grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache" || return 1
  for option in "$@"; do
    grep -qxF "${option#-D}" "$cache" || return 1
  done
}

build() {
  local target=$1 fresh=()
  shift
  mkdir -p "$root/build"
  # Two calls at once (the tasks of a cluster) build once.
  exec 9>"$root/build/lock"
  flock 9
  if ! is_configured "$@"; then
    local log="$root/build/configure.log" defaults=()
    is_configured || fresh=(--fresh)
    [[ -n ${1-} ]] || defaults=(-DAMPSIM_TESTS:BOOL=OFF -DAMPSIM_BENCH:BOOL=OFF
      -DAMPSIM_PYTHON:BOOL=OFF)
    if ! (cd "$root" && cmake --preset release "${fresh[@]}" "${defaults[@]}" "$@") >"$log" 2>&1
    then
      tail -n 30 "$log" >&2
      give_up "The build could not be configured (full output: build/configure.log)."
    fi
  fi
  local ninja=(ninja -C "$root/build/release" -j "$jobs" "$target")
  if [[ $("${ninja[@]}" -n) != *"no work to do."* ]]; then
    "${ninja[@]}" >&2 || give_up "The build failed: see above."
  fi
  exec 9>&-
}
