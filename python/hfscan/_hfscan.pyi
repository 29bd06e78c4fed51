"""The native part of ``hfscan``: scanners, findings and columns of Arrow."""

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
    """An array or a record batch of any library of Arrow."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

class ArrowStreamExportable(Protocol):
    """A table, a stream or a chunked array of any library of Arrow."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

class HfscanError(Exception):
    """hfscan cannot do what was asked: a rule file, a selection or a column is wrong, or the
    program failed. Its message holds no secret."""

@final
class Finding:
    """What a rule found in a text. Holds no secret, unless the scanner was made with
    ``reveal=True``. Findings are equal if all they say is."""

    @property
    def rule(self) -> str:
        """The rule's id."""
    @property
    def severity(self) -> _Severity:
        """How bad it is if it is true."""
    @property
    def confidence(self) -> _Confidence:
        """How sure it is."""
    @property
    def message(self) -> str:
        """One sentence that names the problem."""
    @property
    def start(self) -> int:
        """The first code point of a ``str``, or byte otherwise, from 0."""
    @property
    def end(self) -> int:
        """The code point or byte after the last one."""
    @property
    def line(self) -> int:
        """The line, from 1."""
    @property
    def column(self) -> int:
        """The code point or byte in the line, from 1."""
    @property
    def masked(self) -> str | None:
        """The credential as it can be printed; ``None`` if the finding shows none."""
    @property
    def secret_id(self) -> str | None:
        """Eight hexadecimal digits that are the same for the same secret everywhere; ``None``
        without a secret and for one that can be guessed."""
    @property
    def secret(self) -> str | bytes | None:
        """The credential, as ``str`` of a ``str`` and ``bytes`` otherwise, if the scanner was
        made with ``reveal=True``; ``None`` otherwise, and after pickling."""
    def as_dict(self) -> dict[str, Any]:
        """Everything but the secret."""
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    @staticmethod
    def _restore(dict: Mapping[str, Any]) -> Finding: ...

@final
class Scanner:
    """Rules, compiled once. Threads can share it; it can be pickled, by its arguments, and used
    after a fork. It starts no threads but those of one call."""

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

        :param select: ids, globs or ``tag:NAME`` of the rules to run; all without.
        :param ignore: ids, globs or ``tag:NAME`` of rules that do not count.
        :param rules: rule files to add. They are read now, and pickled with the scanner.
        :param min_severity: the least severity of a finding.
        :param min_confidence: the least confidence of a finding.
        :param name: the file name that texts are read by: it decides on their language.
        :param reveal: findings have their ``secret``.
        :param now: the time that signed tokens are compared with, in seconds since 1970;
            without, that of the system when the scanner is made.
        :param rule_texts: further rules, as pairs of a name and a text in TOML.
        :raises HfscanError: for a rule file or a selection that cannot be used.
        :raises ValueError: for a severity or a confidence that there is not.
        :raises OSError: for a rule file that cannot be read.
        """
    @property
    def rules_version(self) -> str:
        """Identifies the text of the rules: 12 hexadecimal digits."""
    def scan(self, text: str | Buffer, *, name: str | None = None) -> list[Finding]:
        """The findings in a text, in the order of their places.

        :raises TypeError: for what is neither a ``str`` nor has a buffer of bytes.
        :raises ValueError: for a buffer that is not in one piece.
        """
    def scan_many(
        self, texts: Iterable[str | Buffer], *, name: str | None = None, threads: int = 1
    ) -> list[list[Finding]]:
        """The findings of each of many texts, in their order. With several ``threads`` they
        are started for this call and end with it; fewer than 64 KiB are scanned by one."""
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
            Without, ``<{rule}>``, or with a key ``<secret:{digest}>``.
        :param key: at least 16 random bytes. The same secret has the same digest under it.
        :raises ValueError: for a template or a key that cannot be used.
        """
    def scan_arrow(
        self,
        data: ArrowArrayExportable | ArrowStreamExportable,
        columns: Sequence[str] | None = None,
        *,
        name: str | None = None,
    ) -> Any:
        """The findings in columns of Arrow, one a row, sorted by row, path and place.

        Columns: ``row`` (uint64, from 0 over the whole of the data), ``column``
        (``messages[].content``), ``path`` (``messages[3].content``), ``rule``, ``severity``,
        ``confidence``, ``start`` and ``end`` (code points), ``start_byte`` and ``end_byte``,
        ``masked`` and ``secret_id`` (may be null).

        :param columns: the columns to scan; every column with texts without.
        :raises HfscanError: for a column that is not there.
        """
    def count_arrow(
        self,
        data: ArrowArrayExportable | ArrowStreamExportable,
        columns: Sequence[str] | None = None,
        *,
        name: str | None = None,
    ) -> Any:
        """The number of findings of each row: a table with the column ``findings`` (uint32)."""
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

        Arrays that need no change are the same buffers. A stream is read when the result is.
        """
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@final
class Counts:
    """What ``redact_arrow`` replaced, counted while batches go by."""

    def __new__(cls) -> Counts: ...
    @property
    def rows(self) -> int:
        """Rows that went by."""
    @property
    def total(self) -> int:
        """Replaced credentials."""
    @property
    def by_rule(self) -> dict[str, int]:
        """Replaced credentials by the id of the rule."""

@final
class ArrowArray:
    """An array or a record batch that any library of Arrow can take without a copy."""

    def __arrow_c_array__(
        self, requested_schema: object | None = None
    ) -> tuple[object, object]: ...
    def __arrow_c_schema__(self) -> object: ...
    def __len__(self) -> int: ...

@final
class ArrowStream:
    """A stream of record batches that any library of Arrow can read, once."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...
