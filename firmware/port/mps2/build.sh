#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# build.sh OUT: fetch what others wrote, compile the Cortex-M4F images there.
# Status 77: something it needs is not to be had; the last line says what.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)

skip() {
  echo "$*" >&2
  exit 77
}

for tool in arm-none-eabi-gcc make patch; do
  command -v $tool >/dev/null || skip "$tool is not installed"
done
echo 'int x;' | arm-none-eabi-gcc -xc -include math.h -c - -o /dev/null \
  2>/dev/null || skip "libnewlib-arm-none-eabi is not installed"

# One at a time: tests start this side by side.
exec 9>"$out/lock"
flock 9

"$here/fetch.sh" "$out/sources" || skip "the pinned source packages are not to be had"
version=$(sed -n "s/^  version: '\(.*\)',/\1/p" "$here/../../../meson.build")
built=$(git -C "$here" log -1 --format=%ct 2>/dev/null || true)
exec make -s -j2 -C "$here" OUT="$out/out" SOURCES="$out/sources" \
  VERSION="$version" ${built:+BUILT="$built"} ${WERROR:+WERROR=-Werror}
