#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what is wrong to the mildest step, its cost and its flow.

usage: test_advice.py CASE…
"""

import re
import sys
import time

import tap
from driver import App
from focus import Focus, named
from journey import ROWS, is_checked
from screen import ROLE, name_of, role_of, text_of, walk
from stage import close_help, settle, stage
from virtual_phone import VirtualPhone, until

WRONG = "What Is Wrong?"


def fix(app):
    app.wait_for(ROWS, "Fix a Problem", 30, sensitive=True)
    app.click("Fix a Problem", ROWS)
    app.wait_for(ROLE.HEADING, WRONG)
    settle(app)


def choose(app, symptom):
    app.click(symptom, {ROLE.LIST_ITEM})
    settle(app)


def recommends(app, remedy, seconds=5):
    app.wait_for(ROLE.HEADING, remedy, seconds)
    return app.wait_for(ROLE.LIST_ITEM, f"{remedy}, Recommended")


def tick_of(app, remedy):
    return app.wait_for(ROLE.CHECK_BOX, f"Tried: {remedy}")


def costs(app):
    """{what: how much} of the recommended step."""
    found = {}
    for row in app.everything():
        if role_of(row) == ROLE.LIST_ITEM and name_of(row) in {"Takes", "Loses", "Needs", "Downloads"}:
            labels = [text_of(item) for item in walk(row) if role_of(item) == ROLE.LABEL]
            found[name_of(row)] = next(text for text in labels if text != name_of(row))
    return found


def back(app):
    app.keys("Escape")
    time.sleep(0.4)


# --- Advice ---


def check_symptom():
    """From words to a step to its flow; what was done counts as tried, and the tick can be taken away."""
    with stage() as (_phone, app):
        fix(app)
        app.type("froz")
        until(lambda: app.find(ROLE.LIST_ITEM, "It is slow") is None, 5, "the list is searched")
        app.keys("Return")
        recommends(app, "Restart")
        settle(app)
        assert costs(app) == {"Takes": "1 to 3 min", "Loses": "Nothing"}, costs(app)
        app.click("Restart", ROLE.PUSH_BUTTON)
        app.wait_for(ROLE.HEADING, "It Has Restarted", 60)
        app.click("Done")
        fix(app)
        app.wait_text("You Chose Before")
        choose(app, "It is frozen")
        recommends(app, "Force Restart")
        assert is_checked(tick_of(app, "Restart")), "what was done is not ticked off"
        app.click("It Did Not Help")
        until(lambda: app.find(ROLE.HEADING, "Force Restart") is None, 5, "the next step is recommended")
        assert is_checked(tick_of(app, "Force Restart"))
        app.press(tick_of(app, "Restart"))
        recommends(app, "Restart")


def check_leads_on():
    """The button is the flow where there is one, and the guide where there is none."""
    with stage() as (_phone, app):
        fix(app)
        choose(app, "Wi-Fi, keyboard or display act up")
        recommends(app, "Restart")
        app.click("It Did Not Help")
        recommends(app, "Update on the Phone Itself")
        app.click("It Did Not Help")
        recommends(app, "Reset All Settings")
        assert costs(app)["Loses"].startswith("Settings."), costs(app)
        app.click("Show How", ROLE.PUSH_BUTTON)
        app.wait_for(ROLE.LABEL, re.compile("Reset All Settings"))
        settle(app)
        app.keys("ctrl+p")
        app.wait_for(None, "Print to File", 10)
        app.click("Cancel", ROLE.PUSH_BUTTON)
        app.wait_gone(None, "Print to File")
        close_help(app)
        back(app)
        settle(app)
        choose(app, "It crashes since an update")
        while app.find(ROLE.PUSH_BUTTON, "Update") is None:
            app.click("It Did Not Help")
            time.sleep(0.2)
        recommends(app, "Update, Keeping Your Data")
        assert costs(app)["Loses"] == "Nothing" and "Downloads" in costs(app), costs(app)
        app.click("Update", ROLE.PUSH_BUTTON)
        app.wait_for(ROLE.LABEL, "Before You Update")


def check_changes():
    """The advice follows the phone: what it shows by itself comes first, and its mode changes what helps."""
    with stage(scenario="recovery") as (phone, app):
        fix(app)
        app.wait_text("It Looks Like This")
        choose(app, "It shows a cable and a computer")
        recommends(app, "Leave Recovery Mode")
        phone.ask("boot normal")
        app.wait_gone(ROLE.HEADING, "Leave Recovery Mode", 30)
        assert app.find(ROLE.LIST_ITEM, re.compile("^Leave Recovery Mode, Recommended")) is None
        phone.ask("unplug")
        time.sleep(1)
        assert app.find(ROLE.PUSH_BUTTON, "It Did Not Help"), "the page left with the phone"
        back(app)
        back(app)
        app.wait_for(ROLE.HEADING, "Plug In Your Phone")


def check_windows():
    """A Windows Phone that is plugged in is named, and has advice of its own: the soft reset first, and what a person
    says of it changes what helps."""
    with VirtualPhone() as phone:
        phone.ask("unplug")
        with App(phone) as app:
            app.resize(1000, 1000)
            app.wait_for(ROWS, "It Is a Windows Phone", 20)
            assert app.find(ROWS, re.compile("Is Plugged In$")) is None
            phone.plug_other("1-7", idVendor="0421", idProduct="0661", product="Nokia Lumia 920")
            app.click("Lumia 920 Is Plugged In", ROWS, 5)
            app.wait_for(ROLE.HEADING, WRONG)
            settle(app)
            assert app.find(ROLE.LIST_ITEM, "It is frozen") is None
            choose(app, "It behaves oddly")
            recommends(app, "Soft Reset")
            app.click("It Did Not Help")
            recommends(app, "Back Up to the Microsoft Account")
            app.press(app.wait_for(None, "It Does Not Start"))
            recommends(app, "Hard Reset")
            assert costs(app)["Loses"] == "Everything on the phone", costs(app)
            phone.ask("plug")
            time.sleep(2)
            recommends(app, "Hard Reset")
            back(app)
            back(app)
            app.wait_for(ROLE.HEADING, re.compile("^Anna"), 20)


def check_keys():
    """Without a mouse, from the phone to the step and what was tried; who goes back is where they were."""
    with stage() as (_phone, app), Focus(app) as focus:
        app.wait_for(ROWS, "Fix a Problem", 30, sensitive=True)
        time.sleep(0.5)
        focus.press_until("Tab", named("Fix a Problem"))
        app.keys("Return")
        app.wait_for(ROLE.HEADING, WRONG)
        time.sleep(0.4)
        focus.press_until("Tab", named("It is frozen"))
        app.keys("Return")
        recommends(app, "Restart")
        settle(app)
        app.keys("Escape")
        app.wait_gone(ROLE.HEADING, "Restart")
        focus.wait(named("It is frozen"))
        app.keys("Return")
        recommends(app, "Restart")
        settle(app)
        focus.press_until("Tab", named("Tried: Restart"))
        app.keys("space")
        recommends(app, "Force Restart")


CASES = {
    "advice": ("from what is wrong to the step and its flow", check_symptom),
    "leads-on": ("the step leads into its flow or its guide", check_leads_on),
    "follows-phone": ("the advice follows the phone", check_changes),
    "windows-phone": ("a Windows Phone has advice of its own", check_windows),
    "advice-keys": ("advice by keyboard alone", check_keys),
}


if __name__ == "__main__":
    tap.run([CASES[name] for name in sys.argv[1:] or CASES])
