"""Accounts that the reference engine ran, as rows of the tables of `ledger_tables`."""

from datetime import timedelta
from typing import Any

from yibaolang.engine.account import stages
from yibaolang.engine.events import effective_events
from yibaolang.engine.ledger import Ledger
from yibaolang.engine.ledger_rows import Kept
from yibaolang.engine.ledger_rows import Rows as TableRows
from yibaolang.language.diagnostics import diagnostic
from yibaolang.model.plan import Plans
from yibaolang.population.fixed import HIGHEST, LOWEST
from yibaolang.population.ledger_tables import REFERENCE
from yibaolang.population.ledger_track import years_of
from yibaolang.program.layout import POSTINGS

_ONE_DAY = timedelta(days=1)


def kept_years(rows: TableRows, kept: Kept) -> list[tuple[Any, ...]]:
    """The years of an account that the reference engine ran: balances, and what was moved."""
    ledger = kept.ledger
    if ledger is None:
        return []
    account, found = ledger.account, []
    years = years_of(_plans_of(rows, kept, ledger), account.first, account.last)
    for at, first in enumerate(years):
        last = account.last if at + 1 == len(years) else years[at + 1] - _ONE_DAY
        balances = ledger.balances(last)
        buckets = [balances[name] for name in rows.programs.buckets]
        moved = dict.fromkeys(POSTINGS, 0)
        for each in ledger.postings:
            if first <= each.effective <= last:
                moved[each.kind] += each.fen
        found.append((account.name, first, last, *buckets, sum(buckets), balances["receivable"],
                      *moved.values()))  # fmt: skip
    return found


def kept_tables(rows: TableRows, kept: Kept) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of an account that the reference engine ran, by table.

    If a number is too large for a column, the whole account is refused (YB483).
    """
    found = _tables(rows, kept)
    if all(map(_fits, (cell for table in found.values() for row in table for cell in row))):
        return found
    return _tables(rows, Kept(kept.name, (), None, None, (diagnostic("YB483", None),)))


def _fits(cell: Any) -> bool:
    return not isinstance(cell, int) or LOWEST <= cell <= HIGHEST


def _tables(rows: TableRows, kept: Kept) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {
        table: list(rows.rows(table, kept)) for table in ("postings", "accumulators", "refused")
    }
    found["balances"] = [(*row, REFERENCE) for row in rows.rows("balances", kept)]
    found["years"] = kept_years(rows, kept)
    return found


def _plans_of(rows: TableRows, kept: Kept, ledger: Ledger) -> Plans:
    """The plans of the region where an account is kept on its last day."""
    account = ledger.account
    known = stages(account, effective_events(kept.events)[0])[-1].known
    lived = known.lived_on(account.last)
    region, version = (account.region, "") if lived is None else (lived.region, lived.version)
    return rows.programs.plans(region, version, known.overrides)
