# Sourced by ./demo and ./test (bash): installs what is missing, configures and builds, and says little while all is well.
# shellcheck shell=bash disable=SC2034,SC2154
# The caller sets `root` (the source directory) and may set `yes=1` (do not ask).

build_packages=(g++ cmake ninja-build pkg-config libboost1.81-dev libcli11-dev libcurl4-openssl-dev libfmt-dev libgmime-3.0-dev
                libidn2-dev libisal-dev libldns-dev liblzma-dev libnats-dev libpsl-dev libre2-dev libssl-dev libtomlplusplus-dev
                libunbound-dev libzstd-dev
                nlohmann-json3-dev)
test_packages=(libgtest-dev python3 bind9-dnsutils iproute2)

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
on_terminal() { [ -t 0 ] && [ -t 2 ]; }

missing_of() {  # PACKAGE... -> those that are not installed
  local package
  for package; do
    [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == *' installed' ]] || printf '%s ' "$package"
  done
}

# Runs a command quietly; its output is shown only when it fails.
quietly() {  # WHAT COMMAND...
  local what=$1 log
  shift
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    rm -f "$log"
    say "$what failed."
    return 1
  fi
  rm -f "$log"
}

apt_install() {  # [sudo [-n]] -- PACKAGE...
  local become=()
  while [ "$1" != -- ]; do become+=("$1"); shift; done
  shift
  local install=("${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-remove --no-install-recommends "$@")
  # A new machine has no package lists and an old one has stale ones: both show as a first try that fails.
  say "Installing ..."
  "${install[@]}" >/dev/null 2>&1 && return
  say "Reading the package lists anew ..."
  quietly "apt-get update" "${become[@]}" apt-get update -q && quietly "apt-get install" "${install[@]}"
}

install_packages() {  # PACKAGE...
  command -v dpkg-query >/dev/null || die "This sets itself up on Debian 12. Elsewhere: CONTRIBUTING.md says how to build by hand."
  local missing
  read -ra missing <<<"$(missing_of "$@")"
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Debian packages needed: $*"
  say "Not installed yet:      ${missing[*]}"
  local line="apt-get install --no-install-recommends ${missing[*]}" answer
  if [ "$(id -u)" = 0 ]; then
    apt_install -- "${missing[@]}" || die "Install them yourself, then run this again:  $line"
  elif on_terminal && command -v sudo >/dev/null; then
    if [ -z "${yes:-}" ]; then
      read -rp "Install them with sudo? [Y/n] " answer
      [[ $answer =~ ^([Yy].*)?$ ]] || die "Nothing was installed. By hand:  sudo $line"
    fi
    sudo -v || die "Install them yourself, then run this again:  sudo $line"
    apt_install sudo -- "${missing[@]}" || die "Install them yourself, then run this again:  sudo $line"
  elif sudo -n true 2>/dev/null; then
    apt_install sudo -n -- "${missing[@]}" || die "Install them yourself, then run this again:  sudo $line"
  else
    die "Install them, then run this again:  sudo $line"
  fi
}

# As many compilers at once as there are processors, and a gigabyte of free memory for each.
build_jobs() {
  local processors free
  processors=$(nproc)
  free=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)
  echo $((free < 1 ? 1 : free < processors ? free : processors))
}

build() {  # PRESET TARGET... -- CMAKE_OPTION...
  local preset=$1 targets=()
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do targets+=("$1"); shift; done
  shift || true
  (cd "$root" && quietly "cmake" cmake --preset "$preset" "$@") || exit 1
  local ninja=(ninja -C "$root/build/$preset" -j "$(build_jobs)" "${targets[@]}")
  if [ -t 2 ]; then
    NINJA_STATUS='Building [%f/%t] ' "${ninja[@]}" >&2 || exit 1
  else
    say "Building build/$preset ..."
    quietly "The build" "${ninja[@]}" || exit 1
  fi
}
