#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""twinctl query: parameters, pages, plans, tables and kept queries."""

import json
import os
import subprocess
import sys
import tempfile

DATA = os.path.join(os.environ["TWIN_SOURCE_ROOT"], "data", "demo")
PUMPS = "SELECT $dtId FROM DIGITALTWINS WHERE $dtId LIKE 'pump-_' ORDER BY $dtId"
number = 0


def ok(good, name, detail=""):
    global number
    number += 1
    print("%sok %d %s" % ("" if good else "not ", number, name))
    if not good:
        print("# " + str(detail).replace("\n", "\n# "))


def run(*words, text=None):
    return subprocess.run([sys.argv[1], "--store", store, *words], input=text,
                          capture_output=True, text=True, timeout=60)


def wants(name, result, code, *words):
    said = result.stdout + result.stderr
    ok(result.returncode == code and all(w in said for w in words), name,
       "exit %d: %s" % (result.returncode, said))


def lines(*words):
    result = run(*words)
    return [json.loads(line) for line in result.stdout.splitlines()] if result.returncode == 0 else result.stderr


def parameters():
    query = "SELECT $dtId FROM DIGITALTWINS WHERE ratedPower > @p AND $dtId IN @ids ORDER BY $dtId"
    got = lines("query", "--param", "p=20", "--param", 'ids=["pump-2","pump-1","motor-1"]', query)
    ok(got == [{"$dtId": "pump-1"}, {"$dtId": "pump-2"}], "two parameters", got)
    ok(lines("query", "--param", "n=Pump 3", "SELECT $dtId FROM DIGITALTWINS WHERE displayName = @n")
       == [{"$dtId": "pump-3"}], "what is no JSON is a text")
    wants("one is missing", run("query", "--param", "p=1", query), 1, "@ids has no value", "column 67", "^")
    wants("one is not asked for", run("query", "--param", "x=1", PUMPS), 1, "no parameter @x")
    wants("no value", run("query", "--param", "x", PUMPS), 64, "NAME=VALUE")


def pages():
    got, cursor = [], None
    for _ in range(5):
        page = lines("query", "--page", "3", *(["--cursor", cursor] if cursor else []), PUMPS)
        cursor = page.pop()["$cursor"] if "$cursor" in page[-1] else None
        ok(len(page) <= 3, "a page of three", page)
        got += page
        if cursor is None:
            break
    ok(got == lines("query", PUMPS) and len(got) == 8, "all pages are all rows", got)
    page = lines("query", "--page", "3", PUMPS)
    wants("a cursor of another query", run("query", "--cursor", page[-1]["$cursor"], PUMPS + " DESC"), 1,
          "not of this query")
    wants("a table says where it goes on", run("query", "--table", "--page", "3", PUMPS), 0, "3 rows", "more: --cursor")


def people():
    wants("a table", run("query", "--table", "SELECT $dtId, ratedPower, placement FROM DIGITALTWINS WHERE "
                         "$dtId = 'pump-3'"), 0, "ratedPower (kilowatt)", "x 8.0, y 7.0, z", "1 row")
    wants("an empty table", run("query", "--table", PUMPS + " OFFSET 8"), 0, "0 rows")
    plan = run("query", "--explain", "SELECT * FROM DIGITALTWINS T WHERE T.ratedPower > 5")
    wants("a plan in words", plan, 0, "?2 = 5", "reads all twins T, from end to end")
    plan = lines("query", "--json", "--explain", "SELECT * FROM DIGITALTWINS WHERE $dtId = 'pump-3'")[0]
    ok(plan["values"] == ["pump-3"] and plan["reads"] == [] and "SELECT" in plan["sql"] and plan["plan"],
       "a plan as JSON", plan)
    wants("a caret", run("query", "SELECT *\nFROM DIGITALTWINS\nWHERE a == 1"), 1,
          "(line 3, column 10)", "  WHERE a == 1\n           ^")
    wants("strictly Azure's", run("query", "--strict", PUMPS), 1, "is not in the language of Azure", "^")
    wants("strict and fine", run("query", "--strict", "SELECT TOP(1) FROM DIGITALTWINS"), 0, "$dtId")


def kept():
    wants("kept", run("query", "save", "strong", "SELECT $dtId FROM DIGITALTWINS WHERE ratedPower > @p",
                      "--note", "the big ones"), 0, "strong")
    wants("a mistake is not kept", run("query", "save", "bad", "SELECT FROM"), 1, "line 1, column 8", "^")
    listed = lines("query", "list", "--json")
    ok([q["name"] for q in listed] == ["strong"] and listed[0]["note"] == "the big ones", "listed", listed)
    wants("listed for people", run("query", "list"), 0, "strong", "the big ones")
    ok(len(lines("query", "--saved", "strong", "--param", "p=40")) == 8, "asked again")
    wants("not kept", run("query", "--saved", "weak"), 1, "weak")
    wants("two sources", run("query", "--saved", "strong", PUMPS), 64, "one of")
    wants("forgotten", run("query", "delete", "strong"), 0)
    wants("forgotten twice", run("query", "delete", "strong"), 1, "strong")
    wants("from standard input", run("query", "--file", "-", text=PUMPS), 0, "pump-8")


with tempfile.TemporaryDirectory() as folder:
    store = os.path.join(folder, "plant.db")
    wants("models", run("model", "import", os.path.join(DATA, "models")), 0)
    wants("graph", run("graph", "import", os.path.join(DATA, "graph.json")), 0)
    parameters()
    pages()
    people()
    kept()
print("1..%d" % number)
