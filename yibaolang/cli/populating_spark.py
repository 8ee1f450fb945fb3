"""`yibao population --spark MASTER`: the same on a cluster, from Parquet to folders of Parquet."""

import sys
from collections.abc import Sequence
from itertools import combinations

from yibaolang.cli.arguments import Misuse, Options
from yibaolang.cli.asking import listed, one_spot, tables_of
from yibaolang.cli.output import complain, print_json
from yibaolang.cli.populating_asking import check_engine, days_of, rules_of, spelled, when_of
from yibaolang.cli.populating_ledgers import TABLES
from yibaolang.cli.progress import Progress
from yibaolang.cli.texts import count_of, say
from yibaolang.population.spark_files import SparkError, Written, evaluate_files, ledger_files
from yibaolang.population.spark_session import Stage, Tell

_NOT_HERE = (
    "explain", "compare", "group_by", "picture", "format", "encoding", "sort", "threads",
)  # fmt: skip
_NOT_OF_LEDGERS = ("on", "year", "figure", "rejects", "allow_rejects")
_ONLY_OF_LEDGERS = ("what", "as_listed")
_USUAL = ("balances", "refused")
_WRITTEN = ("out", "rejects")
_FOLDERS = ("people", "events", *_WRITTEN)


class Stages(Progress):
    """Progress by the tasks of stages."""

    running: Sequence[Stage] = ()
    newest = -1

    @property
    def tell(self) -> Tell | None:
        """What is to be told of stages; None if nobody wants to know."""
        return self._tell if self._shows else None

    def _tell(self, running: Sequence[Stage]) -> None:
        self.running = running
        if running[-1].number > self.newest:
            # A new one is told of at once.
            self.newest = running[-1].number
            self._told -= self._pause
        self.count(0)

    def _say(self) -> None:
        text = (", " if self.lang == "en" else "\uff0c").join(map(self._said, self.running))
        self._line = self._terminal
        begin, end = ("\r", "\x1b[K") if self._terminal else ("", "\n")
        print(f"{begin}{text} \u2026{end}", end="", file=sys.stderr, flush=True)

    def _said(self, stage: Stage) -> str:
        key = "spark_stage_again" if stage.failed else "spark_stage"
        return say(
            key, self.lang, number=stage.number, done=stage.done, tasks=stage.tasks,
            failed=stage.failed,
        )  # fmt: skip


def run_spark(options: Options, lang: str) -> int:
    """Run it there; 1 for rows that could not be read, or events that were refused."""
    _check(options)
    try:
        written = _run(options, lang)
    except FileExistsError as error:
        complain(say("folder_there", lang, path=str(error.filename or options.out)))
        return 1
    except SparkError as error:
        complain(say("spark_failed", lang, why=str(error)))
        return 1
    _print(options, lang, written)
    if options.events:
        return 1 if written.refused else 0
    return 1 if written.rejected and not options.allow_rejects else 0


def _run(options: Options, lang: str) -> Written:
    progress = Stages(lang, options.progress)
    try:
        return (_ledgers if options.events else _figures)(options, lang, progress.tell)
    finally:
        progress.end()


def _print(options: Options, lang: str, written: Written) -> None:
    if options.json:
        print_json({
            "rows": written.rows, "rejected": written.rejected, "refused": written.refused,
            "tables": dict(written.tables),
        })  # fmt: skip
        return
    rows = count_of("rows", lang, written.rows)
    print(say("written", lang, path=options.out, rows=rows))
    for key, count in (("refused", written.refused), ("rejected", written.rejected)):
        if count:
            print(count_of(key, lang, count))


# ── what is asked ──


def _check(options: Options) -> None:
    """Misuse for what makes no sense, or not there."""
    command = options.command
    unwanted = (*_NOT_HERE, *(_NOT_OF_LEDGERS if options.events else ()))
    for name in unwanted:
        if getattr(options, name):
            other = "--spark" if name in _NOT_HERE else "--events"
            raise Misuse("not_together", command, name=spelled(name), other=other)
    for name in () if options.events else _ONLY_OF_LEDGERS:
        if getattr(options, name):
            raise Misuse("only_with", command, name=spelled(name), other="--events")
    check_engine(options)
    if not options.out:
        raise Misuse("spark_needs_out", command)
    if not options.people and not options.events:
        raise Misuse("people_needed", command)
    _check_folders(options)
    _settings(options)
    tables_of(options, TABLES)


def _check_folders(options: Options) -> None:
    """Misuse for a folder that is written inside another one: who reads that would find both."""
    given = [each for each in _FOLDERS if getattr(options, each)]
    for one, other in combinations(given, 2):
        if other in _WRITTEN and _within(getattr(options, one), getattr(options, other)):
            raise Misuse("spark_folders", options.command, name=spelled(one), other=spelled(other))


def _within(one: str, other: str) -> bool:
    """Whether one of two paths is, or is inside, the other."""
    shorter, longer = sorted((one.rstrip("/") + "/", other.rstrip("/") + "/"), key=len)
    return longer.startswith(shorter)


def _settings(options: Options) -> dict[str, str]:
    found = {}
    for each in options.spark_conf:
        key, equal, value = each.partition("=")
        if not key or not equal:
            raise Misuse("bad_conf", options.command, value=each)
        found[key] = value
    return found


def _figures(options: Options, lang: str, tell: Tell | None) -> Written:
    rules, spot, when = rules_of(options), one_spot(options), when_of(options, options.on)
    first, last = when[0], when[-1]
    # Several are the months of a span; one is a day or a month, as it was said.
    single = options.on if len(when) == 1 and options.on else None
    return evaluate_files(
        rules, options.people, options.out, master=options.spark,
        figures=listed(options.figure) or ["credit"], on=single,
        first=None if single else first.first, last=None if single else last.last,
        region=spot.region, version=spot.version, engine=options.engine, rejects=options.rejects,
        lang=lang, settings=_settings(options), tell=tell,
    )  # fmt: skip


def _ledgers(options: Options, lang: str, tell: Tell | None) -> Written:
    first, last = days_of(options)
    return ledger_files(
        rules_of(options), options.people, options.events, options.out, master=options.spark,
        first=first, last=last, region=one_spot(options).region,
        tables=tables_of(options, TABLES) or _USUAL, as_listed=options.as_listed,
        engine=options.engine, lang=lang, settings=_settings(options), tell=tell,
    )  # fmt: skip
