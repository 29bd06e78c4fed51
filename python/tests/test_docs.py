"""Runs every example of the pages on the module, on redaction and on engines."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made import token

ROOT = Path(__file__).resolve().parent.parent.parent


def blocks(language):
    for page in ("python.md", "redacting.md", "engines.md"):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        for number, block in enumerate(re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)):
            yield pytest.param(block, id=f"{page}-{number}")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working directory of an example, with the files that the pages name."""
    monkeypatch.chdir(tmp_path)
    Path("src").mkdir()
    Path("src/app.py").write_text("print(1)\n")
    return tmp_path


@pytest.mark.parametrize("block", list(blocks("python")))
def test_the_python_of_the_docs_runs(block, folder):
    pq.write_table(pa.table({"text": [f"it is {token(1)}", "nothing"], "n": [1, 2]}), "rows.parquet")
    exec(compile(block, "docs", "exec"), {"TOKEN": token(1)})


@pytest.mark.parametrize("block", list(blocks("sh")))
def test_the_commands_of_the_docs_run(block, folder):
    messages = [[{"role": "user", "content": f"it is {token(1)}"}]]
    pq.write_table(pa.table({"text": [token(1)], "messages": messages}), "rows.parquet")
    Path("rows.csv").write_text(f"text\n{token(1)}\n")
    Path("b.jsonl").write_text(f'{{"text": "{token(1)}"}}\n')
    Path("key").write_text("a key of more than sixteen bytes\n")
    scan = [sys.executable, "-m", "hfscan", "src", "--format", "jsonl=findings.jsonl", "--isolated"]
    subprocess.run(scan, check=True, capture_output=True)
    lines = block.strip().splitlines()
    assert lines
    for line in lines:
        command, _, comment = line.partition("#")
        words = [*shlex.split(command)]
        assert words.pop(0) == "hfscan"
        words = [name for word in words
                 for name in (sorted(map(str, Path().glob(word))) if "*" in word else [word])]
        done = subprocess.run([sys.executable, "-m", "hfscan", *words], capture_output=True, text=True)
        assert done.returncode == ("exits with 1" in comment), (line, done.stderr)


def test_the_code_in_the_table_of_engines_is_that_of_the_examples():
    files = [*(ROOT / "examples").glob("*.py"), ROOT / "python/tests/test_engines.py"]
    run = [call for path in files for node in ast.walk(ast.parse(path.read_text("utf-8")))
           for call in calls(node)]
    page = (ROOT / "docs/engines.md").read_text(encoding="utf-8")
    table = re.search(r"\| engine \| code \|\n.*?\n\n", page, re.DOTALL).group()
    shown = [code for code in re.findall(r"`([^`]+)`", table) if "(" in code]
    assert len(shown) >= 8
    for code in shown:
        ((name, keywords),) = calls(ast.parse(code, mode="eval").body)
        assert any(name == other and keywords <= given for other, given in run), code


def calls(node):
    """The name and the keywords of a call; nothing for another node."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        yield name, {one.arg for one in node.keywords}
