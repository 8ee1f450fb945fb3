"""Figures: what is posted when, which rule is taken, and why there is none."""

from datetime import date

import pytest

from yibaolang.engine.asked import Asked
from yibaolang.engine.figures import FigurePrograms, Questions
from yibaolang.engine.given import known
from yibaolang.engine.rulebook import read
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.source import Source
from yibaolang.model.core import Written

DECLARED = "input joined: truth\n"


def figure(text: str, given: str = "", name: str = "credit", **when: object) -> str:
    """A figure as it is printed, or the code of its refusal."""
    try:
        return str(read(DECLARED + text).figure(name, given=given, **when))
    except Refusal as refusal:
        return refusal.diagnostics[0].code


# ── the birthday month, by hand: 100元 before 70, 125元 from then on ──

BY_AGE = "age >= 70 credit 125元 monthly {}\nage < 70 credit 100元 monthly {}"
BORN = "birth 1954-06-15"


@pytest.mark.parametrize(
    ("when", "june", "june_14", "june_15", "july", "year", "span"),
    [
        ("", "YB410", "100", "125", "125", "YB410", "YB410"),
        ("assessed on first of month", "100", "100", "100", "125", "1350", "225"),
        ("assessed on last of month", "125", "125", "125", "125", "1375", "250"),
        ("assessed on last of last month", "100", "100", "100", "125", "1350", "225"),
        ("on day 20", "125", "125", "125", "125", "1375", "250"),
        ("on day 10", "100", "100", "100", "125", "1350", "225"),
        ("by day 5", "100", "100", "100", "125", "1350", "125"),
        ("on day 20 assessed on last of last month", "100", "100", "100", "125", "1350", "225"),
        ("on day 5 assessed on last of month", "125", "125", "125", "125", "1375", "125"),
        ("on day 31 assessed on posting day", "125", "125", "125", "125", "1375", "125"),
        ("on first of month", "100", "100", "100", "125", "1350", "125"),
        ("on last of month", "125", "125", "125", "125", "1375", "125"),
    ],
)
def test_readings_of_the_birthday_month(
    when: str, june: str, june_14: str, june_15: str, july: str, year: str, span: str
) -> None:
    """The span is 10 June to 20 July: what is posted on its days, of months without a day both."""
    text = BY_AGE.format(when, when)
    asked: list[dict[str, object]] = [
        {"on": "2024-06"}, {"on": "2024-06-14"}, {"on": "2024-06-15"}, {"on": "2024-07"},
        {"in_year": 2024}, {"first": "2024-06-10", "last": "2024-07-20"},
    ]  # fmt: skip
    found = [figure(text, BORN, **each) for each in asked]
    expected = [june, june_14, june_15, july, year, span]
    assert found == [each if each.startswith("YB") else f"{each}.00元" for each in expected]


def test_two_readings_of_a_month_are_both_said() -> None:
    with pytest.raises(Refusal) as caught:
        read(BY_AGE.format("", "")).figure("credit", given=BORN, on="2024-06")
    (problem,) = caught.value.diagnostics
    said = dict(problem.arguments)
    assert (said["first"].en, said["last"].en, said["month"]) == ("100.00元", "125.00元", "2024-06")


def test_a_month_that_the_person_only_partly_has_a_rule_in() -> None:
    text = "age >= 70 credit 125元 monthly"
    assert figure(text, BORN, on="2024-06") == "YB410"
    assert figure(text, BORN, on="2024-05") == "YB402"


# ── yearly, once, prorated ──

LUMP = "retired credit 1200元 yearly on 07-01 prorated from month {} retired_on"


@pytest.mark.parametrize(
    ("word", "retired", "on", "expected"),
    [
        ("after", "2020-01-01", "2024-06-30", "1200.00元"),
        ("after", "2024-03-10", "2024-07-01", "900.00元"),  # April to December: 9 of 12
        ("of", "2024-03-10", "2024-07-01", "1000.00元"),  # March to December: 10 of 12
        ("after", "2024-08-15", "2024-12-31", "400.00元"),  # September to December
        ("of", "2024-08-15", "2024-12-31", "500.00元"),
        ("after", "2024-08-15", "2024-07-31", "YB402"),
        ("after", "2024-12-31", "2024-12-31", "YB402"),
        ("of", "2024-12-31", "2024-12-31", "100.00元"),
        ("after", "2024-12-31", "2025-01-01", "1200.00元"),
    ],
)
def test_a_lump_sum_for_part_of_a_year(word: str, retired: str, on: str, expected: str) -> None:
    assert figure(LUMP.format(word), f"retired since {retired}", on=on) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-06-30", "300.00元"),  # July 2023 to June 2024, of which April to June
        ("2024-07-01", "1200.00元"),
        ("2025-06-30", "1200.00元"),
    ],
)
def test_a_part_of_an_insurance_year_from_july(on: str, expected: str) -> None:
    text = "region 甲\nyear from 07-01\n" + LUMP.format("after")
    assert figure(text, "retired since 2024-03-10", region="甲", on=on) == expected


def test_yearly_and_monthly_in_a_year() -> None:
    yearly = "retired credit 1200元 yearly on 07-01"
    assert figure(yearly, "retired", in_year=2024) == "1200.00元"
    assert figure(yearly, "retired", first="2024-07-01", last="2024-07-01") == "1200.00元"
    assert figure(yearly, "retired", first="2024-07-02", last="2024-12-31") == "0.00元"
    assert figure(yearly, "retired", first="2023-07-01", last="2024-07-01") == "2400.00元"
    both = "active credit 10元 monthly on day 20\nretired credit 1200元 yearly on 01-01"
    given = "active until 2024-06-30, retired since 2024-07-01"
    assert figure(both, given, on="2024-06") == "10.00元"


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2024-01-01", "2024-12-31", "30.00元"),
        ("2024-03-01", "2024-12-31", "20.00元"),
        ("2024-01-01", "2024-03-31", "10.00元"),
        ("2024-02-01", "2024-03-31", "0.00元"),
    ],
)
def test_yearly_postings_of_one_year_have_days_of_their_own(
    first: str, last: str, expected: str
) -> None:
    text = 'deduct 10元 yearly on 01-10 for "a"\ndeduct 20元 yearly on 06-01 for "b"'
    assert figure(text, "retired", "deduct", first=first, last=last) == expected


def test_a_refused_month_stays_refused_though_another_posting_is_outside() -> None:
    text = "retired credit 10元 monthly on day 10\nactive credit 5元 monthly on day 20 as 加发"
    whole = {"first": "2024-05-01", "last": "2024-05-31"}
    assert figure(text, "retired", **whole) == "YB402"
    assert figure(text, "retired", first="2024-05-12", last="2024-05-31") == "YB402"


@pytest.mark.parametrize("schedule", ["", "once", "once on 05-01", "yearly"])
def test_without_a_day_there_is_no_total(schedule: str) -> None:
    assert figure(f"retired credit 10元 {schedule}", "retired", in_year=2024) == "YB421"
    assert figure(f"retired credit 10元 {schedule}", "retired", on="2024-05") == "10.00元"


def test_every_month_of_a_total_must_have_its_rule() -> None:
    text = "retired credit 100元 monthly on day 20"
    assert figure(text, "retired", in_year=2024) == "1200.00元"
    given = "active until 2024-03-31, retired since 2024-04-01"
    assert figure(text, given, in_year=2024) == "YB402"
    assert figure(text, given, first="2024-04-01", last="2024-12-31") == "900.00元"
    zero = text + "\nactive credit 0元 monthly on day 20"
    assert figure(zero, given, in_year=2024) == "900.00元"


def test_versions_follow_the_posting_date() -> None:
    text = (
        "region 甲\nsince 2024-01-01 until 2024-06-30\ncredit 1元 monthly on day 20\n"
        "since 2024-07-01\ncredit 2元 monthly on day 20"
    )
    days = ("2024-06-30", "2024-07-01", "2024-06", "2024-07")
    found = [figure(text, region="甲", on=day) for day in days]
    assert found == ["1.00元", "2.00元", "1.00元", "2.00元"]
    assert figure(text, region="甲", in_year=2024) == "18.00元"
    assert figure(text, region="甲", on="2023-12-31") == "YB402"


# ── deductions, net credit, streams ──

NET = (
    'retired credit 100元 monthly\ndeduct 3元 monthly for "大额"\n'
    'retired deduct 12元 yearly on 01-01 for "年费"'
)


@pytest.mark.parametrize(
    ("name", "year", "span"),
    [
        ("credit", "1200.00元", "300.00元"),
        ("deduct", "48.00元", "9.00元"),  # 12 × 3 and 12; the yearly one is posted in January
        ("net credit", "1152.00元", "291.00元"),
        ("净划入", "1152.00元", "291.00元"),
    ],
)
def test_deductions_and_what_is_left(name: str, year: str, span: str) -> None:
    assert figure(NET, "retired", name, in_year=2024) == year
    assert figure(NET, "retired", name, first="2024-02-15", last="2024-04-15") == span


def test_no_deduction_is_zero_and_no_credit_is_refused() -> None:
    text = 'retired credit 5元 monthly\nretired deduct 1元 monthly for "x"'
    assert figure(text, "active", "deduct", on="2024-06") == "0.00元"
    assert figure(text, "active", on="2024-06") == "YB402"
    assert figure(text, "active", "net credit", on="2024-06") == "YB402"


def test_each_stream_has_one_rule() -> None:
    text = "retired credit 100元 monthly\nmale credit 20元 monthly as extra"
    assert figure(text, "retired, male", on="2024-06") == "120.00元"
    assert figure(text, "retired, female", on="2024-06") == "YB402"
    assert figure(text, "active, male", on="2024-06") == "YB402"
    assert figure(text, "male", on="2024-06") == "YB401"


def test_amounts_are_rounded_by_stream_before_they_are_added() -> None:
    text = "credit 1元 / 3 monthly\ncredit 1元 / 3 monthly as b\ncredit 1元 / 3 monthly as c"
    assert figure(text, on="2024-06") == "0.99元"
    down = "region 甲\nround down to 1元\n" + text
    assert figure(down, region="甲", on="2024-06") == "0.00元"


# ── which rule ──

EXCEPTIONS = (
    "retired credit 100元 monthly\nexcept when male credit 1元 monthly\n"
    "except when joined credit 2元 monthly"
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("retired, female, not joined", "100.00元"),
        ("retired, male, not joined", "1.00元"),
        ("active, male, not joined", "1.00元"),
        ("retired, male, joined", "YB403"),
        ("retired, male", "YB401"),
        ("active, female, not joined", "YB402"),
    ],
)
def test_an_exception_comes_first(given: str, expected: str) -> None:
    assert figure(EXCEPTIONS, given, on="2024-06") == expected


def test_two_rules_that_apply_conflict_even_if_they_agree() -> None:
    with pytest.raises(Refusal) as caught:
        read("retired credit 1元\nmale credit 1元").figure("credit", given="retired, male")
    (problem,) = caught.value.diagnostics
    assert problem.code == "YB403"
    assert problem.place is not None
    assert (problem.place.line, [note.place.line for note in problem.notes]) == (1, [2])


def test_none_applies_shows_every_rule() -> None:
    with pytest.raises(Refusal) as caught:
        read("retired credit 1元\nmale credit 1元").figure("credit", given="active, female")
    (problem,) = caught.value.diagnostics
    assert problem.code == "YB402"
    assert [(note.text_key, note.place.line) for note in problem.notes] == [
        ("failed", 1), ("failed", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0元", "0.00元"),
        ('unknown because "x"', "YB404"),
        ('none because "x"', "YB405"),
        ("unknown if male, otherwise 5元", "YB404"),
        ("none if male, otherwise 5元", "YB405"),
        ("5元 if female", "YB408"),
        ("1元 - 2元", "YB420"),
        ("max(0元, 1元 - 2元)", "0.00元"),
        ("avg_wage", "YB406"),
        ("1元 / (gap / 1个月)", "YB409"),
        ("pension", "YB401"),
    ],
)
def test_nothing_unknown_and_zero_are_three_things(amount: str, expected: str) -> None:
    given = "male, gap = 0个月"
    assert figure(f"credit {amount}", given, on="2024-06") == expected


def test_what_does_not_apply_says_why() -> None:
    with pytest.raises(Refusal) as caught:
        read('credit none because "没有账户"').figure("credit", on="2024-06")
    assert "没有账户" in caught.value.render("zh")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("joined or male credit 5元", "5.00元"),
        ("male or joined credit 5元", "5.00元"),
        ("joined and female credit 5元", "YB402"),
        ("joined and male credit 5元", "YB401"),
        ("not joined credit 5元", "YB401"),
    ],
)
def test_what_is_not_known_matters_only_if_it_decides(text: str, expected: str) -> None:
    assert figure(text, "male", on="2024-06") == expected


# ── waiting ──

WAITS = (
    "wait 6个月 after enrolled_on for cover unless gap <= 3个月\n"
    "wait until first of next month after enrolled_on for credit\n"
    "male wait 30天 after enrolled_on for lifetime_benefit\nfemale wait 1年 after enrolled_on "
    "for lifetime_benefit"
)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("wait for cover", "gap = 4个月", "2025-02-28"),
        ("wait for cover", "gap = 3个月", "2024-08-31"),
        ("等待用于报销", "gap = 4个月", "2025-02-28"),
        ("wait for cover", "male", "YB401"),
        ("wait for credit", "male", "2024-09-01"),
        ("wait for lifetime_benefit", "male", "2024-09-30"),
        ("wait for 终身医保待遇", "female", "2025-08-31"),
        ("wait for lifetime_benefit", "gap = 3个月", "YB401"),
        ("wait for drugs", "male", "YB402"),
    ],
)
def test_the_end_of_waiting(name: str, given: str, expected: str) -> None:
    assert figure(WAITS, f"enrolled_on 2024-08-31, {given}", name, on="2024-09-01") == expected


# ── requirements ──

REQUIREMENTS = (
    'male require age >= 60 for lifetime_benefit because "m"\n'
    'female require age >= 55 for lifetime_benefit because "f"\n'
    "require actual_years >= 10年 for lifetime_benefit"
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("male, age = 60, actual_years 10年", "yes"),
        ("male, age = 59, actual_years 10年", "no"),
        ("male, age = 60, actual_years 9年11个月", "no"),
        ("female, age = 55, actual_years 10年", "yes"),
        ("male, age = 59", "no"),
        ("male, age = 60", "YB401"),
        ("age = 60, actual_years 10年", "YB401"),
    ],
)
def test_every_requirement_that_applies_must_be_met(given: str, expected: str) -> None:
    assert figure(REQUIREMENTS, given, "终身医保待遇", on="2024-06") == expected


def test_a_benefit_that_requires_nothing_is_not_known() -> None:
    assert figure("credit 1元", "", "lifetime_benefit") == "YB402"
    assert figure(REQUIREMENTS, "actual_years 10年, male, age = 60", "account_credit") == "YB402"


# ── names ──


@pytest.mark.parametrize(
    ("name", "when", "expected"),
    [
        ("age", {"on": "2024-06-14"}, "69"),
        ("年龄", {"on": "2024-06-15"}, "70"),
        ("age", {"on": "2024-06"}, "YB410"),
        ("age", {"on": "2024-07"}, "70"),
        ("age", {}, "YB414"),
        ("age", {"in_year": 2024}, "YB427"),
        ("retired_on", {"on": "2024-06-20"}, "2014-07-01"),
        ("status", {"on": "2024-06-20"}, "retired"),
        ("retired", {"on": "2024-06-20"}, "yes"),
        ("due", {}, "2.50元"),
        ("third", {}, "0.333333…元"),
        ("joined", {"on": "2024-06-20"}, "YB401"),
        ("nonsense", {}, "YB424"),
        ("outpatient", {}, "YB109"),
    ],
)
def test_a_name_on_a_day(name: str, when: dict[str, object], expected: str) -> None:
    text = "define due = 5元 / 2\ndefine third = 1元 / 3\ncredit 1元"
    given = "birth 1954-06-15, retired since 2014-07-01"
    assert figure(text, given, name, **when) == expected


def test_a_birthday_on_29_february_is_28_february_in_a_common_year() -> None:
    for day, expected in (("2023-02-27", "22"), ("2023-02-28", "23"), ("2024-02-28", "23")):
        assert figure("credit 1元", "birth 2000-02-29", "age", on=day) == expected


def test_a_rule_that_needs_no_date_is_asked_without_one() -> None:
    assert figure("retired credit 5元 monthly", "retired") == "5.00元"
    assert figure("age >= 70 credit 5元", "age = 70") == "5.00元"
    assert figure("age >= 70 credit 5元", BORN) == "YB414"


def test_figures_without_rules_share_no_program() -> None:
    book, shared, found = read("region 甲").book, FigurePrograms(), []
    for name in ("deduct", "credit"):
        written = Written(Source.of("q", name), syntax.Name((0, len(name)), name))
        asking = Questions(book, "甲", {}, known(book, ()), programs=shared, explained=False)
        answer = asking.ask(name, Asked.on(date(2024, 6, 1)), written)
        found.append(answer.refused[0].code if answer.refused else answer.value)
    assert found == [0, "YB402"]
