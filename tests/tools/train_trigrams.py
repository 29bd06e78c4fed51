#!/usr/bin/env python3
"""Trains the letter-trigram model in src/judge/trigrams.txt.

    python3 tests/tools/train_trigrams.py FOLDER... > src/judge/trigrams.txt

Reads the text and source files below the folders, cuts them into words (`getHTTPToken`
is `get`, `http`, `token`) and counts which letter follows which two, in any case. A word's
weight is the square root of its count; words that occur fewer than three times are ignored.

The model is log2(P(c | a, b) * 26): the log-likelihood ratio of c after a and b against random
letters. There is a line for each a and b, in the order `.` (the start of the word), `a` to
`z`, with one character for each c: `!` stands for -6.0, and each following ASCII character for
an eighth of a bit more.
"""

import collections
import math
import os
import re
import sys

LETTERS = "abcdefghijklmnopqrstuvwxyz"
START = "."
ENDINGS = (".py", ".rs", ".md", ".rst", ".txt")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
MAX_FILE_BYTES = 400_000
LEAST, STEPS_PER_BIT, STEPS = -6, 8, 94


def files_below(folders):
    """The text and source files below the folders."""
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(root, name)
                if name.endswith(ENDINGS) and os.path.getsize(path) <= MAX_FILE_BYTES:
                    yield path


def words_of(path):
    """The words of a file, in lower case."""
    with open(path, encoding="utf-8", errors="ignore") as file:
        return [word.lower() for word in WORD.findall(file.read()) if len(word) >= 3]


def words(folders):
    count = collections.Counter()
    for path in files_below(folders):
        count.update(words_of(path))
    return {word: math.sqrt(times) for word, times in count.items() if times >= 3}


def main():
    one, two, three = collections.Counter(), collections.Counter(), collections.Counter()
    for word, weight in words(sys.argv[1:]).items():
        text = START + START + word
        for at in range(2, len(text)):
            one[text[at]] += weight
            two[text[at - 1 : at + 1]] += weight
            three[text[at - 2 : at + 1]] += weight
    total = sum(one.values())
    before = collections.Counter()
    for text, weight in (two + three).items():
        before[text[:-1]] += weight

    def shrunk(seen, context, prior, weight):
        """The probability after a context, smoothed towards that of the shorter context."""
        return (seen + weight * prior) / (before[context] + weight)

    def share(a, b, c):
        single = 0.9 * one[c] / total + 0.1 / 26
        pair = shrunk(two[b + c], b, single, 50)
        triple = shrunk(three[a + b + c], a + b, pair, 30)
        return 0.97 * triple + 0.03 * (0.5 * single + 0.5 / 26)

    def sign(a, b, c):
        bits = math.log2(share(a, b, c) * 26)
        return chr(ord("!") + min(max(round((bits - LEAST) * STEPS_PER_BIT), 0), STEPS - 1))

    for a in START + LETTERS:
        for b in START + LETTERS:
            print("".join(sign(a, b, c) for c in LETTERS))


if __name__ == "__main__":
    main()
