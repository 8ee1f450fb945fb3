"""What changes in the lives of accounts' holders: their facts, and which relatives they let in.

The events are put together by `engine.account.stages`, as the reference engine does it. An account
of which something was known only later than it held is for the reference engine, as are facts that
contradict each other.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import evolve, frozen
from numpy.typing import NDArray

from yibaolang.engine.account import Account, Stage, stages
from yibaolang.engine.event_schema import EventSchema
from yibaolang.engine.events import Event
from yibaolang.engine.given import Known
from yibaolang.language.diagnostics import Refusal
from yibaolang.population.fixed import day_of_number
from yibaolang.population.ledger_event_facts import EventFacts, with_fact
from yibaolang.population.ledger_events import FACT, VOID, Events
from yibaolang.population.ledger_reference import cells_of
from yibaolang.population.ledger_replacing import with_classes
from yibaolang.program.frame import Facts, Scenario

_POOLED = "pooled"
"""The fact of a relative's bill that bindings say."""

_NOBODY = Account("", Known(Scenario({}), (), frozenset(), {}), "", date.min, date.max)
_SELF = "self"


@frozen(eq=False)
class Life:
    """The facts of a holder that begin on one of `days`, by name."""

    facts: Mapping[str, Facts]
    days: tuple[date, ...]

    @classmethod
    def made(cls, facts: Mapping[str, Facts]) -> "Life":
        """The life with some facts."""
        days = {each.since for dated in facts.values() for each in dated if each.since}
        return cls(facts, tuple(sorted(days)))


@frozen(eq=False)
class Lives:
    """The lives in which facts change, by account: its number among those with events."""

    of: Mapping[int, Life]

    @property
    def changing(self) -> frozenset[str]:
        """The names of the facts that change."""
        return frozenset(name for life in self.of.values() for name in life.facts)


def read_lives(events: Events) -> tuple[Events, Lives]:
    """The lives, and the events without them: a fact does nothing more in its row.

    A bill of a relative says whether the relative may use the account, if that was ever said.
    """
    if FACT not in events.classes:
        return events, Lives({})
    return _Reading(events).all()


class _Reading:
    """Reads the facts of one table of events."""

    def __init__(self, events: Events) -> None:
        self.events = events
        self.schema = EventSchema(events.book)
        self.codes: NDArray[np.int8] = events.codes.copy()
        self.rows: list[int] = []
        self.bound: list[bool] = []

    def all(self) -> tuple[Events, Lives]:
        """Account by account."""
        events = self.events
        rows = np.flatnonzero(events.codes == events.classes.index(FACT))
        told = events.table.take(pa.array(rows)).to_pylist()
        accounts = np.searchsorted(events.offsets, rows, side="right") - 1
        lives: dict[int, Life] = {}
        for account in np.unique(accounts).tolist():
            first, end = np.searchsorted(accounts, [account, account + 1]).tolist()
            stage = self.stage(told[first:end])
            if stage is None:
                self.codes[rows[first:end]] = len(events.classes)
                continue
            if stage.known.scenario.facts:
                lives[account] = Life.made(stage.known.scenario.facts)
            self.bind(account, stage)
        facts = events.facts
        if self.rows:
            facts = with_fact(facts, len(events), _POOLED, self.rows, self.bound)
        return self.without_facts(facts), Lives(lives)

    def stage(self, rows: Iterable[Mapping[str, Any]]) -> Stage | None:
        """What is known of a holder; None for what only the reference engine can tell."""
        found: list[Event] = []
        for row in rows:
            try:
                found.append(self.schema.event(cells_of(row))[1])
            except Refusal:
                return None
        try:
            known = stages(_NOBODY, found)
        except Refusal:
            return None
        named = self.schema.facts.columns.values()
        if len(known) > 1 or not known[0].known.scenario.facts.keys() <= set(named):
            return None
        return known[0]

    def bind(self, account: int, stage: Stage) -> None:
        """Whether the relatives of bills may use the account on these bills' days."""
        if not stage.bindings:
            return
        events = self.events
        begin, end = (int(events.offsets[account + at]) for at in (0, 1))
        for row in range(begin, end):
            code = int(events.codes[row])
            if code == len(events.classes) or events.classes[code].relation == _SELF:
                continue
            day = day_of_number(int(events.days[row]))
            bound = stage.bound(events.classes[code].relation, self.member(row), day)
            self.rows.append(row)
            self.bound.append(bool(bound))

    def member(self, row: int) -> str:
        """The name of a relative."""
        if "member" not in self.events.table.column_names:
            return ""
        found: str | None = self.events.table.column("member")[row].as_py()
        return (found or "").strip(" \t")

    def without_facts(self, facts: EventFacts | None) -> Events:
        """The events, with what is a fact of the class of voids."""
        events = with_classes(
            evolve(self.events, codes=self.codes, facts=facts), {*self.events.classes, VOID}
        )
        facts_at, void = (events.classes.index(each) for each in (FACT, VOID))
        events.codes[events.codes == facts_at] = void
        return with_classes(events, {*events.classes} - {FACT})
