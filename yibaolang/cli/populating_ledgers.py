"""`yibao population --events`: the ledgers of many accounts, some at a time, as files of tables."""

import os
import sys
from contextlib import ExitStack
from typing import Any

from attrs import field, frozen

from yibaolang.cli.arguments import Misuse, Options
from yibaolang.cli.asking import check_format, encoding_of, one_spot, tables_of
from yibaolang.cli.files import check_named, check_outputs
from yibaolang.cli.output import complain, print_json
from yibaolang.cli.populating_asking import (
    ENGINES,
    check_engine,
    days_of,
    rules_of,
    spelled,
    threads_of,
)
from yibaolang.cli.populating_tables import group_label, in_order, money, refusal_tables
from yibaolang.cli.progress import Progress
from yibaolang.cli.texts import count_of, say
from yibaolang.engine.words import Words
from yibaolang.population.columns import load_arrow
from yibaolang.population.files_events import Part, event_blocks, parts, people_table
from yibaolang.population.files_out import Sink, sink
from yibaolang.population.files_running import arrow_there
from yibaolang.population.grouping import Sums, summed
from yibaolang.population.refusals import Refusals
from yibaolang.report.tables import Table, formatted, without_empty_columns

TABLES = ("balances", "accumulators", "refused", "postings")
YEARLY = "years"
"""The table of what moved in each insurance year, which clusters do not make."""

FORMATS = ("csv", "jsonl", "parquet")
_TOTALS = ("balance_fen", "total_credit_fen", "total_draw_fen", "total_fund_fen")
_NOT_HERE = (
    "on", "year", "figure", "compare", "group_by", "picture", "rejects",
    "allow_rejects",
)  # fmt: skip


def run_ledgers(options: Options, lang: str) -> int:
    """Run the ledgers; 1 if anything was refused."""
    tables = _check(options)
    if not _there():
        return _without_packages(options, lang, tables)
    if options.explain:
        from yibaolang.cli.populating_accounting import explain_account

        return explain_account(options, lang)
    return _Ledgers(options, lang, tables).run()


def _without_packages(options: Options, lang: str, tables: tuple[str, ...]) -> int:
    """The same tables by `yibao ledger`, which needs no packages."""
    if options.engine == "native" or options.explain or YEARLY in tables:
        complain(say("ledgers_need_native", lang))
        return 1
    complain(say("no_native", lang))
    from yibaolang.cli.keeping import keep

    return keep(options, lang, rules_of)


def _there() -> bool:
    from importlib.util import find_spec

    return arrow_there() and find_spec("numpy") is not None


def _check(options: Options) -> tuple[str, ...]:
    """The tables that are asked for; Misuse for options that make no sense here."""
    for name in _NOT_HERE:
        if getattr(options, name):
            raise Misuse("not_together", options.command, name="--events", other=spelled(name))
    files = [("--people", options.people), ("--events", options.events)]
    check_named(options.command, files)
    check_engine(options)
    encoding_of(options)
    check_format(options, FORMATS)
    asked = tables_of(options, (*TABLES, YEARLY))
    for name in ("out", "what", "format") if options.explain else ():
        if getattr(options, name):
            raise Misuse("not_together", options.command, name="--explain", other=spelled(name))
    if (asked or options.format) and not options.out:
        name = "--what" if asked else "--format"
        raise Misuse("only_with", options.command, name=name, other="--out")
    if os.path.splitext(options.out)[1] and not os.path.isdir(options.out):
        raise Misuse("ledgers_out", options.command, path=options.out)
    return (asked or ("balances", "refused")) if options.out else ()


@frozen(eq=False)
class _Counts:
    """What is counted of all parts."""

    engines: dict[str, int] = field(factory=dict)
    refusals: Refusals = field(factory=Refusals)
    rows: dict[str, int] = field(factory=dict)
    sums: Sums = field(factory=Sums)


class _Ledgers:
    """One run."""

    def __init__(self, options: Options, lang: str, tables: tuple[str, ...]) -> None:
        self.options = options
        self.lang = lang
        self.tables = tables
        self.first, self.last = days_of(options)
        self.rules = rules_of(options)
        self.region = one_spot(options).region
        self.counts = _Counts()
        self.progress = Progress(lang, options.progress)

    def run(self) -> int:
        """Run part after part, and tell what came."""
        options = self.options
        encoding = encoding_of(options)
        people = None
        check_outputs(
            options.command, [("--out", self.path(table)) for table in self.tables],
            (*options.words, *options.rules, options.people, options.events),
        )  # fmt: skip
        if options.people:
            people = people_table(options.people, self.rules.book, encoding)
        if options.out:
            os.makedirs(options.out, exist_ok=True)
        try:
            with ExitStack() as stack:
                sinks = {
                    table: stack.enter_context(sink(self.path(table), f"yibao {table} 1"))
                    for table in self.tables
                }
                for part in parts(people, event_blocks(options.events, encoding), options.sort):
                    self.part(part, sinks)
        finally:
            self.progress.end()
        self.tell()
        return 1 if self.counts.refusals.counts else 0

    def path(self, table: str) -> str:
        """The file of a table."""
        return os.path.join(self.options.out, f"{table}.{self.options.format or 'csv'}")

    def part(self, part: Part, sinks: dict[str, Sink]) -> None:
        """Run some accounts, and write their rows."""
        options = self.options
        found = self.rules.ledgers(
            part.people, part.events, first=self.first, last=self.last, region=self.region,
            postings="postings" in self.tables, years=YEARLY in self.tables, engine=options.engine,
            threads=threads_of(options) or None, as_listed=options.as_listed, sort=options.sort,
            lang=self.lang,
        )  # fmt: skip
        for table, to in sinks.items():
            rows = getattr(found, table)
            self.counts.rows[table] = self.counts.rows.get(table, 0) + rows.num_rows
            for batch in rows.to_batches() or [_empty(rows.schema)]:
                to.batch(batch)
        self.count(found, part.events.num_rows)

    def count(self, found: Any, events: int) -> None:
        """Add up what came of some accounts."""
        arrow = load_arrow()
        for name, count in found.engines.items():
            self.counts.engines[name] = self.counts.engines.get(name, 0) + count
        self.progress.accounts += sum(found.engines.values()) - 1
        self.progress.count(events)
        codes, accounts = (_plain(found.refused, name) for name in ("code", "account"))
        self.counts.refusals.add_batch(codes, accounts)
        regions = _plain(found.balances, "region").dictionary_encode()
        names = regions.dictionary.to_pylist()
        code = regions.indices.cast(arrow.int64()).fill_null(-1)
        amounts = [_plain(found.balances, name) for name in _TOTALS]
        for at, count, totals in summed(code, amounts):
            self.counts.sums.add((names[at] if at >= 0 else "",), count, totals)

    # ── telling ──

    def tell(self) -> None:
        """The balances by region, what was refused, and where the tables are."""
        if self.options.json:
            print_json(self.json())
            return
        words = Words(self.rules.book, self.lang)
        times = {say("title_times", self.lang): self.counts.refusals}
        for each in (self.balances(words), *refusal_tables(times, self.lang)):
            if each.rows:
                print(formatted(each, "table"))
                print()
        for table in self.tables:
            rows = count_of("rows", self.lang, self.counts.rows.get(table, 0))
            print(say("written", self.lang, path=self.path(table), rows=rows))
        shown = {name: str(self.counts.engines.get(name, 0)) for name in ENGINES}
        print(say("engines", self.lang, **shown))
        sys.stdout.flush()

    def balances(self, words: Words) -> Table:
        """What accounts hold and what moved, by region."""
        sums, lang = self.counts.sums, self.lang
        groups = in_order(list(sums.counts), ("region",), self.rules.book)
        lines = [self._line(group_label("region", each[0], words), [each]) for each in groups]
        if len(groups) != 1:
            lines.append(self._line(say("everybody", lang), groups))
        names = ("region", "accounts", "balance", "credited", "drawn", "fund")
        titles = tuple(say(f"title_{each}", lang) for each in names)
        return without_empty_columns(Table(names, titles, tuple(lines), frozenset(range(1, 6))))

    def _line(self, label: str, groups: list[tuple[str, ...]]) -> tuple[str, ...]:
        sums = self.counts.sums
        count = sum(sums.counts[each] for each in groups)
        totals = [sum(sums.totals[each][at] for each in groups) for at in range(len(_TOTALS))]
        return label, str(count), *(money(each, self.lang) for each in totals)

    def json(self) -> dict[str, object]:
        """The same for programs."""
        counts = self.counts
        return {
            "accounts": sum(counts.engines.values()), "engines": counts.engines,
            "refused": dict(sorted(counts.refusals.counts.items())),
            "refused_first": dict(sorted(counts.refusals.first.items())),
            "files": {table: self.path(table) for table in self.tables}, "rows": counts.rows,
            "regions": [
                {
                    "region": key[0], "accounts": count,
                    **dict(zip(_TOTALS, counts.sums.totals[key], strict=True)),
                }
                for key, count in counts.sums.counts.items()
            ],
        }  # fmt: skip


def _plain(table: Any, name: str) -> Any:
    """A column as one array, not a dictionary."""
    arrow = load_arrow()
    column = table.column(name).combine_chunks()
    if isinstance(column, arrow.ChunkedArray):
        column = arrow.concat_arrays(column.chunks) if column.num_chunks else arrow.array(
            [], column.type
        )  # fmt: skip
    return column.dictionary_decode() if arrow.types.is_dictionary(column.type) else column


def _empty(schema: Any) -> Any:
    arrow = load_arrow()
    return arrow.RecordBatch.from_arrays(
        [arrow.array([], each.type) for each in schema], schema=schema
    )
