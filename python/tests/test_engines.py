"""Runs each example with the real engine: its output has the same rows and no secrets.

``HFSCAN_TEXTS`` is the number of texts, for a longer run.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
import traceback
from pathlib import Path

import hfscan
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made import texts, token

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
sys.path.insert(0, str(EXAMPLES))
# The engines' workers also import the examples and these tests.
os.environ["PYTHONPATH"] = os.pathsep.join([str(EXAMPLES), str(Path(__file__).parent)])

SCANNER = hfscan.Scanner(min_confidence="high")
ROWS = texts(int(os.environ.get("HFSCAN_TEXTS", "600")), seed=3)
EXPECTED = [SCANNER.redact(row) for row in ROWS]


def tokens_in(data):
    """All strings in the form of a token in some bytes."""
    return set(re.findall(rb"hf_[A-Za-z]{34}", data))


# One in several thousand random tokens contains a word, and is below the scanner's confidence.
TOKENS = tokens_in("\n".join(ROWS).encode()) - tokens_in("\n".join(EXPECTED).encode())


def shows_none(data):
    """``True`` if the bytes contain no token of the rows."""
    return TOKENS.isdisjoint(tokens_in(data))


@pytest.fixture
def source(tmp_path):
    """A folder of two Parquet files with one text per row."""
    folder = tmp_path / "in"
    folder.mkdir()
    half = len(ROWS) // 2
    for number, rows in enumerate([ROWS[:half], ROWS[half:]]):
        ids = [f"{number}-{at:06}" for at in range(len(rows))]
        table = pa.table({"id": ids, "text": rows})
        groups = max(100, len(ROWS) // 100)
        pq.write_table(table, folder / f"{number}.parquet", row_group_size=groups)
    return folder


def check(folder):
    """Asserts that the files of a folder contain every row, redacted."""
    rows = {}
    for path in sorted(Path(folder).glob("**/*.parquet")):
        assert shows_none(path.read_bytes())
        for row in pq.read_table(path).to_pylist():
            rows[row["id"]] = row["text"]
    assert [rows[key] for key in sorted(rows)] == EXPECTED


def test_datasets_redacts_and_its_cache_hits(source, tmp_path, monkeypatch):
    datasets = pytest.importorskip("datasets")
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    datasets.disable_progress_bars()
    redact = importlib.import_module("datasets_redact").redact
    files = sorted(map(str, source.glob("*.parquet")))
    first, second = redact(files), redact(files)
    assert first._fingerprint == second._fingerprint
    assert first.cache_files == second.cache_files
    first.to_parquet(tmp_path / "out.parquet")
    (tmp_path / "out").mkdir()
    os.rename(tmp_path / "out.parquet", tmp_path / "out" / "a.parquet")
    check(tmp_path / "out")
    both = redact(files, processes=2)
    assert both["text"][:] == first["text"][:]


def test_polars_redacts(source, tmp_path):
    polars = pytest.importorskip("polars")
    redact = importlib.import_module("polars_redact").redact
    (tmp_path / "out").mkdir()
    for path in source.glob("*.parquet"):
        lazy = polars.scan_parquet(path).map_batches(redact)
        lazy.collect().write_parquet(tmp_path / "out" / path.name)
    check(tmp_path / "out")


def test_duckdb_redacts_and_counts(source, tmp_path):
    pytest.importorskip("duckdb")
    example = importlib.import_module("duckdb_redact")
    (tmp_path / "out").mkdir()
    for path in source.glob("*.parquet"):
        example.redact(str(path), "text", str(tmp_path / "out" / path.name))
    check(tmp_path / "out")
    connection = example.connect()
    query = f"SELECT sum(hf_findings(text)) FROM '{source}/*.parquet'"
    ((total,),) = connection.sql(query).fetchall()
    assert total == sum(len(SCANNER.scan(row)) for row in ROWS)
    relation = connection.read_parquet(f"{source}/*.parquet")
    redacted = pa.table(SCANNER.redact_arrow(relation, columns=["text"]))
    assert sorted(redacted["text"].to_pylist()) == sorted(EXPECTED)


def test_dask_redacts(source, tmp_path):
    pytest.importorskip("dask")
    redact = importlib.import_module("dask_redact").redact
    (tmp_path / "out").mkdir()
    pairs = [(str(path), str(tmp_path / "out" / path.name)) for path in source.glob("*.parquet")]
    assert redact(pairs) >= len(TOKENS)
    check(tmp_path / "out")


def test_datatrove_redacts_and_drops(tmp_path):
    pytest.importorskip("datatrove")
    from datatrove.executor import LocalPipelineExecutor

    pipeline = importlib.import_module("datatrove_redact").pipeline
    key = "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" * 8
    (tmp_path / "in").mkdir()
    with open(tmp_path / "in" / "a.jsonl", "w", encoding="utf-8") as out:
        rows = [{"id": str(number), "text": row or "x"} for number, row in enumerate(ROWS)]
        rows.append({"id": "key", "text": key + "\n-----END PRIVATE KEY-----\n"})
        out.writelines(json.dumps(row) + "\n" for row in rows)
    steps = pipeline(str(tmp_path / "in"), str(tmp_path / "out"))
    executor = LocalPipelineExecutor(steps, tasks=1, logging_dir=str(tmp_path / "logs"))
    executor.run()
    lines = [line for path in (tmp_path / "out").glob("*.jsonl")
             for line in path.read_text(encoding="utf-8").splitlines()]
    written = {row["id"]: row["text"] for row in map(json.loads, lines)}
    assert [written[str(number)] for number in range(len(ROWS))] == [one or "x" for one in EXPECTED]
    assert len(SCANNER.scan(key)) == 0 or "key" not in written
    logs = b"".join(path.read_bytes() for path in (tmp_path / "logs").rglob("*") if path.is_file())
    assert logs and shows_none(logs)


def test_dolma_gets_the_spans_in_code_points():
    attributes = importlib.import_module("dolma_attributes").attributes
    documents = [{"id": str(number), "text": row} for number, row in enumerate(ROWS)]
    made = list(attributes(documents))
    assert [one["id"] for one in made] == [one["id"] for one in documents]
    spans = [(row, span) for row, one in zip(ROWS, made)
             for span in one["attributes"]["hfscan__hfscan__secret"]]
    assert len(spans) >= len(TOKENS)
    assert all(row[start:end].startswith("hf_") for row, (start, end, _) in spans)


def dies_once(marker):
    """Kills this process on the first call, like a preempted machine."""
    if not marker.exists():
        marker.touch()
        os._exit(1)


@pytest.fixture(scope="module")
def cluster():
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield ray
    logs = Path(ray._private.worker._global_node.get_session_dir_path(), "logs")
    ray.shutdown()
    shown = b"".join(path.read_bytes() for path in logs.rglob("*") if path.is_file())
    assert shown and shows_none(shown)


def test_ray_redacts_with_actors_and_one_that_is_killed(cluster, source, tmp_path, monkeypatch):
    example = importlib.import_module("ray_redact")
    example.redact(str(source), str(tmp_path / "out"), workers=2)
    check(tmp_path / "out")
    marker = tmp_path / "died"

    class Dying(example.Redact):
        def __call__(self, batch):
            dies_once(marker)
            return super().__call__(batch)

    monkeypatch.setattr(example, "Redact", Dying)
    example.redact(str(source), str(tmp_path / "again"), workers=2)
    assert marker.exists()
    check(tmp_path / "again")


def fail(batch):
    return SCANNER.redact_arrow(batch, with_=lambda rule, masked: 1 / 0)


def fails_in_datasets(source):
    import datasets

    data = datasets.load_dataset("parquet", data_files=[str(source / "0.parquet")], split="train")
    data.with_format("arrow").map(fail, batched=True, load_from_cache_file=False)


def fails_in_polars(source):
    import polars

    polars.scan_parquet(source / "0.parquet").map_batches(fail).collect()


def fails_in_duckdb(source):
    import duckdb

    connection = duckdb.connect()
    connection.create_function("fail", fail, ["VARCHAR"], "VARCHAR", type="arrow")
    connection.sql(f"SELECT fail(text) FROM '{source}/0.parquet'").fetchall()


def fails_in_dask(source):
    import dask.bag

    dask.bag.from_sequence([pq.read_table(source / "0.parquet")]).map(fail).compute()


@pytest.mark.parametrize("fails", [fails_in_datasets, fails_in_polars, fails_in_duckdb, fails_in_dask])
def test_what_an_engine_raises_and_prints_holds_no_secret(fails, source, capfd, caplog):
    pytest.importorskip(fails.__name__.removeprefix("fails_in_"))
    with pytest.raises(Exception, match="division by zero") as error:
        fails(source)
    raised = "".join(traceback.format_exception(error.value))
    assert shows_none(f"{raised} {error.value!r} {caplog.text} {capfd.readouterr()}".encode())


def test_what_ray_raises_holds_no_secret(cluster, source):
    data = cluster.data.read_parquet(str(source))
    with pytest.raises(Exception) as error:
        data.map_batches(fail, batch_format="pyarrow").materialize()
    assert "division by zero" in str(error.value)
    assert shows_none(f"{error.value!r} {error.value}".encode())


def test_ray_scans_a_folder_and_the_report_is_that_of_one_scan(cluster, tmp_path, monkeypatch):
    example = importlib.import_module("ray_scan_files")
    monkeypatch.setattr(example, "PER_TASK", 7)
    folder = tmp_path / "files"
    for number, row in enumerate(ROWS[:60]):
        path = folder / f"{number % 5}" / f"{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(row, encoding="utf-8")
    where = os.getcwd()
    assert example.scan_folder(str(folder), str(tmp_path / "findings.jsonl"), workers=2)
    os.chdir(where)
    merged = subprocess.run(
        [sys.executable, "-m", "hfscan", "report", tmp_path / "findings.jsonl", "-f", "json"],
        capture_output=True, check=False,
    )
    assert merged.returncode == 1, merged.stderr
    whole = hfscan.scan_path(folder, args=["--no-baseline"]).findings
    assert whole
    for finding in whole:
        # These are per scan, and `hfscan report` drops them.
        finding.pop("fixes", None)
    assert json.loads(merged.stdout)["findings"] == whole


@pytest.fixture
def spark(monkeypatch):
    pytest.importorskip("pyspark")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("PYSPARK_DRIVER_PYTHON", sys.executable)
    started = []
    yield lambda example, *arguments: started.append(example.run(*map(str, arguments)))
    for one in started:
        one.stop()


def test_spark_redacts_with_two_workers(spark, source, tmp_path, capfd):
    example = importlib.import_module("spark_redact")
    spark(example, source, tmp_path / "out", "local-cluster[2,1,1024]")
    check(tmp_path / "out")
    assert shows_none("".join(capfd.readouterr()).encode())


def test_spark_runs_the_task_of_a_worker_that_is_killed_again(
    spark, source, tmp_path, monkeypatch, capfd
):
    example = importlib.import_module("spark_redact")
    redact, marker = example.redact, tmp_path / "died"

    def dying(batches):
        dies_once(marker)
        yield from redact(batches)

    monkeypatch.setattr(example, "redact", dying)
    # Spark runs a task at most four times.
    spark(example, source, tmp_path / "out", "local[2,4]")
    assert marker.exists()
    check(tmp_path / "out")
    assert shows_none("".join(capfd.readouterr()).encode())


def test_what_spark_raises_and_logs_holds_no_secret(spark, source, tmp_path, monkeypatch, capfd):
    pyspark = pytest.importorskip("pyspark")
    example = importlib.import_module("spark_redact")
    monkeypatch.setattr(example, "redact", lambda batches: map(fail, batches))
    # The logs of executors are in the folder `work` of Spark.
    logs = Path(os.environ.get("SPARK_HOME") or Path(pyspark.__file__).parent, "work")
    before = set(logs.rglob("*"))
    with pytest.raises(Exception, match="division by zero") as error:
        spark(example, source, tmp_path / "out", "local-cluster[2,1,1024]")
    pyspark.sql.SparkSession.getActiveSession().stop()
    files = [path for path in set(logs.rglob("*")) - before if path.suffix != ".jar" and path.is_file()]
    shown = b"".join(path.read_bytes() for path in files)
    assert b"division by zero" in shown and shows_none(shown)
    raised = "".join(traceback.format_exception(error.value))
    assert shows_none(f"{raised} {error.value!r} {capfd.readouterr()}".encode())
