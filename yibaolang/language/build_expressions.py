"""From reductions of the grammar to syntax nodes: values.

Each method is named after a rule or alias of grammars/yibao.lark and gets that rule's children:
tokens that the grammar keeps, nodes, and None for what was left out.
"""

from datetime import date
from typing import Any

from yibaolang.language.diagnostics import Diagnostic, Refusal, Said, diagnostic
from yibaolang.language.source import Place, Source, Span
from yibaolang.language.syntax import (
    AsOf,
    Between,
    Cases,
    Comparison,
    CountOf,
    DateLiteral,
    DateWord,
    DayOfYear,
    Expression,
    Extreme,
    InYear,
    Junction,
    Literal,
    Lookup,
    Minus,
    Missing,
    Name,
    Not,
    Product,
    Range,
    Rounded,
    Share,
    StartOf,
    Sum,
    Tiers,
    Truth,
    Within,
)  # fmt: skip
from yibaolang.language.tokens import Token
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model import values
from yibaolang.model.calendar import parse_date, parse_month, parse_monthday
from yibaolang.model.limits import LIMITS

Children = list[Any]
"""What Lark hands to a reduction: tokens, built nodes, tuples of builder helpers, and None."""

_SIGN_OF = {"PLUS": "+", "MINUS": "-", "_ON_TOP_OF": "on_top_of", "_INCLUDING": "including"}
_READ = {
    "MONEY": values.money_literal,
    "NUMBER": values.number_literal,
    "DURATION": values.duration_literal,
}
_ENGLISH_UNIT = {"YEARS": "years", "MONTHS": "months", "DAYS": "days"}


class ExpressionBuilder:
    """Builds expression nodes; `source` and `span` are those of the sentence being read."""

    source: Source
    span: Span

    # ── names and literals ──

    def refuse(self, code: str, span: Span, **arguments: str | int | Said) -> Refusal:
        """The refusal of a part of the sentence; the caller raises it."""
        found: Diagnostic = diagnostic(code, Place(self.source, span), notes=(), **arguments)
        return Refusal(found)

    def name_at(self, token: Token) -> Name:
        return Name((token.start_pos, token.end_pos), token.value)

    def name(self, children: Children) -> Name:
        return self.name_at(children[0])

    def date_at(self, token: Token) -> DateLiteral:
        span = (token.start_pos, token.end_pos)
        try:
            if token.type == "MONTH":
                year, month = parse_month(token.value)
                return DateLiteral(span, year, month, 1, True)
            day: date = parse_date(token.value)
        except ValueError:
            raise self.refuse(
                "YB014", span, text=token.value, first=LIMITS.first_year, last=LIMITS.last_year
            ) from None
        return DateLiteral(span, day.year, day.month, day.day, False)

    def monthday_at(self, token: Token) -> tuple[int, int]:
        try:
            return parse_monthday(token.value)
        except ValueError:
            span = (token.start_pos, token.end_pos)
            raise self.refuse(
                "YB014", span, text=token.value, first=LIMITS.first_year, last=LIMITS.last_year
            ) from None

    def literal(self, children: Children) -> Expression:
        """A literal token, or a number and an English unit."""
        token: Token = children[0]
        if token.type in ("DATE", "MONTH"):
            return self.date_at(token)
        span = (token.start_pos, token.end_pos)
        try:
            if token.type == "RATE":
                kind, numerator, denominator = _read_rate(token.value)
            else:
                kind, numerator, denominator = _READ[token.type](token.value)
        except values.LiteralTooLong:
            raise self.refuse(
                "YB015", span, digits=LIMITS.integer_digits, decimals=LIMITS.decimals
            ) from None
        except (ValueError, ZeroDivisionError):
            raise self.refuse("YB012", span, text=token.value) from None
        return Literal(span, str(kind), numerator, denominator, token.value)

    def worded_duration(self, children: Children) -> Expression:
        """`30 years`."""
        number, (unit, _, end) = children
        span = (number.start_pos, end)
        try:
            text = f"{number.value} {_ENGLISH_UNIT[unit]}"
            kind, numerator, denominator = values.duration_literal(text)
        except values.LiteralTooLong:
            raise self.refuse(
                "YB015", span, digits=LIMITS.integer_digits, decimals=LIMITS.decimals
            ) from None
        except ValueError:
            raise self.refuse("YB012", span, text=self.source.text[span[0] : span[1]]) from None
        return Literal(span, str(kind), numerator, denominator, text)

    def yes(self, children: Children) -> Truth:
        return Truth(self.span, True)

    def no(self, children: Children) -> Truth:
        return Truth(self.span, False)

    def unknown(self, children: Children) -> Missing:
        return Missing(self.span, "unknown")

    def not_applicable(self, children: Children) -> Missing:
        return Missing(self.span, "none")

    # ── logic ──

    def cases(self, children: Children) -> Cases:
        arms = [child for child in children if type(child) is tuple]
        otherwise = children[-1] if isinstance(children[-1], Expression) else None
        last = otherwise or max((arm[1] for arm in arms), key=lambda arm: arm.span[1])
        first = min(arms[0][0].span[0], arms[0][1].span[0])
        span = (first, last.span[1])
        parts = tuple(zip(*arms, strict=True))
        return Cases(span, parts[0], parts[1], otherwise)

    def case_postfix(self, children: Children) -> tuple[Expression, Expression]:
        return children[0], children[1]

    def case_prefix(self, children: Children) -> tuple[Expression, Expression]:
        return children[1], children[0]

    def otherwise(self, children: Children) -> Expression:
        found: Expression = children[0]
        return found

    def any_of(self, children: Children) -> Junction:
        return Junction(_over(children), "or", tuple(children))

    def all_of(self, children: Children) -> Junction:
        return Junction(_over(children), "and", tuple(children))

    def negation_mark(self, children: Children) -> Token:
        token: Token = children[0]
        return token

    def negate(self, children: Children) -> Not:
        mark, operand = children
        return Not((mark.start_pos, operand.span[1]), operand)

    def comparator(self, children: Children) -> str:
        sign: str = children[0].value
        return sign

    def compare_values(self, children: Children) -> Comparison:
        left, sign, right = children
        return Comparison((left.span[0], right.span[1]), sign, left, right)

    def within(self, children: Children) -> Within:
        operand, bounds = children
        return Within((operand.span[0], bounds.span[1]), operand, bounds)

    # ── arithmetic ──

    def sign(self, children: Children) -> str:
        return _SIGN_OF[children[0].type]

    def scale(self, children: Children) -> str:
        return "*" if children[0].type == "STAR" else "/"

    def add(self, children: Children) -> Sum:
        terms = tuple(children[0::2])
        return Sum(_over(terms), ("+", *children[1::2]), terms)

    def multiply(self, children: Children) -> Product:
        factors = tuple(children[0::2])
        return Product(_over(factors), ("*", *children[1::2]), factors)

    def minus(self, children: Children) -> Minus:
        mark, operand = children
        return Minus((mark.start_pos, operand.span[1]), operand)

    negative = minus

    def share_of(self, children: Children) -> Share:
        rate, base = children
        return Share((rate.span[0], base.span[1]), rate, base)

    def share_reversed(self, children: Children) -> Share:
        base, rate = children
        return Share((base.span[0], rate.span[1]), rate, base)

    def tiers_marginal(self, children: Children) -> Tiers:
        amount, table = children
        return Tiers((amount.span[0], table.end_pos), amount, self.name_at(table), False)

    def tiers_whole(self, children: Children) -> Tiers:
        amount, table = children
        return Tiers((amount.span[0], table.end_pos), amount, self.name_at(table), True)

    def rounded(self, children: Children) -> Rounded:
        operand, mode, unit = children
        return Rounded((operand.span[0], unit.span[1]), operand, mode, self.money_unit(unit))

    def money_unit(self, unit: Expression) -> Literal:
        """The unit of a rounding, which must be a positive amount of whole fen."""
        if (
            not isinstance(unit, Literal)
            or unit.type != "money"
            or unit.denominator != 1
            or not unit.numerator
        ):
            raise self.refuse("YB016", unit.span)
        return unit

    def half_up(self, children: Children) -> str:
        return "half_up"

    def half_even(self, children: Children) -> str:
        return "half_even"

    def up(self, children: Children) -> str:
        return "up"

    def down(self, children: Children) -> str:
        return "down"

    def extreme(self, children: Children) -> tuple[str, int]:
        return children[0].type[1:].lower(), children[0].start_pos

    def extreme_of(self, children: Children) -> Extreme:
        (word, start), _open, *operands, close = children
        return Extreme((start, close.end_pos), word, tuple(operands))

    def parenthesised(self, children: Children) -> Expression:
        inner: Expression = children[1]
        return inner

    # ── other dates, tables, counts ──

    def year(self, children: Children) -> tuple[int, Token]:
        token: Token = children[0]
        text = token.value.removesuffix("年")
        span = (token.start_pos, token.end_pos)
        if len(text) != 4 or not LIMITS.first_year <= int(text) <= LIMITS.last_year:
            raise self.refuse(
                "YB014", span, text=token.value, first=LIMITS.first_year, last=LIMITS.last_year
            )
        return int(text), token

    def in_year(self, children: Children) -> tuple[int | None, int]:
        found = children[0]
        return (found if type(found) is tuple else self.year([found]))[0], 0

    def this_year(self, children: Children) -> tuple[None, int]:
        return None, 0

    def last_year(self, children: Children) -> tuple[None, int]:
        return None, 1

    def year_before_last(self, children: Children) -> tuple[None, int]:
        return None, 2

    def year_accessed(self, children: Children) -> InYear:
        name, (year, back) = children
        return InYear((name.start_pos, name.end_pos), self.name_at(name), year, back)

    def prefixed_access(self, children: Children) -> InYear:
        return self.year_accessed([children[1], children[0]])

    def monthday_of(self, children: Children) -> DayOfYear:
        token, (_, back) = children
        return DayOfYear((token.start_pos, token.end_pos), *self.monthday_at(token), back)

    def monthday_of_reversed(self, children: Children) -> DayOfYear:
        return self.monthday_of([children[1], children[0]])

    def lookup(self, children: Children) -> Lookup:
        column, table = children
        span = (column.start_pos, table.end_pos)
        return Lookup(span, self.name_at(column), self.name_at(table))

    def as_of(self, children: Children) -> AsOf:
        name, when = children
        return AsOf((name.start_pos, when.span[1]), self.name_at(name), when)

    def date_word(self, children: Children) -> Token:
        token: Token = children[0]
        return token

    def date_word_value(self, children: Children) -> DateWord:
        token = children[0]
        return DateWord((token.start_pos, token.end_pos), token.type[1:].lower())

    def start_of(self, children: Children) -> StartOf:
        name = self.name_at(children[0])
        return StartOf(name.span, name)

    def count_of(self, children: Children) -> CountOf:
        name = self.name_at(children[0])
        return CountOf(name.span, name, children[1])

    def counted_period(self, children: Children) -> str:
        period: str = children[0].type[1:].lower()
        return period

    def unit(self, children: Children) -> tuple[str, int, int]:
        token: Token = children[0]
        return token.type, token.start_pos, token.end_pos

    def between(self, children: Children) -> Between:
        (unit, start, _), first, last = children
        return Between((start, last.span[1]), _ENGLISH_UNIT[unit], first, last)

    # ── ranges ──

    def bracket_range(self, children: Children) -> Range:
        left, low, high, right = children
        span = (left.start_pos, right.end_pos)
        return Range(span, low, high, left.type == "LPAR", right.type == "RPAR")

    def dotted_range(self, children: Children) -> Range:
        low, dots, high = children
        start = dots.start_pos if low is None else low.span[0]
        end = dots.end_pos if high is None else high.span[1]
        return Range((start, end), low, high, False, False)

    def comparator_range(self, children: Children) -> Range:
        token, bound = children
        span = (token.start_pos, bound.span[1])
        if token.value in (">", ">="):
            return Range(span, bound, None, token.value == ">", False)
        if token.value in ("<", "<="):
            return Range(span, None, bound, False, token.value == "<")
        raise self.refuse("YB017", span)


def _over(nodes: Any) -> Span:
    return nodes[0].span[0], nodes[-1].span[1]


def _read_rate(text: str) -> tuple[values.Type, int, int]:
    """`2.5%`, `3‰` or `1/12`; ZeroDivisionError for a denominator of zero."""
    above, slash, below = text.partition("/")
    if not slash:
        return values.rate_literal(text)
    numerator, denominator = values.number_literal(above)[1], values.number_literal(below)[1]
    if denominator == 0:
        raise ZeroDivisionError
    return values.RATE, numerator, denominator


_CLAUSES = {
    "bucket": "TO",
    "stream": "AS",
    "assessed": "ASSESSED_ON",
    "prorated": "PRORATED_OF",
}


def clause_words(kind: str) -> Said:
    """A clause by the keyword that opens it, in both languages.

    >>> clause_words("bucket").en
    'to'
    """
    if kind == "schedule":
        return Said(en="monthly, yearly or once", zh="每月、每年或一次性")
    keyword = vocabulary().keywords[_CLAUSES.get(kind, kind.upper())]
    return Said(en=keyword.spelling("en"), zh=keyword.spelling("zh"))
