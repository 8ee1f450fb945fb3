"""Figures of a ledger, in fen worked out by hand."""

import pytest

from tests.ledger.scripts import REST, day, measuring_of, script
from yibaolang import read
from yibaolang.engine.answers import Answer
from yibaolang.engine.asked import Asked
from yibaolang.engine.events import Event
from yibaolang.engine.measures import Measuring, is_measure, why_not_answer
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.source import Source
from yibaolang.language.syntax import Name
from yibaolang.model.core import Written

RULES = """
cover 50% of outpatient above 100元 per year as floor up to 250元 per year then major 80%
cover 0% of drugs
allow outpatient, drugs for self
draw current then carried, rest to cash
credit 100元 monthly on day 20 to current
deduct 3元 monthly on day 25
interest 3.65% yearly of carried on balance on 01-31 posted on 02-01
on death close to heirs
"""
EVENTS = """
    01-01       opening carried 300元
    02-10 ^e1  outpatient 300元
    03-10 ^e2  outpatient 700元
    03-15 ^e3  drugs 20元
    03-16 ^a1  adjust 500元 from current
    04-01 ^r1  repaid 100元
    05-01 ^d1  death to a, b
"""
WRITTEN = Written(Source.of("asked", "figure"), Name((0, 6), "figure"))
ALL = Asked.on(day("05-31"))


@pytest.fixture(scope="module", name="account")
def _account() -> Measuring:
    return measuring_of(script(RULES, EVENTS, opened="2024-01-01 to 2024-05-31"))


def fen(measuring: Measuring, figure: str, asked: Asked = ALL, of: str = "") -> int | None:
    answer = measuring.ask(figure, asked, WRITTEN, of)
    value: int | None = answer.value
    assert (value is None) == bool(answer.refused)
    return value


def codes(answer: Answer) -> list[str]:
    return [each.code for each in answer.refused]


# ── what there is after a day ──


@pytest.mark.parametrize(
    ("on", "current", "carried", "receivable"),
    [
        ("01-01", 0, 300_00, 0),
        ("01-20", 100_00, 300_00, 0),
        ("01-25", 97_00, 300_00, 0),
        # 3.65% of 300 is 10.95.
        ("02-01", 97_00, 310_95, 0),
        # 300: 100 deducted, the fund pays 100: 200 is left, 97 of it from this year's bucket.
        ("02-10", 0, 207_95, 0),
        ("02-29", 97_00, 207_95, 0),
        # 700 at 50%: 350, of which 150 within the cap, and 80% of the other 200: 390 is left.
        ("03-10", 0, 0, 0),
        ("03-15", 0, 0, 0),
        ("03-16", 0, 0, 500_00),
        ("03-31", 97_00, 0, 500_00),
        ("04-01", 97_00, 0, 400_00),
        ("04-30", 194_00, 0, 400_00),
        ("05-01", 0, 0, 400_00),
    ],
)
def test_balances_after_a_day(
    account: Measuring, on: str, current: int, carried: int, receivable: int
) -> None:
    asked = Asked.on(day(on))
    assert fen(account, "current", asked) == current
    assert fen(account, "carried", asked) == carried
    assert fen(account, "balance", asked) == current + carried
    assert fen(account, "receivable", asked) == receivable


def test_a_balance_of_a_month_or_span_is_that_of_its_last_day(account: Measuring) -> None:
    for asked in (Asked.month(day("02-05")), Asked.span(day("01-15"), day("02-29"))):
        assert fen(account, "balance", asked) == 304_95
    assert fen(account, "balance", Asked.never()) == 0


# ── what moved ──


@pytest.mark.parametrize(
    ("figure", "whole", "march", "first", "second", "drugs"),
    [
        # Of both funds: 100; 150 and 160.
        ("fund", 410_00, 310_00, 100_00, 310_00, 0),
        ("major", 160_00, 160_00, 0, 160_00, 0),
        ("drawn", 504_95, 304_95, 200_00, 304_95, 0),
        ("current", 0, 97_00, 97_00, 97_00, 0),
        ("carried", 0, 0, 103_00, 207_95, 0),
        ("cash", 105_05, 105_05, 0, 85_05, 20_00),
        ("self_paid", 610_00, 410_00, 200_00, 390_00, 20_00),
        ("credited", 400_00, 100_00, 0, 0, 0),
        ("deducted", 12_00, 3_00, 0, 0, 0),
        ("interest_earned", 10_95, 0, 0, 0, 0),
        ("heirs", 194_00, 0, 0, 0, 0),
        ("holder", 0, 0, 0, 0, 0),
    ],
)
def test_sums_of_what_moved(
    account: Measuring, figure: str, whole: int, march: int, first: int, second: int, drugs: int
) -> None:
    assert fen(account, figure) == whole
    for asked in (Asked.month(day("03-31")), Asked.span(day("03-01"), day("03-31"))):
        assert fen(account, figure, asked) == march
    assert [fen(account, figure, of=name) for name in ("e1", "e2", "e3")] == [first, second, drugs]


def test_a_sum_up_to_a_day(account: Measuring) -> None:
    assert fen(account, "credited", Asked.on(day("03-19"))) == 200_00
    assert fen(account, "credited", Asked.on(day("03-20"))) == 300_00
    assert fen(account, "credited", Asked.span(day("02-20"), day("03-19"))) == 100_00
    assert fen(account, "fund", Asked.on(day("02-09"))) == 0


def test_months_add_up_to_the_year(account: Measuring) -> None:
    year = Asked.year(2024)
    for figure in ("fund", "drawn", "cash", "credited", "deducted", "interest_earned"):
        parts = [fen(account, figure, each) or 0 for each in year.months()]
        assert sum(parts) == fen(account, figure, year)


def test_what_a_counter_has_used(account: Measuring) -> None:
    assert [fen(account, "floor", Asked.on(day(on))) for on in ("02-09", "02-10", "04-30")] == [
        0, 100_00, 100_00,
    ]  # fmt: skip
    longer = measuring_of(script(RULES, EVENTS))
    assert fen(longer, "floor", Asked.on(day("2025-01-01"))) == 0


# ── what is no figure ──


@pytest.mark.parametrize("figure", ["balance", "receivable", "floor"])
def test_an_event_has_no_balance(account: Measuring, figure: str) -> None:
    with pytest.raises(Refusal) as caught:
        fen(account, figure, of="e1")
    assert caught.value.diagnostics[0].code == "YB454"


def test_an_event_that_is_not_there(account: Measuring) -> None:
    with pytest.raises(Refusal) as caught:
        fen(account, "fund", of="e9")
    assert caught.value.diagnostics[0].code == "YB441"


def test_what_was_voided_or_is_yet_to_come_has_moved_nothing() -> None:
    measuring = measuring_of(script(RULES, EVENTS + "04-02 ^v1 void ^e1"))
    assert fen(measuring, "fund", of="e1") == 0
    assert fen(measuring, "fund", Asked.on(day("03-01")), of="e2") == 0
    # The deductible is borne by e2 now: 600 at 50%.
    assert fen(measuring, "fund", of="e2") == 250_00 + 40_00


def test_names_of_figures() -> None:
    book = read(RULES).book
    for name in ("balance", "fund", "major", "floor", "current", "heirs", "cash"):
        assert is_measure(book, name)
    for name in ("age", "credit", "outpatient", "retired", "nothing"):
        assert not is_measure(book, name)


# ── refused ──


def test_a_refused_bill_leaves_no_balance_but_credits_do_not_hinder_the_fund() -> None:
    measuring = measuring_of(script(RULES, "02-10 ^e1 inpatient 5元\n02-11 ^e2 outpatient 300元"))
    assert codes(measuring.ask("balance", ALL, WRITTEN)) == ["YB402"]
    assert codes(measuring.ask("fund", ALL, WRITTEN)) == ["YB402"]
    assert codes(measuring.ask("fund", ALL, WRITTEN, "e1")) == ["YB402"]
    assert fen(measuring, "fund", of="e2") == 100_00
    assert fen(measuring, "balance", Asked.on(day("02-09"))) == 97_00
    rules = RULES.replace("credit 100元", "credit 2% of contribution_base")
    unknown = measuring_of(script(rules, "02-11 ^e2 outpatient 300元"))
    assert codes(unknown.ask("balance", ALL, WRITTEN)) == ["YB401"]
    assert fen(unknown, "fund") == 100_00
    first = measuring_of(script(rules + "draw current before cover", "02-11 ^e2 outpatient 300元"))
    assert codes(first.ask("fund", ALL, WRITTEN)) == ["YB401"]


# ── readings ──


def test_two_readings_of_a_counter_with_their_sums() -> None:
    rules = REST + "cover 60% of outpatient at primary, tertiary above 300元 per year"
    bills = "02-10 ^e1 outpatient 400元 at primary\n03-10 ^e2 outpatient 400元 at tertiary"
    measuring = measuring_of(script(rules, bills))
    answer = measuring.ask("fund", ALL, WRITTEN)
    assert (answer.value, set(codes(answer))) == (None, {"YB431"})
    assert [(each.version, each.answer.value) for each in answer.readings] == [
        ("each level", 120_00), ("over all levels", 300_00),
    ]  # fmt: skip


def test_readings_that_agree_are_the_answer() -> None:
    rules = REST + "cover 60% of outpatient at primary, tertiary above 300元 per year"
    bills = "02-10 ^e1 outpatient 400元 at primary\n03-10 ^e2 outpatient 400元 at primary"
    answer = measuring_of(script(rules, bills)).ask("fund", ALL, WRITTEN)
    assert (answer.value, codes(answer), len(answer.readings)) == (300_00, [], 2)


def test_versions_that_disagree_each_with_its_balance() -> None:
    rules = """region 甲市
since 2024-01-01 as "one"
credit 100元 monthly on day 20
since 2024-01-01 as "other"
credit 120元 monthly on day 20"""
    measuring = measuring_of(script(rules, "01-01 opening current 5元", "in 甲市"))
    answer = measuring.ask("balance", Asked.on(day("02-29")), WRITTEN)
    assert set(codes(answer)) == {"YB301"}
    assert [(each.version, each.answer.value) for each in answer.readings] == [
        ("one", 205_00), ("other", 245_00),
    ]  # fmt: skip
    chosen = measuring_of(script(rules, "01-01 opening current 5元", 'in 甲市 as "other"'))
    assert fen(chosen, "balance", Asked.on(day("02-29"))) == 245_00


# ── why not ──


def bill(category: str, relation: str = "self", member: str = "") -> Event:
    return Event(
        "bill", day("01-01"), day("01-01"), name=category, relation=relation, member=member
    )


@pytest.mark.parametrize(
    ("asked", "on", "may"),
    [
        (bill("drugs"), "03-01", True),
        (bill("supplements"), "03-01", False),
        (bill("drugs", "siblings"), "03-01", False),
        (bill("drugs", "spouse", "b"), "01-31", False),
        (bill("drugs", "spouse", "b"), "02-01", True),
        (bill("drugs", "spouse", "c"), "02-01", False),
    ],
)
def test_whether_the_account_may_pay(asked: Event, on: str, may: bool) -> None:
    rules = REST + (
        "cover 0% of drugs, supplements\nallow drugs, supplements for self\n"
        "allow drugs for spouse when pooled\ndeny supplements"
    )
    measuring = measuring_of(script(rules, "01-01 opening current 5元\n02-01 pooled for spouse b"))
    answer = why_not_answer(measuring, asked, day(on))
    assert (answer.value, answer.refused) == (may, ())
    # It is forgotten: the ledger has no such bill.
    assert measuring.ledger().settlement("?") is None


def test_why_not_after_the_ledgers_end_and_without_cover() -> None:
    measuring = measuring_of(
        script(REST + "allow drugs for self", "01-01 filed", opened="2024-01-01 to 2024-02-01")
    )
    answer = why_not_answer(measuring, bill("drugs", "spouse"), day("06-01"))
    assert (answer.value, answer.refused) == (False, ())
    assert codes(why_not_answer(measuring, bill("drugs"), day("06-01"))) == ["YB402"]
