#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds up the TAP lines in a meson test log and prints the closing line.

    count.py TESTLOG.json STATUS

A test that fails without a failing line of its own (crash, time-out) counts as
one failure. Exits 1 when anything failed or when nothing ran.
"""
import json
import re
import sys

LINE = re.compile(r"^(not ok|ok)\b(?!.*# TODO)(.*)$")
FAILED = {"FAIL", "TIMEOUT", "ERROR", "INTERRUPT", "UNEXPECTEDPASS"}


def main():
    passed = failed = skipped = 0
    reasons = []
    with open(sys.argv[1]) as log:
        for text in log:
            test = json.loads(text)
            own_failures = 0
            for line in (test.get("stdout") or "").splitlines():
                match = LINE.match(line.strip())
                if not match:
                    continue
                if re.search(r"# SKIP", match[2], re.I):
                    skipped += 1
                    reasons.append(f"{test['name']}: {match[2].strip()}")
                elif match[1] == "ok":
                    passed += 1
                else:
                    own_failures += 1
            if test["result"] in FAILED and own_failures == 0:
                own_failures = 1
            if test["result"] == "SKIP" and not test.get("stdout"):
                skipped += 1
            failed += own_failures
            if own_failures:
                print(f"failed: {test['name']} ({test['result']})")
    for reason in reasons:
        print("skipped:", reason)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    status = int(sys.argv[2])
    sys.exit(1 if failed or not passed else status)


main()
