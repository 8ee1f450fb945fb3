"""Random rules and events, as the oracle describes them: few values, so that they meet."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tests.ledger.oracle_parts import Item

FIRST, LAST = date(2023, 11, 20), date(2025, 2, 10)
NAMES = ("carrying", "crediting", "adjusting", "paying", "earning", "ending")
CATEGORIES = ("outpatient", "inpatient", "drugs")
LEVELS = ("primary", "secondary", "tertiary")

days = st.integers(0, (LAST - FIRST).days).map(lambda n: FIRST + timedelta(n))
turning = st.sampled_from(
    [date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 29), date(2024, 6, 30), date(2024, 7, 1)]
)
some_day = st.one_of(days, turning)
fen = st.one_of(st.integers(1, 300_000), st.sampled_from([1, 5, 33, 100, 10_000, 65_000]))
rates = st.integers(0, 10_000).map(lambda n: Fraction(n, 10_000))
periods = st.sampled_from(["year", "month", "visit", "lifetime"])
month_days = st.sampled_from([(1, 1), (6, 30), (7, 1), (12, 31), (2, 29)])


@st.composite
def clauses(draw: st.DrawFn, by_level: bool) -> tuple[tuple[Any, ...], ...]:
    """Deductibles with bounds, caps, lines left out, a further fund; each counter once.

    Only rules for one level count by level: the oracle has no other way to.
    """
    one = st.sampled_from(["each", "all"] if by_level else ["all"])
    scopes = st.sampled_from(["each", "all", "shared"] if by_level else ["all", "shared"])
    found: list[tuple[Any, ...]] = []
    if draw(st.booleans()):
        found.append(("cost_cap", draw(fen), draw(periods), draw(one)))
    if draw(st.booleans()):
        found.append(("except_lines", "essential_drug"))
    if draw(st.booleans()):
        found.append(("above", draw(fen), draw(periods), draw(scopes)))
        if draw(st.booleans()):
            scope = draw(one)
            found.append(("at_most", draw(fen), draw(periods), scope))
    if draw(st.booleans()):
        found.append(("pay_cap", draw(fen), draw(periods), draw(one)))
        if draw(st.booleans()):
            cap = None
            if draw(st.booleans()):
                cap = draw(fen), draw(periods), "all"
            found.append(("then", "large", draw(rates), "payment", cap))
    return tuple(found)


@st.composite
def covers(draw: st.DrawFn) -> list[Item]:
    """For each category one rule, or one for each level, or one for each status."""
    found: list[Item] = []
    for category in CATEGORIES:
        shape = draw(st.sampled_from(["none", "one", "levels", "statuses", "exception"]))
        parts: list[Item] = {
            "none": [],
            "one": [{}],
            "levels": [{"levels": [level]} for level in LEVELS],
            "statuses": [{"statuses": ["active"]}, {"statuses": ["retired"]}],
            "exception": [{}, {"statuses": ["retired"], "exception": True}],
        }[shape]
        for part in parts:
            cover = {"categories": [category], "clauses": draw(clauses("levels" in part)), **part}
            if draw(st.integers(0, 3)) == 0:
                cover |= {"tiers": draw(tiers()), "tier_period": draw(periods)}
            else:
                cover["rate"] = draw(rates)
            found.append(cover)
    return found


@st.composite
def tiers(draw: st.DrawFn) -> list[tuple[int, int | None, Fraction]]:
    bounds = sorted(draw(st.sets(fen, min_size=1, max_size=3)))
    lows, highs = [0, *bounds], [*bounds, None]
    return [(low, high, draw(rates)) for low, high in zip(lows, highs, strict=True)]


@st.composite
def allows(draw: st.DrawFn) -> list[Item]:
    found: list[Item] = [{"relations": ["self"]}]
    if draw(st.booleans()):
        family: Item = {"categories": ["drugs", "outpatient"], "relations": ["spouse", "parents"]}
        if draw(st.booleans()):
            family["when"] = "carried", draw(fen)
        if draw(st.booleans()):
            family |= {"limit_fen": draw(fen), "period": draw(periods)}
        if draw(st.booleans()):
            family["buckets"] = ["carried"]
        found.append(family)
    if draw(st.integers(0, 5)) == 0:
        found.append({"deny": True, "categories": ["drugs"], "relations": ["parents"]})
    return found


@st.composite
def interest(draw: st.DrawFn) -> list[Item]:
    found = []
    for bucket in ("current", "carried"):
        if draw(st.booleans()):
            rule: Item = {
                "rate": draw(rates), "buckets": [bucket], "posted_on": draw(month_days),
                "basis": draw(st.sampled_from(["daily", "minimum", "balance_on"])),
                "into": draw(st.sampled_from([None, "carried"])),
            }  # fmt: skip
            if rule["basis"] == "balance_on":
                rule["on"] = draw(month_days)
            found.append(rule)
    return found


@st.composite
def dues(draw: st.DrawFn, bucket: bool) -> list[Item]:
    """At most one for each status, on one day: who retires between two days would have both."""
    found = []
    on = draw(st.one_of(st.integers(1, 31).map(lambda day: (0, day)), month_days))
    for status in ("active", "retired"):
        if draw(st.booleans()):
            rule: Item = {"status": status, "amount_fen": draw(fen), "on": on}
            if bucket:
                rule["bucket"] = draw(st.sampled_from(["current", "carried"]))
            found.append(rule)
    return found


@st.composite
def phases(draw: st.DrawFn) -> tuple[tuple[str, ...], ...]:
    order = draw(st.sampled_from([NAMES, ("earning", "carrying", *NAMES[1:4], "ending")]))
    return tuple((name,) for name in order)


@st.composite
def rules(draw: st.DrawFn) -> Item:
    """The rules of a region."""
    carries = []
    if draw(st.booleans()):
        carries.append({"bucket": "current", "into": "carried", "on": draw(month_days)})
    return {
        "buckets": ["current", "carried"],
        "draw": draw(st.sampled_from([["current", "carried"], ["carried", "current"]])),
        "before_cover": draw(st.sampled_from([None, None, "current"])),
        "year_from": draw(st.sampled_from([(1, 1), (7, 1), (4, 1)])),
        "day_count": draw(st.sampled_from([360, 365])),
        "phases": draw(phases()),
        "status": draw(st.sampled_from(["active", "retired"])),
        "covers": draw(covers()),
        "allows": draw(allows()),
        "interest": draw(interest()),
        "carries": carries,
        "credits": draw(dues(True)),
        "deducts": draw(dues(False)),
    }


@st.composite
def event(draw: st.DrawFn, name: str) -> Item:
    """An event, maybe of money, of a bill, or that the holder retires."""
    kind = draw(st.sampled_from(["bill"] * 6 + ["opening", "credit", "adjust", "repaid", "fact"]))
    found: Item = {"id": name, "kind": kind, "effective": draw(some_day)}
    if kind == "fact":
        found["status"] = draw(st.sampled_from(["active", "retired"]))
        if draw(st.booleans()):
            found["booked"] = found["effective"] + timedelta(draw(st.integers(0, 200)))
        return found
    found["amount_fen"] = draw(fen)
    if kind == "bill":
        return found | draw(bill(found["amount_fen"]))
    if kind == "adjust":
        return found | {"direction": draw(st.sampled_from(["to", "from"])), "bucket": "carried"}
    return found | {"bucket": draw(st.sampled_from(["current", "carried"]))}


@st.composite
def bill(draw: st.DrawFn, amount_fen: int) -> Item:
    found: Item = {
        "category": draw(st.sampled_from(CATEGORIES)), "level": draw(st.sampled_from(LEVELS)),
        "relation": draw(st.sampled_from(["self"] * 4 + ["spouse", "parents"])),
    }  # fmt: skip
    if draw(st.booleans()):
        found["eligible_fen"] = draw(st.integers(0, amount_fen))
    if draw(st.booleans()):
        found["lines"] = {"essential_drug": draw(st.integers(0, amount_fen))}
    return found
