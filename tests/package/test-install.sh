#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the built tree into a folder and looks whether it is complete and
# runs from there. TAP.   test-install.sh BUILD_ROOT
set -u
cd "$(dirname "$0")/../.."
build=$1
app=com.example.TwinConsole
count=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check() {
  name=$1
  shift
  count=$((count + 1))
  if "$@" >"$work/log" 2>&1; then
    echo "ok $count - $name"
  else
    echo "not ok $count - $name"
    tail -n 20 "$work/log" | sed 's/^/# /'
    failed=1
  fi
}

holds() {
  for file in "$@"; do
    [ -s "$dest/$file" ] || { echo "$file is missing or empty"; return 1; }
  done
}

# The installed folder has every file of the tree's and no other.
same() { diff -r --exclude=make-graph.py "$1" "$dest/$2"; }

no_tools() { ! find "$dest" -name '*.py' -o -name '*.md5' | grep . ; }

prints() {
  wanted=$1
  shift
  "$@" >"$work/out" 2>&1 || { cat "$work/out"; return 1; }
  grep -q -- "$wanted" "$work/out" || { cat "$work/out"; return 1; }
}

uses_data() {
  "$dest/bin/twinctl" --store "$work/plant.db" model import "$share/demo/models" &&
    "$dest/bin/twinctl" --store "$work/plant.db" graph import "$share/demo/graph.json" &&
    prints compressor-7 "$dest/bin/twinctl" --store "$work/plant.db" twin show compressor-7
}

check "installs" meson install -C "$build" --no-rebuild --quiet --destdir "$work/root"
prefix=$(meson introspect "$build" --buildoptions |
  python3 -c 'import json,sys; print(*[o["value"] for o in json.load(sys.stdin) if o["name"] == "prefix"])')
dest=$work/root$prefix
share=$dest/share/twin-console
# Meson leaves this to the package when it installs into a folder.
check "settings schema compiles where it is installed" \
  glib-compile-schemas --strict "$dest/share/glib-2.0/schemas"
check "programs" holds bin/twin-console bin/twinctl bin/twin-node
check "desktop file, metainfo, schema" holds share/applications/$app.desktop \
  share/metainfo/$app.metainfo.xml share/glib-2.0/schemas/gschemas.compiled
check "icons" holds share/icons/hicolor/scalable/apps/$app.svg \
  share/icons/hicolor/symbolic/apps/$app-symbolic.svg
check "demo plant" holds share/twin-console/demo/plant.json \
  share/twin-console/demo/graph.json share/twin-console/demo/rig.json
check "demo, all of it" same data/demo share/twin-console/demo
check "help" same data/help share/twin-console/help
check "bearing catalogue" same data/bearings.csv share/twin-console/bearings.csv
check "roles" same data/roles.json share/twin-console/roles.json
check "no tools of the source tree" no_tools

TWIN_DATA_DIR=$share
GSETTINGS_SCHEMA_DIR=$dest/share/glib-2.0/schemas
export TWIN_DATA_DIR GSETTINGS_SCHEMA_DIR
version=$(sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)
check "twin-console --version says $version" prints "$version" "$dest/bin/twin-console" --version
check "twinctl --help" prints history "$dest/bin/twinctl" --help
check "twin-node --help" prints fleet "$dest/bin/twin-node" --help
check "twinctl imports the installed demo" uses_data
echo "1..$count"
exit $failed
