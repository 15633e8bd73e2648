#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A node switches its machine off, from the engineer's command to the alarm,
through the node's death, to the reset."""

import json

import twinlab

MACHINE = "compressor-7"


def command(lab, name, arguments=None, *more):
    words = [name] + ([json.dumps(arguments)] if arguments is not None else [])
    return lab.run("--json", "command", MACHINE, *words, "--wait", "20", *more)


def done(result):
    return result.returncode == 0 and json.loads(result.stdout)["stage"] == "done"


def trip_alarm(lab):
    result = lab.run("--json", "alarm", "list")
    rows = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    if len(rows) == 1 and "alarms" in rows[0]:
        rows = rows[0]["alarms"]
    return next((row for row in rows if "node.trip" in json.dumps(row)), None)


def trip(tap, lab):
    result = command(lab, "setTrip", {"name": "motor/current", "high": 5, "delayS": 2, "off": False})
    tap.ok(done(result), "an engineer sets a trip limit", result.stdout + result.stderr)
    row = lab.wait(lambda: trip_alarm(lab), 60)
    tap.ok(bool(row) and row.get("priority") == 1 and "motor/current" in (row.get("why") or ""),
           "exceeded for its delay it is a critical alarm that says why", json.dumps(row))
    tap.ok("relay open" in lab.log("fleet"), "and the relay is open")


def die(tap, lab):
    lab.kill("fleet")
    lab.start_fleet(node="n-0107", name="fleet-2")
    tap.ok(bool(lab.wait(lambda: "still tripped" in lab.log("fleet-2"), 60)),
           "killed and started again the node keeps its machine off", lab.log("fleet-2")[-300:])
    row = trip_alarm(lab)
    tap.ok(bool(row) and row.get("active", True), "and the alarm stands", json.dumps(row))


def reset(tap, lab):
    result = command(lab, "resetTrip")
    tap.ok(result.returncode == 1 and "--yes" in result.stderr, "a reset wants --yes", result.stderr)
    result = lab.wait(lambda: (lambda r: r if done(r) else None)(
        command(lab, "setTrip", {"name": "motor/current", "high": 5, "off": True})), 60)
    tap.ok(bool(result), "the limit is taken away")
    result = command(lab, "resetTrip", None, "--yes")
    tap.ok(done(result), "and the trip is reset", result.stdout + result.stderr)
    gone = lab.wait(lambda: not (trip_alarm(lab) or {}).get("active"), 60)
    tap.ok(bool(gone), "the alarm returns", json.dumps(trip_alarm(lab)))
    tap.ok("relay closed" in lab.log("fleet-2"), "and the relay is closed")


def calibrate(tap, lab):
    result = command(lab, "calibrate", {"name": "de/temperature", "scale": 1, "offset": 1.5})
    tap.ok(done(result), "a sensor is calibrated: running, then done", result.stdout + result.stderr)
    result = command(lab, "calibrate", {"name": "de/temperature", "scale": 2, "offset": 0})
    tap.ok(result.returncode == 1 and "argument" in result.stdout + result.stderr,
           "beyond what a sensor can be wrong it is refused", result.stdout + result.stderr)


def main():
    tap = twinlab.Tap()
    if twinlab.find_mosquitto() is None:
        tap.skip("trip", "mosquitto is not installed")
        tap.done()
    lab = twinlab.Lab()
    lab.import_graph()
    lab.start_broker()
    lab.start_fleet(node="n-0107")
    lab.start_engine()
    tap.ok(bool(lab.wait(lambda: "n-0107" in lab.enrolled(), 90)), "the node is enrolled")
    trip(tap, lab)
    die(tap, lab)
    reset(tap, lab)
    calibrate(tap, lab)
    tap.equal(lab.kill("engine", 15), 0, "SIGTERM ends the engine cleanly")
    if tap.failed:
        tap.say(lab.log("engine")[-2000:])
    tap.done()


main()
