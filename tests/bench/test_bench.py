#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arithmetic of the bench: which way a ratio points, and what a row must hold."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "window"))

import tap  # pylint: disable=wrong-import-position
from measure import interleaved, row  # pylint: disable=wrong-import-position

KEYS = ["row", "unit", "ours", "peer", "peer_name", "ratio", "limit", "runs"]


def check_less_is_better():
    assert row("first-frame", "ms", 100, 150, "p", 0.77, 5)["ratio"] == 1.5


def check_more_is_better():
    assert row("backup-large", "MB/s", 100, 50, "p", 1, 5, more_is_better=True)["ratio"] == 2


def check_keys():
    assert list(row("pss", "MiB", 90, 90, "p", 0.89, 3)) == KEYS


def check_median():
    values = iter([99, 99, 1, 10, 5, 50, 3, 30])  # a warm-up each, then ours and the peer's in turn
    assert interleaved(lambda: next(values), lambda: next(values), 3) == (3, 30)


tap.run(
    [
        ("less is better", check_less_is_better),
        ("more is better", check_more_is_better),
        ("a row holds what readers expect", check_keys),
        ("medians, warm-up left out", check_median),
    ]
)
