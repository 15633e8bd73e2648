# SPDX-License-Identifier: Apache-2.0
"""What a node's work costs in instructions, the simulation taken away, and how
deep its stack gets. A block's features may take a tenth of its duration at 80
million instructions a second."""

import board

NODE = "n-0107"
SECONDS = 12
SHIFT = 3
TENTH = 8e6  # instructions of a second


def measure(tap, name, **more):
    """Figures of a run, and the instructions of its dearest second."""
    with board.Board() as one:
        one.make(NODE, plant=board.plant(one.folder, NODE, **more))
        status, text = one.run(
            board.NODE,
            "clock=stepped",
            "stop=%d" % SECONDS,
            "fault=exit",
            shift=SHIFT,
            timeout=60,
        )
    found = board.figures(text)
    tap.ok(status == 0, name + " runs", text.strip())
    return found, board.instructions(found.get("load ticks most in a second", 1e9), SHIFT)


def main():
    board.build()
    tap = board.Tap()
    found, slow = measure(tap, "a node of 3 axes at 4 kHz")
    tap.ok(slow <= TENTH, "its dearest second is within a tenth", "%.2f M" % (slow / 1e6))
    used, size = found.get("stack used", 1e9), found.get("stack size", 0)
    tap.ok(used <= 0.75 * size, "a quarter of the stack is never touched", "%d of %d" % (used, size))

    found, both = measure(tap, "with another accelerometer at 26.7 kHz", fast=True)
    tap.ok(
        both - slow <= TENTH,
        "that one's dearest second is within a tenth",
        "%.2f M, both %.2f M" % ((both - slow) / 1e6, both / 1e6),
    )
    used, size = found.get("stack used", 1e9), found.get("stack size", 0)
    tap.ok(used <= 0.75 * size, "and a quarter of the stack untouched", "%d of %d" % (used, size))
    tap.done()


main()
