# SPDX-License-Identifier: Apache-2.0
"""The board starts, guards its memory, and what is dear costs what it may."""

import board

FAULT = 70  # BOARD_EXIT_FAULT
SHIFT = 3  # 8 ns an instruction


def main():
    board.build()
    tap = board.Tap()
    with board.Board() as one:

        def check(word):
            return one.run(board.CHECK, word, shift=SHIFT)

        tap.equal(check("hello"), (0, "hello\n"), "the image starts and speaks")

        for word, address in (
            ("null-write", "address 00000000"),
            ("null-read", "address 00000010"),
            ("code-write", "address 0002"),
            ("overflow", "status 000000"),
        ):
            status, text = check(word)
            tap.ok(
                status == FAULT and text.startswith("fault at ") and address in text,
                "%s faults" % word,
                text.strip(),
            )

        status, text = check("again")
        tap.ok(
            status == 0 and text.count("fault at 0002") == 1 and "status 00000082" in text,
            "after a fault it restarts, and the next start can tell",
            text.strip(),
        )

        status, text = check("hang")
        tap.ok((status, text) == (0, "ended by the watchdog\n"), "the watchdog ends a hang", text)

        status, text = check("fft")
        cost = board.instructions(board.figures(text).get("fft ticks", 1e9), SHIFT)
        tap.ok(status == 0, "a spectrum has its line where it belongs")
        tap.ok(cost <= 75000, "a spectrum of 1024 takes at most 75000 instructions", cost)

        for word, what in (("block-4k", "4 kHz"), ("block-26k", "26.7 kHz")):
            status, text = check(word)
            cost = board.instructions(board.figures(text).get("block ticks", 1e9), SHIFT)
            tap.ok(status == 0, "a second at %s is analysed" % what)
            tap.ok(cost <= 8e6, "it takes a tenth of 80 million instructions at most", cost)

        status, text = check("sign")
        tap.ok(status == 0, "RFC 8032's signature, and a damaged one refused", text.strip())

        status, text = check("sign-many")
        tap.equal((status, text), (0, board.host("sign")), "signatures are OpenSSL's, bit by bit")
    tap.done()


main()
