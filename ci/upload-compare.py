#!/usr/bin/env python3
"""Compares `hfscan upload` with the real client of the Hub, file by file.

Uploads random trees with random patterns with huggingface_hub to a server in this process, which
imitates the Hub and records the received files, and compares them with the output of `hfscan upload`.
Prints every difference with the seed that reproduces it; the exit status is then 1.

    python3 ci/upload-compare.py --hfscan target/release/hfscan --cases 10000

huggingface_hub is imported, or installed from PyPI in a virtual environment beside the trees; if
neither is possible, the comparison is skipped. Git matches the patterns of `.gitignore`.
"""

import argparse
import base64
import http.server
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading

CLIENT = "huggingface_hub==2.4.0"


class Hub(http.server.BaseHTTPRequestHandler):
    """Answers the client's requests of an upload, and records what it sends."""

    protocol_version = "HTTP/1.1"
    seen: dict = {}
    ignore = staticmethod(lambda text, names: set())

    def log_message(self, *_):
        pass

    def answer(self, body, status=200, headers=()):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if "/api/whoami" in self.path:
            self.answer({"name": "o", "type": "user", "orgs": []})
        elif self.path.startswith("/api/") and "/tree/" not in self.path:
            self.answer({"id": "o/r", "sha": "0" * 40, "private": False, "siblings": []})
        else:
            self.answer({"error": "not found"}, 404, [("X-Error-Code", "RepoNotFound")])

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        path = self.path
        if path.startswith("/api/repos/create"):
            self.answer({"url": os.environ["HF_ENDPOINT"] + "/o/r", "name": "o/r", "id": "o/r"})
        elif path.startswith("/api/validate-yaml"):
            self.answer({"warnings": [], "errors": []})
        elif "/preupload/" in path:
            request = json.loads(body)
            files = request["files"]
            for file in files:
                self.seen["samples"][file["path"]] = base64.b64decode(file["sample"])
            ignored = set()
            if "gitIgnore" in request:
                self.seen["gitignore"] = request["gitIgnore"]
                ignored = self.ignore(request["gitIgnore"], [file["path"] for file in files])
            self.answer({
                "files": [
                    {
                        "path": file["path"],
                        "uploadMode": "regular",
                        "shouldIgnore": file["path"] in ignored,
                        "oid": None,
                    }
                    for file in files
                ]
            })
        elif "/commit/" in path:
            for line in body.decode("utf-8", "surrogatepass").splitlines():
                entry = json.loads(line)
                if entry["key"] == "file":
                    self.seen["files"].add(entry["value"]["path"])
            self.answer({"success": True, "commitOid": "0" * 40, "commitUrl": os.environ["HF_ENDPOINT"] + "/o/r/commit/0"})
        else:
            self.answer({"error": "not found"}, 404, [("X-Error-Code", "RepoNotFound")])


def git_ignores(folder):
    """A function that returns the names matched by a `.gitignore` with this text, computed by git."""
    repository = folder / "ignore"
    subprocess.run(["git", "init", "-q", str(repository)], check=True)

    def ignores(text, names):
        (repository / ".gitignore").write_bytes(text.encode())
        run = subprocess.run(
            ["git", "-C", str(repository), "-c", "core.excludesFile=/dev/null",
             "check-ignore", "-z", "--no-index", "--stdin"],
            input="\0".join(names).encode("utf-8", "surrogateescape"),
            stdout=subprocess.PIPE,
        )
        return set(run.stdout.decode("utf-8", "surrogateescape").split("\0")) - {""}

    return ignores


NAMES = ["a", "b", "sub", "data", ".env", "prod.env", ".env.local", "a.log", "b.LOG", "train.py",
         "README.md", "wandb", "runs", ".hidden", "x y", "a[1]", "a-b", "ä", "日", "!", "^", "a\\b",
         "token", ".cache", "huggingface", ".git", "c]", "*", "?", "-", "a.b.c", ".gitignore", "Sub"]
FOLDERS = ["sub", "data", "wandb", ".hidden", "a", "b", "x y", "a[1]", ".cache", "huggingface", ".git",
           "ä", "Sub", "-"]
PIECES = ["*", "**", "?", "/", ".", "a", "b", "sub", "data", ".env", "env", "log", ".log", "[a-c]", "[!a]",
          "[]x]", "[!]]", "[c-a]", "[a-", "[", "]", "-", "!", "^", "\\", "ä", "[ä-ü]", "wandb", "[^a]",
          "[--0]", "[a\\]", "x y", "LOG", "py", ".cache", ".git", "huggingface", "[b-ax]", "[.]"]
WHOLE = ["*.env*", ".env", "**/.env", "*.log", "sub/", "sub", "wandb/*", "*/wandb/*", "*", ".*", "*.py",
         ".git*", "data/**", "", "README.md", "sub\\*", "./a", "/a", "a/", "*/"]
IGNORES = ["*.log", "!a.log", "/a", "sub/", "data", "*.env", "!prod.env", "**/b", "a/**", "wandb/", "# note",
           "\\!", "[ab]", "*.LOG", ".*", "!.gitignore", "sub/*.py", "!sub/train.py", "x y", "x\\ y ", "a?",
           "/sub/", "data/*", "!data/a", "", "  ", "*", "!*/", "!*.py", "b/", "ä", "日", "a\\[1\\]", "a[[]1]"]


def pattern(rng):
    if rng.random() < 0.4:
        return rng.choice(WHOLE)
    return "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 5)))


def grow(rng, folder, outside, wild):
    """A random tree."""
    folder.mkdir()
    folders = [folder]
    for _ in range(rng.randint(0, 4)):
        parent = rng.choice(folders)
        new = parent / rng.choice(FOLDERS if wild else FOLDERS[:7])
        if not new.exists() and not new.is_symlink():
            new.mkdir()
            folders.append(new)
    names = NAMES if wild else [n for n in NAMES if n not in (".git", ".cache")]
    for _ in range(rng.randint(1, 12)):
        path = rng.choice(folders) / rng.choice(names)
        if path.exists() or path.is_symlink():
            continue
        kind = rng.random()
        if kind < 0.85:
            path.write_bytes(rng.randbytes(rng.choice([0, 3, 511, 512, 513, 900])).hex().encode())
        elif kind < 0.88:
            path.symlink_to(outside / "file")
        elif kind < 0.90:
            path.symlink_to(outside)
        elif kind < 0.92:
            path.symlink_to("a")
        elif kind < 0.94:
            path.symlink_to("nowhere")
        elif kind < 0.95:
            path.symlink_to(path.name)
        elif kind < 0.97:
            os.mkfifo(path)
        elif wild:
            path.write_bytes(b"\xff\xfe\n")
    if rng.random() < 0.6:
        path = rng.choice([folder, folder, folder, rng.choice(folders)]) / ".gitignore"
        if not path.exists() and not path.is_symlink():
            lines = [rng.choice(IGNORES) for _ in range(rng.randint(0, 5))]
            path.write_bytes(rng.choice(["\n", "\r\n"]).join(lines + [""]).encode())
    if wild and rng.random() < 0.05:
        (os.fsencode(rng.choice(folders)) + b"/n\xff") and open(os.fsencode(rng.choice(folders)) + b"/n\xff", "wb").close()


def choices(rng):
    """Random arguments of the client."""
    include = [pattern(rng) for _ in range(rng.randint(1, 3))] if rng.random() < 0.35 else None
    exclude = [pattern(rng) for _ in range(rng.randint(0, 3))]
    folder = rng.choice([None, None, None, ".", "sub", "/sub/", "a/b", "./x", "/", "..", ".cache/x"])
    return include, exclude, folder


def of_client(api, seen, case, folder):
    """The client's upload: files, samples and `.gitignore`, or its error."""
    include, exclude, path_in_repo = case
    seen.update(files=set(), samples={}, gitignore=None)
    try:
        api.upload_folder(
            repo_id="o/r",
            folder_path=str(folder),
            path_in_repo=path_in_repo if path_in_repo is not None else ".",
            allow_patterns=include,
            ignore_patterns=list(exclude),
        )
        failed = None
    except Exception as error:
        failed = f"{type(error).__name__}: {error}"
    return {"failed": failed, **seen}


def of_bucket(case, folder, rules):
    """The files that `hf sync` would send, from its own listing and matcher."""
    from huggingface_hub._buckets import FilterMatcher, _list_local_files

    include, exclude, _ = case
    parsed = [(line[0], line[1:].strip()) for line in rules]
    matcher = FilterMatcher(include, exclude, parsed)
    return {name for name, *_ in _list_local_files(str(folder)) if matcher.matches(name)}


def of_hfscan(program, case, folder, rules=None):
    include, exclude, path_in_repo = case
    args = [program, "upload", "--format", "json", "--isolated", "--no-containers", "-j1", str(folder)]
    for one in include or []:
        args.append(f"--include={one}")
    for one in exclude:
        args.append(f"--exclude={one}")
    if rules is not None:
        args += ["--bucket", "--filter-from", str(rules)]
    elif path_in_repo is not None:
        args += ["--to", f"o/r/{path_in_repo}"]
    run = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    if run.returncode == 2 and b"no file would be uploaded" in run.stderr:
        return {"files": set(), "fails": [], "sampled": set(), "gitignore": "none"}
    report = json.loads(run.stdout)
    upload = report["upload"]
    prefix = str(folder) + "/"
    sampled = {one["path"].removeprefix("m/") for one in upload["excluded"] if one["by"] == "gitignore"}
    return {
        "files": {one["name"] for one in upload["included"]},
        "fails": upload["fails"],
        "sampled": {one.removeprefix(prefix) for one in sampled},
        "gitignore": upload["gitignore"],
    }


def differences(ours, theirs, case, folder):
    """The differences in one case, as messages."""
    told = []
    if bool(ours["fails"]) != bool(theirs["failed"]):
        told.append(f"fails: hfscan {ours['fails']}, client {theirs['failed']}")
    if theirs["failed"] or ours["fails"]:
        return told
    if ours["files"] != theirs["files"]:
        told.append(f"files: only hfscan {ours['files'] - theirs['files']}, "
                    f"only client {theirs['files'] - ours['files']}")
    sampled = set(theirs["samples"]) - theirs["files"]
    if ours["sampled"] != sampled:
        told.append(f"samples: hfscan {ours['sampled']}, client {sampled}")
    if (ours["gitignore"] == "sent") != (theirs["gitignore"] is not None):
        told.append(f"gitignore: hfscan {ours['gitignore']}, client {theirs['gitignore'] is not None}")
    if any(len(sample) > 512 for sample in theirs["samples"].values()):
        told.append("a sample has more than 512 bytes")
    return told


def compare(args, work):
    os.environ.update(HF_HUB_DISABLE_XET="1", HF_HUB_DISABLE_PROGRESS_BARS="1", HF_HUB_DISABLE_TELEMETRY="1",
                      HF_HOME=str(work / "home"), HF_TOKEN="made-up", DO_NOT_TRACK="1", NO_PROXY="127.0.0.1")
    Hub.ignore = staticmethod(git_ignores(work))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["HF_ENDPOINT"] = f"http://127.0.0.1:{server.server_port}"
    import logging
    from huggingface_hub import HfApi
    logging.getLogger("huggingface_hub").setLevel(logging.CRITICAL)
    api = HfApi(endpoint=os.environ["HF_ENDPOINT"], token="made-up")
    outside = work / "outside"
    outside.mkdir()
    (outside / "file").write_text("outside\n")
    count, failed, buckets, files = 0, 0, 0, 0
    for number in range(args.first, args.first + args.cases):
        rng = random.Random(number)
        folder = work / "m"
        shutil.rmtree(folder, ignore_errors=True)
        grow(rng, folder, outside, wild=rng.random() < 0.3)
        case = choices(rng)
        if rng.random() < 0.15:
            buckets += 1
            rules = [rng.choice("+-") + " " + pattern(rng) for _ in range(rng.randint(0, 3))]
            rules = [line for line in rules if line[1:].strip()]
            (work / "rules").write_text("\n".join(rules) + "\n")
            theirs = of_bucket(case, folder, rules)
            ours = of_hfscan(args.hfscan, case, folder, work / "rules")
            names = ours["files"] | {one["path"].removeprefix(str(folder) + "/") for one in ours["fails"]}
            told = [f"files: {names ^ theirs}"] if names != {clean(name) for name in theirs} else []
        else:
            theirs = of_client(api, Hub.seen, case, folder)
            failed += theirs["failed"] is not None
            files += len(theirs["files"])
            ours = of_hfscan(args.hfscan, case, folder)
            told = differences(ours, theirs, case, folder)
        if told:
            count += 1
            print(f"case {number}: {case}")
            for line in told:
                print(f"    {line}")
            tree = subprocess.run(["find", str(folder), "-printf", "%y %P\\n"], stdout=subprocess.PIPE)
            print(tree.stdout.decode("utf-8", "replace"))
    print(f"{args.cases} cases ({buckets} buckets, {failed} uploads that the client refuses, {files} files sent): "
          f"{count} differences")
    return 1 if count else 0


def clean(name):
    """A name as in reports: invalid UTF-8 is replaced."""
    return os.fsencode(name).decode("utf-8", "replace")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hfscan", default="target/debug/hfscan")
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    args.hfscan = str(pathlib.Path(args.hfscan).resolve())
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work).resolve()
        if args.inside:
            return compare(args, work)
        try:
            import huggingface_hub
            has_client = huggingface_hub.__version__ == CLIENT.split("==")[1]
        except ImportError:
            has_client = False
        if has_client:
            return compare(args, work)
        subprocess.run([sys.executable, "-m", "venv", str(work / "venv")], check=True)
        python = str(work / "venv/bin/python")
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", CLIENT]
        if subprocess.run(pip).returncode != 0:
            print(f"skipped: {CLIENT} cannot be installed")
            return 0
        return subprocess.run([python, __file__, "--inside", "--hfscan", args.hfscan,
                               "--cases", str(args.cases), "--first", str(args.first)]).returncode


if __name__ == "__main__":
    sys.exit(main())
