"""Runs every Python example of the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from made import token

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"


def blocks():
    for page in ("python.md", "redacting.md"):
        text = (DOCS / page).read_text(encoding="utf-8")
        for number, block in enumerate(re.findall(r"```python\n(.*?)```", text, re.DOTALL)):
            yield pytest.param(block, id=f"{page}-{number}")


@pytest.mark.parametrize("block", list(blocks()))
def test_the_examples_of_the_docs_run(block, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("src").mkdir()
    Path("src/app.py").write_text("print(1)\n")
    Path("rows.parquet")
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"text": [f"it is {token(1)}", "nothing"], "n": [1, 2]})
    pq.write_table(table, "rows.parquet")
    exec(compile(block, "docs", "exec"), {"TOKEN": token(1)})
