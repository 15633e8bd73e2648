#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What twinctl edits is in a running engine within a second, and what the
engine edits is seen by twinctl at once; with 24 machines and with 10,000 twins.

The engine writes its status with the edit, so its row has the moment at which
everything that watches the engine was told, too.
"""

import json
import sys
import time

import twinlab

MACHINE = "dtmi:com:example:twin:Machine;1"
PART = "dtmi:com:example:twin:MachinePart;1"
MODELS = [
    {"@id": PART, "@type": "Interface", "@context": "dtmi:dtdl:context;2",
     "contents": [{"@type": "Property", "name": "note", "schema": "string"},
                  {"@type": "Telemetry", "name": "temperature", "schema": "double"}]},
    {"@id": MACHINE, "@type": "Interface", "@context": "dtmi:dtdl:context;2",
     "contents": [{"@type": "Property", "name": "ratedCurrent", "schema": "double"},
                  {"@type": "Relationship", "name": "hasPart"}]},
]


def newest(lab):
    return lab.sql("SELECT id, time_us FROM change ORDER BY id DESC LIMIT 1")[0]


# Seconds from the edit's commit to the engine's word that it was taken.
def edit(tap, lab, *words):
    result = lab.run(*words)
    if result.returncode != 0:
        tap.ok(False, " ".join(words), result.stderr)
        return 99.0
    change, began_us = newest(lab)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        rows = lab.sql("SELECT json, time_us FROM engine_status")
        if rows and json.loads(rows[0][0]).get("change", 0) >= change:
            return (rows[0][1] - began_us) / 1e6
        time.sleep(0.01)
    return 99.0


def say(tap, name, delays, reload_s):
    delays.sort()
    tap.ok(delays[-1] < 1.0, name + " within a second",
           "%d edits: median %.3f s, slowest %.3f s; taking one in: %.1f ms"
           % (len(delays), delays[len(delays) // 2], delays[-1], reload_s * 1000))


def every_kind(tap, lab, machine, part, model):
    delays = [
        edit(tap, lab, "twin", "tag", part, "+checked"),
        edit(tap, lab, "twin", "create", "made-here", "--model", model),
        edit(tap, lab, "relationship", "create", machine, "hasPart", "made-here"),
        edit(tap, lab, "twin", "retire", machine),
        edit(tap, lab, "twin", "restore", machine),
    ]
    last = [edit(tap, lab, "twin", "tag", part, ("+" if i % 2 else "-") + "again") for i in range(12)]
    return delays + last


def small(tap):
    lab = twinlab.Lab()
    lab.import_graph()
    lab.start_broker()
    lab.start_fleet(node="n-0107")
    lab.start_engine()
    tap.ok(bool(lab.wait(lambda: "n-0107" in lab.enrolled(), 90)), "a node is enrolled")
    delays = every_kind(tap, lab, "compressor-7", "compressor-7-de",
                        lab.sql("SELECT model FROM twin WHERE id = 'compressor-7-de'")[0][0])
    say(tap, "24 machines: an edit is taken", delays, lab.status()["reloadS"])

    # Planned and retired machines are in no figure.
    before = lab.status()["machines"]
    edit(tap, lab, "twin", "retire", "compressor-7")
    after = lab.status()
    tap.equal((before - after["machines"], after["retired"]), (1, 1), "a retired machine leaves the fleet's figures")
    result = lab.run("command", "compressor-7", "identify", '{"seconds": 1}')
    tap.ok(result.returncode == 1 and "retired" in result.stderr, "it takes no commands", result.stderr)
    edit(tap, lab, "twin", "restore", "compressor-7")

    # Machines of the plant whose node was never started.
    found = lab.wait(lambda: lab.status().get("silentTwins", 0) > 0 and lab.status(), 40)
    tap.ok(bool(found) and found["silentTwins"] == 23
           and all("no node has ever spoken for it" in text.lower() for text in found["silent"].values())
           and "compressor-7" not in found["silent"],
           "twins whose node never talks are told", found and found.get("silent"))

    # The other way: what the engine edits.
    result = lab.run("decommission", "n-0107", "--yes", "--wait", "30")
    shown = json.loads(lab.run("--json", "twin", "show", "compressor-7").stdout)
    tap.equal(shown["$metadata"].get("$lifecycle"), "commissioned", "what the engine edits twinctl sees at once")
    lab.close()


# 10,000 twins: 2,500 machines with three parts each.
def big(tap):
    lab = twinlab.Lab()
    graph = lab.path("big.json")
    twins, relationships = [], []
    for i in range(2500):
        twins.append({"$dtId": "m-%d" % i, "$metadata": {"$model": MACHINE}, "ratedCurrent": 10})
        for part in ("de", "nde", "motor"):
            twins.append({"$dtId": "m-%d-%s" % (i, part), "$metadata": {"$model": PART}, "note": "made up"})
            relationships.append({"$relationshipId": part, "$sourceId": "m-%d" % i, "$targetId": "m-%d-%s" % (i, part),
                                  "$relationshipName": "hasPart"})
    with open(graph, "w") as file:
        json.dump({"digitalTwinsFileInfo": {"fileVersion": "1.0.0"}, "digitalTwinsModels": MODELS,
                   "digitalTwinsGraph": {"digitalTwins": twins, "relationships": relationships}}, file)
    result = lab.run("graph", "import", graph, timeout=120)
    tap.equal(result.returncode, 0, "10,000 twins are imported")
    lab.start_broker()
    lab.start_engine()
    tap.ok(bool(lab.wait(lambda: lab.status().get("link") == "up", 60)), "the engine runs")
    delays = every_kind(tap, lab, "m-1234", "m-1234-de", PART)
    say(tap, "10,000 twins: an edit is taken", delays, lab.status()["reloadS"])
    lab.close()


def main():
    tap = twinlab.Tap()
    if twinlab.find_mosquitto() is None:
        tap.skip("edits", "mosquitto is not installed")
        tap.done()
    small(tap)
    big(tap)
    tap.done()


if __name__ == "__main__":
    sys.exit(main())
