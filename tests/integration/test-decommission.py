#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A node leaves: its keys are wiped, the broker keeps nothing of it, and its
machine waits for another; also when it was offline when it was told to go."""

import json
import subprocess
import sys

import twinlab

NODE, MACHINE = "n-0107", "compressor-7"


# What the broker keeps of @node: channels that are not empty.
def retained(lab, node):
    result = subprocess.run(
        ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(lab.port), "-t", "twin/1/northfield/%s/+" % node,
         "--retained-only", "-F", "%t %l", "-W", "2"],
        capture_output=True, text=True, timeout=20,
    )
    return sorted(line.split()[0].split("/")[-1] for line in result.stdout.splitlines() if line.split()[1] != "0")


def lifecycle(lab):
    return lab.sql("SELECT lifecycle FROM twin WHERE id = ?", MACHINE)[0][0]


def row(lab):
    return lab.sql("SELECT enrolled, machine, birth FROM node WHERE name = ?", NODE)[0]


def online(tap, lab):
    lab.run("desired", MACHINE, "/summaryPeriodS", "2", "--wait", "15")
    tap.ok("desired" in retained(lab, NODE), "the broker keeps a desired document", retained(lab, NODE))
    result = lab.run("decommission", NODE)
    tap.ok(result.returncode == 1 and "--yes" in result.stderr, "it asks for --yes", result.stderr)
    result = lab.run("decommission", "n-none", "--yes")
    tap.ok(result.returncode == 1 and "n-none" in result.stderr, "an unknown node", result.stderr)
    result = lab.run("--json", "decommission", NODE, "--yes", "--wait", "30")
    tap.ok(result.returncode == 0 and json.loads(result.stdout)["stage"] == "done",
           "the node is decommissioned", result.stdout + result.stderr)
    tap.equal(lifecycle(lab), "commissioned", "its machine is no longer in service")
    who = lab.sql("SELECT who, kind FROM change ORDER BY id DESC LIMIT 1")[0]
    tap.equal(tuple(who), ("lab", "decommission"), "the journal has who did it")
    tap.ok(bool(lab.wait(lambda: not row(lab)[0], 10)), "our key is on it no longer")


# It starts anew with its token and without keys: a ghost, until somebody
# commissions it.
def returned(tap, lab):
    tap.ok(bool(lab.wait(lambda: NODE in lab.status().get("ghostNodes", []), 60)), "it comes back as a ghost",
           lab.status().get("ghostNodes"))
    birth = json.loads(row(lab)[2])
    tap.ok(birth["serial"] != "" and row(lab)[1] is None, "with its birth, without a machine")
    result = lab.run("command", MACHINE, "identify", '{"seconds": 1}')
    tap.ok(result.returncode == 1, "commands to its machine are refused", result.stderr)
    tap.ok("desired" not in retained(lab, NODE), "nothing is desired of it", retained(lab, NODE))


def offline(tap, lab):
    node = "n-0108"
    machine = lab.sql("SELECT machine FROM node WHERE name = ?", node)[0][0]
    lab.kill("second", 15)
    lab.wait(lambda: lab.sql("SELECT status FROM node WHERE name = ?", node)[0][0] == "offline", 60)
    result = lab.run("decommission", node, "--yes")
    tap.ok(result.returncode == 0 and "offline" in result.stdout, "one that is offline is told later",
           result.stdout + result.stderr)
    tap.ok(bool(lab.wait(lambda: retained(lab, node) == [], 20, 1)), "the broker keeps nothing of it meanwhile",
           retained(lab, node))
    lab.kill("engine", 15)
    lab.start_engine()
    lab.wait(lambda: lab.status().get("link") == "up", 60)
    lab.start_fleet(name="second", node=node)
    tap.ok(bool(lab.wait(lambda: lab.sql("SELECT enrolled FROM node WHERE name = ?", node)[0][0] == 0, 90, 1)),
           "it leaves when it comes, after a restart of the engine, too")
    state = lab.sql("SELECT lifecycle FROM twin WHERE id = ?", machine)[0][0]
    tap.equal(state, "commissioned", "and its machine is no longer in service")


def main():
    tap = twinlab.Tap()
    if twinlab.find_mosquitto() is None:
        tap.skip("decommission", "mosquitto is not installed")
        tap.done()
    lab = twinlab.Lab()
    lab.import_graph()
    lab.start_broker()
    lab.start_fleet(node=NODE)
    lab.start_fleet(name="second", node="n-0108")
    lab.start_engine()
    tap.ok(bool(lab.wait(lambda: NODE in lab.enrolled() and "n-0108" in lab.enrolled(), 90)), "two nodes are enrolled")
    online(tap, lab)
    returned(tap, lab)
    offline(tap, lab)
    tap.done()


if __name__ == "__main__":
    sys.exit(main())
