#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The broker is killed while everything is watched: the console says so and
why, and nothing old is shown without its mark. In the dark, for the eyes."""
import os
import re
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import (LONG, Console, Tap, check, enter_display,  # noqa: E402
                     runtime_path, wait_for)

enter_display()
tap = Tap()
demo = runtime_path("demo")
console = Console("--demo", "--demo-folder", demo, "--report", "--seed", "8",
                  name="lost", env={"TWIN_COLOUR_SCHEME": "dark"})
# What a value's row says while it is fresh: "Speed: 1482 rpm, 0.4 s ago".
FRESH = r": .+, [\d.]+ \w+( \d+ \w+)? ago$"
OLD = r": .+, old: "
MARKED_CHARTS = (("Waveform", "^Waveform of |^Waveform"),
                 ("Spectrum", "^Spectrum of "),
                 ("Envelope", "^Envelope"))


def everything_is_live():
    console.focus_window()
    console.wait("^Compressor 7, ", timeout=LONG)
    console.wait("^● Live$")
    wait_for("alarm", lambda: console.find("^Acknowledge$"), LONG)
    console.shot("plant-dark")
    console.keys("ctrl+3")
    console.wait("^Acknowledge .*, ")
    console.shot("alarms-dark")
    console.open_machine("Compressor 7")
    for tab, _ in MARKED_CHARTS:
        console.show_tab(tab)
        wait_for("chart of " + tab, lambda: drawn_charts(), LONG)
        console.shot(f"{tab.lower()}-dark")
    for tab in ("Trend", "Life", "Log"):
        console.show_tab(tab)
        console.shot(f"{tab.lower()}-dark")
    console.show_tab("Overview")
    wait_for("fresh values", lambda: len(rows(FRESH)) >= 5)
    console.shot("overview-dark")


def rows(pattern):
    return [n.name for n in console.walk()
            if n.role == "group" and re.search(pattern, n.name)]


def drawn_charts():
    """Charts that show something, as their description has it."""
    return [n for n in console.walk() if n.role in ("image", "img")
            and re.search("cursor|Hz|Old|old", n.about)]


def broker_is_killed():
    pid = console.child("mosquitto")
    check(pid is not None, "the demo's broker is no child of the console")
    os.kill(pid, signal.SIGKILL)
    banner = console.wait("^No connection to .* since").name
    check(re.search(r"\. \w+.*nothing is lost yet", banner),
          f"no cause in “{banner}”")
    console.wait("^○ Not live$")


def no_value_without_its_mark():
    wait_for("values marked as old", lambda: len(rows(OLD)) >= 5
             and not rows(FRESH))
    console.wait("^Stale$")
    console.shot("overview-lost-dark")
    for tab, _ in MARKED_CHARTS:
        console.show_tab(tab)
        charts = wait_for("chart of " + tab, drawn_charts)
        bare = [str(c) for c in charts
                if not re.search("old", c.about, re.IGNORECASE)]
        check(not bare, f"{tab} shows old data without a mark: {bare}")
        console.shot(f"{tab.lower()}-lost-dark")


def no_machine_is_judged():
    console.keys("alt+Left")
    wait_for("only stale machines in the tree", lambda:
             console.machines_in_tree()
             and all(name.endswith(", stale")
                     for name in console.machines_in_tree()))
    texts = console.texts()
    for word in ("● Live", "live"):
        check(word not in texts, f"“{word}” while the broker is away")
    check(any(t.startswith("Alarm states held since") for t in texts),
          "alarm strip does not say that its states are held")
    console.wait("^New alarms cannot be seen.")
    console.shot("plant-lost-dark")
    console.keys("ctrl+3")
    console.wait("^Why$")
    console.shot("alarms-lost-dark")


def ends_cleanly():
    status = console.stop()
    check(status == 0, f"exit status {status}: {console.output()[-3000:]}")
    check("main thread, own callbacks: n " in console.output(),
          "no closing figures of the main thread")


def log_is_clean():
    console.check_log(os.path.join(demo, "nodes.log"))


try:
    for name, step in (("everything-is-live", everything_is_live),
                       ("broker-is-killed", broker_is_killed),
                       ("no-value-without-its-mark", no_value_without_its_mark),
                       ("no-machine-is-judged", no_machine_is_judged),
                       ("ends-cleanly", ends_cleanly),
                       ("log-is-clean", log_is_clean)):
        tap.run("/ui/lost/" + name, step)
finally:
    console.end()
for line in console.output().splitlines()[-2:]:
    print("# " + line)
tap.end()
