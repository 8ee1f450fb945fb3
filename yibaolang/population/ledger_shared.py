"""What all programs of a ledger kernel share: the state of an account, postings, facts."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from attrs import define, field

from yibaolang.population.ledger_facts import Facts
from yibaolang.population.ledger_text import MOST_FEN, MOST_NUMERATOR, MOST_SUM
from yibaolang.population.llvm import Module
from yibaolang.program.layout import COUNT, INTEREST, MINIMUM, TOTAL, Layout

HELD = ("holder ", "? holder ")
"""What keys of facts of the account's holder begin with: a value, and whether there is one."""

SUMS = frozenset({TOTAL, COUNT})
"""Cells that only grow, by a few postings an event: they cannot leave 64 bits."""


TEMPLATE_BITS = REFUSAL_BITS = 24
"""A posting is written as its template in so many bits, with its row above them; a refusal too."""


class Template(NamedTuple):
    """A posting without its event and fen."""

    kind: str
    source: str
    target: str
    rule: Any


@define(eq=False)
class State:
    """What is kept of an account while it runs: one number for each key, in order.

    >>> state = State()
    >>> state.place("wide"), state.place("cell 3"), state.place("wide")
    (0, 1, 0)
    """

    places: dict[str, int] = field(factory=dict)

    def place(self, key: str) -> int:
        """The place of a key, which is added if it is new."""
        return self.places.setdefault(key, len(self.places))


def cell_key(cell: int) -> str:
    """The key of a cell in the state."""
    return f"cell {cell}"


@define(eq=False)
class Shared:
    """What all programs of a kernel share; `templates` is None where postings are not written.

    `held` are facts of the account's holder, and `asked` the functions that are asked of these
    alone, by number; `tables` are the names of lists of templates. `year_from` is when the
    insurance year begins where the next program runs, `cells` are those that any program uses,
    `functions` the names of functions by their text, and `postings` how many of them one run may
    write.
    """

    layout: Layout
    facts: Facts
    templates: list[Template] | None = None
    comments: bool = False
    year_from: tuple[int, int] = (1, 1)
    module: Module = field(factory=Module)
    state: State = field(factory=State)
    held: State = field(factory=State)
    asked: list[str] = field(factory=list)
    functions: dict[str, str] = field(factory=dict)
    postings: dict[str, int] = field(factory=dict)
    cells: set[int] = field(factory=set)
    tables: dict[tuple[int, ...], str] = field(factory=dict)

    def named(self, text: str, postings: int) -> str:
        """The name of a function; those that do the same have one."""
        found = self.functions.get(text)
        if found is None:
            found = self.functions[text] = f"@program{len(self.functions)}"
            self.postings[found] = postings
        return found

    def table(self, templates: Sequence[Template]) -> str:
        """The name of a list of templates, which a program is given; null for none."""
        key = tuple(self.template(each) for each in templates)
        return self.tables.setdefault(key, f"@templates{len(self.tables)}") if key else "null"

    def number_of(self, name: str) -> int:
        """The number of a function that is asked of the holder's facts."""
        if name not in self.asked:
            self.asked.append(name)
        return self.asked.index(name)

    def definitions(self) -> list[str]:
        """Every function."""
        return [f"define internal i64 {name}{text}" for text, name in self.functions.items()]

    def template(self, made: Template) -> int:
        """The number of a template."""
        templates = self.templates
        if templates is None:
            raise TypeError("postings are not written")
        if made not in templates:
            templates.append(made)
            if len(templates) > 1 << TEMPLATE_BITS:
                raise ValueError("there are more kinds of postings than numbers for them")
        return templates.index(made)


def most_of(kind: str) -> int:
    """The bound that a cell of a kind is held to."""
    if kind in SUMS or kind == MINIMUM:
        # The least balance of a month in which no day has ended is more than any numerator.
        return MOST_SUM
    return MOST_NUMERATOR if kind == INTEREST else MOST_FEN
