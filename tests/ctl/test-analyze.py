#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""twinctl analyze, run as a script would. Argument: the program. Speaks TAP."""
import array
import json
import math
import os
import random
import subprocess
import sys
import tempfile

RATE = 4000
SHAFT = 24.6
LSB = 1e-4
GEOMETRY = "9,7.94,39.04,0"
DATA = os.path.join(os.environ["TWIN_SOURCE_ROOT"], "data")
TWINCTL = sys.argv[1]


def run(*arguments, feed=None):
    return subprocess.run(
        [TWINCTL, "analyze", *arguments, "--data-dir", DATA],
        input=feed, capture_output=True, timeout=60)


def recording(order):
    """8 s at 4 kHz: noise, the shaft, and blows at `order` that ring 800 Hz."""
    rng = random.Random(1)
    omega = 2 * math.pi * 800 / RATE
    decay = math.exp(-0.05 * omega)
    a1, a2 = 2 * decay * math.cos(omega), -decay * decay
    y1 = y2 = 0.0
    due = 0.0
    out = array.array("h")
    for i in range(8 * RATE):
        blow = 0.0
        if order and i >= due:
            blow = 0.05
            due += RATE / (order * SHAFT) * (1 + 0.01 * rng.gauss(0, 1))
        y1, y2 = blow + a1 * y1 + a2 * y2, y1
        value = (y1 + rng.gauss(0, 0.01) +
                 0.03 * math.sin(2 * math.pi * SHAFT * i / RATE))
        out.append(round(value / LSB))
    if sys.byteorder == "big":
        out.byteswap()
    return out.tobytes()


def write(folder, name, content):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content)
    return path


def options(path):
    return [path, "--format=i16", f"--rate={RATE}", f"--scale={LSB}"]


def test_bearing(folder):
    path = write(folder, "outer.i16", recording(3.5848))
    done = run("bearing", *options(path), f"--rpm={SHAFT * 60}",
               "--bearing=6205-2RS JEM", "--json")
    assert done.returncode == 0, done.stderr
    verdict = json.loads(done.stdout)
    assert verdict["verdict"] == "outer", verdict
    assert verdict["suspected"] is None
    assert verdict["faults"][0]["element"] == "outer"
    assert abs(verdict["faults"][0]["order"] - 3.585) < 0.06
    assert len(verdict["faults"][0]["harmonics"]) >= 2
    assert set(verdict["features"]) == {
        "rms_g", "peak_g", "kurtosis", "crest", "velocity_rms_mm_s"}
    assert verdict["quality"] == [] and verdict["others"] == []
    assert verdict["z"] >= 4 and verdict["margin"] >= 2
    text = run("bearing", *options(path), f"--rpm={SHAFT * 60}",
               "--bearing", GEOMETRY)
    assert b"Verdict    outer" in text.stdout


def test_tacho(folder):
    path = write(folder, "tacho.i16", recording(3.5848))
    pulses = "".join(f"{i / SHAFT:.6f}\n" for i in range(int(8 * SHAFT)))
    times = write(folder, "pulses.txt", ("time s\n" + pulses).encode())
    done = run("bearing", *options(path), f"--tacho={times}",
               "--bearing", GEOMETRY, "--json")
    assert done.returncode == 0, done.stderr
    verdict = json.loads(done.stdout)
    assert verdict["verdict"] == "outer", verdict
    assert abs(verdict["shaft_hz"] - SHAFT) < 0.01
    done = run("orders", *options(path), f"--tacho={times}", "--json")
    assert done.returncode == 0, done.stderr
    orders = json.loads(done.stdout)
    assert abs(orders["mean_hz"] - SHAFT) < 0.01
    assert any(abs(p["order"] - 1) < 0.01 and abs(p["amplitude"] - 0.0212) < 5e-4
               for p in orders["peaks"]), orders["peaks"]

    lines = pulses.splitlines()
    gap = write(folder, "gap.txt", "\n".join(lines[:50] + lines[51:]).encode())
    done = run("orders", *options(path), f"--tacho={gap}")
    assert done.returncode == 1 and b"missing" in done.stderr, done.stderr
    done = run("orders", *options(path))
    assert done.returncode == 64, done.stderr


def test_quality_and_kurtogram(folder):
    path = write(folder, "sound.i16", recording(3.5848))
    done = run("quality", *options(path), f"--rpm={SHAFT * 60}", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["quality"] == []
    done = run("quality", *options(path), f"--other={path}", "--json")
    report = json.loads(done.stdout)
    assert report["quality"] == ["copied channel"], report
    assert report["trust"] == "none"

    done = run("kurtogram", *options(path), "--json")
    assert done.returncode == 0, done.stderr
    table = json.loads(done.stdout)
    best = table["cells"][table["best"]]
    assert best["lo_hz"] < 800 < best["hi_hz"], best


def test_spectrum(folder):
    path = write(folder, "sound.i16", recording(None))
    done = run("spectrum", *options(path), f"--rpm={SHAFT * 60}", "--json")
    spectrum = json.loads(done.stdout)
    assert spectrum["unit"] == "g" and spectrum["scale"] == "rms"
    assert len(spectrum["lines"]) == 16001
    top = spectrum["peaks"][0]
    assert top["name"] == "1×" and abs(top["frequency_hz"] - SHAFT) < 0.02
    assert abs(top["amplitude"] - 0.03 / math.sqrt(2)) < 5e-4
    envelope = json.loads(run("envelope", *options(path), "--band=600,1000",
                              "--json").stdout)
    assert envelope["band_hz"] == [600.0, 1000.0]


def test_features(folder):
    lines = "g\n" + "".join(
        f"{0.1 * math.sin(2 * math.pi * 50 * i / RATE) * 9.80665:.9f}\n"
        for i in range(RATE))
    done = run("features", "-", "--format=csv", f"--rate={RATE}",
               "--unit=m/s2", "--json", feed=lines.encode())
    features = json.loads(done.stdout)
    assert abs(features["rms_g"] - 0.1 / math.sqrt(2)) < 1e-6
    assert abs(features["velocity_rms_mm_s"] - 2.2073) < 2e-3
    assert abs(features["kurtosis"] - 1.5) < 1e-5


def test_manifest(folder):
    write(folder, "m1_DE.i16", recording(3.5848))
    write(folder, "m1_FE.i16", recording(None))
    path = write(folder, "manifest.csv", (
        "\ufeffnote,file,rpm,fs_hz,g_per_lsb,sensor,bearing\n"
        f'"a, b",m1_DE.i16,{SHAFT * 60},{RATE},{LSB},DE,6205-2RS JEM\n'
        f'x,m1_FE.i16,{SHAFT * 60},{RATE},{LSB},FE,"8,6.746,28.5,0"\n'
    ).encode())
    done = run("bearing", "--manifest", path, "--json")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["file"] for row in rows] == ["m1_DE.i16", "m1_FE.i16"]
    assert [row["verdict"] for row in rows] == ["outer", "none"]
    assert list(rows[0])[:3] == ["file", "sensor", "bearing"]
    assert rows[1]["bearing"] == "8,6.746,28.5,0"

    # The same signal at both sensors is nobody's.
    write(folder, "m1_FE.i16", recording(3.5848))
    done = run("bearing", "--manifest", path, "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["verdict"] for row in rows] == ["inconclusive"] * 2, rows
    assert all("copied channel" in row["quality"] for row in rows)


def test_refused(folder):
    good = write(folder, "good.i16", b"\1\0" * 100)
    plain = write(folder, "good.bin", b"\1\0" * 100)
    odd = write(folder, "odd.i16", b"\1" * 101)
    empty = write(folder, "empty.i16", b"")
    infinite = write(folder, "inf.f32", b"\0\0\x80\x7f" * 20)
    missing = write(folder, "bad.csv", b"file,rpm\nx,1\n")
    cases = [
        (64, b"--rate", "features", good, "--format=i16"),
        (64, b"--format", "features", plain, "--rate=4000"),
        (64, b"--bearing", "bearing", *options(good), "--rpm=1500"),
        (64, b"--band", "envelope", *options(good), "--band=9,1"),
        (64, b"", "features", *options(good), "--nonsense"),
        (1, b"101 bytes", "features", *options(odd)),
        (1, b"no samples", "features", *options(empty)),
        (1, b"finite", "features", infinite, "--format=f32", "--rate=1"),
        (1, b"No such file", "features", *options(folder + "/nowhere")),
        (1, b"4711", "bearing", *options(good), "--rpm=1500",
         "--bearing=4711"),
        (1, b"fs_hz", "bearing", "--manifest", missing),
    ]
    for status, words, *arguments in cases:
        done = run(*arguments)
        assert done.returncode == status, (arguments, done)
        assert words in done.stderr, (arguments, done.stderr)
        assert done.stdout == b"", (arguments, done.stdout)


def main():
    tests = [(name[5:].replace("_", "-"), function)
             for name, function in globals().items()
             if name.startswith("test_")]
    print(f"1..{len(tests)}")
    failed = 0
    for number, (name, function) in enumerate(tests, 1):
        with tempfile.TemporaryDirectory() as folder:
            try:
                function(folder)
                print(f"ok {number} /ctl/analyze/{name}")
            except Exception as error:  # one failure must not hide the rest
                failed += 1
                print(f"not ok {number} /ctl/analyze/{name}")
                print(f"# {error!r}")
    return 1 if failed else 0


sys.exit(main())
