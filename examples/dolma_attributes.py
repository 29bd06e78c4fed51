"""Writes Dolma's attributes: dolma_attributes.py DOCUMENTS.jsonl ATTRIBUTES.jsonl

Writes the spans of the credentials in each document, in code points, which Dolma's mixer can then
remove or replace.
"""

import json
import sys

import hfscan


def attributes(documents, scanner=None, name="hfscan"):
    """The attributes of documents: dicts with `id` and `text`."""
    scanner = scanner or hfscan.Scanner(min_confidence="high")
    for document in documents:
        found = scanner.scan(document["text"])
        spans = [[one.start, one.end, 1.0] for one in found if one.masked]
        yield {"id": document["id"], "attributes": {f"{name}__{name}__secret": spans}}


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as source, open(sys.argv[2], "w") as target:
        for one in attributes(map(json.loads, source)):
            target.write(json.dumps(one) + "\n")
