# SPDX-License-Identifier: Apache-2.0
"""The board, a broker and the engine: what goes over the wire, read by a CBOR
library that is not ours, and a command, a desired document and a replay."""

import json
import os
import subprocess

import board
import twinlab

NODE = "n-0107"
TWIN = "compressor-7"
TOPIC = "twin/1/northfield/%s/" % NODE
SHIFT = 3


class Wire:
    """Everything published under twin/, in order: (topic, retained, payload)."""

    def __init__(self, lab):
        self.lab = lab
        lab.start(
            "wire",
            ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(lab.port), "-q", "1"]
            + ["-t", "twin/#", "-F", "%t %r %x"],
        )

    def all(self, channel):
        found = []
        for line in self.lab.log("wire").splitlines(keepends=True):
            parts = line.rstrip("\n").split(" ")
            if line.endswith("\n") and len(parts) == 3 and parts[0] == TOPIC + channel:
                found.append(bytes.fromhex(parts[2]))
        return found

    def publish(self, channel, payload):
        subprocess.run(
            ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.lab.port), "-q", "1"]
            + ["-t", TOPIC + channel, "-s"],
            input=payload,
            check=True,
            timeout=10,
        )


def payload_of(cbor2, envelope):
    """What a COSE_Sign1 holds; its form is checked, its signature is not."""
    item = cbor2.loads(envelope)
    protected, unprotected, payload, signature = item.value
    assert item.tag == 18 and cbor2.loads(protected) == {1: -8}, "not a COSE_Sign1 of EdDSA"
    assert len(unprotected[4]) == 8 and len(signature) == 64, "kid or signature"
    return cbor2.loads(payload)


def look(tap, cbor2, wire, lab):
    birth = payload_of(cbor2, wire.all("birth")[0])
    tap.equal(
        (birth["serial"], birth["class"], birth["boot"], birth["epoch"], len(birth["key"])),
        ("TC-1007", "compressor-node", "power", 1, 32),
        "birth says what was born",
    )
    names = {sensor["name"] for sensor in birth["sensors"]}
    tap.ok(
        {"de/acceleration", "de/temperature", "motor/current", "motor/shaftSpeed"} <= names,
        "and what it measures with",
        " ".join(sorted(names)),
    )
    records = lab.wait(lambda: len(wire.all("telemetry")) >= 3 and wire.all("telemetry"), 20)
    packs = [cbor2.loads(record) for record in records]
    tap.equal(
        {(pack[0]["ring"], pack[0]["epoch"]) for pack in packs},
        {(birth["ring"], 1)},
        "telemetry carries its ring and epoch",
    )

    def measured():
        values = {}
        for pack in [cbor2.loads(record) for record in wire.all("telemetry")]:
            for entry in pack:
                if 2 in entry:
                    values[pack[0].get(-2, "") + entry.get(0, "")] = entry[2]
        return values

    # The velocity's filters settle first.
    lab.wait(lambda: "de/vibrationRMS" in measured(), 20)
    values = measured()
    tap.ok(
        2900 < values.get("motor/shaftSpeed", 0) < 3000
        and 15 < values.get("ambientTemperature", 0) < 30
        and 0 < values.get("de/vibrationRMS", 0) < 0.01,
        "and values in their units",
        json.dumps(values),
    )


def act(tap, cbor2, wire, lab):
    result = lab.run("--json", "command", TWIN, "identify", '{"seconds": 1}', "--wait", "10")
    tap.ok(
        result.returncode == 0 and json.loads(result.stdout)["stage"] == "done",
        "a command is carried out",
        result.stdout + result.stderr,
    )
    told = lab.wait(lambda: wire.all("result"), 5)
    tap.equal(payload_of(cbor2, told[-1])["status"], "done", "its result is signed CBOR")
    result = lab.run("desired", TWIN, "/summaryPeriodS", "2", "--wait", "10")
    tap.equal((result.returncode, result.stderr), (0, ""), "a desired property is applied")
    reported = payload_of(cbor2, wire.all("reported")[-1])
    tap.equal(reported["properties"].get("summaryPeriodS"), 2, "and reported")


def replay(tap, cbor2, wire, lab):
    def sent():
        """{ seq: [its bytes, each time they were sent] }"""
        seen = {}
        for record in wire.all("telemetry") + wire.all("event"):
            seen.setdefault(cbor2.loads(record)[0]["seq"], []).append(record)
        return seen

    before = sent()
    last = max(before)
    asked = [seq for seq in range(last - 2, last + 1) if seq in before]
    wanted = os.urandom(8)
    wire.publish("replay", cbor2.dumps({"id": wanted, "spans": [[1, last - 2, last]]}))

    def answer():
        return [
            ring
            for ring in (payload_of(cbor2, envelope) for envelope in wire.all("ring"))
            if ring["id"] == wanted
        ]

    found = lab.wait(answer, 10)
    tap.ok(bool(found) and found[0]["held"][0][:2] == [1, 0], "a replay is answered", str(found))

    def again():
        seen = sent()
        return all(len(seen[seq]) > len(before[seq]) for seq in asked) and seen

    seen = lab.wait(again, 10)
    tap.ok(
        bool(asked) and bool(seen) and all(len(set(seen[seq])) == 1 for seq in asked),
        "with the very bytes that were sent first",
        asked,
    )


def reboot(tap, cbor2, wire, lab):
    result = lab.run("--json", "command", TWIN, "reboot", "--yes", "--wait", "10")
    tap.equal((result.returncode, result.stderr), (0, ""), "it restarts when told to")

    def born():
        births = [payload_of(cbor2, envelope) for envelope in wire.all("birth")]
        return [birth for birth in births if birth["epoch"] == 2]

    births = lab.wait(born, 20)
    tap.ok(bool(births) and births[0]["boot"] == "command", "and is born again", births)
    tap.equal(len(set(wire.all("status")) - {b"online", b"offline"}), 0, "status is a word")


def main():
    board.build()
    cbor2 = board.cbor2()
    if twinlab.find_mosquitto() is None:
        board.skip_all("mosquitto is not installed")
    tap = board.Tap()
    lab = twinlab.Lab()
    lab.import_graph()
    lab.start_broker()
    wire = Wire(lab)
    with board.Board() as one:
        one.make(NODE)
        words = ["broker=10.0.2.2:%d" % lab.port, "fault=exit"]
        lab.start("board", one.command(board.NODE, words, shift=SHIFT, sleep=True, net=True))
        tap.ok(bool(lab.wait(lambda: wire.all("birth"), 20)), "the board is online", lab.log("board"))
        lab.start_engine()
        tap.ok(bool(lab.wait(lambda: NODE in lab.enrolled(), 60)), "the board is enrolled")
        look(tap, cbor2, wire, lab)
        act(tap, cbor2, wire, lab)
        replay(tap, cbor2, wire, lab)
        reboot(tap, cbor2, wire, lab)
        tap.ok(lab.alive("board"), "no fault all the while", lab.log("board")[-3000:])
        lab.kill("board")
    tap.done()


main()
