"""The native part of ``hfscan``: scanners, findings and Arrow columns."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from typing import Any, Literal, Protocol, TypeVar, final, overload

from typing_extensions import Buffer

__version__: str

_Severity = Literal["info", "low", "medium", "high", "critical"]
_Confidence = Literal["low", "medium", "high"]
_Replacement = str | Callable[[str, str], str]
_Data = TypeVar("_Data")

class ArrowArrayExportable(Protocol):
    """An array or a record batch of any Arrow library."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

class ArrowStreamExportable(Protocol):
    """A table, a stream or a chunked array of any Arrow library."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

class HfscanError(Exception):
    """A rule file, a selection or a column is invalid, or the program failed. The message contains
    no secret."""

@final
class Finding:
    """A finding in a text. Contains no secret unless the scanner was created with ``reveal=True``.
    Findings with equal fields are equal."""

    @property
    def rule(self) -> str:
        """The rule's id."""
    @property
    def severity(self) -> _Severity:
        """The severity of the problem if the finding is correct."""
    @property
    def confidence(self) -> _Confidence:
        """The confidence that the finding is correct."""
    @property
    def message(self) -> str:
        """One sentence that names the problem."""
    @property
    def start(self) -> int:
        """The start offset, from 0: in code points of a ``str``, in bytes otherwise."""
    @property
    def end(self) -> int:
        """The exclusive end offset."""
    @property
    def line(self) -> int:
        """The line, from 1."""
    @property
    def column(self) -> int:
        """The column in code points or bytes, from 1."""
    @property
    def masked(self) -> str | None:
        """The masked credential; ``None`` if the finding has none."""
    @property
    def secret_id(self) -> str | None:
        """Eight hexadecimal digits, equal for equal secrets; ``None`` without a secret and for a
        guessable one."""
    @property
    def secret(self) -> str | bytes | None:
        """The credential, ``str`` if the text was a ``str`` and ``bytes`` otherwise, if the scanner
        was created with ``reveal=True``; ``None`` otherwise, and after pickling."""
    def as_dict(self) -> dict[str, Any]:
        """All fields except the secret."""
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    @staticmethod
    def _restore(dict: Mapping[str, Any]) -> Finding: ...

@final
class Scanner:
    """Compiled rules. Can be shared by threads, pickled (by its arguments) and used after a fork.
    Starts threads only within ``scan_many``."""

    def __new__(
        cls,
        *,
        select: Sequence[str] | None = None,
        ignore: Sequence[str] | None = None,
        rules: Sequence[str | PathLike[str]] | None = None,
        min_severity: _Severity = "info",
        min_confidence: _Confidence = "low",
        name: str = "row.txt",
        reveal: bool = False,
        now: int | None = None,
        rule_texts: Sequence[tuple[str, str]] | None = None,
    ) -> Scanner:
        """A scanner.

        :param select: ids, globs or ``tag:NAME`` of the rules to run; all by default.
        :param ignore: ids, globs or ``tag:NAME`` of the rules not to run.
        :param rules: rule files to add. They are read now, and pickled with the scanner.
        :param min_severity: the minimum severity of a finding.
        :param min_confidence: the minimum confidence of a finding.
        :param name: the file name of texts, which selects their language.
        :param reveal: if true, findings contain their ``secret``.
        :param now: the reference time for signed tokens, in seconds since 1970; by default the
            system time when the scanner is created.
        :param rule_texts: additional rules, as pairs of a name and a text in TOML.
        :raises HfscanError: for an invalid rule file or selection.
        :raises ValueError: for an unknown severity or confidence.
        :raises OSError: for a rule file that cannot be read.
        """
    @property
    def rules_version(self) -> str:
        """Identifies the version of the rules: 12 hexadecimal digits."""
    def scan(self, text: str | Buffer, *, name: str | None = None) -> list[Finding]:
        """The findings in a text, in order of position.

        :raises TypeError: for an object that is neither a ``str`` nor has a buffer of bytes.
        :raises ValueError: for a buffer that is not contiguous.
        """
    def scan_many(
        self, texts: Iterable[str | Buffer], *, name: str | None = None, threads: int = 1
    ) -> list[list[Finding]]:
        """The findings of each text, in the order of the texts. Several ``threads`` are started
        for this call only; less than 64 KiB are scanned by one thread."""
    @overload
    def redact(
        self,
        text: str,
        with_: _Replacement | None = None,
        *,
        key: bytes | None = None,
        name: str | None = None,
    ) -> str: ...
    @overload
    def redact(
        self,
        text: Buffer,
        with_: _Replacement | None = None,
        *,
        key: bytes | None = None,
        name: str | None = None,
    ) -> bytes:
        """The text with its credentials replaced; the same object if there are none.

        :param with_: a template with ``{rule}`` and ``{severity}``, and with a key
            ``{digest}``; ``"same-length"`` for asterisks; ``"hmac"`` for
            ``<secret:{digest}>``; or a function of the rule's id and the masked secret.
            The default is ``<{rule}>``, with a key ``<secret:{digest}>``.
        :param key: at least 16 random bytes. Equal secrets have equal digests under the same key.
        :raises ValueError: for an invalid template or key.
        """
    def scan_arrow(
        self,
        data: ArrowArrayExportable | ArrowStreamExportable,
        columns: Sequence[str] | None = None,
        *,
        name: str | None = None,
    ) -> Any:
        """The findings in Arrow columns, one per row, sorted by row, path and position.

        Columns: ``row`` (uint64, from 0 over all of the data), ``column``
        (``messages[].content``), ``path`` (``messages[3].content``), ``rule``, ``severity``,
        ``confidence``, ``start`` and ``end`` (code points), ``start_byte`` and ``end_byte``,
        ``masked`` and ``secret_id`` (may be null).

        :param columns: the columns to scan; by default every column with texts.
        :raises HfscanError: for an unknown column.
        """
    def count_arrow(
        self,
        data: ArrowArrayExportable | ArrowStreamExportable,
        columns: Sequence[str] | None = None,
        *,
        name: str | None = None,
    ) -> Any:
        """The number of findings in each row: a table with the column ``findings`` (uint32)."""
    def redact_arrow(
        self,
        data: _Data,
        columns: Sequence[str] | None = None,
        with_: _Replacement | None = None,
        *,
        key: bytes | None = None,
        name: str | None = None,
        counts: Counts | None = None,
    ) -> _Data:
        """The data with its credentials replaced, with the same type and schema.

        Unchanged arrays share the buffers of the input. A stream is read lazily.
        """
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@final
class Counts:
    """Counts of the replacements by ``redact_arrow``, updated as batches are read."""

    def __new__(cls) -> Counts: ...
    @property
    def rows(self) -> int:
        """Number of processed rows."""
    @property
    def total(self) -> int:
        """Number of replaced credentials."""
    @property
    def by_rule(self) -> dict[str, int]:
        """Number of replaced credentials by rule id."""

@final
class ArrowArray:
    """An array or a record batch that any Arrow library can import without a copy."""

    def __arrow_c_array__(
        self, requested_schema: object | None = None
    ) -> tuple[object, object]: ...
    def __arrow_c_schema__(self) -> object: ...
    def __len__(self) -> int: ...

@final
class ArrowStream:
    """A stream of record batches that any Arrow library can read, once."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...
