"""Frames: what an evaluation reads, filled from what is known of a person.

A frame is a list. Its first slots are three dates (or None): today, the posting day, and the
first day of the insurance year that holds today. Then come the slots of a plan, and last the
`Background` that evaluation on another date and `start of` look into.

A slot is UNSET until something is known. The slot of an input holds its value; that of a param or
a definition a `Given` if one was given instead. A definition puts its own value into its slot, or
the NoValue or the step that came out, so that nothing is evaluated twice.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from yibaolang.model.calendar import year_start

if TYPE_CHECKING:
    from fractions import Fraction

TODAY = 0
POSTING = 1
YEAR_START = 2
FIRST = 3

Frame = list[Any]
"""Slots by index; the module says what they hold."""

_ONE_DAY = timedelta(days=1)


class Unset:
    """What a slot holds before anything is known; there is one, UNSET."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET = Unset()


class Given:
    """What was given in place of a param or a definition, over the denominator of its type."""

    __slots__ = ("undated", "value")

    def __init__(self, value: Any, undated: bool) -> None:
        self.value = value
        self.undated = undated


@frozen
class DatedFact:
    """A value and the days on which it holds, both inclusive; None is open.

    Money is an int in fen; months, days and ages are ints; a rate or a number is a Fraction. It may
    be the `default` that an input declares.
    """

    value: "int | Fraction | date | bool | str"
    since: date | None = None
    until: date | None = None
    default: bool = False

    @property
    def undated(self) -> bool:
        """Whether it holds on every day, even when no day is known."""
        return self.since is None and self.until is None

    def holds(self, day: date) -> bool:
        """Whether it holds on a day.

        >>> DatedFact(1, date(2024, 7, 1)).holds(date(2024, 6, 30))
        False
        """
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


Facts = tuple[DatedFact, ...]
Template = tuple[tuple[str, ...], list[Any], tuple[tuple[int, Facts, bool], ...]]
"""Names, the slots from FIRST on, and the slots that depend on the day with their facts."""


class Background:
    """What is behind a frame: the scenario, the slots' names, and the frames of other dates.

    `home` is the date of the first of these frames; `elsewhere` says that this is another one.
    """

    __slots__ = ("elsewhere", "frames", "home", "names", "scenario")

    def __init__(self, scenario: "Scenario", names: tuple[str, ...]) -> None:
        self.scenario = scenario
        self.names = names
        self.home: date | None = None
        self.elsewhere = False
        self.frames: dict[date | None, Frame] | None = None


def fact_on(facts: Iterable[DatedFact], day: date | None) -> DatedFact | None:
    """The fact that holds on a day (None: whatever the day); of several, the latest to begin.

    >>> facts = DatedFact(1), DatedFact(2, date(2024, 7, 1))
    >>> [fact_on(facts, day).value for day in (None, date(2024, 6, 30), date(2024, 7, 1))]
    [1, 1, 2]
    """
    found: DatedFact | None = None
    for fact in facts:
        holds = fact.undated if day is None else fact.holds(day)
        if holds and (found is None or (fact.since or date.min) >= (found.since or date.min)):
            found = fact
    return found


def start_of(facts: Facts, value: object, today: date | None) -> date | None:
    """Since when a value has held, across facts that follow each other; None if not known.

    It is the period that holds today; if there is none, the next one to begin, else the last.

    >>> facts = DatedFact("active", None, date(2024, 6, 30)), DatedFact("retired", date(2024, 7, 1))
    >>> start_of(facts, "retired", date(2024, 1, 1))
    datetime.date(2024, 7, 1)
    """
    periods: list[list[date]] = []
    fitting = [
        (fact.since or date.min, fact.until or date.max) for fact in facts if fact.value == value
    ]
    for since, until in sorted(fitting):
        if periods and (periods[-1][1] == date.max or since <= periods[-1][1] + _ONE_DAY):
            periods[-1][1] = max(until, periods[-1][1])
        else:
            periods.append([since, until])
    if today is None:
        chosen = periods[0][0] if len(periods) == 1 else date.min
    else:
        present = [since for since, until in periods if since <= today <= until]
        later = [since for since, _ in periods if since > today]
        chosen = [*present, *later, *(since for since, _ in periods[-1:]), date.min][0]
    return None if chosen == date.min else chosen


@frozen
class Scenario:
    """What is known of a person: facts by name, each with the days on which it holds.

    `overrides` are the names among them of params and definitions. The facts must not be changed.
    `templates` keeps, by the address of the names, what is the same in all frames with these names.

    >>> known = Scenario({"birth": (DatedFact(date(1952, 3, 1)),)})
    >>> known.frame(("birth", "age"), date(2024, 6, 1))[FIRST:-1]
    [datetime.date(1952, 3, 1), UNSET]
    """

    facts: Mapping[str, Facts]
    overrides: frozenset[str] = frozenset()
    templates: dict[int, Template] = field(factory=dict, init=False, eq=False, repr=False)

    def frame(
        self,
        names: tuple[str, ...],
        today: date | None,
        posting: date | None = None,
        year_start: date | None = None,
    ) -> Frame:
        """A frame whose slots from FIRST on are called `names`, with what holds on `today`."""
        template = self.templates.get(id(names))
        # The identity is checked because a copy of this object meets names at other addresses.
        if template is None or template[0] is not names:
            template = self.template(names)
        frame = [today, posting, year_start, *template[1]]
        for slot, facts, override in template[2]:
            fact = fact_on(facts, today)
            if fact is not None:
                frame[slot] = Given(fact.value, fact.undated) if override else fact.value
        return frame

    def template(self, names: tuple[str, ...]) -> Template:
        """Make and keep the template of names."""
        slots: list[Any] = []
        dated: list[tuple[int, Facts, bool]] = []
        for slot, name in enumerate(names, FIRST):
            facts = self.facts.get(name, ())
            override = name in self.overrides
            if len(facts) == 1 and facts[0].undated:
                value = facts[0].value
                slots.append(Given(value, True) if override else value)
                continue
            slots.append(UNSET)
            if facts:
                dated.append((slot, facts, override))
        slots.append(Background(self, names))
        template = (names, slots, tuple(dated))
        self.templates[id(names)] = template
        return template


def frame_on(frame: Frame, day: date) -> Frame:
    """The frame of another day behind the same scenario; the same frame each time it is asked."""
    behind: Background = frame[-1]
    if behind.frames is None:
        first = Background(behind.scenario, behind.names)
        first.home = frame[TODAY]
        first.frames = {frame[TODAY]: frame}
        frame[-1] = behind = first
    frames = behind.frames
    if frames is None or day in frames:
        return frame if frames is None else frames[day]
    begins = frame[YEAR_START]
    start = None if begins is None else year_start(day, begins.month, begins.day)
    other = behind.scenario.frame(behind.names, day, frame[POSTING], start)
    own = Background(behind.scenario, behind.names)
    own.home, own.elsewhere, own.frames = behind.home, True, frames
    other[-1] = own
    frames[day] = other
    return other
