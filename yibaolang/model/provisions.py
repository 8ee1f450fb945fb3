"""Provisions: the core meaning of the rules that an account's ledger runs.

A provision is a rule with its names canonical and its values typed core expressions. Figures have
`arms` instead. `providing` makes them.
"""

from yibaolang.model import core
from yibaolang.model.arms import RuleInForce
from yibaolang.model.core import Expr, Written, core_node
from yibaolang.model.values import TRUTH


@core_node
class Provision:
    """A rule in force: it applies if `guard` holds (None: always); an exception beats others."""

    rule: RuleInForce
    guard: Expr | None
    exception: bool

    def expressions(self) -> tuple[Expr, ...]:
        """Everything that it evaluates but its guard."""
        return ()


def both(guard: Expr | None, condition: Expr) -> Expr:
    """A guard, if there is one, and a condition besides."""
    if guard is None:
        return condition
    return core.Junction(TRUTH, 1, guard.written, True, (guard, condition))


@core_node
class Counter:
    """How a bound is counted: per_year, per_month, per_visit, per_stay, per_lifetime or "".

    `scope` is all (one counter for every level), each (one for each) or "" (not said); `name`: the
    counter's own name, or "".
    """

    period: str
    scope: str
    name: str


@core_node
class Bound:
    """A deductible (above), a bound on it (at_most), a cap (up_to), a further fund (then), or the
    lines that the deductible leaves out (except_lines).

    `amount` is money, None for the last two; `counting` is cost, payment or ""; `fund` names the
    further fund and `rate` is what it pays; `lines` is a category.
    """

    kind: str
    amount: Expr | None
    counter: Counter | None
    counting: str
    fund: str
    rate: Expr | None
    lines: str
    written: Written

    @property
    def at(self) -> Written:
        """Where its amount or rate stands, for diagnostics."""
        return next(
            (each.written for each in (self.amount, self.rate) if each is not None), self.written
        )


@core_node
class Cover(Provision):
    """What the pool pays of categories at levels (none: all); `at` has one condition for each.

    `by` is rate, table, marginal or whole. By rate or table, `rate` says it; by tiers, `tiers` over
    an amount in fen of `table`, which `counter` counts.
    """

    categories: tuple[str, ...]
    levels: tuple[str, ...]
    at: tuple[Expr, ...]
    by: str
    rate: Expr | None
    table: str
    tiers: tuple[core.Tier, ...]
    counter: Counter | None
    bounds: tuple[Bound, ...]

    @property
    def applies(self) -> Expr | None:
        """The guard, and that the level is one of those named; None if it always applies."""
        if not self.at:
            return self.guard
        written = self.at[0].written
        levels = core.Junction(TRUTH, 1, written, False, self.at) if self.at[1:] else self.at[0]
        return both(self.guard, levels)

    def expressions(self) -> tuple[Expr, ...]:
        """The rate and the amounts of the bounds."""
        amounts = [part for each in self.bounds for part in (each.amount, each.rate)]
        return tuple(each for each in (self.rate, *amounts) if each is not None)


@core_node
class Allow(Provision):
    """What the account may pay (`deny`: may not), for relations and from buckets (none: all)."""

    deny: bool
    categories: tuple[str, ...]
    relations: tuple[str, ...]
    buckets: tuple[str, ...]
    when: Expr | None
    limit: Expr | None
    counter: Counter | None

    def expressions(self) -> tuple[Expr, ...]:
        """The condition and the limit."""
        return tuple(each for each in (self.when, self.limit) if each is not None)


@core_node
class Draw(Provision):
    """The order in which buckets are used, and who pays what is left ("": nobody is named).

    `before_cover`: they pay before the pool does.
    """

    buckets: tuple[str, ...]
    rest: str
    before_cover: bool


@core_node
class Interest(Provision):
    """Interest at a yearly rate on buckets (none: all), posted into one ("": each into itself).

    See `syntax.Interest` for basis and days.
    """

    rate: Expr
    buckets: tuple[str, ...]
    basis: str
    basis_day: tuple[int, int] | None
    posted_on: tuple[int, int] | None
    into: str

    def expressions(self) -> tuple[Expr, ...]:
        """The rate."""
        return (self.rate,)


@core_node
class Carry(Provision):
    """A bucket that moves into another on a day of each year."""

    bucket: str
    into: str
    month: int
    day: int


@core_node
class Require(Provision):
    """A condition of a benefit."""

    condition: Expr
    benefit: str

    def expressions(self) -> tuple[Expr, ...]:
        """The condition."""
        return (self.condition,)


@core_node
class Close(Provision):
    """Who receives the balance when the account ends by an event, and what has to be shown."""

    event: str
    to: str
    documents: tuple[str, ...]


@core_node
class Phases(Provision):
    """The order of what happens on one day: groups of phases, each with the same place."""

    groups: tuple[tuple[str, ...], ...]


@core_node
class DayCount(Provision):
    """How many days a year has for interest."""

    days: int


@core_node
class PostOn(Provision):
    """The day of the month of scheduled postings that name none."""

    day: int


@core_node
class Words(Provision):
    """Words to show: kind is contact or note."""

    kind: str
    texts: tuple[str, ...]
