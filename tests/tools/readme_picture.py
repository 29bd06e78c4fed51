#!/usr/bin/env python3
"""Generates the picture in the README: a real run of hfscan on three small files.

    python3 tests/tools/readme_picture.py target/release/hfscan > docs/terminal.svg
"""

import json
import os
import random
import string
import subprocess
import sys
import tempfile

from terminal_svg import draw

COLUMNS = 100


def token(seed):
    """Letters in the format of a token, which is not live."""
    letters = random.Random(seed).choices(string.ascii_letters, k=34)
    return "hf_" + "".join(letters)


def files():
    output = {"output_type": "stream", "name": "stdout", "text": ["HF_HOME=/content\n", f"HF_TOKEN={token(2)}\n"]}
    cell = {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": ["!env | grep HF"], "outputs": [output]}
    return {
        "app.py": "from huggingface_hub import InferenceClient\n\n"
        f'client = InferenceClient("org/model", token="{token(1)}")\n',
        "Dockerfile": "FROM python:3.12\nRUN pip install huggingface_hub\nRUN hf auth login --token $HF_TOKEN\n",
        "train.ipynb": json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1),
    }


def main():
    hfscan = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files().items():
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        subprocess.run(["git", "init", "--quiet", folder], check=True)
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "COLUMNS": str(COLUMNS)}
        run = subprocess.run([hfscan, "--color", "always", "."], cwd=folder, env=environment, capture_output=True, text=True)
    assert run.returncode == 1, run.stderr
    print(draw("$ hfscan .", run.stdout))


if __name__ == "__main__":
    main()
