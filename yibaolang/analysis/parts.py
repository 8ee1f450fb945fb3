"""The parts of a rule: every name and type in it. Refusal for the first that does not fit."""

from yibaolang.analysis.views import View
from yibaolang.language import syntax
from yibaolang.language.source import Source
from yibaolang.model.core import Expr, Written
from yibaolang.model.elaborate import Elaborator
from yibaolang.model.entries import Entry
from yibaolang.model.plan import in_force
from yibaolang.model.providing import provision, whole_fen
from yibaolang.model.provisions import Cover

_SUBJECTS = frozenset({"cover", "credit"})


def rule_parts(view: View, entry: Entry, rule: syntax.Rule) -> tuple[Expr | None, list[Expr]]:
    """The guard of a rule that only the ledger runs, or None; and all that it evaluates."""
    elaborator, source = view.elaborator, entry.source
    made = provision(elaborator, rule, in_force(entry), source)
    if made is None:
        guard = None if rule.guard is None else elaborator.truth(rule.guard, source)
        return guard, [] if guard is None else [guard]
    found = [*([] if made.guard is None else [made.guard]), *made.expressions()]
    return made.applies if isinstance(made, Cover) else made.guard, found


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
