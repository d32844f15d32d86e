# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of the advice for the tour: what is wrong, what helps, the ways side by side, the buttons; wide and narrow."""

import re
import time

from driver import App
from journey import ROWS
from screen import ROLE
from stage import close_help
from virtual_phone import VirtualPhone

WIDE = (1100, 900)
NARROW = (368, 808)


class Pictures:
    """Of a page at rest, wide and narrow."""

    def __init__(self, app, guide, light):
        self.app = app
        self.light = light  # narrow is shown once
        self.guide = guide

    def take(self, page, narrow=None):
        """@narrow: whether narrow too; else only where it is light."""
        time.sleep(0.6)
        self.guide.picture(page)
        if self.light if narrow is None else narrow:
            self.app.resize(*NARROW)
            time.sleep(2)  # until it is laid out anew, also where the machine is busy
            self.guide.picture(f"{page}-narrow")
            self.app.resize(*WIDE)
            time.sleep(0.2)


def back_to(app, role, name):
    """One page after the other, however many: a key that comes while pages move is lost."""
    while app.find(role, name) is None:
        app.keys("Escape")
        time.sleep(1)


def to_remedy(app, remedy):
    """Says of one step after the other that it did not help."""
    while app.find(ROLE.HEADING, remedy) is None:
        app.click("It Did Not Help")
        time.sleep(0.3)


def show_advice(app, pictures):
    app.click("Fix a Problem", ROWS, 20)
    app.wait_for(ROLE.HEADING, "What Is Wrong?")
    pictures.take("symptoms")
    app.click("It restarts by itself", {ROLE.LIST_ITEM})
    to_remedy(app, "Update, Keeping Your Data")
    pictures.take("advice")
    app.click("Compare the Ways", {ROLE.LIST_ITEM})
    app.wait_for(ROLE.HEADING, "Keeps Your Data")
    pictures.take("compare", narrow=True)
    back_to(app, ROLE.HEADING, "What Is Wrong?")


def show_coach(app, pictures):
    """Ready, in a hold, and after a wrong try."""
    time.sleep(0.6)
    app.click("The Buttons", {ROLE.LIST_ITEM})
    app.wait_for(ROLE.PUSH_BUTTON, "Start")
    pictures.take("coach-ready")
    app.click("Start")
    app.wait_for(ROLE.HEADING, "Hold Side Button", 20)
    time.sleep(1)
    pictures.take("coach-hold")
    app.click("I See a Cable")
    app.wait_for(ROLE.HEADING, "Not Quite")
    pictures.take("coach-not-quite", narrow=False)
    back_to(app, ROWS, "Fix a Problem")


def show_help(app, pictures):
    """A guide that is searched for."""
    app.keys("F1")
    app.wait_for(None, "Search Help")
    time.sleep(0.6)
    app.type("forec restart")  # as people type
    time.sleep(0.4)
    pictures.take("help", narrow=False)
    app.keys("Return")
    app.wait_for(ROLE.HEADING, "Force Restart the Phone")
    pictures.take("guide")
    close_help(app)


def show_windows(app, phone, pictures):
    """Nothing is plugged in that this computer could talk to."""
    phone.ask("unplug")
    phone.plug_other("1-7", idVendor="0421", idProduct="0661", product="Nokia Lumia 920")
    app.wait_for(ROWS, "Lumia 920 Is Plugged In", 20)
    pictures.take("windows-connect", narrow=False)
    app.click("Lumia 920 Is Plugged In", ROWS)
    app.wait_for(ROLE.HEADING, "What Is Wrong?")
    pictures.take("windows-symptoms", narrow=False)
    app.click("It asks me to wait thousands of minutes", {ROLE.LIST_ITEM})
    to_remedy(app, "Hard Reset")
    pictures.take("windows-advice", narrow=False)
    app.click("Show the Buttons")
    consent = app.wait_for(ROLE.CHECK_BOX, re.compile("may be erased"))
    pictures.take("windows-ready")
    app.press(consent)
    app.press(app.wait_for(ROLE.CHECK_BOX, "More Time"))
    app.click("Start")
    app.click("It Vibrated", seconds=20)
    app.wait_for(ROLE.HEADING, "Hold Volume Down")
    app.click("I See “!”")
    app.wait_for(ROLE.HEADING, "Press Volume Up")
    pictures.take("windows-keys", narrow=False)


def look_at_advice(guide_of, light):
    """guide_of(app): what takes the pictures. In the dark, little is shown narrow."""
    with VirtualPhone() as phone, App(phone) as app:
        app.resize(*WIDE)
        pictures = Pictures(app, guide_of(app), light)
        show_advice(app, pictures)
        show_coach(app, pictures)
        show_help(app, pictures)
        show_windows(app, phone, pictures)
