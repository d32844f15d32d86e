#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No two guides begin alike: who reads only the first sentence must still know which failure it is."""

import guides
import tap


def check_unlike(part):
    seen = {}
    for nick in guides.all_nicks():
        sentence = part(guides.words(nick)).casefold()
        assert sentence, f"{nick} begins with nothing"
        assert sentence not in seen, f"{nick} and {seen[sentence]} both begin “{sentence}”"
        seen[sentence] = nick
    assert len(seen) > 20, f"only {len(seen)} guides"


tap.run(
    [
        ("no two titles are alike", lambda: check_unlike(lambda words: words[0])),
        ("no two first sentences are alike", lambda: check_unlike(lambda words: guides.first_sentence(words[1]))),
    ]
)
