"""Small parts of the naive oracle: rounding, dates, and what corrections make of the events.

An Item is a rule or an event. The rules of an account: year_from (month, day), phases (groups of
names), buckets, draw, before_cover, status (of whom no fact speaks), day_count, and lists of
- covers: categories, levels, statuses, exception, rate or tiers [(low, high or None, rate)] with
  tier_period, clauses (kind, fen, period, scope): above, at_most, cost_cap, pay_cap; (then, fund,
  rate, cost or payment, cap or None), its cap being (fen, period, scope); (except_lines, category)
- allows: deny, categories, relations, buckets, when (bucket, fen), limit_fen, period
- interest: rate, buckets, basis (daily, minimum, balance_on), on, posted_on (month, day), into
- carries: bucket, into, on; credits and deducts: status, amount_fen, bucket, on (month, 0 for
  every month, and day); any of them with since and until
Events: id, kind, effective, booked, amount_fen, bucket; by kind also direction of adjust (to,
from), status of fact, `of` of void and replace, `with` (kind and all) of replace, shares [(heir,
Fraction)] or `to` of closing; of bill see oracle_bills.

Readings: void and replace count from the start, whatever their own dates; what is replaced keeps
its id and dates. A correction names what was there before it, once, else it is refused, without a
named code (""). Voiding a void brings back what it voided.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

Item = dict[str, Any]


def half_up(amount: Fraction) -> int:
    return (amount + Fraction(1, 2)) // 1


def holds(rule: Item, day: date, **facts: Any) -> bool:
    """Whether it is in force, and each of its lists of names has the fact or is empty."""
    in_force = (rule.get("since") or date.min) <= day <= (rule.get("until") or date.max)
    return in_force and all(not rule.get(name) or facts[name] in rule[name] for name in facts)


def summed(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], int]:
    sums: dict[tuple[Any, ...], int] = {}
    for *key, fen in rows:
        sums[tuple(key)] = sums.get(tuple(key), 0) + fen
    return sums


def days(first: date, end: date) -> list[date]:
    return [first + timedelta(n) for n in range((end - first).days)]


def falls(day: date, on: tuple[int, int]) -> bool:
    """Whether it is that month (0: each) and day, or the month's last for a day past its end."""
    ends = (day + timedelta(1)).month != day.month
    return on[0] in (0, day.month) and (day.day == on[1] or (ends and day.day < on[1]))


def booked(event: Item) -> tuple[date, list[str]]:
    """The date and the id, for sorting: e2 comes before e10."""
    words = "".join(c if c.isdigit() else f" {c} " for c in event["id"]).split()
    runs = [word.zfill(64) if word.isdigit() else word for word in words]
    return event.get("booked") or event["effective"], runs


def corrected(events: list[Item]) -> tuple[list[Item], list[tuple[str, str]]]:
    """The events as if the corrections had been so from the start, and the corrections refused."""
    live = {e["id"]: e for e in events}
    corrections = sorted((e for e in events if "of" in e), key=booked)
    wrong = []
    for i, each in enumerate(corrections):
        done, to_come = [c["of"] for c in corrections[:i]], [c["id"] for c in corrections[i:]]
        if each["of"] not in live or each["of"] in done + to_come:
            wrong.append(each["id"])
    for each in reversed(corrections):  # the last one first: it may undo an earlier one
        last, target = live.pop(each["id"], None), live.get(each["of"])
        if last is None or target is None or each["id"] in wrong:
            continue
        if last["kind"] == "void":
            del live[each["of"]]
        elif "of" in target:
            live[each["of"]] = target | {"with": last["with"]}
        else:
            kept = {name: target.get(name) for name in ("id", "effective", "booked")}
            live[each["of"]] = kept | last["with"]
    return list(live.values()), [(name, "") for name in wrong]
