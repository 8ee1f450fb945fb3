"""Why a balance changed: causes that add up to the change, in fen worked out by hand."""

import pytest

from tests.ledger.scripts import REST, day, measuring_of, script
from yibaolang.engine.answers import Answer, Cause
from yibaolang.engine.asked import Asked
from yibaolang.engine.causes import why_balance
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.source import Source
from yibaolang.language.syntax import Name
from yibaolang.model.core import Written

WRITTEN = Written(Source.of("asked", "figure"), Name((0, 6), "figure"))
ASIDE = frozenset({"before", "after", "pending", "void", "replace"})
RULES = (
    REST
    + """
cover 50% of outpatient
cover 0% of drugs
allow outpatient for self
allow drugs for spouse when pooled
credit 100元 monthly on day 20
deduct 3元 monthly on day 25
interest 3.65% yearly of carried on balance on 01-31 posted on 02-01
carry current into carried on 01-01
on death close to heirs
"""
)
EVENTS = """
    2023-12-01      opening carried 300元
    2024-01-05      pooled for spouse b
    02-10 ^e1  outpatient 100元
    02-11 ^e2  outpatient 40元
    02-12 ^e3  drugs 20元 for spouse b
    03-16 ^a1  adjust 50元 from carried because "paid twice"
    03-17 ^k1  credit 7元 to current because "made up for"
"""


def why(
    events: str, first: str, last: str, *, rules: str = RULES, figure: str = "balance",
    given: str = "retired", opened: str = "2023-12-01",
) -> Answer:  # fmt: skip
    measuring = measuring_of(script(rules, events, given, opened))
    answer = why_balance(measuring, figure, Asked.span(day(first), day(last)), WRITTEN)
    if not answer.refused:
        check(answer.causes, answer.value)
    return answer


def check(causes: tuple[Cause, ...], change: int) -> None:
    """What must hold of any: the causes add up, and lead from the one balance to the other."""
    by_kind = {each.kind: each.fen for each in causes}
    moving = [each for each in causes if each.kind not in ASIDE]
    assert sum(each.fen for each in moving) == change
    assert by_kind["before"] + change == by_kind["after"]
    assert all(sum(each.parts) == each.fen for each in moving)
    assert all(each.fen for each in moving)


def told(answer: Answer) -> list[tuple[str, tuple[str, ...], int]]:
    """The causes that move anything, with what they are about."""
    return [
        (each.kind, tuple(x for x in each.about if x), each.fen)
        for each in answer.causes
        if each.kind not in ASIDE
    ]


def aside(answer: Answer, *kinds: str) -> list[tuple[str, tuple[str, ...], int]]:
    return [(x.kind, x.about, x.fen) for x in answer.causes if x.kind in kinds]


def test_a_spring_by_its_causes() -> None:
    answer = why(EVENTS, "2024-01-01", "2024-03-31")
    # 397 on New Year's Eve. Interest: 3.65% of 397 is 14.49.
    assert sorted(told(answer)) == [
        ("adjust", ("paid twice",), -50_00),
        ("credit", (), 300_00),
        ("credit", ("made up for",), 7_00),
        ("deduct", (), -9_00),
        ("draw", ("drugs", "spouse", "b"), -20_00),
        ("draw", ("outpatient",), -70_00),
        ("interest", (), 14_49),
    ]
    assert answer.value == 172_49
    assert aside(answer, "before", "after") == [
        ("before", (), 397_00), ("after", (), 569_49),
    ]  # fmt: skip


def test_of_one_bucket_carrying_over_is_a_cause() -> None:
    answer = why(EVENTS, "2024-01-01", "2024-01-31", figure="carried")
    assert told(answer) == [("carry", ("current", "carried"), 97_00)]
    this_year = why(EVENTS, "2024-01-01", "2024-01-31", figure="current")
    assert told(this_year) == [
        ("carry", ("current", "carried"), -97_00), ("credit", (), 100_00), ("deduct", (), -3_00),
    ]  # fmt: skip
    assert aside(this_year, "before", "after") == [("before", (), 97_00), ("after", (), 97_00)]


def test_the_first_and_the_last_day_count() -> None:
    assert told(why(EVENTS, "2024-02-10", "2024-02-10")) == [("draw", ("outpatient",), -50_00)]
    assert why(EVENTS, "2024-02-13", "2024-02-19").value == 0


def test_the_parts_of_a_cause() -> None:
    answer = why(EVENTS, "2024-01-01", "2024-03-31")
    parts = {(each.kind, each.about): each.parts for each in answer.causes}
    assert parts["credit", ()] == (100_00,) * 3
    assert parts["draw", ("outpatient", "", "")] == (-50_00, -20_00)


# ── rules that changed ──

CHANGED = """region 甲市
since 2023-01-01 until 2024-02-29
credit 100元 monthly on day 20
since 2024-03-01
credit 125元 monthly on day 20"""


def test_what_later_rules_give_more_is_a_cause_of_its_own() -> None:
    answer = why("01-01 filed", "2024-01-01", "2024-04-30", rules=CHANGED, given="in 甲市")
    assert told(answer) == [("credit", (), 400_00), ("rules", (), 50_00)]
    changed = next(each for each in answer.causes if each.kind == "rules")
    assert changed.rule is not None and changed.before is not None
    assert changed.rule.written.place.line == 5
    assert changed.before.written.place.line == 3
    assert changed.parts == (25_00, 25_00)


def test_a_span_after_the_change_knows_nothing_of_it() -> None:
    answer = why("01-01 filed", "2024-03-02", "2024-04-30", rules=CHANGED, given="in 甲市")
    assert told(answer) == [("credit", (), 250_00)]


def test_what_later_rules_give_less() -> None:
    rules = CHANGED.replace("125元", "60元")
    answer = why("01-01 filed", "2024-01-01", "2024-04-30", rules=rules, given="in 甲市")
    assert told(answer) == [("credit", (), 400_00), ("rules", (), -80_00)]


def test_where_the_old_rules_say_nothing_all_is_credit() -> None:
    rules = "region 甲市\nsince 2024-03-01\ncredit 125元 monthly on day 20"
    answer = why("01-01 filed", "2024-03-02", "2024-04-30", rules=rules, given="in 甲市",
                 opened="2024-03-01")  # fmt: skip
    assert told(answer) == [("credit", (), 250_00)]


# ── corrections ──

BASED = "credit 2% of contribution_base monthly on day 20"


def test_a_late_fact_is_told_by_its_reason() -> None:
    late = '04-01 contribution_base = 5000元 effective 2024-01-01 because "assessed anew"'
    answer = why(late, "2024-01-01", "2024-04-30", rules=BASED, given="contribution_base 8000元",
                 opened="2024-01-01")  # fmt: skip
    # 3 times 160, then 100; 3 times 60 taken back.
    assert told(answer) == [
        ("credit", (), 580_00),
        ("correction", ("assessed anew",), -180_00),
    ]
    before = why(late, "2024-01-01", "2024-03-31", rules=BASED, given="contribution_base 8000元",
                 opened="2024-01-01")  # fmt: skip
    assert told(before) == [("credit", (), 480_00)]


def test_voids_and_replacements_of_the_span_are_named() -> None:
    events = EVENTS + (
        '03-18 ^v1 void ^e1 because "twice"\n03-19 ^r1 replace ^e2 with outpatient 10元\n'
        "04-01 ^v2 void ^e3"
    )
    answer = why(events, "2024-01-01", "2024-03-31")
    assert aside(answer, "void", "replace") == [
        ("void", ("^e1", "twice"), 0), ("replace", ("^e2",), 0),
    ]  # fmt: skip
    assert ("draw", ("outpatient",), -5_00) in told(answer)


def test_the_end_of_an_account() -> None:
    answer = why(EVENTS + "03-18 ^d1 death", "2024-03-18", "2024-03-31")
    (closing,) = told(answer)
    assert closing[0] == "close"
    assert aside(answer, "after") == [("after", (), 0)]
    assert -closing[2] == aside(answer, "before")[0][2]


# ── what is about to come ──


def test_what_is_not_posted_yet_is_named() -> None:
    answer = why(EVENTS, "2024-01-01", "2024-03-19")
    assert aside(answer, "pending") == [("pending", ("100.00元", "2024-03-20"), 0)]
    assert aside(why(EVENTS, "2024-01-01", "2024-03-20"), "pending") == []
    assert aside(why(EVENTS, "2024-01-01", "2024-03-31"), "pending") == []


# ── refused ──


def test_a_ledger_with_a_refusal_has_no_causes() -> None:
    answer = why("02-10 ^e1 inpatient 5元", "2024-01-01", "2024-03-31")
    assert (answer.value, [each.code for each in answer.refused]) == (None, ["YB402"])


@pytest.mark.parametrize("figure", ["fund", "receivable", "cash", "age", "nothing"])
def test_only_balances_have_causes(figure: str) -> None:
    with pytest.raises(Refusal) as caught:
        why(EVENTS, "2024-01-01", "2024-03-31", figure=figure)
    assert caught.value.diagnostics[0].code == "YB455"


def test_the_span_must_be_said() -> None:
    measuring = measuring_of(script(RULES, EVENTS, opened="2023-12-01"))
    with pytest.raises(Refusal) as caught:
        why_balance(measuring, "balance", Asked.never(), WRITTEN)
    assert caught.value.diagnostics[0].code == "YB456"
