# SPDX-License-Identifier: Apache-2.0
"""A campaign updates the board: twinctl signs and starts, the engine serves,
the node fetches over TCP, the bootloader tries, the node confirms."""

import base64
import json
import os

import board
import twinlab

NODE = "n-0107"
QUERY = "SELECT T FROM DIGITALTWINS T WHERE T.$dtId = 'compressor-7'"
SHIFT = 3


def sign(lab, version, sequence, counter):
    package = lab.path(version + ".tcfw")
    result = lab.run(
        "ota", "sign", "--key", lab.path("acme.pem"), "--vendor", "Acme", "--class", "compressor-node",
        "--version", version, "--sequence", str(sequence), "--counter", str(counter),
        os.path.join(board.OUT, "out", "twin-node.bin"), "-o", package,
    )
    assert result.returncode == 0, result.stderr
    return package


def make_plant(lab):
    with open(lab.path("acme.pub")) as file:
        text = "".join(line for line in file.read().splitlines() if "-----" not in line)
    with open(twinlab.PLANT) as file:
        plant = json.load(file)
    plant["nodes"] = [node for node in plant["nodes"] if node["node"] == NODE]
    plant["defaults"]["vendor"] = {"name": "Acme", "key": base64.b64decode(text)[-32:].hex()}
    lab.plant = lab.path("plant.json")
    with open(lab.plant, "w") as file:
        json.dump(plant, file)


def campaign(lab, number):
    result = lab.run("--json", "ota", "status", number)
    return json.loads(result.stdout) if result.returncode == 0 else {"nodes": []}


def roll_out(tap, lab, package):
    lab.run("ota", "trust", lab.path("acme.pub"), "--name", "acme")
    result = lab.run("--json", "ota", "plan", package, "--query", QUERY)
    if not tap.equal((result.returncode, result.stderr), (0, ""), "the update is planned"):
        return
    found = json.loads(result.stdout)["detail"]
    number = str(found["campaign"])
    result = lab.run("ota", "start", number, "--hash", found["hash"])
    tap.equal((result.returncode, result.stderr), (0, ""), "and started")
    done = lab.wait(lambda: campaign(lab, number).get("state") in ("done", "stopped"), 150, 0.5)
    tap.ok(bool(done), "it comes to an end", json.dumps(campaign(lab, number)))
    tap.equal(
        {node["node"]: node["state"] for node in campaign(lab, number)["nodes"]},
        {NODE: "confirmed"},
        "the board fetched, tried and confirmed it",
    )
    version = lambda: dict(lab.sql("SELECT name, firmware FROM node")).get(NODE)  # noqa: E731
    tap.ok(bool(lab.wait(lambda: version() == "1.1.0", 20)), "and runs it", version())


def main():
    board.build()
    cbor2 = board.cbor2()
    if twinlab.find_mosquitto() is None:
        board.skip_all("mosquitto is not installed")
    tap = board.Tap()
    lab = twinlab.Lab()
    lab.import_graph()
    result = lab.run("ota", "keygen", lab.path("acme.pem"))
    assert result.returncode == 0, result.stderr
    make_plant(lab)
    lab.start_broker()
    with board.Board() as one:
        one.make(NODE, plant=lab.plant)
        with open(sign(lab, "1.0.0", 1, 0), "rb") as file:
            envelope, image = cbor2.loads(file.read())
        one.fill(0, envelope, image)
        words = ["broker=10.0.2.2:%d" % lab.port, "fault=exit"]
        lab.start("board", one.command(board.BOOT, words, shift=SHIFT, sleep=True, net=True))
        lab.start_engine()
        tap.ok(bool(lab.wait(lambda: NODE in lab.enrolled(), 60)), "the board is enrolled", lab.log("board"))
        roll_out(tap, lab, sign(lab, "1.1.0", 2, 1))
        log = lab.log("board")
        tap.ok("boot: slot 1, 1.1.0, on trial" in log and "confirmed 1.1.0" in log, "by way of a trial", log[-2000:])
        tap.ok(lab.alive("board"), "no fault all the while")
        lab.kill("board")
    tap.done()


main()
