#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which phone is touched: of several, of one that leaves, of one that does not trust this computer, and no real one in
the demo.

usage: test_phones.py CASE…
"""

import re
import subprocess
import time

import tap
from driver import App, PROGRAM, own_environment
from journey import Journey, ROWS
from screen import ROLE
from stage import BRISK, START, choose_task, fill_confirm, stage, wait_insensitive
from two_phones import two_phones
from virtual_phone import VirtualPhone

TITLES = re.compile("^Anna’s iPhone$")


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
            journey.tick_all()
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
        app.click("Try Again", ROLE.PUSH_BUTTON)
        app.wait_text("Unlock the phone with its passcode.", 10)
        phone.ask("unlock")  # which is seen without a press
        app.wait_text("82 %", 20)
    with stage(scenario="stale-pairing") as (_phone, app):
        app.wait_text("The phone does not know it any more.", 20)
        app.click("Ask Again", ROLE.PUSH_BUTTON, 10)
        app.wait_text("82 %", 20)


def spoil(variables, name, value):
    return {**variables, name: value} if value is not None else {k: v for k, v in variables.items() if k != name}


def check_demo_refused():
    """Guard rail 11: whatever does not lead to a virtual phone alone is not started at all."""
    with VirtualPhone() as phone:
        spoiled = [
            ("USBMUXD_SOCKET_ADDRESS", "UNIX:/var/run/usbmuxd"),
            ("USBMUXD_SOCKET_ADDRESS", "127.0.0.1:27015"),
            ("SECURE_SIGNING_SERVER", "https://localhost:80@example.org/"),
            ("SECURE_SIGNING_SERVER", "https://gs.apple.com"),
            ("VERSION_LIST", "https://localhost.example.org/version"),
            ("IPSW_LIST", "https://example.org/v4/device/"),
            ("SIGN_IN_PROBE", "http://example.org/"),
            ("WEB_AUTHORITY", None),
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


if __name__ == "__main__":
    tap.run_named(globals())
