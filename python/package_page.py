"""Converts the README to the page of a package, where relative links and images do not work.

``python python/package_page.py WHEEL…`` writes it into wheels, with the home page in
``HFSCAN_HOME_PAGE``.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import sys
import zipfile
from pathlib import Path

#: An image or a link to a file in the repository: its `!`, its text, its target.
LOCAL = re.compile(r"(!?)\[([^\]]*)\]\((?!https?://|#)([^)]+)\)")


def page(readme: str, home: str, version: str) -> str:
    """The README with URLs below `home`; without a home page, links become plain text."""

    def absolute(found: re.Match[str]) -> str:
        picture, text, target = found.groups()
        if not home:
            return "" if picture else text
        kind = "raw" if picture else "blob"
        return f"{picture}[{text}]({home.rstrip('/')}/{kind}/v{version}/{target})"

    return LOCAL.sub(absolute, readme)


def with_page(wheel: Path, home: str) -> None:
    """Replaces the description in a wheel's metadata, and its entry in RECORD."""
    made = wheel.with_suffix(".new")
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        name = next(one for one in old.namelist() if one.endswith(".dist-info/METADATA"))
        fields, readme = old.read(name).decode().split("\n\n", 1)
        version = re.search(r"^Version: (.+)$", fields, re.MULTILINE)[1]
        metadata = f"{fields}\n\n{page(readme, home, version)}".encode()
        digest = base64.urlsafe_b64encode(hashlib.sha256(metadata).digest()).rstrip(b"=").decode()
        for item in old.infolist():
            content = old.read(item)
            if item.filename == name:
                content = metadata
            elif item.filename == name.replace("METADATA", "RECORD"):
                row = f"{name},sha256={digest},{len(metadata)}"
                content = re.sub(rf"^{re.escape(name)},.*$", row, content.decode(), flags=re.MULTILINE).encode()
            new.writestr(item, content)
    made.replace(wheel)


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        with_page(Path(argument), os.environ.get("HFSCAN_HOME_PAGE", ""))
