# SPDX-License-Identifier: GPL-3.0-or-later
"""The row about downloads: the same bytes from the same server, by us with the digest included and by curl without."""

import json
import os
import pathlib
import ssl
import subprocess
import tempfile
import time
import urllib.request

from measure import BUILD, interleaved, row

from virtual_phone import VirtualPhone  # pylint: disable=wrong-import-order

TOOL = BUILD / "tests" / "firmware" / "pr-fetch-tool"
PEER = "curl"
RUNS = 5
SIZE_MIB = 1024
MOST_MEMORY = 16 * 1024  # KiB that a download may take over what the program had before
LIMIT = 120


def announced(environment):
    """What the list says of the newest version."""
    context = ssl.create_default_context(cafile=environment["WEB_AUTHORITY"])
    with urllib.request.urlopen(environment["IPSW_LIST"] + "iPhone14,7", context=context, timeout=LIMIT) as answer:
        return json.load(answer)["firmwares"][0]


def timed(command):
    # what earlier runs left to be written must not slow down this one
    os.sync()
    start = time.monotonic()
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=LIMIT).stdout
    return time.monotonic() - start, output


def fetch(version, authority):
    with tempfile.TemporaryDirectory(prefix="download-") as folder:
        seconds, output = timed(
            [str(TOOL), version["url"], str(version["filesize"]), version["sha1sum"], folder, authority]
        )
        memory = next(int(line.split()[1]) for line in output.splitlines() if line.startswith("memory "))
        if memory > MOST_MEMORY:
            raise RuntimeError(f"the download took {memory} KiB of memory")
        return seconds


def fetch_with_curl(version, authority):
    with tempfile.TemporaryDirectory(prefix="download-") as folder:
        path = pathlib.Path(folder) / "file"
        seconds, _output = timed([PEER, "-sSf", "--cacert", authority, "-o", str(path), version["url"]])
        assert path.stat().st_size == version["filesize"]
        return seconds


def download():
    with VirtualPhone(changes={("server", "size-mib"): str(SIZE_MIB)}) as phone:
        authority = phone.environment["WEB_AUTHORITY"]
        version = announced(phone.environment)
        mine, other = interleaved(
            lambda: fetch(version, authority), lambda: fetch_with_curl(version, authority), RUNS
        )
    return row("download", "s", mine, other, PEER, 0.95, RUNS)
