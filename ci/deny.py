"""Checks licences and sources of dependencies against `deny.toml`, without cargo-deny.

    ci/deny.py

Reads the packages of the lock file from `cargo metadata`. Advisories need an online database;
`cargo deny check` in `.github/workflows/ci.yml` checks these too.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"


def is_allowed(expression: str, allowed: set[str]) -> bool:
    """``True`` if the allowed licences satisfy an SPDX expression."""
    tokens = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))

    def either() -> bool:
        held = both()
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            held = both() or held
        return held

    def both() -> bool:
        held = one()
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            held = one() and held
        return held

    def one() -> bool:
        if tokens[0] == "(":
            tokens.pop(0)
            held = either()
            tokens.pop(0)
            return held
        name = tokens.pop(0)
        if tokens and tokens[0] == "WITH":
            name = f"{name} WITH {tokens[1]}"
            del tokens[:2]
        return name in allowed

    return either() and not tokens


def main() -> None:
    wanted = tomllib.loads((ROOT / "deny.toml").read_text())
    allowed = set(wanted["licenses"]["allow"])
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    packages = json.loads(done.stdout)["packages"]
    wrong = []
    for package in packages:
        name = f"{package['name']} {package['version']}"
        if not is_allowed(package["license"] or "none", allowed):
            wrong.append(f"{name}: its licence, {package['license']}, is not in deny.toml")
        if package["source"] not in (None, REGISTRY):
            wrong.append(f"{name}: its source, {package['source']}, is not the registry")
        wildcards = [one["name"] for one in package["dependencies"] if one["req"] == "*"]
        if package["source"] is None and wildcards:
            wrong.append(f"{name}: no version requirement for {', '.join(wildcards)}")
    print(*wrong, f"{len(packages)} packages, {len(wrong)} wrong", sep="\n")
    sys.exit(1 if wrong else 0)


main()
