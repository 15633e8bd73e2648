#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A group's tier: its machines' nodes send once a minute and no waveforms, and
nothing is analysed; without the group all is as before. What it saves: the
processor time of an engine with 24 machines, full against thresholds."""

import json
import os
import sys
import time

import twinlab

NODE, MACHINE = "n-0107", "compressor-7"


def reported(lab, node=NODE):
    rows = lab.sql("SELECT reported FROM node WHERE name = ?", node)
    return json.loads(rows[0][0]) if rows and rows[0][0] else {}


def one(tap):
    lab = twinlab.Lab()
    lab.import_graph()
    lab.start_broker()
    lab.start_fleet(node=NODE)
    lab.start_engine()
    tap.ok(bool(lab.wait(lambda: NODE in lab.enrolled(), 90)), "a node is enrolled")
    before = lab.wait(lambda: reported(lab).get("summaryPeriodS") and reported(lab), 30)
    lab.run("group", "create", "quiet", "--query", "SELECT * FROM DIGITALTWINS T WHERE T.$dtId = '%s'" % MACHINE,
            "--tier", "thresholds")
    tap.ok(bool(lab.wait(lambda: lab.status().get("thresholdsOnly") == 1, 15)), "the group's machine has its tier",
           lab.status().get("thresholdsOnly"))
    found = lab.wait(lambda: reported(lab).get("summaryPeriodS") == 60 and reported(lab), 20)
    tap.ok(bool(found) and found["schedule"]["everyS"] == 0, "its node sends once a minute and no waveforms",
           reported(lab))
    silence = lab.sql("SELECT value FROM setting WHERE key = 'tier/%s'" % NODE)
    tap.equal(silence, [("thresholds",)], "what was set for it is remembered")

    # The fullest of two tiers wins.
    lab.run("group", "create", "loud", "--tier", "full", "--members", MACHINE)
    tap.ok(bool(lab.wait(lambda: lab.status().get("thresholdsOnly") == 0, 15)), "of two tiers the fuller one wins")
    lab.run("group", "delete", "loud")
    lab.wait(lambda: lab.status().get("thresholdsOnly") == 1, 15)
    lab.run("group", "delete", "quiet")
    tap.ok(bool(lab.wait(lambda: lab.status().get("thresholdsOnly") == 0, 15)), "without a group it is full again")
    after = lab.wait(lambda: reported(lab).get("summaryPeriodS") == before["summaryPeriodS"] and reported(lab), 20)
    tap.equal((after or {}).get("schedule"), before["schedule"], "and its node does what it did before")
    lab.close()


# Seconds of processor that the engine took.
def cpu(pid):
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(lab, seconds):
    pid = lab.processes["engine"].pid
    first = cpu(pid)
    time.sleep(seconds)
    return (cpu(pid) - first) / seconds


def all_of_them(tap, seconds):
    lab = twinlab.Lab()
    lab.import_graph()
    lab.start_broker()
    lab.start_fleet()
    lab.start_engine()
    tap.ok(bool(lab.wait(lambda: len(lab.enrolled()) == 24, 120)), "24 nodes are enrolled")
    time.sleep(5)
    full = measure(lab, seconds)
    lab.run("group", "create", "all", "--query", "SELECT * FROM DIGITALTWINS T WHERE HAS_TAG(T, 'quiet')",
            "--tier", "thresholds")
    machines = [row[0] for row in lab.sql("SELECT machine FROM node WHERE machine IS NOT NULL")]
    for machine in machines:
        lab.run("twin", "tag", machine, "+quiet")
    nodes = lab.enrolled()
    tap.ok(bool(lab.wait(lambda: all(reported(lab, node).get("summaryPeriodS") == 60 for node in nodes), 90, 1)),
           "all of them send once a minute", lab.status().get("thresholdsOnly"))
    time.sleep(5)
    thresholds = measure(lab, seconds)
    tap.ok(thresholds < full / 2, "thresholds alone cost less than half",
           "processor of the engine, 24 machines: full %.1f %%, thresholds %.1f %% of one core" % (full * 100, thresholds * 100))
    lab.close()


def main():
    tap = twinlab.Tap()
    if twinlab.find_mosquitto() is None:
        tap.skip("tiers", "mosquitto is not installed")
        tap.done()
    one(tap)
    all_of_them(tap, float(sys.argv[1]) if len(sys.argv) > 1 else 20)
    tap.done()


if __name__ == "__main__":
    sys.exit(main())
