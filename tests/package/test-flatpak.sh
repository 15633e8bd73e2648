#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the Flatpak against a runtime made of Debian packages, installs it for
# a Flatpak user of its own, runs the demo inside under Xvfb, sees an alarm.
# TAP. Part of tests/long.sh: takes minutes and gigabytes.
#
#   TWIN_FLATPAK_TREE    a Debian tree that has all packages; without it one is
#                        made by debootstrap
#   TWIN_FLATPAK_WORK    where to work; a finished runtime there is used again
#   TWIN_FLATPAK_SECONDS how long the demo runs (150)
set -eu
cd "$(dirname "$0")/../.."
source=$PWD
. app/packages.sh

app=com.example.TwinConsole
runtime=com.example.DebianPlatform
version=12
seconds=${TWIN_FLATPAK_SECONDS:-150}
count=0
failed=0

say() { sed 's/^/# /'; }

# check NAME LOG COMMAND...: the command's output goes to LOG, shown on failure.
check() {
  name=$1 log=$2
  shift 2
  count=$((count + 1))
  begin=$(date +%s)
  if "$@" >"$log" 2>&1; then
    echo "ok $count - $name"
  else
    echo "not ok $count - $name"
    tail -n 40 "$log" | say
    failed=1
  fi
  echo "# $(($(date +%s) - begin)) s"
  [ $failed = 0 ] || finish
}

finish() {
  echo "1..$count"
  exit $failed
}

skip() {
  echo "1..0 # SKIP $1"
  exit 0
}

for program in flatpak flatpak-builder bwrap xvfb-run dbus-run-session; do
  command -v $program >/dev/null || skip "$program is not installed"
done
why=$(bwrap --ro-bind / / --proc /proc --dev /dev --unshare-pid true 2>&1) ||
  skip "bwrap may not make a sandbox here: $why"

if [ -n "${TWIN_FLATPAK_WORK:-}" ]; then
  work=$TWIN_FLATPAK_WORK
  mkdir -p "$work"
else
  work=$(mktemp -d /var/tmp/twin-flatpak-XXXXXX)
  trap 'rm -rf "$work"' EXIT
fi

FLATPAK_USER_DIR=$work/user
XDG_DATA_HOME=$work/home/data
XDG_CONFIG_HOME=$work/home/config
XDG_CACHE_HOME=$work/home/cache
XDG_RUNTIME_DIR=$work/run
HOME=$work/home
export FLATPAK_USER_DIR XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR HOME
mkdir -p "$HOME" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"

make_tree() {
  [ "$(id -u)" = 0 ] || { echo "debootstrap needs root"; return 1; }
  # dconf-service cannot be configured in a bare tree: only the files count.
  debootstrap --variant=minbase --include="$(echo $BUILD_PACKAGES $RUN_PACKAGES | tr ' ' ',')" \
    bookworm "$work/tree" || [ -x "$work/tree/usr/bin/meson" ]
}

# The tree's /usr, its /etc inside, without what no program reads.
make_runtime() {
  rm -rf "$work/runtime"
  mkdir -p "$work/runtime/files" "$work/runtime/var"
  tar -C "$tree" --exclude=usr/share/doc --exclude=usr/share/man \
    --exclude=usr/share/locale --exclude=usr/src -cf - usr | tar -C "$work/runtime" -xf -
  cp -a "$tree/etc" "$work/runtime/usr/etc"
  # Not a plain file, or not for everybody to read: no part of a runtime.
  find "$work/runtime/usr" \( -type p -o -type s -o -type b -o -type c \) -delete
  chmod -R u+rwX,go+rX "$work/runtime/usr"
  glib-compile-schemas "$work/runtime/usr/share/glib-2.0/schemas"
  {
    echo "[Runtime]"
    echo "name=$runtime"
    echo "runtime=$runtime/$(flatpak --default-arch)/$version"
    echo "sdk=$runtime/$(flatpak --default-arch)/$version"
  } >"$work/runtime/metadata"
  # Uncompressed, so that installing it links files instead of unpacking them.
  rm -rf "$work/repo"
  ostree --repo="$work/repo" init --mode=bare-user-only
  flatpak build-export --runtime "$work/repo" "$work/runtime" $version
}

add_remote() {
  flatpak --user remote-add --if-not-exists --no-gpg-verify local "$work/repo" &&
    flatpak --user install -y --noninteractive --or-update local "runtime/$runtime//$version"
}

build() {
  python3 tests/package/derive-manifest.py $app.json $runtime $version "$source" \
    >"$work/$app.json" &&
    flatpak-builder --user --force-clean --disable-rofiles-fuse --disable-cache \
      --state-dir="$work/state" --repo="$work/repo" "$work/build" "$work/$app.json"
}

run_demo() {
  timeout -k 20 $((seconds + 240)) xvfb-run -a -s '-screen 0 1280x800x24' \
    dbus-run-session -- flatpak --user run --env=LIBGL_ALWAYS_SOFTWARE=1 \
    --env=GSETTINGS_BACKEND=memory --env=NO_AT_BRIDGE=1 \
    $app --demo --report --quit-after "$seconds"
}

# The report's last "alarms a/b/c/d": critical, high, medium, low.
saw_alarm() {
  last=$(sed -n 's/.* alarms \([0-9/]*\) .*/\1/p' "$work/demo.log" | tail -n 1)
  echo "alarms: ${last:-no report line}"
  [ -n "$last" ] && [ -n "$(echo "$last" | tr -d '0/')" ]
}

inside() { flatpak --user run --command="$1" $app "$2"; }

if [ ! -f "$work/repo/refs/heads/runtime/$runtime/$(flatpak --default-arch)/$version" ]; then
  tree=${TWIN_FLATPAK_TREE:-$work/tree}
  if [ -z "${TWIN_FLATPAK_TREE:-}" ]; then
    command -v debootstrap >/dev/null || skip "debootstrap is not installed"
    check "a Debian tree with the packages of app/packages.sh" "$work/tree.log" make_tree
  fi
  check "it becomes a runtime" "$work/runtime.log" make_runtime
fi
check "the runtime is installed" "$work/remote.log" add_remote
check "the manifest builds" "$work/build.log" build
check "the program is installed" "$work/install.log" \
  flatpak --user install -y --noninteractive --reinstall local "app/$app"
for pair in "twin-console --version" "twinctl --help" "twin-node --help"; do
  check "$pair runs inside" "$work/inside.log" inside $pair
done
check "the demo runs $seconds s inside and ends" "$work/demo.log" run_demo
grep -a '^ *[0-9.]* s ' "$work/demo.log" | tail -n 2 | say
check "it raised an alarm" "$work/alarm.log" saw_alarm
say <"$work/alarm.log"
flatpak --user info -m $app | say
echo "# installed: $(du -sk "$work/user/app/$app" | cut -f1) kB, runtime $(du -sk "$work/runtime/usr" 2>/dev/null | cut -f1) kB"
finish
