"""Arrow columns: every type, and the libraries that export them."""

from __future__ import annotations

import hfscan
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made import texts, token

SCANNER = hfscan.Scanner(now=1_800_000_000)
ROWS = [*texts(200, every=5), None, "", f"{token('last')}"]
EXPECTED = [SCANNER.redact(row) if row else row for row in ROWS]
COUNTS = [len(SCANNER.scan(row)) if row else 0 for row in ROWS]


def kinds():
    plain = pa.array(ROWS)
    yield plain
    yield plain.cast(pa.large_utf8())
    yield plain.cast(pa.string_view())
    yield plain.cast(pa.binary())
    yield plain.cast(pa.large_binary())
    yield plain.cast(pa.binary()).cast(pa.binary_view())
    yield plain.dictionary_encode()


def strings(array):
    values = array.to_pylist()
    return [one.decode() if isinstance(one, bytes) else one for one in values]


@pytest.mark.parametrize("column", list(kinds()), ids=lambda one: str(one.type)[:24])
def test_every_type_of_text_is_redacted_and_counted(column):
    redacted = SCANNER.redact_arrow(column)
    assert isinstance(redacted, pa.Array) and redacted.type == column.type
    redacted.validate(full=True)
    assert strings(redacted) == EXPECTED
    assert SCANNER.count_arrow(column).column("findings").to_pylist() == COUNTS
    found = SCANNER.scan_arrow(column)
    assert sum(COUNTS) == found.num_rows > 30


@pytest.mark.parametrize("column", list(kinds()), ids=lambda one: str(one.type)[:24])
def test_slices_are_read_where_they_begin(column):
    for start, length in [(0, 0), (3, 50), (len(ROWS) - 2, 2), (1, len(ROWS) - 1)]:
        part = column.slice(start, length)
        redacted = SCANNER.redact_arrow(part)
        assert strings(redacted) == EXPECTED[start : start + length]
        counts = SCANNER.count_arrow(part).column("findings").to_pylist()
        assert counts == COUNTS[start : start + length]


def test_what_needs_no_change_is_the_same_memory():
    column = pa.array(["nothing", "to see", None])
    same = SCANNER.redact_arrow(column)
    assert same.buffers()[2].address == column.buffers()[2].address


def test_nested_columns_are_named_by_their_path():
    messages = [
        [{"role": "user", "content": "hello"}, {"role": "tool", "content": f"x {token(1)}"}],
        None,
        [],
        [{"role": f"{token(2)}", "content": None}],
    ]
    batch = pa.record_batch({
        "id": pa.array([1, 2, 3, 4]),
        "messages": pa.array(messages),
        "meta": pa.array([[("k", f"{token(3)}")], [], None, [("a", "b")]],
                         pa.map_(pa.utf8(), pa.utf8())),
        "tags": pa.array([[["x", token(4)]], None, [], [[]]]),
        "fixed": pa.array([["a", "b"], ["c", token(5)], None, ["d", "e"]], pa.list_(pa.utf8(), 2)),
    })
    found = SCANNER.scan_arrow(batch)
    assert isinstance(found, pa.RecordBatch)
    places = [(row["row"], row["column"], row["path"]) for row in found.to_pylist()]
    assert places == [
        (0, "messages[].content", "messages[1].content"),
        (0, "meta[].value", "meta[0].value"),
        (0, "tags[][]", "tags[0][1]"),
        (1, "fixed[]", "fixed[1]"),
        (3, "messages[].role", "messages[0].role"),
    ]
    redacted = SCANNER.redact_arrow(batch, columns=["messages[].content", "fixed"])
    assert redacted.schema == batch.schema
    redacted.validate(full=True)
    assert redacted["messages"][0][1]["content"].as_py() == "x <hf-user-access-token>"
    assert redacted["fixed"][1].as_py() == ["c", "<hf-user-access-token>"]
    assert redacted["meta"].equals(batch["meta"]) and redacted["tags"].equals(batch["tags"])
    part = SCANNER.scan_arrow(batch.slice(1, 3)).to_pylist()
    assert [(row["row"], row["path"]) for row in part] == [
        (0, "fixed[1]"), (2, "messages[0].role")]
    with pytest.raises(hfscan.HfscanError, match=r"no column with texts is named `txt`"):
        SCANNER.redact_arrow(batch, columns=["txt"])


def test_a_dictionary_is_read_once_and_told_of_in_every_row():
    column = pa.array(["a", token(1), "a", token(1), None]).dictionary_encode()
    assert SCANNER.count_arrow(column).column(0).to_pylist() == [0, 1, 0, 1, 0]
    redacted = SCANNER.redact_arrow(column)
    assert token(1) not in redacted.dictionary.to_pylist()
    assert redacted.indices.equals(column.indices)
    runs = pa.RunEndEncodedArray.from_arrays([2, 5], [token(1), "b"])
    assert SCANNER.count_arrow(runs).column(0).to_pylist() == [1, 1, 0, 0, 0]


def test_a_table_a_reader_and_chunks_come_back_as_what_they_are():
    table = pa.table({"text": pa.chunked_array([ROWS[:100], ROWS[100:], []])})
    counts = hfscan.Counts()
    redacted = SCANNER.redact_arrow(table, counts=counts)
    assert isinstance(redacted, pa.Table) and redacted.schema == table.schema
    assert redacted["text"].to_pylist() == EXPECTED
    assert counts.rows == len(ROWS) and counts.total == sum(counts.by_rule.values()) > 30
    chunked = SCANNER.redact_arrow(table["text"])
    assert isinstance(chunked, pa.ChunkedArray) and chunked.to_pylist() == EXPECTED
    structs = pa.chunked_array([[{"text": token(1)}, None], [{"text": None}]])
    same = SCANNER.redact_arrow(structs)
    assert isinstance(same, pa.ChunkedArray) and same.type == structs.type
    assert same.to_pylist() == [{"text": "<hf-user-access-token>"}, None, {"text": None}]
    found = SCANNER.scan_arrow(table)
    assert found["row"].to_pylist() == sorted(found["row"].to_pylist())
    assert max(found["row"].to_pylist()) == len(ROWS) - 1
    reader = SCANNER.redact_arrow(table.to_reader())
    assert isinstance(reader, pa.RecordBatchReader)
    assert reader.read_all()["text"].to_pylist() == EXPECTED


def test_metadata_of_the_schema_stays():
    field = pa.field("text", pa.utf8(), metadata={"note": "kept"})
    schema = pa.schema([field], metadata={"origin": "here"})
    table = pa.table([pa.array([token(1)])], schema=schema)
    assert SCANNER.redact_arrow(table).schema.equals(schema, check_metadata=True)


def test_a_stream_is_read_batch_by_batch():
    given = 0

    def batches():
        nonlocal given
        for number in range(50):
            given += 1
            yield pa.record_batch({"text": [token(number), "x"]})

    reader = pa.RecordBatchReader.from_batches(pa.schema({"text": pa.utf8()}), batches())
    redacted = SCANNER.redact_arrow(reader)
    assert given == 0
    assert redacted.read_next_batch()["text"].to_pylist()[0].startswith("<")
    assert given <= 2
    assert sum(1 for _ in redacted) == 49


def test_an_error_of_the_function_or_the_stream_is_raised():
    table = pa.table({"text": [token(1), token(2), f"{token(3)} {token(4)}"]})
    for data in [table, table["text"], table.to_batches()[0]]:
        with pytest.raises(ZeroDivisionError):
            SCANNER.redact_arrow(data, with_=lambda rule, masked: 1 / 0)
    # The library that reads the stream raises its own error.
    reader = SCANNER.redact_arrow(table.to_reader(), with_=lambda rule, masked: 1 / 0)
    with pytest.raises(Exception, match="division by zero") as error:
        reader.read_all()
    assert token(1)[8:20] not in f"{error.value!r}"

    def batches():
        yield pa.record_batch({"text": ["x"]})
        raise ValueError("no more")

    reader = pa.RecordBatchReader.from_batches(pa.schema({"text": pa.utf8()}), batches())
    with pytest.raises(Exception, match="no more"):
        SCANNER.redact_arrow(reader).read_all()


def test_tables_without_rows_and_without_texts_pass():
    empty = pa.table({"text": pa.array([], pa.utf8())})
    assert SCANNER.redact_arrow(empty).equals(empty)
    numbers = pa.record_batch({"n": [1, 2]})
    assert SCANNER.redact_arrow(numbers).equals(numbers)
    assert SCANNER.scan_arrow(numbers).num_rows == 0
    none = pa.table({"text": pa.array([None, None], pa.utf8())})
    assert SCANNER.redact_arrow(none).equals(none)
    with pytest.raises(TypeError, match="__arrow_c_array__"):
        SCANNER.scan_arrow([1])


def test_the_texts_and_the_columns_have_the_same_findings():
    rows = texts(4_000, seed=11, every=4)
    found = SCANNER.scan_arrow(pa.table({"text": rows})).to_pylist()
    expected = [
        (number, one.rule, one.start, one.end, one.masked)
        for number, row in enumerate(rows)
        for one in SCANNER.scan(row)
    ]
    assert [(one["row"], one["rule"], one["start"], one["end"], one["masked"])
            for one in found] == expected


def test_other_libraries_of_arrow_are_read_and_served():
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"text": ROWS})
    redacted = SCANNER.redact_arrow(frame)
    assert isinstance(redacted, polars.DataFrame) and redacted["text"].to_list() == EXPECTED
    column = SCANNER.redact_arrow(frame["text"])
    assert isinstance(column, polars.Series) and column.to_list() == EXPECTED
    # Structs are record batches, whatever their field name.
    named = polars.Series("row", [{"text": token(1)}, None, {"text": "x"}])
    same = SCANNER.redact_arrow(named, columns=["text"])
    assert isinstance(same, polars.Series) and (same.name, same.dtype) == ("row", named.dtype)
    assert same.to_list() == [{"text": "<hf-user-access-token>"}, None, {"text": "x"}]
    assert polars.DataFrame(SCANNER.scan_arrow(named))["path"].to_list() == ["text"]
    nanoarrow = pytest.importorskip("nanoarrow")
    given = nanoarrow.c_array([token(1), "x"], nanoarrow.string())
    made = SCANNER.redact_arrow(given)
    assert nanoarrow.Array(made).to_pylist() == ["<hf-user-access-token>", "x"]


def test_nothing_of_a_secret_stays_in_the_buffers(tmp_path):
    for column in kinds():
        redacted = SCANNER.redact_arrow(pa.table({"text": column}))
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, redacted.schema) as stream:
            stream.write_table(redacted)
        data = sink.getvalue().to_pybytes()
        assert token("last").encode() not in data and token(0).encode() not in data
    pq.write_table(SCANNER.redact_arrow(pa.table({"text": ROWS})), tmp_path / "a.parquet")
    assert token("last").encode() not in (tmp_path / "a.parquet").read_bytes()
