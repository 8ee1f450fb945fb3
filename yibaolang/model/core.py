"""The core: what every sentence means, in a few typed nodes.

A node has a type and, if it is a number, a denominator that is known before anything runs: its
value is then an int, the numerator. So money in fen has denominator 1, and 2.5% of it 40. Where
the denominator is only known at run time (a division by something that is not constant, a rate
that is given) it is None and the value is a Fraction. `scales` holds, one for each operand, what
to multiply its numerator by so that all operands have one denominator; where the node's own
denominator is None, operands become Fractions instead and `scales` is empty.

Choices are the canonical names of their values, dates `datetime.date`, durations months or days.
"""

from datetime import date
from typing import TypeVar, dataclass_transform

from attrs import define, field

from yibaolang.language.source import Place, Source
from yibaolang.language.syntax import Node
from yibaolang.model.values import Type

_Class = TypeVar("_Class", bound=type)


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def core_node(cls: _Class) -> _Class:
    """A frozen attrs class, compared by identity: the core is made once and never compared."""
    return define(cls, frozen=True, repr=False, eq=False)


TODAY, POSTING, YEAR_START, FIRST = range(4)
"""Slots of a frame: today, the posting date, the first day of the insurance year holding today;
then the facts, params and definitions of a plan."""


@core_node
class Written:
    """Where something was written: the syntax and the source that it is in."""

    source: Source
    node: Node

    @property
    def place(self) -> Place:
        """For diagnostics."""
        return Place(self.source, self.node.span)


@core_node
class Expr:
    """A value; `denominator` as the module says, and 1 for what is no number."""

    type: Type
    denominator: int | None
    written: Written


@core_node
class Constant(Expr):
    """A value known beforehand: a numerator, a date, a truth, a choice's value or a text."""

    value: int | date | bool | str


@core_node
class Absent(Expr):
    """A stated absence: `kind` is unknown or none."""

    kind: str


@core_node
class Row:
    """A value of a param and the dates between which it holds, both inclusive; None is open.

    `value` has the param's denominator; an Absent says that nothing was published.
    """

    since: date | None
    until: date | None
    value: int | date | bool | str | Absent
    cite: str
    attested: str
    written: Written


@core_node
class FactOf(Expr):
    """What is known of the person: `slot` in the frame.

    `for_definition` says that it was given instead of a definition: without a date it then says
    nothing about another day than the one asked (YB419).
    """

    name: str
    slot: int
    for_definition: bool = False


@core_node
class Published(Expr):
    """A param on today's date, or in a calendar year: `year`, or `years_back` from today's.

    `slot` holds what was given instead, if anything; `years_back` is -1 for today's date.
    """

    name: str
    slot: int
    rows: tuple[Row, ...]
    year: int | None
    years_back: int


@core_node
class Defined(Expr):
    """A definition; `slot` keeps its value within one frame. `value` is what it is defined as.

    `region` and `since` say which of the definitions of this name it is.
    """

    name: str
    slot: int
    value: Expr
    cite: str
    attested: str
    definition: Written


@core_node
class Negation(Expr):
    """Not."""

    operand: Expr


@core_node
class Junction(Expr):
    """All of its operands (`every`), or any of them.

    An operand without a value does not matter if another decides.
    """

    every: bool
    operands: tuple[Expr, ...]


@core_node
class Compare(Expr):
    """One of = != < <= > >= on two values of a type."""

    sign: str
    left: Expr
    right: Expr
    scales: tuple[int, ...]


@core_node
class Inside(Expr):
    """Whether a value is in a range; scales are for operand, low and high, in this order."""

    operand: Expr
    low: Expr | None
    high: Expr | None
    low_open: bool
    high_open: bool
    scales: tuple[int, ...]


@core_node
class Total(Expr):
    """A sum: `signs` are 1 or -1; `words` as written (+ - on_top_of including).

    A term whose word is `including` is only said, not added: its sign is 0.
    """

    terms: tuple[Expr, ...]
    signs: tuple[int, ...]
    words: tuple[str, ...]
    scales: tuple[int, ...]


@core_node
class Multiply(Expr):
    """A product; with `share` it was written as a rate of a base (factors: rate, base)."""

    factors: tuple[Expr, ...]
    share: bool


@core_node
class Divide(Expr):
    """A quotient; its denominator is static if the divisor is a Constant, then `factor` is it.

    Static: value = numerator of `above` * `factor` over this node's denominator (factor holds the
    sign and the divisor's denominator). Else a Fraction; dividing by zero has no value (YB409).
    """

    above: Expr
    below: Expr
    factor: int


@core_node
class Extreme(Expr):
    """The smallest (`least`) or largest of its operands."""

    least: bool
    operands: tuple[Expr, ...]
    scales: tuple[int, ...]


@core_node
class Choose(Expr):
    """The value of the first condition that holds, else `otherwise`, else no value (YB408)."""

    conditions: tuple[Expr, ...]
    values: tuple[Expr, ...]
    otherwise: Expr | None
    scales: tuple[int, ...]


@core_node
class RoundTo(Expr):
    """Rounded to a multiple of `unit_fen`; its denominator is 1."""

    operand: Expr
    mode: str
    unit_fen: int


@core_node
class Elapsed(Expr):
    """Full years (an age), months or days from `start` to `end`, as `unit` says."""

    unit: str
    start: Expr
    end: Expr


@core_node
class Shift(Expr):
    """A date moved by durations: months first, as one step, then days; signs are 1 or -1."""

    start: Expr
    steps: tuple[Expr, ...]
    signs: tuple[int, ...]


@core_node
class DateOf(Expr):
    """today, first_of_month, last_of_month, last_of_last_month, posting_day or year_start."""

    word: str


@core_node
class DayOfYear(Expr):
    """A month and day in today's year or `years_back` before; 29 February becomes the 28th."""

    month: int
    day: int
    years_back: int


@core_node
class AsOf(Expr):
    """A value on another date."""

    operand: Expr
    date: Expr


@core_node
class StartOf(Expr):
    """The date since when an input has had the value that it has to have; needs a dated fact."""

    name: str
    value: str | bool
    slot: int


@core_node
class CountOf(Expr):
    """How many bills of a category so far in the period, the one that is settled among them.

    Only a ledger knows (YB411); it puts the number into the slot, which is called `name`.
    """

    category: str
    period: str
    name: str
    slot: int


@core_node
class LookupRow:
    """A row of a table: a condition on the keys, and the result of one column."""

    condition: Expr
    value: Expr
    written: Written


@core_node
class LookUp(Expr):
    """The one row of a table whose condition holds (YB412 none, YB413 several)."""

    table: str
    column: str
    keys: tuple[Expr, ...]
    rows: tuple[LookupRow, ...]
    scales: tuple[int, ...]


@core_node
class Tier:
    """A tier: from `low` (inclusive) to `high`, numerators over the amount's denominator; its rate.

    `low` and `high` bound it; None for no bound. Rates are Constants.
    """

    low: int | None
    high: int | None
    rate: Constant
    written: Written


@core_node
class TierSum(Expr):
    """An amount by tiers: each part at its tier's rate, or with `whole` all at the reached one's.

    Tiers are in order and touch; a boundary belongs to the lower tier. `scales` bring each tier's
    part to the node's denominator. The amount's denominator is static.
    """

    amount: Expr
    table: str
    tiers: tuple[Tier, ...]
    whole: bool
    scales: tuple[int, ...]
