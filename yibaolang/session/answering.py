"""Questions at the prompt: completed with what the session is about, and answered."""

from collections.abc import Callable
from typing import Any

from yibaolang.engine.asked import Asked, asked_by
from yibaolang.engine.figures import Questions
from yibaolang.engine.given import Known, known, with_region
from yibaolang.engine.people import person_of
from yibaolang.engine.rulebook import Result, RuleBook
from yibaolang.engine.script import answer
from yibaolang.engine.shown import Row, Shown
from yibaolang.language import syntax
from yibaolang.language.source import Source
from yibaolang.model.book import ALWAYS
from yibaolang.model.calendar import last_of_month
from yibaolang.model.core import Written
from yibaolang.model.entries import Entry
from yibaolang.session.context import Context

QUESTIONS = (syntax.Show, syntax.Compare, syntax.Why, syntax.WhyNot, syntax.Evaluate)
"""Sentences that are answered, and change nothing."""


def completed(sentence: syntax.Sentence, context: Context, rules: RuleBook) -> syntax.Sentence:
    """A question with the session's person and time, where it does not say them itself."""
    complete = _COMPLETING.get(type(sentence))
    return sentence if complete is None else complete(sentence, context, rules)


def answered(
    sentence: syntax.Sentence, source: Source, region: str, context: Context, rules: RuleBook
) -> Shown:
    """The answer to a question that stands in a region; Refusal if it makes no sense."""
    entry = Entry(sentence, source, region, ALWAYS)
    if isinstance(sentence, syntax.Evaluate):
        return _evaluated(entry, sentence, context, rules)
    return answer(rules, entry)


def facts_of(context: Context, rules: RuleBook, source: Source) -> tuple[str, Known]:
    """The session's person by name, and the facts; nobody if there is none or no longer."""
    name = context.person_for((0, 0), rules)
    return ("", known(rules.book, ())) if name is None else person_of(rules, name, source)


def _evaluated(
    entry: Entry, sentence: syntax.Evaluate, context: Context, rules: RuleBook
) -> Shown:
    """An expression's value: in a file for nobody, at the prompt for the session's person."""
    person, facts = facts_of(context, rules, entry.source)
    region = facts.region_on(context.asked.last) or entry.region
    asking = Questions(rules.book, region, rules.uses, with_region(facts, region))
    written = Written(entry.source, sentence.value)
    found = asking.evaluate(sentence.value, context.asked, written)
    return Shown("evaluate", sentence, entry.place, person, (Row("", Result(found, rules.book)),))


def _person(
    sentence: syntax.Show | syntax.Compare | syntax.Why | syntax.WhyNot,
    context: Context,
    rules: RuleBook,
) -> syntax.Name | None:
    return sentence.person or context.person_for(sentence.span, rules)


def _show(sentence: syntax.Show, context: Context, rules: RuleBook) -> syntax.Sentence:
    """An event of a ledger has its day; no other time fits it."""
    person, period = _person(sentence, context, rules), sentence.period
    if period is None and sentence.figure.kind != "event":
        period = context.period_for(sentence.span)
    return syntax.Show(sentence.span, sentence.verb, sentence.figure, person, period)


def _compare(sentence: syntax.Compare, context: Context, rules: RuleBook) -> syntax.Sentence:
    person = _person(sentence, context, rules)
    period = sentence.period or context.period_for(sentence.span)
    return syntax.Compare(sentence.span, sentence.regions, person, period, sentence.figure)


def _why(sentence: syntax.Why, context: Context, rules: RuleBook) -> syntax.Sentence:
    person = _person(sentence, context, rules)
    period = sentence.period or context.period_for(sentence.span)
    return syntax.Why(sentence.span, sentence.figure, person, period)


def _why_not(sentence: syntax.WhyNot, context: Context, rules: RuleBook) -> syntax.Sentence:
    on, last = sentence.on, context.asked.last
    if on is None and last is not None:
        on = syntax.DateLiteral(sentence.span, last.year, last.month, last.day, False)
    person = _person(sentence, context, rules)
    return syntax.WhyNot(sentence.span, sentence.happening, person, on)


_COMPLETING: dict[type[syntax.Sentence], Callable[[Any, Context, RuleBook], syntax.Sentence]] = {
    syntax.Show: _show,
    syntax.Compare: _compare,
    syntax.Why: _why,
    syntax.WhyNot: _why_not,
}


def months_asked(sentence: syntax.Sentence) -> int:
    """How many months a question is about, 0 for no time."""
    period = getattr(sentence, "period", None)
    asked = asked_by(period, Asked.never())
    if asked.first is None or asked.last is None:
        return 0
    last = last_of_month(asked.last)
    return (last.year - asked.first.year) * 12 + last.month - asked.first.month + 1
