# SPDX-License-Identifier: GPL-3.0-or-later
"""Hears what the X server is asked to ring: a bell that nobody rings cannot be heard."""

import contextlib
import ctypes

USE_CORE_KEYBOARD = 0x100  # of X11/extensions/XKB.h, as are the next two
BELL_NOTIFY = 8
BELL_NOTIFY_MASK = 1 << BELL_NOTIFY
EVENT_BYTES = 192


class BellEvent(ctypes.Structure):
    """The beginning of XkbBellNotifyEvent."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("time", ctypes.c_ulong),
        ("xkb_type", ctypes.c_int),
    ]


class Bells:
    """Counts bells from when it is made until it is closed."""

    def __init__(self):
        self.x11 = ctypes.CDLL("libX11.so.6")
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.display = ctypes.c_void_p(self.x11.XOpenDisplay(None))
        self.base = ctypes.c_int()
        ignored = [ctypes.byref(ctypes.c_int()) for _ in range(4)]
        assert self.x11.XkbQueryExtension(self.display, ignored[0], ctypes.byref(self.base), *ignored[1:])
        mask = ctypes.c_ulong(BELL_NOTIFY_MASK)
        assert self.x11.XkbSelectEvents(self.display, ctypes.c_uint(USE_CORE_KEYBOARD), mask, mask)
        self.x11.XSync(self.display, 0)
        self.n_heard = 0

    def heard(self):
        """How many so far."""
        event = (ctypes.c_char * EVENT_BYTES)()
        while self.x11.XPending(self.display):
            self.x11.XNextEvent(self.display, ctypes.byref(event))
            bell = BellEvent.from_buffer(event)
            self.n_heard += bell.type == self.base.value and bell.xkb_type == BELL_NOTIFY
        return self.n_heard

    def close(self):
        self.x11.XCloseDisplay(self.display)


@contextlib.contextmanager
def bells():
    listener = Bells()
    try:
        yield listener
    finally:
        listener.close()
