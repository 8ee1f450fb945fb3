"""Frames, dated facts, and evaluation on other dates."""

import copy
import pickle
from datetime import date

import pytest

from tests.program import build as b
from yibaolang.model.core import Expr
from yibaolang.model.values import AGE, MONEY
from yibaolang.program.closures import compile
from yibaolang.program.figure import ValueProgram
from yibaolang.program.frame import (
    FIRST,
    UNSET,
    DatedFact,
    Given,
    Scenario,
    fact_on,
    frame_on,
    start_of,
)
from yibaolang.program.novalue import NoValue

TODAY = date(2024, 6, 15)


def code(value: object) -> str:
    assert isinstance(value, NoValue)
    return value.diagnostic.code


def test_a_frame_holds_dates_then_slots() -> None:
    known = b.knowing(birth=date(1950, 1, 1))
    frame = known.frame(("birth", "base"), TODAY, date(2024, 6, 20), date(2024, 1, 1))
    assert frame[:FIRST] == [TODAY, date(2024, 6, 20), date(2024, 1, 1)]
    assert frame[FIRST:-1] == [date(1950, 1, 1), UNSET]


def test_a_dated_fact_holds_on_its_days_both_inclusive() -> None:
    known = b.knowing(base=(b.since(1, "2024-01-01", "2024-06-15"), b.since(2, "2024-06-16")))
    names = ("base",)
    days = [date(2023, 12, 31), date(2024, 1, 1), TODAY, date(2024, 6, 16)]
    assert [known.frame(names, day)[FIRST] for day in days] == [UNSET, 1, 1, 2]


def test_the_latest_to_begin_holds_whatever_the_order() -> None:
    facts = (b.since(2, "2024-01-01"), DatedFact(1), b.since(3, "2024-06-01", "2024-06-30"))
    for order in (facts, facts[::-1]):
        found = fact_on(order, TODAY)
        assert found is not None and found.value == 3


def test_without_a_day_only_undated_facts_hold() -> None:
    known = b.knowing(base=(DatedFact(1), b.since(2, "2024-01-01")))
    assert known.frame(("base",), None)[FIRST] == 1
    dated = b.knowing(base=(b.since(2, "2024-01-01"),))
    assert dated.frame(("base",), None)[FIRST] is UNSET


def test_an_override_is_marked() -> None:
    frame = b.knowing(["avg_pension"], avg_pension=4).frame(("avg_pension",), TODAY)
    assert isinstance(frame[FIRST], Given) and frame[FIRST].undated


def test_a_copy_of_a_scenario_meets_other_names() -> None:
    known = b.knowing(birth=date(1950, 1, 1))
    known.frame(("birth",), TODAY)
    for other in (pickle.loads(pickle.dumps(known)), copy.deepcopy(known)):
        assert other.frame(("base", "birth"), TODAY)[FIRST:-1] == [UNSET, date(1950, 1, 1)]


def test_unset_and_no_value_survive_pickling() -> None:
    assert pickle.loads(pickle.dumps(UNSET)) is UNSET
    found = ValueProgram(b.fact("base")).run(Scenario({}), TODAY)
    again = pickle.loads(pickle.dumps(found))
    assert (code(again), again.arguments) == ("YB401", {"name": "base"})


# ── start of ──


def test_start_is_of_the_period_that_holds_today() -> None:
    facts = (
        b.since("retired", "2010-01-01", "2012-12-31"),
        b.since("active", "2013-01-01", "2013-12-31"),
        b.since("retired", "2014-07-01"),
    )
    starts = {
        date(2011, 1, 1): date(2010, 1, 1),
        date(2013, 5, 1): date(2014, 7, 1),
        TODAY: date(2014, 7, 1),
    }
    for today, start in starts.items():
        assert start_of(facts, "retired", today) == start


def test_periods_that_follow_each_other_are_one() -> None:
    facts = (b.since("retired", "2014-01-01"), b.since("retired", "2010-01-01", "2013-12-31"))
    assert start_of(facts, "retired", TODAY) == date(2010, 1, 1)


def test_a_start_without_a_day_needs_a_single_period() -> None:
    one = (b.since("retired", "2014-01-01"),)
    two = (b.since("retired", "2010-01-01", "2011-01-01"), *one)
    assert start_of(one, "retired", None) == date(2014, 1, 1)
    assert start_of(two, "retired", None) is None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "YB401"),
        ({"status": "retired"}, "YB415"),
        ({"status": (b.since("active", "2010-01-01"),)}, "YB415"),
        ({"status": (b.since("retired", "2010-01-01"),)}, date(2010, 1, 1)),
    ],
)
def test_start_of(facts: dict[str, tuple[DatedFact, ...]], expected: object) -> None:
    found = ValueProgram(b.start_of("status", "retired")).run(b.knowing(**facts), TODAY)
    assert found == expected if isinstance(expected, date) else code(found) == expected


# ── other dates ──


def on(expr: Expr, day: str, **facts: b.Given | tuple[DatedFact, ...]) -> object:
    program = ValueProgram(b.as_of(expr, b.day(day)))
    plain = program.run(b.knowing(**facts), TODAY)
    traced = program.explain(b.knowing(**facts), TODAY).value
    if isinstance(plain, NoValue):
        assert code(traced) == code(plain)
        return code(plain)
    assert traced == plain
    return plain


def test_a_definition_on_another_date_sees_that_date() -> None:
    born = date(1954, 6, 16)
    assert on(b.AGE_NOW, "2024-06-16", birth=born) == 70
    assert on(b.AGE_NOW, "2024-06-15", birth=born) == 69


def test_a_dated_fact_on_another_date() -> None:
    base = (b.since(100, "2023-01-01", "2023-12-31"), b.since(200, "2024-01-01"))
    assert on(b.fact("base"), "2023-05-01", base=base) == 100
    assert on(b.fact("base"), "2022-05-01", base=base) == "YB401"


def test_posting_day_and_year_start_on_another_date() -> None:
    expr = b.as_of(b.word("year_start"), b.day("2023-02-01"))
    program = ValueProgram(expr)
    assert program.run(Scenario({}), TODAY, date(2023, 7, 1)) == date(2022, 7, 1)
    assert code(program.run(Scenario({}), TODAY)) == "YB414"


def test_the_same_date_is_the_same_frame_and_others_are_made_once() -> None:
    frame = Scenario({}).frame(("base",), TODAY)
    other = frame_on(frame, date(2023, 1, 1))
    assert frame_on(frame, date(2023, 1, 1)) is other
    assert frame_on(other, TODAY) is frame
    assert frame_on(other, date(2023, 1, 1)) is other


def test_an_undated_override_of_a_definition_is_only_for_the_day_asked() -> None:
    known = b.knowing(["age"], age=72)
    there = ValueProgram(b.as_of(b.AGE_NOW, b.day("2023-01-01")))
    here = ValueProgram(b.as_of(b.AGE_NOW, b.day(TODAY.isoformat())))
    back = ValueProgram(b.as_of(b.as_of(b.AGE_NOW, b.day(TODAY.isoformat())), b.day("2020-01-01")))
    for program in (there, here, back):
        traced, plain = program.explain(known, TODAY).value, program.run(known, TODAY)
        if program is there:
            assert code(plain) == code(traced) == "YB419"
        else:
            assert plain == traced == 72
    dated = b.knowing(["age"], age=(b.since(71, "2022-01-01", "2023-06-30"),))
    assert there.run(dated, TODAY) == 71


def test_a_fact_for_a_definition_is_only_for_the_day_asked() -> None:
    expr = b.as_of(b.total(b.instead("age", AGE), b.years_old(1)), b.day("2023-01-01"))
    known = b.knowing(age=72)
    assert code(ValueProgram(expr).run(known, TODAY)) == "YB419"
    assert ValueProgram(b.instead("age", AGE)).run(known, TODAY) == 72


def test_an_undated_override_of_a_param_holds_on_all_dates() -> None:
    rows = b.row("2024-01-01", "", 310_000)
    expr = b.as_of(b.param("avg_pension", rows), b.day("2020-01-01"))
    known = b.knowing(["avg_pension"], avg_pension=400_000)
    assert ValueProgram(expr).run(known, TODAY) == 400_000
    assert ValueProgram(expr).explain(known, TODAY).value == 400_000


def test_an_override_comes_over_the_denominator_of_its_definition() -> None:
    part = b.define("half", b.share(b.rate(1, 40), b.money(1001)))
    known = b.knowing(["half"], half=25)
    program = ValueProgram(b.total(part, part, signs=(1, 1)))
    assert program.expr.denominator == 40
    assert program.run(known, TODAY) == 2 * 25 * 40
    assert program.explain(known, TODAY).value == 2 * 25 * 40
    assert compile(b.instead("half", MONEY))(known.frame(b.NAMES, TODAY)) == 25
