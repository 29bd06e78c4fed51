#!/usr/bin/env python3
"""Times hfscan on packed files against other tools that unpack them.

    cargo build --release
    python3 tests/bench/containers.py [--hfscan target/release/hfscan] [--python venv/bin/python] [--runs 5] [--mib 1024]

Three kinds, generated in a temporary folder, each with its own reference:

- a model repository, 400 safetensors and GGUF files of 50 MB, all but their headers
  sparse: `head -c 32768` on every file, which opens each and reads as much as a header;
- a data set of `--mib` MiB in Parquet with zstd: pyarrow decoding its text columns, timed inside
  a running Python;
- a tar.zst of `--mib` MiB: `zstdcat | rg -a -c 'hf_[A-Za-z]{34}'`.

The texts are slices of Python's standard library. The two run in turn, after one uncounted run
each; the result is the median of the ratios of neighbouring runs, as in `bench.py`. Needs `zstd`
and `rg`, and a Python with pyarrow for the second kind.
"""

import argparse
import io
import json
import os
import random
import shutil
import statistics
import struct
import subprocess
import sys
import tarfile
import tempfile

import bench

SHARDS, SHARD_BYTES = 400, 50_000_000

MAKE_PARQUET = """
import os, random, sys
import pyarrow as pa, pyarrow.parquet as pq
path, size, source = sys.argv[1], int(sys.argv[2]), open(sys.argv[3], encoding="utf-8").read()
rng, number = random.Random(3), 0
schema = pa.schema([("id", pa.int64()), ("text", pa.string()), ("label", pa.string()), ("score", pa.float64())])
with pq.ParquetWriter(path, schema, compression="zstd") as writer:
    while True:
        rows = range(number, number + 50_000)
        starts = [rng.randrange(len(source)) for _ in rows]
        writer.write_table(pa.table({
            "id": list(rows), "text": [source[at:at + 900] for at in starts],
            "label": [("train", "test", "validation")[at % 3] for at in starts],
            "score": [rng.random() for _ in rows]}, schema=schema))
        number += 50_000
        if os.path.getsize(path) >= size:
            break
"""

DECODE_PARQUET = """
import sys, time
import pyarrow as pa, pyarrow.parquet as pq
pa.set_cpu_count(int(sys.argv[2]))
for _ in sys.stdin:
    started = time.perf_counter()
    file = pq.ParquetFile(sys.argv[1])
    for group in range(file.num_row_groups):
        file.read_row_group(group, columns=["text", "label"], use_threads=True)
    print(time.perf_counter() - started, flush=True)
"""


def report(name, pairs, goal):
    median = lambda values: statistics.median(list(values))
    print(
        f"| {name} | {median(a[0] for a, _ in pairs):.3f} s | {median(b for _, b in pairs):.3f} s "
        f"| {median(a[0] / b for a, b in pairs):.2f} | {goal} | {max(a[2] for a, _ in pairs):.0f} MiB |",
        flush=True,
    )


def compare(name, goal, folder, target, yardstick, args):
    ours = [args.hfscan, "--no-progress", "--exit-zero", "-q", "-j", str(args.threads), target]
    bench.run(ours, folder), yardstick()
    report(name, [(bench.run(ours, folder), yardstick()) for _ in range(args.runs)], goal)


def make_models(folder):
    rng = random.Random(4)
    tensors = {
        f"model.layers.{number}.self_attn.q_proj.weight": {
            "dtype": "BF16", "shape": [4096, 4096], "data_offsets": [number * 1000, number * 1000 + 1000]}
        for number in range(300)
    }
    for number in range(SHARDS):
        if number % 4:
            header = json.dumps({"__metadata__": {"format": "pt", "run": str(rng.random())}, **tensors}).encode()
            name, head = f"model-{number:05}.safetensors", struct.pack("<Q", len(header)) + header
        else:
            text = lambda value: struct.pack("<Q", len(value)) + value.encode()
            values = "".join(f"token-{index} " for index in range(2500))
            head = b"GGUF" + struct.pack("<IQQ", 3, 0, 2) + text("general.name") + struct.pack("<I", 8) + text("m")
            head += text("tokenizer.chat_template") + struct.pack("<I", 8) + text(values)
            name = f"model-{number:05}.gguf"
        with open(os.path.join(folder, name), "wb") as file:
            file.write(head)
            file.truncate(SHARD_BYTES)


def models(args, folder):
    make_models(folder)
    files = sorted(os.listdir(folder))
    yardstick = lambda: bench.run(["head", "-q", "-c", "32768", *files], folder)[0]
    compare(f"model repository, {SHARDS} files, {SHARDS * SHARD_BYTES / 1e9:.0f} GB", "1.2", folder, ".", yardstick, args)


def parquet(args, folder):
    source, path = os.path.join(folder, "source.txt"), os.path.join(folder, "rows.parquet")
    with open(source, "w", encoding="utf-8") as file:
        file.write(bench.real_text())
    subprocess.run([args.python, "-c", MAKE_PARQUET, path, str(args.mib << 20), source], check=True)
    decoder = subprocess.Popen(
        [args.python, "-c", DECODE_PARQUET, path, str(args.threads)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def yardstick():
        decoder.stdin.write("\n")
        decoder.stdin.flush()
        return float(decoder.stdout.readline())

    compare(f"Parquet with zstd, {args.mib} MiB", "1.5", folder, "rows.parquet", yardstick, args)
    decoder.stdin.close()
    decoder.wait()


def archive(args, folder):
    path, rng, text = os.path.join(folder, "run.tar.zst"), random.Random(5), bench.real_text()
    with open(path, "wb") as packed:
        packer = subprocess.Popen(["zstd", "-q", "-T0", "-c"], stdin=subprocess.PIPE, stdout=packed)
        with tarfile.open(fileobj=packer.stdin, mode="w|") as tar:
            number = 0
            while os.path.getsize(path) < args.mib << 20:
                # Taken from anywhere in the text, so that it does not all fit into the window of
                # zstd.
                at = rng.randrange(len(text))
                body = (text[at:at + 60_000]).encode()
                info = tarfile.TarInfo(f"run/{number:06}.py")
                info.size, number = len(body), number + 1
                tar.addfile(info, io.BytesIO(body))
        packer.stdin.close()
        packer.wait()
    command = f"zstdcat run.tar.zst | {args.rg} -a -c '{bench.PATTERN}'"
    yardstick = lambda: bench.run(["sh", "-c", command], folder)[0]
    compare(f"tar.zst, {args.mib} MiB", "1.3", folder, "run.tar.zst", yardstick, args)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hfscan", default="target/release/hfscan")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--rg", default="rg")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()
    args.hfscan = os.path.abspath(args.hfscan)
    args.python = os.path.abspath(shutil.which(args.python) or args.python)
    print(f"{os.cpu_count()} processors, {args.threads} threads, medians of {args.runs} pairs\n")
    print("| what | hfscan | yardstick | ratio | goal | hfscan's peak |")
    print("| --- | --- | --- | --- | --- | --- |")
    for kind in (models, parquet, archive):
        with tempfile.TemporaryDirectory(prefix="hfscan-bench-") as folder:
            kind(args, folder)


if __name__ == "__main__":
    main()
