#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what meson's logs of the given build folders say, and ends with the line "N passed, N failed".

A TAP program counts once per case. A program that failed without a failed case (a crash, a leak found at its end, a
time limit), a skipped case and a build that broke count as failures too. Exit status 0 only if something ran and
nothing failed.
"""

import argparse
import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

GOOD = {"OK", "EXPECTEDFAIL"}


def bad_cases(suite):
    """Names of the cases of one TAP program that failed or were skipped."""
    for case in suite.iter("testcase"):
        if any(case.find(tag) is not None for tag in ("failure", "error", "skipped")):
            yield case.get("name")


def tap_programs(folder):
    """Name of each TAP program -> its suite element, as meson split it up."""
    path = folder / "meson-logs" / "testlog.junit.xml"
    suites = ElementTree.parse(path).getroot().iter("testsuite") if path.exists() else []
    return {suite.get("name"): suite for suite in suites}


def programs(folder):
    path = folder / "meson-logs" / "testlog.json"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def count_program(program, suites):
    """(passed, failures) of one program; failures are lines to show."""
    name = program["name"].split(" / ")[-1]  # "phone-reset:quick / name"
    suite = suites.get("phone-reset." + program["name"])
    good = program["result"] in GOOD
    if suite is None:
        return (1, []) if good else (0, [f"{name}: {program['result']}"])
    cases = len(list(suite.iter("testcase")))
    failures = [f"{name}: {case}" for case in bad_cases(suite)]
    passed = cases - len(failures)
    if not good and not failures:
        failures.append(f"{name}: {program['result']}")
    return passed, failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--broken", type=int, default=0, help="builds that failed")
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    passed, failures = 0, ["a build broke"] * arguments.broken
    for folder in arguments.folders:
        suites = tap_programs(folder)
        for program in programs(folder):
            good, bad = count_program(program, suites)
            passed += good
            failures += [f"{folder.name}: {line}" for line in bad]
    if passed == 0 and not failures:
        failures.append("nothing ran")
    for line in failures:
        print(f"FAILED {line}")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
