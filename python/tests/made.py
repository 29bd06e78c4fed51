"""Secrets and texts generated at run time, so that no file contains a token."""

from __future__ import annotations

import random
import string


def token(seed: object) -> str:
    """A token in the form of a live one, different for each seed."""
    letters = random.Random(f"token {seed}")
    return "hf_" + "".join(letters.choice(string.ascii_letters) for _ in range(34))


def texts(count: int, seed: int = 7, every: int = 10) -> list[str]:
    """Texts of prose and code, one in ``every`` with a token, with characters of one to four bytes."""
    chosen = random.Random(seed)
    words = ["model", "Straße", "数据", "import os\n", "token", "x = 1", "\U0001f917", "password:",
             "the", "of", "hf_", "api_key = ", "\t", "learning", '"quoted"', "\\n"]
    made = []
    for number in range(count):
        pieces = [chosen.choice(words) for _ in range(chosen.randrange(0, 40))]
        if number % every == 0:
            pieces.insert(chosen.randrange(len(pieces) + 1), f'login(token="{token(number)}")')
        made.append(" ".join(pieces))
    return made
