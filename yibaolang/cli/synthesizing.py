"""`yibao synthesize`: people who do not exist, and what happens to their accounts, in files."""

import os
import re
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from attrs import frozen

from yibaolang.cli.arguments import Misuse, Options
from yibaolang.cli.asking import check_format, days_between, rules_for, spots, tables_of
from yibaolang.cli.files import check_outputs
from yibaolang.cli.output import complain, print_json
from yibaolang.cli.progress import Persons, Progress
from yibaolang.cli.texts import count_of, say
from yibaolang.engine.event_files import FORM
from yibaolang.engine.files import replacing_text
from yibaolang.engine.people_files import SCHEMA as PEOPLE
from yibaolang.engine.row_writing import Cell, Column, write_rows
from yibaolang.engine.rulebook import RuleBook
from yibaolang.engine.words import Words
from yibaolang.population import synthetic_menus as menus
from yibaolang.population import synthetic_tables as tables
from yibaolang.population.synthetic import Home, Person, people, people_columns, people_row
from yibaolang.population.synthetic_events import event_cells, event_columns, events_of

TABLES = ("people", "events")
FORMATS = ("csv", "jsonl", "parquet")
_DIGITS = re.compile("[0-9]{1,20}")
_MOST_PEOPLE = 1_000_000_000
_MOST_SEED = (1 << 64) - 1
_FIRST_DAY = date(2024, 1, 1)


@frozen
class Wanted:
    """What is to be made: the people, the days, the tables, where they go and how.

    `path` is "" for stdout; then, and for a file, there is one table.
    """

    count: int
    seed: int
    first: int
    bills: int
    since: date
    until: date
    tables: tuple[str, ...]
    format: str
    path: str
    folder: bool

    def file(self, table: str) -> str:
        """The path of a table's file."""
        return os.path.join(self.path, f"{table}.{self.format}") if self.folder else self.path


def run(options: Options, lang: str) -> int:
    """Make up people and events, and write them."""
    wanted = _wanted(options)
    own = os.path.join(wanted.path, "rules.yb") if wanted.folder and not options.rules else ""
    if own and _of_somebody(own):
        complain(say("own_rules", lang, path=own))
        return 1
    if wanted.format == "parquet":
        from yibaolang.engine.parquet_files import load_pyarrow

        load_pyarrow(wanted.path)
    rules, places, uses = _rules(options, wanted)
    if "events" in wanted.tables:
        homes = menus.homes_of(rules, places, wanted.since, wanted.until)
    else:
        homes = tuple(Home.named(rules.region(name), version) for name, version in places)
    making = _Making(wanted, rules, homes, lang, options.progress)
    if wanted.folder:
        os.makedirs(wanted.path, exist_ok=True)
    rows = {table: making.write(table) for table in wanted.tables}
    if own:
        with replacing_text(own) as file:
            file.write(menus.rules_text([region for region, _ in places], uses))
    if options.json:
        print_json(_json(making, rows, own))
    elif wanted.path:
        for line in _told(making, rows, own, options, lang):
            print(line)
    return 0


def _of_somebody(path: str) -> bool:
    """Whether there is a file of rules that this command did not write."""
    if not os.path.lexists(path):
        return False
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.readline().rstrip("\n") != menus.WRITTEN


# ── what is asked for ──


def _wanted(options: Options) -> Wanted:
    """What the options say; Misuse if it makes no sense."""
    if not options.count:
        raise Misuse("count_needed", options.command)
    since, until = days_between(options)
    since = since or (until.replace(month=1, day=1) if until else _FIRST_DAY)
    until = until or since.replace(month=12, day=31)
    if until < since:
        raise Misuse("from_after_to", options.command)
    wanted, format_, folder = _target(options)
    if options.json and not options.out:
        raise Misuse("json_needs_out", options.command)
    made = Wanted(
        _number(options, "count", 1, _MOST_PEOPLE),
        _number(options, "seed", 0, _MOST_SEED, 1),
        _number(options, "first", 1, _MOST_PEOPLE, 1),
        _number(options, "bills", 0, 1000, 9),
        since, until, wanted, format_, options.out, folder,
    )  # fmt: skip
    files = [("--out", made.file(table)) for table in made.tables if made.path]
    check_outputs(options.command, files, options.rules)
    return made


def _number(options: Options, name: str, least: int, most: int, otherwise: int = 0) -> int:
    text: str = getattr(options, name)
    if not text:
        return otherwise
    if not _DIGITS.fullmatch(text) or not least <= int(text) <= most:
        raise Misuse(
            "bad_number", options.command, name=f"--{name}", least=least, most=most, value=text
        )
    return int(text)


def _target(options: Options) -> tuple[tuple[str, ...], str, bool]:
    """The tables, their format, and whether they go to a folder."""
    asked = tables_of(options, TABLES)
    check_format(options, FORMATS)
    ending = os.path.splitext(options.out)[1].lower()
    if not options.out:
        if options.format == "parquet":
            raise Misuse("parquet_needs_out", options.command)
        if len(asked) > 1:
            raise Misuse("one_table", options.command, names=", ".join(asked))
        return asked or ("people",), options.format or "csv", False
    if not ending or os.path.isdir(options.out):
        return asked or TABLES, options.format or "csv", True
    if ending[1:] not in FORMATS or len(asked) != 1:
        endings = ", ".join(f".{each}" for each in FORMATS)
        raise Misuse("synthetic_out", options.command, endings=endings, path=options.out)
    if options.format not in ("", ending[1:]):
        raise Misuse("other_format", options.command, format=options.format, path=options.out)
    return asked, ending[1:], False


def _rules(
    options: Options, wanted: Wanted
) -> tuple[RuleBook, list[tuple[str, str]], list[tuple[str, str]]]:
    """The rules, the regions with their versions, and the versions that are chosen for these.

    Rules of the library are completed as in the file of rules that is written; those of files are
    taken as they are.
    """
    named = [(spot.region, spot.version) for spot in spots(options)]
    if options.rules:
        # A region that the files lack would be unknown to the ledger that runs under them.
        rules = rules_for(options, [])
        return rules, named or [(region, "") for region in menus.places(rules)], []
    if not named:
        named = [(each, "") for each in tables.PLACES if each not in tables.PROVINCES]
    rules = menus.posting(rules_for(options, [region for region, _ in named]))
    found: list[tuple[str, str]] = []
    if "events" in wanted.tables or wanted.folder:
        rules, found = menus.chosen(rules, named, wanted.since, wanted.until)
    uses = [(rules.region(region), version) for region, version in options.uses.items()]
    return rules, [(rules.region(region), version) for region, version in named], [*uses, *found]


# ── making and writing ──


class _Making:
    """Makes people and events, and counts them."""

    def __init__(
        self, wanted: Wanted, rules: RuleBook, homes: Sequence[Home], lang: str, shows: bool
    ) -> None:
        self.wanted = wanted
        self.rules = rules
        self.homes = homes
        self.lang = lang
        self.shows = shows
        self.columns = people_columns(rules.book)

    def write(self, table: str) -> int:
        """Write a table; gives how many rows it has."""
        wanted = self.wanted
        columns: Sequence[Column] = self.columns
        progress: Progress
        if table == "people":
            progress = persons = Persons(self.lang, self.shows)
            rows, schema = self._people(persons), PEOPLE
        else:
            progress = Progress(self.lang, self.shows)
            columns, schema = event_columns(wanted.format), FORM.schema
            rows = self._events(progress)
        target = wanted.file(table) if wanted.path else sys.stdout
        try:
            return write_rows(target, rows, columns, wanted.format, schema)
        finally:
            progress.end()

    def _persons(self) -> Iterator[Person]:
        wanted = self.wanted
        return people(
            wanted.count, seed=wanted.seed, homes=self.homes, on=wanted.since, first=wanted.first
        )

    def _people(self, progress: Persons) -> Iterator[tuple[Cell, ...]]:
        for person in self._persons():
            progress.more(1)
            yield people_row(person, self.columns, self.homes)

    def _events(self, progress: Progress) -> Iterator[tuple[Cell, ...]]:
        wanted = self.wanted
        for person in self._persons():
            found = events_of(
                person, wanted.since, wanted.until, seed=wanted.seed, homes=self.homes,
                bills=wanted.bills,
            )  # fmt: skip
            progress.count(len(found))
            for row in found:
                yield event_cells(row, wanted.format)


# ── telling ──


def _left_out(home: Home, retired: bool) -> list[tuple[str, str]]:
    """The classes of bills that the rules of a region cannot settle."""
    kinds = zip(tables.CLASSES, home.menu.bills[retired], strict=True)
    return [kind for kind, settled in kinds if not settled]


def _json(making: _Making, rows: dict[str, int], own: str) -> dict[str, object]:
    wanted = making.wanted
    return {
        "people": wanted.count, "first": wanted.first, "seed": wanted.seed, "bills": wanted.bills,
        "from": wanted.since.isoformat(), "to": wanted.until.isoformat(),
        "files": [
            {"table": table, "path": wanted.file(table), "rows": count}
            for table, count in rows.items()
        ],
        "rules": own or None,
        "regions": [
            {
                "region": home.region, "version": home.version, "weight": home.weight,
                "left_out": {_who(each): _left_out(home, each) for each in (False, True)},
                "credits_refused": {_who(each): home.menu.credits[each] for each in (False, True)},
                "deaths": home.menu.closing,
            }
            for home in making.homes
        ],
    }  # fmt: skip


def _who(retired: bool) -> str:
    return "retired" if retired else "active"


def _told(
    making: _Making, rows: dict[str, int], own: str, options: Options, lang: str
) -> Iterator[str]:
    """What was written, what is missing, and what to do with it."""
    wanted = making.wanted
    for table, count in rows.items():
        yield say("written", lang, path=wanted.file(table), rows=count_of("rows", lang, count))
    yield from _missing(making.homes, Words(making.rules.book, lang))
    if len(rows) == len(TABLES):
        files = [part for table in TABLES for part in (f"--{table}", wanted.file(table))]
        days = ["--from", wanted.since.isoformat(), "--to", wanted.until.isoformat()]
        uses = [] if own else [part for use in options.use for part in ("--use", use)]
        command = ["yibao", "ledger", *([own] if own else options.rules), *files, *days, *uses]
        yield say("synthetic_next", lang, command=shlex.join(command))


def _missing(homes: Sequence[Home], words: Words) -> Iterator[str]:
    """What no rule settles, and which credits are refused, each with the regions of which it is."""
    without: dict[str, list[str]] = {}
    refused: dict[str, list[str]] = {}
    for home in homes:
        region = words.region(home.region)
        left = [_listed(_left_out(home, retired), words) for retired in (False, True)]
        for retired in (False, True):
            who = words.name(_who(retired))
            about = region if left[0] == left[1] else f"{region} ({who})"
            if left[retired] and about not in without.setdefault(left[retired], []):
                without[left[retired]].append(about)
            codes = ", ".join(home.menu.credits[retired])
            if codes:
                refused.setdefault(codes, []).append(f"{region} ({who})")
    comma = words.say(", ", "\u3001")
    for what, regions in without.items():
        yield say("not_settled", words.lang, what=what, regions=comma.join(regions))
    for codes, regions in refused.items():
        yield say("credits_refused", words.lang, codes=codes, regions=comma.join(regions))


def _listed(kinds: Iterable[tuple[str, str]], words: Words) -> str:
    """Categories, each with its levels."""
    levels: dict[str, list[str]] = {}
    for category, level in kinds:
        levels.setdefault(category, []).append(words.name(level))
    comma = words.say(", ", "\u3001")
    parts = [
        words.say(f"{words.name(each)} at {comma.join(found)}",
                  f"{words.name(each)}({comma.join(found)})")
        for each, found in levels.items()
    ]  # fmt: skip
    return words.say("; ", "\uff1b").join(parts)
