"""Several results side by side: a table with the difference to the first."""

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from yibaolang.cli.headlines import citations
from yibaolang.cli.output import print_table
from yibaolang.cli.texts import say
from yibaolang.engine.rulebook import Result
from yibaolang.engine.words import Words, in_words
from yibaolang.language.diagnostics import message

_BAR = 20


@frozen(eq=False)
class Row:
    """A result with its labels, one a column."""

    labels: tuple[str, ...]
    result: Result


def print_comparison(titles: Sequence[str], rows: Sequence[Row], lang: str) -> None:
    """Print results with labels under `titles` (keys of messages); empty columns are left out."""
    first = rows[0].result
    lines = [[*row.labels, *_cells(row.result, first, lang)] for row in rows]
    _print_columns([*titles, "value", "difference", "source"], lines, lang)


def print_months(rows: Sequence[Row], lang: str) -> None:
    """Print results by month, and their sum if they are amounts."""
    lines = []
    for row in rows:
        value, _, source = _cells(row.result, row.result, lang)
        lines.append([*row.labels, value, source])
    answers = [row.result.answer for row in rows]
    amounts = all(each.type.kind == "money" and not each.refused for each in answers)
    if amounts and all(each.measured is not None for each in answers):
        for line, bar in zip(lines, bars([each.value for each in answers]), strict=True):
            line[2] = bar
    if amounts and all(each.adds_up for each in answers):
        total = sum((Fraction(each.value, each.denominator) for each in answers), Fraction(0))
        words = Words(rows[0].result.book, lang)
        shown = words.value(answers[0].type, total.numerator, total.denominator)
        lines.append([say("total", lang), shown, ""])
    charted = any(each.measured is not None for each in answers)
    _print_columns(["month", "value", "chart" if charted else "source"], lines, lang)


def bars(values: Sequence[int]) -> list[str]:
    """A bar for each amount, the longest for the largest; amounts below zero have none.

    >>> bars([50, 100, 0])
    ['██████████', '████████████████████', '']
    """
    most = max([1, *values])
    return ["█" * max(0, round(_BAR * Fraction(value, most))) for value in values]


def _print_columns(titles: Sequence[str], lines: Sequence[Sequence[str]], lang: str) -> None:
    """Print a table without its empty columns, numbers to the right."""
    kept = [at for at in range(len(titles)) if any(line[at] for line in lines)]
    right = [index for index, at in enumerate(kept) if titles[at] in ("value", "difference")]
    header = [say(titles[at], lang) for at in kept]
    print_table([[line[at] for at in kept] for line in lines], header, right)


def _cells(result: Result, first: Result, lang: str) -> list[str]:
    """Value, difference to the first, and the source or why there is no value."""
    if result.refused:
        why = result.refused[0]
        return ["—", "", f"{why.code} {message(in_words(why, result.book), lang)}"]
    reason = result.reason(lang)
    apart = "" if result is first else difference(result, first, lang)
    return [reason.value, apart, citations(reason)]


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
