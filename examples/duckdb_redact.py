"""Redacts a column in DuckDB: duckdb_redact.py IN.parquet COLUMN OUT.parquet"""

import sys

import duckdb
import hfscan


def connect():
    """A connection with the functions `hf_redact(text)` and `hf_findings(text)`."""
    scanner = hfscan.Scanner(min_confidence="high")
    connection = duckdb.connect()

    # DuckDB counts the parameters of the function, so they must match the types.
    def redact(column):
        return scanner.redact_arrow(column)

    def findings(column):
        return scanner.count_arrow(column).column("findings")

    connection.create_function("hf_redact", redact, ["VARCHAR"], "VARCHAR", type="arrow")
    connection.create_function("hf_findings", findings, ["VARCHAR"], "UINTEGER", type="arrow")
    return connection


def redact(source, column, target):
    """Writes a Parquet file with one column redacted."""
    connection = connect()
    relation = connection.read_parquet(source)
    quoted = '"' + column.replace('"', '""') + '"'
    relation.project(f"* REPLACE (hf_redact({quoted}) AS {quoted})").write_parquet(target)


if __name__ == "__main__":
    redact(*sys.argv[1:])
