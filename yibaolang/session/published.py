"""The values of params in a region, with their dates and sources."""

from collections.abc import Iterator
from datetime import date

from attrs import frozen

from yibaolang.engine.words import Words
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model import core
from yibaolang.model.elaborate import Elaborator
from yibaolang.model.entries import RowEntry
from yibaolang.model.params import published_rows
from yibaolang.model.values import Type
from yibaolang.session.here import Here
from yibaolang.session.holding import origin_of


@frozen(eq=False)
class Value:
    """A value of a param between two days (inclusive, None is open), and where it is from.

    `value` is over `denominator` in the unit of `type`; an Absent says that there is none.
    """

    name: str
    type: Type
    denominator: int
    row: core.Row
    entry: RowEntry

    @property
    def since(self) -> date | None:
        """The first day."""
        return self.row.since

    @property
    def until(self) -> date | None:
        """The last day."""
        return self.row.until

    @property
    def region(self) -> str:
        """The region that says it, by its canonical name."""
        return self.entry.region

    @property
    def version(self) -> str:
        """The named version that says it, or ""."""
        return self.entry.version.name

    @property
    def cite(self) -> str:
        """The source."""
        return self.row.cite

    @property
    def mark(self) -> str:
        """How well the source attests it."""
        return self.row.attested

    def holds_on(self, day: date) -> bool:
        """Whether it is the value of a day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )

    def in_words(self, words: Words) -> str:
        """The value with its unit; that there is none, and the reason that is given."""
        value = self.row.value
        if not isinstance(value, core.Absent):
            return words.value(self.type, value, self.denominator)
        shown = vocabulary().keywords[value.kind.upper()].spelling(words.lang)
        because = origin_of(self.entry.sentence).because
        if not because:
            return shown
        return f"{shown}\uff08{because}\uff09" if words.lang == "zh" else f"{shown} ({because})"


def values(at: Here, name: str) -> Iterator[Value]:
    """The values of a param that the nearest region with any has, by their first days.

    Where versions disagree, all of them have theirs. Nothing for a param whose values do not fit.

    >>> from yibaolang.engine.rulebook import read
    >>> rules = read("param floor = 3元")
    >>> [each.in_words(Words(rules.book, "en")) for each in values(
    ...     Here(rules, "", {}, date(2024, 6, 1)), "floor")]
    ['3.00元']
    """
    scope = at.scope
    entries = {id(each.sentence): each for each in scope.rows(name)}
    if not entries:
        return
    try:
        type_, denominator, rows = published_rows(Elaborator(scope), name)
    except Refusal:
        return
    for row in rows:
        yield Value(name, type_, denominator, row, entries[id(row.written.node)])


def values_on(at: Here, name: str) -> list[Value]:
    """Those that hold on the day: one, unless versions disagree."""
    return [each for each in values(at, name) if each.holds_on(at.day)]


def params_here(at: Here) -> list[str]:
    """The params that have values here, in the order in which they are declared."""
    scope = at.scope
    return [name for name in at.rules.book.params if scope.rows(name)]


def params_elsewhere(at: Here) -> list[str]:
    """The params that are declared here or above, but have no values here."""
    book, here = at.rules.book, set(params_here(at))
    return [
        name
        for name, entries in book.params.items()
        if name not in here and any(each.region in at.chain for each in entries)
    ]
