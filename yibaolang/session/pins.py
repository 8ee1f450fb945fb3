"""Answers as tests: the sentences of a test that expects what was just answered."""

from collections.abc import Iterator
from datetime import date

from attrs import frozen

from yibaolang.engine.answers import Answer
from yibaolang.engine.asked import Asked
from yibaolang.engine.books import ledger_entry
from yibaolang.engine.measures import holds
from yibaolang.engine.rulebook import RuleBook
from yibaolang.engine.shown import Row, Shown
from yibaolang.engine.words import Words
from yibaolang.language import syntax
from yibaolang.language.parser import parse
from yibaolang.language.source import Source, visible
from yibaolang.model.entries import BASE
from yibaolang.model.values import format_value
from yibaolang.session.commands import Misuse

_NOWHERE = (0, 0)
_KINDS = {"credit": "credit", "deduct": "deduct", "net credit": "net_credit"}


@frozen(eq=False)
class Pinned:
    """A test of one person in one region: its title, its facts, its ledger, what it expects.

    `ledger` and `events` are those of the account whose measures are expected.
    """

    title: str
    facts: tuple[syntax.Fact, ...]
    ledger: syntax.Ledger | None
    events: tuple[syntax.Event, ...]
    expects: tuple[syntax.Expect, ...]

    def text(self, words: Words) -> str:
        """The test as sentences in a language, each on a line."""
        printer = words.printer
        sentences: list[syntax.Sentence] = [syntax.Test(_NOWHERE, self.title)]
        if self.facts:
            sentences.append(syntax.Given(_NOWHERE, self.facts))
        if self.ledger is not None:
            sentences.append(self.ledger)
        lines = [printer.sentence(each) for each in sentences]
        lines += printer.block(self.events) if self.events else []
        lines += [printer.sentence(each) for each in self.expects]
        return "".join(f"{line}\n" for line in lines)


def pinned(shown: Shown, rules: RuleBook, words: Words, title: str = "") -> Iterator[Pinned]:
    """The tests of an answer: one, but for each region of a comparison its own.

    Misuse for an answer that no test can expect: why something changed or may not be paid, or a
    value that is not exact.

    >>> from yibaolang.session.session import Session
    >>> session = Session()
    >>> _ = session.text("credit 5元\\nshow credit")
    >>> (test,) = pinned(session.last, session.rules, session.words)
    >>> print(test.text(session.words), end="")
    test "credit"
    expect credit = 5.00元
    """
    if not shown.rows:
        raise Misuse("nothing_asked")
    if shown.verb in ("why", "why not"):
        raise Misuse("cannot_pin_why")
    if isinstance(shown.sentence, syntax.Compare):
        for compared, row in zip(shown.sentence.regions, shown.rows, strict=True):
            yield _pinned(shown, (row,), rules, words, title, compared)
    else:
        yield _pinned(shown, shown.rows, rules, words, title, None)


def _pinned(
    shown: Shown, rows: tuple[Row, ...], rules: RuleBook, words: Words, title: str,
    compared: syntax.Compared | None,
) -> Pinned:  # fmt: skip
    answer = rows[0].result.answer
    ledger, events = _ledger(shown, answer, rules, compared is not None)
    region = answer.region if answer.measured is None else answer.measured.account.region
    facts = _facts(shown, region, rules, compared)
    expects = tuple(_expect(shown, row.result.answer, rules) for row in rows)
    return Pinned(_title(rows, shown, words, title, compared), facts, ledger, events, expects)


def _title(
    rows: tuple[Row, ...], shown: Shown, words: Words, title: str, compared: syntax.Compared | None
) -> str:
    """What is asked, unless a title is given; no quotation mark may stand in it."""
    text = title
    if not text and (len(rows) > 1 or isinstance(shown.sentence, syntax.Evaluate)):
        text = words.printer.sentence(shown.sentence)
    if not text:
        text = rows[0].result.reason(words.lang, shown.person).text
    if compared is not None and title:
        text = f"{text} {words.region(rows[0].result.answer.region)}"
    if compared is not None and compared.version:
        text = f"{text} {compared.version}"
    return visible(" ".join(text.split())).replace('"', "\u2019")


# ── who and where ──


def _facts(
    shown: Shown, region: str, rules: RuleBook, compared: syntax.Compared | None
) -> tuple[syntax.Fact, ...]:
    """The person's facts, and where the answer is from, in the version that was chosen there."""
    entry = rules.book.persons.get(shown.person)
    person = None if entry is None else entry.sentence
    facts = list(person.facts) if isinstance(person, syntax.Person) else []
    if compared is not None:
        facts = [each for each in facts if each.kind != "region"]
        version = compared.version or _chosen(region, rules)
        return (*facts, _in_region(region, version))
    if region != BASE and all(each.kind != "region" for each in facts):
        facts.append(_in_region(region, ""))
    return tuple(_versioned(each, rules) for each in facts)


def _in_region(region: str, version: str) -> syntax.Fact:
    name = syntax.Name(_NOWHERE, region)
    return syntax.Fact(_NOWHERE, "region", name, None, version, None, None)


def _versioned(fact: syntax.Fact, rules: RuleBook) -> syntax.Fact:
    """A fact; one that says a region says the version that is chosen there too."""
    if fact.kind != "region" or fact.version:
        return fact
    region = rules.book.region_names.get(fact.name.text, BASE)
    chosen = _chosen(region, rules)
    return syntax.Fact(fact.span, "region", fact.name, None, chosen, fact.since, fact.until)


def _chosen(region: str, rules: RuleBook) -> str:
    """The version that is chosen for a region, or for the nearest above it; "" for none."""
    chosen = (rules.uses.get(each, ()) for each in rules.book.chain(region))
    return next((names[0] for names in chosen if names), "")


def _ledger(
    shown: Shown, answer: Answer, rules: RuleBook, elsewhere: bool
) -> tuple[syntax.Ledger | None, tuple[syntax.Event, ...]]:
    """The ledger of a measure, without its holder, and what happened; a move is none elsewhere."""
    if answer.measured is None:
        return None, ()
    found = ledger_entry(rules, shown.person, None)
    opened = None if found.entry is None else found.entry.sentence
    if not isinstance(opened, syntax.Ledger):
        raise TypeError("the ledger of a person is opened by a Ledger")
    events = tuple(
        each.sentence for each in found.events if isinstance(each.sentence, syntax.Event)
    )
    if elsewhere:
        events = tuple(each for each in events if each.happening.kind != "moves")
    nobodys = syntax.Ledger(opened.span, None, opened.start, opened.end, opened.as_listed)
    return nobodys, events


# ── what is expected ──


def _expect(shown: Shown, answer: Answer, rules: RuleBook) -> syntax.Expect:
    figure, of = _figure(shown, answer)
    on, period = _when(answer, rules)
    if answer.refused:
        code = answer.refused[0].code
        return syntax.Expect(_NOWHERE, on, figure, period, "refused", None, code, of)
    value = _value(answer)
    return syntax.Expect(_NOWHERE, on, figure, period, "=", value, "", of)


def _figure(shown: Shown, answer: Answer) -> tuple[syntax.Figure, str]:
    """What is expected, and of which event; Misuse for what is no figure."""
    name = answer.figure
    if name.startswith("^"):
        if all(each.kind != "bill" for each in answer.settlements):
            raise Misuse("cannot_pin_event", id=name)
        return _named("name", "self_paid"), name.removeprefix("^")
    if isinstance(shown.sentence, syntax.Evaluate):
        if not isinstance(shown.sentence.value, syntax.Name):
            raise Misuse("cannot_pin_expression")
        return _named("name", shown.sentence.value.text), ""
    if name in _KINDS:
        return syntax.Figure(_NOWHERE, _KINDS[name], None), ""
    if name.startswith("wait "):
        return _named("wait", name.removeprefix("wait ")), ""
    return _named("name", name), ""


def _named(kind: str, name: str) -> syntax.Figure:
    return syntax.Figure(_NOWHERE, kind, syntax.Name(_NOWHERE, name))


def _when(
    answer: Answer, rules: RuleBook
) -> tuple[syntax.DateLiteral | None, syntax.Period | None]:
    """The day or month of an expectation, or its period; what an account holds has a day."""
    asked = answer.asked
    if answer.measured is not None:
        last = asked.last or answer.measured.account.last
        named = rules.book.names.get(answer.figure)
        if asked.last is None or named is None or holds(rules.book, answer.figure):
            asked = Asked.on(last)
    if asked.first is None or asked.last is None:
        return None, None
    if asked.kind in ("day", "month"):
        return _day(asked.first, asked.kind == "month"), None
    if asked == Asked.year(asked.first.year, asked.by_month):
        return None, syntax.Period(_NOWHERE, "in", None, None, asked.first.year)
    return None, syntax.Period(_NOWHERE, "span", _day(asked.first), _day(asked.last), None)


def _day(day: date, month_only: bool = False) -> syntax.DateLiteral:
    return syntax.DateLiteral(_NOWHERE, day.year, day.month, day.day, month_only)


def _value(answer: Answer) -> syntax.Expression:
    """The value as it is written; Misuse for one whose decimals do not end."""
    text = format_value(answer.type, answer.value, answer.denominator)
    document, problems = parse(Source.of("pin", f'test "pin"\nexpect pin = {text}'))
    expects = [each for each in document.sentences if isinstance(each, syntax.Expect)]
    if problems or not expects or expects[0].value is None:
        raise Misuse("cannot_pin_value", value=text)
    return expects[0].value
