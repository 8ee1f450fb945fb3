"""What the expressions of a ledger's rules read: the event, what the account tells, its holder."""

from collections.abc import Mapping, Set
from datetime import date
from math import lcm

from attrs import define, field

from yibaolang.language.diagnostics import Diagnostic
from yibaolang.model.book import Book
from yibaolang.model.core import CountOf, FactOf, StartOf, Written
from yibaolang.population.fixed import Column, Node, Whole, number_of_day
from yibaolang.population.ledger_event_facts import fact_number
from yibaolang.population.ledger_text import MOST_FEN, Value
from yibaolang.population.lowered import (
    Frame,
    Lowered,
    Refusals,
    refused,
)
from yibaolang.population.making import Fixed
from yibaolang.population.persons import People, PersonFrame

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
"""Days that events may have."""

NO_START, NOTHING_KNOWN = (number_of_day(LAST_DAY) + more for more in (1, 2))
"""In place of the day since when a fact holds: it has held always; nothing is known."""

_OF_EVERY_BILL = frozenset({"level", "relation", "bill", "submitted_on"})
"""Facts that bills say in columns of their own."""

_TODAY = "%today"
_ON = "@"


class Holder(People):
    """What is known of an account's holder; each of `changing` may be another from a day on.

    The key of such a fact on a day other than today also has the place of that day in `days`.
    `starts` are the facts and values behind the keys that ask since when.
    """

    def __init__(
        self, book: Book, given: Set[str], nullable: Set[str], changing: Set[str] = frozenset()
    ) -> None:
        super().__init__(book, given | changing, nullable | (changing - given))
        self.changing = changing
        self.days: list[Node] = []
        self.starts: dict[str, tuple[str, str | bool]] = {}
        self._places: dict[tuple[bool, int], int] = {}

    def key(self, name: str, today: Node) -> str:
        """The key of the column that has a fact on a day."""
        return self._on(name, today) if name in self.changing else name

    def _on(self, key: str, today: Node) -> str:
        if isinstance(today, Column) and today.key == _TODAY:
            return key
        which = (True, today.value) if isinstance(today, Whole) else (False, id(today))
        place = self._places.setdefault(which, len(self.days))
        if place == len(self.days):
            self.days.append(today)
        return f"{key}{_ON}{place}"

    def day_of(self, key: str) -> tuple[str, Node | None]:
        """A key without its day, and the day if it is not today."""
        name, _, place = key.partition(_ON)
        return name, self.days[int(place)] if place else None

    def default(self, name: str) -> int | None:
        """What a fact is where nothing is given, as a number; None if that is not declared."""
        facts = self._defaults.get(name)
        return fact_number(facts[0].value, self.input(name), self.codes) if facts else None

    def start(self, make: Fixed, node: StartOf, today: Node) -> Lowered:
        """Since when a fact has had a value: YB415 if always, YB401 if nothing is known."""
        if node.name not in self.changing:
            return super().start(make, node, today)
        key = f"since {node.name}={node.value}"
        self.starts[key] = node.name, node.value
        column = make.column(self._on(key, today), number_of_day(FIRST_DAY), NOTHING_KNOWN)
        never = make.choose(
            make.compare("=", column, make.whole(NO_START)),
            make.whole(self.why("YB415", node)),
            make.whole(self.why("YB401", node)),
        )
        known = make.compare("<", column, make.whole(NO_START))
        return Lowered(column, 1, make.choose(known, make.zero, never))


class Told(Refusals):
    """Refusals that know their diagnostics, where these say more than a code and a place."""

    def __init__(self) -> None:
        super().__init__()
        self.diagnostics: dict[int, Diagnostic] = {}
        self._of: dict[str, int] = {}

    def why(self, index: int) -> Diagnostic:
        """The diagnostic of an index; of one that has none, what its place says."""
        found = self.diagnostics.get(index)
        if found is not None:
            return found
        code, place = self.all[index - 1]
        name = "" if place is None else place.source.text[slice(*place.span)]
        return Diagnostic(code, place, (("name", name),), ())

    def say(self, why: Diagnostic) -> None:
        """Have a diagnostic told where a code and a place are all that is known."""
        self.diagnostics.setdefault(self.index(why.code, why.place), why)

    def of(self, why: Diagnostic) -> int:
        """The index of a diagnostic."""
        key = repr((why.code, why.place and (why.place.source.name, why.place.span),
                    why.arguments, [note.place for note in why.notes]))  # fmt: skip
        found = self._of.get(key)
        if found is None:
            self.all.append((why.code, why.place))
            found = self._of[key] = len(self.all)
            self.diagnostics[found] = why
        return found


class Facts:
    """What expressions of a book may read: facts of events, and those that `people` have.

    `of_bills` are the facts that bills may say of themselves.
    """

    def __init__(
        self, people: Holder, first: date, last: date, of_bills: tuple[str, ...] = ()
    ) -> None:
        self.people = people
        self.of_bills = of_bills
        self.refusals = Told()
        people.refusals = self.refusals
        self.codes = people.codes
        self.first = first
        self.last = last
        self.levels: tuple[str, ...] = people.book.values.get("level", ())


@define(eq=False)
class EventFrame:
    """The frame of a program: of an event or of what time brings, on its day.

    `told` are the slots that the program itself gives; `relation` is whose bill it is ("": it is
    none).
    """

    facts: Facts
    make: Fixed
    told: Mapping[int, Value]
    relation: str
    within: tuple[date, date]
    year_from: tuple[int, int]
    today: Node = field(init=False)
    posting: Node | None = None
    year_start: Node | None = field(init=False)

    def __attrs_post_init__(self) -> None:
        low, high = (day.toordinal() - date(1970, 1, 1).toordinal() for day in self.within)
        self.today = self.make.column("%today", low, high)
        self.year_start = self.make.column("@year_start", low - 366, high)

    def fact(self, node: FactOf) -> Lowered:
        """A fact: of the event first, then of the holder."""
        make = self.make
        told = self.told.get(node.slot)
        if told is not None:
            return Lowered(make.column(f"told {node.slot}", told.low, told.high), 1, make.zero)
        if self.relation:
            if node.name == "level":
                return self._level(node)
            if node.name == "relation":
                return Lowered(make.whole(self.facts.codes.code(node.type, self.relation)), 1,
                               make.zero)  # fmt: skip
            if node.name == "bill":
                return Lowered(make.column("%eligible", 0, MOST_FEN), 1, make.zero)
            if node.name == "submitted_on":
                low, high = (day.toordinal() - date(1970, 1, 1).toordinal()
                             for day in (FIRST_DAY, LAST_DAY))  # fmt: skip
                return Lowered(make.column("%booked", low, high), 1, make.zero)
            if node.name in self.facts.of_bills:
                return self._of_bill(node)
        return self.facts.people.fact(make, node, self.today)

    def _of_bill(self, node: FactOf) -> Lowered:
        """What the bill says, else what is known of the holder."""
        make, people = self.make, self.facts.people
        at, spec = 2 * self.facts.of_bills.index(node.name), people.input(node.name)
        otherwise = people.fact(make, node, self.today)
        said = make.compare("!=", make.column(f"#{at + 1}", 0, 1), make.zero)
        status = make.choose(said, make.zero, otherwise.status)
        if spec.type.kind == "truth":
            own = make.compare("!=", make.column(f"#{at}", 0, 1), make.zero)
            known = otherwise.node if otherwise.node.truth else make.never
            return Lowered(make.choose(said, own, known), 1, status)
        number = make.column(f"#{at}", spec.low, spec.high)
        one = lcm(spec.denominator, otherwise.denominator)
        node_ = make.choose(
            said,
            make.scale(number, one // spec.denominator),
            make.scale(otherwise.node, one // otherwise.denominator),
        )
        return Lowered(node_, one, status)

    def _level(self, node: FactOf) -> Lowered:
        """The level of a bill, else what is known of the holder.

        In the column of a bill that has one is its code and one, else 0.
        """
        make = self.make
        column = make.column("%level", 0, len(self.facts.levels))
        own = make.plus(column, make.whole(-1))
        otherwise = self.facts.people.fact(make, node, self.today)
        said = make.compare("!=", column, make.zero)
        status = make.choose(said, make.zero, otherwise.status)
        if node.name not in self.facts.people.given:
            return Lowered(own, 1, status)
        return Lowered(make.choose(said, own, otherwise.node), 1, status)

    def start(self, node: StartOf) -> Lowered:
        """Since when an input has a value."""
        return self.facts.people.start(self.make, node, self.today)

    def count(self, node: CountOf) -> Lowered:
        """How many bills there were, which the program has told."""
        told = self.told.get(node.slot)
        if told is None:
            return refused(self.make, self.facts.refusals.index("YB411", node.written.place))
        column = self.make.column(f"told {node.slot}", told.low, told.high)
        return Lowered(column, 1, self.make.zero)

    def on(self, day: Node, _written: Written) -> Frame:
        """The frame of another day: what the event and the account tell is of today only."""
        return OtherDay(self, day) if self.relation else self.person(day)

    def person(self, day: Node) -> PersonFrame:
        """What is known of the holder on a day."""
        return PersonFrame(self.facts.people, self.make, day, None, self.year_from)

    def tells(self, name: str) -> bool:
        """Whether a bill may say a fact itself."""
        return name in _OF_EVERY_BILL or name in self.facts.of_bills


class OtherDay(PersonFrame):
    """The frame of a day that may be the bill's own: then the bill says what it says."""

    def __init__(self, bill: EventFrame, day: Node) -> None:
        super().__init__(bill.facts.people, bill.make, day, None, bill.year_from)
        self.bill = bill

    def fact(self, node: FactOf) -> Lowered:
        """A fact: of the bill on its own day, else of the holder."""
        make, known = self.make, super().fact(node)
        if not self.bill.tells(node.name):
            return known
        own, here = self.bill.fact(node), make.compare("=", self.today, self.bill.today)
        status = make.choose(here, own.status, known.status)
        if own.node.truth or known.node.truth:
            truths = [each if each.truth else make.never for each in (own.node, known.node)]
            return Lowered(make.choose(here, *truths), 1, status)
        one = lcm(own.denominator, known.denominator)
        nodes = [make.scale(each.node, one // each.denominator) for each in (own, known)]
        return Lowered(make.choose(here, *nodes), one, status)
