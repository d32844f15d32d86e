#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault, made by the phone, the server or the kernel, must end on the page that is written for it.

usage: test_faults.py SCENARIO. The installed program is driven by clicks and keys; its page is read over AT-SPI, within
10 s of the fault (plus the wait that idevicerestore itself has there), and nothing of the work may be left running.
"""

import collections
import os
import pathlib
import signal
import sys
import tempfile
import time

import tap
from journey import Journey
from screen import ROLE
from stage import assert_guide, stage
from virtual_phone import PATIENCE

LIMIT = 10 * PATIENCE  # seconds from the fault to the page

# changes: what is put over the usual scenario · goal · nick: the error whose guide must be shown · event: the line of the
# phone's log from which the time counts (None: the press of the button) · tool: seconds that idevicerestore waits there ·
# late: a fault that comes after Readiness, which would have found it
Fault = collections.namedtuple("Fault", "changes goal nick event tool late")


def fault(nick, changes=None, goal="Restore", event=None, tool=0, late=None):
    return Fault(changes or {}, goal, nick, event, tool, late)


def faults(**arguments):
    return {("faults", name.replace("_", "-")): value for name, value in arguments.items()}


RECOVERY = {("phone", "mode"): "recovery"}

# Faults of work that has begun
IN_WORK = {
    "signing-refused": fault("signing-refused", event="signing-refused", late="signing-refuses 94"),
    "signing-down": fault("no-signing", tool=32, late="signing-down"),
    "unplug-at-upload": fault("unplugged-in-work", faults(unplug_at_upload="0.4"), event="unplugged"),
    "gone-in-ibec": fault("lost-in-start", {**RECOVERY, **faults(gone_in_ibec="")}, event="unplugged"),
    "ibec-never-returns": fault("no-recovery-return", {**RECOVERY, **faults(ibec_never_returns="")}, tool=62),
    "restore-mode-never": fault("no-restore-mode", {**RECOVERY, **faults(restore_mode_never="")}, tool=190),
    "status-14": fault("phone-gave-up", faults(status="14", amr_error="4013"), event="restore-failed", tool=31),
}
# Faults that Readiness finds: nothing can be started
BEFORE = {
    "wrong-model": fault("wrong-model", {("firmware", "kind"): "other-model"}),
    "truncated": fault("file-damaged", {("firmware", "kind"): "truncated"}),
    "no-keeping-data": fault("no-keeping-data", {("firmware", "kind"): "erase-only"}, goal="Update"),
}


def assert_nothing_left(app):
    """Nothing of the work is running any more; the watch on the bus stays as long as the window does."""
    app.wait_no_children()


def plug_in_again(phone, app):
    """Just the same is done once more by itself."""
    app.wait_text("Plug It In Again", 1)
    phone.ask("mend unplug-at-upload")
    phone.ask("plug")
    app.wait_for(ROLE.PROGRESS_BAR, None, 30)
    phone.wait_state(60 * PATIENCE, restored=1, system="whole")
    Journey(app).done("Restore", 40)


def check_in_work(case):
    with stage(case.changes) as (phone, app):
        Journey(app).start(case.goal, lambda: phone.make_late(*([f"fault {case.late}"] if case.late else [])))
        if case.event:
            phone.wait_saw(case.event, 90)
        assert_guide(app, case.nick, LIMIT + case.tool)
        assert_nothing_left(app)
        if case.nick == "phone-gave-up":
            app.wait_text("The Phone Said 14", 1)
            app.wait_text("Error Numbers: the Link", 1)
        assert phone.state()["restored"] == 0, "the phone says that it was restored"
        if case.nick == "unplugged-in-work":
            plug_in_again(phone, app)


def check_before(case):
    with stage(case.changes) as (_phone, app):
        journey = Journey(app)
        journey.phone_page()
        journey.choose(case.goal)
        assert_blocked(app, case.nick)


def assert_blocked(app, nick):
    assert_guide(app, nick, LIMIT)
    assert app.find(ROLE.PUSH_BUTTON, "Continue", sensitive=True) is None, "Continue can be pressed"
    assert_nothing_left(app)


def check_tool_missing():
    """PATH has everything but idevicerestore."""
    with tempfile.TemporaryDirectory() as folder:
        for path in os.environ["PATH"].split(":"):
            for program in pathlib.Path(path).glob("*"):
                link = pathlib.Path(folder) / program.name
                if program.name != "idevicerestore" and not link.is_symlink():
                    link.symlink_to(program)
        with stage(environment={"PATH": folder}) as (_phone, app):
            journey = Journey(app)
            journey.phone_page()
            journey.choose("Restore")
            assert_blocked(app, "tool-missing")


def check_no_permission():
    """As somebody who may not open the phone's USB node."""
    assert os.getuid() != 0, "this case must not run as root"
    with stage({**RECOVERY, **faults(no_permission="")}) as (_phone, app):
        journey = Journey(app)
        journey.phone_page()
        journey.choose("Restore")
        assert_blocked(app, "no-usb-permission")


def open_reason(app, nick):
    """The Connect page names the reason why no phone is seen; its button opens the guide."""
    app.click("Help", ROLE.PUSH_BUTTON, LIMIT)
    assert_guide(app, nick, LIMIT)
    assert_nothing_left(app)


def check_no_daemon():
    with stage(faults(no_daemon="")) as (_phone, app):
        open_reason(app, "no-daemon")


def check_helper_killed():
    """The watch on the bus is killed again and again, until it is given up."""
    with stage() as (phone, app):
        phone.ask("unplug")
        app.wait_for(ROLE.HEADING, "Plug In Your Phone")
        for _ in range(10):
            helpers = [pid for pid, command in app.processes_left() if "phone-reset-usb" in command]
            for pid in helpers:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.5)
        open_reason(app, "helper-gone")


def check_unplugged_before():
    """The phone goes after the work has begun, and before anything was sent to it."""
    with stage() as (phone, app):
        Journey(app).start("Restore", lambda: phone.make_late("fault slow-ticket 30"))
        phone.wait_saw("signing-asked", 20)
        phone.ask("unplug")
        assert_guide(app, "unplugged", LIMIT)
        assert_nothing_left(app)
        phone.ask("plug")
        state = phone.state()
        assert (state["data"], state["system"]) == ("kept", "whole"), state


SPECIAL = {
    "tool-missing": check_tool_missing,
    "no-permission": check_no_permission,
    "no-daemon": check_no_daemon,
    "helper-killed": check_helper_killed,
    "unplugged-before": check_unplugged_before,
}


def case_of(name):
    if name in SPECIAL:
        return SPECIAL[name]
    if name in IN_WORK:
        return lambda: check_in_work(IN_WORK[name])
    return lambda: check_before(BEFORE[name])


if __name__ == "__main__":
    tap.run([(name, case_of(name)) for name in sys.argv[1:]])
