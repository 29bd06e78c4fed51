#!/usr/bin/env python3
"""Times hfscan and other scanners on the same trees and histories, and counts their findings.

    cargo build --release
    python3 tests/bench/rivals.py --tools FOLDER [--rounds 3] [--write] TREE…

Installs kingfisher, detect-secrets, CredSweeper, secretlint and ripsecrets from PyPI, npm and
crates.io into FOLDER, unless they are there. gitleaks, betterleaks and TruffleHog are not available
from these registries, and are used if they are in PATH.

Each TREE is copied without its `.git`, with an additional folder of files with one random Hugging Face
token each. The scanners run on the copy in turn, with their defaults except no network and both
processors; the first run is not counted, and the table contains medians. The history of a TREE with a
`.git` is also scanned, by the scanners that support it. `--write` writes the tables to
docs/comparison.md.
"""

import argparse
import json
import os
import pathlib
import random
import re
import shutil
import statistics
import string
import subprocess
import sys
import tempfile
import time

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "comparison.md"
BEGIN, END = "<!-- measured by tests/bench/rivals.py -->\n", "<!-- end -->\n"
# Time limit of a run in seconds; its row reports a timeout.
PATIENCE = 900

# One token each, in the usual locations of leaks.
PLANTED = {
    "call.py": 'client = InferenceClient(token="{}")\n',
    "environment.py": 'os.environ["HF_TOKEN"] = "{}"\n',
    "setting.yaml": "hub:\n  token: {}\n",
    "setting.json": '{{"hub": {{"token": "{}"}}}}\n',
    "setting.toml": '[hub]\ntoken = "{}"\n',
    "production.env": "HF_TOKEN={}\n",
    "Dockerfile": "FROM python:3.12\nENV HF_TOKEN={}\n",
    "job.sh": "hf auth login --token {}\n",
    "client.js": 'const hub = new InferenceClient("{}");\n',
    "clone.sh": "git clone https://user:{}@huggingface.co/org/model\n",
    "request.sh": 'curl -H "Authorization: Bearer {}" https://huggingface.co/api/whoami-v2\n',
    "notes.md": "The token is `{}`, for now.\n",
    "run.log": "2026-01-01 INFO logged in with {}\n",
    "lines.jsonl": '{{"text": "my token: {}\\nthanks"}}\n',
    "cells.ipynb": '{{"cells": [{{"cell_type": "code", "execution_count": 1, "metadata": {{}}, "source": '
                   '["login(token=\\"{}\\")"], "outputs": []}}], "metadata": {{}}, "nbformat": 4, '
                   '"nbformat_minor": 5}}\n',
    "escaped.txt": "https://example.com/?next=%2Fmodels&token%3D{}%26x=1\n",
}


class Scanner:
    """The command of a scanner, and the function that counts the findings in its output or in `out`."""

    def __init__(self, name, tree, count, history=None, version="--version"):
        self.name, self.tree, self.count, self.history, self.version = name, tree, count, history, version


def first_of(text):
    """The report of kingfisher, without the summary after it."""
    return json.JSONDecoder().raw_decode(text)[0]


def lines(text):
    return sum(1 for line in text.splitlines() if line.strip())


def scanners(tools, hfscan):
    """The available scanners with their commands: `{}` is the scanned path, `{out}` the output file."""
    python, node = tools / "venv" / "bin", tools / "node_modules" / ".bin"
    plain = tools / "secretlintrc.json"
    known = [
        Scanner("hfscan", [hfscan, "--no-progress", "--exit-zero", "--isolated", "--format", "json", "{}"],
                lambda text: len(json.loads(text)["findings"]),
                [hfscan, "--no-progress", "--exit-zero", "--isolated", "--format", "json", "--history"]),
        Scanner("kingfisher", [python / "kingfisher", "scan", "{}", "--no-validate", "--git-history", "none",
                               "--no-update-check", "--format", "json"],
                lambda text: len(first_of(text)["findings"]),
                [python / "kingfisher", "scan", ".", "--no-validate", "--git-history", "full",
                 "--no-update-check", "--format", "json"]),
        Scanner("detect-secrets", [python / "detect-secrets", "scan", "--all-files", "--no-verify", "{}"],
                lambda text: sum(map(len, json.loads(text)["results"].values()))),
        Scanner("CredSweeper", [python / "credsweeper", "--no-progress", "--jobs", "2", "--path", "{}",
                                "--save-json", "{out}"], lambda text: len(json.loads(text))),
        Scanner("secretlint", [node / "secretlint", "--secretlintrc", plain, "--format", "json",
                               "{}/**/*"],
                lambda text: sum(len(file["messages"]) for file in json.loads(text))),
        Scanner("ripsecrets", [tools / "bin" / "ripsecrets", "{}"], lines),
        Scanner("gitleaks", ["gitleaks", "dir", "--no-banner", "--exit-code", "0", "-r", "{out}", "-f", "json", "{}"],
                lambda text: len(json.loads(text)),
                ["gitleaks", "git", "--no-banner", "--exit-code", "0", "-r", "{out}", "-f", "json", "."], "version"),
        Scanner("TruffleHog", ["trufflehog", "filesystem", "--no-verification", "--no-update", "--json", "{}"], lines,
                ["trufflehog", "git", "--no-verification", "--no-update", "--json", "file://."]),
    ]
    return [one for one in known if shutil.which(one.tree[0])]


def install(tools):
    """Installs the scanners from the registries into a folder, unless they are there."""
    tools.mkdir(parents=True, exist_ok=True)
    if not (tools / "venv").exists():
        subprocess.run([sys.executable, "-m", "venv", tools / "venv"], check=True)
        subprocess.run([tools / "venv" / "bin" / "pip", "install", "--quiet", "kingfisher-bin", "detect-secrets",
                        "credsweeper"], check=True)
    if not (tools / "node_modules").exists() and shutil.which("npm"):
        subprocess.run(["npm", "install", "--silent", "--prefix", tools, "secretlint",
                        "@secretlint/secretlint-rule-preset-recommend"], check=True)
    rule = {"rules": [{"id": "@secretlint/secretlint-rule-preset-recommend"}]}
    (tools / "secretlintrc.json").write_text(json.dumps(rule))
    if not (tools / "bin" / "ripsecrets").exists():
        subprocess.run(["cargo", "install", "--quiet", "--root", tools, "ripsecrets"], check=True)


def token(chosen):
    return "hf_" + "".join(chosen.choice(string.ascii_letters) for _ in range(34))


def plant(folder):
    """Writes the files with tokens, and returns the token of each."""
    chosen, planted = random.Random(), {}
    (folder / "planted").mkdir()
    for name, text in PLANTED.items():
        planted[name] = token(chosen)
        (folder / "planted" / name).write_text(text.format(planted[name]))
    return planted


def run(command, cwd, text):
    """Wall seconds, CPU seconds, peak MiB of its largest process, and its report."""
    with tempfile.TemporaryDirectory() as folder:
        out, printed = pathlib.Path(folder, "out.json"), pathlib.Path(folder, "printed")
        command = [str(one).format(text, out=out) if "{" in str(one) else str(one) for one in command]
        # A child of this process would start with its memory as its peak.
        used = pathlib.Path(folder, "used")
        timed = ["/usr/bin/time", "-q", "-f", "%e %U %S %M", "-o", used, "timeout", str(PATIENCE)]
        with open(printed, "wb") as sink:
            process = subprocess.run([*timed, *command], cwd=cwd, stdout=sink, stderr=subprocess.DEVNULL)
        wall, user, system, peak = map(float, used.read_text().split()[-4:])
        report = out if out.exists() else printed
        report = report.read_text("utf-8", "replace") if process.returncode != 124 else None
        return wall, user + system, peak / 1024, report


def version(scanner):
    process = subprocess.run([scanner.tree[0], scanner.version], capture_output=True, text=True)
    found = re.search(r"\d+\.\d+(\.\d+)?", process.stdout + process.stderr)
    return f"{scanner.name} {found.group()}" if found else scanner.name


def counted(scanner, report):
    """The number of findings; `None` if the report cannot be parsed."""
    try:
        return scanner.count(report)
    except ValueError:
        return None


def table(title, found, names, rounds, run_of, planted):
    """Runs all in turn, and returns a table of medians. The first run is excluded, since some compile rules in it."""
    runs = {one.name: [] for one in found}
    for number in range(rounds + 1):
        for one in found:
            if not runs[one.name] or runs[one.name][0][3] is not None:
                runs[one.name].append(run_of(one))
                print(title, one.name, *(f"{value:.2f}" for value in runs[one.name][-1][:3]), file=sys.stderr)
        if number == 0:
            runs = {name: [] if first[0][3] is not None else first for name, first in runs.items()}
    ours = statistics.median(one[1] for one in runs["hfscan"])
    head = ["scanner", "wall", "processor", "of hfscan's", "peak", "findings"] + (["planted tokens"] if planted else [])
    rows = [f"{title}:", "", "| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for one in found:
        wall, busy, peak = (statistics.median(values) for values in list(zip(*runs[one.name]))[:3])
        report = runs[one.name][0][3]
        if report is None:
            rows.append(f"| {names[one.name]} | over {PATIENCE} s |" + " |" * (len(head) - 2))
            continue
        count = counted(one, report)
        cells = [names[one.name], f"{wall:.2f} s", f"{busy:.2f} s", f"{busy / ours:.1f}", f"{peak:.0f} MiB",
                 "unreadable" if count is None else f"{count:,}"]
        if planted:
            told = sum(bool(re.search(rf"planted[/\\]+{re.escape(name)}\b", report)) for name in planted)
            cells.append(f"{told} of {len(planted)}")
        rows.append("| " + " | ".join(cells) + " |")
    return rows + [""]


def measure(tree, found, names, rounds):
    """The tables for one tree."""
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder, tree.name)
        shutil.copytree(tree, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        planted = plant(copy)
        files = [path for path in copy.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files) / 1e6
        title = f"{tree.name}, {len(files):,} files, {size:.0f} MB"
        rows = table(title, found, names, rounds, lambda one: run(one.tree, copy, "."), planted)
    if (tree / ".git").exists():
        git = ["git", "-C", tree, "rev-list", "--count", "--all"]
        commits = int(subprocess.run(git, capture_output=True, text=True, check=True).stdout)
        able = [one for one in found if one.history]
        title = f"Its history, {commits:,} commits"
        rows += table(title, able, names, rounds, lambda one: run(one.history, tree, "."), None)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs="+", type=pathlib.Path, metavar="TREE")
    parser.add_argument("--tools", type=pathlib.Path, required=True)
    parser.add_argument("--hfscan", default="target/release/hfscan")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    install(given.tools.resolve())
    found = scanners(given.tools.resolve(), os.path.abspath(given.hfscan))
    if found[0].name != "hfscan":
        sys.exit("a release build of hfscan is needed; see --help")
    names = {one.name: version(one) for one in found}
    rows = [f"{os.cpu_count()} processors, medians of {given.rounds} rounds in turn, {time.strftime('%Y-%m-%d')}.", ""]
    for tree in given.trees:
        rows += measure(tree.resolve(), found, names, given.rounds)
    print("\n".join(rows))
    if given.write:
        before, _, rest = PAGE.read_text().partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(before + BEGIN + "\n" + "\n".join(rows) + "\n" + END + after)


if __name__ == "__main__":
    main()
