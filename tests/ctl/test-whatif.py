#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""twinctl whatif: a real engine on a real store, with nothing measured yet."""

import json
import os
import subprocess
import sys
import tempfile

DATA = os.path.join(os.environ["TWIN_SOURCE_ROOT"], "data")
PRESENT = ["--set", "load-now=0.8", "--set", "ambient-now=20", "--set", "bearing-load=1.5",
           "--set", "damage=0.1"]
number = 0


def ok(good, name, detail=""):
    global number
    number += 1
    print("%sok %d %s" % ("" if good else "not ", number, name))
    if not good:
        print("# " + str(detail).replace("\n", "\n# "))


def run(*words):
    return subprocess.run([sys.argv[1], *words, "--store", store, "--data-dir", DATA,
                           "--key-dir", folder], capture_output=True, text=True, timeout=120)


def ask(*words):
    result = run("whatif", "compressor-7", "--json", *PRESENT, *words)
    try:
        return json.loads(result.stdout)
    except ValueError:
        return {"error": result.stderr}


def refused(name, code, words, *line):
    result = run("whatif", *line)
    ok(result.returncode == code and result.stdout == "" and
       all(w in result.stderr for w in words), name, result)


def test_same():
    answer = ask()
    ok(answer.get("baseline") is not None and answer["baseline"] == answer["scenario"],
       "nothing set: both sides are the same", answer)
    zero = {"p05": 0, "p50": 0, "p95": 0}
    ok(answer.get("difference", {}).get("temperature_k") == zero and
       answer["difference"]["fatigue_h"] == zero, "and the differences zero", answer)
    ok(answer.get("level") == "ODE" and answer["accuracy_met"] and
       "cheapest" in answer["reason"], "a tenth of the life needs the ODE", answer)


def test_warmer():
    answer = ask("--set", "ambient=40", "--horizon", "30d")
    now, then = answer.get("baseline", {}), answer.get("scenario", {})
    ok(abs(then["temperature_c"]["p50"] - now["temperature_c"]["p50"] - 20) < 0.5 and
       then["kappa"] < now["kappa"] and then["aiso"] < now["aiso"] and
       then["fatigue_h"]["p50"] < now["fatigue_h"]["p50"] and then["life_factor"] < 1,
       "warmer: thinner film, shorter life", answer)
    ok(answer["horizon_s"] == 30 * 86400, "over the horizon asked for", answer)
    ok(now["rul_s"] is None and "not estimable" in answer["notes"],
       "no trend: no remaining life is made up", answer)
    date = answer["maintenance"]["baseline"]
    ok(date["kind"] == "none" and date["at_s"] is None and "No date" in date["why"],
       "and no maintenance date", date)


def test_levels():
    quick = ask("--set", "load=1.2", "--accuracy", "0.3")
    exact = ask("--set", "load=1.2", "--accuracy", "0.1")
    ok(quick.get("level") == "closed form" and exact.get("level") == "ODE",
       "the cheapest level that is accurate enough", (quick, exact))
    a, b = quick["scenario"]["fatigue_h"]["p50"], exact["scenario"]["fatigue_h"]["p50"]
    ok(abs(a / b - 1) < 0.05, "levels agree within 5 %", (a, b))
    hasty = ask("--accuracy", "0.1", "--budget", "5")
    ok(hasty.get("level") == "closed form" and not hasty["accuracy_met"] and
       "accuracy not met" in hasty["reason"], "no time: the fastest, and says so", hasty)
    heard = ask("--set", "fault=outer", "--set", "speed=0.8")
    ok(heard.get("level") == "signal" and heard["signal"]["verdict"] == "outer",
       "a simulated outer-race fault is named", heard)


def test_people():
    result = run("whatif", "compressor-7-de", "--set", "load=120%", *PRESENT)
    ok(result.returncode == 0 and "Bearing temperature" in result.stdout and
       "No date" in result.stdout, "for people, and of a machine's part", result)


def test_refusals():
    refused("a load beyond the model", 1, ["load", "0.5 to 1.5"], "compressor-7",
            "--set", "load=2")
    refused("a speed over the limit", 1, ["speed limit"], "compressor-7",
            "--set", "speed-now=1.1", "--set", "speed=1.2")
    refused("a load over the static rating", 1, ["C0"], "compressor-7",
            "--set", "load-now=1", "--set", "bearing-load=7", "--set", "load=1.5")
    refused("a name that is none", 1, ["“lod”", "ambient"], "compressor-7", "--set", "lod=1")
    refused("a value that is none", 1, ["“much”"], "compressor-7", "--set", "load=much")
    refused("a twin that is none", 1, ["“nobody”"], "nobody")
    refused("a line, which has no bearing", 1, ["no machine"], "line-1")
    refused("no twin", 64, ["TWIN"])
    refused("a horizon that is none", 64, ["90d"], "compressor-7", "--horizon", "soon")
    refused("a setting without a value", 64, ["load=1.2"], "compressor-7", "--set", "load")


with tempfile.TemporaryDirectory() as folder:
    store = os.path.join(folder, "plant.db")
    run("model", "import", os.path.join(DATA, "demo", "models"))
    run("graph", "import", os.path.join(DATA, "demo", "graph.json"))
    for test in (test_same, test_warmer, test_levels, test_people, test_refusals):
        try:
            test()
        except (KeyError, TypeError) as error:
            ok(False, test.__name__, repr(error))
print("1..%d" % number)
