"""Several results side by side: tables with the difference to the first, or by the month."""

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from yibaolang.engine.rulebook import Result
from yibaolang.engine.words import Words
from yibaolang.language.diagnostics import message
from yibaolang.model.values import json_value
from yibaolang.report.charts import bars
from yibaolang.report.headlines import citations
from yibaolang.report.tables import Table, without_empty_columns
from yibaolang.report.texts import TEXTS, titles

_NUMBERS = ("value", "difference")


@frozen(eq=False)
class Row:
    """A result with its labels, one a column."""

    labels: tuple[str, ...]
    result: Result


def comparison(keys: Sequence[str], rows: Sequence[Row], lang: str) -> Table:
    """Results whose labels stand under `keys`, with the difference of each to the first.

    Empty columns are left out.
    """
    first = rows[0].result
    lines = [(*row.labels, *_cells(row.result, first, lang)) for row in rows]
    return _table([*keys, "value", "difference", "source"], lines, lang)


def by_month(rows: Sequence[Row], lang: str, ambiguous: int = 1) -> Table:
    """Results by month, and their sum if they are amounts; balances have a bar each.

    `ambiguous` is how many columns the terminal gives to the characters of a bar.
    """
    answers = [row.result.answer for row in rows]
    amounts = all(each.type.kind == "money" and not each.refused for each in answers)
    lines = []
    for row in rows:
        value, _, source = _cells(row.result, row.result, lang)
        lines.append((*row.labels, value, source))
    if amounts and all(each.measured is not None for each in answers):
        drawn = bars([each.value for each in answers], ambiguous=ambiguous)
        lines = [(*line[:-1], bar) for line, bar in zip(lines, drawn, strict=True)]
    if amounts and all(each.adds_up for each in answers):
        total = sum((Fraction(each.value, each.denominator) for each in answers), Fraction(0))
        words = Words(rows[0].result.book, lang)
        shown = words.value(answers[0].type, total.numerator, total.denominator)
        lines.append((TEXTS.say("total", lang), shown, ""))
    charted = any(each.measured is not None for each in answers)
    return _table(["month", "value", "chart" if charted else "source"], lines, lang)


def _table(keys: Sequence[str], lines: Sequence[tuple[str, ...]], lang: str) -> Table:
    """A table without its empty columns, numbers to the right."""
    right = frozenset(at for at, key in enumerate(keys) if key in _NUMBERS)
    return without_empty_columns(Table(tuple(keys), titles(keys, lang), tuple(lines), right))


def _cells(result: Result, first: Result, lang: str) -> tuple[str, str, str]:
    """Value, difference to the first, and the source or why there is no value."""
    if result.refused:
        return "—", "", refusal(result, lang)
    reason = result.reason(lang)
    apart = "" if result is first else difference(result, first, lang)
    return reason.value, apart, citations(reason)


def refusal(result: Result, lang: str) -> str:
    """The code of a refused result and what it says; IndexError if it is not refused."""
    why = result.refused[0]
    return f"{why.code} {message(why, lang)}"


def difference(result: Result, first: Result, lang: str) -> str:
    """What a value has more than the first, with its sign; "" if they are not numbers alike."""
    apart = difference_of(result, first)
    if apart is None:
        return ""
    shown = Words(result.book, lang).value(
        result.answer.type, abs(apart.numerator), apart.denominator
    )
    return shown if apart == 0 else ("+" if apart > 0 else "-") + shown


def difference_of(result: Result, first: Result) -> Fraction | None:
    """The exact difference in the unit of the type (fen for money), or None."""
    one, other = first.answer, result.answer
    if one.refused or other.refused or one.type != other.type or not other.type.numeric:
        return None
    return Fraction(other.value, other.denominator) - Fraction(one.value, one.denominator)


def difference_json(result: Result, first: Result) -> object:
    """The difference for programs, as `json_value` has it; None if there is none."""
    apart = difference_of(result, first)
    if apart is None:
        return None
    return json_value(result.answer.type, apart.numerator, apart.denominator)["value"]
