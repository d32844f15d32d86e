#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The seven ways side by side: what each line says, as a table and as cards, and where it leads.

usage: test_compare.py CASE…
"""

import re
import sys
import time

import tap
from focus import Focus
from journey import ROWS
from screen import Atspi, ROLE, has_state, name_of, text_of, walk
from stage import close_help, settle, stage
from virtual_phone import until

KEPT = "Photos and apps kept, Settings kept, The system stays"
# every line as it is read out, from the fact sheet
LINES = [
    f"Restart, {KEPT}, takes 1 min, needs: Nothing",
    f"Force Restart, {KEPT}, takes 2 min, needs: Buttons",
    "Reset All Settings, Photos and apps kept, Settings reset, The system stays, takes 5 min, needs: Passcode",
    "Update, Photos and apps kept, Settings kept, A new copy of the system, takes 40 min, needs: Computer",
    "Erase All Content and Settings, Photos and apps erased, Settings erased, The system stays, takes 10 min, "
    "needs: Passcode",
    "Restore iPhone, Photos and apps erased, Settings erased, A new copy of the system, takes 1 hour, needs: Computer",
    "Restore Backup, Photos and apps from the backup, Settings from the backup, The system stays, "
    "takes 20 min or more, needs: A backup",
]
WAY = re.compile(r", takes .*, needs: ")


def lines(app):
    return [item for item in app.everything() if WAY.search(name_of(item))]


def line(app, title):
    return next(item for item in lines(app) if name_of(item).startswith(f"{title},"))


def compare(app):
    app.wait_for(ROWS, "Fix a Problem", 30, sensitive=True)
    app.click("Fix a Problem", ROWS)
    app.click("Compare the Ways", {ROLE.LIST_ITEM})
    app.wait_for(ROLE.HEADING, "Keeps Your Data")
    settle(app)


def texts_of(item):
    return [text_of(child) for child in walk(item)]


def is_table(app):
    """The heads of the columns are only there where there are columns."""
    return app.find(ROLE.LABEL, "Photos and apps") is not None


def open_line(app, title):
    """Opens a line, and returns what stands in it now."""
    before = len(texts_of(line(app, title)))
    app.press(line(app, title))
    until(lambda: len(texts_of(line(app, title))) > before, 5, f"“{title}” opens")
    time.sleep(0.3)
    assert has_state(line(app, title), Atspi.StateType.EXPANDED)
    return texts_of(line(app, title))


def check_table():
    """Wide: every line is read out whole; it opens, and leads into its flow or its guide."""
    with stage() as (_phone, app):
        compare(app)
        assert is_table(app)
        assert [name_of(item) for item in lines(app)] == LINES, [name_of(item) for item in lines(app)]
        assert app.find(ROLE.LABEL, "Recommended") is None, "nobody has said what is wrong"
        texts = open_line(app, "Force Restart")
        assert "Hard reset, forced reboot" in texts, texts
        app.wait_for(None, "What are the two meanings of “Restore”?")
        assert app.find(None, re.compile("erases the phone and gives it a new system")), app.describe()
        open_line(app, "Update")
        app.click("Update", ROLE.PUSH_BUTTON)
        app.wait_for(ROLE.LABEL, "Before You Update")


def check_recommended():
    """The line that the advice recommends is marked, with the reason, and follows the phone."""
    with stage(scenario="recovery") as (phone, app):
        compare(app)
        app.wait_text("Recommended now is none of these: Leave Recovery Mode.")
        app.keys("Escape")
        app.wait_for(ROLE.HEADING, "What Is Wrong?")
        time.sleep(0.4)
        app.click("It is frozen", {ROLE.LIST_ITEM})
        app.wait_for(ROLE.HEADING, "Leave Recovery Mode")
        time.sleep(0.4)
        phone.ask("boot normal")
        app.wait_for(ROLE.HEADING, "Restart", 30)
        app.click("It Did Not Help")
        app.wait_for(ROLE.HEADING, "Force Restart")
        app.click("Compare the Ways", {ROLE.LIST_ITEM})
        app.wait_for(ROLE.HEADING, "Keeps Your Data")
        settle(app)
        marked = line(app, "Force Restart")
        assert name_of(marked).startswith("Force Restart, Recommended,"), name_of(marked)
        assert "The buttons work on a frozen screen too. Nothing is lost." in texts_of(marked), texts_of(marked)


def check_cards():
    """At 360 px the same words stand on cards; with the keyboard alone one opens and leads on."""
    with stage() as (_phone, app), Focus(app) as focus:
        app.resize(368, 808)
        compare(app)
        assert not is_table(app)
        assert [name_of(item) for item in lines(app)] == LINES, [name_of(item) for item in lines(app)]
        assert "Everything stays as it is" in texts_of(line(app, "Restart"))
        assert "Settings reset" in texts_of(line(app, "Reset All Settings"))
        focus.press_until("Down", lambda item: name_of(item).startswith("Reset All Settings,"))
        app.keys("Return")
        focus.press_until("Tab", lambda item: name_of(item) == "Show How")
        app.keys("Return")
        app.wait_for(ROLE.DIALOG)
        close_help(app)
        app.resize(1000, 1000)
        until(lambda: is_table(app), 5, "the table is there again")


CASES = {
    "compare": ("the table is read line by line, and leads on", check_table),
    "compare-marks": ("the recommended line is marked with its reason", check_recommended),
    "compare-narrow": ("the same as cards, by keyboard", check_cards),
}


if __name__ == "__main__":
    tap.run([CASES[name] for name in sys.argv[1:] or CASES])
