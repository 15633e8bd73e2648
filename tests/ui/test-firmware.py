#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A firmware campaign by keyboard: looked at, held to start, followed to its
end on two nodes of a plant of its own."""
import base64
import json
import os
import re
import signal
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "integration")]
import twinlab  # noqa: E402
from harness import (LONG, Console, Tap, check, enter_display,  # noqa: E402
                     wait_for)

enter_display()
tap = Tap()
lab = twinlab.Lab()
NODES = ("n-0101", "n-0102", "n-0201")


def twinctl(*words):
    result = lab.run(*words)
    check(result.returncode == 0, result.stderr)
    return result.stdout


def plant_with_a_vendor():
    """Three nodes, enrolled by the key that the console will use."""
    twinctl("model", "import", twinlab.MODELS)
    twinctl("graph", "import", lab.graph)
    twinctl("ota", "keygen", lab.path("acme.pem"))
    with open(lab.path("acme.pub")) as file:
        key = base64.b64decode("".join(file.read().splitlines()[1:-1]))[-32:]
    with open(lab.plant) as file:
        plant = json.load(file)
    plant["nodes"] = [n for n in plant["nodes"] if n["node"] in NODES]
    plant["defaults"]["vendor"] = {"name": "Acme", "key": key.hex()}
    lab.plant = lab.path("plant.json")
    with open(lab.plant, "w") as file:
        json.dump(plant, file)
    with open(lab.path("image"), "wb") as file:
        file.write(b"twin-node image 1\n\n" + os.urandom(60000))
    twinctl("ota", "sign", "--key", lab.path("acme.pem"), "--vendor", "Acme",
            "--class", "compressor-node", "--version", "2.4.1", "--sequence",
            "31", lab.path("image"), "-o", lab.path("a.tcfw"))
    twinctl("ota", "trust", lab.path("acme.pub"), "--name", "acme-2026")
    twinctl("ota", "add", lab.path("a.tcfw"))
    lab.start_broker()
    lab.start_fleet()
    lab.start_engine()
    wait_for("enrolled nodes", lambda: set(lab.enrolled()) >= set(NODES))
    check(lab.kill("engine", signal.SIGTERM) == 0, lab.log("engine"))


def open_console():
    os.makedirs(lab.path("data", "twin-console"))
    os.symlink(lab.path("keys"), lab.path("data", "twin-console", "keys"))
    return Console("--store", lab.store, "--broker", lab.url, "--plant",
                   "northfield", "--report", name="firmware",
                   env={"XDG_DATA_HOME": lab.path("data")})


def shows_who_is_in():
    console.focus_window()
    console.wait("^● Live$", timeout=LONG)
    console.keys("ctrl+4")
    console.wait("^n-0102$")
    wait_for("nodes online", lambda: sum(
        t == "online" for t in console.texts()) >= 3, LONG)
    console.tab_to("^Firmware…$")
    console.keys("Return")
    console.wait("^Target query$")
    console.focus_dialog()
    console.wait("^Signature good$")
    wait_for("two in", lambda: sum(t == "✓ in" for t in console.texts()) == 2)
    check(any(re.search("The image is for compressor-node", t)
              for t in console.texts()), "no reason why the pump is not in")
    check(not console.unlabelled(), str(console.unlabelled()))
    console.shot("firmware-plan")


def limits_make_another_plan():
    before = console.wait("^Plan frozen").name
    console.tab_to("^Canaries$")
    console.keys("Up")
    console.wait("^Hold to start on 2 canaries")
    check(console.wait("^Plan frozen").name != before, "the same plan")
    console.keys("Down")
    console.wait("^Hold to start on 1 canary")
    check(console.wait("^Plan frozen").name == before, "another plan")


def a_tap_does_not_start():
    console.tab_to("^Hold to start on 1 canary")
    console.keys("space")
    check(not lab.sql("SELECT id FROM campaign"), "a tap started it")


def held_it_runs_to_the_end():
    console.hold("space", lambda: console.wait("^At the canaries: "))
    console.shot("firmware-canary")
    wait_for("both confirmed", lambda: sum(
        t == "✓ confirmed" for t in console.texts()) == 2, LONG)
    console.wait("^2 confirmed$")
    check(not console.unlabelled(), str(console.unlabelled()))
    console.shot("firmware-done")
    console.keys("Escape")
    console.wait_dialog_gone()
    wait_for("the new version", lambda: sum(
        t == "2.4.1" for t in console.texts()) == 2)


def ends_cleanly():
    status = console.stop()
    check(status == 0, f"exit status {status}: {console.output()[-3000:]}")
    console.check_log()


tap.run("/ui/firmware/plant", plant_with_a_vendor)
console = open_console()
for step in (shows_who_is_in, limits_make_another_plan, a_tap_does_not_start,
             held_it_runs_to_the_end, ends_cleanly):
    tap.run("/ui/firmware/" + step.__name__.replace("_", "-"), step)
console.end()
tap.end()
