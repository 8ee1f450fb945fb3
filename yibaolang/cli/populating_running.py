"""One run over a file of people: rows in, rows out, what is counted, and how it is told."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from yibaolang.cli.output import complain, print_diagnostics, print_json, shaded
from yibaolang.cli.populating_asking import Job
from yibaolang.cli.populating_tables import plain_numbers
from yibaolang.cli.progress import Persons
from yibaolang.cli.texts import count_of, say
from yibaolang.engine.people_files import SCHEMA
from yibaolang.engine.rejects import Rejects
from yibaolang.engine.row_writing import Column
from yibaolang.engine.words import Words
from yibaolang.language.diagnostics import Refusal
from yibaolang.population.columns import arrow_alone
from yibaolang.population.compiling import demand_llvm
from yibaolang.population.evaluate import native_there
from yibaolang.population.files import people_form
from yibaolang.population.files_out import Sink, sink
from yibaolang.population.files_running import Batch, Person, arrow_there, batches, persons
from yibaolang.population.refusals import Refusals, rule_faults
from yibaolang.report.tables import Table, formatted

_OF_FIGURES = "YB300"
"""Codes below this one are of what is written, in rules or in cells, and not of figures."""

SCHEMA_OUT = "yibao population 1"
Add = Callable[[Batch | Person, Sink | None], None]


class Run:
    """One run over a file of people: what it counts, and where its rows go."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.lang = job.lang
        options = job.options
        book = job.side.rules.book
        form = people_form(book)
        self.rejects = Rejects(
            options.rejects, allowed=options.allow_rejects,
            columns=tuple(dict.fromkeys(form.columns.values())), schema=SCHEMA, lang=job.lang,
        )  # fmt: skip
        self.progress = Persons(job.lang, options.progress)
        self.engine = engine_of(job)
        self.words = Words(book, job.lang)

    # ── running ──

    def over(self, add: Add, columns: Sequence[tuple[str, str]]) -> bool:
        """Give `add` every batch or person and what writes rows; False if nothing is written."""
        options = self.job.options
        try:
            with ExitStack() as stack:
                to = None
                if options.out:
                    own = [Column(*each) for each in columns]
                    to = stack.enter_context(sink(options.out, SCHEMA_OUT, own))
                # Inside, so that bad rows are written and the others are not.
                with self.rejects:
                    for each in self.everybody():
                        add(each, to)
        except Refusal as refusal:
            if options.json or not self.rejects.rejected:
                raise
            print_diagnostics(refusal.diagnostics, self.lang)
            rejected = count_of("bad_rows", self.lang, self.rejects.rejected)
            complain(say("nothing_written", self.lang, rejected=rejected))
            return False
        finally:
            self.progress.end()
        return True

    def everybody(self) -> Iterator[Batch | Person]:
        """The people with their answers."""
        job = self.job
        if arrow_there():
            for batch in batches(job.source, job.sides, self.rejects):
                self.progress.more(batch.rows.num_rows)
                yield batch
            return
        if job.options.out.lower().endswith(".parquet"):
            from yibaolang.engine.parquet_files import load_pyarrow

            load_pyarrow(job.options.out)
        for person in persons(job.source, job.sides, self.rejects):
            self.progress.more(1)
            yield person

    # ── telling ──

    def tell(self, tables: list[Table], json: dict[str, object]) -> None:
        """Print the tables or the JSON, and where the rows went."""
        options, lang = self.job.options, self.lang
        form = self.job.format
        if form == "json":
            counts = {
                "persons": self.rejects.accepted, "rejected": self.rejects.rejected,
                "engine": self.engine, "out": options.out or None,
            }  # fmt: skip
            print_json(counts | json)
            return
        for number, table in enumerate(tables):
            if number:
                print()
            print(formatted(plain_numbers(table) if form == "csv" else table, form))
        if form == "table":
            parts = [count_of("persons", lang, self.rejects.accepted)]
            if self.rejects.rejected:
                parts.append(count_of("rejected", lang, self.rejects.rejected))
            print()
            print(shaded(("\uff0c" if lang == "zh" else ", ").join(parts), "bold"))
        if options.out:
            rows = count_of("rows", lang, self.rejects.accepted)
            where = sys.stdout if form == "table" else sys.stderr
            print(say("written", lang, path=options.out, rows=rows), file=where)


def of_rules(job: Job, found: Sequence[Refusals]) -> bool:
    """Whether people are refused for what is wrong with the rules themselves, which is told."""
    wrong = [
        why
        for side, refusals in zip(job.sides, found, strict=True)
        for why in rule_faults(
            side.rules, side.asks, {code for code in refusals.counts if code < _OF_FIGURES}
        )
    ]
    if wrong:
        print_diagnostics(wrong, job.lang)
        complain(say("rules_faulty", job.lang))
    return bool(wrong)


def check_native(engine: str) -> None:
    """Refusal YB481 if native code is demanded and a package for it is missing."""
    if engine == "native":
        arrow_alone()
        demand_llvm()


def engine_of(job: Job) -> str:
    """The engine that runs; a note on stderr if it is the reference for want of packages."""
    asked = job.options.engine
    check_native(asked)
    if asked:
        return asked
    if native_there():
        return "native"
    complain(say("no_native", job.lang))
    return "reference"
