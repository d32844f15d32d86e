# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders of backups as they are found on people's disks: only what is read to list them."""

import datetime
import hashlib
import plistlib
import sqlite3
import uuid

UTC = datetime.timezone.utc


def udid_of(number):
    """The UDID of the made-up phone of this number."""
    return f"00008110-{0x0011223344560000 + number:016X}"


def write_plist(path, value, binary=False):
    path.write_bytes(plistlib.dumps(value, fmt=plistlib.FMT_BINARY if binary else plistlib.FMT_XML))


def write_database(path):
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE Files (fileID TEXT, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB)")
    database.execute("CREATE TABLE Properties (key TEXT, value BLOB)")
    database.commit()
    database.close()


def make_backup(
    folder,
    date,
    name="Anna’s iPhone",
    product="iPhone14,7",
    version="17.5.1",
    encrypted=False,
    finished=True,
    ours=True,
    size=0,
):
    """One backup. ours: with the small file by which the app knows what it has verified itself."""
    folder.mkdir(parents=True)
    run = str(uuid.uuid4()).upper()
    info = {"Device Name": name, "Product Type": product, "Product Version": version, "Last Backup Date": date}
    write_plist(folder / "Info.plist", info)
    write_plist(folder / "Manifest.plist", {"IsEncrypted": encrypted, "Version": "10.0"}, binary=True)
    write_plist(folder / "Status.plist", {"SnapshotState": "finished" if finished else "uploading", "UUID": run}, True)
    write_database(folder / "Manifest.db")
    if ours:
        (folder / ".phone-reset").mkdir()
        values = {"complete": "true", "generation": 1, "files": 0, "bytes": size, "time": int(date.timestamp())}
        text = "".join(f"{key}={value}\n" for key, value in {**values, "run": run}.items())
        (folder / ".phone-reset" / "state").write_text(f"[backup]\n{text}# end\n", encoding="utf-8")
    return folder


def digest(folder):
    """Of all names and contents below a folder."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def spoil_one_file(folder):
    """One bit of the largest file, as a disk that decays would do it."""
    path = max(folder.glob("??/*"), key=lambda path: path.stat().st_size)
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    times = path.stat()
    path.write_bytes(data)
    path.chmod(times.st_mode & 0o7777)
