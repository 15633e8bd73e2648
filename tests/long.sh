#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What takes longer than tests/run.sh may:
#
#   sh tests/long.sh [PART…]      all parts without one
#
#   demo-seeds   10 seeds of the demo plant, 2 minutes each      (20 minutes)
#   kill         kill -9 of engine, broker, nodes, 100 rounds    (6 minutes)
#   memory       10 minutes of the engine                        (10 minutes)
#   detection    faults and sound machines, simulated, 3,200     (4 minutes)
#   machines     600 sound machines, 20 seeds a fault            (3 minutes)
#   node-fleet   2,400 resting and 200 streaming nodes           (6 minutes)
#   fuzz         60 s for each fuzz target                       (12 minutes)
#   fuzz-twin    an hour for json, model, graph and query, each  (4 hours)
#   flatpak      builds, installs, runs the Flatpak              (10 minutes)
#
# Each can be made shorter or longer: TWIN_LONG_SEEDS, TWIN_LONG_ROUNDS,
# TWIN_LONG_MEMORY_S, TWIN_LONG_TRIALS (a cell), TWIN_LONG_FUZZ_S (of both),
# TWIN_FLATPAK_SECONDS. The table of detection goes to
# tests/reports/detection-<date>.txt. Appends what it
# measured to tests/reports/long-<date>.txt, and leaves with 1 when a part
# failed.
set -eu
cd "$(dirname "$0")/.."
. app/packages.sh

PARTS="demo-seeds kill memory detection machines node-fleet fuzz fuzz-twin flatpak"
parts=${*:-$PARTS}
packages="$BUILD_PACKAGES $RUN_PACKAGES $TEST_PACKAGES"
for part in $parts; do
  case $part in
    demo-seeds | kill | memory | detection | machines | node-fleet) ;;
    fuzz | fuzz-twin) packages="$packages $FUZZ_PACKAGES" ;;
    flatpak) packages="$packages $FLATPAK_PACKAGES" ;;
    *)
      echo "There is no part $part. The parts are: $PARTS." >&2
      exit 2
      ;;
  esac
done
install_packages $packages

build=build-long
[ -f $build/build.ninja ] || meson setup $build --buildtype=release >/dev/null
ninja -C $build app/ctl/twinctl firmware/port/posix/twin-node

TWIN_SOURCE_ROOT=$PWD
TWIN_BUILD_ROOT=$PWD/$build
export TWIN_SOURCE_ROOT TWIN_BUILD_ROOT
report=tests/reports/long-$(date +%Y-%m-%d).txt
mkdir -p tests/reports
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

machine() {
  model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
  memory=$(awk '/^MemTotal/ { printf "%.1f GiB", $2 / 1048576 }' /proc/meminfo)
  commit=$(git log -1 --format=%h 2>/dev/null || echo unknown)
  [ -z "$(git status --porcelain --untracked-files=no 2>/dev/null)" ] || commit="$commit, changed"
  echo "machine: ${model:-$(uname -m)}, $(nproc) cores, $memory"
  echo "system:  $(. /etc/os-release && echo "$PRETTY_NAME"), Linux $(uname -r)"
  echo "commit:  $commit"
}

# Every status the engine printed is a long line: the report does without.
figures() { grep -v '^# {' "$1" || true; }

# one PART COMMAND…: TAP in, a paragraph of the report out.
one() {
  part=$1
  shift
  begin=$(date +%s)
  load=$(cut -d' ' -f1 /proc/loadavg)
  state=passed
  echo "--- $part: $*"
  "$@" >"$logs/$part" 2>&1 || state=FAILED
  ! grep -q '^not ok' "$logs/$part" || state=FAILED
  ! grep -q '^1\.\.0 *# *SKIP' "$logs/$part" || state=SKIPPED
  [ $state != FAILED ] || status=1
  {
    echo
    echo "== $part: $state"
    echo "ran: $*"
    echo "began $(date -u -d "@$begin" +%H:%M) UTC, took $(($(date +%s) - begin)) s, load $load at the start"
    figures "$logs/$part"
  } | tee -a "$report"
}

# libFuzzer's own lines are no TAP; 77 says that clang is missing.
fuzz() {
  code=0
  sh tests/fuzz/run.sh "$@" || code=$?
  [ $code != 77 ] || { echo "1..0 # SKIP clang is not installed"; return 0; }
  return $code
}

# detection RECORDS: how many of each cell of the table.
detection() {
  ninja -C $build tests/analysis/test-analysis-detection >/dev/null
  table=tests/reports/detection-$(date +%Y-%m-%d).txt
  {
    echo "Faults named by simulated signal, $(date -u '+%Y-%m-%d %H:%M UTC')"
    machine
    echo "again:   sh tests/long.sh detection"
    echo
  } >"$table"
  code=0
  TWIN_DETECTION_TRIALS=$1 TWIN_DETECTION_REPORT=$logs/table \
    $build/tests/analysis/test-analysis-detection || code=$?
  cat "$logs/table" >>"$table"
  return $code
}

# Faults beyond bearings, with many more seeds than tests/run.sh takes.
machines() {
  ninja -C $build tests/analysis/test-analysis-machine >/dev/null
  $build/tests/analysis/test-analysis-machine -m slow
}

status=0
{
  [ ! -s "$report" ] || echo
  echo "Twin Console, tests/long.sh $parts, $(date -u '+%Y-%m-%d %H:%M UTC')"
  machine
} | tee -a "$report"

for part in $parts; do
  case $part in
    demo-seeds) one $part python3 tests/integration/test-faults.py "${TWIN_LONG_SEEDS:-10}" ;;
    kill) one $part python3 tests/integration/test-kill.py "${TWIN_LONG_ROUNDS:-100}" ;;
    memory) one $part python3 tests/integration/test-memory.py "${TWIN_LONG_MEMORY_S:-600}" ;;
    detection) one $part detection "${TWIN_LONG_TRIALS:-40}" ;;
    machines) one $part machines ;;
    node-fleet) one $part python3 tests/integration/test-node-fleet.py ;;
    fuzz) one $part fuzz "${TWIN_LONG_FUZZ_S:-60}" ;;
    fuzz-twin) one $part fuzz "${TWIN_LONG_FUZZ_S:-3600}" json model graph query ;;
    flatpak) one $part sh tests/package/test-flatpak.sh ;;
  esac
done

echo
echo "Report: $report"
exit $status
