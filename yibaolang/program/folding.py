"""Step programs without what is known before they run, and without what nothing reads.

Printers start from these instructions: they do the same to cells and postings, and are refused for
the same events, but they say nothing for an explanation.
"""

from collections.abc import Callable, Iterable
from typing import Any

from yibaolang.model import core
from yibaolang.model.rounding import round_to
from yibaolang.program import instructions as step
from yibaolang.program.closures import compile
from yibaolang.program.frame import Scenario
from yibaolang.program.needing import needed, slots_read
from yibaolang.program.novalue import NoValue
from yibaolang.program.operations import rounded_fen
from yibaolang.program.walk import walk

Known = dict[int, int]
"""The registers of which it is known what they hold."""

_READ = (
    core.FactOf, core.Published, core.Defined, core.DateOf, core.DayOfYear, core.StartOf,
    core.CountOf, core.AsOf, core.Absent,
)  # fmt: skip


def folded(plan: step.StepPlan, given: int) -> tuple[step.Block, set[int]]:
    """The instructions that are left, and the registers that they read before they are let.

    The first `given` registers are given when the program is run, the others hold 0 at first.
    """
    known = dict.fromkeys(range(given, plan.registers), 0)
    steps, _ = _block(plan.steps, known)
    return needed(steps, set(), slots_read(steps))


def fixed(expr: core.Expr) -> Any:
    """The value of an expression that reads nothing, over its denominator; None for others."""
    if isinstance(expr, core.Constant) and expr.denominator is not None:
        return expr.value
    if any(isinstance(each, _READ) for each in walk(expr)):
        return None
    try:
        return compile(expr)(Scenario({}).frame((), None))
    except NoValue:
        return None


# ── terms ──


def _term(term: step.Term, known: Known) -> step.Term:
    return _TERMS[type(term)](term, known)


def _terms(terms: Iterable[step.Term], known: Known) -> tuple[list[step.Term], list[int]]:
    """The terms that are not known, and the values of those that are."""
    made = [_term(each, known) for each in terms]
    values = [each.value for each in made if isinstance(each, step.Fen)]
    return [each for each in made if not isinstance(each, step.Fen)], values


def _same(term: step.Term, _known: Known) -> step.Term:
    return term


def _held(term: step.Held, known: Known) -> step.Term:
    value = known.get(term.register)
    return term if value is None else step.Fen(value)


def _amount(term: step.Amount, _known: Known) -> step.Term:
    value = fixed(term.expr)
    if value is None:
        return term
    rounding = term.rounding
    fen = rounded_fen(value, term.expr.denominator, rounding.mode, rounding.unit_fen)
    return step.Fen(fen)


def _least(term: step.Least, known: Known) -> step.Term:
    terms, values = _terms(term.terms, known)
    if values:
        terms.append(step.Fen(min(values)))
    return terms[0] if len(terms) == 1 else step.Least(tuple(terms))


def _not_below_zero(term: step.NotBelowZero, known: Known) -> step.Term:
    inner = _term(term.term, known)
    if isinstance(inner, step.Fen):
        return step.Fen(max(0, inner.value))
    return step.NotBelowZero(inner)


def _plus(term: step.Plus, known: Known) -> step.Term:
    terms, values = _terms(term.terms, known)
    if sum(values) or not terms:
        terms.append(step.Fen(sum(values)))
    return terms[0] if len(terms) == 1 else step.Plus(tuple(terms))


def _less(term: step.Less, known: Known) -> step.Term:
    amount, taken = _term(term.term, known), _term(term.taken, known)
    if isinstance(taken, step.Fen):
        if isinstance(amount, step.Fen):
            return step.Fen(amount.value - taken.value)
        if taken.value == 0:
            return amount
    return step.Less(amount, taken)


def _times(term: step.Times, known: Known) -> step.Term:
    amount, factor = _term(term.term, known), _term(term.factor, known)
    if isinstance(amount, step.Fen) and isinstance(factor, step.Fen):
        return step.Fen(amount.value * factor.value)
    return step.Times(amount, factor)


def _quotient(term: step.Quotient, known: Known) -> step.Term:
    amount, rounding = _term(term.term, known), term.rounding
    if isinstance(amount, step.Fen):
        unit, mode = rounding.unit_fen, rounding.mode
        return step.Fen(round_to(amount.value, term.denominator, unit, mode))
    return step.Quotient(amount, term.denominator, rounding)


def _rated(term: step.Rated, known: Known) -> step.Term:
    amount, rate, rounding = _term(term.term, known), fixed(term.rate), term.rounding
    if rate is not None and isinstance(amount, step.Fen):
        unit, mode, exact = rounding.unit_fen, rounding.mode, amount.value * rate
        return step.Fen(rounded_fen(exact, term.rate.denominator, mode, unit))
    return step.Rated(amount, term.rate, rounding)


def _rated_left(term: step.RatedLeft, known: Known) -> step.Term:
    cost, paid = _term(term.cost, known), _term(term.paid, known)
    return step.RatedLeft(cost, paid, term.paid_rate, term.rate, term.rounding)


def _band(term: step.Band, known: Known) -> step.Term:
    low, high = _term(term.low, known), _term(term.high, known)
    return step.Band(
        low, high, term.bounds, term.rates, term.whole, term.table, term.written, term.rounding
    )


_TERMS: dict[type[step.Term], Callable[[Any, Known], step.Term]] = {
    step.Fen: _same,
    step.Held: _held,
    step.InCell: _same,
    step.Amount: _amount,
    step.Least: _least,
    step.NotBelowZero: _not_below_zero,
    step.Plus: _plus,
    step.Less: _less,
    step.Times: _times,
    step.Quotient: _quotient,
    step.Rated: _rated,
    step.RatedLeft: _rated_left,
    step.Band: _band,
}


# ── instructions ──


def _block(steps: step.Block, known: Known | None) -> tuple[step.Block, Known | None]:
    """The block folded, and what is known after it; None after a refusal."""
    found: list[step.Instruction] = []
    for each in steps:
        if known is None:
            break
        made, known = _STEPS[type(each)](each, known)
        found += made
    return tuple(found), known


_Folded = tuple[step.Block, Known | None]


def _blocks(blocks: Iterable[step.Block], known: Known) -> tuple[list[step.Block], Known | None]:
    """Blocks of which one is run, and what is known after whichever it is."""
    made = [_block(each, dict(known)) for each in blocks]
    ends = [end for _, end in made if end is not None]
    if not ends:
        return [block for block, _ in made], None
    first, *others = ends
    agreed = {
        register: value
        for register, value in first.items()
        if all(each.get(register) == value for each in others)
    }
    return [block for block, _ in made], agreed


def _let(node: step.Let, known: Known) -> _Folded:
    term = _term(node.term, known)
    if isinstance(term, step.Fen):
        known[node.register] = term.value
    else:
        known.pop(node.register, None)
    return (step.Let(node.register, term, node.label, node.rule, node.written, None, None),), known


def _accrue(node: step.Accrue, known: Known) -> _Folded:
    term = _term(node.term, known)
    limit = None if node.limit is None else _term(node.limit, known)
    return (step.Accrue(node.cell, term, limit),), known


def _store(node: step.Store, known: Known) -> _Folded:
    return (step.Store(node.cell, _term(node.term, known)),), known


def _give(node: step.Give, known: Known) -> _Folded:
    return (step.Give(node.slot, _term(node.term, known)),), known


def _post(node: step.Post, known: Known) -> _Folded:
    term = _term(node.term, known)
    if isinstance(term, step.Fen) and term.value == 0:
        return (), known
    made = step.Post(
        node.kind, node.source, node.target, node.source_cell, node.target_cell, node.total, term,
        node.rule,
    )  # fmt: skip
    return (made,), known


def _when(node: step.When, known: Known) -> _Folded:
    holds = fixed(node.condition)
    if holds is not None:
        return _block(node.then if holds else node.otherwise, known)
    (then, otherwise), after = _blocks((node.then, node.otherwise), known)
    return (step.When(node.condition, then, otherwise, node.label, node.rule),), after


def _when_positive(node: step.WhenPositive, known: Known) -> _Folded:
    term = _term(node.term, known)
    if isinstance(term, step.Fen):
        return _block(node.then if term.value > 0 else node.otherwise, known)
    (then, otherwise), after = _blocks((node.then, node.otherwise), known)
    return (step.WhenPositive(term, then, otherwise),), after


def _say(_node: step.Say, known: Known) -> _Folded:
    return (), known


def _refuse(node: step.Refuse, _known: Known) -> _Folded:
    return (node,), None


def _choose(node: step.Choose, known: Known) -> _Folded:
    """Without the branches that never apply; one that always does takes the place of all."""
    branches = []
    for each in node.branches:
        holds = None if each.guard is None else fixed(each.guard)
        if holds is not False:
            guard = None if holds else each.guard
            branches.append(step.Branch(each.rule, guard, each.exception, each.steps))
    first = [each for each in branches if each.exception] or branches
    if len(first) == 1 and first[0].guard is None:
        return _block(first[0].steps, known)
    if not branches and node.none is not None:
        return _block(node.none, known)
    blocks = [each.steps for each in branches] + ([] if node.none is None else [node.none])
    made, after = _blocks(blocks, known)
    none = None if node.none is None else made[-1]
    pairs = zip(branches, made[: len(branches)], strict=True)
    kept = tuple(step.Branch(each.rule, each.guard, each.exception, steps) for each, steps in pairs)
    return (step.Choose(node.kind, kept, none),), after


_STEPS: dict[type[step.Instruction], Callable[[Any, Known], _Folded]] = {
    step.Let: _let,
    step.Accrue: _accrue,
    step.Store: _store,
    step.Give: _give,
    step.Post: _post,
    step.When: _when,
    step.WhenPositive: _when_positive,
    step.Say: _say,
    step.Refuse: _refuse,
    step.Choose: _choose,
}
