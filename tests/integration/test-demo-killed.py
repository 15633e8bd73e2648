#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A demo console that is killed outright takes its broker and nodes along."""

import os
import shutil
import subprocess
import sys
import tempfile
import time

from twinlab import BUILD, Tap, find_mosquitto

CONSOLE = os.path.join(BUILD, "app", "console", "twin-console")


def children(pid):
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open("/proc/%s/stat" % entry) as file:
                    text = file.read()
            except OSError:
                continue
            fields = text[text.rindex(")") + 2 :].split()
            if int(fields[1]) == pid and fields[0] != "Z":
                found.append((int(entry), text[text.index("(") + 1 : text.rindex(")")]))
    return found


def runs(pid):
    try:
        with open("/proc/%d/stat" % pid) as file:
            text = file.read()
    except OSError:
        return False
    return text[text.rindex(")") + 2] != "Z"


def until(condition, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def main():
    tap = Tap()
    if not find_mosquitto() or not shutil.which("Xvfb") or not os.path.exists(CONSOLE):
        tap.skip("demo killed", "mosquitto, Xvfb or the console is missing")
        tap.done()

    folder = tempfile.mkdtemp(prefix="twin-demo-killed-")
    read, write = os.pipe()
    display = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1024x700x24", "-nolisten", "tcp"],
        pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    os.close(write)
    number = os.read(read, 16).decode().strip()
    environment = dict(
        os.environ, DISPLAY=":" + number, GDK_BACKEND="x11", GSETTINGS_BACKEND="memory",
        LIBGL_ALWAYS_SOFTWARE="1", NO_AT_BRIDGE="1", XDG_RUNTIME_DIR=folder,
        XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder, TMPDIR=folder,
    )
    environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
    os.chmod(folder, 0o700)
    console = subprocess.Popen(
        [CONSOLE, "--demo"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    family = []
    try:
        def started():
            names = [name for _, name in children(console.pid)]
            return "mosquitto" in names and "twin-node" in names

        tap.ok(until(started, 30), "the demo runs a broker and nodes", children(console.pid))
        family = [pid for pid, name in children(console.pid) if name in ("mosquitto", "twin-node")]
        console.kill()
        console.wait()
        tap.ok(
            len(family) == 2 and until(lambda: not any(runs(pid) for pid in family), 10),
            "both end with the console",
        )
    finally:
        console.kill()
        console.wait()
        for pid in family:
            if runs(pid):
                os.kill(pid, 15)
        display.terminate()
        display.wait()
        shutil.rmtree(folder, ignore_errors=True)
    tap.done()


if __name__ == "__main__":
    sys.exit(main())
