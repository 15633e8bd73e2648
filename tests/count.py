#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds up the TAP lines in a meson test log and prints the closing line.

    count.py TESTLOG.json STATUS

STATUS is what `meson test` left with. A test that crashes, times out or prints
no TAP counts as one, however it ends. Exits 1 when anything failed or when
nothing ran.
"""
import json
import re
import sys

LINE = re.compile(r"(not ok|ok)(?:\s+(.*))?$")
PLAN_SKIP = re.compile(r"1\.\.0\s*#\s*skip\S*\s*(.*)$", re.I)
SKIP = re.compile(r"#\s*skip", re.I)
TODO = re.compile(r"#\s*todo", re.I)
GOOD = {"OK", "EXPECTEDFAIL"}
CUT_OFF = {"TIMEOUT", "INTERRUPT"}


class Sum:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.reasons = []

    def skip(self, name, reason):
        self.skipped += 1
        self.reasons.append(f"{name}: {reason}")

    def line(self, name, text):
        """One line of a test's output: 1 where it says that something failed."""
        plan = PLAN_SKIP.match(text)
        if plan:
            self.skip(name, plan[1] or "no reason given")
            return 0
        match = LINE.match(text)
        # Indented lines belong to a subtest, whose end is a line of its own.
        if not match or TODO.search(match[2] or ""):
            return 0
        if SKIP.search(match[2] or ""):
            self.skip(name, match[2])
        elif match[1] == "ok":
            self.passed += 1
        else:
            return 1
        return 0

    def test(self, test):
        name, result = test["name"], test["result"]
        before = self.passed + self.skipped
        failures = sum(self.line(name, text) for text in (test.get("stdout") or "").splitlines())
        killed = result in CUT_OFF or (test.get("returncode") or 0) < 0
        if result == "SKIP" and self.passed + self.skipped + failures == before:
            self.skip(name, "the whole test, no reason given")
        elif result in GOOD and self.passed + self.skipped + failures == before:
            self.passed += 1
        elif result not in GOOD | {"SKIP"} and (failures == 0 or killed):
            failures += 1
        self.failed += failures
        if failures:
            print(f"failed: {name} ({result}, {failures})")


def read(path):
    try:
        with open(path) as log:
            return [json.loads(text) for text in log if text.strip()]
    except (OSError, ValueError) as error:
        print(f"failed: the log {path} cannot be read: {error}")
        return None


def main():
    path, status = sys.argv[1], int(sys.argv[2])
    total = Sum()
    tests = read(path)
    for test in tests or []:
        total.test(test)
    if tests is None or (status != 0 and total.failed == 0):
        print(f"failed: meson test itself, with status {status}")
        total.failed += 1
    for reason in total.reasons:
        print("skipped:", reason)
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    sys.exit(1 if total.failed or not total.passed else 0)


main()
