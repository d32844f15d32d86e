#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The button coach: it counts, is spoken, ends by itself when the phone shows that it worked, and corrects a wrong try.

usage: test_coach.py CASE…
"""

import contextlib
import re
import sys
import time

import tap
from bells import bells
from driver import App
from focus import Focus, named
from journey import ROWS, is_checked
from names import nameless
from screen import Atspi, GLib, ROLE
from stage import settle, stage
from virtual_phone import VirtualPhone, until


def to_buttons(app):
    """From the phone's page to the coach, for whatever is chosen there."""
    app.wait_for(ROWS, "Fix a Problem", 30, sensitive=True)
    app.click("Fix a Problem", ROWS)
    app.click("The Buttons", {ROLE.LIST_ITEM})
    app.wait_for(ROLE.PUSH_BUTTON, "Start")
    settle(app)


def pick(app, focus, row, down):
    """Picks from a row that opens a list, by keyboard."""
    focus.press_until("Tab", named(row, ROLE.COMBO_BOX))
    app.keys("Return")
    time.sleep(0.5)
    app.keys(*["Down"] * down, "Return")
    time.sleep(0.5)


@contextlib.contextmanager
def spoken():
    """What a screen reader is told to say, in a list that grows."""
    said = []
    listener = Atspi.EventListener.new(lambda event: said.append(event.any_data))
    listener.register("object:announcement")
    try:
        yield said
    finally:
        listener.deregister("object:announcement")


def hears(said, wanted):
    while GLib.MainContext.default().iteration(False):
        pass
    return any(wanted in str(text) for text in said)


def check_restart():
    """Every step comes by the clock, is spoken and rung for; the phone that comes back ends it."""
    with stage() as (phone, app), spoken() as said, bells() as rung:
        to_buttons(app)
        app.wait_text("Side and volume button held together can start an emergency call", 3)
        app.press(app.wait_for(ROLE.CHECK_BOX, "More Time"))
        app.click("Sound at Each Step and Second")
        app.click("Start")
        app.wait_for(ROLE.HEADING, "Get Ready")
        app.wait_for(ROLE.HEADING, "Press Volume Up", 12)
        app.wait_for(ROLE.HEADING, "Press Volume Down", 4)
        app.wait_for(ROLE.HEADING, "Hold Side Button", 4)
        steps = rung.heard()
        assert steps >= 4, steps
        until(lambda: hears(said, "Hold the side button. Let go when the logo appears."), 5, "the step is spoken")
        until(lambda: hears(said, "5 seconds"), 10, "the seconds are spoken")
        until(lambda: rung.heard() >= steps + 4, 3, "the seconds are rung for")
        assert not nameless(app), nameless(app)
        phone.ask("boot normal")
        app.wait_for(ROLE.HEADING, "It Worked", 30)
        app.wait_text("It restarts. Let go of all buttons. Nothing was lost.", 2)
        until(lambda: hears(said, "It Worked"), 5, "the end is spoken")
        app.click("Done")
        app.wait_for(ROLE.HEADING, "What Is Wrong?")


def check_recovery():
    """From the advice to the buttons to recovery mode, and back to an advice that fits; a wrong try is corrected."""
    with VirtualPhone() as phone:
        phone.ask("unplug")
        with App(phone) as app:
            app.resize(1000, 1000)
            app.click("My Phone Is Off or Frozen", ROWS, 20)
            app.click("It restarts by itself", {ROLE.LIST_ITEM})
            settle(app)
            while app.find(ROLE.HEADING, "Update, Keeping Your Data") is None:
                app.click("It Did Not Help")
                time.sleep(0.3)
            app.click("Show the Buttons", ROLE.PUSH_BUTTON)
            app.wait_for(ROLE.PUSH_BUTTON, "Start")
            settle(app)
            app.wait_text("Have the system file on this computer first", 2)
            app.click("Start")
            app.wait_for(ROLE.HEADING, "Hold Side Button", 10)
            phone.ask("plug")
            app.wait_for(ROLE.HEADING, "Not Quite", 30)
            app.wait_text("It started as usual: you let go too early.", 2)
            app.click("Try Again")
            app.wait_text("Try 2", 3)
            app.wait_for(ROLE.HEADING, "Hold Side Button", 10)
            phone.ask("boot recovery")
            app.wait_for(ROLE.HEADING, "It Worked", 30)
            app.click("Go On")
            app.wait_for(ROLE.LABEL, "Before You Update")


def check_dfu():
    """DFU mode shows nothing to the person: the page alone notices. A logo that is seen is corrected at once."""
    with stage() as (phone, app), Focus(app) as focus:
        to_buttons(app)
        pick(app, focus, "What It Is For", 2)
        app.wait_for(ROLE.HEADING, "DFU Mode")
        app.click("Start")
        app.wait_for(ROLE.HEADING, "Hold Volume Down + Side Button", 25)
        app.click("I See the Logo")
        app.wait_for(ROLE.HEADING, "Not Quite")
        app.wait_text("In DFU mode the screen stays black.", 2)
        app.click("Try Again")
        app.wait_for(ROLE.HEADING, "Hold Side Button", 10)
        app.click("I See SOS")
        app.wait_text("Let go of everything. Cancel the emergency call", 2)
        app.click("Try Again")
        app.wait_for(ROLE.HEADING, "Hold Volume Down", 30)
        phone.ask("boot dfu")
        app.wait_for(ROLE.HEADING, "It Worked", 30)


def check_keys():
    """Without a mouse: start, pause, start over, what is seen, with nothing that moves."""
    with stage(environment={"GTK_ENABLE_ANIMATIONS": "0"}) as (_phone, app), Focus(app) as focus:
        to_buttons(app)
        focus.press_until("Tab", named("Start"))
        app.keys("Return")
        app.wait_for(ROLE.HEADING, "Get Ready")
        focus.wait(named("Pause"))
        app.keys("Return")
        app.wait_for(ROLE.HEADING, "Paused")
        focus.wait(named("Start Over"))
        app.keys("Return")
        app.wait_for(ROLE.HEADING, "Hold Side Button", 12)
        focus.press_until("Tab", named("Nothing Happens"))
        app.keys("Return")
        app.wait_text("Keep holding. It can take some seconds more.", 3)
        focus.press_until("Tab", named("I See the Logo"))
        app.keys("Return")
        app.wait_for(ROLE.HEADING, "It Worked")
        focus.wait(named("Done"))


def check_windows():
    """A Windows Phone: nothing is lost by the soft reset; the hard one asks first, and counts its tries."""
    with VirtualPhone() as phone:
        phone.ask("unplug")
        with App(phone) as app:
            app.resize(1000, 1000)
            app.click("It Is a Windows Phone", ROWS, 20)
            app.click("It behaves oddly", {ROLE.LIST_ITEM})
            settle(app)
            app.click("Show the Buttons", ROLE.PUSH_BUTTON)
            app.wait_for(ROLE.PUSH_BUTTON, "Start")
            settle(app)
            app.wait_text("Nothing is erased", 2)
            app.press(app.wait_for(None, "Hard Reset"))
            app.wait_text("This erases everything on the phone, and it does not ask again.", 3)
            assert app.find(ROLE.PUSH_BUTTON, "Start", sensitive=True) is None, "it begins without consent"
            consent = app.wait_for(ROLE.CHECK_BOX, re.compile("everything on it may be erased"))
            app.press(consent)
            until(lambda: is_checked(consent), 3, "consent is given")
            app.press(app.wait_for(ROLE.CHECK_BOX, "More Time"))
            app.click("Start", ROLE.PUSH_BUTTON)
            app.wait_text("Try 1. It often takes three.", 3)
            app.click("It Vibrated", seconds=12)
            app.wait_for(ROLE.HEADING, "Hold Volume Down")
            app.click("I See “!”")
            app.wait_for(ROLE.HEADING, "Hands Off", 30)
            app.click("Nothing Happens")
            app.wait_for(ROLE.HEADING, "Not Quite")
            app.click("Try Again")
            app.wait_text("Try 2. It often takes three.", 3)


CASES = {
    "coach-restart": ("a force restart is counted, spoken, and ends by itself", check_restart),
    "coach-recovery": ("recovery mode ends by itself, after a wrong try", check_recovery),
    "coach-dfu": ("DFU mode ends by itself, after two corrections", check_dfu),
    "coach-keys": ("the coach by keyboard alone", check_keys),
    "coach-windows": ("a Windows Phone is coached, and its tries are counted", check_windows),
}


if __name__ == "__main__":
    tap.run([CASES[name] for name in sys.argv[1:] or CASES])
