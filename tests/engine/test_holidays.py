"""Working days, and what posts on the last one before a holiday."""

from datetime import date

import pytest

from tests.ledger.scripts import day, ledger_of, moved, refusals, script
from yibaolang import read
from yibaolang.language.diagnostics import Refusal
from yibaolang.model.holidays import Holidays

# The spring festival of 2024, with two worked Sundays.
SPRING = """
holiday 2024-01-01
holiday 2024-02-10 to 2024-02-17
workday 2024-02-04
workday 2024-02-18
"""


def calendar(text: str = SPRING) -> Holidays:
    return read(text).book.holidays


@pytest.mark.parametrize(
    ("on", "works"),
    [
        ("01-01", False), ("01-02", True), ("01-06", False), ("01-07", False), ("02-04", True),
        ("02-09", True), ("02-10", False), ("02-12", False), ("02-17", False), ("02-18", True),
        ("02-24", False), ("02-29", True),
    ],
)  # fmt: skip
def test_which_days_are_worked(on: str, works: bool) -> None:
    assert calendar().works(day(on)) is works


@pytest.mark.parametrize(
    ("on", "last"),
    [
        ("02-09", "02-09"), ("02-10", "02-09"), ("02-17", "02-09"), ("02-18", "02-18"),
        ("02-25", "02-23"), ("01-07", "01-05"), ("02-04", "02-04"),
    ],
)  # fmt: skip
def test_the_last_worked_day(on: str, last: str) -> None:
    assert calendar().last_worked(day(on)) == day(last)


def test_a_worked_day_within_a_holiday_is_worked() -> None:
    both = calendar("holiday 2024-05-01 to 2024-05-05\nworkday 2024-05-03")
    assert both.last_worked(day("05-05")) == day("05-03")


@pytest.mark.parametrize(
    ("text", "on", "year"),
    [
        ("", "2024-06-03", "2024"),
        (SPRING, "2025-06-03", "2025"),
        ("workday 2025-01-26", "2025-06-03", "2025"),
        # New Year's Day of 2024 goes back into a year that is not given.
        (SPRING, "2024-01-01", "2023"),
    ],
)
def test_a_year_whose_calendar_is_not_given(text: str, on: str, year: str) -> None:
    with pytest.raises(Refusal) as caught:
        calendar(text).last_worked(date.fromisoformat(on))
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.arguments) == ("YB439", (("year", year),))


def test_holidays_of_several_years() -> None:
    both = calendar(SPRING + "holiday 2023-12-30 to 2023-12-31")
    assert both.last_worked(day("01-01")) == date(2023, 12, 29)


def test_a_holiday_must_not_end_before_it_begins() -> None:
    with pytest.raises(Refusal) as caught:
        read("holiday 2024-02-17 to 2024-02-10")
    assert caught.value.diagnostics[0].code == "YB303"


# ── rules that post before holidays ──

RULE = SPRING + "credit 100元 monthly on day {} moved to workday before"


@pytest.mark.parametrize(
    ("on_day", "posted"),
    [(12, "2024-02-09"), (18, "2024-02-18"), (25, "2024-02-23"), (9, "2024-02-09")],
)
def test_the_figure_and_the_ledger_post_on_one_day(on_day: int, posted: str) -> None:
    rules = RULE.format(on_day)
    result = read(rules).figure("credit", given="retired", on="2024-02")
    assert result.fen == 100_00
    ledger = ledger_of(script(rules, "02-01 filed", opened="2024-02-01 to 2024-02-29"))
    assert [row[0] for row in moved(ledger)] == [posted]


def test_the_day_that_is_looked_at_is_the_posting_day() -> None:
    """Who turns 70 on Sunday the 11th is 69 on Friday the 9th, on which it is posted."""
    rules = SPRING + (
        "age >= 70 credit 125元 monthly on day 12 moved to workday before\n"
        "age < 70 credit 100元 monthly on day 12 moved to workday before"
    )
    for birth, fen in (("1954-02-11", 100_00), ("1954-02-09", 125_00)):
        assert read(rules).figure("credit", given=f"birth {birth}", on="2024-02").fen == fen


def test_the_refusal_stands_at_the_rule() -> None:
    rules = "credit 100元 monthly on day 1 moved to workday before"
    ledger = ledger_of(script(rules, "02-01 filed", opened="2024-02-01 to 2024-02-29"))
    assert refusals(ledger) == {"due credit": "YB439"}
    (settlement,) = ledger.refused
    assert settlement.refused is not None and settlement.refused.place is not None
    assert settlement.refused.place.line == 1


def test_into_the_month_before_only_once() -> None:
    """May's is posted on 30 April: in April there are two, in May none."""
    rules = "holiday 2024-05-01 to 2024-05-05\n" + RULE.format(1)
    ledger = ledger_of(script(rules, "04-01 filed", opened="2024-04-01 to 2024-05-30"))
    assert [row[0] for row in moved(ledger)] == ["2024-04-01", "2024-04-30"]
    may = ledger_of(script(rules, "05-01 filed", opened="2024-05-01 to 2024-05-30"))
    assert moved(may) == []


def test_what_is_not_moved_is_not_of_the_month_before() -> None:
    rules = "holiday 2024-10-01 to 2024-10-07\nholiday 2024-09-30\n" + (
        'deduct 10元 monthly on day 1 moved to workday before for "a"\n'
        'deduct 5元 monthly on day 20 for "b"'
    )
    september = read(rules).figure("deduct", first="2024-09-02", last="2024-09-30")
    # Of October, 10 on 27 September; of September, 5 on the 20th: its 10 were moved to August.
    assert september.fen == 15_00


def test_a_yearly_posting_that_is_moved_into_the_year_before() -> None:
    """That of 2024 is posted on 29 December 2023, and is for the months of 2024."""
    rules = read(
        "holiday 2022-12-31\nholiday 2023-12-30 to 2024-01-01\nholiday 2025-01-01\n"
        "credit 1200元 yearly on 01-01 moved to workday before"
    )
    assert rules.figure("credit", first="2024-01-01", last="2024-11-30").fen == 0
    assert rules.figure("credit", first="2023-12-01", last="2023-12-31").fen == 1200_00
    assert rules.figure("credit", first="2023-12-01", last="2024-11-30").fen == 1200_00
    # That of 2025, on New Year's Eve.
    assert rules.figure("credit", in_year=2024).fen == 1200_00


def test_the_calendar_of_next_year_is_not_asked_for_what_is_posted_this_year() -> None:
    rules = "region 甲\nyear from 07-15\nholiday 2023-12-30 to 2024-01-01\n" + (
        "credit 10元 monthly on day 15 moved to workday before"
    )
    found = read(rules).figure("credit", region="甲", first="2024-06-01", last="2024-11-30")
    assert found.fen == 60_00
