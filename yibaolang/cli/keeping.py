"""`yibao ledger`: run the ledgers of scripts, or every account of files, and write what came."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from yibaolang.cli.arguments import Misuse, Options
from yibaolang.cli.asking import days_between, encoding_of, one_spot, rules_of_ledgers
from yibaolang.cli.files import check_outputs
from yibaolang.cli.ledger_tables import Tables, Target, print_object, target_of
from yibaolang.cli.output import complain, print_diagnostics
from yibaolang.cli.progress import Progress
from yibaolang.cli.texts import count_of, say
from yibaolang.engine.keeping import Files, Frame, Keeper, file_accounts, script_accounts
from yibaolang.engine.ledger_rows import Kept, Refused, Rows
from yibaolang.engine.people_files import SCHEMA, people_columns
from yibaolang.engine.rejects import Rejects
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.catalogue import colon
from yibaolang.language.diagnostics import MOST_DIAGNOSTICS, Diagnostic, Refusal

_OF_FILES = ("from", "sort", "encoding", "rejects", "allow-rejects")


class Told:
    """What is told of a run besides its tables: how much there was, and what was refused."""

    def __init__(self, rows: Rows, progress: Progress) -> None:
        self.rows = rows
        self.progress = progress
        self.refused = 0
        self.repeated = 0
        self.rejected = 0
        self.first: list[Refused] = []

    def add(self, kept: Kept) -> None:
        """One more account."""
        self.progress.count(len(kept.events))
        refused = kept.refused
        self.refused += len(refused)
        self.first += refused[: MOST_DIAGNOSTICS - len(self.first)]

    def lines(self) -> Iterator[str]:
        """A line for each refusal, if there are not too many."""
        lang = self.rows.lang
        for each in self.first:
            settlement = each.settlement
            what = [each.account]
            if settlement is not None:
                what += [f"^{settlement.id}"] if settlement.id else []
                what.append(settlement.day.isoformat())
            place = f"  ({each.place})" if each.place else ""
            yield (f"{' '.join(what)}{colon(lang)}{each.why.code} {self.rows.reason(each)}{place}")
        if self.refused > len(self.first):
            yield say("and_others", lang, count=self.refused - len(self.first))

    def summary(self) -> str:
        """How much there was, in a line."""
        lang = self.rows.lang
        counts = {"accounts": self.progress.accounts, "events": self.progress.events}
        others = {
            "refused": self.refused, "repeated": self.repeated, "rejected": self.rejected,
        }  # fmt: skip
        parts = [count_of(key, lang, count) for key, count in counts.items()]
        parts += [count_of(key, lang, count) for key, count in others.items() if count]
        return ("\uff0c" if lang == "zh" else ", ").join(parts)


def run(options: Options, lang: str) -> int:
    """Run the ledgers of the files that are named; 1 if anything was refused."""
    return keep(options, lang, rules_of_ledgers)


def keep(options: Options, lang: str, rules_of: Callable[[Options], RuleBook]) -> int:
    """Run accounts and write their tables; 1 if anything was refused or could not be read."""
    target = target_of(options)
    _check(options)
    files = {target.file(table) for table in target.tables} if target.path else set()
    check_outputs(
        options.command, [*(("--out", each) for each in files), ("--rejects", options.rejects)],
        (*options.words, options.people, options.events),
    )  # fmt: skip
    rules = rules_of(options)
    if target.format == "parquet":
        from yibaolang.engine.parquet_files import load_pyarrow

        load_pyarrow(target.path)
    rows = Rows(rules, lang)
    told = Told(rows, Progress(lang, options.progress))
    keeper = Keeper(rules, explained="accumulators" in target.tables)
    with Tables(rows, target) as tables:
        try:
            _keep(_accounts(options, keeper, told), tables, told)
        except Refusal as refusal:
            if options.json or not told.rejected:
                raise
            print_diagnostics(refusal.diagnostics, lang)
            rejected = count_of("bad_rows", lang, told.rejected)
            complain(say("nothing_written", lang, rejected=rejected))
            return 1
        if not _has_files(options) and not told.progress.accounts:
            complain(_nothing(options, rules, lang))
            return 1
        _write(tables, told, target)
    return 1 if told.refused else 0


def _keep(accounts: Iterable[Kept], tables: Tables, told: Told) -> None:
    try:
        for kept in accounts:
            told.add(kept)
            tables.add(kept)
    finally:
        told.progress.end()


def _has_files(options: Options) -> bool:
    return bool(options.people or options.events)


def _check(options: Options) -> None:
    """Misuse for options that do not go together."""
    encoding_of(options)
    given = {
        "from": options.from_, "sort": options.sort, "encoding": options.encoding,
        "rejects": options.rejects, "allow-rejects": options.allow_rejects,
    }  # fmt: skip
    if not _has_files(options):
        for name in _OF_FILES:
            if given[name]:
                raise Misuse("only_with_files", options.command, name=f"--{name}")
    elif not options.events and not (options.from_ and options.to):
        raise Misuse("days_needed", options.command)


def _accounts(options: Options, keeper: Keeper, told: Told) -> Iterable[Kept]:
    first, last = days_between(options)
    rules = keeper.rules
    region = one_spot(options).region
    frame = Frame(first, last, rules.region(region), options.as_listed)
    if not _has_files(options):
        return script_accounts(keeper, frame, options.words, options.person)
    return _of_files(options, keeper, frame, told)


def _of_files(options: Options, keeper: Keeper, frame: Frame, told: Told) -> Iterator[Kept]:
    files = Files(options.people, options.events, encoding_of(options), options.sort)
    with _rejects(options, keeper.rules, told) as (rejects, people):
        yield from file_accounts(keeper, files, frame, rejects, people, options.person)


@contextmanager
def _rejects(options: Options, rules: RuleBook, told: Told) -> Iterator[tuple[Rejects, Rejects]]:
    """What takes the bad rows of events and of people, each with a file of its own.

    The files are kept whatever is wrong with the other one; Refusal for both.
    """
    lang, allowed = told.rows.lang, options.allow_rejects
    of_events = Rejects(options.rejects if options.events else "", allowed=allowed, lang=lang)
    of_people = Rejects(
        _beside(options.rejects) if options.people else "", allowed=allowed,
        columns=people_columns(rules.book), schema=SCHEMA, lang=lang,
    )  # fmt: skip
    wrong: list[Diagnostic] = []
    try:
        with of_people:
            try:
                with of_events:
                    yield of_events, of_people
            except Refusal as refusal:
                wrong += refusal.diagnostics
    except Refusal as refusal:
        wrong += refusal.diagnostics
    told.repeated += of_events.repeated
    told.rejected += of_events.rejected + of_people.rejected
    if wrong:
        raise Refusal(*wrong)


def _beside(path: str) -> str:
    """The file of bad rows of people: `bad.people.csv` beside `bad.csv`."""
    name, ending = os.path.splitext(path)
    return f"{name}.people{ending}" if path else ""


def _nothing(options: Options, rules: RuleBook, lang: str) -> str:
    """That there is no ledger, or none of the person who is asked for."""
    path = ", ".join(options.words)
    names = [kept.name for kept in script_accounts(Keeper(rules), None, options.words)]
    if not names:
        return say("no_ledger", lang, path=path)
    return say("no_such_ledger", lang, path=path, name=options.person, names=", ".join(names))


def _write(tables: Tables, told: Told, target: Target) -> None:
    """The tables, and what is told of them: on stdout for files, else on stderr."""
    lang = tables.rows.lang
    if target.format == "json" and not target.path:
        _print_json(tables, told)
        if "refused" in tables.shown:
            return
    elif target.path:
        for table, path in zip(tables.shown, tables.write(), strict=True):
            rows = count_of("rows", lang, tables.counts[table])
            print(say("written", lang, path=path, rows=rows))
        print(told.summary())
    else:
        tables.print()
    sys.stdout.flush()
    for line in told.lines():
        print(line, file=sys.stderr)
    if not target.path and (told.refused or told.repeated or told.rejected):
        complain(told.summary())


def _print_json(tables: Tables, told: Told) -> None:
    counts = {
        "accounts": told.progress.accounts, "events": told.progress.events,
        "refused_events": told.refused, "repeated": told.repeated, "rejected": told.rejected,
    }  # fmt: skip
    print_object(counts, ((each, tables.objects(each)) for each in tables.shown))
