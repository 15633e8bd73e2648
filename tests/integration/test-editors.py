#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Eight editors, a reader and an engine on one store: no update is lost.

Every editor reads a twin, adds one to its count, and writes it If-Match; who
finds it changed reads it again. The count ends at what all of them added. Each
edit sets two properties, so a reader that saw half of one would tell.
"""

import json
import os
import random
import sqlite3
import sys
import threading
import time

from twinlab import Lab, Tap

EDITORS = 8
EACH = int(sys.argv[1]) if len(sys.argv) > 1 else 50
MODEL = {
    "@context": "dtmi:dtdl:context;3",
    "@id": "dtmi:com:example:test:Counter;1",
    "@type": "Interface",
    "contents": [
        {"@type": "Property", "name": "count", "schema": "integer", "writable": True},
        {"@type": "Property", "name": "minus", "schema": "integer", "writable": True},
    ],
}


def patch(count):
    return json.dumps([{"op": "replace", "path": "/count", "value": count},
                       {"op": "replace", "path": "/minus", "value": -count}])


class Editor(threading.Thread):
    """One at a time of its own processes: eight of these are eight writers."""

    def __init__(self, lab, number, match):
        super().__init__()
        self.lab, self.number, self.match = lab, number, match
        self.retries, self.failures, self.random = 0, [], random.Random(number)

    def add_one(self):
        while True:
            read = self.lab.run("twin", "show", "counter", "--json")
            twin = json.loads(read.stdout)
            words = ["twin", "patch", "counter", patch(twin["count"] + 1)]
            if self.match:
                words += ["--if-etag", twin["$etag"]]
            done = self.lab.run(*words)
            if done.returncode == 0:
                return
            if not self.match or "changed" not in done.stderr:
                raise RuntimeError(done.stderr)
            self.retries += 1
            time.sleep(self.random.uniform(0, 0.05))

    def run(self):
        try:
            for _ in range(EACH if self.match else 5):
                self.add_one()
        except Exception as problem:
            self.failures.append("editor %d: %s" % (self.number, problem))


class Reader(threading.Thread):
    def __init__(self, lab):
        super().__init__()
        self.lab, self.stop, self.seen, self.torn, self.last = lab, False, 0, [], -1

    def run(self):
        while not self.stop:
            twin = json.loads(self.lab.run("twin", "show", "counter", "--json").stdout)
            self.seen += 1
            if twin["count"] + twin["minus"] != 0 or twin["count"] < self.last:
                self.torn.append(twin)
            self.last = twin["count"]


def edit_together(lab, match):
    editors = [Editor(lab, i, match) for i in range(EDITORS)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    return sum(e.retries for e in editors), [f for e in editors for f in e.failures]


def count_now(lab):
    return json.loads(lab.run("twin", "show", "counter", "--json").stdout)["count"]


def main():
    tap = Tap()
    lab = Lab()
    path = lab.path("counter.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(MODEL, file)
    lab.import_graph()
    lab.run("model", "import", path)
    made = lab.run("twin", "create", "counter", "--model", MODEL["@id"], '{"count":0,"minus":0}')
    tap.ok(made.returncode == 0, "a counter is made",
           made.stderr if made.returncode else "")

    lab.start_engine()
    reader = Reader(lab)
    reader.start()
    begun = time.monotonic()
    retries, failures = edit_together(lab, True)
    took = time.monotonic() - begun
    reader.stop = True
    reader.join()

    total = EDITORS * EACH
    tap.ok(not failures, "no editor failed", "\n".join(failures))
    tap.equal(count_now(lab), total, "nothing is lost: %d editors, %d edits each" % (EDITORS, EACH))
    tap.ok(reader.seen > 0 and not reader.torn, "a reader saw %d whole states" % reader.seen,
           "\n".join(map(str, reader.torn)))
    tap.say("%d edits in %.1f s, %d found the twin changed and read it again" % (total, took, retries))

    store = sqlite3.connect("file:%s?mode=ro" % lab.store, uri=True)
    past = [row[0] for row in store.execute(
        "SELECT json_extract (props, '$.count') FROM twin_past WHERE id = 'counter' ORDER BY ended")]
    tap.equal(past, list(range(total)), "its versions count up by one")
    changes = store.execute("SELECT count (*), count (DISTINCT time_us) FROM change WHERE id IN"
                            " (SELECT ended FROM twin_past WHERE id = 'counter')").fetchone()
    tap.equal(changes, (total, total), "a change each, at times of their own")
    store.close()

    # Not asserted: who does not ask for a match may lose some, and does not know.
    before = count_now(lab)
    _, failures = edit_together(lab, False)
    tap.ok(not failures, "without a match nobody is refused", "\n".join(failures))
    tap.say("without a match %d of %d were lost" % (before + EDITORS * 5 - count_now(lab), EDITORS * 5))

    tap.ok(lab.processes["engine"].poll() is None, "the engine runs on")
    lab.close()
    tap.done()


if __name__ == "__main__":
    main()
