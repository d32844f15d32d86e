# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts phone-reset-virtual-phone, asks its control socket, reads its log (see data/scenarios/README.md)."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PREFIX = pathlib.Path(os.environ.get("PR_PREFIX", SOURCE / "_build" / "install"))
SCENARIOS = PREFIX / "share" / "phone-reset" / "scenarios"
PROGRAM = PREFIX / "libexec" / "phone-reset" / "phone-reset-virtual-phone"


# how many times as long everything may take: under the sanitizers more than once
PATIENCE = int(os.environ.get("PR_PATIENCE", "1"))


def until(condition, seconds, what):
    """Returns the first true value of condition(); raises when there is none within the time."""
    since = time.monotonic()
    while True:
        began = time.monotonic()
        value = condition()
        if value:
            return value
        if time.monotonic() > since + seconds:
            raise TimeoutError(f"{what}: not within {seconds} s")
        rest(began, since)


def rest(began, since):
    """Before one looks again, having begun to look at began, and to wait at since. Looking takes the program's time, and
    that of all that run beside it: who has waited long looks rarely."""
    now = time.monotonic()
    waited = now - since
    time.sleep(min(max(0.5, waited / 5), max(0.05, (now - began) * (2 + min(waited, 4)))))


class VirtualPhone:
    """One virtual phone in a folder of its own; a context manager that leaves nothing behind."""

    def __init__(self, scenario="anna", changes=None, environment=None):
        self.forgotten = 0  # lines of the log
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="phone-"))
        # "stage" is what the app attaches to; scenario files that a test changes stand beside it
        self.stage = self.folder / "stage"
        self.stage.mkdir()
        command = [str(PROGRAM), "--folder", str(self.stage)]
        if scenario or changes:
            command += ["--scenario", self.write_scenario(scenario, changes or {})]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
        self.environment = self.read_environment()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def write_scenario(self, name, changes):
        """A scenario by name or path, with {(group, key): value} put over it."""
        if not changes:
            return name
        groups = {}
        if name:
            self.lay_over(groups, pathlib.Path(name) if "/" in name else SCENARIOS / f"{name}.ini")
        for (group, key), value in changes.items():
            groups.setdefault(group, {})[key] = value
        path = self.folder / "scenario.ini"
        text = "\n".join(
            f"[{group}]\n" + "".join(f"{key}={value}\n" for key, value in values.items())
            for group, values in groups.items()
        )
        path.write_text(text, encoding="utf-8")
        return str(path)

    def lay_over(self, groups, path):
        """Puts a scenario over {group: {key: value}}, after the one that it begins as."""
        own = {}
        group = None
        for line in path.read_text(encoding="utf-8").splitlines():
            line = line.strip()
            if line.startswith("["):
                group = own.setdefault(line.strip("[]"), {})
            elif "=" in line and not line.startswith("#"):
                key, value = line.split("=", 1)
                group[key.strip()] = value.strip()
        like = own.pop("scenario", {}).get("like")
        if like:
            self.lay_over(groups, path.parent / f"{like}.ini")
        for name, values in own.items():
            groups.setdefault(name, {}).update(values)

    def read_environment(self):
        values = {}
        for line in self.process.stdout:
            line = line.rstrip("\n")
            if line == "ready":
                return values
            name, _, value = line.partition("=")
            values[name] = value
        raise RuntimeError(f"the virtual phone ended with status {self.process.wait(5)}")

    def ask(self, line, seconds=10):
        """Sends one line to the control socket and returns its answer."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as control:
            control.settimeout(seconds)
            control.connect(self.environment["CONTROL"])
            control.sendall(line.encode() + b"\n")
            answer = b""
            while not answer.endswith(b"\n"):
                part = control.recv(65536)
                if not part:
                    break
                answer += part
        return json.loads(answer)

    def state(self):
        return self.ask("state")

    def wait_state(self, seconds, **wanted):
        """Waits until the phone's state has these values."""
        last = {}

        def holds():
            last.update(self.state())
            return all(last.get(key.replace("_", "-")) == value for key, value in wanted.items())

        try:
            until(holds, seconds, f"the phone is {wanted}")
        except TimeoutError as error:
            raise TimeoutError(f"{error}; it is {last}") from None
        return last

    def plug_other(self, port, **attributes):
        """Something else on the virtual bus, of sysfs attributes alone; nobody is told."""
        bus = pathlib.Path(self.environment["UMOCKDEV_DIR"]) / "sys" / "bus" / "usb" / "devices"
        place = bus / port
        place.mkdir()
        for name, value in attributes.items():
            (place / name).write_text(f"{value}\n", encoding="utf-8")

    def make_late(self, *lines):
        """Faults that come after Readiness; what the phone has seen until then does not count any more."""
        self.forgotten += len(self.log())
        for line in lines:
            self.ask(line)

    def log(self):
        """What the phone saw so far."""
        path = pathlib.Path(self.environment["LOG"])
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [json.loads(line) for line in lines if line.endswith("}")][self.forgotten :]

    def saw(self, event, **wanted):
        """The last matching line of the log, or None."""
        for line in reversed(self.log()):
            if line.get("event") == event and all(line.get(key) == value for key, value in wanted.items()):
                return line
        return None

    def wait_saw(self, event, seconds, **wanted):
        return until(lambda: self.saw(event, **wanted), seconds, f"the phone saw {event}")

    def close(self):
        try:
            self.process.stdin.close()
            self.process.wait(10)
        except (OSError, subprocess.TimeoutExpired):
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(5)
        finally:
            self.process.stdout.close()
            shutil.rmtree(self.folder, ignore_errors=True)
