"""Rules: a guard, an action, an origin."""

from yibaolang.language.syntax.declarations import Origin, Sentence
from yibaolang.language.syntax.expressions import Expression, Literal, Name
from yibaolang.language.syntax.node import Node, node


@node
class Action(Node):
    """What a rule does."""


@node
class Rule(Sentence):
    """`also`, `except when`, a guard, an action and its origin."""

    also: bool
    exception: bool
    guard: Expression | None
    action: Action
    origin: Origin


@node
class Schedule(Node):
    """How often and on which day: day_kind is none, day, by_day, monthday or word.

    With `before_holiday` a day off gives way to the last working day before it.
    """

    frequency: str
    day_kind: str
    month: int
    day: int
    word: str
    before_holiday: bool


@node
class Credit(Action):
    """Money into the personal account."""

    amount: Expression
    schedule: Schedule | None
    bucket: Name | None
    stream: Name | None
    assessed: str
    prorated: str
    prorated_date: Expression | None
    when: Expression | None


@node
class Deduct(Action):
    """A fixed sum taken from the account."""

    amount: Expression
    schedule: Schedule | None
    purpose: str


@node
class Counted(Node):
    """How a deductible or cap is counted: period, over all levels or at each, counter's name."""

    period: str
    all_levels: bool
    name: Name | None
    each_level: bool


@node
class CoverClause(Node):
    """Kind is above, at_most, up_to, except_lines or then; `counting` is cost, payment or empty.

    A further fund (then) pays `rate`, up to `amount` if it has a cap of its own.
    """

    kind: str
    amount: Expression | None
    counted: Counted | None
    counting: str
    name: Name | None
    rate: Expression | None


@node
class Cover(Action):
    """What the pool fund pays; by is rate, table, marginal or whole; tiers may be `counted`."""

    by: str
    rate: Expression | None
    categories: tuple[Name, ...]
    levels: tuple[Name, ...]
    table: Name | None
    clauses: tuple[CoverClause, ...]
    counted: Counted | None


@node
class Allow(Action):
    """What the account may pay, or with `deny` may not."""

    deny: bool
    categories: tuple[Name, ...]
    relations: tuple[Name, ...]
    when: Expression | None
    limit: Expression | None
    counted: Counted | None
    buckets: tuple[Name, ...]


@node
class Draw(Action):
    """The order in which buckets are used, maybe before the pool fund; the rest goes to `rest`."""

    buckets: tuple[Name, ...]
    rest: Name | None
    before_cover: bool


@node
class Interest(Action):
    """Basis is daily_balance, minimum_balance or balance_on; it goes `into` the bucket or stays."""

    rate: Literal
    buckets: tuple[Name, ...]
    basis: str
    basis_day: tuple[int, int] | None
    posted_on: tuple[int, int] | None
    into: Name | None


@node
class Carry(Action):
    """Moves a bucket into another each year."""

    bucket: Name
    into: Name
    month: int
    day: int


@node
class Rounding(Action):
    """How amounts are rounded."""

    mode: str
    unit: Literal


@node
class Require(Action):
    """A condition of a benefit, or of a kind of rule: the name is then `cover` or `credit`."""

    condition: Expression
    benefit: Name


@node
class Wait(Action):
    """A waiting period of `length` (or until the next month) after a date."""

    length: Literal | None
    after: Expression
    subjects: tuple[Name, ...]
    unless: Expression | None


@node
class Close(Action):
    """Who receives the balance when the account ends."""

    event: Name
    to: Name
    documents: tuple[str, ...]


@node
class Texts(Action):
    """Words to show: kind is contact or note."""

    kind: str
    texts: tuple[str, ...]


@node
class YearFrom(Action):
    """The insurance year begins on this day."""

    month: int
    day: int
