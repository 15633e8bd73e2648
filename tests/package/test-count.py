#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/count.py on log lines as meson 1.0 writes them. TAP."""
import json
import os
import subprocess
import sys
import tempfile

COUNT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "count.py")

# name, tests of a log as (result, returncode, stdout), status, closing line, exit, text printed
CASES = [
    ("passes add up", [("OK", 0, "ok 1 /a\nok 2 /b\n1..2\n"), ("OK", 0, "1..1\nok 1 - c\n")],
     0, "3 passed, 0 failed, 0 skipped", 0, ""),
    ("a failing line is one failure", [("ERROR", 1, "ok 1 a\nnot ok 2 b\nnot ok 3 c\n1..3\n")],
     1, "1 passed, 2 failed, 0 skipped", 1, "failed: t0 (ERROR, 2)"),
    ("a skipped line names its reason", [("OK", 0, "ok 1 /a # SKIP no recordings\nok 2 /b\n")],
     0, "1 passed, 0 failed, 1 skipped", 0, "/a # SKIP no recordings"),
    ("a skipped plan names its reason", [("SKIP", 0, "1..0 # SKIP flatpak is not installed\n"),
                                         ("OK", 0, "ok 1 a\n")],
     0, "1 passed, 0 failed, 1 skipped", 0, "t0: flatpak is not installed"),
    ("a crash after passes fails", [("ERROR", -11, "ok 1 a\nok 2 b\n")],
     1, "2 passed, 1 failed, 0 skipped", 1, "failed: t0 (ERROR, 1)"),
    ("a crash after a failing line is one more", [("ERROR", -6, "ok 1 a\nnot ok 2 b\n")],
     1, "1 passed, 2 failed, 0 skipped", 1, ""),
    ("a time-out fails", [("TIMEOUT", -15, "ok 1 a\n")],
     1, "1 passed, 1 failed, 0 skipped", 1, "failed: t0 (TIMEOUT, 1)"),
    ("a time-out without output fails", [("TIMEOUT", -15, None)],
     1, "0 passed, 1 failed, 0 skipped", 1, ""),
    ("too few lines for the plan fail", [("ERROR", 0, "1..3\nok 1 a\n")],
     1, "1 passed, 1 failed, 0 skipped", 1, ""),
    ("bailing out fails", [("ERROR", 1, "ok 1 a\nBail out! no memory\n")],
     1, "1 passed, 1 failed, 0 skipped", 1, ""),
    ("tests without TAP count as one each",
     [("OK", 0, "all is well\n"), ("FAIL", 1, "okay? no\n"), ("SKIP", 77, None)],
     1, "1 passed, 1 failed, 1 skipped", 1, ""),
    ("what is still to do does not count", [("OK", 0, "ok 1 a\nnot ok 2 b # TODO later\n")],
     0, "1 passed, 0 failed, 0 skipped", 0, ""),
    ("lines of a subtest do not count", [("OK", 0, "    ok 1 inner\n    ok 2 inner\nok 1 outer\n")],
     0, "1 passed, 0 failed, 0 skipped", 0, ""),
    ("prose does not count", [("OK", 0, "# ok then\nokay\nok 1 a\n")],
     0, "1 passed, 0 failed, 0 skipped", 0, ""),
    ("an empty log is no success", [], 0, "0 passed, 0 failed, 0 skipped", 1, ""),
    ("meson's own failure is one", [("OK", 0, "ok 1 a\n")],
     1, "1 passed, 1 failed, 0 skipped", 1, "status 1"),
]


def run(path, status):
    result = subprocess.run([sys.executable, COUNT, path, str(status)], capture_output=True, text=True)
    return result.returncode, result.stdout


def main():
    failed = number = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "testlog.json")
        cases = []
        for name, tests, *wanted in CASES:
            text = ""
            for index, (result, code, stdout) in enumerate(tests):
                test = {"name": f"t{index}", "result": result, "returncode": code,
                        "duration": 0.1, "command": ["x"], "env": {}}
                if stdout is not None:
                    test["stdout"] = stdout
                text += json.dumps(test) + "\n"
            cases.append((name, text, *wanted))
        cases.append(("a log cut off in the middle is a failure", '{"name": "a", "res',
                      0, "0 passed, 1 failed, 0 skipped", 1, "cannot be read"))
        for number, (name, text, status, closing, code, printed) in enumerate(cases, 1):
            with open(path, "w") as file:
                file.write(text)
            found_code, output = run(path, status)
            good = (output.splitlines() or [""])[-1] == closing and found_code == code and printed in output
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} - {name}")
            if not good:
                print(f"# wanted {closing!r}, {code}, {printed!r}; found {output!r}, {found_code}")
        number += 1
        code, output = run(os.path.join(folder, "none.json"), 1)
        good = code == 1 and output.endswith("\n0 passed, 1 failed, 0 skipped\n")
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - a missing log is a failure")
    print(f"1..{number}")
    sys.exit(1 if failed else 0)


main()
