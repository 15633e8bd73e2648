#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The engine's memory stays flat: it may not grow in the second half of a run.

usage: test-memory.py [SECONDS]
"""

import sys
import time

import twinlab

SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 120
# Sanitizers keep what was freed for a while: they have a bar of their own.
ALLOWED_KB = 4096
ALLOWED_SANITIZED_KB = 65536


def resident(pid):
    with open("/proc/%d/status" % pid) as file:
        for line in file:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0


def sanitized():
    with open(twinlab.TWINCTL, "rb") as file:
        return b"__asan_init" in file.read()


def main():
    tap = twinlab.Tap()
    if twinlab.find_mosquitto() is None:
        tap.skip("memory", "mosquitto is not installed")
        tap.done()
    lab = twinlab.Lab()
    lab.import_graph()
    lab.start_broker()
    lab.start_engine()
    lab.start_fleet()
    allowed = ALLOWED_SANITIZED_KB if sanitized() else ALLOWED_KB
    sizes = []
    begin = time.monotonic()
    while time.monotonic() - begin < SECONDS and lab.alive("engine"):
        time.sleep(2)
        sizes.append(resident(lab.processes["engine"].pid))
    tap.ok(lab.alive("engine"), "the engine runs to the end")
    tap.say("resident kB: " + " ".join(str(s) for s in sizes[:: max(1, len(sizes) // 15)]))
    half = sizes[len(sizes) // 2 :]
    first, last = max(half[:5]), max(half[-5:])
    tap.ok(
        last - first <= allowed,
        "memory is flat: %d kB at half time, %d kB at the end" % (first, last),
    )
    status = lab.status()
    tap.equal(status.get("droppedMessages"), 0, "no message was dropped")
    tap.equal(status.get("droppedBlocks"), 0, "no block was dropped")
    tap.equal(lab.kill("engine", 15), 0, "SIGTERM ends it cleanly")
    tap.done()


main()
