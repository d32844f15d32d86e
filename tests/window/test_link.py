#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the link does is shown live, stands on Readiness, explains a failure, and goes into the report.

usage: test_link.py CASE…
"""

import re
import sys

import tap
from journey import ROWS, Journey
from screen import ENTRIES, ROLE, name_of, role_of, text_of
from stage import flap, settle, stage
from virtual_phone import until

LIVE = "Watch Cable and Port"
LOST = re.compile(r"^The Cable Lost Contact \d+ Times$")
SECRETS = ["Anna", "F17VIRTUAL01", "001122334455", "1122334455667A"]


def read_report(app):
    """The text of the report, once it is there; nobody can tell from it whose phone it is."""
    app.click("Report for a Forum…", seconds=10)
    app.wait_for(ROLE.PUSH_BUTTON, "Copy", 20, sensitive=True)
    settle(app)
    text = max((text_of(item) for item in app.everything() if role_of(item) in ENTRIES), key=len)
    told = [secret for secret in SECRETS if secret.lower() in text.lower()]
    assert not told, f"{told} told in:\n{text}"
    app.keys("Escape")
    return text


def live():
    """From a phone that is not seen to one whose plug is loose; who goes back is at the phone that has come."""
    with stage({("phone", "plugged"): "false"}) as (phone, app):
        app.click("The Computer Does Not See My Phone", ROWS, 20)
        app.wait_for(ROLE.HEADING, "No Phone Is Seen Here")
        settle(app)
        app.keys("F1")
        app.wait_for(ROLE.DIALOG, None)
        settle(app)
        app.click("Watch Cable and Port")
        app.wait_gone(ROLE.DIALOG, None)
        phone.ask("plug")
        app.wait_for(ROLE.HEADING, "Watching the Link", 10)
        flap(phone, 4)
        app.wait_for(ROLE.HEADING, LOST, 5)
        app.wait_for(ROWS, "Try another cable")
        assert "kind=loose-contact" in read_report(app)
        app.keys("Escape")
        app.wait_for(ROLE.HEADING, re.compile("^Anna"), 10)


def hubs():
    """Three hubs are a warning that is accepted by its name."""
    with stage({("phone", "port"): "1-1.2.3.4"}) as (_, app):
        Journey(app).choose("Restore")
        app.wait_for(ROWS, "There Are 3 Hubs Between", 20)
        app.wait_for(ROLE.CHECK_BOX, "Try it through 3 hubs all the same")


def explained():
    """A restore that the link breaks off: Result says what the link did, leads to it, and its report has both."""
    with stage({("phone", "mode"): "recovery"}, scenario="loose-contact") as (_, app):
        Journey(app).start("Restore")
        app.wait_for(ROLE.HEADING, "The Cable Lost Contact 4 Times", 90)
        settle(app)
        ways = [item for item in app.everything() if role_of(item) == ROLE.PUSH_BUTTON and name_of(item) == LIVE]
        assert len(ways) == 1, f"{len(ways)} ways to the live page"
        app.click(LIVE)
        app.wait_for(ROLE.HEADING, LOST)
        settle(app)
        assert app.find(ROLE.PUSH_BUTTON, "All Steps, Mildest First") is None
        report = read_report(app)
        assert "link: loose-contact, 4 times" in report, report
        app.keys("Escape")
        app.wait_for(ROLE.PUSH_BUTTON, "Try Again")


def leads_on():
    """A phone that asks for a computer: from the link to what helps, and back."""
    with stage(scenario="recovery") as (phone, app):
        until(lambda: app.find(ROWS, "Test", sensitive=True) or app.find(ROWS, "Fix a Problem"), 20, "the phone's page")
        app.click("Fix a Problem", ROWS)
        app.click("It shows a cable and a computer", {ROLE.LIST_ITEM})
        settle(app)
        app.click("It Asks for a Computer", {ROLE.LIST_ITEM})
        app.wait_for(ROLE.HEADING, "It Asks for a Computer")
        settle(app)
        phone.ask("boot normal")
        app.wait_for(ROLE.HEADING, "Watching the Link", 20)


CASES = {"link-live": live, "link-hubs": hubs, "link-explained": explained, "link-leads-on": leads_on}

tap.run([(name, CASES[name]) for name in sys.argv[1:] or CASES])
