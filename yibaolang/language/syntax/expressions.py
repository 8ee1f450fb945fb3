"""Values in sentences."""

from yibaolang.language.syntax.node import Node, node


@node
class Expression(Node):
    """A value in a sentence."""


@node
class Literal(Expression):
    """A literal as typed (full-width folded). `type` is a kind of model.values; `numerator` over
    `denominator` in fen, months, days or plain.
    """

    type: str
    numerator: int
    denominator: int
    text: str


@node
class DateLiteral(Expression):
    """A day, or with `month_only` a month (its first day)."""

    year: int
    month: int
    day: int
    month_only: bool


@node
class Name(Expression):
    """A name as written."""

    text: str


@node
class Truth(Expression):
    """Yes or no."""

    value: bool


@node
class Missing(Expression):
    """`unknown` or `none`: a stated absence of value."""

    kind: str


@node
class Minus(Expression):
    """The negative."""

    operand: Expression


@node
class Not(Expression):
    """The opposite."""

    operand: Expression


@node
class Junction(Expression):
    """`and` or `or` over two operands or more."""

    word: str
    operands: tuple[Expression, ...]


@node
class Comparison(Expression):
    """One of = != < <= > >=."""

    sign: str
    left: Expression
    right: Expression


@node
class Within(Expression):
    """Inside a range."""

    operand: Expression
    range: "Range"


@node
class Sum(Expression):
    """Terms with their signs: + - `on top of` `including`; the first sign is +."""

    signs: tuple[str, ...]
    terms: tuple[Expression, ...]


@node
class Product(Expression):
    """Factors with their signs * and /; the first is *."""

    signs: tuple[str, ...]
    factors: tuple[Expression, ...]


@node
class Share(Expression):
    """`rate of base`."""

    rate: Expression
    base: Expression


@node
class Tiers(Expression):
    """An amount by the tiers of a table; `whole` or marginal."""

    amount: Expression
    table: Name
    whole: bool


@node
class Rounded(Expression):
    """Rounding at this place, to a multiple of `unit`."""

    operand: Expression
    mode: str
    unit: Literal


@node
class InYear(Expression):
    """A param in a calendar year: a fixed `year`, or `years_back` from today's."""

    name: Name
    year: int | None
    years_back: int


@node
class Lookup(Expression):
    """A column of a table, by the table's keys."""

    column: Name
    table: Name


@node
class AsOf(Expression):
    """A name's value on another date."""

    name: Name
    date: Expression


@node
class DateWord(Expression):
    """Today, first_of_month, last_of_month, last_of_last_month, posting_day or year_start."""

    word: str


@node
class DayOfYear(Expression):
    """A month and day of this year or an earlier one."""

    month: int
    day: int
    years_back: int


@node
class StartOf(Expression):
    """The date since when a choice value holds."""

    name: Name


@node
class CountOf(Expression):
    """How many events of a category in the period so far."""

    category: Name
    period: str


@node
class Between(Expression):
    """Full years, months or days between two dates."""

    unit: str
    start: Expression
    end: Expression


@node
class Extreme(Expression):
    """Min or max."""

    word: str
    operands: tuple[Expression, ...]


@node
class Cases(Expression):
    """The value of the first case whose condition holds; else `otherwise` or an error."""

    values: tuple[Expression, ...]
    conditions: tuple[Expression, ...]
    otherwise: Expression | None


@node
class Range(Node):
    """Bounds, either of which may be missing."""

    low: Expression | None
    high: Expression | None
    low_open: bool
    high_open: bool
