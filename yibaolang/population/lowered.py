"""What lowering gives and what it needs: lowered values, refusals, choices' codes, frames."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple, Protocol

from yibaolang.language.diagnostics import Diagnostic, Refusal, diagnostic
from yibaolang.language.source import Place
from yibaolang.model.book import Book
from yibaolang.model.core import CountOf, FactOf, StartOf, Written
from yibaolang.model.values import Type
from yibaolang.population.fixed import Node, number_of_day
from yibaolang.population.making import Fixed


def cannot_lower(written: Written | None, en: str, zh: str) -> Refusal:
    """What has no native form is refused (YB480), with the sentence that it is in."""
    from yibaolang.language.catalogue import Said

    place = None if written is None else written.place
    return Refusal(diagnostic("YB480", place, what=Said(en=en, zh=zh)))


class Lowered(NamedTuple):
    """A value: a node over a denominator, and a status beside it.

    The status is 0 where there is a value, else the index of a refusal; then the node means
    nothing. A number is `node` over `denominator`, and over `divisor` too if there is one: that is
    above zero wherever there is a value. All else has denominator 1 and no divisor.
    """

    node: Node
    denominator: int
    status: Node
    divisor: Node | None = None


class Refusals:
    """Why rows have no value: a code and a place for each index from 1 on."""

    def __init__(self) -> None:
        self.all: list[tuple[str, Place | None]] = []
        self._index: dict[tuple[str, object], int] = {}

    def index(self, code: str, place: Place | None) -> int:
        """The index of a refusal; the same for an equal code and place."""
        key = code, None if place is None else (id(place.source), place.span)
        found = self._index.get(key)
        if found is None:
            self.all.append((code, place))
            found = self._index[key] = len(self.all)
        return found

    def of(self, why: Diagnostic) -> int:
        """The index of a diagnostic, of which the code and the place are kept."""
        return self.index(why.code, why.place)

    def codes(self) -> list[str]:
        """The codes by index; "" for 0, which is no refusal."""
        return ["", *(code for code, _ in self.all)]


class Codes:
    """Small numbers for the values of choices, in the order of the book, and for texts."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.texts: dict[str, int] = {}

    def values(self, type_: Type) -> tuple[str, ...]:
        """The values of a choice by code."""
        return self.book.values[type_.choice]

    def code(self, type_: Type, value: str) -> int:
        """The code of a choice's value or of a text that a rule names."""
        if type_.kind == "choice":
            return self.values(type_).index(value)
        return self.texts.setdefault(value, len(self.texts))


class Frame(Protocol):
    """What an expression reads: days as nodes, and who gives facts.

    `within` are two days between which `today` is, both inclusive. `posting` is None where there is
    no posting day, `year_start` where it is not known.
    """

    @property
    def today(self) -> Node:
        """The day that is looked at."""

    @property
    def posting(self) -> Node | None:
        """The posting day."""

    @property
    def year_start(self) -> Node | None:
        """The first day of the insurance year."""

    @property
    def within(self) -> tuple[date, date]:
        """The first and the last day that today can be."""

    def fact(self, node: FactOf) -> Lowered:
        """What is known of the person."""

    def start(self, node: StartOf) -> Lowered:
        """Since when an input has a value."""

    def count(self, node: CountOf) -> Lowered:
        """How many bills there were."""

    def on(self, day: Node, written: Written) -> "Frame":
        """The frame of another day."""


def constant(
    make: Fixed, codes: Codes, type_: Type, value: Any, denominator: int | None = None
) -> Lowered:
    """A known value; a number is over its denominator, or exact without one."""
    if isinstance(value, bool):
        return Lowered(make.truth(value), 1, make.zero)
    if isinstance(value, date):
        return Lowered(make.whole(number_of_day(value)), 1, make.zero)
    if isinstance(value, str):
        return Lowered(make.whole(codes.code(type_, value)), 1, make.zero)
    exact = Fraction(value, denominator or 1)
    return Lowered(make.whole(exact.numerator), exact.denominator, make.zero)


def first_status(make: Fixed, statuses: Iterable[Node]) -> Node:
    """The first that is no 0, else 0."""
    found = [each for each in dict.fromkeys(statuses) if each is not make.zero]
    if not found:
        return make.zero
    last = found.pop()
    for each in reversed(found):
        last = make.choose(make.compare("=", each, make.zero), last, each)
    return last


def decided(make: Fixed, every: bool, operands: Sequence[Lowered]) -> Lowered:
    """A junction: any operand that decides it does, whatever has no value besides."""
    truths = [each.node for each in operands]
    if all(each.status is make.zero for each in operands):
        node = make.both(*truths) if every else make.either(*truths)
        return Lowered(node, 1, make.zero)
    deciding = [
        make.both(
            make.compare("=", each.status, make.zero), make.no(each.node) if every else each.node
        )
        for each in operands
    ]
    any_decides = make.either(*deciding)
    status = make.choose(any_decides, make.zero, first_status(make, (e.status for e in operands)))
    return Lowered(make.no(any_decides) if every else any_decides, 1, status)


def one_scale(make: Fixed, values: Sequence[Lowered]) -> tuple[list[Node], int, Node | None]:
    """The nodes of numbers over one denominator, that, and one divisor."""
    one = lcm(*(each.denominator for each in values))
    divisors = list(dict.fromkeys(each.divisor for each in values if each.divisor is not None))
    nodes = []
    for each in values:
        node = make.scale(each.node, one // each.denominator)
        for other in divisors:
            if other is not each.divisor:
                node = make.times(node, other)
        nodes.append(node)
    product: Node | None = None
    for other in divisors:
        product = other if product is None else make.times(product, other)
    return nodes, one, product


def refused(make: Fixed, index: int) -> Lowered:
    """No value, for one reason."""
    return Lowered(make.zero, 1, make.whole(index))


def refused_if(make: Fixed, condition: Node, index: int, status: Node) -> Node:
    """A status, and where it is 0 a refusal by a condition."""
    here = make.choose(condition, make.whole(index), make.zero)
    return first_status(make, (status, here))


def in_fen(make: Fixed, value: Lowered, mode: str, unit_fen: int) -> Lowered:
    """An amount rounded to fen."""
    divisor: Node = make.whole(value.denominator * unit_fen)
    if value.divisor is not None:
        divisor = make.scale(value.divisor, value.denominator * unit_fen)
    return Lowered(make.rounded(value.node, divisor, mode, unit_fen), 1, value.status)
