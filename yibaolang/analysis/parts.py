"""The parts of a rule: every name and type in it. Refusal for the first that does not fit."""

from collections.abc import Callable
from typing import Any

from yibaolang.analysis.views import View
from yibaolang.language import syntax
from yibaolang.language.source import Source
from yibaolang.model import core, lookups
from yibaolang.model.core import Expr, Written
from yibaolang.model.elaborate import Elaborator
from yibaolang.model.entries import Entry
from yibaolang.model.typewords import said
from yibaolang.model.values import MONEY, RATE, TRUTH, Type, choice_type

_SUBJECTS = frozenset({"cover", "credit"})


def rule_parts(view: View, entry: Entry, rule: syntax.Rule) -> tuple[Expr | None, list[Expr]]:
    """The guard of a rule that only the ledger runs, or None; and all that it evaluates."""
    elaborator, source = view.elaborator, entry.source
    guard = None if rule.guard is None else elaborator.truth(rule.guard, source)
    found = [] if guard is None else [guard]
    reading = _PARTS.get(type(rule.action))
    if reading is not None:
        found += reading(elaborator, rule.action, source)
    if isinstance(rule.action, syntax.Require):
        view.plans.conditions(view.alone(entry), view.stretch.day)
    if isinstance(rule.action, syntax.Cover):
        guard = _with_levels(elaborator, rule.action, guard, Written(source, rule))
    return guard, found


def credit_parts(
    elaborator: Elaborator, action: syntax.Credit | syntax.Deduct, source: Source
) -> None:
    """That an amount of a credit or deduction that is written out has no fraction of a fen."""
    node = action.amount
    amounts = [node]
    if isinstance(node, syntax.Cases):
        amounts = [*node.values, *([] if node.otherwise is None else [node.otherwise])]
    for each in amounts:
        _whole_fen(elaborator, each, source)


def wait_parts(elaborator: Elaborator, action: syntax.Wait, source: Source) -> None:
    """That what is waited for is known."""
    for name in action.subjects:
        if name.text not in _SUBJECTS and name.text not in elaborator.book.names:
            raise elaborator.unknown_name(name.text, Written(source, name))


# ── kinds of names ──


def of_kind(
    elaborator: Elaborator, names: tuple[syntax.Name, ...], kind: str, source: Source
) -> None:
    """That every name is of a kind; Refusal YB101 or YB109."""
    for name in names:
        written = Written(source, name)
        named = elaborator.book.names.get(name.text)
        if named is None:
            raise elaborator.unknown_name(name.text, written)
        if named.kind != kind:
            raise elaborator.wrong_kind(name.text, named.kind, written)


def of_choice(
    elaborator: Elaborator, names: tuple[syntax.Name, ...], choice: str, source: Source
) -> None:
    """That every name is a value of a choice; Refusal YB101, YB109 or YB202."""
    of_kind(elaborator, names, "value", source)
    for name in names:
        owner = elaborator.book.names[name.text].owner
        if owner != choice:
            expected, found = said(choice_type(choice)), said(choice_type(owner))
            written = Written(source, name)
            raise elaborator.refuse("YB202", written, expected=expected, found=found)


def _typed(
    elaborator: Elaborator, node: syntax.Expression | None, type_: Type, source: Source
) -> list[Expr]:
    if node is None:
        return []
    if type_ == MONEY:
        _whole_fen(elaborator, node, source)
    return [elaborator.expect(elaborator.expr(node, source), type_)]


def _whole_fen(elaborator: Elaborator, node: syntax.Expression, source: Source) -> None:
    if isinstance(node, syntax.Literal) and node.type == "money" and node.denominator != 1:
        raise elaborator.refuse("YB218", Written(source, node), text=node.text)


# ── rules by their action ──


def _cover(elaborator: Elaborator, action: syntax.Cover, source: Source) -> list[Expr]:
    of_kind(elaborator, action.categories, "category", source)
    of_choice(elaborator, action.levels, "level", source)
    found = _typed(elaborator, action.rate, RATE, source)
    if action.table is not None:
        table = lookups.table_entry(elaborator, action.table, source)
        if action.by in ("marginal", "whole"):
            bill = core.Constant(MONEY, 1, Written(source, action.table), 0)
            lookups.tiers_of(elaborator, table, bill)
    for clause in action.clauses:
        found += _typed(elaborator, clause.amount, MONEY, source)
        found += _typed(elaborator, clause.rate, RATE, source)
        lines = clause.name if clause.kind == "except_lines" else None
        if lines is not None and lines.text not in elaborator.book.names:
            raise elaborator.unknown_name(lines.text, Written(source, lines))
    return found


def _with_levels(
    elaborator: Elaborator, action: syntax.Cover, guard: Expr | None, written: Written
) -> Expr | None:
    """The guard, and that the level is one of those named."""
    if not action.levels:
        return guard
    values = tuple(
        elaborator.value(elaborator.book.names[name.text].name, Written(written.source, name))
        for name in action.levels
    )
    levels = core.Junction(TRUTH, 1, written, False, values)
    return levels if guard is None else core.Junction(TRUTH, 1, written, True, (guard, levels))


def _allow(elaborator: Elaborator, action: syntax.Allow, source: Source) -> list[Expr]:
    of_kind(elaborator, action.categories, "category", source)
    of_choice(elaborator, action.relations, "relation", source)
    of_kind(elaborator, action.buckets, "bucket", source)
    when = _typed(elaborator, action.when, TRUTH, source)
    return [*when, *_typed(elaborator, action.limit, MONEY, source)]


def _draw(elaborator: Elaborator, action: syntax.Draw, source: Source) -> list[Expr]:
    of_kind(elaborator, action.buckets, "bucket", source)
    of_choice(elaborator, () if action.rest is None else (action.rest,), "receiver", source)
    return []


def _interest(elaborator: Elaborator, action: syntax.Interest, source: Source) -> list[Expr]:
    of_kind(elaborator, action.buckets, "bucket", source)
    return _typed(elaborator, action.rate, RATE, source)


def _carry(elaborator: Elaborator, action: syntax.Carry, source: Source) -> list[Expr]:
    of_kind(elaborator, (action.bucket, action.into), "bucket", source)
    return []


def _require(elaborator: Elaborator, action: syntax.Require, source: Source) -> list[Expr]:
    of_choice(elaborator, (action.benefit,), "benefit", source)
    return _typed(elaborator, action.condition, TRUTH, source)


def _close(elaborator: Elaborator, action: syntax.Close, source: Source) -> list[Expr]:
    of_choice(elaborator, (action.event,), "closing", source)
    of_choice(elaborator, (action.to,), "receiver", source)
    return []


_Reading = Callable[[Elaborator, Any, Source], list[Expr]]
_PARTS: dict[type[syntax.Action], _Reading] = {
    syntax.Cover: _cover,
    syntax.Allow: _allow,
    syntax.Draw: _draw,
    syntax.Interest: _interest,
    syntax.Carry: _carry,
    syntax.Require: _require,
    syntax.Close: _close,
}
