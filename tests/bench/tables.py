#!/usr/bin/env python3
"""Measures the Python module over columns against other tools that read or search them.

    python3 tests/bench/tables.py --corpus TREE [--megabytes 256] [--rounds 5] [--gitleaks PROGRAM]
    python3 tests/bench/tables.py --equality 1000000 [--corpus TREE]
    python3 tests/bench/tables.py --gibibytes 4

Needs the module (`pip install .`), pyarrow, and for one row each detect-secrets and gitleaks. The first
form prints medians of rates and of ratios in processor time, measured in turn on one thread (gitleaks
and detect-secrets on a part of the rows), and the memory beside that of reading; the second checks that
texts, columns and the command line have the same findings; the third redacts a Parquet file of that
size, checks the result, and prints time and memory; before, it kills such a run half way, and checks that
the old file is the same.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
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


def seconds():
    """Processor seconds of this process and of those that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def timed(what, rounds):
    """The processor seconds of each of some functions, run in turn."""
    times = {name: [] for name in what}
    for _ in range(rounds):
        for name, run in what.items():
            used = once(run)
            # The first of two also pays for the memory that the function before it has returned.
            times[name].append(once(run) if used < 1 else used)
    return times


def once(run):
    """The processor seconds of one run."""
    started = seconds()
    run()
    return seconds() - started


def ratio(times, one, other):
    """The median of the ratios of two functions in the same rounds."""
    return statistics.median(a / b for a, b in zip(times[one], times[other]))


def detect_secrets(rows):
    """Runs detect-secrets as BigCode does: one temporary file per text."""
    from detect_secrets import SecretsCollection
    from detect_secrets.settings import transient_settings

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
    with transient_settings({"plugins_used": plugins, "filters_used": filters}):
        for row in rows:
            with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
                file.write(row)
            SecretsCollection().scan_file(file.name)
            os.unlink(file.name)


def part_of(rows, limit):
    """Rows from all over a list, up to a number of bytes, and their share of all bytes."""
    sizes = [len(row.encode()) for row in rows]
    step = max(1, sum(sizes) // limit)
    return rows[::step], sum(sizes[::step]) / sum(sizes)


def batches(path):
    return pq.ParquetFile(path).iter_batches(batch_size=1000, columns=["text"], use_threads=False)


def others(rows, folder, name, gitleaks):
    """The slow tools, each on a part of the rows: functions, and the shares of the rows that they read."""
    what, shares = {}, {}
    if importlib.util.find_spec("detect_secrets"):
        few, shares["detect-secrets"] = part_of(rows, 1 << 20)
        what["detect-secrets"] = lambda: detect_secrets(few)
    if gitleaks:
        some, shares["gitleaks"] = part_of(rows, 16 << 20)
        text = folder / f"{name}.txt"
        text.write_text("\n".join(some), encoding="utf-8")

        def run():
            with open(text, "rb") as given:
                subprocess.run([gitleaks, "stdin", "--no-banner", "--redact", "-l", "error"], stdin=given,
                               stdout=subprocess.DEVNULL, env={**os.environ, "GOMAXPROCS": "1"}, check=False)
        what["gitleaks"] = run
    return what, shares


def measure(name, rows, folder, given):
    """Prints the rates over some rows, and their ratios."""
    scanner = hfscan.Scanner()
    size = sum(len(row.encode()) for row in rows)
    path, lines = folder / f"{name}.parquet", folder / f"{name}.jsonl"
    pq.write_table(pa.table({"text": pa.array(rows, pa.large_utf8())}), path, compression="zstd",
                   row_group_size=10_000)
    with open(lines, "w", encoding="utf-8") as out:
        out.writelines(json.dumps({"text": row}, ensure_ascii=False) + "\n" for row in rows)
    literal = re.compile("hf_[A-Za-z]{34}")

    def program(file):
        command = [hfscan._program.find(), "-j1", "-q", "--no-progress", "--isolated", str(file)]
        return lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=False)

    loaded = list(batches(path))
    slow, shares = others(rows, folder, name, given.gitleaks)
    what = {
        "read": lambda: [batch.num_rows for batch in batches(path)],
        "read and scan": lambda: [scanner.count_arrow(batch) for batch in batches(path)],
        "scan": lambda: [scanner.count_arrow(batch) for batch in loaded],
        "redact": lambda: [scanner.redact_arrow(batch) for batch in loaded],
        "scan of str": lambda: scanner.scan_many(rows),
        "re, one literal": lambda: [literal.search(row) for row in rows],
        "program, Parquet": program(path),
        "program, JSON Lines": program(lines),
        **slow,
    }
    times = timed(what, given.rounds)
    for tool, share in shares.items():
        times[tool] = [one / share for one in times[tool]]
    hits = sum(sum(scanner.count_arrow(batch).column("findings").to_pylist()) for batch in loaded)
    print(f"\n{name}: {size / 1e6:.0f} MB, {len(rows):,} rows, {hits:,} findings\n")
    print("| what | MB/s | time / read | time / scan |\n|" + " --- |" * 4)
    for tool, used in times.items():
        print(f"| {tool} | {size / statistics.median(used) / 1e6:,.3g} | {ratio(times, tool, 'read'):.2f} "
              f"| {ratio(times, tool, 'scan'):,.2f} |", flush=True)
    for kind, code in [("redacting", "scanner.redact_arrow(batch)"), ("scanning", "scanner.count_arrow(batch)")]:
        print(f"{kind} takes {peak(path, code) - peak(path, 'batch'):.0f} MiB beside reading")


def peak(path, code):
    """The peak memory in MiB of a process that runs some code on each batch."""
    script = f"""
import sys, resource, hfscan, pyarrow as pa, pyarrow.parquet as pq
pa.set_cpu_count(1); pa.set_io_thread_count(1)
scanner = hfscan.Scanner() if {'scanner' in code} else None
for batch in pq.ParquetFile(sys.argv[1]).iter_batches(1000, columns=["text"], use_threads=False):
    {code}
"""
    return peak_of(subprocess.Popen([sys.executable, "-c", script, path]))


def overhead():
    """Nanoseconds per row in batches of 1,000 empty and short rows."""
    scanner, lines = hfscan.Scanner(), []
    for kind, rows in [("empty", [""] * 1000), ("30 bytes", ["some thirty bytes of quiet text"] * 1000)]:
        batch = pa.record_batch({"text": rows})
        for call, run in [("count_arrow", scanner.count_arrow), ("redact_arrow", scanner.redact_arrow)]:
            used = timed({"": lambda: [run(batch) for _ in range(200)]}, 9)[""]
            lines.append(f"{call}, {kind}: {statistics.median(used) / 200_000 * 1e9:.0f} ns a row")
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


def killed(path):
    """Kills a redaction in place when half of the file is written; the old file must be whole."""
    def digest():
        with open(path, "rb") as data:
            return hashlib.file_digest(data, "sha256").hexdigest()

    before, half = digest(), path.stat().st_size // 2
    process = subprocess.Popen([hfscan._program.find(), "redact", path, "--in-place", "--columns", "text"],
                               stdout=subprocess.DEVNULL)
    while not any(part.stat().st_size >= half for part in path.parent.glob(".hfscan-*")):
        assert process.poll() is None, "it ended before it was killed"
        time.sleep(0.01)
    process.kill()
    process.wait()
    (part,) = path.parent.glob(".hfscan-*")
    assert digest() == before, "the old file changed"
    print(f"killed after {part.stat().st_size / 2**30:.2f} GiB: the old file is the same")
    part.unlink()


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
        killed(path)
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
    arguments.add_argument("--gitleaks", help="the program gitleaks, for one row")
    given = arguments.parse_args()
    if given.equality:
        return equality(given.equality, given.corpus)
    if given.gibibytes:
        return parquet(given.gibibytes)
    limit = given.megabytes << 20
    with tempfile.TemporaryDirectory() as folder:
        code = texts_of(given.corpus, {".py", ".rs", ".js", ".java", ".c"}, limit)
        prose = texts_of(given.corpus, {".md", ".txt", ".rst"}, limit)
        for name, rows in [("prose", prose), ("code", code), ("JSON", json_rows(prose))]:
            measure(name, rows, Path(folder), given)
    print("", *overhead(), sep="\n")


if __name__ == "__main__":
    main()
