#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds with address and undefined sanitizers, runs
# every suite, and closes with "N passed, N failed, N skipped".
set -eu
cd "$(dirname "$0")/.."
. app/packages.sh
install_packages $BUILD_PACKAGES $RUN_PACKAGES $TEST_PACKAGES

build=build-tests
warnings=
[ -z "${CI:-}" ] || warnings=-Dwerror=true
if [ ! -f $build/build.ninja ]; then
  meson setup $build --buildtype=debugoptimized -Db_sanitize=address,undefined \
    -Db_lundef=false $warnings
fi
if ! ninja -C $build; then
  echo "failed: the build"
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

# Every test speaks TAP: meson keeps what it printed, the counts are made there.
status=0
rm -f $build/meson-logs/testlog.json
meson test -C $build --no-rebuild --print-errorlogs --timeout-multiplier 4 "$@" || status=$?
exec python3 tests/count.py $build/meson-logs/testlog.json $status
