#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A fault in the simulated node is named, raises an alarm, its repair is
scheduled and closed with what was found; the stated reliability moves, the log
says so, a kill in between keeps it, and taking it back is exact."""

import json
import time

import twinlab

MACHINE = "compressor-7"


def lines(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def node_of(machine):
    with open(twinlab.PLANT) as file:
        return next(n["node"] if "node" in n else n["name"]
                    for n in json.load(file)["nodes"] if n["machine"] == machine)


def reliability(lab):
    """Of outer-race verdicts, by class; of any class without outcomes too."""
    found = lines(lab.run("--json", "outcome", "reliability"))
    return {row["class"]: row for row in found if row["element"] == "outer"}


def log(lab):
    return [text for (text,) in lab.sql(
        "SELECT text FROM journal WHERE kind = 'maintenance' AND machine = ? ORDER BY id", MACHINE)]


def listen(lab):
    """Block after block, not the schedule's few: the fault is named sooner."""
    stream = {"sensor": "de/acceleration", "axis": "x", "untilS": int(time.time()) + 600}
    return lab.run("desired", MACHINE, "/liveStream", json.dumps(stream), "--wait", "10")


def schedule(tap, lab):
    named = lab.wait(lambda: [a for a in lab.alarms() if a["active"] and a["machine"] == MACHINE
                              and "Outer-race" in a["name"]], 120, 0.25)
    tap.ok(bool(named), "the fault is named and raises an alarm")
    result = lab.run("outcome", "add", MACHINE, "confirmed", "--close")
    tap.ok(result.returncode == 1 and "no such open" in result.stderr,
           "without an order there is none to close", result.stderr)
    order = {"date": "2026-12-03", "work": "replaceBearing"}
    result = lab.run("command", MACHINE, "scheduleMaintenance", json.dumps(order), "--wait", "20")
    tap.ok(result.returncode == 0, "the repair is scheduled", result.stdout + result.stderr)


def close(tap, lab):
    result = lab.run("--json", "outcome", "add", MACHINE, "confirmed", "--close",
                     "--found", "outer race", "--note", "spalled at six o'clock", "--wait", "20")
    tap.ok(result.returncode == 0 and json.loads(result.stdout)["stage"] == "verified"
           and json.loads(result.stdout)["detail"]["after"]["right"] == 1,
           "the order is closed at the node with its outcome", result.stdout + result.stderr)
    tap.ok(any("learnt anew: maintenance was done" in text for text in log(lab)),
           "what is usual is learnt anew", "\n".join(log(lab)))
    state = lab.sql("SELECT state FROM work_order WHERE machine = ?", MACHINE)
    tap.equal(state, [("done",)], "the order is done")
    told = lines(lab.run("--json", "outcome", "list"))
    tap.ok(len(told) == 1 and told[0]["element"] == "outer" and told[0]["who"] == "lab"
           and told[0]["found"] == "outer race" and told[0]["order"],
           "the outcome is about what had been diagnosed", told)
    return told[0]


def main():
    tap = twinlab.Tap()
    if twinlab.find_mosquitto() is None:
        tap.skip("outcome", "mosquitto is not installed")
        tap.done()
    lab = twinlab.Lab()
    lab.import_graph()
    lab.start_broker()
    lab.start_fleet(node=node_of(MACHINE))
    lab.start_engine()
    tap.ok(bool(lab.wait(lambda: lab.enrolled(), 60)), "the node is enrolled")
    result = listen(lab)
    tap.ok(result.returncode == 0, "its sensor streams", result.stderr)
    before = reliability(lab)[None]
    tap.ok(before["right"] == 0 and "test rigs" in before["text"], "nothing was checked here", before)

    schedule(tap, lab)
    told = close(tap, lab)
    moved = reliability(lab)[told["class"]]
    tap.ok(moved["right"] == 1 and moved["mean"] > before["mean"] and "1 of 1" in moved["text"],
           "the stated reliability moves", moved["text"])
    tap.ok(any("confirmed" in text and "→" in text for text in log(lab)), "the log says from what to what",
           "\n".join(log(lab)))

    lab.kill("engine")
    tap.equal(reliability(lab)[told["class"]], moved, "a kill keeps it")
    lab.start_engine()
    # The new engine's own word: until then the store is anybody's.
    lab.wait(lambda: lab.sql("SELECT pid FROM engine_status") == [(lab.processes["engine"].pid,)], 20)
    result = lab.run("outcome", "add", MACHINE, "false", "--order", told["order"])
    tap.ok(result.returncode == 1 and "already" in result.stderr, "one order has one outcome", result.stderr)
    result = lab.run("outcome", "undo", str(told["outcome"]))
    tap.ok(result.returncode == 0, "it is taken back", result.stdout + result.stderr)
    after = reliability(lab)[told["class"]]
    tap.equal([after[k] for k in ("right", "wrong", "mean", "p05", "p95")],
              [before[k] for k in ("right", "wrong", "mean", "p05", "p95")], "to the last digit")
    tap.ok("taken back" in log(lab)[-1], "the log has that too", log(lab)[-1])
    result = lab.run("outcome", "undo", str(told["outcome"]))
    tap.ok(result.returncode == 1 and "already" in result.stderr, "twice is refused", result.stderr)
    result = lab.run("outcome", "add", MACHINE, "false", "--order", told["order"], "--found", "nothing")
    tap.ok(result.returncode == 0, "then it may be told otherwise", result.stdout + result.stderr)
    worse = reliability(lab)[told["class"]]
    tap.ok(worse["wrong"] == 1 and worse["mean"] < before["mean"], "and counts against it", worse["text"])

    result = lab.run("outcome", "add", MACHINE, "confirmed", "--element", "unbalance")
    found = [row for row in lines(lab.run("--json", "outcome", "reliability"))
             if row["element"] == "unbalance" and row["class"] == told["class"]]
    tap.ok(result.returncode == 0 and found and found[0]["right"] == 1 and found[0]["mean"] > 0.5,
           "faults of the whole machine have outcomes too", result.stdout + result.stderr)
    result = lab.run("outcome", "add", MACHINE, "false", "--element", "gremlins")
    tap.ok(result.returncode == 1 and "gremlins" in result.stderr, "a fault that is none", result.stderr)

    tap.equal(lab.kill("engine", 15), 0, "the engine ends cleanly")
    result = lab.run("outcome", "add", "nobody", "false")
    tap.ok(result.returncode == 1 and "nobody" in result.stderr, "an unknown machine", result.stderr)
    result = lab.run("outcome", "add", MACHINE, "maybe")
    tap.ok(result.returncode == 64, "a word that is none", result.stderr)
    result = lab.run("outcome", "undo", "4711")
    tap.ok(result.returncode == 1 and "4711" in result.stderr, "an unknown outcome", result.stderr)
    tap.done()


main()
