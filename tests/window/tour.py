#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev tour: the whole main job on the virtual phone, by clicks and keys, with a picture of every page.

Exit status 0 only if the phone itself says that it was restored and is whole. Runs in tests/session; the pictures in
other looks (dark, narrow, large text, right to left) each run in a session of their own, at the same time.
"""

import argparse
import datetime
import itertools
import os
import pathlib
import re
import subprocess
import sys
import time

import backup_folder
from driver import App
from journey import Journey, ROWS
from screen import ROLE
from tour_advice import look_at_advice
from tour_hand_over import look_at_hand_over
from tour_link import look_at_link
from virtual_phone import SOURCE, VirtualPhone

# The phone's own work is short here; everything else takes its time.
BRISK = {("pace", "seconds"): "8"}
BACKUP = "backup"  # no look, but a walk of its own
BRISKER = {("pace", "seconds"): "4"}
# In these a job fails, and the same is done once more.
WHOLE = {"dark", "narrow", "right-to-left"}
LOOKS = {
    "dark": ["--dark", "--size", "760x900"],
    "narrow": ["--narrow"],
    "large-text": ["--large-text", "--size", "760x1200"],
    "narrow-large-text": ["--narrow", "--large-text"],
    "right-to-left": ["--rtl", "--size", "760x900"],
    "high-contrast": ["--high-contrast", "--size", "760x900"],
    BACKUP: ["--size", "1000x1000"],
}
# Walks of their own, light and dark.
WALKS = {"advice": look_at_advice, "link": look_at_link, "hand-over": look_at_hand_over}
for _walk in WALKS:
    LOOKS |= {_walk: ["--size", "1100x900"], f"{_walk}-dark": ["--dark", "--size", "1100x900"]}


class Guide:
    """Says what happens, one line a step, and takes the pictures."""

    def __init__(self, app, folder, prefix="", numbers=None):
        self.app = app
        self.folder = folder
        self.prefix = prefix
        self.numbers = numbers or itertools.count(1)
        self.began = time.monotonic()

    def say(self, text):
        print(f"{time.monotonic() - self.began:6.1f} s  {text}", flush=True)

    def picture(self, page):
        self.app.picture(self.folder / f"{self.prefix}{next(self.numbers):02}-{page}.png")

    def shown(self, page):
        self.picture(page)
        if not self.prefix:
            headings = self.app.headings()
            self.say(f"{page}: {headings[0] if headings else ''}")


def walk(folder):
    """The main walk. Returns whether the phone was restored."""
    with VirtualPhone(changes=BRISK) as phone:
        phone.ask("unplug")
        with App(phone) as app:
            guide = Guide(app, folder)
            journey = Journey(app, guide.shown)
            app.resize(1000, 1000)
            app.wait_for(ROLE.HEADING, "Plug In Your Phone", 15)
            guide.shown("connect")
            phone.ask("plug")
            guide.say("the phone is plugged in")
            journey.start("Restore")
            journey.progress()
            phone.wait_saw("uploading", 60, percent="50")
            guide.shown("progress-sending")
            journey.done("Restore")
            state = phone.state()
            guide.say(f"the phone says: restored {state['restored']} time(s), system {state['system']}, {state['data']}")
            return state["restored"] == 1 and state["system"] == "whole" and state["data"] == "erased"


def walk_backup(folder):
    """A backup is made and looked at, and put back as far as Confirm. Returns whether the phone was backed up."""
    with VirtualPhone(changes={("pace", "megabytes-per-second"): "12"}) as phone, App(phone) as app:
        guide = Guide(app, folder, "backup-")
        journey = Journey(app, guide.shown)
        app.resize(1000, 1000)
        app.wait_for(ROWS, "Back Up Now", 20, sensitive=True)
        journey.settle()
        app.click("Back Up Now", ROWS)
        app.wait_for(ROLE.LABEL, "Before You Back Up")
        journey.settle()
        guide.shown("readiness")
        journey.accept_all("Back Up")
        app.wait_for(ROLE.PROGRESS_BAR)
        phone.wait_saw("backup-phase", 20, name="files")
        guide.shown("progress")
        journey.heading("It Is Backed Up", 60)
        journey.settle()
        guide.shown("result")
        app.click("Done", ROLE.PUSH_BUTTON)
        app.wait_text("What Do You Want to Do?", 15)
        journey.settle()
        look_at_list(app, guide)
        app.click("Put a Backup Back", ROWS)
        journey.settle()
        app.click(re.compile("^Today"), ROWS)
        app.wait_for(ROLE.LABEL, "Before You Put It Back")
        journey.settle()
        guide.shown("put-back")
        app.click(re.compile("^Enter Password"))
        app.wait_for(None, "Backup Password")
        journey.settle()
        guide.shown("password")
        app.type("virtual")
        app.keys("Return")
        app.wait_gone(None, "Backup Password")
        journey.accept_all()
        journey.heading(re.compile("^Put the Backup Back"))
        journey.settle()
        guide.shown("confirm")
        return phone.state()["backups-made"] == 1


def look_at_list(app, guide):
    """From the phone's page to its newest backup, and back again."""
    app.click("All Backups", ROWS)
    app.wait_for(ROWS, re.compile("^Today"))
    time.sleep(1)
    guide.picture("backups")
    app.click(re.compile("^Today"), ROWS)
    app.wait_for(ROLE.PUSH_BUTTON, "Verify")
    time.sleep(1)
    guide.picture("backup")
    app.keys("Escape")
    app.wait_for(ROWS, re.compile("^Today"))
    time.sleep(0.5)
    app.keys("Escape")
    app.wait_text("What Do You Want to Do?", 10)
    time.sleep(0.5)


def make_backups(folder):
    """Some that were made before, in several states."""
    now = datetime.datetime.now(backup_folder.UTC).replace(tzinfo=None)
    day = datetime.timedelta(days=1)
    own = backup_folder.udid_of(1)
    backup_folder.make_backup(folder / own, now, name="Ben’s iPhone", size=8_300_000_000)
    backup_folder.make_backup(folder / f"{own}.versions" / "0004", now - 9 * day, name="Ben’s iPhone", size=8_100_000_000)
    backup_folder.make_backup(
        folder / backup_folder.udid_of(2), now - 40 * day, "Kitchen iPad", "iPad13,18", "18.1", encrypted=True, size=21_500_000_000
    )
    backup_folder.make_backup(folder / backup_folder.udid_of(3), now - 500 * day, "Old iPhone", "iPhone10,6", "16.7", ours=False)


def fail_and_do_again(app, phone, guide):
    """The work is refused at first; Try Again leads through the same pages to the end."""
    journey = Journey(app)
    phone.ask("fault signing-refuses 94")
    journey.confirm("Restore")
    app.wait_for(ROLE.PUSH_BUTTON, "Try Again", 60, sensitive=True)
    journey.settle()
    guide.picture("failed")
    phone.ask("mend signing-refuses")
    app.click("Try Again")
    app.wait_for(ROLE.LABEL, "Before You Erase")
    journey.settle()
    journey.accept_all()
    journey.confirm("Restore")
    phone.wait_saw("uploading", 60, percent="30")
    guide.picture("progress")
    journey.done("Restore")
    guide.picture("result")


def look(folder, name):
    """The pages in another look: all of them, or those up to Confirm, where nothing is started."""
    walk_of = WALKS.get(name.removesuffix("-dark"))
    if walk_of:
        numbers = itertools.count(1)  # of all its programs
        walk_of(lambda app: Guide(app, folder, f"{name}-", numbers), light=not name.endswith("-dark"))
        return
    with VirtualPhone(changes=BRISKER if name in WHOLE else BRISK) as phone:
        make_backups(phone.stage / "backups")
        with App(phone) as app:
            look_at_pages(app, phone, folder, name)


def look_at_pages(app, phone, folder, name):
    guide = Guide(app, folder, f"{name}-")
    journey = Journey(app, guide.shown)
    if name.startswith("narrow"):
        app.resize(368, 808)  # all of the display of tests/session --narrow
    journey.phone_page()
    app.wait_for(ROWS, "All Backups", 20, sensitive=True)
    look_at_list(app, guide)
    journey.choose("Restore")
    journey.accept_all()
    journey.heading(re.compile("^Erase and Restore"))
    time.sleep(1)  # the slide from page to page, also where the machine is busy
    guide.picture("confirm")
    if name in WHOLE:
        fail_and_do_again(app, phone, guide)


def start_looks(folder):
    """Each in a session of its own, since looks are told by the environment and the display."""
    session = SOURCE / "tests" / "session"
    script = pathlib.Path(__file__)
    return {
        name: subprocess.Popen(
            [session, "--timeout", "140", *options, "--", sys.executable, script, "--pictures", folder, "--look", name],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for name, options in LOOKS.items()
    }


def finish_looks(running):
    good = True
    for name, process in running.items():
        said, _ = process.communicate(timeout=160)
        if process.returncode != 0:
            good = False
            print(f"the pictures {name} failed:\n{said}", flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(prog="dev tour")
    parser.add_argument("--pictures", type=pathlib.Path, required=True)
    parser.add_argument("--look", choices=LOOKS)
    parser.add_argument("--only-walk", action="store_true", help="no pictures in other looks")
    arguments = parser.parse_args()
    arguments.pictures.mkdir(parents=True, exist_ok=True)
    if arguments.look == BACKUP:
        return 0 if walk_backup(arguments.pictures) else 1
    if arguments.look:
        look(arguments.pictures, arguments.look)
        return 0
    for old in arguments.pictures.glob("*.png"):
        old.unlink()
    began = time.monotonic()
    looks = {} if arguments.only_walk else start_looks(arguments.pictures)
    restored = walk(arguments.pictures)
    print(f"{'Restored' if restored else 'NOT restored'} in {time.monotonic() - began:.0f} s", flush=True)
    good = finish_looks(looks)
    count = len(list(arguments.pictures.glob("*.png")))
    print(f"{count} pictures in {os.path.relpath(arguments.pictures)}", flush=True)
    return 0 if restored and good else 1


if __name__ == "__main__":
    sys.exit(main())
