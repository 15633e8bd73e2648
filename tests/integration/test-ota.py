#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Firmware from the vendor's desk to running nodes, and back where it fails."""

import base64
import json
import os
import signal

import twinlab

NODES = ("n-0101", "n-0102", "n-0201")
MACHINES = "SELECT T FROM DIGITALTWINS T WHERE T.$dtId IN ['compressor-1', 'compressor-2', 'pump-1']"


def image(lab, name, lines, size):
    path = lab.path(name)
    with open(path, "wb") as file:
        file.write(("twin-node image 1\n" + "".join(line + "\n" for line in lines) + "\n").encode())
        file.write(os.urandom(size))
    return path


def make_key(tap, lab, name):
    result = lab.run("--json", "ota", "keygen", lab.path(name + ".pem"))
    if result.returncode:
        tap.say(result.stderr)
    return json.loads(result.stdout)


def sign(lab, key, name, lines, version, sequence, size=120000, vendor="Acme"):
    package = lab.path(name + ".tcfw")
    return package, lab.run(
        "ota", "sign", "--key", lab.path(key + ".pem"), "--vendor", vendor, "--class", "compressor-node",
        "--version", version, "--sequence", str(sequence), image(lab, name + ".img", lines, size), "-o", package,
    )


# The demo's plant, three nodes of it, made by a vendor whose key they know.
def make_plant(lab, public):
    with open(twinlab.PLANT) as file:
        plant = json.load(file)
    with open(public) as file:
        text = "".join(line for line in file.read().splitlines() if "-----" not in line)
    plant["nodes"] = [node for node in plant["nodes"] if node["node"] in NODES]
    plant["defaults"]["vendor"] = {"name": "Acme", "key": base64.b64decode(text)[-32:].hex()}
    lab.plant = lab.path("plant.json")
    with open(lab.plant, "w") as file:
        json.dump(plant, file)


def campaign(lab, number):
    result = lab.run("--json", "ota", "status", str(number))
    return json.loads(result.stdout) if result.returncode == 0 else {"nodes": []}


def states(lab, number):
    return {node["node"]: node["state"] for node in campaign(lab, number)["nodes"] if node["state"]}


def why(lab, number, name):
    return next((n["why"] or "" for n in campaign(lab, number)["nodes"] if n["node"] == name), "")


def firmware(lab):
    return dict(lab.sql("SELECT name, firmware FROM node"))


def plan(lab, package, *more):
    result = lab.run("--json", "ota", "plan", package, "--query", MACHINES, *more)
    return result, json.loads(result.stdout)["detail"] if result.returncode == 0 else {}


def begin(tap, lab, name, package, *more):
    result, found = plan(lab, package, *more)
    if result.returncode:
        tap.ok(False, name + " is planned", result.stderr)
        return 0
    result = lab.run("ota", "start", str(found["campaign"]), "--hash", found["hash"][:12])
    tap.equal((result.returncode, result.stderr), (0, ""), name + " is started")
    return found["campaign"]


def desk(tap, lab):
    """What needs no plant: keys, packages, what is refused."""
    key = make_key(tap, lab, "acme")
    make_key(tap, lab, "other")
    tap.equal(os.stat(lab.path("acme.pem")).st_mode & 0o777, 0o600, "the vendor's key is the vendor's alone")
    package, result = sign(lab, "acme", "good", [], "1.4.0", 5)
    tap.equal((result.returncode, result.stderr), (0, ""), "a package is signed")
    result = lab.run("--json", "ota", "show", package, "--vendor-key", lab.path("acme.pub"))
    tap.ok(result.returncode == 0 and json.loads(result.stdout)["kid"] == key["kid"]
           and json.loads(result.stdout)["trusted"], "and shown, with who signed it", result.stderr)
    result = lab.run("ota", "show", package, "--vendor-key", lab.path("other.pub"))
    tap.ok(result.returncode == 1 and "signature" in result.stderr, "another key did not sign it", result.stderr)
    with open(package, "rb") as file:
        data = bytearray(file.read())
    for name, at, word in (("a byte of the image", len(data) - 1, "digest"), ("of the manifest", 40, "")):
        data[at] ^= 1
        with open(lab.path("bad.tcfw"), "wb") as file:
            file.write(data)
        data[at] ^= 1
        result = lab.run("ota", "show", lab.path("bad.tcfw"), "--vendor-key", lab.path("acme.pub"))
        tap.ok(result.returncode == 1 and word in result.stderr, "altered: " + name, result.stderr)
    result = lab.run("ota", "sign", "--key", lab.path("acme.pem"), "--vendor", "Acme", "--class", "c",
                     "--version", "1", "--sequence", "1", image(lab, "large.img", [], 200000), "-o", lab.path("l"))
    tap.ok(result.returncode == 1 and "slot" in result.stderr, "an image no slot holds is not signed", result.stderr)
    return package


def roll_out(tap, lab, package):
    result, _ = plan(lab, package)
    tap.ok(result.returncode == 1 and "ota trust" in result.stderr,
           "a package of a key that nobody trusts is not planned", result.stderr)
    lab.run("ota", "trust", lab.path("acme.pub"), "--name", "acme-2026")
    result, found = plan(lab, package, "--canary", "1")
    verdicts = {t["node"]: (t["verdict"], t["wave"]) for t in found.get("targets", [])}
    tap.equal(verdicts, {"n-0101": ("in", 0), "n-0102": ("in", 1), "n-0201": ("incompatible", -1)},
              "two are in, the pump is not")
    tap.ok("compressor-node" in next(t["why"] for t in found["targets"] if t["node"] == "n-0201"),
           "because the image is for compressors")
    _, old = plan(lab, package, "--canary", "2")
    number = str(found["campaign"])
    result = lab.run("ota", "start", number, "--hash", "0123")
    tap.ok(result.returncode == 1 and "another plan" in result.stderr, "another plan is not started", result.stderr)
    result = lab.run("ota", "start", number, "--hash", found["hash"])
    tap.equal((result.returncode, result.stderr), (0, ""), "what was planned is started")
    seen = lab.wait(lambda: states(lab, number).get("n-0101") in ("offered", "downloading", "verified"), 20, 0.05)
    tap.ok(bool(seen), "the canary is told, the other one waits", str(states(lab, number)))
    tap.equal(states(lab, number).get("n-0102"), "waiting", "the other one waits")
    lab.kill("engine", signal.SIGKILL)
    lab.start_engine()
    done = lab.wait(lambda: campaign(lab, number).get("state") == "done", 200, 0.5)
    tap.ok(bool(done), "killed in between, the engine goes on to the end", json.dumps(campaign(lab, number)))
    tap.equal(states(lab, number), {"n-0101": "confirmed", "n-0102": "confirmed"}, "both are confirmed")
    tap.ok(bool(lab.wait(lambda: firmware(lab).get("n-0101") == firmware(lab).get("n-0102") == "1.4.0", 20)),
           "and say so at birth", str(firmware(lab)))
    result, found = plan(lab, package)
    tap.equal({t["node"]: t["why"] for t in found["targets"]}["n-0101"], "It runs 1.4.0 already",
              "nobody gets it twice")
    result = lab.run("ota", "start", str(old["campaign"]))
    tap.ok(result.returncode == 1 and "no longer holds" in result.stderr,
           "a plan that no longer holds is not started", result.stderr)


def refuse(tap, lab):
    """A vendor whom the console trusts and the nodes do not know."""
    lab.run("ota", "trust", lab.path("other.pub"))
    package, _ = sign(lab, "other", "foreign", [], "2.0.0", 9, 2000)
    number = begin(tap, lab, "a stranger's image", package, "--canary", "1")
    done = lab.wait(lambda: campaign(lab, number).get("state") == "stopped", 60, 0.5)
    tap.ok(bool(done) and states(lab, number)["n-0101"] == "refused", "the node refuses it, the campaign stops",
           json.dumps(campaign(lab, number)))
    lab.wait(lambda: "key" in why(lab, number, "n-0101"), 10)
    tap.equal(why(lab, number, "n-0101"), "It does not know the vendor’s key", "and says why")
    result = lab.run("ota", "abort", str(number))
    tap.equal((result.returncode, campaign(lab, number)["state"]), (0, "aborted"), "it is aborted")


def go_back(tap, lab):
    package, _ = sign(lab, "acme", "bad-clock", ["clock 1.01"], "1.5.0", 6)
    number = begin(tap, lab, "an image with a defect", package, "--canary", "1")
    result, found = plan(lab, package)
    tap.equal({t["node"]: t["why"] for t in found["targets"]}["n-0101"], "Another campaign has it",
              "one campaign has a node at a time")
    done = lab.wait(lambda: campaign(lab, number).get("state") == "stopped", 280, 0.5)
    tap.ok(bool(done), "the campaign stops at its limit", json.dumps(campaign(lab, number)))
    tap.equal(states(lab, number), {"n-0101": "reverted", "n-0102": "waiting"},
              "the canary went back, the other one was not told")
    tap.equal(why(lab, number, "n-0101"), "The image samples at a wrong rate", "because of its clock")
    tap.ok(bool(lab.wait(lambda: firmware(lab).get("n-0101") == "1.4.0", 20)), "it runs what it ran before",
           str(firmware(lab)))
    lab.run("ota", "abort", str(number))
    result = lab.run("ota", "resume", str(number))
    tap.ok(result.returncode == 1 and "aborted" in result.stderr, "what is over cannot be resumed", result.stderr)


def main():
    tap = twinlab.Tap()
    if twinlab.find_mosquitto() is None:
        tap.skip("ota", "mosquitto is not installed")
        tap.done()
    lab = twinlab.Lab()
    lab.import_graph()
    package = desk(tap, lab)
    make_plant(lab, lab.path("acme.pub"))
    lab.start_broker()
    lab.start_fleet()
    lab.start_engine()
    tap.ok(bool(lab.wait(lambda: set(lab.enrolled()) >= set(NODES), 90)), "the nodes are enrolled")
    roll_out(tap, lab, package)
    refuse(tap, lab)
    go_back(tap, lab)
    tap.equal(lab.kill("engine", 15), 0, "SIGTERM ends the engine cleanly")
    if tap.failed:
        tap.say(lab.log("engine")[-2000:])
        tap.say(lab.log("fleet")[-2000:])
    tap.done()


main()
