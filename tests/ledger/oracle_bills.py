"""The part of the naive oracle that settles one bill: counters, the pool's part, the account's.

A bill is a dict: id, effective, booked, amount_fen, category, level, relation (self), eligible_fen
(all of it), lines {category: fen}. Readings, where the meaning was open:
- "each" counts per (kind, categories, levels as written), "all" leaves the levels out, a name is a
  counter of that name; the limit of an allow rule counts per (categories, relations, buckets).
  Each kind of period counts by itself, also under one name.
- `at_most` bounds every `above` before it, and counts what it let pass. All caps of a cover count
  what all of them left. One bill is one visit and one stay.
- `then` pays of what the cap, or the further fund, before it cut off. `counting cost`: of the cost
  over the cost caps and of the cost behind the payment that was cut, in proportion.
- No cover rule for the holder's own bill is YB402, whatever the category.
- `when` and deny rules look at the balances that the bill found. Several allow rules pay one after
  the other. Who pays before cover needs an allow rule for the bill, as for any draw.
"""

from datetime import date
from fractions import Fraction
from typing import Any

from tests.ledger.oracle_parts import Item, half_up, holds

Bound = tuple[int, str, Any]  # fen, period, the counter's name


class Counters:
    """All that was ever counted, as (name, period, fen)."""

    def __init__(self, year_from: tuple[int, int]) -> None:
        self.year_from = year_from
        self.counted: list[tuple[Any, Any, int]] = []

    def period(self, word: str, day: date) -> Any:
        """The period that holds a day; None for those that keep nothing."""
        year = day.year - ((day.month, day.day) < self.year_from)
        return {"year": year, "month": (day.year, day.month), "lifetime": "ever"}.get(word)

    def used(self, bound: Bound, day: date) -> int:
        _, word, name = bound
        period = self.period(word, day)
        return sum(fen for *key, fen in self.counted if period and key == [name, period])

    def count(self, bounds: list[Bound], fen: int, day: date) -> None:
        """Counts once by each counter, however many bounds use it."""
        for name, word in {(name, word) for _, word, name in bounds}:
            self.counted.append((name, self.period(word, day), fen))

    def within(self, bounds: list[Bound], fen: int, day: date) -> int:
        """What the bounds leave of an amount, which is counted."""
        left = [max(0, bound[0] - self.used(bound, day)) for bound in bounds]
        self.count(bounds, min([fen, *left]), day)
        return min([fen, *left])


def bound(cover: Item, kind: str, fen: int, word: str, scope: str) -> Bound:
    levels = tuple(cover.get("levels") or ()) if scope == "each" else "all"
    unnamed = (kind, tuple(cover["categories"]), levels)
    return fen, word, unnamed if scope in ("each", "all") else scope


def settle(cover: Item, counters: Counters, bill: Item, cost: int) -> list[tuple[str, int]]:
    """What each fund pays of an eligible cost."""
    day, clauses = bill["effective"], cover.get("clauses", [])

    def bounds(kind: str, start: int = 0) -> list[Bound]:
        return [bound(cover, *clause) for clause in clauses[start:] if clause[0] == kind]

    covered = counters.within(bounds("cost_cap"), cost, day)
    lines = bill.get("lines") or {}
    waived = sum(lines.get(clause[1], 0) for clause in clauses if clause[0] == "except_lines")
    deducted = 0
    for place, clause in enumerate(clauses):
        if clause[0] == "above":
            deductible = [bound(cover, *clause), *bounds("at_most", place)]
            deducted += counters.within(deductible, max(0, covered - waived - deducted), day)

    tiers = cover.get("tiers") or [(0, None, cover["rate"])]
    period = bound(cover, "tiers", 0, cover.get("tier_period", "visit"), cover.get("scope", "each"))
    before = counters.used(period, day)
    counters.count([period], covered, day)
    exact = Fraction(0)
    for low, high, rate in tiers:
        top = before + covered if high is None else min(high, before + covered)
        exact += rate * max(0, top - max(low, before + deducted))

    paid = counters.within(bounds("pay_cap"), half_up(exact), day)
    cut = Fraction(half_up(exact) - paid)
    behind = cut * (covered - deducted) / exact if exact else 0
    found, missed = [("fund", paid)], {"payment": cut, "cost": cost - covered + behind}
    for _, fund, rate, counting, cap in [c for c in clauses if c[0] == "then"]:
        offered = half_up(rate * missed[counting])
        paid = counters.within([bound(cover, fund, *cap)] if cap else [], offered, day)
        found.append((fund, paid))
        cut = Fraction(offered - paid)
        missed = {"payment": cut, "cost": cut / (rate or 1)}
    return found


def drawn(
    rules: Item, counters: Counters, bill: Item, balance: dict[str, int], order: list[str], own: int
) -> list[tuple[str, int]]:
    """What buckets pay of an amount, in order; `balance` is reduced."""
    day, relation = bill["effective"], bill.get("relation", "self")
    allows = [
        rule
        for rule in rules["allows"]
        if holds(rule, day, categories=bill["category"], relations=relation)
        and (not rule.get("when") or bill["found"][rule["when"][0]] > rule["when"][1])
    ]
    takes: list[tuple[str, int]] = []
    for rule in [] if any(rule.get("deny") for rule in allows) else allows:
        key = ("limit", *(tuple(rule.get(k) or ()) for k in ("categories", "relations", "buckets")))
        fen = rule.get("limit_fen")
        limit = [] if fen is None else [(fen, rule["period"], key)]
        for bucket in order:
            if holds(rule, day, buckets=bucket):
                fen = counters.within(limit, min(own, balance[bucket]), day)
                balance[bucket] -= fen
                own -= fen
                takes.append((bucket, fen))
    return takes


def settled(
    rules: Item, counters: Counters, balance: dict[str, int], bill: Item, status: str | None
) -> list[tuple[str, str, int]] | str:
    """Who pays a bill, as (kind, source, fen); the code if it is refused."""
    day, own, balance = bill["effective"], bill["amount_fen"], dict(balance)
    bill = bill | {"found": dict(balance)}
    takes: list[tuple[str, str, int]] = []
    if bill.get("relation", "self") == "self":
        facts = {"categories": bill["category"], "levels": bill.get("level"), "statuses": status}
        covers = [rule for rule in rules["covers"] if holds(rule, day, **facts)]
        covers = [rule for rule in covers if rule.get("exception")] or covers
        if len(covers) != 1:
            return "YB403" if covers else "YB402"
        first = [rules["before_cover"]] if rules.get("before_cover") else []
        cost = bill["amount_fen"] if bill.get("eligible_fen") is None else bill["eligible_fen"]
        for bucket, fen in drawn(rules, counters, bill, balance, first, cost):
            takes.append(("draw", bucket, fen))
            cost -= fen
        takes += [("fund", fund, fen) for fund, fen in settle(covers[0], counters, bill, cost)]
        own -= sum(fen for *_, fen in takes)
    for bucket, fen in drawn(rules, counters, bill, balance, rules["draw"], own):
        takes.append(("draw", bucket, fen))
        own -= fen
    return [*takes, ("cash", "cash", own)]
