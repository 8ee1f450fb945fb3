"""Seals: digests of an account up to a day, which show later whether anything has changed since.

A seal is a line of text, such as

    v1 rules 8a1f… holder 04bc… events 77e0… result 5d52… trail 3f2a91bc.77e05d52

with a digest each of the rules that shape the account (`rule_content`), of its holder's facts, of
every event that was booked up to the day, and of what came of them: postings, refusals, balances
and counters. What is booked later, also to correct a sealed year, is not part of it. The trail has
four hexadecimal digits for each event, and behind the point for each settlement, by which the
first difference is found; the digests, and not the trail, say whether there is any.

Digests are SHA-256 of JSON in ASCII, cut to 128 bits. They depend on no file name, comment,
language, locale, clock or order of lines, so they are the same on every machine.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from attrs import evolve, frozen

from yibaolang.engine.account import Account, stages
from yibaolang.engine.events import Event, effective_events, natural
from yibaolang.engine.given import Known, Lived
from yibaolang.engine.ledger import Ledger, Ledgers
from yibaolang.engine.measures import Measuring, programs_of
from yibaolang.engine.postings import Settlement
from yibaolang.engine.rule_content import Content, rule_content
from yibaolang.engine.scheduled import lived
from yibaolang.program.layout import BUCKET, COUNTER, RECEIVABLE

VERSION = "v1"
PARTS = ("rules", "holder", "events", "result")
"""What has a digest of its own, in the order in which a difference is looked for."""

MOST_IN_TRAIL = 440
"""How many pieces each half of a trail has at most; then a piece is about several in a row."""

_DIGEST = 32
_PIECE = 4
_KEPT = (BUCKET, RECEIVABLE, COUNTER)
_SEAL = re.compile(
    rf"{VERSION}"
    + "".join(rf" {part} ([0-9a-f]{{{_DIGEST}}})" for part in PARTS)
    + rf" trail (?:([0-9]{{1,9}})\*)?((?:[0-9a-f]{{{_PIECE}}})*)"
    + rf"\.(?:([0-9]{{1,9}})\*)?((?:[0-9a-f]{{{_PIECE}}})*)"
)


@frozen
class Trail:
    """Pieces of digests in order, each about `each` things that follow one another.

    >>> Trail.of([b"a", b"b", b"c"], most=2)
    Trail(each=2, pieces=('7e18', '2e7d'))
    >>> str(Trail(2, ("7e18", "2e7d")))
    '2*7e182e7d'
    """

    each: int
    pieces: tuple[str, ...]

    @classmethod
    def of(cls, contents: Sequence[bytes], most: int = MOST_IN_TRAIL, each: int = 0) -> "Trail":
        """The trail of some contents, with `each` as it is said or as few as `most` allows."""
        each = each or max(1, -(-len(contents) // most))
        joined = (b"\n".join(contents[at : at + each]) for at in range(0, len(contents), each))
        return cls(each, tuple(_hex(content)[:_PIECE] for content in joined))

    def __str__(self) -> str:
        """As it stands in a seal."""
        return (f"{self.each}*" if self.each > 1 else "") + "".join(self.pieces)


@frozen
class Seal:
    """What a seal says: the digests by the names of PARTS, and both halves of the trail.

    >>> text = "v1 " + " ".join(f"{part} {'0' * 32}" for part in PARTS) + " trail 3f2a.2*91bc77e0"
    >>> seal = Seal.read(text)
    >>> seal.events, seal.settlements.each, str(seal) == text
    (Trail(each=1, pieces=('3f2a',)), 2, True)
    >>> Seal.read("v9 rules 00")
    Traceback (most recent call last):
    ValueError: this is no seal of version v1
    """

    digests: tuple[str, ...]
    events: Trail
    settlements: Trail

    @classmethod
    def read(cls, text: str) -> "Seal":
        """From its text; ValueError if it is none."""
        found = _SEAL.fullmatch(text)
        if found is None:
            raise ValueError(f"this is no seal of version {VERSION}")
        *digests, events_each, events, each, settlements = found.groups()
        return cls(tuple(digests), _trail(events_each, events), _trail(each, settlements))

    def __str__(self) -> str:
        """The text that `read` reads."""
        digests = " ".join(f"{part} {each}" for part, each in zip(PARTS, self.digests, strict=True))
        return f"{VERSION} {digests} trail {self.events}.{self.settlements}"


def _trail(each: str | None, text: str) -> Trail:
    pieces = tuple(text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
    return Trail(max(1, int(each or "1")), pieces)


@frozen(eq=False)
class Sealed:
    """An account up to a day, ready for a seal: events and settlements in the trail's order."""

    day: date
    contents: tuple[bytes, ...]
    events: tuple[Event, ...]
    settlements: tuple[Settlement, ...]

    @property
    def seal(self) -> Seal:
        """The seal of it."""
        events, settlements = self.trails()
        return Seal(tuple(map(_digest, self.contents)), events, settlements)

    def trails(self, events_each: int = 0, each: int = 0) -> tuple[Trail, Trail]:
        """Both halves of the trail, with pieces about as many things as is said."""
        said = [_bytes(event_content(event)) for event in self.events]
        done = [_bytes(settlement_content(settlement)) for settlement in self.settlements]
        return Trail.of(said, each=events_each), Trail.of(done, each=each)


def sealed(measuring: Measuring, day: date) -> Sealed:
    """An account up to a day, of what was booked until then; Refusal if it cannot be run."""
    programs = programs_of(measuring.rules)
    account = evolve(measuring.account, last=day)
    booked = [each for each in measuring.events if each.booked <= day]
    events = tuple(sorted(_once(booked), key=_in_time))
    ledger = Ledgers(programs, explained=False).run(account, events)
    spans = kept_in(account, events)
    contents: tuple[Content, ...] = (
        rule_content(measuring.rules, spans, programs.buckets),
        holder_content(account),
        [event_content(each) for each in events],
        [[settlement_content(each) for each in ledger.settlements], closing_content(ledger)],
    )
    return Sealed(day, tuple(map(_bytes, contents)), events, ledger.settlements)


def _once(events: Iterable[Event]) -> list[Event]:
    """The events without those that are said again."""
    found: dict[object, Event] = {}
    for each in events:
        found.setdefault(each.id or id(each), each)
    return list(found.values())


def _in_time(event: Event) -> tuple[Any, ...]:
    content = _bytes(event_content(event))
    return event.effective, event.booked, event.seq, natural(event.id), content


def kept_in(account: Account, events: Iterable[Event]) -> list[Lived]:
    """The regions where an account was kept, each with both its days."""
    counted, _ = effective_events(events)
    known = stages(account, counted)[-1].known
    found = list(lived(account, known, account.first, account.last))
    days = sum((each.until - each.since).days + 1 for each in found if each.until and each.since)
    if days < (account.last - account.first).days + 1:
        # Where nothing is known of where the holder was, the account's own region holds.
        found.append(Lived(account.region, "", account.first, account.last))
    return found


# ── what is sealed, as lists of plain values: the form that the digests are made of ──


def holder_content(account: Account) -> Content:
    """The account's first day and region, and the facts of its holder up to its last day."""
    known = account.known
    facts = [
        [name, *_dated(facts, account.last, lambda fact: [_plain(fact.value)])]
        for name, facts in sorted(known.scenario.facts.items())
        if not all(fact.default for fact in facts)
    ]
    regions = _dated(known.regions, account.last, lambda each: [each.region, each.version])
    first = account.first.isoformat()
    return [first, account.as_listed, account.region, facts, regions, _overrides(known)]


def _overrides(known: Known) -> Content:
    return sorted(known.overrides)


def _dated(each_dated: Iterable[Any], last: date, content: Callable[[Any], Content]) -> Content:
    """What has dates, up to a day: what begins later is left out, and an end that is not before."""
    found = []
    for each in each_dated:
        if each.since is None or each.since <= last:
            since = None if each.since is None else each.since.isoformat()
            ended = each.until is not None and each.until < last
            found.append([*content(each), since, each.until.isoformat() if ended else None])
    return found


def event_content(event: Event) -> Content:
    """What an event says; the order of its lines, facts and documents does not count.

    >>> day = date(2024, 1, 9)
    >>> event_content(Event("credit", day, day, "e1", amount_fen=500))[:7]
    ['credit', '2024-01-09', '2024-01-09', 'e1', 0, '', 500]
    """
    instead = None if event.instead is None else event_content(event.instead)
    return [
        event.kind, event.effective.isoformat(), event.booked.isoformat(), event.id, event.seq,
        event.name, event.amount_fen, event.eligible_fen, event.level, event.relation,
        event.member, sorted([each.category, each.amount_fen] for each in event.lines),
        sorted([each.name, _plain(each.value)] for each in event.facts), event.version,
        [[each.name, each.numerator, each.denominator] for each in event.heirs],
        sorted(event.documents), event.target, instead,
    ]  # fmt: skip


def settlement_content(settlement: Settlement) -> Content:
    """What came of an event, or of what time brought: its postings in fen, or its refusal."""
    refused = "" if settlement.refused is None else settlement.refused.code
    postings = [
        [each.effective.isoformat(), each.booked.isoformat(), each.kind, each.source, each.target,
         each.fen]
        for each in settlement.postings
    ]  # fmt: skip
    return [settlement.day.isoformat(), settlement.kind, settlement.id, refused, postings]


def closing_content(ledger: Ledger) -> Content:
    """What is in the account at the end, zeros left out: buckets, the receivable, counters in fen.

    Interest that is not posted yet is left out: it is kept in parts that later rates may change.
    """
    cells = zip(ledger.programs.layout.cells, ledger.cells, strict=False)
    kept = sorted(
        [cell.kind, cell.name, cell.region, cell.period, value]
        for cell, value in cells
        if value and cell.kind in _KEPT
    )
    return [kept, None if ledger.closed is None else ledger.closed.isoformat()]


def _plain(value: Any) -> Content:
    """A fact's value with its type; a Fraction as its numerator and denominator."""
    if isinstance(value, date):
        return ["date", value.isoformat()]
    if isinstance(value, bool | str):
        return [type(value).__name__, value]
    return ["number", value.numerator, value.denominator]


def _bytes(content: Content) -> bytes:
    import json

    return json.dumps(content, separators=(",", ":")).encode("ascii")


def _hex(content: bytes) -> str:
    from hashlib import sha256

    return sha256(content).hexdigest()


def _digest(content: bytes) -> str:
    return _hex(content)[:_DIGEST]


# ── what has changed since ──


@frozen(eq=False)
class Difference:
    """How an account differs from its seal.

    `parts` are those of PARTS that differ. `kind` is changed, new or missing, or "" if no single
    event or settlement can be named. `first` to `last` are the events (or settlements) of the first
    piece of the trail that differs: one, unless a piece is about several. For what is missing they
    are what follows now; nothing if it was the last.
    """

    parts: tuple[str, ...]
    kind: str
    first: Event | Settlement | None
    last: Event | Settlement | None


def difference(seal: Seal, now: Sealed) -> Difference | None:
    """How an account differs from its seal; None if it does not."""
    digests = now.seal.digests
    parts = tuple(
        part for part, old, new in zip(PARTS, seal.digests, digests, strict=True) if old != new
    )
    if not parts:
        return None
    events, settlements = now.trails(seal.events.each, seal.settlements.each)
    if "events" in parts:
        return _named(parts, seal.events, events, now.events)
    if "result" in parts:
        return _named(parts, seal.settlements, settlements, now.settlements)
    return Difference(parts, "", None, None)


def _named(
    parts: tuple[str, ...], old: Trail, new: Trail, things: Sequence[Event | Settlement]
) -> Difference:
    """The first piece that differs: new if the old piece follows, missing if the new one did."""
    at = 0
    while at < min(len(old.pieces), len(new.pieces)) and old.pieces[at] == new.pieces[at]:
        at += 1
    before, now = old.pieces[at:], new.pieces[at:]
    if not before and not now:
        return Difference(parts, "", None, None)
    kind = "changed"
    if not before or (now and before[0] in now[1:] and now[0] not in before[1:]):
        kind = "new"
    elif not now or now[0] in before[1:]:
        kind = "missing"
    meant = things[at * new.each : (at + 1) * new.each]
    return Difference(parts, kind, meant[0] if meant else None, meant[-1] if meant else None)
