# SPDX-License-Identifier: GPL-3.0-or-later
"""Has everything that a screen reader stops at a name? By the names that AT-SPI computes, not by what was set."""

from screen import ENTRIES, ROLE, Atspi, has_state, name_of, role_of, text_of

# stops that are not reached by Tab but read out on the way
ALWAYS_NAMED = {
    ROLE.PUSH_BUTTON,
    ROLE.TOGGLE_BUTTON,
    ROLE.CHECK_BOX,
    ROLE.RADIO_BUTTON,
    ROLE.LINK,
    ROLE.PROGRESS_BAR,
    ROLE.LEVEL_BAR,
    ROLE.IMAGE,
    ROLE.ICON,
    ROLE.LIST_ITEM,
    ROLE.STATUS_BAR,
    *ENTRIES,
}
# what only holds others: it may take the focus, and says what is in it
CONTAINERS = {ROLE.LIST, ROLE.LIST_BOX, ROLE.SCROLL_PANE, ROLE.PANEL, ROLE.GROUPING, ROLE.FRAME, ROLE.FILLER}


def shows_choice(item):
    """libadwaita draws the chosen item of a row that opens a list as a list of its own, which the row itself names."""
    while item is not None and role_of(item) != ROLE.COMBO_BOX:
        item = item.get_parent()
    return item is not None


def nameless(app):
    """What is showing and has no name, one line an item."""
    found = []
    for item in app.everything():
        role = role_of(item)
        focusable = has_state(item, Atspi.StateType.FOCUSABLE) and role not in CONTAINERS
        unnamed = (role in ALWAYS_NAMED or focusable) and not (name_of(item) or text_of(item)).strip()
        if unnamed and not (role == ROLE.LIST_ITEM and shows_choice(item)):
            parent = item.get_parent()
            found.append(f"{item.get_role_name()} in {parent.get_role_name()} “{name_of(parent)}”")
    return found
