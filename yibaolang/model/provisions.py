"""Provisions: the core meaning of the rules that an account's ledger runs.

A provision is a rule with its names canonical and its values typed core expressions. Figures have
`arms` instead. What does not fit raises Refusal when the provision is made.
"""

from collections.abc import Callable
from typing import Any

from yibaolang.language import syntax
from yibaolang.language.source import Source
from yibaolang.model import core, lookups
from yibaolang.model.arms import RuleInForce
from yibaolang.model.core import Expr, Written, core_node
from yibaolang.model.elaborate import Elaborator
from yibaolang.model.typewords import said
from yibaolang.model.values import MONEY, RATE, TRUTH, Type, choice_type


@core_node
class Provision:
    """A rule in force: it applies if `guard` holds (None: always); an exception beats others."""

    rule: RuleInForce
    guard: Expr | None
    exception: bool

    def expressions(self) -> tuple[Expr, ...]:
        """Everything that it evaluates but its guard."""
        return ()


@core_node
class Counter:
    """How a bound is counted: per_year, per_month, per_visit, per_stay, per_lifetime or "".

    `all_levels`: one counter for every level; `name`: the counter's own name, or "".
    """

    period: str
    all_levels: bool
    name: str


@core_node
class Bound:
    """A deductible (above), a bound on it (at_most), a cap (up_to), a further fund (then), or the
    lines that the deductible leaves out (except_lines).

    `amount` is money, None for the last two; `counting` is cost, payment or ""; `fund` names the
    further fund and `rate` is what it pays; `lines` is a category or input.
    """

    kind: str
    amount: Expr | None
    counter: Counter | None
    counting: str
    fund: str
    rate: Expr | None
    lines: str


@core_node
class Cover(Provision):
    """What the pool pays of categories at levels (none: all).

    `by` is rate, table, marginal or whole. By rate, `rate` says it; by tiers, `tiers` over an
    amount in fen; by table, `table` is its canonical name.
    """

    categories: tuple[str, ...]
    levels: tuple[str, ...]
    by: str
    rate: Expr | None
    table: str
    tiers: tuple[core.Tier, ...]
    bounds: tuple[Bound, ...]

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
    """The order in which buckets are used, and who pays what is left ("": nobody is named)."""

    buckets: tuple[str, ...]
    rest: str


@core_node
class Interest(Provision):
    """Interest at a yearly rate; see `syntax.Interest` for basis and days."""

    rate: Expr
    buckets: tuple[str, ...]
    basis: str
    basis_day: tuple[int, int] | None
    posted_on: tuple[int, int] | None

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
class Words(Provision):
    """Words to show: kind is contact or note."""

    kind: str
    texts: tuple[str, ...]


def provision(
    elaborator: Elaborator, rule: syntax.Rule, force: RuleInForce, source: Source
) -> Provision | None:
    """The provision of a rule; None for one that figures, rounding or the year are made of."""
    making = _PROVISIONS.get(type(rule.action))
    if making is None:
        return None
    guard = None if rule.guard is None else elaborator.truth(rule.guard, source)
    return making(elaborator, rule.action, source, (force, guard, rule.exception))


# ── names and values ──


def named(
    elaborator: Elaborator, names: tuple[syntax.Name, ...], kind: str, source: Source
) -> tuple[str, ...]:
    """The canonical names, which must be of a kind; Refusal YB101 or YB109."""
    found = []
    for name in names:
        written = Written(source, name)
        known = elaborator.book.names.get(name.text)
        if known is None:
            raise elaborator.unknown_name(name.text, written)
        if known.kind != kind:
            raise elaborator.wrong_kind(name.text, known.kind, written)
        found.append(known.name)
    return tuple(found)


def chosen(
    elaborator: Elaborator, names: tuple[syntax.Name, ...], choice: str, source: Source
) -> tuple[str, ...]:
    """The canonical values, which must be of a choice; Refusal YB101, YB109 or YB202."""
    found = named(elaborator, names, "value", source)
    for name, value in zip(names, found, strict=True):
        owner = elaborator.book.names[value].owner
        if owner != choice:
            expected, other = said(choice_type(choice)), said(choice_type(owner))
            written = Written(source, name)
            raise elaborator.refuse("YB202", written, expected=expected, found=other)
    return found


def whole_fen(elaborator: Elaborator, node: syntax.Expression, source: Source) -> None:
    """That an amount that is written out has no fraction of a fen; Refusal YB218."""
    if isinstance(node, syntax.Literal) and node.type == "money" and node.denominator != 1:
        raise elaborator.refuse("YB218", Written(source, node), text=node.text)


def _typed(
    elaborator: Elaborator, node: syntax.Expression | None, type_: Type, source: Source
) -> Expr | None:
    if node is None:
        return None
    if type_ == MONEY:
        whole_fen(elaborator, node, source)
    return elaborator.expect(elaborator.expr(node, source), type_)


def _counter(counted: syntax.Counted | None) -> Counter | None:
    if counted is None:
        return None
    name = "" if counted.name is None else counted.name.text
    return Counter(counted.period, counted.all_levels, name)


# ── rules by their action ──

_Common = tuple[RuleInForce, Expr | None, bool]


def _cover(
    elaborator: Elaborator, action: syntax.Cover, source: Source, common: _Common
) -> Provision:
    categories = named(elaborator, action.categories, "category", source)
    levels = chosen(elaborator, action.levels, "level", source)
    rate = _typed(elaborator, action.rate, RATE, source)
    table = ""
    tiers: tuple[core.Tier, ...] = ()
    if action.table is not None:
        entry = lookups.table_entry(elaborator, action.table, source)
        table = elaborator.book.spelled(action.table.text) or action.table.text
        if action.by in ("marginal", "whole"):
            bill = core.Constant(MONEY, 1, Written(source, action.table), 0)
            tiers = lookups.tiers_of(elaborator, entry, bill)
    bounds = tuple(_bound(elaborator, each, source) for each in action.clauses)
    return Cover(*common, categories, levels, action.by, rate, table, tiers, bounds)


def _bound(elaborator: Elaborator, clause: syntax.CoverClause, source: Source) -> Bound:
    amount = _typed(elaborator, clause.amount, MONEY, source)
    rate = _typed(elaborator, clause.rate, RATE, source)
    fund = lines = ""
    if clause.name is not None and clause.kind == "except_lines":
        if clause.name.text not in elaborator.book.names:
            raise elaborator.unknown_name(clause.name.text, Written(source, clause.name))
        lines = elaborator.book.names[clause.name.text].name
    elif clause.name is not None:
        fund = clause.name.text
    counter = _counter(clause.counted)
    return Bound(clause.kind, amount, counter, clause.counting, fund, rate, lines)


def _allow(
    elaborator: Elaborator, action: syntax.Allow, source: Source, common: _Common
) -> Provision:
    categories = named(elaborator, action.categories, "category", source)
    relations = chosen(elaborator, action.relations, "relation", source)
    buckets = named(elaborator, action.buckets, "bucket", source)
    when = _typed(elaborator, action.when, TRUTH, source)
    limit = _typed(elaborator, action.limit, MONEY, source)
    counter = _counter(action.counted)
    return Allow(*common, action.deny, categories, relations, buckets, when, limit, counter)


def _draw(
    elaborator: Elaborator, action: syntax.Draw, source: Source, common: _Common
) -> Provision:
    buckets = named(elaborator, action.buckets, "bucket", source)
    rest = chosen(elaborator, () if action.rest is None else (action.rest,), "receiver", source)
    return Draw(*common, buckets, "".join(rest))


def _interest(
    elaborator: Elaborator, action: syntax.Interest, source: Source, common: _Common
) -> Provision:
    rate = elaborator.expect(elaborator.expr(action.rate, source), RATE)
    buckets = named(elaborator, action.buckets, "bucket", source)
    return Interest(*common, rate, buckets, action.basis, action.basis_day, action.posted_on)


def _carry(
    elaborator: Elaborator, action: syntax.Carry, source: Source, common: _Common
) -> Provision:
    bucket, into = named(elaborator, (action.bucket, action.into), "bucket", source)
    return Carry(*common, bucket, into, action.month, action.day)


def _require(
    elaborator: Elaborator, action: syntax.Require, source: Source, common: _Common
) -> Provision:
    benefit = "".join(chosen(elaborator, (action.benefit,), "benefit", source))
    return Require(*common, elaborator.truth(action.condition, source), benefit)


def _close(
    elaborator: Elaborator, action: syntax.Close, source: Source, common: _Common
) -> Provision:
    event = "".join(chosen(elaborator, (action.event,), "closing", source))
    to = "".join(chosen(elaborator, (action.to,), "receiver", source))
    return Close(*common, event, to, action.documents)


def _words(
    elaborator: Elaborator, action: syntax.Texts, source: Source, common: _Common
) -> Provision:
    return Words(*common, action.kind, action.texts)


_PROVISIONS: dict[type[syntax.Action], Callable[[Elaborator, Any, Source, _Common], Provision]] = {
    syntax.Cover: _cover,
    syntax.Allow: _allow,
    syntax.Draw: _draw,
    syntax.Interest: _interest,
    syntax.Carry: _carry,
    syntax.Require: _require,
    syntax.Close: _close,
    syntax.Texts: _words,
}
