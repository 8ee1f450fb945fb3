"""Values as pieces of text, for both languages.

A handler gives what a node is made of: pieces, and children with the level that the grammar asks
for at their place. The printer expands the children, in parentheses if their own level is lower.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from yibaolang.language.printer_spacing import Piece
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
    Node,
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

VALUE, OR, AND, NOT, COMPARISON, SUM, PRODUCT, UNARY, SHARE, POSTFIX, OPERAND = range(11)
"""How tightly the rules of the grammar bind, loosest first."""

Child = tuple[Node, int]
Item = Piece | Child
Items = list[Item]
Handler = Callable[[Any, bool], Items]
"""From a node, and whether the text is Chinese, to what it is made of."""

_LEVELS: dict[type[Node], int] = {
    Cases: VALUE, Not: NOT, Comparison: COMPARISON, Within: COMPARISON, Sum: SUM,
    Product: PRODUCT, Minus: UNARY, Rounded: UNARY, Tiers: POSTFIX,
}  # fmt: skip
_BACK = {0: "OF_THIS_YEAR", 1: "OF_LAST_YEAR", 2: "OF_YEAR_BEFORE_LAST"}
_LAST_YEAR_WORD = 2200
"""The last year that is read as a year with the Chinese word for year after it."""
_MODES = {
    "half_up": ("HALF_UP", "TO"),
    "half_even": ("HALF_EVEN", "TO"),
    "down": ("DOWN", "TO"),
}
_ENGLISH_UNITS = {"\u5e74": "year", "\u4e2a\u6708": "month", "\u5929": "day"}
_CHINESE_UNITS = {word: unit for unit, word in _ENGLISH_UNITS.items()}
_DIGITS = "0123456789."


def level_of(node: Node, chinese: bool) -> int:
    """How tightly a node binds as it is printed."""
    if isinstance(node, Junction):
        return OR if node.word == "or" else AND
    if isinstance(node, Share):
        return POSTFIX if chinese else SHARE
    return _LEVELS.get(type(node), OPERAND)


def key(token: str) -> Piece:
    """The piece of a keyword."""
    return "KEY", token


def listed(
    children: Iterable[Node], level: int = OPERAND, separator: Piece = ("COMMA", ",")
) -> Items:
    """Children with commas between them."""
    items: Items = []
    for child in children:
        if items:
            items.append(separator)
        items.append((child, level))
    return items


def literal_text(node: Literal, chinese: bool) -> str:
    """A literal as typed; yuan and durations in the form of the language.

    >>> literal_text(Literal((0, 0), "months", 12, 1, "1年"), chinese=False)
    '1 year'
    """
    text = node.text
    if text.startswith("\u00a5"):
        return text[1:] + "\u5143"
    if node.type not in ("months", "days"):
        return text
    number = text[: len(text) - len(text.lstrip(_DIGITS))]
    unit = text[len(number) :].strip()
    if any(digit in _DIGITS for digit in unit):
        return text  # years and months in one, for which English has no form of its own
    unit = _ENGLISH_UNITS.get(unit, unit.removesuffix("s"))
    if chinese:
        return number + _CHINESE_UNITS.get(unit, unit)
    return f"{number} {unit}" if number == "1" else f"{number} {unit}s"


def monthday(month: int, day: int, chinese: bool) -> Piece:
    """A month and day."""
    return "LITERAL", f"{month}\u6708{day}\u65e5" if chinese else f"{month:02}-{day:02}"


def year(number: int, chinese: bool) -> Piece:
    """A calendar year."""
    return "LITERAL", f"{number}\u5e74" if chinese and number <= _LAST_YEAR_WORD else str(number)


def round_mode(mode: str, chinese: bool) -> Items:
    """`half up to`; English reads `up to` as one keyword."""
    if mode == "up":
        return [key("UP"), key("TO")] if chinese else [key("UP_TO")]
    return [key(token) for token in _MODES[mode]]


# ── names and literals ──


def _literal(node: Literal, chinese: bool) -> Items:
    return [("LITERAL", literal_text(node, chinese))]


def _date(node: DateLiteral, _chinese: bool) -> Items:
    day = "" if node.month_only else f"-{node.day:02}"
    return [("LITERAL", f"{node.year:04}-{node.month:02}{day}")]


def _name(node: Name, _chinese: bool) -> Items:
    return [("NAME", node.text)]


def _truth(node: Truth, _chinese: bool) -> Items:
    return [key("YES" if node.value else "NO")]


def _missing(node: Missing, _chinese: bool) -> Items:
    return [key(node.kind.upper())]


# ── logic ──


def _not(node: Not, _chinese: bool) -> Items:
    return [key("NOT"), (node.operand, NOT)]


def _junction(node: Junction, chinese: bool) -> Items:
    return listed(node.operands, level_of(node, chinese) + 1, key(node.word.upper()))


def _comparison(node: Comparison, _chinese: bool) -> Items:
    return [(node.left, SUM), ("COMPARE", node.sign), (node.right, SUM)]


def _within(node: Within, _chinese: bool) -> Items:
    return [(node.operand, SUM), key("WITHIN"), (node.range, VALUE)]


def _cases(node: Cases, chinese: bool) -> Items:
    items: Items = []
    for value, condition in zip(node.values, node.conditions, strict=True):
        if items:
            items.append(("COMMA", ","))
        if chinese:
            items += [key("IF"), (condition, OR), key("GIVES"), (value, OR)]
        else:
            items += [(value, OR), key("IF"), (condition, OR)]
    if node.otherwise is not None:
        items += [("COMMA", ","), key("OTHERWISE"), (node.otherwise, OR)]
    return items


# ── arithmetic ──


def _operators(signs: Sequence[str], operands: Sequence[Expression], level: int) -> Items:
    items: Items = [(operands[0], level)]
    for sign, operand in zip(signs[1:], operands[1:], strict=True):
        word = sign.upper()
        items += [key(word) if word.isidentifier() else ("ARITHMETIC", sign), (operand, level)]
    return items


def _sum(node: Sum, _chinese: bool) -> Items:
    return _operators(node.signs, node.terms, PRODUCT)


def _product(node: Product, _chinese: bool) -> Items:
    items = _operators(node.signs, node.factors, UNARY)
    for index, (sign, factor) in enumerate(zip(node.signs, node.factors, strict=True)):
        # After a division the text 2/3 would be two divisions more.
        if sign == "/" and isinstance(factor, Literal) and "/" in factor.text:
            items[2 * index] = (factor, OPERAND + 1)
    return items


def _minus(node: Minus, _chinese: bool) -> Items:
    return [("PREFIX", "-"), (node.operand, UNARY)]


def _rounded(node: Rounded, chinese: bool) -> Items:
    mode = round_mode(node.mode, chinese)
    return [(node.operand, SHARE), key("ROUNDED"), *mode, (node.unit, OPERAND)]


def _share(node: Share, chinese: bool) -> Items:
    if chinese:
        return [(node.base, POSTFIX), key("DE"), (node.rate, OPERAND)]
    return [(node.rate, OPERAND), key("OF"), (node.base, SHARE)]


def _tiers(node: Tiers, _chinese: bool) -> Items:
    word = key("BY_WHOLE" if node.whole else "BY_MARGINAL")
    return [(node.amount, POSTFIX), word, (node.table, OPERAND)]


def _extreme(node: Extreme, _chinese: bool) -> Items:
    return [key(node.word.upper()), ("CALL", "("), *listed(node.operands, OR), ("CLOSE", ")")]


# ── other dates, tables, counts ──


def _in_year(node: InYear, chinese: bool) -> Items:
    name: Item = (node.name, OPERAND)
    if node.year is None:
        back = key(_BACK[node.years_back])
        return [back, name] if chinese else [name, back]
    if chinese and node.year <= _LAST_YEAR_WORD:
        return [year(node.year, chinese), name]
    return [name, key("IN"), year(node.year, chinese)]


def _day_of_year(node: DayOfYear, chinese: bool) -> Items:
    day, back = monthday(node.month, node.day, chinese), key(_BACK[node.years_back])
    return [back, day] if chinese else [day, back]


def _lookup(node: Lookup, _chinese: bool) -> Items:
    return [(node.column, OPERAND), key("OF_TABLE"), (node.table, OPERAND)]


def _as_of(node: AsOf, _chinese: bool) -> Items:
    return [(node.name, OPERAND), key("AS_OF"), (node.date, OPERAND)]


def _date_word(node: DateWord, _chinese: bool) -> Items:
    return [key(node.word.upper())]


def _start_of(node: StartOf, _chinese: bool) -> Items:
    return [key("START_OF"), (node.name, OPERAND)]


def _count_of(node: CountOf, _chinese: bool) -> Items:
    return [key("COUNT_OF"), (node.category, OPERAND), key(node.period.upper())]


def _between(node: Between, _chinese: bool) -> Items:
    ends: Items = [key("FROM"), (node.start, SUM), key("TO"), (node.end, OPERAND)]
    return [key(node.unit.upper()), *ends]


# ── ranges ──


def _bound(bound: Expression | None) -> Items:
    return [] if bound is None else [(bound, SUM)]


def _range(node: Range, _chinese: bool) -> Items:
    low, high = _bound(node.low), _bound(node.high)
    opens = (node.low_open, node.high_open)
    if opens == (False, False):
        kind = {(False, True): "PREFIX", (True, False): "SUFFIX", (True, True): "DOTS"}
        return [*low, (kind.get((bool(low), bool(high)), "ALONE"), ".."), *high]
    if low and not high and opens == (True, False):
        return [("COMPARE", ">"), *low]
    if high and not low and opens == (False, True):
        return [("COMPARE", "<"), *high]
    left, right = "(" if node.low_open else "[", ")" if node.high_open else "]"
    return [("EDGE_OPEN", left), *low, ("EDGE_COMMA", ","), *high, ("EDGE_CLOSE", right)]


HANDLERS: dict[type[Node], Handler] = {
    AsOf: _as_of, Between: _between, Cases: _cases, Comparison: _comparison, CountOf: _count_of,
    DateLiteral: _date, DateWord: _date_word, DayOfYear: _day_of_year, Extreme: _extreme,
    InYear: _in_year, Junction: _junction, Literal: _literal, Lookup: _lookup, Minus: _minus,
    Missing: _missing, Name: _name, Not: _not, Product: _product, Range: _range,
    Rounded: _rounded, Share: _share, StartOf: _start_of, Sum: _sum, Tiers: _tiers, Truth: _truth,
    Within: _within,
}  # fmt: skip
