#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups in the window: made, put back, looked after; the phone and the disk say whether it is so.

usage: test_backup.py CASE…
"""

import contextlib
import datetime
import os
import pathlib
import re
import time

import backup_folder
import names
import tap
from driver import App
from focus import Focus, named
from journey import Journey, ROWS, is_checked
from screen import Atspi, ENTRIES, ROLE, is_sensitive, name_of, role_of
from stage import assert_guide, give_word
from test_keyboard import tick_by_keyboard
from virtual_phone import PATIENCE, VirtualPhone, until

PASSWORD = "virtual"  # that of the virtual phone's backups
PLAIN = {("values", "com.apple.mobile.backup/WillEncrypt"): "false"}
DONE = "It Is Backed Up"
PASSWORDS = {*ENTRIES, ROLE.PASSWORD_TEXT}


class Stage:
    """The phone, the window, and what it keeps on disk."""

    def __init__(self, phone, app):
        self.phone = phone
        self.app = app
        self.folder = phone.stage / "backups"
        self.journey = Journey(app)
        self.unnamed = {}

    def look(self, page):
        """Everything on this page has a name for a screen reader."""
        missing = names.nameless(self.app)
        if missing:
            self.unnamed[page] = missing

    def backups(self):
        """Folders of backups that are whole as far as their names tell."""
        return sorted(path.parent for path in self.folder.glob("*/Manifest.db") if "." not in path.parent.name)

    def choose(self, row):
        self.app.wait_for(ROLE.HEADING, re.compile("^Anna’s iPhone"), 20)
        self.journey.settle()
        self.app.click(row, ROWS)

    def start_backup(self):
        """From the phone's page into the work."""
        self.choose("Back Up Now")
        self.app.wait_for(ROLE.LABEL, "Before You Back Up")
        self.journey.settle()
        self.journey.accept_all("Back Up")

    def back_up(self):
        self.start_backup()
        self.app.wait_for(ROLE.HEADING, DONE, 60)
        self.journey.settle()

    def close_result(self):
        self.app.click("Done", ROLE.PUSH_BUTTON)
        self.app.wait_text("What Do You Want to Do?", 15)
        self.journey.settle()


@contextlib.contextmanager
def stage(changes=None, prepare=None):
    with VirtualPhone(changes=changes or {}) as phone:
        if prepare:
            prepare(phone.stage / "backups")
        with App(phone) as app:
            app.resize(1000, 1000)
            yield Stage(phone, app)


def type_password(app, **texts):
    """Into the entries of the dialog, by their titles, and Enter."""
    with Focus(app) as focus:
        for title, text in texts.items():
            wanted = title.replace("_", " ")
            focus.press_until("Tab", lambda item, wanted=wanted: role_of(item) in PASSWORDS and name_of(item) == wanted)
            app.keys("ctrl+a", "BackSpace")
            app.type(text)
        app.keys("Return")


# --- Making one ---


def check_made():
    """With the phone's password tried first: wrong, then right. The result says what there is, and so does the disk."""
    # it stands still in the middle for as long as its progress is looked at
    with stage({("faults", "backup-stall-at-bytes"): "20000000"}) as one:
        app = one.app
        app.wait_for(ROWS, "Back Up Now", 20, sensitive=True)
        one.journey.settle()
        one.look("phone")
        one.choose("Back Up Now")
        app.click(re.compile("^Enter Password"), None, 15)
        app.wait_for(None, "Backup Password")
        one.journey.settle()
        one.look("password")
        app.click("Cancel")
        one.journey.accept_all("Back Up")
        one.journey.progress()
        one.look("progress")
        one.phone.ask("mend backup-stall-at-bytes")
        app.wait_for(ROLE.HEADING, DONE, 60)
        one.journey.settle()
        one.look("result")
        app.wait_text("Passwords and Health data are in it.", 2)
        assert one.phone.state()["backups-made"] == 1, one.phone.state()
        assert len(one.backups()) == 1, one.backups()
        one.close_result()
        app.wait_text(re.compile("^Today, .*"), 5)
        assert not one.unnamed, f"without a name: {one.unnamed}"


def check_password():
    """The password of a backup that is there already: wrong, then right, within seconds."""
    with stage() as one:
        one.back_up()
        one.close_result()
        one.choose("Back Up Now")
        one.app.click(re.compile("^Enter Password"), None, 15)
        one.app.wait_for(None, "Backup Password")
        one.journey.settle()
        type_password(one.app, Password="wrong")
        one.app.wait_text("That is not the password of the backups.", 5 * PATIENCE)
        type_password(one.app, Password=PASSWORD)
        one.app.wait_gone(None, "Backup Password", 5 * PATIENCE)
        one.journey.accept_all("Back Up")
        one.app.wait_for(ROLE.HEADING, DONE, 60)
        one.app.wait_text("Its list opens, and every file is there with its size.", 5)
        assert one.phone.state()["backups-made"] == 2


def check_plain():
    """Without encryption the result says plainly what is missing, and what no backup holds is one press away."""
    with stage(PLAIN) as one:
        one.back_up()
        one.app.wait_text("Passwords and Health data are not in it.", 2)
        one.app.click("What No Backup Holds", ROWS)
        assert_guide(one.app, "not-in-backups")


# --- Faults ---


def check_cut():
    """The cable goes in the middle of the second backup: the first is untouched, and the next run succeeds."""
    with stage(PLAIN) as one:
        one.back_up()
        before = backup_folder.digest(one.backups()[0])
        one.close_result()
        one.phone.ask("mutate 20 5 20")
        one.phone.ask("fault backup-cut-at-file 5")
        one.start_backup()
        one.app.wait_for(ROLE.PUSH_BUTTON, "Try Again", 30 * PATIENCE)
        assert_guide(one.app, "backup-cut")
        one.app.wait_no_children()
        assert backup_folder.digest(one.backups()[0]) == before, "the backup from before was changed"
        one.phone.ask("mend backup-cut-at-file")
        one.phone.ask("plug")
        one.app.click("Try Again", ROLE.PUSH_BUTTON, 20)
        one.journey.accept_all("Back Up")
        one.app.wait_for(ROLE.HEADING, DONE, 60)
        assert one.phone.state()["backups-made"] == 2


def check_disk_full():
    """The phone finds that there is too little room here."""
    with stage({**PLAIN, ("faults", "backup-disk-full"): ""}) as one:
        one.start_backup()
        assert_guide(one.app, "backup-disk-full", 30)
        assert one.backups() == [], "an unfinished backup was kept"


def check_passcode():
    """While the phone asks for its passcode the page says so."""
    with stage({**PLAIN, ("phone", "passcode"): "wait"}) as one:
        one.start_backup()
        one.app.wait_text("Look at your phone: it asks for its passcode", 20)
        one.phone.ask("set passcode enter")
        one.app.wait_for(ROLE.HEADING, DONE, 60)


# --- Putting one back ---


def confirm_put_back(one):
    app = one.app
    button = app.wait_for(ROLE.PUSH_BUTTON, "Put It Back", 15)
    one.journey.settle()
    one.look("confirm")
    app.press(app.wait_for(ROLE.CHECK_BOX, re.compile("This is my phone")))
    one.journey.type_what_is_asked(next(item for item in app.everything() if role_of(item) in ENTRIES))
    until(lambda: is_sensitive(button), 10, "it can be pressed")
    app.press(button)


def check_put_back():
    """The phone has afterwards just what was in the backup."""
    with stage(PLAIN) as one:
        one.back_up()
        saved = one.phone.state()["files-digest"]
        one.close_result()
        one.phone.ask("mutate 30 10 10")
        assert one.phone.state()["files-digest"] != saved
        one.choose("Put a Backup Back")
        one.app.wait_for(ROLE.LABEL, "Which Backup?")
        one.journey.settle()
        one.look("choice")
        one.app.click(re.compile("^Today"), ROWS)
        one.app.wait_for(ROLE.LABEL, "Before You Put It Back")
        one.journey.settle()
        assert is_checked(one.app.find(ROLE.RADIO_BUTTON, "It Is the Same Phone")), "the same phone was not seen"
        one.look("readiness")
        one.journey.accept_all("Continue")
        confirm_put_back(one)
        one.app.wait_for(ROLE.HEADING, "The Backup Is Back", 90 * PATIENCE)
        state = one.phone.state()
        assert (state["backups-restored"], state["files-digest"]) == (1, saved), state
        assert not one.unnamed, f"without a name: {one.unnamed}"


def check_find_my():
    """While Find My is on nothing can be put back, and the row says why."""
    with stage({**PLAIN, ("values", "com.apple.fmip/IsAssociated"): "true"}) as one:
        one.back_up()
        one.close_result()
        one.choose("Put a Backup Back")
        one.app.click(re.compile("^Today"), ROWS)
        assert_guide(one.app, "find-my-on")
        assert one.app.find(ROLE.PUSH_BUTTON, "Continue", sensitive=True) is None, "Continue can be pressed"
        assert one.phone.state()["backups-restored"] == 0


# --- Encryption ---


def will_encrypt(phone):
    return phone.saw("backup-request", name="ChangePassword", result="done")


def open_encryption(app):
    """Opens the row, as somebody does who presses again when nothing happened."""
    ways = re.compile("^(Turn On|Change Password)")

    def step():
        if app.find(ROWS, ways) is None:
            app.click("Encryption of Backups", ROWS, 20)
            time.sleep(PATIENCE)
        return app.find(ROWS, ways)

    until(step, 30, "the ways to change the encryption are shown")


def check_encryption():
    """Off with a wrong password is refused, with the right one done; then on, and changed."""
    with stage() as one:
        app = one.app
        open_encryption(app)
        app.click(re.compile("^Turn Off"), ROWS)
        one.journey.settle()
        type_password(app, Password="wrong")
        assert_guide(app, "wrong-backup-password", 20)
        app.click("Try Again", ROLE.PUSH_BUTTON)
        one.journey.settle()
        type_password(app, Password=PASSWORD)
        app.wait_for(ROLE.HEADING, "Encryption Is Off", 30)
        one.close_result()
        open_encryption(app)
        app.click(re.compile("^Turn On"), ROWS, 20)
        one.journey.settle()
        type_password(app, New_Password="one", New_Password_Again="two")
        app.wait_text("The two new passwords differ.", 3)
        type_password(app, New_Password_Again="one")
        app.wait_for(ROLE.HEADING, "Backups Are Encrypted Now", 30)
        one.close_result()
        open_encryption(app)
        app.click(re.compile("^Change Password"), ROWS, 20)
        one.journey.settle()
        type_password(app, Old_Password="one", New_Password="three", New_Password_Again="three")
        app.wait_for(ROLE.HEADING, "The Password Is Changed", 30)


def check_organisation():
    """Where an organisation wants encryption it is said, and there is no way to turn it off."""
    with stage({("values", "com.apple.mobile.backup/RequiresEncryption"): "true"}) as one:
        one.app.wait_text("On, as the organisation that manages it wants", 20)
        open_encryption(one.app)
        assert one.app.find(ROWS, re.compile("^Change Password")) is not None
        assert one.app.find(ROWS, re.compile("^Turn Off")) is None


# --- The list ---


def make_two(folder):
    now = datetime.datetime.now(backup_folder.UTC).replace(tzinfo=None)
    backup_folder.make_backup(folder / backup_folder.udid_of(1), now, name="Ben’s iPhone", size=1_000_000)
    backup_folder.make_backup(
        folder / f"{backup_folder.udid_of(1)}.versions" / "0001",
        now - datetime.timedelta(days=3),
        name="Ben’s iPhone",
        size=900_000,
    )


def open_list(one):
    """Without any phone."""
    one.phone.ask("unplug")
    one.app.wait_for(ROLE.HEADING, "Plug In Your Phone", 20)
    one.journey.settle()
    one.app.click("Backups on This Computer", ROWS)
    one.app.wait_for(ROLE.HEADING, "Ben’s iPhone")
    one.journey.settle()


def trash_files():
    return list((pathlib.Path(os.environ["XDG_DATA_HOME"]) / "Trash" / "files").glob("*"))


def check_trash():
    """An earlier version goes at once; the last one that can be relied on takes its phone's name."""
    with stage(prepare=make_two) as one:
        app = one.app
        open_list(one)
        one.look("backups")
        app.click(re.compile("no independent copy$"), ROWS)
        app.wait_for(ROLE.HEADING, "This Backup Is Good")
        one.journey.settle()
        one.look("backup")
        app.click(re.compile("^Move to Trash"), ROWS)
        app.wait_for(None, "Move It to the Trash?")
        app.click("Move to Trash", ROLE.PUSH_BUTTON)
        app.wait_text("The backup is in the trash now.", 10)
        app.wait_gone(ROWS, re.compile("no independent copy$"))
        app.click(re.compile("^Today"), ROWS)
        app.wait_for(ROLE.HEADING, "This Backup Is Good")
        one.journey.settle()
        app.click(re.compile("^Move to Trash"), ROWS)
        app.wait_for(None, "Move It to the Trash?")
        button = app.wait_for(ROLE.PUSH_BUTTON, "Move to Trash")
        give_word(app, button, "Ben's iPhone")
        app.press(button)
        app.wait_text("No Backups Here Yet", 10)
        assert len(trash_files()) == 2, trash_files()
        assert not one.unnamed, f"without a name: {one.unnamed}"


def check_verified():
    """A decayed file is found by looking into every file, and the backup is never called good again."""
    with stage(PLAIN) as one:
        one.back_up()
        one.close_result()
        one.app.click("All Backups", ROWS)
        one.app.click(re.compile("^Today"), ROWS)
        one.app.wait_for(ROLE.HEADING, "This Backup Is Good")
        one.journey.settle()
        one.app.click("Verify", ROLE.PUSH_BUTTON)
        one.app.wait_text("Nothing Is Missing", 30)
        backup_folder.spoil_one_file(one.backups()[0])
        one.app.click("Verify", ROLE.PUSH_BUTTON)
        one.app.wait_for(ROLE.HEADING, "This Backup Is Damaged", 30)
        one.app.keys("Escape")
        one.app.wait_for(ROWS, re.compile("^Today.*Damaged$"))


def check_reading():
    """Who reads about backups is not torn away by a phone that comes; going back shows it."""
    with stage(prepare=make_two) as one:
        open_list(one)
        one.phone.ask("plug")
        time.sleep(3)
        assert one.app.find(ROLE.HEADING, "Ben’s iPhone") is not None, "the list is gone"
        one.app.keys("Escape")
        one.app.wait_for(ROLE.HEADING, re.compile("^Anna’s iPhone"), 10)


def check_folder():
    """Where backups are kept is chosen in the desktop's own dialog; what is in the old folder is still shown."""
    with stage(prepare=make_two) as one:
        app = one.app
        chosen = one.phone.stage / "disk"
        chosen.mkdir()
        open_list(one)
        app.click("Folders…", ROLE.PUSH_BUTTON)
        app.click("Change…", ROLE.PUSH_BUTTON)
        app.wait_for(None, "Where New Backups Are Kept")
        one.journey.settle()
        app.type("/")
        entry = app.wait_for(ENTRIES, re.compile(""))
        # at once: the dialog completes what is being typed
        Atspi.EditableText.set_text_contents(entry.get_editable_text_iface(), f"{chosen}/")
        app.keys("Return")
        app.wait_text(re.compile("/disk$"))
        app.keys("Escape")
        app.wait_for(ROLE.HEADING, "Ben’s iPhone")


def leave_unfinished(folder):
    make_two(folder)
    now = datetime.datetime.now(backup_folder.UTC).replace(tzinfo=None)
    partial = folder / f"{backup_folder.udid_of(2)}.partial"
    backup_folder.make_backup(partial, now, finished=False, ours=False)


def check_recovered():
    """What a crash has left is cleared away at the next start, and that is said."""
    with stage(prepare=leave_unfinished) as one:
        one.app.wait_text("An unfinished backup was cleared away. Nothing that was finished was lost.", 20)
        assert not list(one.folder.glob("*.partial")), "it is still there"


# --- The keyboard ---


def check_keyboard():
    """A backup without a mouse, from plugging in to the result."""
    with stage(PLAIN) as one, Focus(one.app) as focus:
        app = one.app
        app.wait_for(ROWS, "Back Up Now", 20, sensitive=True)
        one.journey.settle()
        focus.press_until("Tab", named("Back Up Now"))
        app.keys("Return")
        app.wait_for(ROLE.LABEL, "Before You Back Up")
        one.journey.settle()
        tick_by_keyboard(app, focus, "Back Up")
        focus.press_until("Tab", named("Back Up"))
        app.keys("Return")
        app.wait_for(ROLE.HEADING, DONE, 60)
        focus.wait(named("Done"))
        app.keys("Return")
        app.wait_text("What Do You Want to Do?", 15)
        assert one.phone.state()["backups-made"] == 1


CASES = {name.removeprefix("check_").replace("_", "-"): case for name, case in list(globals().items()) if name.startswith("check_")}

if __name__ == "__main__":
    import sys

    tap.run([(name, CASES[name]) for name in sys.argv[1:]])
