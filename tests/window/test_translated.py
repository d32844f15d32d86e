#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is every word in the window one that a translator can reach? In a language where each translation is the text between
two marks, what is read without marks never went through a translation."""

import datetime
import pathlib
import re
import subprocess
import tempfile
import time

import backup_folder
import tap
from driver import App
from journey import Journey
from screen import ROLE, name_of
from virtual_phone import PREFIX, SOURCE, VirtualPhone

LANGUAGE = "xx"
# the phone's own words, numbers, and what GTK and libadwaita say in their own translations
OTHERS = re.compile(
    r"«|^(Minimize|Maximize|Restore|Close|Back|Phone Reset|Main Menu|Menu|Search|Clear|Show Password|Hide Password)$|Anna|^iPhone|^iOS|^~?/tmp/|^[\d\W]*$"
)


def make_language(folder):
    """A translation of everything that the sources mark as translatable, made as a translator's tools make it."""
    files = [
        line
        for line in (SOURCE / "po/POTFILES.in").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#") and line.endswith((".c", ".blp"))
    ]
    template, words = folder / "all.pot", folder / "xx.po"
    subprocess.run(
        ["xgettext", "--from-code=UTF-8", "--language=C", "--keyword=_", "--keyword=N_", "--keyword=ngettext:1,2"]
        + ["--output", template, *files],
        cwd=SOURCE,
        check=True,
        capture_output=True,
    )
    text = subprocess.run(["msgen", template], check=True, capture_output=True).stdout
    marked = subprocess.run(
        ["msgfilter", "--keep-header", "sed", "-e", r"1s/^/«/", "-e", r"$s/$/»/"],
        input=text,
        check=True,
        capture_output=True,
    ).stdout
    words.write_bytes(marked.replace(b"charset=CHARSET", b"charset=UTF-8"))
    target = PREFIX / "share/locale" / LANGUAGE / "LC_MESSAGES"
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["msgfmt", "-o", target / "phone-reset.mo", words], check=True)
    return target


def unmarked(app):
    return sorted({text for text in app.texts() if not OTHERS.search(text)})


def make_backups(folder):
    """One in every state."""
    now = datetime.datetime.now(backup_folder.UTC).replace(tzinfo=None)
    name = "iPhone of Anna"
    backup_folder.make_backup(folder / backup_folder.udid_of(1), now, name=name, size=1_000_000)
    backup_folder.make_backup(folder / f"{backup_folder.udid_of(1)}.versions" / "0001", now, name=name, encrypted=True)
    backup_folder.make_backup(folder / backup_folder.udid_of(2), now, name=name, ours=False)
    backup_folder.make_backup(folder / backup_folder.udid_of(3), now, name=name, finished=False)


def look_at_backups(app, look):
    """From Readiness of a restore to the list of backups, and what is behind it."""
    app.keys("Escape")
    app.wait_for(ROLE.HEADING, re.compile("«Try the"))
    app.keys("Escape")
    app.wait_for(ROLE.HEADING, re.compile("«What Is Wrong"))
    time.sleep(0.5)
    app.keys("Escape")
    app.click(re.compile("«Back Up Now»"), {ROLE.LIST_ITEM})
    app.wait_for(ROLE.LABEL, re.compile("«Before You Back Up»"))
    look("back-up")
    app.keys("Escape")
    app.click(re.compile("«All Backups»"), {ROLE.LIST_ITEM})
    app.click(re.compile("«Folders"), None)
    look("folders")
    app.keys("Escape")
    app.click(re.compile("independent copy»"), {ROLE.LIST_ITEM})
    app.wait_for(ROLE.PUSH_BUTTON, "«Verify»")
    look("backup")
    app.click("«Verify»")
    app.wait_for(ROLE.LABEL, "«Backup Password»")
    look("password")
    app.keys("Escape")


def look_at_advice(app, look):
    """From what is wrong to the step, the ways side by side and the buttons, and back."""
    app.click("«It is frozen»", {ROLE.LIST_ITEM})
    app.click("«It Did Not Help»")
    app.wait_for(ROLE.HEADING, "«Force Restart»")
    look("advice")
    app.click("«Show the Buttons»")
    app.wait_for(ROLE.PUSH_BUTTON, "«Start»")
    look("coach")
    app.click("«Start»")
    app.click("«I See a Cable»", seconds=30)
    look("coach-not-quite")
    app.keys("Escape")
    app.wait_for(ROLE.HEADING, "«Force Restart»")
    time.sleep(0.5)
    app.click("«Compare the Ways»", {ROLE.LIST_ITEM})
    app.wait_for(ROLE.HEADING, "«Keeps Your Data»")
    app.press(next(item for item in app.everything() if name_of(item).startswith("«Restart»,")))
    look("compare")
    app.keys("Escape")
    app.wait_for(ROLE.HEADING, "«Force Restart»")
    time.sleep(0.5)
    app.keys("Escape")
    app.wait_for(ROLE.HEADING, re.compile("«What Is Wrong"))


def check_pages():
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        make_language(pathlib.Path(folder))
    with VirtualPhone() as phone:
        make_backups(phone.stage / "backups")
        phone.ask("unplug")
        with App(phone, environment={"LANG": "de_DE.UTF-8", "LANGUAGE": LANGUAGE, "LC_ALL": None}) as app:
            app.resize(1000, 1000)
            journey = Journey(app)

            def look(page):
                journey.settle()
                found.update({page: unmarked(app)} if unmarked(app) else {})

            app.wait_for(ROLE.HEADING, re.compile("«Plug In"))
            look("connect")
            phone.ask("plug")
            app.click(re.compile("«Fix a Problem»"), seconds=20)
            app.wait_for(ROLE.HEADING, re.compile("«What Is Wrong"))
            look("symptoms")
            look_at_advice(app, look)
            app.click("«All Ways»", {ROLE.LIST_ITEM})
            app.wait_for(ROLE.HEADING, re.compile("«Try the"))
            look("goal")
            app.click(re.compile("«Restore iPhone»"), {ROLE.LIST_ITEM})
            app.wait_for(ROLE.BUTTON, re.compile("«Continue»"))
            look("readiness")
            app.keys("F1")
            app.wait_for(ROLE.LIST_ITEM, re.compile("«Step 1"))
            look("help")
            app.keys("Escape", "Escape")
            app.wait_gone(ROLE.DIALOG, None)
            look_at_backups(app, look)
    assert not found, f"not translatable: {found}"


if __name__ == "__main__":
    tap.run([("every word can be translated", check_pages)])
