"""Events: what happens to an account on a day, whatever it was read from.

Amounts are ints in fen. Names are canonical: categories, buckets, levels, relations, inputs.
`booked` is the day on which an event is entered, `effective` the day from which it counts.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from yibaolang.language.diagnostics import Note, Refusal, diagnostic
from yibaolang.language.source import Place

if TYPE_CHECKING:
    from fractions import Fraction

    FactValue = int | Fraction | date | bool | str

KINDS = (
    "opening", "bill", "credit", "adjust", "repaid", "fact", "moves", "closing", "void", "replace",
)  # fmt: skip
"""Every kind of event."""

PHASES = {
    "opening": "crediting",
    "credit": "crediting",
    "adjust": "adjusting",
    "repaid": "adjusting",
    "bill": "paying",
    "closing": "ending",
}
"""The phase of the day in which an event of a kind is settled; facts hold all day."""


@frozen
class BillLine:
    """What a bill has of a category of goods."""

    category: str
    amount_fen: int


@frozen
class EventFact:
    """A fact that holds for one event, or from an event on; see `DatedFact` for values."""

    name: str
    value: "FactValue"


@frozen
class Heir:
    """Who inherits, and the share: a numerator over a denominator, 0 over 1 for an equal one."""

    name: str
    numerator: int = 0
    denominator: int = 1


@frozen
class Event:
    """One event of an account.

    `name` is the category of a bill, the bucket of an opening, credit or adjustment ("": the rules
    say which), the region of a move, the value of a closing. `amount_fen` of an adjustment is below
    zero if it is taken away. `target` is the id of the event that is voided or replaced, `instead`
    what replaces it. `place` says where it was read.
    """

    kind: str
    effective: date
    booked: date
    id: str = ""
    seq: int = 0
    name: str = ""
    amount_fen: int = 0
    eligible_fen: int | None = None
    level: str = ""
    relation: str = "self"
    member: str = ""
    lines: tuple[BillLine, ...] = ()
    facts: tuple[EventFact, ...] = ()
    version: str = ""
    heirs: tuple[Heir, ...] = ()
    documents: tuple[str, ...] = ()
    target: str = ""
    instead: "Event | None" = None
    because: str = ""
    place: Place | None = None

    @property
    def phase(self) -> str:
        """The phase of the day, or "" for what is not settled by itself."""
        return PHASES.get(self.kind, "")

    def content(self) -> tuple[Any, ...]:
        """Everything but where it was read: what two events with one id must share."""
        instead = None if self.instead is None else self.instead.content()
        return (
            self.kind, self.effective, self.booked, self.id, self.seq, self.name, self.amount_fen,
            self.eligible_fen, self.level, self.relation, self.member, self.lines, self.facts,
            self.version, self.heirs, self.documents, self.target, instead,
        )  # fmt: skip


_DIGITS = re.compile(r"([0-9]+)")


@lru_cache(maxsize=4096)
def natural(text: str) -> tuple[Any, ...]:
    """A key that orders ids as people do: numbers in them by size.

    >>> sorted(["e10", "e2", "e1", "e", ""], key=natural)
    ['', 'e', 'e1', 'e2', 'e10']
    """
    parts = _DIGITS.split(text)
    return tuple((int(part) if index % 2 else part) for index, part in enumerate(parts)), text


def effective_events(events: Iterable[Event]) -> tuple[list[Event], list[Event]]:
    """The events that count, after voids and replacements, and the corrections themselves.

    A correction that is itself voided counts no more; what replaces a correction stands for it.
    Refusal for an id that is said twice with other content (YB440), a target that is not there
    (YB441), that was corrected before (YB442) or has another day (YB443). The same event said
    twice counts once.
    """
    every = said_once(events)
    by_id = {each.id: each for each in every if each.id}
    corrections = [each for each in every if each.kind in ("void", "replace")]
    correcting = _by_target(corrections, by_id)
    found: list[Event] = []
    reached = 0
    for event in every:
        if event.kind in ("void", "replace"):
            continue
        chain = _chain(event, correcting)
        reached += len(chain)
        last = _counting(chain)
        if last is None:
            found.append(event)
        elif last.instead is not None:
            found.append(_instead_of(event, last.instead))
    if reached < len(corrections):
        raise _refusal_of_circle(corrections, by_id)
    return found, corrections


def said_once(events: Iterable[Event]) -> list[Event]:
    """The events, each id once; Refusal YB440."""
    by_id: dict[str, Event] = {}
    every: list[Event] = []
    for event in events:
        known = by_id.get(event.id) if event.id else None
        if known is None:
            by_id[event.id] = event
            every.append(event)
        elif known.content() != event.content():
            raise _refusal("YB440", event, known, id=event.id)
    return every


def _by_target(corrections: Iterable[Event], by_id: dict[str, Event]) -> dict[str, Event]:
    """The correction of each id that is corrected; Refusal YB441, YB442 or YB443."""
    found: dict[str, Event] = {}
    for each in corrections:
        target = by_id.get(each.target)
        if target is None:
            raise _refusal("YB441", each, None, id=each.target)
        if each.target in found:
            raise _refusal("YB442", each, found[each.target], id=each.target)
        of_event = target.kind not in ("void", "replace")
        if of_event and each.effective not in (target.effective, each.booked):
            raise _refusal("YB443", each, target, id=each.target)
        found[each.target] = each
    return found


def _chain(event: Event, correcting: dict[str, Event]) -> list[Event]:
    """The correction of an event, the correction of that, and so on."""
    found = []
    each = correcting.get(event.id) if event.id else None
    while each is not None:
        found.append(each)
        each = correcting.get(each.id) if each.id else None
    return found


def _counting(chain: Iterable[Event]) -> Event | None:
    """What a chain of corrections comes to: the one that counts, or None if it is as it was."""
    found: Event | None = None
    for each in reversed(list(chain)):
        if found is None:
            found = each
        elif found.kind == "void":
            found = None
    return found


def _instead_of(event: Event, instead: Event) -> Event:
    """What replaces an event, in its place: with its id and days."""
    return evolve(
        instead, id=event.id, seq=event.seq, effective=event.effective, booked=event.booked
    )


def _refusal_of_circle(corrections: Iterable[Event], by_id: dict[str, Event]) -> Refusal:
    """Corrections of nothing but one another."""
    for each in corrections:
        target, steps = each, 0
        while target.kind in ("void", "replace") and steps <= len(by_id):
            target, steps = by_id[target.target], steps + 1
        if steps > len(by_id):
            return _refusal("YB441", each, None, id=each.target)
    raise TypeError("there is no circle of corrections")


def _refusal(code: str, event: Event, other: Event | None, **arguments: str) -> Refusal:
    notes = [Note(other.place, "first")] if other is not None and other.place else []
    return Refusal(diagnostic(code, event.place, notes=notes, **arguments))
