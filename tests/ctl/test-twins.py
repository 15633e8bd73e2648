#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""twinctl on twins, relationships, groups and migration: real process, real store."""

import json
import os
import subprocess
import sys
import tempfile
import time

DATA = os.path.join(os.environ["TWIN_SOURCE_ROOT"], "data", "demo")
PUMP = "dtmi:com:example:twin:Pump;1"
number = 0


def ok(good, name, detail=""):
    global number
    number += 1
    print("%sok %d %s" % ("" if good else "not ", number, name))
    if not good:
        print("# " + str(detail).replace("\n", "\n# "))


def run(*words, text=None):
    return subprocess.run([sys.argv[1], *words, "--store", store], input=text,
                          capture_output=True, text=True, timeout=120)


def wants(name, result, code, *words):
    """Exit status, and words of what was said; errors say nothing on stdout."""
    said = result.stdout + result.stderr
    good = result.returncode == code and all(w in said for w in words)
    if code != 0:
        good = good and result.stdout == "" and result.stderr.startswith("twinctl: ")
    ok(good, name, "exit %d: %s\nwanted %d: %s" % (result.returncode, said, code, words))


def edit(*words):
    """What an edit says with --json."""
    result = run(*words, "--json")
    return json.loads(result.stdout) if result.returncode == 0 else {"error": result.stderr}


def twin(name):
    result = run("twin", "show", name, "--json")
    return json.loads(result.stdout) if result.returncode == 0 else None


def lines(*words):
    return [json.loads(line) for line in run(*words, "--json").stdout.splitlines()]


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def interface(dtmi, *contents, **more):
    return {"@context": "dtmi:dtdl:context;3", "@id": dtmi, "@type": "Interface",
            "contents": list(contents), **more}


def prop(name, schema, **more):
    return {"@type": "Property", "name": name, "schema": schema, **more}


SEAL = interface("dtmi:t:Seal;1", prop("kind", "string"))
TANK = interface("dtmi:t:Tank;1", prop("volume", "double"))
PUMP1 = interface("dtmi:t:Pump;1", prop("head", "double"), prop("stages", "string"),
                  {"@type": "Component", "name": "seal", "schema": "dtmi:t:Seal;1"},
                  {"@type": "Relationship", "name": "feeds", "target": "dtmi:t:Tank;1",
                   "maxMultiplicity": 2, "properties": [prop("length", "double")]})
PUMP2 = interface("dtmi:t:Pump;2", prop("stages", "string"), prop("impeller", "string"),
                  {"@type": "Component", "name": "seal", "schema": "dtmi:t:Seal;1"},
                  {"@type": "Component", "name": "drive", "schema": "dtmi:t:Seal;1"},
                  {"@type": "Relationship", "name": "feeds", "target": "dtmi:t:Tank;1",
                   "maxMultiplicity": 1, "properties": [prop("length", "double")]})


def patches():
    e = edit("twin", "patch", "pump-3", json.dumps([
        {"op": "test", "path": "/$dtId", "value": "pump-3"},
        {"op": "add", "path": "/ratedSpeed", "value": 1480},
        {"op": "add", "path": "/tags", "value": {"colour": "red"}},
        {"op": "add", "path": "/$metadata/$tags/-", "value": "vital"},
        {"op": "add", "path": "/$metadata/ratedSpeed/sourceTime", "value": "2026-01-01T00:00:00Z"}]))
    now = twin("pump-3")
    ok(e.get("etag") == now["$etag"] and e.get("change", 0) > 0, "a patch is one change with an etag", e)
    ok(now["ratedSpeed"] == 1480 and now["tags"] == {"colour": "red"}
       and now["$metadata"]["$tags"] == ["vital"]
       and now["$metadata"]["ratedSpeed"]["sourceTime"].startswith("2026-01-01T00:00:00"),
       "all of it was done", now)

    wants("one that fails", run("twin", "patch", "pump-3", json.dumps([
        {"op": "replace", "path": "/ratedSpeed", "value": 1},
        {"op": "test", "path": "/ratedSpeed", "value": 2}])), 1, "operation 1 (test /ratedSpeed)")
    wants("one that the model refuses", run("twin", "patch", "pump-3", json.dumps([
        {"op": "replace", "path": "/ratedSpeed", "value": "fast"}])), 1, "ratedSpeed", "fast")
    wants("what is no patch", run("twin", "patch", "pump-3", "{}"), 1, "array of operations")
    wants("the id", run("twin", "patch", "pump-3",
                        '[{"op":"replace","path":"/$dtId","value":"x"}]'), 1, "/$dtId")
    ok(twin("pump-3") == now, "changed nothing")
    wants("a patch from a file", run("twin", "patch", "pump-3", "--file", "-", text=json.dumps(
        [{"op": "remove", "path": "/tags/colour"}])), 0)
    ok(twin("pump-3")["tags"] == {}, "is done")

    stale = now["$etag"]
    wants("another's etag", run("twin", "patch", "pump-3", "--if-etag", stale,
                                '[{"op":"remove","path":"/tags"}]'), 1, "pump-3", "changed")
    wants("the right one", run("twin", "patch", "pump-3", "--if-etag", twin("pump-3")["$etag"],
                               '[{"op":"remove","path":"/tags"}]'), 0)


def hostile():
    begin = time.monotonic()
    many = [{"op": "add", "path": "/tags/t%d" % i, "value": "x"} for i in range(10000)]
    start = '[{"op":"add","path":"/tags","value":{}}]'
    wants("a map to fill", run("twin", "patch", "pump-3", start), 0)
    result = run("twin", "patch", "pump-3", "--file", "-", text=json.dumps(many))
    ok(result.returncode == 0 and len(twin("pump-3")["tags"]) == 10000, "10,000 operations",
       result.stderr)
    wants("one too many", run("twin", "patch", "pump-3", "--file", "-", text=json.dumps(
        many + many[:1])), 1, "10001 operations")
    wants("too long a value", run("twin", "patch", "pump-3", "--file", "-", text=json.dumps(
        [{"op": "replace", "path": "/tags", "value": {"x": "y" * 300000}}])), 1, "262144")
    deep = "[" * 100 + "]" * 100
    wants("too deep", run("twin", "patch", "pump-3", '[{"op":"add","path":"/tags/x","value":%s}]'
                          % deep), 1, "deep")
    double = [{"op": "copy", "from": "/tags", "path": "/tags/d%d" % i} for i in range(60)]
    wants("a document that doubles", run("twin", "patch", "pump-3", json.dumps(double)), 1,
          "longer than")
    wants("it is taken away", run("twin", "patch", "pump-3", '[{"op":"remove","path":"/tags"}]'), 0)
    ok(time.monotonic() - begin < 60, "all that in bounded time", time.monotonic() - begin)


def tags():
    wants("tags on", run("twin", "tag", "pump-4", "+vital", "+area 1", "+vital"), 0)
    ok(twin("pump-4")["$metadata"]["$tags"] == ["area 1", "vital"], "sorted, each once", twin("pump-4"))
    wants("a tag off", run("twin", "tag", "pump-4", "-area 1", "-never"), 0)
    ok(twin("pump-4")["$metadata"]["$tags"] == ["vital"], "the other stays")
    ok([t["$dtId"] for t in lines("twin", "list", "--tag", "vital")] == ["pump-3", "pump-4"],
       "and are found by it")
    wants("no tag", run("twin", "tag", "pump-4", "+"), 1, "tag")
    wants("too long a tag", run("twin", "tag", "pump-4", "+" + "x" * 65), 1, "64")
    wants("no tag at all", run("twin", "tag", "pump-4"), 64)
    wants("a tag on another's version", run("twin", "tag", "pump-4", "+b", "--if-etag", "x"), 1)


def life():
    wants("a pump", run("twin", "create", "p-9", "--model", PUMP, "--tag", "spare",
                        '{"displayName":"Pump 9"}'), 0)
    wants("in the line", run("relationship", "create", "line-1", "contains", "p-9"), 0)
    wants("and in a group", run("group", "create", "spares", "--members", "p-9,pump-4"), 0)
    before = twin("p-9")
    wants("archived at once", run("twin", "archive", "p-9"), 1, "p-9", "in service", "archived")
    wants("retired", run("twin", "retire", "p-9"), 0)
    ok([t["$dtId"] for t in lines("twin", "list", "--state", "retired")] == ["p-9"], "it says so")
    wants("archived", run("twin", "archive", "p-9"), 0)
    wants("restored", run("twin", "restore", "p-9"), 0)
    after = twin("p-9")
    for one in (before, after):
        one.pop("$etag")
    ok(before == after, "as it was", (before, after))
    ok([r["$sourceId"] for r in lines("relationship", "list", "--target", "p-9")] == ["line-1"],
       "with its relationship")
    ok(lines("group", "show", "spares")[0]["members"] == ["p-9", "pump-4"], "and its group")
    wants("a planned one", run("twin", "create", "p-11", "--model", PUMP, "--state", "planned"), 0)
    wants("retired before it was", run("twin", "retire", "p-11"), 1, "planned", "retired")
    wants("commissioned", run("twin", "restore", "p-11", "--to", "commissioned"), 0)
    ok(twin("p-11")["$metadata"]["$lifecycle"] == "commissioned", "it is")
    wants("made in a strange state", run("twin", "create", "p-12", "--model", PUMP, "--state", "dead"),
          1, "dead")
    wants("a strange state", run("twin", "list", "--state", "dead"), 1, "dead", "planned")

    then = time.time()
    wants("deleted while related", run("twin", "delete", "p-9"), 1, "relationships")
    wants("deleted on another's etag", run("twin", "delete", "p-9", "--with-relationships",
                                           "--if-etag", "x"), 1)
    wants("deleted with them", run("twin", "delete", "p-9", "--with-relationships"), 0)
    ok(twin("p-9") is None and not lines("relationship", "list", "--target", "p-9"), "both are gone")
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(then)) + "%.6fZ" % (then % 1)
    at = at[:19] + at[20:]
    wants("but not from the past", run("twin", "show", "p-9", "--at", at), 0, "Pump 9", "line-1")
    wants("when it was not there", run("twin", "show", "p-9", "--at", "2020-01-01T00:00Z"), 1, "p-9")
    wants("at no time", run("twin", "show", "p-9", "--at", "noon"), 64)


def relationships():
    wants("a tank", run("twin", "create", "tank", "--model", "dtmi:t:Tank;1"), 0)
    for name in "bc":
        run("twin", "create", "tank-" + name, "--model", "dtmi:t:Tank;1")
    wants("a pump", run("twin", "create", "pump", "--model", "dtmi:t:Pump;1", '{"head":12.5}'), 0)
    ok(twin("pump")["seal"] == {}, "its component is there, empty")
    wants("a relationship", run("relationship", "create", "pump", "feeds", "tank",
                                '{"length":3.5}', "--id", "f1"), 0)
    one = lines("relationship", "show", "pump", "f1")[0]
    ok(one["$targetId"] == "tank" and one["length"] == 3.5 and one["$etag"], "shown", one)
    wants("the same again", run("relationship", "create", "pump", "feeds", "tank", "--id", "f1"), 1,
          "f1")
    wants("of no such name", run("relationship", "create", "pump", "drains", "tank"), 1, "drains")
    wants("to what it may not lead to", run("relationship", "create", "pump", "feeds", "pump-3"), 1,
          "dtmi:t:Tank;1", "pump-3")
    wants("to nobody", run("relationship", "create", "pump", "feeds", "nobody"), 1, "nobody")
    wants("to itself", run("relationship", "create", "line-1", "contains", "line-1"), 1, "itself")
    wants("with a bad property", run("relationship", "create", "pump", "feeds", "tank-b",
                                     '{"length":"far"}'), 1, "length", "far")
    wants("a second", run("relationship", "create", "pump", "feeds", "tank-b", "--id", "f2"), 0)
    wants("a third is one too many", run("relationship", "create", "pump", "feeds", "tank-c"), 1,
          "at most 2", "feeds")

    wants("a property of it", run("relationship", "set", "pump", "f1", "/length", "4"), 0)
    wants("on another's etag", run("relationship", "set", "pump", "f1", "/length", "5", "--if-etag",
                                   one["$etag"]), 1, "f1", "changed")
    etag = lines("relationship", "show", "pump", "f1")[0]["$etag"]
    wants("on the right one", run("relationship", "patch", "pump", "f1", "--if-etag", etag,
                                  '[{"op":"test","path":"/length","value":4},'
                                  '{"op":"remove","path":"/length"}]'), 0)
    wants("its target", run("relationship", "patch", "pump", "f1",
                            '[{"op":"replace","path":"/$targetId","value":"tank-c"}]'), 1, "$targetId")
    ok("length" not in lines("relationship", "show", "pump", "f1")[0], "all as meant")
    wants("deleted on another's etag", run("relationship", "delete", "pump", "f2", "--if-etag", etag), 1)
    wants("deleted", run("relationship", "delete", "pump", "f2"), 0)
    wants("not twice", run("relationship", "delete", "pump", "f2"), 1, "f2")
    ok(len(lines("relationship", "list", "--source", "pump", "--name", "feeds")) == 1, "one is left")


def groups():
    wants("a group by query", run("group", "create", "pumps", "--tier", "thresholds", "--note", "n",
                                  "--query", "SELECT * FROM DIGITALTWINS WHERE IS_OF_MODEL('%s')"
                                  % PUMP), 0)
    before = lines("group", "show", "pumps")[0]
    ok(before["tier"] == "thresholds" and "pump-3" in before["members"], "has the pumps", before)
    run("twin", "create", "p-10", "--model", PUMP)
    ok(len(lines("group", "show", "pumps")[0]["members"]) == len(before["members"]) + 1,
       "and a new one at once")
    wants("the same name again", run("group", "create", "pumps", "--members", "pump-3"), 1, "pumps")
    wants("a query with a mistake", run("group", "create", "bad", "--query", "SELECT FROM"), 1)
    wants("a query for counts", run("group", "create", "bad", "--query",
                                    "SELECT COUNT() FROM DIGITALTWINS"), 1)
    wants("a member that is not there", run("group", "create", "bad", "--members", "nobody"), 1, "nobody")
    wants("neither query nor members", run("group", "create", "bad"), 64)
    wants("added", run("group", "add", "spares", "pump-5", "pump-4"), 0)
    wants("removed", run("group", "remove", "spares", "p-9"), 0)
    ok(lines("group", "show", "spares")[0]["members"] == ["pump-4", "pump-5"], "each once, sorted",
       lines("group", "show", "spares"))
    wants("added to a query's", run("group", "add", "pumps", "pump-5"), 1, "query")
    wants("added to none", run("group", "add", "none", "pump-5"), 1, "none")
    ok([g["name"] for g in lines("group", "list")] == ["pumps", "spares"], "listed")
    wants("deleted", run("group", "delete", "pumps"), 0)
    wants("not twice", run("group", "delete", "pumps"), 1, "pumps")


def migration():
    to = ("--to", "dtmi:t:Pump;2")
    rows = lines("twin", "migrate", *to, "pump")
    kinds = [(i["kind"], i["what"]) for i in rows[0]["items"]]
    ok(kinds == [("loses", "/head"), ("gains", "/impeller"), ("gains", "/drive")], "the preview", rows)
    ok(rows[-1]["loses"] == 1 and rows[-1]["violates"] == 0, "its sum", rows[-1])
    ok(twin("pump")["$metadata"]["$model"] == "dtmi:t:Pump;1", "nothing was done")
    wants("with a loss", run("twin", "migrate", *to, "pump", "--apply"), 1, "pump", "lose", "/head")
    wants("on an old preview", run("twin", "migrate", *to, "pump", "--apply", "--drop-lost",
                                   "--if-preview", "0" * 16), 1, "preview")
    wants("on this preview", run("twin", "migrate", *to, "pump", "--apply", "--drop-lost",
                                 "--if-preview", rows[-1]["preview"]), 0)
    now = twin("pump")
    ok(now["$metadata"]["$model"] == "dtmi:t:Pump;2" and "head" not in now and now["drive"] == {},
       "it is the new model's", now)

    done = [c for c in lines("change", "list") if c["kind"] == "migrate"]
    ok(len(done) == 1 and "dtmi:t:Pump;2" in done[0]["text"], "it is one change", done)
    wants("undone", run("change", "undo", str(done[0].get("change", done[0].get("id")))), 0)
    ok(twin("pump")["$metadata"]["$model"] == "dtmi:t:Pump;1" and twin("pump")["head"] == 12.5,
       "brings back what was lost", twin("pump"))

    run("twin", "create", "two", "--model", "dtmi:t:Pump;1")
    run("twin", "create", "one", "--model", "dtmi:t:Pump;1")
    run("relationship", "create", "two", "feeds", "tank-b")
    run("relationship", "create", "two", "feeds", "tank-c")
    query = ("--query", "SELECT * FROM DIGITALTWINS WHERE IS_OF_MODEL('dtmi:t:Pump;1', exact)")
    rows = lines("twin", "migrate", *to, *query)
    ok(rows[-1]["twins"] == 3 and rows[-1]["violates"] == 1, "three by a query, one in the way", rows)
    wants("done although", run("twin", "migrate", *to, *query, "--apply", "--drop-lost"), 1, "two",
          "at most 1")
    ok(twin("one")["$metadata"]["$model"] == "dtmi:t:Pump;1", "none of them moved")
    wants("to a model that is not there", run("twin", "migrate", "--to", "dtmi:t:Pump;9", "one"), 1,
          "dtmi:t:Pump;9")
    wants("a twin that is not there", run("twin", "migrate", *to, "nobody"), 1, "nobody")
    wants("nobody named", run("twin", "migrate", *to), 64)


def race():
    """Eight writers, each on the etag it read: no update is lost."""
    run("twin", "create", "counter", "--model", PUMP, '{"ratedSpeed":0}')
    script = """
import json, subprocess, sys
done = 0
while done < 5:
    show = json.loads(subprocess.run([sys.argv[1], "twin", "show", "counter", "--json", "--store",
                      sys.argv[2]], capture_output=True, text=True).stdout)
    r = subprocess.run([sys.argv[1], "twin", "set", "counter", "/ratedSpeed",
                        str(show["ratedSpeed"] + 1), "--if-etag", show["$etag"], "--store",
                        sys.argv[2]], capture_output=True, text=True)
    if r.returncode == 0:
        done += 1
    elif r.returncode != 1:
        sys.exit(r.stderr)
"""
    workers = [subprocess.Popen([sys.executable, "-c", script, sys.argv[1], store],
                                stderr=subprocess.PIPE, text=True) for _ in range(8)]
    said = [w.communicate(timeout=300)[1] for w in workers]
    ok(all(w.returncode == 0 for w in workers), "eight writers come to an end", said)
    ok(twin("counter")["ratedSpeed"] == 40, "and none of 40 updates is lost", twin("counter"))


with tempfile.TemporaryDirectory() as folder:
    store = os.path.join(folder, "plant.db")
    models = [write(m["@id"].replace(":", "-").replace(";", "-") + ".json", json.dumps(m))
              for m in (SEAL, TANK, PUMP1, PUMP2)]
    wants("the demo's models", run("model", "import", os.path.join(DATA, "models")), 0)
    wants("its graph", run("graph", "import", os.path.join(DATA, "graph.json")), 0)
    wants("two versions of a pump", run("model", "import", *models), 0)
    patches()
    hostile()
    tags()
    life()
    relationships()
    groups()
    migration()
    race()
print("1..%d" % number)
