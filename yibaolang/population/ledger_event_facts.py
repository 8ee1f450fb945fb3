"""Facts that bills say of themselves, as numbers: each text is read once, rows name it."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from yibaolang.engine.cells import Misfit
from yibaolang.language.diagnostics import diagnostic
from yibaolang.model.book import Book
from yibaolang.population.fixed import number_of_day
from yibaolang.population.ledger_arrays import Truths, Whole
from yibaolang.population.lowered import Codes
from yibaolang.population.persons import OTHER_TEXT, Cells, Input


@frozen(eq=False)
class EventFacts:
    """The facts of bills: `of_row` is the line of `table` that holds those of a row.

    For each of `names` a line has the number that the fact is, and whether it is said (1 or 0).
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
    names = tuple(sorted({name for each in read for name in each or ()}))
    table = np.zeros((len(texts) + 1, 2 * max(1, len(names))), np.int64)
    for line, each in enumerate(read):
        for name, value in (each or {}).items():
            at = 2 * names.index(name)
            table[line, at : at + 2] = value, 1
    bad = np.array([*(each is None for each in read), False], np.bool_)[of_row]
    return EventFacts(names, table, of_row), bad


def with_fact(
    facts: EventFacts | None, count: int, name: str, rows: Sequence[int], says: Sequence[bool]
) -> EventFacts:
    """The facts of `count` bills, of which some rows say a truth if they do not say it already."""
    if facts is None:
        facts = EventFacts((), np.zeros((1, 2), np.int64), np.zeros(count, np.int32))
    names = tuple(sorted({*facts.names, name}))
    lines = np.zeros((len(facts.table), 2 * len(names)), np.int64)
    for at, each in enumerate(facts.names):
        place = 2 * names.index(each)
        lines[:, place : place + 2] = facts.table[:, 2 * at : 2 * at + 2]
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
