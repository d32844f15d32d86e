#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""phone-reset --diagnose: its exit status, what it finds, and that nobody can tell from it whose phone it is."""

import json
import subprocess

import tap
from driver import PROGRAM, own_environment

SECRETS = ["Anna", "F17VIRTUAL01", "001122334455", "1122334455667A"]


def run(*arguments):
    return subprocess.run(
        [str(PROGRAM), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=own_environment({}),
    )


def assert_masked(text):
    for secret in SECRETS:
        assert secret.lower() not in text.lower(), f"{secret} is told:\n{text}"


def healthy():
    done = run("--demo", "--diagnose")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("healthy\n"), done.stdout
    assert "model=iPhone14,7" in done.stdout, done.stdout
    assert_masked(done.stdout)


def findings():
    done = run("--demo=hub", "--diagnose=json")
    assert done.returncode == 1, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["healthy"] is False
    assert [finding["kind"] for finding in said["finding"] if finding["sureness"] != "information"] == ["hubs"], said
    assert said["event"][0]["kind"] == "attached", said
    assert_masked(done.stdout)


def nonsense():
    done = run("--demo", "--diagnose=xml")
    assert done.returncode == 2 and not done.stdout, done


tap.run([("all is well", healthy), ("a finding", findings), ("a format that is none", nonsense)])
