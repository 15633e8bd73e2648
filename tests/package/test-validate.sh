#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The package's own files before their validators. TAP.
set -u
cd "$(dirname "$0")/../.."
app=com.example.TwinConsole
count=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# check NAME PROGRAM ARGUMENT...: skipped, and said so, without the program.
check() {
  name=$1
  shift
  count=$((count + 1))
  if ! command -v "$1" >/dev/null; then
    echo "ok $count - $name # SKIP $1 is not installed"
  elif "$@" >"$work/log" 2>&1; then
    echo "ok $count - $name"
  else
    echo "not ok $count - $name"
    sed 's/^/# /' "$work/log"
    failed=1
  fi
}

# desktop-file-validate leaves with 0 for a hint and says it: none is wanted.
desktop() {
  desktop-file-validate data/$app.desktop >"$work/hints" 2>&1 || { cat "$work/hints"; return 1; }
  [ ! -s "$work/hints" ] || { cat "$work/hints"; return 1; }
}

check "desktop file" desktop-file-validate data/$app.desktop
command -v desktop-file-validate >/dev/null && check "desktop file: no hints either" desktop
check "AppStream metainfo" appstreamcli validate --no-net --explain data/$app.metainfo.xml
check "settings schema" glib-compile-schemas --strict --dry-run data
for file in data/icons/hicolor/*/apps/*.svg ui/*.ui ui/*.gresource.xml \
  data/$app.gschema.xml data/$app.metainfo.xml; do
  check "well-formed: $file" xmllint --noout --nonet "$file"
done
check "Flatpak manifest" python3 tests/package/check-manifest.py $app.json
echo "1..$count"
exit $failed
