"""Declarations, sections, people and questions as pieces of text; see `printer_expressions`."""

from yibaolang.language.printer_expressions import (
    OPERAND,
    SUM,
    VALUE,
    Handler,
    Items,
    key,
    listed,
    year,
)  # fmt: skip
from yibaolang.language.printer_rules import optional, string, subject
from yibaolang.language.printer_spacing import Piece
from yibaolang.language.syntax import (
    Bucket,
    Category,
    Cell,
    Choice,
    Compare,
    Compared,
    DateLiteral,
    Define,
    Evaluate,
    Expect,
    Expression,
    Fact,
    Figure,
    Given,
    Include,
    Input,
    Literal,
    Name,
    Names,
    Node,
    Param,
    ParamRow,
    Period,
    Person,
    Range,
    Region,
    Show,
    Sum,
    Table,
    Test,
    Use,
    Version,
)  # fmt: skip

_SPACE: Piece = ("SPACE", "")
"""A space that Chinese writes after the keyword and the names of a declaration."""
_FIGURES = {"credit": "CREDIT", "deduct": "DEDUCT", "net_credit": "NET_CREDIT"}


def _declared(token: str, names: Names) -> Items:
    return [key(token), _SPACE, (names, VALUE)]


def _names(node: Names, _chinese: bool) -> Items:
    items: Items = []
    for text in node.texts:
        items += [("BAR", "|"), ("DECLARED", text)] if items else [("DECLARED", text)]
    return items


def _typed(type_: Name | None, domain: Range | None = None) -> Items:
    """What a colon and `in` say of a name, and the space that ends the name if nothing does."""
    items: Items = [_SPACE] if type_ is None else [("COLON", ":"), ("TYPE", type_.text)]
    return items if domain is None else [*items, key("IN"), (domain, VALUE)]


def _until(date: DateLiteral | None) -> Items:
    return optional("UNTIL", date)


def _as(text: str) -> Items:
    return [key("AS"), string(text)] if text else []


# ── declarations ──


def _choice(node: Choice, _chinese: bool) -> Items:
    return [*_declared("CHOICE", node.names), ("COLON", ":"), *listed(node.values)]


def _category(node: Category, _chinese: bool) -> Items:
    return [key("CATEGORY"), _SPACE, *listed(node.values)]


def _bucket(node: Bucket, _chinese: bool) -> Items:
    return [key("BUCKET"), _SPACE, *listed(node.values)]


def _input(node: Input, _chinese: bool) -> Items:
    said = _declared("INPUT", node.names) + _typed(node.type, node.domain)
    if node.default is not None:
        said += [_SPACE, key("OTHERWISE"), (node.default, VALUE)]
    return [*said, (node.origin, VALUE)]


def _define(node: Define, _chinese: bool) -> Items:
    said = _declared("DEFINE", node.names) + _typed(node.type, node.domain)
    return [*said, ("DEFINES", "="), (node.value, VALUE), (node.origin, VALUE)]


def _param(node: Param, _chinese: bool) -> Items:
    said = _declared("PARAM", node.names) + _typed(node.type)
    if node.value is not None:
        said += [("DEFINES", "="), (node.value, VALUE)]
    return [*said, (node.origin, VALUE)]


def param_row_columns(node: ParamRow) -> list[Items]:
    """The columns of a dated value: its dates, the value, its source."""
    dates: Items = [(node.since, OPERAND), *_until(node.until)]
    return [dates, [(node.value, VALUE)], [(node.origin, VALUE)]]


def _table(node: Table, _chinese: bool) -> Items:
    return [*_declared("TABLE", node.names), (node.origin, VALUE)]


def cell_items(node: Cell) -> Items:
    """A cell of a table."""
    if node.kind == "any":
        return [("ALONE", "-")]
    if node.range is not None:
        return _cell_range(node.range)
    return [*listed(node.values, SUM), *_typed(node.type)]


def _cell_range(node: Range) -> Items:
    """A closed bound alone is written as a comparison."""
    low, high = node.low, node.high
    if not (node.low_open or node.high_open):
        if low is not None and high is None:
            return [("COMPARE", ">="), (low, SUM)]
        if high is not None and low is None:
            return [("COMPARE", "<="), (high, SUM)]
    return [(node, VALUE)]


# ── sections ──


def _region(node: Region, _chinese: bool) -> Items:
    said = _declared("REGION", node.names)
    if node.parent is not None:
        said += [_SPACE, key("UNDER"), _SPACE, (node.parent, OPERAND)]
    return [*said, (node.origin, VALUE)]


def _version(node: Version, _chinese: bool) -> Items:
    said = [*optional("SINCE", node.since), *_until(node.until), *_as(node.name)]
    return [*said, (node.origin, VALUE)]


def _include(node: Include, _chinese: bool) -> Items:
    what: Piece = string(node.path) if node.path else ("NAME", node.region)
    return [key("INCLUDE"), _SPACE, what]


def _use(node: Use, _chinese: bool) -> Items:
    return [key("USE"), (node.region, OPERAND), key("AS"), string(node.version)]


# ── people, tests, questions ──


def _fact(node: Fact, _chinese: bool) -> Items:
    name: Items = [(node.name, OPERAND)]
    if node.kind == "value":
        name += _fact_value(node.value)
    elif node.kind == "not":
        name = [key("NOT"), *name]
    elif node.kind == "region":
        name = [key("IN"), *name, *_as(node.version)]
    return [*name, *optional("SINCE", node.since), *_until(node.until)]


def _fact_value(value: Expression | None) -> Items:
    """A literal follows its name at once, other values after an equals sign."""
    if value is None:
        return []
    plain = isinstance(value, Literal | DateLiteral)
    return [(value, VALUE)] if plain else [("COMPARE", "="), (value, VALUE)]


def _person(node: Person, _chinese: bool) -> Items:
    return [*_declared("PERSON", node.names), ("COLON", ":"), *listed(node.facts)]


def _test(node: Test, _chinese: bool) -> Items:
    return [key("TEST"), string(node.title)]


def _given(node: Given, _chinese: bool) -> Items:
    return [key("GIVEN"), _SPACE, *listed(node.facts)]


def event_id(name: str) -> Piece:
    """The id of an event."""
    return "LITERAL", f"^{name}"


def figure_of(figure: Figure, event: str, chinese: bool) -> Items:
    """A figure, of an event if one is named; Chinese names it first."""
    if not event:
        return [(figure, VALUE)]
    if chinese:
        return [event_id(event), key("DE"), (figure, VALUE)]
    return [(figure, VALUE), key("OF"), event_id(event)]


def verdict(sign: str, value: Expression | None, code: str) -> Items:
    """What is expected of a figure: a value, or that it is refused."""
    if value is not None:
        return [("COMPARE", sign), (value, VALUE)]
    return [key("REFUSED"), string(code)] if code else [key("REFUSED")]


def _figure(node: Figure, _chinese: bool) -> Items:
    token = _FIGURES.get(node.kind)
    if token is not None or node.name is None:
        return [key(token or "CREDIT")]
    if node.kind == "wait":
        return [key("WAIT"), key("FOR"), subject(node.name)]
    if node.kind == "event":
        return [event_id(node.name.text)]
    return [(node.name, OPERAND)]


def _period(node: Period, chinese: bool) -> Items:
    if node.year is not None:
        many: Items = [key("BY_MONTH")] if node.kind == "by_month" else []
        return [*many, key("IN"), year(node.year, chinese)]
    if node.kind == "span":
        return [*optional("FROM", node.first), *optional("TO", node.last)]
    return optional("ON", node.first)


def when(period: Period | None) -> Items:
    """When it is asked, if that is said."""
    return [] if period is None else [(period, VALUE)]


def _expect(node: Expect, chinese: bool) -> Items:
    asked = [*optional("ON", node.on), key("EXPECT"), *figure_of(node.figure, node.of, chinese)]
    return [*asked, *when(node.period), *verdict(node.sign, node.value, node.code)]


def figure_of_person(figure: Figure, person: Name | None, chinese: bool) -> Items:
    """A figure, of a person if one is named; Chinese names the person first."""
    if chinese and person is not None:
        return [(person, OPERAND), key("DE"), (figure, VALUE)]
    return [(figure, VALUE), *optional("OF", person)]


def _show(node: Show, chinese: bool) -> Items:
    asked = figure_of_person(node.figure, node.person, chinese)
    return [key(node.verb.upper()), *asked, *when(node.period)]


def _compared(node: Compared, _chinese: bool) -> Items:
    return [(node.region, OPERAND), *_as(node.version)]


def _compare(node: Compare, chinese: bool) -> Items:
    compared = listed(node.regions, OPERAND, ("LIST", ","))
    if node.figure is not None and chinese:
        compared += [key("DE"), (node.figure, VALUE)]
    elif node.figure is not None:
        compared = [(node.figure, VALUE), key("UNDER"), *compared]
    return [key("COMPARE"), *compared, *optional("FOR", node.person), *when(node.period)]


def _evaluate(node: Evaluate, _chinese: bool) -> Items:
    value = node.value
    if isinstance(value, Sum) and isinstance(value.terms[0], DateLiteral) and value.signs[1] == "-":
        # A line that begins with a date and a minus sign is a row of a param.
        return [("OPEN", "("), (value, VALUE), ("CLOSE", ")")]
    return [(value, VALUE)]


HANDLERS: dict[type[Node], Handler] = {
    Bucket: _bucket, Category: _category, Choice: _choice, Compare: _compare,
    Compared: _compared, Define: _define, Evaluate: _evaluate, Expect: _expect, Fact: _fact,
    Figure: _figure, Given: _given, Include: _include, Input: _input, Names: _names,
    Param: _param, Period: _period, Person: _person, Region: _region, Show: _show, Table: _table,
    Test: _test, Use: _use, Version: _version,
}  # fmt: skip
