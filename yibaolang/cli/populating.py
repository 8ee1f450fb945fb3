"""`yibao population`: figures of many people of a file, or the ledgers of their accounts."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from fractions import Fraction

from yibaolang.cli.arguments import Options
from yibaolang.cli.output import complain, print_diagnostics, print_json, shaded
from yibaolang.cli.populating_asking import Job, job_of
from yibaolang.cli.populating_tables import summary_json, summary_tables
from yibaolang.cli.progress import Progress
from yibaolang.cli.texts import count_of, say
from yibaolang.engine.people_files import SCHEMA
from yibaolang.engine.rejects import Rejects
from yibaolang.engine.row_writing import Cell, Column
from yibaolang.engine.words import Words
from yibaolang.language.diagnostics import Refusal
from yibaolang.population.columns import load_arrow
from yibaolang.population.compiling import load_llvm
from yibaolang.population.evaluate import native_there
from yibaolang.population.files import people_form
from yibaolang.population.files_out import Sink, sink
from yibaolang.population.files_running import Batch, Person, arrow_there, batches, persons
from yibaolang.population.grouping import Grouper
from yibaolang.population.grouping_answers import Summary, base_name
from yibaolang.population.redo import Answered
from yibaolang.report.tables import Table, formatted

SCHEMA_OUT = "yibao population 1"
Add = Callable[[Batch | Person, Sink | None], None]


def run(options: Options, lang: str) -> int:
    """Ask figures of everybody and tell what came; 1 if rows could not be read."""
    # Arrow's own stores keep what is free, for nobody in a stream. It asks when it is loaded.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    if options.spark:
        from yibaolang.cli.populating_spark import run_spark

        return run_spark(options, lang)
    if options.events:
        from yibaolang.cli.populating_ledgers import run_ledgers

        return run_ledgers(options, lang)
    job = job_of(options, lang)
    if options.explain:
        from yibaolang.cli.populating_explaining import explain

        return explain(job)
    if options.compare:
        from yibaolang.cli.populating_comparing import compare

        return compare(job)
    return Run(job).evaluate()


class Persons(Progress):
    """Progress by persons alone."""

    def more(self, persons: int) -> None:
        """So many more persons."""
        self.accounts += persons - 1
        self.count(0)

    def _say(self) -> None:
        persons = count_of("persons", self.lang, self.accounts)
        begin, end = ("\r", "\x1b[K") if self._terminal else ("", "\n")
        self._line = self._terminal
        print(f"{begin}{persons} \u2026{end}", end="", file=sys.stderr, flush=True)


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

    def evaluate(self) -> int:
        """Ask everybody, write the rows, tell the summary."""
        job = self.job
        keys = job.keys or (("region",) if len(job.side.asks) == 1 else ())
        grouper = Grouper(job.side.rules, keys, job.day, job.side.home[0])
        summary = Summary(grouper, job.side.asks)
        columns = [("account", "text"), *_plain_columns(job)]

        def add(each: Batch | Person, to: Sink | None) -> None:
            if isinstance(each, Batch):
                summary.add_batch(each.rows, each.columns, each.answers[0])
                if to is not None:
                    to.batch(each.answers[0])
            else:
                summary.add(grouper.labels(each.cells), each.answers[0])
                if to is not None:
                    to.row([each.cells["account"], *plain_cells(each.answers[0])])

        if not self.over(add, columns):
            return 1
        self.tell(summary_tables(summary, keys, self.words), {
            "figures": summary_json(summary, keys, self.words.book),
        })  # fmt: skip
        return 0

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
            print(formatted(table, form))
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


def engine_of(job: Job) -> str:
    """The engine that runs; a note on stderr if it is the reference for want of packages."""
    asked = job.options.engine
    if asked:
        if asked == "native":
            load_arrow()
            load_llvm()
        return asked
    if native_there():
        return "native"
    complain(say("no_native", job.lang))
    return "reference"


def _plain_columns(job: Job) -> Iterator[tuple[str, str]]:
    """The columns of rows without Arrow."""
    for each in job.side.asks:
        base = base_name(each, job.side.asks)
        amount = each.figure in ("credit", "deduct", "net credit")
        yield (f"{base}_fen", "integer") if amount else (base, "text")
        yield f"{base}_refused", "text"


def plain_cells(answers: Sequence[Answered]) -> Iterator[Cell]:
    """The cells of a person's answers."""
    for each in answers:
        value = each.value
        if not each.code and each.denominator != 1:
            value = str(Fraction(value, each.denominator))
        yield None if each.code else value
        yield each.code or None

