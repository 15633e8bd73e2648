# SPDX-License-Identifier: Apache-2.0
"""The board speaks TLS with mbedTLS: with the right broker from end to end,
with no other. What a handshake costs is counted in instructions."""

import importlib.util
import json
import os
import select
import subprocess
import time

import board
from tlslab import REFUSED, TlsBroker, lacking

NAME = "n-0101"
TOPIC = "twin/1/northfield/%s/" % NAME
NODE = os.path.join(board.OUT, "out", "twin-node-tls.elf")
SHIFT = 3  # 8 ns an instruction


def make(one, broker, certificate, authority="ca", name="localhost"):
    """The factory page of a node whose broker is so named."""
    one.make(
        NAME,
        more=["--broker", broker.url(certificate, name), "--ca", broker.file(authority)],
    )


class Running:
    """The board, and what it has said so far."""

    def __init__(self, one, *words):
        line = one.command(NODE, list(words), net=True, shift=SHIFT, sleep=True)
        self.process = subprocess.Popen(
            line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
        )
        self.text = ""

    def until(self, wanted, seconds=60):
        """Read on until @wanted was said; whether it was."""
        end = time.monotonic() + seconds
        while wanted not in self.text and time.monotonic() < end:
            if select.select([self.process.stdout], [], [], 0.5)[0]:
                more = os.read(self.process.stdout.fileno(), 4096)
                if not more:
                    break
                self.text += more.decode(errors="replace")
        return wanted in self.text

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def publish(broker, topic, payload):
    subprocess.run(
        ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(broker.port["clear"])]
        + ["-q", "1", "-t", topic, "-s"],
        input=payload, check=True, timeout=10,
    )


def right(tap, one, broker, certificate, figures):
    make(one, broker, certificate)
    heard = subprocess.Popen(
        ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(broker.port["clear"])]
        + ["-t", TOPIC + "telemetry", "-C", "1", "-F", "%t", "-W", "60"],
        stdout=subprocess.PIPE, text=True,
    )
    running = Running(one, "stop=8")
    topic = heard.communicate(timeout=70)[0].strip()
    running.until("stack used: ")
    running.stop()
    tap.equal(topic, TOPIC + "telemetry", "telemetry comes through TLS (%s)" % certificate)
    figures.update(board.figures(running.text))


def wrong(tap, one, broker):
    cases = [(certificate, authority, "localhost", why) for certificate, authority, why in REFUSED]
    cases.append(("right", "ca", "elsewhere.invalid", "its certificate is for another host"))
    for certificate, authority, name, reason in cases:
        make(one, broker, certificate, authority, name)
        running = Running(one)
        told = running.until("broker: " + reason)
        running.stop()
        tap.ok(
            told and "online" not in running.text,
            "%s, %s, %s: refused, since %s" % (certificate, authority, name, reason),
            running.text,
        )


def without_clock(tap, one, broker):
    """No clock: an ended certificate is refused, one that is to begin is
    believed until a signed beacon tells the time."""
    make(one, broker, "expired")
    running = Running(one, "rtc=none")
    tap.ok(
        running.until("its certificate has expired"),
        "without a clock what ended before the image was built is refused",
        running.text,
    )
    running.stop()

    make(one, broker, "early")
    running = Running(one, "rtc=none")
    tap.ok(
        running.until("online") and "without a look at its dates" in running.text,
        "without a clock a certificate yet to begin is believed, and that is told",
        running.text,
    )
    token = next(
        bytes.fromhex(node["token"])
        for node in json.load(open(board.PLANT))["nodes"]
        if node["node"] == NAME
    )
    wire = vectors()
    enrolment = {"key": wire.CONSOLE.public, "role": "engineer", "name": "test", "nonce": bytes(16)}
    publish(broker, TOPIC + "enrol", wire.mac0(token, TOPIC + "enrol", wire.enc(enrolment)))
    beacon = "twin/1/northfield/@time"
    publish(broker, beacon, wire.sign1(wire.CONSOLE, beacon, wire.enc({"utc": time.time()})))
    tap.ok(
        running.until("its certificate is not valid yet"),
        "and given up when a beacon tells the time",
        running.text,
    )
    running.stop()


def vectors():
    """firmware/vectors/generate.py, which can sign."""
    path = os.path.join(board.SOURCE, "firmware", "vectors", "generate.py")
    spec = importlib.util.spec_from_file_location("generate", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    board.build()
    if lacking():
        board.skip_all(lacking())
    tap = board.Tap()
    figures, rsa = {}, {}
    with board.Board() as one:
        broker = TlsBroker(one.folder)
        try:
            right(tap, one, broker, "rsa", rsa)
            right(tap, one, broker, "right", figures)
            wrong(tap, one, broker)
            without_clock(tap, one, broker)
        finally:
            broker.close()

    for name, one in (("ECDSA", figures), ("RSA", rsa)):
        cost = board.instructions(one.get("handshake ticks", 1e12), SHIFT) / 1e6
        longest = board.instructions(one.get("handshake ticks longest step", 1e12), SHIFT) / 1e6
        tap.say(
            "%s: handshake %.1f M instructions, longest step %.2f M; memory %d of %d bytes, stack %d of %d"
            % (name, cost, longest, one.get("tls memory", 0), one.get("tls memory size", 0),
               one.get("stack used", 0), one.get("stack size", 0))
        )
        if one is figures:
            tap.ok(cost <= 100, "a handshake takes at most 100 M instructions", cost)
            tap.ok(longest <= 1.6, "none of its steps more than 20 ms at 80 MHz", longest)
        for what, size in (("tls memory", "tls memory size"), ("stack used", "stack size")):
            used, whole = one.get(what, 1), one.get(size, 0)
            tap.ok(used <= 0.75 * whole, "%s: %s leaves a quarter" % (name, what), (used, whole))
    tap.done()


main()
