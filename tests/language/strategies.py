"""Every kind of syntax node, for hypothesis; the names are made to be hard to cut."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from yibaolang.language.syntax import (
    Allow,
    AsOf,
    Between,
    Bucket,
    Carry,
    Cases,
    Category,
    Cell,
    Choice,
    Close,
    Compare,
    Compared,
    Comparison,
    Counted,
    CountOf,
    Cover,
    CoverClause,
    Credit,
    DateLiteral,
    DateWord,
    DayCount,
    DayOfYear,
    Deduct,
    Define,
    Draw,
    Evaluate,
    Expect,
    Expression,
    Extreme,
    Fact,
    Figure,
    Given,
    Include,
    Input,
    Interest,
    InYear,
    Junction,
    Literal,
    Lookup,
    Minus,
    Missing,
    Name,
    Names,
    Not,
    Origin,
    Param,
    ParamRow,
    Period,
    Person,
    Phases,
    PostOn,
    Product,
    Range,
    Region,
    Require,
    Rounded,
    Rounding,
    Rule,
    Schedule,
    Sentence,
    Share,
    Show,
    StartOf,
    Sum,
    Table,
    TableRow,
    Test,
    Texts,
    Tiers,
    Truth,
    Use,
    Version,
    Wait,
    Within,
    YearFrom,
)
from yibaolang.model.values import duration_literal, money_literal, number_literal, rate_literal

S = (0, 0)

# Declared, and made to be hard to cut: parts of each other, of keywords, of each other's joins.
_WORDS = (
    "年龄 养老金 平均养老金 当年 历年 退休 男 男女 女男 年 度",
    "首日 于 日 个月 的士 划入 每月 上年度 当月 仓 为",
)
_HARD = (
    "net first last half most top close rest posting day credit on of table this year by until",
    "balance count start at counting listed moves before each level why post 3a A股 股A 未知名",
    "保的金 〇 day workday 节假日 期初 先",
)
WORDS = tuple(word for line in _WORDS for word in line.split())
HARD = tuple(word for line in _HARD for word in line.split())
names = st.sampled_from(["age", "x", "avg_pension", "cover_2", *HARD, *WORDS])
name = names.map(lambda text: Name(S, text))
name_lists = st.lists(name, min_size=1, max_size=3).map(tuple)
declared = st.lists(names, min_size=1, max_size=3).map(lambda texts: Names(S, tuple(texts)))
strings = st.text(st.sampled_from("ab #|,\u3002\uff0c年龄()"), min_size=1, max_size=5)


def literals(reader: Callable[[str], Any], *texts: str) -> SearchStrategy[Literal]:
    def build(text: str) -> Literal:
        kind, numerator, denominator = reader(text)
        return Literal(S, str(kind), numerator, denominator, text)

    return st.sampled_from(texts).map(build)


def fraction(text: str) -> Any:
    above, _, below = text.partition("/")
    return "rate", int(above), int(below)


money = literals(money_literal, "100元", "\u00a50.01", "1.5万元")
rate = literals(rate_literal, "2.5%", "3\u2030") | literals(fraction, "1/12", "11/1")
duration = literals(
    duration_literal,
    "25年",
    "1个月",
    "30 days",
    "1 months",
    "1年6个月",
    "1 years",
    "30天",
)
age = literals(duration_literal, "70岁", "70周岁")
number = literals(number_literal, "3", "2024", "12", "05", "1.5")
literal: SearchStrategy[Expression] = money | rate | duration | age | number
years = st.integers(1900, 2200)
dates = st.builds(
    DateLiteral, st.just(S), years, st.integers(1, 12), st.integers(1, 28), st.just(False)
)
months = st.builds(DateLiteral, st.just(S), years, st.integers(1, 12), st.just(1), st.just(True))
moments = dates | months
month, day = st.integers(1, 12), st.integers(1, 28)
monthdays = st.tuples(month, day)
date_words = st.sampled_from(
    ["today", "first_of_month", "last_of_month", "last_of_last_month", "posting_day", "year_start"]
)
periods = st.sampled_from(["per_year", "per_month", "per_visit", "per_stay", "per_lifetime"])
none = st.none()
signs = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
modes = st.sampled_from(["half_up", "half_even", "up", "down"])
rounding_units = literals(money_literal, "0.01元", "\u00a51", "100元")
missing = st.sampled_from(["unknown", "none"]).map(lambda kind: Missing(S, kind))


def build(cls: Callable[..., Any], *parts: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.builds(cls, st.just(S), *parts)


def maybe(part: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.none() | part


def many(part: SearchStrategy[Any], least: int = 2) -> SearchStrategy[Any]:
    return st.lists(part, min_size=least, max_size=3).map(tuple)


def in_year(name: Name, year: int | None, back: int) -> InYear:
    return InYear(S, name, year, back if year is None else 0)


def signed(
    cls: Callable[..., Any], first: str, others: list[str], parts: SearchStrategy[Any]
) -> SearchStrategy[Any]:
    pairs = st.lists(st.tuples(st.sampled_from(others), parts), min_size=1, max_size=3)
    return st.builds(
        lambda head, rest: cls(S, (first, *(s for s, _ in rest)), (head, *(p for _, p in rest))),
        parts,
        pairs,
    )


def cases(parts: SearchStrategy[Any]) -> SearchStrategy[Any]:
    arms = st.lists(st.tuples(parts | missing, parts), min_size=1, max_size=3)
    return st.builds(
        lambda arms, last: Cases(S, tuple(a for a, _ in arms), tuple(b for _, b in arms), last),
        arms,
        maybe(parts | missing),
    )


def ranges(parts: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return build(Range, maybe(parts), maybe(parts), st.booleans(), st.booleans())


leaves: SearchStrategy[Expression] = st.one_of(
    name,
    literal,
    moments,
    build(Truth, st.booleans()),
    st.builds(in_year, name, maybe(years), st.integers(1, 2)),
    build(Lookup, name, name),
    build(DateWord, date_words),
    build(DayOfYear, month, day, st.integers(0, 2)),
    build(StartOf, name),
    build(CountOf, name, periods),
)


def larger(parts: SearchStrategy[Expression]) -> SearchStrategy[Expression]:
    return st.one_of(
        build(Minus, parts),
        build(Not, parts),
        build(Junction, st.sampled_from(["and", "or"]), many(parts)),
        build(Comparison, signs, parts, parts),
        build(Within, parts, ranges(parts)),
        signed(Sum, "+", ["+", "-", "on_top_of", "including"], parts),
        signed(Product, "*", ["*", "/"], parts),
        build(Share, parts, parts),
        build(Tiers, parts, name, st.booleans()),
        build(Rounded, parts, modes, rounding_units),
        build(AsOf, name, parts),
        build(Between, st.sampled_from(["years", "months", "days"]), parts, parts),
        build(Extreme, st.sampled_from(["min", "max"]), many(parts)),
        cases(parts),
    )


expressions = st.recursive(leaves, larger, max_leaves=8)
amounts = expressions | missing
negative = build(Minus, literal)
published = literal | moments | negative | missing
fact_values = published | name | build(Truth, st.booleans())
texts = st.just("") | strings
origins = build(Origin, texts, texts, texts)
types = st.sampled_from(["money", "rate", "days", "duration", "age", "level", "date"])
type_names = types.map(lambda text: Name(S, text))
domains = ranges(expressions)


def schedule(
    frequency: str, kind: str, monthday: tuple[int, int], word: str, before_holiday: bool
) -> Schedule:
    month, day = monthday
    return Schedule(
        S,
        frequency,
        kind,
        month if kind == "monthday" else 0,
        day if kind not in ("none", "word") else 0,
        word if kind == "word" else "",
        before_holiday,
    )


schedules = st.builds(
    schedule,
    st.sampled_from(["monthly", "yearly", "once"]),
    st.sampled_from(["none", "day", "by_day", "monthday", "word"]),
    monthdays,
    date_words,
    st.booleans(),
)


def credit(prorated: tuple[str, Expression | None], **parts: Any) -> Credit:
    return Credit(S, prorated=prorated[0], prorated_date=prorated[1], **parts)


credits = st.builds(
    credit,
    st.just(("", None)) | st.tuples(st.sampled_from(["month_of", "month_after"]), expressions),
    amount=amounts,
    schedule=maybe(schedules),
    bucket=maybe(name),
    stream=maybe(name),
    assessed=st.just("") | date_words,
    when=maybe(expressions),
)
counted = st.builds(
    lambda period, levels, name: Counted(S, period, levels == "all", name, levels == "each"),
    st.just("") | periods,
    st.sampled_from(["", "all", "each"]),
    maybe(name),
)
plain = Counted(S, "", False, None, False)
counting = st.sampled_from(["", "cost", "payment"])
cover_clauses = st.one_of(
    build(
        CoverClause,
        st.sampled_from(["above", "at_most"]),
        expressions,
        counted,
        st.just(""),
        none,
        none,
    ),
    build(
        CoverClause,
        st.just("up_to"),
        expressions,
        counted,
        counting,
        none,
        none,
    ),
    build(CoverClause, st.just("except_lines"), none, none, st.just(""), name, none),
    build(CoverClause, st.just("then"), none, none, counting, name, literal),
    build(CoverClause, st.just("then"), expressions, counted, counting, name, literal),
)


def are_told_apart(clauses: tuple[CoverClause, ...]) -> bool:
    """A cap right after a further fund without one would be that fund's."""
    return not any(
        one.kind == "then" and one.amount is None and other.kind == "up_to"
        for one, other in pairwise(clauses)
    )


clauses = st.lists(cover_clauses, max_size=3).map(tuple).filter(are_told_apart)
levels = st.just(()) | name_lists
said = counted.filter(lambda counted: counted != plain)
covers = st.one_of(
    build(Cover, st.just("rate"), expressions, name_lists, levels, none, clauses, none),
    build(Cover, st.just("table"), none, name_lists, levels, name, clauses, none),
    build(
        Cover,
        st.sampled_from(["marginal", "whole"]),
        none,
        name_lists,
        levels,
        name,
        clauses,
        maybe(said),
    ),
)


def allow(limit: tuple[Expression | None, Counted | None], **parts: Any) -> Allow:
    return Allow(S, limit=limit[0], counted=limit[1], **parts)


allows = st.builds(
    allow,
    st.just((None, None)) | st.tuples(expressions, counted),
    deny=st.booleans(),
    categories=name_lists,
    relations=levels,
    when=maybe(expressions),
    buckets=levels,
)
bases = st.sampled_from(
    [("daily_balance", None), ("minimum_balance", None), ("balance_on", (7, 1))]
)
interests = st.builds(
    lambda rate, buckets, basis, *into: Interest(S, rate, buckets, basis[0], basis[1], *into),
    rate,
    levels,
    bases,
    maybe(monthdays),
    maybe(name),
)
subjects = st.sampled_from(["cover", "credit", "x", "退休"]).map(lambda text: Name(S, text))
actions = st.one_of(
    credits,
    build(Deduct, amounts, maybe(schedules), texts),
    covers,
    allows,
    build(Draw, name_lists, maybe(name), st.booleans()),
    interests,
    build(Carry, name, name, month, day),
    build(Rounding, modes, rounding_units),
    build(Require, expressions, subjects),
    build(Wait, maybe(duration), expressions, many(subjects, 1), maybe(expressions)),
    build(Close, name, name, st.lists(strings, max_size=2).map(tuple)),
    build(Texts, st.sampled_from(["contact", "note"]), many(strings, 1)),
    build(YearFrom, month, day),
    build(Phases, many(name_lists, 1)),
    build(DayCount, st.integers(1, 366)),
    build(PostOn, st.integers(1, 31)),
)
validity = (maybe(dates), maybe(dates))
facts = st.one_of(
    build(Fact, st.just("value"), name, fact_values, st.just(""), *validity),
    build(Fact, st.sampled_from(["holds", "not"]), name, none, st.just(""), *validity),
    build(Fact, st.just("region"), name, none, st.just("") | strings, *validity),
)
figures = st.one_of(
    st.sampled_from(["credit", "deduct", "net_credit"]).map(lambda kind: Figure(S, kind, None)),
    build(Figure, st.just("wait"), subjects),
    build(Figure, st.just("name"), name),
)
ids = st.sampled_from(["e2", "-", "_", "2024-01-01", "x", "credit", "E-1_b"])
event = st.just("") | ids
shown = figures | build(Figure, st.just("event"), ids.map(lambda text: Name(S, text)))


def _span(one: DateLiteral, other: DateLiteral) -> Period:
    """A span of two days, which does not end before it begins."""
    first, last = sorted((one, other), key=lambda each: (each.year, each.month, each.day))
    return Period(S, "span", first, last, None)


asked = st.one_of(
    build(Period, st.just("on"), moments, none, none),
    st.builds(_span, dates, dates),
    build(Period, st.sampled_from(["in", "by_month"]), none, none, years),
)
cells = st.one_of(
    st.just(Cell(S, "any", None, (), None)),
    build(Cell, st.just("range"), ranges(expressions), st.just(()), none),
    build(Cell, st.just("values"), none, many(expressions, 1), none),
    build(Cell, st.just("typed"), none, st.tuples(name), type_names),
)
rows = many(cells, 1).flatmap(
    lambda row: build(TableRow, st.just(row), st.integers(0, len(row) - 1))
)
values = st.lists(declared, min_size=1, max_size=3).map(tuple)
sentences: SearchStrategy[Sentence] = st.one_of(
    build(Rule, st.booleans(), st.booleans(), maybe(expressions), actions, origins),
    build(Rule, st.booleans(), st.booleans(), maybe(expressions), actions, origins),
    build(Choice, declared, values),
    build(Category, values),
    build(Bucket, values),
    build(Input, declared, type_names, maybe(domains), origins, maybe(fact_values)),
    build(Define, declared, maybe(type_names), maybe(domains), expressions, origins),
    build(Param, declared, maybe(type_names), maybe(published), origins),
    build(ParamRow, dates, maybe(dates), published, origins),
    build(Table, declared, origins),
    rows,
    build(Region, declared, maybe(name), origins),
    build(Version, dates, maybe(dates), texts, origins),
    build(Include, strings, st.just("")) | build(Include, st.just(""), names),
    build(Use, name, strings),
    build(Person, declared, many(facts, 1)),
    build(Test, strings),
    build(Given, many(facts, 1)),
    build(Expect, maybe(dates), figures, maybe(asked), signs, fact_values, st.just(""), event),
    build(Expect, maybe(dates), figures, maybe(asked), st.just("refused"), none, texts, event),
    build(Show, st.sampled_from(["show", "explain"]), shown, maybe(name), maybe(asked)),
    build(
        Compare, many(build(Compared, name, texts), 1), maybe(name), maybe(asked), maybe(figures)
    ),
    build(Evaluate, expressions),
)
