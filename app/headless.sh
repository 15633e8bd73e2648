#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The demo without a display: a minute under Xvfb, a line a second of what the
# console sees, screenshots in build/demo/. Called by run.sh after the build.
set -eu
cd "$(dirname "$0")/.."

out=$PWD/build/demo
mkdir -p "$out"
rm -f "$out"/*.png
runtime=$(mktemp -d)
chmod 700 "$runtime"
trap 'rm -rf "$runtime"' EXIT

# Without a settings daemon GTK would fall back to another font and size.
mkdir -p "$runtime/config/gtk-4.0"
printf '[Settings]\ngtk-font-name=Cantarell 11\n' \
  >"$runtime/config/gtk-4.0/settings.ini"

XDG_CONFIG_HOME=$runtime/config
XDG_RUNTIME_DIR=$runtime
GSETTINGS_BACKEND=memory
LIBGL_ALWAYS_SOFTWARE=1
GDK_BACKEND=x11
NO_AT_BRIDGE=1
export XDG_CONFIG_HOME XDG_RUNTIME_DIR GSETTINGS_BACKEND LIBGL_ALWAYS_SOFTWARE GDK_BACKEND NO_AT_BRIDGE
export TWIN_SHOTS="$out"

xvfb-run -a -s '-screen 0 1280x800x24' dbus-run-session -- sh -c '
  build/app/console/twin-console --demo --report \
    --quit-after "${TWIN_SECONDS:-75}" "$@" &
  console=$!
  # Key strokes go to the window as a person would send them.
  shot() { import -window root "$TWIN_SHOTS/$1.png"; }
  sleep 20
  window=$(xdotool search --onlyvisible --pid $console | tail -n 1)
  xdotool windowfocus "$window" || true
  shot plant-early
  sleep 38
  shot plant
  xdotool key ctrl+2; sleep 2; shot table
  xdotool key ctrl+3; sleep 2; shot alarms
  xdotool key ctrl+4; sleep 2; shot fleet
  wait $console
' headless "$@"

echo "Screenshots: $out"
