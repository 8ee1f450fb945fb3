"""Rows that could not be read: counted, written to a file of their own, and the run's failure."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Protocol, Self, TypeVar

from yibaolang.engine.event_columns import NAMES
from yibaolang.engine.files import AnyPath, replacing_text
from yibaolang.engine.records import NOTES, check_ending
from yibaolang.engine.row_writing import Column, Write, line_writer
from yibaolang.language.diagnostics import (
    MOST_DIAGNOSTICS,
    Diagnostic,
    Refusal,
    diagnostic,
    message,
)


class Read(Protocol):
    """What was made of a row: its number, its account ("": not known), its cells, its problem."""

    @property
    def number(self) -> int: ...
    @property
    def account(self) -> str: ...
    @property
    def problem(self) -> Diagnostic | None: ...
    @property
    def raw(self) -> Mapping[str, str]: ...


AnyRow = TypeVar("AnyRow", bound=Read)


class Rejects:
    """Takes the bad rows out of what is read; use it as a context manager.

    With a `path`, which ends in .csv or .jsonl, they are written there: their columns as they were,
    `reason`, `line` (the number of the line or row), and `row`, the text of a row that could not be
    cut into cells. The file is a file of the same kind: put right, it can be read again.

    If they are not `allowed`, one bad row stops the good ones: the rest is only looked at for more
    bad rows, and leaving the block raises Refusal with what is wrong with the first of them.

    >>> from yibaolang.engine.event_files import Row
    >>> good = Row(3, "007", None, None, {})
    >>> bad = Row(4, "008", None, diagnostic("YB462", None, column="date", kind=""), {})
    >>> with Rejects(allowed=True) as rejects:
    ...     [row.account for row in rejects.keep([good, bad])]
    ['007']
    >>> rejects.read, rejects.rejected, rejects.accepted, rejects.accounts
    (2, 1, 1, {'008'})
    """

    def __init__(
        self,
        path: AnyPath = "",
        *,
        allowed: bool = False,
        columns: Sequence[str] = NAMES,
        schema: str = "yibao events 1",
        lang: str = "en",
    ) -> None:
        self.path = os.fspath(path)
        self.allowed = allowed
        self.lang = lang
        self.read = 0
        self.rejected = 0
        self.repeated = 0
        self.accounts: set[str] = set()
        self.problems: list[Diagnostic] = []
        self._columns = tuple(columns)
        self._schema = schema
        self._open = ExitStack()
        self._write: Write | None = None

    @property
    def accepted(self) -> int:
        """How many rows were read and used: not rejected, and no repetition."""
        return self.read - self.rejected - self.repeated

    @property
    def failed(self) -> bool:
        """Whether there was a bad row and none is allowed."""
        return bool(self.rejected) and not self.allowed

    def keep(self, rows: Iterable[AnyRow]) -> Iterator[AnyRow]:
        """The good rows, until one is bad that must not be; the bad ones are taken out."""
        for row in rows:
            self.read += 1
            if row.problem is not None:
                self.add(row, row.problem)
            elif not self.failed:
                yield row

    def add(self, row: Read, problem: Diagnostic) -> None:
        """Take out a row that was read."""
        self.rejected += 1
        if row.account:
            self.accounts.add(row.account)
        if len(self.problems) < MOST_DIAGNOSTICS:
            self.problems.append(problem)
        if self._write is not None:
            reason = f"{problem.code}: {message(problem, self.lang)}"
            notes = {"reason": reason, "line": str(row.number), "row": row.raw.get("row", "")}
            cells = [row.raw.get(each, "") for each in self._columns]
            self._write([*cells, *(notes[each] for each in NOTES)])

    def __enter__(self) -> Self:
        """Begin the file, if there is to be one; Refusal YB470 for another ending."""
        if self.path:
            check_ending(self.path, (".csv", ".jsonl"))
            ending = os.path.splitext(self.path)[1].lower()[1:]
            columns = [Column(name) for name in (*self._columns, *NOTES)]
            file = self._open.enter_context(replacing_text(self.path))
            self._write = line_writer(file, columns, ending, self._schema)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the file in its place; Refusal if rows were bad that must not be."""
        self._write = None
        self._open.__exit__(kind, error, trace)
        if kind is None and self.failed:
            raise Refusal(*self.told())

    def told(self) -> list[Diagnostic]:
        """What is wrong with the first bad rows, and how many more there are."""
        if self.rejected <= MOST_DIAGNOSTICS:
            return self.problems
        shown = self.problems[: MOST_DIAGNOSTICS - 1]
        return [*shown, diagnostic("YB003", None, count=self.rejected - len(shown))]
