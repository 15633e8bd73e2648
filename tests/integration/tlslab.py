# SPDX-License-Identifier: Apache-2.0
"""A mosquitto with a listener in clear and one for each kind of certificate."""

import os
import shutil
import subprocess

from twinlab import SOURCE, find_mosquitto, free_port

CERTIFICATES = os.path.join(SOURCE, "tests", "link", "certificates.sh")
LISTENERS = ("right", "rsa", "wrong-ca", "wrong-name", "expired", "early", "self")
UNTRUSTED = "its certificate is not signed by an authority that is trusted here"

# Certificate of the broker, authority that is believed, and why it is refused.
REFUSED = (
    ("right", "other-ca", UNTRUSTED),
    ("wrong-ca", "ca", UNTRUSTED),
    ("wrong-name", "ca", "its certificate is for another host"),
    ("expired", "ca", "its certificate has expired"),
    ("early", "ca", "its certificate is not valid yet"),
    ("self", "ca", "its certificate is signed by itself only"),
)


def lacking():
    """What a test of TLS would need and is not installed, or None."""
    if find_mosquitto() is None:
        return "mosquitto is not installed"
    return None if shutil.which("openssl") else "openssl is not installed"


class TlsBroker:
    """Its files are in @folder: ca.pem, other-ca.pem, right.pem …"""

    def __init__(self, folder):
        self.folder = folder
        self.port = {name: free_port() for name in ("clear",) + LISTENERS}
        subprocess.run(["sh", CERTIFICATES, folder], check=True, timeout=60)
        lines = ["allow_anonymous true", "log_dest none", "persistence false"]
        lines += ["user root"] if os.getuid() == 0 else []
        lines += ["listener %d 127.0.0.1" % self.port["clear"]]
        for name in LISTENERS:
            lines += ["listener %d 127.0.0.1" % self.port[name]]
            lines += ["certfile %s/%s.pem" % (folder, name), "keyfile %s/%s.key" % (folder, name)]
        config = os.path.join(folder, "mosquitto.conf")
        with open(config, "w") as file:
            file.write("\n".join(lines) + "\n")
        self.process = subprocess.Popen(
            [find_mosquitto(), "-c", config], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def url(self, certificate, name="localhost"):
        return "mqtts://%s:%d" % (name, self.port[certificate])

    def file(self, name):
        return os.path.join(self.folder, name + ".pem")

    def close(self):
        self.process.kill()
        self.process.wait()
