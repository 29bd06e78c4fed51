#!/usr/bin/env python3
"""Runs `hfscan hf-upload` and the extension `hf scan` with the real `hf` from PyPI.

    python3 ci/hf-cli-check.py --hfscan target/debug/hfscan

The Hub is a server in this process, the same as in `ci/upload-compare.py`. The extension is copied
to the folder of `hf extensions install`, which itself installs only from GitHub.
"""

import argparse
import http.server
import importlib.util
import json
import os
import pathlib
import random
import string
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent


def module(name):
    spec = importlib.util.spec_from_file_location("compare", HERE / name)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def made_up_token():
    rng = random.Random(7)
    return "hf_" + "".join(rng.choice(string.ascii_letters) for _ in range(34))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hfscan", default="target/debug/hfscan")
    program = pathlib.Path(parser.parse_args().hfscan).resolve()
    compare = module("upload-compare.py")
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work).resolve()
        venv = work / "venv"
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        pip = [str(venv / "bin/python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, compare.CLIENT], check=True)
        (venv / "bin/hfscan").symlink_to(program)

        compare.Hub.ignore = staticmethod(compare.git_ignores(work))
        compare.Hub.seen = {"files": set(), "samples": {}, "gitignore": None}
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), compare.Hub)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        os.environ["HF_ENDPOINT"] = f"http://127.0.0.1:{server.server_port}"
        home = work / "home"
        home.mkdir()
        environment = {
            "PATH": f"{venv / 'bin'}:/usr/bin:/bin", "HOME": str(home), "HF_TOKEN": "made-up",
            "HF_ENDPOINT": os.environ["HF_ENDPOINT"], "HF_HUB_DISABLE_XET": "1", "NO_PROXY": "127.0.0.1",
            "HF_HUB_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1", "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        }

        def run(*command):
            return subprocess.run(command, cwd=work / "m", env=environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

        folder = work / "m"
        folder.mkdir()
        token = made_up_token()
        (folder / "train.py").write_text("print('hello')\n")
        (folder / ".env").write_text(f"HF_TOKEN={token}\n")
        seen = compare.Hub.seen

        dirty = run("hfscan", "hf-upload", "o/r", ".")
        assert dirty.returncode == 1, dirty
        assert "hf upload was not run" in dirty.stdout, dirty.stdout
        assert not seen["samples"] and not seen["files"], seen
        check = run("hfscan", "hf-upload", "--check", "o/r", ".", "--exclude", "*.env*")
        assert check.returncode == 0 and not seen["samples"], (check, seen)
        clean = run("hfscan", "hf-upload", "o/r", ".", "--exclude", "*.env*")
        assert clean.returncode == 0, clean.stdout
        assert seen["files"] == {"train.py"}, seen
        assert set(seen["samples"]) == {"train.py"}, seen
        for answer in (dirty, check, clean):
            assert token[5:] not in answer.stdout, answer.stdout
        print("wrapper: refuses an upload with findings, runs one without")

        extension = home / ".local/share/hf/extensions/hf-scan"
        extension.mkdir(parents=True)
        subprocess.run([sys.executable, "-m", "venv", "--system-site-packages", str(extension / "venv")], check=True)
        subprocess.run([str(extension / "venv/bin/python"), "-m", "pip", "install", "-q", "--no-deps",
                        "--disable-pip-version-check", str(HERE.parent / "integrations/hf-scan")], check=True)
        executable = extension / "venv/bin/hf-scan"
        (extension / "manifest.json").write_text(json.dumps(manifest(executable)))
        listed = run("hf", "extensions", "list")
        scanned = run("hf", "scan", ".", "--format", "concise")
        assert scanned.returncode == 1 and "dotenv-token" in scanned.stdout, (scanned, listed)
        upload = run("hf", "scan", "upload", ".", "--exclude", "*.env*")
        assert upload.returncode == 0 and "would upload" in upload.stdout, upload
        assert token[5:] not in scanned.stdout, scanned.stdout
        print("extension: `hf scan` and `hf scan upload` run hfscan")
    return 0


def manifest(executable):
    """The client's metadata of an installed extension."""
    return {"owner": "OWNER", "repo": "hf-scan", "repo_id": "OWNER/hf-scan", "short_name": "scan",
            "executable_path": str(executable), "type": "python", "description": "hfscan",
            "installed_at": "2026-01-01T00:00:00+00:00"}


if __name__ == "__main__":
    sys.exit(main())
