# SPDX-License-Identifier: GPL-3.0-or-later
"""The way through the window, page by page, as a person goes it: by what the pages say, clicks and keys."""

import re
import time

from screen import Atspi, ENTRIES, ROLE, has_state, is_sensitive, name_of, role_of
from virtual_phone import until

# What the last page says, by the goal's title (see src/ui/pr-words.c)
BUTTON = {"Restore": "Erase and Restore", "Update": "Update"}
DONE = {"Restore": "It Is as New", "Update": "It Has a Fresh System"}
BEFORE = {"Restore": "Before You Erase", "Update": "Before You Update"}
ROW = {"Restore": re.compile(r"^Restore iP"), "Update": "Update"}
ROWS = {ROLE.LIST_ITEM, ROLE.PUSH_BUTTON}
ASKED = re.compile(r"^Type the (?:name|end of [a-z ]+(?: \(ECID\))?): (?P<expected>.+?)(?: Type the .*)?$")


def is_checked(item):
    return has_state(item, Atspi.StateType.CHECKED)


class Journey:
    """One person's way with one phone. shown(page) is called when a page is there."""

    def __init__(self, app, shown=lambda page: None):
        self.app = app
        self.shown = shown

    def heading(self, wanted, seconds=15):
        return self.app.wait_for(ROLE.HEADING, wanted, seconds)

    def phone_page(self, title=None, seconds=20):
        """The page of the phone that was plugged in."""
        self.heading(title or re.compile(r"^(?!Plug In).+"), seconds)
        self.settle()
        self.shown("phone")

    def choose(self, goal):
        """From the phone's page to Readiness. In recovery and DFU mode these goals stand on the phone's page itself."""
        app = self.app
        until(
            lambda: app.find(ROWS, "Fix a Problem", sensitive=True) or app.find(ROWS, ROW[goal], sensitive=True),
            20,
            "a way on",
        )
        if app.find(ROWS, ROW[goal]) is None:
            self.all_ways()
            app.wait_for(ROWS, ROW[goal], 10, sensitive=True)
            self.settle()
            self.shown("fix")
        app.click(ROW[goal], ROWS)
        app.wait_for(ROLE.LABEL, BEFORE[goal])
        self.settle()
        self.shown("readiness")

    def all_ways(self):
        """From the phone's page past the list of troubles to everything that can be done."""
        self.app.click("Fix a Problem", ROWS)
        self.app.wait_for(ROLE.HEADING, "What Is Wrong?")
        self.settle()
        self.shown("symptoms")
        self.app.click("All Ways", ROWS)

    def settle(self):
        """Until the slide from one page to the next is over: then one page is there, and what is found can be hit."""
        time.sleep(0.35)

    def tick_those_there(self, button="Continue"):
        """Ticks the consents that Readiness has now. Returns whether its way on can be pressed."""
        app = self.app
        if app.find(ROLE.PUSH_BUTTON, button, sensitive=True):
            return True
        for item in app.everything():
            if role_of(item) == ROLE.CHECK_BOX and is_sensitive(item) and not is_checked(item):
                app.press(item)
                time.sleep(0.1)
        return False

    def tick_all(self, button="Continue"):
        """Ticks every consent until the way on can be pressed."""
        until(lambda: self.tick_those_there(button), 60, f"“{button}” can be pressed")

    def accept_all(self, button="Continue"):
        """Ticks every consent and goes on."""
        self.tick_all(button)
        self.shown("readiness-accepted")
        self.app.click(button, ROLE.PUSH_BUTTON)

    def confirm(self, goal):
        """Ticks, types what the page asks for, and presses the button that starts the work."""
        app = self.app
        self.settle()
        button = app.wait_for(ROLE.PUSH_BUTTON, BUTTON[goal], 15)
        box = app.find(ROLE.CHECK_BOX, re.compile("This is my phone"))
        if box is not None and not is_checked(box):
            app.press(box)
        entry = next((item for item in app.everything() if role_of(item) in ENTRIES), None)
        if entry is not None:
            self.type_what_is_asked(entry)
        until(lambda: is_sensitive(button), 10, f"“{BUTTON[goal]}” can be pressed")
        self.shown("confirm")
        app.click(BUTTON[goal], ROLE.PUSH_BUTTON)

    def type_what_is_asked(self, entry):
        asked = ASKED.match(name_of(entry))
        if asked is None:
            raise AssertionError(f"the page asks for nothing to type: {name_of(entry)!r}")
        self.app.point_and_click(entry)
        # a keyboard has the plain apostrophe; the page takes it for the typographic one
        self.app.type(asked["expected"].replace("’", "'"))

    def start(self, goal, prepare=lambda: None):
        """All pages up to Progress; returns when the button was pressed (time.monotonic()). What prepare() does,
        Readiness has not seen."""
        self.phone_page()
        self.choose(goal)
        self.accept_all()
        prepare()
        self.confirm(goal)
        return time.monotonic()

    def progress(self):
        bar = self.app.wait_for(ROLE.PROGRESS_BAR, None, 15)
        self.settle()
        self.shown("progress")
        return bar

    def done(self, goal, seconds=120):
        self.heading(DONE[goal], seconds)
        self.settle()
        self.shown("result")
