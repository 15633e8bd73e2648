#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What twinctl analyze reads: WAV, CSV, raw; whole, hostile, in part.

Argument: the program. Speaks TAP."""
import json
import math
import os
import resource
import struct
import subprocess
import sys
import tempfile

RATE = 4000
TWINCTL = sys.argv[1]
DATA = os.path.join(os.environ["TWIN_SOURCE_ROOT"], "data")
# 0.1 g at 50 Hz, two seconds; the codes of a sensor of 1e-4 g a count.
WAVE = [0.1 * math.sin(2 * math.pi * 50 * i / RATE) for i in range(2 * RATE)]
CODES = [round(value / 1e-4) for value in WAVE]


def run(*arguments, feed=None):
    return subprocess.run(
        [TWINCTL, "analyze", *arguments, "--data-dir", DATA],
        input=feed, capture_output=True, timeout=60)


def features(*arguments, feed=None):
    done = run("features", *arguments, "--json", feed=feed)
    assert done.returncode == 0, (arguments, done.stderr)
    return json.loads(done.stdout), done.stderr


def is_wave(*arguments, feed=None):
    found, said = features(*arguments, feed=feed)
    assert abs(found["rms_g"] - 0.1 / math.sqrt(2)) < 1e-5, (arguments, found)
    assert abs(found["velocity_rms_mm_s"] - 2.2073) < 3e-3, (arguments, found)
    return said


def write(folder, name, content):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content)
    return path


def wav(data, kind=1, bits=16, channels=1, rate=RATE):
    frame = channels * bits // 8
    head = struct.pack("<HHIIHH", kind, channels, rate, rate * frame, frame, bits)
    body = (b"WAVEfmt " + struct.pack("<I", len(head)) + head +
            b"data" + struct.pack("<I", len(data)) + data)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def codes(values):
    return struct.pack(f"<{len(values)}h", *values)


def test_wav_rate_is_its_own(folder):
    plain = write(folder, "a.wav", wav(codes(CODES)))
    said = is_wave(plain, "--scale=1e-4")
    assert said == b"", said
    is_wave(plain, "--format=wav", f"--rate={RATE}", "--scale=1e-4")
    is_wave(plain, f"--full-scale={32768e-4}")
    is_wave("-", "--format=wav", "--scale=1e-4", feed=wav(codes(CODES)))
    said = run("features", plain, "--rate=8000", "--scale=1e-4").stderr
    assert b"4000 Hz" in said and b"8000 Hz" in said, said


def test_wav_kinds_and_channels(folder):
    floats = struct.pack(f"<{len(WAVE)}f", *WAVE)
    is_wave(write(folder, "f.wav", wav(floats, 3, 32)))
    deep = b"".join(struct.pack("<i", code * 256)[:3] for code in CODES)
    is_wave(write(folder, "24.wav", wav(deep, 1, 24)), f"--scale={1e-4 / 256}")
    both = codes([v for code in CODES for v in (7, code)])
    two = write(folder, "two.wav", wav(both, channels=2))
    is_wave(two, "--channel=2", "--scale=1e-4")
    found, said = features(two, "--scale=1e-4")
    assert found["rms_g"] is not None and b"first of its 2" in said, said
    assert b"2 channels" in run("features", two, "--channel=3").stderr


def test_raw_channels_and_parts(folder):
    both = write(folder, "two.i16", codes([v for c in CODES for v in (7, c)]))
    is_wave(both, f"--rate={RATE}", "--channels=2", "--channel=2", "--scale=1e-4")
    is_wave(both, f"--rate={RATE}", "--channels=2", "--channel=2",
            "--scale=1e-4", "--start=0.5", "--seconds=1")
    step = write(folder, "step.f32", struct.pack("<4f", 1, 2, 3, 4))
    found, _ = features(step, "--rate=1", "--start=1", "--seconds=2")
    assert found["peak_g"] == 3
    done = run("features", step, "--rate=1", "--start=9")
    assert done.returncode == 1 and b"--start" in done.stderr, done


def test_csv_of_all_sorts(folder):
    def lines(head, row):
        return (head + "".join(row(i) + "\n" for i in range(len(WAVE)))).encode()

    is_wave("-", "--format=csv", f"--rate={RATE}",
            feed=lines("", lambda i: f"{WAVE[i]:.9f}"))
    cases = [
        ("time,x,y\n", lambda i: f"{i / RATE:.6f},1,{WAVE[i]:.9f}", ["--column=y"]),
        ("Time [ms];Acc\n[ms];[g]\n",
         lambda i: f"{i * 1000 / RATE:.3f};{WAVE[i]:.9f}".replace(".", ","), []),
        ("# made by a logger\n\n",
         lambda i: f"{WAVE[i]:.9f}\t{1e6 * i / RATE:.0f}",
         ["--time=2", "--time-unit=us"]),
        ("\ufeff\"when, s\",\"a\"\r\n", lambda i: f"{i / RATE:.6f}, {WAVE[i]:.9f}\r",
         ["--time=when, s", "--column=a"]),
        ("", lambda i: f"  {i / RATE:.6f}   {WAVE[i]:.9f}", ["--time=1"]),
        ("t|a\n", lambda i: f"{i / RATE:.2f}|{WAVE[i]:.9f}",
         ["--delimiter=|", f"--rate={RATE}"]),
        ("time,a\n", lambda i: f"{5 + i / RATE:.6f},{WAVE[i]:.9f}",
         ["--start=0.5", "--seconds=1"]),
    ]
    for head, row, more in cases:
        path = write(folder, "some.csv", lines(head, row))
        said = is_wave(path, *more)
        assert said == b"", said


def test_csv_says_where(folder):
    def timed(change):
        rows = [f"{i / 100:.3f},0.5" for i in range(100)]
        change(rows)
        return ("time,a\n" + "\n".join(rows) + "\n").encode()

    def gap(rows):
        del rows[50]

    def early_gap(rows):
        del rows[3]

    def back(rows):
        rows[60] = rows[59]

    cases = [
        (timed(gap), b":52: 0.02 s after", []),
        (timed(early_gap), b":5: 0.02 s after", []),
        (timed(back), b":62: time does not advance", []),
        (timed(lambda rows: None), b"--rate says 90 Hz", ["--rate=90"]),
        (b"a\n1\n\nnan\n", b":4: column 1 is no finite", ["--rate=10"]),
        (b"a\n1\ninf\n", b":3: column 1 is no finite", ["--rate=10"]),
        (b"a\n1\n1e999\n", b":3: column 1 is no finite", ["--rate=10"]),
        (b"a,b\n1,2\n1\n", b":3: there is no column 2", ["--rate=10", "--column=b"]),
        (b"a,b\n1,2\n1,\n", b":3: column 2 is empty", ["--rate=10", "--column=2"]),
        (b"a\n1\n2x\n", "“2x” in column 1".encode(), ["--rate=10"]),
        (b"a\n1\n", "“b”".encode(), ["--rate=10", "--column=b"]),
        (b"a\n1\n", b"--rate must", []),
        (b"a\nb\nc\n", b":3:", ["--rate=10"]),
        (b"a\n1\0\n", b"zero byte", ["--rate=10"]),
        (b"1" * 70000, b"longer than 65536", ["--rate=10"]),
        (b"time,a\n1,2\n", b"one sample", []),
        (b"", b"no samples", ["--rate=10"]),
        (b"a\n", b"no samples", ["--rate=10"]),
    ]
    for content, words, more in cases:
        path = write(folder, "bad.csv", content)
        done = run("features", path, *more)
        assert done.returncode == 1, (content[:60], done)
        assert words in done.stderr, (content[:60], done.stderr)
        assert path.encode() in done.stderr and done.stdout == b"", done


def test_hostile_wav(folder):
    whole = wav(codes(CODES))
    infinite = wav(struct.pack("<2f", 1, math.inf), 3, 32)
    cases = [
        (whole[:-1000], b"cut off"),
        (whole[:20], b"cut off"),
        (whole[:12].replace(whole[4:8], b"\0\0\0\0"), b"header"),
        (b"", b"no WAV"),
        (b"fLaC" + whole[4:], b"no WAV"),
        (wav(codes(CODES), rate=0), b""),
        (wav(codes(CODES), channels=0), b""),
        (wav(b""), b"no samples"),
        (wav(bytes(1000), 6, 8), b"compressed"),
        (infinite, b"finite"),
        (whole[:36] + b"\xff" * 8 + whole[44:], None),
    ]
    for content, words in cases:
        path = write(folder, "bad.wav", content)
        done = run("features", path)
        assert done.returncode in (0, 1), (content[:60], done)
        if words is not None:
            assert done.returncode == 1 and words in done.stderr, (content[:60], done)
            assert path.encode() in done.stderr and done.stdout == b"", done
    for cut in range(0, 60):
        done = run("features", write(folder, "cut.wav", whole[:cut]))
        assert done.returncode == 1 and done.stdout == b"", (cut, done)


def test_usage(folder):
    path = write(folder, "x.i16", codes(CODES))
    for words, *arguments in [
            (b"--rate", "--rate=0"), (b"--rate", "--rate=-1"), (b"--rate", "--rate=nan"),
            (b"--rate", "--rate=1e12"), (b"--scale", "--rate=1", "--scale=nan"),
            (b"--channel", "--rate=1", "--channel=2"),
            (b"--channels", "--rate=1", "--channels=-1"),
            (b"--start", "--rate=1", "--start=-1"),
            (b"--column", "--rate=1", "--column=2"),
            (b"--unit", "--rate=1", "--unit=furlong"),
            (b"--full-scale", "--rate=1", "--full-scale=2"),
            (b"--format", "--rate=1", "--format=mp3")]:
        done = run("features", path, *arguments)
        assert done.returncode == 64 and words in done.stderr, (arguments, done)


def test_memory_is_bounded(folder):
    """Sparse, 8 GiB: a part is read; the whole is refused, not swallowed."""
    path = os.path.join(folder, "big.i16")
    with open(path, "wb") as file:
        file.truncate(8 << 30)
    done = run("features", path, "--rate=25600")
    assert done.returncode == 1 and b"--seconds" in done.stderr, done
    done = run("features", path, "--rate=25600", "--seconds=10")
    assert done.returncode == 0, done
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    assert most < 1500, f"{most} MiB"


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
                print(f"ok {number} /ctl/samples/{name}")
            except Exception as error:  # one failure must not hide the rest
                failed += 1
                print(f"not ok {number} /ctl/samples/{name}")
                print(f"# {error!r}")
    return 1 if failed else 0


sys.exit(main())
