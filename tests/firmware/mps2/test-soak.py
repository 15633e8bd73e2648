# SPDX-License-Identifier: Apache-2.0
"""A day of the board in a minute: it sleeps from deadline to deadline and the
emulator's clock jumps over the sleep. Every minute's summary must arrive."""

import resource
import time

import board
import twinlab

NODE = "n-0107"
TWIN = "compressor-7"
TOPIC = "twin/1/northfield/%s/telemetry" % NODE
DAY = 86400
SHIFT = 3


def processor_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def prepare(tap, one, lab):
    """A summary a minute, and a second of acquisition every quarter of an hour."""
    words = ["broker=10.0.2.2:%d" % lab.port, "fault=exit"]
    lab.start("board", one.command(board.NODE, words, shift=3, sleep=True, net=True))
    lab.start_engine()
    tap.ok(bool(lab.wait(lambda: NODE in lab.enrolled(), 60)), "the board is enrolled")
    for pointer, value in (
        ("/acquisition", '{"mode": "duty", "blockS": 1, "everyS": 900}'),
        ("/schedule", '{"captureS": 0, "everyS": 0}'),
        ("/summaryPeriodS", "60"),
    ):
        result = lab.run("desired", TWIN, pointer, value, "--wait", "10")
        tap.equal((result.returncode, result.stderr), (0, ""), "it takes " + pointer)
    lab.kill("engine", 15)
    lab.kill("board")


def soak(tap, one, lab):
    lab.start(
        "wire",
        ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(lab.port), "-q", "1", "-t", TOPIC]
        + ["-F", "%x"],
    )
    began, spent = time.monotonic(), processor_s()
    status, text = one.run(
        board.NODE,
        "broker=10.0.2.2:%d" % lab.port,
        "clock=warp",
        "rtc=none",
        "stop=%d" % (DAY + 30),
        "fault=exit",
        shift=SHIFT,
        net=True,
        timeout=240,
    )
    took, spent = time.monotonic() - began, processor_s() - spent
    found = board.figures(text)
    tap.ok(status == 0, "a day passes", "%.1f s, %.1f s of a processor\n%s" % (took, spent, text.strip()[-600:]))
    # Others may use the machine, too: what counts is the emulator's own time.
    tap.ok(spent < 60, "in a minute", "%.1f s" % spent)
    tap.equal(found.get("unacknowledged"), 0, "nothing waits for the broker")
    return found.get("records", 0)


def main():
    board.build()
    cbor2 = board.cbor2()
    if twinlab.find_mosquitto() is None:
        board.skip_all("mosquitto is not installed")
    tap = board.Tap()
    lab = twinlab.Lab()
    lab.import_graph()
    lab.start_broker()
    with board.Board() as one:
        one.make(NODE)
        prepare(tap, one, lab)
        records = soak(tap, one, lab)

        def arrived():
            lines = lab.log("wire").split("\n")[:-1]
            packs = [cbor2.loads(bytes.fromhex(line)) for line in lines]
            return {pack[0]["seq"] for pack in packs if len(pack) > 3}

        lab.wait(lambda: len(arrived()) >= DAY // 60, 5)
        tap.ok(
            len(arrived()) >= DAY // 60,
            "%d summaries arrived" % (DAY // 60),
            "%d of %d records" % (len(arrived()), records),
        )
    tap.done()


main()
