"""What has no value says so: every code, the same plain and explained."""

from datetime import date
from fractions import Fraction

import pytest

from tests.program import build as b
from yibaolang.model import core
from yibaolang.model.core import Expr
from yibaolang.model.values import DATE, MONEY, NUMBER, RATE
from yibaolang.program.closures import compile
from yibaolang.program.figure import ValueProgram
from yibaolang.program.frame import Scenario
from yibaolang.program.novalue import NoValue
from yibaolang.program.step import Step
from yibaolang.program.trace import trace

TODAY = date(2024, 6, 15)
ROWS = (b.row("2022-01-01", "2022-12-31", 1), b.row("2024-01-01", "2024-06-30", 3))
COUNT = core.CountOf(NUMBER, 1, b.AT, "outpatient", "year", "count outpatient year", 3)
UNKNOWN = b.row("", "", b.absent("unknown"))


def tiered(amount: Expr, whole: bool = False) -> Expr:
    return b.tiers(amount, whole, (100, 200, b.rate(1, 2)), (200, 300, b.rate(1, 4)))


def table(*conditions: Expr) -> Expr:
    return b.look_up([b.fact("status")], [(each, b.money(1)) for each in conditions])


YES, NO = b.truth(True), b.truth(False)
FAR_BACK = b.shift(b.day("2024-01-01"), b.months(-12 * 9000))

CASES: list[tuple[Expr, str, str, dict[str, str]]] = [
    (b.fact("base"), "YB401", "missing", {"name": "base"}),
    (b.param("avg_pension", UNKNOWN), "YB404", "unknown", {"name": "avg_pension"}),
    (b.define("one", b.absent("unknown")), "YB404", "unknown", {"name": "one"}),
    (b.define("one", b.absent("none")), "YB405", "not_applicable", {"reason": "one"}),
    (
        b.param("avg_pension", b.row("2025-01-01", "", 1)),
        "YB406",
        "unknown",
        {"name": "avg_pension", "date": "2024-06-15"},
    ),
    (
        b.param("avg_pension", b.row("", "2023-12-31", 1)),
        "YB406",
        "unknown",
        {"name": "avg_pension", "date": "2024-06-15"},
    ),
    (
        b.param("avg_pension", b.row("2020-01-01", "", 1), b.row("2023-07-01", "", 2), back=1),
        "YB407",
        "refused",
        {"name": "avg_pension", "year": "2023"},
    ),
    (
        b.param("avg_pension", b.row("2023-07-01", "", 2), year=2023),
        "YB406",
        "unknown",
        {"name": "avg_pension", "date": "2023-01-01"},
    ),
    (b.choose({NO: b.money(1)}), "YB408", "refused", {}),
    (b.divide(NUMBER, b.money(1), b.total(b.money(0))), "YB409", "refused", {}),
    (COUNT, "YB411", "refused", {"category": "outpatient", "period": "year"}),
    (table(NO, NO), "YB412", "refused", {"table": "table"}),
    (table(YES, NO, YES), "YB413", "refused", {"table": "table"}),
    (tiered(b.money(301)), "YB412", "refused", {"table": "tiers"}),
    (tiered(b.money(99), True), "YB412", "refused", {"table": "tiers"}),
    (b.start_of("status", "retired"), "YB401", "missing", {"name": "status"}),
    (b.shift(b.day("2200-12-31"), b.days(1)), "YB416", "refused", {"date": "2201-01-01"}),
    (FAR_BACK, "YB416", "refused", {"date": "2024-01-01"}),
    (b.word("posting_day"), "YB418", "refused", {}),
    (b.word("year_start"), "YB414", "missing", {}),
]


@pytest.mark.parametrize(("expr", "code", "kind", "arguments"), CASES)
def test_code(expr: Expr, code: str, kind: str, arguments: dict[str, str]) -> None:
    program = ValueProgram(expr)
    step = program.explain(Scenario({}), TODAY)
    for found in (program.run(Scenario({}), TODAY), step.value):
        assert isinstance(found, NoValue)
        assert (found.diagnostic.code, found.kind, found.arguments) == (code, kind, arguments)
        assert found.place is not None


@pytest.mark.parametrize(
    "expr",
    [
        b.TODAY,
        b.word("first_of_month"),
        b.param("avg_pension", *ROWS),
        b.param("avg_pension", *ROWS, back=1),
        core.DayOfYear(DATE, 1, b.AT, 7, 1, 0),
    ],
)
def test_a_date_is_needed(expr: Expr) -> None:
    program = ValueProgram(expr)
    for found in (program.run(Scenario({}), None), program.explain(Scenario({}), None).value):
        assert isinstance(found, NoValue) and found.diagnostic.code == "YB414"


def test_a_dated_fact_needs_a_date() -> None:
    known = b.knowing(base=(b.since(1, "2024-01-01"),))
    found = ValueProgram(b.fact("base")).run(known, None)
    assert isinstance(found, NoValue) and found.diagnostic.code == "YB414"


def test_several_rows_are_all_shown() -> None:
    found = ValueProgram(table(YES, NO, YES)).run(Scenario({}), TODAY)
    assert isinstance(found, NoValue)
    assert [note.text_key for note in found.diagnostic.notes] == ["also", "also"]


def test_a_param_without_an_end_needs_no_date() -> None:
    assert ValueProgram(b.param("avg_pension", b.row("", "", 7))).run(Scenario({}), None) == 7


def test_a_row_ends_when_the_next_begins() -> None:
    rows = b.row("2020-01-01", "", 1), b.row("2024-01-01", "", 2)
    expr = b.param("avg_pension", *rows)
    days = {date(2023, 12, 31): 1, date(2024, 1, 1): 2}
    assert {day: ValueProgram(expr).run(Scenario({}), day) for day in days} == days


def test_a_param_of_a_year() -> None:
    rows = b.row("2022-01-01", "", 1), b.row("2023-07-01", "2023-12-31", 2)
    same = b.row("2022-01-01", "2022-06-30", 5), b.row("2022-07-01", "", 5)
    assert ValueProgram(b.param("avg_pension", *rows, back=2)).run(Scenario({}), TODAY) == 1
    assert ValueProgram(b.param("avg_pension", *same, year=2022)).run(Scenario({}), TODAY) == 5


def test_a_given_param_of_a_year() -> None:
    expr = b.param("avg_pension", *ROWS, year=2023)
    dated = (b.since(8, "2023-01-01", "2023-12-31"), b.since(9, "2024-01-01"))
    changed = (b.since(8, "2023-01-01", "2023-06-30"), b.since(9, "2023-07-01"))
    gap = (b.since(8, "2023-01-01", "2023-06-30"), b.since(8, "2023-08-01"))
    program = ValueProgram(expr)
    assert program.run(b.knowing(["avg_pension"], avg_pension=7), TODAY) == 7
    assert program.run(b.knowing(["avg_pension"], avg_pension=dated), TODAY) == 8
    codes = [
        program.run(b.knowing(["avg_pension"], avg_pension=facts), TODAY).diagnostic.code
        for facts in (changed, gap)
    ]
    assert codes == ["YB407", "YB406"]


# ── Kleene ──


@pytest.mark.parametrize(
    ("expr", "expected", "looked_at"),
    [
        (b.every(b.fact("male"), NO), False, 2),
        (b.every(NO, b.fact("male")), False, 1),
        (b.either(b.fact("male"), YES), True, 2),
        (b.either(b.fact("male"), NO, YES, b.fact("male")), True, 3),
        (b.every(b.fact("male"), YES, NO, YES), False, 3),
        (b.every(b.fact("male"), YES), "YB401", 2),
        (b.every(YES, b.fact("male")), "YB401", 2),
        (b.either(b.fact("male"), NO, NO), "YB401", 3),
    ],
)
def test_a_junction_can_be_decided_without_all(
    expr: Expr, expected: object, looked_at: int
) -> None:
    step = ValueProgram(expr).explain(Scenario({}), TODAY)
    plain = ValueProgram(expr).run(Scenario({}), TODAY)
    shown = [v.diagnostic.code if isinstance(v, NoValue) else v for v in (plain, step.value)]
    assert shown == [expected, expected]
    assert len(step.steps) == looked_at


def test_the_first_failure_is_told() -> None:
    expr = b.every(b.fact("male"), b.compare(b.fact("base"), ">", b.money(0)))
    found = ValueProgram(expr).run(Scenario({}), TODAY)
    assert found.arguments == {"name": "male"}


# ── what is kept ──


def test_shared_definitions_are_evaluated_once() -> None:
    value = b.define("one", b.total(b.fact("base"), b.money(1)))
    for name in ("two", "three"):
        value = b.define(name, b.total(value, value))
    frame = b.knowing(base=1).frame(b.NAMES, TODAY)
    assert compile(value)(frame) == 8
    assert frame[b.slot("two")] == 4
    step = trace(value, b.knowing(base=1).frame(b.NAMES, TODAY))
    (total,) = step.steps
    assert step.value == 8
    assert total.steps[0] is total.steps[1]


def test_a_chain_of_doublings_is_short_work() -> None:
    names = (*(f"d{index}" for index in range(60)), "base")
    value: Expr = core.FactOf(MONEY, 1, b.AT, "base", 3 + 60)
    for index in range(60):
        value = core.Defined(
            MONEY, 1, b.AT, names[index], 3 + index, b.total(value, value), "", "", b.AT
        )
    known = b.knowing(base=1)
    assert compile(value)(known.frame(names, TODAY)) == 2**60
    assert trace(value, known.frame(names, TODAY)).value == 2**60
    with pytest.raises(NoValue):
        compile(value)(Scenario({}).frame(names, TODAY))
    assert trace(value, Scenario({}).frame(names, TODAY)).failed


def test_other_dates_of_other_dates_are_short_work() -> None:
    names = tuple(f"d{index}" for index in range(40))
    value: Expr = core.Constant(MONEY, 1, b.AT, 1)
    for index in range(40):
        one, two = b.as_of(value, b.day("2023-01-01")), b.as_of(value, b.day("2022-01-01"))
        value = core.Defined(
            MONEY, 1, b.AT, names[index], 3 + index, b.total(one, two), "", "", b.AT
        )
    assert compile(value)(Scenario({}).frame(names, TODAY)) == 2**40
    assert trace(value, Scenario({}).frame(names, TODAY)).value == 2**40


def test_a_failure_is_kept_and_told_again() -> None:
    value = b.define("one", b.fact("base"))
    frame = Scenario({}).frame(b.NAMES, TODAY)
    for _ in range(3):
        with pytest.raises(NoValue) as caught:
            compile(value)(frame)
        assert caught.value.arguments == {"name": "base"}
    assert isinstance(frame[b.slot("one")], NoValue)
    assert trace(value, frame).failed


def test_a_trace_serves_plain_evaluation_of_the_same_frame() -> None:
    value = b.define("one", b.fact("base"))
    for known, expected in ((b.knowing(base=4), 4), (Scenario({}), "YB401")):
        frame = known.frame(b.NAMES, TODAY)
        trace(value, frame)
        assert isinstance(frame[b.slot("one")], Step)
        try:
            assert compile(value)(frame) == expected
        except NoValue as why:
            assert why.diagnostic.code == expected


# ── size ──


def test_a_sum_of_five_thousand_terms() -> None:
    expr = b.total(*(b.money(index) for index in range(4_999)), b.fact("base"))
    program, known = ValueProgram(expr), b.knowing(base=1)
    expected = 4_999 * 4_998 // 2 + 1
    assert program.run(known, TODAY) == program.explain(known, TODAY).value == expected


def nested(levels: int) -> Expr:
    expr: Expr = b.fact("base")
    for level in range(levels):
        kind = level % 4
        if kind == 0:
            expr = b.total(expr, b.money(1))
        elif kind == 1:
            expr = b.extreme(True, expr, b.money(10**9))
        elif kind == 2:
            expr = b.choose({b.fact("male"): expr}, b.money(0))
        else:
            expr = b.rounded(b.share(b.rate(1, 1), expr))
    return expr


def test_a_hundred_levels() -> None:
    program, known = ValueProgram(nested(100)), b.knowing(base=1, male=True)
    assert program.run(known, TODAY) == program.explain(known, TODAY).value == 26


def test_products_of_rates_stay_exact() -> None:
    expr = b.times(MONEY, b.fact("base"), b.rate(1, 3), b.rate(1, 7), b.number(3))
    assert expr.denominator == 21
    assert ValueProgram(expr).run(b.knowing(base=100), TODAY) == 300
    dynamic = b.divide(RATE, b.fact("base"), b.fact("pension"))
    assert ValueProgram(dynamic).run(b.knowing(base=1, pension=3), TODAY) == Fraction(1, 3)
