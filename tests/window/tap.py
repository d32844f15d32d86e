# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP for tests in Python: functions are cases, an exception is a failure."""

import sys
import traceback


def comment(text):
    for line in str(text).splitlines():
        print(f"# {line}", flush=True)


def run(cases):
    """Runs the (title, function) pairs one after the other; exit status 1 if any failed."""
    print(f"1..{len(cases)}", flush=True)
    failed = 0
    for number, (title, case) in enumerate(cases, 1):
        try:
            case()
        except Exception:  # pylint: disable=broad-except
            failed += 1
            print(f"not ok {number} {title}", flush=True)
            comment(traceback.format_exc())
        else:
            print(f"ok {number} {title}", flush=True)
    sys.exit(1 if failed else 0)


def run_named(functions):
    """Runs the cases that the command line names: check_back_in_recovery() is "back-in-recovery"."""
    run([(name, functions["check_" + name.replace("-", "_")]) for name in sys.argv[1:]])
