"""Instructions: what an event does to an account, in a few typed steps.

A step program is a tuple of instructions over registers (fen), cells (the account's state, see
`layout`) and a frame of facts. Conditions, rates and amounts are core expressions, so there is one
expression language. The interpreter (`stepping`) and the printers run the same instructions.
Amounts are ints in fen; an instruction keeps the rule that it comes from.
"""

from yibaolang.model.arms import Rounding, RuleInForce
from yibaolang.model.core import Constant, Expr, Written, core_node


@core_node
class Term:
    """An amount in fen."""


@core_node
class Fen(Term):
    """A number that is known."""

    value: int


@core_node
class Held(Term):
    """What a register holds."""

    register: int


@core_node
class InCell(Term):
    """What a cell of the account holds."""

    cell: int


@core_node
class Amount(Term):
    """An amount of money, rounded to fen by the region's rounding."""

    expr: Expr
    rounding: Rounding


@core_node
class Least(Term):
    """The smallest of its terms."""

    terms: tuple[Term, ...]


@core_node
class NotBelowZero(Term):
    """A term, or zero if it is less."""

    term: Term


@core_node
class Plus(Term):
    """A sum."""

    terms: tuple[Term, ...]


@core_node
class Less(Term):
    """A difference."""

    term: Term
    taken: Term


@core_node
class Rated(Term):
    """A rate of a term, rounded once."""

    term: Term
    rate: Expr
    rounding: Rounding


@core_node
class RatedLeft(Term):
    """A rate of the cost that a payment leaves: `rate` of (cost - paid / paid_rate), rounded once.

    Nothing is left of a cost that was paid at its whole rate, so `paid` is below that.
    """

    cost: Term
    paid: Term
    paid_rate: Expr
    rate: Expr
    rounding: Rounding


@core_node
class Band(Term):
    """What lies between two amounts of a table of tiers, each part at its rate, rounded once.

    `whole`: all of it at the rate of the tier that the upper amount reaches. `bounds` are fen, the
    first tier from zero, None for no upper bound.
    """

    low: Term
    high: Term
    bounds: tuple[int | None, ...]
    rates: tuple[Constant, ...]
    whole: bool
    table: str
    written: Written
    rounding: Rounding


@core_node
class Times(Term):
    """A term times another: a balance times days."""

    term: Term
    factor: Term


@core_node
class Quotient(Term):
    """A term over a whole number, rounded once."""

    term: Term
    denominator: int
    rounding: Rounding


@core_node
class Instruction:
    """One step."""


@core_node
class Let(Instruction):
    """Put a term into a register; `label` says what it is in an explanation ("": nothing is said).

    `used` and `limit` are what a counter had used before, and the most it may hold, if it counts.
    """

    register: int
    term: Term
    label: str
    rule: RuleInForce | None
    written: Written | None
    used: Term | None
    limit: Term | None


@core_node
class Accrue(Instruction):
    """Add a term to a cell, which a counter's limit (None: there is none) must bound after it."""

    cell: int
    term: Term
    limit: Term | None


@core_node
class Store(Instruction):
    """Put a term into a cell."""

    cell: int
    term: Term


@core_node
class Give(Instruction):
    """Put a term into a slot of the frame, for conditions and amounts to read."""

    slot: int
    term: Term


@core_node
class Post(Instruction):
    """Money from one account to another; nothing is posted if the term is zero.

    `source` and `target` are names of accounts (a bucket, fund, provider, cash, …); the cells are
    those of buckets and of the receivable, None outside. `total` counts what the kind has moved.
    """

    kind: str
    source: str
    target: str
    source_cell: int | None
    target_cell: int | None
    total: int
    term: Term
    rule: RuleInForce | None


@core_node
class Branch:
    """One rule among those of which one must apply; `guard` None: always."""

    rule: RuleInForce
    guard: Expr | None
    exception: bool
    steps: tuple[Instruction, ...]


@core_node
class Choose(Instruction):
    """Run the one branch that applies; an exception beats the others.

    Several: refused (YB403). None: `none`, or refused (YB402) if that is None.
    """

    kind: str
    branches: tuple[Branch, ...]
    none: tuple[Instruction, ...] | None


@core_node
class When(Instruction):
    """If a condition holds, one block, else the other; `label` says what is decided."""

    condition: Expr
    then: tuple[Instruction, ...]
    otherwise: tuple[Instruction, ...]
    label: str
    rule: RuleInForce | None


@core_node
class WhenPositive(Instruction):
    """If a term is above zero, one block, else the other."""

    term: Term
    then: tuple[Instruction, ...]
    otherwise: tuple[Instruction, ...]


@core_node
class Say(Instruction):
    """A reason for an explanation: `what` is a word that `engine.telling` knows."""

    what: str
    rule: RuleInForce | None


@core_node
class Refuse(Instruction):
    """The event is refused with a code of the catalogue."""

    code: str
    rule: RuleInForce | None
    arguments: tuple[tuple[str, str], ...]


Block = tuple[Instruction, ...]


@core_node
class StepPlan:
    """A program ready to be run or printed: its instructions and what they need.

    `registers` is how many there are; the first are given: the cost and the eligible cost of a
    bill, then the lines of `lines` in order. `names` are the frame's names from FIRST on.
    """

    kind: str
    region: str
    steps: Block
    registers: int
    lines: tuple[str, ...]
    names: tuple[str, ...]
