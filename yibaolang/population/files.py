"""Files of people for a population, read block by block in the order of their rows."""

import os
from collections.abc import Iterator

from yibaolang.engine.files import AnyPath
from yibaolang.engine.records import ENDINGS, Form, check_ending
from yibaolang.engine.row_files import records
from yibaolang.model.book import Book
from yibaolang.population.columns import FEN, OWN
from yibaolang.population.files_ahead import Ahead
from yibaolang.population.files_blocks import Block, blocks_of, size_of
from yibaolang.population.files_parquet import Parquet
from yibaolang.population.persons import Cells

_ANY = ("text", "integer", "decimal", "date", "truth")


def people_form(book: Book) -> Form:
    """What files of people must be here: as in docs/events.md, and amounts may be whole fen.

    >>> from yibaolang.engine.rulebook import read
    >>> people_form(read("").book).columns["pension_fen"]
    'pension_fen'
    """
    cells = Cells(book)
    columns = {**dict(zip(OWN, OWN, strict=True)), **cells.columns}
    amounts = {
        name: canonical for name, canonical in cells.columns.items()
        if cells.input(canonical).type.kind == "money"
    }  # fmt: skip
    columns |= {f"{name}{FEN}": f"{canonical}{FEN}" for name, canonical in amounts.items()}
    return Form("people", columns, ("account",), False, lambda _: _ANY)


def begun(path: str) -> Parquet | None:
    """A file of people that is read from now on, if it is Parquet; see `people_blocks`."""
    return Parquet(path) if path.lower().endswith(".parquet") else None


def people_blocks(
    path: AnyPath, book: Book, encoding: str | None = None, begun: Parquet | None = None
) -> Iterator[Block]:
    """The people of a .csv, .jsonl or .parquet file; needs pyarrow. Another thread reads ahead.

    `begun` is the file if it was begun before the rules were there. Refusal for what is wrong with
    the file as a whole; see `row_files.records`. Nobody looks whether an account is there twice:
    the rows are looked at one by one.
    """
    shown, form = os.fspath(path), people_form(book)
    check_ending(shown, ENDINGS)
    ending = os.path.splitext(shown)[1].lower()
    if ending == ".parquet":
        return (begun or Parquet(shown)).blocks(form)
    if ending == ".jsonl":
        return Ahead(blocks_of(records(shown, form, encoding), form), size_of)
    from yibaolang.population.files_csv import csv_blocks

    cells = Cells(book)
    names = dict.fromkeys(cells.columns.values())
    dates = {name for name in names if cells.input(name).type.kind == "date"}
    return Ahead(csv_blocks(shown, form, encoding, dates), size_of)
