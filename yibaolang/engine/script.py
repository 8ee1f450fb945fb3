"""Running the questions and tests of a script."""

from collections.abc import Iterator

from yibaolang.engine.asked import Asked, asked_by, moment
from yibaolang.engine.books import test_ledger
from yibaolang.engine.expecting import failure
from yibaolang.engine.figures import Questions
from yibaolang.engine.given import Known, known, with_region
from yibaolang.engine.ledger_questions import (
    compare_ledger,
    expect_measure,
    measured,
    run_ledger,
    show_ledger,
    why,
    why_not,
)
from yibaolang.engine.measures import Measuring
from yibaolang.engine.people import compared_region, person_of
from yibaolang.engine.rulebook import Result, RuleBook, figure_name
from yibaolang.engine.shown import Row, Shown, Tested, TestRun
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal
from yibaolang.model.core import Written
from yibaolang.model.entries import BASE, Entry, TestEntry
from yibaolang.model.scope import choosing


def questions(rules: RuleBook, only: frozenset[str] | None = None) -> Iterator[Shown]:
    """The results of the questions, in order; `only` names the sources whose questions count."""
    for entry in rules.book.questions:
        if only is None or entry.source.name in only:
            yield answer(rules, entry)


def answer(rules: RuleBook, entry: Entry) -> Shown:
    """The results of one question; Refusal if it makes no sense, as for an unknown person."""
    return _QUESTIONS[type(entry.sentence)](rules, entry)


def tests(rules: RuleBook, only: frozenset[str] | None = None) -> Iterator[TestRun]:
    """The outcomes of the tests, in order."""
    for test in rules.book.tests:
        if only is None or test.entry.source.name in only:
            yield run_test(rules, test)
    yield from ledger_tests(rules, only)


def ledger_tests(rules: RuleBook, only: frozenset[str] | None = None) -> Iterator[TestRun]:
    """What ledgers expect of themselves."""
    for ledger in rules.book.ledgers:
        opened = ledger.entry
        if opened is not None and ledger.expects and (only is None or opened.source.name in only):
            yield run_ledger(rules, ledger, opened)


# ── questions ──


def _show(rules: RuleBook, entry: Entry) -> Shown:
    sentence = entry.sentence
    if not isinstance(sentence, syntax.Show):
        raise TypeError("a question is a Show")
    if sentence.figure.kind == "event" or measured(rules, sentence.figure):
        return show_ledger(rules, entry, sentence)
    person, facts = person_of(rules, sentence.person, entry.source)
    asked = asked_by(sentence.period, Asked.never())
    figure = figure_name(sentence.figure, rules.book)
    written = Written(entry.source, sentence.figure)
    when = asked.months() if asked.by_month else (asked,)
    rows = []
    for each in when:
        if asked.by_month and figure in ("credit", "deduct", "net credit"):
            if each.first is None or each.last is None:
                continue
            each = Asked.span(each.first, each.last)
        label = str(each)[:7] if asked.by_month else ""
        region = facts.region_on(each.last) or entry.region
        rows.append(Row(label, ask(rules, figure, each, facts, written, region)))
    return Shown(sentence.verb, sentence, entry.place, person, tuple(rows))


def ask(
    rules: RuleBook, figure: str, asked: Asked, facts: Known, written: Written,
    region: str = "", version: str = "",
) -> Result:  # fmt: skip
    """A figure in a region (by default the person's), asked where it is written."""
    place = region or facts.region_on(asked.last) or BASE
    version = version or facts.version_on(asked.last)
    uses = choosing(rules.uses, place, version)
    asking = Questions(rules.book, place, uses, with_region(facts, place))
    return Result(asking.ask(figure, asked, written), rules.book)


def _compare(rules: RuleBook, entry: Entry) -> Shown:
    sentence = entry.sentence
    if not isinstance(sentence, syntax.Compare):
        raise TypeError("a question is a Compare")
    if sentence.figure is not None and measured(rules, sentence.figure):
        return compare_ledger(rules, entry, sentence)
    figure = "credit" if sentence.figure is None else figure_name(sentence.figure, rules.book)
    person, facts = person_of(rules, sentence.person, entry.source)
    asked = asked_by(sentence.period, Asked.never())
    rows = []
    for each in sentence.regions:
        region = compared_region(rules, each, entry.source)
        label = each.region.text + (f" {each.version}" if each.version else "")
        written = Written(entry.source, each)
        rows.append(Row(label, ask(rules, figure, asked, facts, written, region, each.version)))
    return Shown("compare", sentence, entry.place, person, tuple(rows))


def _evaluate(rules: RuleBook, entry: Entry) -> Shown:
    sentence = entry.sentence
    if not isinstance(sentence, syntax.Evaluate):
        raise TypeError("a question is an Evaluate")
    asking = Questions(rules.book, entry.region, rules.uses, known(rules.book, ()))
    written = Written(entry.source, sentence.value)
    answer = asking.evaluate(sentence.value, Asked.never(), written)
    return Shown("evaluate", sentence, entry.place, "", (Row("", Result(answer, rules.book)),))


_QUESTIONS = {
    syntax.Show: _show,
    syntax.Compare: _compare,
    syntax.Evaluate: _evaluate,
    syntax.Why: why,
    syntax.WhyNot: why_not,
}


# ── tests ──


def run_test(rules: RuleBook, test: TestEntry) -> TestRun:
    """What came of a test; one that makes no sense fails with the reason."""
    try:
        facts = known(
            rules.book,
            [(test.entry.source, fact) for given in test.given for fact in given.facts],
        )
        ledger = test_ledger(rules, test, facts) if test.ledger.events else None
        tested = tuple(_expect(rules, each, test, facts, ledger) for each in test.expects)
    except Refusal as refusal:
        tested = (Tested(test.entry.place, refusal.diagnostics[0], None),)
    return TestRun(test.title, test.entry.place, tested)


def _expect(
    rules: RuleBook, entry: Entry, test: TestEntry, facts: Known, ledger: Measuring | None
) -> Tested:
    sentence = entry.sentence
    if not isinstance(sentence, syntax.Expect):
        raise TypeError("an expectation is an Expect")
    if sentence.of or measured(rules, sentence.figure):
        if ledger is None:
            ledger = test_ledger(rules, test, facts)
        return expect_measure(rules, entry, sentence, ledger)
    on = Asked.never() if sentence.on is None else moment(sentence.on)
    asked = asked_by(sentence.period, on)
    figure = figure_name(sentence.figure, rules.book)
    written = Written(entry.source, sentence.figure)
    region = "" if facts.region_on(asked.last) else test.entry.region
    result = ask(rules, figure, asked, facts, written, region)
    return Tested(entry.place, failure(rules, sentence, result, entry), result)
