"""What is known of the persons of a population, as a frame that expressions are lowered over.

Facts come from columns and hold always, as in files of people (`engine.people_files`). A number is
read over a denominator that holds every number the language can write: 10**6, or 10**9 for a rate.
"""

from collections.abc import Set
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import frozen

from yibaolang.engine.cells import Misfit
from yibaolang.engine.fact_cells import Bounds, FactCells
from yibaolang.engine.given import known
from yibaolang.language.diagnostics import diagnostic
from yibaolang.model.book import Book
from yibaolang.model.calendar import year_start
from yibaolang.model.core import CountOf, FactOf, StartOf, Written
from yibaolang.model.limits import LIMITS
from yibaolang.model.values import Type
from yibaolang.population.fixed import (
    HIGHEST,
    LOWEST,
    Node,
    Whole,
    day_of_number,
    number_of_day,
)
from yibaolang.population.lowered import Codes, Lowered, Refusals, constant, refused
from yibaolang.population.making import Fixed

FIRST_DAY = number_of_day(date(LIMITS.first_year, 1, 1))
LAST_DAY = number_of_day(date(LIMITS.last_year, 12, 31))
OTHER_TEXT = -1
"""The code of a text that no rule names."""

_BELOW = {"number": 10**LIMITS.decimals, "rate": 1000 * 10**LIMITS.decimals}
_MOST = 10 ** (LIMITS.integer_digits + 2) - 1
_MOST_TEXTS = 2**31
_MOST_MISFITS = 10_000


@frozen
class Input:
    """A fact that a column gives: numbers are over `denominator`, between `low` and `high`."""

    name: str
    type: Type
    denominator: int
    low: int
    high: int


class Cells(FactCells):
    """Reads the cells of people, and knows the types and domains of their columns."""

    def __init__(self, book: Book) -> None:
        super().__init__(book)
        self._misfits: dict[tuple[str, str], Misfit] = {}

    def value(self, name: str, text: str) -> Any:
        """The value of a cell; a Misfit is found once for each text, for it takes long."""
        known = self._misfits.get((name, text))
        if known is not None:
            raise Misfit(known.problem, known.column, known.within)
        try:
            return super().value(name, text)
        except Misfit as misfit:
            if len(self._misfits) < _MOST_MISFITS:
                # Another one, without the frames that this one comes through.
                again = Misfit(misfit.problem, misfit.column, misfit.within)
                self._misfits[name, text] = again
            raise

    def input(self, name: str) -> Input:
        """What a column's values are between, by its canonical name."""
        type_ = self._elaborator.fact_type(name)
        below = _BELOW.get(type_.kind, 1)
        if type_.kind == "date":
            return Input(name, type_, 1, FIRST_DAY, LAST_DAY)
        if type_.kind == "choice":
            return Input(name, type_, 1, 0, len(self.book.values[type_.choice]) - 1)
        if type_.kind in ("truth", "text"):
            return Input(name, type_, 1, OTHER_TEXT if type_.kind == "text" else 0, _MOST_TEXTS)
        low, high = _whole_bounds(self._bounds(name, type_), below)
        most = _MOST if below == 1 else HIGHEST
        return Input(name, type_, below, max(low, -most), min(high, most))


def _whole_bounds(bounds: Bounds, below: int) -> tuple[int, int]:
    """The least and greatest numerator over `below` that is inside a domain."""
    low, high = LOWEST, HIGHEST
    if bounds.low is not None:
        scaled = Fraction(bounds.low) * below
        low = -(-scaled.numerator // scaled.denominator)
        low += bounds.low_open and low == scaled
    if bounds.high is not None:
        scaled = Fraction(bounds.high) * below
        high = scaled.numerator // scaled.denominator
        high -= bounds.high_open and high == scaled
    return low, high


class People:
    """The columns that there are: `given` by canonical name, of which `nullable` have gaps."""

    def __init__(self, book: Book, given: Set[str], nullable: Set[str]) -> None:
        self.book = book
        self.cells = Cells(book)
        self.given = given
        self.nullable = nullable
        self.codes = Codes(book)
        self.refusals = Refusals()
        self._defaults = known(book, ()).scenario.facts
        self._inputs: dict[str, Input] = {}

    @property
    def names(self) -> frozenset[str]:
        """Every column of facts that there can be."""
        return frozenset(self.cells.columns.values())

    def input(self, name: str) -> Input:
        """What a column's values are."""
        if name not in self._inputs:
            self._inputs[name] = self.cells.input(name)
        return self._inputs[name]

    def key(self, name: str, _today: Node) -> str:
        """The key of the column that has a fact on a day: what columns say holds always."""
        return name

    def fact(self, make: Fixed, node: FactOf, today: Node) -> Lowered:
        """The value of a fact on a day; where there is none the default, or YB401."""
        missing = self._missing(make, node)
        if node.name not in self.given or node.for_definition:
            return missing
        spec, key = self.input(node.name), self.key(node.name, today)
        if spec.type.kind == "truth":
            column = make.flag(key)
        else:
            column = make.column(key, spec.low, spec.high)
        if node.name not in self.nullable:
            return Lowered(column, spec.denominator, make.zero)
        there = make.present(key)
        if missing.status is not make.zero:
            status = make.choose(there, make.zero, missing.status)
            return Lowered(column, spec.denominator, status)
        default = make.scale(missing.node, spec.denominator // missing.denominator)
        return Lowered(make.choose(there, column, default), spec.denominator, make.zero)

    def _missing(self, make: Fixed, node: FactOf) -> Lowered:
        facts = self._defaults.get(node.name, ())
        if not facts:
            return refused(make, self.why("YB401", node))
        return constant(make, self.codes, node.type, facts[0].value)

    def why(self, code: str, node: FactOf | StartOf) -> int:
        """The index of why a fact, or its start, is not known."""
        return self.refusals.of(diagnostic(code, node.written.place, name=node.name))

    def start(self, make: Fixed, node: StartOf, _today: Node) -> Lowered:
        """Since when a fact holds: what holds always has no start (YB415), or it is not known."""
        unknown = self.why("YB415", node)
        if self._defaults.get(node.name):
            return refused(make, unknown)
        missing = make.whole(self.why("YB401", node))
        if node.name not in self.given:
            return Lowered(make.zero, 1, missing)
        if node.name not in self.nullable:
            return refused(make, unknown)
        there = make.present(node.name)
        return Lowered(make.zero, 1, make.choose(there, make.whole(unknown), missing))


class PersonFrame:
    """The frame of a person on a day: see `lowered.Frame`.

    `year_from` is the month and day on which the insurance year begins.
    """

    def __init__(
        self, people: People, make: Fixed, today: Node, posting: Node | None,
        year_from: tuple[int, int], within: tuple[date, date] = (date.min, date.max),
    ) -> None:  # fmt: skip
        self.people = people
        self.make = make
        self.today = today
        self.posting = posting
        self.year_from = year_from
        self.within = within
        if isinstance(today, Whole):
            day = day_of_number(today.value)
            self.within = day, day

    @property
    def year_start(self) -> Node | None:
        """The first day of the insurance year that holds today."""
        make, (month, day) = self.make, self.year_from
        if isinstance(self.today, Whole):
            start = year_start(day_of_number(self.today.value), month, day)
            return make.whole(number_of_day(start))
        months = make.plus(make.scale(make.part(self.today, "year"), 12), make.whole(month - 1))
        own = make.clamped(months, make.whole(day))
        before = make.clamped(make.plus(months, make.whole(-12)), make.whole(day))
        return make.choose(make.compare("<=", own, self.today), own, before)

    def fact(self, node: FactOf) -> Lowered:
        """What a column says."""
        return self.people.fact(self.make, node, self.today)

    def start(self, node: StartOf) -> Lowered:
        """Since when it says so."""
        return self.people.start(self.make, node, self.today)

    def count(self, node: CountOf) -> Lowered:
        """Only a ledger counts (YB411)."""
        return refused(self.make, self.people.refusals.index("YB411", node.written.place))

    def on(self, day: Node, written: Written) -> "PersonFrame":
        """The same person on another day."""
        return PersonFrame(self.people, self.make, day, self.posting, self.year_from)
