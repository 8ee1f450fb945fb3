"""Ledgers, events and questions about them as pieces of text; see `printer_expressions`."""

from yibaolang.language.printer_expressions import (
    OPERAND,
    VALUE,
    Handler,
    Items,
    key,
    listed,
)  # fmt: skip
from yibaolang.language.printer_rules import (
    PAUSE,
    day_of_month,
    names,
    optional,
    string,
    texts_of,
)  # fmt: skip
from yibaolang.language.printer_sentences import (
    event_id,
    figure_of,
    figure_of_person,
    verdict,
    when,
)  # fmt: skip
from yibaolang.language.printer_spacing import Piece
from yibaolang.language.syntax import (
    DayCount,
    Event,
    EventLine,
    Expression,
    Happening,
    HeirShare,
    Holiday,
    Ledger,
    Node,
    Phases,
    PostOn,
    Why,
    WhyNot,
)  # fmt: skip

_SPACE: Piece = ("SPACE", "")
_LIST: Piece = ("LIST", ",")
_VERBS = {"opening": "OPENING", "credit": "CREDIT", "repaid": "REPAID"}


def _ledger(node: Ledger, _chinese: bool) -> Items:
    items: Items = [key("LEDGER"), _SPACE]
    if node.person is not None:
        items += [(node.person, OPERAND), _SPACE]
    items += optional("FROM", node.start) + optional("TO", node.end)
    return [*items, _SPACE, key("AS_LISTED")] if node.as_listed else items


def event_columns(node: Event, chinese: bool) -> list[Items]:
    """The columns of an event: its date, its id, and what happens."""
    said: Items = [(node.happening, VALUE)]
    if node.effective is not None:
        said += [PAUSE, *optional("EFFECTIVE", node.effective)]
    said.append((node.origin, VALUE))
    return [[(node.date, OPERAND)], [event_id(node.id)] if node.id else [], said]


# ── what happens ──


def _happening(node: Happening, chinese: bool) -> Items:
    if node.kind == "expect" and node.figure is not None:
        expected = figure_of(node.figure, node.of, chinese)
        return [key("EXPECT"), *expected, *verdict(node.sign, node.value, node.code)]
    if node.kind in ("void", "replace"):
        return _corrected(node, chinese)
    if node.kind == "seal":
        return [key("SEAL"), string(node.text)]
    if node.kind == "moves":
        version: Items = [key("AS"), string(node.version)] if node.version else []
        return [*optional("MOVES_TO", node.name), *version]
    if node.kind == "adjust":
        return _adjusted(node, chinese)
    if node.kind in _VERBS:
        return _money(node)
    return _said_of_name(node, chinese)


def _corrected(node: Happening, chinese: bool) -> Items:
    if node.instead is None:
        return [key("VOID"), event_id(node.target)]
    becomes = key("BECOMES" if chinese else "WITH")
    return [key("REPLACE"), event_id(node.target), becomes, (node.instead, VALUE)]


def _amount(node: Expression | None) -> Items:
    return [] if node is None else [(node, OPERAND)]


def _adjusted(node: Happening, chinese: bool) -> Items:
    """Chinese names the bucket first."""
    bucket = optional(node.direction.upper(), node.bucket)
    adjusted = [key("ADJUST"), *_amount(node.amount)]
    return [*bucket, *adjusted] if chinese else [*adjusted, *bucket]


def _money(node: Happening) -> Items:
    verb = key(_VERBS[node.kind])
    if node.kind == "opening":
        return [verb, *_amount(node.bucket), *_amount(node.amount)]
    return [verb, *_amount(node.amount), *optional("TO", node.bucket)]


def _said_of_name(node: Happening, chinese: bool) -> Items:
    """A bill, a value, or what begins or ends to hold."""
    items = [key("NOT"), *_amount(node.name)] if node.kind == "not" else _amount(node.name)
    if node.kind == "value":
        return [*items, ("COMPARE", "="), *_value(node.value)]
    return items + _amount(node.amount) + _bill_clauses(node) + _closing_clauses(node, chinese)


def _value(value: Expression | None) -> Items:
    return [] if value is None else [(value, VALUE)]


def _bill_clauses(node: Happening) -> Items:
    items = optional("AT", node.level) + optional("FOR", node.relation) + _amount(node.member)
    if node.eligible is not None:
        items += [PAUSE, *optional("ELIGIBLE", node.eligible)]
    if node.lines:
        items += [PAUSE, key("INCLUDING"), *listed(node.lines, VALUE, _LIST)]
    if node.facts:
        items += [PAUSE, key("WITH"), *listed(node.facts, VALUE, _LIST)]
    return items


def _closing_clauses(node: Happening, chinese: bool) -> Items:
    items: Items = []
    if node.shares:
        items += [key("CLOSE_TO" if chinese else "TO"), *listed(node.shares, VALUE, _LIST)]
    if node.documents:
        items += [PAUSE, key("SHOWING"), *texts_of(node.documents)]
    return items


def _event_line(node: EventLine, _chinese: bool) -> Items:
    return [(node.name, OPERAND), (node.amount, OPERAND)]


def _heir_share(node: HeirShare, _chinese: bool) -> Items:
    return [(node.name, OPERAND), *_amount(node.weight)]


# ── questions ──


def _why(node: Why, chinese: bool) -> Items:
    return [key("WHY"), *figure_of_person(node.figure, node.person, chinese), *when(node.period)]


def _why_not(node: WhyNot, chinese: bool) -> Items:
    what: Items = [(node.happening, VALUE)]
    if chinese and node.person is not None:
        what = [(node.person, OPERAND), key("DE"), *what]
    else:
        what += optional("OF", node.person)
    return [key("WHY_NOT"), *what, *optional("ON", node.on)]


# ── rules that only a ledger runs, and days off ──


def _phases(node: Phases, _chinese: bool) -> Items:
    items: Items = [key("PHASES"), _SPACE]
    for index, group in enumerate(node.groups):
        items += [PAUSE, key("THEN"), *names(group)] if index else names(group)
    return items


def _day_count(node: DayCount, _chinese: bool) -> Items:
    return [key("DAY_COUNT"), ("LITERAL", str(node.days))]


def _post_on(node: PostOn, chinese: bool) -> Items:
    return [key("POST_ON_DAY"), day_of_month(node.day, chinese)]


def _holiday(node: Holiday, chinese: bool) -> Items:
    days = [key("WORKDAY" if node.working else "HOLIDAY"), *_amount(node.first)]
    return [*days, *optional("UNTIL" if chinese else "TO", node.last), (node.origin, VALUE)]


HANDLERS: dict[type[Node], Handler] = {
    DayCount: _day_count, EventLine: _event_line, Happening: _happening, HeirShare: _heir_share,
    Holiday: _holiday, Ledger: _ledger, Phases: _phases, PostOn: _post_on, Why: _why,
    WhyNot: _why_not,
}  # fmt: skip
