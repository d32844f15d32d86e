#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles are listed, and those that may go are removed, with the person's word.

usage: test_profiles.py CASE…
"""

import re
import sys

import tap
from journey import ROWS
from screen import ROLE
from stage import assert_guide, close_help, count, give_word, settle, stage, wait_insensitive

VPN = "Privacy VPN"
MANAGEMENT = "Remote Management"


def show(app):
    app.click("Managed by", ROWS, 20)
    app.wait_for(ROWS, VPN, 15)
    settle(app)


def ask(app, name):
    app.click(f"Remove “{name}”…", ROLE.PUSH_BUTTON)
    app.wait_for(None, "Remove It?")
    app.wait_text(f"“{name}” goes")
    settle(app)
    return app.wait_for(ROLE.PUSH_BUTTON, "Remove")


def remove(app, name):
    button = ask(app, name)
    give_word(app, button, "Anna's iPhone")
    app.press(button)


def profiles():
    """One goes, one is refused and then goes with its apps, and one cannot be asked for."""
    with stage(scenario="profiles") as (phone, app):
        show(app)
        app.wait_for(ROWS, "Office Rules")
        app.wait_text("Only Example Office Ltd can remove it.")
        assert app.find(ROLE.PUSH_BUTTON, "Remove “Office Rules”…") is None
        ask(app, VPN)
        app.keys("Escape")
        app.wait_gone(None, "Remove It?")
        assert count(phone, "profile-request") == 0
        remove(app, VPN)
        app.wait_text(f"“{VPN}” Is Gone", 15)
        app.wait_gone(ROWS, VPN)
        phone.ask("fault profile-refused 13002")
        remove(app, MANAGEMENT)
        assert_guide(app, "profile-kept", 15)
        settle(app)
        app.click(re.compile("^Show How"), ROLE.PUSH_BUTTON)
        app.wait_text("Remove it on the phone itself")
        close_help(app)
        phone.ask("mend profile-refused")
        remove(app, MANAGEMENT)
        app.wait_text("2 apps have gone with it so far.", 15)
        app.wait_gone(ROWS, MANAGEMENT)
        assert count(phone, "profile-request") == 3
        assert count(phone, "profile-removed") == 2
        settle(app)
        phone.ask("unplug")
        wait_insensitive(app, "Remove “Café Network”…", 5)


CASES = {"profiles": profiles}

tap.run([(name, CASES[name]) for name in sys.argv[1:] or CASES])
