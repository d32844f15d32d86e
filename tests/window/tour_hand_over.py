# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of a phone's way to somebody else for the tour: the steps, erasing it, the report, and who manages it."""

from driver import App
from journey import ROWS, Journey
from screen import ROLE, is_sensitive
from stage import close_help, fill_confirm
from tour_advice import WIDE, Pictures
from virtual_phone import VirtualPhone, until


def show_erase(app, pictures):
    journey = Journey(app)
    journey.phone_page()
    app.wait_for(ROWS, "Prepare to Hand Over", 20, sensitive=True)
    journey.settle()
    app.click("Prepare to Hand Over", ROWS)
    app.wait_for(ROLE.HEADING, "One Step After the Other")
    pictures.take("steps", narrow=True)
    app.click("From This Computer", ROWS)
    app.wait_for(ROLE.LABEL, "Before You Erase")
    pictures.take("readiness")
    journey.accept_all()
    button = app.wait_for(ROLE.PUSH_BUTTON, "Erase", 15)
    journey.settle()
    fill_confirm(app)
    app.press(app.find(ROLE.RADIO_BUTTON, "Erase It"))
    until(lambda: is_sensitive(button), 10, "it can be pressed")
    pictures.take("confirm", narrow=True)
    app.press(button)
    app.wait_for(ROLE.HEADING, "Ready to Hand Over", 60)
    pictures.take("result", narrow=True)
    app.click("Hand-Over Report…", ROLE.PUSH_BUTTON)
    app.wait_text("•••••••••••0006", 10)
    pictures.take("report", narrow=True)
    close_help(app)


def show_profiles(app, pictures):
    Journey(app).phone_page()
    app.click("Managed by", ROWS, 20)
    app.wait_for(ROWS, "Privacy VPN", 15)
    pictures.take("profiles", narrow=True)


def look_at_hand_over(guide_of, light):
    """guide_of(app): what takes the pictures."""
    with VirtualPhone(changes={("pace", "scale"): "0.3"}) as phone, App(phone) as app:
        app.resize(*WIDE)
        show_erase(app, Pictures(app, guide_of(app), light))
    with VirtualPhone("profiles") as phone, App(phone) as app:
        app.resize(*WIDE)
        show_profiles(app, Pictures(app, guide_of(app), light))
