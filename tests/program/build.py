"""Small constructors of the core, so that a test reads as the sentence that it stands for.

Operands of `scaled` nodes are brought to one denominator as the core asks.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import lcm, prod

from yibaolang.language.source import Source
from yibaolang.language.syntax import Node
from yibaolang.model import core
from yibaolang.model.arms import Arm, FigurePlan, Prorated, Rounding, RuleInForce, When
from yibaolang.model.core import Expr, Written
from yibaolang.model.values import (
    AGE,
    DATE,
    DAYS,
    MONEY,
    MONTHS,
    NUMBER,
    RATE,
    TRUTH,
    Type,
    choice_type,
)
from yibaolang.program.frame import FIRST, DatedFact, Scenario

SOURCE = Source.of("test.yb", "credit 2.5% of avg_pension if retired and age >= 70\n")
AT = Written(SOURCE, Node((0, 10)))
ELSEWHERE = Written(SOURCE, Node((11, 20)))
STATUS = choice_type("status")

TYPES: dict[str, Type] = {
    "birth": DATE,
    "status": STATUS,
    "base": MONEY,
    "pension": MONEY,
    "years": MONTHS,
    "male": TRUTH,
    "share": RATE,
    "enrolled": DATE,
    "count": NUMBER,
    "low": MONEY,
    "high": MONEY,
}
PARAMS = ("avg_pension", "avg_wage")
DEFINITIONS = ("age", "clamped", "half", "one", "two", "three")
NAMES: tuple[str, ...] = (*TYPES, *PARAMS, *DEFINITIONS)


def slot(name: str) -> int:
    return FIRST + NAMES.index(name)


def scale(operands: Sequence[Expr]) -> tuple[int | None, tuple[int, ...]]:
    known = [each.denominator for each in operands if each.denominator is not None]
    if len(known) < len(operands):
        return None, ()
    one = lcm(*known)
    return one, tuple(one // each for each in known)


# ── values ──


def money(fen: int, denominator: int = 1) -> core.Constant:
    return core.Constant(MONEY, denominator, AT, fen)


def rate(numerator: int, denominator: int) -> core.Constant:
    return core.Constant(RATE, denominator, AT, numerator)


def number(numerator: int, denominator: int = 1) -> core.Constant:
    return core.Constant(NUMBER, denominator, AT, numerator)


def months(count: int) -> core.Constant:
    return core.Constant(MONTHS, 1, AT, count)


def days(count: int) -> core.Constant:
    return core.Constant(DAYS, 1, AT, count)


def years_old(count: int) -> core.Constant:
    return core.Constant(AGE, 1, AT, count)


def day(text: str) -> core.Constant:
    return core.Constant(DATE, 1, AT, date.fromisoformat(text))


def truth(value: bool) -> core.Constant:
    return core.Constant(TRUTH, 1, AT, value)


def absent(kind: str, type_: Type = MONEY) -> core.Absent:
    return core.Absent(type_, 1, AT, kind)


def fact(name: str) -> core.FactOf:
    type_ = TYPES[name]
    denominator = None if type_ in (RATE, NUMBER) else 1
    return core.FactOf(type_, denominator, AT, name, slot(name))


def instead(name: str, type_: Type) -> core.FactOf:
    return core.FactOf(type_, 1, AT, name, slot(name), True)


def row(since: str, until: str, value: int | core.Absent) -> core.Row:
    first = date.fromisoformat(since) if since else None
    last = date.fromisoformat(until) if until else None
    return core.Row(first, last, value, "cite", "A", AT)


def param(
    name: str, *rows: core.Row, year: int | None = None, back: int = -1, denominator: int = 1
) -> core.Published:
    return core.Published(MONEY, denominator, AT, name, slot(name), rows, year, back)


def define(name: str, value: Expr) -> core.Defined:
    return core.Defined(
        value.type, value.denominator, AT, name, slot(name), value, "cite", "A", ELSEWHERE
    )


TODAY = core.DateOf(DATE, 1, AT, "today")


def word(name: str) -> core.DateOf:
    return core.DateOf(DATE, 1, AT, name)


# ── operators ──


def compare(left: Expr, sign: str, right: Expr) -> core.Compare:
    return core.Compare(TRUTH, 1, AT, sign, left, right, scale((left, right))[1])


def is_status(value: str) -> core.Compare:
    return compare(fact("status"), "=", core.Constant(STATUS, 1, AT, value))


def no(operand: Expr) -> core.Negation:
    return core.Negation(TRUTH, 1, AT, operand)


def every(*operands: Expr) -> core.Junction:
    return core.Junction(TRUTH, 1, AT, True, operands)


def either(*operands: Expr) -> core.Junction:
    return core.Junction(TRUTH, 1, AT, False, operands)


def inside(
    operand: Expr, low: Expr | None, high: Expr | None, opens: tuple[bool, bool] = (False, True)
) -> core.Inside:
    scales = scale([each for each in (operand, low, high) if each is not None])[1]
    if scales and low is None:
        scales = (scales[0], 1, *scales[1:])
    if scales and high is None:
        scales = (*scales[:2], 1)
    return core.Inside(TRUTH, 1, AT, operand, low, high, *opens, scales)


def total(*terms: Expr, signs: Sequence[int] = ()) -> core.Total:
    denominator, scales = scale(terms)
    signs = tuple(signs) or (1,) * len(terms)
    words = tuple({1: "+", -1: "-", 0: "including"}[sign] for sign in signs)
    return core.Total(terms[0].type, denominator, AT, terms, signs, words, scales)


def times(type_: Type, *factors: Expr) -> core.Multiply:
    known = [each.denominator for each in factors if each.denominator is not None]
    denominator = prod(known) if len(known) == len(factors) else None
    return core.Multiply(type_, denominator, AT, factors, False)


def share(of: Expr, base: Expr) -> core.Multiply:
    return times(base.type, of, base)


def divide(type_: Type, above: Expr, below: Expr) -> core.Divide:
    if (
        not isinstance(below, core.Constant)
        or not isinstance(below.value, int)
        or below.value == 0
        or None in (above.denominator, below.denominator)
    ):
        return core.Divide(type_, None, AT, above, below, 1)
    denominator = (above.denominator or 1) * abs(below.value)
    factor = (below.denominator or 1) * (1 if below.value > 0 else -1)
    return core.Divide(type_, denominator, AT, above, below, factor)


def extreme(least: bool, *operands: Expr) -> core.Extreme:
    denominator, scales = scale(operands)
    return core.Extreme(operands[0].type, denominator, AT, least, operands, scales)


def choose(cases: Mapping[Expr, Expr], otherwise: Expr | None = None) -> core.Choose:
    values = [*cases.values(), *([] if otherwise is None else [otherwise])]
    denominator, scales = scale(values)
    shown = values[0]
    return core.Choose(
        shown.type, denominator, AT, tuple(cases), tuple(cases.values()), otherwise, scales
    )


def rounded(operand: Expr, mode: str = "half_up", unit_fen: int = 1) -> core.RoundTo:
    return core.RoundTo(MONEY, 1, AT, operand, mode, unit_fen)


def elapsed(unit: str, start: Expr, end: Expr) -> core.Elapsed:
    type_ = {"years": AGE, "months": MONTHS, "days": DAYS}[unit]
    return core.Elapsed(type_, 1, AT, unit, start, end)


AGE_NOW = define("age", elapsed("years", fact("birth"), TODAY))


def shift(start: Expr, *steps: Expr, signs: Sequence[int] = ()) -> core.Shift:
    return core.Shift(DATE, 1, AT, start, steps, tuple(signs) or (1,) * len(steps))


def as_of(operand: Expr, when: Expr) -> core.AsOf:
    return core.AsOf(operand.type, operand.denominator, AT, operand, when)


def start_of(name: str, value: str | bool) -> core.StartOf:
    return core.StartOf(DATE, 1, AT, name, value, slot(name))


def look_up(keys: Sequence[Expr], rows: Sequence[tuple[Expr, Expr]]) -> core.LookUp:
    values = [value for _, value in rows]
    denominator, scales = scale(values)
    made = tuple(core.LookupRow(condition, value, AT) for condition, value in rows)
    return core.LookUp(
        values[0].type, denominator, AT, "table", "column", tuple(keys), made, scales
    )


def tiers(amount: Expr, whole: bool, *found: tuple[int | None, int | None, core.Constant]) -> Expr:
    rates = [each[2].denominator or 1 for each in found]
    one = lcm(*rates)
    made = tuple(core.Tier(low, high, each, AT) for low, high, each in found)
    denominator = (amount.denominator or 1) * one
    scales = tuple(one // each for each in rates)
    return core.TierSum(amount.type, denominator, AT, amount, "tiers", made, whole, scales)


# ── rules ──


def rule(at: Written = AT, because: str = "") -> RuleInForce:
    return RuleInForce(at, "somewhere", "", None, None, "cite", "A", because)


def when(
    frequency: str = "",
    day_kind: str = "none",
    month: int = 0,
    day: int = 0,
    word: str = "",
    assessed: str = "",
    year: tuple[int, int] = (1, 1),
) -> When:
    return When(frequency, day_kind, month, day, word, assessed, *year, None)


def arm(
    guard: Expr | None,
    amount: Expr,
    *,
    exception: bool = False,
    stream: str = "",
    at: When | None = None,
    prorated: Prorated | None = None,
    rounding: tuple[str, int] | None = ("half_up", 1),
    because: str = "",
) -> Arm:
    rounds = None if rounding is None else Rounding(*rounding, rule())
    force = rule(AT, because)
    return Arm(guard, amount, exception, stream, "", at or when(), prorated, rounds, force)


def plan(
    *arms: Arm,
    since: date | None = date(2024, 1, 1),
    until: date | None = date(2024, 12, 31),
    exclusive: bool = True,
) -> FigurePlan:
    return FigurePlan("credit", "somewhere", since, until, arms, NAMES, exclusive)


# ── what is known ──

Given = int | Fraction | date | bool | str


def knowing(overrides: Sequence[str] = (), /, **facts: Given | tuple[DatedFact, ...]) -> Scenario:
    return Scenario(
        {
            name: value if isinstance(value, tuple) else (DatedFact(value),)
            for name, value in facts.items()
        },
        frozenset(overrides),
    )


def since(value: Given, first: str, last: str = "") -> DatedFact:
    return DatedFact(value, date.fromisoformat(first), date.fromisoformat(last) if last else None)
