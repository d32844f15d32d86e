# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of the live pages for the tour: not seen, watched, a loose plug, a phone that restarts by itself."""

import re
import time

from driver import App
from journey import ROWS
from screen import ROLE
from stage import flap
from tour_advice import WIDE, Pictures
from virtual_phone import VirtualPhone

ROUND = 11  # seconds; a shorter one is no restart
LOST = re.compile(r"^The Cable Lost Contact \d+ Times$")
LOOP = re.compile(r"^It Restarted by Itself \d+ Times$")


def show_plug(app, phone, pictures):
    app.click("The Computer Does Not See My Phone", ROWS, 20)
    app.wait_for(ROLE.HEADING, "No Phone Is Seen Here")
    pictures.take("not-seen", narrow=True)
    phone.ask("plug")
    app.wait_for(ROLE.HEADING, "Watching the Link", 20)
    pictures.take("watching")
    flap(phone, 4)
    app.wait_for(ROLE.HEADING, LOST, 10)
    pictures.take("loose", narrow=True)


def show_loop(app, phone, pictures):
    app.click("The Computer Does Not See My Phone", ROWS, 20)
    app.wait_for(ROLE.HEADING, "No Phone Is Seen Here")
    for _ in range(3):
        phone.ask("plug")
        time.sleep(ROUND)
        phone.ask("unplug")
        time.sleep(1)
    app.wait_for(ROLE.HEADING, LOOP, 20)
    pictures.take("boot-loop", narrow=True)


def look_at_link(guide_of, light):
    """guide_of(app): what takes the pictures."""
    for show, faults in ((show_plug, {}), (show_loop, {("faults", "silent"): ""})):
        with VirtualPhone(changes={("phone", "plugged"): "false", **faults}) as phone, App(phone) as app:
            app.resize(*WIDE)
            show(app, phone, Pictures(app, guide_of(app), light))
