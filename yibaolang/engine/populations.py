"""What rule books do for many people at once: the room `population`, reached by name when asked.

So nothing of that room, nor of the packages that it needs, is loaded before.
"""

from collections.abc import Sequence
from datetime import date
from importlib import import_module
from typing import Any

from yibaolang.engine.asked import Moment, moment_of
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.model.entries import BASE


class Populations:
    """The part of a rule book that asks about tables of people; needs the package pyarrow."""

    def population(
        self, people: Any, *, on: Moment = None, first: Moment = None, last: Moment = None,
        figures: str | Sequence[str] = ("credit",), region: str = "", version: str = "",
        engine: str = "", threads: int | None = None,
    ) -> Any:  # fmt: skip
        """The figures of many people as an Arrow table, a row for each of theirs, in their order.

        `people` is anything with `__arrow_c_stream__`, as tables of pyarrow, polars, pandas and
        DuckDB have it; so is the table that comes back. Its columns are those of files of people
        (docs/population.md). `figures` are asked `on` a day or in a month, or in every month from
        `first` to `last`. An amount is in `NAME_fen`; `NAME_refused` has the code of a refusal.
        `region` and `version` are those of people whose row names none. `engine` is "native",
        "reference", or "" for native code where its packages are installed; `threads` is how many
        processors are used (None: all).

        Refusal YB481 for a package that is missing, YB480 for a rule that has no native form, and
        those of columns that people cannot have. ValueError if no date is said, or two ways of
        saying it; TypeError for what is no table.

        >>> import pyarrow
        >>> from yibaolang.engine.rulebook import read
        >>> rules = read("retired credit 2% of pension")
        >>> people = pyarrow.table({"status": ["retired", "active"], "pension_fen": [600000, None]})
        >>> found = rules.population(people, on="2024-06")
        >>> found.column("credit_fen").to_pylist(), found.column("credit_refused").to_pylist()
        ([12000, None], [None, 'YB402'])
        """
        _check_table("people", people)
        _check_threads(threads)
        if on is not None and (first is not None or last is not None):
            raise ValueError("say a day or month with on, or a span with first and last, not both")
        evaluate = import_module("yibaolang.population.evaluate")
        return evaluate.population(
            self, people, figures, region=region, version=version, on=on, first=first, last=last,
            engine=engine, threads=threads or 0,
        )  # fmt: skip

    def ledgers(
        self, people: Any, events: Any, *, first: str | date, last: str | date,
        postings: bool = False,
        years: bool = False, region: str = "", engine: str = "", threads: int | None = None,
        as_listed: bool = False, sort: bool = False, lang: str = "en",
    ) -> Any:  # fmt: skip
        """The ledgers of many accounts: Arrow tables of balances, counters, refusals, postings.

        `people` (None: nobody is known) and `events` are anything with `__arrow_c_stream__`, with
        the columns of docs/events.md; the events of an account stand together, unless `sort`.
        Accounts are run from `first` to `last`, days or months as dates or texts, both included;
        those whose holder names no region are kept in `region`. With `postings` every posting comes
        too, with `years` what moved in each year. If `as_listed`, nothing is scheduled.
        See `population.ledger_accounts.Accounts` for what comes back.

        Refusal YB481 for a package that is missing, and those of rules and tables; YB014 for no
        date. ValueError for a span that ends before it begins.
        """
        if people is not None:
            _check_table("people", people)
        _check_table("events", events)
        _check_threads(threads)
        begin, end = moment_of(first).first, moment_of(last).last
        evaluate = import_module("yibaolang.population.evaluate")
        try:
            accounts = import_module("yibaolang.population.ledger_accounts")
        except ModuleNotFoundError as error:
            raise Refusal(diagnostic("YB481", None, package=error.name or "numpy")) from error
        chosen = engine or ("native" if evaluate.native_there() else "reference")
        rules: Any = self
        return accounts.ledgers(
            rules, people, events, first=begin, last=end, postings=postings, years=years,
            engine=chosen, threads=threads, region=rules.region(region) if region else BASE,
            as_listed=as_listed, sort=sort, lang=lang,
        )  # fmt: skip


def _check_table(name: str, given: Any) -> None:
    """TypeError for what gives no stream of Arrow."""
    if not hasattr(given, "__arrow_c_stream__"):
        kind = type(given).__name__
        raise TypeError(
            f"{name} must be a table of Arrow (with __arrow_c_stream__), as pyarrow, polars, "
            f"pandas and DuckDB have it, not {kind}"
        )


def _check_threads(threads: int | None) -> None:
    """ValueError for a number of processors that is none."""
    if threads is not None and threads < 1:
        raise ValueError(f"threads must be 1 or more, or None for all, not {threads}")
