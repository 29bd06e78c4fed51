#!/usr/bin/env python3
"""Times `hfscan --history` against `git cat-file`, and `hfscan --staged` alone.

    cargo build --release
    python3 tests/bench/history.py [--hfscan target/release/hfscan] [--runs 5] [CLONE...]

For each CLONE, `hfscan --history` with every rule against
`git cat-file --batch-all-objects --unordered --batch >/dev/null`, which unpacks every
object once with one thread and prints it. The two run in turn (A B A B ...), after one
uncounted run each; the result is the median of the ratios of neighbouring runs. Peak memory
is `ru_maxrss` of the finished process.

`hfscan --staged` runs in a generated repository: 20,000 files, 10,000 commits, one changed
file added to the index.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile

from bench import run

FILES = 20_000
COMMITS = 10_000


def compare(clone, args):
    threads = str(args.threads)
    ours = [args.hfscan, "--no-progress", "--isolated", "--exit-zero", "-q", "-j", threads, "--history", "--", "."]
    theirs = ["git", "cat-file", "--batch-all-objects", "--unordered", "--batch"]
    run(ours, clone), run(theirs, clone)
    pairs = [(run(ours, clone), run(theirs, clone)) for _ in range(args.runs)]
    count = subprocess.run(
        ["git", "-C", clone, "rev-list", "--all", "--count"], capture_output=True, text=True, check=True
    ).stdout.strip()
    print(
        f"| {args.names.get(clone, os.path.basename(clone))}, {int(count):,} commits "
        f"| {median(a[0] for a, _ in pairs):.2f} s | {median(b[0] for _, b in pairs):.2f} s "
        f"| {median(a[0] / b[0] for a, b in pairs):.2f} "
        f"| {median(a[1] / b[1] for a, b in pairs):.2f} "
        f"| {max(a[2] for a, _ in pairs):.0f} MiB |",
        flush=True,
    )


def median(values):
    return statistics.median(list(values))


def make_repository(folder):
    """Commits all files at once, then one changed file in each further commit."""
    subprocess.run(["git", "init", "-q", folder], check=True)
    name = lambda number: f"{number // 1000:02}/{number // 100 % 10}/{number}.py"
    git = subprocess.Popen(["git", "-C", folder, "fast-import", "--quiet"], stdin=subprocess.PIPE)
    for commit in range(COMMITS):
        changed = range(FILES) if commit == 0 else [commit * 7919 % FILES]
        # Seconds since 1970; any increasing values will do.
        lines = [f"commit refs/heads/main\ncommitter A <a@example.com> {1_600_000_000 + commit} +0000\ndata 1\nm\n"]
        for number in changed:
            text = f"# file {number}, commit {commit}\nimport os\n\nx = {number}\n"
            lines.append(f"M 100644 inline {name(number)}\ndata {len(text)}\n{text}\n")
        git.stdin.write("".join(lines).encode())
    git.stdin.close()
    if git.wait() != 0:
        sys.exit("git fast-import failed")
    subprocess.run(["git", "-C", folder, "symbolic-ref", "HEAD", "refs/heads/main"], check=True)
    subprocess.run(["git", "-C", folder, "reset", "-q", "--hard"], check=True)
    with open(os.path.join(folder, name(4)), "a") as file:
        file.write("y = 1\n")
    subprocess.run(["git", "-C", folder, "add", "-u"], check=True)
    # Flushes dirty pages, so that writeback does not run during the timed part.
    os.sync()


def staged(args):
    with tempfile.TemporaryDirectory(prefix="hfscan-bench-") as folder:
        make_repository(folder)
        command = [args.hfscan, "--no-progress", "--exit-zero", "-q", "--staged"]
        run(command, folder)
        runs = [run(command, folder) for _ in range(4 * args.runs)]
    print("\n| what | median | slowest | peak |\n| --- | --- | --- | --- |")
    print(
        f"| `--staged`, 1 of {FILES:,} files, {COMMITS:,} commits "
        f"| {1000 * median(one[0] for one in runs):.0f} ms "
        f"| {1000 * max(one[0] for one in runs):.0f} ms | {max(one[2] for one in runs):.0f} MiB |"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clones", nargs="*", metavar="CLONE", help="a folder, or NAME=FOLDER")
    parser.add_argument("--hfscan", default="target/release/hfscan")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()
    args.hfscan = os.path.abspath(args.hfscan)
    if not os.path.exists(args.hfscan):
        sys.exit("a release build of hfscan is needed; see --help")
    named = [one.rpartition("=") for one in args.clones]
    args.names = {os.path.abspath(clone): name for name, _, clone in named if name}
    version = subprocess.run(["git", "--version"], capture_output=True, text=True).stdout.strip()
    print(f"{os.cpu_count()} processors, {args.threads} threads, {version}, medians of {args.runs} pairs\n")
    if named:
        print("| what | hfscan | git | wall ratio | CPU ratio | hfscan's peak |")
        print("| --- | --- | --- | --- | --- | --- |")
    for _, _, clone in named:
        compare(os.path.abspath(clone), args)
    staged(args)


if __name__ == "__main__":
    main()
