"""What events that were just booked came to, and whether tests that were just written hold."""

from collections.abc import Iterator, Sequence

from yibaolang.engine.books import person_ledger
from yibaolang.engine.ledger_questions import run_ledger
from yibaolang.engine.reasons import Telling
from yibaolang.engine.rulebook import RuleBook
from yibaolang.engine.script import run_test
from yibaolang.engine.shown import TestRun
from yibaolang.engine.telling import settled
from yibaolang.engine.words import Words
from yibaolang.language import syntax
from yibaolang.language.source import Place, Source, Span
from yibaolang.model.entries import LedgerEntry
from yibaolang.model.values import MONEY
from yibaolang.session.replies import Happened, Ran, Reply

_Written = frozenset[tuple[int, Span]]
"""Where sentences are: the identity of their source, and their spans."""


def happened(
    rules: RuleBook, source: Source, sentences: Sequence[syntax.Sentence], lang: str
) -> Iterator[Reply]:
    """A reply for each event and each expectation among some sentences of a source.

    Events of a test are told only by what it expects of them.
    """
    typed = {id(each) for each in sentences}
    spans = {
        each.span for each in sentences if isinstance(each, syntax.Event | syntax.Expect)
    }
    if not spans:
        return
    written = frozenset((id(source), span) for span in spans)
    for ledger in rules.book.ledgers:
        if any(id(each.sentence) in typed for each in ledger.events):
            yield from _events(rules, ledger, written, lang)
        if ledger.entry is not None and any(_among(each.place, written) for each in ledger.expects):
            yield _ran(run_ledger(rules, ledger, ledger.entry), written)
    for test in rules.book.tests:
        if any(_among(each.place, written) for each in test.expects):
            yield _ran(run_test(rules, test), written)


def _among(place: Place | None, written: _Written) -> bool:
    return place is not None and (id(place.source), place.span) in written


def _ran(run: TestRun, written: _Written) -> Reply:
    """A run with only what was expected just now, or with why it could not be run."""
    tested = tuple(each for each in run.tested if _among(each.place, written)) or run.tested
    return Ran(TestRun(run.title, run.place, tested))


def _events(
    rules: RuleBook, ledger: LedgerEntry, written: _Written, lang: str
) -> Iterator[Reply]:
    measuring = person_ledger(rules, ledger)
    last = max([measuring.account.last, *(each.booked for each in measuring.events)])
    telling = Telling(Words(rules.book, lang))
    for each in measuring.ledger(last).settlements:
        if each.event is not None and _among(each.event.place, written):
            held = sum(measuring.ledger(each.day).balances().values())
            yield Happened(settled(telling, each, False), telling.words.value(MONEY, held))
