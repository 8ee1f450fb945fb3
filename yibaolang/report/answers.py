"""What questions come to, as people read it: a heading with lines or a table; also for programs."""

from attrs import frozen

from yibaolang.engine.reasons import Reason
from yibaolang.engine.rulebook import Result
from yibaolang.engine.shown import Shown
from yibaolang.engine.words import Words
from yibaolang.language import syntax
from yibaolang.report.comparisons import Row, by_month, comparison, refusal
from yibaolang.report.headlines import citations, headline, refusal_lines, rule_lines
from yibaolang.report.tables import Table
from yibaolang.report.texts import titles

_WHOLE = ("explain", "why", "why not")
_KEYS = ("label", "figure", "person", "date", "region", "value", "why")


@frozen
class Told:
    """An answer as `yibao run` shows it: a heading, and below it lines or a table.

    An answer without results, as by the month where there is none, has not even a heading.
    """

    heading: str
    lines: tuple[str, ...] = ()
    table: Table | None = None


def told(shown: Shown, lang: str, ambiguous: int = 1) -> Told:
    """An answer in "en" or "zh".

    `ambiguous` is how many columns the terminal gives to characters that some fonts draw wide.
    """
    sentence, rows = shown.sentence, shown.rows
    if not rows:
        return Told("")
    if isinstance(sentence, syntax.Compare):
        compared = zip(sentence.regions, rows, strict=True)
        labelled = [_compared(each, row.result, lang) for each, row in compared]
        table = comparison(["region", "version"], labelled, lang)
        return Told(_question(shown, lang), table=table)
    if any(row.label for row in rows):
        months = [Row((row.label,), row.result) for row in rows]
        return Told(_question(shown, lang), table=by_month(months, lang, ambiguous))
    result = rows[0].result
    if shown.verb == "evaluate":
        reason = result.reason(lang)
        return Told(f"{reason.text} = {reason.value}" if reason.text else reason.value)
    reason = result.reason(lang, shown.person)
    return Told(headline(reason), tuple(_below(shown, result, reason)))


def _below(shown: Shown, result: Result, reason: Reason) -> list[str]:
    """What is told below the headline of a figure: all, or why there is none, or its rules."""
    if shown.verb in _WHOLE:
        return [line for each in reason.because for line in each.lines(1)]
    return list(refusal_lines(reason) if result.refused else rule_lines(reason))


def _compared(compared: syntax.Compared, result: Result, lang: str) -> Row:
    """A row under its region's name in the language of the answer, and its version."""
    name = Words(result.book, lang).region(result.answer.region)
    return Row((name or compared.region.text, compared.version), result)


def _question(shown: Shown, lang: str) -> str:
    """What was asked, in the language of the answer."""
    return Words(shown.rows[0].result.book, lang).printer.sentence(shown.sentence)


def answer_table(shown: Shown, lang: str) -> Table:
    """A row for each result, in columns that are the same for every question.

    `label` is a region and version or a month, as in `Shown`; `value` has its unit, and is empty
    where there is none; `why` has the sources of the rules, or the refusal.
    """
    rows = tuple(_answer_row(shown, row.label, row.result, lang) for row in shown.rows)
    return Table(_KEYS, titles(_KEYS, lang), rows, frozenset([_KEYS.index("value")]))


def _answer_row(shown: Shown, label: str, result: Result, lang: str) -> tuple[str, ...]:
    answer, words = result.answer, Words(result.book, lang)
    reason = result.reason(lang, shown.person)
    # What changed, and what the account may pay, are no figures: they are told as in the reason.
    named = answer.figure and shown.verb not in ("why", "why not")
    figure = words.figure(answer.figure) if named else reason.text
    region = words.region(answer.region)
    if result.refused:
        value, why = "", refusal(result, lang)
    else:
        value, why = words.value(answer.type, answer.value, answer.denominator), citations(reason)
    return label, figure, shown.person, str(answer.asked), region, value, why


def answer_json(shown: Shown, lang: str) -> dict[str, object]:
    """The question, where it stands and its results, as `yibao run --json` has them."""
    return {
        "verb": shown.verb,
        "text": shown.place.source.text[slice(*shown.place.span)],
        "file": shown.place.source.name,
        "line": shown.place.line,
        "person": shown.person,
        "results": [{"label": row.label, **row.result.to_json(lang)} for row in shown.rows],
    }
