# SPDX-License-Identifier: Apache-2.0
"""Engine, twinctl and node by TLS: all of it with the right broker, and of any
other each says in its own words why it does not speak to it."""

import os
import signal

from tlslab import REFUSED, TlsBroker, lacking
from twinlab import Lab, Tap

NODE = "n-0107"
TWIN = "compressor-7"


class TlsLab(Lab):
    authority = None

    def ctl(self, *words):
        return super().ctl("--ca", self.authority, *words)


def whole_chain(tap, lab, broker):
    lab.url, lab.authority = broker.url("right"), broker.file("ca")
    lab.start_engine()
    lab.start_fleet("--ca", lab.authority, node=NODE)
    lab.wait(lambda: NODE in lab.enrolled(), 30)
    tap.ok(NODE in lab.enrolled(), "a node enrols by TLS", lab.log("engine") + lab.log("fleet"))
    done = lab.run("command", TWIN, "identify", '{"seconds": 1}', "--wait", "20")
    tap.equal((done.returncode, done.stderr), (0, ""), "and carries out a command")
    found = lab.wait(lambda: lab.status().get("link") == "up" and lab.status(), 10) or lab.status()
    tap.equal(found.get("link"), "up", "the engine says that its link is up")
    lab.kill("engine", signal.SIGTERM)
    done = lab.run("command", TWIN, "identify", '{"seconds": 1}', "--wait", "20")
    tap.equal((done.returncode, done.stderr), (0, ""), "twinctl sends one by itself, too")
    lab.kill("fleet", signal.SIGTERM)


def refusals(tap, lab, broker):
    for certificate, authority, reason in REFUSED:
        lab.url, lab.authority = broker.url(certificate), broker.file(authority)
        done = lab.run("command", TWIN, "identify", '{"seconds": 1}')
        tap.ok(
            done.returncode == 3 and reason in done.stderr and done.stderr.count("\n") == 1,
            "twinctl, %s, %s: %s" % (certificate, authority, reason),
            (done.returncode, done.stderr),
        )
        done = lab.run("run")
        tap.ok(
            done.returncode == 3 and reason in done.stderr,
            "the engine, too",
            (done.returncode, done.stderr),
        )
    lab.authority = os.path.join(broker.folder, "nothing.pem")
    done = lab.run("command", TWIN, "identify", '{"seconds": 1}')
    tap.ok(
        done.returncode in (1, 3) and "nothing.pem" in done.stderr,
        "a file that is not there is named",
        (done.returncode, done.stderr),
    )


def main():
    if lacking():
        print("1..0 # SKIP " + lacking())
        return
    tap, lab = Tap(), TlsLab()
    certificates = lab.path("tls")
    os.mkdir(certificates)
    broker = TlsBroker(certificates)
    lab.authority = broker.file("ca")
    try:
        lab.import_graph()
        whole_chain(tap, lab, broker)
        refusals(tap, lab, broker)
    finally:
        broker.close()
        lab.close()
    tap.done()


main()
