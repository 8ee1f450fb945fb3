"""What a book holds: declarations and rules as they were read, with where and when they hold."""

from datetime import date

from attrs import define, field, frozen

from yibaolang.language import syntax
from yibaolang.language.source import Place, Source

BASE = ""
"""The region of what is written before any region's header: it holds everywhere."""

ASIDE = "\u2261"
"""The region of a text that is asked about by itself; no text can name it."""


@frozen(eq=False)
class VersionEntry:
    """The dates between which sentences hold (inclusive, None is open), and where it says so.

    `name` is "" unless sources disagree and each has a version of its own.
    """

    region: str
    since: date | None
    until: date | None
    name: str
    cite: str
    attested: str
    place: Place | None

    def holds_on(self, day: date | None) -> bool:
        """Whether a day is in it; only a version that always holds does so on no day (None)."""
        if day is None:
            return self.since is None and self.until is None
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@frozen(eq=False)
class Entry:
    """A sentence of a region in a version."""

    sentence: syntax.Sentence
    source: Source
    region: str
    version: VersionEntry

    @property
    def place(self) -> Place:
        """Where the sentence is."""
        return Place(self.source, self.sentence.span)


@frozen(eq=False)
class RegionEntry:
    """A region: its name, its aliases, its parent's canonical name (BASE for none)."""

    name: str
    aliases: tuple[str, ...]
    parent: str
    place: Place | None


@frozen(eq=False)
class Named:
    """What a name means: its kind (choice, value, category, bucket, input, define, param, table).

    `name` is canonical, `names` it and its aliases; `owner` is the choice of a value.
    """

    kind: str
    name: str
    names: tuple[str, ...]
    owner: str
    place: Place


@frozen(eq=False)
class RowEntry:
    """One dated value of a param in a region, within its version's dates."""

    param: str
    value: syntax.Expression
    since: date | None
    until: date | None
    cite: str
    attested: str
    source: Source
    region: str
    version: VersionEntry
    sentence: syntax.Sentence


@define(eq=False)
class TableEntry:
    """A table; its header and rows are added as they are read."""

    entry: Entry
    header: syntax.TableRow | None = None
    rows: list[syntax.TableRow] = field(factory=list)


@define(eq=False)
class LedgerEntry:
    """A ledger: the sentence that opens it (None: a test's events alone), and what follows it.

    `events` and `seals` hold Event sentences, `expects` what is to be checked.
    """

    entry: Entry | None
    events: list[Entry] = field(factory=list)
    expects: list[Entry] = field(factory=list)
    seals: list[Entry] = field(factory=list)


@define(eq=False)
class TestEntry:
    """A test: its title, its facts, what happens to its account, and what it expects."""

    __test__ = False

    title: str
    entry: Entry
    given: list[syntax.Given] = field(factory=list)
    expects: list[Entry] = field(factory=list)
    ledger: LedgerEntry = field(factory=lambda: LedgerEntry(None))


def day_of(literal: syntax.DateLiteral) -> date:
    """The day of a date literal, the first of a month literal."""
    return date(literal.year, literal.month, literal.day)
