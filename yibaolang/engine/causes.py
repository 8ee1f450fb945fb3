"""Why a balance changed: its change split into causes that add up to it, to the fen."""

from collections.abc import Iterable
from datetime import date, timedelta

from yibaolang.engine.account import Stage, stages
from yibaolang.engine.answers import Answer, Cause
from yibaolang.engine.asked import Asked
from yibaolang.engine.events import effective_events
from yibaolang.engine.ledger import Ledger
from yibaolang.engine.measures import Measuring, refusals
from yibaolang.engine.postings import Posting, Settlement
from yibaolang.engine.words import in_words
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.model.arms import RuleInForce
from yibaolang.model.calendar import last_of_month
from yibaolang.model.core import Written
from yibaolang.model.values import MONEY
from yibaolang.program.figure import FigureProgram
from yibaolang.program.novalue import NoValue

_ONE_DAY = timedelta(days=1)
_Key = tuple[str, tuple[str, ...], RuleInForce | None, RuleInForce | None]


def why_balance(measuring: Measuring, figure: str, asked: Asked, written: Written) -> Answer:
    """The change of a balance or bucket over a span, as an answer with its causes.

    What the rules of the day before the span would have credited is one cause, what later rules
    give more or less another. Refusal YB455 for what is no balance, or without a span.
    """
    book = measuring.rules.book
    named = book.names.get(figure)
    if named is None or not (figure == "balance" or named.kind == "bucket"):
        raise Refusal(in_words(diagnostic("YB455", written.place, name=figure), book))
    if asked.first is None or asked.last is None:
        raise Refusal(diagnostic("YB456", written.place))
    ledger = measuring.ledger(asked.last)
    known = stages(measuring.account, effective_events(measuring.events)[0])
    buckets = measuring.rules_buckets() if figure == "balance" else (figure,)
    region = measuring.account.known.region_on(asked.last) or measuring.account.region
    refused = refusals(ledger, figure, book)
    if refused:
        return Answer(figure, region, asked, MONEY, None, 1, refused, measured=ledger)
    causes = list(_merged(_causes(ledger, known, buckets, asked.first, asked.last)))
    change = sum(each.fen for each in causes)
    end = sum(ledger.balances(asked.last)[bucket] for bucket in buckets)
    causes = [
        Cause("before", end - change, (), None), *causes, Cause("after", end, (), None),
        *_pending(measuring, asked.last), *_corrected(ledger, asked.first, asked.last),
    ]  # fmt: skip
    return Answer(figure, region, asked, MONEY, change, 1, causes=tuple(causes), measured=ledger)


def _causes(
    ledger: Ledger, known: list[Stage], buckets: tuple[str, ...], first: date, last: date
) -> Iterable[tuple[_Key, int]]:
    for settlement in ledger.settlements:
        if not first <= settlement.day <= last:
            continue
        expected, before = _expected(ledger, known, settlement, first)
        for posting in settlement.postings:
            fen = _effect(posting, buckets)
            if not fen:
                continue
            if expected is not None and posting.kind == "credit" and expected != posting.fen:
                yield ("credit", (), None, None), expected
                yield ("rules", (), posting.rule, before), fen - expected
            else:
                about = _about(ledger, posting, settlement)
                yield (posting.kind, about, _rule(posting), None), fen


def _effect(posting: Posting, buckets: tuple[str, ...]) -> int:
    """By how much a posting changes buckets."""
    return posting.fen * ((posting.target in buckets) - (posting.source in buckets))


def _about(ledger: Ledger, posting: Posting, settlement: Settlement) -> tuple[str, ...]:
    event = settlement.event
    if event is None:
        if posting.kind == "carry":
            return posting.source, posting.target
        if posting.kind == "correction":
            late = (each for each in ledger.events if each.kind == "fact")
            return tuple(
                each.because or each.facts[0].name
                for each in late
                if each.booked == settlement.booked > each.effective
            )
        return ()
    if event.kind == "bill":
        return event.name, "" if event.relation == "self" else event.relation, event.member
    return (event.because,) if event.because else ()


def _rule(posting: Posting) -> RuleInForce | None:
    return posting.rule if posting.kind in ("deduct", "interest") else None


def _expected(
    ledger: Ledger, stages_known: list[Stage], settlement: Settlement, first: date
) -> tuple[int | None, RuleInForce | None]:
    """What the rules of the day before the span would have credited, and by which rule.

    None if they say nothing, or are the same.
    """
    due = settlement.due
    if due is None or due.chosen is None or due.figure != "credit":
        return None, None
    known = [each for each in stages_known if each.since <= due.day][-1].known
    plans = ledger.programs.plans(due.region, known.version_on(due.day), known.overrides)
    try:
        plan = plans.figure("credit", first - _ONE_DAY)
        if any(_same(arm.rule, due.chosen.arm.rule) for arm in plan.arms):
            return None, None
        outcome = FigureProgram(plan).run(known.scenario, due.day)
    except Refusal:
        return None, None
    amount = outcome.amount
    if isinstance(amount, NoValue) or not isinstance(amount, int):
        return None, None
    return amount, outcome.chosen[0].arm.rule if outcome.chosen else None


def _same(one: RuleInForce | None, other: RuleInForce | None) -> bool:
    """Whether two are the same sentence, maybe of two plans."""
    return _sentence(one) == _sentence(other)


def _sentence(rule: RuleInForce | None) -> object:
    return None if rule is None else (id(rule.written.source), rule.written.node.span)


def _corrected(ledger: Ledger, first: date, last: date) -> Iterable[Cause]:
    """Voids and replacements that were booked in the span."""
    for each in ledger.corrections:
        if first <= each.booked <= last:
            about = f"^{each.target}", each.because
            yield Cause(each.kind, 0, tuple(part for part in about if part), None)


def _merged(found: Iterable[tuple[_Key, int]]) -> Iterable[Cause]:
    """Causes that are alike, as one; in the order in which they first come."""
    sums: dict[tuple[object, ...], tuple[_Key, list[int]]] = {}
    for key, fen in found:
        kind, about, rule, before = key
        same = kind, about, _sentence(rule), _sentence(before)
        sums.setdefault(same, (key, []))[1].append(fen)
    for (kind, about, rule, before), parts in sums.values():
        yield Cause(kind, sum(parts), about, rule, before, tuple(parts))


def _pending(measuring: Measuring, last: date) -> Iterable[Cause]:
    """What is credited in the month of the last day, but after it."""
    end = last_of_month(last)
    if end == last:
        return
    for each in measuring.ledger(end).settlements:
        if each.due is not None and each.due.figure == "credit" and each.day > last:
            for posting in each.postings:
                about = measuring.shown(posting.fen), each.day.isoformat()
                yield Cause("pending", 0, about, posting.rule)
