"""What expressions read, and dates, as nodes: facts, params, date words, shifts."""

from collections.abc import Callable
from datetime import date
from math import lcm
from typing import TYPE_CHECKING, Any, TypeGuard

from yibaolang.model import core
from yibaolang.model.core import Expr
from yibaolang.model.limits import LIMITS
from yibaolang.population.fixed import Node, Truth, Whole, day_of_number, number_of_day
from yibaolang.population.lowered import (
    Lowered,
    cannot_lower,
    first_status,
    one_scale,
    refused,
    refused_if,
)
from yibaolang.program.conditions import key
from yibaolang.program.novalue import NoValue
from yibaolang.program.readings import pieces, row_in_year, value_of_row

if TYPE_CHECKING:
    from yibaolang.population.lowering import Lowering

Table = dict[type[Expr], Callable[["Lowering", Any], Lowered]]
"""By class of node: how it is lowered."""

_FIRST_DAY = number_of_day(date(LIMITS.first_year, 1, 1))
_LAST_DAY = number_of_day(date(LIMITS.last_year, 12, 31))
_FEWEST_MONTHS, _MOST_MONTHS = 12, 12 * 10_000 - 1
_MOST_YEARS = 50


def _constant(low: "Lowering", node: core.Constant) -> Lowered:
    return low.constant(node.type, node.value, node.denominator)


def _absent(low: "Lowering", node: core.Absent) -> Lowered:
    code = "YB404" if node.kind == "unknown" else "YB405"
    return refused(low.make, low.refusal(code, node.written))


def _fact(low: "Lowering", node: core.FactOf) -> Lowered:
    return low.frame.fact(node)


def _start_of(low: "Lowering", node: core.StartOf) -> Lowered:
    return low.frame.start(node)


def _count_of(low: "Lowering", node: core.CountOf) -> Lowered:
    return low.frame.count(node)


def _published(low: "Lowering", node: core.Published) -> Lowered:
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
        value = here if always else either(low, make.both(after, before), here, value)
    return value


def _row(low: "Lowering", node: core.Published, row: core.Row) -> Lowered:
    try:
        return low.constant(node.type, value_of_row(node, row), node.denominator)
    except NoValue as why:
        return low.no_value(why)


def _in_year(low: "Lowering", node: core.Published) -> Lowered:
    """A param in a calendar year: of each of the years that today can mean."""
    make, (since, until) = low.make, low.frame.within
    if isinstance(low.frame.today, Whole):
        since = until = day_of_number(low.frame.today.value)
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
            value = either(low, is_year, here, value)
    if value is None:
        raise cannot_lower(node.written, "a year that is not known", "不能预先知道的年份")
    return value


def either(low: "Lowering", condition: Node, then: Lowered, otherwise: Lowered) -> Lowered:
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


def _date_of(low: "Lowering", node: core.DateOf) -> Lowered:
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


def _day_of_year(low: "Lowering", node: core.DayOfYear) -> Lowered:
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


def _defined(low: "Lowering", node: core.Defined) -> Lowered:
    found = low.definitions.get(key(node))
    if found is None:
        found = low.definitions[key(node)] = low.value(node.value)
    return found


def _as_of(low: "Lowering", node: core.AsOf) -> Lowered:
    day = low.value(node.date)
    if isinstance(day.status, Whole) and day.status.value:
        return day
    found = low.on(day.node, node.written).value(node.operand)
    return found._replace(status=first_status(low.make, (day.status, found.status)))


def _elapsed(low: "Lowering", node: core.Elapsed) -> Lowered:
    (start, end), status = low.values(node.start, node.end)
    if node.unit == "days":
        return Lowered(low.make.less(end.node, start.node), 1, status)
    months = 12 if node.unit == "years" else 1
    return Lowered(low.make.elapsed(months, start.node, end.node), 1, status)


def _shift(low: "Lowering", node: core.Shift) -> Lowered:
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
        if _always(status):
            return refused(make, status.value)
        day = make.clamped(reached, make.part(day, "day"))
    if days:
        day = make.plus(day, *days)
    status = _held(low, day, _FIRST_DAY, _LAST_DAY, index, status)
    return refused(make, status.value) if _always(status) else Lowered(day, 1, status)


def _always(status: Node) -> TypeGuard[Whole]:
    """Whether a refusal is known. Then no node may be made of a day, which may not exist."""
    return isinstance(status, Whole) and status.value != 0


def _held(low: "Lowering", node: Node, first: int, last: int, index: int, status: Node) -> Node:
    """A status, and a refusal outside two bounds."""
    make = low.make
    below, above = make.whole(first), make.whole(last)
    outside = make.either(make.compare("<", node, below), make.compare(">", node, above))
    return refused_if(make, outside, index, status)


READING: Table = {
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
    core.Elapsed: _elapsed,
    core.Shift: _shift,
}
"""How what reads, and dates, are lowered."""
