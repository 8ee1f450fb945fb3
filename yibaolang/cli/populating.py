"""`yibao population`: figures of many people of a file, or the ledgers of their accounts."""

import os
from collections.abc import Iterator, Sequence

from yibaolang.cli.arguments import Options
from yibaolang.cli.populating_asking import job_of
from yibaolang.cli.populating_running import Run, of_rules
from yibaolang.cli.populating_tables import summary_json, summary_tables
from yibaolang.engine.row_writing import Cell
from yibaolang.population.files_out import Sink
from yibaolang.population.files_running import Batch, Person
from yibaolang.population.grouping import Grouper
from yibaolang.population.grouping_answers import Summary, base_name
from yibaolang.population.redo import Answered, fitting


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
    return _Figures(job).run()


class _Figures(Run):
    """Figures of everybody."""

    def run(self) -> int:
        """Ask everybody, write the rows, tell the summary."""
        job = self.job
        keys = job.keys or (("region",) if len(job.side.asks) == 1 else ())
        grouper = Grouper(job.side.rules, keys, job.day, job.side.home[0])
        summary = Summary(grouper, job.side.asks)
        columns = [("account", "text"), *_plain_columns(summary)]

        def add(each: Batch | Person, to: Sink | None) -> None:
            if isinstance(each, Batch):
                summary.add_batch(each.rows, each.columns, each.answers[0])
                if to is not None:
                    to.batch(each.answers[0])
            else:
                account = each.cells["account"]
                answers = [fitting(one) for one in each.answers[0]]
                summary.add(grouper.labels(each.cells), answers, account)
                if to is not None:
                    to.row([account, *_plain_cells(summary, answers)])

        if not self.over(add, columns):
            return 1
        self.tell(summary_tables(summary, keys, self.words), {
            "figures": summary_json(summary, keys, self.words.book),
            "refused_first": dict(sorted(summary.refusals.first.items())),
        })  # fmt: skip
        return 1 if of_rules(job, [summary.refusals]) else 0


def _plain_columns(summary: Summary) -> Iterator[tuple[str, str]]:
    """The columns of rows without Arrow; they are those of `population.results`."""
    for each in summary.asks:
        base, shape = base_name(each, summary.asks), summary.shape(each)
        kind = shape.type.kind
        if not shape.whole:
            yield f"{base}_numerator", "integer"
            yield f"{base}_denominator", "integer"
        elif kind in ("date", "truth"):
            yield base, kind
        elif kind in ("choice", "text"):
            yield base, "text"
        else:
            yield (f"{base}_fen" if kind == "money" else base), "integer"
        yield f"{base}_refused", "text"


def _plain_cells(summary: Summary, answers: Sequence[Answered]) -> Iterator[Cell]:
    """The cells of a person's answers."""
    for asks, answered in zip(summary.asks, answers, strict=True):
        yield None if answered.code else answered.value
        if not summary.shape(asks).whole:
            yield None if answered.code else answered.denominator
        yield answered.code or None
