#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""twinctl change and twin history: who did what, and the way back."""

import json
import os
import subprocess
import sys
import tempfile

DATA = os.path.join(os.environ["TWIN_SOURCE_ROOT"], "data", "demo")
PUMP = "dtmi:com:example:twin:Pump;1"
number = 0


def ok(good, name, detail=""):
    global number
    number += 1
    print("%sok %d %s" % ("" if good else "not ", number, name))
    if not good:
        print("# " + str(detail).replace("\n", "\n# "))


def run(*words):
    return subprocess.run([sys.argv[1], *words, "--store", store, "--operator", "anna"],
                          capture_output=True, text=True, timeout=60)


def wants(name, result, code, *words):
    said = result.stdout + result.stderr
    good = result.returncode == code and all(w in said for w in words)
    if code != 0:
        good = good and result.stdout == "" and result.stderr.startswith("twinctl: ")
    ok(good, name, "exit %d: %s" % (result.returncode, said))


def lines(*words):
    return [json.loads(line) for line in run(*words, "--json").stdout.splitlines()]


def show(twin):
    return json.loads(run("twin", "show", twin, "--json").stdout)


def newest():
    return lines("change", "list", "--limit", "1")[0]["change"]


def edits():
    run("model", "import", os.path.join(DATA, "models"))
    run("graph", "import", os.path.join(DATA, "graph.json"))
    imported = newest()
    pump = show("pump-1")

    wants("a property is set", run("twin", "set", "pump-1", "/displayName", "Otto"), 0)
    one = lines("change", "show", str(newest()))[0]
    ok(one["things"][0]["before"]["displayName"] == pump["displayName"]
       and one["things"][0]["after"]["displayName"] == "Otto", "before and after are shown", one)
    wants("people see it, too", run("change", "show", str(newest())), 0, "/displayName", '"Otto"')
    wants("and in the twin's history", run("twin", "history", "pump-1"), 0, '"Otto"', "pump-1 created")
    ok([c["change"] for c in lines("change", "list", "--twin", "pump-1")] == [newest(), imported],
       "the twin has two changes")
    ok(lines("change", "list", "--to", "-1h") == [], "none of them an hour ago")
    return imported, pump


def undo(imported, pump):
    edit = newest()
    wants("the import is below the edit", run("change", "undo", str(imported)), 1,
          "pump-1", "change %d" % edit)
    wants("the edit is taken back", run("change", "undo", str(edit)), 0)
    ok(show("pump-1") == pump, "the twin is as it was, etag and all")
    ok(lines("change", "show", str(edit))[0]["undoneBy"] == newest(), "the edit says who undid it")
    wants("not twice", run("change", "undo", str(edit)), 1, "undone already", "change %d" % newest())
    wants("the undo is undone", run("change", "undo", str(newest())), 0)
    ok(show("pump-1")["displayName"] == "Otto", "the edit is back")
    wants("the log says so", run("change", "show", str(newest())), 0, "Change %d done again" % edit)
    wants("it can be undone once more", run("change", "undo", str(edit)), 0)
    ok(show("pump-1") == pump, "and is as it was again")

    wants("a twin without relationships goes", run("twin", "create", "extra", "--model", PUMP), 0)
    created = newest()
    wants("and is deleted", run("twin", "delete", "extra"), 0)
    wants("its deletion is undone", run("change", "undo", str(newest())), 0)
    wants("then it is there", run("twin", "show", "extra"), 0)
    wants("its creation is no longer the newest", run("change", "undo", str(created)), 1, "extra")


def mistakes():
    wants("no such change", run("change", "undo", "4711"), 1, "4711")
    wants("no number", run("change", "show", "x"), 64)
    wants("no time", run("change", "list", "--from", "noon"), 64, "noon")
    wants("no such twin", run("twin", "history", "nobody"), 1, "nobody")


with tempfile.TemporaryDirectory() as folder:
    store = os.path.join(folder, "plant.db")
    undo(*edits())
    mistakes()
print("1..%d" % number)
