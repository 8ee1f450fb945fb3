"""Plans: arms and intervals of a region, and the params that it sees on a day."""

from datetime import date

import pytest

from yibaolang.engine.rulebook import read
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.model import core
from yibaolang.model.building import build
from yibaolang.model.core import FIRST
from yibaolang.model.loading import prelude, prelude_names
from yibaolang.model.plan import Plans

DAY = date(2024, 6, 20)


def plans(text: str, region: str = "", uses: dict[str, str] | None = None) -> Plans:
    document, problems = parse(Source.of("a.yb", text), prelude_names())
    assert problems == []
    book, unfitting = build([prelude(), document])
    assert unfitting == []
    return Plans(book, region, uses or {})


VERSIONS = (
    "region 全国\nsince 2020-01-01\ncredit 1元 monthly\nregion 山东 under 全国\n"
    "since 2023-01-01 until 2023-12-31\ncredit 2元 monthly\nsince 2024-01-01\ncredit 3元 monthly\n"
    "param x: money\n2024-03-01 5元"
)


def test_the_interval_around_a_day_ends_where_anything_of_the_region_changes() -> None:
    found = plans(VERSIONS, "山东")
    assert found.interval(date(2019, 5, 1)) == (None, date(2019, 12, 31))
    assert found.interval(date(2022, 5, 1)) == (date(2020, 1, 1), date(2022, 12, 31))
    assert found.interval(date(2023, 5, 1)) == (date(2023, 1, 1), date(2023, 12, 31))
    assert found.interval(date(2024, 2, 29)) == (date(2024, 1, 1), date(2024, 2, 29))
    assert found.interval(DAY) == (date(2024, 3, 1), None)
    assert found.interval(None) == (None, None)


def test_a_day_in_each_interval_of_a_span() -> None:
    found = plans(VERSIONS, "山东")
    assert list(found.between(date(2023, 6, 1), DAY)) == [
        date(2023, 6, 1), date(2024, 1, 1), date(2024, 3, 1),
    ]  # fmt: skip
    assert list(found.between(DAY, DAY)) == [DAY]
    assert list(found.between(DAY, date(2024, 6, 19))) == []


def test_a_plan_is_made_once_an_interval() -> None:
    found = plans(VERSIONS, "山东")
    assert found.figure("credit", DAY) is found.figure("credit", date(2025, 1, 1))
    assert found.figure("credit", DAY) is not found.figure("credit", date(2024, 1, 1))
    assert found.figure("credit", DAY) is not found.figure("deduct", DAY)


@pytest.mark.parametrize(
    ("day", "fen", "region"),
    [
        (date(2019, 1, 1), None, ""),
        (date(2022, 12, 31), 100, "全国"),
        (date(2023, 1, 1), 200, "山东"),
        (date(2024, 1, 1), 300, "山东"),
    ],
)
def test_the_arms_in_force(day: date, fen: int | None, region: str) -> None:
    arms = plans(VERSIONS, "山东").figure("credit", day).arms
    found = [
        (arm.amount.value, arm.rule.region) for arm in arms if isinstance(arm.amount, core.Constant)
    ]
    assert found == ([] if fen is None else [(fen, region)])


def test_what_an_arm_says() -> None:
    text = (
        "region 山东\nyear from 07-01\nround down to 0.1元\n"
        'since 2024-01-01 as "C18" cite "a" attested "B"\n'
        "except when retired credit 5元 yearly on 07-15 to carried as extra "
        'prorated from month after retired_on assessed on year start because "why"\n'
        'deduct 3元 monthly on day 20 for "大额互助" cite "b" attested "C"'
    )
    found = plans(text, "山东")
    (arm,) = found.figure("credit", DAY).arms
    assert (arm.exception, arm.stream, arm.bucket) == (True, "extra", "carried")
    when = arm.when
    assert (when.frequency, when.day_kind, when.month, when.day, when.assessed) == (
        "yearly", "monthday", 7, 15, "year_start",
    )  # fmt: skip
    assert (when.year_month, when.year_day) == (7, 1)
    assert arm.prorated is not None and arm.prorated.month_after
    assert arm.rounding is not None
    assert (arm.rounding.mode, arm.rounding.unit_fen) == ("down", 10)
    rule = arm.rule
    assert (rule.region, rule.version, rule.cite, rule.attested, rule.because) == (
        "山东", "C18", "a", "B", "why",
    )  # fmt: skip
    deduction = found.figure("deduct", DAY)
    assert not deduction.exclusive
    assert (deduction.arms[0].stream, deduction.arms[0].rule.cite) == ("大额互助", "b")


def test_slots_are_the_same_for_every_plan_of_a_region() -> None:
    found = plans("male credit pension\nfemale deduct pension")
    credit, deduct = (found.figure(kind, DAY).arms[0].amount for kind in ("credit", "deduct"))
    assert isinstance(credit, core.FactOf) and isinstance(deduct, core.FactOf)
    assert credit.slot == deduct.slot
    assert found.slot_names()[credit.slot - FIRST] == "pension"


@pytest.mark.parametrize(
    "text",
    [
        "region 甲\nround down to 1元\nround half up to 1元\ncredit 5元",
        "region 甲\nyear from 07-01\nyear from 08-01\ncredit 5元",
    ],
)
def test_one_rounding_and_one_year_must_hold(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        read(text).figure("credit", region="甲", on=DAY)
    (problem,) = caught.value.diagnostics
    assert problem.place is not None
    assert (problem.code, problem.place.line) == ("YB306", 2)


def test_a_requirement_has_a_guard_a_condition_and_a_rule() -> None:
    text = (
        'male require age >= 60 for lifetime_benefit because "why"\nrequire pooled for 终身医保待遇'
    )
    found = plans(text).provisions("require lifetime_benefit", DAY)
    assert [(each.guard is None, each.rule.because) for each in found] == [
        (False, "why"), (True, ""),
    ]  # fmt: skip
    assert [each.expressions()[0].type.kind for each in found] == ["truth", "truth"]


def test_the_end_of_waiting() -> None:
    text = "wait until first of next month after enrolled_on for cover unless emergency"
    (arm,) = plans(text).figure("wait cover", DAY).arms
    assert arm.rounding is None
    assert isinstance(arm.amount, core.Choose)


# ── params ──

PARAMS = """
region 全国
param x: money
2022-01-01 10元
2023-01-01 20元
2023-07-01 until 2023-12-31 25元
2024-03-01 unknown
2025-01-01 none
credit x
region 山东 under 全国
param x
2024-01-01 until 2024-06-30 0.005元
2024-07-01 1元
credit x * 200
region 北京 under 全国
"""


@pytest.mark.parametrize(
    ("day", "country", "shandong"),
    [
        ("2021-12-31", "YB406", "YB406"),
        ("2022-01-01", "10.00元", "YB406"),
        ("2023-06-30", "20.00元", "YB406"),
        ("2023-07-01", "25.00元", "YB406"),
        ("2023-12-31", "25.00元", "YB406"),
        ("2024-01-01", "YB406", "1.00元"),
        ("2024-02-29", "YB406", "1.00元"),
        ("2024-03-01", "YB404", "1.00元"),
        ("2024-06-30", "YB404", "1.00元"),
        ("2024-07-01", "YB404", "200.00元"),
        ("2025-01-01", "YB405", "200.00元"),
    ],
)
def test_a_param_on_a_day(day: str, country: str, shandong: str) -> None:
    for region, expected in (("全国", country), ("北京", country), ("山东", shandong)):
        assert figure(PARAMS, region, day) == expected


def figure(text: str, region: str, day: str) -> str:
    try:
        return str(read(text).figure("credit", region=region, on=day))
    except Refusal as refusal:
        return refusal.diagnostics[0].code


@pytest.mark.parametrize(
    ("amount", "day", "expected"),
    [
        ("x in 2022", "2024-06-20", "10.00元"),
        ("x in 2023", "2024-06-20", "YB407"),
        ("x in 2021", "2024-06-20", "YB406"),
        ("x in 2024", "2024-06-20", "YB406"),
        ("x in 2026", "2024-06-20", "YB405"),
        ("x of last year", "2023-06-20", "10.00元"),
        ("x of year before last", "2024-06-20", "10.00元"),
        ("x of last year", "2024-06-20", "YB407"),
        ("x as of 2023-12-31", "2024-06-20", "25.00元"),
        ("x as of 12-31 of last year", "2024-06-20", "25.00元"),
        ("2% of x of year before last", "2024-06-20", "0.20元"),
    ],
)
def test_a_param_in_a_year(amount: str, day: str, expected: str) -> None:
    assert figure(PARAMS + f"region 丙 under 全国\ncredit {amount}", "丙", day) == expected


def test_the_rows_share_a_denominator_and_are_in_order() -> None:
    document, _ = parse(
        Source.of(
            "a.yb",
            "param x: rate\n2024-01-01 3%\n2023-01-01 1/12\n2022-01-01 unknown\ncredit x of 1元",
        ),
        prelude_names(),
    )
    book, _ = build([prelude(), document])
    (arm,) = Plans(book, "", {}).figure("credit", DAY).arms
    assert isinstance(arm.amount, core.Multiply)
    param = arm.amount.factors[0]
    assert isinstance(param, core.Published)
    assert param.denominator == 300
    assert [row.since.year for row in param.rows if row.since] == [2022, 2023, 2024]
    assert [row.value for row in param.rows][1:] == [25, 9]
    assert isinstance(param.rows[0].value, core.Absent)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("param x: money\n2024-01-01 5%\ncredit x", "YB202"),
        ("param x\n2024-01-01 5元\n2025-01-01 5%\ncredit x", "YB202"),
        ("param x\ncredit x", "YB110"),
        ("param x\n2024-01-01 unknown\ncredit x", "YB110"),
        ("param x: nope\n2024-01-01 5元\ncredit x", "YB206"),
    ],
)
def test_the_values_of_a_param_have_one_type(text: str, code: str) -> None:
    assert figure(text, "", "2024-06-20") == code


def test_a_param_without_a_type_has_that_of_its_first_value() -> None:
    assert (
        figure("param x\n2023-01-01 unknown\n2024-01-01 5元\ncredit x", "", "2024-06-20")
        == "5.00元"
    )
