"""Figures: which arms apply, from when, and what they come to."""

from datetime import date
from typing import Any

import pytest

from tests.program import build as b
from yibaolang.model.arms import Arm, Prorated
from yibaolang.program.figure import FigureProgram
from yibaolang.program.frame import Scenario
from yibaolang.program.novalue import NoValue
from yibaolang.program.outcome import Outcome
from yibaolang.program.python import arguments, compile_python

ASKED = date(2024, 6, 15)
OLD = b.compare(b.AGE_NOW, ">=", b.years_old(70))
YOUNG = b.compare(b.AGE_NOW, "<", b.years_old(70))
RETIRED, ACTIVE = b.is_status("retired"), b.is_status("active")


def outcome(
    *arms: Arm, asked: date | None = ASKED, exclusive: bool = True, **facts: Any
) -> Outcome:
    """The outcome, the same run and explained."""
    program = FigureProgram(b.plan(*arms, exclusive=exclusive))
    known = b.knowing(**facts)
    plain, explained = program.run(known, asked), program.explain(known, asked)
    assert show(plain) == show(explained)
    assert plain.failed == ()
    return explained


def show(found: Outcome) -> tuple[object, ...]:
    """What plain and explained outcomes must have in common."""
    amount = found.amount
    shown = amount.diagnostic if isinstance(amount, NoValue) else amount
    return shown, *(each[:7] for each in found.chosen)


def code(found: Outcome) -> str:
    assert isinstance(found.amount, NoValue)
    return found.amount.diagnostic.code


def retirees() -> list[Arm]:
    return [
        b.arm(b.every(RETIRED, OLD), b.share(b.rate(1, 40), b.fact("pension"))),
        b.arm(b.every(RETIRED, YOUNG), b.share(b.rate(1, 50), b.fact("pension"))),
        b.arm(ACTIVE, b.share(b.rate(1, 50), b.fact("base"))),
    ]


def test_one_arm_applies_and_the_others_are_told() -> None:
    found = outcome(*retirees(), status="retired", birth=date(1954, 6, 15), pension=400_000)
    (chosen,) = found.chosen
    assert found.amount_fen == chosen.fen == 10_000
    assert (chosen.numerator, chosen.denominator, chosen.months) == (400_000, 40, 12)
    assert (chosen.posting, chosen.today) == (None, ASKED)
    assert chosen.guard is not None and chosen.guard.value is True
    assert chosen.amount is not None and chosen.amount.value == 400_000
    assert [each.guard.value for each in found.failed if each.guard] == [False, False]


def test_a_fact_that_another_decides_need_not_be_known() -> None:
    assert outcome(*retirees(), status="active", base=500_000).amount == 10_000
    assert outcome(*retirees(), status="active", base=500_025).amount == 10_001


def test_a_fact_that_matters_must_be_known() -> None:
    found = outcome(*retirees(), status="retired", pension=1)
    assert code(found) == "YB401"
    assert isinstance(found.amount, NoValue) and found.amount.arguments == {"name": "birth"}
    assert code(outcome(*retirees(), status="active")) == "YB401"


def test_no_rule_applies() -> None:
    found = outcome(*retirees(), status="flexible")
    assert isinstance(found.amount, NoValue)
    assert found.amount.diagnostic.code == "YB402"
    assert [note.text_key for note in found.amount.diagnostic.notes] == ["failed"] * 3
    told = found.amount.arguments
    assert (told["region"], told["date"]) == ("somewhere", "2024-06-15")
    assert len(found.failed) == 3
    assert code(outcome()) == "YB402"


def test_two_rules_apply() -> None:
    arms = b.arm(RETIRED, b.money(1)), b.arm(OLD, b.money(1)), b.arm(YOUNG, b.money(1))
    found = outcome(*arms, status="retired", birth=date(1950, 1, 1))
    assert isinstance(found.amount, NoValue)
    assert found.amount.diagnostic.code == "YB403"
    assert [note.text_key for note in found.amount.diagnostic.notes] == ["also"]
    assert found.amount.place is not None


def test_an_exception_beats_the_others() -> None:
    arms = b.arm(RETIRED, b.money(1)), b.arm(OLD, b.money(2), exception=True)
    found = outcome(*arms, status="retired", birth=date(1950, 1, 1))
    assert found.amount == 2
    assert [(each.beaten, each.arm) for each in found.failed] == [(True, arms[0])]
    assert outcome(*arms, status="retired", birth=date(1990, 1, 1)).amount == 1


def test_an_exception_need_not_know_what_it_beats() -> None:
    arms = b.arm(RETIRED, b.money(1)), b.arm(b.fact("male"), b.money(2), exception=True)
    assert outcome(*arms, male=True).amount == 2
    assert code(outcome(*arms, male=False)) == "YB401"
    assert code(outcome(*arms, status="retired")) == "YB401"


def test_two_exceptions_are_two_rules() -> None:
    arms = [b.arm(None, b.money(1), exception=True), b.arm(None, b.money(2), exception=True)]
    assert code(outcome(*arms)) == "YB403"


def test_streams_add_up_and_each_needs_a_rule() -> None:
    arms = b.arm(None, b.money(100)), b.arm(RETIRED, b.money(30), stream="extra")
    found = outcome(*arms, status="retired")
    assert found.amount == 130
    assert [each.fen for each in found.chosen] == [100, 30]
    refused = outcome(*arms, status="active")
    assert code(refused) == "YB402"
    assert isinstance(refused.amount, NoValue)
    assert len(refused.amount.diagnostic.notes) == 1


def test_all_deductions_that_apply_are_taken() -> None:
    arms = [b.arm(None, b.money(3)), b.arm(RETIRED, b.money(4)), b.arm(ACTIVE, b.money(5))]
    assert outcome(*arms, exclusive=False, status="retired").amount == 7
    assert outcome(*arms[1:2], exclusive=False, status="active").amount == 0
    assert outcome(exclusive=False).amount == 0
    assert code(outcome(*arms, exclusive=False)) == "YB401"


def test_a_stated_absence_is_about_the_figure() -> None:
    none = outcome(b.arm(None, b.absent("none"), because="paid by the employer"))
    unknown = outcome(b.arm(None, b.absent("unknown")))
    assert isinstance(none.amount, NoValue) and isinstance(unknown.amount, NoValue)
    assert (none.amount.kind, unknown.amount.kind) == ("not_applicable", "unknown")
    assert none.amount.arguments == {"reason": "paid by the employer"}
    assert unknown.amount.arguments == {"name": "credit"}
    assert none.partial is not None


def test_an_amount_below_zero_is_refused() -> None:
    found = outcome(b.arm(None, b.total(b.money(100), b.fact("base"))), base=-225)
    assert isinstance(found.amount, NoValue)
    assert found.amount.diagnostic.code == "YB420"
    assert found.amount.arguments == {"amount": "-1.25元"}
    assert found.partial is not None and found.partial.value == -125


def test_a_refused_outcome_raises_its_reason() -> None:
    with pytest.raises(NoValue, match="YB402"):
        _ = outcome().amount_fen


@pytest.mark.parametrize(
    ("mode", "unit", "expected"),
    [
        ("half_up", 1, 13),
        ("half_even", 1, 12),
        ("up", 1, 13),
        ("down", 1, 12),
        ("half_up", 10, 10),
        ("half_up", 25, 25),
        ("half_even", 25, 0),
        ("up", 100, 100),
        ("down", 100, 0),
    ],
)
def test_rounding(mode: str, unit: int, expected: int) -> None:
    arm = b.arm(None, b.share(b.rate(1, 2), b.fact("base")), rounding=(mode, unit))
    assert outcome(arm, base=25).amount == expected
    assert compile_python(b.plan(arm))(ASKED, 25) == expected


def test_a_date_is_needed_only_if_something_looks_at_it() -> None:
    assert outcome(b.arm(RETIRED, b.money(5)), asked=None, status="retired").amount == 5
    assert code(outcome(*retirees(), asked=None, status="retired", birth=ASKED)) == "YB414"
    monthly = b.arm(None, b.money(5), at=b.when("monthly", "day", day=20))
    assert outcome(monthly, asked=None).amount == 5


def test_the_posting_day_is_the_day_looked_at() -> None:
    arms = [
        b.arm(OLD, b.money(2), at=b.when("monthly", "day", day=20)),
        b.arm(YOUNG, b.money(1), at=b.when("monthly", "day", day=20)),
    ]
    found = outcome(*arms, birth=date(1954, 6, 20))
    assert found.amount == 2
    assert (found.chosen[0].posting, found.chosen[0].today) == (date(2024, 6, 20),) * 2
    assert outcome(*arms, birth=date(1954, 6, 21)).amount == 1


def test_an_arm_may_look_at_another_day_than_it_posts() -> None:
    at = b.when("monthly", "day", day=20, assessed="first_of_month")
    found = outcome(b.arm(OLD, b.money(2), at=at), birth=date(1954, 6, 1))
    assert (found.chosen[0].posting, found.chosen[0].today) == (date(2024, 6, 20), date(2024, 6, 1))
    assert code(outcome(b.arm(OLD, b.money(2), at=at), birth=date(1954, 6, 2))) == "YB402"


def test_arms_may_look_at_different_days() -> None:
    arms = [
        b.arm(OLD, b.money(2), at=b.when(assessed="first_of_month")),
        b.arm(b.no(OLD), b.money(1), at=b.when(assessed="last_of_month")),
    ]
    assert outcome(*arms, birth=date(1954, 6, 1)).amount == 2
    assert outcome(*arms, birth=date(1954, 7, 1)).amount == 1
    assert code(outcome(*arms, birth=date(1954, 6, 15))) == "YB402"


def test_the_year_start_is_there_for_expressions() -> None:
    begins = b.compare(b.word("year_start"), "=", b.day("2023-07-01"))
    assert outcome(b.arm(begins, b.money(1), at=b.when(year=(7, 1)))).amount == 1


def test_what_is_no_money_stands_for_itself() -> None:
    end = b.shift(b.fact("enrolled"), b.months(6))
    found = outcome(b.arm(None, end, rounding=None), enrolled=date(2024, 1, 31))
    assert found.amount == found.chosen[0].value == date(2024, 7, 31)
    with pytest.raises(TypeError):
        _ = found.amount_fen


# ── prorated years ──


def yearly(month_after: bool = True, start: Any = None, **at: Any) -> Arm:
    when = b.when("yearly", "monthday", 7, 1, **at)
    prorated = Prorated(month_after, start or b.start_of("status", "retired"))
    return b.arm(RETIRED, b.money(1200), at=when, prorated=prorated)


def retired_since(day: str) -> dict[str, Any]:
    before = date.fromordinal(date.fromisoformat(day).toordinal() - 1).isoformat()
    return {"status": (b.since("active", "1990-01-01", before), b.since("retired", day))}


@pytest.mark.parametrize(
    ("day", "month_after", "fen", "months", "posting"),
    [
        ("2020-05-05", True, 1200, 12, date(2024, 7, 1)),
        ("2023-12-31", True, 1200, 12, date(2024, 7, 1)),
        ("2024-01-15", False, 1200, 12, date(2024, 7, 1)),
        ("2024-01-15", True, 1100, 11, date(2024, 7, 1)),
        ("2024-06-30", True, 600, 6, date(2024, 7, 1)),
        ("2024-09-15", False, 400, 4, date(2024, 9, 15)),
        ("2024-09-15", True, 300, 3, date(2024, 10, 1)),
        ("2024-11-30", True, 100, 1, date(2024, 12, 1)),
    ],
)
def test_prorated(day: str, month_after: bool, fen: int, months: int, posting: date) -> None:
    found = outcome(yearly(month_after), asked=date(2024, 12, 31), **retired_since(day))
    (chosen,) = found.chosen
    assert (found.amount, chosen.months, chosen.posting) == (fen, months, posting)
    assert (chosen.numerator, chosen.denominator) in [(1200, 1), (1200 * months, 12)]
    assert chosen.start is not None


def test_a_prorated_rule_does_not_apply_before_it_posts() -> None:
    known = retired_since("2024-09-15")
    assert code(outcome(yearly(), asked=date(2024, 9, 30), **known)) == "YB402"
    assert outcome(yearly(), asked=date(2024, 10, 1), **known).amount == 300


def test_a_start_after_the_year_does_not_apply() -> None:
    found = outcome(yearly(), asked=date(2024, 12, 31), **retired_since("2024-12-01"))
    assert code(found) == "YB402"
    assert [each.late for each in found.failed] == [True]


def test_a_start_matters_only_if_the_guard_holds() -> None:
    other = b.arm(ACTIVE, b.money(7))
    assert outcome(yearly(start=b.fact("enrolled")), other, status="active").amount == 7
    found = outcome(yearly(start=b.fact("enrolled")), other, status="retired")
    assert isinstance(found.amount, NoValue) and found.amount.arguments == {"name": "enrolled"}
    assert code(outcome(yearly(), asked=None, status="retired")) == "YB414"


def test_an_insurance_year_of_its_own() -> None:
    arm = yearly(year=(7, 1))
    found = outcome(arm, asked=date(2024, 6, 30), **retired_since("2023-10-10"))
    assert (found.amount, found.chosen[0].posting) == (800, date(2023, 11, 1))


# ── printed ──


def test_the_printed_figure_takes_a_start() -> None:
    plan = b.plan(yearly(), since=date(2020, 1, 1))
    names = [(each.name, each.start_of) for each in arguments(plan)]
    assert names == [("status", None), ("status", "retired")]
    figure = compile_python(plan)
    asked = date(2024, 12, 31)
    assert figure(asked, "retired", date(2020, 5, 5)) == 1200
    assert figure(asked, "retired", date(2024, 9, 15)) == 300
    for values in (("active", date(2024, 9, 15)), ("retired", None), (None, None)):
        found = figure(asked, *values)
        assert found == 300 if values[0] == "active" else isinstance(found, NoValue)


def test_an_unknown_scenario_is_missing_everything() -> None:
    found = FigureProgram(b.plan(*retirees())).run(Scenario({}), ASKED)
    assert code(found) == "YB401"
