"""An account: who holds it, where, since when, and what was known of the holder at which time."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from attrs import evolve, frozen

from yibaolang.engine.events import Event, natural
from yibaolang.engine.given import Known, Lived
from yibaolang.language.diagnostics import Diagnostic, Note, Refusal, diagnostic
from yibaolang.program.frame import DatedFact, Scenario

_ONE_DAY = timedelta(days=1)


@frozen(eq=False)
class Account:
    """An account from its first day to its last that is looked at, both inclusive.

    `region` is where it is kept if the facts say nothing else. If `as_listed`, nothing is
    scheduled: the credits and deductions that happened are among the events. `ends` is the last day
    that may be looked at, if one was said.
    """

    name: str
    known: Known
    region: str
    first: date
    last: date
    as_listed: bool = False
    ends: date | None = None


@frozen
class Binding:
    """That a relative may use the account (or no longer), from a day on."""

    relation: str
    member: str
    since: date
    holds: bool


@frozen(eq=False)
class Stage:
    """What was known from a day on, until the next stage begins."""

    since: date
    known: Known
    bindings: tuple[Binding, ...]

    def bound(self, relation: str, member: str, day: date) -> bool | None:
        """Whether a relative may use the account on a day; None if no binding was ever said.

        What is said of a relation without a name is said of all of them; a bill without a name is
        of any.
        """
        if not self.bindings:
            return None
        told = [each for each in self.bindings if each.relation == relation and each.since <= day]
        members = (member,) if member else tuple({each.member for each in told})
        return any(_last_holds(told, each) for each in members)


def _last_holds(told: Iterable[Binding], member: str) -> bool:
    """What was said last of a member, or of everybody."""
    holds = False
    for each in told:
        if each.member in ("", member):
            holds = each.holds
    return holds


def stages(account: Account, events: Iterable[Event]) -> list[Stage]:
    """The stages of knowledge: facts that are booked late are known from then on only.

    Refusal YB432 for two that contradict each other with nothing to order them.
    """
    facts = sorted((each for each in events if each.kind in ("fact", "moves")), key=_order)
    _refuse_ties(facts)
    late = sorted({each.booked for each in facts if each.booked > each.effective})
    found = []
    for since in (date.min, *late):
        told = [each for each in facts if each.booked <= max(since, each.effective)]
        found.append(_stage(account.known, told, since))
    return found


def _order(event: Event) -> tuple[object, ...]:
    """The order in which facts become known, whatever the order of their lines."""
    return (
        event.booked, event.effective, event.seq, natural(event.id), event.name,
        repr(event.content()),
    )  # fmt: skip


def _refuse_ties(facts: Sequence[Event]) -> None:
    """Refuse facts of one day, without ids, that say different things of the same."""
    said: dict[tuple[object, ...], Event] = {}
    for event in facts:
        if event.id:
            continue
        for name in [fact.name for fact in event.facts] or [event.kind]:
            key = event.booked, event.effective, event.seq, event.relation, event.member, name
            other = said.setdefault(key, event)
            if other.content() != event.content():
                raise Refusal(tie(other, event))


def tie(one: Event, other: Event) -> Diagnostic:
    """That two events have one place (YB432), at the one that was written later."""
    pair = sorted((one, other), key=lambda each: each.place.span if each.place else (0, 0))
    first, second = pair
    notes = [Note(first.place, "first")] if first.place else []
    return diagnostic("YB432", second.place, notes=notes, date=other.effective.isoformat())


def _stage(known: Known, told: Sequence[Event], since: date) -> Stage:
    facts = {name: list(each) for name, each in known.scenario.facts.items()}
    bindings = []
    moves = []
    for event in told:
        if event.kind == "moves":
            moves.append(event)
            continue
        for fact in event.facts:
            if event.relation != "self":
                holds = fact.value is True
                bindings.append(Binding(event.relation, event.member, event.effective, holds))
            else:
                held = _ended(facts.get(fact.name, ()), event.effective)
                facts[fact.name] = [*held, DatedFact(fact.value, event.effective)]
    bindings.sort(key=lambda each: each.since)
    scenario = Scenario(
        {name: tuple(each) for name, each in facts.items()}, known.scenario.overrides
    )
    regions = _moved(known.regions, moves)
    return Stage(since, evolve(known, scenario=scenario, regions=regions), tuple(bindings))


def _ended(facts: Iterable[DatedFact], day: date) -> list[DatedFact]:
    """Facts that another one follows from a day on: those that began before it end there."""
    before = day - _ONE_DAY
    found = []
    for fact in facts:
        if fact.since is None or fact.since < day:
            until = before if fact.until is None else min(fact.until, before)
            found.append(evolve(fact, until=until))
        elif fact.since > day:
            found.append(fact)
    return found


def _moved(regions: tuple[Lived, ...], moves: Sequence[Event]) -> tuple[Lived, ...]:
    """Where the holder lived, after moves."""
    found = list(regions)
    for move in sorted(moves, key=lambda each: each.effective):
        before = move.effective - _ONE_DAY
        found = [
            evolve(each, until=before if each.until is None else min(each.until, before))
            for each in found
            if each.since is None or each.since <= before
        ]
        found.append(Lived(move.name, move.version, move.effective, None))
    return tuple(found)
