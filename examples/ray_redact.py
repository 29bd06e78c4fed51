"""Redacts Parquet files with Ray Data: ray_redact.py IN OUT [WORKERS]"""

import sys

import hfscan
import ray


class Redact:
    """An actor, so that the rules are compiled once."""

    def __init__(self):
        self.scanner = hfscan.Scanner(min_confidence="high")

    def __call__(self, batch):
        return self.scanner.redact_arrow(batch)


def redact(source, target, workers=1):
    """Redacts the Parquet files of a folder into another."""
    ray.data.read_parquet(source).map_batches(
        Redact,
        batch_format="pyarrow",
        zero_copy_batch=True,
        compute=ray.data.ActorPoolStrategy(size=workers),
        # Listing and writing also need processors; actors that use all of them cause a deadlock.
        num_cpus=0.5,
    ).write_parquet(target)


if __name__ == "__main__":
    redact(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1)
