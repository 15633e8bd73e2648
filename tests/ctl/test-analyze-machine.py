#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""twinctl analyze machine and peak, as a script runs them. Argument: the
program. Speaks TAP."""
import json
import math
import os
import random
import struct
import subprocess
import sys
import tempfile

RATE = 2000
SHAFT = 24.6
DATA = os.path.join(os.environ["TWIN_SOURCE_ROOT"], "data")
TWINCTL = sys.argv[1]
FACTS = [f"--rpm={SHAFT * 60}", "--tacho", "--group=2", "--support=rigid",
         "--mains=50", "--pole-pairs=2"]


def run(*arguments):
    return subprocess.run(
        [TWINCTL, "analyze", *arguments, "--data-dir", DATA],
        capture_output=True, timeout=60)


def write(folder, name, axes, seed=1):
    """8 s of axes side by side; each a list of (Hz, mm/s r.m.s., phase)."""
    rng = random.Random(seed)
    lines = [[(2 * math.pi * hz / RATE,
               math.sqrt(2) * mm_s * 2 * math.pi * hz / 9806.65, phase)
              for hz, mm_s, phase in axis] for axis in axes]
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        for i in range(8 * RATE):
            for axis in lines:
                value = rng.gauss(0, 0.003) + sum(
                    a * math.cos(w * i + p) for w, a, p in axis)
                file.write(struct.pack("<f", value))
    return path


def record(path):
    return [path, "--format=f32", f"--rate={RATE}", "--channels=3"]


AXES = ["--y=:2", "--axial=:3"]
SOUND = [[(SHAFT, 0.5, 0), (2 * SHAFT, 0.2, 1)],
         [(SHAFT, 0.4, 1.6), (2 * SHAFT, 0.2, 2)],
         [(SHAFT, 0.1, 0), (2 * SHAFT, 0.05, 1)]]
UNBALANCED = [SOUND[0] + [(SHAFT, 5, 0)], SOUND[1] + [(SHAFT, 4, 1.6)],
              SOUND[2] + [(SHAFT, 0.5, 0)]]


def machine(*arguments):
    done = run("machine", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_machine(folder):
    found = machine(*record(write(folder, "u.f32", UNBALANCED)), *AXES, *FACTS)
    first = found["findings"][0]
    assert (first["fault"], first["answer"]) == ("unbalance", "named"), first
    assert [f for f in found["findings"] if f["answer"] == "named"] == [first]
    assert len(found["findings"]) == 10
    assert abs(first["level_mm_s"] - 5.5) < 0.2, first
    assert first["limit_mm_s"] == 2.8
    assert all(c["outcome"] == "passed" for c in first["checks"]), first
    assert first["lines"][0]["label"] == "1×"
    assert abs(found["shaft_hz"] - SHAFT) < 0.01


def test_sound(folder):
    found = machine(*record(write(folder, "s.f32", SOUND)), *AXES, *FACTS)
    for finding in found["findings"]:
        assert finding["answer"] in ("none", "not assignable"), finding


def test_one_axis(folder):
    found = machine(*record(write(folder, "u.f32", UNBALANCED)), *FACTS)
    first = found["findings"][0]
    assert (first["fault"], first["answer"]) == ("unbalance", "suspected")
    assert "axial" in first["needs"]


def test_usual(folder):
    """What a sound run measured is read back, and a change from it counts."""
    done = run("machine", *record(write(folder, "s.f32", SOUND)), *AXES,
               *FACTS, "--json")
    usual = os.path.join(folder, "usual.json")
    with open(usual, "wb") as file:
        file.write(done.stdout)
    changed = [axis + [(SHAFT, 1.2, axis[0][2])] for axis in SOUND[:2]]
    path = write(folder, "c.f32", changed + [SOUND[2]])
    before = machine(*record(path), *AXES, *FACTS)
    assert before["findings"][0]["answer"] != "named"
    found = machine(*record(path), *AXES, *FACTS, "--usual", usual)
    assert found["findings"][0]["fault"] == "unbalance"
    assert found["findings"][0]["answer"] == "named"


def test_people(folder):
    done = run("machine", *record(write(folder, "u.f32", UNBALANCED)), *AXES,
               *FACTS)
    text = done.stdout.decode()
    assert done.returncode == 0 and "unbalance     named" in text, text
    assert "passed   Not a bent shaft?" in text
    assert "ISO 20816-3 group 2, rigid: zone C from 2.8 mm/s" in text


def test_peak(folder):
    axes = [SOUND[0] + [(3.5848 * SHAFT * 0.99 * k, 0.3 / k, k)
                        for k in range(1, 5)]] + SOUND[1:]
    path = write(folder, "p.f32", axes)
    done = run("peak", *record(path), *FACTS, "--bearing=6205-2RS JEM",
               f"--at={3.5848 * SHAFT * 0.99}", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    first = found["causes"][0]
    assert first["kind"] == "bearing" and "outer race" in first["title"]
    assert first["score"] > 0.9 and not first["artefact"]
    assert all(line["present"] for line in first["lines"])
    assert abs(sum(c["score"] for c in found["causes"]) - 1) < 1e-4
    assert 0 <= found["picket_fence_db"] <= 1.43
    done = run("peak", *record(path), *FACTS, "--at=24.6")
    assert b"1\xc3\x97 shaft" in done.stdout, done.stdout


def test_wrong(folder):
    path = write(folder, "s.f32", SOUND)
    broken = os.path.join(folder, "broken.json")
    with open(broken, "w") as file:
        file.write('{"findings": []}')
    for status, words, *arguments in [
            (64, b"One FILE", "machine"),
            (64, b"--group", "machine", *record(path), "--group=3"),
            (64, b"--support", "machine", *record(path), "--support=soft"),
            (64, b"--kind", "machine", *record(path), "--kind=thing"),
            (64, b"negative", "machine", *record(path), "--blades=-3"),
            (64, b"channel", "machine", *record(path), "--y=:two"),
            (64, b"--at", "peak", *record(path)),
            (64, b"--window", "peak", *record(path), "--at=5", "--window=x"),
            (1, b"outside", "peak", *record(path), "--at=5000"),
            (1, b"levels", "machine", *record(path), "--usual", broken),
            (1, b"Could not read", "machine", *record(path), "--usual", path),
            (1, b"catalogue", "machine", *record(path), "--bearing=nonesuch")]:
        done = run(*arguments)
        assert done.returncode == status, (arguments, done)
        assert words in done.stderr, (arguments, done.stderr)
        assert done.stdout == b""


TESTS = [test_machine, test_sound, test_one_axis, test_usual, test_people,
         test_peak, test_wrong]

print(f"1..{len(TESTS)}")
failed = 0
for number, test in enumerate(TESTS, 1):
    try:
        with tempfile.TemporaryDirectory() as place:
            test(place)
        print(f"ok {number} {test.__name__}", flush=True)
    except AssertionError as error:
        failed += 1
        print(f"# {error}\nnot ok {number} {test.__name__}", flush=True)
sys.exit(failed > 0)
