"""Settling of bills, step by step, with numbers worked out by hand. Amounts are fen."""

from datetime import date

import pytest

from tests.program.settle import DAY, HALF, REST, SELF, Till, till
from yibaolang.program.instructions import Let


def told(of: Till) -> list[tuple[str, int]]:
    """The label and amount of every sum that an explanation tells."""
    assert of.run is not None
    return [
        (each.instruction.label, each.value)
        for each in of.run.met
        if isinstance(each.instruction, Let)
    ]


# ── who pays ──


def test_the_fund_then_the_buckets_in_order_then_cash() -> None:
    settling = till(HALF, current=50_00, carried=30_00)
    paid = settling.bill("outpatient", 400_00)
    assert paid == {"fund": 200_00, "current": 50_00, "carried": 30_00, "cash": 120_00}
    assert [each.kind for each in settling.posted] == ["fund", "draw", "draw", "cash"]
    assert settling.bill("outpatient", 400_00) == {"fund": 200_00, "cash": 200_00}


def test_only_what_is_eligible_is_covered_and_the_rest_is_the_holders() -> None:
    settling = till(HALF, current=1000_00)
    assert settling.bill("outpatient", 400_00, eligible=300_00) == {
        "fund": 150_00, "current": 250_00,
    }  # fmt: skip


def test_nothing_is_posted_of_a_bill_of_zero() -> None:
    settling = till(HALF + " above 10元 per visit")
    assert settling.bill("outpatient", 0) == {}


def test_what_nobody_is_named_for_is_refused_unless_the_account_pays_it_all() -> None:
    settling = Till("draw current\n" + SELF + HALF, current=100_00)
    assert settling.code("outpatient", 400_00) == "YB437"
    assert settling.bill("outpatient", 200_00) == {"fund": 100_00, "current": 100_00}


def test_a_rule_of_drawing_is_chosen_like_any_other() -> None:
    rules = "retired draw carried, rest to cash\nactive draw current, rest to cash\n"
    for known, bucket in (("retired", "carried"), ("active", "current")):
        settling = Till(rules + SELF + HALF, known, current=90_00, carried=90_00)
        assert settling.bill("outpatient", 100_00) == {"fund": 50_00, bucket: 50_00}
    assert Till(rules + SELF + HALF, "flexible").code("outpatient", 100_00) == "YB402"


# ── waiting and requirements ──

WAITING = HALF + "\nactive wait 6 months after enrolled_on for cover unless emergency"


@pytest.mark.parametrize(
    ("day", "fund"), [("2024-07-14", 0), ("2024-07-15", 50_00), ("2024-07-16", 50_00)]
)
def test_the_day_on_which_waiting_is_over_counts(day: str, fund: int) -> None:
    settling = till(WAITING, "active, enrolled_on 2024-01-15", current=500_00)
    paid = settling.bill("outpatient", 100_00, on=date.fromisoformat(day))
    assert paid.get("fund", 0) == fund
    assert paid["current"] == 100_00 - fund


def test_waiting_may_be_lifted_or_concern_others() -> None:
    settling = till(WAITING, "active, enrolled_on 2024-01-15")
    assert settling.fund("outpatient", 100_00, emergency=True) == 50_00
    assert settling.fund("outpatient", 100_00) == 0
    assert till(WAITING, "retired").fund("outpatient", 100_00) == 50_00


def test_while_waiting_no_counter_is_used() -> None:
    settling = till(
        "cover 50% of outpatient above 100元 per year as floor\n"
        "wait 6 months after enrolled_on for cover",
        "enrolled_on 2024-01-15",
    )
    assert settling.fund("outpatient", 300_00) == 0
    assert settling.used("floor") == 0
    assert settling.fund("outpatient", 300_00, on=date(2024, 8, 1)) == 100_00


@pytest.mark.parametrize(
    ("booked", "fund"), [(date(2025, 3, 1), 50_00), (date(2025, 3, 2), 0), (DAY, 50_00)]
)
def test_a_bill_must_be_handed_in_within_a_year(booked: date, fund: int) -> None:
    settling = till(HALF + "\nrequire submitted_on <= today + 12 months for cover")
    assert settling.fund("outpatient", 100_00, submitted_on=booked) == fund


def test_every_requirement_that_concerns_the_holder_must_be_met() -> None:
    rules = HALF + "\nrequire filed for cover\nflexible require gap <= 3 months for cover"
    assert till(rules, "retired, gap 9 months").fund("outpatient", 100_00, filed=True) == 50_00
    assert till(rules, "retired, gap 9 months").fund("outpatient", 100_00) == 0
    lapsed = till(rules, "flexible, gap 9 months")
    assert lapsed.fund("outpatient", 100_00, filed=True) == 0
    assert till(rules, "flexible, gap 3 months").fund("outpatient", 100_00, filed=True) == 50_00
    assert till(rules, "flexible").code("outpatient", 100_00, filed=True) == "YB401"


# ── this year's account before the pool ──


def test_what_the_account_pays_first_the_pool_does_not_see() -> None:
    settling = till(
        "draw current before cover\ncover 50% of outpatient above 100元 per visit",
        current=120_00, carried=80_00,
    )  # fmt: skip
    paid = settling.bill("outpatient", 600_00, eligible=500_00)
    # (500 - 120 - 100) at 50% is 140; 600 - 140 - 120 is left: 80 from the carried bucket.
    assert paid == {"current": 120_00, "fund": 140_00, "carried": 80_00, "cash": 260_00}


def test_what_is_not_eligible_is_paid_by_the_account_only_afterwards() -> None:
    settling = till("draw current before cover\n" + HALF, current=500_00)
    settling.bill("outpatient", 300_00, eligible=100_00)
    assert [(each.source, each.fen) for each in settling.posted] == [
        ("current", 100_00), ("current", 200_00),
    ]  # fmt: skip


def test_before_cover_the_account_pays_only_what_it_may() -> None:
    rules = REST + "draw current before cover\n" + HALF + "\nallow drugs for self"
    settling = Till(rules, current=120_00)
    assert settling.bill("outpatient", 600_00) == {"fund": 300_00, "cash": 300_00}
    settling = Till(rules + "\nallow outpatient\ndeny outpatient", current=120_00)
    assert settling.bill("outpatient", 600_00) == {"fund": 300_00, "cash": 300_00}


# ── which rule covers ──


def test_no_rule_several_rules_and_an_exception() -> None:
    settling = till("cover 50% of outpatient at primary\ncover 40% of drugs\ncover 45% of drugs")
    assert settling.code("outpatient", 100_00, "tertiary") == "YB402"
    assert settling.code("inpatient", 100_00, "primary") == "YB402"
    assert settling.code("drugs", 100_00) == "YB403"
    assert settling.code("outpatient", 100_00) == "YB401"
    assert settling.fund("outpatient", 100_00, "primary") == 50_00
    again = till(HALF + "\nexcept when emergency cover 70% of outpatient")
    assert again.fund("outpatient", 100_00) == 50_00
    assert again.fund("outpatient", 100_00, emergency=True) == 70_00


def test_a_table_says_the_rate() -> None:
    settling = till(
        "table ratios\n  | level || ratio: rate |\n  | primary | 70% |\n  | secondary | 55% |\n"
        "cover outpatient by table ratios"
    )
    assert settling.fund("outpatient", 100_00, "primary") == 70_00
    assert settling.fund("outpatient", 100_00, "secondary") == 55_00


def test_a_bill_may_change_what_is_paid_of_it() -> None:
    settling = till("define share = 80% if bill > 1000元, 60% otherwise\ncover share of outpatient")
    assert settling.fund("outpatient", 1000_00) == 600_00
    assert settling.fund("outpatient", 1000_01) == 800_01


# ── how often ──


def test_a_count_includes_the_bill_itself() -> None:
    settling = till(
        "define stay_no = count of inpatient per year\n"
        "cover 90% of inpatient above (800元 if stay_no = 1, 400元 otherwise) per stay\n" + HALF
    )
    assert settling.fund("inpatient", 1000_00) == 180_00
    assert settling.fund("outpatient", 1000_00) == 500_00
    assert settling.fund("inpatient", 1000_00) == 540_00
    settling.begin("per_year")
    assert settling.fund("inpatient", 1000_00) == 180_00


def test_a_refused_bill_and_a_relatives_do_not_count() -> None:
    settling = till(
        "define visit_no = count of outpatient per month\n"
        "define share = 100% if visit_no <= 2, 50% otherwise\n"
        "cover share of outpatient at primary"
    )
    assert settling.code("outpatient", 100_00, "tertiary") == "YB402"
    assert settling.bill("outpatient", 100_00, relation="spouse") == {"cash": 100_00}
    found = [settling.fund("outpatient", 100_00, "primary") for _ in range(3)]
    assert found == [100_00, 100_00, 50_00]


# ── what the account may pay ──


def account_only(rules: str, known: str = "", **buckets: int) -> Till:
    covers = "cover 0% of commercial_insurance, supplements, drugs\n"
    return Till(REST + covers + rules, known, "", **buckets)


INSURANCE = (
    "allow commercial_insurance when carried > 5000元 up to 500元 per year from carried for self"
)


def test_an_allowance_on_a_condition_up_to_a_limit_from_a_bucket() -> None:
    settling = account_only(INSURANCE, current=90_00, carried=6000_00)
    assert settling.bill("commercial_insurance", 400_00) == {"carried": 400_00}
    assert settling.bill("commercial_insurance", 400_00) == {"carried": 100_00, "cash": 300_00}
    settling.begin("per_year")
    assert settling.bill("commercial_insurance", 400_00) == {"carried": 400_00}


def test_the_condition_reads_the_balance_before_the_bill() -> None:
    for carried, paid in ((5000_00, "cash"), (5000_01, "carried")):
        settling = account_only(INSURANCE, carried=carried)
        assert settling.bill("commercial_insurance", 400_00) == {paid: 400_00}


def test_a_limit_for_each_visit_or_over_categories() -> None:
    each = account_only("allow drugs for self up to 60元 per visit", current=500_00)
    assert each.bill("drugs", 100_00) == each.bill("drugs", 100_00)
    assert each.posted[0].fen == 60_00
    both = account_only("allow drugs, supplements for self up to 60元 per month", current=500_00)
    assert both.bill("drugs", 40_00) == {"current": 40_00}
    assert both.bill("supplements", 40_00) == {"current": 20_00, "cash": 20_00}


@pytest.mark.parametrize(
    ("names", "carried"),
    [(("", ""), 20_00), ((" as one", " as one"), 20_00), ((" as one", " as other"), 50_00)],
)
def test_two_allowances_pay_one_after_the_other(names: tuple[str, str], carried: int) -> None:
    """Unnamed limits of the same categories are one counter: 30 of the 50 are used."""
    settling = account_only(
        f"allow drugs for self up to 30元 per year{names[0]} from current\n"
        f"allow drugs for self up to 50元 per year{names[1]} from carried",
        current=500_00, carried=500_00,
    )  # fmt: skip
    paid = settling.bill("drugs", 100_00)
    assert paid == {"current": 30_00, "carried": carried, "cash": 70_00 - carried}


def test_a_denial_beats_every_allowance() -> None:
    rules = "allow supplements, drugs for self\nretired deny supplements"
    assert account_only(rules, "retired", current=90_00).bill("supplements", 80_00) == {
        "cash": 80_00
    }
    assert account_only(rules, "active", current=90_00).bill("supplements", 80_00) == {
        "current": 80_00
    }
    assert account_only(rules, "retired", current=90_00).bill("drugs", 80_00) == {"current": 80_00}


def test_what_no_rule_allows_is_paid_in_cash() -> None:
    settling = account_only("allow drugs for self", current=90_00)
    assert settling.bill("supplements", 80_00) == {"cash": 80_00}


def test_a_relatives_bill_is_not_the_pools() -> None:
    rules = f"{REST}{HALF}\nallow outpatient for spouse, parents when pooled"
    settling = Till(rules, current=500_00)
    assert settling.bill("outpatient", 80_00, relation="spouse") == {"cash": 80_00}
    paid = settling.bill("outpatient", 80_00, facts={"pooled": True}, relation="spouse")
    assert paid == {"current": 80_00}
    paid = settling.bill("outpatient", 80_00, facts={"pooled": True}, relation="siblings")
    assert paid == {"cash": 80_00}
    # The rule for relatives does not let the account pay for its holder.
    paid = settling.bill("outpatient", 80_00, facts={"pooled": True})
    assert paid == {"fund": 40_00, "cash": 40_00}


def test_a_rule_without_relations_is_for_everybody() -> None:
    settling = account_only("allow drugs", current=500_00)
    for relation in ("self", "siblings"):
        assert settling.bill("drugs", 80_00, relation=relation) == {"current": 80_00}


# ── what is told ──


def test_each_step_is_kept_with_what_it_came_to() -> None:
    settling = till("cover 60% of outpatient above 300元 per year up to 500元 per year")
    settling.bill("outpatient", 1000_00)
    settling.bill("outpatient", 1000_00)
    assert told(settling) == [
        ("deductible", 0), ("after_deductible", 1000_00), ("fund", 600_00), ("capped", 80_00),
    ]  # fmt: skip
    assert settling.run is not None
    counted = [
        (each.used, each.limit)
        for each in settling.run.met
        if isinstance(each.instruction, Let) and each.limit is not None
    ]
    assert counted == [(300_00, 300_00), (420_00, 500_00)]
