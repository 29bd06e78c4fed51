#!/usr/bin/env python3
"""Compares `hfscan --history` with a slow and simple reference on the same repository.

The reference lists every commit that a git reference reaches and every commit's whole
tree, writes each different (path, blob) to a folder as an ordinary file, and scans that
folder with hfscan. Commit messages and tags are written to files as well. The two must
agree on every (rule, secret, object).

    tests/tools/reference_history.py target/release/hfscan REPOSITORY [--rules FILE]

Needs git and space for one copy of each version of each file. Exits with 1 if they differ.
"""

import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile


# Checks over a whole tree of files do not apply to the folder of all versions.
OF_TREES = "dotenv-*,dockerfile-copy-secrets-folder,logs-tracked,token-reused"


def git(repo, *arguments, **options):
    command = ["git", "-C", repo, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, **options).stdout


def commits(repo):
    return git(repo, "log", "--all", "--format=%H").decode().split()


def tree(objects, root, seen):
    """Every new (path, blob) of a tree, without submodules."""
    work = [(root, b"")]
    while work:
        one, prefix = work.pop()
        if (one, prefix) in seen:
            continue
        seen.add((one, prefix))
        _kind, content = objects.read(one)
        while content:
            head, rest = content.split(b"\0", 1)
            mode, name = head.split(b" ", 1)
            child, content = rest[:20].hex(), rest[20:]
            if mode == b"40000":
                work.append((child, prefix + name + b"/"))
            elif mode != b"160000":
                yield prefix + name, child


class Objects:
    """Reads objects by their names."""

    def __init__(self, repo):
        command = ["git", "-C", repo, "cat-file", "--batch"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def read(self, one):
        """The kind and the content; `None` and no bytes for a missing object."""
        self.process.stdin.write(one.encode() + b"\n")
        self.process.stdin.flush()
        header = self.process.stdout.readline().split()
        if header[-1] == b"missing":
            return None, b""
        content = self.process.stdout.read(int(header[2]))
        self.process.stdout.read(1)
        return header[1].decode(), content


def without_signature(text):
    """A commit or tag without `gpgsig`, which is data."""
    head, separator, body = text.partition(b"\n\n")
    lines, inside = [], False
    for line in head.split(b"\n"):
        inside = line.startswith(b"gpgsig") or (inside and line.startswith(b" "))
        if not inside:
            lines.append(line)
    return b"\n".join(lines) + separator + body


def scan(hfscan, arguments, folder):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    run = subprocess.run(
        [hfscan, "--no-progress", "--format", "json", "--ignore", OF_TREES, *arguments],
        cwd=folder, env=environment, stdout=subprocess.PIPE,
    )
    return json.loads(run.stdout)["findings"]


def reference(hfscan, repo, rules):
    pairs = set()
    all_commits = commits(repo)
    objects, seen = Objects(repo), set()
    for root in git(repo, "log", "--all", "--format=%T").decode().split():
        pairs.update(tree(objects, root, seen))
    tags = [
        line.split()[0]
        for line in git(repo, "for-each-ref", "--format=%(objectname) %(objecttype)").decode().splitlines()
        if line.split()[1] == "tag"
    ]
    found = set()
    with tempfile.TemporaryDirectory() as folder:
        by_blob = collections.defaultdict(list)
        for path, blob in pairs:
            by_blob[blob].append(path)
        where = {}
        for number, one in enumerate([*by_blob, *all_commits, *tags]):
            kind, content = objects.read(one)
            if kind is None:
                continue
            if kind != "blob":
                content, paths = without_signature(content), [b"message"]
            else:
                paths = by_blob[one]
            for place, path in enumerate(paths):
                top = f"{number}.{place}"
                # Such a file would apply in the working folder, but not as a blob.
                name = path.replace(b".gitignore", b"gitignore").replace(b".ignore", b"ignore")
                file = os.fsencode(folder) + b"/" + top.encode() + b"/" + name
                os.makedirs(os.path.dirname(file), exist_ok=True)
                pathlib.Path(os.fsdecode(file)).write_bytes(content)
                where[top] = one
        for finding in scan(hfscan, ["--no-ignore", *rules, "."], folder):
            top = finding["location"]["path"].split("/", 1)[0]
            found.add(key(finding, where[top]))
    return found


def key(finding, owner):
    secret = finding.get("secret") or {"id": finding["excerpt"]["text"]}
    return finding["rule"], secret["id"], owner


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hfscan", type=os.path.abspath)
    parser.add_argument("repository", type=os.path.abspath)
    parser.add_argument("--rules", type=os.path.abspath, help="further rules, for more findings")
    arguments = parser.parse_args()
    rules = ["--rules", arguments.rules] if arguments.rules else []
    fast = {
        key(finding, finding["history"]["object"])
        for finding in scan(
            arguments.hfscan,
            ["--history", "--every-occurrence", *rules, "--", arguments.repository], "/"
        )
        if "history" in finding
    }
    slow = reference(arguments.hfscan, arguments.repository, rules)
    for rule, secret, owner in sorted(slow - fast):
        print(f"missed: {rule} {secret} in {owner}")
    for rule, secret, owner in sorted(fast - slow):
        print(f"not in the reference: {rule} {secret} in {owner}")
    print(f"{len(fast)} findings of hfscan, {len(slow)} of the reference")
    return int(fast != slow)


if __name__ == "__main__":
    sys.exit(main())
