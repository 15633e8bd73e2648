#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check-manifest.py MANIFEST: the Flatpak manifest is as it was decided.

Says what is not and leaves with 1. The pinned commits stand here once more, so
that changing one is deliberate.
"""
import json
import re
import sys

PINNED = {
    "cglm": ("https://github.com/recp/cglm.git", "v0.9.6",
             "144d1e7c29b3b0c6dede7917a0476cc95248559c"),
    "kissfft": ("https://github.com/mborgerding/kissfft.git", "131.2.0",
                "7bce4153c6bc8aba2db0e889e576f9d00505cbe1"),
    "libcbor": ("https://github.com/PJK/libcbor.git", "v0.14.0",
                "6730c20ab487c0b4dc5fb3fea918937085355bac"),
    "mosquitto": ("https://github.com/eclipse/mosquitto.git", "v2.0.20",
                  "a196c2b244f248072a6b3ac8fb3f00ce0ff63dea"),
}
# The network, a window, the GPU: nothing of the user's files or buses.
PERMISSIONS = {"--share=ipc", "--share=network", "--socket=wayland",
               "--socket=fallback-x11", "--device=dri"}
HEAD = {"app-id": "com.example.TwinConsole", "runtime": "org.gnome.Platform",
        "sdk": "org.gnome.Sdk", "command": "twin-console"}


def wrong(manifest):
    for key, value in HEAD.items():
        if manifest.get(key) != value:
            yield f"{key} is {manifest.get(key)!r}, not {value!r}"
    if not re.fullmatch(r"\d+", manifest.get("runtime-version", "")):
        yield "runtime-version is not a released GNOME"
    if set(manifest.get("finish-args", [])) != PERMISSIONS:
        yield f"permissions are {sorted(manifest.get('finish-args', []))}"
    names = [module["name"] for module in manifest["modules"]]
    if names != [*PINNED, "twin-console"]:
        yield f"modules are {names}"
    for module in manifest["modules"]:
        if module["name"] not in PINNED:
            continue
        found = [(s.get("url"), s.get("tag"), s.get("commit")) for s in module["sources"]]
        if found != [PINNED[module["name"]]]:
            yield f"{module['name']} comes from {found}"
    own = manifest["modules"][-1]["sources"]
    if [s["type"] for s in own] != ["dir"] or own[0]["path"] != ".":
        yield "twin-console is not built from this tree"


def main():
    with open(sys.argv[1]) as file:
        found = list(wrong(json.load(file)))
    print("\n".join(found))
    sys.exit(1 if found else 0)


main()
