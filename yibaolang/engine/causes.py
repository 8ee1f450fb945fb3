"""Why a balance changed: its change split into causes that add up to it, to the fen."""

from collections.abc import Iterable
from datetime import date, timedelta

from yibaolang.engine.answers import Answer, Cause
from yibaolang.engine.asked import Asked
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
_Key = tuple[str, tuple[str, ...], RuleInForce | None]


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
    buckets = measuring.rules_buckets() if figure == "balance" else (figure,)
    region = measuring.account.known.region_on(asked.last) or measuring.account.region
    refused = refusals(ledger, figure, book)
    if refused:
        return Answer(figure, region, asked, MONEY, None, 1, refused, measured=ledger)
    causes = list(_merged(_causes(ledger, buckets, asked.first, asked.last)))
    causes += _pending(measuring, asked.last)
    change = sum(each.fen for each in causes)
    return Answer(figure, region, asked, MONEY, change, 1, causes=tuple(causes), measured=ledger)


def _causes(
    ledger: Ledger, buckets: tuple[str, ...], first: date, last: date
) -> Iterable[tuple[_Key, int]]:
    for settlement in ledger.settlements:
        if not first <= settlement.booked <= last:
            continue
        expected = _expected(ledger, settlement, first)
        for posting in settlement.postings:
            fen = _effect(posting, buckets)
            if not fen:
                continue
            if expected is not None and posting.kind == "credit" and expected != posting.fen:
                yield ("credit", ("",), None), expected
                yield ("rules", (), posting.rule), fen - expected
            else:
                yield (posting.kind, _about(posting, settlement), _rule(posting)), fen


def _effect(posting: Posting, buckets: tuple[str, ...]) -> int:
    """By how much a posting changes buckets."""
    return posting.fen * ((posting.target in buckets) - (posting.source in buckets))


def _about(posting: Posting, settlement: Settlement) -> tuple[str, ...]:
    event = settlement.event
    if event is None:
        if posting.kind == "carry":
            return posting.source, posting.target
        return ("",)
    if event.kind == "bill":
        return event.name, "" if event.relation == "self" else event.relation, event.member
    return (event.because,)


def _rule(posting: Posting) -> RuleInForce | None:
    return posting.rule if posting.kind in ("deduct", "correction", "interest") else None


def _expected(ledger: Ledger, settlement: Settlement, first: date) -> int | None:
    """What the rules of the day before the span would have credited; None if they say nothing."""
    due = settlement.due
    if due is None or due.chosen is None or due.figure != "credit":
        return None
    known = ledger.account.known
    plans = ledger.programs.plans(due.region, known.version_on(due.day), known.overrides)
    try:
        plan = plans.figure("credit", first - _ONE_DAY)
        if any(arm is due.chosen.arm for arm in plan.arms):
            return None
        outcome = FigureProgram(plan).run(known.scenario, due.day)
    except Refusal:
        return None
    amount = outcome.amount
    return None if isinstance(amount, NoValue) or not isinstance(amount, int) else amount


def _merged(found: Iterable[tuple[_Key, int]]) -> Iterable[Cause]:
    """Causes that are alike, as one; in the order in which they first come."""
    sums: dict[tuple[object, ...], tuple[_Key, int]] = {}
    for key, fen in found:
        kind, about, rule = key
        same = kind, about, id(rule)
        old = sums.get(same)
        sums[same] = key, fen + (0 if old is None else old[1])
    for (kind, about, rule), fen in sums.values():
        yield Cause(kind, fen, about, rule)


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
