"""A naive oracle of the account ledger, sharing nothing with yibaolang: every calendar day is gone
through, interest is a sum over days, a counter a sum over all that was ever counted.

Rules and events are dicts (oracle_parts.py lists them), amounts in fen, since and until included,
no names: any. Waiting periods, requirements, family binding, other roundings and YB431 to YB433 are
not here. Readings, where the meaning was open (those of bills and of corrections: see the modules):
- A day: in each phase openings, then what is scheduled (the phase's names and the rules as written,
  deductions in adjusting; the id is the ISO date), then events by id, runs of digits as numbers.
  opening and credit are crediting, adjust and repaid adjusting. Zero is not posted; equal postings
  of one id are one sum. What is outside first..last does not happen, but facts hold.
- A fact holds all day. Scheduled items know what is booked by then, a bill what is booked by its
  own booking. A late fact changes only credits of the days before its booking: then, in adjusting,
  each bucket's net difference is posted under the fact's id.
- A deduction takes from its bucket and those it carries into; without a bucket in draw order.
  Later money does not pay a receivable; repaid more than is owed is refused.
- Each day earns by the rules in force on it; all that a bucket earned is posted when a rule in
  force that names it posts. Part of a month has no minimum. Written carries see those before them.
- Heirs share the total, paid heir by heir, bucket by bucket. Interest not posted by then lapses,
  a receivable stays, and on later days nothing happens, not even for a late fact.
"""

from datetime import date, timedelta
from fractions import Fraction

from tests.ledger.oracle_bills import Counters, settled
from tests.ledger.oracle_parts import Item, booked, corrected, days, falls, half_up, holds, summed

PHASES = {"opening": "crediting", "credit": "crediting", "adjust": "adjusting", "fact": "adjusting"}
PHASES |= {"repaid": "adjusting", "bill": "paying", "closing": "ending"}


class Account:
    def __init__(self, rules: Item, events: list[Item], first: date) -> None:
        self.rules, self.first, self.closed = rules, first, date.max
        self.events, self.refused = corrected(events)
        self.facts = sorted((e for e in self.events if e["kind"] == "fact"), key=booked)
        self.balance = dict.fromkeys([*rules["buckets"], "receivable"], 0)
        self.takes: list[tuple[str, str, str, str, int]] = []
        self.counters = Counters(rules["year_from"])
        self.history: dict[date, dict[str, int]] = {}
        self.posted: dict[str, date] = {}

    def post(self, name: str, kind: str, source: str, target: str, fen: int) -> int:
        for side, change in ((source, -fen), (target, fen)):
            if side in self.balance:
                self.balance[side] += change
        self.takes.append((name, kind, source, target, fen))
        return fen

    def take(self, name: str, kind: str, buckets: list[str], fen: int) -> None:
        for bucket in buckets:
            fen -= self.post(name, kind, bucket, "fund", min(fen, self.balance[bucket]))
        self.post(name, kind, "receivable", "fund", fen)

    def chain(self, bucket: str, day: date) -> list[str]:
        into = [c["into"] for c in self.in_force("carries", day) if c["bucket"] == bucket]
        return [bucket, *(each for further in into for each in self.chain(further, day))]

    def in_force(self, kind: str, day: date) -> list[Item]:
        return [rule for rule in self.rules[kind] if holds(rule, day)]

    def status(self, day: date, facts: list[Item]) -> str | None:
        known = [f for f in facts if f["effective"] <= day]
        latest = max(known, key=lambda f: (f["effective"], booked(f)), default=self.rules)
        return latest.get("status")

    def known(self, day: date) -> list[Item]:
        return [f for f in self.facts if booked(f)[0] <= day]

    def due(self, kind: str, day: date, facts: list[Item]) -> list[Item]:
        """The credits or deducts that post on a day, by what is known."""
        statuses = (None, self.status(day, facts))
        due = [rule for rule in self.in_force(kind, day) if falls(day, rule["on"])]
        return [rule for rule in due if rule.get("status") in statuses]

    def schedule(self, phase: str, day: date) -> None:
        name, facts = day.isoformat(), self.known(day)
        if phase == "carrying":
            for carry in self.in_force("carries", day):
                if falls(day, carry["on"]):
                    fen = self.balance[carry["bucket"]]
                    self.post(name, "carry", carry["bucket"], carry["into"], fen)
        elif phase == "crediting":
            for credit in self.due("credits", day, facts):
                self.post(name, "credit", "fund", credit["bucket"], credit["amount_fen"])
        elif phase == "adjusting":
            for deduct in self.due("deducts", day, facts):
                own = deduct.get("bucket")
                buckets = self.chain(own, day) if own else self.rules["draw"]
                self.take(name, "deduct", buckets, deduct["amount_fen"])
        elif phase == "earning":
            self.interest(name, day)

    def interest(self, name: str, day: date) -> None:
        owed: dict[str, Fraction] = {}
        for rule in self.rules["interest"]:
            for bucket in self.rules["buckets"]:
                if holds(rule, day, buckets=bucket) and falls(day, rule["posted_on"]):
                    into = rule.get("into") or bucket
                    for past in days(self.posted.get(bucket, self.first), day):
                        owed[into] = owed.get(into, Fraction(0)) + self.earned(bucket, past)
                    self.posted[bucket] = day
        for into, fen in owed.items():
            self.post(name, "interest", "fund", into, half_up(fen))

    def earned(self, bucket: str, day: date) -> Fraction:
        start, total, fen = day.replace(day=1), Fraction(0), self.history[day][bucket]
        for rule in [r for r in self.rules["interest"] if holds(r, day, buckets=bucket)]:
            if rule["basis"] == "daily":
                total += rule["rate"] * fen / self.rules.get("day_count", 365)
            elif rule["basis"] == "balance_on":
                total += rule["rate"] * fen * falls(day, rule["on"])
            elif falls(day, (0, 31)) and start >= self.first:
                month = [self.history[each][bucket] for each in days(start, day)]
                total += rule["rate"] * min([*month, fen]) / 12
        return total

    def correct(self, fact: Item, day: date) -> None:
        """Posts what a late fact changes in the credits that were posted before it was known."""
        before = self.facts[: self.facts.index(fact)]
        change = dict.fromkeys(self.rules["buckets"], 0)
        for past in days(self.first, day):
            for sign, facts in ((1, [*before, fact]), (-1, before)):
                for credit in self.due("credits", past, facts):
                    change[credit["bucket"]] += sign * credit["amount_fen"]
                for deduct in self.due("deducts", past, facts):
                    change[self.rules["buckets"][0]] -= sign * deduct["amount_fen"]
        for bucket, fen in change.items():
            self.post(fact["id"], "correction", "fund", bucket, max(0, fen))
            self.take(fact["id"], "correction", self.chain(bucket, day), max(0, -fen))

    def close(self, event: Item, day: date) -> None:
        shares = event.get("shares") or [(event["to"], Fraction(1))]
        total = sum(self.balance[bucket] for bucket in self.rules["buckets"])
        exact = [total * share for _, share in shares]
        parts = [fen // 1 for fen in exact]
        by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
        for i in by_remainder[: total - sum(parts)]:
            parts[i] += 1
        for (heir, _), part in zip(shares, parts, strict=True):
            for bucket in self.rules["buckets"]:
                fen = min(part, self.balance[bucket])
                part -= self.post(event["id"], "close", bucket, heir, fen)
        self.closed = day

    def happen(self, event: Item, day: date) -> None:
        name, kind, fen = event["id"], event["kind"], event.get("amount_fen", 0)
        if kind == "adjust" and event["direction"] == "from":
            self.take(name, kind, self.chain(event["bucket"], day), fen)
        elif kind in ("opening", "credit", "adjust"):
            self.post(name, kind, "opening" if kind == "opening" else "fund", event["bucket"], fen)
        elif kind == "repaid" and fen > -self.balance["receivable"]:
            self.refused.append((name, "YB444"))
        elif kind == "repaid":
            self.post(name, kind, "cash", "receivable", fen)
        elif kind == "fact":
            self.correct(event, day)
        elif kind == "closing":
            self.close(event, day)
        else:
            status = self.status(day, self.known(max(day, booked(event)[0])))
            takes = settled(self.rules, self.counters, self.balance, event, status)
            if isinstance(takes, str):
                self.refused.append((name, takes))
            else:
                for part, source, fen in takes:
                    self.post(name, part, source, "provider", fen)

    def pass_day(self, day: date) -> None:
        dates = [(e, booked(e)[0] if e["kind"] == "fact" else e["effective"]) for e in self.events]
        todays = sorted((e for e, when in dates if when == day), key=lambda e: booked(e)[1])
        for group in self.rules["phases"]:
            events = [e for e in todays if PHASES[e["kind"]] in group]
            for event in [e for e in events if e["kind"] == "opening"]:
                self.happen(event, day)
            for phase in group:
                self.schedule(phase, day)
            for event in [e for e in events if e["kind"] != "opening"]:
                self.happen(event, day)
        self.history[day] = dict(self.balance)


def run(rules: Item, events: list[Item], first: date, last: date, as_listed: bool) -> Item:
    """The account after `last`: balances, receivable, takes, refused, counters by period."""
    listed: Item = {"credits": [], "deducts": []} if as_listed else {}
    account = Account(rules | listed, events, first)
    for day in days(first, last + timedelta(1)):
        if day <= account.closed:
            account.pass_day(day)
    settled = [e for e in account.events if e["kind"] != "fact"]
    late = [e["id"] for e in settled if account.closed < e["effective"] <= last]
    takes = [(*key, fen) for key, fen in summed(account.takes).items() if fen]
    return {
        "balances": {b: fen for b, fen in account.balance.items() if b != "receivable"},
        "receivable": -account.balance["receivable"],
        "takes": sorted(takes),
        "refused": sorted([*account.refused, *((name, "YB436") for name in late)]),
        "counters": summed(row for row in account.counters.counted if row[1] is not None),
    }
