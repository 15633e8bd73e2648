#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manifest as it is, but on another runtime and without dependency modules.

    derive-manifest.py MANIFEST RUNTIME VERSION SOURCE >DERIVED

RUNTIME//VERSION stands for both runtime and SDK and must already hold what the
left-out modules would build. Permissions, command, options and skipped folders
of the program's own module are kept: they are what is being tested.
"""
import json
import sys


def main():
    manifest_path, runtime, version, source = sys.argv[1:]
    with open(manifest_path) as file:
        manifest = json.load(file)
    own = [m for m in manifest["modules"] if m["name"] == "twin-console"]
    if len(own) != 1 or manifest["modules"][-1] is not own[0]:
        sys.exit("the manifest's last module should be twin-console")
    for each in own[0]["sources"]:
        if each["type"] == "dir":
            each["path"] = source
    manifest["runtime"] = manifest["sdk"] = runtime
    manifest["runtime-version"] = version
    manifest["modules"] = own
    # Debian has neither the runtime's locale extension nor its tools for these.
    manifest["separate-locales"] = False
    manifest["appstream-compose"] = False
    manifest.setdefault("build-options", {}).update({"no-debuginfo": True, "strip": False})
    json.dump(manifest, sys.stdout, indent=2)


main()
