"""Redacts a Parquet file with Polars: polars_redact.py IN.parquet OUT.parquet"""

import sys

import hfscan
import polars


def redact(frame, columns=None):
    """Redacts a frame; also works in `LazyFrame.map_batches`."""
    return hfscan.Scanner(min_confidence="high").redact_arrow(frame, columns)


if __name__ == "__main__":
    lazy = polars.scan_parquet(sys.argv[1]).map_batches(redact, streamable=True)
    lazy.sink_parquet(sys.argv[2])
