#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Erasing in the window: what the phone was asked, and how often; what the last page says, and what it does not.

usage: test_erase.py CASE…
"""

import os
import re
import sys

import tap
from journey import Journey, ROWS, is_checked
from screen import ROLE, is_sensitive
from stage import assert_guide, count, fill_confirm, settle, stage
from virtual_phone import PATIENCE, until

SWIFT = {("pace", "scale"): "0.3"}
GREEN = ("Ready to Hand Over", "It Is Erased")
FIND_MY = re.compile("^I looked there")


def glance(app, page):
    """The page is there; with PR_PICTURES it is kept as a picture."""
    Journey(app).settle()
    if folder := os.environ.get("PR_PICTURES"):
        app.picture(f"{folder}/{page}.png")


def look(app, page):
    """And everything on it has a name."""
    glance(app, page)
    settle(app)


def begin(app, row="Prepare to Hand Over", see=glance):
    """From the phone's page to Readiness."""
    Journey(app).phone_page(re.compile("^Anna’s iPhone"))
    app.wait_for(ROWS, row if row.startswith("Prepare") else "Fix a Problem", 20, sensitive=True)
    see(app, "phone")
    if row.startswith("Prepare"):
        app.click(row, ROWS)
        app.wait_for(ROWS, "From This Computer", 10, sensitive=True)
        see(app, "hand-over")
        app.click("From This Computer", ROWS)
    else:
        app.click("Fix a Problem", ROWS)
        app.click("All Ways", ROWS)
        app.wait_for(ROWS, row, 10, sensitive=True)
        Journey(app).settle()
        app.click(row, ROWS)
    app.wait_for(ROLE.LABEL, "Before You Erase")
    see(app, "readiness")


def confirm(app, esim, see=glance):
    """The eSIM has to be chosen; then name and word, as for a restore."""
    journey = Journey(app)
    journey.accept_all()
    button = app.wait_for(ROLE.PUSH_BUTTON, "Erase", 15)
    journey.settle()
    fill_confirm(app)
    app.wait_text("Waits for your word on the eSIM", 5)
    assert not is_sensitive(button), "it erases, and nobody said what becomes of the eSIM"
    see(app, "confirm")
    app.press(app.find(ROLE.RADIO_BUTTON, esim))
    until(lambda: is_sensitive(button), 10, "it can be pressed")
    see(app, "confirmed")
    app.click("Erase", ROLE.PUSH_BUTTON)


def assert_requests(phone, plan):
    """Just one, and it said what becomes of the eSIM."""
    assert count(phone, "erase-request") == 1, phone.log()
    assert phone.saw("erase-request", plan=plan), phone.log()
    assert phone.state()["data"] == "erased"


def assert_not_green(app):
    found = [heading for heading in app.headings() if heading in GREEN]
    assert not found, found


def leave_and_come_back(app):
    """What was ticked on the list of steps is ticked when one goes on with it."""
    app.wait_for(ROWS, "Prepare to Hand Over", 20, sensitive=True)
    Journey(app).settle()
    app.click("Prepare to Hand Over", ROWS)
    app.press(app.wait_for(ROLE.CHECK_BOX, "Unpair an Apple Watch"))
    Journey(app).settle()
    app.click("Back", ROLE.PUSH_BUTTON)
    Journey(app).settle()
    app.click("Prepare to Hand Over", ROWS)
    assert is_checked(app.wait_for(ROLE.CHECK_BOX, "Unpair an Apple Watch")), "it was forgotten"
    assert not is_checked(app.find(ROLE.CHECK_BOX, "Sign Out")), "it was never ticked"
    Journey(app).settle()
    app.click("Back", ROLE.PUSH_BUTTON)
    Journey(app).settle()


def check_handed_over():
    """For somebody else: the eSIM goes, and what was read before and after makes the verdict."""
    with stage(SWIFT) as (phone, app):
        leave_and_come_back(app)
        begin(app, see=look)
        confirm(app, "Erase It", see=look)
        look(app, "progress")
        app.wait_for(ROLE.HEADING, "Ready to Hand Over", 60 * PATIENCE)
        look(app, "result")
        app.wait_text("It was off before", 2)
        app.wait_text("The phone was asked to erase its eSIM", 2)
        assert_requests(phone, "removed")
        app.click("Done", ROLE.PUSH_BUTTON)
        app.wait_text("The phone does not know it any more.", 20)
        assert app.find(ROWS, "Prepare to Hand Over") is None, "it is offered for a phone that does not trust"


def check_kept():
    """For oneself: nothing is ready before that is said; the eSIM stays."""
    with stage(SWIFT) as (phone, app):
        begin(app, "Erase")
        app.wait_text("Waits for your word on who gets the phone", 5)
        app.press(app.find(ROLE.RADIO_BUTTON, "I Keep It"))
        confirm(app, "Keep It")
        app.wait_for(ROLE.HEADING, "It Is Erased", 60 * PATIENCE)
        glance(app, "result-kept")
        assert_requests(phone, "kept")


def check_blocked():
    """With Find My on, and for a phone of an organisation, nothing can be pressed and nothing is sent."""
    for scenario, guide in (("find-my-on", "find-my-on"), ("supervised", "managed")):
        with stage(scenario=scenario) as (phone, app):
            begin(app)
            assert_guide(app, guide)
            for box in (item for item in app.everything() if item.get_role() == ROLE.CHECK_BOX and is_sensitive(item)):
                app.press(box)
            Journey(app).settle()
            assert app.find(ROLE.PUSH_BUTTON, "Continue", sensitive=True) is None, "Continue can be pressed"
            assert count(phone, "erase-request") == 0


def check_looked_up():
    """Find My is not told: the word that it is off counts once the guide was shown. Afterwards nothing is green."""
    changes = {**SWIFT, ("values", "com.apple.fmip/IsAssociated"): "", ("faults", "tells-nothing"): ""}
    with stage(changes) as (phone, app):
        begin(app)
        box = app.wait_for(ROLE.CHECK_BOX, FIND_MY)
        assert not is_sensitive(box), "it counts before anything was shown"
        app.click("Show How", ROLE.PUSH_BUTTON)
        assert_guide(app, "find-my")
        app.keys("Escape")
        until(lambda: app.find(ROLE.DIALOG) is None or app.keys("Escape"), 10 * PATIENCE, "help is closed")
        until(lambda: is_sensitive(app.find(ROLE.CHECK_BOX, FIND_MY)), 5, "the word counts")
        confirm(app, "Erase It")
        app.wait_for(ROLE.HEADING, "Look Whether It Is Free", 60 * PATIENCE)
        glance(app, "result-unknown")
        assert_not_green(app)
        assert_requests(phone, "removed")


def check_comes_back_locked():
    """Activation Lock is on although Find My was off: said, and not green."""
    with stage({**SWIFT, ("faults", "erase-locked"): ""}) as (phone, app):
        begin(app)
        confirm(app, "Erase It")
        app.wait_for(ROLE.HEADING, "It Is Still Linked to an Account", 60 * PATIENCE)
        glance(app, "result-locked")
        app.wait_text("On: the setup asks for an Apple Account", 2)
        assert_not_green(app)
        assert_requests(phone, "removed")


CASES = {
    "handed-over": check_handed_over,
    "kept": check_kept,
    "blocked": check_blocked,
    "looked-up": check_looked_up,
    "comes-back-locked": check_comes_back_locked,
}

if __name__ == "__main__":
    tap.run([(name, CASES[name]) for name in sys.argv[1:]])
