"""Can what people read be read easily? Guides, and the words of the advice.

usage: guides.py [SOURCE-FOLDER]. Prints every breach; exit status 1 if there is any.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import pathlib
import re
import statistics
import sys

MEDIAN_WORDS = 16  # of the sentences of one page
LONGEST_SENTENCE = 32
SUMMARY_SENTENCES = 2
STEP_WORDS = 40
PAGE_WORDS = 190  # what is read within a minute
TITLE_WORDS = 14
ADVICE_WORDS = 42  # one reason, one hint

BLUEPRINT_TEXT = re.compile(r'^\s*(title|summary|heading|text): _\("((?:[^"\\]|\\.)*)"\);', re.M)
# N_("…" "…"), as C joins its strings
C_TEXT = re.compile(r'N_ ?\(((?:\s*"(?:[^"\\]|\\.)*")+)\s*\)', re.M)
C_PART = re.compile(r'"((?:[^"\\]|\\.)*)"')


def count(text):
    return len(text.split())


def sentences(text):
    return [part for part in re.split(r"(?<=[.!?])[”)]?\s+", text.strip()) if part]


def page_breaches(text):
    """Yields what is wrong with one guide."""
    found = BLUEPRINT_TEXT.findall(text)
    titles = [words for kind, words in found if kind == "title"]
    prose = [words for kind, words in found if kind in ("summary", "text")]
    lengths = [count(sentence) for words in prose for sentence in sentences(words)]
    if "// source:" not in text:
        yield "no source"
    if not titles or not lengths:
        yield "nothing to read"
        return
    if statistics.median(lengths) > MEDIAN_WORDS:
        yield f"median sentence of {statistics.median(lengths)} words"
    yield from (f"a title of {count(title)} words: {title}" for title in titles if count(title) > TITLE_WORDS)
    yield from (
        f"a sentence of {count(sentence)} words: {sentence}"
        for words in prose
        for sentence in sentences(words)
        if count(sentence) > LONGEST_SENTENCE
    )
    yield from (
        f"a step of {count(words)} words: {words}"
        for kind, words in found
        if kind == "text" and count(words) > STEP_WORDS
    )
    yield from (
        f"a summary of {len(sentences(words))} sentences"
        for kind, words in found
        if kind == "summary" and len(sentences(words)) > SUMMARY_SENTENCES
    )
    total = sum(count(words) for _, words in found)
    if total > PAGE_WORDS:
        yield f"{total} words on one page"


def words_of_c(text):
    return ["".join(C_PART.findall(strings)) for strings in C_TEXT.findall(text.replace("\\\n", "\n"))]


def advice_breaches(text):
    """Yields what is wrong with the words in one file of the advice."""
    texts = words_of_c(text)
    lengths = [count(sentence) for words in texts for sentence in sentences(words)]
    if lengths and statistics.median(lengths) > MEDIAN_WORDS:
        yield f"median sentence of {statistics.median(lengths)} words"
    yield from (f"{count(words)} words: {words}" for words in texts if count(words) > ADVICE_WORDS)


def main(folder):
    broken = False
    for pattern, check in (("data/guides/*.blp", page_breaches), ("src/advice/*.c", advice_breaches)):
        for path in sorted(folder.glob(pattern)):
            for breach in check(path.read_text(encoding="utf-8")):
                print(f"{path.relative_to(folder)}: {breach}")
                broken = True
    return broken


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])))
