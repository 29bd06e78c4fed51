"""Redacts a data set with Hugging Face's `datasets`: datasets_redact.py IN.parquet OUT.parquet"""

import sys

import datasets
import hfscan


def redact(files, processes=None):
    """The data set in Parquet files, redacted. A second call uses the cache of `datasets`, since
    equal scanners have equal fingerprints."""
    scanner = hfscan.Scanner(min_confidence="high")
    data = datasets.load_dataset("parquet", data_files=files, split="train")
    return data.with_format("arrow").map(
        scanner.redact_arrow, batched=True, batch_size=1000, num_proc=processes
    )


if __name__ == "__main__":
    redact(sys.argv[1]).to_parquet(sys.argv[2])
