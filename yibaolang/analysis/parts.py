"""The parts of a rule: every name and type in it. Refusal for the first that does not fit."""

from yibaolang.analysis.views import View
from yibaolang.language import syntax
from yibaolang.language.source import Source
from yibaolang.model import core
from yibaolang.model.core import Expr, Written
from yibaolang.model.elaborate import Elaborator
from yibaolang.model.entries import Entry
from yibaolang.model.plan import in_force
from yibaolang.model.provisions import provision, whole_fen
from yibaolang.model.values import TRUTH

_SUBJECTS = frozenset({"cover", "credit"})


def rule_parts(view: View, entry: Entry, rule: syntax.Rule) -> tuple[Expr | None, list[Expr]]:
    """The guard of a rule that only the ledger runs, or None; and all that it evaluates."""
    elaborator, source = view.elaborator, entry.source
    made = provision(elaborator, rule, in_force(entry), source)
    if made is None:
        guard = None if rule.guard is None else elaborator.truth(rule.guard, source)
        return guard, [] if guard is None else [guard]
    found = [*([] if made.guard is None else [made.guard]), *made.expressions()]
    if isinstance(rule.action, syntax.Cover):
        return _with_levels(elaborator, rule.action, made.guard, Written(source, rule)), found
    return made.guard, found


def credit_parts(
    elaborator: Elaborator, action: syntax.Credit | syntax.Deduct, source: Source
) -> None:
    """That an amount of a credit or deduction that is written out has no fraction of a fen."""
    node = action.amount
    amounts = [node]
    if isinstance(node, syntax.Cases):
        amounts = [*node.values, *([] if node.otherwise is None else [node.otherwise])]
    for each in amounts:
        whole_fen(elaborator, each, source)


def wait_parts(elaborator: Elaborator, action: syntax.Wait, source: Source) -> None:
    """That what is waited for is known."""
    for name in action.subjects:
        if name.text not in _SUBJECTS and name.text not in elaborator.book.names:
            raise elaborator.unknown_name(name.text, Written(source, name))


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
