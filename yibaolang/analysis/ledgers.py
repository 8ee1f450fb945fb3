"""Ledgers: their holders, events and expectations, and whether rules of cover can settle a bill."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations

from yibaolang.analysis.context import Context
from yibaolang.analysis.questions import figure_faults, person_faults
from yibaolang.engine.events import Event, effective_events
from yibaolang.engine.happenings import bill_of, events_of
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Note, Refusal, diagnostic
from yibaolang.model.entries import Entry, LedgerEntry
from yibaolang.program.layout import Layout
from yibaolang.program.settling import bill_plan
from yibaolang.program.turning import Turning

_UNSAID = frozenset({"YB434", "YB435", "YB437", "YB438"})
"""What a rule leaves unsaid that no ledger can do without."""


def ledgers_fit(context: Context) -> Iterator[Diagnostic]:
    """Ledgers of the script and of tests: one diagnostic for each faulty sentence."""
    for ledger in context.book.ledgers:
        opened = ledger.entry
        if opened is None or not context.reported(opened.source):
            continue
        if isinstance(opened.sentence, syntax.Ledger):
            yield from person_faults(context, opened.sentence.person, opened.source)
        yield from _ledger(context, ledger)
    for test in context.book.tests:
        if context.reported(test.entry.source):
            yield from _ledger(context, test.ledger)
    yield from _in_two_pools(context)
    for entry in context.book.questions:
        if isinstance(entry.sentence, syntax.WhyNot) and context.reported(entry.source):
            yield from _bill(context, entry.sentence, entry)


def _ledger(context: Context, ledger: LedgerEntry) -> Iterator[Diagnostic]:
    events: list[Event] = []
    faults: list[Diagnostic] = []
    for entry in ledger.events:
        try:
            events += events_of(context.book, [entry])
        except Refusal as refusal:
            faults.append(refusal.diagnostics[0])
    if not faults:
        try:
            effective_events(events)
        except Refusal as refusal:
            faults += refusal.diagnostics
    yield from faults
    for entry in ledger.expects:
        if isinstance(entry.sentence, syntax.Expect):
            yield from figure_faults(context, entry.sentence.figure, entry.source)


_Pool = tuple[date, date, int, Event]
"""From when to when (exclusive) a relative is in the pool of a ledger, and the event that began."""


def _in_two_pools(context: Context) -> Iterator[Diagnostic]:
    """Relatives who are named in the pools of two holders at once: one person is in one pool."""
    pools: dict[str, list[_Pool]] = {}
    for number, ledger in enumerate(context.book.ledgers):
        opened = ledger.entry
        if opened is None or not context.reported(opened.source):
            continue
        for member, found in _pools(context, ledger, number).items():
            pools.setdefault(member, []).extend(found)
    for member, spans in pools.items():
        for one, other in combinations(sorted(spans, key=lambda each: each[0]), 2):
            if one[2] != other[2] and other[0] < one[1] and other[3].place is not None:
                notes = [Note(one[3].place, "first")] if one[3].place else []
                date_said = other[0].isoformat()
                yield diagnostic(
                    "YB457", other[3].place, notes=notes, name=member, date=date_said
                )


def _pools(context: Context, ledger: LedgerEntry, number: int) -> dict[str, list[_Pool]]:
    """When each named relative is in the pool of one ledger."""
    try:
        events = effective_events(events_of(context.book, ledger.events))[0]
    except Refusal:
        return {}
    found: dict[str, list[_Pool]] = {}
    for event in sorted(events, key=lambda each: each.effective):
        if event.kind != "fact" or not event.member or event.facts[0].name != "pooled":
            continue
        spans = found.setdefault(event.member, [])
        if spans and spans[-1][1] == date.max:
            since, _, _, began = spans.pop()
            spans.append((since, event.effective, number, began))
        if event.facts[0].value is True:
            spans.append((event.effective, date.max, number, event))
    return found


def _bill(context: Context, sentence: syntax.WhyNot, entry: Entry) -> Iterator[Diagnostic]:
    yield from person_faults(context, sentence.person, entry.source)
    try:
        bill_of(context.book, sentence.happening, entry.source)
    except Refusal as refusal:
        yield refusal.diagnostics[0]


def rules_leave_nothing_unsaid(context: Context) -> Iterable[Diagnostic]:
    """Periods, days and receivers that a rule of cover, drawing or interest does not say."""
    for looked in context.elaboration.looked:
        view = looked.view
        day = view.stretch.day
        categories = [
            kind.removeprefix("cover ") for kind in looked.rules if kind.startswith("cover ")
        ]
        if day is None or any(each.faults for found in looked.rules.values() for each in found):
            continue
        for category in categories:
            try:
                bill_plan(view.plans, Layout(), day, category, "self", "each")
            except Refusal as refusal:
                yield from _unsaid(refusal)
        if "interest" in looked.rules:
            try:
                Turning(view.plans, Layout(), day).days()
            except Refusal as refusal:
                yield from _unsaid(refusal)


def _unsaid(refusal: Refusal) -> list[Diagnostic]:
    return [each for each in refusal.diagnostics if each.code in _UNSAID]
