#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The closing count of ./dev test: what must count as a failure does."""

import json
import pathlib
import subprocess
import sys
import tempfile

TALLY = pathlib.Path(__file__).with_name("tally.py")
CASE = '<testcase name="{}" classname="phone-reset.t" time="0">{}</testcase>'


def tally(results, suites, broken=0):
    """The last line and the exit status for programs (name, result) and TAP cases by program."""
    with tempfile.TemporaryDirectory() as folder:
        logs = pathlib.Path(folder) / "_build" / "meson-logs"
        logs.mkdir(parents=True)
        lines = [json.dumps({"name": f"phone-reset:quick / {name}", "result": result}) for name, result in results]
        (logs / "testlog.json").write_text("\n".join(lines))
        xml = "".join(
            f'<testsuite name="phone-reset.phone-reset:quick / {name}">{"".join(CASE.format(case, mark) for case, mark in cases)}</testsuite>'
            for name, cases in suites.items()
        )
        (logs / "testlog.junit.xml").write_text(f"<testsuites>{xml}</testsuites>")
        command = [sys.executable, str(TALLY), "--broken", str(broken), str(logs.parent)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
        return done.stdout.splitlines()[-1], done.returncode


GOOD = [("a", ""), ("b", "")]
TABLE = [
    ("all good", [("t", "OK"), ("s", "OK")], {"t": GOOD}, 0, "3 passed, 0 failed", 0),
    ("a failed case", [("t", "FAIL")], {"t": [("a", ""), ("b", "<failure/>")]}, 0, "1 passed, 1 failed", 1),
    ("a crash after good cases", [("t", "ERROR")], {"t": GOOD}, 0, "2 passed, 1 failed", 1),
    ("a time limit", [("t", "TIMEOUT")], {}, 0, "0 passed, 1 failed", 1),
    ("a skipped case", [("t", "OK")], {"t": [("a", ""), ("b", "<skipped/>")]}, 0, "1 passed, 1 failed", 1),
    ("a skipped program", [("t", "SKIP")], {}, 0, "0 passed, 1 failed", 1),
    ("a broken build", [("s", "OK")], {}, 1, "1 passed, 1 failed", 1),
    ("nothing ran", [], {}, 0, "0 passed, 1 failed", 1),
]


def main():
    print(f"1..{len(TABLE)}")
    for number, (title, results, suites, broken, line, status) in enumerate(TABLE, 1):
        got = tally(results, suites, broken)
        good = got == (line, status)
        print(f"{'ok' if good else 'not ok'} {number} {title}")
        if not good:
            print(f"# got {got}")


main()
