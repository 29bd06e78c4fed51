"""hfscan finds credentials, above all those of Hugging Face, in texts, tables and files.

``Scanner`` scans and redacts texts and columns of Arrow; ``scan``, ``scan_many`` and ``redact``
do so with every rule. ``scan_path`` runs the program over files and folders. The page
``docs/python.md`` has shapes, units and errors.
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
    """The scanner with every rule, made when it is first needed."""
    global _every_rule
    if _every_rule is None:
        _every_rule = Scanner()
    return _every_rule


def _restore_scanner(arguments: dict[str, Any]) -> Scanner:
    """The scanner that was pickled."""
    return Scanner(**arguments)


def scan(text: str | Buffer, *, name: str | None = None) -> list[Finding]:
    """The findings of every rule in a text; see ``Scanner.scan``."""
    return _scanner().scan(text, name=name)


def scan_many(
    texts: Iterable[str | Buffer], *, name: str | None = None, threads: int = 1
) -> list[list[Finding]]:
    """The findings of every rule in each of many texts; see ``Scanner.scan_many``."""
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
    """The text without the credentials that any rule finds; see ``Scanner.redact``."""
    return _scanner().redact(text, with_, key=key, name=name)
