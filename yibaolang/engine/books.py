"""The ledgers that a script keeps: whose they are, what happens in them, how they are measured."""

from collections.abc import Iterable
from datetime import date

from yibaolang.engine.account import Account
from yibaolang.engine.events import Event
from yibaolang.engine.given import Known, known
from yibaolang.engine.happenings import events_of
from yibaolang.engine.measures import Measuring
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal, Said, diagnostic
from yibaolang.language.source import Place, Source
from yibaolang.language.suggest import suggestions
from yibaolang.model.entries import Entry, LedgerEntry, TestEntry, day_of

_NOBODY = Said(en="anybody", zh="任何人")
_SOMEBODY = Said(en="Li", zh="张三")


def person_facts(rules: RuleBook, name: syntax.Name, source: Source) -> tuple[str, Known]:
    """A person's first name and facts; Refusal YB111 for nobody."""
    entry = rules.book.persons.get(name.text)
    if entry is None or not isinstance(entry.sentence, syntax.Person):
        near = suggestions(name.text, rules.book.persons, limit=1)
        place = Place(source, name.span)
        suggestion = near[0] if near else ""
        raise Refusal(diagnostic("YB111", place, name=name.text, suggestion=suggestion))
    facts = known(rules.book, [(entry.source, fact) for fact in entry.sentence.facts])
    return entry.sentence.names.texts[0], facts


def ledger_entry(rules: RuleBook, person: str, place: Place | None) -> LedgerEntry:
    """The one ledger of a person; Refusal YB452 if there is none."""
    for each in rules.book.ledgers:
        sentence = None if each.entry is None else each.entry.sentence
        if isinstance(sentence, syntax.Ledger) and sentence.person is not None:
            owner = rules.book.persons.get(sentence.person.text)
            named = None if owner is None else owner.sentence
            if isinstance(named, syntax.Person) and person in named.names.texts:
                return each
    raise Refusal(diagnostic("YB452", place, who=person or _NOBODY, name=person or _SOMEBODY))


def person_ledger(rules: RuleBook, entry: LedgerEntry, until: date | None = None) -> Measuring:
    """The ledger of a script, run to a day, but not beyond the last that it says."""
    opened = entry.entry
    if opened is None or not isinstance(opened.sentence, syntax.Ledger):
        raise TypeError("a ledger is opened by a Ledger")
    sentence = opened.sentence
    if sentence.person is None:
        raise TypeError("the ledger of a script has a holder")
    name, facts = person_facts(rules, sentence.person, opened.source)
    events = events_of(rules.book, entry.events)
    account = _account(name, facts, opened, sentence, events, entry.expects, until)
    return Measuring(rules, account, events)


def test_ledger(rules: RuleBook, test: TestEntry, facts: Known) -> Measuring:
    """The account of a test: scheduled postings run only if a `ledger` line opens it."""
    entry = test.ledger
    events = events_of(rules.book, entry.events)
    opened = test.entry if entry.entry is None else entry.entry
    sentence = None if entry.entry is None else entry.entry.sentence
    ledger = sentence if isinstance(sentence, syntax.Ledger) else None
    account = _account("", facts, opened, ledger, events, test.expects, None)
    return Measuring(rules, account, events)


def _account(
    name: str, facts: Known, opened: Entry, sentence: syntax.Ledger | None,
    events: Iterable[Event], expects: Iterable[Entry], until: date | None,
) -> Account:  # fmt: skip
    days = [each.effective for each in events]
    first = min(days, default=None) if sentence is None else day_of(sentence.start)
    if first is None:
        raise Refusal(diagnostic("YB453", opened.place))
    ends = None if sentence is None or sentence.end is None else day_of(sentence.end)
    last = until if ends is None or (until is not None and until < ends) else ends
    if last is None:
        asked = [
            day_of(each.sentence.on)
            for each in expects
            if isinstance(each.sentence, syntax.Expect) and each.sentence.on is not None
        ]
        last = max([first, *days, *(each.booked for each in events), *asked])
    as_listed = sentence is None or sentence.as_listed
    region = facts.region_on(first) or opened.region
    return Account(name, facts, region, first, last, as_listed, ends)
