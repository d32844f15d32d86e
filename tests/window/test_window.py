#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window promises beside the main job: who may close it, whom it touches, what it says, and the keyboard.

usage: test_window.py CASE…
"""

import contextlib
import re
import signal
import subprocess
import time

import guides
import tap
from driver import App, PROGRAM, own_environment, process_state
from journey import DONE, Journey, ROWS, is_checked
from notices import Notices
from screen import Atspi, ENTRIES, ROLE, has_state, is_sensitive, is_showing, name_of, role_of
from two_phones import two_phones
from virtual_phone import VirtualPhone, until

BRISK = {("pace", "seconds"): "5"}
START = "Erase and Restore"
TITLES = re.compile("^Anna’s iPhone$")


@contextlib.contextmanager
def stage(changes=None, scenario="anna"):
    with VirtualPhone(scenario, {**BRISK, **(changes or {})}) as phone, App(phone) as app:
        app.resize(1000, 1000)
        yield phone, app


def focused(app):
    return next((item for item in app.everything() if has_state(item, Atspi.StateType.FOCUSED)), None)


def wait_focus(app, what, seconds=5):
    """Waits until the keyboard is at something that what(item) takes."""

    def found():
        item = focused(app)
        return item if item is not None and what(item) else None

    return until(found, seconds, f"the keyboard is where it should be; it is at {name_of(focused(app) or app.root())!r}")


def press_until(app, key, what, most=40):
    """Presses a key until the keyboard is at something that what(item) takes, as somebody does who cannot see."""
    for _ in range(most):
        item = focused(app)
        if item is not None and what(item):
            return item
        app.keys(key)
        time.sleep(0.05)
    raise AssertionError(f"{most} times {key} do not lead there; now at {name_of(focused(app))!r}:\n{app.describe()}")


def named(name, role=None):
    return lambda item: name_of(item).replace("_", "") == name and (role is None or role_of(item) == role)


def wait_insensitive(app, name, seconds=3):
    until(lambda: app.find(ROLE.PUSH_BUTTON, name, sensitive=True) is None, seconds, f"“{name}” cannot be pressed")


def assert_guide(app, nick, seconds=10):
    title, summary = guides.words(nick)
    app.wait_text(title, seconds)
    app.wait_text(summary, 3)


def wait_end(app, seconds):
    until(app.ended, seconds, "the program ends")
    assert app.process.returncode == 0, f"it ended with {app.process.returncode}"


# --- Starting and closing ---


def check_second_start():
    """Two starts of the real program are one window. There is no usbmuxd here."""
    nowhere = {"USBMUXD_SOCKET_ADDRESS": "UNIX:/nonexistent/usbmuxd"}
    with App(environment=nowhere) as app:
        app.wait_for(ROLE.HEADING, "Plug In Your Phone", 15)
        name, value = app.mark.split("=")
        second = subprocess.run(
            [str(PROGRAM)], env=own_environment({**nowhere, name: value}), timeout=10, check=False, capture_output=True
        )
        assert second.returncode == 0, second
        assert process_state(app.process.pid) not in (None, "Z"), "the first one is gone"
        running = [command for _pid, command in app.processes_left() if command.startswith(str(PROGRAM))]
        assert not running, f"there is a second process: {running}"
        windows = [item for item in app.everything() if role_of(item) == ROLE.FRAME]
        assert len(windows) == 1, windows


def ask_and_stay(app, close):
    """Closing asks, and what Enter or Escape answers is to stay."""
    for answer in ("Return", "Escape"):
        close()
        app.wait_for(None, "Close While It Works?")
        app.keys(answer)
        app.wait_gone(None, "Close While It Works?", 5)
        assert app.find(ROLE.PROGRESS_BAR) is not None, f"{answer} left the progress"


def check_closing():
    """No key leaves Progress; closing asks; the work goes on without the window, and the next start tells its end."""
    # in the middle of the upload the phone waits until the window is closed, however long that takes here
    with Notices() as notices, VirtualPhone(changes={**BRISK, ("faults", "stalls-at-upload"): "0.3"}) as phone:
        with App(phone) as app:
            app.resize(1000, 1000)
            journey = Journey(app)
            journey.start("Restore")
            journey.progress()
            app.keys("Escape", "alt+Left", "XF86Back", "BackSpace")
            journey.settle()
            assert app.find(ROLE.PROGRESS_BAR) is not None, "a key has left Progress"
            ask_and_stay(app, lambda: app.keys("ctrl+w"))
            ask_and_stay(app, lambda: app.keys("ctrl+q"))
            app.click("Close", ROLE.PUSH_BUTTON)
            app.click("Close the Window")
            until(lambda: app.find(ROLE.PROGRESS_BAR) is None, 5, "the window is gone")
            assert not app.ended(), "the program ended before its work"
            phone.ask("mend stalls-at-upload")
            phone.wait_state(60, restored=1, system="whole", mode="normal")
            wait_end(app, 30)
            app.wait_no_children()
            assert notices.told == [("Anna’s iPhone", DONE["Restore"])], notices.told
        with App(phone) as app:
            Journey(app).done("Restore", 20)
            app.click("Done")
            app.wait_gone(ROLE.HEADING, DONE["Restore"])
        with App(phone) as app:
            app.wait_text("What Do You Want to Do?", 15)  # what was seen is not shown again
            assert app.find(ROLE.HEADING, DONE["Restore"]) is None


def check_term_in_restore():
    """The app ends at once, the restore does not."""
    with VirtualPhone(changes=BRISK) as phone:
        with App(phone) as app:
            app.resize(1000, 1000)
            Journey(app).start("Restore")
            phone.wait_saw("uploading", 60, percent="20")
            app.process.send_signal(signal.SIGTERM)
            wait_end(app, 3)
            assert app.children_of_work(), "the restore has ended with the app"
            phone.wait_state(60, restored=1, system="whole", mode="normal")
            until(lambda: not app.children_of_work(), 30, "the run ends by itself")
        with App(phone) as app:
            Journey(app).done("Restore", 20)


def choose_task(app, goal):
    app.click("Fix a Problem", ROWS, 20)
    app.click("All Ways", ROWS)
    app.wait_for(ROWS, goal, 10, sensitive=True)
    time.sleep(0.35)
    app.click(goal, ROWS)


def check_term_in_short_work():
    """What is over within a minute is waited for: a phone on its way to recovery mode is not left alone."""
    with stage() as (phone, app):
        choose_task(app, "Start Recovery Mode")
        Journey(app).accept_all()
        app.wait_for(ROLE.PROGRESS_BAR)
        app.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert not app.ended(), "the program ended in the middle"
        phone.wait_state(30, mode="recovery")
        wait_end(app, 30)


# --- Which phone ---


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


SAME_NAME = {("phone", "ecid"): "0x0011223344551338", ("phone", "serial"): "F17VIRTUAL02"}


def check_unplugged():
    """Under Readiness and Confirm a phone that leaves stops everything, and another one of the same name is no help."""
    with two_phones({}, SAME_NAME, BRISK) as (both, phone, other):
        other.ask("unplug")
        with App(both) as app:
            app.resize(1000, 1000)
            journey = Journey(app)
            journey.phone_page()
            journey.choose("Restore")
            until(lambda: tick_all(app), 30, "Continue can be pressed")
            phone.ask("unplug")
            wait_insensitive(app, "Continue")
            app.wait_text("is not connected. Plug it in again.", 2)
            app.wait_text("Waits for the phone", 2)
            other.ask("plug")
            time.sleep(1.5)
            wait_insensitive(app, "Continue", 0)
            phone.ask("plug")
            app.click("Continue", ROLE.PUSH_BUTTON, 15)
            app.wait_for(ROLE.PUSH_BUTTON, START)
            journey.settle()
            fill_confirm(app)
            app.wait_for(ROLE.PUSH_BUTTON, START, 5, sensitive=True)
            phone.ask("unplug")
            wait_insensitive(app, START)
            app.wait_text("The phone is not connected. Plug it in again.", 2)
            app.keys("Return")
            time.sleep(1.5)
            wait_insensitive(app, START, 0)
            phone.ask("plug")
            app.wait_text("Go back and look at the checks again.", 10)
            wait_insensitive(app, START, 0)
            app.click("Cancel")
            app.click("Continue", ROLE.PUSH_BUTTON, 15)
            app.wait_for(ROLE.PUSH_BUTTON, START)
        for one in (phone, other):
            state = one.state()
            assert (state["mode"], state["data"], state["system"]) == ("normal", "kept", "whole"), state


def tick_all(app):
    """Ticks one more consent. Returns whether Continue can be pressed."""
    if app.find(ROLE.PUSH_BUTTON, "Continue", sensitive=True):
        return True
    for item in app.everything():
        if role_of(item) == ROLE.CHECK_BOX and is_sensitive(item) and not is_checked(item):
            app.press(item)
            break
    return False


TABLET = {
    ("phone", "product"): "iPad13,18",
    ("phone", "name"): "Kitchen iPad",
    ("phone", "ecid"): "0x0011223344551337",
    ("phone", "serial"): "DMVIRTUAL018",
}


def check_two_phones():
    """The chooser tells both apart; after choosing only that one is touched."""
    with two_phones({}, TABLET, BRISK) as (both, phone, tablet), App(both) as app:
        app.resize(1000, 1000)
        app.wait_for(ROLE.HEADING, "Choose a Phone", 20)
        app.wait_text(re.compile(r"iPhone 14.*serial number ends in AL01"), 10)
        app.wait_text(re.compile(r"iPad.*serial number ends in L018"), 10)
        app.click(re.compile("^Anna’s iPhone"), ROWS)
        app.wait_for(ROLE.HEADING, TITLES, 10)
        choose_task(app, "Restart")
        app.wait_for(ROLE.HEADING, "It Has Restarted", 40)
        assert phone.saw("diagnostics", request="Restart"), "it was not asked"
        assert not tablet.saw("diagnostics"), "the other one was asked"
        assert tablet.state()["mode"] == "normal"


# --- Work that is short ---


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
    with stage(scenario="back-in-recovery") as (phone, app):
        app.click("Leave Recovery Mode", None, 20)
        assert_guide(app, "back-in-recovery", 60)
        assert phone.state()["mode"] == "recovery"
        app.click("Done")
        row = app.wait_for(ROWS, "Update", 20, sensitive=True)
        app.press(row)
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


# --- Trust ---


def check_trust_asked():
    """Never trusted: the words, the button, and the tap on the phone, live."""
    with stage(scenario="never-trusted") as (phone, app):
        app.wait_text("Not trusted yet. Unlock the phone, then ask it.", 20)
        phone.wait_state(5, trust_question="none")  # it is not asked before the person says so
        app.click("Ask", ROLE.PUSH_BUTTON)
        app.wait_text("Look at the phone and tap Trust.", 10)
        phone.wait_state(5, trust_question="shown")
        phone.ask("trust no")
        app.wait_text("Trust was refused on the phone. Unplug it and plug it in again, then ask.", 10)
        app.wait_for(ROLE.PUSH_BUTTON, "Ask Again", 5, sensitive=True)
        phone.ask("unplug")
        app.wait_for(ROLE.HEADING, "Plug In Your Phone", 5)
        phone.ask("plug")
        app.click(re.compile("^Ask"), ROLE.PUSH_BUTTON, 20)
        app.wait_text("Look at the phone and tap Trust.", 10)
        phone.ask("trust yes")
        app.wait_text("82 %", 15)
        app.wait_for(ROLE.HEADING, TITLES)


def check_trust_others():
    with stage(scenario="locked") as (phone, app):
        app.click("Ask", ROLE.PUSH_BUTTON, 20)
        app.wait_text("Unlock the phone with its passcode.", 10)
        phone.ask("unlock")
        app.click("Try Again", ROLE.PUSH_BUTTON)
        app.wait_text("82 %", 20)
    with stage(scenario="stale-pairing") as (_phone, app):
        app.wait_text("The phone does not know it any more.", 20)
        app.click("Ask Again", ROLE.PUSH_BUTTON, 10)
        app.wait_text("82 %", 20)


# --- While it works ---


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
    with stage({("phone", "mode"): "recovery", ("faults", "signing-refuses"): "94"}) as (phone, app):
        Journey(app).start("Restore")
        assert_guide(app, "signing-refused", 30)
        app.click("Try Again")
        app.wait_for(ROLE.LABEL, "Before You Erase")
        journey = Journey(app)
        journey.settle()
        journey.accept_all()
        journey.confirm("Restore")
        assert_guide(app, "signing-refused", 30)
        app.click("Leave Recovery Mode", ROWS)
        app.wait_for(ROLE.HEADING, "It Started Again", 60)
        phone.wait_state(1, mode="normal", data="kept", system="whole")


# --- The keyboard ---


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


def close_help(app):
    """Escape leads from a guide to the list, and from there out."""

    def step():
        app.keys("Escape")
        time.sleep(0.4)
        return app.find(ROLE.DIALOG) is None

    until(step, 3, "help is closed")


def search_help(app):
    """By keyboard alone: a search, the best guide, and out again."""
    app.keys("F1")
    app.wait_text("Good to Know", 5)
    wait_focus(app, lambda item: role_of(item) in ENTRIES)
    app.type("4013")
    time.sleep(0.3)
    app.keys("Return")
    app.wait_text(guides.words("hub")[1], 5)
    close_help(app)


def check_keyboard():
    """The whole way to the start button without a mouse; F1 on each page; the button needs both conditions."""
    with stage() as (phone, app):
        phone.ask("unplug")
        app.wait_for(ROLE.HEADING, "Plug In Your Phone", 20)
        open_help(app, "not-seen")
        phone.ask("plug")
        app.wait_for(ROWS, "Fix a Problem", 20, sensitive=True)
        time.sleep(0.4)
        wait_focus(app, lambda item: True)
        search_help(app)
        press_until(app, "Tab", named("Fix a Problem"))
        app.keys("Return")
        app.wait_for(ROLE.HEADING, "What Is Wrong?")
        time.sleep(0.4)
        press_until(app, "Tab", named("All Ways"))
        app.keys("Return")
        app.wait_for(ROLE.HEADING, "Try the Mildest First")
        time.sleep(0.4)
        wait_focus(app, lambda item: True)
        open_help(app, None)
        press_until(app, "Tab", lambda item: name_of(item).startswith("Restore iP"))
        app.keys("Return")
        app.wait_for(ROLE.LABEL, "Before You Erase")
        until(lambda: app.find(ROLE.CHECK_BOX), 20, "there is something to accept")
        time.sleep(0.4)
        wait_focus(app, lambda item: True)
        open_help(app, "before-you-start")
        tick_by_keyboard(app)
        press_until(app, "Tab", named("Continue"))
        app.keys("Return")
        app.wait_for(ROLE.PUSH_BUTTON, START)
        wait_focus(app, lambda item: role_of(item) == ROLE.CHECK_BOX)
        open_help(app, "before-you-start")
        confirm_by_keyboard(app)
        phone.wait_saw("signing-asked", 40)
        assert len(supervisors(app)) == 1, app.children_of_work()
        phone.wait_state(60, restored=1)
        Journey(app).done("Restore", 40)
        wait_focus(app, named("Done"))
        assert count(phone, "restore-started") == 1, "it was started more than once"
        open_help(app, "after-restore")


def tick_by_keyboard(app):
    def unchecked(item):
        return role_of(item) == ROLE.CHECK_BOX and not is_checked(item)

    def step():
        if app.find(ROLE.PUSH_BUTTON, "Continue", sensitive=True):
            return True
        press_until(app, "Tab", unchecked)
        app.keys("space")
        time.sleep(0.1)
        return False

    until(step, 30, "Continue can be pressed")


def count(phone, event):
    return len([line for line in phone.log() if line.get("event") == event])


def supervisors(app):
    return [command for command in app.children_of_work() if command.split()[0].endswith("phone-reset-supervisor")]


def confirm_by_keyboard(app):
    """Enter does nothing until both are there; then twice Enter is one start."""
    button = app.wait_for(ROLE.PUSH_BUTTON, START)
    press_until(app, "Tab", lambda item: role_of(item) in ENTRIES)
    app.type("Anna's iPhone")
    app.keys("Return")  # the name alone
    time.sleep(0.3)
    assert is_showing(button) and not is_sensitive(button), "the name alone is enough"
    app.keys("ctrl+a", "BackSpace")
    press_until(app, "shift+Tab", lambda item: role_of(item) == ROLE.CHECK_BOX)
    app.keys("space")
    press_until(app, "Tab", lambda item: role_of(item) in ENTRIES)
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


# --- The demo ---


def spoil(variables, name, value):
    return {**variables, name: value} if value is not None else {k: v for k, v in variables.items() if k != name}


def check_demo_refused():
    """Guard rail 11: whatever does not lead to a virtual phone alone is not started at all."""
    with VirtualPhone() as phone:
        spoiled = [
            ("USBMUXD_SOCKET_ADDRESS", "UNIX:/var/run/usbmuxd"),
            ("USBMUXD_SOCKET_ADDRESS", "127.0.0.1:27015"),
            ("SIGNING_SERVER", "http://127.0.0.1:80@example.org/"),
            ("SIGNING_SERVER", "https://example.org"),
            ("LAST_ECID", "0xffffffffffffffff"),
            ("FIRST_ECID", "0x0"),
            ("TESTBED", None),
            ("LD_PRELOAD", None),
            ("UMOCKDEV_DIR", None),
        ]
        for number, (name, value) in enumerate(spoiled):
            folder = phone.folder / f"spoiled-{number}"
            folder.mkdir()
            variables = spoil(phone.environment, name, value)
            text = "".join(f"{key}={word}\n" for key, word in variables.items())
            if name != "USBMUXD_SOCKET_ADDRESS":
                folder = phone.stage
            (folder / "environment").write_text(text, encoding="utf-8")
            assert_refused(f"--demo={folder}", f"{name}={value}")
        assert_refused("--demo=/nonexistent/scenario.ini", "no such scenario")


def assert_refused(argument, what):
    done = subprocess.run(
        [str(PROGRAM), argument], env=own_environment({}), timeout=30, check=False, capture_output=True, text=True
    )
    assert done.returncode == 1, f"{what}: {done}"
    assert done.stderr.startswith("phone-reset: ") or "phone-reset: " in done.stderr, f"{what}: {done}"


CASES = {name.removeprefix("check_").replace("_", "-"): case for name, case in list(globals().items()) if name.startswith("check_")}

if __name__ == "__main__":
    import sys

    tap.run([(name, CASES[name]) for name in sys.argv[1:]])
