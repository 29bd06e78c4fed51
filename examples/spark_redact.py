"""Redacts Parquet files with Spark: spark_redact.py IN OUT [MASTER]"""

import sys

import hfscan
from pyspark.sql import SparkSession


def redact(batches):
    """Redacts record batches. Each task creates its own scanner."""
    scanner = hfscan.Scanner(min_confidence="high")
    for batch in batches:
        yield scanner.redact_arrow(batch)


def run(source, target, master="local[2]"):
    """Redacts the Parquet files of a folder into another."""
    spark = (
        SparkSession.builder.master(master)
        # Documents are long: with the default of 10,000 rows, a batch may have gigabytes.
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "1000")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    data = spark.read.parquet(source)
    data.mapInArrow(redact, data.schema).write.mode("overwrite").parquet(target)
    return spark


if __name__ == "__main__":
    run(*sys.argv[1:]).stop()
