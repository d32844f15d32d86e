# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about the window: how soon it is there, what it takes, how it bears a flood, and what it costs a restore."""

import os
import subprocess
import time

from measure import BUILD, Metered, interleaved, row

from driver import PROGRAM, App, own_environment  # pylint: disable=wrong-import-order
from journey import Journey
from virtual_phone import VirtualPhone

PEER = "gnome-firmware"
SETTLED = 3.5  # seconds after which a program's memory is read
RUNS = 5
HELPER_SECONDS = 60
# a phone whose own work is short, so that what the computer does shows
BRISK = {("pace", "seconds"): "5", ("phone", "mode"): "recovery"}


def ours():
    # no phone and no daemon: both programs draw their first page without waiting for anything
    return Metered([str(PROGRAM)], own_environment({"USBMUXD_SOCKET_ADDRESS": "UNIX:/nonexistent"}))


def peer():
    return Metered([PEER])


def frame_of(start):
    with start() as program:
        return program.first_frame()


def memory_of(start):
    with start() as program:
        program.first_frame()
        time.sleep(SETTLED)
        return program.pss()


def first_frame():
    mine, other = interleaved(lambda: frame_of(ours), lambda: frame_of(peer), RUNS)
    return row("first-frame", "ms", mine, other, PEER, 0.77, RUNS)


def pss():
    mine, other = interleaved(lambda: memory_of(ours), lambda: memory_of(peer), 3)
    return row("pss", "MiB", mine, other, PEER, 0.89, 3)


def flood(name):
    """Longest dispatch in ms while a program of this folder floods one of the window's pages."""
    nowhere = own_environment({"USBMUXD_SOCKET_ADDRESS": "UNIX:/nonexistent"})
    with Metered([str(BUILD / "tests" / "bench" / name)], nowhere) as program:
        status = program.process.wait(90)
        if status != 0:
            raise RuntimeError(f"{name} ended with {status}")
        return program.report()["longest-dispatch-ms"]


def dispatch():
    """While an operation reports progress as fast as a thread can."""
    flood("pr-flood")
    longest = max(flood("pr-flood") for _ in range(RUNS))
    return row("dispatch", "ms", longest, 50, "50 ms limit", 1, RUNS)


def dispatch_link():
    """While a phone comes and goes, a hundred events a second for a minute."""
    return row("dispatch-link", "ms", flood("pr-flap"), 16, "16 ms limit", 1, 1)


def link_to_page():
    """From when the helper tells of a phone's coming until Cable and Port shows it, at most."""
    nowhere = own_environment({"USBMUXD_SOCKET_ADDRESS": "UNIX:/nonexistent"})
    command = [str(BUILD / "tests" / "bench" / "pr-flap"), "--slowly"]
    done = subprocess.run(command, env=nowhere, check=True, timeout=60, capture_output=True, text=True)
    longest = float(done.stdout.split("longest-ms ")[1])
    return row("link-to-page", "ms", longest, 200, "200 ms limit", 1, 1)


def helper_cpu():
    """What the helper takes while it looks for phones and none comes or goes, one being there."""
    ticks = os.sysconf("SC_CLK_TCK")
    with VirtualPhone() as phone:
        bed = {name: phone.environment[name] for name in ("UMOCKDEV_DIR", "LD_PRELOAD")}
        command = [str(BUILD / "src" / "usb" / "phone-reset-usb"), "--testbed", phone.environment["TESTBED"]]
        with subprocess.Popen(
            command, env={**os.environ, **bed}, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        ) as helper:
            time.sleep(2)
            before = cpu_ticks(helper.pid)
            time.sleep(HELPER_SECONDS)
            took = (cpu_ticks(helper.pid) - before) / ticks
            helper.stdin.close()
    # a clock of hundredths cannot tell less
    return row("helper-cpu", "%", max(took, 1 / ticks) / HELPER_SECONDS * 100, 0.5, "0.5 % limit", 1, 1)


def cpu_ticks(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


# Both are timed from the order to the moment at which the phone says that it was restored; only the app then goes on and
# waits until the phone has started.
def restore_with_app():
    with VirtualPhone(changes=BRISK) as phone, App(phone) as app:
        began = Journey(app).start("Restore")
        phone.wait_state(120, restored=1)
        took = time.monotonic() - began
        Journey(app).done("Restore", 30)
        return took


def restore_with_tool():
    with VirtualPhone(changes=BRISK) as phone:
        preload = {name: phone.environment[name] for name in ("USBMUXD_SOCKET_ADDRESS", "UMOCKDEV_DIR", "LD_PRELOAD")}
        folder = phone.environment["FIRMWARE_FOLDER"]
        files = [os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".ipsw")]
        command = ["idevicerestore", "-e", "-y", "-P", "-s", phone.environment["SIGNING_SERVER"], files[0]]
        began = time.monotonic()
        subprocess.run(
            command, env={**os.environ, **preload}, cwd=phone.folder, check=True, timeout=180, capture_output=True
        )
        phone.wait_state(10, restored=1)
        return time.monotonic() - began


def restore_wall():
    mine, other = interleaved(restore_with_app, restore_with_tool, 3)
    return row("restore-wall", "s", mine, other, "idevicerestore", 0.8, 3)
