# SPDX-License-Identifier: GPL-3.0-or-later
"""What is on the screen, as a screen reader has it (AT-SPI), and hands: a mouse and a keyboard (xdotool).

Finds things by role and name among what is showing. Nothing here calls into the program.
"""

import re
import subprocess
import time

import desktop
import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # pylint: disable=wrong-import-position
from virtual_phone import rest  # pylint: disable=wrong-import-position

ROLE = Atspi.Role
BUTTONS = {ROLE.PUSH_BUTTON, ROLE.TOGGLE_BUTTON, ROLE.LINK, ROLE.PUSH_BUTTON_MENU, ROLE.MENU_ITEM}
ENTRIES = {ROLE.TEXT, ROLE.ENTRY}
# They have a name at most: nothing is asked for that they cannot have.
WORDLESS = {ROLE.PANEL, ROLE.GROUPING, ROLE.FILLER, ROLE.LIST, ROLE.IMAGE, ROLE.SCROLL_PANE, ROLE.FRAME}
Atspi.set_timeout(3000, 10000)


def quiet(function, otherwise):
    """What function() says; otherwise when the thing went away meanwhile."""
    try:
        return function()
    except GLib.Error:
        return otherwise


def name_of(item):
    return quiet(item.get_name, "") or ""


def role_of(item):
    return quiet(item.get_role, ROLE.INVALID)


def has_state(item, *states):
    """One question to the program, however many states."""
    have = quiet(item.get_state_set, None)
    return have is not None and all(have.contains(state) for state in states)


def is_showing(item):
    return has_state(item, Atspi.StateType.SHOWING, Atspi.StateType.VISIBLE)


def is_sensitive(item):
    return has_state(item, Atspi.StateType.SENSITIVE)


def children(item):
    count = quiet(item.get_child_count, 0)
    found = (quiet(lambda index=index: item.get_child_at_index(index), None) for index in range(count))
    return [child for child in found if child is not None]


def walk(item):
    """Everything showing below item, in reading order."""
    for child in children(item):
        if is_showing(child):
            yield child
            yield from walk(child)


def ancestor(item, role):
    """The nearest thing of this role that holds the item, or None."""
    while item is not None and role_of(item) != role:
        item = quiet(item.get_parent, None)
    return item


def matches(name, wanted):
    """wanted: a string (equal), a compiled pattern (found in it) or None (anything)."""
    if wanted is None:
        return True
    if isinstance(wanted, re.Pattern):
        return wanted.search(name) is not None
    return name.replace("_", "") == wanted


def text_of(item):
    """The contents of an entry or a label."""
    text = quiet(item.get_text_iface, None)
    if text is None:
        return name_of(item)
    return quiet(lambda: Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text)), "")


def readable(item):
    """What can be read of the item: its name, and where it holds text, that."""
    return {name_of(item)} if role_of(item) in WORDLESS else {name_of(item), text_of(item)}


def value_of(item):
    value = quiet(item.get_value_iface, None)
    return None if value is None else quiet(lambda: Atspi.Value.get_current_value(value), None)


def application_of(pid):
    """The accessible application of a process, or None while it is not there."""
    desktop = Atspi.get_desktop(0)
    desktop.set_cache_mask(Atspi.Cache.NONE)
    for application in children(desktop):
        if quiet(application.get_process_id, 0) == pid:
            application.set_cache_mask(Atspi.Cache.NONE)
            return application
    return None


def act(item):
    """Does the item's own action (what Enter on it would do). Returns whether it has one."""
    action = quiet(item.get_action_iface, None)
    if action is None:
        return False
    for index in range(quiet(lambda: Atspi.Action.get_n_actions(action), 0)):
        # rows of a GtkListView only offer to be scrolled to; to open them is not among their actions
        if not quiet(lambda index=index: Atspi.Action.get_action_name(action, index), "").startswith("listitem."):
            return quiet(lambda index=index: Atspi.Action.do_action(action, index), False)
    return False


def xdotool(*arguments):
    done = subprocess.run(["xdotool", *map(str, arguments)], capture_output=True, text=True, check=True, timeout=20)
    return done.stdout.strip()


class Screen:
    """The windows of one process."""

    def __init__(self, pid):
        self.pid = pid

    def root(self):
        return application_of(self.pid)

    def everything(self):
        root = self.root()
        return [] if root is None else list(walk(root))

    def find(self, role=None, name=None, sensitive=False):
        """The first showing thing of this role (one, or a set) and name, or None."""
        roles = {role} if isinstance(role, ROLE) else role
        root = self.root()
        for item in walk(root) if root else []:
            if roles is not None and role_of(item) not in roles:
                continue
            if matches(name_of(item), name) and (not sensitive or is_sensitive(item)):
                return item
        return None

    def wait_for(self, role=None, name=None, seconds=10, sensitive=False):
        since = time.monotonic()
        while True:
            began = time.monotonic()
            item = self.find(role, name, sensitive)
            if item is not None:
                return item
            if time.monotonic() > since + seconds:
                raise TimeoutError(f"no {role} “{name}” within {seconds} s; there is:\n{self.describe()}")
            rest(began, since)

    def wait_gone(self, role, name, seconds=10):
        since = began = time.monotonic()
        while self.find(role, name) is not None:
            if time.monotonic() > since + seconds:
                raise TimeoutError(f"{role} “{name}” is still there after {seconds} s")
            rest(began, since)
            began = time.monotonic()

    def texts(self):
        """Everything that can be read now, one string an item."""
        return [text for item in self.everything() for text in readable(item) if text]

    def describe(self):
        lines = [f"{quiet(item.get_role_name, '?')}: {name_of(item)!r}" for item in self.everything()]
        return "\n".join(lines) or "nothing"

    def click(self, name, role=None, seconds=10):
        """Waits until the thing can be pressed, and presses it."""
        item = self.wait_for(BUTTONS if role is None else role, name, seconds, sensitive=True)
        self.press(item)
        return item

    def press(self, item):
        """Presses a button, a tick or a row: by its action where it has one, else with the mouse."""
        if not act(item):
            self.point_and_click(item)

    def extents(self, item):
        return Atspi.Component.get_extents(item.get_component_iface(), Atspi.CoordType.WINDOW)

    def point_and_click(self, item, times=1):
        """Clicks with the mouse into the middle of the item. GTK's extents miss a few pixels, so it must be large."""
        self.scroll_to(item)
        self.click_at(*self.middle(item), times)

    def middle(self, item):
        box = self.extents(item)
        return box.x + box.width // 2, box.y + box.height // 2

    def click_at(self, x, y, times=1):
        xdotool("mousemove", "--window", self.window(), x, y, "click", "--repeat", times, "--delay", 100, 1)

    def scroll_to(self, item, turns=60):
        """Turns the wheel over what scrolls until the item's middle is well inside it."""
        pane = ancestor(item, ROLE.SCROLL_PANE)
        if pane is None:
            return
        seen = self.extents(pane)
        for _ in range(turns):
            box = self.extents(item)
            middle = box.y + box.height // 2
            if seen.y + 20 < middle < seen.y + seen.height - 20:
                return
            xdotool("mousemove", "--window", self.window(), seen.x + seen.width // 2, seen.y + seen.height // 2)
            xdotool("click", 5 if middle > seen.y + seen.height // 2 else 4)
            time.sleep(0.03)
            if self.extents(item).y == box.y:
                return

    def window(self):
        """The X window, for keys and pictures."""
        return xdotool("search", "--onlyvisible", "--pid", self.pid).splitlines()[-1]

    def ask_to_close(self):
        """As Alt+F4 and the desktop do."""
        desktop.ask_to_close(int(self.window()))

    def focus_window(self):
        xdotool("windowfocus", "--sync", self.window())

    def keys(self, *names):
        self.focus_window()
        xdotool("key", "--clearmodifiers", *names)

    def type(self, text):
        self.focus_window()
        xdotool("type", "--clearmodifiers", "--delay", 20, text)

    def resize(self, width, height):
        xdotool("windowsize", "--sync", self.window(), width, height)

    def picture(self, path):
        """The whole display as a PNG: the window stands at its corner, as there is no window manager."""
        subprocess.run(["import", "-window", self.window(), str(path)], check=True, timeout=30)
