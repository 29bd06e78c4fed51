#!/usr/bin/env python3
"""Trains the letter-pair model in src/judge/bigrams.rs.

    python3 tests/tools/train_bigrams.py FOLDER... > src/judge/bigrams.rs

Reads the text and source files below the folders and counts which letter follows
which inside runs of three letters or more, with upper and lower case separate, so that both
prose and camelCase identifiers count as written text. A run counts once per file, and only
if three files have it, because encoded data in the folders is random and occurs once.

The model is log2(P(b | a) * 52): the log-likelihood ratio of b after a in such text against
random letters, in sixteenths of a bit, clamped to -8.0 ... 7.9.
"""

import collections
import math
import os
import re
import sys

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ENDINGS = (".py", ".md", ".js", ".ts", ".tsx", ".rs", ".go", ".java", ".rst", ".txt", ".swift", ".kt")
RUN = re.compile(rb"[A-Za-z]{3,80}")
MAX_FILE_BYTES = 1 << 20
MIN_FILES = 3
# The weight of the uniform distribution, in counts, so that unseen pairs stay finite.
SMOOTHING = 0.1


def runs(folders):
    files_with = collections.Counter()
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in sorted(names):
                path = os.path.join(root, name)
                if not name.endswith(ENDINGS) or not os.path.isfile(path) or os.path.getsize(path) > MAX_FILE_BYTES:
                    continue
                with open(path, "rb") as file:
                    files_with.update(set(RUN.findall(file.read())))
    return {run: count for run, count in files_with.items() if count >= MIN_FILES}


def model(words):
    pairs = collections.Counter()
    for word, count in words.items():
        text = word.decode()
        for pair in zip(text, text[1:]):
            pairs[pair] += count
    table = []
    for a in LETTERS:
        total = sum(pairs[a, b] for b in LETTERS) + SMOOTHING * len(LETTERS)
        row = []
        for b in LETTERS:
            ratio = (pairs[a, b] + SMOOTHING) / total * len(LETTERS)
            row.append(max(-128, min(127, round(math.log2(ratio) * 16))))
        table.append(row)
    return table


def main():
    folders = sys.argv[1:]
    if not folders:
        sys.exit(__doc__)
    words = runs(folders)
    table = model(words)
    print("//! Log-likelihood ratios of pairs of letters in written text against random letters.")
    print("//!")
    print("//! Made by `tests/tools/train_bigrams.py` from the source distributions of huggingface_hub,")
    print("//! transformers, datasets, diffusers, gradio, accelerate, peft and langchain-huggingface")
    print(f"//! ({len(words)} runs of letters). Do not edit.")
    print()
    print("/// `log2(P(b | a) * 52)` in sixteenths of a bit; rows are `a`, columns `b`, in the order")
    print("/// `A` to `Z`, `a` to `z`.")
    print("#[rustfmt::skip]")
    print("pub const LOG_RATIOS: [[i8; 52]; 52] = [")
    for row in table:
        print("    [" + ", ".join(map(str, row)) + "],")
    print("];")


if __name__ == "__main__":
    main()
