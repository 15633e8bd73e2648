# SPDX-License-Identifier: Apache-2.0
# The Debian packages the project needs, and how they get onto the machine.
# Sourced by app/run.sh, tests/run.sh and tests/long.sh.

BUILD_PACKAGES="gcc libc6-dev meson ninja-build pkg-config gettext
  libglib2.0-dev-bin libgtk-4-dev libadwaita-1-dev libepoxy-dev libcglm-dev
  libsqlite3-dev libmosquitto-dev libkissfft-dev libcbor-dev libjson-glib-dev
  libssl-dev libsndfile1-dev"
RUN_PACKAGES="mosquitto adwaita-icon-theme fonts-cantarell libgl1
  libgl1-mesa-dri libegl1 dbus"
HEADLESS_PACKAGES="xvfb xauth dbus-daemon at-spi2-core imagemagick xdotool"
TEST_PACKAGES="$HEADLESS_PACKAGES python3 python3-pyatspi gir1.2-atspi-2.0
  mosquitto-clients sqlite3 desktop-file-utils appstream libxml2-utils
  libgles2 procps openssl
  cppcheck gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm make patch
  python3-cbor2"
FUZZ_PACKAGES="clang libclang-rt-14-dev"
FLATPAK_PACKAGES="flatpak flatpak-builder bubblewrap ostree debootstrap"

# install_packages NAME...: as root or through sudo; otherwise prints the one
# line to run and stops. Says nothing when nothing is missing.
install_packages() {
  missing=
  for name in "$@"; do
    case $(dpkg-query -W -f='${Status}' "$name" 2>/dev/null) in
      'install ok installed') ;;
      *) missing="$missing $name" ;;
    esac
  done
  [ -n "$missing" ] || return 0

  if [ "$(id -u)" = 0 ]; then
    sudo=
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    sudo=sudo
  else
    echo "These packages are missing. Run this, then start again:" >&2
    echo "  sudo apt-get install -y --no-install-recommends$missing" >&2
    exit 1
  fi

  echo "Installing:$missing"
  # A fresh machine has no package lists; an old list may name what is gone.
  $sudo apt-get update -q >/dev/null
  $sudo env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends $missing >/dev/null
}
