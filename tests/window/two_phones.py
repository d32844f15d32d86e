# SPDX-License-Identifier: GPL-3.0-or-later
"""Two virtual phones on one computer: a usbmuxd that passes on to the usbmuxd of each.

The app's environment is the first phone's; the second one is seen over usbmuxd alone, as a phone is whose USB node this
computer does not tell anything of.
"""

import contextlib
import pathlib
import plistlib
import socket
import struct
import threading

from virtual_phone import VirtualPhone

HEADER = struct.Struct("<IIII")  # length, version, message, tag
STEP = 1000  # between the device numbers of the two


def receive(stream):
    """One message: (its bytes, tag, dictionary), or None at the end."""
    head = stream.recv(HEADER.size, socket.MSG_WAITALL)
    if len(head) < HEADER.size:
        return None
    length, _version, _message, tag = HEADER.unpack(head)
    body = stream.recv(length - HEADER.size, socket.MSG_WAITALL) if length > HEADER.size else b""
    return head + body, tag, plistlib.loads(body)


def send(stream, tag, values):
    body = plistlib.dumps(values)
    stream.sendall(HEADER.pack(HEADER.size + len(body), 1, 8, tag) + body)


def renumber(event, number):
    """A device as the app sees it: with a number that only one phone has."""
    event = dict(event)
    if "DeviceID" in event:
        event["DeviceID"] += number * STEP
    if "Properties" in event:
        event["Properties"] = renumber(event["Properties"], number)
    return event


def bare(udid):
    """usbmuxd has the newer kind without its hyphen, pair records have it with it."""
    return udid.replace("-", "").upper()


def splice(one, other):
    """Passes on what comes, until there is no more."""
    with contextlib.suppress(OSError):
        while part := one.recv(65536):
            other.sendall(part)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_WR)


class Muxer:
    """The usbmuxd of both."""

    def __init__(self, path, sockets):
        self.sockets = sockets
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(path))
        self.server.listen(64)
        threading.Thread(target=self.serve, daemon=True).start()

    def close(self):
        self.server.close()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.server.accept()
                threading.Thread(target=self.talk, args=(client,), daemon=True).start()

    def dial(self, number):
        stream = socket.socket(socket.AF_UNIX)
        stream.connect(self.sockets[number])
        return stream

    def ask(self, number, values):
        with self.dial(number) as stream:
            send(stream, 1, values)
            answer = receive(stream)
        return answer[2] if answer else {}

    def talk(self, client):
        with contextlib.suppress(OSError, plistlib.InvalidFileException), client:
            while (message := receive(client)) is not None:
                _bytes, tag, values = message
                kind = values.get("MessageType")
                if kind == "Listen":
                    self.listen(client, tag, values)
                    return
                if kind == "Connect":
                    self.connect(client, tag, values)
                    return
                send(client, tag, self.answer(kind, values))

    def answer(self, kind, values):
        if kind == "ListDevices":
            found = [
                renumber(device, number)
                for number in range(len(self.sockets))
                for device in self.ask(number, values).get("DeviceList", [])
            ]
            return {"DeviceList": found}
        if "PairRecordID" in values:
            return self.ask(self.owner(values["PairRecordID"]), values)
        return self.ask(0, values)

    def owner(self, udid):
        """Whose pair record it is; a phone that is not there is the first's business."""
        for number in range(len(self.sockets)):
            for device in self.ask(number, {"MessageType": "ListDevices"}).get("DeviceList", []):
                if bare(device["Properties"]["SerialNumber"]) == bare(udid):
                    return number
        return 0

    def connect(self, client, tag, values):
        number, device = divmod(values["DeviceID"], STEP)
        with self.dial(number) as stream:
            send(stream, tag, {**values, "DeviceID": device})
            back = threading.Thread(target=splice, args=(stream, client), daemon=True)
            back.start()
            splice(client, stream)
            back.join(60)

    def listen(self, client, tag, values):
        lock = threading.Lock()
        threads = [
            threading.Thread(target=self.relay, args=(client, tag, values, number, lock), daemon=True)
            for number in range(len(self.sockets))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def relay(self, client, tag, values, number, lock):
        """The events of one; only the first one's word on the request itself."""
        with contextlib.suppress(OSError), self.dial(number) as stream:
            send(stream, tag, values)
            while (event := receive(stream)) is not None:
                if event[2].get("MessageType") == "Result" and number > 0:
                    continue
                with lock:
                    send(client, event[1], renumber(event[2], number))


class Stage:
    """What the app attaches to: the first phone's variables, and the usbmuxd of both. For App(stage)."""

    def __init__(self, folder):
        self.stage = folder


@contextlib.contextmanager
def two_phones(first, second, changes=None):
    """(stage, first phone, second phone): each is given as the changes to the usual scenario."""
    both = changes or {}
    with VirtualPhone(changes={**both, **first}) as one, VirtualPhone(changes={**both, **second}) as other:
        folder = one.folder / "both"
        folder.mkdir()
        variables = {**one.environment, "USBMUXD_SOCKET_ADDRESS": f"UNIX:{folder}/usbmuxd"}
        pathlib.Path(folder, "environment").write_text(
            "".join(f"{name}={value}\n" for name, value in variables.items()), encoding="utf-8"
        )
        sockets = [phone.environment["USBMUXD_SOCKET_ADDRESS"].removeprefix("UNIX:") for phone in (one, other)]
        muxer = Muxer(folder / "usbmuxd", sockets)
        try:
            yield Stage(folder), one, other
        finally:
            muxer.close()
