#!/usr/bin/env python3
"""Checks processor time and peak memory of hfscan on hostile files against their bounds.

    cargo build --release
    python3 tests/bench/bounds.py [--only WORD] [--keep FOLDER] [MORE…]

Generates each file and folder of `bombs.py`, `structures.py`, `texts.py`, `hostile.py` and
`repositories.py`, scans it, and prints a row:
processor time and memory of the whole run with their bounds, the status, and the reasons of the
skips. Exits with 1 if a run exceeds a bound or has a status other than 0, 1 and 2. Cases whose
program or module is missing are skipped and listed. MORE are further files, such as the archive
that unpacks to itself (https://research.swtch.com/zip).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

import structures  # noqa: F401, its bombs join those of `bombs`
import texts  # noqa: F401, likewise
from bombs import BOMBS
from hostile import crowds, deep, trees
from repositories import repositories

# Number of tokens in a file of `crowds`.
COUNT = 100_000
# Seconds after which a run is killed.
PATIENCE = 120


def bounds(size, unpacked, findings):
    """Maximum processor time in seconds and memory in MiB of a run."""
    seconds = 2 + 0.2 * size / 1e6 + unpacked / 1e9
    return seconds, 256 + findings / 1024


def run(hfscan, arguments, folder, size):
    """The cells of a row, and `True` if the run stays within its bounds."""
    command = ["/usr/bin/time", "-f", "%U %S %M", hfscan, "--no-progress", "--format", "json", *arguments]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        try:
            done = subprocess.run(command, cwd=folder, stdout=out, stderr=errors, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return [f"more than {PATIENCE} s", "", "", "", ""], False
        out.seek(0)
        errors.seek(0)
        user, system, peak = errors.read().split()[-3:]
        report = json.loads(out.read() or b"null")
    seconds, peak = float(user) + float(system), int(peak) / 1024
    # An error, such as an index that cannot be read, ends a run without a report.
    summary = report or {"findings": [], "skipped": [], "summary": {"bytes": 0}}
    findings = len(summary["findings"])
    most_seconds, most_peak = bounds(size, summary["summary"]["bytes"], findings)
    is_fine = seconds <= most_seconds and peak <= most_peak and done.returncode in ((0, 1, 2) if report else (2,))
    reasons = sorted({one["reason"] for one in summary["skipped"]}) if report else ["no report"]
    return [
        f"{seconds:.2f} of {most_seconds:.1f} s",
        f"{peak:.0f} of {most_peak:.0f} MiB",
        f"{findings}",
        str(done.returncode),
        ", ".join(reasons),
    ], is_fine


def size_of(folder):
    """Total size in bytes of the regular files in a folder."""
    paths = (os.path.join(top, name) for top, _, names in os.walk(folder) for name in names)
    return sum(os.path.getsize(path) for path in paths if os.path.isfile(path) and not os.path.islink(path))


def cases(size):
    """Name, arguments and maker of each case; a maker fills a folder."""

    def with_file(name, make):
        def fill(folder):
            data = make()
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data if isinstance(data, bytes) else data.encode())

        return fill

    for name, what, maker in BOMBS:
        yield what, ["."], with_file(name, maker)
    for name, text in deep(int(size * 1e6)):
        yield f"{size:g} MB, `{name}`", ["."], with_file(name, lambda text=text: text)
    for name, text in crowds(COUNT):
        yield f"{COUNT:,} tokens, `{name}`", ["."], with_file(name, lambda text=text: text)
    yield from trees()
    yield from repositories()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hfscan", default="target/release/hfscan")
    parser.add_argument("--only", default="", help="run only cases whose name contains this word")
    parser.add_argument("--without", default="\n", help="skip cases whose name contains this word")
    parser.add_argument("--size", type=float, default=3, help="size of a deep text, in MB")
    parser.add_argument("--keep", help="folder for the cases that exceed a bound")
    parser.add_argument("more", nargs="*")
    args = parser.parse_args()
    hfscan, failed = os.path.abspath(args.hfscan), 0
    others = [(path, [path], lambda folder: None) for path in map(os.path.abspath, args.more)]
    print("| what | size | CPU time | peak | findings | status | left out |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for what, arguments, fill in others or cases(args.size):
        if args.only not in what or args.without in what:
            continue
        folder, is_fine = tempfile.mkdtemp(prefix="hfscan-bounds-"), True
        try:
            fill(folder)
            size = sum(map(os.path.getsize, arguments)) if others else size_of(folder)
            cells, is_fine = run(hfscan, arguments, folder, size)
        except ImportError as error:
            print(f"left out {what}: {error}", file=sys.stderr)
            continue
        finally:
            if args.keep and not is_fine:
                shutil.copytree(folder, os.path.join(args.keep, os.path.basename(folder)), symlinks=True)
            shutil.rmtree(folder)
        failed += not is_fine
        row = " | ".join([what, f"{size / 1e6:.2f} MB", *cells])
        print(f"| {row} |" + ("" if is_fine else " **too much**"), flush=True)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
