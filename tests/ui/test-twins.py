#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The twin at the console: ask, see the error at its character, save, follow
an edit of twinctl, undo it, edit by a form, tag, retire and restore, and read
why a model was refused."""
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import (BUILD, LONG, Console, Tap, check, enter_display,  # noqa: E402
                     runtime_path, wait_for)

enter_display()
tap = Tap()
demo = runtime_path("demo")
console = Console("--demo", "--demo-folder", demo, "--report", "--seed", "7",
                  name="twins", env={"TWIN_COLOUR_SCHEME": "light"})

PUMPS = ("SELECT T.displayName, T.$dtId, T.ratedSpeed FROM DIGITALTWINS T "
         "WHERE STARTSWITH(T.displayName, 'Pump') AND T.ratedSpeed > 1000")
WRONG = "SELECT T.displayName FROM DIGITALTWINS T WHER T.ratedSpeed > 1"


def twinctl(*arguments):
    """What another person does to the same plant, elsewhere."""
    result = subprocess.run(
        [os.path.join(BUILD, "app", "ctl", "twinctl"), "--store",
         os.path.join(demo, "plant.db"), *arguments],
        capture_output=True, text=True, timeout=60)
    check(result.returncode == 0, f"twinctl {arguments}: {result.stderr}")
    return result.stdout


def ask(text):
    console.focus_window()
    console.keys("ctrl+2", "ctrl+k")
    console.wait_focused("^Query or words$")
    console.keys("ctrl+a", "BackSpace")
    console.type(text)
    console.keys("Return")


def plant_appears():
    console.focus_window()
    console.wait("^All 2[4-9]$", timeout=LONG)
    console.wait("^● Live$", timeout=LONG)


def table_lists_everything():
    console.keys("ctrl+2")
    console.wait("^Rows of the query$")
    console.wait("^1–100 of 2[0-9][0-9] · ", "label")
    console.wait("^Compressor 1$", "label")
    check(not console.unlabelled(), str(console.unlabelled()))
    console.shot("table-light")


def words_find():
    ask("pump 3")
    console.wait("^pump-3$", "label")
    check(not console.find("^compressor-1$", "label"),
          "words for a pump find a compressor")


def error_at_the_character():
    ask(WRONG)
    place = f"line 1, column {WRONG.index('WHER') + 1}"
    console.wait(re.escape(place), "label")
    console.shot("table-error")


def runs_a_query():
    ask(PUMPS)
    console.wait(r"^8 rows · ", "label")
    console.wait_gone("line 1, column")
    console.wait("^Pump 8$", "label")
    console.shot("table-query")


def saves_it():
    console.tab_to("^Save query…$")
    console.keys("Return")
    console.wait("^Name of the query$")
    console.focus_dialog()
    console.type("Pumps by speed")
    console.keys("Return")
    console.wait_dialog_gone()
    console.wait("^More for Pumps by speed$")
    check("Pumps by speed" in twinctl("query", "list"),
          "twinctl does not know the saved query")


def twinctl_edit_appears():
    begin = time.monotonic()
    twinctl("twin", "set", "pump-1", "/ratedSpeed", "1490")
    console.wait("^1490$", "label")
    print(f"# twinctl's edit was on screen {time.monotonic() - begin:.1f} s "
          "after it was begun")


def twin_tab_shows_it():
    console.open_machine("Pump 1")
    console.show_tab("Twin")
    console.wait("^Rated speed: 1490 rpm$")
    console.wait("^Changes of this twin$")
    check(not console.find(r"\(null\)"), "a change without a text")
    check(not console.unlabelled(), str(console.unlabelled()))
    console.shot("twin-light")


def undoes_it():
    console.tab_to("^/ratedSpeed set of pump-1, ")
    console.keys("Return")
    # What changed, before and after.
    console.wait("Rated speed.*1475 → 1490", "label")
    console.shot("twin-history")
    console.tab_to("^Undo…: ")
    console.keys("Return")
    # A message's buttons say their label twice.
    console.wait("^Undo this change")
    console.focus_dialog()
    console.tab_to("^Undo( Undo)?$", limit=4)
    console.keys("Return")
    console.wait_dialog_gone()
    console.wait("^Rated speed: 1475 rpm$")


def edits_by_form():
    console.keys("alt+8")
    console.wait_focused("^Twin$")
    console.tab_to("^Name: Pump 1$")
    console.tab_to("^Rated speed: 1475 rpm$", key="Down")
    console.keys("Return")
    console.wait("^Set a property$")
    console.focus_dialog()
    console.wait_focused("^Rated speed$")
    console.shot("property-light")
    console.keys("ctrl+a")
    console.type("1460")
    console.tab_to("^Set$", limit=12)
    console.keys("Return")
    console.wait_dialog_gone()
    console.wait("^Rated speed: 1460 rpm$")
    check('"ratedSpeed":1460' in twinctl("--json", "twin", "show", "pump-1")
          .replace(" ", ""), "the store has another speed")


def shows_a_conflict():
    console.focus_window()
    # The keyboard is still on the row that was edited.
    console.wait_focused("^Rated speed: 1460 rpm$")
    console.keys("Return")
    console.wait("^Set a property$")
    console.focus_dialog()
    console.wait_focused("^Rated speed$")
    # Somebody else was first, with another property of the same twin.
    twinctl("twin", "set", "pump-1", "/manufacturer", "Wendel & Sons")
    console.keys("ctrl+a")
    console.type("1470")
    console.tab_to("^Set$", limit=12)
    console.keys("Return")
    console.wait("^Somebody else was first$")
    console.focus_dialog()
    console.wait("^Wendel & Sons$", "label")
    console.shot("conflict-light")
    console.tab_to("^Write mine over it$", limit=8)
    console.keys("Return")
    console.wait_dialog_gone()
    console.wait("^Rated speed: 1470 rpm$")
    console.wait("^Manufacturer: Wendel & Sons$")


def tags_it():
    console.tab_to("^Change tags$")
    console.type("spare")
    console.keys("Return")
    console.wait("^spare$", "label")


def retires_and_restores():
    # Past the whole list of properties.
    console.tab_to("^Retire…$", limit=120)
    console.keys("Return")
    console.wait("^Retire: Pump 1")
    console.focus_dialog()
    console.shot("retire-light")
    console.tab_to("^Retire( Retire)?$", limit=4)
    console.keys("Return")
    console.wait_dialog_gone()
    console.wait("^Put in service…$")
    console.tab_to("^Put in service…$", limit=120)
    console.keys("Return")
    console.wait("^Put in service: Pump 1")
    console.focus_dialog()
    console.tab_to("^Put in service( Put in service)?$", limit=4)
    console.keys("Return")
    console.wait_dialog_gone()
    console.wait("^Retire…$")


def import_is_refused_with_reasons():
    path = runtime_path("bad.json")
    with open(path, "w") as file:
        file.write('{\n  "@context": "dtmi:dtdl:context;3",\n'
                   '  "@type": "Interface",\n'
                   '  "@id": "dtmi:com:example:Bad;1",\n'
                   '  "contents": [\n'
                   '    { "@type": "Property", "name": "speed",\n'
                   '      "schema": "dobule" }\n  ]\n}\n')
    console.focus_window()
    console.keys("ctrl+m")
    console.wait("^Filter models$")
    console.focus_dialog()
    console.wait("^14 models$|^1[0-9] models$")
    console.shot("models-light")
    console.keys("Escape")
    console.wait_dialog_gone()
    console.keys("ctrl+i")
    console.wait("^Import models or a graph$", timeout=LONG)
    console.focus_dialog()
    console.type(path)
    console.keys("Return")
    console.wait("^bad.json was not imported$", timeout=LONG)
    console.focus_dialog()
    console.wait("^bad.json, line [0-9]+")
    console.shot("import-report")
    console.keys("Escape")
    console.wait_dialog_gone()


def ends_cleanly():
    status = console.stop()
    check(status == 0, f"exit status {status}: {console.output()[-3000:]}")


def log_is_clean():
    console.check_log(os.path.join(demo, "nodes.log"))


try:
    for name, step in (
            ("plant-appears", plant_appears),
            ("table-lists-everything", table_lists_everything),
            ("words-find", words_find),
            ("error-at-the-character", error_at_the_character),
            ("runs-a-query", runs_a_query),
            ("saves-it", saves_it),
            ("twinctl-edit-appears", twinctl_edit_appears),
            ("twin-tab-shows-it", twin_tab_shows_it),
            ("undoes-it", undoes_it),
            ("edits-by-form", edits_by_form),
            ("shows-a-conflict", shows_a_conflict),
            ("tags-it", tags_it),
            ("retires-and-restores", retires_and_restores),
            ("import-is-refused-with-reasons", import_is_refused_with_reasons),
            ("ends-cleanly", ends_cleanly),
            ("log-is-clean", log_is_clean)):
        tap.run("/ui/twins/" + name, step)
finally:
    console.end()
for line in console.output().splitlines()[-2:]:
    print("# " + line)
tap.end()
