#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is wrong in the surroundings is told in a sentence, never a crash."""

import os
import subprocess
import time

import twinlab


def refuse(tap, name, result, code, *words):
    text = result.stderr.strip()
    tap.ok(
        result.returncode == code and all(word in text for word in words) and result.stdout == "",
        name,
        "exit %d: %s" % (result.returncode, text),
    )


def sentences(tap, lab):
    refuse(tap, "a broker that is not there", lab.run("run", timeout=30), 3, str(lab.port), "refused")
    lab.url = "mqtt://no-such-host.invalid:1883"
    refuse(tap, "a broker whose name is unknown", lab.run("run", timeout=40), 3, "no-such-host.invalid")
    lab.url = "ftp://127.0.0.1"
    refuse(tap, "an address that is none", lab.run("run"), 3, "ftp")
    lab.url = "mqtt://127.0.0.1:%d" % lab.port

    store, lab.store = lab.store, lab.folder
    refuse(tap, "a store that is a directory", lab.run("run"), 3, lab.folder)
    lab.store = lab.path("no", "such", "folder", "plant.db")
    refuse(tap, "a store in a folder that is not there", lab.run("run"), 3, "folder")
    lab.store = lab.path("text.db")
    with open(lab.store, "w") as file:
        file.write("this is no database at all, but a text that is long enough\n" * 100)
    refuse(tap, "a store that is another file", lab.run("status"), 3, "text.db")
    lab.store = store

    model = lab.path("broken.json")
    with open(model, "w") as file:
        file.write('{"@id": "dtmi:x;1", "@type": "Interface"')
    result = lab.run("model", "validate", model)
    tap.ok(result.returncode == 1 and "broken.json" in result.stdout + result.stderr, "a corrupt model",
           result.stdout + result.stderr)
    refuse(tap, "a command that is none", lab.run("frobnicate"), 64, "frobnicate")


def hostile(tap, lab):
    """Truncated and random payloads on every channel: counted, nothing else."""
    lab.start_broker()
    lab.start_engine()
    lab.wait(lambda: lab.status().get("link") == "up", 60)
    payloads = [b"", b"\x00", b"\x9f", b"\xff" * 40, b"\x83\x01\x02", b"\xbb" + b"\xff" * 8,
                b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff", b"\xd2\x84\x43\xa1\x01\x27", os.urandom(2000)]
    channels = ["birth", "status", "telemetry", "event", "ring", "waveform", "reported", "result",
                "enrolled", "desired"]
    for channel in channels:
        for payload in payloads:
            subprocess.run(
                ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(lab.port), "-q", "1"]
                + ["-t", "twin/1/northfield/n-0666/%s" % channel, "-s" if payload else "-n"],
                input=payload, check=True, timeout=10,
            )
    lab.wait(lambda: lab.status().get("badMessages", 0) >= 60, 60)
    status = lab.status()
    tap.ok(lab.alive("engine") and status.get("age", 99) < 3, "the engine goes on", str(status))
    tap.ok(status.get("badMessages", 0) >= 60, "bad messages are counted", str(status.get("badMessages")))
    second = lab.run("run")
    refuse(tap, "a second engine on the store", second, 3, lab.store)
    time.sleep(0.2)
    tap.equal(lab.kill("engine", 15), 0, "SIGTERM ends it cleanly")


def main():
    tap = twinlab.Tap()
    if twinlab.find_mosquitto() is None:
        tap.skip("clear messages", "mosquitto is not installed")
        tap.done()
    lab = twinlab.Lab()
    lab.import_graph()
    sentences(tap, lab)
    hostile(tap, lab)
    if tap.failed:
        tap.say(lab.log("engine")[-2000:])
    tap.done()


main()
