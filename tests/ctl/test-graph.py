#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""twinctl's verbs on models, graphs, twins and queries, as scripts see them."""

import json
import os
import subprocess
import sys
import tempfile

DATA = os.path.join(os.environ["TWIN_SOURCE_ROOT"], "data", "demo")
number = 0


def ok(good, name, detail=""):
    global number
    number += 1
    print("%sok %d %s" % ("" if good else "not ", number, name))
    if not good:
        print("# " + detail.replace("\n", "\n# "))


def run(*words, text=None):
    return subprocess.run([sys.argv[1], *words, "--store", store], input=text,
                          capture_output=True, text=True, timeout=60)


def wants(name, result, code, *words):
    """Exit status, and words of what was said; errors say nothing on stdout."""
    said = result.stdout + result.stderr
    good = result.returncode == code and all(w in said for w in words)
    if code != 0:
        good = good and result.stdout == "" and result.stderr.startswith("twinctl: ")
    ok(good, name, "exit %d: %s" % (result.returncode, said))


def rows(query):
    return [json.loads(line) for line in run("query", query).stdout.splitlines()]


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def graphs():
    global store
    wants("a query before there is a store", run("query", "SELECT * FROM DIGITALTWINS"), 3, store)
    wants("models go in", run("model", "import", os.path.join(DATA, "models")), 0, "14 interfaces")
    wants("the graph goes in", run("graph", "import", os.path.join(DATA, "graph.json")), 0, "238 twins")
    wants("the rig goes in beside it", run("graph", "import", os.path.join(DATA, "rig.json")), 0)
    ok(rows("SELECT COUNT() FROM DIGITALTWINS WHERE IS_OF_MODEL('dtmi:com:example:twin:Machine;1')")
       == [{"COUNT": 27}], "27 machines are there")

    before = len(rows("SELECT * FROM DIGITALTWINS"))
    bad = json.loads(open(os.path.join(DATA, "graph.json"), encoding="utf-8").read())
    bad["digitalTwinsGraph"]["digitalTwins"].insert(0, {
        "$dtId": "new", "$metadata": {"$model": "dtmi:com:example:twin:Pump;1"}})
    bad["digitalTwinsGraph"]["relationships"][-1]["$targetId"] = "nobody"
    wants("a graph with a loose end", run("graph", "import", write("bad.json", json.dumps(bad))), 1,
          "bad.json", "/digitalTwinsGraph/relationships/236", "nobody")
    ok(len(rows("SELECT * FROM DIGITALTWINS")) == before, "nothing of it was taken")
    wants("a graph cut off", run("graph", "import", "-", text='{"digitalTwinsGraph": {'), 1, "-:1:24")
    wants("a file that is not there", run("graph", "import", "/no/such.json"), 1, "/no/such.json")

    out = os.path.join(folder, "out.ndjson")
    wants("the graph comes out", run("graph", "export", "--format=ndjson", out), 0)
    first, store = store, os.path.join(folder, "second.db")
    wants("and goes in elsewhere", run("graph", "import", out), 0, "14 models", "266 twins")
    ids = "SELECT $dtId, $metadata.$model AS m, displayName FROM DIGITALTWINS"
    second = sorted(map(str, rows(ids)))
    store = first
    ok(sorted(map(str, rows(ids))) == second, "as it was")


def models():
    corrupt = open(os.path.join(DATA, "models", "Pump.json"), encoding="utf-8").read()
    wants("a model cut off", run("model", "import", write("cut.json", corrupt[:200])), 1, "cut.json:")
    wants("a model that is wrong", run("model", "import",
          write("wrong.json", corrupt.replace('"double"', '"real"', 1))), 1,
          "wrong.json at “/contents/0/schema”", "real")
    wants("a model that needs another", run("model", "import",
          write("alone.json", corrupt.replace("Machine;1", "Engine;7"))), 1,
          "dtmi:com:example:twin:Engine;7")
    wants("a model in use", run("model", "delete", "dtmi:com:example:twin:Machine;1"), 1, "needed by")
    wants("a model that is not there", run("model", "show", "dtmi:x;1"), 1, "dtmi:x;1")

    result = run("model", "validate", "--json", write("open.json", corrupt))
    report = json.loads(result.stdout)
    ok(result.returncode == 2 and report["unresolved"] == ["dtmi:com:example:twin:Machine;1"],
       "validate says what is open", result.stdout)
    result = run("model", "validate", "--json", os.path.join(folder, "wrong.json"))
    report = json.loads(result.stdout)
    ok(result.returncode == 1 and report["errors"][0]["id"] == "badDtmiOrTerm"
       and report["errors"][0]["pointer"] == "/contents/0/schema", "validate says what is wrong",
       result.stdout)


def twins():
    wants("a property", run("twin", "set", "pump-3", "/ratedSpeed", "1480"), 0)
    ok(rows("SELECT ratedSpeed FROM DIGITALTWINS WHERE $dtId = 'pump-3'") == [{"ratedSpeed": 1480}],
       "is seen by a query at once")
    wants("a value its schema refuses", run("twin", "set", "pump-3", "/support", "wobbly"), 1,
          "/support", "wobbly", "rigid")
    wants("a property that is none", run("twin", "set", "pump-3", "/colour", "red"), 1, "colour")
    wants("another's etag", run("twin", "set", "pump-3", "/support", "rigid", "--if-etag", "x"), 1)
    wants("a twin that is not there", run("twin", "show", "nobody"), 1, "nobody")
    wants("a new one", run("twin", "create", "pump-9", "--model", "dtmi:com:example:twin:Pump;1",
                           '{"displayName": "Pump 9"}'), 0)
    wants("the same again", run("twin", "create", "pump-9", "--model",
                                "dtmi:com:example:twin:Pump;1"), 1, "pump-9")
    wants("of no model", run("twin", "create", "x", "--model", "dtmi:no;1"), 1, "dtmi:no;1")
    wants("retired", run("twin", "retire", "pump-9"), 0)
    ok(json.loads(run("twin", "show", "pump-9", "--json").stdout)["$metadata"]["$lifecycle"]
       == "retired", "says so")
    wants("restored", run("twin", "restore", "pump-9"), 0)
    wants("deleted", run("twin", "delete", "pump-9"), 0)
    wants("deleted with relationships", run("twin", "delete", "pump-3"), 1, "relationships")


def queries():
    wants("a query with a mistake", run("query", "SELECT * FROM DIGITALTWINS WHERE a = "), 1,
          "line 1, column 38", "^")
    wants("no query", run("query"), 64)
    wants("the plan", run("query", "--explain", "SELECT * FROM DIGITALTWINS WHERE $dtId = 'x'"), 0,
          "SEARCH t0")
    wants("a table", run("query", "--table", "SELECT $dtId, ratedPower FROM DIGITALTWINS WHERE "
                         "$dtId = 'pump-1'"), 0, "ratedPower (kilowatt)", "1 row")


with tempfile.TemporaryDirectory() as folder:
    store = os.path.join(folder, "plant.db")
    graphs()
    models()
    twins()
    queries()
print("1..%d" % number)
