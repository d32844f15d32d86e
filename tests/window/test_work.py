#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Short work, work that fails or asks for something, and what the page of the result leads to.

usage: test_work.py CASE…
"""

import re

import tap
from journey import Journey, ROWS
from screen import ROLE
from stage import assert_guide, choose_task, stage, to_confirm
from virtual_phone import until


def check_modes():
    """Restart, start and leave recovery mode, shut down: one after the other, as the phone sees them."""
    with stage() as (phone, app):
        choose_task(app, "Restart")
        app.wait_for(ROLE.HEADING, "It Has Restarted", 40)
        assert phone.saw("diagnostics", request="Restart"), "it was not asked to restart"
        app.click("Done")
        choose_task(app, "Start Recovery Mode")
        Journey(app).accept_all()
        app.wait_for(ROLE.HEADING, "It Is in Recovery Mode", 40)
        phone.wait_state(1, mode="recovery")
        app.click("Done")
        app.click("Leave Recovery Mode", None, 20)
        app.wait_for(ROLE.HEADING, "It Started Again", 40)
        phone.wait_state(1, mode="normal")
        app.click("Done")
        choose_task(app, "Shut Down")
        app.wait_for(ROLE.HEADING, "It Is Off", 40)
        phone.wait_state(1, mode="off")
        app.click("Done")
        app.wait_for(ROLE.HEADING, "Plug In Your Phone", 5)


def check_back_in_recovery():
    """A phone that cannot leave recovery mode: the next mildest step is an update, on the same page."""
    with stage(scenario="back-in-recovery") as (phone, app):
        app.click("Leave Recovery Mode", None, 20)
        assert_guide(app, "back-in-recovery", 60)
        assert phone.state()["mode"] == "recovery"
        app.wait_for(ROLE.LIST, "Other ways")
        assert app.find(ROWS, "Leave Recovery Mode") is None, "what has just failed is offered as another way"
        app.click("Update", ROWS, 20)
        app.wait_for(ROLE.LABEL, "Before You Update")


def check_recovery_refused():
    with stage(scenario="recovery-refused") as (phone, app):
        choose_task(app, "Start Recovery Mode")
        Journey(app).accept_all()
        assert_guide(app, "recovery-refused", 40)
        assert phone.state()["mode"] == "normal"
        # once more: the same page, of the same goal
        app.click("Try Again")
        app.wait_for(ROLE.LABEL, "Before Recovery Mode")


def check_ignores_restart():
    with stage(scenario="ignores-restart") as (phone, app):
        choose_task(app, "Restart")
        app.wait_for(ROLE.PROGRESS_BAR)
        assert_guide(app, "no-restart", 75)
        assert phone.state()["mode"] == "normal"


def check_passcode():
    """An update that asks for the passcode says so until it was entered."""
    words = "Look at your phone: it asks for its passcode"
    with stage({("phone", "passcode"): "wait"}) as (phone, app):
        journey = to_confirm(app, "Update")
        journey.confirm("Update")
        app.wait_text(words, 40)
        phone.wait_saw("passcode-asked", 1)
        phone.ask("set passcode enter")
        until(lambda: words not in app.texts(), 15, "the banner is gone")
        journey.done("Update", 60)
        state = phone.state()
        assert (state["updated"], state["data"]) == (1, "kept"), state


def check_end_anyway():
    """Past the point of no return it is asked, and Enter keeps going."""
    with stage({("faults", "stalls-at-upload"): "0.3"}) as (phone, app):
        Journey(app).start("Restore")
        app.wait_for(ROLE.PUSH_BUTTON, re.compile("^End Anyway"), 60, sensitive=True)
        app.click(re.compile("^End Anyway"))
        app.wait_for(None, "End It Now?")
        app.keys("Return")
        app.wait_gone(None, "End It Now?", 5)
        assert app.find(ROLE.PROGRESS_BAR) is not None
        app.click(re.compile("^End Anyway"))
        app.wait_for(None, "End It Now?")
        app.click("End Anyway", {ROLE.PUSH_BUTTON})
        assert_guide(app, "ended-early", 15)
        app.wait_no_children()
        state = phone.state()
        assert (state["restored"], state["system"]) == (0, "incomplete"), state


def check_failed():
    """The page of a failure: Try Again leads to the checks of the same goal, the milder way works from there."""
    refuses = "fault signing-refuses 94"
    with stage({("phone", "mode"): "recovery"}) as (phone, app):
        Journey(app).start("Restore", lambda: phone.ask(refuses))
        assert_guide(app, "signing-refused", 30)
        for way in ["Watch Cable and Port", "Save Report…", "Try Again", "Leave Recovery Mode"]:
            assert app.find(ROWS, way), f"“{way}” is not offered"
        phone.ask("mend signing-refuses")
        app.click("Try Again")
        app.wait_for(ROLE.LABEL, "Before You Erase")
        journey = Journey(app)
        journey.settle()
        journey.accept_all()
        phone.ask(refuses)
        journey.confirm("Restore")
        assert_guide(app, "signing-refused", 30)
        app.click("Leave Recovery Mode", ROWS)
        app.wait_for(ROLE.HEADING, "It Started Again", 60)
        phone.wait_state(1, mode="normal", data="kept", system="whole")


def check_first_days():
    """An update of a version that is new fails: waiting comes first, and what erases is not offered."""
    refuses = "fault signing-refuses 94"
    with stage({("phone", "mode"): "recovery", ("firmware", "age-days"): "1"}) as (phone, app):
        Journey(app).start("Update", lambda: phone.ask(refuses))
        assert_guide(app, "signing-refused", 30)
        app.wait_text("Wait a Day First", 5)
        app.wait_text(re.compile("17.6.1 is only a few days old"), 5)
        assert app.find(ROWS, re.compile("^Restore|Erase")) is None, "an erase is offered after an update"
        app.click("Try Again")
        app.wait_for(ROLE.LABEL, "Before You Update")
        app.wait_text(re.compile("17.6.1 is only a few days old"), 20)


if __name__ == "__main__":
    tap.run_named(globals())
