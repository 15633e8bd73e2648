# SPDX-License-Identifier: Apache-2.0
"""Host port and board port keep the same records of the same machine: whole
numbers and texts equal, floats within 1e-4 of each other."""

import math
import os

import board

NODE = "n-0107"
SECONDS = 20
CLOSE = 1e-4


def differences(one, other, where=""):
    """Paths at which two decoded items differ."""
    if isinstance(one, float) and isinstance(other, float):
        scale = max(abs(one), abs(other))
        if not math.isfinite(scale) or abs(one - other) > CLOSE * scale + 1e-12:
            yield "%s: %r, %r" % (where, one, other)
    elif type(one) is not type(other):
        yield "%s: %r, %r" % (where, one, other)
    elif isinstance(one, dict):
        for key in sorted(one.keys() | other.keys(), key=str):
            if key != "ring":  # drawn at random at the first start
                yield from differences(one.get(key), other.get(key), "%s/%s" % (where, key))
    elif isinstance(one, list):
        if len(one) != len(other):
            yield "%s: %d and %d items" % (where, len(one), len(other))
        for index, pair in enumerate(zip(one, other)):
            yield from differences(*pair, "%s[%d]" % (where, index))
    elif one != other:
        yield "%s: %r, %r" % (where, one, other)


def compare(tap, cbor2, name, **more):
    with board.Board() as one:
        page = one.make(NODE, plant=board.plant(one.folder, NODE, **more))
        host = os.path.join(one.folder, "host.flash")
        board.host("run", page, host, str(SECONDS))
        status, text = one.run(
            board.NODE, "clock=stepped", "stop=%d" % SECONDS, "rtc=none", "fault=exit", timeout=60
        )
        tap.ok(status == 0, "%s: the board runs %d s" % (name, SECONDS), text.strip())

        theirs = board.records(host, 0)
        mine = board.records(one.flash, board.DATA_AT)
        tap.ok(len(mine) >= SECONDS - 1, name + ": it keeps records", len(mine))
        tap.equal(
            [record[:3] for record in mine],
            [record[:3] for record in theirs],
            name + ": the same records, by epoch, number and kind",
        )
        found = []
        for my, their in zip(mine, theirs):
            where = "record %d" % my[1]
            found += differences(cbor2.loads(my[3]), cbor2.loads(their[3]), where)
        tap.ok(not found, name + ": each says the same", "\n".join(found[:20]))


def main():
    board.build()
    cbor2 = board.cbor2()
    tap = board.Tap()
    compare(tap, cbor2, "healthy")
    compare(
        tap,
        cbor2,
        "damaged, two accelerometers",
        fast=True,
        faults=[{"kind": "outerRace", "severity": 0.9}, {"kind": "sensorDrift", "severity": 0.5}],
    )
    tap.done()


main()
