#!/usr/bin/env python3
"""Times hfscan against ripgrep, side by side, on the same files.

    cargo build --release
    python3 tests/bench/bench.py [--rg RG] [--hfscan target/release/hfscan] [--runs 9] [TREE...]

ripgrep searches for one pattern, `rg --hidden -a -c 'hf_[A-Za-z]{34}'`; hfscan runs every
rule. The two run in turn (A B A B ...) with the same number of threads, after one uncounted
run each, so that the page cache is warm and noise affects both equally. The result is the
median of the ratios of neighbouring runs.

Generated in a temporary folder: 100,000 tiny files, a JSON Lines file of 1 GiB and a single
line of 500 MB, both of Python's standard library, and a folder with one small file. Each TREE
is measured unchanged. Peak memory is `ru_maxrss` of the finished process.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time

PATTERN = "hf_[A-Za-z]{34}"
WORDS = "the model token config train data load push hub file path value name return import self def class".split()


def run(command, cwd):
    """Wall seconds, CPU seconds and peak MiB of one run."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if process.returncode not in (0, 1):
        sys.exit(f"{command} ended with {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(name, cwd, args, target):
    threads = str(args.threads)
    ours = [args.hfscan, "--no-progress", "--exit-zero", "-q", "-j", threads, target]
    rg = [args.rg, "-j", threads, "--hidden", "-a", "-c", PATTERN, target]
    run(ours, cwd), run(rg, cwd)
    pairs = [(run(ours, cwd), run(rg, cwd)) for _ in range(args.runs)]
    median = lambda values: statistics.median(list(values))
    print(
        f"| {name} "
        f"| {median(a[0] for a, _ in pairs):.3f} s | {median(b[0] for _, b in pairs):.3f} s "
        f"| {median(a[0] / b[0] for a, b in pairs):.2f} "
        f"| {median(a[1] / b[1] for a, b in pairs if b[1]):.2f} "
        f"| {max(a[2] for a, _ in pairs):.0f} MiB |",
        flush=True,
    )


def sentence(rng):
    return " ".join(rng.choice(WORDS) for _ in range(12))


def make_tiny(folder):
    rng = random.Random(1)
    for number in range(100_000):
        where = os.path.join(folder, f"{number // 1000:03}", f"{number // 100 % 10}")
        if number % 100 == 0:
            os.makedirs(where, exist_ok=True)
        with open(os.path.join(where, f"{number}.py"), "w") as file:
            file.write(f"# {sentence(rng)}\nx = {number}\n")


def make_jsonl(path, size):
    rng, text = random.Random(2), real_text()
    starts = (rng.randrange(len(text)) for _ in range(20_000))
    rows = ({"id": number, "text": text[start:start + 400], "score": rng.random()} for number, start in enumerate(starts))
    block = "".join(json.dumps(row) + "\n" for row in rows)
    repeat(block, path, size)


def make_line(path, size):
    repeat(" ".join(real_text().split()) + " ", path, size)


def repeat(block, path, size):
    with open(path, "w") as file:
        while file.tell() < size:
            file.write(block)


def real_text():
    """About 10 MB of third-party code and prose: Python's standard library."""
    texts = []
    for path in sorted(pathlib.Path(sysconfig.get_path("stdlib")).rglob("*.py")):
        if "site-packages" not in path.parts and sum(map(len, texts)) < 10_000_000:
            texts.append(path.read_text(encoding="utf-8", errors="ignore"))
    return "".join(texts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs="*", metavar="TREE")
    parser.add_argument("--hfscan", default="target/release/hfscan")
    parser.add_argument("--rg", default="rg")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()
    args.hfscan = os.path.abspath(args.hfscan)
    if not shutil.which(args.rg) or not os.path.exists(args.hfscan):
        sys.exit("ripgrep and a release build of hfscan are needed; see --help")
    version = subprocess.run([args.rg, "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    print(f"{os.cpu_count()} processors, {args.threads} threads, {version}, medians of {args.runs} pairs\n")
    print("| what | hfscan | rg | wall ratio | CPU ratio | hfscan's peak |")
    print("| --- | --- | --- | --- | --- | --- |")
    for tree in args.trees:
        files = sum(len(names) for _, _, names in os.walk(tree))
        compare(f"{os.path.basename(os.path.abspath(tree))}, {files:,} files", tree, args, ".")
    with tempfile.TemporaryDirectory(prefix="hfscan-bench-") as folder:
        one = os.path.join(folder, "one")
        os.mkdir(one)
        with open(os.path.join(one, "a.py"), "w") as file:
            file.write("print('hello')\n")
        compare("one small file", one, args, ".")
        tiny = os.path.join(folder, "tiny")
        os.mkdir(tiny)
        make_tiny(tiny)
        compare("100,000 tiny files", tiny, args, ".")
        for name, make, size in [("1 GiB of JSON Lines", make_jsonl, 1 << 30), ("one line of 500 MB", make_line, 500_000_000)]:
            path = os.path.join(folder, "large.jsonl")
            # Runs in a separate process, whose memory does not count as the peak of the children of
            # this one.
            maker = multiprocessing.Process(target=make, args=(path, size))
            maker.start()
            maker.join()
            compare(name, folder, args, "large.jsonl")
            os.remove(path)


if __name__ == "__main__":
    main()
