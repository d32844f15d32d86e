#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hand-over reports as others read them: the sheet by a PDF reader and a camera's decoder, the data by its schema.

usage: test_handover.py PRINT-HANDOVER SCHEMA WINDOW-TESTS
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

WRITER, SCHEMA = sys.argv[1:3]
sys.path.insert(0, sys.argv[3])
import tap  # noqa: E402

FOLDER = pathlib.Path(tempfile.mkdtemp())
CASES = ["whole", "masked", "locked", "nothing"]
READY = {"whole": "yes", "masked": "yes", "locked": "no", "nothing": "unknown"}
NUMBERS = ["F17VIRTUAL01", "350000000000006"]


def squeeze(text):
    """Lines are broken on paper where they have to be."""
    return "".join(text.split())


def read_sheet(case):
    return subprocess.run(
        ["pdftotext", "-layout", FOLDER / f"{case}.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout


def read_code(case):
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", FOLDER / f"{case}.pdf", FOLDER / case], check=True)
    found = subprocess.run(
        ["zbarimg", "--quiet", "--raw", FOLDER / f"{case}.png"], check=True, capture_output=True, text=True
    )
    return found.stdout.split()


def sheet():
    """Every line stands on the one sheet, and what the code is not."""
    for case in CASES:
        text = read_sheet(case)
        assert text.count("\f") == 1, f"{case}: {text.count(chr(12))} pages"
        squeezed = squeeze(text)
        for line in (FOLDER / f"{case}.lines").read_text().splitlines():
            assert squeeze(line) in squeezed, f"“{line}” is not on the sheet of {case}:\n{text}"
        assert "isnosignature" in squeezed, text


def data():
    """What the schema says, and no more; the answers are those that were found."""
    schema = json.loads(pathlib.Path(SCHEMA).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for case in CASES:
        found = json.loads((FOLDER / f"{case}.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(found)
        assert found["ready"] == READY[case], found
    whole = json.loads((FOLDER / "whole.json").read_text())
    assert whole["phone"]["serial-number"] == NUMBERS[0] and whole["phone"]["imei"] == NUMBERS[1], whole
    assert whole["backup"]["verified"] == "good" and whole["erased"]["esim"] == "asked-to-erase", whole


def masked():
    """Neither the sheet nor the data tells who the phone is."""
    for case in ["masked", "locked"]:
        told = squeeze(read_sheet(case)) + (FOLDER / f"{case}.json").read_text()
        assert not [number for number in NUMBERS if number in told], told
        assert "AL01" in told and "0006" in told, told


def code():
    """The code on the sheet is the digest of the very bytes of the data."""
    for case in CASES:
        digest = hashlib.sha256((FOLDER / f"{case}.json").read_bytes()).hexdigest()
        assert read_code(case) == [f"sha256:{digest}"], (case, read_code(case))


subprocess.run([WRITER, FOLDER], check=True)
tap.run([("sheet", sheet), ("data", data), ("masked", masked), ("code", code)])
