#!/usr/bin/env python3
"""Measures the Python module over columns against other tools that read or search them.

    python3 tests/bench/tables.py --corpus TREE [--megabytes 256] [--rounds 5]
    python3 tests/bench/tables.py --equality 1000000 [--corpus TREE]
    python3 tests/bench/tables.py --gibibytes 4

Needs the module (`pip install .`), pyarrow, and for one row detect-secrets. The first form prints
a table of medians and ratios, measured in turn on one thread; the second checks that texts,
columns and the command line have the same findings; the third redacts a Parquet file of that
size, checks the result, and prints time and memory.
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
import hfscan._program
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

pa.set_cpu_count(1)
pa.set_io_thread_count(1)


def token(chosen):
    return "hf_" + "".join(chosen.choice(string.ascii_letters) for _ in range(34))


def texts_of(tree, endings, limit):
    """The texts of the files of a tree with these extensions, up to a total number of bytes."""
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
    """Messages in JSON, as in chat data sets."""
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
    """Seconds per byte of detect-secrets, run as by BigCode: one temporary file per text."""
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
        command = [hfscan._program.find(), "-j1", "-q", "--no-progress", "--isolated", str(lines)]
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
    """Nanoseconds per row in batches of 1,000 empty and short rows."""
    scanner, lines = hfscan.Scanner(), []
    for kind, rows in [("empty", [""] * 1000), ("30 bytes", ["some thirty bytes of a quiet row"] * 1000)]:
        batch = pa.record_batch({"text": rows})
        median = timed({"": lambda: [scanner.count_arrow(batch) for _ in range(200)]}, 9)[""]
        lines.append(f"{kind}: {median / 200_000 * 1e9:.0f} ns a row")
    return lines


def made_up(count):
    """Texts of words that rules use, one in fifty with a token, one in three hundred JSON."""
    chosen = random.Random(19)
    words = ["the", "model", "token", "password =", "\n", "api_key:", "é", "数据", "{", "}", '"', "\\n",
             "import os", "hf_", "use_auth_token=True", "\U0001f917", "secret", "0x12", "https://u:p@h/"]
    for number in range(count):
        pieces = [chosen.choice(words) for _ in range(chosen.randrange(12))]
        if number % 50 == 0:
            pieces.insert(chosen.randrange(len(pieces) + 1), token(chosen))
        if number % 301 == 0:
            pieces = [json.dumps({"content": " ".join(pieces)})]
        yield " ".join(pieces)


def real(tree, count):
    """The lines of the files of a tree, one in a thousand with a token at its end."""
    chosen, made = random.Random(20), 0
    for path in sorted(Path(tree).rglob("*")):
        if path.is_file() and path.suffix in {".py", ".rs", ".md", ".js", ".java", ".c", ".txt", ".rst"}:
            for line in path.read_text("utf-8", "replace").splitlines():
                yield f"{line} {token(chosen)}" if made % 1000 == 0 else line
                made += 1
                if made == count:
                    return


def equality(count, tree):
    """Checks that every path has the same findings in generated texts, half of them real given a tree."""
    rows = list(real(tree, count // 2)) if tree else []
    print(f"{len(rows):,} lines of {tree}, {count - len(rows):,} texts made up")
    rows += made_up(count - len(rows))
    scanner = hfscan.Scanner(now=1_800_000_000)
    by_text = [(number, one.rule, one.start, one.end)
               for number, found in enumerate(scanner.scan_many(rows, threads=2)) for one in found]
    table = pa.table({"text": rows})
    found = scanner.scan_arrow(table.to_reader(max_chunksize=1000)).read_all()
    by_column = list(zip(*(found[name].to_pylist() for name in ["row", "rule", "start", "end"])))
    assert by_text == by_column, "texts and columns differ"
    print(f"{count:,} texts: {len(by_text):,} findings by texts and by columns, equal")
    redacted = scanner.redact_arrow(table)["text"].to_pylist()
    assert redacted == [scanner.redact(row) for row in rows], "redacted texts and columns differ"
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder, "a.jsonl"), Path(folder, "b.jsonl")
        with open(path, "w", encoding="utf-8") as lines:
            lines.writelines(json.dumps({"text": row}, ensure_ascii=False) + "\n" for row in rows)
        command = [hfscan._program.find(), "redact", path, "--columns", "text", "--to", out,
                   "--min-confidence", "low", "--places", "-"]
        run = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        places = [json.loads(line) for line in run.stdout.splitlines()]
        with open(out, encoding="utf-8") as lines:
            assert redacted == [json.loads(line)["text"] for line in lines], "the program differs"
    changed = sum(one != row for one, row in zip(redacted, rows))
    print(f"{changed:,} of them with {len(places):,} credentials, which module, columns and program "
          "replace alike")


def peak_of(process):
    """Waits for a process, and returns its peak memory in MiB. `ru_maxrss` would include this
    process, from which it was forked."""
    peak = 0
    while process.poll() is None:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text()
        except ProcessLookupError:
            continue
        peak = max([peak, *(int(one) for one in re.findall(r"VmHWM:\s+(\d+) kB", status))])
        time.sleep(0.01)
    return peak / 1024


def parquet(gibibytes):
    """Redacts a Parquet file with the program, and measures time and memory."""
    chosen, rows = random.Random(4), 50_000
    words = [f"{chosen.getrandbits(32):08x}" for _ in range(50_000)]
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder, "a.parquet"), Path(folder, "b.parquet")
        schema = pa.schema({"id": pa.int64(), "text": pa.large_utf8(), "quiet": pa.large_utf8()})
        count, secrets = 0, 0
        # Uncompressed data has the same size in the file as in memory.
        with pq.ParquetWriter(path, schema, compression="none", use_dictionary=False) as writer:
            while path.stat().st_size < gibibytes << 30:
                texts = [" ".join(chosen.choices(words, k=100)) for _ in range(rows)]
                for at in range(0, rows, 1000):
                    texts[at] += " " + token(chosen)
                    secrets += 1
                columns = [range(count, count + rows), texts, [text[:200] for text in texts[::-1]]]
                writer.write_table(pa.table([pa.array(one, kind) for one, kind in
                                             zip(columns, schema.types)], schema=schema))
                count += rows
        started = time.perf_counter()
        command = [hfscan._program.find(), "redact", path, "--to", out, "--columns", "text",
                   "--min-confidence", "low"]
        process = subprocess.Popen(command)
        peak = peak_of(process)
        seconds = time.perf_counter() - started
        size = path.stat().st_size
        print(f"{size / 2**30:.2f} GiB, {count:,} rows: {seconds:.1f} s, peak {peak:.0f} MiB")
        assert process.returncode == 0
        before, after = pq.ParquetFile(path), pq.ParquetFile(out)
        replaced = 0
        for old, new in zip(before.iter_batches(1000), after.iter_batches(1000), strict=True):
            assert old["id"].equals(new["id"]) and old["quiet"].equals(new["quiet"])
            texts = new["text"]
            replaced += pc.sum(pc.not_equal(old["text"], texts)).as_py()
            assert not pc.any(pc.match_substring_regex(texts, "hf_[A-Za-z]{34}")).as_py()
        assert replaced == secrets
        print(f"{replaced:,} texts changed, and no other value")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--corpus")
    arguments.add_argument("--megabytes", type=int, default=256)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--equality", type=int)
    arguments.add_argument("--gibibytes", type=int)
    given = arguments.parse_args()
    if given.equality:
        return equality(given.equality, given.corpus)
    if given.gibibytes:
        return parquet(given.gibibytes)
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
