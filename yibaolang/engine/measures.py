"""Figures of a ledger: balances, what the fund paid, what a counter has used.

A balance is looked at after a day; what moved is summed up to a day, in a span, or for one event.
"""

from collections.abc import Iterable
from datetime import date

from yibaolang.engine.account import Account
from yibaolang.engine.answers import Answer, Reading, agreed
from yibaolang.engine.asked import Asked
from yibaolang.engine.events import Event
from yibaolang.engine.ledger import Ledger, Ledgers
from yibaolang.engine.postings import Settlement
from yibaolang.engine.programs import Programs
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Refusal, diagnostic
from yibaolang.model.book import Book
from yibaolang.model.core import Written
from yibaolang.model.values import MONEY
from yibaolang.program.layout import COUNTER

ASSUMED = {"each": "each level", "all": "over all levels"}
"""How counters may be read that do not say it, and the words that say so."""

_OWNERS = ("measure", "receiver")
_FLOWS = {
    "fund": "fund",
    "drawn": "draw",
    "cash": "cash",
    "credited": "credit",
    "deducted": "deduct",
    "interest_earned": "interest",
}


def is_measure(book: Book, figure: str) -> bool:
    """Whether a figure is one of a ledger."""
    named = book.names.get(figure)
    return named is not None and (
        named.kind in ("bucket", "counter", "fund")
        or (named.kind == "value" and named.owner in _OWNERS)
    )


def programs_of(rules: RuleBook, assumed: str = "") -> Programs:
    """The programs of a book, made once."""
    found = rules.made.get(assumed)
    if not isinstance(found, Programs):
        found = rules.made[assumed] = Programs(rules, assumed)
    return found


class Measuring:
    """Measures one account with its events."""

    def __init__(self, rules: RuleBook, account: Account, events: Iterable[Event]) -> None:
        self.rules = rules
        self.account = account
        self.events = tuple(events)
        self._ledgers: dict[tuple[date, str], Ledger] = {}

    def ledger(self, last: date | None = None, assumed: str = "") -> Ledger:
        """The ledger up to a day (None: the account's last)."""
        last = self.account.last if last is None else last
        found = self._ledgers.get((last, assumed))
        if found is None:
            from attrs import evolve

            account = evolve(self.account, last=max(last, self.account.first))
            ledgers = Ledgers(programs_of(self.rules, assumed))
            found = self._ledgers[(last, assumed)] = ledgers.run(account, self.events)
        return found

    def ask(self, figure: str, asked: Asked, written: Written, of: str = "") -> Answer:
        """A measure, refused or not; where readings differ, each with its sum."""
        answer = self._ask(figure, asked, written, of, "")
        if not any(each.code == "YB431" for each in answer.refused):
            return answer
        readings = tuple(
            Reading(words, self._ask(figure, asked, written, of, assumed))
            for assumed, words in ASSUMED.items()
        )
        from attrs import evolve

        one = agreed(readings)
        return evolve(answer if one is None else one, readings=readings)

    def _ask(self, figure: str, asked: Asked, written: Written, of: str, assumed: str) -> Answer:
        ledger = self.ledger(asked.last, assumed)
        region = self.account.known.region_on(asked.last) or self.account.region
        if of:
            return self._of_event(ledger, figure, asked, written, of, region)
        refused = refusals(ledger, figure, self.rules.book)
        value = None if refused else measure(ledger, figure, asked, self.rules.book)
        told = told_of(ledger, figure, asked, self.rules.book)
        return Answer(
            figure, region, asked, MONEY, value, 1, refused, settlements=told, measured=ledger
        )

    def _of_event(
        self, ledger: Ledger, figure: str, asked: Asked, written: Written, of: str, region: str
    ) -> Answer:
        settlement = ledger.settlement(of)
        if settlement is None:
            raise Refusal(diagnostic("YB441", written.place, id=of))
        refused = () if settlement.refused is None else (settlement.refused,)
        value = None if refused else flow([settlement], figure, self.rules.book)
        return Answer(
            figure, region, asked, MONEY, value, 1, refused, settlements=(settlement,),
            measured=ledger,
        )  # fmt: skip


def measure(ledger: Ledger, figure: str, asked: Asked, book: Book) -> int:
    """A measure of a ledger in fen."""
    named = book.names[figure]
    balances = ledger.balances(asked.last)
    if named.kind == "bucket" or figure == "receivable":
        return balances[figure]
    if figure == "balance":
        return sum(fen for name, fen in balances.items() if name != "receivable")
    if named.kind == "counter":
        cells = ledger.programs.layout.of_kind(COUNTER)
        return sum(ledger.cells[index] for index, cell in cells if cell.label == figure)
    return flow(_within(ledger, asked), figure, book)


def flow(settlements: Iterable[Settlement], figure: str, book: Book) -> int:
    """What settlements moved: a measure of flow, a further fund, a bucket, or who received it."""
    named = book.names[figure]
    every = list(settlements)
    if named.kind == "fund":
        return sum(each.moved("fund", figure) for each in every)
    if named.kind == "bucket":
        return sum(each.moved("draw", figure) for each in every)
    if figure == "self_paid":
        return sum(each.moved("draw") + each.moved("cash") for each in every)
    if figure in _FLOWS:
        return sum(each.moved(_FLOWS[figure]) for each in every)
    return sum(
        posting.fen
        for each in every
        for posting in each.postings
        if posting.kind == "close" and posting.target.split(" ")[0] == figure
    )


def _within(ledger: Ledger, asked: Asked) -> list[Settlement]:
    return [
        each
        for each in ledger.settlements
        if (asked.kind != "span" or asked.first is None or asked.first <= each.day)
        and (asked.last is None or each.day <= asked.last)
    ]


def told_of(ledger: Ledger, figure: str, asked: Asked, book: Book) -> tuple[Settlement, ...]:
    """The settlements that an answer is made of, for its reason."""
    found = _within(ledger, asked)
    named = book.names[figure]
    if figure == "balance":
        return tuple(each for each in found if each.postings)
    if named.kind == "bucket":
        return tuple(
            each
            for each in found
            if any(figure in (posting.source, posting.target) for posting in each.postings)
        )
    if named.kind == "counter":
        return ()
    return tuple(each for each in found if flow([each], figure, book))


def refusals(ledger: Ledger, figure: str, book: Book) -> tuple[Diagnostic, ...]:
    """Why a measure cannot be said: what was refused, if the measure depends on it.

    What the fund pays depends on no balance, unless the account pays before it.
    """
    named = book.names[figure]
    of_bills = named.kind in ("fund", "counter") or figure == "fund"
    events_only = of_bills and not _pays_before(book)
    found = [
        each.refused
        for each in ledger.refused
        if each.refused is not None and not (events_only and each.event is None)
    ]
    return tuple(dict.fromkeys(found))


def _pays_before(book: Book) -> bool:
    """Whether any rule has the account pay before the fund."""
    return any(
        isinstance(entry.sentence, syntax.Rule)
        and isinstance(entry.sentence.action, syntax.Draw)
        and entry.sentence.action.before_cover
        for (_, kind), entries in book.rules.items()
        if kind == "draw"
        for entry in entries
    )
