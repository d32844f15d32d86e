# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides' words, read from their sources in data/guides/."""

import re

from virtual_phone import SOURCE

FOLDER = SOURCE / "data" / "guides"
TEXT = re.compile(r'^\s*(title|summary): _\("((?:[^"\\]|\\.)*)"\);', re.MULTILINE)


def words(nick):
    """(title, summary) of the guide of an error."""
    found = {}
    for key, value in TEXT.findall((FOLDER / f"{nick}.blp").read_text(encoding="utf-8")):
        found.setdefault(key, value.replace('\\"', '"').replace("\\n", "\n"))
    return found["title"], found["summary"]


def first_sentence(text):
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]


def all_nicks():
    return sorted(path.stem for path in FOLDER.glob("*.blp"))
