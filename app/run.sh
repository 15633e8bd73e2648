#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds optimised, starts the demo plant and the
# console. Without a display the same runs under Xvfb for a minute, prints what
# the console sees once a second, and leaves screenshots in build/demo/.
set -eu
cd "$(dirname "$0")/.."
. app/packages.sh

packages="$BUILD_PACKAGES $RUN_PACKAGES"
headless=no
if [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
  headless=yes
  packages="$packages $HEADLESS_PACKAGES"
fi
install_packages $packages

[ -f build/build.ninja ] || meson setup build --buildtype=release
meson configure build --buildtype=release >/dev/null
ninja -C build app/console/twin-console app/ctl/twinctl \
  firmware/port/posix/twin-node data/gschemas.compiled
GSETTINGS_SCHEMA_DIR=$PWD/build/data
export GSETTINGS_SCHEMA_DIR

if [ $headless = no ]; then
  exec build/app/console/twin-console --demo "$@"
fi
exec sh app/headless.sh "$@"
