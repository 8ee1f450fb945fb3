"""What bills say of themselves, as numbers: facts and lines. Each text is read once."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from yibaolang.engine.cells import Misfit
from yibaolang.engine.event_schema import EventSchema
from yibaolang.language.diagnostics import diagnostic
from yibaolang.model.book import Book
from yibaolang.population.fixed import number_of_day
from yibaolang.population.ledger_arrays import Truths, Whole
from yibaolang.population.ledger_text import MOST_SUM
from yibaolang.population.lowered import Codes
from yibaolang.population.persons import OTHER_TEXT, Cells, Input


@frozen(eq=False)
class EventFacts:
    """The facts of bills: `of_row` is the line of `table` that holds those of a row.

    For each of `names` a line has the number that the fact is, and whether it is said (1 or 0).
    What a bill has of a category, in fen, is a fact whose name begins with LINES.
    """

    names: tuple[str, ...]
    table: Whole
    of_row: NDArray[np.int32]

    @property
    def width(self) -> int:
        """How many numbers a line has."""
        return 2 * len(self.names)


def read_facts(
    book: Book, texts: Sequence[str | None], of_row: NDArray[np.int32]
) -> tuple[EventFacts, Truths]:
    """The facts of texts, and which rows have a text that no kernel can read.

    `of_row` is the text of each row; one that has none has the number after the last.
    """
    cells, codes = Cells(book), Codes(book)
    read = [_facts(cells, codes, (text or "").strip(" \t")) for text in texts]
    bad = np.array([*(each is None for each in read), False], np.bool_)[of_row]
    return EventFacts(*_table([each or {} for each in read]), of_row), bad


LINES = "lines "
"""What the name of a bill's amount of a category begins with, among the facts of bills."""


def read_lines(
    book: Book, texts: Sequence[str | None], of_row: NDArray[np.int32], amounts: Whole
) -> tuple[EventFacts, Truths]:
    """The lines of texts, as `read_facts`; no line may be more than its bill."""
    schema = EventSchema(book)
    sums: list[dict[str, int]] = []
    most = np.zeros(len(texts) + 1, np.int64)
    for at, text in enumerate(texts):
        try:
            found = schema.lines((text or "").strip(" \t"))
        except Misfit:
            found, most[at] = (), MOST_SUM
        sums.append({})
        for each in found:
            name = f"{LINES}{each.category}"
            sums[at][name] = sums[at].get(name, 0) + each.amount_fen
            most[at] = max(most[at], each.amount_fen)
    bad = most[of_row] > amounts
    return EventFacts(*_table(sums), of_row), bad


def _table(lines: Sequence[Mapping[str, int]]) -> tuple[tuple[str, ...], Whole]:
    """The names of numbers, and a line for each mapping, and one that says nothing."""
    names = tuple(sorted({name for each in lines for name in each}))
    table = np.zeros((len(lines) + 1, 2 * max(1, len(names))), np.int64)
    for line, each in enumerate(lines):
        for name, value in each.items():
            at = 2 * names.index(name)
            table[line, at : at + 2] = value, 1
    return names, table


def joined(one: EventFacts | None, other: EventFacts | None) -> EventFacts | None:
    """What both say, of the same rows; their names are not the same."""
    if one is None or other is None:
        return one or other
    pairs = one.of_row.astype(np.int64) * len(other.table) + other.of_row
    which, of_row = np.unique(pairs, return_inverse=True)
    parts = one.table[which // len(other.table)], other.table[which % len(other.table)]
    names = *one.names, *other.names
    width = [2 * len(each.names) for each in (one, other)]
    table = np.concatenate([each[:, :own] for each, own in zip(parts, width, strict=True)], axis=1)
    return EventFacts(names, np.ascontiguousarray(table), of_row.astype(np.int32))


def stacked(parts: Sequence[tuple[EventFacts | None, int]]) -> EventFacts | None:
    """The facts of rows one after the other: of each part there may be none, of so many rows."""
    if all(facts is None for facts, _ in parts):
        return None
    every = [facts or _nothing(count) for facts, count in parts]
    names = tuple(sorted({name for each in every for name in each.names}))
    tables, of_rows, before = [], [], 0
    for each in every:
        tables.append(_columns(each, names))
        of_rows.append(each.of_row + before)
        before += len(each.table)
    return EventFacts(names, np.concatenate(tables), np.concatenate(of_rows).astype(np.int32))


def _nothing(count: int) -> EventFacts:
    """The facts of rows that say none."""
    return EventFacts((), np.zeros((1, 2), np.int64), np.zeros(count, np.int32))


def _columns(facts: EventFacts, names: tuple[str, ...]) -> Whole:
    """The table of facts with the columns of more names."""
    found = np.zeros((len(facts.table), 2 * max(1, len(names))), np.int64)
    for at, each in enumerate(facts.names):
        place = 2 * names.index(each)
        found[:, place : place + 2] = facts.table[:, 2 * at : 2 * at + 2]
    return found


def with_fact(
    facts: EventFacts | None, count: int, name: str, rows: Sequence[int], says: Sequence[bool]
) -> EventFacts:
    """The facts of `count` bills, of which some rows say a truth if they do not say it already."""
    facts = facts or _nothing(count)
    names = tuple(sorted({*facts.names, name}))
    lines = _columns(facts, names)
    at, of_row = 2 * names.index(name), facts.of_row.copy()
    more: list[Whole] = []
    places: dict[tuple[int, bool], int] = {}
    for row, truth in zip(rows, says, strict=True):
        line = int(of_row[row])
        if lines[line, at + 1]:
            continue
        place = places.setdefault((line, truth), len(lines) + len(more))
        if place == len(lines) + len(more):
            more.append(lines[line].copy())
            more[-1][at : at + 2] = truth, 1
        of_row[row] = place
    return EventFacts(names, np.stack([*lines, *more]), of_row)


def _facts(cells: Cells, codes: Codes, text: str) -> dict[str, int] | None:
    """The facts of a text as numbers; None for one that no kernel can read."""
    if not text:
        return {}
    try:
        return {
            each.name: fact_number(each.value, cells.input(each.name), codes)
            for each in cells.facts(text)
        }
    except Misfit:
        return None


def fact_number(value: Any, spec: Input, codes: Codes) -> int:
    """A value as the number that programs read; Misfit if it is none that they can read."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        if spec.type.kind == "text":
            return codes.texts.get(value, OTHER_TEXT)
        return codes.code(spec.type, value)
    if isinstance(value, int | Fraction):
        scaled = Fraction(value) * spec.denominator
        if scaled.denominator != 1 or not spec.low <= scaled.numerator <= spec.high:
            why = diagnostic("YB465", None, text=str(value), column=spec.name, example="")
            raise Misfit(why, spec.name)
        return scaled.numerator
    return number_of_day(value)
