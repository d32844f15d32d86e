# SPDX-License-Identifier: GPL-3.0-or-later
"""The desktop's notifications, as the program sends them: a service on the session bus that keeps what it was told."""

import threading

from gi.repository import Gio, GLib

NAME = "org.freedesktop.Notifications"
INTERFACE = f"""<node><interface name='{NAME}'>
<method name='Notify'>
  <arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>
  <arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' direction='in'/>
  <arg type='a{{sv}}' direction='in'/><arg type='i' direction='in'/><arg type='u' direction='out'/>
</method>
<method name='CloseNotification'><arg type='u' direction='in'/></method>
<method name='GetCapabilities'><arg type='as' direction='out'/></method>
<method name='GetServerInformation'>
  <arg type='s' direction='out'/><arg type='s' direction='out'/><arg type='s' direction='out'/>
  <arg type='s' direction='out'/>
</method>
</interface></node>"""
ANSWERS = {
    "Notify": lambda: GLib.Variant("(u)", (1,)),
    "GetCapabilities": lambda: GLib.Variant("(as)", ([],)),
    "GetServerInformation": lambda: GLib.Variant("(ssss)", ("test", "test", "1", "1.2")),
}


class Notices:
    """A context manager; told is a list of (summary, body)."""

    def __init__(self):
        self.told = []
        self.loop = GLib.MainLoop(GLib.MainContext.new())
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        assert self.ready.wait(10), "no session bus"
        return self

    def __exit__(self, *_):
        self.loop.quit()
        self.thread.join(5)

    def serve(self):
        self.loop.get_context().push_thread_default()
        address = Gio.dbus_address_get_for_bus_sync(Gio.BusType.SESSION)
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        interface = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
        bus.register_object("/org/freedesktop/Notifications", interface, self.called, None, None)
        Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, lambda *_: self.ready.set(), None)
        self.loop.run()
        bus.close_sync()

    def called(self, _bus, _sender, _path, _interface, method, arguments, invocation):
        if method == "Notify":
            self.told.append((arguments[3], arguments[4]))
        invocation.return_value(ANSWERS.get(method, lambda: None)())
