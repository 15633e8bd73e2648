# SPDX-License-Identifier: Apache-2.0
"""gcc -fanalyzer and cppcheck over all of firmware/: nothing new, please.

What they say in error stands in analyze.txt with the reason; a line there that
nothing needs any more is told. Host sources are analyzed with the flags they
are built with (compile_commands.json), the board's with what its Makefile
would pass, as far as its sources of others are fetched.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("TWIN_BUILD_ROOT", os.path.join(SOURCE, "build"))
FIRMWARE = os.path.join(SOURCE, "firmware")
BOARD = os.path.join(FIRMWARE, "port", "mps2")
BOARD_OUT = os.environ.get("TWIN_MPS2_OUT", os.path.join(BUILD, "mps2"))

WARNING = re.compile(r"^(?P<file>[^:\s]+):\d+:\d+: (?:warning|error): (?P<text>.*) \[(?P<kind>[^]]+)\]$")
FUNCTION = re.compile(r"^\S+: In function [‘'](?P<name>[^’']+)[’']:$")


def name_of(path, folder):
    """Within the project from its root, else absolute."""
    path = os.path.normpath(os.path.join(folder, path))
    return os.path.relpath(path, SOURCE) if path.startswith(SOURCE + os.sep) else path


def reasons():
    """{ (tool, file, function or "-", kind): reason }"""
    known = {}
    with open(os.path.join(HERE, "analyze.txt")) as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                tool, path, function, kind, reason = line.split(None, 4)
                known[tool, path, function, kind] = reason.strip()
    return known


def without(arguments):
    """Those of a compiler's arguments that matter to an analysis."""
    kept, skip = [], False
    for argument in arguments:
        if skip:
            skip = False
        elif argument in ("-o", "-MF", "-MQ", "-MT"):
            skip = True
        elif argument in ("-c", "-MD", "-MMD", "-Werror") or argument.startswith(("-fsanitize", "-fdiagnostics")):
            pass
        else:
            kept.append(argument)
    return kept


def host_jobs():
    with open(os.path.join(BUILD, "compile_commands.json")) as file:
        for one in json.load(file):
            path = os.path.normpath(os.path.join(one["directory"], one["file"]))
            if path.startswith(FIRMWARE + os.sep):
                arguments = shlex.split(one["command"])
                while not arguments[0].startswith("-"):
                    arguments.pop(0)
                yield path, ["gcc"] + without(arguments), one["directory"]


def board_jobs():
    """The port's own sources; core and the rest are the host's already."""
    sources = os.path.join(BOARD_OUT, "sources")
    if shutil.which("arm-none-eabi-gcc") is None or not os.path.isdir(os.path.join(sources, "lwip")):
        return
    said = subprocess.run(
        ["make", "-n", "-B", "-C", BOARD, "OUT=/nonexistent", "SOURCES=" + sources, "all"],
        capture_output=True, text=True, timeout=60,
    ).stdout
    for line in said.splitlines():
        arguments = shlex.split(line) if line.startswith("arm-none-eabi-gcc") and " -c " in line else []
        path = arguments[arguments.index("-c") + 1] if arguments else ""
        if path and os.sep not in path:
            yield os.path.join(BOARD, path), ["arm-none-eabi-gcc"] + without(arguments[1:]), BOARD


def analyze(job):
    """(tool, file, function, kind, text) of each warning, and whether it ran."""
    _, arguments, folder = job
    ran = subprocess.run(
        arguments + ["-c", "-o", "/dev/null", "-fanalyzer", "-fdiagnostics-plain-output"],
        cwd=folder, capture_output=True, text=True, timeout=300,
        env=dict(os.environ, LC_ALL="C"),
    )
    found, function = [], "-"
    for line in ran.stderr.splitlines():
        if FUNCTION.match(line):
            function = FUNCTION.match(line)["name"]
        warning = WARNING.match(line)
        if warning:
            kind = warning["kind"].split("] [")[-1]
            found.append(("gcc", name_of(warning["file"], folder), function, kind, line))
    return found, ran.returncode == 0, ran.stderr


def run_gcc(say):
    jobs = list(host_jobs()) + list(board_jobs())
    found = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for job, (warnings, whole, text) in zip(jobs, pool.map(analyze, jobs)):
            found += warnings
            if not whole:
                found.append(("gcc", name_of(job[0], "/"), "-", "does-not-compile", text))
    board = sum(path.startswith(BOARD) for path, _, _ in jobs)
    say("gcc -fanalyzer: %d files of the host's, %d of the board's" % (len(jobs) - board, board))
    return found


def run_cppcheck(say):
    include = ["include", "core", "drivers", "sim", "boot", "port", "port/posix"]
    ran = subprocess.run(
        ["cppcheck", "--enable=warning,performance,portability", "--std=c11", "--library=gtk"]
        + ["--quiet", "-j", str(os.cpu_count() or 1), "--suppress=missingIncludeSystem"]
        + ["-D__GNUC__", "-DBOARD_BUILT=0", "-DG_DEFINE_QUARK(a,b)=", "--template={file}:{line}: {id}: {message}"]
        + ["--template-location="] + ["-I" + os.path.join("firmware", name) for name in include]
        + ["firmware"],
        cwd=SOURCE, capture_output=True, text=True, timeout=300,
    )
    found = []
    for line in ran.stderr.splitlines():
        parts = re.match(r"^([^:]+):\d+: (\w+): ", line)
        if parts:
            found.append(("cppcheck", parts[1], "-", parts[2], line))
    say("cppcheck: firmware/ whole")
    return found


def main():
    known, used = reasons(), set()
    tools = [("gcc", "gcc -fanalyzer", run_gcc), ("cppcheck", "cppcheck", run_cppcheck)]
    print("1..%d" % len(tools))
    for number, (program, name, run) in enumerate(tools, 1):
        if shutil.which(program) is None:
            print("ok %d %s # SKIP %s is not installed" % (number, name, program))
            continue
        found = run(lambda text: print("# " + text))
        fresh = []
        for one in found:
            key = one[:4] if one[:4] in known else (one[0], one[1], "*", one[3])
            used.add(key)
            if key not in known:
                fresh.append(one)
        print("%s %d %s: %d new, %d with a reason" % (
            "not ok" if fresh else "ok", number, name, len(fresh), len(found) - len(fresh)))
        for one in fresh:
            print("# %s %s %s %s" % one[:4])
            for line in one[4].splitlines()[:5]:
                print("#   " + line)
    for one in known:
        if one not in used and shutil.which(one[0]) is not None:
            print("# needless in analyze.txt: %s %s %s %s" % one)


sys.exit(main())
