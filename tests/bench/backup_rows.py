# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about backups: how fast they come, what they cost, and how fast they are checked and put back.

The virtual phone is the server of both programs, which are measured in turn. A backup is timed on the phone's own clock,
from its first upload to the word that the computer is done with it: the waits of idevicebackup2 before that do not count
against it, our sync, verification and transaction do.
"""

import array
import contextlib
import fcntl
import functools
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from measure import BUILD, row

from virtual_phone import VirtualPhone  # pylint: disable=wrong-import-order

TOOL = BUILD / "tests" / "backup" / "pr-backup-tool"
PEER = "idevicebackup2"
MEMORY = pathlib.Path("/dev/shm")
RUNS = 5
MEGABYTE = 1000 * 1000
LARGE = (64, 64 << 20)
SMALL = (50_000, 4096)
BACK = (16, 64 << 20)
LISTED = 1000
DD_BLOCKS = 1024  # of 1 MiB
LIMIT = 600  # seconds of one program

# linux/fs.h
FS_IOC_GETFLAGS = 0x80086601
FS_IOC_SETFLAGS = 0x40086602
FS_TOPDIR_FL = 0x00020000


class Run:
    """What one program took: seconds on the phone's clock, seconds of CPU, and what it said."""

    def __init__(self, seconds, usage, output):
        self.seconds = seconds
        self.cpu = usage.ru_utime + usage.ru_stime
        self.output = output

    def peak(self):
        """MiB of memory, as our own program says."""
        return float(self.output.split()[2])


def spread(folder):
    """Has ext4 put each folder in a group of its own: a group where files were just deleted is slow for minutes."""
    fd = os.open(folder, os.O_RDONLY)
    with contextlib.suppress(OSError):
        flags = array.array("l", [0])
        fcntl.ioctl(fd, FS_IOC_GETFLAGS, flags)
        flags[0] |= FS_TOPDIR_FL
        fcntl.ioctl(fd, FS_IOC_SETFLAGS, flags)
    os.close(fd)


@contextlib.contextmanager
def workshop(parent=BUILD):
    """A folder for all runs of a row. What is in it is removed in the end, so that no run meets another's deletions."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as folder:
        spread(folder)
        yield pathlib.Path(folder)


def phone_with(count, size):
    return VirtualPhone(
        changes={
            ("files", "count"): str(count),
            ("files", "sizes"): str(size),
            ("values", "com.apple.mobile.backup/WillEncrypt"): "false",
        }
    )


def run(command, environment=None):
    """Returns (output, rusage); raises where the program fails."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **(environment or {})},
        )
        timer_end = time.monotonic() + LIMIT
        pid = 0
        while pid == 0:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid == 0 and time.monotonic() > timer_end:
                process.kill()
            if pid == 0:
                time.sleep(0.01)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {text[-500:]}")
    return text, usage


def times(lines, event, **wanted):
    return [
        line["time"]
        for line in lines
        if line["event"] == event and all(line.get(key) == value for key, value in wanted.items())
    ]


def run_with(phone, command, begin, end):
    """Runs a client of the phone, timed between the first of one and the last of another line of the phone's log."""
    before = len(phone.log())
    socket = {"USBMUXD_SOCKET_ADDRESS": phone.environment["USBMUXD_SOCKET_ADDRESS"]}
    output, usage = run(command, socket)
    lines = phone.log()[before:]
    return Run(times(lines, "posted", name=end)[-1] - times(lines, "backup-phase", name=begin)[0], usage, output)


def back_up(phone, command, folder):
    folder.mkdir(exist_ok=True)
    return run_with(phone, [*command, folder], "uploading", "com.apple.itunes-mobdev.syncDidFinish")


def back_up_with_app(phone, folder):
    return back_up(phone, [TOOL, "full"], folder)


def back_up_with_peer(phone, folder):
    return back_up(phone, [PEER, "backup", "--full"], folder)


def tell(name, number, **values):
    """A row takes minutes: how far is it?"""
    words = ", ".join(f"{who} {value:.3g}" for who, value in values.items())
    print(f"  {name} {number + 1} of {RUNS}: {words}; load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)


def median(values):
    return statistics.median(values)


def write_directly(folder):
    """MB/s of dd past the page cache."""
    path = folder / "dd"
    start = time.monotonic()
    run(["dd", "if=/dev/zero", f"of={path}", "bs=1M", f"count={DD_BLOCKS}", "oflag=direct", "conv=fsync"])
    took = time.monotonic() - start
    path.unlink()
    return DD_BLOCKS * (1 << 20) / MEGABYTE / took


# --- Large files: four rows of the same runs ---


@functools.cache
def large():
    """(runs of the app, runs of the peer, MB/s of dd)"""
    ours, peers, disk = [], [], []
    with workshop() as folder, phone_with(*LARGE) as phone:
        for number in range(RUNS):
            disk.append(write_directly(folder))
            ours.append(back_up_with_app(phone, folder / "ours"))
            shutil.rmtree(folder / "ours")
            peers.append(back_up_with_peer(phone, folder / "peer"))
            shutil.rmtree(folder / "peer")
            tell("backup-large, s", number, ours=ours[-1].seconds, peer=peers[-1].seconds, dd_mb_s=disk[-1])
    return ours, peers, disk


def large_speed(runs):
    return median([LARGE[0] * LARGE[1] / MEGABYTE / one.seconds for one in runs])


def backup_large():
    ours, peers, _ = large()
    return row("backup-large", "MB/s", large_speed(ours), large_speed(peers), PEER, 2.5, RUNS, more_is_better=True)


def backup_large_disk():
    ours, _, disk = large()
    return row(
        "backup-large-disk", "MB/s", large_speed(ours), median(disk), "dd oflag=direct", 0.8, RUNS, more_is_better=True
    )


def backup_cpu():
    gigabytes = LARGE[0] * LARGE[1] / MEGABYTE / 1000
    ours, peers, _ = large()
    mine, other = (median([one.cpu / gigabytes for one in runs]) for runs in (ours, peers))
    return row("backup-cpu", "s/GB", mine, other, PEER, 1.43, RUNS)


def backup_memory():
    ours, _, _ = large()
    idle = float(run([TOOL, "nothing", "/"])[0].split()[2])
    return row("backup-memory", "MiB", max(one.peak() for one in ours) - idle, 64, "64 MiB limit", 1, RUNS)


def peak_of(count):
    with workshop(MEMORY) as folder, phone_with(count, 0) as phone:
        return back_up_with_app(phone, folder / "ours").peak()


def backup_memory_flat():
    few, many = peak_of(10_000), peak_of(1_000_000)
    return row("backup-memory-flat", "MiB", many, few, "the same with 1 % of its 1,000,000 files", 0.83, 1)


# --- Small files ---


def small(name, parent, limit):
    ours, peers = [], []
    with workshop(parent) as folder, phone_with(*SMALL) as phone:
        for number in range(RUNS):
            ours.append(SMALL[0] / back_up_with_app(phone, folder / f"ours-{number}").seconds)
            peers.append(SMALL[0] / back_up_with_peer(phone, folder / f"peer-{number}").seconds)
            os.sync()
            tell(f"{name}, files/s", number, ours=ours[-1], peer=peers[-1])
    return row(name, "files/s", median(ours), median(peers), PEER, limit, RUNS, more_is_better=True)


def backup_small():
    return small("backup-small", BUILD, 1)


def backup_small_tmpfs():
    return small("backup-small-tmpfs", MEMORY, 1.2)


# --- Nothing changed ---


def stage(folder):
    return float(run([TOOL, "stage", folder])[0].split()[0])


def backup_unchanged():
    """What the transaction costs by itself: a run that begins, changes nothing, and becomes the backup."""
    with workshop() as folder:
        with phone_with(100_000, 16) as phone:
            back_up_with_app(phone, folder / "ours")
        stage(folder / "ours")  # from here on there is a copy to begin with
        took = median([stage(folder / "ours") for _ in range(RUNS)])
    return row("backup-unchanged", "s", took, 1.5, "1.5 s limit", 1, RUNS)


# --- Reading it again ---


def forget(folder):
    """Nothing of it is in memory any more."""
    os.sync()
    for path in folder.rglob("*"):
        if path.is_file():
            fd = os.open(path, os.O_RDONLY)
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(fd)


def read_directly(folder, size):
    """MB/s at which the disk gives the backup's large files."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size == size]
    start = time.monotonic()
    for path in paths:
        run(["dd", f"if={path}", "of=/dev/null", "bs=1M", "iflag=direct"])
    return len(paths) * size / MEGABYTE / (time.monotonic() - start)


def digest_speed():
    """MB/s of the digest itself."""
    seconds, total = run([TOOL, "digest", "4096"])[0].split()
    return float(total) / MEGABYTE / float(seconds)


def verify(folder, total):
    forget(folder)
    return total / MEGABYTE / float(run([TOOL, "verify", folder])[0].split()[0])


def verify_deep():
    count, size = LARGE
    ours, limits = [], []
    with workshop() as folder:
        with phone_with(count, size) as phone:
            back_up_with_app(phone, folder / "ours")
        for number in range(RUNS):
            ours.append(verify(folder / "ours", count * size))
            limits.append(min(read_directly(folder, size), digest_speed()))
            tell("verify-deep, MB/s", number, ours=ours[-1], limit=limits[-1])
    return row(
        "verify-deep", "MB/s", median(ours), median(limits), "dd iflag=direct or the digest", 0.8, RUNS, more_is_better=True
    )


def restore(phone, folder, command):
    forget(folder)
    seconds = run_with(phone, [*command, folder], "files", "com.apple.itunes-mobdev.syncDidFinish").seconds
    return BACK[0] * BACK[1] / MEGABYTE / seconds


def put_back():
    ours, peers = [], []
    with workshop() as folder, phone_with(*BACK) as phone:
        back_up_with_app(phone, folder / "ours")
        for number in range(RUNS):
            ours.append(restore(phone, folder / "ours", [TOOL, "put-back"]))
            peers.append(restore(phone, folder / "ours", [PEER, "restore", "--remove", "--no-reboot"]))
            tell("put-back, MB/s", number, ours=ours[-1], peer=peers[-1])
    return row("put-back", "MB/s", median(ours), median(peers), PEER, 1, RUNS, more_is_better=True)


# --- The list of them ---


def list_all(folder):
    seconds, count = run([TOOL, "library", folder])[0].split()
    if int(count) != LISTED:
        raise RuntimeError(f"{count} of {LISTED} backups were found")
    return float(seconds)


def backup_library():
    with workshop() as folder:
        with phone_with(100, 16) as phone:
            back_up_with_app(phone, folder)
        (first,) = [path for path in folder.iterdir() if (path / "Manifest.db").exists()]
        for number in range(LISTED - 1):
            another = folder / f"00008110-{number:016X}"
            another.mkdir()
            for name in ("Info.plist", "Status.plist", "Manifest.plist", "Manifest.db"):
                shutil.copy(first / name, another)
        took = median([list_all(folder) for _ in range(RUNS)])
    return row("backup-library", "s", took, 0.3, "0.3 s limit for 1,000 backups", 1, RUNS)


# Small files first: for minutes after files were deleted, ext4 without a journal looks at each of their inodes again.
ROWS = {
    "backup-small": backup_small,
    "backup-small-tmpfs": backup_small_tmpfs,
    "backup-large": backup_large,
    "backup-large-disk": backup_large_disk,
    "backup-cpu": backup_cpu,
    "backup-memory": backup_memory,
    "backup-memory-flat": backup_memory_flat,
    "backup-unchanged": backup_unchanged,
    "backup-library": backup_library,
    "verify-deep": verify_deep,
    "put-back": put_back,
}
