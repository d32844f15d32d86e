#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each row of the rehearsal is seen as the one that fails, in a scenario of its own.

usage: test_rehearsal.py CASE…
"""

import os
import re

import guides
import tap
from driver import App
from journey import Journey
from screen import ROLE, name_of, role_of, walk
from stage import BRISK
from virtual_phone import VirtualPhone

# What is in the way for good, by the guide whose words its row has
BLOCKED = {
    "signing-refused": "signing-refused",
    "wrong-download": "file-damaged",
    "older-file": "older-system",
    "new-model": "tool-too-old",
}
# What may be accepted, by the title of its row
LOOKED_AT = {
    "battery-low": "The Battery Is Low",
    "little-room": "The Phone Has Little Room Left",
    "supervised": "Managed by Example School",
}
USUAL = {"The Last Backup Is Old", "It Is Not Known Who Manages It"}  # of a virtual phone in any scenario


def look(app, title, headline):
    """Readiness of an update: the row is there, and stands alone."""
    journey = Journey(app)
    journey.phone_page()
    journey.choose("Update")
    app.wait_for(ROLE.HEADING, headline, 40)
    app.wait_text(title, 20)
    assert app.find(ROLE.PUSH_BUTTON, "Continue", sensitive=True) is None, "Continue can be pressed"
    return journey


def consent_of(row):
    """The check box in it, or None."""
    return next((item for item in walk(row) if role_of(item) == ROLE.CHECK_BOX), None)


def check_blocked():
    for scenario, nick in BLOCKED.items():
        tap.comment(scenario)
        with VirtualPhone(scenario, BRISK) as phone, App(phone) as app:
            look(app, guides.words(nick)[0], "One Thing to Mend First")


def check_looked_at():
    for scenario, title in LOOKED_AT.items():
        tap.comment(scenario)
        with VirtualPhone(scenario, BRISK) as phone, App(phone) as app:
            journey = look(app, title, re.compile(r"^\d Things to Look At"))
            asked = [name_of(item) for item in app.everything() if role_of(item) == ROLE.LIST_ITEM and consent_of(item)]
            assert set(asked) - USUAL == {title}, asked
            journey.tick_all()


def check_no_room():
    """Where runs have their folders there is no room: on the kernel's own file system there never is."""
    with VirtualPhone(changes=BRISK) as phone:
        os.symlink("/sys", phone.stage / "state")
        with App(phone) as app:
            look(app, guides.words("no-space")[0], "One Thing to Mend First")


if __name__ == "__main__":
    tap.run_named(globals())
