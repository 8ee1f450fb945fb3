"""`yibao population --compare`: two sets of rules, dates or versions over the same people."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from yibaolang.cli.arguments import Misuse
from yibaolang.cli.output import complain
from yibaolang.cli.populating_asking import Job
from yibaolang.cli.populating_running import Run, of_rules
from yibaolang.cli.populating_tables import (
    group_label,
    group_titles,
    in_order,
    json_amount,
    money,
    refusal_tables,
)
from yibaolang.cli.texts import say
from yibaolang.engine.words import Words
from yibaolang.population.columns import load_arrow
from yibaolang.population.comparing import KINDS, Band, Comparison, Effect
from yibaolang.population.files_out import Sink
from yibaolang.population.files_running import Batch, Person
from yibaolang.population.grouping import Grouper, Labels
from yibaolang.population.grouping_answers import answer_columns, kind_of
from yibaolang.population.questions import Asks, shape_of
from yibaolang.population.redo import Answered
from yibaolang.population.refusals import Refusals
from yibaolang.report.charts import bars
from yibaolang.report.tables import Table, without_empty_columns

_SHOWN = 24


def compare(job: Job) -> int:
    """Compare, write the differences and the picture, tell the tables; 1 if rows are bad."""
    if job.options.picture:
        from yibaolang.population.pictures import load_matplotlib

        try:
            load_matplotlib()
        except ImportError:
            complain(say("no_pictures", job.lang))
            return 1
    for side in job.sides:
        asks, book = side.asks[0], side.rules.book
        if kind_of(shape_of(book, side.home[0], asks)) != "fen":
            figure = Words(book, job.lang).figure(asks.figure)
            raise Misuse("no_amount", job.options.command, figure=figure)
    return Comparing(job).run()


class Comparing(Run):
    """One comparison over a file of people."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.found = Comparison()
        self.refusals = (Refusals(), Refusals())
        self.grouper = Grouper(job.side.rules, job.keys, job.day, job.side.home[0])

    def run(self) -> int:
        """Run both sides over everybody."""
        columns = [
            ("account", "text"), ("before_fen", "integer"), ("after_fen", "integer"),
            ("difference_fen", "integer"), ("refused_in_a", "text"), ("refused_in_b", "text"),
        ]  # fmt: skip
        if not self.over(self.add, columns):
            return 1
        if self.job.options.picture:
            from yibaolang.cli.populating_pictures import draw

            draw(self.job, self.found)
        self.tell(self.tables(), self.json())
        return 1 if of_rules(self.job, self.refusals) else 0

    # ── adding up ──

    def add(self, each: Batch | Person, to: Sink | None) -> None:
        """One batch or person."""
        if isinstance(each, Person):
            self._person(each, to)
            return
        arrow = load_arrow()
        (before, code_a), (after, code_b) = (
            self._amounts(answers, side.asks)
            for answers, side in zip(each.answers, self.job.sides, strict=True)
        )
        code, groups = self.grouper.coded(each.rows, each.columns)
        difference = self.found.add_batch(code, groups, before, after)
        at = [column.key for column in each.columns].index("account")
        accounts = each.rows.column(at)
        for refusals, codes in zip(self.refusals, (code_a, code_b), strict=True):
            refusals.add_batch(codes, accounts)
        if to is not None:
            to.batch(arrow.RecordBatch.from_arrays(
                [accounts, before, after, difference, code_a, code_b],
                names=["account", "before_fen", "after_fen", "difference_fen", "refused_in_a",
                       "refused_in_b"],
            ))  # fmt: skip

    def _amounts(self, answers: Any, asks: Sequence[Asks]) -> tuple[Any, Any]:
        """What everybody gets in all months, and why not."""
        arrow = load_arrow()
        total: Any = None
        codes: Any = None
        for column in answer_columns(answers.schema, asks):
            own = answers.column(column.value)
            refused = answers.column(column.refused).cast(arrow.string())
            total = own if total is None else arrow.compute.add_checked(total, own)
            codes = refused if codes is None else arrow.compute.coalesce(codes, refused)
        return total, codes

    def _person(self, person: Person, to: Sink | None) -> None:
        (before, code_a), (after, code_b) = (self._sum(each) for each in person.answers)
        self.found.add(self.grouper.labels(person.cells), before, after)
        account = person.cells["account"]
        for refusals, code in zip(self.refusals, (code_a, code_b), strict=True):
            refusals.add(code, account)
        if to is not None:
            both = before is not None and after is not None
            difference = (after or 0) - (before or 0) if both else None
            to.row([account, before, after, difference, code_a or None, code_b or None])

    def _sum(self, answers: Sequence[Answered]) -> tuple[int | None, str]:
        code = next((each.code for each in answers if each.code), "")
        return (None if code else sum(each.value for each in answers)), code

    # ── telling ──

    def groups(self) -> list[Labels]:
        """The groups in order; none without keys."""
        keys = self.job.keys
        return in_order(self.found.groups(), keys, self.words.book) if keys else []

    def tables(self) -> list[Table]:
        """Who gains and loses, by group; the deciles; the bands."""
        sides = {
            f"{letter} {name}": refusals
            for letter, name, refusals in zip("AB", self.job.names, self.refusals, strict=True)
        }
        return [
            self._effects(), *refusal_tables(sides, self.lang),
            *distribution(self.found, self.lang, self.job.format == "csv"),
        ]  # fmt: skip

    def _effects(self) -> Table:
        keys, words, lang = self.job.keys, self.words, self.lang
        lines = [
            (*(group_label(*one, words) for one in zip(keys, group, strict=True)),
             *_effect_cells(self.found.effect(group), lang))
            for group in self.groups()
        ]  # fmt: skip
        if len(lines) != 1:
            total = [say("everybody", lang), *[""] * (len(keys) - 1)] if keys else []
            lines.append((*total, *_effect_cells(self.found.effect(), lang)))
        names = ("persons", *KINDS, "before", "after", "cost", "mean_difference")
        one, other = self.job.names
        titles = (
            *group_titles(keys, words), say("title_persons", lang),
            *(say(f"title_{each}", lang) for each in KINDS), f"A {one}", f"B {other}",
            say("title_cost", lang), say("title_mean_difference", lang),
        )  # fmt: skip
        right = frozenset(range(len(keys), len(keys) + len(names)))
        return without_empty_columns(Table((*keys, *names), titles, tuple(lines), right))

    def json(self) -> dict[str, object]:
        """The same for programs."""
        found, keys = self.found, self.job.keys
        return {
            "a": self.job.names[0], "b": self.job.names[1],
            "figure": self.job.side.asks[0].figure,
            **_effect_json(found.effect()),
            "groups": [
                {**dict(zip(keys, group, strict=True)), **_effect_json(found.effect(group))}
                for group in self.groups()
            ],
            "refused": [
                {
                    "code": code, "a": self.refusals[0].counts.get(code, 0),
                    "b": self.refusals[1].counts.get(code, 0), "account": account,
                }
                for code, account in sorted(self._first().items())
            ],
            "deciles_fen": list(found.deciles()),
            "bands": [
                {"from_fen": each.low_fen, "to_fen": each.high_fen, "persons": each.persons}
                for each in found.bands()
            ],
        }  # fmt: skip

    def _first(self) -> dict[str, str]:
        """The first account that is refused with a code, of A or else of B."""
        return self.refusals[1].first | self.refusals[0].first


def mean_difference(effect: Effect) -> Fraction | None:
    """The mean difference of those who have an amount on both sides."""
    count = sum(effect.persons[kind] for kind in ("won", "lost", "same"))
    return Fraction(effect.gained_fen - effect.lost_fen, count) if count else None


def _effect_cells(effect: Effect, lang: str) -> tuple[str, ...]:
    mean = mean_difference(effect)
    refused = [kind for kind in KINDS if kind.startswith("refused")]
    counts = [
        str(count) if count or kind not in refused else ""
        for kind, count in effect.persons.items()
    ]
    return (
        str(effect.count), *counts, money(effect.before_fen, lang), money(effect.after_fen, lang),
        money(effect.cost_fen, lang, sign=True),
        "" if mean is None else money(mean, lang, sign=True),
    )  # fmt: skip


def _effect_json(effect: Effect) -> dict[str, object]:
    mean = mean_difference(effect)
    return {
        "persons": effect.count, **effect.persons, "before_fen": effect.before_fen,
        "after_fen": effect.after_fen, "cost_fen": effect.cost_fen,
        "gained_fen": effect.gained_fen, "lost_fen": effect.lost_fen,
        "mean_difference": None if mean is None else json_amount(mean),
    }  # fmt: skip


def distribution(found: Comparison, lang: str, plain: bool) -> list[Table]:
    """The deciles of the differences, and how many people are in which band.

    If they are to be `plain`, with numbers alone, as programs read them.
    """
    deciles, bands = found.deciles(), found.bands()
    if not deciles:
        return []
    if plain:
        return [_plain_deciles(deciles), _plain_bands(bands)]
    names = [say("least", lang), *(f"{tenth}/10" for tenth in range(1, 10)), say("greatest", lang)]
    rows = tuple(
        (name, money(each, lang, sign=True)) for name, each in zip(names, deciles, strict=True)
    )
    titles = (say("title_decile", lang), say("title_at_most", lang))
    drawn = bars([each.persons for each in bands], _SHOWN)
    lines = tuple(
        (band_label(each, lang), str(each.persons), bar)
        for each, bar in zip(bands, drawn, strict=True)
    )
    shown = (say("title_difference", lang), say("title_persons", lang), "")
    return [
        Table(("decile", "difference"), titles, rows, frozenset([1])),
        Table(("difference", "persons", "chart"), shown, lines, frozenset([1])),
    ]


def _plain_deciles(deciles: Sequence[int]) -> Table:
    rows = tuple((str(tenth), money(each, "en")) for tenth, each in enumerate(deciles))
    names = ("decile", "difference")
    return Table(names, names, rows, frozenset([1]))


def _plain_bands(bands: Sequence[Band]) -> Table:
    rows = tuple(
        (*("" if edge is None else money(edge, "en") for edge in (each.low_fen, each.high_fen)),
         str(each.persons))
        for each in bands
    )  # fmt: skip
    names = ("from", "to", "persons")
    return Table(names, names, rows, frozenset(range(3)))


def band_label(band: Band, lang: str) -> str:
    """A band in words.

    >>> band_label(Band(1, 500, 3), "en"), band_label(Band(None, -501, 3), "en")
    ('+0.01元 to +5.00元', '-5.01元 and less')
    """
    if band.low_fen is None:
        return say("band_below", lang, high=money(band.high_fen or 0, lang, sign=True))
    low = money(band.low_fen, lang, sign=True)
    if band.high_fen is None:
        return say("band_above", lang, low=low)
    if band.low_fen == band.high_fen == 0:
        return say("title_same", lang)
    return say("band_between", lang, low=low, high=money(band.high_fen, lang, sign=True))
