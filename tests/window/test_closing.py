#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may close the window, and what goes on without it.

usage: test_closing.py CASE…
"""

import re
import signal
import subprocess
import time

import tap
from driver import App, PROGRAM, own_environment, process_state
from journey import DONE, Journey
from notices import Notices
from screen import ROLE, role_of
from stage import BRISK, START, choose_task, count, fill_confirm, stage, supervisors, to_confirm, wait_end
from virtual_phone import VirtualPhone, until

CLOSE = "Close While It Works?"


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
        app.wait_for(None, CLOSE)
        app.keys(answer)
        app.wait_gone(None, CLOSE, 5)
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


def check_term_in_restart():
    """A phone that restarts is waited for, and asked only once."""
    with stage() as (phone, app):
        choose_task(app, "Restart")
        phone.wait_saw("diagnostics", 20, request="Restart")
        app.process.send_signal(signal.SIGTERM)
        app.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert not app.ended(), "the program ended while the phone restarts"
        wait_end(app, 40)
        phone.wait_state(1, mode="normal", data="kept", system="whole")
        assert count(phone, "diagnostics") == 1, "it was asked twice"


def assert_nothing_moves(app, title):
    """The keys of the window are not for who has a dialog before him, whatever he means by them."""
    app.wait_for(None, title)
    app.keys("ctrl+q", "ctrl+w")
    time.sleep(0.5)
    assert app.find(None, title) is not None, f"“{title}” was closed"
    assert title == CLOSE or app.find(None, CLOSE) is None, "a question is laid over a dialog"
    assert not app.ended(), "the program ended"


def ask_to_close(app, title):
    """The desktop asks the window to close (Alt+F4): that goes to the dialog on top, whose answer is the harmless one."""
    app.ask_to_close()
    app.wait_gone(None, title, 5)
    app.wait_for(ROLE.PROGRESS_BAR)
    assert not app.ended(), "the program ended"


def check_dialogs():
    """Whatever lies over the progress, no key of the window ends the work or answers for the person."""
    with stage({("faults", "stalls-at-upload"): "0.3"}) as (phone, app):
        Journey(app).start("Restore")
        end_anyway = app.wait_for(ROLE.PUSH_BUTTON, re.compile("^End Anyway"), 60, sensitive=True)
        app.press(end_anyway)
        assert_nothing_moves(app, "End It Now?")
        ask_to_close(app, "End It Now?")
        app.keys("F1")
        assert_nothing_moves(app, "Help")
        ask_to_close(app, "Help")
        app.keys("ctrl+q")
        assert_nothing_moves(app, CLOSE)
        ask_to_close(app, CLOSE)
        app.ask_to_close()
        app.wait_for(None, CLOSE)
        phone.ask("mend stalls-at-upload")
        Journey(app).done("Restore", 60)
        assert app.find(None, CLOSE) is None, "closing is asked about when the work is over"
        assert phone.state()["restored"] == 1


def to_start(app):
    to_confirm(app)
    fill_confirm(app)
    return app.wait_for(ROLE.PUSH_BUTTON, START, 5, sensitive=True)


def check_double_click():
    """The second click of two on the start button starts nothing more, and stops nothing where Stop comes to stand."""
    with stage() as (phone, app):
        button = to_start(app)
        phone.make_late("fault slow-ticket 5")
        app.press(button)
        stop = app.wait_for(ROLE.PUSH_BUTTON, "Stop", 10, sensitive=True)
        place = app.middle(stop)
        app.press(stop)
        app.wait_for(ROLE.HEADING, "Stopped in Time", 20)
        app.click("Done")
        button = to_start(app)
        app.press(button)
        time.sleep(0.3)  # two clicks may be 0.4 s apart
        app.click_at(*place)
        phone.wait_saw("uploading", 60)
        assert len(supervisors(app)) == 1, app.children_of_work()
        Journey(app).done("Restore", 60)
        assert count(phone, "restore-started") == 1, "it was started more than once"
    with stage() as (phone, app):
        app.point_and_click(to_start(app), times=2)
        phone.wait_saw("restore-started", 60)
        assert len(supervisors(app)) == 1, app.children_of_work()
        Journey(app).done("Restore", 60)
        assert count(phone, "restore-started") == 1, "it was started more than once"


if __name__ == "__main__":
    tap.run_named(globals())
