#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 of engine, broker and node, mid-stream: every record stored once.

usage: test-kill.py [ROUNDS [SEED]]. Each round kills one of the three at a
random moment, sometimes two, and starts it again. At the end the fleet is
killed as the last thing it does, so that its last records were followed by
silence, and comes back. Then what the nodes' rings hold is compared with the
store: open gaps 0, known losses 0, identity conflicts 0, nothing twice.
"""

import json
import random
import signal
import sys
import time

import twinlab

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 10
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(10**6)


def small_plant(lab):
    """Sixteen nodes with a record a second: always mid-stream."""
    with open(twinlab.PLANT) as file:
        plant = json.load(file)
    plant["nodes"] = [n for n in plant["nodes"] if "replay" not in n and n["node"] < "n-0300"]
    plant["defaults"]["summaryPeriodS"] = 1
    path = lab.path("plant.json")
    with open(path, "w") as file:
        json.dump(plant, file)
    lab.plant = path
    return plant["plant"], [n["node"] for n in plant["nodes"]]


def kill_round(lab, dice):
    victims = [dice.choice(["engine", "broker", "fleet"])]
    if dice.random() < 0.25:
        victims = list({*victims, dice.choice(["engine", "broker", "fleet"])})
    time.sleep(dice.uniform(0.2, 3.0))
    for victim in victims:
        lab.kill(victim)
    time.sleep(dice.uniform(0.0, 1.5))
    for victim in victims:
        {"engine": lab.start_engine, "broker": lab.start_broker, "fleet": lab.start_fleet}[victim]()
    return victims


def complete(lab, plant, nodes):
    status = lab.status()
    if status.get("age", 99) > 3 or status.get("openGaps", 1) != 0:
        return None
    held = lab.held(plant, nodes, 5)
    received = lab.received()
    if len(held) < len(nodes):
        return None
    for node, streams in held.items():
        for stream, spans in streams.items():
            # The newest records may be on their way while we look.
            *before, (first, last) = spans
            spans = before + [(first, max(first, last - 3))]
            if twinlab.spans_lacking(spans, received.get(node, {}).get(stream, [])):
                return None
    return held


def main():
    tap = twinlab.Tap()
    if twinlab.find_mosquitto() is None:
        tap.skip("kill -9", "mosquitto is not installed")
        tap.done()

    dice = random.Random(SEED)
    lab = twinlab.Lab(seed=SEED)
    tap.say("seed %d, %d rounds, %s" % (SEED, ROUNDS, lab.folder))
    plant, nodes = small_plant(lab)
    lab.import_graph()
    lab.start_broker()
    lab.start_fleet()
    lab.start_engine()
    tap.ok(
        bool(lab.wait(lambda: len(lab.enrolled()) == len(nodes), 120)),
        "every node of the plant is enrolled",
        ", ".join(lab.enrolled()),
    )

    for number in range(ROUNDS):
        victims = kill_round(lab, dice)
        tap.say("round %d: %s" % (number + 1, ", ".join(victims)))

    # The last records before a silence: nothing follows to show that they lack.
    time.sleep(dice.uniform(1.0, 2.0))
    lab.kill("engine")
    time.sleep(1.5)
    lab.kill("fleet")
    lab.start_engine()
    time.sleep(1)
    lab.start_fleet()

    held = lab.wait(lambda: complete(lab, plant, nodes), 180, 1)
    tap.ok(bool(held), "the store has every record that the rings hold", json.dumps(lab.status()))
    status = lab.status()
    tap.equal(status.get("openGaps"), 0, "open gaps")
    tap.equal(status.get("knownLosses"), 0, "known losses")
    tap.equal(status.get("identityConflicts"), 0, "identity conflicts, as counted")
    tap.equal(lab.sql("SELECT count(*) FROM conflict")[0][0], 0, "identity conflicts, as stored")
    tap.equal(lab.sql("SELECT count(*) FROM known_loss")[0][0], 0, "losses, as stored")

    code = lab.kill("engine", signal.SIGTERM)
    tap.equal(code, 0, "SIGTERM ends the engine cleanly")
    ranges = sum(last - first + 1 for n in lab.received().values() for s in n.values() for first, last in s)
    rows = lab.sql("SELECT count(*), count(DISTINCT stream || '/' || seq) FROM record")[0]
    tap.equal(rows, (ranges, ranges), "one row for each record received")
    tap.equal(lab.sql("PRAGMA integrity_check")[0][0], "ok", "the store is whole")
    twice = 0
    for (twin,) in lab.sql("SELECT DISTINCT twin FROM signal WHERE path = 'current'"):
        result = lab.run("--json", "history", twin, "current", "--from", "-1d")
        times = [json.loads(line).get("time") for line in result.stdout.splitlines()]
        times = [t for t in times if t is not None]
        twice += len(times) - len(set(times))
    tap.equal(twice, 0, "no sample is stored twice")
    tap.say("%d records of %d nodes over %d streams" % (ranges, len(nodes), len(lab.sql("SELECT id FROM stream"))))
    if tap.failed:
        tap.say(lab.log("engine")[-3000:])
    tap.done()


main()
