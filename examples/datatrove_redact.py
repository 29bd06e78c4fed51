"""Redacts documents with datatrove: datatrove_redact.py IN OUT

IN and OUT are folders of JSON Lines. Documents with a private key are dropped, and other
credentials are replaced.
"""

import sys

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from hfscan.datatrove import HfscanFilter, HfscanFormatter


def pipeline(source, target):
    """The steps of the pipeline."""
    return [
        JsonlReader(source),
        HfscanFilter(select=["private-key"]),
        HfscanFormatter(min_confidence="high"),
        JsonlWriter(target, output_filename="${rank}.jsonl", compression=None),
    ]


if __name__ == "__main__":
    LocalPipelineExecutor(pipeline(sys.argv[1], sys.argv[2]), tasks=2, workers=2).run()
