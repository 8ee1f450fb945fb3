"""Figures of a ledger: balances, what the fund paid, what a counter has used.

A balance is looked at after a day; what moved is summed up to a day, in a span, or for one event.
"""

from collections.abc import Iterable
from datetime import date

from attrs import evolve

from yibaolang.engine.account import Account
from yibaolang.engine.answers import Answer, Reading, agreed
from yibaolang.engine.asked import Asked
from yibaolang.engine.events import Event
from yibaolang.engine.ledger import Ledger, Ledgers
from yibaolang.engine.postings import Settlement
from yibaolang.engine.programs import Programs
from yibaolang.engine.rulebook import RuleBook
from yibaolang.engine.words import in_words
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Refusal, Said, diagnostic
from yibaolang.model.book import Book
from yibaolang.model.core import Written
from yibaolang.model.values import MONEY, TRUTH, format_value
from yibaolang.program.instructions import Say
from yibaolang.program.layout import COUNTER

ASSUMED = {"each": "each level", "all": "over all levels"}
"""How counters may be read that do not say it, and the words that say so."""

LEDGER, EVENT = Said("a ledger", "账本"), Said("an event", "一笔事件")
_OWNERS = ("measure", "receiver")
_SPANS = ("span", "month")
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


def no_figure(book: Book, figure: str, whole: Said, written: Written) -> Diagnostic:
    """That a name is no figure of a ledger or of an event (YB454)."""
    return in_words(diagnostic("YB454", written.place, name=figure, whole=whole), book)


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
        """The ledger up to a day (None: the account's last), but not beyond its end."""
        last = self.account.last if last is None else last
        if self.account.ends is not None:
            last = min(last, self.account.ends)
        found = self._ledgers.get((last, assumed))
        if found is None:
            account = evolve(self.account, last=max(last, self.account.first))
            ledgers = Ledgers(programs_of(self.rules, assumed))
            found = self._ledgers[(last, assumed)] = ledgers.run(account, self.events)
        return found

    def ask(self, figure: str, asked: Asked, written: Written, of: str = "") -> Answer:
        """A measure, refused or not; where readings differ, each with its sum."""
        answer = self._ask(figure, asked, written, of, "")
        readings: tuple[Reading, ...] = ()
        disagreeing = next((each for each in answer.refused if each.code == "YB301"), None)
        if any(each.code == "YB431" for each in answer.refused):
            readings = tuple(
                Reading(words, self._ask(figure, asked, written, of, assumed))
                for assumed, words in ASSUMED.items()
            )
        elif disagreeing is not None:
            arguments = dict(disagreeing.arguments)
            region, names = str(arguments["region"]), str(arguments["names"]).split(", ")
            readings = tuple(
                Reading(name, self.under(region, name).ask(figure, asked, written, of))
                for name in names
            )
        if not readings:
            return answer
        one = agreed(readings)
        return evolve(answer if one is None else one, readings=readings)

    def under(self, region: str, version: str) -> "Measuring":
        """The same account and events under one of the versions that disagree."""
        key = f"{region}\n{version}"
        rules = self.rules.made.get(key)
        if not isinstance(rules, RuleBook):
            rules = self.rules.made[key] = self.rules.using({region: version})
        return Measuring(rules, self.account, self.events)

    def _ask(self, figure: str, asked: Asked, written: Written, of: str, assumed: str) -> Answer:
        ledger = self.ledger(asked.last, assumed)
        region = self.account.known.region_on(asked.last) or self.account.region
        if of:
            return self._of_event(ledger, figure, asked, written, of, region)
        refused = refusals(ledger, figure, self.rules.book)
        value = None if refused else measure(ledger, figure, asked, self.rules.book)
        told = told_of(ledger, figure, asked, self.rules.book)
        return Answer(
            figure, region, asked, MONEY, value, 1, refused, settlements=told, measured=ledger,
            adds_up=not holds(self.rules.book, figure),
        )  # fmt: skip

    def _of_event(
        self, ledger: Ledger, figure: str, asked: Asked, written: Written, of: str, region: str
    ) -> Answer:
        if holds(self.rules.book, figure) and self.rules.book.names[figure].kind != "bucket":
            raise Refusal(no_figure(self.rules.book, figure, EVENT, written))
        settlement = ledger.settlement(of)
        if settlement is None:
            if all(each.id != of for each in self.events):
                raise Refusal(diagnostic("YB441", written.place, id=of))
            # What was voided, or has not happened yet, has moved nothing.
            return Answer(figure, region, asked, MONEY, 0, 1, measured=ledger)
        refused = () if settlement.refused is None else (settlement.refused,)
        value = None if refused else flow([settlement], figure, self.rules.book)
        return Answer(
            figure, region, asked, MONEY, value, 1, refused, settlements=(settlement,),
            measured=ledger,
        )  # fmt: skip

    def rules_buckets(self) -> tuple[str, ...]:
        """The buckets of the book."""
        return programs_of(self.rules).buckets

    def shown(self, fen: int) -> str:
        """An amount as text."""
        return format_value(MONEY, fen)


def why_not_answer(measuring: Measuring, bill: Event, day: date | None) -> Answer:
    """Whether the account may pay a bill on a day (None: the last), with what was decided.

    The bill is settled after all that happened until then, and forgotten. Without an amount it is
    about one yuan.
    """
    on = measuring.account.last if day is None else day
    amount = bill.amount_fen or 100
    asked_bill = evolve(bill, effective=on, booked=on, id="?", seq=1 << 30, amount_fen=amount)
    account = evolve(measuring.account, ends=None)
    with_bill = Measuring(measuring.rules, account, (*measuring.events, asked_bill))
    settlement = with_bill.ledger(on).settlement("?")
    region = measuring.account.known.region_on(on) or measuring.account.region
    asked = Asked.on(on)
    if settlement is None:
        raise TypeError("the bill that is asked about is settled")
    refused = () if settlement.refused is None else (settlement.refused,)
    said = {each.instruction.what for each in settlement.met
            if isinstance(each.instruction, Say)}  # fmt: skip
    value = None if refused else "admitted" in said and "denied" not in said
    return Answer(
        bill.name, region, asked, TRUTH, value, 1, refused, settlements=(settlement,), bill=bill
    )


def holds(book: Book, figure: str) -> bool:
    """Whether a measure is what there is after a day, and not what moved until then."""
    return figure in ("balance", "receivable") or book.names[figure].kind in ("bucket", "counter")


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
        if (asked.kind not in _SPANS or asked.first is None or asked.first <= each.day)
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
