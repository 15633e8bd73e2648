#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The first minute: no plant yet, a plant that is none, a broker that is not
there. Each says what is wrong and what to do, and none is a crash."""
import os
import socket
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import (Console, Tap, check, enter_display,  # noqa: E402
                     runtime_path, wait_for)

enter_display()
tap = Tap()


def with_console(work, *args, name, scheme="light", expect=0):
    console = Console(*args, name=name, env={"TWIN_COLOUR_SCHEME": scheme})
    try:
        work(console)
        status = console.stop()
        check(status == expect,
              f"exit status {status}: {console.output()[-2000:]}")
        console.check_log()
    finally:
        console.end()


def first_page(scheme):
    def work(console):
        console.focus_window()
        for text in ("^No plant yet$", "^Start the demo$",
                     "^Connect to a broker…$", "^Open…$"):
            console.wait(text)
        console.tab_to("^Start the demo$")
        console.tab_to("^Connect to a broker…$")
        console.tab_to("^Open…$")
        check(not console.unlabelled(), str(console.unlabelled()))
        console.shot("first-" + scheme)

    with_console(work, name="first-" + scheme, scheme=scheme)


def store_is_a_folder():
    folder = runtime_path("a-folder")
    os.makedirs(folder)

    def work(console):
        console.focus_window()
        text = console.wait("a-folder").name
        check("folder" in text or "director" in text,
              f"“{text}” does not say that it is a folder")
        console.wait("^Open…$")
        console.shot("store-is-a-folder")

    with_console(work, "--store", folder, name="store-is-a-folder",
                 expect=3)


def store_is_no_store():
    path = runtime_path("letter.db")
    with open(path, "w") as file:
        file.write("Dear operator, " * 400)

    def work(console):
        console.focus_window()
        console.wait("letter.db")
        console.shot("store-is-no-store")

    with_console(work, "--store", path, name="store-is-no-store",
                 expect=3)


def store_in_a_report_run():
    console = Console("--report", "--store", runtime_path("a-folder"),
                      name="store-report")
    try:
        status = console.process.wait(120)
        check(status == 3, f"exit status {status} instead of 3")
        check("a-folder" in console.output(), console.output())
        console.check_log()
    finally:
        console.end()


def broker_is_not_there():
    # A port that is taken and never answered: nobody else can listen there.
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    port = taken.getsockname()[1]

    def work(console):
        console.focus_window()
        banner = console.wait("^No connection to .*since").name
        check(str(port) in banner, banner)
        check("refused" in banner, f"no cause in “{banner}”")
        console.wait("^○ Not live$")
        check(not console.find("^● Live$"), "shown as live")
        console.wait("^Connection…$")
        console.shot("broker-refused")

    try:
        with_console(work, "--store", runtime_path("plant.db"), "--broker",
                     f"mqtt://127.0.0.1:{port}", name="broker-refused")
    finally:
        taken.close()


def broker_is_no_address():
    def work(console):
        console.focus_window()
        wait_for("message that names the address", lambda: any(
            "carrier-pigeon" in text for text in console.texts()))
        console.shot("broker-no-address")

    with_console(work, "--store", runtime_path("plant.db"), "--broker",
                 "carrier-pigeon://loft", name="broker-no-address",
                 expect=3)


tap.run("/ui/start/first-page-light", first_page, "light")
tap.run("/ui/start/first-page-dark", first_page, "dark")
tap.run("/ui/start/store-is-a-folder", store_is_a_folder)
tap.run("/ui/start/store-is-no-store", store_is_no_store)
tap.run("/ui/start/store-in-a-report-run", store_in_a_report_run)
tap.run("/ui/start/broker-is-not-there", broker_is_not_there)
tap.run("/ui/start/broker-is-no-address", broker_is_no_address)
tap.end()
