"""Conditions, numbers and choices as nodes: what is made of what was read."""

from typing import TYPE_CHECKING

from yibaolang.model import core
from yibaolang.population.fixed import Node, Whole
from yibaolang.population.lowered import (
    Lowered,
    cannot_lower,
    decided,
    first_status,
    in_fen,
    one_scale,
    refused,
    refused_if,
)
from yibaolang.population.lowering_reading import Table, either
from yibaolang.program.operations import inside_operands, tier_rates

if TYPE_CHECKING:
    from yibaolang.population.lowering import Lowering


# ── conditions ──


def _negation(low: "Lowering", node: core.Negation) -> Lowered:
    found = low.value(node.operand)
    return found._replace(node=low.make.no(found.node))


def _junction(low: "Lowering", node: core.Junction) -> Lowered:
    return decided(low.make, node.every, [low.value(each) for each in node.operands])


def _compare(low: "Lowering", node: core.Compare) -> Lowered:
    make = low.make
    (left, right), status = low.values(node.left, node.right)
    if left.node.truth:
        same = make.either(
            make.both(left.node, right.node), make.both(make.no(left.node), make.no(right.node))
        )
        return Lowered(same if node.sign == "=" else make.no(same), 1, status)
    if node.left.type.kind == "text" and not (
        isinstance(left.node, Whole) or isinstance(right.node, Whole)
    ):
        raise cannot_lower(node.written, "a comparison of two given texts", "两段所给文字的比较")
    (one, other), _, _ = one_scale(make, (left, right))
    return Lowered(make.compare(node.sign, one, other), 1, status)


def _inside(low: "Lowering", node: core.Inside) -> Lowered:
    make = low.make
    found, status = low.values(*inside_operands(node))
    (value, *ends), _, _ = one_scale(make, found)
    holds = []
    if node.low is not None:
        holds.append(make.compare(">" if node.low_open else ">=", value, ends[0]))
    if node.high is not None:
        holds.append(make.compare("<" if node.high_open else "<=", value, ends[-1]))
    return Lowered(make.both(*holds), 1, status)


# ── numbers ──


def _total(low: "Lowering", node: core.Total) -> Lowered:
    found, status = low.values(*node.terms)
    added = [(each, sign) for each, sign in zip(found, node.signs, strict=True) if sign]
    if not added:
        return Lowered(low.make.zero, 1, status)
    nodes, one, divisor = one_scale(low.make, [each for each, _ in added])
    terms = [
        low.make.scale(each, sign) for each, (_, sign) in zip(nodes, added, strict=True)
    ]
    return Lowered(low.make.plus(*terms), one, status, divisor)


def _multiply(low: "Lowering", node: core.Multiply) -> Lowered:
    make = low.make
    found, status = low.values(*node.factors)
    product, denominator, divisor = found[0].node, found[0].denominator, found[0].divisor
    for each in found[1:]:
        product, denominator = make.times(product, each.node), denominator * each.denominator
        if each.divisor is not None:
            divisor = each.divisor if divisor is None else make.times(divisor, each.divisor)
    return Lowered(product, denominator, status, divisor)


def _divide(low: "Lowering", node: core.Divide) -> Lowered:
    make = low.make
    (above, below), status = low.values(node.above, node.below)
    zero = make.compare("=", below.node, make.zero)
    status = refused_if(make, zero, low.refusal("YB409", node.written), status)
    if isinstance(below.node, Whole):
        sign, value = (1 if below.node.value >= 0 else -1), abs(below.node.value) or 1
        top = make.scale(above.node, sign * below.denominator)
        if below.divisor is not None:
            top = make.times(top, below.divisor)
        return Lowered(top, above.denominator * value, status, above.divisor)
    # The divisor stays above zero: its sign goes to the numerator, and what is refused is over 1.
    positive = make.compare(">", below.node, make.zero)
    size = make.choose(positive, below.node, make.scale(below.node, -1))
    size = make.choose(zero, make.one, size)
    top = make.scale(above.node, below.denominator)
    top = make.choose(positive, top, make.scale(top, -1))
    if below.divisor is not None:
        top = make.times(top, below.divisor)
    divisor = size if above.divisor is None else make.times(above.divisor, size)
    return Lowered(top, above.denominator, status, divisor)


def _extreme(low: "Lowering", node: core.Extreme) -> Lowered:
    found, status = low.values(*node.operands)
    nodes, one, divisor = one_scale(low.make, found)
    return Lowered(low.make.bound(node.least, *nodes), one, status, divisor)


def _choose(low: "Lowering", node: core.Choose) -> Lowered:
    make = low.make
    if node.otherwise is None:
        value = refused(make, low.refusal("YB408", node.written))
    else:
        value = low.value(node.otherwise)
    cases = [
        (low.value(condition), low.value(case))
        for condition, case in zip(node.conditions, node.values, strict=True)
    ]
    for condition, case in reversed(cases):
        value = either(low, condition.node, case, value)
        value = value._replace(status=first_status(make, (condition.status, value.status)))
    return value


def _round_to(low: "Lowering", node: core.RoundTo) -> Lowered:
    return in_fen(low.make, low.value(node.operand), node.mode, node.unit_fen)


def _look_up(low: "Lowering", node: core.LookUp) -> Lowered:
    make = low.make
    conditions, status = low.values(*(row.condition for row in node.rows))
    hits = [make.choose(each.node, make.one, make.zero) for each in conditions]
    count = make.plus(*hits)
    none, several = (low.refusal(code, node.written) for code in ("YB412", "YB413"))
    value = refused(make, none)
    for condition, row in zip(reversed(conditions), reversed(node.rows), strict=True):
        value = either(low, condition.node, low.value(row.value), value)
    status = refused_if(make, make.compare("=", count, make.zero), none, status)
    status = refused_if(make, make.compare(">", count, make.one), several, status)
    return value._replace(status=first_status(make, (status, value.status)))


def _tier_sum(low: "Lowering", node: core.TierSum) -> Lowered:
    make = low.make
    found = low.value(node.amount)
    below = node.amount.denominator or 1
    (amount, _), one, divisor = one_scale(make, (found, Lowered(make.zero, below, make.zero)))
    if divisor is not None:
        raise cannot_lower(node.written, "tiers of a quotient", "商数的分段")
    up = one // below
    first, last = node.tiers[0].low, node.tiers[-1].high
    status, index = found.status, low.refusal("YB412", node.written)
    if first is not None:
        status = refused_if(make, make.compare("<", amount, make.whole(first * up)), index, status)
    if last is not None:
        status = refused_if(make, make.compare(">", amount, make.whole(last * up)), index, status)
    parts = []
    total: Node = make.zero
    for place, (tier, rate) in enumerate(zip(node.tiers, tier_rates(node), strict=True)):
        bottom = None if tier.low is None else make.whole(tier.low * up)
        if node.whole:
            here = make.scale(amount, rate)
            reached = None if not place or bottom is None else make.compare(">", amount, bottom)
            total = here if reached is None else make.choose(reached, here, total)
            continue
        top = amount if tier.high is None else make.bound(True, amount, make.whole(tier.high * up))
        part = top if bottom is None else make.less(top, bottom)
        if place and bottom is not None:
            part = make.bound(False, part, make.zero)
        parts.append(make.scale(part, rate))
    own = (node.denominator or 1) // below
    return Lowered(total if node.whole else make.plus(*parts), one * own, status)


NUMBERS: Table = {
    core.Negation: _negation,
    core.Junction: _junction,
    core.Compare: _compare,
    core.Inside: _inside,
    core.Total: _total,
    core.Multiply: _multiply,
    core.Divide: _divide,
    core.Extreme: _extreme,
    core.Choose: _choose,
    core.RoundTo: _round_to,
    core.LookUp: _look_up,
    core.TierSum: _tier_sum,
}
"""How conditions, numbers and choices are lowered."""
