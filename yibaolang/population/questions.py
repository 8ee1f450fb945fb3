"""What is known of a question before anybody is asked: what its answers are, what it reads.

Neither depends on who is asked: so every batch has the same columns, and a cell that no question
reads is not looked at, by kernels and by the reference engine alike.
"""

from collections.abc import Iterator
from datetime import date

from attrs import frozen

from yibaolang.engine.asked import Asked
from yibaolang.language.diagnostics import Refusal
from yibaolang.model.book import Book
from yibaolang.model.core import Absent, Defined, Expr, FactOf, StartOf
from yibaolang.model.provisions import Require
from yibaolang.model.values import DATE, MONEY, TRUTH, Type
from yibaolang.population.asking import Planned, question
from yibaolang.program.python import arguments
from yibaolang.program.walk import walk

SUMS = {"credit": ("credit",), "deduct": ("deduct",), "net credit": ("credit", "deduct")}
"""Figures that are sums of postings, and of which."""


@frozen
class Asks:
    """A figure by its canonical name, and when."""

    figure: str
    asked: Asked

    @property
    def days(self) -> tuple[date, ...]:
        """The days that are looked at: the first and the last of a month."""
        ends = (self.asked.first, self.asked.last)
        return tuple(dict.fromkeys(each for each in ends if each is not None))


@frozen
class Shape:
    """What the answers to a question are: their type, and whether all of them are whole."""

    type: Type
    whole: bool


def shape_of(book: Book, home: str, asks: Asks) -> Shape:
    """The shape of a question's answers: that of money if no region knows the figure.

    The type is that of the region `home`, or of the first that has the figure; values are whole if
    they are so in every region and version.
    """
    if asks.figure in SUMS:
        return Shape(MONEY, True)
    if asks.figure.startswith("wait "):
        return Shape(DATE, True)
    if is_benefit(book, asks.figure):
        return Shape(TRUTH, True)
    found = [
        expr
        for region in dict.fromkeys((home, *book.regions))
        for expr in _values(Planned.of(book, region, {}), asks)
        if not _absent(expr)
    ]
    type_ = found[0].type if found else MONEY
    return Shape(type_, all(each.denominator == 1 for each in found if each.type == type_))


def is_benefit(book: Book, figure: str) -> bool:
    """Whether a figure says if the requirements of a benefit are met."""
    named = book.names.get(figure)
    return named is not None and (named.kind, named.owner) == ("value", "benefit")


def _values(asking: Planned, asks: Asks) -> list[Expr]:
    """What a definition is on the days that are asked for, in each version if they disagree."""
    try:
        return list(_values_here(asking, asks))
    except Refusal as refusal:
        others = asking.by_version(refusal.diagnostics[0])
        return [expr for each in others for expr in _values(each, asks)]


def _values_here(asking: Planned, asks: Asks) -> Iterator[Expr]:
    written = question(asks.figure)
    return (asking.plans.definition(asks.figure, written, day) for day in asks.days)


def _absent(expr: Expr) -> bool:
    """Whether nothing is stated but that there is no value; then its type says nothing either."""
    while isinstance(expr, Defined):
        expr = expr.value
    return isinstance(expr, Absent)


def facts_read(asking: Planned, asks: Asks) -> frozenset[str]:
    """The facts that a question reads in a region, in any version if they disagree."""
    try:
        return frozenset(_facts(asking, asks))
    except Refusal as refusal:
        others = asking.by_version(refusal.diagnostics[0])
        return frozenset().union(*(facts_read(each, asks) for each in others))


def _facts(asking: Planned, asks: Asks) -> Iterator[str]:
    figure, days = asks.figure, asks.days
    if figure in SUMS or figure.startswith("wait "):
        for part in SUMS.get(figure, (figure,)):
            for day in days:
                yield from (each.name for each in arguments(asking.plan_on(part, day)))
        return
    for node in walk(*_roots(asking, asks)):
        if isinstance(node, FactOf | StartOf):
            yield node.name


def _roots(asking: Planned, asks: Asks) -> Iterator[Expr]:
    """The expressions of a definition, or of the requirements of a benefit."""
    named = asking.book.names.get(asks.figure)
    if named is None or not is_benefit(asking.book, asks.figure):
        yield from (each for each in _values_here(asking, asks) if named is not None)
        return
    for each in asking.plans.provisions(f"require {named.name}", asks.days[-1]):
        if isinstance(each, Require):
            yield from (root for root in (each.guard, each.condition) if root is not None)
