"""Rules as pieces of text, for both languages; see `printer_expressions`."""

from yibaolang.language.printer_expressions import (
    OPERAND,
    OR,
    SUM,
    VALUE,
    Handler,
    Item,
    Items,
    key,
    listed,
    monthday,
    round_mode,
)  # fmt: skip
from yibaolang.language.printer_spacing import Piece
from yibaolang.language.syntax import (
    Allow,
    Carry,
    Close,
    Comparison,
    Counted,
    Cover,
    CoverClause,
    Credit,
    DateLiteral,
    Deduct,
    Draw,
    Expression,
    Interest,
    Literal,
    Name,
    Node,
    Origin,
    Require,
    Rounding,
    Rule,
    Schedule,
    Texts,
    Wait,
    Within,
    YearFrom,
)  # fmt: skip

PAUSE: Piece = ("PAUSE", ",")
"""A comma that Chinese writes and English does not; the lexer drops it before these keywords."""
_NAMES: Piece = ("LIST", ",")
_COVERED_BY = {"table": "BY_TABLE", "marginal": "BY_MARGINAL", "whole": "BY_WHOLE"}
_SUBJECTS = {"cover": "COVER", "credit": "CREDIT"}
_CLAUSES = {"above": "ABOVE", "at_most": "AT_MOST", "up_to": "UP_TO", "then": "UP_TO"}


def names(nodes: tuple[Name, ...]) -> Items:
    """Names in a list."""
    return listed(nodes, OPERAND, _NAMES)


def string(text: str) -> Piece:
    """A text in quotation marks."""
    return "STRING", f'"{text}"'


def optional(token: str, *nodes: Node | None, level: int = OPERAND) -> Items:
    """A keyword and what follows it, or nothing if there is nothing to follow."""
    given = tuple(node for node in nodes if node is not None)
    return [key(token), *listed(given, level, _NAMES)] if given else []


def subject(node: Name) -> Item:
    """What is required or waited for: a kind of rule, or a name."""
    token = _SUBJECTS.get(node.text)
    return (node, OPERAND) if token is None else key(token)


def origin(node: Origin, _chinese: bool) -> Items:
    """What a sentence says of its source."""
    items: Items = []
    for token, text in (("CITE", node.cite), ("ATTESTED", node.attested)):
        if text:
            items += [("SPACE", ""), key(token), string(text)]
    return [*items, PAUSE, key("BECAUSE"), string(node.because)] if node.because else items


def _begins_with_date(node: Expression) -> bool:
    """Whether the text of an expression begins with a date."""
    first: object = node
    while not isinstance(first, DateLiteral):
        inner = [getattr(first, name, None) for name in ("terms", "operands", "factors")]
        many = next((each for each in inner if isinstance(each, tuple) and each), None)
        if many is not None:
            first = many[0]
        elif isinstance(first, Comparison):
            first = first.left
        elif isinstance(first, Within):
            first = first.operand
        else:
            return False
    return True


def _rule(node: Rule, chinese: bool) -> Items:
    items: Items = [key("ALSO")] if node.also else []
    if node.exception:
        items.append(key("EXCEPT_WHEN"))
    if node.guard is not None:
        if _begins_with_date(node.guard):
            # A date at the beginning of a line is the day of an event, or a row of a param.
            items += [("OPEN", "("), (node.guard, VALUE), ("CLOSE", ")")]
        else:
            items.append((node.guard, OR))
        if chinese and isinstance(node.action, Wait):
            items.append(("COMMA", ","))
        elif not isinstance(node.action, Close | YearFrom):
            items.append(PAUSE)
    return [*items, (node.action, VALUE), (node.origin, VALUE)]


# ── credit, deduct ──


def _schedule(node: Schedule, chinese: bool) -> Items:
    items: Items = [key(node.frequency.upper())]
    if node.day_kind == "day":
        items += [] if chinese else [key("ON_DAY")]
        items.append(day_of_month(node.day, chinese))
    elif node.day_kind == "by_day":
        items += [key("BY_DAY"), day_of_month(node.day, chinese)]
    elif node.day_kind == "monthday":
        items += [] if chinese else [key("ON")]
        items.append(monthday(node.month, node.day, chinese))
    elif node.day_kind == "word":
        items += [key("ON"), key(node.word.upper())]
    return [*items, key("MOVED_BEFORE")] if node.before_holiday else items


def day_of_month(day: int, chinese: bool) -> Piece:
    """A day of the month."""
    return "LITERAL", f"{day}\u65e5" if chinese else str(day)


def _scheduled(verb: str, amount: Expression, schedule: Schedule | None, chinese: bool) -> Items:
    """English puts the schedule after the amount, Chinese before the verb."""
    when: Items = [] if schedule is None else [(schedule, VALUE)]
    paid: Items = [key(verb), (amount, VALUE)]
    return [*when, *paid] if chinese else [*paid, *when]


def _credit(node: Credit, chinese: bool) -> Items:
    items = _scheduled("CREDIT", node.amount, node.schedule, chinese)
    if node.prorated:
        token = "PRORATED_OF" if node.prorated == "month_of" else "PRORATED_AFTER"
        items += optional(token, node.prorated_date)
    items += optional("TO", node.bucket) + optional("AS", node.stream)
    if node.assessed:
        items += [key("ASSESSED_ON"), key(node.assessed.upper())]
    return items + optional("WHEN", node.when, level=OR)


def _deduct(node: Deduct, chinese: bool) -> Items:
    items = _scheduled("DEDUCT", node.amount, node.schedule, chinese)
    return [*items, key("FOR"), string(node.purpose)] if node.purpose else items


# ── cover ──


def _counted(node: Counted, _chinese: bool) -> Items:
    items: Items = [key(node.period.upper())] if node.period else []
    if node.all_levels:
        items.append(key("OVER_ALL_LEVELS"))
    if node.each_level:
        items.append(key("EACH_LEVEL"))
    return items + optional("AS", node.name)


def _is_rate(node: Expression | None) -> bool:
    return isinstance(node, Literal) and node.type == "rate"


def _ratio(rate: Expression) -> Items:
    """A rate or a name stands alone; any other expression needs parentheses."""
    if _is_rate(rate) or isinstance(rate, Name):
        return [(rate, OPERAND)]
    return [("OPEN", "("), (rate, SUM), ("CLOSE", ")")]


def _cover(node: Cover, chinese: bool) -> Items:
    what = names(node.categories) + optional("AT", *node.levels)
    items: Items = [key("COVER")]
    if node.rate is None:
        items += [*what, *optional(_COVERED_BY[node.by], node.table)]
        items += [] if node.counted is None else [(node.counted, VALUE)]
    elif chinese:
        items += [*what, key("DE"), *_ratio(node.rate)]
    else:
        items += [*_ratio(node.rate), key("OF"), *what]
    for clause in node.clauses:
        items += [PAUSE, (clause, VALUE)]
    return items


def _cover_clause(node: CoverClause, _chinese: bool) -> Items:
    if node.kind == "except_lines":
        return optional("EXCEPT_LINES", node.name)
    items = optional("THEN", node.name)
    items += [] if node.rate is None else _ratio(node.rate)
    items += [key(f"COUNTING_{node.counting.upper()}")] if node.counting else []
    return items + _limit(_CLAUSES[node.kind], node.amount, node.counted)


def _limit(token: str, amount: Expression | None, counted: Counted | None) -> Items:
    items = optional(token, amount, level=OR)
    return items if counted is None else [*items, (counted, VALUE)]


# ── allow, draw, interest, carry, round ──


def _allow(node: Allow, _chinese: bool) -> Items:
    items: Items = [key("DENY" if node.deny else "ALLOW"), *names(node.categories)]
    items += optional("FOR", *node.relations) + optional("WHEN", node.when, level=OR)
    if node.limit is not None:
        items += [PAUSE, *_limit("UP_TO", node.limit, node.counted)]
    return items + optional("FROM", *node.buckets)


def _draw(node: Draw, _chinese: bool) -> Items:
    first, *others = node.buckets
    items: Items = [key("DRAW"), (first, OPERAND)]
    for bucket in others:
        items += [PAUSE, key("THEN"), (bucket, OPERAND)]
    if node.before_cover:
        items += [PAUSE, key("BEFORE_COVER")]
    rest = optional("REST_TO", node.rest)
    return [*items, ("COMMA", ","), *rest] if rest else items


def _interest(node: Interest, chinese: bool) -> Items:
    items: Items = [key("INTEREST"), (node.rate, OPERAND), key("YEARLY")]
    items += optional("OF", *node.buckets)
    if node.basis_day is None:
        items.append(key(f"ON_{node.basis.upper()}"))
    else:
        items += [key("ON_BALANCE_ON"), monthday(*node.basis_day, chinese)]
    if node.posted_on is not None:
        items += [key("POSTED_ON"), monthday(*node.posted_on, chinese)]
    return items + optional("TO", node.into)


def _carry(node: Carry, chinese: bool) -> Items:
    moved: Items = [key("CARRY"), (node.bucket, OPERAND), key("INTO"), (node.into, OPERAND)]
    return [*moved, key("ON"), monthday(node.month, node.day, chinese)]


def _rounding(node: Rounding, chinese: bool) -> Items:
    return [key("ROUND"), *round_mode(node.mode, chinese), (node.unit, OPERAND)]


# ── require, wait, close, words ──


def _require(node: Require, _chinese: bool) -> Items:
    return [key("REQUIRE"), (node.condition, OR), key("FOR"), subject(node.benefit)]


def _wait(node: Wait, chinese: bool) -> Items:
    length: Item = key("UNTIL_NEXT_MONTH") if node.length is None else (node.length, OPERAND)
    if chinese:
        items: Items = [(node.after, OR), key("AFTER"), key("WAIT"), length]
    else:
        items = [key("WAIT"), length, key("AFTER"), (node.after, OPERAND)]
    items.append(key("FOR"))
    for index, each in enumerate(node.subjects):
        items += [_NAMES, subject(each)] if index else [subject(each)]
    if node.unless is not None:
        items += [PAUSE, key("UNLESS"), (node.unless, OR)]
    return items


def texts_of(texts: tuple[str, ...]) -> Items:
    """Texts in a list."""
    items: Items = []
    for text in texts:
        items += [_NAMES, string(text)] if items else [string(text)]
    return items


def _close(node: Close, _chinese: bool) -> Items:
    items: Items = [key("ON"), (node.event, OPERAND), key("CLOSE_TO"), (node.to, OPERAND)]
    if node.documents:
        items += [PAUSE, key("REQUIRING"), *texts_of(node.documents)]
    return items


def _words(node: Texts, _chinese: bool) -> Items:
    return [key(node.kind.upper()), *texts_of(node.texts)]


def _year_from(node: YearFrom, chinese: bool) -> Items:
    return [key("YEAR_FROM"), monthday(node.month, node.day, chinese)]


HANDLERS: dict[type[Node], Handler] = {
    Allow: _allow, Carry: _carry, Close: _close, Counted: _counted, Cover: _cover,
    CoverClause: _cover_clause, Credit: _credit, Deduct: _deduct, Draw: _draw,
    Interest: _interest, Origin: origin, Require: _require, Rounding: _rounding, Rule: _rule,
    Schedule: _schedule, Texts: _words, Wait: _wait, YearFrom: _year_from,
}  # fmt: skip
