"""Runs the program installed with this package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from typing import TYPE_CHECKING, Any

from ._hfscan import HfscanError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The exit statuses of complete scans: without and with findings.
_TRUSTED = (0, 1)


def find() -> str:
    """The path of the program, beside this interpreter or in the user's scripts folder."""
    name = "hfscan" + (".exe" if os.name == "nt" else "")
    schemes = [None, "nt_user" if os.name == "nt" else "posix_user"]
    folders = [
        sysconfig.get_path("scripts", scheme) if scheme else sysconfig.get_path("scripts")
        for scheme in schemes
    ]
    # `pip install --target FOLDER` installs programs in FOLDER/bin.
    folders.append(os.path.join(os.path.dirname(os.path.dirname(__file__)), "bin"))
    for folder in folders:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    raise HfscanError("the hfscan program is not installed beside this package")


class Report(dict[str, Any]):
    """The JSON report of a scan, described in ``docs/json-report.md``.

    ``findings`` and ``complete`` are also attributes.
    """

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The reported findings, each a dict."""
        found: list[dict[str, Any]] = self["findings"]
        return found

    @property
    def complete(self) -> bool:
        """``False`` if any requested input was not scanned."""
        return bool(self["complete"])


def scan_path(
    path: str | os.PathLike[str],
    *paths: str | os.PathLike[str],
    args: Sequence[str] = (),
    check: bool = True,
) -> Report:
    """Runs ``hfscan PATH...`` and returns its report: configuration, baseline, ignore files,
    containers and git options work as in a shell.

    ``args`` are additional arguments. With ``check``, a scan that is incomplete or cannot start
    raises ``HfscanError``; without, an incomplete scan returns its report, with ``complete``
    set to ``False``.
    """
    command = [find(), "--format", "json", "--no-progress", *args, "--"]
    command += [os.fspath(one) for one in (path, *paths)]
    return _report(command, check)


def check_upload(
    path: str | os.PathLike[str] = ".",
    *,
    to: str | None = None,
    repo_type: str | None = None,
    args: Sequence[str] = (),
    check: bool = True,
) -> Report:
    """Runs ``hfscan upload PATH`` and returns its report: the files that an upload to the Hub would
    send, and the findings in them. Nothing is sent.

    ``to`` is the repository (``owner/name``), ``repo_type`` is ``model``, ``dataset`` or
    ``space``; ``args`` and ``check`` as in ``scan_path``.
    """
    command = [find(), "upload", "--format", "json", *args]
    command += ["--to", to] if to else []
    command += ["--repo-type", repo_type] if repo_type else []
    return _report([*command, "--", os.fspath(path)], check)


def _report(command: list[str], check: bool) -> Report:
    run = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    if run.returncode not in _TRUSTED and (check or not run.stdout):
        raise HfscanError(run.stderr.decode("utf-8", "replace").strip())
    return Report(json.loads(run.stdout))


def main() -> None:
    """Runs the program with the arguments of this process, and exits with its status."""
    try:
        command = [find(), *sys.argv[1:]]
    except HfscanError as error:
        sys.exit(f"error: {error}")
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)
