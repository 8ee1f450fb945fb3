"""Answers of many people added up by group: how many, what they come to, who is refused and why."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from yibaolang.population.columns import Named, arrow_alone
from yibaolang.population.grouping import Grouper, Labels, Sums, joined, looked_up, summed
from yibaolang.population.questions import Asks, Shape, shape_of
from yibaolang.population.redo import Answered
from yibaolang.population.refusals import Refusals

AMOUNTS = ("fen", "whole", "truth")
"""Kinds of figures that can be added up; of a truth the sum says how often it holds."""


@frozen
class Column:
    """The columns of a question's answers: `value` and `refused`; `below` is a denominator's."""

    asks: Asks
    kind: str
    value: str
    below: str
    refused: str


def base_name(asks: Asks, every: Sequence[Asks]) -> str:
    """What the columns of a question begin with; the month is in it if there are several."""
    base = asks.figure.replace(" ", "_")
    return f"{base}_{asks.asked}" if len({each.asked for each in every}) > 1 else base


def answer_columns(schema: Any, asks: Sequence[Asks]) -> list[Column]:
    """The columns of questions in a schema of answers."""
    types = arrow_alone().types
    found = []
    for each in asks:
        base = base_name(each, asks)
        kind, value, below = "fen", f"{base}_fen", ""
        if f"{base}_numerator" in schema.names:
            kind, value, below = "whole", f"{base}_numerator", f"{base}_denominator"
        elif value not in schema.names:
            value = base
            type_ = schema.field(base).type
            kind = "other"
            if types.is_boolean(type_):
                kind = "truth"
            elif types.is_integer(type_):
                kind = "whole"
        found.append(Column(each, kind, value, below, f"{base}_refused"))
    return found


@frozen(eq=False)
class Row:
    """A group's answers to a question: `total` over those `valued`; `refused` counts by code."""

    asks: Asks
    labels: Labels
    kind: str
    persons: int
    valued: int
    refused: dict[str, int]
    total: Fraction

    @property
    def mean(self) -> Fraction | None:
        """The exact mean of those who have a value."""
        return self.total / self.valued if self.valued and self.kind in AMOUNTS else None


@frozen(eq=False)
class Summary:
    """Adds answers up, batch by batch or person by person."""

    grouper: Grouper
    asks: tuple[Asks, ...]
    sums: Sums = field(factory=Sums)
    kinds: dict[Asks, str] = field(factory=dict)
    refusals: Refusals = field(factory=Refusals)

    def add_batch(self, rows: Any, columns: Sequence[Named], answers: Any) -> None:
        """The people of a batch and their answers."""
        arrow = arrow_alone()
        code, groups = self.grouper.coded(rows, columns)
        for at, column in enumerate(answer_columns(answers.schema, self.asks)):
            self.kinds[column.asks] = column.kind
            refused = answers.column(column.refused)
            self.refusals.add_batch(refused, answers.column("account"))
            combined, codes = _with_codes(arrow, code, refused)
            amounts = []
            if column.kind in AMOUNTS:
                own = answers.column(column.value)
                amounts.append(own if own.type == arrow.int64() else own.cast(arrow.int64()))
            belows = [1]
            if column.below:
                combined, belows = _with_belows(combined, answers.column(column.below))
            for number, count, totals in summed(combined, amounts):
                number, below = divmod(number, len(belows))
                group, why = divmod(number, len(codes))
                self.sums.add((at, groups[group], codes[why], belows[below]), count, totals)

    def add(self, labels: Labels, answers: Sequence[Answered], account: str) -> None:
        """A person of a group."""
        for at, (asks, each) in enumerate(zip(self.asks, answers, strict=True)):
            self.refusals.add(each.code, account)
            if asks not in self.kinds:
                self.kinds[asks] = kind_of(self.shape(asks))
            adds = self.kinds[asks] in AMOUNTS and not each.code
            totals = (int(each.value),) if adds else ()
            self.sums.add((at, labels, each.code, each.denominator), 1, totals)

    def shape(self, asks: Asks) -> Shape:
        """What the answers to a question are."""
        rules = self.grouper.rules
        return shape_of(rules.book, rules.region(self.grouper.home), asks)

    # ── what is told ──

    def groups(self) -> list[Labels]:
        """The groups that there are."""
        return list(dict.fromkeys(key[1] for key in self.sums.counts))

    def row(self, asks: Asks, labels: Labels | None = None) -> Row:
        """A question's answers in a group, or of everybody."""
        persons = valued = 0
        refused: dict[str, int] = {}
        total = Fraction(0)
        for key, count in self.sums.counts.items():
            at, group, code, one = key
            if self.asks[at] != asks or (labels is not None and group != labels):
                continue
            persons += count
            if code:
                refused[code] = refused.get(code, 0) + count
                continue
            valued += count
            totals = self.sums.totals[key]
            total += Fraction(totals[0], one) if totals else 0
        kind = self.kinds.get(asks, "fen")
        return Row(asks, labels or (), kind, persons, valued, dict(sorted(refused.items())), total)


def _with_codes(arrow: Any, code: Any, refused: Any) -> tuple[Any, list[str]]:
    """Numbers of a group and a refusal, "" for none, and the codes of refusals."""
    if refused.null_count == len(refused):
        return code, [""]
    if not arrow.types.is_dictionary(refused.type):
        refused = refused.dictionary_encode()
    codes = ["", *refused.dictionary.to_pylist()]
    own = looked_up(range(1, len(codes)), refused.indices, 0)
    return joined(code, len(codes), own), codes


def _with_belows(code: Any, below: Any) -> tuple[Any, list[int]]:
    """Numbers of a group and a denominator; that of a refusal is 1."""
    coded = below.dictionary_encode()
    belows = [1, *coded.dictionary.to_pylist()]
    own = looked_up(range(1, len(belows)), coded.indices, 0)
    return joined(code, len(belows), own), belows


def kind_of(shape: Shape) -> str:
    """How a figure is told: as fen, as numbers, as a truth, or not added up at all ("other")."""
    if not shape.whole:
        return "whole"
    kinds = {
        "money": "fen", "truth": "truth", "date": "other", "text": "other", "choice": "other",
    }  # fmt: skip
    return kinds.get(shape.type.kind, "whole")
