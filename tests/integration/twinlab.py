# SPDX-License-Identifier: Apache-2.0
"""A broker, a fleet and an engine of a test's own, and TAP.

Every process is started here and ended by its pid; a lab lives in a folder of
its own and listens on a free loopback port. Standard library only.
"""

import atexit
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

SOURCE = os.environ.get(
    "TWIN_SOURCE_ROOT",
    os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))),
)
BUILD = os.environ.get("TWIN_BUILD_ROOT", os.path.join(SOURCE, "build"))
TWINCTL = os.path.join(BUILD, "app", "ctl", "twinctl")
TWIN_NODE = os.environ.get(
    "TWIN_NODE", os.path.join(BUILD, "firmware", "port", "posix", "twin-node")
)
PLANT = os.path.join(SOURCE, "data", "demo", "plant.json")
GRAPH = os.path.join(SOURCE, "data", "demo", "graph.json")
MODELS = os.path.join(SOURCE, "data", "demo", "models")


# --- TAP ---------------------------------------------------------------------


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, passed, name, why=""):
        self.count += 1
        self.failed += not passed
        print("%s %d - %s" % ("ok" if passed else "not ok", self.count, name))
        if why:
            self.say(why)
        sys.stdout.flush()
        return passed

    def equal(self, found, wanted, name):
        return self.ok(
            found == wanted, name, "" if found == wanted else "found %r, wanted %r" % (found, wanted)
        )

    def skip(self, name, why):
        self.count += 1
        print("ok %d - %s # SKIP %s" % (self.count, name, why))

    def say(self, text):
        for line in str(text).splitlines():
            print("# " + line)
        sys.stdout.flush()

    def done(self):
        print("1..%d" % self.count)
        sys.exit(1 if self.failed else 0)


def find_mosquitto():
    for folder in os.environ.get("PATH", "").split(":") + ["/usr/sbin", "/usr/local/sbin"]:
        path = os.path.join(folder, "mosquitto")
        if os.access(path, os.X_OK):
            return path
    return None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- the lab --------------------------------------------------------------------


class Lab:
    def __init__(self, plant=PLANT, graph=GRAPH, seed=1):
        self.folder = tempfile.mkdtemp(prefix="twin-lab-")
        self.store = os.path.join(self.folder, "plant.db")
        self.port = free_port()
        self.url = "mqtt://127.0.0.1:%d" % self.port
        self.plant = plant
        self.graph = graph
        self.seed = seed
        self.processes = {}
        self.ports = {}
        atexit.register(self.close)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    # Starts a process whose output goes to a file of its name.
    def start(self, name, arguments, **keywords):
        log = open(self.path(name + ".log"), "ab")
        process = subprocess.Popen(
            arguments, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **keywords
        )
        log.close()
        self.processes[name] = process
        return process

    def log(self, name):
        try:
            with open(self.path(name + ".log"), errors="replace") as file:
                return file.read()
        except OSError:
            return ""

    def kill(self, name, how=signal.SIGKILL, wait=20):
        process = self.processes.pop(name, None)
        if process is None or process.poll() is not None:
            return process.returncode if process else None
        process.send_signal(how)
        try:
            return process.wait(wait)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return "did not end within %d s" % wait

    def alive(self, name):
        process = self.processes.get(name)
        return process is not None and process.poll() is None

    def close(self):
        for name in list(self.processes):
            self.kill(name, signal.SIGTERM, 5)
        if not os.environ.get("TWIN_LAB_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    # --- who takes part ------------------------------------------------------------

    def start_broker(self):
        config = self.path("mosquitto.conf")
        if not os.path.exists(config):
            with open(config, "w") as file:
                file.write(
                    "listener %d 127.0.0.1\nallow_anonymous true\n"
                    "max_queued_messages 0\nlog_dest stdout\nlog_type error\n" % self.port
                )
                if os.geteuid() == 0:
                    file.write("user root\n")
        self.start("broker", [find_mosquitto(), "-c", config])
        self.wait(self.broker_answers, 10)

    def broker_answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def start_fleet(self, *more, name="fleet", node=None):
        arguments = [TWIN_NODE, "--fleet", self.plant, "--broker", self.url]
        arguments += ["--state", self.path("flash"), "--seed", str(self.seed)]
        if node:
            arguments += ["--node", node]
        self.start(name, arguments + list(more))

    def start_engine(self, *more):
        self.start("engine", self.ctl("run", "--demo-tokens", self.plant, "--keep-trying", *more))

    def ctl(self, *words):
        return [
            TWINCTL,
            "--store",
            self.store,
            "--broker",
            self.url,
            "--key-dir",
            self.path("keys"),
            "--operator",
            "lab",
            "--plant",
            "northfield",
            *words,
        ]

    def run(self, *words, timeout=60):
        return subprocess.run(
            self.ctl(*words), capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL
        )

    def import_graph(self):
        for words in (["model", "import", MODELS], ["graph", "import", self.graph]):
            result = self.run(*words)
            if result.returncode != 0:
                raise RuntimeError(result.stderr)

    # --- looking at it ---------------------------------------------------------------

    @staticmethod
    def wait(condition, seconds, step=0.1):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            time.sleep(step)
        return condition()

    def sql(self, statement, *values):
        connection = sqlite3.connect("file:%s?mode=ro" % self.store, uri=True, timeout=5)
        try:
            return connection.execute(statement, values).fetchall()
        except sqlite3.OperationalError:
            return []
        finally:
            connection.close()

    def status(self):
        rows = self.sql("SELECT json, time_us FROM engine_status")
        if not rows:
            return {}
        found = json.loads(rows[0][0])
        found["age"] = time.time() - rows[0][1] / 1e6
        return found

    def alarms(self):
        return [
            {
                "source": source,
                "condition": condition,
                "state": state,
                "active": bool(active),
                **json.loads(detail or "{}"),
            }
            for source, condition, state, active, detail in self.sql(
                "SELECT source, condition, state, active, detail FROM alarm"
            )
        ]

    def enrolled(self):
        return [row[0] for row in self.sql("SELECT name FROM node WHERE enrolled")]

    # What the rings of all nodes hold now: { node: { (ring, epoch): [(first, last)] } }
    def held(self, plant_name, nodes, seconds=10):
        watch = subprocess.Popen(
            ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.port), "-q", "1"]
            + ["-t", "twin/1/%s/+/ring" % plant_name, "-F", "%t %x"],
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        # Bytes: a text stream cannot be read without blocking.
        os.set_blocking(watch.stdout.fileno(), False)
        found = {}
        text = b""
        try:
            time.sleep(0.5)
            for node in nodes:
                ask = cbor_map([(b"\x62id", b"\x48" + os.urandom(8)), (b"\x65spans", b"\x80")])
                subprocess.run(
                    ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.port), "-q", "1"]
                    + ["-t", "twin/1/%s/%s/replay" % (plant_name, node), "-s"],
                    input=ask,
                    check=True,
                    timeout=10,
                )
            end = time.monotonic() + seconds
            while time.monotonic() < end and len(found) < len(nodes):
                piece = watch.stdout.read()
                if not piece:
                    time.sleep(0.05)
                    continue
                text += piece
                *lines, text = text.split(b"\n")
                for line in lines:
                    topic, payload = line.decode().split(" ")
                    report = ring_report(bytes.fromhex(payload))
                    if report is not None:
                        found[topic.split("/")[3]] = report
        finally:
            watch.kill()
            watch.wait()
        return found

    def received(self):
        found = {}
        for node, ring, epoch, first, last in self.sql(
            "SELECT node, ring, epoch, first, last FROM received_range"
            " JOIN stream ON stream.id = stream ORDER BY node, ring, epoch, first"
        ):
            found.setdefault(node, {}).setdefault((bytes(ring), epoch), []).append((first, last))
        return found


# --- as much CBOR as a test needs ---------------------------------------------------


def cbor_map(pairs):
    """Keys and values already encoded; keys in bytewise order."""
    return bytes([0xA0 + len(pairs)]) + b"".join(key + value for key, value in sorted(pairs))


def cbor_read(data, at=0):
    kind, short = data[at] >> 5, data[at] & 31
    at += 1
    if kind == 7:
        if short in (20, 21, 22):
            return {20: False, 21: True, 22: None}[short], at
        import struct

        size = {25: 2, 26: 4, 27: 8}[short]
        return struct.unpack(">" + {2: "e", 4: "f", 8: "d"}[size], data[at : at + size])[0], at + size
    size = short
    if short >= 24:
        width = 1 << (short - 24)
        size = int.from_bytes(data[at : at + width], "big")
        at += width
    if kind == 0:
        return size, at
    if kind == 1:
        return -1 - size, at
    if kind in (2, 3):
        value = data[at : at + size]
        return (bytes(value) if kind == 2 else value.decode()), at + size
    if kind == 4:
        items = []
        for _ in range(size):
            item, at = cbor_read(data, at)
            items.append(item)
        return items, at
    if kind == 5:
        found = {}
        for _ in range(size):
            key, at = cbor_read(data, at)
            found[key], at = cbor_read(data, at)
        return found, at
    return cbor_read(data, at)  # a tag


def ring_report(signed):
    """held of a ring message that answers a question, else None."""
    envelope, _ = cbor_read(signed)
    report, _ = cbor_read(envelope[2])
    if report["id"] is None:
        return None
    found = {}
    for epoch, first, last in report["held"]:
        found.setdefault((report["ring"], epoch), []).append((first, last))
    return found


def spans_lacking(held, received):
    """Numbers held that no received range covers."""
    lacking = 0
    for first, last in held:
        numbers = last - first + 1
        for begin, end in received:
            numbers -= max(0, min(last, end) - max(first, begin) + 1)
        lacking += numbers
    return lacking
