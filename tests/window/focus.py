# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the keyboard is, as a screen reader follows it: by what the program tells over AT-SPI when the focus moves."""

import time

from screen import Atspi, GLib, has_state, name_of, role_of
from virtual_phone import until

EVENT = "object:state-changed:focused"


def named(name, role=None):
    return lambda item: name_of(item).replace("_", "") == name and (role is None or role_of(item) == role)


def has_focus(item):
    return has_state(item, Atspi.StateType.FOCUSED, Atspi.StateType.SHOWING)


class Focus:
    """Follows the focus of one program; a context manager."""

    def __init__(self, app):
        self.app = app
        self.last = None
        self.listener = Atspi.EventListener.new(self.moved)

    def __enter__(self):
        self.listener.register(EVENT)
        return self

    def __exit__(self, *_):
        self.listener.deregister(EVENT)

    def moved(self, event):
        if event.detail1:
            self.last = event.source

    def where(self):
        """What has the focus now, or None. Who has not been told yet looks for it."""
        while GLib.MainContext.default().iteration(False):
            pass
        if self.last is None or not has_focus(self.last):
            self.last = next((item for item in self.app.everything() if has_focus(item)), None)
        return self.last

    def wait(self, what, seconds=5):
        """Waits until the keyboard is at something that what(item) takes."""

        def found():
            item = self.where()
            return item if item is not None and what(item) else None

        try:
            return until(found, seconds, "the keyboard is where it should be")
        except TimeoutError as error:
            at = self.where()
            raise TimeoutError(f"{error}; it is at {name_of(at) if at else None!r}") from None

    def press_until(self, key, what, most=40):
        """Presses a key until the keyboard is at something that what(item) takes, as somebody does who cannot see."""
        for _ in range(most):
            item = self.where()
            if item is not None and what(item):
                return item
            self.app.keys(key)
            time.sleep(0.05)
        raise AssertionError(f"{most} times {key} do not lead there:\n{self.app.describe()}")
