"""hfscan finds credentials, mainly of Hugging Face, in texts, tables and files.

``Scanner`` scans and redacts texts and Arrow columns; ``scan``, ``scan_many`` and ``redact``
use a scanner with all rules. ``scan_path`` runs the program on files and folders. Shapes, units
and errors are in ``docs/python.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from ._hfscan import (
    ArrowArray,
    ArrowStream,
    Counts,
    Finding,
    HfscanError,
    Scanner,
    __version__,
)
from ._program import Report, check_upload, scan_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from typing_extensions import Buffer

    _Replacement = str | Callable[[str, str], str]

__all__ = [
    "ArrowArray",
    "ArrowStream",
    "Counts",
    "Finding",
    "HfscanError",
    "Report",
    "Scanner",
    "__version__",
    "check_upload",
    "redact",
    "scan",
    "scan_many",
    "scan_path",
]

_every_rule: Scanner | None = None


def _scanner() -> Scanner:
    """The scanner with all rules, created on first use."""
    global _every_rule
    if _every_rule is None:
        _every_rule = Scanner()
    return _every_rule


def _restore_scanner(arguments: dict[str, Any]) -> Scanner:
    """Restores a pickled scanner."""
    return Scanner(**arguments)


def scan(text: str | Buffer, *, name: str | None = None) -> list[Finding]:
    """The findings of all rules in a text; see ``Scanner.scan``."""
    return _scanner().scan(text, name=name)


def scan_many(
    texts: Iterable[str | Buffer], *, name: str | None = None, threads: int = 1
) -> list[list[Finding]]:
    """The findings of all rules in each text; see ``Scanner.scan_many``."""
    return _scanner().scan_many(texts, name=name, threads=threads)


@overload
def redact(
    text: str, with_: _Replacement | None = None, *, key: bytes | None = None, name: str | None = None
) -> str: ...
@overload
def redact(
    text: Buffer, with_: _Replacement | None = None, *, key: bytes | None = None, name: str | None = None
) -> bytes: ...
def redact(
    text: str | Buffer,
    with_: _Replacement | None = None,
    *,
    key: bytes | None = None,
    name: str | None = None,
) -> str | bytes:
    """The text with the credentials found by any rule replaced; see ``Scanner.redact``."""
    return _scanner().redact(text, with_, key=key, name=name)
