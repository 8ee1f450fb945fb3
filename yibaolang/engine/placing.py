"""Everything that happens to an account, in its place in time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from attrs import frozen

from yibaolang.engine.account import tie
from yibaolang.engine.events import Event, natural
from yibaolang.engine.given import Lived
from yibaolang.engine.programs import MOVES, Item, Programs
from yibaolang.engine.scheduled import Due, Schedule, lived
from yibaolang.language.diagnostics import Diagnostic, diagnostic
from yibaolang.program.turning import EVERY

if TYPE_CHECKING:
    from yibaolang.engine.ledger import Running

_ONE_DAY = timedelta(days=1)
_ORDERED = frozenset({"bill", "adjust", "repaid", "closing"})


@frozen(eq=False)
class Moved:
    """A due posting that is other than was known when it was posted: by how many fen it changed."""

    due: Due
    fen: int


@frozen(eq=False)
class Placed:
    """Something that happens, with its place: day, phase, seq, id, and what it is.

    `kind` names the handler: a kind of event, credit or deduct that is due, an item of time, or
    correction. `problem` is why it is refused whatever the rules say.
    """

    place: tuple[Any, ...]
    kind: str
    day: date
    effective: date
    booked: date
    event: Event | None = None
    due: Due | None = None
    item: Item | None = None
    changes: tuple[Moved, ...] = ()
    problem: Diagnostic | None = None

    @property
    def id(self) -> str:
        """The id of the event, or ""."""
        return "" if self.event is None else self.event.id

    def closed(self, day: date) -> Diagnostic:
        """That the account was closed before (YB436)."""
        return self.located(diagnostic("YB436", None, date=day.isoformat()))

    def located(self, why: Diagnostic) -> Diagnostic:
        """A diagnostic without a place at the event's."""
        from attrs import evolve

        if why.place is not None or self.event is None:
            return why
        return evolve(why, place=self.event.place)


def placed(
    programs: Programs, schedule: Schedule, running: "Running", events: Sequence[Event]
) -> list[Placed]:
    """What happens from the account's first day to its last, in order."""
    found = [
        *_items(programs, running),
        *_due(schedule, running),
        *_corrections(schedule, running),
        *(each for event in events for each in _event(event, running)),
    ]
    found.sort(key=lambda each: each.place)
    return list(_numbered(_tied(found)))


def _rank(running: "Running", day: date, phase: str) -> int:
    return running.turn_on(day)[1].rank(phase)


def _items(programs: Programs, running: "Running") -> Iterator[Placed]:
    account = running.account
    known = running.stages[-1].known
    before: Lived | None = None
    for span in lived(account, known, account.first, account.last):
        if span.since is None or span.until is None:
            continue
        plans = programs.plans(span.region, span.version, known.overrides)
        if span.since > account.first:
            yield _of_item(Item(span.since, MOVES, "plan", EVERY))
        for item in programs.items(plans, span.since, span.until):
            if item.day <= account.last:
                yield _of_item(item)
        if before is not None and before.region != span.region:
            # The region that is left posts the interest that it owes.
            last = span.since - _ONE_DAY
            left = programs.plans(before.region, before.version, known.overrides)
            yield _of_item(Item(span.since, MOVES, "interest", EVERY, programs.turn(left, last)))
        before = span


def _of_item(item: Item) -> Placed:
    place = item.day, item.rank, -1, (item.kind,), f"{item.month_day}"
    return Placed(place, item.kind, item.day, item.day, item.day, item=item)


def _due(schedule: Schedule, running: "Running") -> Iterator[Placed]:
    """What is due, as known on its day."""
    account, known = running.account, running.stages
    for index, stage in enumerate(known):
        first = max(account.first, stage.since)
        last = account.last
        if index + 1 < len(known):
            last = min(last, known[index + 1].since - _ONE_DAY)
        if first > last:
            continue
        for number, due in enumerate(schedule.due(account, stage, first, last)):
            phase = "crediting" if due.figure == "credit" else "adjusting"
            rank = _rank(running, due.day, phase)
            place = due.day, rank, -1, (due.figure,), f"{number:06}"
            kind = f"due {due.figure}"
            yield Placed(place, kind, due.day, due.day, due.day, due=due, problem=due.refused)


def _corrections(schedule: Schedule, running: "Running") -> Iterator[Placed]:
    """On the day of a late fact: how what was posted before it has changed."""
    account, known = running.account, running.stages
    for before, stage in pairwise(known):
        day, last = stage.since, min(account.last, stage.since - _ONE_DAY)
        if not account.first < day <= account.last:
            continue
        changes = _changes(
            schedule.due(account, before, account.first, last),
            schedule.due(account, stage, account.first, last),
        )
        rank = _rank(running, day, "adjusting")
        # A month that cannot be said is refused by itself; the others are corrected.
        for refused in (False, True):
            found = tuple(each for each in changes if (each.due.refused is not None) is refused)
            if found:
                problem = found[0].due.refused
                place = day, rank, -1, ("correction",), "refused" if refused else ""
                yield Placed(place, "correction", day, day, day, changes=found, problem=problem)


def _changes(before: Iterable[Due], after: Iterable[Due]) -> list[Moved]:
    """What is due now against what was due: by day, figure and bucket."""
    found: dict[tuple[date, str, str], Moved] = {}
    for sign, dues in ((-1, before), (1, after)):
        for due in dues:
            if due.refused is not None and sign < 0:
                continue
            key = due.day, due.figure, due.bucket
            old = found.get(key)
            fen = (0 if old is None else old.fen) + sign * due.fen
            found[key] = Moved(due if sign > 0 or old is None else old.due, fen)
    return [each for _, each in sorted(found.items(), key=lambda one: one[0])
            if each.fen or each.due.refused]  # fmt: skip


def _event(event: Event, running: "Running") -> Iterator[Placed]:
    account = running.account
    if event.kind == "fact" or (event.effective > account.last != account.ends):
        return
    problem = None
    day = event.effective
    if day > account.last:
        problem = diagnostic("YB458", event.place, date=account.last.isoformat())
        day = account.last
    if day < account.first:
        problem = diagnostic("YB445", event.place, date=account.first.isoformat())
        day = account.first
    rank = MOVES if event.kind == "moves" else _rank(running, day, event.phase)
    place = day, rank, event.seq, natural(event.id), "" if event.id else repr(event.content())
    yield Placed(
        place, event.kind, day, event.effective, event.booked, event=event, problem=problem
    )


def _tied(found: Iterable[Placed]) -> Iterator[Placed]:
    """The same, with a tie between events that nothing orders refused (YB432)."""
    from attrs import evolve

    before: Placed | None = None
    for each in found:
        if (
            before is not None
            and each.event is not None
            and before.event is not None
            and not each.id
            and not before.id
            and each.place[:3] == before.place[:3]
            and (each.kind in _ORDERED or before.kind in _ORDERED)
            and each.place[4] != before.place[4]
        ):
            each = evolve(each, problem=tie(before.event, each.event))
        before = each
        yield each


def _numbered(found: Iterable[Placed]) -> Iterator[Placed]:
    """Events that say the very same may change places; a number tells them apart."""
    from attrs import evolve

    seen: dict[tuple[Any, ...], int] = {}
    for each in found:
        count = seen[each.place] = seen.get(each.place, 0) + 1
        yield each if count == 1 else evolve(each, place=(*each.place, count))
