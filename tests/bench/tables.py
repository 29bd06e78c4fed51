#!/usr/bin/env python3
"""Measures the Python module over columns beside what else reads or searches them.

    python3 tests/bench/tables.py --corpus TREE [--megabytes 256] [--rounds 5]
    python3 tests/bench/tables.py --equality 1000000

Needs the module (`pip install .`), pyarrow, and for one row detect-secrets. The first form prints
a table of medians and ratios, everything on one thread and in turn; the second checks that texts,
columns and the command line find the same.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import statistics
import string
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import hfscan
import pyarrow as pa
import pyarrow.parquet as pq

pa.set_cpu_count(1)
pa.set_io_thread_count(1)


def token(chosen):
    return "hf_" + "".join(chosen.choice(string.ascii_letters) for _ in range(34))


def texts_of(tree, endings, limit):
    """The texts of the files of a tree with some endings, up to so many bytes."""
    size, rows = 0, []
    while size < limit:
        before = size
        for path in sorted(Path(tree).rglob("*")):
            if path.suffix in endings and path.is_file():
                text = path.read_text("utf-8", "replace")
                size += len(text.encode())
                rows.append(text)
            if size >= limit:
                break
        if size == before:
            sys.exit(f"no files of {endings} in {tree}")
    return rows


def json_rows(rows):
    """Messages in JSON, as data sets of chats have them."""
    return [json.dumps({"messages": [{"role": "user", "content": row[:2000]}]}) for row in rows]


def timed(what, rounds):
    """The median time of each of some functions, run in turn."""
    times = {name: [] for name in what}
    for _ in range(rounds):
        for name, run in what.items():
            started = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - started)
    return {name: statistics.median(all_) for name, all_ in times.items()}


def detect_secrets(rows, limit):
    """Seconds for each byte of detect-secrets as BigCode ran it: a temporary file a text."""
    try:
        from detect_secrets import SecretsCollection
        from detect_secrets.settings import transient_settings
    except ImportError:
        return None
    plugins = [{"name": name} for name in [
        "ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "CloudantDetector",
        "DiscordBotTokenDetector", "GitHubTokenDetector", "IbmCloudIamDetector",
        "IbmCosHmacDetector", "JwtTokenDetector", "MailchimpDetector", "NpmDetector",
        "SendGridDetector", "SlackDetector", "SoftlayerDetector", "SquareOAuthDetector",
        "StripeDetector", "TwilioKeyDetector"]]
    plugins += [{"name": "Base64HighEntropyString", "limit": 4.5},
                {"name": "HexHighEntropyString", "limit": 3.0}]
    filters = [{"path": f"detect_secrets.filters.heuristic.{name}"} for name in [
        "is_potential_uuid", "is_likely_id_string", "is_templated_secret", "is_sequential_string"]]
    size, started = 0, time.perf_counter()
    with transient_settings({"plugins_used": plugins, "filters_used": filters}):
        for row in rows:
            size += len(row.encode())
            with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
                file.write(row)
            SecretsCollection().scan_file(file.name)
            os.unlink(file.name)
            if size >= limit:
                break
    return (time.perf_counter() - started) / size


def measure(name, rows, rounds, folder):
    scanner = hfscan.Scanner()
    table = pa.table({"text": pa.array(rows, pa.large_utf8())})
    size = sum(len(row.encode()) for row in rows)
    path = folder / f"{name}.parquet"
    pq.write_table(table, path, compression="zstd", row_group_size=10_000)
    lines = folder / f"{name}.jsonl"
    with open(lines, "w", encoding="utf-8") as out:
        out.writelines(json.dumps({"text": row}, ensure_ascii=False) + "\n" for row in rows)
    literal = re.compile("hf_[A-Za-z]{34}")

    def batches():
        return pq.ParquetFile(path).iter_batches(batch_size=1000, columns=["text"], use_threads=False)

    def program():
        command = [sys.executable.replace("python3", "hfscan"), "-j1", "-q", "--no-progress",
                   "--isolated", str(lines)]
        if not Path(command[0]).exists():
            command[0] = str(Path(sys.executable).parent / "hfscan")
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)

    loaded = list(batches())
    what = {
        "read": lambda: [batch.num_rows for batch in batches()],
        "read and scan": lambda: [scanner.count_arrow(batch) for batch in batches()],
        "scan": lambda: [scanner.count_arrow(batch) for batch in loaded],
        "redact": lambda: [scanner.redact_arrow(batch) for batch in loaded],
        "str": lambda: scanner.scan_many(rows),
        "re": lambda: [literal.search(row) for row in rows],
        "program": program,
    }
    medians = timed(what, rounds)
    slow = detect_secrets(rows, 2_000_000)
    hits = sum(sum(scanner.count_arrow(batch).column("findings").to_pylist()) for batch in loaded)
    row = [name, f"{size / 1e6:.0f} MB", f"{len(rows):,}", f"{hits:,}",
           *(f"{size / medians[one] / 1e6:,.0f}" for one in what),
           f"{medians['read and scan'] / medians['read']:.2f}",
           f"{slow * size / medians['scan']:,.0f}" if slow else "-"]
    return row


def overhead():
    """Nanoseconds a row in batches of 1,000 empty and short rows."""
    scanner, lines = hfscan.Scanner(), []
    for kind, rows in [("empty", [""] * 1000), ("30 bytes", ["some thirty bytes of a quiet row"] * 1000)]:
        batch = pa.record_batch({"text": rows})
        median = timed({"": lambda: [scanner.count_arrow(batch) for _ in range(200)]}, 9)[""]
        lines.append(f"{kind}: {median / 200_000 * 1e9:.0f} ns a row")
    return lines


def equality(count):
    """Checks that every path finds the same in so many texts."""
    chosen = random.Random(19)
    words = ["the", "model", "token", "password =", "\n", "api_key:", "é", "数据", "{", "}", '"', "\\n",
             "import os", "hf_", "use_auth_token=True", "\U0001f917", "secret", "0x12", "https://u:p@h/"]
    rows = []
    for number in range(count):
        pieces = [chosen.choice(words) for _ in range(chosen.randrange(12))]
        if number % 50 == 0:
            pieces.insert(chosen.randrange(len(pieces) + 1), token(chosen))
        if number % 301 == 0:
            pieces = [json.dumps({"content": " ".join(pieces)})]
        rows.append(" ".join(pieces))
    scanner = hfscan.Scanner(now=1_800_000_000)
    by_text = [(number, one.rule, one.start, one.end)
               for number, found in enumerate(scanner.scan_many(rows, threads=2)) for one in found]
    found = scanner.scan_arrow(pa.table({"text": rows}).to_reader(max_chunksize=1000)).read_all()
    by_column = list(zip(*(found[name].to_pylist() for name in ["row", "rule", "start", "end"])))
    assert by_text == by_column, "texts and columns differ"
    print(f"{count:,} texts: {len(by_text):,} findings by texts and by columns, equal")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.jsonl")
        with open(path, "w", encoding="utf-8") as out:
            out.writelines(json.dumps({"text": row}) + "\n" for row in rows)
        command = [sys.executable, "-m", "hfscan", "redact", str(path), "--columns", "text",
                   "--min-confidence", "low", "--places", "-"]
        run = subprocess.run(command, capture_output=True, check=False)
        places = [json.loads(line) for line in run.stdout.splitlines()]
    by_program = sorted({one["row"] for one in places})
    strict = sorted({number for number, found in enumerate(scanner.scan_many(rows, threads=2))
                     if any(one.masked for one in found)})
    assert by_program == strict, "the program and the module differ"
    print(f"credentials in {len(strict):,} rows by the module and by the program, equal")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--corpus")
    arguments.add_argument("--megabytes", type=int, default=256)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--equality", type=int)
    given = arguments.parse_args()
    if given.equality:
        return equality(given.equality)
    limit = given.megabytes << 20
    head = ["what", "size", "rows", "findings", "read", "read and scan", "scan", "redact", "scan of str",
            "re", "program", "read and scan / read", "detect-secrets / scan"]
    print("| " + " | ".join(head) + " |\n|" + " --- |" * len(head))
    with tempfile.TemporaryDirectory() as folder:
        code = texts_of(given.corpus, {".py", ".rs", ".js", ".java", ".c"}, limit)
        prose = texts_of(given.corpus, {".md", ".txt", ".rst"}, limit)
        for name, rows in [("prose", prose), ("code", code), ("JSON", json_rows(prose))]:
            print("| " + " | ".join(measure(name, rows, given.rounds, Path(folder))) + " |", flush=True)
    print(*overhead(), sep="\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak of this process: {peak / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
