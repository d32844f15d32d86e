# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the window share: a phone with the program beside it."""

import contextlib
import re
import time

import guides
from driver import App
from focus import Focus
from journey import Journey, ROWS, is_checked
from names import nameless
from screen import ENTRIES, ROLE, is_sensitive, role_of
from virtual_phone import PATIENCE, VirtualPhone, until

BRISK = {("pace", "seconds"): "5"}
START = "Erase and Restore"


@contextlib.contextmanager
def stage(changes=None, scenario="anna", environment=None):
    changes = {**BRISK, **(changes or {})}
    with VirtualPhone(scenario, changes) as phone, App(phone, environment=environment) as app:
        app.resize(1000, 1000)
        yield phone, app


def settle(app):
    """Until the slide from page to page is over; then everything on it has to have a name."""
    time.sleep(0.5)
    unnamed = nameless(app)
    assert not unnamed, unnamed


def wait_insensitive(app, name, seconds=3):
    until(lambda: app.find(ROLE.PUSH_BUTTON, name, sensitive=True) is None, seconds, f"“{name}” cannot be pressed")


def assert_guide(app, nick, seconds=10):
    """The guide's own words can be read."""
    title, summary = guides.words(nick)
    app.wait_text(title, seconds)
    app.wait_text(summary, 3)


def wait_end(app, seconds):
    until(app.ended, seconds, "the program ends")
    assert app.process.returncode == 0, f"it ended with {app.process.returncode}"


def count(phone, event):
    return len([line for line in phone.log() if line.get("event") == event])


def supervisors(app):
    return [command for command in app.children_of_work() if command.split()[0].endswith("phone-reset-supervisor")]


def choose_task(app, goal):
    app.click("Fix a Problem", ROWS, 20)
    app.click("All Ways", ROWS)
    app.wait_for(ROWS, goal, 10, sensitive=True)
    time.sleep(0.35)
    app.click(goal, ROWS)


def to_confirm(app, goal="Restore"):
    journey = Journey(app)
    journey.phone_page()
    journey.choose(goal)
    journey.accept_all()
    app.wait_for(ROLE.PUSH_BUTTON, START if goal == "Restore" else goal)
    journey.settle()
    return journey


def fill_confirm(app, text="Anna's iPhone"):
    box = app.wait_for(ROLE.CHECK_BOX, re.compile("This is my phone"))
    if not is_checked(box):
        app.press(box)
    entry = next(item for item in app.everything() if role_of(item) in ENTRIES)
    app.point_and_click(entry)
    app.keys("ctrl+a", "BackSpace")
    app.type(text)


def close_help(app):
    """Escape leads from a guide to the list, and from there out."""

    def step():
        app.keys("Escape")
        time.sleep(0.4)
        return app.find(ROLE.DIALOG) is None

    until(step, 10 * PATIENCE, "help is closed")


def flap(phone, times):
    """A loose plug."""
    for _ in range(times):
        phone.ask("unplug")
        time.sleep(0.5)
        phone.ask("plug")
        time.sleep(0.7)


def give_word(app, button, name):
    """Neither the tick nor a part of the name is enough."""
    assert not is_sensitive(button), "it can be pressed without a word"
    with Focus(app) as focus:
        focus.press_until("Tab", lambda item: role_of(item) == ROLE.CHECK_BOX)
        app.keys("space")
        focus.press_until("Tab", lambda item: role_of(item) in ENTRIES)
    app.type(name[:-1])
    time.sleep(0.3)
    assert not is_sensitive(button), "a part of the name is enough"
    app.type(name[-1])
    until(lambda: is_sensitive(button), 5, "it can be pressed")
