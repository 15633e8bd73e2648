# SPDX-License-Identifier: Apache-2.0
"""The Cortex-M4F images and the emulator that runs them, for tests.

Each run has its own flash file and its own time limit. Where the compiler, the
emulator or the pinned sources cannot be had a test skips and says what.
"""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "integration"))

from twinlab import BUILD, PLANT, SOURCE, TWIN_NODE, Tap  # noqa: E402

OUT = os.environ.get("TWIN_MPS2_OUT", os.path.join(BUILD, "mps2"))
NODE = os.path.join(OUT, "out", "twin-node.elf")
CHECK = os.path.join(OUT, "out", "check.elf")
BOOT = os.path.join(OUT, "out", "boot.elf")

# Of firmware/port/mps2/board.c: the PSRAM's two parts, cells complemented.
FLASH_FILE = 16 << 20
DATA_AT = 1 << 20


def skip_all(why):
    print("1..0 # SKIP " + why)
    sys.exit(0)


def code_map():
    """The constants of flash-map.h, each made of those before it."""
    values = {"HAL_FLASH_SECTOR": 4096}
    with open(os.path.join(SOURCE, "firmware", "include", "flash-map.h")) as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    for name, value in re.findall(r"(\w+) = ([^,]+),", text):
        values[name] = eval(value, {}, values)
    return values


def build():
    """Compile the images, or skip the whole test."""
    if shutil.which("qemu-system-arm") is None:
        skip_all("qemu-system-arm is not installed")
    script = os.path.join(SOURCE, "firmware", "port", "mps2", "build.sh")
    made = subprocess.run(
        [script, OUT], capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL
    )
    if made.returncode == 77:
        skip_all(made.stderr.strip().splitlines()[-1])
    if made.returncode != 0:
        print("Bail out! " + "the images do not build")
        for line in (made.stdout + made.stderr).splitlines()[-20:]:
            print("# " + line)
        sys.exit(1)


def cbor2():
    """The distribution's CBOR library, or skip."""
    try:
        import cbor2 as library
    except ImportError:
        skip_all("python3-cbor2 is not installed")
    return library


HOST = os.path.join(BUILD, "tests", "firmware", "mps2", "test-board-host")


def host(*words):
    """What host.c prints."""
    return subprocess.run(
        [HOST, *words], check=True, capture_output=True, text=True, timeout=120
    ).stdout


def records(flash, offset):
    """[(epoch, seq, kind, bytes)] of the ring in a flash file."""
    found = []
    for line in host("records", flash, str(offset)).splitlines():
        epoch, seq, kind, data = line.split(" ")
        found.append((int(epoch), int(seq), int(kind), bytes.fromhex(data)))
    return found


def plant(folder, name, **more):
    """The path of a plant file with one node of the demo, some keys set anew."""
    with open(PLANT) as file:
        content = json.load(file)
    content["nodes"] = [node for node in content["nodes"] if node["node"] == name]
    content["nodes"][0].update(more)
    path = os.path.join(folder, "plant.json")
    with open(path, "w") as file:
        json.dump(content, file)
    return path


class Board:
    """One board: a folder with its flash file."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="twin-board-")
        self.flash = os.path.join(self.folder, "flash")
        with open(self.flash, "wb") as file:
            file.truncate(FLASH_FILE)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.close()

    def make(self, node, plant=PLANT, seed=0, more=()):
        """Write the factory page that makes it @node of @plant; the page's path."""
        page = os.path.join(self.folder, "page")
        subprocess.run(
            [TWIN_NODE, "--fleet", plant, "--node", node, "--seed", str(seed), "--factory", page]
            + list(more),
            check=True,
            timeout=60,
        )
        with open(page, "rb") as file:
            content = file.read()
        with open(self.flash, "r+b") as file:
            file.seek(code_map()["CODE_FACTORY"])
            file.write(bytes(255 - byte for byte in content))
        return page

    def put(self, at, content):
        """Write @content into code flash."""
        with open(self.flash, "r+b") as file:
            file.seek(at)
            file.write(bytes(255 - byte for byte in content))

    def fill(self, slot, envelope, image):
        """Put an image and its manifest into a slot, past the node."""
        where = code_map()
        at = where["CODE_SLOT_0"] + slot * where["CODE_SLOT_SIZE"]
        self.put(at, b"TCFW" + struct.pack("<I", len(envelope)) + envelope)
        self.put(at + where["CODE_SLOT_HEADER"], image)

    def command(self, image, words, shift=None, sleep=False, net=False, more=()):
        semihosting = "enable=on,target=native,arg=image"
        for word in words:
            semihosting += ",arg=" + word
        line = ["qemu-system-arm", "-M", "mps2-an386,memory-backend=flash"]
        line += ["-object", "memory-backend-file,id=flash,size=16M,share=on,mem-path=" + self.flash]
        line += ["-display", "none", "-monitor", "none", "-serial", "stdio"]
        line += ["-nic", "user,model=lan9118" if net else "none"]
        line += ["-semihosting-config", semihosting, "-kernel", image]
        if shift is not None:
            line += ["-icount", "shift=%d,sleep=%s" % (shift, "on" if sleep else "off")]
        return line + list(more)

    def run(self, image, *words, timeout=15, **options):
        """Exit status (None: not within @timeout) and what it printed."""
        line = self.command(image, words, **options)
        try:
            ran = subprocess.run(
                line, capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired as late:
            return None, (late.stdout or b"").decode(errors="replace")
        return ran.returncode, ran.stdout


def figures(text):
    """{ name: number } of the lines "name: number"."""
    return {name: int(value) for name, value in re.findall(r"^([a-z ]+): (\d+)$", text, re.M)}


def instructions(ticks, shift):
    """Ticks of 40 ns, each instruction 2^shift ns."""
    return ticks * 40 / 2**shift
