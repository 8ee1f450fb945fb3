"""Accounts of Arrow tables that the reference engine runs: each row is read as a row of a file."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from attrs import frozen

from yibaolang.engine.account import Account
from yibaolang.engine.arrow_cells import cell_text
from yibaolang.engine.cells import Misfit
from yibaolang.engine.event_schema import EventSchema, region_of_cell, version_of_cell
from yibaolang.engine.events import Event
from yibaolang.engine.fact_cells import FactCells
from yibaolang.engine.given import Known, Lived, known
from yibaolang.engine.ledger import Ledgers
from yibaolang.engine.ledger_rows import Kept
from yibaolang.engine.measures import Measuring, programs_of
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Note, Refusal, diagnostic
from yibaolang.program.frame import DatedFact, Facts, Scenario


@frozen
class Frame:
    """What holds for every account: its days, where it is kept if nothing else says so, and whether
    nothing is scheduled."""

    first: date
    last: date
    region: str
    as_listed: bool


class Reference:
    """Runs accounts one by one."""

    def __init__(self, rules: RuleBook, frame: Frame) -> None:
        self.rules = rules
        self.frame = frame
        self.schema = EventSchema(rules.book)
        self.cells = FactCells(rules.book)
        self.nothing = known(rules.book, ())
        self.ledgers = Ledgers(programs_of(rules), explained=False)

    def account(
        self, name: str, rows: Iterable[Mapping[str, Any]], person: Mapping[str, Any] | None
    ) -> Kept:
        """What came of an account; a refusal of the whole of it is told in what is given back."""
        try:
            events = self.events(rows)
            holder = self.nothing if person is None else self.person(person)
        except Refusal as refusal:
            return Kept(name, (), None, None, refusal.diagnostics, False)
        frame = self.frame
        account = Account(
            name, holder, frame.region, frame.first, frame.last, frame.as_listed
        )
        measuring = Measuring(self.rules, account, events)
        try:
            ledger = self.ledgers.run(account, measuring.events)
        except Refusal as refusal:
            return Kept(name, measuring.events, measuring, None, refusal.diagnostics)
        return Kept(name, measuring.events, measuring, ledger)

    def events(self, rows: Iterable[Mapping[str, Any]]) -> list[Event]:
        """The events of rows, each id once; Refusal for a row that cannot be read."""
        found: list[Event] = []
        by_id: dict[str, Event] = {}
        for row in rows:
            _, event = self.schema.event(cells_of(row))
            first = by_id.setdefault(event.id, event) if event.id else event
            if first is event:
                found.append(event)
            elif first.content() != event.content():
                notes = [Note(first.place, "first")] if first.place else []
                raise Refusal(diagnostic("YB440", event.place, notes=notes, id=event.id))
        return found

    def person(self, row: Mapping[str, Any]) -> Known:
        """What a row of people says; Refusal for a cell that does not fit."""
        facts: dict[str, Facts] = dict(self.nothing.scenario.facts)
        region = version = ""
        try:
            for column, text in cells_of(row).items():
                if column == "region":
                    region = region_of_cell(self.rules.book, text, column)
                elif column == "version":
                    version = text
                elif column != "account":
                    name = self.cells.columns[column]
                    facts[name] = (DatedFact(self.cells.value(name, text)),)
            version = version_of_cell(self.rules.book, region, version)
        except Misfit as misfit:
            raise Refusal(misfit.at(None)) from None
        lived = (Lived(region, version, None, None),) if region else ()
        return Known(Scenario(facts), lived, frozenset(), {})


def cells_of(row: Mapping[str, Any]) -> dict[str, str]:
    """A row of Arrow as the cells of a file: texts, and none that is empty.

    >>> from decimal import Decimal
    >>> cells_of({"account": " 7", "amount": Decimal("9.50"), "level": None, "seq": 3})
    {'account': '7', 'amount': '9.50', 'seq': '3'}
    """
    return {name: text for name, value in row.items() if (text := cell_text(value))}
