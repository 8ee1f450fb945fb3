"""Ledgers out of small scripts, as tests write them. Amounts are fen."""

from datetime import date

from yibaolang import read
from yibaolang.engine.books import person_ledger
from yibaolang.engine.ledger import Ledger
from yibaolang.engine.measures import Measuring
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Refusal

REST = "draw current then carried, rest to cash\n"


def day(text: str) -> date:
    """A day, as in 2024-03-01; 03-01 is of the year 2024."""
    return date.fromisoformat(text if len(text) > 5 else f"2024-{text}")


def script(rules: str, events: str, given: str = "retired", opened: str = "2024-01-01") -> str:
    """A script with one holder; an event begins with its day, as in `03-01 ^e1 outpatient 5`."""
    lines = [line.strip() for line in events.strip().splitlines()]
    dated = [f"2024-{line}" if line[:5].count("-") == 1 and line[2] == "-" else line
             for line in lines if line]  # fmt: skip
    text = "\n".join(dated)
    return f"{rules}\nperson holder: {given}\nledger holder from {opened}\n{text}\n"


def measuring_of(text: str) -> Measuring:
    """The one ledger of a script."""
    rules: RuleBook = read(text)
    (entry,) = rules.book.ledgers
    return person_ledger(rules, entry)


def ledger_of(text: str, until: str = "") -> Ledger:
    """The one ledger of a script, run to a day."""
    return measuring_of(text).ledger(day(until) if until else None)


def moved(ledger: Ledger, *kinds: str) -> list[tuple[str, str, str, str, int]]:
    """The postings of some kinds (none: all), as (day, event, source, target, fen)."""
    return [
        (each.effective.isoformat(), each.event, each.source, each.target, each.fen)
        for each in ledger.postings
        if not kinds or each.kind in kinds
    ]


def refusals(ledger: Ledger) -> dict[str, str]:
    """The codes of what was refused, by id or kind."""
    return {each.id or each.kind: each.refused.code for each in ledger.refused if each.refused}


def code_of(text: str, until: str = "") -> str:
    """The code with which a whole ledger is refused."""
    try:
        ledger_of(text, until)
    except Refusal as refusal:
        return refusal.diagnostics[0].code
    return ""
