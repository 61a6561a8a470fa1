# Sourced by the other scripts: what mimus needs on a machine, and how it is built. The one list of packages.
# Debian's names; on other systems install their likes by hand and build with `cmake --preset release`.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

packages_build=(g++ cmake ninja-build pkg-config git libcpp-httplib-dev rapidjson-dev libcli11-dev libre2-dev
  libspdlog-dev libpng-dev libssl-dev libxxhash-dev libyaml-cpp-dev libgtest-dev libgmock-dev libbenchmark-dev)
packages_bench=(wrk nginx-light)

say() { echo "mimus: $*" >&2; }
fail() { say "$*"; exit 1; }

# Runs a command with its output in LOG; only a failure shows it.
quietly() {  # LOG COMMAND...
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    fail "failed: $* (log: $log)"
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Those of the packages that are not on the machine, one a line. One call of dpkg-query in the usual case.
missing_packages() {
  local states package
  states=$(dpkg-query -W -f='${db:Status-Status}\n' "$@" 2>/dev/null) &&
    [ "$(grep -c '^installed$' <<<"$states")" -ge $# ] && return
  for package; do is_installed "$package" || echo "$package"; done
}

install_with_apt() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
  if apt-cache show "$@" >/dev/null 2>&1; then
    as_root "${apt[@]}" install --no-install-recommends "$@" && return
  fi
  as_root "${apt[@]}" update && as_root "${apt[@]}" install --no-install-recommends "$@"
}

# Installs what is missing of PACKAGE..., or tells what to do where that cannot be done.
need_packages() {
  local missing
  if ! command -v dpkg-query >/dev/null; then
    [ -n "${mimus_warned:-}" ] || say "no Debian packages here; this needs the likes of: $*"
    mimus_warned=1
    return
  fi
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} = 0 ] && return
  command -v apt-get >/dev/null || fail "apt-get is missing; install by hand: ${missing[*]}"
  if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
    fail "neither root nor sudo without a password; run first:
  sudo apt-get update && sudo apt-get install ${missing[*]}"
  fi
  say "installing ${missing[*]}"
  quietly "$root/build/apt.log" install_with_apt "${missing[@]}"
}

# Debian names the sanitizer runtimes after clang's major version. lld links the presets that clang builds.
need_clang() {
  need_packages clang lld
  command -v dpkg-query >/dev/null && need_packages "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev"
}

node_major() { node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p'; }

# A browser, for the pages that mimus writes. About 300 MB, and 15 seconds on two cores.
need_chromium() {
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && return
  done
  (need_packages chromium) || say "no chromium: what needs a browser is left out"  # Ubuntu has it as a snap only
}

# Node for the end-to-end tests, with the clients as the lock file has them.
need_node() {
  local e2e=$root/scripts/e2e major
  major=$(node_major)
  if [ "${major:-0}" -lt 18 ] || ! command -v npm >/dev/null; then need_packages nodejs npm; fi
  major=$(node_major)
  [ "${major:-0}" -ge 18 ] || fail "the end-to-end tests need node 18 or newer, found ${major:-none}"
  need_packages openssl
  cmp -s "$e2e/package-lock.json" "$e2e/node_modules/.installed-lock" && return
  say "installing the clients for the end-to-end tests (npm ci)"
  quietly "$root/build/npm.log" npm --prefix "$e2e" ci --ignore-scripts --no-audit --no-fund
  cp "$e2e/package-lock.json" "$e2e/node_modules/.installed-lock"
}

# One line as soon as ninja, whose output comes in, has something to compile.
tell_of_work() { awk -v preset="$1" '/ Building / && !told { print "mimus: building (" preset ")" > "/dev/stderr"; told = 1 }'; }

# Configures a preset unless that is done, and builds its targets. Concurrent callers wait for each other. A second
# call costs what ninja needs to see that nothing changed.
build_preset() {  # PRESET [TARGET...]
  local preset=$1 dir=$root/build/$1 targets=("${@:2}")
  mkdir -p "$dir"
  exec 9>"$dir/.lock"
  command -v flock >/dev/null && flock 9
  if [ ! -f "$dir/build.ninja" ]; then configure_preset "$preset"; fi
  if ! ninja -C "$dir" "${targets[@]}" 2>&1 </dev/null | tee "$dir/build.log" | tell_of_work "$preset"; then
    cat "$dir/build.log" >&2
    fail "the build failed (log: $dir/build.log)"
  fi
  exec 9>&-
}

configure_preset() {  # PRESET [-DNAME=VALUE...]
  quietly "$root/build/$1/configure.log" cmake -S "$root" --preset "$@"
}
