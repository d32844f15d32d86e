#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault, made by the phone, the server or the kernel, must end on the page that is written for it.

usage: test_faults.py SCENARIO. The installed program is driven by clicks and keys; its page is read over AT-SPI, within
10 s of the fault (plus the wait that idevicerestore itself has there), and nothing of the work may be left running.
"""

import collections
import os
import pathlib
import re
import signal
import sys
import tempfile
import time

import guides
import tap
from driver import App, marked_processes
from journey import Journey
from screen import ROLE
from virtual_phone import VirtualPhone, until

LIMIT = 10  # seconds from the fault to the page

# changes: what is put over the default scenario; goal; the error whose guide must be shown; the event of the phone's log
# from which the time counts (None: from the press of the button); tool: seconds that idevicerestore itself waits there
Fault = collections.namedtuple("Fault", "changes goal nick event tool")


def fault(nick, changes=None, goal="Restore", event=None, tool=0):
    return Fault(changes or {}, goal, nick, event, tool)


def faults(**arguments):
    return {("faults", name.replace("_", "-")): value for name, value in arguments.items()}


RECOVERY = {("phone", "mode"): "recovery"}
BRISK = {("pace", "seconds"): "5"}

# Faults of a restore that has begun
IN_WORK = {
    "signing-refused": fault("signing-refused", faults(signing_refuses="94"), event="signing"),
    "signing-down": fault("no-signing", faults(signing_down=""), tool=32),
    "unplug-at-upload": fault("unplugged-in-work", faults(unplug_at_upload="0.4"), event="unplugged"),
    "gone-in-ibec": fault("lost-in-start", {**RECOVERY, **faults(gone_in_ibec="")}, event="gone-in-ibec"),
    "ibec-never-returns": fault("no-recovery-return", {**RECOVERY, **faults(ibec_never_returns="")}, tool=62),
    "restore-mode-never": fault("no-restore-mode", {**RECOVERY, **faults(restore_mode_never="")}, tool=190),
    "status-14": fault("phone-gave-up", faults(status="14", amr_error="4013"), event="status", tool=31),
}

# Faults that stop it before it begins: the page is Readiness or Connect
BEFORE = {
    "wrong-model": fault("wrong-model", {("firmware", "kind"): "other-model"}),
    "truncated": fault("file-damaged", {("firmware", "kind"): "truncated"}),
    "no-keeping-data": fault("no-keeping-data", {("firmware", "kind"): "erase-only"}, goal="Update"),
}


class Case:
    """One fault in one run of the program."""

    def __init__(self, name, environment=None):
        self.fault = {**IN_WORK, **BEFORE}.get(name)
        self.environment = environment or {}

    def guide_is_shown(self, app, nick, seconds):
        """The guide's own words can be read; a blocked row's help opens it where the page only names it."""
        title, summary = guides.words(nick)
        app.wait_text(title, seconds)
        if not any(summary in text for text in app.texts()):
            app.click(HELP, seconds=3)
        app.wait_text(summary, 5)

    def in_work(self):
        changes = {**BRISK, **self.fault.changes}
        with VirtualPhone(changes=changes) as phone, App(phone, environment=self.environment) as app:
            app.resize(1000, 1000)
            pressed = Journey(app).start(self.fault.goal)
            limit = LIMIT + self.fault.tool
            if self.fault.event:
                phone.wait_saw(self.fault.event, 90)
                limit += 0
            else:
                limit -= time.monotonic() - pressed
            self.guide_is_shown(app, self.fault.nick, limit + (30 if self.fault.event is None else 0))
            app.wait_no_children()
            assert phone.state()["restored"] == 0, "the phone says that it was restored"

    def before(self):
        changes = {**BRISK, **self.fault.changes}
        with VirtualPhone(changes=changes) as phone, App(phone, environment=self.environment) as app:
            app.resize(1000, 1000)
            journey = Journey(app)
            journey.phone_page()
            journey.choose(self.fault.goal)
            self.guide_is_shown(app, self.fault.nick, LIMIT)
            assert app.find(ROLE.PUSH_BUTTON, "Continue", sensitive=True) is None, "Continue can be pressed"
            app.wait_no_children()


HELP = re.compile("^Help")
