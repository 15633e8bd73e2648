#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Models and graphs in and out of files, as scripts see them: reports, large
and hostile files in bounded time and memory, the benches."""

import json
import os
import subprocess
import sys
import tempfile
import time

DATA = os.path.join(os.environ["TWIN_SOURCE_ROOT"], "data", "demo")
REAL = os.environ.get("TWIN_REAL_DATA") or os.path.join(
    os.environ["TWIN_SOURCE_ROOT"], "..", "shared", "data")
with open(sys.argv[1], "rb") as program:
    SANITIZED = b"__asan_init" in program.read()
MIB = 1 << 20
SECONDS = 60 * (5 if SANITIZED else 1)
number = 0


def ok(good, name, detail=""):
    global number
    number += 1
    print("%sok %d %s" % ("" if good else "not ", number, name), flush=True)
    if not good:
        print("# " + str(detail)[:2000].replace("\n", "\n# "))


def run(*words, stdin=None, db="plant.db"):
    """Exit status, output, errors, most memory in MiB, seconds. What this
    process has when it forks counts as the child's, so it stays small."""
    out = open(os.path.join(folder, "out"), "w+b")
    err = open(os.path.join(folder, "err"), "w+b")
    begin = time.monotonic()
    child = subprocess.Popen([sys.argv[1], *words, "--store", os.path.join(folder, db)],
                             stdin=stdin, stdout=out, stderr=err)
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            break
        if time.monotonic() - begin > SECONDS:
            child.kill()
        time.sleep(0.01)
    child.returncode = os.waitstatus_to_exitcode(status)
    took = time.monotonic() - begin
    texts = []
    for file in (out, err):
        file.seek(0)
        texts.append(file.read().decode("utf-8", "replace"))
        file.close()
    return child.returncode, *texts, usage.ru_maxrss / 1024, took


def write(name, parts):
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        for part in parts:
            f.write(part if isinstance(part, bytes) else part.encode())
    return path


MODEL = json.dumps({
    "@context": "dtmi:dtdl:context;3", "@id": "dtmi:a:Pump;1", "@type": "Interface",
    "contents": [{"@type": "Property", "name": "speed", "schema": "double"},
                 {"@type": "Relationship", "name": "feeds"}]})
HEAD = '{"Section":"Header"}\n{"fileVersion":"1.0.0"}\n{"Section":"Models"}\n' + MODEL + "\n"


def twin(name):
    return '{"$dtId":"%s","$metadata":{"$model":"dtmi:a:Pump;1"}}' % name


def link(source, name, target):
    return ('{"$dtId":"%s","$relationshipId":"%s","$targetId":"%s","$relationshipName":"feeds"}'
            % (source, name, target))


def count():
    code, out, err, _, _ = run("query", "SELECT COUNT() FROM DIGITALTWINS")
    return json.loads(out)["COUNT"] if code == 0 else err


def reports():
    path = write("bad.ndjson", [HEAD, '{"Section":"Twins"}\n', twin("a"), "\n", "oops\n", twin("a"),
                                '\n{"Section":"Relationships"}\n', link("a", "l", "b"), "\n"])
    code, out, err, _, _ = run("graph", "import", path)
    ok(code == 1 and out == "" and all(w in err for w in ("line 7", "line 8", "line 10", "“b”"))
       and all(line.startswith("twinctl: ") for line in err.splitlines()),
       "every refused line is named", err)
    code, out, err, _, _ = run("graph", "import", path, "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    ok(code == 1 and [line.get("place") for line in lines[:-1]] == ["line 7", "line 8", "line 10"]
       and lines[1]["id"] == "a" and lines[-1]["refused"] == 3 and lines[-1]["imported"] is False,
       "as JSON lines, too", out)
    ok(count() == 0, "nothing of it is in", count())

    path = write("mixed.ndjson", ["\ufeff", HEAD.replace("\n", "\r\n"), '{"Section":"Twins"}\r\n',
                                  twin("a"), "\r\n\r\n", twin("b"), "\r\n"])
    with open(path, "rb") as f:
        code, out, err, _, _ = run("graph", "import", "-", stdin=f)
    ok(code == 0 and count() == 2, "a byte order mark, CRLF, standard input", err)

    path = write("early.ndjson", ['{"Section":"Relationships"}\n', link("a", "1", "c"),
                                  '\n{"Section":"Twins"}\n', twin("c"), "\n"])
    code, out, err, _, _ = run("graph", "import", path)
    ok(code == 1 and "there is no twin “c”" in err and "cannot follow" in err,
       "a relationship before its twin", err)
    code, out, err, _, _ = run("graph", "import", write("odd.ndjson", [
        '{"Section":"Spice"}\n', twin("c"), "\n"]))
    ok(code == 1 and "there is no section “Spice”" in err, "an unknown section", err)
    code, out, err, _, _ = run("graph", "import", folder)
    ok(code != 0 and folder in err, "a folder for a file", err)


def hostile():
    """64 MiB each: an error that says what, soon, in little memory."""
    n = 64 * MIB
    cases = [
        ("lines that are none", 100, "refused",
         [HEAD, '{"Section":"Twins"}\n'] + [b"[]\n" * MIB] * 21),
        ("one line", 100, "longer than 2 MiB",
         ['{"Section":"Twins"}\n{"$dtId":"'] + [b"x" * MIB] * 64 + ['"}\n']),
        ("one line without an end", 100, "longer than 2 MiB",
         ['{"Section":"Twins"}\n'] + [b"[" * MIB] * 64),
        ("a twin again and again", 100, "stands before it",
         ['{"Section":"Twins"}\n'] + [(twin("a") + "\n") * 1000] * (n // 56000)),
        ("JSON that only opens", 250, "nested deeper", [b"[" * MIB] * 64),
        ("JSON of numbers", 250, "refused",
         ['{"digitalTwinsGraph":{"digitalTwins":[1'] + [b",1" * (MIB // 2)] * 64 + ["]}}"]),
        ("JSON of one string", 250, "longer than 2 MiB",
         ['{"digitalTwinsGraph":{"digitalTwins":["'] + [b"x" * MIB] * 64 + ['"]}}']),
        ("JSON cut off", 250, "ends too early",
         ['{"digitalTwinsGraph":{"digitalTwins":[' + twin("a")]
         + [("," + twin("a")) * 1000] * (n // 57000)),
        ("JSON of blanks", 250, "ends too early", [b" " * MIB] * 64),
        ("zeros", 250, "twinctl:", [b"\0" * MIB] * 64),
    ]
    for name, most, word, parts in cases:
        path = write("hostile", parts)
        code, out, err, memory, took = run("graph", "import", path)
        ok(code == 1 and word in err and (memory < most or SANITIZED)
           and len(err.splitlines()) < 1010,
           "64 MiB: %s" % name,
           "exit %d, %.0f MiB, %.1f s: %s" % (code, memory, took, err[-600:]))
        os.unlink(path)
    ok(count() == 2, "nothing of them is in", count())


def large():
    """Memory does not grow with the file."""
    def lines():
        yield HEAD + '{"Section":"Twins"}\n'
        for i in range(22000):
            yield ('{"$dtId":"t%d","$metadata":{"$model":"dtmi:a:Pump;1","note":"%s"},"speed":%d.5}\n'
                   % (i, "x" * 3000, i))

    path = write("large.ndjson", lines())
    size = os.path.getsize(path) / MIB
    code, out, err, memory, took = run("graph", "import", path, db="large.db")
    ok(code == 0 and size > 64 and (memory < 60 or SANITIZED), "64 MiB of good lines",
       "%.0f MiB file, exit %d, %.0f MiB, %.1f s: %s" % (size, code, memory, took, err[-300:]))
    out_path = os.path.join(folder, "again.ndjson")
    code, out, err, memory, took = run("graph", "export", "--format=ndjson", out_path, db="large.db")
    ok(code == 0 and os.path.getsize(out_path) > 64 * MIB and (memory < 60 or SANITIZED),
       "and out again", "exit %d, %.0f MiB: %s" % (code, memory, err))
    os.unlink(path)


def ontologies():
    root = os.path.join(REAL, "dtdl", "ontologies")
    if not os.path.isdir(root):
        ok(True, "public ontologies # SKIP not beside the project (TWIN_REAL_DATA)")
        return
    one = [os.path.join(root, name) for name in
           ("building-rec", "energygrid", "isa95-dtdl", "smartcities")]
    code, out, err, _, _ = run("model", "import", *one, db="one.db")
    ok(code == 0 and "1124 interfaces" in err, "four ontologies as one set", err)
    target = os.path.join(folder, "models")
    code, out, err, _, _ = run("model", "export", target, db="one.db")
    ok(code == 0, "out as a file each", err)
    code, out, err, _, _ = run("model", "import", target, db="two.db")
    one_text = os.path.join(folder, "one.json")
    two_text = os.path.join(folder, "two.json")
    run("model", "export", one_text, db="one.db")
    run("model", "export", two_text, db="two.db")
    with open(one_text, encoding="utf-8") as a, open(two_text, encoding="utf-8") as b:
        ok(code == 0 and json.load(a) == json.load(b), "and in again, the same", err)

    iot = os.path.join(root, "iot-plugandplay")
    code, out, err, _, _ = run("model", "import", iot, db="iot.db")
    ok(code == 1 and "--each" in err, "what is no set says how else", err[-600:])
    code, out, err, _, _ = run("model", "import", "--each", iot, "--json", db="iot.db")
    said = json.loads(out.splitlines()[-1])
    ok(said["imported"] >= 770, "each for itself", said)
    print("# %d of 934 interfaces, %d faults" % (said["imported"], said["refused"]))
    code, out, err, _, _ = run("model", "list", "--json", db="iot.db")
    ok(code == 0 and len(out.splitlines()) >= said["imported"], "and read again", err)
    code, out, err, _, _ = run("model", "delete",
                               "dtmi:azure:DeviceManagement:DeviceInformation;1", db="iot.db")
    ok(code == 1 and "still needed by" in err and "more" in err, "one in use stays", err)
    code, out, err, _, _ = run("model", "roles", one[0], "--json")
    ok(code == 0 and json.loads(out.splitlines()[-1])["interfaces"] == 768, "roles of an ontology",
       err)


def benches():
    code, out, err, _, _ = run("bench", "graph", "--twins", "1000", "--no-growth", "--json")
    said = json.loads(out) if code == 0 else {}
    ok(said.get("twins") == 1000 and said["ratio"] > 0, "bench graph", err + out)
    code, out, err, _, _ = run("bench", "model", "--parser", folder, "--json")
    said = json.loads(out) if code == 0 else {}
    ok(said.get("import_s", 0) > 0 and "no yardstick" in err, "bench model without its yardstick",
       err + out)


with tempfile.TemporaryDirectory() as folder:
    reports()
    hostile()
    large()
    ontologies()
    benches()
print("1..%d" % number)
