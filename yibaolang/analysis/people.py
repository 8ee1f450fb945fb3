"""A case in words: the facts of a person, ready to be pasted as a test."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from yibaolang.analysis.dimensions import Dimension
from yibaolang.engine.words import Words
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Said
from yibaolang.model.entries import ASIDE, BASE
from yibaolang.model.values import AGE, MONEY, MONTHS, NUMBER, Type, format_value

_NOWHERE = (0, 0)
_FEN_PER_YUAN = 100
Value = Fraction | int | str | bool


def person(
    words: tuple[Words, Words],
    case: Iterable[tuple[Dimension, Value]],
    region: str,
    version: str,
    day: date | None,
) -> Said:
    """The person with these values, in English and Chinese words; the day as a comment.

    `version` is the named version of the region that is looked at, "" for none.
    """
    facts: list[syntax.Fact] = []
    for dimension, value in case:
        if dimension.today and isinstance(value, int | Fraction):
            day = date.fromordinal(int(value))
        elif dimension.name:
            facts.append(_fact(dimension, value))
    if region not in (BASE, ASIDE):
        facts.append(_holds("region", region, version))
    said = [_sentence(each, facts, day) for each in words]
    return Said(en=said[0], zh=said[1])


def _sentence(words: Words, facts: list[syntax.Fact], day: date | None) -> str:
    text = words.printer.sentence(syntax.Given(_NOWHERE, tuple(facts))).strip()
    return text if day is None else f"{text}  # {day.isoformat()}"


def _fact(dimension: Dimension, value: Value) -> syntax.Fact:
    if isinstance(value, bool):
        return _holds("holds" if value else "not", dimension.name)
    if isinstance(value, str):
        return _holds("holds", value)
    name = syntax.Name(_NOWHERE, dimension.name)
    if dimension.type.kind == "date":
        day = date.fromordinal(int(value))
        literal: syntax.Expression = syntax.DateLiteral(
            _NOWHERE, day.year, day.month, day.day, False
        )
    else:
        literal = _literal(dimension.type, abs(Fraction(value)))
        literal = syntax.Minus(_NOWHERE, literal) if value < 0 else literal
    return syntax.Fact(_NOWHERE, "value", name, literal, "", None, None)


def _holds(kind: str, name: str, version: str = "") -> syntax.Fact:
    return syntax.Fact(_NOWHERE, kind, syntax.Name(_NOWHERE, name), None, version, None, None)


def _literal(type_: Type, value: Fraction) -> syntax.Literal:
    """A value that is not negative, as it would be typed."""
    numerator, denominator = value.numerator, value.denominator
    kind = NUMBER if type_ == AGE else type_
    text = format_value(kind, numerator, denominator, "zh")
    if type_ == MONEY and (value / _FEN_PER_YUAN).denominator == 1:
        text = f"{value / _FEN_PER_YUAN}元"
    if type_ == MONTHS and denominator == 1:
        text = f"{numerator // 12}年" if numerator and numerator % 12 == 0 else f"{numerator}个月"
    return syntax.Literal(_NOWHERE, kind.kind, numerator, denominator, text)
