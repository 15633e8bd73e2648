#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fuzzes every target for a bounded time: sh tests/fuzz/run.sh [SECONDS] [NAME…]
# Needs clang with libFuzzer; without it says so and leaves with 77. Inputs
# that break something stay in build-fuzz/found/<name>; put them, mended, into
# tests/fuzz/corpus/<name>.
set -e
cd "$(dirname "$0")/../.."
seconds=${1:-10}
[ $# -gt 0 ] && shift

if ! command -v clang >/dev/null; then
  echo "clang is not installed: fuzzing skipped"
  exit 77
fi
if [ ! -f build-fuzz/build.ninja ]; then
  CC=clang meson setup build-fuzz -Db_sanitize=address,undefined \
    -Db_lundef=false -Dc_args=-fsanitize=fuzzer-no-link >build-fuzz.log 2>&1 ||
    { cat build-fuzz.log; exit 1; }
  rm -f build-fuzz.log
fi

names=${*:-$(ls tests/fuzz/fuzz-*.c | sed 's|.*/fuzz-||; s|\.c$||')}
python3 - build-fuzz/seeds <<'PY'
# The vectors' payloads as files, for libFuzzer.
import json, os, sys
for name, files in {
    'cbor': None, 'record': ['telemetry', 'event'], 'block': ['waveform'],
    'signed': ['birth', 'ring', 'reported', 'result', 'desired', 'enrolled'],
    'manifest': ['manifest', 'package'],
    'node-cbor': None, 'node-cose': ['command', 'enrol', 'time'], 'node-command': ['command'],
    'node-desired': ['desired'],
    'node-inbox': ['replay', 'enrol', 'time', 'manifest', 'chunk-data'],
}.items():
    folder = os.path.join(sys.argv[1], name)
    os.makedirs(folder, exist_ok=True)
    all_files = [f[:-5] for f in os.listdir('firmware/vectors')
                 if f.endswith('.json') and f != 'keys.json']
    for file in files or all_files:
        with open(f'firmware/vectors/{file}.json') as f:
            for i, row in enumerate(json.load(f)):
                for member in ('hex', 'payload'):
                    if row.get(member):
                        with open(f'{folder}/{file}-{i}-{member}', 'wb') as out:
                            out.write(bytes.fromhex(row[member]))
PY

bad=0
for name in $names; do
  ninja -C build-fuzz "tests/fuzz/libfuzzer-$name" >build-fuzz/ninja.log 2>&1 ||
    { cat build-fuzz/ninja.log; exit 1; }
  mkdir -p "build-fuzz/corpus/$name" "build-fuzz/found/$name" "build-fuzz/seeds/$name"
  kept="tests/fuzz/corpus/$name"
  [ -d "$kept" ] || kept=
  if "build-fuzz/tests/fuzz/libfuzzer-$name" -max_total_time="$seconds" -timeout=10 \
    -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="build-fuzz/found/$name/" \
    "build-fuzz/corpus/$name" $kept "build-fuzz/seeds/$name" >"build-fuzz/$name.log" 2>&1; then
    echo "ok $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "build-fuzz/$name.log") inputs"
  else
    bad=1
    echo "not ok $name: see build-fuzz/$name.log and build-fuzz/found/$name"
    tail -20 "build-fuzz/$name.log"
  fi
done
exit $bad
