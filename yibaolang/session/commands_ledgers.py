"""Commands about the person's ledger: its balance by the month, and its tables."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from yibaolang.engine.answers import Answer
from yibaolang.engine.asked import Asked
from yibaolang.engine.books import ledger_entry, person_ledger
from yibaolang.engine.keeping import Frame, Keeper, script_accounts
from yibaolang.engine.ledger_rows import TABLES, Kept, Rows
from yibaolang.engine.measures import Measuring
from yibaolang.engine.people import person_of
from yibaolang.engine.rulebook import Result
from yibaolang.engine.words import Words
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal, message
from yibaolang.language.lexer import fold
from yibaolang.language.source import Source
from yibaolang.language.suggest import suggestions
from yibaolang.model.core import Written
from yibaolang.model.entries import BASE
from yibaolang.model.values import MONEY
from yibaolang.report.charts import bars
from yibaolang.report.ledger_words import ledger_table, table_heading
from yibaolang.report.tables import Table, without_empty_columns
from yibaolang.session.commands import Misuse
from yibaolang.session.here import year_of
from yibaolang.session.replies import Reply, Said, Tabled
from yibaolang.session.texts import count_of, say, titles

if TYPE_CHECKING:
    from yibaolang.session.session import Session

_KEYS = ("month", "paid_in", "paid_out", "balance", "chart")
_RIGHT = frozenset([1, 2, 3])
_MOST_MONTHS = 24


@frozen(eq=False)
class _Month:
    """A month of an account: its balance, and what moved in and out of what is looked at (fen)."""

    asked: Asked
    answer: Answer
    paid_in: int
    paid_out: int


# ── balance ──


def run_balance(session: "Session", words: str) -> Iterator[Reply]:
    """The balance of the person's account, or of one bucket, by the month with a bar each."""
    bucket, year = _asked(session, words)
    measuring = _ledger(session)
    months = [
        _month(measuring, each, bucket)
        for each in _months(measuring, year or _year(session, measuring))
    ]
    lang, said = session.context.lang, session.words
    name = measuring.account.name
    figure = said.name(bucket or "balance")
    if not months:
        account = measuring.account
        last = account.last if account.ends is None else account.ends
        days = {"first": account.first.isoformat(), "last": last.isoformat()}
        yield Said(say("no_months", lang, name=name, year=year, **days))
        return
    heading = say("balance_of", lang, figure=figure, name=name)
    table = _chart(months, said, int(session.settings.ambiguous))
    yield Tabled(heading, table, tuple(_why_none(months, session)))


def _asked(session: "Session", words: str) -> tuple[str, int]:
    """The bucket, "" for all of them, and the year, 0 for none said."""
    bucket, year = "", 0
    for word in fold(words).split():
        said = year_of(word)
        named = session.rules.book.names.get(word)
        if said:
            year = said
        elif named is not None and named.kind == "bucket":
            bucket = named.name
        elif named is None or named.name != "balance":
            names = session.rules.book.names.items()
            buckets = [text for text, each in names if each.kind == "bucket"]
            shown = say("comma", session.context.lang).join(buckets)
            raise Misuse("no_bucket", name=word, buckets=shown)
    return bucket, year


def _ledger(session: "Session") -> Measuring:
    """The ledger of the session's person, or of the only one who has any."""
    name = _owner(session)
    entry = ledger_entry(session.rules, name, None)
    last = session.context.asked.last
    return person_ledger(session.rules, entry, last)


def _owner(session: "Session") -> str:
    """The session's person, else the only one with a ledger, else the only one there is."""
    rules, context = session.rules, session.context
    named = context.person_for((0, 0), rules)
    owners = [
        each.entry.sentence.person
        for each in rules.book.ledgers
        if each.entry is not None and isinstance(each.entry.sentence, syntax.Ledger)
    ]
    if named is None and len(owners) == 1:
        named = owners[0]
    if named is None and not rules.book.persons:
        raise Misuse("no_persons")
    return person_of(rules, named, Source.of("command", ""))[0]


def _year(session: "Session", measuring: Measuring) -> int:
    """The year that questions are about, else that of the account's last day; 0 for all of a short
    account."""
    account, asked = measuring.account, session.context.asked
    if asked.first is not None:
        return asked.first.year
    first, last = account.first, account.last
    short = (last.year - first.year) * 12 + last.month - first.month < _MOST_MONTHS
    return 0 if short else last.year


def _months(measuring: Measuring, year: int) -> Iterator[Asked]:
    """The months of a year, or of the whole account, in which it runs, each up to its last day."""
    account = measuring.account
    first = date(year, 1, 1) if year else account.first
    last = date(year, 12, 31) if year else account.last
    if account.ends is not None:
        last = min(last, account.ends)
    if first <= last:
        for each in Asked.span(max(first, account.first), last).months():
            if each.first is not None and each.last is not None:
                yield Asked.span(each.first, each.last)


def _month(measuring: Measuring, asked: Asked, bucket: str) -> _Month:
    written = Written(Source.of("balance", "balance"), syntax.Name((0, 7), "balance"))
    answer = measuring.ask(bucket or "balance", asked, written)
    ledger = measuring.ledger(asked.last)
    held = (bucket,) if bucket else measuring.rules_buckets()
    settled = [each for each in ledger.settlements if asked.holds(each.day)]
    moved = [posting for each in settled for posting in each.postings]
    if answer.refused:
        return _Month(asked, answer, 0, 0)
    paid_in = sum(each.fen for each in moved if each.target in held and each.source not in held)
    paid_out = sum(each.fen for each in moved if each.source in held and each.target not in held)
    return _Month(asked, answer, paid_in, paid_out)


def _chart(months: Sequence[_Month], words: Words, ambiguous: int) -> Table:
    values = [0 if each.answer.refused else each.answer.value for each in months]
    drawn = bars(values, ambiguous=ambiguous)
    rows = tuple(
        (
            str(each.asked.first)[:7], _amount(each.paid_in, words), _amount(each.paid_out, words),
            each.answer.refused[0].code if each.answer.refused else words.value(MONEY, value), bar,
        )
        for each, value, bar in zip(months, values, drawn, strict=True)
    )  # fmt: skip
    return without_empty_columns(Table(_KEYS, titles(_KEYS, words.lang), rows, _RIGHT))


def _amount(fen: int, words: Words) -> str:
    return words.value(MONEY, fen) if fen else ""


def _why_none(months: Sequence[_Month], session: "Session") -> Iterator[str]:
    """A line for each reason why a balance is not said."""
    found: dict[str, None] = {}
    for each in months:
        for why in Result(each.answer, session.rules.book).refused[:1]:
            found[f"{why.code} {message(why, session.context.lang)}"] = None
    yield from found


# ── tables ──


def run_ledger(session: "Session", words: str) -> Iterator[Reply]:
    """A table of the person's ledger until the last day that questions are about."""
    lang, asked = session.context.lang, fold(words).strip()
    table = _table_named(asked, lang)
    kept = _kept(session, _owner(session), table)
    rows = Rows(session.rules, lang)
    shown = _columns(rows, table, session.settings.output)
    columns = [rows.columns(table)[at] for at in shown]
    lines = [[row[at] for at in shown] for row in rows.rows(table, kept)]
    heading = say("ledger_of", lang, name=kept.name, table=table_heading(table, lang))
    if not lines:
        yield Said(say("ledger_without", lang, heading=heading))
        return
    refused = len(kept.refused)
    notes = (count_of("refused", lang, refused),) if refused and table != "refused" else ()
    yield Tabled(heading, ledger_table(lines, columns, session.words), notes)


def _columns(rows: Rows, table: str, output: str) -> list[int]:
    """The columns of a table, but not the account; nor in lines what `.source` tells of a rule."""
    left_out = ("account", "cite", "place") if output == "table" else ("account",)
    return [at for at, each in enumerate(rows.columns(table)) if each.name not in left_out]


def _table_named(text: str, lang: str) -> str:
    """A table by its name in either language; the postings if none is named."""
    spelled = {
        spelling: table
        for table in TABLES
        for spelling in (table, table_heading(table, "en"), table_heading(table, "zh"))
    }
    if text and text not in spelled:
        near = suggestions(text, spelled, limit=1)
        names = say("comma", lang).join(table_heading(table, lang) for table in TABLES)
        key = "no_table_near" if near else "no_table"
        raise Misuse(key, name=text, names=names, near=near[0] if near else "")
    return spelled.get(text, "postings")


def _kept(session: "Session", name: str, table: str) -> Kept:
    """The ledger of a person, run until the session's day; Refusal YB452 if there is none."""
    ledger_entry(session.rules, name, None)
    keeper = Keeper(session.rules, explained=table == "accumulators")
    frame = Frame(last=session.context.asked.last, region=BASE)
    kept = next(script_accounts(keeper, frame, person=name))
    if kept.ledger is None:
        raise Refusal(*kept.why)
    return kept
