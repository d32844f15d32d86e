#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installed program restores and updates the virtual phone, by clicks and keys; the phone says whether it did.

usage: test_restore.py CASE
"""

import pathlib
import sys
import time

import names
import tap
from driver import App
from journey import Journey, ROWS
from screen import ROLE, is_showing, name_of, value_of
from virtual_phone import PATIENCE, VirtualPhone, until

BRISK = {("pace", "seconds"): "6"}
GAP = 0.2  # the largest leap of the bar without a new step


class Watch:
    """Looks at the progress page again and again: the bar, and what it says is being done. Looking at the two alone is
    quick; a walk over everything that is showing would miss most of what happens."""

    def __init__(self, app):
        self.bar = app.wait_for(ROLE.PROGRESS_BAR)
        self.now = app.wait_for(ROLE.HEADING)
        self.samples = []  # (fraction, what is read beside the bar)

    def look(self):
        """Whether the bar is still there."""
        value = value_of(self.bar)
        if value is None or not is_showing(self.bar):
            return False
        self.samples.append((value, name_of(self.now)))
        time.sleep(0.05)
        return True

    def check(self):
        assert len(self.samples) > 20, f"only {len(self.samples)} looks at the bar"
        for (before, said), (after, says) in zip(self.samples, self.samples[1:]):
            assert after >= before - 1e-6, f"the bar went back from {before} to {after}"
            assert after - before <= GAP or said != says, f"the bar leapt from {before} to {after}"
        assert self.samples[-1][0] > 0.7, f"the bar ended at {self.samples[-1][0]}"


def run_whole(mode, goal, watch_names=False):
    """From plugging in to the result; returns the phone's last state."""
    changes = {**BRISK, ("phone", "mode"): mode}
    unnamed = {}

    with VirtualPhone(changes=changes) as phone, App(phone) as app:

        def shown(page):
            missing = names.nameless(app) if watch_names else []
            if missing:
                unnamed[page] = missing

        app.resize(1000, 1000)
        journey = Journey(app, shown)
        journey.start(goal)
        journey.progress()
        watch = Watch(app)
        end = time.monotonic() + 120
        while watch.look() and time.monotonic() < end:
            pass
        journey.done(goal, 30)
        app.wait_no_children()
        watch.check()
        assert not unnamed, f"without a name: {unnamed}"
        return phone.state()


def check_restored(mode):
    state = run_whole(mode, "Restore", watch_names=mode == "normal")
    assert (state["restored"], state["data"], state["system"]) == (1, "erased", "whole"), state
    assert state["mode"] == "normal", state


def check_updated():
    state = run_whole("normal", "Update")
    assert (state["updated"], state["restored"], state["data"], state["system"]) == (1, 0, "kept", "whole"), state


def check_stop():
    """Stop before the phone leaves normal mode: ends within 2 s, and the phone never noticed."""
    with VirtualPhone(changes=BRISK) as phone, App(phone) as app:
        app.resize(1000, 1000)
        journey = Journey(app)
        journey.start("Restore", lambda: phone.make_late("fault slow-ticket 20"))
        bar = journey.progress()
        phone.wait_saw("signing-asked", 20)
        stop = app.wait_for(ROLE.PUSH_BUTTON, "Stop")
        began = time.monotonic()
        app.press(stop)
        until(lambda: not is_showing(bar), 10, "the progress page is gone")
        took = time.monotonic() - began
        assert took < 2 * PATIENCE, f"Stop took {took:.1f} s"
        app.wait_no_children()
        state = phone.state()
        assert (state["mode"], state["data"], state["system"]) == ("normal", "kept", "whole"), state


def check_crash():
    """The app dies at 40 % of the upload: the phone still ends restored, and the next start tells how it ended."""
    with VirtualPhone(changes=BRISK) as phone:
        with App(phone) as app:
            app.resize(1000, 1000)
            Journey(app).start("Restore")
            phone.wait_saw("uploading", 60, percent="40")
            app.kill()
            phone.wait_state(90, restored=1, system="whole", mode="normal")
            until(lambda: not app.children_of_work(), 40, "the run ends by itself")
        with App(phone) as app:
            Journey(app).done("Restore", 40)


def check_crash_early():
    """The app dies while the phone's ticket is on its way: what brings it lives on, and the restore does."""
    with VirtualPhone(changes=BRISK) as phone:
        with App(phone) as app:
            app.resize(1000, 1000)
            Journey(app).start("Restore", lambda: phone.make_late("fault slow-ticket 4"))
            phone.wait_saw("signing-asked", 20)
            app.kill()
            phone.wait_state(90, restored=1, system="whole", mode="normal")
            until(lambda: not app.children_of_work(), 40, "the run ends by itself")


def check_download():
    """Without a file: it is downloaded, with a pause, and the restore that was chosen goes on with it."""
    slow = {**BRISK, ("faults", "download-slow"): "2048"}
    with VirtualPhone(changes=slow) as phone:
        for file in pathlib.Path(phone.environment["FIRMWARE_FOLDER"]).glob("*.ipsw"):
            file.unlink()
        with App(phone) as app:
            app.resize(1000, 1000)
            journey = Journey(app)
            journey.phone_page()
            journey.choose("Restore")
            app.wait_text("It Has to Be Downloaded", 20)
            assert not names.nameless(app), names.nameless(app)
            app.click("Download", ROWS)
            bar = app.wait_for(ROLE.PROGRESS_BAR)
            until(lambda: (value_of(bar) or 0) > 0.1, 20, "some of it is there")
            app.click("Pause", ROLE.PUSH_BUTTON)
            app.wait_text("Paused. What has arrived stays.", 5)
            assert not names.nameless(app), names.nameless(app)
            app.click("Go On", ROLE.PUSH_BUTTON)
            app.wait_for(ROLE.LABEL, "Before You Erase", 60)
            app.wait_text("It Is on This Computer", 20)
            journey.settle()
            assert phone.state()["data"] == "kept"
            journey.accept_all()
            journey.confirm("Restore")
            journey.progress()
            journey.done("Restore", 90)
            app.wait_no_children()
        assert phone.saw("download-request"), "the file came from elsewhere"
        assert phone.saw("web-request", path="/TSS/controller?action=2", secure="yes"), "signed without the relay"
        assert phone.state()["restored"] == 1


CASES = {
    "normal": ("a restore from normal mode", lambda: check_restored("normal")),
    "recovery": ("a restore from recovery mode", lambda: check_restored("recovery")),
    "dfu": ("a restore from DFU mode", lambda: check_restored("dfu")),
    "update": ("an update keeps the data", check_updated),
    "stop": ("Stop in the first zone", check_stop),
    "crash-early": ("the app is killed before the ticket is there", check_crash_early),
    "download": ("the system is downloaded first", check_download),
    "crash": ("the app is killed at 40 % of the upload", check_crash),
}

if __name__ == "__main__":
    tap.run([CASES[name] for name in sys.argv[1:]])
