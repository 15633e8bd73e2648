#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a fleet of simulated nodes costs the host.

usage: test-node-fleet.py [NODES] [STREAMING] [SECONDS]

NODES rest in the per-minute tier, a second a minute awake; STREAMING send all
that three axes at 4 kHz give. The bars: half a core and 1.5 GB for 2,400, one
core for 200.
"""

import json
import os
import resource
import subprocess
import sys
import time

import twinlab

NODES = int(sys.argv[1]) if len(sys.argv) > 1 else 2400
STREAMING = int(sys.argv[2]) if len(sys.argv) > 2 else 200
SECONDS = int(sys.argv[3]) if len(sys.argv) > 3 else 60
TICKS = os.sysconf("SC_CLK_TCK")
BLOCKS_A_NODE = 6  # a second: three axes, half a second each

MINUTE = {"captureS": 0, "everyS": 0, "summaryPeriodS": 60, "dutyBlockS": 1, "dutyEveryS": 60}
# A capture is over a moment after the next is due, so one turn may be missed.
STREAM = {"captureS": 59, "everyS": 60, "summaryPeriodS": 1}


def plant(count, defaults):
    nodes = [{"node": "n-%04d" % i, "machine": "m-%d" % i, "seed": i} for i in range(count)]
    return {"plant": "big", "defaults": defaults, "nodes": nodes}


def cpu_s(pid):
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_mb(pid):
    with open("/proc/%d/status" % pid) as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0


def online(lab, count):
    """Until so many retained births are there; their number."""
    out = subprocess.run(
        ["mosquitto_sub", "-p", str(lab.port), "-t", "twin/1/big/+/birth", "-F", "%t",
         "-C", str(count), "-W", "240"],
        capture_output=True, text=True,
    )
    return len(set(out.stdout.split()))


class Counter:
    """Messages of a channel, counted while it lives."""

    def __init__(self, lab, channel):
        self.file = open(lab.path("counted"), "w+")
        self.process = subprocess.Popen(
            ["mosquitto_sub", "-p", str(lab.port), "-t", "twin/1/big/+/" + channel, "-F", "%l"],
            stdout=self.file,
        )

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.file.seek(0)
        return len(self.file.read().split())


def run(tap, name, count, defaults, warm_s, channel, core, most_mb, least):
    lab = twinlab.Lab()
    path = lab.path("big.json")
    with open(path, "w") as file:
        json.dump(plant(count, defaults), file)
    lab.start_broker()
    begin = time.monotonic()
    node = lab.start(
        "fleet", [twinlab.TWIN_NODE, "--fleet", path, "--broker", lab.url, "--state", lab.folder]
    )
    tap.equal(online(lab, count), count, "%s: %d nodes are online" % (name, count))
    tap.say("after %.0f s and %.1f s of CPU" % (time.monotonic() - begin, cpu_s(node.pid)))
    time.sleep(warm_s)

    counter = Counter(lab, channel)
    before, began = cpu_s(node.pid), time.monotonic()
    time.sleep(SECONDS)
    took = time.monotonic() - began
    share, size = (cpu_s(node.pid) - before) / took, resident_mb(node.pid)
    messages = counter.stop() / took
    tap.say("%.1f %s a second in %.0f s" % (messages, channel, took))
    tap.ok(share <= core, "%s: %.0f %% of a core, at most %.0f %%" % (name, share * 100, core * 100))
    tap.ok(size <= most_mb, "%s: %.0f MB, at most %d" % (name, size, most_mb))
    tap.ok(messages >= least, "%s: %.1f %s a second, at least %.1f" % (name, messages, channel, least))
    lab.close()


def main():
    tap = twinlab.Tap()
    if twinlab.find_mosquitto() is None:
        tap.skip("fleet", "mosquitto is not installed")
        tap.done()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * NODES + 256
    if hard != resource.RLIM_INFINITY and hard < wanted:
        tap.skip("fleet", "%d open files are allowed, %d are needed" % (hard, wanted))
        tap.done()
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))

    run(tap, "per minute", NODES, MINUTE, 5, "telemetry", 0.5, 1536, 0.9 * NODES / 60)
    run(tap, "streaming", STREAMING, STREAM, 65, "waveform", 1.0, 1536,
        0.9 * BLOCKS_A_NODE * STREAMING)
    tap.done()


if __name__ == "__main__":
    main()
