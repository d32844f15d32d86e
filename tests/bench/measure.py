# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program under the meter, and sums up what it took."""

import contextlib
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

WINDOW = pathlib.Path(__file__).resolve().parents[1] / "window"
sys.path.insert(0, str(WINDOW))

from virtual_phone import SOURCE, until  # pylint: disable=wrong-import-position

BUILD = pathlib.Path(os.environ.get("PR_BUILD", SOURCE / "_build"))
METER = BUILD / "tests" / "bench" / "pr-meter.so"


class Metered:
    """A program under the meter; ended, with all its children, when the block is left."""

    def __init__(self, command, environment=None):
        self.folder = tempfile.TemporaryDirectory(prefix="meter-")
        self.report_path = pathlib.Path(self.folder.name) / "report"
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={
                **(environment or os.environ),
                "LD_PRELOAD": str(METER),
                "PR_METER_OUTPUT": str(self.report_path),
                "PR_METER_START": str(time.clock_gettime_ns(time.CLOCK_MONOTONIC)),
            },
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(5)
        self.folder.cleanup()

    def report(self):
        if not self.report_path.exists():
            return {}
        lines = self.report_path.read_text(encoding="utf-8").splitlines()
        return {name: float(value) for name, value in (line.split() for line in lines)}

    def first_frame(self):
        return until(lambda: self.report().get("first-frame-ms"), 20, "the first frame")

    def pss(self):
        """MiB of the program and its children, each page shared with others counted by its share."""
        total = 0
        for pid in [self.process.pid, *descendants(self.process.pid)]:
            with contextlib.suppress(OSError):
                text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
                total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
        return total / 1024


def descendants(pid):
    found = []
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in task.read_text(encoding="utf-8").split():
                found += [int(child), *descendants(int(child))]
    return found


def interleaved(ours, peer, runs):
    """Medians of both, measured in turn after one warm-up each, so that the machine's mood hits both alike."""
    ours()
    peer()
    values = [(ours(), peer()) for _ in range(runs)]
    return statistics.median(value[0] for value in values), statistics.median(value[1] for value in values)


def row(name, unit, ours, peer, peer_name, limit, runs, more_is_better=False):
    """One row of the report. ratio above 1: we are better; limit: the least ratio that is allowed."""
    ratio = ours / peer if more_is_better else peer / ours
    return {
        "row": name,
        "unit": unit,
        "ours": round(ours, 3),
        "peer": round(peer, 3),
        "peer_name": peer_name,
        "ratio": round(ratio, 3),
        "limit": limit,
        "runs": runs,
    }
