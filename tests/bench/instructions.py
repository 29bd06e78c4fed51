#!/usr/bin/env python3
"""Counts the instructions that hfscan executes over a small generated corpus.

    cargo build --release
    python3 tests/bench/instructions.py [--before OLD_BINARY] [--hfscan target/release/hfscan] [ROW...]

Counts do not depend on the load of the machine: two runs differ by less than 0.1 %, so a change
of one per cent is visible. `valgrind --tool=callgrind` counts, with one thread; children such
as git are not counted. With --before, both programs scan the same corpus, and the last column is
the ratio; the status is 1 if a row has more than 2 % over --before.

Valgrind has no AVX-512, so hfscan uses AVX2 under it. The corpus is generated from fixed words
and seeds, so its bytes are the same on every machine; its tokens are random letters.
"""

import argparse
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

ALLOWED = 1.02
WORDS = (
    "the model token config train data load push hub file path value name return import self class "
    "client secret request response user key api access cache batch tensor layer version output "
    "parameter pipeline dataset endpoint inference repository download upload login"
).split()


class Corpus:
    """Writes files with words from a seeded generator."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.random = random.Random(14)

    def words(self, count, between=" "):
        return between.join(self.random.choice(WORDS) for _ in range(count))

    def letters(self, count):
        return "".join(self.random.choice("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(count))

    def value(self):
        """A typical literal of a program; one in forty is a made-up token."""
        if self.random.random() < 0.025:
            return "hf_" + self.letters(34)
        return self.words(self.random.randint(1, 4), "-")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def function(self):
        name, key = self.words(2, "_"), self.words(2, "_")
        return (
            f"def {name}(self, {key}=None, token=os.environ.get('HF_TOKEN')):\n"
            f'    """{self.words(12)}."""\n'
            f"    # {self.words(8)}\n"
            f"    client = InferenceClient({key}={self.value()!r}, timeout={self.random.randint(1, 99)})\n"
            f"    for item in client.{self.words(1)}({self.words(2, '.')}):\n"
            f"        self.{key}[{self.value()!r}] = item if {self.words(2, '.')} else {{{self.value()!r}: [1, 2]}}\n"
            f"    return {self.words(3, '.')}({key}, use_auth_token=True)\n\n\n"
        )

    def python(self, functions):
        return "import os\nfrom huggingface_hub import InferenceClient\n\n\n" + "".join(
            self.function() for _ in range(functions)
        )

    def data(self, depth=0):
        if depth == 3:
            return self.value()
        return {self.words(2, "_") + str(number): self.data(depth + 1) for number in range(4)}

    def yaml(self, data, indent=0):
        lines = []
        for key, value in data.items():
            if isinstance(value, dict):
                lines += [" " * indent + key + ":", self.yaml(value, indent + 2).rstrip("\n")]
            else:
                lines.append(" " * indent + f'{key}: "{value}"')
        return "\n".join(lines) + "\n"

    def markdown(self):
        parts = []
        for _ in range(12):
            parts.append(f"## {self.words(3)}\n\n{self.words(60)}.\n\n")
            parts.append(f"```bash\nhf {self.words(1)} {self.words(2, '/')} --token $HF_TOKEN\nexport {self.words(2, '_').upper()}={self.value()}\n```\n\n")
        return "".join(parts)


def make_tree(corpus, kind, files):
    make = {
        "py": lambda: corpus.python(12),
        "json": lambda: json.dumps(corpus.data(), indent=1),
        "yaml": lambda: corpus.yaml(corpus.data()),
        "md": corpus.markdown,
    }[kind]
    for number in range(files):
        corpus.write(f"{kind}/{number // 20}/{number}.{kind}", make())


def git(folder, *arguments):
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for who in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{who}_NAME": "a", f"GIT_{who}_EMAIL": "a@example.com", f"GIT_{who}_DATE": "@1 +0000"}
    subprocess.run(["git", "-C", folder, *arguments], check=True, env=environment, stdout=subprocess.DEVNULL)


def make_history(corpus, name):
    """A repository with 60 versions of a Python file and of a page, each with a small edit."""
    folder = corpus.root / name
    folder.mkdir()
    git(folder, "init", "-q")
    functions = [corpus.function() for _ in range(80)]
    for number in range(60):
        functions[number * 7 % 80] = corpus.function()
        corpus.write(f"{name}/module.py", "import os\n\n\n" + "".join(functions))
        if number % 4 == 0:
            corpus.write(f"{name}/README.md", corpus.markdown())
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", str(number))
    git(folder, "repack", "-q", "-a", "-d", "-f", "--threads=1", "--depth=50", "--window=10")


def make_staged(corpus, name):
    """A repository with 400 files, one of which is changed in the index."""
    folder = corpus.root / name
    folder.mkdir()
    git(folder, "init", "-q")
    for number in range(400):
        corpus.write(f"{name}/{number // 20}/{number}.py", corpus.python(2))
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "all")
    corpus.write(f"{name}/3/77.py", corpus.python(3))
    git(folder, "add", "-A")


def make_corpus(root):
    """Generates the corpus, and returns the arguments of hfscan for each row."""
    corpus = Corpus(root)
    corpus.write("empty/empty", "")
    corpus.write("one/app.py", corpus.python(1))
    for kind in ("py", "json", "yaml", "md"):
        make_tree(corpus, kind, 150)
    rows = [json.dumps({"text": corpus.words(80), "id": number, "author": corpus.value()}) for number in range(12_000)]
    corpus.write("lines/data.jsonl", "\n".join(rows) + "\n")
    make_history(corpus, "history")
    make_staged(corpus, "staged")
    return {
        "start, an empty file": ["empty"],
        "one small file": ["one"],
        "150 Python files": ["py"],
        "150 JSON files": ["json"],
        "150 YAML files": ["yaml"],
        "150 Markdown files": ["md"],
        "JSON Lines, one file": ["lines"],
        "history, 60 commits": ["history", "--history"],
        "staged, 1 of 400 files": ["staged", "--staged"],
    }


def count(program, folder, arguments):
    """The number of instructions of one run."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program]
    command += ["--no-progress", "--isolated", "--exit-zero", "-q", "-j", "1", *arguments]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    collected = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode or not collected:
        sys.exit(f"{' '.join(command)} in {folder}: status {run.returncode}\n{run.stderr[-2000:]}")
    return int(collected[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", help="count only rows that contain one of these words")
    parser.add_argument("--hfscan", default="target/release/hfscan")
    parser.add_argument("--before", help="another program to compare with")
    args = parser.parse_args()
    programs = [os.path.abspath(program) for program in (args.before, args.hfscan) if program]
    print("| what | before | after | ratio |\n| --- | --- | --- | --- |" if args.before else "| what | instructions |\n| --- | --- |")
    is_over = False
    with tempfile.TemporaryDirectory() as root:
        for row, (folder, *arguments) in make_corpus(root).items():
            if args.rows and not any(word in row for word in args.rows):
                continue
            counts = [count(program, os.path.join(root, folder), arguments) for program in programs]
            cells = [row, *(f"{number / 1e6:.1f} M" for number in counts)]
            if args.before:
                ratio = counts[1] / counts[0]
                is_over |= ratio > ALLOWED
                cells.append(f"{ratio:.3f}")
            print("| " + " | ".join(cells) + " |", flush=True)
    sys.exit(is_over)


if __name__ == "__main__":
    main()
