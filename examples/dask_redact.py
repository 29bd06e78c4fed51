"""Redacts Parquet files with Dask: dask_redact.py IN OUT"""

import sys

import dask.bag
import hfscan
import pyarrow.parquet


def redact_file(pair):
    """Redacts one file into another, row group by row group, and returns the number of replacements."""
    source, target = pair
    scanner, counts = hfscan.Scanner(min_confidence="high"), hfscan.Counts()
    file = pyarrow.parquet.ParquetFile(source)
    with pyarrow.parquet.ParquetWriter(target, file.schema_arrow, compression="zstd") as out:
        for batch in file.iter_batches(batch_size=1000):
            out.write_batch(scanner.redact_arrow(batch, counts=counts))
    return counts.total


def redact(pairs):
    """Redacts files into others, and returns the number of replaced credentials."""
    return dask.bag.from_sequence(pairs, partition_size=1).map(redact_file).sum().compute()


if __name__ == "__main__":
    print(redact([(sys.argv[1], sys.argv[2])]))
