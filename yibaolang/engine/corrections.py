"""What corrections moved: every figure that is other than it was before, correction by correction.

A correction is a void, a replacement, or an event or fact that is booked later than it counts. The
ledger is run again from the last checkpoint before what it changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import evolve, frozen

from yibaolang.engine.events import Event, natural, said_once
from yibaolang.engine.ledger import Checkpoint, Ledger, Ledgers
from yibaolang.engine.measures import Measuring, programs_of
from yibaolang.engine.postings import Settlement


@frozen(eq=False)
class Change:
    """A sum that moved: postings of a kind for an event (or what time brought) on a day, in fen."""

    day: date
    event: str
    kind: str
    source: str
    target: str
    before_fen: int
    after_fen: int


@frozen(eq=False)
class Corrected:
    """A correction, what it moved, and the balances (with the receivable) before and after it."""

    correction: Event
    changes: tuple[Change, ...]
    before: dict[str, int]
    after: dict[str, int]


def is_correction(event: Event) -> bool:
    """Whether an event changes what was already settled."""
    return event.kind in ("void", "replace") or event.booked > event.effective


def corrections(measuring: Measuring) -> list[Corrected]:
    """The corrections of an account in the order in which they were booked, and what each moved."""
    said = said_once(measuring.events)
    by_id = {each.id: each for each in said if each.id}

    def order(event: Event) -> tuple[Any, ...]:
        """First what is corrected, then what corrects it, even on one day."""
        targets = _targets(event, by_id)
        booked = max(each.booked for each in (event, *targets))
        return booked, len(targets), natural(event.id)

    events = sorted(said, key=order)
    known = [each for each in events if not is_correction(each)]
    ledgers = Ledgers(programs_of(measuring.rules), explained=False)
    ledger = ledgers.run(measuring.account, known)
    found = []
    for event in events:
        if not is_correction(event):
            continue
        first = min(each.effective for each in (event, *_targets(event, by_id)))
        known.append(event)
        start = _checkpoint(ledger, first)
        again = ledgers.run(measuring.account, known, start)
        changes = _changes(_since(ledger, start), again.settlements)
        after = _joined(ledger, again, start)
        found.append(Corrected(event, changes, ledger.balances(), after.balances()))
        ledger = after
    return found


def _targets(event: Event, by_id: Mapping[str, Event]) -> list[Event]:
    """What an event corrects, what that corrects, and so on."""
    found: list[Event] = []
    target = by_id.get(event.target) if event.target else None
    while target is not None and target not in found:
        found.append(target)
        target = by_id.get(target.target) if target.target else None
    return found


def _checkpoint(ledger: Ledger, first: date) -> Checkpoint | None:
    found = [each for each in ledger.checkpoints if each.day <= first]
    return found[-1] if found else None


def _since(ledger: Ledger, start: Checkpoint | None) -> Sequence[Settlement]:
    if start is None:
        return ledger.settlements
    return [each for each in ledger.settlements if each.day >= start.day]


def _joined(before: Ledger, again: Ledger, start: Checkpoint | None) -> Ledger:
    """The ledger up to a checkpoint, and from there the one that was run again."""
    if start is None:
        return again
    kept = [each for each in before.settlements if each.day < start.day]
    points = [each for each in before.checkpoints if each.day <= start.day]
    later = [each for each in again.checkpoints if each.day > start.day]
    return evolve(
        again, settlements=(*kept, *again.settlements), opening=before.opening,
        checkpoints=(*points, *later),
    )  # fmt: skip


_Key = tuple[date, str, str, str, str]


def _changes(before: Iterable[Settlement], after: Iterable[Settlement]) -> tuple[Change, ...]:
    old, new = _sums(before), _sums(after)
    keys = sorted({*old, *new})
    return tuple(
        Change(*key, old.get(key, 0), new.get(key, 0))
        for key in keys
        if old.get(key, 0) != new.get(key, 0)
    )


def _sums(settlements: Iterable[Settlement]) -> dict[_Key, int]:
    found: dict[_Key, int] = {}
    for each in settlements:
        for posting in each.postings:
            key = each.day, posting.event, posting.kind, posting.source, posting.target
            found[key] = found.get(key, 0) + posting.fen
    return found
