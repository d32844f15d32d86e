# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the installed program and drives its window; used by the tour, the window tests and the bench."""

import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import uuid

import tap
from screen import ROLE, Screen, name_of, role_of
from virtual_phone import PREFIX, rest, until

PROGRAM = PREFIX / "bin" / "phone-reset"
# what a program of ours may never say: GLib's warnings and the sanitizers' findings
COMPLAINT = re.compile(r"-(CRITICAL|WARNING) \*\*|(Address|Leak|UndefinedBehavior)Sanitizer|runtime error:")


def own_environment(changes):
    share = PREFIX / "share"
    environment = {
        **os.environ,
        "XDG_DATA_DIRS": f"{share}:{os.environ.get('XDG_DATA_DIRS', '/usr/local/share:/usr/share')}",
        "GSETTINGS_SCHEMA_DIR": str(share / "glib-2.0" / "schemas"),
        **changes,
    }
    return {name: value for name, value in environment.items() if value is not None}


def process_state(pid):
    """The state letter of a process, or None when there is none."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return stat.rpartition(")")[2].split()[0]


def marked_processes(mark):
    """(pid, command line) of every living process that carries this mark in its environment."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if mark.encode() not in (entry / "environ").read_bytes().split(b"\0"):
                continue
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
        if process_state(entry.name) not in (None, "Z", "X"):
            found.append((int(entry.name), command))
    return found


class App(Screen):
    """One run of the program. As a context manager it ends the program and whatever is left of it."""

    def __init__(self, phone=None, arguments=(), environment=None, prefix_command=()):
        self.mark = f"PR_TEST_RUN={uuid.uuid4().hex}"
        name, value = self.mark.split("=")
        self.errors = tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace")
        demo = [f"--demo={phone.stage}"] if phone else []
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [*prefix_command, str(PROGRAM), *demo, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=self.errors,
            stderr=self.errors,
            env=own_environment({name: value, **(environment or {})}),
            start_new_session=True,
        )
        super().__init__(self.process.pid)

    def __enter__(self):
        until(lambda: self.root() or self.ended(), 20, "the window came up")
        if self.ended():
            raise RuntimeError(f"the program ended with {self.process.returncode}:\n{self.said()}")
        return self

    def __exit__(self, kind, *_):
        self.end()
        for pid, _command in self.processes_left():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        said = self.said()
        self.errors.close()
        complaints = [line for line in said.splitlines() if COMPLAINT.search(line)]
        if complaints and kind is None:
            raise AssertionError("the program complained:\n" + said)
        if kind is not None:
            tap.comment(said)

    def ended(self):
        return self.process.poll() is not None

    def said(self):
        """What the program and its children wrote to standard output and error."""
        self.errors.seek(0)
        return self.errors.read()

    def kill(self):
        """As a crash would: the program alone, its children stay."""
        self.process.kill()
        self.process.wait(5)

    def end(self):
        """Asks it to end; after 5 s it is killed."""
        if self.ended():
            return
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()

    def processes_left(self):
        """Living processes of this run besides the program itself: (pid, command line)."""
        return [found for found in marked_processes(self.mark) if found[0] != self.process.pid]

    def children_of_work(self):
        """Those of them that belong to an operation (the helper that watches the bus stays as long as the app)."""
        return [command for _pid, command in self.processes_left() if "phone-reset-usb" not in command]

    def wait_no_children(self, seconds=5):
        until(lambda: not self.children_of_work(), seconds, f"no child is left of {self.children_of_work()}")

    def headings(self):
        """Names of the headings that are showing: the first is the page's own."""
        return [name_of(item) for item in self.everything() if role_of(item) == ROLE.HEADING and name_of(item)]

    def wait_text(self, wanted, seconds=10):
        """Waits until something on the page reads so: a string that is contained, or a pattern."""
        since = time.monotonic()
        while True:
            began = time.monotonic()
            for text in self.texts():
                if wanted in text if isinstance(wanted, str) else wanted.search(text):
                    return text
            if time.monotonic() > since + seconds:
                raise TimeoutError(f"nothing reads “{wanted}” within {seconds} s; there is:\n{self.describe()}")
            rest(began, since)
