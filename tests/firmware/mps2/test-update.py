# SPDX-License-Identifier: Apache-2.0
"""The bootloader and real images: good, hanging, deaf, with a wrong clock.

The flash is filled past the agent: slot 0 holds 1.0.0, known good, slot 1 a
candidate that is pending. What a fetch does is the host tests'; it is the same
code.
"""

import hashlib
import json
import os
import struct
import subprocess
import sys
import threading
import time
import zlib

import board

sys.path.insert(0, os.path.join(board.SOURCE, "firmware", "vectors"))

from generate import MANIFEST_AAD, STRANGER, VENDOR, enc, sign1  # noqa: E402
from twinlab import find_mosquitto, free_port  # noqa: E402

SHIFT = 5  # 32 ns an instruction: the sensors' part of a second is quick
LIMIT_S = 100
MAP = board.code_map()
IDLE, PENDING, TRIAL, CONFIRMED, REVERTED, REFUSED = range(6)
UNCONFIRMED, BROKER, CLOCK = 12, 13, 15
GOOD, OTHER = "1.0.0", "1.1.0"
NODES = ("n-1", "n-2")  # two run side by side


def image(name):
    with open(os.path.join(board.OUT, "out", name + ".bin"), "rb") as file:
        return file.read()


def envelope(content, version, sequence, counter=0, key=VENDOR, **more):
    manifest = {
        "vendor": "Example Vendor",
        "class": "machine-node",
        "version": version,
        "sequence": sequence,
        "counter": counter,
        "size": len(content),
        "digest": hashlib.sha256(content).digest(),
    }
    manifest.update(more)
    return sign1(key, MANIFEST_AAD, enc(manifest))


def page(state, active=0, trial=1, counter=5):
    head = struct.pack(
        "<IIBBBBBxxxQI", 0x54454D42, 1, active, trial, state, 0, 0, counter, 0
    )
    return head + struct.pack("<I", zlib.crc32(head))


class Bench(board.Board):
    """A board with two slots, and what it said."""

    def __init__(self, plant, node):
        super().__init__()
        self.make(node, plant=plant)
        self.text = ""

    def meta(self):
        """(active, trial, state, tries, reason, counter) of the newest page."""
        newest = None
        with open(self.flash, "rb") as file:
            for index in range(MAP["CODE_META_PAGES"]):
                file.seek(MAP["CODE_META"] + index * 4096)
                raw = bytes(255 - byte for byte in file.read(32))
                if zlib.crc32(raw[:28]) == struct.unpack("<I", raw[28:])[0]:
                    fields = struct.unpack("<IIBBBBBxxxQI", raw[:28])
                    if newest is None or fields[1] > newest[1]:
                        newest = fields
        return newest[2:8] if newest else None

    def play(self, port, until):
        """Run until the last line of interest was said; True if it was."""
        words = ["broker=10.0.2.2:%d" % port]
        line = self.command(board.BOOT, words, shift=SHIFT, net=True)
        process = subprocess.Popen(
            line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
        )
        late = threading.Timer(LIMIT_S, process.kill)
        late.start()
        wanted = list(until)
        try:
            for raw in process.stdout:
                said = raw.decode(errors="replace")
                self.text += said
                if wanted[0] in said:
                    wanted.pop(0)
                if not wanted:
                    break
        finally:
            late.cancel()
            process.kill()
            process.wait()
            process.stdout.close()
        return not wanted


def boots(version, trial=False):
    return "boot: slot %d, %s%s" % (version != GOOD, version, ", on trial" if trial else "")


TRIED = [boots(OTHER, True)]
BACK = [boots(GOOD), "online"]


# name, image, manifest's other values, what it says, state, reason, counter after
def cases():
    node = image("twin-node")
    return [
        ("a good image", node, {}, TRIED + ["confirmed"], (CONFIRMED, 0, 6)),
        ("an image that hangs", image("hang"), {}, TRIED * 3 + BACK, (REVERTED, UNCONFIRMED, 5)),
        ("an image that reaches no broker", image("deaf"), {}, TRIED + BACK, (REVERTED, BROKER, 5)),
        ("an image with a slow clock", image("clock"), {}, TRIED + BACK, (REVERTED, CLOCK, 5)),
        ("no program at all", b"\x5a" * 5000, {}, TRIED * 3 + BACK, (REVERTED, UNCONFIRMED, 5)),
        ("another vendor's key", node, {"key": STRANGER}, BACK, (REFUSED, 2, 5)),
        ("another class", node, {"class": "pump-node"}, BACK, (REFUSED, 5, 5)),
        ("an older sequence", node, {"sequence": 1}, BACK, (REFUSED, 7, 5)),
        ("a lower counter", node, {"counter": 4}, BACK, (REFUSED, 8, 5)),
        ("a tampered payload", node, {}, BACK, (REFUSED, 9, 5)),
        ("a tampered header", node, {}, BACK, (REFUSED, 3, 5)),
    ]


def prepare(bench, name, content, more):
    old = image("twin-node")
    bench.fill(0, envelope(old, GOOD, 10, 5), old)
    values = {"version": OTHER, "sequence": 11, "counter": 6}
    values.update(more)
    signed = envelope(content, **values)
    if name == "a tampered payload":
        content = content[:70000] + bytes([content[70000] ^ 1]) + content[70001:]
    if name == "a tampered header":
        signed = signed.replace(b"1.1.0", b"1.1.1")
    bench.fill(1, signed, content)
    bench.put(MAP["CODE_META"], page(PENDING))


def run_case(plant, port, case, results, node):
    name, content, more, says, outcome = case
    with Bench(plant, node) as bench:
        prepare(bench, name, content, more)
        began = time.monotonic()
        said = bench.play(port, says)
        results[name] = (said, bench.meta(), bench.text, time.monotonic() - began)


def start_broker(folder):
    port = free_port()
    config = os.path.join(folder, "broker.conf")
    with open(config, "w") as file:
        file.write("listener %d 127.0.0.1\nallow_anonymous true\nlog_dest none\n" % port)
    return port, subprocess.Popen([find_mosquitto(), "-c", config], stdin=subprocess.DEVNULL)


def write_plant(folder):
    path = os.path.join(folder, "plant.json")
    with open(path, "w") as file:
        json.dump(
            {
                "plant": "bench",
                "nodes": [
                    {
                        "node": node,
                        "everyS": 0,
                        "vendor": {"name": "Example Vendor", "key": VENDOR.public.hex()},
                    }
                    for node in NODES
                ],
            },
            file,
        )
    return path


def main():
    if find_mosquitto() is None:
        board.skip_all("mosquitto is not installed")
    board.build()
    tap = board.Tap()
    began = time.monotonic()
    with board.Board() as folder:
        plant = write_plant(folder.folder)
        port, broker = start_broker(folder.folder)
        results = {}
        waiting = cases()
        try:
            while waiting:
                two = [
                    threading.Thread(target=run_case, args=(plant, port, case, results, node))
                    for case, node in zip(waiting, NODES)
                ]
                waiting = waiting[2:]
                for one in two:
                    one.start()
                for one in two:
                    one.join()
        finally:
            broker.kill()
            broker.wait()

    tap.say("%-34s %9s %5s %7s" % ("", "kept bad", "dead", "s"))
    for name, _, _, _, outcome in cases():
        said, meta, text, seconds = results[name]
        state, reason, counter = outcome
        active = 1 if state == CONFIRMED else 0
        kept = meta is None or (meta[0] != active)
        tap.ok(
            said and meta is not None and meta == (active, 1, state, meta[3], reason, counter),
            "%-34s %8d %5d %7.1f" % (name, kept, not said, seconds),
            "" if said else text[-2000:],
        )
    tap.say("the matrix took %.0f s" % (time.monotonic() - began))
    tap.done()


main()
