"""What rule books do for many people at once: the room `population`, reached by name when asked.

So nothing of that room, nor of the packages that it needs, is loaded before.
"""

from collections.abc import Sequence
from datetime import date
from importlib import import_module
from typing import Any

from yibaolang.engine.asked import Moment
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
        those of columns that people cannot have. ValueError if no date is said.

        >>> import pyarrow
        >>> from yibaolang.engine.rulebook import read
        >>> rules = read("retired credit 2% of pension")
        >>> people = pyarrow.table({"status": ["retired", "active"], "pension_fen": [600000, None]})
        >>> found = rules.population(people, on="2024-06")
        >>> found.column("credit_fen").to_pylist(), found.column("credit_refused").to_pylist()
        ([12000, None], [None, 'YB402'])
        """
        evaluate = import_module("yibaolang.population.evaluate")
        return evaluate.population(
            self, people, figures, region=region, version=version, on=on, first=first, last=last,
            engine=engine, threads=threads or 0,
        )  # fmt: skip

    def ledgers(
        self, people: Any, events: Any, *, first: date, last: date, postings: bool = False,
        years: bool = False, region: str = "", engine: str = "", threads: int | None = None,
        as_listed: bool = False, sort: bool = False, lang: str = "en",
    ) -> Any:  # fmt: skip
        """The ledgers of many accounts: Arrow tables of balances, counters, refusals, postings.

        `people` (None: nobody is known) and `events` are anything with `__arrow_c_stream__`, with
        the columns of docs/events.md; the events of an account stand together, unless `sort`.
        Accounts are run from `first` to `last`; those whose holder names no region are kept in
        `region`. With `postings` every posting comes too, with `years` what moved in each year. If
        `as_listed`, nothing is scheduled.
        See `population.ledger_accounts.Accounts` for what comes back.

        Refusal YB481 for a package that is missing, and those of rules and tables.
        """
        evaluate = import_module("yibaolang.population.evaluate")
        try:
            accounts = import_module("yibaolang.population.ledger_accounts")
        except ModuleNotFoundError as error:
            raise Refusal(diagnostic("YB481", None, package=error.name or "numpy")) from error
        chosen = engine or ("native" if evaluate.native_there() else "reference")
        rules: Any = self
        return accounts.ledgers(
            rules, people, events, first=first, last=last, postings=postings, years=years,
            engine=chosen, threads=threads, region=rules.region(region) if region else BASE,
            as_listed=as_listed, sort=sort, lang=lang,
        )  # fmt: skip
