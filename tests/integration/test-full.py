#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A full disk: a clear message, the engine goes on, and when there is room
again every record of the time between is asked for and stored.
"""

import os
import subprocess
import time

import twinlab

NODES = ["n-0101"]


def small_disk(lab):
    folder = lab.path("disk")
    os.mkdir(folder)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], capture_output=True)
    return folder if made.returncode == 0 else None


def complete(lab):
    held = lab.held("northfield", NODES, 5)
    received = lab.received()
    for node in NODES:
        for stream, spans in held.get(node, {"": [(0, 0)]}).items():
            *before, (first, last) = spans
            spans = before + [(first, max(first, last - 3))]
            if twinlab.spans_lacking(spans, received.get(node, {}).get(stream, [])):
                return False
    return lab.status().get("openGaps") == 0


def fill(tap, lab, folder):
    filler = os.path.join(folder, "filler")
    with open(filler, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    told = lab.wait(lambda: "full" in lab.log("engine"), 90)
    tap.ok(bool(told), "it is told", lab.log("engine").strip().splitlines()[-1])
    time.sleep(5)
    tap.ok(lab.alive("engine"), "the engine goes on")
    os.unlink(filler)
    tap.ok(bool(lab.wait(lambda: complete(lab), 60, 1)), "nothing is missing afterwards", str(lab.status()))
    tap.equal(lab.sql("SELECT count(*) FROM conflict")[0][0], 0, "nothing is in conflict")
    tap.equal(lab.kill("engine", 15), 0, "SIGTERM ends the engine cleanly")
    tap.equal(lab.sql("PRAGMA integrity_check")[0][0], "ok", "the store is whole")


def main():
    tap = twinlab.Tap()
    if twinlab.find_mosquitto() is None:
        tap.skip("full disk", "mosquitto is not installed")
        tap.done()
    lab = twinlab.Lab()
    folder = small_disk(lab)
    if folder is None:
        tap.skip("full disk", "this account cannot mount a small file system")
        tap.done()
    try:
        lab.store = os.path.join(folder, "plant.db")
        lab.import_graph()
        lab.start_broker()
        lab.start_fleet(node=NODES[0])
        lab.start_engine()
        tap.ok(bool(lab.wait(lambda: lab.status().get("recordsStored", 0) > 5, 90)), "records are stored")
        fill(tap, lab, folder)
    finally:
        lab.kill("engine")
        subprocess.run(["umount", folder], capture_output=True)
    tap.done()


main()
