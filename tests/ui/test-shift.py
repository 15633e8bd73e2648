#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A shift at the console by keyboard alone: drill from the plant to a live
spectrum, acknowledge the alarm that names the race, schedule maintenance and
see the node's signed answer, find it in the log."""
import os
import re
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import (FOCUSED, LONG, SENSITIVE, Console, Tap,  # noqa: E402
                     check, enter_display, runtime_path, wait_for)

enter_display()
tap = Tap()
demo = runtime_path("demo")
console = Console("--demo", "--demo-folder", demo, "--report", "--seed", "7",
                  name="shift", env={"TWIN_COLOUR_SCHEME": "light"})


def plant_appears():
    console.focus_window()
    console.wait("^All 2[4-9]$", timeout=LONG)
    console.wait("^Line 1 · Compressed air, ")
    console.wait("^Compressor 7, ")
    console.wait("^● Live$")
    check(not console.unlabelled(), str(console.unlabelled()))
    console.shot("plant-light")


def drills_to_live_spectrum():
    console.open_machine("Compressor 7")
    console.show_tab("Spectrum")
    console.wait("^Spectrum of Compressor 7, de/acceleration$", timeout=LONG)
    console.wait("^Overlay BPFO$")
    # A live spectrum moves on: another block within seconds.
    first = console.wait("^Block .* s$").name
    wait_for("second block", lambda: console.find("^Block .* s$").name != first)
    console.wait("BPFO, .* Hz, order ")
    console.shot("spectrum-light")


def visits_every_tab():
    for tab in ("Overview", "Waveform", "Envelope", "Trend", "Life", "What if",
                "Twin", "Log"):
        console.show_tab(tab)
        if tab == "Overview":
            console.wait(r": \S+ rpm, [\d.]+ m?s ago$")
        check(not console.unlabelled(), f"{tab}: {console.unlabelled()}")
        console.shot(f"{tab.lower()}-light")


def acknowledges_by_keyboard():
    console.focus_window()
    console.keys("alt+Left")
    wait_for("alarm that names the outer race of Compressor 7", lambda:
             console.find("^Acknowledge Compressor 7, Outer-race")
             or show_alarms(), LONG)
    console.shot("alarms-light")
    choose("Compressor 7")
    console.keys("a")
    console.wait_gone("^Acknowledge Compressor 7, Outer-race")
    console.wait("^Acknowledged")
    console.shot("alarms-acknowledged")


def acknowledges_with_note():
    waiting = console.wait("^Acknowledge .*, ", "button", LONG).name
    source = re.match("Acknowledge (.*?), ", waiting).group(1)
    choose(source)
    console.keys("n")
    console.wait_focused("^Note$")
    console.type("Heard it too, bearing is on order")
    console.shot("alarms-note")
    console.keys("Return")
    console.wait("Heard it too, bearing is on order", "label")


def show_alarms():
    console.keys("ctrl+3")
    return None


def selected_source():
    """The source in the row that has the keyboard."""
    tree = console.tree()
    for row in tree.walk():
        if row.role == "row" and row.has(FOCUSED):
            labels = [n.name for n in row.walk() if n.role == "label"]
            return labels[0] if labels else None
    return None


def choose(source):
    """Tab into the table, then down to the alarm of a source."""
    for _ in range(40):
        if selected_source() is not None:
            break
        before = console.focused()
        console.keys("Tab")
        console.wait_focus_moved(before)
    check(selected_source() is not None, "the keyboard does not reach the list")
    console.keys("Home")
    for _ in range(40):
        if selected_source() == source:
            return
        before = console.focused()
        console.keys("Down")
        console.wait_focus_moved(before)
    raise AssertionError(f"no row of {source}")


def schedules_by_keyboard():
    console.open_machine("Pump 1")
    console.tab_to("^Schedule maintenance$")
    console.keys("Return")
    console.wait("^Hold to schedule: hold Space")
    console.focus_dialog()
    check(not console.unlabelled(), str(console.unlabelled()))
    console.tab_to("^Hold to schedule: hold Space")
    console.shot("schedule-light")
    # The key stays down after the node's answer: as it repeats, it must not
    # confirm a second time.
    console.hold("space", lambda: wait_for(
        "signed result of the node", lambda: verified_in(console.tree()))
        and longer_than_a_hold())
    check(verified_in(console.tree()), "a key held on confirmed again")
    console.shot("schedule-done")
    console.keys("Escape")
    console.wait_dialog_gone()


def longer_than_a_hold():
    """With the button awake again, more than the 1.2 s that confirm."""
    wait_for("button awake again", lambda: console.find(
        "^Hold to schedule: hold Space").has(SENSITIVE))
    end = time.monotonic() + 2
    wait_for("2 s more of the key", lambda: time.monotonic() > end)
    return True


def verified_in(tree):
    """The time at the step “Verified” of the row that follows a request: the
    node has answered, signed, and its reported state shows the order."""
    names = [n.name for n in tree.walk() if n.role == "label"]
    return ("Verified" in names
            and re.match(r"\d+\.\d+ s$", names[names.index("Verified") + 1]))


def comes_back_reported():
    console.show_tab("Overview")
    wait_for("scheduled maintenance in the head", lambda:
             "scheduled" in console.texts())
    console.shot("scheduled-light")
    console.show_tab("Log")
    wait_for("command in the log", lambda: any(
        re.search("[Mm]aintenance", text) for text in console.texts()))
    console.shot("log-light")


def visits_dialogs():
    console.keys("ctrl+4")
    console.wait("^Nodes$")
    console.shot("fleet-light")
    console.tab_to("^Firmware…$")
    console.keys("Return")
    console.wait("^Target query$")
    console.focus_dialog()
    check(not console.unlabelled(), str(console.unlabelled()))
    console.shot("firmware-light")
    console.keys("Escape")
    console.wait_dialog_gone()
    console.keys("ctrl+comma")
    console.focus_dialog()
    console.shot("preferences-light")
    console.keys("Escape")
    console.wait_dialog_gone()


def ends_cleanly():
    status = console.stop()
    check(status == 0, f"exit status {status}: {console.output()[-3000:]}")
    check("main thread, own callbacks: n " in console.output(),
          "no closing figures of the main thread")


def log_is_clean():
    console.check_log(os.path.join(demo, "nodes.log"))


try:
    for name, step in (
            ("plant-appears", plant_appears),
            ("drills-to-a-live-spectrum", drills_to_live_spectrum),
            ("visits-every-tab", visits_every_tab),
            ("schedules-maintenance", schedules_by_keyboard),
            ("maintenance-comes-back", comes_back_reported),
            ("acknowledges-the-alarm-of-the-race", acknowledges_by_keyboard),
            ("acknowledges-with-a-note", acknowledges_with_note),
            ("visits-dialogs", visits_dialogs),
            ("ends-cleanly", ends_cleanly),
            ("log-is-clean", log_is_clean)):
        tap.run("/ui/shift/" + name, step)
finally:
    console.end()
for line in console.output().splitlines()[-2:]:
    print("# " + line)
tap.end()
