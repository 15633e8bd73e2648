# SPDX-License-Identifier: Apache-2.0
"""Drives the console as a person would: keyboard, accessibility bus, pictures.

A suite runs itself again inside Xvfb and a private session bus, so that it
needs nothing of the machine's desktop and leaves nothing behind. Waiting is
always for something that can be seen, with a deadline; the deadlines are long,
because a loaded machine under a sanitizer is slow, and cost nothing otherwise.

Words of this file: a node is an object on the accessibility bus; what shows is
what a person would see on the screen now.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

ROOT = os.environ.get("TWIN_SOURCE_ROOT") or os.path.abspath(
    os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.environ.get("TWIN_BUILD_ROOT") or os.path.join(ROOT, "build")
SHOTS = os.path.join(BUILD, "screenshots")
CONSOLE = os.path.join(BUILD, "app", "console", "twin-console")
# How long to wait for what should come at once, and for what takes a while.
SOON = float(os.environ.get("TWIN_UI_SOON", "60"))
LONG = 200.0

# What no log of the console may hold.
BAD_LOG = re.compile(r"CRITICAL|WARNING|\*\* ERROR|AddressSanitizer"
                     r"|LeakSanitizer|UndefinedBehavior|runtime error")


# --- inside a display of its own ---------------------------------------------

def find_program(name):
    """Where a program lies; Debian keeps daemons where only root looks."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin")


def what_is_missing():
    """Why this suite cannot run here, or None."""
    for tool in ("Xvfb", "dbus-run-session", "xdotool", "import", "mosquitto"):
        if find_program(tool) is None:
            return f"{tool} is not installed"
    try:
        from gi.repository import Gio
        return None if Gio else "the Python binding of Gio is not installed"
    except ImportError:
        return "the Python binding of Gio is not installed"


def start_display(size):
    """An X server on a display nobody has; the process and the name."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [find_program("Xvfb"), "-displayfd", str(writing), "-screen", "0",
         size + "x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number = pipe.readline().strip()
    if not number:
        server.kill()
        server.wait()
        raise RuntimeError("Xvfb did not start")
    return server, ":" + number


def enter_display(size="1280x800"):
    """Runs this script again under Xvfb and a session bus, unless it is."""
    if os.environ.get("TWIN_UI_INSIDE"):
        return

    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    missing = what_is_missing()
    if missing:
        print("1..0 # SKIP " + missing)
        sys.exit(0)

    runtime = tempfile.mkdtemp(prefix="twin-ui-")
    os.chmod(runtime, 0o700)
    server, display = start_display(size)
    env = dict(os.environ, TWIN_UI_INSIDE=runtime, DISPLAY=display,
               XDG_RUNTIME_DIR=runtime, HOME=runtime,
               XDG_DATA_HOME=os.path.join(runtime, "data"),
               XDG_CONFIG_HOME=os.path.join(runtime, "config"),
               XDG_CACHE_HOME=os.path.join(runtime, "cache"),
               XDG_CURRENT_DESKTOP="none", ADW_DISABLE_PORTAL="1",
               GSETTINGS_BACKEND="memory", GDK_BACKEND="x11",
               LIBGL_ALWAYS_SOFTWARE="1", GTK_A11Y="atspi", LC_ALL="C.UTF-8",
               GSETTINGS_SCHEMA_DIR=os.path.join(BUILD, "data"))
    for name in ("NO_AT_BRIDGE", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS",
                 "AT_SPI_BUS_ADDRESS", "TWIN_REAL_DATA"):
        env.pop(name, None)
    try:
        inside = subprocess.Popen(
            ["dbus-run-session", "--", sys.executable, *sys.argv], env=env)
        status = inside.wait()
    finally:
        # Without its display the console ends, and with it its children.
        server.terminate()
        server.wait()
        shutil.rmtree(runtime, ignore_errors=True)
    sys.exit(status)


def runtime_path(name):
    """A path in the folder that goes with this run."""
    return os.path.join(os.environ["TWIN_UI_INSIDE"], name)


def command(*argv, timeout=30):
    """What a helper program prints; it may fail, it may not hang."""
    try:
        return subprocess.run(argv, capture_output=True, text=True,
                              timeout=timeout).stdout
    except subprocess.TimeoutExpired:
        return ""


class Tap:
    """Prints TAP; one function a test. After a failure the rest goes on."""

    def __init__(self):
        self.count = 0
        self.failed = 0
        self.began = time.monotonic()

    def run(self, name, function, *args):
        """Runs one; what the screen shows when it fails is kept."""
        self.count += 1
        begin = time.monotonic()
        try:
            function(*args)
        except Exception as error:
            self.failed += 1
            print(f"not ok {self.count} {name}")
            lines = str(error).splitlines() or [repr(error)]
            if not isinstance(error, AssertionError):
                lines = traceback.format_exc().splitlines()
            for line in lines:
                print("# " + line)
            command("import", "-window", "root", os.path.join(
                SHOTS, "failed-" + name.strip("/").replace("/", "-") + ".png"))
        else:
            print(f"ok {self.count} {name}")
        print(f"# {time.monotonic() - begin:.1f} s")
        sys.stdout.flush()

    def end(self):
        print(f"# {time.monotonic() - self.began:.1f} s in all")
        print(f"1..{self.count}")
        sys.stdout.flush()
        sys.exit(1 if self.failed else 0)


def check(truth, message):
    if not truth:
        raise AssertionError(message)


def wait_for(what, function, timeout=SOON):
    """The first true value of function(), or an error that names it."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            value = function()
        except EOFError:
            raise
        except Exception:  # the tree changes while it is being read
            value = None
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"no {what} within {timeout:.0f} s")
        time.sleep(0.1)


def without_foreign_leaks(text):
    """The lines of a log, less leaks of libraries unloaded before the end."""
    parts = re.split(r"(?m)^=====+\n(?===\d+==ERROR: LeakSanitizer)", text)
    lines = parts[0].splitlines(True)
    for part in parts[1:]:
        leaks = re.findall(r"(?ms)^(?:Indirect|Direct) leak of.*?(?:\n\n|\Z)",
                           part)
        # A stack that ends in GLib's allocator names nobody either.
        named = [leak for leak in leaks
                 if re.search(r"(?m)^ +#[1-9]\d* 0x\S+ +in "
                              r"(?!g_(?:malloc|malloc0|realloc)\b)", leak)]
        if named or not leaks:
            lines += part.splitlines(True)
    return lines


# --- the accessibility bus ----------------------------------------------------

ACCESSIBLE = "org.a11y.atspi.Accessible"
PROPERTIES = "org.freedesktop.DBus.Properties"
ROOT_PATH = "/org/a11y/atspi/accessible/root"
FOCUSABLE, FOCUSED, PRESSED, SENSITIVE = 11, 12, 20, 24  # bits of AT-SPI's states


class Node:
    """What the bus said of one object when the tree was read."""

    def __init__(self, path, depth):
        self.path = path
        self.depth = depth
        self.name = self.role = self.about = ""
        self.states = 0
        self.children = []

    def has(self, bit):
        return bool(self.states >> bit & 1)

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def __str__(self):
        flags = "".join(c for c, bit in (("f", FOCUSABLE), ("F", FOCUSED),
                                         ("p", PRESSED)) if self.has(bit))
        return f"{self.role} [{flags}] “{self.name}” {self.about}"


class Bus:
    """Reads a program's whole tree at once: all questions of a level are under
    way together, as a busy window answers each only between two frames."""

    def __init__(self):
        from gi.repository import Gio, GLib
        self.gio, self.glib = Gio, GLib
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        address = session.call_sync(
            "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress",
            None, None, 0, 30000, None).unpack()[0]
        flags = Gio.DBusConnectionFlags
        self.connection = Gio.DBusConnection.new_for_address_sync(
            address, flags.AUTHENTICATION_CLIENT
            | flags.MESSAGE_BUS_CONNECTION, None, None)
        self.pending = 0

    def ask(self, owner, path, interface, method, arguments, then):
        self.pending += 1

        def done(connection, result):
            self.pending -= 1
            try:
                then(connection.call_finish(result).unpack())
            except self.glib.Error:
                pass  # it went away while it was being read

        self.connection.call(owner, path, interface, method, arguments, None,
                             0, 60000, None, done)

    def settle(self):
        context = self.glib.MainContext.default()
        while self.pending > 0:
            context.iteration(True)

    def names(self):
        """Who is on the accessibility bus, as (owner, pid)."""
        found = []
        children = []
        self.ask("org.a11y.atspi.Registry", ROOT_PATH, ACCESSIBLE,
                 "GetChildren", None, lambda r: children.extend(r[0]))
        self.settle()
        for owner, _ in children:
            self.ask("org.freedesktop.DBus", "/org/freedesktop/DBus",
                     "org.freedesktop.DBus", "GetConnectionUnixProcessID",
                     self.glib.Variant("(s)", (owner,)),
                     lambda r, o=owner: found.append((o, r[0])))
        self.settle()
        return found

    def read(self, owner):
        """The tree of one program."""
        root = Node(ROOT_PATH, 0)
        self.question(owner, root)
        self.settle()
        return root

    def question(self, owner, node):
        def set_name(reply):
            node.name = reply[0]

        def set_about(reply):
            node.about = reply[0]

        def set_role(reply):
            node.role = reply[0]

        def set_states(reply):
            low, high = reply[0]
            node.states = low | high << 32

        def set_children(reply):
            node.children = [Node(path, node.depth + 1) for _, path in reply[0]]
            for child in node.children:
                self.question(owner, child)

        if node.depth > 60:
            return
        self.ask(owner, node.path, PROPERTIES, "Get",
                 self.glib.Variant("(ss)", (ACCESSIBLE, "Name")), set_name)
        self.ask(owner, node.path, PROPERTIES, "Get",
                 self.glib.Variant("(ss)", (ACCESSIBLE, "Description")),
                 set_about)
        self.ask(owner, node.path, ACCESSIBLE, "GetRoleName", None, set_role)
        self.ask(owner, node.path, ACCESSIBLE, "GetState", None, set_states)
        self.ask(owner, node.path, ACCESSIBLE, "GetChildren", None,
                 set_children)


# --- the console ---------------------------------------------------------------

class Console:
    """One run of the console, its keyboard and its tree of nodes."""

    def __init__(self, *args, name, env=None):
        os.makedirs(SHOTS, exist_ok=True)
        self.name = name
        self.log_path = os.path.join(SHOTS, name + ".log")
        self.log = open(self.log_path, "w")
        # What leaks is judged by check_log: a library that is gone by then has
        # no name, and a suppression needs one.
        options = (f"suppressions={ROOT}/tests/lsan.supp"
                   ":print_suppressions=0:exitcode=0")
        self.process = subprocess.Popen(
            [CONSOLE, *args], stdout=self.log, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=dict(os.environ, LSAN_OPTIONS=options, **(env or {})),
            start_new_session=True)
        self.window = None
        self.bus = Bus()
        self.owner = None

    # --- reading -------------------------------------------------------------

    def tree(self):
        """Everything that shows, read now."""
        if self.process.poll() is not None:
            raise EOFError(f"the console ended with {self.process.returncode}: "
                           + self.output()[-1500:])
        if self.owner is None:
            for owner, pid in self.bus.names():
                if pid == self.process.pid:
                    self.owner = owner
        if self.owner is None:
            return Node(ROOT_PATH, 0)
        return self.bus.read(self.owner)

    def walk(self):
        """Every node that shows, a parent before its children."""
        return self.tree().walk()

    def find(self, match, role=None):
        """The first node that shows and whose name matches: a pattern."""
        pattern = re.compile(match)
        for node in self.walk():
            if pattern.search(node.name) and role in (None, node.role):
                return node
        return None

    def wait(self, match, role=None, timeout=SOON):
        return wait_for(f"“{match}”" + (f" ({role})" if role else ""),
                        lambda: self.find(match, role), timeout)

    def wait_gone(self, match, timeout=SOON):
        wait_for(f"end of “{match}”", lambda: not self.find(match), timeout)

    def texts(self):
        """All that a screen reader would say of what shows."""
        return [node.name for node in self.walk() if node.name]

    def focused(self):
        """The node with the keyboard: the window that opened last has it."""
        found = None
        for window in self.tree().children:
            for node in window.walk():
                if node.has(FOCUSED):
                    found = node
        return found

    def dump(self):
        """The tree, to be read by whoever mends a test."""
        for node in self.walk():
            print("# " + "  " * node.depth + str(node))

    # --- acting --------------------------------------------------------------

    def windows(self):
        return command("xdotool", "search", "--onlyvisible", "--pid",
                       str(self.process.pid)).split()

    def focus_window(self):
        """There is no window manager: the window is given the keyboard."""
        if self.window is None:
            self.window = wait_for("window", self.windows)[-1]
        command("xdotool", "windowfocus", "--sync", self.window)

    def focus_dialog(self, width=None):
        """A dialog is a window of its own: centred, and given the keyboard."""
        dialog = wait_for("window of the dialog", lambda: [
            w for w in self.windows() if w != self.window])[-1]
        size = dict(re.findall(r"(WIDTH|HEIGHT)=(\d+)", command(
            "xdotool", "getwindowgeometry", "--shell", dialog)))
        command("xdotool", "windowmove", "--sync", dialog,
                str(max(0, (1280 - int(size["WIDTH"])) // 2)),
                str(max(0, (800 - int(size["HEIGHT"])) // 2)))
        command("xdotool", "windowfocus", "--sync", dialog)
        return dialog

    def wait_dialog_gone(self):
        wait_for("end of the dialog", lambda: self.windows() == [self.window])
        self.focus_window()

    @staticmethod
    def keys(*names):
        for name in names:
            command("xdotool", "key", "--clearmodifiers", name)

    @staticmethod
    def type(text):
        command("xdotool", "type", "--delay", "20", text)

    def hold(self, key, until, timeout=SOON):
        """Holds a key until something can be seen."""
        command("xdotool", "keydown", key)
        try:
            return until()
        finally:
            command("xdotool", "keyup", key)

    def tab_to(self, match, limit=60, key="Tab"):
        """Moves the focus as a person would, until it is on the wanted node."""
        seen = []
        node = self.focused()
        for _ in range(limit):
            if node is not None and re.search(match, node.name):
                return node
            seen.append(str(node) if node else "nothing")
            self.keys(key)
            node = self.wait_focus_moved(node)
        raise AssertionError(f"the keyboard does not reach “{match}”, only "
                             + ", ".join(seen[:limit]))

    def wait_focus_moved(self, before, timeout=5):
        """A key may leave the focus where it is: then it is waited for shortly."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            node = self.focused()
            if node is not None and (before is None or
                                     node.path != before.path):
                return node
            time.sleep(0.05)
        return before

    # --- what an operator does -------------------------------------------------

    def open_machine(self, name):
        """From anywhere to a machine's page: find it in the tree, open it."""
        self.focus_window()
        self.keys("ctrl+1", "ctrl+k")
        self.wait_focused("Filter or query")
        self.keys("ctrl+a", "BackSpace")
        self.type(name)
        wait_for(f"only {name} in the tree", lambda: self.machines_in_tree()
                 and all(m.startswith(name + ",")
                         for m in self.machines_in_tree()))
        # Tab enters the tree at any row, as it was left.
        self.tab_to(r"^[^,]+, (normal|low|medium|high|critical|stale|stopped"
                    r"|unknown)$", limit=8)
        self.keys("Home")
        self.tab_to(f"^{name}, ", key="Down")
        self.keys("Return")
        self.wait("^Schedule maintenance$")
        self.wait(f"^{name}$", "label")

    def machines_in_tree(self):
        """The rows of the tree that are machines of the demo."""
        return [n.name for n in self.walk() if n.role == "group"
                and n.has(FOCUSABLE)
                and re.match(r"(Compressor|Pump|Motor|Rig)\b.*, \w+", n.name)]

    def wait_focused(self, match, timeout=SOON):
        return wait_for(f"keyboard on “{match}”", lambda: re.search(
            match, self.focused().name), timeout)

    def show_tab(self, name):
        """A tab of the machine's page, by its number."""
        tabs = ("Overview", "Waveform", "Spectrum", "Envelope", "Trend", "Life",
                "What if", "Twin", "Log")
        self.focus_window()
        self.keys(f"alt+{tabs.index(name) + 1}")
        self.wait_focused(f"^{name}$")

    def unlabelled(self):
        """What takes the keyboard and has only its type for a name. GTK's own
        rows, a drop-down's inner button and the icons of its entries cannot be
        named; what is in them can."""
        return [str(n) for n in self.walk() if n.has(FOCUSABLE)
                and re.match(r"(Gtk|Adw|Twin)[A-Z]|$", n.name)
                and n.role not in ("row", "list", "list item", "group",
                                   "widget")
                and n.name not in ("GtkToggleButton", "GtkImage")]

    def shot(self, name):
        """A picture of the whole screen, to be looked at."""
        path = os.path.join(SHOTS, name + ".png")
        command("import", "-window", "root", path)
        check(os.path.exists(path), f"no picture {path}")
        return path

    def output(self):
        with open(self.log_path, errors="replace") as log:
            return log.read()

    # --- ending --------------------------------------------------------------

    def child(self, program):
        """The pid of a program that this console has started."""
        for pid in command("pgrep", "-P", str(self.process.pid)).split():
            try:
                with open(f"/proc/{pid}/comm") as comm:
                    if comm.read().strip() == program:
                        return int(pid)
            except OSError:
                continue
        return None

    def stop(self, timeout=120):
        """Asks it to end, as a session manager would; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
                raise AssertionError(
                    f"the console did not end {timeout} s after SIGTERM")
        return self.process.returncode

    def check_log(self, *more):
        """Nothing in the log that a careful maker would not let stand."""
        for path in (self.log_path, *more):
            if not os.path.exists(path):
                continue
            with open(path, errors="replace") as log:
                bad = [line for line in without_foreign_leaks(log.read())
                       if BAD_LOG.search(line)]
            check(not bad, f"{path}:\n" + "".join(bad[:20]))

    def end(self):
        """Whatever happened: no process is left."""
        try:
            self.stop()
        finally:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except OSError:
                pass
            self.log.close()
