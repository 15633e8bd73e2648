#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fetch.sh FOLDER: Debian's source packages named in sources.sha256, checked
# against it and unpacked. What is there and right is not fetched again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"

if ! sha256sum --status -c "$here/sources.sha256" 2>/dev/null; then
  mkdir -p apt/lists/partial apt/sources
  sed 's/^Types: .*/Types: deb-src/' /etc/apt/sources.list.d/debian.sources \
    >apt/sources/source.sources || {
    echo "no Debian sources are configured" >&2
    exit 1
  }
  apt="-q -o Dir::Etc::sourceparts=$PWD/apt/sources -o Dir::Etc::sourcelist=/dev/null"
  apt="$apt -o Dir::State::lists=$PWD/apt/lists -o Acquire::Retries=2"
  timeout 120 apt-get $apt update >apt/log 2>&1 &&
    timeout 300 apt-get $apt source --download-only \
      $(sed -n 's/^# //p' "$here/sources.sha256") >>apt/log 2>&1 || {
    tail -3 apt/log >&2
    exit 1
  }
  sha256sum --quiet -c "$here/sources.sha256" >&2 || exit 1
fi

# Unpacked once, with Debian's own fixes, and only from what was checked.
sed -n 's/^[0-9a-f]\{64\}  \(.*\)\.orig\.tar.*/\1/p' "$here/sources.sha256" |
  while read -r source; do
    name=${source%%_*}
    [ ! -e "$name/.complete-$source" ] || continue
    rm -rf "$name"
    mkdir "$name"
    tar -xf "$source".orig.tar.* -C "$name" --strip-components=1
    tar -xf "$source"-*.debian.tar.* -C "$name"
    if [ -f "$name/debian/patches/series" ]; then
      sed '/^#/d' "$name/debian/patches/series" | while read -r fix; do
        patch -s -p1 -d "$name" -i "debian/patches/$fix"
      done
    fi
    touch "$name/.complete-$source"
  done
