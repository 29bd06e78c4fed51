#!/usr/bin/env python3
"""Redacts a data set with Ray and with Spark, with one worker, with two, and with two of which one is killed.

    python3 tests/bench/engines.py --corpus TREE [--gibibytes 8] [--folder FOLDER]

Needs the module (`pip install .`), `ray[data]`, `pyspark` with Java, pyarrow and duckdb. The data set
consists of passages of at most 2,000 characters of the files of TREE, one in a thousand with a random
token, in Parquet files of half a GiB of text. Each engine runs its example (`examples/`) in its own
process, and a loop over the files runs without an engine. All must write the same rows, and may
leave one token in 500, whose letters look like a word. Prints a table of wall seconds and rates; a
worker is killed after half of the time of two workers.
"""

import argparse
import os
import pathlib
import random
import re
import signal
import string
import subprocess
import sys
import tempfile
import time

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"
PART = 1 << 29
TOKEN = re.compile("hf_[A-Za-z]{34}")
SCHEMA = pa.schema({"id": pa.int64(), "text": pa.large_utf8()})

LOOP = """
import pathlib, sys, hfscan, pyarrow.parquet as pq
scanner = hfscan.Scanner(min_confidence="high")
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.parquet")):
    file = pq.ParquetFile(path)
    with pq.ParquetWriter(pathlib.Path(sys.argv[2], path.name), file.schema_arrow) as writer:
        for batch in file.iter_batches(1000):
            writer.write_batch(scanner.redact_arrow(batch))
"""
RAY = """
import sys, ray
sys.path.insert(0, {examples!r})
import ray_redact
ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
ray.data.DataContext.get_current().enable_progress_bars = False
ray_redact.redact(sys.argv[1], sys.argv[2], {workers})
"""
SPARK = """
import sys
sys.path.insert(0, {examples!r})
import spark_redact
spark_redact.run(sys.argv[1], sys.argv[2], "local-cluster[{workers},1,2048]").stop()
"""


def passages(tree):
    """Passages of the text files of a tree, about `PART` bytes in total, without strings in the form of a token."""
    size, found = 0, []
    while size < PART:
        before = size
        for path in sorted(tree.rglob("*")):
            if path.suffix in {".py", ".md", ".rst", ".txt", ".ts", ".js", ".rs", ".java", ".c"} and path.is_file():
                text = path.read_text("utf-8", "replace")
                for at in range(0, len(text), 2000):
                    passage = text[at : at + 2000]
                    if not TOKEN.search(passage):
                        found.append(passage)
                        size += len(passage.encode())
                if size >= PART:
                    return found
        if size == before:
            sys.exit(f"no text files in {tree}")
    return found


def make(folder, tree, gibibytes):
    """Writes the data set, and returns its numbers of rows, bytes of text and tokens."""
    chosen, texts = random.Random(), passages(tree)
    rows = size = tokens = 0
    for number in range(gibibytes * (1 << 30) // PART):
        part = list(texts)
        for at in range(0, len(part), 1000):
            part[at] += " hf_" + "".join(chosen.choices(string.ascii_letters, k=34))
            tokens += 1
        table = pa.table([pa.array(range(rows, rows + len(part))), pa.array(part, pa.large_utf8())], schema=SCHEMA)
        pq.write_table(table, folder / f"{number:03}.parquet", compression="zstd", row_group_size=20_000)
        rows, size = rows + len(part), size + table["text"].nbytes
    return rows, size, tokens


def digest(folder):
    """The number of rows, their digest in any order, and the numbers of texts with a token and with a placeholder."""
    return duckdb.sql(f"""
        SELECT count(*), sum(hash(id, text)::HUGEINT),
            count(*) FILTER (regexp_matches(text, '{TOKEN.pattern}')),
            count(*) FILTER (contains(text, '<hf-user-access-token>'))
        FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = false)""").fetchall()[0]


def workers_of(parent):
    """The descendant processes that run Python workers: Ray actors, Spark workers."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    below, grew = {parent}, True
    while grew:
        more = {int(pid) for pid, above, *_ in rows if int(above) in below} - below
        below, grew = below | more, bool(more)
    kinds = ("ray::MapWorker", "ray::MapBatches", "pyspark.worker", "pyspark.daemon", "pyspark/worker")
    found = [(int(pid), args[0]) for pid, _, *args in rows if int(pid) in below and args]
    return [pid for pid, command in found if any(kind in command for kind in kinds)]


def run(script, source, target, kill_after=None):
    """Seconds of one run, and the number of processes that were killed in it."""
    target.mkdir()
    environment = dict(os.environ, PYSPARK_PYTHON=sys.executable, PYSPARK_DRIVER_PYTHON=sys.executable,
                       PYTHONPATH=str(EXAMPLES), RAY_DISABLE_IMPORT_WARNING="1")
    started, killed = time.perf_counter(), 0
    process = subprocess.Popen([sys.executable, "-c", script, source, target], env=environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if kill_after:
        time.sleep(kill_after)
        for pid in workers_of(process.pid)[-1:]:
            os.kill(pid, signal.SIGKILL)
            killed += 1
    status = process.wait()
    if status != 0:
        sys.exit(f"a run ended with {status}: {script}")
    return time.perf_counter() - started, killed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=pathlib.Path, required=True)
    parser.add_argument("--gibibytes", type=int, default=8)
    parser.add_argument("--folder", type=pathlib.Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        folder = pathlib.Path(folder)
        source = folder / "in"
        source.mkdir()
        rows, size, tokens = make(source, given.corpus, given.gibibytes)
        stored = sum(path.stat().st_size for path in source.iterdir())
        print(f"{rows:,} rows, {size / 2**30:.2f} GiB of text, {stored / 2**30:.2f} GiB of Parquet, {tokens:,} tokens\n")
        print("| engine | workers | killed | seconds | MB/s |\n|" + " --- |" * 5, flush=True)
        expected, two = None, {}
        cases = [("a loop", 1, LOOP)]
        for engine, script in [("Ray", RAY), ("Spark", SPARK)]:
            cases += [(engine, count, script) for count in (1, 2)] + [(engine, "2, killed", script)]
        for number, (engine, workers, script) in enumerate(cases):
            kill = workers == "2, killed"
            count = 2 if kill else workers
            target = folder / f"out{number}"
            text = script if script is LOOP else script.format(examples=str(EXAMPLES), workers=count)
            seconds, killed = run(text, source, target, two[engine] / 2 if kill else None)
            two[engine] = seconds if count == 2 and not kill else two.get(engine)
            found = digest(target)
            expected = expected or found
            assert found == expected, f"{engine} wrote other rows: {found}, not {expected}"
            # The examples ask for high confidence, which a token that is a word by chance has not.
            assert found[0] == rows and found[2] <= 1 + tokens // 500, f"{engine}: {found}"
            assert found[2] + found[3] >= tokens, f"{engine}: {found}"
            print(f"| {engine} | {count} | {killed} | {seconds:.1f} | {size / seconds / 1e6:.0f} |", flush=True)
            subprocess.run(["rm", "-r", target], check=True)


if __name__ == "__main__":
    main()
