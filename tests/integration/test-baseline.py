#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is usual is learnt record by record, a kill keeps it, and somebody's
word makes it forgotten, which the log says."""

import json
import time

import twinlab

MACHINE = "compressor-1"


def node_of(machine):
    with open(twinlab.PLANT) as file:
        return next(n["node"] if "node" in n else n["name"]
                    for n in json.load(file)["nodes"] if n["machine"] == machine)


def learnt(lab):
    """Records learnt of the x axis, over all states."""
    rows = lab.sql("SELECT value FROM setting WHERE key LIKE ?", "states/" + MACHINE + "-de/%/x")
    return sum(line.startswith("-") for (text,) in rows for line in text.splitlines())


def main():
    tap = twinlab.Tap()
    if twinlab.find_mosquitto() is None:
        tap.skip("baseline", "mosquitto is not installed")
        tap.done()
    lab = twinlab.Lab()
    lab.import_graph()
    lab.start_broker()
    lab.start_fleet(node=node_of(MACHINE))
    lab.start_engine()
    tap.ok(bool(lab.wait(lambda: lab.enrolled(), 60)), "the node is enrolled")
    stream = {"sensor": "de/acceleration", "axis": "x", "untilS": int(time.time()) + 600}
    result = lab.run("desired", MACHINE, "/liveStream", json.dumps(stream), "--wait", "10")
    tap.ok(result.returncode == 0, "its sensor streams", result.stderr)

    tap.ok(bool(lab.wait(lambda: learnt(lab) >= 2, 60, 0.5)), "two records are learnt", str(learnt(lab)))
    before = learnt(lab)
    lab.kill("engine")
    tap.ok(learnt(lab) >= before, "a kill keeps them")
    before = learnt(lab)
    lab.start_engine()
    tap.ok(bool(lab.wait(lambda: learnt(lab) > before, 60, 0.5)), "and learning goes on from there",
           f"{before} before, {learnt(lab)} now")

    before = learnt(lab)
    result = lab.run("baseline", "relearn", MACHINE)
    tap.ok(result.returncode == 0, "it is forgotten on demand", result.stdout + result.stderr)
    tap.ok(learnt(lab) < before, "in the store too", f"{before} before, {learnt(lab)} now")
    told = lab.sql("SELECT text, who FROM journal WHERE kind = 'maintenance' AND machine = ?", MACHINE)
    tap.ok(any("learnt anew: by command" in text and who == "lab" for text, who in told), "the log says so", told)
    result = lab.run("baseline", "relearn", "nobody")
    tap.ok(result.returncode == 1 and "nobody" in result.stderr, "an unknown machine", result.stderr)
    tap.equal(lab.kill("engine", 15), 0, "the engine ends cleanly")
    tap.done()


main()
