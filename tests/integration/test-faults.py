#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Within 2 minutes the outer- and inner-race machines raise an alarm that names
the race, and no healthy machine raises any.

usage: test-faults.py [SEEDS [FIRST]]
"""

import json
import sys
import time

import twinlab

SEEDS = int(sys.argv[1]) if len(sys.argv) > 1 else 2
FIRST = int(sys.argv[2]) if len(sys.argv) > 2 else 1
LIMIT_S = 120

WANTED = {"compressor-7": "Outer-race", "pump-3": "Inner-race"}


def unhealthy():
    """Machines of which something else than silence may be said."""
    with open(twinlab.PLANT) as file:
        nodes = json.load(file)["nodes"]
    return {n["machine"] for n in nodes if n.get("faults") or n.get("offline") or "replay" in n}


def named(lab):
    found = {}
    for alarm in lab.alarms():
        for machine, race in WANTED.items():
            if alarm["active"] and alarm.get("machine") == machine and race in alarm.get("name", ""):
                found[machine] = alarm["name"]
    return found


def one_seed(tap, seed):
    lab = twinlab.Lab(seed=seed)
    lab.import_graph()
    lab.start_broker()
    lab.start_engine()
    lab.start_fleet()
    begin = time.monotonic()
    lab.wait(lambda: len(named(lab)) == len(WANTED), LIMIT_S, 0.5)
    seconds = time.monotonic() - begin
    found = named(lab)
    for machine, race in WANTED.items():
        tap.ok(
            machine in found,
            "seed %d: %s raises an alarm naming the race" % (seed, machine),
            found.get(machine, "nothing after %.0f s" % seconds),
        )
    tap.say("seed %d: both named after %.0f s" % (seed, seconds))

    # Healthy ones stay silent for the whole time.
    time.sleep(max(0.0, LIMIT_S - seconds))
    sick = unhealthy()
    false = [
        "%s: %s (%s)" % (a.get("machine"), a.get("name"), a.get("why"))
        for a in lab.alarms()
        if a.get("machine") not in sick
    ]
    tap.equal(false, [], "seed %d: no healthy machine raises an alarm" % seed)
    wrong = lab.sql(
        "SELECT machine, verdict, count(*) FROM diagnosis WHERE confirmed"
        " GROUP BY machine, verdict"
    )
    tap.say("confirmed windows: %r" % wrong)
    tap.say(json.dumps(lab.status()))
    tap.ok(lab.alive("engine") and lab.alive("fleet"), "seed %d: both still run" % seed)
    lab.close()


def main():
    tap = twinlab.Tap()
    if twinlab.find_mosquitto() is None:
        tap.skip("faults", "mosquitto is not installed")
        tap.done()
    for seed in range(FIRST, FIRST + SEEDS):
        one_seed(tap, seed)
    tap.done()


main()
