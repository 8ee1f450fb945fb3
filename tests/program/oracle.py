"""A naive evaluation of the core in Fractions, which shares nothing with the programs.

Numbers are Fractions in the unit of their type, whatever the node's denominator. What has no value
raises Nothing with the code.
"""

import calendar
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from math import prod
from typing import Any

from yibaolang.model import core

Facts = Mapping[str, Any]


class Nothing(Exception):
    pass


def evaluate(node: core.Expr, facts: Facts, today: date) -> Any:
    match node:
        case core.Constant():
            number: Any = node.value
            return Fraction(number, node.denominator) if node.type.numeric else number
        case core.Absent():
            raise Nothing("YB404" if node.kind == "unknown" else "YB405")
        case core.FactOf():
            if node.name not in facts:
                raise Nothing("YB401")
            value = facts[node.name]
            return Fraction(value) if node.type.numeric else value
        case core.DateOf(word="today"):
            return today
        case core.Published():
            fitting = [r for r in node.rows if r.since is None or r.since <= today]
            last = max(fitting, key=lambda r: r.since or date.min, default=None)
            if last is None or (last.until is not None and last.until < today):
                raise Nothing("YB406")
            published: Any = last.value
            return Fraction(published, node.denominator)
        case core.Junction():
            return junction(node, facts, today)
    return combined(node, lambda each: evaluate(each, facts, today))


def combined(node: core.Expr, go: Callable[[core.Expr], Any]) -> Any:
    match node:
        case core.Defined():
            return go(node.value)
        case core.Negation():
            return not go(node.operand)
        case core.Compare():
            a, b = go(node.left), go(node.right)
            below, same = not isinstance(a, str | bool) and a < b, a == b
            return {"<": below, "<=": below or same, "=": same}.get(
                node.sign, {"!=": not same, ">": not below and not same}.get(node.sign, not below)
            )
        case core.Inside():
            parts = (node.operand, node.low, node.high)
            ends: list[Any] = [None if each is None else go(each) for each in parts]
            value, low, high = ends
            if low is not None and (value < low or (node.low_open and value == low)):
                return False
            return high is None or value < high or (not node.high_open and value == high)
        case core.Total():
            values = [go(term) for term in node.terms]
            return sum((v * s for v, s in zip(values, node.signs, strict=True)), Fraction(0))
        case core.Multiply():
            return prod([go(each) for each in node.factors], start=Fraction(1))
        case core.Divide():
            above, below = go(node.above), go(node.below)
            if below == 0:
                raise Nothing("YB409")
            return above / below
        case core.Extreme():
            return sorted(go(each) for each in node.operands)[0 if node.least else -1]
        case core.Choose():
            cases = zip(node.conditions, node.values, strict=True)
            chosen = next((v for c, v in cases if go(c)), node.otherwise)
            if chosen is None:
                raise Nothing("YB408")
            return go(chosen)
        case core.RoundTo():
            return rounded(go(node.operand), node.mode, node.unit_fen)
        case core.Elapsed():
            return Fraction(elapsed(node.unit, go(node.start), go(node.end)))
        case core.Shift():
            return shifted(node, go(node.start), [go(step) for step in node.steps])
    raise AssertionError(f"the oracle does not know {node}")


def junction(node: core.Junction, facts: Facts, today: date) -> bool:
    found: list[bool | str] = []
    for each in node.operands:
        try:
            found.append(evaluate(each, facts, today))
        except Nothing as nothing:
            found.append(str(nothing))
    if (not node.every) in found:
        return not node.every
    unknown = [each for each in found if isinstance(each, str)]
    if unknown:
        raise Nothing(unknown[0])
    return node.every


def rounded(value: Fraction, mode: str, unit: int) -> Fraction:
    parts = abs(value) / unit
    whole = int(parts)
    rest = parts - whole
    half = Fraction(1, 2)
    more = {
        "half_up": rest >= half,
        "half_even": rest > half or (rest == half and whole % 2 == 1),
        "up": rest > 0,
        "down": False,
    }[mode]
    return Fraction((whole + more) * unit * (-1 if value < 0 else 1))


def step(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def elapsed(unit: str, start: date, end: date) -> int:
    if unit == "days":
        return end.toordinal() - start.toordinal()
    size = 12 if unit == "years" else 1
    count = (end.year - start.year + 1) * 12 // size + 1
    while step(start, count * size) > end:
        count -= 1
    return count


def shifted(node: core.Shift, start: date, values: list[Fraction]) -> date:
    months = days = 0
    for part, sign, value in zip(node.steps, node.signs, values, strict=True):
        months += sign * int(value) if part.type.kind == "months" else 0
        days += sign * int(value) if part.type.kind == "days" else 0
    try:
        day = step(start, months) + timedelta(days=days)
    except (ValueError, OverflowError):
        raise Nothing("YB416") from None
    if not 1900 <= day.year <= 2200:
        raise Nothing("YB416")
    return day
