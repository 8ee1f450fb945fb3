"""Core expressions as nodes of `fixed`, over a frame.

Every number gets a denominator that is known here; params of a known day are constants. Where the
reference engine would refuse, the status says so: operands in its order, the first that has no
value first. What is computed besides has no effect, because nodes are total.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

from yibaolang.language.diagnostics import Refusal
from yibaolang.model import core
from yibaolang.model.core import Expr, Written
from yibaolang.model.limits import LIMITS
from yibaolang.population.fixed import Node, Truth, Whole, number_of_day
from yibaolang.population.lowered import (
    Codes,
    Frame,
    Lowered,
    Refusals,
    cannot_lower,
    decided,
    first_status,
    in_fen,
    one_scale,
    refused,
    refused_if,
)
from yibaolang.population.making import Fixed
from yibaolang.program.conditions import key
from yibaolang.program.novalue import NoValue
from yibaolang.program.operations import inside_operands, tier_rates
from yibaolang.program.readings import pieces, row_in_year, value_of_row

_FIRST_DAY = number_of_day(date(LIMITS.first_year, 1, 1))
_LAST_DAY = number_of_day(date(LIMITS.last_year, 12, 31))
_FEWEST_MONTHS, _MOST_MONTHS = 12, 12 * 10_000 - 1
_MOST_YEARS = 50


class Lowering:
    """Lowers expressions over one frame; definitions once."""

    def __init__(self, make: Fixed, codes: Codes, refusals: Refusals, frame: Frame) -> None:
        self.make = make
        self.codes = codes
        self.refusals = refusals
        self.frame = frame
        self._defined: dict[Any, Lowered] = {}
        self._elsewhere: dict[int, Lowering] = {}

    def value(self, expr: Expr) -> Lowered:
        """An expression's value; Refusal YB480 if it has no such form."""
        before, self.make.at = self.make.at, expr.written
        try:
            return _TABLE[type(expr)](self, expr)
        finally:
            self.make.at = before

    def values(self, *exprs: Expr) -> tuple[list[Lowered], Node]:
        """Several values that are all needed, and the first status among theirs."""
        found = [self.value(each) for each in exprs]
        return found, first_status(self.make, (each.status for each in found))

    def refusal(self, code: str, written: Written) -> int:
        """The index of a refusal."""
        return self.refusals.index(code, written.place)

    def no_value(self, why: NoValue) -> Lowered:
        """What a reading that is known beforehand refuses."""
        return refused(self.make, self.refusals.index(why.diagnostic.code, why.place))

    def constant(self, type_: Any, value: Any, denominator: int | None) -> Lowered:
        """A known value, over a denominator if it is a number."""
        make = self.make
        if isinstance(value, bool):
            return Lowered(make.truth(value), 1, make.zero)
        if isinstance(value, date):
            return Lowered(make.whole(number_of_day(value)), 1, make.zero)
        if isinstance(value, str):
            return Lowered(make.whole(self.codes.code(type_, value)), 1, make.zero)
        exact = Fraction(value) if denominator is None else Fraction(value, denominator)
        return Lowered(make.whole(exact.numerator), exact.denominator, make.zero)

    def on(self, day: Node, written: Written) -> "Lowering":
        """The lowering of another day."""
        if day is self.frame.today:
            return self
        found = self._elsewhere.get(id(day))
        if found is None:
            frame = self.frame.on(day, written)
            found = Lowering(self.make, self.codes, self.refusals, frame)
            self._elsewhere[id(day)] = found
        return found


# ── what is read ──


def _constant(low: Lowering, node: core.Constant) -> Lowered:
    return low.constant(node.type, node.value, node.denominator)


def _absent(low: Lowering, node: core.Absent) -> Lowered:
    code = "YB404" if node.kind == "unknown" else "YB405"
    return refused(low.make, low.refusal(code, node.written))


def _fact(low: Lowering, node: core.FactOf) -> Lowered:
    return low.frame.fact(node)


def _start_of(low: Lowering, node: core.StartOf) -> Lowered:
    return low.frame.start(node)


def _count_of(low: Lowering, node: core.CountOf) -> Lowered:
    return low.frame.count(node)


def _published(low: Lowering, node: core.Published) -> Lowered:
    if node.year is not None or node.years_back >= 0:
        return _in_year(low, node)
    since, until = low.frame.within
    found = [each for each in pieces(node.rows) if each[0] <= until and since <= each[1]]
    make = low.make
    value = refused(make, low.refusal("YB406", node.written))
    for first, last, row in reversed(found):
        here = _row(low, node, row)
        after = make.compare(">=", low.frame.today, make.whole(number_of_day(first)))
        before = make.compare("<=", low.frame.today, make.whole(number_of_day(last)))
        always = first <= since and until <= last
        value = here if always else _either(low, make.both(after, before), here, value)
    return value


def _row(low: Lowering, node: core.Published, row: core.Row) -> Lowered:
    try:
        return low.constant(node.type, value_of_row(node, row), node.denominator)
    except NoValue as why:
        return low.no_value(why)


def _in_year(low: Lowering, node: core.Published) -> Lowered:
    """A param in a calendar year: of each of the years that today can mean."""
    make, (since, until) = low.make, low.frame.within
    if isinstance(low.frame.today, Whole):
        since = until = date.fromordinal(low.frame.today.value + date(1970, 1, 1).toordinal())
    years = [node.year]
    if node.year is None:
        years = [year - node.years_back for year in range(since.year, until.year + 1)]
    if len(years) > _MOST_YEARS:
        raise cannot_lower(node.written, "a year that is not known", "不能预先知道的年份")
    found = pieces(node.rows)
    value: Lowered | None = None
    for year in reversed(years):
        try:
            here = _row(low, node, row_in_year(node, found, year or 0))
        except NoValue as why:
            here = low.no_value(why)
        if value is None:
            value = here
        else:
            back = make.whole((year or 0) + node.years_back)
            is_year = make.compare("=", make.part(low.frame.today, "year"), back)
            value = _either(low, is_year, here, value)
    if value is None:
        raise cannot_lower(node.written, "a year that is not known", "不能预先知道的年份")
    return value


def _either(low: Lowering, condition: Node, then: Lowered, otherwise: Lowered) -> Lowered:
    """One of two values by a truth that is known to have a value."""
    make = low.make
    if isinstance(condition, Truth):
        return then if condition.value else otherwise
    status = make.choose(condition, then.status, otherwise.status)
    # The node beside a status that is always a refusal means nothing, so it may be the other one.
    if isinstance(then.status, Whole) and then.status.value:
        return otherwise._replace(status=status)
    if isinstance(otherwise.status, Whole) and otherwise.status.value:
        return then._replace(status=status)
    if then.node.truth:
        return Lowered(make.choose(condition, then.node, otherwise.node), 1, status)
    if then.divisor is None and otherwise.divisor is None:
        nodes, one, divisor = one_scale(make, (then, otherwise))
        return Lowered(make.choose(condition, *nodes), one, status, divisor)
    one = lcm(then.denominator, otherwise.denominator)
    node = make.choose(
        condition,
        make.scale(then.node, one // then.denominator),
        make.scale(otherwise.node, one // otherwise.denominator),
    )
    below = make.choose(condition, then.divisor or make.one, otherwise.divisor or make.one)
    return Lowered(node, one, status, below)


def _date_of(low: Lowering, node: core.DateOf) -> Lowered:
    make, frame = low.make, low.frame
    if node.word == "posting_day":
        if frame.posting is None:
            return refused(make, low.refusal("YB418", node.written))
        return Lowered(frame.posting, 1, make.zero)
    if node.word == "year_start":
        if frame.year_start is None:
            return refused(make, low.refusal("YB414", node.written))
        return Lowered(frame.year_start, 1, make.zero)
    words: dict[str, Callable[[Node], Node]] = {
        "today": lambda day: day,
        "first_of_month": make.first_of_month,
        "last_of_month": make.last_of_month,
        "last_of_last_month": lambda day: make.last_of_month(day, -1),
    }
    return Lowered(words[node.word](frame.today), 1, make.zero)


def _day_of_year(low: Lowering, node: core.DayOfYear) -> Lowered:
    make = low.make
    year = make.plus(make.part(low.frame.today, "year"), make.whole(-node.years_back))
    fits = make.both(
        make.compare(">=", year, make.whole(LIMITS.first_year)),
        make.compare("<=", year, make.whole(LIMITS.last_year)),
    )
    status = refused_if(make, make.no(fits), low.refusal("YB416", node.written), make.zero)
    if isinstance(status, Whole) and status.value:
        return refused(make, status.value)
    months = make.plus(make.scale(year, 12), make.whole(node.month - 1))
    return Lowered(make.clamped(months, make.whole(node.day)), 1, status)


def _defined(low: Lowering, node: core.Defined) -> Lowered:
    found = low._defined.get(key(node))
    if found is None:
        found = low._defined[key(node)] = low.value(node.value)
    return found


def _as_of(low: Lowering, node: core.AsOf) -> Lowered:
    day = low.value(node.date)
    if isinstance(day.status, Whole) and day.status.value:
        return day
    found = low.on(day.node, node.written).value(node.operand)
    return found._replace(status=first_status(low.make, (day.status, found.status)))


# ── conditions ──


def _negation(low: Lowering, node: core.Negation) -> Lowered:
    found = low.value(node.operand)
    return found._replace(node=low.make.no(found.node))


def _junction(low: Lowering, node: core.Junction) -> Lowered:
    return decided(low.make, node.every, [low.value(each) for each in node.operands])


def _compare(low: Lowering, node: core.Compare) -> Lowered:
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


def _inside(low: Lowering, node: core.Inside) -> Lowered:
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


def _total(low: Lowering, node: core.Total) -> Lowered:
    found, status = low.values(*node.terms)
    added = [(each, sign) for each, sign in zip(found, node.signs, strict=True) if sign]
    if not added:
        return Lowered(low.make.zero, 1, status)
    nodes, one, divisor = one_scale(low.make, [each for each, _ in added])
    terms = [
        low.make.scale(each, sign) for each, (_, sign) in zip(nodes, added, strict=True)
    ]
    return Lowered(low.make.plus(*terms), one, status, divisor)


def _multiply(low: Lowering, node: core.Multiply) -> Lowered:
    make = low.make
    found, status = low.values(*node.factors)
    product, denominator, divisor = found[0].node, found[0].denominator, found[0].divisor
    for each in found[1:]:
        product, denominator = make.times(product, each.node), denominator * each.denominator
        if each.divisor is not None:
            divisor = each.divisor if divisor is None else make.times(divisor, each.divisor)
    return Lowered(product, denominator, status, divisor)


def _divide(low: Lowering, node: core.Divide) -> Lowered:
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


def _extreme(low: Lowering, node: core.Extreme) -> Lowered:
    found, status = low.values(*node.operands)
    nodes, one, divisor = one_scale(low.make, found)
    return Lowered(low.make.bound(node.least, *nodes), one, status, divisor)


def _choose(low: Lowering, node: core.Choose) -> Lowered:
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
        value = _either(low, condition.node, case, value)
        value = value._replace(status=first_status(make, (condition.status, value.status)))
    return value


def _round_to(low: Lowering, node: core.RoundTo) -> Lowered:
    return in_fen(low.make, low.value(node.operand), node.mode, node.unit_fen)


def _look_up(low: Lowering, node: core.LookUp) -> Lowered:
    make = low.make
    conditions, status = low.values(*(row.condition for row in node.rows))
    hits = [make.choose(each.node, make.one, make.zero) for each in conditions]
    count = make.plus(*hits)
    none, several = (low.refusal(code, node.written) for code in ("YB412", "YB413"))
    value = refused(make, none)
    for condition, row in zip(reversed(conditions), reversed(node.rows), strict=True):
        value = _either(low, condition.node, low.value(row.value), value)
    status = refused_if(make, make.compare("=", count, make.zero), none, status)
    status = refused_if(make, make.compare(">", count, make.one), several, status)
    return value._replace(status=first_status(make, (status, value.status)))


def _tier_sum(low: Lowering, node: core.TierSum) -> Lowered:
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


# ── dates ──


def _elapsed(low: Lowering, node: core.Elapsed) -> Lowered:
    (start, end), status = low.values(node.start, node.end)
    if node.unit == "days":
        return Lowered(low.make.less(end.node, start.node), 1, status)
    months = 12 if node.unit == "years" else 1
    return Lowered(low.make.elapsed(months, start.node, end.node), 1, status)


def _shift(low: Lowering, node: core.Shift) -> Lowered:
    make = low.make
    (start, *steps), status = low.values(node.start, *node.steps)
    months: list[Node] = []
    days: list[Node] = []
    for step, value, sign in zip(node.steps, steps, node.signs, strict=True):
        kind = days if step.type.kind == "days" else months
        kind.append(make.scale(value.node, sign))
    day, index = start.node, low.refusal("YB416", node.written)
    if months:
        reached = make.plus(make.months_of(day), *months)
        status = _held(low, reached, _FEWEST_MONTHS, _MOST_MONTHS, index, status)
        if isinstance(status, Whole) and status.value:
            return refused(make, status.value)
        day = make.clamped(reached, make.part(day, "day"))
    if days:
        day = make.plus(day, *days)
    return Lowered(day, 1, _held(low, day, _FIRST_DAY, _LAST_DAY, index, status))


def _held(low: Lowering, node: Node, first: int, last: int, index: int, status: Node) -> Node:
    """A status, and a refusal outside two bounds."""
    make = low.make
    below, above = make.whole(first), make.whole(last)
    outside = make.either(make.compare("<", node, below), make.compare(">", node, above))
    return refused_if(make, outside, index, status)


_TABLE: dict[type[Expr], Callable[[Lowering, Any], Lowered]] = {
    core.Constant: _constant,
    core.Absent: _absent,
    core.FactOf: _fact,
    core.StartOf: _start_of,
    core.CountOf: _count_of,
    core.Published: _published,
    core.DateOf: _date_of,
    core.DayOfYear: _day_of_year,
    core.Defined: _defined,
    core.AsOf: _as_of,
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
    core.Elapsed: _elapsed,
    core.Shift: _shift,
}


def lowered(low: Lowering, expr: Expr) -> Lowered:
    """An expression's value; Refusal YB480 for one that is too deep as well."""
    try:
        return low.value(expr)
    except RecursionError:
        raise cannot_lower(expr.written, "so deep an expression", "这样深的表达式") from None


__all__ = ["Lowering", "Refusal", "lowered"]
