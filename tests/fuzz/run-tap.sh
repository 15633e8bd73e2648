#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh as TAP: sh tests/fuzz/run-tap.sh SECONDS NAME…
set -u
seconds=$1
shift
folder=$(dirname "$0")
if ! command -v clang >/dev/null || ! echo 'int LLVMFuzzerTestOneInput (const unsigned char *d, unsigned long n) { return 0; }' |
  clang -x c -fsanitize=fuzzer,address -o /dev/null - 2>/dev/null; then
  echo "1..0 # SKIP clang with libFuzzer is not installed"
  exit 0
fi

echo "1..$#"
number=0
for name in "$@"; do
  number=$((number + 1))
  said=$(sh "$folder/run.sh" "$seconds" "$name" 2>&1) && ok=ok || ok="not ok"
  echo "$ok $number fuzz $name for $seconds s"
  echo "$said" | sed 's/^/# /' | tail -30
done
