"""People, tests and questions."""

from yibaolang.language.syntax.declarations import Names, Sentence
from yibaolang.language.syntax.expressions import DateLiteral, Expression, Name
from yibaolang.language.syntax.node import Node, node


@node
class Fact(Node):
    """What a person is: kind is value, holds, not or region, this in a named version or in none."""

    kind: str
    name: Name
    value: Expression | None
    version: str
    since: DateLiteral | None
    until: DateLiteral | None


@node
class Person(Sentence):
    """A person and the facts."""

    names: Names
    facts: tuple[Fact, ...]


@node
class Test(Sentence):
    """Opens a test."""

    title: str


@node
class Given(Sentence):
    """The facts of the test."""

    facts: tuple[Fact, ...]


@node
class Figure(Node):
    """What is asked: kind is credit, deduct, net_credit, wait, name or event (name: its id)."""

    kind: str
    name: Name | None


@node
class Period(Node):
    """When it is asked: kind is on, in, span or by_month."""

    kind: str
    first: DateLiteral | None
    last: DateLiteral | None
    year: int | None


@node
class Expect(Sentence):
    """What a figure, maybe `of` an event, must be; sign is a comparison or `refused` (`code`)."""

    on: DateLiteral | None
    figure: Figure
    period: Period | None
    sign: str
    value: Expression | None
    code: str
    of: str


@node
class Show(Sentence):
    """A question; verb is show or explain."""

    verb: str
    figure: Figure
    person: Name | None
    period: Period | None


@node
class Compared(Node):
    """A region, maybe in a named version."""

    region: Name
    version: str


@node
class Compare(Sentence):
    """One person under several regions: a figure, or the credit where none is named."""

    regions: tuple[Compared, ...]
    person: Name | None
    period: Period | None
    figure: Figure | None


@node
class Evaluate(Sentence):
    """A bare expression: its value is printed."""

    value: Expression
