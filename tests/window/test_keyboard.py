#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window by keyboard alone, and where the keyboard is.

usage: test_keyboard.py CASE…
"""

import time

import guides
import tap
from focus import Focus, named
from journey import Journey, ROWS, is_checked
from screen import ENTRIES, ROLE, is_sensitive, is_showing, name_of, role_of
from stage import START, close_help, count, stage, supervisors
from virtual_phone import until


def open_help(app, nick):
    """F1 shows this guide (None: the list of all), and Escape closes it again."""
    app.keys("F1")
    if nick:
        app.wait_text(guides.words(nick)[1], 5)
    else:
        app.wait_text("Good to Know", 5)
    app.keys("F1")  # a second one is not laid over it
    time.sleep(0.3)
    close_help(app)


def search_help(app, focus):
    """By keyboard alone: a search, the best guide, and out again."""
    app.keys("F1")
    app.wait_text("Good to Know", 5)
    focus.wait(lambda item: role_of(item) in ENTRIES)
    app.type("4013")
    time.sleep(0.3)
    app.keys("Return")
    app.wait_text(guides.words("unplugged-in-work")[1], 5)
    close_help(app)


def check_keyboard():
    """The whole way to the start button without a mouse; F1 on each page; the button needs both conditions."""
    with stage() as (phone, app), Focus(app) as focus:
        phone.ask("unplug")
        app.wait_for(ROLE.HEADING, "Plug In Your Phone", 20)
        open_help(app, "not-seen")
        phone.ask("plug")
        app.wait_for(ROWS, "Fix a Problem", 20, sensitive=True)
        time.sleep(0.4)
        focus.wait(lambda item: True)
        search_help(app, focus)
        focus.press_until("Tab", named("Fix a Problem"))
        app.keys("Return")
        app.wait_for(ROLE.HEADING, "What Is Wrong?")
        time.sleep(0.4)
        focus.press_until("Tab", named("All Ways"))
        app.keys("Return")
        app.wait_for(ROLE.HEADING, "Try the Mildest First")
        time.sleep(0.4)
        focus.wait(lambda item: True)
        open_help(app, None)
        focus.press_until("Tab", lambda item: name_of(item).startswith("Restore iP"))
        app.keys("Return")
        app.wait_for(ROLE.LABEL, "Before You Erase")
        until(lambda: app.find(ROLE.CHECK_BOX), 20, "there is something to accept")
        time.sleep(0.4)
        focus.wait(lambda item: True)
        open_help(app, "before-you-start")
        tick_by_keyboard(app, focus)
        focus.press_until("Tab", named("Continue"))
        app.keys("Return")
        app.wait_for(ROLE.PUSH_BUTTON, START)
        focus.wait(lambda item: role_of(item) == ROLE.CHECK_BOX)
        open_help(app, "before-you-start")
        confirm_by_keyboard(app, focus)
        phone.wait_saw("restore-started", 60)
        assert len(supervisors(app)) == 1, app.children_of_work()
        phone.wait_state(60, restored=1)
        Journey(app).done("Restore", 40)
        focus.wait(named("Done"))
        assert count(phone, "restore-started") == 1, "it was started more than once"
        open_help(app, "after-restore")


def tick_by_keyboard(app, focus, way_on="Continue"):
    def unchecked(item):
        return role_of(item) == ROLE.CHECK_BOX and not is_checked(item)

    def step():
        if app.find(ROLE.PUSH_BUTTON, way_on, sensitive=True):
            return True
        focus.press_until("Tab", unchecked)
        app.keys("space")
        time.sleep(0.1)
        return False

    until(step, 30, f"“{way_on}” can be pressed")


def confirm_by_keyboard(app, focus):
    """Enter does nothing until both are there; then twice Enter is one start."""
    button = app.wait_for(ROLE.PUSH_BUTTON, START)
    focus.press_until("Tab", lambda item: role_of(item) in ENTRIES)
    app.type("Anna's iPhone")
    app.keys("Return")  # the name alone
    time.sleep(0.3)
    assert is_showing(button) and not is_sensitive(button), "the name alone is enough"
    app.keys("ctrl+a", "BackSpace")
    focus.press_until("shift+Tab", lambda item: role_of(item) == ROLE.CHECK_BOX)
    app.keys("space")
    focus.press_until("Tab", lambda item: role_of(item) in ENTRIES)
    app.type("Anna's iPhon")
    app.keys("Return")  # the tick, and not the whole name
    time.sleep(0.3)
    assert is_showing(button) and not is_sensitive(button), "a part of the name is enough"
    app.type("e")
    until(lambda: is_sensitive(button), 5, "it can be pressed")
    app.keys("Return", "Return", "Return")
    app.wait_for(ROLE.PROGRESS_BAR)
    time.sleep(0.5)
    assert app.find(ROLE.PROGRESS_BAR) is not None, "the second Enter has stopped it"


def check_focus_kept():
    """Whatever changes on Readiness meanwhile, the keyboard stays at the tick that the person has come to."""
    with stage() as (phone, app), Focus(app) as focus:
        journey = Journey(app)
        journey.phone_page()
        journey.choose("Restore")
        focus.press_until("Tab", named("I have looked after these", ROLE.CHECK_BOX))
        phone.ask("set com.apple.mobile.battery/BatteryCurrentCapacity 7")
        app.click("Check Again")
        app.wait_for(ROLE.CHECK_BOX, "It is charged enough", 15)
        focus.wait(named("I have looked after these", ROLE.CHECK_BOX))
        phone.ask("unplug")
        app.wait_text("Waits for the phone", 10)
        phone.ask("plug")
        app.wait_for(ROLE.CHECK_BOX, "I have looked after these", 15)
        focus.wait(named("I have looked after these", ROLE.CHECK_BOX))
        app.keys("space")
        until(lambda: is_checked(focus.where()), 5, "the tick is set")


if __name__ == "__main__":
    tap.run_named(globals())
