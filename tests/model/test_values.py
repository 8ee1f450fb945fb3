"""Values: their types, how they are written, how literals are read, to the character."""

import unicodedata
from datetime import date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibaolang.language.lexer import fold
from yibaolang.model.calendar import parse_date as date_literal
from yibaolang.model.calendar import parse_month as month_literal
from yibaolang.model.calendar import parse_monthday as monthday_literal
from yibaolang.model.typewords import said
from yibaolang.model.values import (
    AGE,
    DATE,
    DAYS,
    MONEY,
    MONTHS,
    NUMBER,
    RATE,
    TEXT,
    TRUTH,
    LiteralTooLong,
    Type,
    choice_type,
    duration_literal,
    format_value,
    json_value,
    money_literal,
    number_literal,
    rate_literal,
)

ELLIPSIS = "\u2026"
STATUS = choice_type("status")
NUMERIC = (MONEY, RATE, NUMBER, AGE, MONTHS, DAYS)
ALL = (*NUMERIC, DATE, TRUTH, TEXT, STATUS)


def test_types_are_named() -> None:
    assert [str(kind) for kind in ALL] == [
        *("money", "rate", "number", "age", "months", "days"),
        *("date", "truth", "text", "choice status"),
    ]
    assert [said(kind).zh for kind in ALL] == [
        *("金额", "比率", "数值", "岁数", "期限", "日数"),
        *("日期", "是否", "文本", "选项 status"),
    ]
    assert [kind for kind in ALL if kind.numeric] == [*NUMERIC]


def test_types_are_equal_by_what_they_say() -> None:
    assert choice_type("status") is STATUS
    assert Type("choice", "status") == STATUS != choice_type("level")
    assert {MONEY: 1}[Type("money")] == 1


@pytest.mark.parametrize(("kind", "choice"), [("choice", ""), ("money", "status"), ("float", "")])
def test_what_is_no_type(kind: str, choice: str) -> None:
    with pytest.raises(ValueError):
        Type(kind, choice)


def test_an_unknown_language() -> None:
    with pytest.raises(ValueError, match="unknown language 'fr': use en or zh"):
        format_value(MONEY, 1, lang="fr")


@pytest.mark.parametrize(
    ("fen", "denominator", "text"),
    [
        (10000, 1, "100.00元"),
        (0, 1, "0.00元"),
        (5, 1, "0.05元"),
        (-5, 1, "-0.05元"),
        (-12345, 1, "-123.45元"),
        (1308642, 100, "130.8642元"),
        (14605, 2, "73.025元"),
        (20000, 2, "100.00元"),
        (1, 1_000_000, "0.00000001元"),
        (1, 10_000_000, f"0.000000{ELLIPSIS}元"),
        (389450, 12, f"324.541666{ELLIPSIS}元"),
        (-389450, 12, f"-324.541666{ELLIPSIS}元"),
        (200, 3, f"0.666666{ELLIPSIS}元"),
        (10**17 - 1, 1, "999999999999999.99元"),
    ],
)
def test_money_is_written(fen: int, denominator: int, text: str) -> None:
    assert format_value(MONEY, fen, denominator) == text
    assert format_value(MONEY, fen, denominator, "zh") == text


@pytest.mark.parametrize(
    ("kind", "number", "denominator", "en", "zh"),
    [
        (RATE, 1, 40, "2.5%", "2.5%"),
        (RATE, 25, 1000, "2.5%", "2.5%"),
        (RATE, 1, 1, "100%", "100%"),
        (RATE, 0, 1, "0%", "0%"),
        (RATE, 3, 1000, "0.3%", "0.3%"),
        (RATE, -1, 12, "-1/12", "-1/12"),
        (RATE, 2, 24, "1/12", "1/12"),
        (RATE, 1, 10**8, "0.000001%", "0.000001%"),
        (RATE, 1, 10**9, "1/1000000000", "1/1000000000"),
        (NUMBER, 12, 1, "12", "12"),
        (NUMBER, 1, 2, "0.5", "0.5"),
        (NUMBER, -1, 2, "-0.5", "-0.5"),
        (NUMBER, 2, 6, "1/3", "1/3"),
        (NUMBER, 100, 1, "100", "100"),
        (NUMBER, 1, 10**6, "0.000001", "0.000001"),
        (NUMBER, 1, 10**7, "1/10000000", "1/10000000"),
        (MONTHS, 258, 1, "21 years 6 months", "21年6个月"),
        (MONTHS, 300, 1, "25 years", "25年"),
        (MONTHS, 12, 1, "1 year", "1年"),
        (MONTHS, 13, 1, "1 year 1 month", "1年1个月"),
        (MONTHS, 1, 1, "1 month", "1个月"),
        (MONTHS, 0, 1, "0 months", "0个月"),
        (MONTHS, -1, 1, "-1 month", "-1个月"),
        (MONTHS, -258, 1, "-21 years 6 months", "-21年6个月"),
        (MONTHS, 25, 2, "12.5 months", "12.5个月"),
        (MONTHS, 1, 3, "1/3 months", "1/3个月"),
        (DAYS, 30, 1, "30 days", "30天"),
        (DAYS, 1, 1, "1 day", "1天"),
        (DAYS, -1, 1, "-1 day", "-1天"),
        (DAYS, 0, 1, "0 days", "0天"),
        (AGE, 72, 1, "72", "72岁"),
    ],
)
def test_numbers_are_written(kind: Type, number: int, denominator: int, en: str, zh: str) -> None:
    assert format_value(kind, number, denominator, "en") == en
    assert format_value(kind, number, denominator, "zh") == zh


def test_other_values_are_written() -> None:
    day = date(2024, 6, 20)
    assert format_value(DATE, day) == format_value(DATE, day, lang="zh") == "2024-06-20"
    assert [format_value(TRUTH, truth) for truth in (True, False)] == ["yes", "no"]
    assert [format_value(TRUTH, truth, lang="zh") for truth in (True, False)] == ["是", "否"]
    assert format_value(STATUS, "retired") == "retired"
    assert (
        format_value(STATUS, "retired", lang="zh", names={"retired": "退休"}.__getitem__) == "退休"
    )
    assert format_value(TEXT, "retired", names={"retired": "退休"}.__getitem__) == "retired"


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (MONEY, True),
        (MONEY, "1"),
        (MONEY, date(2024, 1, 1)),
        (DATE, "2024-01-01"),
        (DATE, datetime(2024, 1, 1)),
        (TRUTH, 1),
        (TRUTH, "yes"),
        (STATUS, 1),
        (TEXT, False),
    ],
)
def test_a_value_of_another_type_is_refused(kind: Type, payload: int | date | str) -> None:
    for write in (format_value, json_value):
        with pytest.raises(ValueError, match="is not a value of type"):
            write(kind, payload)


@pytest.mark.parametrize("kind", NUMERIC)
def test_a_denominator_is_positive(kind: Type) -> None:
    for write in (format_value, json_value):
        with pytest.raises(ValueError, match="a denominator must be positive"):
            write(kind, 1, 0)


@pytest.mark.parametrize(
    ("kind", "payload", "denominator", "value", "unit"),
    [
        (MONEY, 10000, 1, "100.00", "元"),
        (MONEY, -5, 1, "-0.05", "元"),
        (MONEY, 14605, 2, "73.025", "元"),
        (MONEY, 389450, 12, "7789/24", "元"),
        (MONEY, 1, 10**12, "0.00000000000001", "元"),
        (RATE, 1, 40, "2.5", "%"),
        (RATE, 1, 12, "25/3", "%"),
        (MONTHS, 258, 1, "258", "月"),
        (DAYS, 30, 1, "30", "天"),
        (AGE, 72, 1, "72", "岁"),
        (NUMBER, 12, 1, "12", ""),
        (NUMBER, 0, 1, "0", ""),
        (NUMBER, -1, 3, "-1/3", ""),
        (DATE, date(2024, 6, 20), 1, "2024-06-20", "date"),
        (TRUTH, True, 1, True, "truth"),
        (TRUTH, False, 1, False, "truth"),
        (STATUS, "retired", 1, "retired", "choice status"),
        (TEXT, "", 1, "", "text"),
    ],
)
def test_values_for_machines(
    kind: Type, payload: int | date | str, denominator: int, value: str | bool, unit: str
) -> None:
    written = json_value(kind, payload, denominator)
    assert written == {"value": value, "unit": unit}
    assert type(written["value"]) is type(value)


def parse_literal(text: str) -> tuple[Type, int, int] | date:
    """The reader that the lexer would choose, on folded text."""
    folded = fold(text)
    if "-" in folded or folded.endswith("日"):
        return date_literal(folded)
    if "元" in folded or "\u00a5" in folded:
        return money_literal(folded)
    if folded.endswith(("%", "\u2030")):
        return rate_literal(folded)
    return number_literal(folded) if folded[-1:].isdigit() else duration_literal(folded)


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("100元", (MONEY, 10000, 1)),
        ("100 元", (MONEY, 10000, 1)),
        ("\u00a5100", (MONEY, 10000, 1)),
        ("\uffe5100.5", (MONEY, 10050, 1)),
        ("1.5万元", (MONEY, 1_500_000, 1)),
        ("0.000001万元", (MONEY, 1, 1)),
        ("0.01元", (MONEY, 1, 1)),
        ("100.005元", (MONEY, 100005, 10)),
        ("0.000001元", (MONEY, 1, 10_000)),
        ("100.05", (NUMBER, 2001, 20)),
        ("72", (NUMBER, 72, 1)),
        ("12.50", (NUMBER, 25, 2)),
        ("007", (NUMBER, 7, 1)),
        ("2.5%", (RATE, 1, 40)),
        ("3\u2030", (RATE, 3, 1000)),
        ("0%", (RATE, 0, 1)),
        ("\uff12\uff0e\uff15\uff05", (RATE, 1, 40)),
        ("25年", (MONTHS, 300, 1)),
        ("25 years", (MONTHS, 300, 1)),
        ("1 year", (MONTHS, 12, 1)),
        ("3个月", (MONTHS, 3, 1)),
        ("3 months", (MONTHS, 3, 1)),
        ("21年6个月", (MONTHS, 258, 1)),
        ("21 years 6 months", (MONTHS, 258, 1)),
        ("0个月", (MONTHS, 0, 1)),
        ("30天", (DAYS, 30, 1)),
        ("30 days", (DAYS, 30, 1)),
        ("1 day", (DAYS, 1, 1)),
        ("70岁", (AGE, 70, 1)),
        ("70周岁", (AGE, 70, 1)),
        ("\uff17\uff10岁", (AGE, 70, 1)),
        ("2024-01-01", date(2024, 1, 1)),
        ("2024年1月1日", date(2024, 1, 1)),
        ("\uff12\uff10\uff12\uff14\uff0d\uff10\uff11\uff0d\uff10\uff11", date(2024, 1, 1)),
    ],
)
def test_literals_are_read(text: str, literal: tuple[Type, int, int] | date) -> None:
    assert parse_literal(text) == literal


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\u5143", "%", "年", "个月", "years", "."),
        *("1.", ".5", "1e3", "1_000", "1,000", "0x10", "1.2.3", "+1", "-1", "1 2", "12\n"),
        *("100元元", "1万", "\u00a5", "\u00a51元", "\u00a51万元", "-1元", "1 0元", "1.元"),
        *("2.5%%", "%2", "2.5 pct", "1/12"),
        *("1.5年", "6月", "25年30天", "6个月1年", "70 岁半", "1 week"),
        *("2024-01", "2024-02-30", "1899-01-01", "2024年2月30日"),
        *("\u0661", "\u00b2", "\u4e00年", "\u0661元"),
    ],
)
def test_what_is_no_literal(text: str) -> None:
    with pytest.raises(ValueError):
        parse_literal(text)


@pytest.mark.parametrize(
    ("shape", "value"),
    [("{}", NUMBER), ("{}元", MONEY), ("{}万元", MONEY), ("\u00a5{}", MONEY), ("{}%", RATE)],
)
def test_digits_are_bounded(shape: str, value: Type) -> None:
    longest = "9" * 15 + "." + "9" * 6
    literal = parse_literal(shape.format(longest))
    assert isinstance(literal, tuple)
    assert literal[0] == value
    for text in ("1" + longest, longest + "9", "9" * 100_000):
        with pytest.raises(LiteralTooLong, match="at most 15 digits and 6 decimals"):
            parse_literal(shape.format(text))


@pytest.mark.parametrize("unit", ["年", "个月", "天", "岁", " years", " days"])
def test_durations_are_bounded(unit: str) -> None:
    assert duration_literal("9" * 15 + unit)[1] >= 10**15 - 1
    with pytest.raises(LiteralTooLong):
        duration_literal("9" * 16 + unit)


def test_helpers_read_one_kind_each() -> None:
    assert date_literal("2024年1月1日") == date(2024, 1, 1)
    assert month_literal("2024年1月") == month_literal("2024-01") == (2024, 1)
    assert monthday_literal("02-29") == monthday_literal("2月29日") == (2, 29)
    for read in (money_literal, rate_literal, duration_literal):
        with pytest.raises(ValueError, match="'72'; write"):
            read("72")
    with pytest.raises(ValueError, match=r"not a number: '72元'; write 72 or 12\.5"):
        number_literal("72元")


def test_folding_is_one_for_one() -> None:
    wide = (
        "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff08\uff09\uff0c\uff1a\uff1b"
        "\uff05\uff0b\uff0d\uff1d\uff1e\uff1c\uff0e\uff0f\uff0a\uff5c\uffe5\u201c\u201d\u3001"
    )
    assert fold(wide) == '0123456789(),:;%+-=><./*|\u00a5"",'
    assert fold(wide[:26]) == unicodedata.normalize("NFKC", wide[:26])


@given(st.text())
def test_folding_keeps_offsets_and_settles(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded
    assert text.isascii() <= (folded == text)


@given(st.integers(0, 10**17 - 1))
def test_money_comes_back(fen: int) -> None:
    assert parse_literal(format_value(MONEY, fen)) == (MONEY, fen, 1)


@given(st.integers(0, 10**9), st.integers(0, 6))
def test_rates_and_numbers_come_back(digits: int, places: int) -> None:
    for kind, scale in ((RATE, 100), (NUMBER, 1)):
        value = Fraction(digits, 10**places * scale)
        text = format_value(kind, value.numerator, value.denominator)
        assert parse_literal(text) == (kind, value.numerator, value.denominator)


@given(st.integers(0, 10**6), st.sampled_from(["en", "zh"]))
def test_durations_come_back(count: int, lang: str) -> None:
    for kind in (MONTHS, DAYS):
        assert parse_literal(format_value(kind, count, lang=lang)) == (kind, count, 1)
    assert parse_literal(format_value(AGE, count, lang="zh")) == (AGE, count, 1)


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_dates_come_back(day: date) -> None:
    assert parse_literal(format_value(DATE, day)) == day


@given(st.sampled_from(NUMERIC), st.integers(), st.integers(1, 10**6))
def test_machines_get_the_exact_value(kind: Type, number: int, denominator: int) -> None:
    value = json_value(kind, number, denominator)["value"]
    scale = {MONEY: Fraction(1, 100), RATE: Fraction(100)}.get(kind, Fraction(1))
    assert Fraction(str(value)) == Fraction(number, denominator) * scale


@given(st.integers(), st.integers(1, 10**6))
def test_people_get_the_exact_value_or_an_ellipsis(number: int, denominator: int) -> None:
    text = format_value(MONEY, number, denominator)
    exact = Fraction(number, denominator * 100)
    shown = Fraction(text.rstrip("元" + ELLIPSIS))
    if ELLIPSIS in text:
        assert 0 < abs(exact) - abs(shown) < Fraction(1, 10**6)
    else:
        assert shown == exact


@given(st.text(alphabet="0123456789.%\u2030万元\u00a5年个月日天岁 -years", max_size=12))
def test_any_text_is_a_literal_or_refused(text: str) -> None:
    try:
        literal = parse_literal(text)
    except ValueError as refusal:
        assert str(refusal)
    else:
        assert isinstance(literal, date) or literal[2] > 0
