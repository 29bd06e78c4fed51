#!/usr/bin/env python3
"""Lists the words of src/judge/words.txt, the most common first.

    python3 tests/tools/train_words.py FOLDER... > src/judge/words.txt

Reads the text and source files below the folders and cuts them into words (`getHTTPToken` is
`get`, `http`, `token`). Words are ranked by the number of files that contain them; those in
fewer than four files are omitted, since many of them are not words.
"""

import collections
import sys

from train_trigrams import files_below, words_of

MOST, LEAST_FILES, SHORTEST, LONGEST = 6000, 4, 3, 14


def main():
    files = collections.Counter()
    for path in files_below(sys.argv[1:]):
        files.update({word for word in words_of(path) if SHORTEST <= len(word) <= LONGEST})
    common = [(-count, word) for word, count in files.items() if count >= LEAST_FILES]
    print("\n".join(word for _, word in sorted(common)[:MOST]))


if __name__ == "__main__":
    main()
