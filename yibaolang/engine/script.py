"""Running the questions and tests of a script."""

from collections.abc import Iterator
from typing import Any

from attrs import evolve, frozen

from yibaolang.engine.asked import Asked, asked_by, moment
from yibaolang.engine.books import ledger_entry, person_ledger, test_ledger
from yibaolang.engine.figures import Questions
from yibaolang.engine.given import Known, known, with_region
from yibaolang.engine.measures import Measuring, is_measure
from yibaolang.engine.rulebook import Result, RuleBook, figure_name
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Refusal, Said, diagnostic
from yibaolang.language.source import Place, Source
from yibaolang.language.suggest import suggestions
from yibaolang.model.core import Written
from yibaolang.model.entries import BASE, Entry, LedgerEntry, TestEntry
from yibaolang.model.values import Type


@frozen(eq=False)
class Row:
    """One result of a question under its label: a region and version, a month, or nothing."""

    label: str
    result: Result


@frozen(eq=False)
class Shown:
    """A question of a script and its results; `verb` is show, explain, compare or evaluate."""

    verb: str
    sentence: syntax.Sentence
    place: Place
    person: str
    rows: tuple[Row, ...]


@frozen(eq=False)
class Tested:
    """One expectation: whether it was met, and if not what was found."""

    place: Place
    failure: Diagnostic | None
    result: Result | None


@frozen(eq=False)
class TestRun:
    """A test and what came of its expectations."""

    __test__ = False

    title: str
    place: Place
    tested: tuple[Tested, ...]

    @property
    def passed(self) -> bool:
        """Whether every expectation was met, and there was one."""
        return bool(self.tested) and all(each.failure is None for each in self.tested)


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
            yield _run_test(rules, test)
    for ledger in rules.book.ledgers:
        opened = ledger.entry
        if opened is not None and ledger.expects and (only is None or opened.source.name in only):
            yield _run_ledger(rules, ledger, opened)


# ── people ──


def person_of(rules: RuleBook, name: syntax.Name | None, source: Source) -> tuple[str, Known]:
    """The person that is named, or the only one; nobody if there are none; Refusal YB111, YB112."""
    persons = rules.book.persons
    if name is None:
        own = list(dict.fromkeys(persons.values()))
        if not own:
            return "", known(rules.book, ())
        if len(own) > 1:
            raise Refusal(diagnostic("YB112", None, names=", ".join(persons)))
        entry = own[0]
    else:
        found = persons.get(name.text)
        if found is None:
            near = suggestions(name.text, persons, limit=1)
            place = Place(source, name.span)
            suggestion = near[0] if near else ""
            raise Refusal(diagnostic("YB111", place, name=name.text, suggestion=suggestion))
        entry = found
    sentence = entry.sentence
    if not isinstance(sentence, syntax.Person):
        raise TypeError("the entry of a person holds a Person")
    facts = known(rules.book, [(entry.source, fact) for fact in sentence.facts])
    return sentence.names.texts[0], facts


# ── questions ──


def _show(rules: RuleBook, entry: Entry) -> Shown:
    sentence = entry.sentence
    if not isinstance(sentence, syntax.Show):
        raise TypeError("a question is a Show")
    if sentence.figure.kind == "event" or _measured(rules, sentence.figure):
        return _show_ledger(rules, entry, sentence)
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


def _measured(rules: RuleBook, figure: syntax.Figure | None) -> bool:
    """Whether a figure is one of a ledger."""
    if figure is None or figure_name(figure, rules.book) in ("credit", "deduct", "net credit"):
        return False
    return is_measure(rules.book, figure_name(figure, rules.book))


def ledger_for(rules: RuleBook, name: syntax.Name | None, entry: Entry, asked: Asked) -> Measuring:
    """The ledger of the person who is named, or of the only one; run to the last day asked."""
    person, _ = person_of(rules, name, entry.source)
    return person_ledger(rules, ledger_entry(rules, person, entry.place), asked.last)


def _show_ledger(rules: RuleBook, entry: Entry, sentence: syntax.Show) -> Shown:
    """A measure of a ledger, or what came of one of its events."""
    asked = asked_by(sentence.period, Asked.never())
    measuring = ledger_for(rules, sentence.person, entry, asked)
    figure = figure_name(sentence.figure, rules.book)
    written = Written(entry.source, sentence.figure)
    rows = []
    if sentence.figure.kind == "event":
        answer = measuring.ask("self_paid", asked, written, figure)
        rows.append(Row("", Result(evolve(answer, figure=f"^{figure}"), rules.book)))
    else:
        for each in asked.months() if asked.by_month else (asked,):
            label = str(each)[:7] if asked.by_month else ""
            if asked.by_month and each.first is not None and each.last is not None:
                each = Asked.span(each.first, each.last)
            rows.append(Row(label, Result(measuring.ask(figure, each, written), rules.book)))
    return Shown(sentence.verb, sentence, entry.place, measuring.account.name, tuple(rows))


def ask(
    rules: RuleBook, figure: str, asked: Asked, facts: Known, written: Written,
    region: str = "", version: str = "",
) -> Result:  # fmt: skip
    """A figure in a region (by default the person's), asked where it is written."""
    place = region or facts.region_on(asked.last) or BASE
    version = version or facts.version_on(asked.last)
    uses = {**rules.uses, **({place: version} if version else {})}
    asking = Questions(rules.book, place, uses, with_region(facts, place))
    return Result(asking.ask(figure, asked, written), rules.book)


def _compare(rules: RuleBook, entry: Entry) -> Shown:
    sentence = entry.sentence
    if not isinstance(sentence, syntax.Compare):
        raise TypeError("a question is a Compare")
    person, facts = person_of(rules, sentence.person, entry.source)
    asked = asked_by(sentence.period, Asked.never())
    rows = []
    for each in sentence.regions:
        region = rules.book.region_names.get(each.region.text)
        place = Place(entry.source, each.region.span)
        if region is None:
            near = suggestions(each.region.text, rules.book.region_names, limit=1)
            suggestion = near[0] if near else ""
            raise Refusal(diagnostic("YB102", place, name=each.region.text, suggestion=suggestion))
        label = each.region.text + (f" {each.version}" if each.version else "")
        written = Written(entry.source, each)
        rows.append(Row(label, ask(rules, "credit", asked, facts, written, region, each.version)))
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
}


# ── tests ──


def _run_test(rules: RuleBook, test: TestEntry) -> TestRun:
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


def _run_ledger(rules: RuleBook, ledger: LedgerEntry, opened: Entry) -> TestRun:
    """What a ledger of the script expects of itself."""
    title = opened.source.text[slice(*opened.sentence.span)]
    try:
        measuring = person_ledger(rules, ledger)
        found = []
        for each in ledger.expects:
            if isinstance(each.sentence, syntax.Expect):
                found.append(expect_measure(rules, each, each.sentence, measuring))
        tested = tuple(found)
    except Refusal as refusal:
        tested = (Tested(opened.place, refusal.diagnostics[0], None),)
    return TestRun(title, opened.place, tested)


def expect_measure(
    rules: RuleBook, entry: Entry, sentence: syntax.Expect, ledger: Measuring
) -> Tested:
    """Whether a measure of a ledger is as expected."""
    on = Asked.never() if sentence.on is None else moment(sentence.on)
    asked = asked_by(sentence.period, on)
    figure = figure_name(sentence.figure, rules.book)
    written = Written(entry.source, sentence.figure)
    if not is_measure(rules.book, figure):
        raise Refusal(diagnostic("YB454", written.place, name=figure))
    result = Result(ledger.ask(figure, asked, written, sentence.of), rules.book)
    return Tested(entry.place, _failure(rules, sentence, result, entry), result)


def _expect(
    rules: RuleBook, entry: Entry, test: TestEntry, facts: Known, ledger: Measuring | None
) -> Tested:
    sentence = entry.sentence
    if not isinstance(sentence, syntax.Expect):
        raise TypeError("an expectation is an Expect")
    if sentence.of or _measured(rules, sentence.figure):
        if ledger is None:
            ledger = test_ledger(rules, test, facts)
        return expect_measure(rules, entry, sentence, ledger)
    on = Asked.never() if sentence.on is None else moment(sentence.on)
    asked = asked_by(sentence.period, on)
    figure = figure_name(sentence.figure, rules.book)
    written = Written(entry.source, sentence.figure)
    region = "" if facts.region_on(asked.last) else test.entry.region
    result = ask(rules, figure, asked, facts, written, region)
    return Tested(entry.place, _failure(rules, sentence, result, entry), result)


def _failure(
    rules: RuleBook, sentence: syntax.Expect, result: Result, entry: Entry
) -> Diagnostic | None:
    """The diagnostic of an expectation that is not met."""
    found: str | Said = str(result)
    if result.refused:
        codes = [each.code for each in result.refused]
        if sentence.sign == "refused":
            if not sentence.code or sentence.code in codes:
                return None
            return diagnostic("YB602", entry.place, expected=sentence.code, found=codes[0])
        if isinstance(sentence.value, syntax.Missing):
            wanted = {"unknown": "YB404", "none": "YB405"}[sentence.value.kind]
            if wanted in codes:
                return None
        return evolve(result.refused[0], notes=())
    if sentence.sign == "refused" or isinstance(sentence.value, syntax.Missing):
        return diagnostic("YB602", entry.place, expected=sentence.code, found=found)
    if sentence.value is None:
        raise TypeError("an expectation of a value has one")
    if _meets(rules, sentence, result, entry):
        return None
    expected = entry.source.text[slice(*sentence.value.span)]
    return diagnostic("YB601", entry.place, expected=expected, found=found)


def _meets(rules: RuleBook, sentence: syntax.Expect, result: Result, entry: Entry) -> bool:
    """Whether the value compares with the expected one as the sentence says."""
    if sentence.value is None:
        return False
    answer = result.answer
    expected, denominator = _literal(rules, sentence.value, answer.type, entry)
    if answer.type.numeric:
        left, right = answer.value * denominator, expected * answer.denominator
    else:
        left, right = answer.value, expected
    met: bool = _COMPARE[sentence.sign](left, right)
    return met


def _literal(
    rules: RuleBook, node: syntax.Expression, type_: Type, entry: Entry
) -> tuple[Any, int]:
    """An expected value of a type: its numerator and denominator, or what it is over 1."""
    from yibaolang.model import core
    from yibaolang.model.elaborate import Elaborator
    from yibaolang.model.scope import Scope

    elaborator = Elaborator(Scope(rules.book, BASE, None, {}, frozenset()))
    if isinstance(node, syntax.Name) and type_.choice:
        return rules.book.spelled(node.text), 1
    constant = elaborator.expect(elaborator.expr(node, entry.source), type_)
    if not isinstance(constant, core.Constant):
        raise Refusal(diagnostic("YB217", Place(entry.source, node.span)))
    return constant.value, constant.denominator or 1


_COMPARE: dict[str, Any] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
