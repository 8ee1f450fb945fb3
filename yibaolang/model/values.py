"""The value types of the language, and how their values are written and read.

A numeric value is an exact rational: an integer over a positive integer, in the unit of its
type: money in fen, a rate in ones (2.5% is 1/40), months, days and ages in whole units. A date
is a `datetime.date`, truth a `bool`, a choice the canonical name of its value, a text a `str`.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from math import gcd

from attrs import frozen

from yibaolang.model.limits import LIMITS

_KINDS = frozenset(
    {"money", "rate", "number", "age", "months", "days", "date", "truth", "text", "choice"}
)
_UNITS = {"money": "元", "rate": "%", "number": "", "age": "岁", "months": "月", "days": "天"}
_PAYLOADS: dict[str, type] = {"date": date, "truth": bool, "text": str, "choice": str}
_SHOWN_DECIMALS = 6
_FEN_PER_YUAN = 100


@frozen
class Type:
    """A type: one of ten kinds, with the choice's name where the kind is `choice`.

    Raises ValueError for an unknown kind, a choice without a name, a name without a choice.

    >>> str(MONEY), str(choice_type("status"))
    ('money', 'choice status')
    >>> Type("float")
    Traceback (most recent call last):
        ...
    ValueError: there is no type 'float'
    """

    kind: str
    choice: str = ""

    def __attrs_post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ValueError(f"there is no type {self.kind!r}")
        if (self.kind == "choice") != bool(self.choice):
            raise ValueError(f"a choice has a name and no other type has: {self}")

    def __str__(self) -> str:
        return f"{self.kind} {self.choice}".rstrip()

    @property
    def numeric(self) -> bool:
        """Whether the values are rationals."""
        return self.kind in _UNITS


TypedNumber = tuple[Type, int, int]
"""A numeric value with its type: (type, numerator, denominator)."""

MONEY = Type("money")
RATE = Type("rate")
NUMBER = Type("number")
AGE = Type("age")
MONTHS = Type("months")
DAYS = Type("days")
DATE = Type("date")
TRUTH = Type("truth")
TEXT = Type("text")


class LiteralTooLong(ValueError):
    """A number with more digits than the limits allow."""


@cache
def choice_type(name: str) -> Type:
    """Give the type of a declared choice; the same object each time.

    >>> choice_type("status") is choice_type("status")
    True
    """
    return Type("choice", name)


def format_value(
    value_type: Type,
    payload: int | date | str,
    denominator: int = 1,
    lang: str = "en",
    names: Callable[[str], str] | None = None,
) -> str:
    """Write a value for people, in `en` or `zh`; `names` gives the word of a choice's value.

    Money shows every decimal down to a millionth of a fen; what does not end there is cut to six
    decimals of a yuan and marked with an ellipsis. Other numbers show six decimals at most or
    else a fraction, so that nothing is rounded on the way out.

    Raises ValueError for an unknown language, a denominator that is not positive, or a payload
    that the type does not have.

    >>> format_value(MONEY, 10000), format_value(MONEY, 97_3625, 300)
    ('100.00元', '32.454166…元')
    >>> format_value(RATE, 1, 40), format_value(RATE, 1, 12)
    ('2.5%', '1/12')
    >>> format_value(MONTHS, 258), format_value(MONTHS, 258, lang="zh")
    ('21 years 6 months', '21年6个月')
    >>> format_value(TRUTH, True, lang="zh"), format_value(DATE, date(2024, 6, 20))
    ('是', '2024-06-20')
    >>> format_value(DATE, 20240620)
    Traceback (most recent call last):
        ...
    ValueError: 20240620 is not a value of type date
    """
    chinese = _is_chinese(lang)
    _check_payload(value_type, payload)
    if isinstance(payload, bool):
        return ("否是" if chinese else ("no", "yes"))[payload]
    if isinstance(payload, int):
        return _FORMATS[value_type.kind](*_reduce(payload, denominator), chinese)
    if isinstance(payload, date):
        return payload.isoformat()
    return names(payload) if names and value_type.kind == "choice" else payload


def json_value(
    value_type: Type, payload: int | date | str, denominator: int = 1
) -> dict[str, str | bool]:
    """Give a value for machines: `value`, an exact text (truth: a bool), and its `unit`.

    Numbers are decimal texts, money in yuan with two decimals or more, rates in percent; one
    whose decimals do not end is the text of a fraction in lowest terms, in the same unit.

    Raises ValueError as `format_value` does.

    >>> json_value(MONEY, 10000), json_value(RATE, 1, 40)
    ({'value': '100.00', 'unit': '元'}, {'value': '2.5', 'unit': '%'})
    >>> json_value(RATE, 1, 12), json_value(MONTHS, 258)
    ({'value': '25/3', 'unit': '%'}, {'value': '258', 'unit': '月'})
    >>> json_value(TRUTH, True), json_value(choice_type("status"), "retired")
    ({'value': True, 'unit': 'truth'}, {'value': 'retired', 'unit': 'choice status'})
    """
    _check_payload(value_type, payload)
    if isinstance(payload, bool) or not isinstance(payload, int):
        value = payload if isinstance(payload, bool) else str(payload)
        return {"value": value, "unit": str(value_type)}
    if value_type == MONEY:
        denominator *= _FEN_PER_YUAN
    numerator, denominator = _reduce(payload * (100 if value_type == RATE else 1), denominator)
    text = _exact(numerator, denominator, 2 if value_type == MONEY else 0)
    return {"value": text or f"{numerator}/{denominator}", "unit": _UNITS[value_type.kind]}


def _money_text(numerator: int, denominator: int, _chinese: bool) -> str:
    yuan = _reduce(numerator, denominator * _FEN_PER_YUAN)
    exact = _exact(*yuan, 2, _SHOWN_DECIMALS + 2)
    return f"{exact or _digits(*yuan, _SHOWN_DECIMALS) + '…'}元"


def _rate_text(numerator: int, denominator: int, _chinese: bool) -> str:
    percent = _exact(*_reduce(100 * numerator, denominator), 0, _SHOWN_DECIMALS)
    return f"{percent}%" if percent else f"{numerator}/{denominator}"


def _number_text(numerator: int, denominator: int, _chinese: bool) -> str:
    return _exact(numerator, denominator, 0, _SHOWN_DECIMALS) or f"{numerator}/{denominator}"


def _age_text(numerator: int, denominator: int, chinese: bool) -> str:
    return _number_text(numerator, denominator, chinese) + ("岁" if chinese else "")


def _days_text(numerator: int, denominator: int, chinese: bool) -> str:
    return _counted(_number_text(numerator, denominator, chinese), "day", "天", chinese)


def _months_text(numerator: int, denominator: int, chinese: bool) -> str:
    if denominator != 1:
        return _counted(_number_text(numerator, denominator, chinese), "month", "个月", chinese)
    years, months = divmod(abs(numerator), 12)
    parts = [_counted(str(years), "year", "年", chinese)] if years else []
    if months or not years:
        parts.append(_counted(str(months), "month", "个月", chinese))
    return ("-" if numerator < 0 else "") + ("" if chinese else " ").join(parts)


_FORMATS: dict[str, Callable[[int, int, bool], str]] = {
    "money": _money_text,
    "rate": _rate_text,
    "number": _number_text,
    "age": _age_text,
    "days": _days_text,
    "months": _months_text,
}


def _counted(number: str, en: str, zh: str, chinese: bool) -> str:
    if chinese:
        return number + zh
    return f"{number} {en}" if number in ("1", "-1") else f"{number} {en}s"


def _exact(numerator: int, denominator: int, least: int, most: int | None = None) -> str | None:
    """Write a reduced fraction as a decimal; None if it does not end within `most` places."""
    # A decimal that ends has no more places than its denominator has bits.
    last = denominator.bit_length() if most is None else most
    places = range(least, max(least, last) + 1)
    needed = next((count for count in places if 10**count % denominator == 0), None)
    return None if needed is None else _digits(numerator, denominator, needed)


def _digits(numerator: int, denominator: int, places: int) -> str:
    """Write the first decimals of a fraction, cut towards zero."""
    digits = str(abs(numerator) * 10**places // denominator).rjust(places + 1, "0")
    cut = len(digits) - places
    sign = "-" if numerator < 0 else ""
    return f"{sign}{digits[:cut]}.{digits[cut:]}" if places else sign + digits


def _reduce(numerator: int, denominator: int) -> tuple[int, int]:
    if denominator <= 0:
        raise ValueError(f"a denominator must be positive, not {denominator}")
    divisor = gcd(numerator, denominator)
    return numerator // divisor, denominator // divisor


def _is_chinese(lang: str) -> bool:
    if lang not in ("en", "zh"):
        raise ValueError(f"unknown language {lang!r}: use en or zh")
    return lang == "zh"


def _check_payload(value_type: Type, payload: int | date | str) -> None:
    # The exact class: a bool is an int to Python, and must not pass for a number.
    if type(payload) is not _PAYLOADS.get(value_type.kind, int):
        raise ValueError(f"{payload!r} is not a value of type {value_type}")


_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"


def money_literal(text: str) -> TypedNumber:
    """Read `100元`, `1.5万元` or `¥100` into fen; a part of a fen gives a power of ten below.

    This and the readers below take folded text. They raise LiteralTooLong past the limits and
    ValueError for another form.

    >>> [money_literal(text)[1:] for text in ("1.5万元", "¥0.01", "100.005元")]
    [(1500000, 1), (1, 1), (100005, 10)]
    """
    found = _match(rf"\u00a5 *{_NUMBER}|{_NUMBER} *(万)?元", text, "amount", "100元 or ¥100")
    number, decimals = _digits_of(found[1] or found[2])
    places = decimals - (6 if found[3] else 2)
    return MONEY, number * 10 ** max(0, -places), 10 ** max(0, places)


def rate_literal(text: str) -> TypedNumber:
    """Read `2.5%` or `3‰`, in lowest terms.

    >>> rate_literal("2.5%")[1:], rate_literal("3‰")[1:]
    ((1, 40), (3, 1000))
    """
    found = _match(rf"{_NUMBER} *([%‰])", text, "rate", "2.5% or 3‰")
    number, decimals = _digits_of(found[1])
    return RATE, *_reduce(number, (100 if found[2] == "%" else 1000) * 10**decimals)


def number_literal(text: str) -> TypedNumber:
    """Read `72` or `12.5`, in lowest terms.

    >>> number_literal("12.5")[1:]
    (25, 2)
    >>> number_literal("1.0000001")
    Traceback (most recent call last):
        ...
    yibaolang.model.values.LiteralTooLong: a number has at most 15 digits and 6 decimals
    """
    number, decimals = _digits_of(_match(_NUMBER, text, "number", "72 or 12.5")[1])
    return NUMBER, *_reduce(number, 10**decimals)


def duration_literal(text: str) -> TypedNumber:
    """Read `25年`, `3个月`, `1年6个月`, `30天`, `70岁` (also in English) in whole units.

    >>> [(str(read[0]), read[1]) for read in map(duration_literal, ("25年", "30 days", "70周岁"))]
    [('months', 300), ('days', 30), ('age', 70)]
    """
    years, months = r"([0-9]+) *(?:年|years?)", r"([0-9]+) *(?:个月|months?)"
    # A duration starts with a digit: both halves of the first form may be absent, not together.
    shape = rf"(?=[0-9])(?:{years})? *(?:{months})?|([0-9]+) *(?:天|days?|(周?岁))"
    found = _match(shape, text, "duration in whole units", "25年, 3个月, 30天 or 70岁")
    if found[3]:
        return AGE if found[4] else DAYS, _digits_of(found[3])[0], 1
    return MONTHS, 12 * _digits_of(found[1] or "0")[0] + _digits_of(found[2] or "0")[0], 1


def _match(pattern: str, text: str, what: str, forms: str) -> re.Match[str]:
    found = re.fullmatch(pattern, text)
    if found is None:
        raise ValueError(f"not a {what}: {text[:40]!r}; write {forms}")
    return found


def _digits_of(text: str) -> tuple[int, int]:
    """Read validated digits into (number without its point, count of decimals), within limits."""
    whole, _, decimals = text.partition(".")
    if len(whole) > LIMITS.integer_digits or len(decimals) > LIMITS.decimals:
        bounds = f"{LIMITS.integer_digits} digits and {LIMITS.decimals} decimals"
        raise LiteralTooLong(f"a number has at most {bounds}")
    return int(whole + decimals), len(decimals)
