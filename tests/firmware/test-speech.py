#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What twin-node says, at its loudest: no password, token or private key."""

import base64
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time

BUILD = os.environ["TWIN_BUILD_ROOT"]
NODE = os.path.join(BUILD, "firmware", "port", "posix", "twin-node")
TOKEN = "00112233445566778899aabbccddeeff"
SECRETS_AT = 128 * 1024
ASK = "help\nstatus\nring\nfault unbalance 0.5\nn-1 reset\nstatus\nnonsense\n"
failed = 0
count = 0


def ok(passed, name, why=""):
    global failed, count
    count += 1
    failed += not passed
    print("%s %d - %s" % ("ok" if passed else "not ok", count, name))
    for line in str(why).splitlines() if not passed else []:
        print("# " + line)


def seed_of(path):
    """The node's private key, from the page of secrets of its flash file."""
    with open(path, "rb") as file:
        file.seek(SECRETS_AT)
        page = bytes(255 - byte for byte in file.read(8192))
    at = page.find(struct.pack("<HBBI", 0x4B56, 1, 0, 32))
    return page[at + 16:at + 48] if at >= 0 else None


def speak(folder, url):
    plan = os.path.join(folder, "plant.json")
    with open(plan, "w") as file:
        file.write('{"plant":"works","nodes":[{"node":"n-1","token":"%s"}]}' % TOKEN)
    process = subprocess.Popen(
        [NODE, "--fleet", plan, "--broker", url, "--state", folder, "-v", "--console"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    process.stdin.write(ASK.encode())
    process.stdin.flush()
    until = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < until:
        if os.path.exists(os.path.join(folder, "n-1.flash")):
            time.sleep(2)
            break
        time.sleep(0.05)
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=20)
    return out


def forms(secret):
    return [secret, secret.hex().encode(), secret.hex().upper().encode(),
            base64.b64encode(secret).rstrip(b"=")]


def main():
    with tempfile.TemporaryDirectory(prefix="twin-speech-") as folder:
        out = speak(folder, "mqtt://northfield:hunter2-hunter2@127.0.0.1:9")
        seed = seed_of(os.path.join(folder, "n-1.flash"))
        ok(b"twin-node: 1 node" in out and b"epoch" in out, "it speaks", out[-2000:])
        ok(seed is not None and len(set(seed)) > 8, "its private key is found in flash")
        ok(b"hunter2" not in out, "not the password", out[-2000:])
        ok(not any(form in out for form in forms(bytes.fromhex(TOKEN))), "not the token")
        ok(seed is not None and not any(form in out for form in forms(seed)),
           "not the private key")
        for url in ("mqtt:/northfield:hunter2@127.0.0.1:9", "http://northfield:hunter2@127.0.0.1:9"):
            out = speak(folder, url)
            ok(b"is not a broker address" in out and b"hunter2" not in out,
               "not in an error: " + url.split(":")[0], out[-500:])
    print("1..%d" % count)
    sys.exit(1 if failed else 0)


main()
