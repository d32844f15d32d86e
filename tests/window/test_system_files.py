#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""System files in the window: what is kept of them, and what goes wrong while one is downloaded.

usage: test_system_files.py CASE…
"""

import pathlib
import re
import time

import tap
from journey import Journey, ROWS
from screen import ENTRIES, ROLE, role_of, text_of
from stage import assert_guide, settle, stage
from virtual_phone import until


def check_preferences():
    """How much is kept, what there is, and cleaning, which leaves what a person put there."""
    with stage() as (phone, app):
        app.wait_for(ROLE.HEADING, re.compile("^Anna"), 20)
        app.keys("ctrl+comma")
        app.wait_for(None, "Keep at Most (GB)", 10)
        settle(app)
        app.wait_text(re.compile("put there by you: it stays"), 10)
        limit = next(item for item in app.everything() if role_of(item) in {*ENTRIES, ROLE.SPIN_BUTTON})
        assert text_of(limit).startswith("30"), text_of(limit)
        app.click("Clean Up Now", ROWS)
        app.wait_text(re.compile("were freed"), 10)
        files = list(pathlib.Path(phone.environment["FIRMWARE_FOLDER"]).glob("*.ipsw"))
        assert len(files) == 1, files
        assert app.find(None, "Apple’s Signing Server") is None, "the virtual phone's servers can be changed"


def download(app, nick, seconds):
    app.click("Download", ROWS, 20)
    assert_guide(app, nick, seconds)
    app.wait_for(ROLE.PUSH_BUTTON, "Try Again")
    app.click("Done", ROLE.PUSH_BUTTON)
    app.wait_for(ROLE.LABEL, "Before You Update")
    settle(app)


def check_faults():
    """Each ends in plain words with a next step, and leads back to where the download was chosen."""
    with stage() as (phone, app):
        for file in pathlib.Path(phone.environment["FIRMWARE_FOLDER"]).glob("*.ipsw"):
            file.unlink()
        journey = Journey(app)
        journey.phone_page()
        journey.choose("Update")
        app.wait_text("It Has to Be Downloaded", 20)
        phone.ask("fault captive-portal")
        download(app, "sign-in-first", 60)
        phone.ask("mend captive-portal")
        phone.ask("fault servers-down")
        app.click("Check Again", ROLE.PUSH_BUTTON)
        app.wait_text("From a list of today. No server could be asked just now.", 30)
        download(app, "no-download", 120)
        phone.ask("mend servers-down")
        phone.ask("fault download-digest")
        app.click("Check Again", ROLE.PUSH_BUTTON)
        until(lambda: not any("From a list" in text for text in app.texts()), 30, "the servers were asked")
        time.sleep(1)
        download(app, "wrong-download", 60)


if __name__ == "__main__":
    tap.run_named(globals())
