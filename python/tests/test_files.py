"""`hfscan redact` over Parquet and Arrow, as pyarrow writes and reads them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import hfscan
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made import texts, token

SCANNER = hfscan.Scanner(min_confidence="high")
ROWS = [*texts(1_500, seed=5, every=6), None, ""]
EXPECTED = [SCANNER.redact(row) if row else row for row in ROWS]
TOKENS = [token(number) for number in range(0, 1_500, 6)]


def run(*args, code=0):
    command = [sys.executable, "-m", "hfscan", "redact", *map(str, args)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == code, done.stderr.decode()
    return done.stdout.decode()


def table():
    messages = [[{"role": "user", "content": row}, {"role": "tool", "content": None}]
                if row else None for row in ROWS]
    schema = pa.schema([
        pa.field("id", pa.int64()),
        pa.field("text", pa.string(), metadata={"note": "kept"}),
        pa.field("other", pa.string()),
        pa.field("messages", pa.list_(pa.struct({"role": pa.string(), "content": pa.string()}))),
        pa.field("meta", pa.map_(pa.string(), pa.string())),
        pa.field("kind", pa.dictionary(pa.int32(), pa.string())),
        pa.field("raw", pa.binary()),
    ], metadata={"origin": f"from {TOKENS[0]}", "license": "mit"})
    columns = [
        list(range(len(ROWS))), ROWS, ["quiet"] * len(ROWS), messages,
        [[("k", row)] if row else [] for row in ROWS],
        pa.array([TOKENS[number % 3] for number in range(len(ROWS))]).dictionary_encode(),
        [row.encode() if row is not None else None for row in ROWS],
    ]
    return pa.table(columns, schema=schema)


@pytest.mark.parametrize("options", [
    {"compression": "zstd"},
    {"compression": "snappy", "use_dictionary": False, "write_page_index": True},
    {"compression": "none", "data_page_version": "2.0", "version": "2.6"},
    {"compression": "gzip", "write_statistics": False, "store_schema": False},
    {"compression": "lz4", "version": "1.0"},
    {"compression": "brotli"},
], ids=str)
def test_a_parquet_file_is_the_same_without_its_credentials(tmp_path, options):
    before = table()
    pq.write_table(before, tmp_path / "a.parquet", row_group_size=400, **options)
    run(tmp_path / "a.parquet", "--to", tmp_path / "b.parquet")
    data = (tmp_path / "b.parquet").read_bytes()
    after = pq.read_table(tmp_path / "b.parquet")
    assert after["text"].to_pylist() == EXPECTED
    assert [one.decode() if one is not None else None for one in after["raw"].to_pylist()] == EXPECTED
    assert [one[0]["content"] if one else one for one in after["messages"].to_pylist()] == [
        one if row else None for one, row in zip(EXPECTED, ROWS)]
    assert [one[0][1] for one in after["meta"].to_pylist() if one] == [
        one for one, row in zip(EXPECTED, ROWS) if row]
    for name in ["id", "other"]:
        assert after[name].equals(before[name]) or options.get("store_schema") is False
    assert all(one.encode() not in data for one in TOKENS)
    old = pq.ParquetFile(tmp_path / "a.parquet")
    new = pq.ParquetFile(tmp_path / "b.parquet")
    assert new.schema.equals(old.schema)
    # Arrow's schema repeats the metadata that contains a token, so it is removed.
    assert b"ARROW:schema" not in (new.metadata.metadata or {})
    assert new.metadata.num_row_groups == old.metadata.num_row_groups == 4
    for group in range(4):
        for column in range(old.metadata.num_columns):
            is_ = new.metadata.row_group(group).column(column)
            was = old.metadata.row_group(group).column(column)
            assert is_.compression == was.compression and is_.num_values == was.num_values
            assert is_.is_stats_set == was.is_stats_set
            assert is_.has_column_index == was.has_column_index
    note = json.loads(new.metadata.metadata[b"hfscan.redacted"])
    assert note["rules_version"] == SCANNER.rules_version
    kept = (old.metadata.metadata or {}).get(b"license")
    assert new.metadata.metadata.get(b"license") == kept
    assert kept == (None if options.get("store_schema") is False else b"mit")
    assert run(tmp_path / "b.parquet").strip().endswith("0 credentials found")


def test_only_the_columns_that_are_meant_change_and_the_places_are_told(tmp_path):
    pq.write_table(table(), tmp_path / "a.parquet", row_group_size=400)
    run(tmp_path / "a.parquet", "--columns", "messages[].content,kind", "--in-place",
        "--places", tmp_path / "places.jsonl")
    after = pq.read_table(tmp_path / "a.parquet")
    assert after["text"].to_pylist() == ROWS
    places = [json.loads(line) for line in (tmp_path / "places.jsonl").read_text().splitlines()]
    assert not any(one in (tmp_path / "places.jsonl").read_text() for one in TOKENS)
    contents = [one for one in places if one["column"] == "messages[].content"]
    raw = [(row, found) for row, text in enumerate(ROWS) if text
           for found in SCANNER.scan(text.encode()) if found.masked]
    assert [(one["row"], one["start"], one["end"]) for one in contents] == [
        (row, found.start, found.end) for row, found in raw]
    assert all(one["row_group"] == one["row"] // 400 and one["path"] == "messages[0].content"
               for one in contents)
    error = subprocess.run([sys.executable, "-m", "hfscan", "redact", tmp_path / "a.parquet",
                            "--columns", "messages.tokens", "--in-place"],
                           capture_output=True, check=False)
    assert error.returncode == 2 and b"messages[].content" in error.stderr


def test_a_column_chunk_without_credentials_is_copied_byte_for_byte(tmp_path):
    rows = [*["quiet"] * 500, *[f"it is {token(1)}"] * 500]
    quiet = pa.table({"text": rows, "other": [f"{number}" for number in range(1_000)]})
    pq.write_table(quiet, tmp_path / "a.parquet", row_group_size=500, write_page_index=True)
    run(tmp_path / "a.parquet", "--to", tmp_path / "b.parquet")

    def chunk(name, group, column):
        one = pq.ParquetFile(tmp_path / name).metadata.row_group(group).column(column)
        start = one.dictionary_page_offset or one.data_page_offset
        return (tmp_path / name).read_bytes()[start : start + one.total_compressed_size]

    for place in [(0, 0), (0, 1), (1, 1)]:
        assert chunk("a.parquet", *place) == chunk("b.parquet", *place)
    assert chunk("a.parquet", 1, 0) != chunk("b.parquet", 1, 0)


@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
@pytest.mark.parametrize("kind", ["file", "stream"])
def test_a_file_and_a_stream_of_arrow_are_redacted(tmp_path, kind, compression):
    before = table()
    open_writer = pa.ipc.new_file if kind == "file" else pa.ipc.new_stream
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with open_writer(tmp_path / "a.arrow", before.schema, options=options) as writer:
        writer.write_table(before, max_chunksize=300)
    run(tmp_path / "a.arrow", "--to", tmp_path / "b.arrow")
    data = (tmp_path / "b.arrow").read_bytes()
    read = pa.ipc.open_file if kind == "file" else pa.ipc.open_stream
    after = read(tmp_path / "b.arrow").read_all()
    assert after["text"].to_pylist() == EXPECTED
    assert after.schema.equals(before.schema)
    assert b"hfscan.redacted" in after.schema.metadata
    assert after.schema.metadata[b"license"] == b"mit"
    if compression is None:
        assert all(one.encode() not in data for one in TOKENS)
    # The size is that of pyarrow with the same compression.
    with open_writer(tmp_path / "c.arrow", after.schema, options=options) as writer:
        writer.write_table(after, max_chunksize=300)
    assert 0.9 < len(data) / (tmp_path / "c.arrow").stat().st_size < 1.1


def test_every_path_to_a_text_finds_the_same(tmp_path):
    """Compares the module on texts and Arrow columns with the program on JSON Lines, CSV, Parquet and Arrow."""
    rows = [row for row in ROWS if row]
    expected = [(number, one.rule) for number, row in enumerate(rows)
                for one in SCANNER.scan(row) if one.masked]
    data = pa.table({"text": rows})
    found = SCANNER.scan_arrow(data).to_pylist()
    assert [(one["row"], one["rule"]) for one in found if one["masked"]] == expected
    pq.write_table(data, tmp_path / "a.parquet")
    with pa.ipc.new_file(tmp_path / "a.arrow", data.schema) as writer:
        writer.write_table(data)
    with open(tmp_path / "a.jsonl", "w", encoding="utf-8") as out:
        out.writelines(json.dumps({"text": row}) + "\n" for row in rows)
    for name in ["a.parquet", "a.arrow", "a.jsonl"]:
        places = run(tmp_path / name, "--columns", "text", "--places", "-", code=1)
        places = [json.loads(line) for line in places.splitlines()]
        assert [(one["row"], one["rule"]) for one in places] == expected, name


def write_slow(path):
    """A file that takes some time to redact, with a token in every row."""
    rows = [f"{token(number)} and then some" for number in range(1_000)] * 40
    if path.suffix == ".parquet":
        pq.write_table(pa.table({"text": rows}), path, row_group_size=2_000, use_dictionary=False)
    elif path.suffix == ".arrow":
        with pa.ipc.new_file(path, pa.schema({"text": pa.utf8()})) as writer:
            writer.write_table(pa.table({"text": rows}), max_chunksize=2_000)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps({"text": row}) + "\n" for row in rows))
    else:
        path.write_text("text\n" + "\n".join(rows) + "\n")


def stopped_while_writing(path, sent):
    """Sends a signal to `hfscan redact --in-place` when it has written a part, and returns its status."""
    command = [hfscan._program.find(), "redact", path, "--in-place"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not any(one.stat().st_size for one in path.parent.glob(".hfscan-*")):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(sent)
    return process.wait()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.jsonl", "a.csv", "a.log"])
def test_a_run_that_is_killed_while_it_writes_leaves_the_old_file_whole(tmp_path, name):
    path = tmp_path / name
    write_slow(path)
    path.chmod(0o600)
    before, old = path.read_bytes(), path.stat()
    assert stopped_while_writing(path, signal.SIGKILL) == -signal.SIGKILL
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (old.st_ino, old.st_mtime_ns)
    assert path.read_bytes() == before
    # The part that was written is as private as the file, and no later run takes it for one.
    (part,) = set(tmp_path.iterdir()) - {path}
    assert part.name.startswith(".hfscan-") and part.stat().st_mode & 0o777 == 0o600
    run(path, "--in-place")
    assert path.stat().st_mode & 0o777 == 0o600
    assert not any(token(number).encode() in path.read_bytes() for number in range(0, 1_000, 7))


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM"])
def test_a_run_that_is_interrupted_while_it_writes_leaves_nothing_else(tmp_path, sent):
    path = tmp_path / "a.parquet"
    write_slow(path)
    before = path.read_bytes()
    assert stopped_while_writing(path, getattr(signal, sent)) == 2
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
