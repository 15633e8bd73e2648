#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""twinctl anomaly: trained from several runs, scored row by row; options,
gaps and damaged files. argv[1]: twinctl."""

import csv
import json
import math
import os
import random
import subprocess
import sys
import tempfile

TWINCTL = sys.argv[1]
HOME = tempfile.TemporaryDirectory()
FOLDER = HOME.name
count = 0


def ok(good, what, told=""):
    global count
    count += 1
    print(("ok" if good else "not ok"), count, "-", what, flush=True)
    if not good:
        for line in str(told).splitlines()[:20]:
            print("#", line)


def run(*words, text=None):
    return subprocess.run([TWINCTL, "anomaly", *words], capture_output=True, text=True, timeout=60, input=text)


def path(name):
    return os.path.join(FOLDER, name)


def write(name, rows, head, mark=";"):
    with open(path(name), "w", newline="") as file:
        out = csv.writer(file, delimiter=mark)
        out.writerow(head)
        out.writerows(rows)
    return path(name)


def stamp(i):
    return "2026-03-0%d %02d:%02d:%02d" % (1 + i // 86400, i // 3600 % 24, i // 60 % 60, i % 60)


HEAD = ["datetime", "flow", "a", "b", "state", "anomaly"]


def make(seed, n, level=30.0, start=0, step=None):
    """Flow falls by 2 at step; b follows a; state stands still; truth is told."""
    draw = random.Random(seed)
    rows = []
    for i in range(n):
        common = draw.gauss(0, 1)
        fallen = step is not None and i >= step
        rows.append([stamp(start + i), round(level + draw.gauss(0, 0.5) - (2 if fallen else 0), 4),
                     round(common, 4), round(2 * common + draw.gauss(0, 0.2), 4), 1, int(fallen)])
    return rows


def table(text):
    return list(csv.DictReader(text.splitlines()))


def alarms(rows, begin, end):
    return sum(row["alarm"] == "1" for row in rows[begin:end])


def training():
    first = write("one.csv", make(1, 1500), HEAD)
    # Two runs in one file, a week apart and at another level.
    second = write("two.csv", make(2, 800, 60) + make(3, 800, 10, 400000), HEAD)
    result = run("train", "--time", "datetime", "--delimiter", ";", "-o", path("model.json"), first, second)
    ok(result.returncode == 0 and result.stdout == "", "training from two files", result.stderr)
    ok("“anomaly” left out" in result.stderr and "“state” stands still" in result.stderr,
       "says what cannot be learnt", result.stderr)
    model = json.load(open(path("model.json")))
    ok(model["features"] == ["flow", "a", "b", "state"], "of the columns that measure", model["features"])
    ok(model["noise"][0] + model["wander"][0] < 0.2, "a pause is no change", model)
    result = run("train", "--time", "datetime", "--features", "a,b", first)
    ok(result.returncode == 0 and json.loads(result.stdout)["features"] == ["a", "b"],
       "to standard output, chosen columns", result.stdout[:200] + result.stderr)


def scoring():
    file = write("test.csv", make(4, 1000, 30, 0, 700), HEAD)
    result = run("score", "--time", "datetime", "--delimiter", ";", "--model", path("model.json"),
                 "--train-rows", "400", file)
    rows = table(result.stdout)
    ok(result.returncode == 0 and list(rows[0]) == ["time", "score", "alarm", "driver"] and len(rows) == 1000,
       "a row for each", result.stderr)
    ok(rows[0]["time"] == "2026-03-01 00:00:00" and all(row["score"] == "0.00" for row in rows[:400]),
       "the opening is not judged", rows[:2])
    ok(alarms(rows, 0, 700) == 0 and alarms(rows, 730, 1000) == 270, "the fall is told as long as it lasts",
       (alarms(rows, 0, 700), alarms(rows, 730, 1000)))
    ok(rows[750]["driver"] == "flow" and float(rows[750]["score"]) > 50, "and what fell", rows[750])
    again = run("score", "--time", "datetime", "--model", path("model.json"), "--train-rows", "400", file)
    ok(again.stdout == result.stdout, "the delimiter is found, the same again", again.stderr)

    alone = table(run("score", "--time", "datetime", "--features", "flow,a,b", file).stdout)
    ok(alarms(alone, 0, 700) == 0 and alarms(alone, 740, 1000) == 260, "without a model by its own opening",
       alarms(alone, 740, 1000))
    changes = table(run("score", "--time", "datetime", "--changes", "--model", path("model.json"), file).stdout)
    at = changes[0]["change"] if changes else ""
    ok(len(changes) == 1 and changes[0]["alarm"] == "begins" and changes[0]["driver"] == "flow"
       and stamp(690) <= at <= stamp(710), "when it changed", changes)
    told = run("--json", "score", "--time", "datetime", "--features", "flow", file).stdout.splitlines()
    ok(len(told) == 1000 and set(json.loads(told[999])) == {"time", "score", "alarm", "driver"}, "JSON lines",
       told[:1])
    strict = table(run("score", "--time", "datetime", "--model", path("model.json"), "--train-rows", "0", file).stdout)
    ok(alarms(strict, 0, 700) == 0 and alarms(strict, 760, 1000) == 240, "by the model alone",
       (alarms(strict, 0, 700), alarms(strict, 760, 1000)))
    with open(file) as piped:
        result = run("score", "--time", "datetime", "--features", "flow", "-", text=piped.read())
    ok(result.returncode == 0 and len(table(result.stdout)) == 1000, "from standard input", result.stderr)


def gaps():
    rows = make(5, 900)
    for i, row in enumerate(rows):
        if i % 3 == 0:
            row[1] = ""
        if i % 7 == 0:
            row[2] = "NaN"
    result = run("score", "--time", "datetime", "--features", "flow,a,b", write("gaps.csv", rows, HEAD))
    scores = [float(row["score"]) for row in table(result.stdout)]
    ok(result.returncode == 0 and len(scores) == 900 and all(math.isfinite(s) for s in scores)
       and alarms(table(result.stdout), 0, 900) < 20, "gaps are no anomaly",
       "%d alarms\n%s" % (alarms(table(result.stdout), 0, 900), result.stderr))


def refusals():
    file = write("test.csv", make(4, 1000), HEAD)
    cases = [
        (64, ["score", file], "--time"),
        (64, ["train", "--time", "datetime"], "FILE"),
        (64, ["score", "--time", "datetime", file, file], "one FILE"),
        (1, ["score", "--time", "when", file], "when"),
        (1, ["score", "--time", "datetime", "--features", "flow,heat", file], "heat"),
        (1, ["score", "--time", "datetime", "--features", "datetime", file], "datetime"),
        (1, ["score", "--time", "datetime", path("none.csv")], "none.csv"),
        (1, ["score", "--time", "datetime", "--model", file, file], "train it anew"),
        (1, ["score", "--time", "datetime", "--train-rows", "5", file], "--train-rows"),
        (1, ["train", "--time", "datetime", "--features", "state", file], "moves"),
        (3, ["train", "--time", "datetime", "-o", path("no/such/model.json"), file], "model.json"),
    ]
    for status, words, part in cases:
        result = run(*words)
        ok(result.returncode == status and part in result.stderr, "refused: " + " ".join(words)[:60],
           "%d %s" % (result.returncode, result.stderr))


def hostile():
    good = open(path("model.json")).read()
    model = json.loads(good)
    damaged = []
    for name in model:
        less = dict(model)
        del less[name]
        damaged.append(less)
        damaged.append({**model, name: "x"})
        damaged.append({**model, name: [1e308] * 16})
        damaged.append({**model, name: -1})
        damaged.append({**model, name: [["x"]]})
    texts = [json.dumps(one) for one in damaged] + [good[:i] for i in range(0, len(good), 97)] + ["", "[]", "null"]
    file = write("small.csv", make(4, 500), HEAD)
    bad = []
    for text in texts:
        with open(path("damaged.json"), "w") as out:
            out.write(text)
        result = run("score", "--time", "datetime", "--model", path("damaged.json"), file)
        if result.returncode != 1 or "train it anew" not in result.stderr:
            bad.append((text[:60], result.returncode, result.stderr))
    ok(not bad, "%d damaged models are refused" % len(texts), bad)

    draw = random.Random(9)
    whole = open(file, "rb").read()
    bad = []
    for i in range(40):
        bytes_ = bytearray(whole)
        for _ in range(draw.randrange(1, 30)):
            bytes_[draw.randrange(len(bytes_))] = draw.randrange(256)
        with open(path("bytes.csv"), "wb") as out:
            out.write(bytes_)
        result = subprocess.run([TWINCTL, "anomaly", "score", "--time", "datetime", path("bytes.csv")],
                                capture_output=True, timeout=60)
        if result.returncode not in (0, 1):
            bad.append((i, result.returncode, result.stderr[:100]))
    ok(not bad, "wild bytes end in 0 or 1", bad)


training()
scoring()
gaps()
refusals()
hostile()
print("1..%d" % count)
