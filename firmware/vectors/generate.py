#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the vectors beside it: python3 generate.py

An encoder of its own, so that neither side of the wire is checked against
itself. Needs Python 3 and the openssl command (Ed25519).
"""
import hashlib
import hmac
import json
import os
import struct
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


# --- deterministic CBOR ------------------------------------------------------

class F32(float):
    """Written as binary32."""


class F16(float):
    """Written as binary16."""


class Raw(bytes):
    """Already encoded."""


class Tag:
    def __init__(self, number, value):
        self.number, self.value = number, value


class Unordered(list):
    """A map as pairs, written in the order given."""


def head(major, n):
    if n < 24:
        return bytes([major << 5 | n])
    for info, fmt, top in ((24, ">B", 1 << 8), (25, ">H", 1 << 16),
                           (26, ">I", 1 << 32), (27, ">Q", 1 << 64)):
        if n < top:
            return bytes([major << 5 | info]) + struct.pack(fmt, n)
    raise ValueError(n)


def enc(x):
    if isinstance(x, Raw):
        return bytes(x)
    if isinstance(x, Tag):
        return head(6, x.number) + enc(x.value)
    if x is None:
        return b"\xf6"
    if isinstance(x, bool):
        return b"\xf5" if x else b"\xf4"
    if isinstance(x, F16):
        return b"\xf9" + struct.pack(">e", x)
    if isinstance(x, F32):
        return b"\xfa" + struct.pack(">f", x)
    if isinstance(x, float):
        return b"\xfb" + struct.pack(">d", x)
    if isinstance(x, int):
        return head(0, x) if x >= 0 else head(1, -1 - x)
    if isinstance(x, bytes):
        return head(2, len(x)) + x
    if isinstance(x, str):
        return head(3, len(x.encode())) + x.encode()
    if isinstance(x, Unordered):
        return head(5, len(x)) + b"".join(enc(k) + enc(v) for k, v in x)
    if isinstance(x, (list, tuple)):
        return head(4, len(x)) + b"".join(enc(i) for i in x)
    if isinstance(x, dict):
        pairs = sorted((enc(k), enc(v)) for k, v in x.items())
        return head(5, len(pairs)) + b"".join(k + v for k, v in pairs)
    raise TypeError(x)


# --- keys, signatures ---------------------------------------------------------

DER = bytes.fromhex("302e020100300506032b657004220420")


def openssl(*args, data=b""):
    return subprocess.run(("openssl",) + args, input=data, check=True,
                          stdout=subprocess.PIPE).stdout


class Key:
    def __init__(self, name):
        self.name = name
        self.seed = hashlib.sha256(b"twin vectors: " + name.encode()).digest()
        with tempfile.NamedTemporaryFile() as f:
            f.write(DER + self.seed)
            f.flush()
            spki = openssl("pkey", "-inform", "DER", "-in", f.name, "-pubout",
                           "-outform", "DER")
        self.public = spki[-32:]
        self.kid = hashlib.sha256(self.public).digest()[:8]

    def sign(self, data):
        with tempfile.NamedTemporaryFile() as f, \
                tempfile.NamedTemporaryFile() as d:
            f.write(DER + self.seed)
            f.flush()
            d.write(data)
            d.flush()
            return openssl("pkeyutl", "-sign", "-rawin", "-keyform", "DER",
                           "-inkey", f.name, "-in", d.name)


NODE, CONSOLE, SECOND, STRANGER, VENDOR = (
    Key(n) for n in ("node", "console", "second", "stranger", "vendor"))
KEYS = {k.name: k for k in (NODE, CONSOLE, SECOND, STRANGER, VENDOR)}
TOKEN = bytes.fromhex("00112233445566778899aabbccddeeff")

SIGN1_HEADER, MAC0_HEADER = enc({1: -8}), enc({1: 5})


def sign1(key, topic, payload, protected=SIGN1_HEADER, kid=None, tag=18):
    sealed = enc(["Signature1", protected, topic.encode(), payload])
    return enc(Tag(tag, [protected, {4: key.kid if kid is None else kid},
                         payload, key.sign(sealed)]))


def mac0(token, topic, payload, protected=MAC0_HEADER):
    sealed = enc(["MAC0", protected, topic.encode(), payload])
    mac = hmac.new(token, sealed, hashlib.sha256).digest()
    return enc(Tag(17, [protected, {}, payload, mac]))


# --- writing ------------------------------------------------------------------

PLANT, NODE_NAME = "northfield", "n-0107"


def topic_of(channel, node=NODE_NAME):
    if channel == "@time":
        return f"twin/1/{PLANT}/@time"
    return f"twin/1/{PLANT}/{node}/{channel}"


class File:
    def __init__(self, channel):
        self.channel = channel
        self.rows = []

    def _add(self, name, data, ok, reason, **more):
        row = {"name": name, "channel": self.channel,
               "topic": more.pop("topic", topic_of(self.channel)),
               "hex": data.hex(), "ok": ok}
        if reason:
            row["reason"] = reason
        row.update(more)
        self.rows.append(row)

    def good(self, name, data, meaning, **more):
        self._add(name, data, True, None, meaning=meaning, **more)

    def bad(self, name, data, reason, **more):
        self._add(name, data, False, reason, **more)

    def signed(self, name, key, content, meaning, **more):
        payload = content if isinstance(content, bytes) else enc(content)
        topic = more.get("topic", topic_of(self.channel))
        self.good(name, sign1(key, topic, payload), meaning, signer=key.name,
                  payload=payload.hex(), **more)

    def signed_bad(self, name, key, content, reason, **more):
        payload = content if isinstance(content, bytes) else enc(content)
        topic = more.get("topic", topic_of(self.channel))
        self.bad(name, sign1(key, topic, payload), reason, signer=key.name,
                 **more)

    def write(self, stem=None):
        stem = stem or self.channel.strip("@")
        with open(os.path.join(HERE, stem + ".json"), "w") as f:
            f.write("[\n")
            f.write(",\n".join(json.dumps(r, ensure_ascii=False)
                               for r in self.rows))
            f.write("\n]\n")


def without(d, key):
    return {k: v for k, v in d.items() if k != key}


def flip(data, at):
    data = bytearray(data)
    data[at] ^= 1
    return bytes(data)


RING = bytes.fromhex("a1b2c3d4e5f60718")
ID = bytes.fromhex("0102030405060708")
US = 1_000_000


def write_keys():
    rows = [{"name": k.name, "seed": k.seed.hex(), "public": k.public.hex(),
             "kid": k.kid.hex()} for k in KEYS.values()]
    rows.append({"name": "token", "token": TOKEN.hex()})
    with open(os.path.join(HERE, "keys.json"), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(r) for r in rows) + "\n]\n")


# --- cbor: structure, whatever the channel --------------------------------------

def write_cbor():
    f = File("cbor")

    def both(name, hexes, ok, reason=None, deterministic=False):
        data = bytes.fromhex(hexes)
        if ok:
            f.good(name, data, None, topic="", deterministic=deterministic)
        else:
            f.bad(name, data, reason, topic="", deterministic=deterministic)

    both("empty", "", False, "syntax")
    both("zero", "00", True, deterministic=True)
    both("integer cut off", "1901", False, "syntax")
    both("integer not shortest, unsigned message", "1801", True)
    both("integer not shortest, signed message", "1801", False, "form", True)
    both("16-bit integer that fits 8", "190017", False, "form", True)
    both("32-bit integer that fits 16", "1a00000100", False, "form", True)
    both("64-bit integer that fits 32", "1b00000000ffffffff", False, "form",
         True)
    both("64-bit integer that does not", "1b0000000100000000", True,
         deterministic=True)
    both("length not shortest", "5801ff", False, "form", True)
    both("bytes after it", "0000", False, "syntax")
    both("byte string claims more", "4401", False, "syntax")
    both("byte string claims 2^64-1", "5bffffffffffffffff", False, "syntax")
    both("byte string claims 2^64-9", "5bfffffffffffffff700", False, "syntax")
    both("text claims 2^63", "7b8000000000000000", False, "syntax")
    both("array claims 2^32", "9b000000010000000000", False, "syntax")
    both("map claims 2^63", "bb800000000000000000", False, "syntax")
    both("map claims one pair too many", "a20000", False, "syntax")
    both("indefinite bytes", "5f4101ff", False, "syntax")
    both("indefinite text", "7f6161ff", False, "syntax")
    both("indefinite array", "9f01ff", False, "syntax")
    both("indefinite map", "bf0001ff", False, "syntax")
    both("lone break", "ff", False, "syntax")
    both("reserved length", "1c", False, "syntax")
    both("undefined", "f7", False, "syntax")
    both("simple value", "f0", False, "syntax")
    both("simple value in two bytes", "f820", False, "syntax")
    both("null", "f6", True, deterministic=True)
    both("NaN", "f97e00", False, "syntax")
    both("infinity, binary32", "fa7f800000", False, "syntax")
    both("minus infinity, binary64", "fbfff0000000000000", False, "syntax")
    both("half float", "f93c00", True, deterministic=True)
    both("nesting of 8", "81" * 8 + "00", True, deterministic=True)
    both("nesting of 9", "81" * 9 + "00", False, "syntax")
    both("nesting of 9 by tags", "c1" * 9 + "00", False, "syntax")
    both("text not UTF-8", "61ff", False, "syntax")
    both("text with a surrogate", "63eda080", False, "syntax")
    both("text in overlong form", "62c0af", False, "syntax")
    both("text with NUL", "6100", False, "syntax")
    both("keys in order", "a3000120016161 01".replace(" ", ""), True,
         deterministic=True)
    both("keys out of order, unsigned message", "a201000000", True)
    both("keys out of order, signed message", "a201000000", False, "form",
         True)
    both("longer key first", "a2626161006162 00".replace(" ", ""), False,
         "form", True)
    both("a key twice", "a200010001", False, "form")
    both("a key twice, apart", "a3000101020003", False, "form")
    both("a key twice, in two forms", "a20001180001", False, "form")
    both("a key that is an array", "a18000", False, "syntax")
    both("a key that is a byte string", "a1410000", False, "syntax")
    f.write("cbor")


# --- topics -----------------------------------------------------------------------

def write_topics():
    rows = []

    def row(text, ok, **more):
        rows.append({"name": text[:60], "channel": "topic", "topic": text,
                     "hex": "", "ok": ok,
                     **({} if ok else {"reason": "topic"}), **more})

    for c in ("birth", "status", "telemetry", "event", "ring", "replay",
              "waveform", "reported", "desired", "command", "result",
              "manifest", "chunk/get", "chunk/data", "enrol", "enrolled"):
        row(f"twin/1/northfield/n-0107/{c}", True,
            meaning={"plant": "northfield", "node": "n-0107", "kind": c})
    row("twin/1/northfield/@time", True,
        meaning={"plant": "northfield", "node": "", "kind": "@time"})
    row("twin/1/A/0._-z/birth", True,
        meaning={"plant": "A", "node": "0._-z", "kind": "birth"})
    row("twin/1/" + "p" * 64 + "/" + "n" * 64 + "/ring", True,
        meaning={"plant": "p" * 64, "node": "n" * 64, "kind": "ring"})
    for text in ("", "twin", "twin/1", "twin/1/", "twin/1/northfield",
                 "twin/1/northfield/", "twin/1/northfield/n-0107",
                 "twin/1/northfield/n-0107/", "twin/2/northfield/n-0107/ring",
                 "twin/1/northfield/n-0107/rings",
                 "twin/1/northfield/n-0107/ring/",
                 "twin/1/northfield/n-0107/chunk",
                 "twin/1/northfield/n-0107/@time", "twin/1/@time",
                 "twin/1/northfield/@clock", "twin/1//n-0107/ring",
                 "twin/1/north field/n-0107/ring",
                 "twin/1/northfield/-n/ring", "twin/1/northfield/n+1/ring",
                 "twin/1/northfield/#/ring", "twin/1/nörd/n-0107/ring",
                 "twin/1/northfield/.hidden/ring", "/twin/1/a/b/ring",
                 "twin/1/" + "p" * 65 + "/n/ring",
                 "twin/1/p/" + "n" * 65 + "/ring"):
        row(text, False)
    with open(os.path.join(HERE, "topic.json"), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(r, ensure_ascii=False)
                                   for r in rows) + "\n]\n")


# --- records ----------------------------------------------------------------------

def f32(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def entry(name, unit=None, number=None, string=None, boolean=None,
          time_us=None, q=0):
    kind = ("number" if number is not None else "string" if string is not None
            else "bool" if boolean is not None else "bad")
    value = (number if kind == "number" else string if kind == "string"
             else boolean if kind == "bool" else None)
    return {"name": name, "unit": unit, "kind": kind, "value": value,
            "time_us": time_us, "q": 2 if kind == "bad" else q}


def record(seq, up, time_us, entries, epoch=3):
    return {"ring": RING.hex(), "epoch": epoch, "seq": seq, "up": up,
            "time_us": time_us, "entries": entries}


BT = 1795516938.123456
BT_US = 1795516938123456


def write_records():
    for channel in ("telemetry", "event"):
        f = File(channel)
        own = {"ring": RING, "epoch": 3, "seq": 17, "up": 3600.25}
        if channel == "event":
            f.good("limit event with evidence", enc([
                {-3: BT, 0: "event", 3: "limit", **own},
                {0: "event/name", 3: "de/temperature"},
                {0: "event/value", 1: "Cel", 2: F32(94.2)},
                {0: "event/limit", 1: "Cel", 2: F32(90.0)}]),
                record(17, 3600.25, BT_US, [
                    entry("event", string="limit", time_us=BT_US),
                    entry("event/name", string="de/temperature",
                          time_us=BT_US),
                    entry("event/value", "Cel", f32(94.2), time_us=BT_US),
                    entry("event/limit", "Cel", 90.0, time_us=BT_US)]))
            facts = [("value", "m/s", 0.0042), ("mean", "m/s", 0.001),
                     ("std", "m/s", 0.0001), ("z", "/", 32.0),
                     ("capture", "/", 7.0)]
            f.good("z-score event with evidence and capture", enc([
                {-3: BT, 0: "event", 3: "z-score", **own},
                {0: "event/name", 3: "de/vibrationRMS"},
                *({0: "event/" + n, 1: u, 2: F32(v)} for n, u, v in facts)]),
                record(17, 3600.25, BT_US, [
                    entry("event", string="z-score", time_us=BT_US),
                    entry("event/name", string="de/vibrationRMS",
                          time_us=BT_US),
                    *(entry("event/" + n, u, f32(v), time_us=BT_US)
                      for n, u, v in facts)]))
            f.write()
            continue

        first = {-2: "de/", -3: BT, 0: "temperature", 1: "Cel",
                 2: F32(61.5), **own}
        f.good("base name, base time, two values", enc([
            first, {0: "vibrationRMS", 1: "m/s", 2: F32(0.0021)}]),
            record(17, 3600.25, BT_US, [
                entry("de/temperature", "Cel", 61.5, time_us=BT_US),
                entry("de/vibrationRMS", "m/s", f32(0.0021),
                      time_us=BT_US)]))
        f.good("times of their own", enc([
            {-3: BT, 0: "a", 2: F32(1.0), 6: -0.5, **own},
            {0: "b", 2: F32(2.0), 6: 0.25}]),
            record(17, 3600.25, BT_US, [
                entry("a", None, 1.0, time_us=BT_US - 500000),
                entry("b", None, 2.0, time_us=BT_US + 250000)]))
        f.good("a node without time", enc([
            {0: "a", 2: F32(1.0), **own}]),
            record(17, 3600.25, None, [entry("a", None, 1.0)]))
        f.good("text, boolean, bad and uncertain", enc([
            {-3: BT, 0: "mode", 3: "läuft", **own},
            {0: "relay", 4: True},
            {0: "de/temperature", 1: "Cel", "q": 2},
            {0: "current", 1: "A", 2: F32(12.5), "q": 1}]),
            record(17, 3600.25, BT_US, [
                entry("mode", string="läuft", time_us=BT_US),
                entry("relay", boolean=True, time_us=BT_US),
                entry("de/temperature", "Cel", time_us=BT_US),
                entry("current", "A", 12.5, time_us=BT_US, q=1)]))
        f.good("all widths of a number", enc([
            {0: "half", 2: F16(1.5), **own}, {0: "single", 2: F32(1.5)},
            {0: "double", 2: 0.1}, {0: "integer", 2: 7},
            {0: "negative", 2: -7}]),
            record(17, 3600.25, None, [
                entry("half", None, 1.5), entry("single", None, 1.5),
                entry("double", None, 0.1), entry("integer", None, 7.0),
                entry("negative", None, -7.0)]))
        f.good("seq 0 of epoch 0", enc([
            {0: "a", 2: F32(1.0), "ring": RING, "epoch": 0, "seq": 0,
             "up": 0.0}]),
            record(0, 0.0, None, [entry("a", None, 1.0)], epoch=0))
        f.good("largest seq and epoch", enc([
            {0: "a", 2: F32(1.0), "ring": RING, "epoch": 2**32 - 1,
             "seq": 2**63 - 1, "up": 0.0}]),
            record(2**63 - 1, 0.0, None, [entry("a", None, 1.0)],
                   epoch=2**32 - 1))
        f.good("unknown keys are ignored", enc([
            {0: "a", 2: F32(1.0), 7: 60, "x": [1, {"y": None}], **own}]),
            record(17, 3600.25, None, [entry("a", None, 1.0)]))
        f.good("a first entry of base fields only", enc([
            {-2: "de/", **own}, {0: "a", 2: F32(1.0)}]),
            record(17, 3600.25, None, [entry("de/a", None, 1.0)]))
        f.good("keys in any order", enc([
            Unordered([("seq", 17), (2, F32(1.0)), ("ring", RING), (0, "a"),
                       ("epoch", 3), ("up", 3600.25)])]),
            record(17, 3600.25, None, [entry("a", None, 1.0)]))
        f.good("bad with a value all the same", enc([
            {0: "a", 2: F32(1.0), "q": 2, **own}]),
            record(17, 3600.25, None, [entry("a")]))

        ok = enc([first])
        f.bad("cut off", ok[:-1], "syntax")
        f.bad("one byte more", ok + b"\0", "syntax")
        f.bad("not an array", enc(first), "content")
        f.bad("no entry", enc([]), "content")
        f.bad("an entry that is no map", enc([first, 1]), "content")
        for key in ("ring", "epoch", "seq", "up"):
            f.bad("without " + key, enc([without(first, key)]), "content")
        f.bad("ring of 7 bytes", enc([{**first, "ring": RING[:7]}]),
              "content")
        f.bad("negative seq", enc([{**first, "seq": -1}]), "content")
        f.bad("seq of 2^63", enc([{**first, "seq": 2**63}]), "content")
        f.bad("epoch of 2^32", enc([{**first, "epoch": 2**32}]), "content")
        f.bad("negative up", enc([{**first, "up": -1.0}]), "content")
        f.bad("identity in a later entry", enc([
            first, {0: "b", 2: F32(1.0), "seq": 18}]), "content")
        f.bad("base name in a later entry", enc([
            first, {-2: "nde/", 0: "b", 2: F32(1.0)}]), "content")
        f.bad("base value", enc([{**first, -5: 20.0}]), "content")
        f.bad("base unit", enc([{**first, -4: "Cel"}]), "content")
        f.bad("two values", enc([{**first, 3: "hot"}]), "content")
        f.bad("value that is text", enc([{**first, 2: "61.5"}]), "content")
        f.bad("quality 3", enc([{**first, "q": 3}]), "content")
        f.bad("value NaN", enc([{**first, 2: F32("nan")}]), "syntax")
        f.bad("name with a space", enc([{**first, 0: "a b"}]), "content")
        f.bad("name that begins with a slash", enc([
            {**without(first, -2), 0: "/a"}]), "content")
        f.bad("value without any name", enc([
            without(without(first, -2), 0)]), "content")
        f.bad("name of 129 bytes", enc([{**first, 0: "a" * 126}]),
              "content")
        f.bad("base time of year 5000", enc([{**first, -3: 9.6e10}]),
              "content")
        f.bad("base time before 1970", enc([{**first, -3: -1.0}]), "content")
        f.bad("a key twice", enc([
            Unordered(list(first.items()) + [(0, "b")])]), "form")
        f.write()


# --- waveforms --------------------------------------------------------------------

def write_blocks():
    f = File("waveform")
    i16 = [0, 1, -1, 32767, -32768]
    base = {"sensor": "de/acceleration", "axis": "x", "n0": 4096, "n": 5,
            "t0": BT, "up": 3600.5, "rate": 4001.25, "scale": 0.0005,
            "offset": 0.0, "unit": "m/s2", "why": "live", "ring": RING,
            "epoch": 3, "quality": 0,
            "data": Tag(77, struct.pack("<5h", *i16))}

    def meaning(**more):
        m = {"sensor": "de/acceleration", "axis": "x", "capture": None,
             "last": False, "n0": 4096, "n": 5, "t0_us": BT_US,
             "up": 3600.5, "rate_hz": 4001.25, "scale": 0.0005,
             "offset": 0.0, "unit": "m/s2", "why": "live",
             "ring": RING.hex(), "epoch": 3, "quality": 0, "type": "i16",
             "values": [v * 0.0005 for v in i16]}
        m.update(more)
        return m

    f.good("live, sint16", enc(base), meaning())
    i32 = [0, 1, -1, 2**31 - 1, -2**31]
    f.good("last of a capture, sint32, offset", enc(
        {**base, "capture": 12, "last": True, "why": "schedule",
         "axis": "z", "offset": 9.75, "scale": 0.5, "quality": 3,
         "data": Tag(78, struct.pack("<5i", *i32))}),
        meaning(capture=12, last=True, why="schedule", axis="z",
                offset=9.75, scale=0.5, quality=3, type="i32",
                values=[v * 0.5 + 9.75 for v in i32]))
    f.good("float32, no time", enc(
        {**base, "t0": None, "scale": 1.0, "why": "trigger", "capture": 0,
         "axis": "y", "n": 2,
         "data": Tag(85, struct.pack("<2f", 1.5, -0.25))}),
        meaning(t0_us=None, scale=1.0, why="trigger", capture=0, axis="y",
                n=2, type="f32", values=[1.5, -0.25]))
    f.good("one sample of a slow sensor", enc(
        {**base, "rate": 0.5, "n": 1, "why": "command",
         "data": Tag(77, b"\x02\x00")}),
        meaning(rate_hz=0.5, n=1, why="command", values=[0.001]))

    for key in base:
        f.bad("without " + key, enc(without(base, key)), "content")
    f.bad("no samples", enc({**base, "n": 0, "data": Tag(77, b"")}),
          "content")
    f.bad("fewer samples than n", enc({**base, "n": 6}), "content")
    f.bad("half a sample", enc({**base, "data": Tag(77, b"\0" * 9)}),
          "content")
    f.bad("another typed array", enc({**base, "data": Tag(69, b"\0" * 10)}),
          "content")
    f.bad("no typed array", enc({**base, "data": b"\0" * 10}), "content")
    f.bad("tag on text", enc({**base, "data": Tag(77, "aaaaaaaaaa")}),
          "content")
    f.bad("float sample NaN", enc(
        {**base, "n": 1, "data": Tag(85, struct.pack("<f", float("nan")))}),
        "content")
    f.bad("axis w", enc({**base, "axis": "w"}), "content")
    f.bad("axis of two letters", enc({**base, "axis": "xy"}), "content")
    f.bad("why of another word", enc({**base, "why": "because"}), "content")
    f.bad("rate 0", enc({**base, "rate": 0.0}), "content")
    f.bad("negative rate", enc({**base, "rate": -1.0}), "content")
    f.bad("longer than a second", enc({**base, "rate": 3.0}), "content")
    f.bad("scale 0", enc({**base, "scale": 0.0}), "content")
    f.bad("negative n0", enc({**base, "n0": -1}), "content")
    f.bad("sensor without a name", enc({**base, "sensor": ""}), "content")
    f.bad("cut off", enc(base)[:-1], "syntax")
    f.write()


# --- signed by the node -------------------------------------------------------------

def common_signed(f, key, content, other=SECOND):
    """What must be refused whatever the payload."""
    payload = enc(content)
    topic = topic_of(f.channel)
    good = sign1(key, topic, payload)
    f.bad("signed for another node",
          sign1(key, topic_of(f.channel, "n-0108"), payload), "signature",
          signer=key.name)
    f.bad("signed for another channel",
          sign1(key, topic_of("event"), payload), "signature",
          signer=key.name)
    f.bad("signed by another key", sign1(other, topic, payload,
                                         kid=key.kid), "signature",
          signer=key.name)
    f.bad("last byte of the signature altered", flip(good, len(good) - 1),
          "signature", signer=key.name)
    at = good.index(payload) + len(payload) - 1
    f.bad("last byte of the payload altered", flip(good, at), None,
          signer=key.name)
    f.bad("bare payload", payload, "content", signer=key.name)
    f.bad("another algorithm", sign1(key, topic, payload, enc({1: -7})),
          "content", signer=key.name)
    f.bad("tagged as a MAC", sign1(key, topic, payload, tag=17), "content",
          signer=key.name)
    f.bad("key id of 7 bytes", sign1(key, topic, payload, kid=key.kid[:7]),
          "content", signer=key.name)
    f.bad("cut off", good[:-1], "syntax", signer=key.name)
    f.bad("payload with a byte more", sign1(key, topic, payload + b"\0"),
          "syntax", signer=key.name)


def write_births():
    f = File("birth")
    sensors = [
        {"name": "de/acceleration", "axis": "x", "unit": "m/s2",
         "rate": 4000.0, "range": [-156.9, 156.9], "maxSilenceS": 60},
        {"name": "de/temperature", "unit": "Cel", "rate": 1.0,
         "range": [-40.0, 150.0], "maxSilenceS": 60}]
    serves = [
        {"prefix": "", "twin": "compressor-7",
         "model": "dtmi:com:example:twin:CompressorUnit;1"},
        {"prefix": "de/", "twin": "compressor-7-de",
         "model": "dtmi:com:example:twin:BearingAssembly;1"}]
    base = {"serial": "TN-000107", "class": "twin-node-ref",
            "firmware": "0.1.0", "build": bytes.fromhex("deadbeef"),
            "features": ["waveform", "duty"], "boot": "power",
            "ring": RING, "epoch": 3, "up": 1.5, "key": NODE.public,
            "bt": BT, "enrolled": True, "sensors": sensors,
            "limits": {"de/temperature": 90.0}, "serves": serves}
    meaning = {"serial": "TN-000107", "class": "twin-node-ref",
               "firmware": "0.1.0", "build": "deadbeef",
               "features": ["waveform", "duty"], "boot": "power",
               "ring": RING.hex(), "epoch": 3, "up": 1.5,
               "key": NODE.public.hex(), "time_us": BT_US,
               "enrolled": True,
               "sensors": [
                   {"name": "de/acceleration", "axis": "x", "unit": "m/s2",
                    "rate_hz": 4000.0, "low": -156.9, "high": 156.9,
                    "maxSilenceS": 60},
                   {"name": "de/temperature", "axis": None, "unit": "Cel",
                    "rate_hz": 1.0, "low": -40.0, "high": 150.0,
                    "maxSilenceS": 60}],
               "limits": {"de/temperature": 90.0},
               "serves": serves, "virtual": 0.0}
    f.signed("a compressor's node", NODE, base, meaning)
    small = {**without(base, "bt"), "features": [], "sensors": [],
             "limits": {}, "serves": [], "enrolled": False,
             "virtual": 60.0}
    f.signed("as little as can be, virtual clock", NODE, small,
             {**meaning, "time_us": None, "features": [], "sensors": [],
              "limits": {}, "serves": [], "enrolled": False,
              "virtual": 60.0})
    common_signed(f, NODE, base)
    f.bad("empty: removed", b"", "syntax", signer="node")
    for key in without(base, "bt"):
        f.signed_bad("without " + key, NODE, without(base, key), "content")
    f.signed_bad("key of 31 bytes", NODE,
                 {**base, "key": NODE.public[:31]}, "content")
    f.signed_bad("build of 3 bytes", NODE, {**base, "build": b"abc"},
                 "content")
    f.signed_bad("range upside down", NODE, {**base, "sensors": [
        {**sensors[1], "range": [1.0, 0.0]}]}, "content")
    f.signed_bad("prefix of 64 bytes", NODE, {**base, "serves": [
        {**serves[1], "prefix": "p" * 64}]}, "content")
    f.signed_bad("empty serial", NODE, {**base, "serial": ""}, "content")
    f.signed_bad("keys out of order", NODE,
                 enc(Unordered(sorted(base.items()))), "form")
    f.write()


def write_rings():
    f = File("ring")
    base = {"ring": RING, "id": ID, "held": [[2, 40, 99], [3, 0, 17]],
            "lost": [[1, 0, 2**63 - 1, "overwritten"],
                     [2, 0, 39, "overwritten"], [2, 57, 57, "corrupt"]]}
    meaning = {"ring": RING.hex(), "id": ID.hex(),
               "held": [[2, 40, 99], [3, 0, 17]],
               "lost": [[1, 0, 2**63 - 1, "overwritten"],
                        [2, 0, 39, "overwritten"], [2, 57, 57, "corrupt"]]}
    f.signed("an answer", NODE, base, meaning)
    f.signed("at connect, an empty ring", NODE,
             {"ring": RING, "id": None, "held": [], "lost": []},
             {"ring": RING.hex(), "id": None, "held": [], "lost": []})
    common_signed(f, NODE, base)
    for key in base:
        f.signed_bad("without " + key, NODE, without(base, key), "content")
    f.signed_bad("a span of two", NODE, {**base, "held": [[2, 40]]},
                 "content")
    f.signed_bad("a span backwards", NODE, {**base, "held": [[2, 40, 39]]},
                 "content")
    f.signed_bad("a cause of its own", NODE,
                 {**base, "lost": [[2, 0, 39, "stolen"]]}, "content")
    f.signed_bad("seq of 2^63", NODE, {**base, "held": [[2, 0, 2**63]]},
                 "content")
    f.signed_bad("id of 4 bytes", NODE, {**base, "id": ID[:4]}, "content")
    f.write()


def write_reported():
    f = File("reported")
    properties = {"schedule": {"captureS": 8, "everyS": 20},
                  "deadbands": {"de/temperature": 0.5},
                  "mode": "running", "firmware": "0.1.0",
                  "maintenance": None, "flags": [True, -3]}
    base = {"version": 4, "digest": hashlib.sha256(b"x").digest(),
            "epoch": 3, "up": 12.25, "bt": BT, "properties": properties,
            "refused": [{"path": "/summaryPeriodS",
                         "reason": "out of range"}]}
    meaning = {"version": 4, "digest": hashlib.sha256(b"x").hexdigest(),
               "epoch": 3, "up": 12.25, "time_us": BT_US,
               "properties": properties,
               "refused": [{"path": "/summaryPeriodS",
                            "reason": "out of range"}]}
    f.signed("one property refused", NODE, base, meaning)
    f.signed("before any desired document", NODE,
             {**without(base, "bt"), "version": 0, "digest": None,
              "properties": {}, "refused": []},
             {**meaning, "time_us": None, "version": 0, "digest": None,
              "properties": {}, "refused": []})
    common_signed(f, NODE, base)
    for key in without(base, "bt"):
        f.signed_bad("without " + key, NODE, without(base, key), "content")
    f.signed_bad("version without digest", NODE, {**base, "digest": None},
                 "content")
    f.signed_bad("properties that are a list", NODE,
                 {**base, "properties": []}, "content")
    f.signed_bad("a tag in the properties", NODE,
                 {**base, "properties": {"a": Tag(1, 0)}}, "content")
    f.signed_bad("a refusal without reason", NODE,
                 {**base, "refused": [{"path": "/a"}]}, "content")
    f.write()


def write_results():
    f = File("result")
    base = {"id": ID, "status": "done", "detail": {"capture": 12},
            "up": 12.25, "bt": BT}
    meaning = {"id": ID.hex(), "status": "done", "reason": None,
               "detail": {"capture": 12}, "up": 12.25, "time_us": BT_US}
    f.signed("done with detail", NODE, base, meaning)
    for status in ("accepted", "running"):
        f.signed(status, NODE, {"id": ID, "status": status, "up": 12.25},
                 {**meaning, "status": status, "detail": None,
                  "time_us": None})
    f.signed("expired", NODE, {"id": ID, "status": "expired",
                               "reason": "expired", "up": 12.25, "bt": BT},
             {**meaning, "status": "expired", "reason": "expired",
              "detail": None})
    for reason in ("malformed", "signature", "unknown-key", "role",
                   "counter", "epoch", "no-time", "unknown-command",
                   "argument", "busy", "state", "failed",
                   "needs-approver"):
        f.signed("rejected: " + reason, NODE,
                 {"id": ID, "status": "rejected", "reason": reason,
                  "up": 12.25, "bt": BT},
                 {**meaning, "status": "rejected", "reason": reason,
                  "detail": None})
    f.signed("rejected, id not readable", NODE,
             {"id": b"", "status": "rejected", "reason": "malformed",
              "up": 12.25},
             {**meaning, "id": "", "status": "rejected",
              "reason": "malformed", "detail": None, "time_us": None})
    common_signed(f, NODE, base)
    f.signed_bad("id of 4 bytes", NODE, {**base, "id": ID[:4]}, "content")
    f.signed_bad("a status of its own", NODE,
                 {**base, "status": "perhaps"}, "content")
    f.signed_bad("without status", NODE, without(base, "status"),
                 "content")
    f.signed_bad("without up", NODE, without(base, "up"), "content")
    f.write()


# --- from the console ------------------------------------------------------------------

def write_replays():
    f = File("replay")
    f.good("what do you hold?", enc({"id": ID, "spans": []}),
           {"id": ID.hex(), "spans": []})
    f.good("two spans, one open", enc(
        {"id": ID, "spans": [[2, 40, 99], [3, 12, None]]}),
        {"id": ID.hex(), "spans": [[2, 40, 99], [3, 12, None]]})
    f.good("with a rate", enc(
        {"id": ID, "spans": [[2, 0, 2**63 - 1]], "rate": 200}),
        {"id": ID.hex(), "spans": [[2, 0, 2**63 - 1]], "rate": 200})
    f.good("blocks of a capture", enc(
        {"id": ID, "capture": 12, "blocks": [0, 3, 7]}),
        {"id": ID.hex(), "capture": 12, "blocks": [0, 3, 7]})
    f.bad("without id", enc({"spans": []}), "content")
    f.bad("neither spans nor capture", enc({"id": ID}), "content")
    f.bad("id of 4 bytes", enc({"id": ID[:4], "spans": []}), "content")
    f.bad("a span of two", enc({"id": ID, "spans": [[2, 40]]}), "content")
    f.bad("a span backwards", enc({"id": ID, "spans": [[2, 40, 39]]}),
          "content")
    f.bad("cut off", enc({"id": ID, "spans": []})[:-1], "syntax")
    f.write()


def write_desired():
    f = File("desired")
    properties = {"schedule": {"captureS": 8, "everyS": 20},
                  "summaryPeriodS": 60, "maxSilenceS": 60,
                  "deadbands": {"de/temperature": 0.5},
                  "acquisition": {"mode": "continuous"}}
    base = {"version": 4, "base": 3, "properties": properties}
    payload = enc(base)
    f.signed("a whole document", CONSOLE, base,
             {**base, "digest": hashlib.sha256(payload).hexdigest()})
    first = {"version": 1, "base": 0, "properties": {}}
    f.signed("the first, empty", CONSOLE, first,
             {**first, "digest": hashlib.sha256(enc(first)).hexdigest()})
    live = {"version": 5, "base": 4, "properties": {
        "liveStream": {"sensor": "de/acceleration", "axis": "x",
                       "untilS": 1795517000.5}}}
    f.signed("a live stream with its end", CONSOLE, live,
             {**live, "digest": hashlib.sha256(enc(live)).hexdigest()})
    common_signed(f, CONSOLE, base)
    for key in base:
        f.signed_bad("without " + key, CONSOLE, without(base, key),
                     "content")
    f.signed_bad("version 0", CONSOLE, {**base, "version": 0, "base": 0},
                 "content")
    f.signed_bad("base not below version", CONSOLE, {**base, "base": 4},
                 "content")
    f.signed_bad("properties that are a list", CONSOLE,
                 {**base, "properties": []}, "content")
    f.write()


def write_commands():
    f = File("command")
    base = {"command": "scheduleMaintenance",
            "arguments": {"date": "2026-12-03",
                          "work": "Replace drive-end bearing"},
            "id": ID, "counter": 1795516938123456, "epoch": 3,
            "notAfter": 1795516968.0}
    meaning = {**base, "id": ID.hex()}
    f.signed("maintenance", CONSOLE, base, meaning)
    every = {**base, "command": "setLimit", "arguments": {
        "name": "de/temperature", "high": 90.5, "delayS": 5, "n": None,
        "on": True, "list": [1, -1, {"k": "ü"}]}}
    f.signed("every kind of argument", CONSOLE, every,
             {**every, "id": ID.hex()})
    f.signed("no arguments", CONSOLE,
             {**base, "command": "selfTest", "arguments": {}},
             {**meaning, "command": "selfTest", "arguments": {}})
    key = {**base, "command": "enrolKey", "arguments": {
        "key": SECOND.public, "role": "maintainer", "name": "A. Fitter"}}
    f.signed("bytes in an argument", CONSOLE, key,
             {**key, "id": ID.hex(), "arguments": {
                 "key": {"$hex": SECOND.public.hex()}, "role": "maintainer",
                 "name": "A. Fitter"}})

    topic = topic_of("command")
    inner = sign1(CONSOLE, topic, enc(base))
    f.signed("countersigned", SECOND,
             {"first": inner, "approver": "B. Second"},
             {"first": inner.hex(), "approver": "B. Second"})
    f.signed_bad("countersigned, first for another node", SECOND, {
        "first": sign1(CONSOLE, topic_of("command", "n-0108"), enc(base)),
        "approver": "B. Second"}, "signature")
    f.signed_bad("countersigned by the same key", CONSOLE,
                 {"first": inner, "approver": "B. Second"}, "content")

    common_signed(f, CONSOLE, base)
    f.signed_bad("by a key nobody enrolled", STRANGER, base, "key")
    for name in base:
        f.signed_bad("without " + name, CONSOLE, without(base, name),
                     "content")
    f.signed_bad("id of 4 bytes", CONSOLE, {**base, "id": ID[:4]},
                 "content")
    f.signed_bad("arguments that are a list", CONSOLE,
                 {**base, "arguments": []}, "content")
    f.signed_bad("negative counter", CONSOLE, {**base, "counter": -1},
                 "content")
    f.signed_bad("epoch of 2^32", CONSOLE, {**base, "epoch": 2**32},
                 "content")
    f.signed_bad("keys out of order", CONSOLE,
                 enc(Unordered(sorted(base.items()))), "form")
    f.write()


def write_enrolments():
    nonce = bytes(range(16))
    f = File("enrol")
    base = {"key": CONSOLE.public, "role": "engineer", "name": "Control room",
            "nonce": nonce}
    topic = topic_of("enrol")
    for role in ("operator", "maintainer", "engineer"):
        payload = enc({**base, "role": role})
        f.good(role, mac0(TOKEN, topic, payload),
               {"key": CONSOLE.public.hex(), "role": role,
                "name": "Control room", "nonce": nonce.hex()},
               payload=payload.hex())
    good = mac0(TOKEN, topic, enc(base))
    f.bad("another token", mac0(bytes(16), topic, enc(base)), "signature")
    f.bad("for another node",
          mac0(TOKEN, topic_of("enrol", "n-0108"), enc(base)), "signature")
    f.bad("last byte of the tag altered", flip(good, len(good) - 1),
          "signature")
    f.bad("another algorithm", mac0(TOKEN, topic, enc(base), enc({1: 4})),
          "content")
    f.bad("bare payload", enc(base), "content")
    f.bad("cut off", good[:-1], "syntax")
    for name in base:
        f.bad("without " + name,
              mac0(TOKEN, topic, enc(without(base, name))), "content")
    f.bad("a role of its own",
          mac0(TOKEN, topic, enc({**base, "role": "director"})), "content")
    f.bad("key of 31 bytes",
          mac0(TOKEN, topic, enc({**base, "key": CONSOLE.public[:31]})),
          "content")
    f.write()

    f = File("enrolled")
    topic = topic_of("enrolled")
    base = {"key": NODE.public, "nonce": nonce, "kid": CONSOLE.kid}
    good = mac0(TOKEN, topic, enc(base))
    f.good("the node's answer", good,
           {"key": NODE.public.hex(), "nonce": nonce.hex(),
            "kid": CONSOLE.kid.hex()}, payload=enc(base).hex())
    f.bad("another token", mac0(bytes(16), topic, enc(base)), "signature")
    f.bad("for another node",
          mac0(TOKEN, topic_of("enrolled", "n-0108"), enc(base)),
          "signature")
    f.bad("on the wrong channel",
          mac0(TOKEN, topic_of("enrol"), enc(base)), "signature")
    f.bad("cut off", good[:-1], "syntax")
    for name in base:
        f.bad("without " + name,
              mac0(TOKEN, topic, enc(without(base, name))), "content")
    f.write()


def write_times():
    f = File("@time")
    f.signed("a beacon", CONSOLE, {"utc": BT}, {"utc_us": BT_US})
    f.signed("a whole second", CONSOLE, {"utc": 1795516938.0},
             {"utc_us": 1795516938 * US})
    topic = topic_of("@time")
    f.bad("for another plant",
          sign1(CONSOLE, "twin/1/southfield/@time", enc({"utc": BT})),
          "signature", signer="console")
    f.bad("by a key nobody enrolled",
          sign1(STRANGER, topic, enc({"utc": BT})), "key",
          signer="stranger")
    f.signed_bad("without utc", CONSOLE, {}, "content")
    f.signed_bad("utc that is text", CONSOLE, {"utc": "now"}, "content")
    f.write()


# --- firmware ------------------------------------------------------------------

IMAGE = b"twin-node image 1\n\n" + bytes(range(256)) * 20
MANIFEST = {"vendor": "Example Vendor", "class": "test-node",
            "version": "1.2.0", "sequence": 7, "counter": 2,
            "size": len(IMAGE), "digest": hashlib.sha256(IMAGE).digest()}
MANIFEST_AAD = "twin/1/manifest"


def manifest_meaning(m):
    return {**m, "digest": m["digest"].hex()}


def write_manifests():
    f = File("manifest")

    def good(name, content):
        f.signed(name, VENDOR, content, manifest_meaning(content),
                 topic=MANIFEST_AAD)

    def bad(name, content, reason, key=VENDOR):
        f.signed_bad(name, key, content, reason, topic=MANIFEST_AAD)

    good("an image for a class of nodes", MANIFEST)
    good("the largest image, the greatest numbers",
         {**MANIFEST, "size": 192512, "sequence": 2**63 - 1,
          "counter": 2**63 - 1})
    good("one byte, the smallest numbers",
         {**MANIFEST, "size": 1, "sequence": 1, "counter": 0})
    envelope = sign1(VENDOR, MANIFEST_AAD, enc(MANIFEST))
    f.bad("signed for the topic it is published on",
          sign1(VENDOR, topic_of("manifest"), enc(MANIFEST)), "signature",
          topic=MANIFEST_AAD, signer="vendor")
    f.bad("by another vendor's key", sign1(STRANGER, MANIFEST_AAD,
                                           enc(MANIFEST)),
          "key", topic=MANIFEST_AAD, signer="vendor")
    f.bad("by another key under the vendor's id",
          sign1(STRANGER, MANIFEST_AAD, enc(MANIFEST), kid=VENDOR.kid),
          "signature", topic=MANIFEST_AAD, signer="vendor")
    f.bad("last byte of the signature altered",
          flip(envelope, len(envelope) - 1), "signature", topic=MANIFEST_AAD,
          signer="vendor")
    altered = enc({**MANIFEST, "version": "1.2.1"})
    f.bad("version altered", envelope.replace(enc(MANIFEST), altered),
          "signature", topic=MANIFEST_AAD, signer="vendor")
    f.bad("bare payload", enc(MANIFEST), "content", topic=MANIFEST_AAD,
          signer="vendor")
    f.bad("cut off", envelope[:-1], "syntax", topic=MANIFEST_AAD,
          signer="vendor")
    for name in MANIFEST:
        bad("without " + name, without(MANIFEST, name), "content")
    bad("sequence 0", {**MANIFEST, "sequence": 0}, "content")
    bad("sequence of 2^63", {**MANIFEST, "sequence": 2**63}, "content")
    bad("counter of 2^63", {**MANIFEST, "counter": 2**63}, "content")
    bad("an empty image", {**MANIFEST, "size": 0}, "content")
    bad("an image no slot holds", {**MANIFEST, "size": 192513}, "content")
    bad("digest of 31 bytes",
        {**MANIFEST, "digest": MANIFEST["digest"][:31]}, "content")
    bad("no name of a version", {**MANIFEST, "version": ""}, "content")
    bad("vendor of 65 characters", {**MANIFEST, "vendor": "v" * 65},
        "content")
    bad("keys out of order", enc(Unordered(MANIFEST.items())), "form")
    bad("more than 512 bytes", {**MANIFEST, "note": "n" * 300}, "size")
    f.write()


def write_chunks():
    digest = MANIFEST["digest"]
    f = File("chunk/get")
    base = {"digest": digest, "offset": 8192, "length": 4096}

    def meaning(m):
        return {k: v.hex() if isinstance(v, bytes) else v
                for k, v in m.items()}

    f.good("a whole piece", enc(base), meaning(base))
    last = {**base, "offset": 192511, "length": 1}
    f.good("the last byte", enc(last), meaning(last))
    for name in base:
        f.bad("without " + name, enc(without(base, name)), "content")
    f.bad("nothing", enc({**base, "length": 0}), "content")
    f.bad("more than 4096 bytes", enc({**base, "length": 4097}), "content")
    f.bad("from before the image", enc({**base, "offset": -1}), "content")
    f.bad("digest of 31 bytes", enc({**base, "digest": digest[:31]}),
          "content")
    f.bad("cut off", enc(base)[:-1], "syntax")
    f.write("chunk-get")

    f = File("chunk/data")
    base = {"digest": digest, "offset": 0, "bytes": IMAGE[:4096]}
    f.good("a whole piece", enc(base), meaning(base))
    some = {**base, "offset": 4096, "bytes": IMAGE[4096:4103]}
    f.good("seven bytes", enc(some), meaning(some))
    for name in base:
        f.bad("without " + name, enc(without(base, name)), "content")
    f.bad("no bytes", enc({**base, "bytes": b""}), "content")
    f.bad("more than 4096 bytes", enc({**base, "bytes": IMAGE[:4097]}),
          "content")
    f.bad("bytes as text", enc({**base, "bytes": "1.2.0"}), "content")
    f.bad("digest of 31 bytes", enc({**base, "digest": digest[:31]}),
          "content")
    f.bad("cut off", enc(base)[:-1], "syntax")
    f.write("chunk-data")


def write_packages():
    f = File("package")
    envelope = sign1(VENDOR, MANIFEST_AAD, enc(MANIFEST))

    def row(name, content, ok, reason=None):
        data = content if isinstance(content, bytes) else enc(content)
        more = {"topic": MANIFEST_AAD, "signer": "vendor"}
        if ok:
            f.good(name, data, {**manifest_meaning(MANIFEST),
                                "image": IMAGE.hex()}, **more)
        else:
            f.bad(name, data, reason, **more)

    row("manifest and image", [envelope, IMAGE], True)
    row("image altered", [envelope, flip(IMAGE, 100)], False, "content")
    row("image cut off", [envelope, IMAGE[:-1]], False, "content")
    row("image longer", [envelope, IMAGE + b"\0"], False, "content")
    row("without an image", [envelope], False, "content")
    row("a third part", [envelope, IMAGE, b""], False, "content")
    row("no manifest", [b"", IMAGE], False, "content")
    row("a bare manifest", [enc(MANIFEST), IMAGE], False, "content")
    row("another vendor's",
        [sign1(STRANGER, MANIFEST_AAD, enc(MANIFEST)), IMAGE], False, "key")
    row("signature altered", [flip(envelope, len(envelope) - 1), IMAGE],
        False, "signature")
    row("file cut off", enc([envelope, IMAGE])[:-1], False, "syntax")
    f.write()


if __name__ == "__main__":
    write_keys()
    write_cbor()
    write_topics()
    write_records()
    write_blocks()
    write_births()
    write_rings()
    write_reported()
    write_results()
    write_replays()
    write_desired()
    write_commands()
    write_enrolments()
    write_times()
    write_manifests()
    write_chunks()
    write_packages()
