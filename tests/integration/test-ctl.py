#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""twinctl's verbs against a running engine: what they print, how they exit."""

import json

import twinlab


def lines(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def history(tap, lab):
    result = lab.run("--json", "history", "motor-8-motor", "current", "--from", "-1m")
    points = [p for p in lines(result) if "mean" in p]
    tap.ok(result.returncode == 0 and len(points) >= 5, "history as JSON, %d points" % len(points))
    tap.ok(all(20 < p["mean"] < 50 and p["count"] == 1 for p in points), "raw samples are samples")
    result = lab.run("history", "motor-8-motor", "current", "--from", "-1m", "--step", "10s", "--csv")
    rows = result.stdout.splitlines()
    tap.ok(rows[0] == "time,mean,min,max,count" and len(rows) > 1, "steps as CSV", rows[-1])
    result = lab.run("history", "motor-8", "nothing")
    tap.ok(result.returncode == 1 and "nothing" in result.stderr, "an unknown signal", result.stderr)
    result = lab.run("history", "motor-8")
    tap.ok(result.returncode == 64, "an argument is missing", result.stderr)
    result = lab.run("history", "motor-8-motor", "current", "--from", "yesterday")
    tap.ok(result.returncode == 64 and "yesterday" in result.stderr, "a time that is none", result.stderr)


def alarms(tap, lab):
    found = lab.wait(lambda: [a for a in lines(lab.run("--json", "alarm", "list"))
                              if a["machine"] == "motor-8"], 120, 1)
    tap.ok(bool(found) and found[0]["name"] == "Motor overloaded" and found[0]["state"] == "unacknowledged",
           "the overloaded machine is in the list", str(found))
    if not found:
        return
    alarm = found[0]["id"]
    result = lab.run("alarm", "ack", alarm, "--note", "on it")
    tap.equal((result.returncode, result.stdout), (0, "Acknowledged.\n"), "acknowledging")
    result = lab.run("alarm", "ack", alarm)
    tap.ok(result.returncode == 1, "acknowledging twice is refused", result.stderr)
    result = lab.run("alarm", "shelve", alarm, "--for", "10m")
    tap.equal((result.returncode, result.stdout), (0, "Shelved.\n"), "shelving")
    now = [a for a in lines(lab.run("--json", "alarm", "list")) if a["id"] == alarm][0]
    tap.equal((now["state"], now["note"]), ("shelved", "on it"), "both are seen in the list")
    result = lab.run("alarm", "ack", "nobody/nothing")
    tap.ok(result.returncode == 1 and "nobody" in result.stderr, "an unknown alarm", result.stderr)
    told = [r[0] for r in lab.sql("SELECT event FROM alarm_transition WHERE who = 'lab' ORDER BY id")]
    tap.equal(told, ["acknowledge", "shelve"], "the journal has who did it")


def others(tap, lab):
    result = lab.run("--json", "status")
    found = json.loads(result.stdout)
    tap.ok(found["running"] and found["link"] == "up" and found["machines"] == 24, "status", result.stdout)
    result = lab.run("--json", "rul", "motor-8")
    found = json.loads(result.stdout)
    tap.ok(result.returncode == 0 and found["rul"] is None and found["why"], "rul says why not", result.stdout)
    result = lab.run("rul", "nobody")
    tap.ok(result.returncode == 1 and "nobody" in result.stderr, "an unknown twin", result.stderr)
    result = lab.run("command", "motor-8", "decommission")
    tap.ok(result.returncode == 1 and "--yes" in result.stderr, "what cannot be taken back asks for --yes")
    tap.equal(lab.kill("engine", 15), 0, "SIGTERM ends the engine cleanly")
    result = lab.run("--json", "command", "motor-8", "identify", '{"seconds": 1}', "--wait", "10")
    tap.ok(result.returncode == 0, "without an engine a command brings its own", result.stdout + result.stderr)


def main():
    tap = twinlab.Tap()
    if twinlab.find_mosquitto() is None:
        tap.skip("twinctl", "mosquitto is not installed")
        tap.done()
    lab = twinlab.Lab()
    lab.import_graph()
    lab.start_broker()
    lab.start_fleet(node="n-0308")
    lab.start_engine()
    tap.ok(bool(lab.wait(lambda: "n-0308" in lab.enrolled(), 90)), "the node is enrolled")
    alarms(tap, lab)
    history(tap, lab)
    others(tap, lab)
    tap.done()


main()
