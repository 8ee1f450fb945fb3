"""From options to what is asked of a population: rules, questions, files; Misuse for no sense."""

import os
import re
from collections.abc import Mapping, Sequence
from datetime import date

from attrs import evolve, frozen

from yibaolang.cli.arguments import Misuse, Options, near
from yibaolang.cli.asking import (
    asked_at,
    days_between,
    encoding_of,
    format_of,
    listed,
    one_spot,
)
from yibaolang.cli.files import check_named, check_outputs
from yibaolang.cli.populating_tables import key_word
from yibaolang.engine.asked import Asked, moment_of
from yibaolang.engine.cells import Misfit
from yibaolang.engine.rulebook import RuleBook, loaded
from yibaolang.engine.words import Words
from yibaolang.language.diagnostics import Refusal
from yibaolang.model.limits import LIMITS
from yibaolang.model.loading import Loader
from yibaolang.population.columns import place_of
from yibaolang.population.files import begun
from yibaolang.population.files_out import ENDINGS
from yibaolang.population.files_running import Side, Source
from yibaolang.population.grouping import group_key, group_keys
from yibaolang.population.redo import Asks

ENGINES = ("native", "reference")
TABLES = ("table", "csv", "json", "markdown")
_DIGITS = re.compile("[0-9]{1,4}")
_YEAR = re.compile("[0-9]{4}")
_OF_LEDGERS = ("what", "as_listed", "sort")
_NOT_WITH_EXPLAIN = ("compare", "out", "rejects", "group_by", "picture")


@frozen(eq=False)
class Job:
    """What a command line asks: one side or two, named `names`, over the people of `source`."""

    options: Options
    lang: str
    source: Source
    sides: tuple[Side, ...]
    names: tuple[str, ...]
    keys: tuple[str, ...]
    format: str

    @property
    def side(self) -> Side:
        """The first side, under whose rules people are read and grouped."""
        return self.sides[0]

    @property
    def day(self) -> date:
        """The day on which people have their ages: the last one that is asked of the first side."""
        last = self.side.asks[-1].asked.last
        if last is None:
            raise TypeError("a population is asked for on a day or in a month")
        return last


def job_of(options: Options, lang: str) -> Job:
    """What the options say; Misuse, or Refusal for rules that are wrong."""
    _check(options)
    source = Source(
        options.people, encoding_of(options), options.engine, threads_of(options),
        None if options.explain else begun(options.people),
    )  # fmt: skip
    sides, names = _compared(options) if options.compare else ((_side(options),), ("",))
    keys = _keys(options, Words(sides[0].rules.book, lang), sides[0].rules)
    return Job(options, lang, source, sides, names, keys, format_of(options, TABLES) or "table")


def _check(options: Options) -> None:
    command = options.command
    if not options.people:
        raise Misuse("people_needed", command)
    check_named(command, [("--people", options.people)])
    check_engine(options)
    for name in _OF_LEDGERS:
        if getattr(options, name):
            raise Misuse("only_with", command, name=spelled(name), other="--events")
    if options.spark_conf:
        raise Misuse("only_with", command, name="--spark-conf", other="--spark")
    ending = os.path.splitext(options.out)[1].lower()
    if options.out and ending not in ENDINGS:
        raise Misuse("population_out", command, endings=", ".join(ENDINGS), path=options.out)
    if options.picture and not options.compare:
        raise Misuse("only_with", command, name="--picture", other="--compare")
    ending = os.path.splitext(options.picture)[1].lower()
    if options.picture and ending not in (".svg", ".png"):
        raise Misuse("picture_out", command, path=options.picture)
    others = [name for name in _NOT_WITH_EXPLAIN if getattr(options, name)]
    if options.format not in ("", "table", "json"):
        others.append("format")
    if options.explain and others:
        raise Misuse("not_together", command, name="--explain", other=spelled(others[0]))
    written = [(f"--{name}", getattr(options, name)) for name in ("out", "rejects", "picture")]
    check_outputs(command, written, (options.people, *options.rules, *options.words))


def check_engine(options: Options) -> None:
    """Misuse for an engine that there is not."""
    if options.engine not in ("", *ENGINES):
        names = ", ".join(ENGINES)
        raise Misuse("bad_engine", options.command, names=names, value=options.engine)


def spelled(name: str) -> str:
    """An option as it is written.

    >>> spelled("group_by")
    '--group-by'
    """
    return "--" + name.replace("_", "-")


def threads_of(options: Options) -> int:
    """The number of --threads, 0 if it is not given; Misuse for what is no number."""
    text = options.threads
    if text and (not _DIGITS.fullmatch(text) or not 1 <= int(text) <= 1024):
        raise Misuse(
            "bad_number", options.command, name="--threads", least=1, most=1024, value=text
        )
    return int(text) if text else 0


def _keys(options: Options, words: Words, rules: RuleBook) -> tuple[str, ...]:
    found = []
    for each in listed(options.group_by):
        key = group_key(rules, each)
        if key is None:
            names = [key_word(name, words) for name in group_keys(rules)]
            raise Misuse(
                "bad_group", options.command, names=", ".join(names), value=each,
                suggestion=near(each, names),
            )  # fmt: skip
        found.append(key)
    return tuple(dict.fromkeys(found))


# ── rules and questions ──


def rules_of(options: Options) -> RuleBook:
    """The rules of --rules and of the command's words; without any, the whole library."""
    return _rules(options, (*options.rules, *options.words))


def _rules(options: Options, paths: Sequence[str]) -> RuleBook:
    """Rules of files, and of the library for regions of --in and --use that these lack."""
    loader, spot = Loader(), one_spot(options)
    for path in paths:
        loader.file(path)
    if not paths:
        loader.whole_library()
    else:
        declared = loaded(loader).book.region_names
        for each in (spot.region, *options.uses):
            if each and each not in declared:
                loader.library(each)
    rules = loaded(loader)
    _versioned(rules, {spot.region: spot.version} if spot.version else {})
    return _versioned(rules, options.uses)


def _side(options: Options) -> Side:
    return _asked_side(options, rules_of(options), when_of(options, options.on))


def _asked_side(
    options: Options, rules: RuleBook, when: tuple[Asked, ...], version: str = ""
) -> Side:
    names = listed(options.figure) or ["credit"]
    figures = list(dict.fromkeys(rules.figure_named(each) for each in names))
    asks = tuple(Asks(figure, each) for figure in figures for each in when)
    spot = one_spot(options)
    return Side(rules, asks, spot.region, version or spot.version)


def when_of(options: Options, on: str) -> tuple[Asked, ...]:
    """The day or month, or the months of a year or of a span."""
    asked = asked_at(options, on)
    if asked.kind == "none":
        raise Misuse("when_needed", options.command)
    return tuple(asked.months()) if asked.kind == "span" else (asked,)


# ── two sides ──


def _compared(options: Options) -> tuple[tuple[Side, ...], tuple[str, ...]]:
    """Two files of rules, two dates, or two versions; Misuse for other words."""
    command, words = options.command, options.words
    if len(words) != 2:
        raise Misuse("two_words", command)
    if len(listed(options.figure)) > 1:
        raise Misuse("one_figure", command)
    names = tuple(os.path.splitext(os.path.basename(each))[0] for each in words)
    if all(each.lower().endswith(".yb") for each in words):
        when = when_of(options, options.on)
        sides = [
            _asked_side(options, _rules(options, (*options.rules, each)), when)
            for each in words
        ]
        return tuple(sides), names if names[0] != names[1] else words
    rules = _rules(options, options.rules)
    if all(re.match("[0-9]{4}", each) for each in words):
        if options.on or options.year or options.from_:
            raise Misuse("one_time", command)
        dated = [_asked_side(options, rules, _when_compared(options, each)) for each in words]
        return tuple(dated), words
    if not all("=" in each for each in words):
        raise Misuse("two_words", command)
    return _versions(options, rules), words


def _when_compared(options: Options, text: str) -> tuple[Asked, ...]:
    """A day or month, or the months of a year, as a word of --compare; Misuse for another word."""
    try:
        if _YEAR.fullmatch(text) and LIMITS.first_year <= int(text) <= LIMITS.last_year:
            asked = Asked.year(int(text))
        else:
            asked = moment_of(text)
    except Refusal:
        raise Misuse("compared_date", options.command, value=text) from None
    return tuple(asked.months()) if asked.kind == "span" else (asked,)


def _versions(options: Options, rules: RuleBook) -> tuple[Side, ...]:
    """Two versions of regions, each written REGION=VERSION."""
    when = when_of(options, options.on)
    sides = []
    for each in options.words:
        uses = evolve(options, use=(each,)).uses
        sides.append(_asked_side(options, _versioned(rules, uses), when))
    return tuple(sides)


def _versioned(rules: RuleBook, uses: Mapping[str, str]) -> RuleBook:
    """The rules under versions by region; Refusal YB102 or YB478 for what there is not."""
    try:
        chosen = dict(place_of(rules.book, region, version) for region, version in uses.items())
    except Misfit as misfit:
        raise Refusal(misfit.at(None)) from None
    return rules.using(chosen) if chosen else rules


def days_of(options: Options) -> tuple[date, date]:
    """The days of ledgers; Misuse if one is missing."""
    first, last = days_between(options)
    if first is None or last is None:
        raise Misuse("ledger_days_needed", options.command)
    return first, last
