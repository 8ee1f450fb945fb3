"""Questions about ledgers: what is in an account, why it changed, why not, how it would be."""

from attrs import evolve

from yibaolang.engine.account import Account
from yibaolang.engine.answers import Answer
from yibaolang.engine.asked import Asked, asked_by, moment
from yibaolang.engine.books import ledger_entry, person_ledger
from yibaolang.engine.causes import why_balance
from yibaolang.engine.expecting import failure
from yibaolang.engine.given import Lived
from yibaolang.engine.happenings import bill_of
from yibaolang.engine.measures import (
    LEDGER,
    Measuring,
    is_measure,
    no_figure,
    why_not_answer,
)
from yibaolang.engine.people import compared_region, person_of
from yibaolang.engine.rulebook import Result, RuleBook, figure_name
from yibaolang.engine.shown import Row, Shown, Tested, TestRun
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal
from yibaolang.model.core import Written
from yibaolang.model.entries import Entry, LedgerEntry, day_of


def measured(rules: RuleBook, figure: syntax.Figure | None) -> bool:
    """Whether a figure is one of a ledger."""
    if figure is None or figure_name(figure, rules.book) in ("credit", "deduct", "net credit"):
        return False
    return is_measure(rules.book, figure_name(figure, rules.book))


def ledger_for(rules: RuleBook, name: syntax.Name | None, entry: Entry, asked: Asked) -> Measuring:
    """The ledger of the person who is named, or of the only one; run to the last day asked."""
    person, _ = person_of(rules, name, entry.source)
    return person_ledger(rules, ledger_entry(rules, person, entry.place), asked.last)


def show_ledger(rules: RuleBook, entry: Entry, sentence: syntax.Show) -> Shown:
    """A measure of a ledger, or what came of one of its events."""
    asked = asked_by(sentence.period, Asked.never())
    measuring = ledger_for(rules, sentence.person, entry, asked)
    figure = figure_name(sentence.figure, rules.book)
    written = Written(entry.source, sentence.figure)
    rows = []
    if sentence.figure.kind == "event":
        rows.append(Row("", Result(_of_event(measuring, figure, asked, written), rules.book)))
    else:
        for each in asked.months() if asked.by_month else (asked,):
            if asked.by_month and not _runs(measuring.account, each):
                continue
            label = str(each)[:7] if asked.by_month else ""
            if asked.by_month and each.first is not None and each.last is not None:
                each = Asked.span(each.first, each.last)
            rows.append(Row(label, Result(measuring.ask(figure, each, written), rules.book)))
    return Shown(sentence.verb, sentence, entry.place, measuring.account.name, tuple(rows))


def _of_event(measuring: Measuring, event_id: str, asked: Asked, written: Written) -> Answer:
    """What came of an event: what its holder paid of a bill, else all that it moved."""
    answer = evolve(measuring.ask("self_paid", asked, written, event_id), figure=f"^{event_id}")
    if answer.refused or any(each.kind == "bill" for each in answer.settlements):
        return answer
    postings = [posting for each in answer.settlements for posting in each.postings]
    return evolve(answer, value=sum(each.fen for each in postings))


def _runs(account: Account, asked: Asked) -> bool:
    """Whether any day that is asked for lies between an account's first day and its end."""
    if asked.first is None or asked.last is None:
        return True
    return asked.last >= account.first and (account.ends is None or asked.first <= account.ends)


def run_ledger(rules: RuleBook, ledger: LedgerEntry, opened: Entry) -> TestRun:
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
        raise Refusal(no_figure(rules.book, figure, LEDGER, written))
    result = Result(ledger.ask(figure, asked, written, sentence.of), rules.book)
    return Tested(entry.place, failure(rules, sentence, result, entry), result)


# ── why, why not, how elsewhere ──


def why(rules: RuleBook, entry: Entry) -> Shown:
    """Why a balance changed."""
    sentence = entry.sentence
    if not isinstance(sentence, syntax.Why):
        raise TypeError("a question of why is a Why")
    asked = asked_by(sentence.period, Asked.never())
    measuring = ledger_for(rules, sentence.person, entry, asked)
    figure = figure_name(sentence.figure, rules.book)
    written = Written(entry.source, sentence.figure)
    answer = why_balance(measuring, figure, asked, written)
    row = Row("", Result(answer, rules.book))
    return Shown("why", sentence, entry.place, measuring.account.name, (row,))


def why_not(rules: RuleBook, entry: Entry) -> Shown:
    """Whether the account may pay for something, and the condition that fails if it may not."""
    sentence = entry.sentence
    if not isinstance(sentence, syntax.WhyNot):
        raise TypeError("a question of why not is a WhyNot")
    day = None if sentence.on is None else day_of(sentence.on)
    person, facts = person_of(rules, sentence.person, entry.source)
    bill = bill_of(rules.book, sentence.happening, entry.source)
    try:
        opened = ledger_entry(rules, person, entry.place)
    except Refusal:
        if day is None:
            raise
        region = facts.region_on(day) or entry.region
        measuring = Measuring(rules, Account(person, facts, region, day, day, True), ())
    else:
        measuring = person_ledger(rules, opened, day)
    row = Row("", Result(why_not_answer(measuring, bill, day), rules.book))
    return Shown("why not", sentence, entry.place, person, (row,))


def compare_ledger(rules: RuleBook, entry: Entry, sentence: syntax.Compare) -> Shown:
    """A measure of one ledger under several regions or versions, the same events in each."""
    asked = asked_by(sentence.period, Asked.never())
    measuring = ledger_for(rules, sentence.person, entry, asked)
    rows = []
    for each in sentence.regions:
        region = compared_region(rules, each, entry.source)
        there = (Lived(region, each.version, None, None),)
        known = evolve(measuring.account.known, regions=there)
        account = evolve(measuring.account, known=known, region=region)
        events = [event for event in measuring.events if event.kind != "moves"]
        elsewhere = Measuring(rules, account, events)
        if sentence.figure is None:
            raise TypeError("a measure is compared by its name")
        figure = figure_name(sentence.figure, rules.book)
        answer = elsewhere.ask(figure, asked, Written(entry.source, each))
        label = each.region.text + (f" {each.version}" if each.version else "")
        rows.append(Row(label, Result(answer, rules.book)))
    return Shown("compare", sentence, entry.place, measuring.account.name, tuple(rows))
