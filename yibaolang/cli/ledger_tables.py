"""The tables of `yibao ledger`: kept aside while accounts are run, and written when all are done.

So a run that fails writes nothing, several tables are made in one run, and memory stays flat.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self

from attrs import frozen

from yibaolang.cli.arguments import Misuse, Options
from yibaolang.cli.asking import format_of, tables_of
from yibaolang.cli.output import shaded
from yibaolang.engine.files import replacing_text
from yibaolang.engine.ledger_rows import TABLES, Kept, Rows
from yibaolang.engine.row_writing import FORMATS, Cell, Column, write_rows
from yibaolang.engine.words import Words
from yibaolang.report.ledger_words import table_heading, table_text

_IN_MEMORY = 1 << 22
_ENDINGS = {
    ".csv": "csv", ".json": "json", ".jsonl": "jsonl", ".parquet": "parquet", ".txt": "table",
}  # fmt: skip


@frozen
class Target:
    """Where tables go: to stdout (`path` is ""), to one file, or to a folder; and their format.

    Those of `if_any` are left out where they have no rows.
    """

    tables: tuple[str, ...]
    if_any: frozenset[str]
    format: str
    path: str
    folder: bool

    def file(self, table: str) -> str:
        """The path of a table's file."""
        if not self.folder:
            return self.path
        ending = "txt" if self.format == "table" else self.format
        return os.path.join(self.path, f"{table}.{ending}")


def target_of(options: Options) -> Target:
    """What is to be written, and where; Misuse if it makes no sense."""
    said = format_of(options, FORMATS)
    ending = os.path.splitext(options.out)[1].lower()
    folder = bool(options.out) and (not ending or os.path.isdir(options.out))
    if ending not in _ENDINGS and options.out and not folder:
        endings = ", ".join(_ENDINGS)
        raise Misuse("bad_out", options.command, endings=endings, path=options.out)
    several = folder or not options.out
    tables, if_any = _tables(options, several, said == "json" and not options.out)
    if not options.out:
        if said == "parquet":
            raise Misuse("parquet_needs_out", options.command)
        return Target(tables, if_any, said or "table", "", False)
    if folder:
        return Target(tables, if_any, said or "csv", options.out, True)
    if len(tables) > 1:
        raise Misuse("one_table", options.command, names=", ".join(tables))
    if said not in ("", _ENDINGS[ending]):
        raise Misuse("other_format", options.command, format=said, path=options.out)
    return Target(tables, if_any, _ENDINGS[ending], options.out, False)


def _tables(
    options: Options, several: bool, one_object: bool
) -> tuple[tuple[str, ...], frozenset[str]]:
    """The tables that are asked for; by default the balances, and what else there may be.

    What is refused is told on stderr; a folder or a JSON object has it too.
    """
    asked = tables_of(options, TABLES)
    if asked:
        return asked, frozenset()
    if not several:
        return ("balances",), frozenset()
    if one_object:
        return ("balances", "corrections", "refused"), frozenset()
    others = ("corrections", "refused") if options.out else ("corrections",)
    return ("balances", *others), frozenset(others)


class Tables:
    """Keeps the rows of accounts aside, table by table. A context manager: they are gone after."""

    def __init__(self, rows: Rows, target: Target) -> None:
        self.rows = rows
        self.target = target
        self.counts = dict.fromkeys(target.tables, 0)
        self._aside = {each: _aside() for each in target.tables}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for each in self._aside.values():
            each.close()

    def add(self, kept: Kept) -> None:
        """Keep the rows of an account."""
        import json

        for table, file in self._aside.items():
            for row in self.rows.rows(table, kept):
                self.counts[table] += 1
                file.write(json.dumps(row, default=date.isoformat) + "\n")

    def kept(self, table: str) -> Iterator[list[Cell]]:
        """The rows of a table, in the order in which they came."""
        import json

        days = [at for at, each in enumerate(self.rows.columns(table)) if each.type == "date"]
        file = self._aside[table]
        file.seek(0)
        for line in file:
            row: list[Cell] = json.loads(line)
            for at in days:
                cell = row[at]
                row[at] = date.fromisoformat(cell) if isinstance(cell, str) else None
            yield row

    @property
    def shown(self) -> list[str]:
        """The tables that are written: those that are asked for, and those that have rows."""
        return [each for each, count in self.counts.items()
                if count or each not in self.target.if_any]  # fmt: skip

    # ── writing ──

    def write(self) -> list[str]:
        """Write the tables to files; gives their paths, in the order of `shown`."""
        target = self.target
        if target.folder:
            os.makedirs(target.path, exist_ok=True)
        paths = [target.file(table) for table in self.shown]
        for table, path in zip(self.shown, paths, strict=True):
            columns = self.rows.columns(table)
            if target.format == "table":
                with replacing_text(path) as file:
                    file.write(self.text(table, columns) + "\n")
            else:
                schema = f"yibao {table} 1"
                write_rows(path, self.kept(table), columns, target.format, schema)
        return paths

    def print(self) -> None:
        """Print the tables, one below the other."""
        for number, table in enumerate(self.shown):
            columns = self.rows.columns(table)
            if self.target.format == "table":
                if number:
                    print()
                if len(self.shown) > 1:
                    print(shaded(table_heading(table, self.rows.lang), "bold"))
                print(self.text(table, columns))
            else:
                if number and self.target.format == "csv":
                    print()
                schema = f"yibao {table} 1"
                write_rows(sys.stdout, self.kept(table), columns, self.target.format, schema)

    def text(self, table: str, columns: Sequence[Column]) -> str:
        """A table for people."""
        words = Words(self.rows.rules.book, self.rows.lang)
        return table_text(self.kept(table), columns, words)

    def objects(self, table: str) -> Iterator[dict[str, Cell]]:
        """The rows of a table as JSON values."""
        names = [each.name for each in self.rows.columns(table)]
        for row in self.kept(table):
            yield dict(zip(names, map(_plain, row), strict=True))


def _aside() -> "SpooledTemporaryFile[str]":
    return SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8")


def _plain(cell: Cell) -> Cell:
    return cell.isoformat() if isinstance(cell, date) else cell


def print_object(counts: dict[str, int], tables: Iterable[tuple[str, Iterable[object]]]) -> None:
    """One JSON object of counts and lists, written as it comes."""
    import json

    encode = json.JSONEncoder(ensure_ascii=False).encode
    print("{")
    print(",\n".join(f"  {encode(name)}: {count}" for name, count in counts.items()), end="")
    for name, rows in tables:
        print(f",\n  {encode(name)}: [", end="")
        comma = ""
        for row in rows:
            print(f"{comma}\n    {encode(row)}", end="")
            comma = ","
        print("\n  ]" if comma else "]", end="")
    print("\n}")
