"""Pipeline steps for datatrove: a formatter that redacts documents, and a filter that drops them."""

from __future__ import annotations

from typing import Any

from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.formatters.base import BaseFormatter

from ._hfscan import Scanner


class HfscanFormatter(BaseFormatter):  # type: ignore[misc]
    """Replaces the credentials in each document; counts changed documents as ``redacted``.

    ``with_`` and ``key`` are as in ``Scanner.redact``, the other arguments as in ``Scanner``.
    """

    name = "🔑 hfscan redact"
    _requires_dependencies = ["hfscan"]

    def __init__(self, with_: Any = None, key: bytes | None = None, **scanner: Any) -> None:
        super().__init__()
        self.scanner = Scanner(**scanner)
        self.with_ = with_
        self.key = key

    def format(self, text: str) -> str:
        """The redacted text."""
        redacted = self.scanner.redact(text, self.with_, key=self.key)
        if redacted is not text:
            self.stat_update("redacted")
        return redacted


class HfscanFilter(BaseFilter):  # type: ignore[misc]
    """Drops documents with a credential; the reason is the rule's id. The arguments except
    ``exclusion_writer`` are those of ``Scanner``."""

    name = "🔑 hfscan filter"
    _requires_dependencies = ["hfscan"]

    def __init__(self, exclusion_writer: Any = None, **scanner: Any) -> None:
        super().__init__(exclusion_writer)
        self.scanner = Scanner(**scanner)

    def filter(self, doc: Any) -> bool | tuple[bool, str]:
        """``True`` to keep the document, or ``False`` and the id of the rule with a finding."""
        found = [one for one in self.scanner.scan(doc.text) if one.masked]
        return (False, found[0].rule) if found else True
