# SPDX-License-Identifier: Apache-2.0
"""What the node takes of a board's flash and RAM, summed from the linker's map:
its own, and all in with network stack, C stack and port.

The simulated machine under the sensors is no part of a node and not counted;
nor is TLS, which is told by itself."""

import re

import board

KB = 1024
RAM = (".noinit", ".stack", ".data", ".bss")
CODE = (".vectors", ".text", ".ARM.exidx", ".data")
NET = ("/lwip/", "/net.c.o", "/net-lwip.c.o", "/lan9118.c.o")
# The node is one struct, which the port's main holds.
OWN = ("/up/up/core/", "/up/up/drivers/", "/up/up/boot/")
TLS = ("/mbedtls/", "/net-tls.c.o")


def sections(text):
    """{ output section: its size } and [(output section, size, object)]."""
    text = text[text.index("Linker script and memory map") :]
    sizes, pieces, output = {}, [], None
    # A long name leaves its figures to the next line.
    text = re.sub(r"\n( ?\.\S+)\n +0x", r"\n\1 0x", text)
    for line in text.splitlines():
        top = re.match(r"(\.\S+) +0x[0-9a-f]+ +0x([0-9a-f]+)", line)
        part = re.match(r" (\.\S+|COMMON) +0x[0-9a-f]+ +0x([0-9a-f]+) (\S+)", line)
        if top:
            output = top.group(1)
            sizes[output] = int(top.group(2), 16)
        elif part and output:
            name = "the_node" if part.group(1) == ".bss.the_node" else part.group(3)
            pieces.append((output, int(part.group(2), 16), name))
    return sizes, pieces


def main():
    board.build()
    tap = board.Tap()
    with open(board.NODE.replace(".elf", ".map")) as file:
        sizes, pieces = sections(file.read())

    def of(names, outputs):
        return sum(
            size
            for output, size, name in pieces
            if output in outputs and any(part in name for part in names)
        )

    code = sum(sizes[name] for name in CODE)
    ram = sum(sizes[name] for name in RAM)
    tls = of(TLS, CODE), of(TLS, RAM)
    tap.say("simulation: %d code, %d RAM" % (sizes[".sim"], sizes[".simbss"]))
    tap.say("TLS: %d code, %d RAM" % tls)
    tap.say("network: %d code, %d RAM" % (of(NET, CODE), of(NET, RAM)))
    tap.say("stack: %d" % sizes[".stack"])
    found = code - tls[0]
    tap.ok(0 < found <= 128 * KB, "code, at most %d" % (128 * KB), found)
    found = ram - tls[1]
    tap.ok(0 < found <= 112 * KB, "RAM all in, at most %d" % (112 * KB), found)
    found = of(OWN, RAM) + sum(size for output, size, name in pieces if name == "the_node")
    tap.ok(0 < found <= 64 * KB, "RAM of the node, at most %d" % (64 * KB), found)
    tap.done()


main()
