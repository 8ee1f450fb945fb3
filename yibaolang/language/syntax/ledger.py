"""Ledgers, what happens in them, questions about them, and rules that only a ledger runs."""

from yibaolang.language.syntax.declarations import Origin, Sentence
from yibaolang.language.syntax.expressions import DateLiteral, Expression, Literal, Name
from yibaolang.language.syntax.node import Node, node
from yibaolang.language.syntax.questions import Fact, Figure, Period
from yibaolang.language.syntax.rules import Action


@node
class Ledger(Sentence):
    """Opens an account; its events follow. Without a `person` it is the account of the test.

    With `as_listed` nothing is scheduled: the credits that happened are among the events.
    """

    person: Name | None
    start: DateLiteral
    end: DateLiteral | None
    as_listed: bool


@node
class EventLine(Node):
    """One line of a bill: a category and its amount in fen."""

    name: Name
    amount: Literal


@node
class HeirShare(Node):
    """An heir and the weight of the share, a rate or a number; without one all are equal."""

    name: Name
    weight: Literal | None


@node
class Happening(Node):
    """What happens. Amounts are in fen; kind is one of

    - opening (`amount` in `bucket`), credit, adjust, repaid (`amount`, `bucket`, `direction`),
    - amount (a bill of the category `name`: `amount`, `level`, `relation`, `member`, `eligible`,
      `lines`, `facts`),
    - holds, not (`name`, and for whom: `relation`, `member`), with `shares` and `documents` where
      an account ends, value (`name` is `value`), moves (to `name` in `version`),
    - void (`target`), replace (`target`, `instead`),
    - expect (`figure`, `of` an event, `sign` is a comparison or `refused`, `value` or `code`),
    - seal (`text`).
    """

    kind: str
    name: Name | None
    amount: Literal | None
    value: Expression | None
    level: Name | None
    relation: Name | None
    member: Name | None
    eligible: Literal | None
    lines: tuple[EventLine, ...]
    facts: tuple[Fact, ...]
    bucket: Name | None
    direction: str
    shares: tuple[HeirShare, ...]
    documents: tuple[str, ...]
    target: str
    instead: "Happening | None"
    version: str
    figure: Figure | None
    of: str
    sign: str
    code: str
    text: str


@node
class Event(Sentence):
    """What was booked on `date`, under `id` if it has one, and since when it counts if not then."""

    date: DateLiteral
    id: str
    happening: Happening
    effective: DateLiteral | None
    origin: Origin


@node
class Why(Sentence):
    """Why a figure changed."""

    figure: Figure
    person: Name | None
    period: Period | None


@node
class WhyNot(Sentence):
    """Why a bill cannot be paid from the account; its amount may be missing."""

    happening: Happening
    person: Name | None
    on: DateLiteral | None


@node
class Phases(Action):
    """The order of what happens on one day; what is in one group has the same place."""

    groups: tuple[tuple[Name, ...], ...]


@node
class DayCount(Action):
    """How many days of interest make a year."""

    days: int


@node
class PostOn(Action):
    """The posting day of what is scheduled monthly without a day."""

    day: int


@node
class Holiday(Sentence):
    """Days off, or with `working` days on which work is done though they are at a weekend."""

    working: bool
    first: DateLiteral
    last: DateLiteral | None
    origin: Origin
