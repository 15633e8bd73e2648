#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""From a block's last sample to its spectrum, and a command's round trip, with
the whole demo plant running beside it.

usage: test-latency.py LATENCY [BLOCKS [COMMANDS]]
"""

import json
import os
import subprocess
import sys

import twinlab

LATENCY = sys.argv[1]
BLOCKS = sys.argv[2] if len(sys.argv) > 2 else "12"
COMMANDS = sys.argv[3] if len(sys.argv) > 3 else "20"


def main():
    tap = twinlab.Tap()
    if twinlab.find_mosquitto() is None:
        tap.skip("latency", "mosquitto is not installed")
        tap.done()
    lab = twinlab.Lab()
    lab.import_graph()
    lab.start_broker()
    lab.start_fleet()
    result = subprocess.run(
        [LATENCY, lab.store, lab.url, lab.path("keys"), os.path.join(twinlab.SOURCE, "data"), lab.plant]
        + ["compressor-7", "de/acceleration", BLOCKS, COMMANDS],
        capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
    )
    tap.say(result.stderr)
    tap.equal(result.returncode, 0, "the engine ran")
    found = json.loads(result.stdout or "{}")
    tap.say(result.stdout)
    tap.ok(found.get("blocks", 0) >= int(BLOCKS), "blocks came, %s" % found.get("blocks"))
    tap.ok(0 < found.get("block_ms_p50", -1) <= 300,
           "last sample to spectrum: median %s ms ≤ 300 ms" % found.get("block_ms_p50"))
    tap.ok(found.get("ordered") is True, "a work order comes back as reported state", result.stderr)
    tap.ok(found.get("commands") == int(COMMANDS), "every command was answered")
    tap.ok(0 < found.get("command_ms_p50", -1) <= 200,
           "command round trip: median %s ms ≤ 200 ms" % found.get("command_ms_p50"))
    tap.done()


main()
