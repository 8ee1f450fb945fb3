"""Declarations and the headers of sections."""

from yibaolang.language.syntax.expressions import DateLiteral, Expression, Name, Range
from yibaolang.language.syntax.node import Node, node


@node
class Names(Node):
    """A declared name with its aliases; the first is canonical."""

    texts: tuple[str, ...]


@node
class Origin(Node):
    """What a sentence says of its source: citation, attestation mark, reason."""

    cite: str
    attested: str
    because: str


@node
class Sentence(Node):
    """One logical line."""


@node
class Choice(Sentence):
    """A choice and its values."""

    names: Names
    values: tuple[Names, ...]


@node
class Category(Sentence):
    """Categories of spending."""

    values: tuple[Names, ...]


@node
class Bucket(Sentence):
    """Buckets of the account."""

    values: tuple[Names, ...]


@node
class Input(Sentence):
    """A fact about a person; `default` is what it is where nothing is given."""

    names: Names
    type: Name
    domain: Range | None
    origin: Origin
    default: Expression | None


@node
class Define(Sentence):
    """A named expression."""

    names: Names
    type: Name | None
    domain: Range | None
    value: Expression
    origin: Origin


@node
class Param(Sentence):
    """A published figure; its dated values follow as rows."""

    names: Names
    type: Name | None
    value: Expression | None
    origin: Origin


@node
class ParamRow(Sentence):
    """One dated value of the param above."""

    since: DateLiteral
    until: DateLiteral | None
    value: Expression
    origin: Origin


@node
class Table(Sentence):
    """A table; its rows follow."""

    names: Names
    origin: Origin


@node
class Cell(Node):
    """One cell: kind is any, range, values or typed (a result column's name and type)."""

    kind: str
    range: Range | None
    values: tuple[Expression, ...]
    type: Name | None


@node
class TableRow(Sentence):
    """A row; in the header `keys` cells stand before the double bar, else keys is 0."""

    cells: tuple[Cell, ...]
    keys: int


@node
class Region(Sentence):
    """Opens a region's section."""

    names: Names
    parent: Name | None
    origin: Origin


@node
class Version(Sentence):
    """Opens a version: the dates between which its rules hold, and a name if sources disagree."""

    since: DateLiteral
    until: DateLiteral | None
    name: str
    origin: Origin


@node
class Include(Sentence):
    """Another file by path, or a region of the library by name."""

    path: str
    region: str


@node
class Use(Sentence):
    """Chooses a named version of a region."""

    region: Name
    version: str
