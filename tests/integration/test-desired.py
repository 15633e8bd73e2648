#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Commands and desired state from end to end, and what is not signed by us."""

import json
import subprocess

import twinlab


def publish(lab, topic, payload, retain=False):
    subprocess.run(
        ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(lab.port), "-q", "1", "-t", topic, "-s"]
        + (["-r"] if retain else []),
        input=payload, check=True, timeout=10,
    )


def journal(lab, like):
    return [row[0] for row in lab.sql("SELECT text FROM journal WHERE text LIKE ?", like)]


def reported(lab):
    rows = lab.sql("SELECT reported FROM node WHERE name = 'n-0107'")
    return json.loads(rows[0][0] or "{}") if rows else {}


def shown(lab):
    lines = lab.run("twin", "show", "compressor-7").stdout.splitlines()
    return " ".join(next((line for line in lines if line.startswith("summaryPeriodS")), "").split())


def act(tap, lab):
    result = lab.run("--json", "command", "compressor-7", "identify", '{"seconds": 1}', "--wait", "10")
    tap.ok(result.returncode == 0 and json.loads(result.stdout)["stage"] == "done",
           "a command is carried out", result.stdout + result.stderr)
    result = lab.run("command", "compressor-7", "identify", '{"seconds": "long"}')
    tap.ok(result.returncode == 1 and "seconds" in result.stderr,
           "an argument that the model refuses is not sent", result.stderr)
    for pointer, value, word in (("/mode", '"standby"', "writable"), ("/colour", '"red"', "colour"),
                                 ("/summaryPeriodS", '"often"', "often")):
        result = lab.run("desired", "compressor-7", pointer, value)
        tap.ok(result.returncode == 1 and word in result.stderr,
               "what the model does not let be desired is refused: " + pointer, result.stderr)
    result = lab.run("desired", "compressor-7", "/summaryPeriodS", "-5", "--wait", "10")
    tap.ok(result.returncode == 1, "one that the node refuses is reported as refused", result.stderr)
    tap.ok(bool(lab.wait(lambda: "refused: out of range" in shown(lab), 20)),
           "and the twin shows why", shown(lab))
    result = lab.run("desired", "compressor-7", "/summaryPeriodS", "2", "--wait", "10")
    tap.equal((result.returncode, result.stderr), (0, ""), "a desired property is applied")
    tap.ok(bool(lab.wait(lambda: "settled" in shown(lab) and "refused" not in shown(lab), 20)),
           "and the twin shows it settled", shown(lab))
    result = lab.run("desired", "compressor-7", "/summaryPeriodS", "3", "--if-version", "0", "--wait", "10")
    tap.ok(result.returncode == 1 and "version" in result.stderr,
           "a writer who saw an old version is told so", result.stderr)


def tones(lab):
    found = reported(lab).get("tones")
    return found and {name: round(found[name], 3) for name in found if name != "band"}


def listen(tap, lab):
    # A 6205 with nine balls of 7.94 mm on 39.04 mm.
    orders = {"bpfi": 5.415, "bpfo": 3.585, "bsf": 2.357, "ftf": 0.398}
    found = lab.wait(lambda: tones(lab), 20)
    tap.equal(found, orders, "the node was told the tones of its bearing")
    measured = lab.wait(lambda: lab.sql("SELECT path FROM signal WHERE path = 'envelopeBpfo'"), 60)
    tap.ok(bool(measured), "and tells their levels", str(measured))
    result = lab.run("desired", "compressor-7", "/tones", '{"bpfo": 3.1}', "--wait", "10")
    tap.equal((result.returncode, result.stderr), (0, ""), "somebody knows better")
    # A change of the groups has every machine looked at again.
    lab.run("group", "create", "quiet", "--tier", "thresholds", "--members", "compressor-7")
    tap.ok(bool(lab.wait(lambda: reported(lab).get("summaryPeriodS") == 60, 20)), "the engine looks again")
    tap.equal((tones(lab) or {}).get("bpfo"), 3.1, "and overrules nobody")
    lab.run("group", "delete", "quiet")
    lab.wait(lambda: reported(lab).get("summaryPeriodS") != 60, 20)
    lab.run("desired", "compressor-7", "/summaryPeriodS", "2", "--wait", "10")


def maintain(tap, lab):
    order = '{"date": "2026-12-03", "work": "replaceBearing", "note": "drive end"}'
    result = lab.run("command", "compressor-7", "scheduleMaintenance", order, "--wait", "10")
    tap.equal((result.returncode, result.stderr), (0, ""), "maintenance is scheduled")
    found = lab.wait(lambda: reported(lab).get("maintenance"), 60)
    tap.ok(bool(found) and found.get("date") == "2026-12-03" and found.get("work") == "replaceBearing",
           "it comes back as reported state", str(found))
    tap.ok(bool(journal(lab, "scheduleMaintenance: done%")), "and is in the log")
    query = "SELECT T.$dtId, T.mode FROM DIGITALTWINS T WHERE T.maintenance.work = 'replaceBearing'"
    rows = lab.wait(lambda: lab.run("query", query).stdout.splitlines(), 20)
    tap.ok(len(rows) == 1 and json.loads(rows[0])["$dtId"] == "compressor-7"
           and "mode" in json.loads(rows[0]), "a query finds what a machine says of itself", str(rows))


def forge(tap, lab):
    topic = "twin/1/northfield/n-0107/desired"
    lab.wait(lambda: reported(lab).get("summaryPeriodS") == 2, 60)
    before = reported(lab)
    documents = [
        b"",
        b"\xa0",
        # The form of a signed document, the signature is none.
        bytes.fromhex("d28443a10127a10448") + b"\x01" * 8 + bytes.fromhex("582b")
        + bytes.fromhex("a36462617365006776657273696f6e18636a70726f70657274696573a16e73756d6d617279506572696f645307")[:43]
        + bytes.fromhex("5840") + b"\x02" * 64,
    ]
    for document in documents[1:]:
        publish(lab, topic, document, retain=True)
    told = lab.wait(lambda: journal(lab, "A desired document for n-0107 was ignored%"), 60)
    tap.ok(bool(told), "a desired document without a valid signature is reported", "; ".join(told))
    lab.wait(lambda: reported(lab) != before, 3)
    tap.equal(reported(lab).get("summaryPeriodS"), before.get("summaryPeriodS"), "and ignored")
    result = lab.run("desired", "compressor-7", "/summaryPeriodS", "4", "--wait", "15")
    tap.equal((result.returncode, result.stderr), (0, ""), "ours is applied afterwards")


def main():
    tap = twinlab.Tap()
    if twinlab.find_mosquitto() is None:
        tap.skip("desired", "mosquitto is not installed")
        tap.done()
    lab = twinlab.Lab()
    lab.import_graph()
    lab.start_broker()
    lab.start_fleet(node="n-0107")
    lab.start_engine()
    tap.ok(bool(lab.wait(lambda: "n-0107" in lab.enrolled(), 90)), "the node is enrolled")
    act(tap, lab)
    listen(tap, lab)
    maintain(tap, lab)
    forge(tap, lab)
    tap.equal(lab.kill("engine", 15), 0, "SIGTERM ends the engine cleanly")
    if tap.failed:
        tap.say(lab.log("engine")[-2000:])
    tap.done()


main()
