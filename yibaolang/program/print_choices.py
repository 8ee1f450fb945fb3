"""Choices, extremes, tables and tiers as Python: what needs lines of its own."""

from yibaolang.model.core import Choose, Expr, Extreme, LookUp, TierSum
from yibaolang.program.operations import tier_rates
from yibaolang.program.printing import (
    Piece,
    PrintTable,
    Scope,
    constant,
    lifted,
    printed,
    scales_of,
)


def _extreme(node: Extreme, scope: Scope) -> Piece:
    count = len(node.operands)
    scales = scales_of(node.scales, count) if node.type.numeric else [1] * count
    pieces = [lifted(e, scope, s) for e, s in zip(node.operands, scales, strict=True)]
    known = [each for each in pieces if each.value is not None]
    rest = [each for each in pieces if each.value is None]
    choose = min if node.least else max
    if known:
        bound = choose(each.value for each in known)
        rest.append(constant(bound, scope.writer))
    if len(rest) == 1:
        return rest[0]
    several = [each.positive for each in pieces]
    positive = all(several) if node.least else any(several)
    writer = scope.writer
    name = writer.fresh("bounded")
    writer.line(f"{name} = {rest[0].code}")
    for each in rest[1:]:
        other = writer.let("bound", each).code
        writer.line(f"if {other} {'<' if node.least else '>'} {name}: {name} = {other}")
    return Piece(name, None, positive, True)


def _choose(node: Choose, scope: Scope) -> Piece:
    values = (*node.values, *([] if node.otherwise is None else [node.otherwise]))
    numeric = node.type.numeric
    scales = scales_of(node.scales, len(values)) if numeric else [1] * len(values)
    cases = list(zip(node.conditions, values, scales, strict=False))
    writer, before = scope.writer, scope.writer.indent
    name = writer.fresh("case")
    positive = True
    here = scope
    word = "if"
    for condition, value, scale in cases:
        mark = len(writer.lines)
        # Names made after the first condition are not there if it holds.
        asked = here if word == "if" else here.inner()
        test = printed(condition, asked)
        if word == "elif" and len(writer.lines) > mark:
            # What the condition needs is computed in the else of those before it.
            needed = writer.lines[mark:]
            del writer.lines[mark:]
            writer.line("else:")
            writer.deeper(node.written)
            writer.lines.extend("    " + line for line in needed)
            here, word = asked, "if"
        writer.line(f"{word} {test.code}:")
        positive = _case(name, value, scale, here, node) and positive
        word = "elif"
    writer.line("else:")
    if node.otherwise is None:
        writer.line("    raise Undecided")
    else:
        positive = _case(name, values[-1], scales[-1], here, node) and positive
    writer.indent = before
    return Piece(name, None, positive, True)


def _case(name: str, value: Expr, scale: int | None, scope: Scope, node: Expr) -> bool:
    """Write a block that sets the name to a value; whether that is never below zero."""
    scope.writer.deeper(node.written)
    piece = lifted(value, scope.inner(), scale)
    scope.writer.line(f"{name} = {piece.code}")
    scope.writer.back()
    return piece.positive


def _look_up(node: LookUp, scope: Scope) -> Piece:
    writer = scope.writer
    values = [row.value for row in node.rows]
    scales = scales_of(node.scales, len(values)) if node.type.numeric else [1] * len(values)
    name, hits = writer.fresh(node.column), writer.fresh("rows")
    writer.line(f"{hits} = 0")
    positive = True
    for row, scale in zip(node.rows, scales, strict=True):
        condition = printed(row.condition, scope)
        writer.line(f"if {condition.code}:")
        writer.line(f"    {hits} += 1")
        positive = _case(name, row.value, scale, scope, node) and positive
    writer.line(f"if {hits} != 1: raise Undecided")
    return Piece(name, None, positive, True)


def _tier_sum(node: TierSum, scope: Scope) -> Piece:
    writer = scope.writer
    amount = writer.let("amount", printed(node.amount, scope)).code
    name = writer.fresh("tiers")
    rates = tier_rates(node)
    lowest, highest = node.tiers[0].low, node.tiers[-1].high
    bounds = [] if lowest is None else [f"{amount} < {lowest}"]
    bounds += [] if highest is None else [f"{amount} > {highest}"]
    if bounds:
        writer.line(f"if {' or '.join(bounds)}: raise Undecided")
    writer.line(f"{name} = 0")
    for index, (tier, rate) in enumerate(zip(node.tiers, rates, strict=True)):
        part = amount
        if not node.whole and tier.high is not None:
            part = f"({amount} if {amount} < {tier.high} else {tier.high})"
        if not node.whole and tier.low is not None:
            part = f"({part} - {tier.low})"
        sign = "=" if node.whole else "+="
        reached = "" if index == 0 or tier.low is None else f"if {amount} > {tier.low}: "
        writer.line(f"{reached}{name} {sign} {part} * {rate}")
    return Piece(name, None, False, True)


CHOICES: PrintTable = {
    Extreme: _extreme,
    Choose: _choose,
    LookUp: _look_up,
    TierSum: _tier_sum,
}
"""By class of node: how it is printed."""
