"""Accounts that were run, as rows: balances, postings, counters, corrections, what was refused.

Amounts are in fen, in columns whose names end so; names are canonical; a rule is a sentence in the
language of the rows. The columns of a table are the same for every account of a book.
"""

from collections.abc import Callable, Container, Iterator
from datetime import date

from attrs import field, frozen

from yibaolang.engine.account import stages
from yibaolang.engine.corrections import Corrected, corrections, is_correction
from yibaolang.engine.events import Event, effective_events
from yibaolang.engine.ledger import Ledger
from yibaolang.engine.measures import Measuring, programs_of
from yibaolang.engine.postings import Posting, Settlement
from yibaolang.engine.programs import Programs
from yibaolang.engine.row_writing import Cell, Column
from yibaolang.engine.rulebook import RuleBook
from yibaolang.engine.words import Words, in_words
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, message
from yibaolang.model.arms import RuleInForce
from yibaolang.model.calendar import first_of_month
from yibaolang.model.plan import Plans
from yibaolang.program.dates import insurance_year
from yibaolang.program.instructions import InCell, Let
from yibaolang.program.layout import COUNT, COUNTER, POSTINGS
from yibaolang.program.layout import Cell as StateCell

TABLES = ("balances", "postings", "accumulators", "corrections", "refused")
"""Every table. Its schema is "yibao TABLE 1"."""

_NOTHING = syntax.Origin((0, 0), "", "", "")
_PERIODS = {"per_year": "year", "per_month": "month", "per_lifetime": "lifetime"}
_FIRST_COLUMN = Column("account")


@frozen(eq=False)
class Kept:
    """An account and what came of it, or why it could not be run (then there is no ledger).

    `events` are all that were read, also what was refused. `complete` says that no row of it was
    left out as unreadable.
    """

    name: str
    events: tuple[Event, ...]
    measuring: Measuring | None
    ledger: Ledger | None
    why: tuple[Diagnostic, ...] = ()
    complete: bool = True

    @property
    def refused(self) -> tuple["Refused", ...]:
        """What was refused: the account as a whole, or single events and postings."""
        if self.ledger is None:
            return tuple(Refused(self.name, each, None) for each in self.why)
        return tuple(
            Refused(self.name, each.refused, each)
            for each in self.ledger.refused
            if each.refused is not None
        )


@frozen(eq=False)
class Refused:
    """Why an event, or what was due on a day, came to nothing; or a whole account."""

    account: str
    why: Diagnostic
    settlement: Settlement | None

    @property
    def place(self) -> str:
        """Where the event was read, or what it is refused for: a file, a line and a column."""
        event = None if self.settlement is None else self.settlement.event
        place = self.why.place if event is None or event.place is None else event.place
        return "" if place is None else str(place)


@frozen(eq=False)
class Rows:
    """Makes rows of accounts, with the sentences of rules in "en" or "zh".

    >>> from yibaolang.engine.rulebook import read
    >>> [each.name for each in Rows(read(""), "en").columns("accumulators")]
    ... # doctest: +NORMALIZE_WHITESPACE
    ['account', 'region', 'counter', 'period', 'since', 'used_fen', 'limit_fen', 'left_fen',
     'count']
    """

    rules: RuleBook
    lang: str
    _sentences: dict[RuleInForce, str] = field(factory=dict)

    @property
    def programs(self) -> Programs:
        """The programs that run the accounts."""
        return programs_of(self.rules)

    def columns(self, table: str) -> tuple[Column, ...]:
        """The columns of a table of TABLES."""
        if table == "balances":
            buckets = [_fen(name) for name in self.programs.buckets]
            totals = [_fen(f"total_{kind}") for kind in POSTINGS]
            more = _BALANCES[:3], buckets, _BALANCES[3:5], totals, _BALANCES[5:]
            return (_FIRST_COLUMN, *(column for part in more for column in part))
        return (_FIRST_COLUMN, *_COLUMNS[table])

    def rows(self, table: str, kept: Kept) -> Iterator[tuple[Cell, ...]]:
        """The rows of an account in a table of TABLES."""
        for row in _ROWS[table](self, kept):
            yield kept.name, *row

    # ── one table each; a row is without its account ──

    def balances(self, kept: Kept) -> Iterator[tuple[Cell, ...]]:
        ledger = kept.ledger
        if ledger is None:
            return
        balances = ledger.balances()
        buckets = [balances[name] for name in self.programs.buckets]
        moved = dict.fromkeys(POSTINGS, 0)
        for posting in ledger.postings:
            moved[posting.kind] += posting.fen
        refused = len(ledger.refused)
        account = ledger.account
        yield (
            _plans_at_end(kept, ledger).region, account.first, account.last, *buckets, sum(buckets),
            balances["receivable"], *moved.values(), ledger.closed, refused,
            kept.complete and not refused,
        )  # fmt: skip

    def postings(self, kept: Kept) -> Iterator[tuple[Cell, ...]]:
        for settlement in () if kept.ledger is None else kept.ledger.settlements:
            for each in settlement.postings:
                yield settlement.id, *self.posting(each)

    def posting(self, each: Posting) -> tuple[Cell, ...]:
        rule = each.rule
        told: tuple[Cell, ...] = ("", "", "", "")
        if rule is not None:
            told = rule.region, self.sentence(rule), rule.cite, str(rule.written.place)
        return (
            each.effective, each.booked, each.kind, each.source, each.target, each.fen,
            *told,
        )  # fmt: skip

    def accumulators(self, kept: Kept) -> Iterator[tuple[Cell, ...]]:
        """The counters that hold something or that a bill has looked at, whatever runs before."""
        ledger = kept.ledger
        if ledger is None:
            return
        met, plans, last = _met(ledger), _plans_at_end(kept, ledger), ledger.account.last
        found = []
        for index, (cell, value) in enumerate(
            zip(ledger.programs.layout.cells, ledger.cells, strict=False)
        ):
            if cell.kind in (COUNTER, COUNT) and (value or index in met):
                day, limit = met.get(index, (date.min, None))
                since = _period_start(cell, plans, ledger.programs, last)
                known = limit if since is None or day >= since else None
                found.append(_counter(cell, value, since, known))
        yield from sorted(found, key=lambda row: [str(each) for each in row[:3]])

    def corrections(self, kept: Kept) -> Iterator[tuple[Cell, ...]]:
        if kept.measuring is None or kept.ledger is None:
            return
        if any(map(is_correction, kept.measuring.events)):
            last, ids = kept.ledger.account.last, {each.id for each in kept.events}
            for each in corrections(kept.measuring):
                yield from _corrected(each, last, ids)

    def refused(self, kept: Kept) -> Iterator[tuple[Cell, ...]]:
        for each in kept.refused:
            settlement = each.settlement
            what: tuple[Cell, ...] = ("", None, None, "account")
            if settlement is not None:
                what = settlement.id, settlement.day, settlement.booked, settlement.kind
            yield *what, each.why.code, self.reason(each), each.place

    # ── parts ──

    def reason(self, refused: Refused) -> str:
        """Why something was refused, in words."""
        return message(in_words(refused.why, self.rules.book), self.lang)

    def sentence(self, rule: RuleInForce) -> str:
        """A rule without its source."""
        found = self._sentences.get(rule)
        if found is None:
            node = rule.written.node
            if not isinstance(node, syntax.Rule):
                raise TypeError("what is in force is a Rule")
            bare = syntax.Rule(
                node.span, node.also, node.exception, node.guard, node.action, _NOTHING
            )
            found = Words(self.rules.book, self.lang).printer.sentence(bare)
            self._sentences[rule] = found
        return found


def _plans_at_end(kept: Kept, ledger: Ledger) -> Plans:
    """The plans of the region where an account is kept on its last day."""
    account, programs = ledger.account, ledger.programs
    known = account.known
    if any(each.kind == "moves" for each in kept.events):
        known = stages(account, effective_events(kept.events)[0])[-1].known
    lived = known.lived_on(account.last)
    region = account.region if lived is None else lived.region
    return programs.plans(region, "" if lived is None else lived.version, known.overrides)


# ── counters ──


def _met(ledger: Ledger) -> dict[int, tuple[date, int | None]]:
    """The counters that bills have looked at: when last, and what limit held then, if it has one.

    Only a ledger that was run with reasons knows.
    """
    found: dict[int, tuple[date, int | None]] = {}
    for settlement in ledger.settlements:
        for each in settlement.met:
            node = each.instruction
            if isinstance(node, Let) and isinstance(node.used, InCell):
                found[node.used.cell] = settlement.day, each.limit
    return found


def _period_start(cell: StateCell, plans: Plans, programs: Programs, last: date) -> date | None:
    """The first day of the period that a counter is in on a day; None if it has none."""
    if cell.period == "per_month":
        return first_of_month(last)
    if cell.period != "per_year":
        return None
    return insurance_year(last, *programs.turn(plans, last).year_from)[0]


def _counter(
    cell: StateCell, value: int, since: date | None, limit: int | None
) -> tuple[Cell, ...]:
    name = cell.label or " ".join(cell.name.split())
    period = _PERIODS.get(cell.period, "")
    if cell.kind == COUNT:
        return cell.region, f"count {name}", period, since, None, None, None, value
    left = None if limit is None else max(0, limit - value)
    return cell.region, name, period, since, value, limit, left, None


# ── corrections ──


def _corrected(found: Corrected, last: date, ids: Container[str]) -> Iterator[tuple[Cell, ...]]:
    """Each sum that a correction moved, then each balance on the account's last day."""
    event = found.correction
    what = event.id or event.kind, event.kind, event.booked, event.effective, event.because
    for each in found.changes:
        named = each.event if each.event in ids else ""
        yield (
            *what, each.day, named, each.kind, each.source, each.target, each.before_fen,
            each.after_fen,
        )  # fmt: skip
    for name in found.after:
        before, after = found.before.get(name, 0), found.after[name]
        if before != after:
            yield *what, last, "", "balance", name, "", before, after


# ── columns ──


def _fen(name: str) -> Column:
    return Column(f"{name}_fen", "integer")


_BALANCES = (
    Column("region"), Column("first", "date"), Column("last", "date"), _fen("balance"),
    _fen("receivable"), Column("closed", "date"), Column("refused", "integer"),
    Column("complete", "truth"),
)  # fmt: skip
_MOVED = Column("event"), Column("kind"), Column("source"), Column("target")
_COLUMNS: dict[str, tuple[Column, ...]] = {
    "postings": (
        Column("event"), Column("effective", "date"), Column("booked", "date"), *_MOVED[1:],
        _fen("amount"), Column("region"), Column("rule"), Column("cite"), Column("place"),
    ),
    "accumulators": (
        Column("region"), Column("counter"), Column("period"), Column("since", "date"),
        _fen("used"), _fen("limit"), _fen("left"), Column("count", "integer"),
    ),
    "corrections": (
        Column("correction"), Column("what"), Column("booked", "date"),
        Column("effective", "date"), Column("because"), Column("day", "date"), *_MOVED,
        _fen("before"), _fen("after"),
    ),
    "refused": (
        Column("event"), Column("day", "date"), Column("booked", "date"), Column("kind"),
        Column("code"), Column("reason"), Column("place"),
    ),
}  # fmt: skip
_ROWS: dict[str, Callable[[Rows, Kept], Iterator[tuple[Cell, ...]]]] = {
    "balances": Rows.balances,
    "postings": Rows.postings,
    "accumulators": Rows.accumulators,
    "corrections": Rows.corrections,
    "refused": Rows.refused,
}
