"""Making provisions: from the syntax of a rule to its core meaning.

What does not fit raises Refusal when the provision is made.
"""

from collections.abc import Callable
from typing import Any

from yibaolang.language import syntax
from yibaolang.language.source import Source
from yibaolang.model import core, lookups
from yibaolang.model.arms import RuleInForce
from yibaolang.model.core import Expr, Written
from yibaolang.model.elaborate import Elaborator
from yibaolang.model.entries import TableEntry
from yibaolang.model.provisions import (
    Allow,
    Bound,
    Carry,
    Close,
    Counter,
    Cover,
    DayCount,
    Draw,
    Interest,
    Phases,
    PostOn,
    Provision,
    Require,
    Words,
)
from yibaolang.model.typewords import said
from yibaolang.model.values import MONEY, RATE, TRUTH, Type, choice_type


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
    scope = "all" if counted.all_levels else "each" if counted.each_level else ""
    return Counter(counted.period, scope, name)


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
        else:
            rate = _rate_column(elaborator, entry, action.table, source)
    bounds = tuple(_bound(elaborator, each, source) for each in action.clauses)
    at = tuple(
        elaborator.value(level, Written(source, name))
        for level, name in zip(levels, action.levels, strict=True)
    )
    if not levels and any(each.counter and each.counter.scope == "each" for each in bounds):
        levels = elaborator.book.values.get("level", ())
        at = tuple(elaborator.value(level, Written(source, action)) for level in levels)
    counter = _counter(action.counted)
    return Cover(
        *common, categories, levels, at, action.by, rate, table, tiers, counter, bounds
    )


def _rate_column(
    elaborator: Elaborator, entry: TableEntry, name: syntax.Name, source: Source
) -> Expr:
    """The one column of a table that holds rates; Refusal YB212 if there is none or several."""
    header = entry.header
    cells = () if header is None else header.cells[header.keys :]
    found, names = [], []
    for cell in cells:
        column = lookups.header_name(cell, entry.entry.source)
        names.append(column.text)
        node = syntax.Lookup(name.span, column, name)
        value = elaborator.expr(node, source)
        if value.type == RATE:
            found.append(value)
    if len(found) != 1:
        columns = ", ".join(names)
        raise elaborator.refuse("YB212", Written(source, name), name=name.text, columns=columns)
    return found[0]


def _bound(elaborator: Elaborator, clause: syntax.CoverClause, source: Source) -> Bound:
    amount = _typed(elaborator, clause.amount, MONEY, source)
    rate = _typed(elaborator, clause.rate, RATE, source)
    fund = lines = ""
    if clause.name is not None and clause.kind == "except_lines":
        (lines,) = named(elaborator, (clause.name,), "category", source)
    elif clause.name is not None:
        fund = clause.name.text
    counter = _counter(clause.counted)
    return Bound(
        clause.kind, amount, counter, clause.counting, fund, rate, lines, Written(source, clause)
    )


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
    return Draw(*common, buckets, "".join(rest), action.before_cover)


def _interest(
    elaborator: Elaborator, action: syntax.Interest, source: Source, common: _Common
) -> Provision:
    rate = elaborator.expect(elaborator.expr(action.rate, source), RATE)
    buckets = named(elaborator, action.buckets, "bucket", source)
    into = named(elaborator, () if action.into is None else (action.into,), "bucket", source)
    return Interest(
        *common, rate, buckets, action.basis, action.basis_day, action.posted_on, "".join(into)
    )


def _carry(
    elaborator: Elaborator, action: syntax.Carry, source: Source, common: _Common
) -> Provision:
    bucket, into = named(elaborator, (action.bucket, action.into), "bucket", source)
    return Carry(*common, bucket, into, action.month, action.day)


def _require(
    elaborator: Elaborator, action: syntax.Require, source: Source, common: _Common
) -> Provision:
    benefit = action.benefit.text
    if benefit not in ("cover", "credit"):
        benefit = "".join(chosen(elaborator, (action.benefit,), "benefit", source))
    return Require(*common, elaborator.truth(action.condition, source), benefit)


def _close(
    elaborator: Elaborator, action: syntax.Close, source: Source, common: _Common
) -> Provision:
    event = "".join(chosen(elaborator, (action.event,), "closing", source))
    to = "".join(chosen(elaborator, (action.to,), "receiver", source))
    return Close(*common, event, to, action.documents)


def _phases(
    elaborator: Elaborator, action: syntax.Phases, source: Source, common: _Common
) -> Provision:
    groups = tuple(chosen(elaborator, each, "phase", source) for each in action.groups)
    return Phases(*common, groups)


def _day_count(
    _elaborator: Elaborator, action: syntax.DayCount, _source: Source, common: _Common
) -> Provision:
    return DayCount(*common, action.days)


def _post_on(
    _elaborator: Elaborator, action: syntax.PostOn, _source: Source, common: _Common
) -> Provision:
    return PostOn(*common, action.day)


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
    syntax.Phases: _phases,
    syntax.DayCount: _day_count,
    syntax.PostOn: _post_on,
    syntax.Texts: _words,
}
