"""The Python printer: its source, its arguments, what it leaves to the interpreter."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.program import build as b
from tests.program.strategies import Grower, days, known
from tests.program.test_codes import COUNT, nested, table, tiered
from yibaolang.language.source import Source
from yibaolang.language.syntax import Node
from yibaolang.model import core
from yibaolang.model.arms import Arm, FigurePlan, Prorated
from yibaolang.model.core import Expr, Written
from yibaolang.model.values import DATE, MONEY, NUMBER
from yibaolang.program.figure import FigureProgram, ValueProgram
from yibaolang.program.novalue import NoValue
from yibaolang.program.python import CannotPrint, arguments, compile_python, python_source

TODAY = date(2024, 6, 15)
RETIRED, ACTIVE = b.is_status("retired"), b.is_status("active")
PENSION = b.param("avg_pension", b.row("2023-01-01", "2023-12-31", 1), b.row("2024-01-01", "", 8))


def answer(expr: Expr, **facts: Any) -> Any:
    """The printed answer, which must be the interpreted one."""
    program = ValueProgram(expr)
    found = compile_python(program)(
        TODAY, *(facts.get(each.parameter) for each in arguments(program))
    )
    values = {name.removeprefix("given_"): value for name, value in facts.items()}
    interpreted = program.run(b.knowing(**values), TODAY)
    if isinstance(interpreted, NoValue):
        assert isinstance(found, NoValue)
        assert found.diagnostic == interpreted.diagnostic
        return found.diagnostic.code
    assert found == interpreted
    return found


def test_the_source_of_a_rule_reads_like_the_rule() -> None:
    plan = b.plan(
        b.arm(
            b.every(RETIRED, b.compare(b.AGE_NOW, ">=", b.years_old(70))),
            b.share(b.rate(1, 4), PENSION),
        ),
        b.arm(b.every(RETIRED, b.compare(b.AGE_NOW, "<", b.years_old(70))), b.money(1)),
        b.arm(ACTIVE, b.share(b.rate(1, 50), b.extreme(False, b.fact("base"), PENSION))),
    )
    lines = [line.strip() for line in python_source(plan).splitlines()]
    assert "def figure(asked, given_birth, given_status, given_base):" in lines
    assert "return 2" in lines
    assert "# test.yb:1:1: credit 2.5" in lines
    assert "if given_status == 'retired':" in lines
    assert "return ((its_bounded_2 + 25) // 50)" in lines
    figure = compile_python(plan)
    assert figure(TODAY, date(1954, 6, 15), "retired", None) == 2
    assert figure(TODAY, date(1954, 6, 16), "retired", None) == 1
    assert figure(TODAY, None, "active", 60_000) == 1200


def test_what_the_function_cannot_decide_is_interpreted() -> None:
    plan = b.plan(b.arm(RETIRED, b.share(b.rate(1, 50), b.fact("base"))))
    figure = compile_python(plan)
    cases = {
        (TODAY, None, 5000): "YB401",
        (TODAY, "active", 5000): "YB402",
        (TODAY, "retired", None): "YB401",
        (TODAY, "retired", -5000): "YB420",
        (None, "retired", 5000): 100,
        (date(2030, 1, 1), "retired", 5000): 100,
        (TODAY, "retired", 5000): 100,
    }
    for values, expected in cases.items():
        found = figure(*values)
        assert (found.diagnostic.code if isinstance(found, NoValue) else found) == expected


def test_a_param_that_changes_within_the_plan_is_looked_up() -> None:
    plan = b.plan(b.arm(None, PENSION), since=date(2023, 1, 1))
    figure = compile_python(plan)
    assert [figure(day) for day in (date(2023, 5, 5), TODAY)] == [1, 8]
    assert isinstance(figure(date(2022, 5, 5)), NoValue)
    last_year = b.param("avg_pension", *PENSION.rows, back=1)
    assert "return 1" in python_source(b.plan(b.arm(None, last_year)))
    either_year = b.plan(b.arm(None, last_year), until=date(2025, 6, 1))
    assert [compile_python(either_year)(d) for d in (TODAY, date(2025, 5, 1))] == [1, 8]


def test_tables() -> None:
    conditions = [RETIRED, b.every(ACTIVE, b.fact("male"))]
    assert answer(table(*conditions), given_status="retired", given_male=False) == 1
    assert answer(table(*conditions), given_status="active", given_male=True) == 1
    assert answer(table(*conditions), given_status="active", given_male=False) == "YB412"
    assert answer(table(RETIRED, RETIRED), given_status="retired") == "YB413"
    assert answer(table(*conditions)) == "YB401"
    values = [(RETIRED, b.money(1, 2)), (ACTIVE, b.fact("base"))]
    mixed = b.look_up([b.fact("status")], values)
    assert answer(mixed, given_status="active", given_base=3) == 6
    assert answer(mixed, given_status="retired") == 1
    assert answer(mixed, given_status="active") == "YB401"


@pytest.mark.parametrize(
    ("amount", "marginal", "whole"),
    [
        (99, "YB412", "YB412"),
        (100, 0, 200),
        (200, 200, 400),
        (201, 201, 201),
        (300, 300, 300),
        (301, "YB412", "YB412"),
    ],
)
def test_tiers(amount: int, marginal: object, whole: object) -> None:
    assert answer(tiered(b.fact("base")), given_base=amount) == marginal
    assert answer(tiered(b.fact("base"), True), given_base=amount) == whole


def test_open_tiers() -> None:
    expr = b.tiers(b.fact("base"), False, (None, 100, b.rate(1, 2)), (100, None, b.rate(1, 4)))
    assert [answer(expr, given_base=fen) for fen in (-4, 0, 100, 104)] == [-8, 0, 200, 204]
    step = ValueProgram(expr).explain(b.knowing(base=104), TODAY)
    assert isinstance(step.remark, tuple)
    assert [part for _, part in step.remark] == [100, 4]


def test_divisions_by_what_is_given() -> None:
    expr = b.times(MONEY, b.money(100), b.divide(NUMBER, b.fact("base"), b.fact("pension")))
    assert answer(expr, given_base=1, given_pension=3) == Fraction(100, 3)
    assert answer(expr, given_base=1, given_pension=0) == "YB409"
    plan = b.plan(b.arm(None, expr))
    assert compile_python(plan)(TODAY, 1, 3) == 33


def test_dates() -> None:
    year = core.DayOfYear(DATE, 1, b.AT, 2, 29, 1)
    assert answer(year) == date(2023, 2, 28)
    for name, expected in {
        "first_of_month": date(2024, 6, 1),
        "last_of_month": date(2024, 6, 30),
        "last_of_last_month": date(2024, 5, 31),
    }.items():
        assert answer(b.word(name)) == expected
    assert answer(b.word("posting_day")) == "YB418"
    late = b.shift(b.fact("birth"), b.months(12 * 300))
    assert answer(late, given_birth=TODAY) == "YB416"


@pytest.mark.parametrize("day", ["2024-02-28", "2023-02-28", "2023-03-01", "2024-02-29"])
def test_those_born_on_29_february(day: str) -> None:
    expr = b.elapsed("years", b.fact("birth"), b.day(day))
    expected = {"2024-02-28": 69, "2023-02-28": 69, "2023-03-01": 69, "2024-02-29": 70}
    born = date(1954, 3, 1) if day == "2023-02-28" else date(1954, 2, 28)
    assert answer(expr, given_birth=date(1956, 2, 29)) == expected[day] - 2
    assert isinstance(answer(expr, given_birth=born), int)


def test_a_thousand_terms_and_a_hundred_levels() -> None:
    many = b.total(*[b.fact("base")] * 5_000)
    assert answer(many, given_base=3) == 15_000
    sums: Expr = b.fact("base")
    for level in range(100):
        sums = b.total(b.times(MONEY, sums, b.number(1 + level % 2)), b.fact("pension"))
    assert answer(sums, given_base=1, given_pension=1)
    assert answer(nested(24), given_base=1, given_male=True) == 7


def test_so_many_choices_inside_each_other_are_left_to_the_interpreter() -> None:
    expr: Expr = b.fact("base")
    for _ in range(60):
        expr = b.choose({b.fact("male"): expr}, b.money(0))
    with pytest.raises(CannotPrint, match="so deep a choice") as caught:
        python_source(ValueProgram(expr))
    assert caught.value.written is b.AT


@pytest.mark.parametrize(
    ("expr", "what"),
    [
        (COUNT, "a count"),
        (b.as_of(b.AGE_NOW, b.word("first_of_month")), "a value on another date"),
        (b.word("year_start"), "the start of the year"),
    ],
)
def test_what_cannot_be_printed(expr: Expr, what: str) -> None:
    with pytest.raises(CannotPrint, match=what):
        compile_python(ValueProgram(expr))


def test_a_figure_that_is_no_money_cannot_be_printed() -> None:
    with pytest.raises(CannotPrint, match="no money"):
        python_source(b.plan(b.arm(None, b.fact("birth"), rounding=None)))


def test_texts_of_a_document_stay_texts() -> None:
    evil = "x'\n    raise SystemExit\n'\\\r\x0c\u2028"
    choice = core.Constant(b.STATUS, 1, b.AT, evil)
    named = core.FactOf(MONEY, 1, b.AT, evil, 3)
    source = Source.of(evil, f"{evil}\n" * 3)
    at = Written(source, Node((0, 40)))
    guard = b.compare(b.fact("status"), "=", choice)
    fixed = core.Defined(MONEY, 1, at, evil, 4, b.total(named, b.money(1)), "", "", at)
    rule = Arm(guard, fixed, False, "", "", b.when(), None, b.arm(None, fixed).rounding, b.rule(at))
    plan = b.plan(rule)
    names = [each.parameter for each in arguments(plan)]
    assert names == ["given_3", "given_status"]
    figure = compile_python(plan)
    assert figure(TODAY, 4, evil) == 5
    assert isinstance(figure(TODAY, 4, "other"), NoValue)


def test_a_long_chain_of_definitions() -> None:
    names = [f"d{index}" for index in range(100)]
    value: Expr = core.FactOf(MONEY, 1, b.AT, "base", 3)
    for index, name in enumerate(names):
        more = b.extreme(False, b.total(b.times(MONEY, value, b.number(1)), b.money(1)), b.money(0))
        value = core.Defined(MONEY, 1, b.AT, name, 4 + index, more, "", "", b.AT)
    program = ValueProgram(value)
    assert program.run(b.knowing(base=5), TODAY) == 105
    assert program.explain(b.knowing(base=5), TODAY).value == 105
    with pytest.raises(CannotPrint, match="so deep an expression"):
        compile_python(program)


def test_names_that_look_alike_stay_apart() -> None:
    wide = core.FactOf(MONEY, 1, b.AT, "\uff21", 3)
    narrow = core.FactOf(MONEY, 1, b.AT, "A", 4)
    both = ValueProgram(b.total(wide, narrow, signs=(1, -1)))
    assert [each.parameter for each in arguments(both)] == ["given_3", "given_A"]
    assert compile_python(both)(TODAY, 7, 2) == 5


# ── any figure ──


def grown_arm(grower: Grower, index: int) -> Arm:
    at = grower.pick(
        b.when(),
        b.when("monthly", "day", day=grower.pick(1, 20, 31)),
        b.when("monthly", "word", word=grower.pick("first_of_month", "last_of_month")),
        b.when("monthly", assessed=grower.pick("first_of_month", "last_of_last_month")),
        b.when("yearly", "monthday", 7, 1, assessed=grower.pick("", "year_start")),
        b.when("yearly", "word", word="year_start", year=(7, 1)),
    )
    start = grower.pick(b.fact("enrolled"), b.start_of("status", "retired"), b.shift(b.TODAY))
    prorated = Prorated(grower.pick(True, False), start) if grower.pick(True, False) else None
    guard = grower.pick(None, grower.truth(1), RETIRED, ACTIVE, grower.truth(0))
    amount: Expr = grower.money(1)
    if grower.pick(True, True, False):
        amount = b.extreme(False, amount, b.money(0))
    return b.arm(
        guard,
        grower.pick(amount, amount, amount, b.absent(grower.pick("unknown", "none"))),
        exception=grower.count(0, 4) == 0,
        stream=grower.pick("", "", "extra") if index else "",
        at=at,
        prorated=prorated,
        rounding=(grower.pick("half_up", "half_even", "up", "down"), grower.pick(1, 1, 10)),
        because="so it is",
    )


@st.composite
def plans(draw: st.DrawFn) -> FigurePlan:
    grower = Grower(draw)
    arms = [grown_arm(grower, index) for index in range(grower.count(0, 3))]
    since, until = date(2024, 1, 1), date(2024, 12, 31)
    return b.plan(
        *arms,
        since=grower.pick(since, since, None),
        until=grower.pick(until, until, None),
        exclusive=grower.pick(True, True, False),
    )


def told(found: Any) -> Any:
    return found.diagnostic if isinstance(found, NoValue) else found


@given(plans(), known(), st.one_of(st.none(), days), st.dates(date(2023, 12, 1), date(2025, 1, 31)))
@settings(max_examples=800, deadline=None)
def test_any_figure(
    plan: FigurePlan, facts: dict[str, b.Given], start: date | None, asked: date
) -> None:
    program = FigureProgram(plan)
    values: list[Any] = []
    asked_for = {each.name for each in arguments(plan) if each.start_of is None}
    dated: dict[str, Any] = {name: facts[name] for name in facts if name in asked_for}
    status = dated.get("status")
    for each in arguments(plan):
        values.append(facts.get(each.name) if each.start_of is None else start)
        if each.start_of is not None and start is not None:
            before = date.fromordinal(start.toordinal() - 1).isoformat()
            day = start.isoformat()
            dated["status"] = (
                *([b.since("active", "1900-01-01", before)] if status == "active" else []),
                b.since("retired", day),
            )
    scenario = b.knowing(**dated)
    plain, explained = program.run(scenario, asked), program.explain(scenario, asked)
    assert told(plain.amount) == told(explained.amount)
    assert [each[:7] for each in plain.chosen] == [each[:7] for each in explained.chosen]
    assert told(compile_python(plan)(asked, *values)) == told(plain.amount)
