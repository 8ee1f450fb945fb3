"""Synthetic people: holders of accounts who do not exist, for trying things out and for benchmarks.

The rows of a person follow from the seed and the person's number alone, so that any part of a
population can be made by itself, anywhere, in any order. docs/synthetic.md says what is drawn and
which of its figures have a source.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from attrs import field, frozen

from yibaolang.engine.row_writing import Cell, Column
from yibaolang.model.book import Book
from yibaolang.model.calendar import add_months
from yibaolang.population import synthetic_tables as tables
from yibaolang.population.synthetic_draws import Draws, Weighted

PEOPLE = 0
"""The stream of draws that people are made of."""

_REFORM = date(2025, 1, 1)
_OF_BANDS = Weighted.of(
    (f"{sex} {first}", persons * covered)
    for first, men, women, covered in tables.BANDS
    for sex, persons in (("male", men), ("female", women))
)
_ALL = (True,) * len(tables.CLASSES)


@frozen
class Menu:
    """What the rules of a region can settle, for those who are active and for those retired.

    `bills` and `family` say of each of `synthetic_tables.CLASSES` whether a bill of the holder's,
    or of a relative, is settled; `closing` whether there is a rule about death; `credits` the codes
    with which credits are refused, none if they are posted.
    """

    bills: Mapping[bool, tuple[bool, ...]] = field(factory=lambda: {False: _ALL, True: _ALL})
    family: Mapping[bool, tuple[bool, ...]] = field(factory=lambda: {False: _ALL, True: _ALL})
    closing: bool = True
    credits: Mapping[bool, tuple[str, ...]] = field(factory=lambda: {False: (), True: ()})


@frozen
class Home:
    """A region that people live in, under one of its versions ("": none is named).

    `weight` is how many live there, in any unit; `wages` are those of the region in per cent.

    >>> Home.named("济南").weight, Home.named("乙市").wages
    (920, 100)
    """

    region: str
    version: str
    weight: int
    wages: int
    menu: Menu = field(factory=Menu, eq=False)

    @classmethod
    def named(cls, region: str, version: str = "", menu: Menu | None = None) -> "Home":
        """A region by its canonical name, with its weight and wages if they are known."""
        weight, wages = tables.PLACES.get(region, tables.ELSEWHERE)
        return cls(region, version, weight, wages, menu or Menu())


@frozen(eq=False)
class Person:
    """A person, as on the day on which the population is looked at.

    `number` counts from 1, `home` is an index. `retires` is the day, past or to come, on which the
    statutory retirement age is reached. Amounts are in fen a month: the contribution base of those
    who work (or the last one), the pension of those who are retired or will be. `paid` and
    `broken` are months in which contributions were paid, and were not, since `entered`.
    """

    number: int
    home: int
    male: bool
    birth: date
    entered: date
    retires: date
    retired: bool
    base_fen: int
    pension_fen: int
    paid: int
    broken: int

    @property
    def account(self) -> str:
        """The name of the account: the number in ten digits."""
        return f"{self.number:010d}"


def people(
    count: int, *, seed: int, homes: Sequence[Home], on: date, first: int = 1
) -> Iterator[Person]:
    """The people with the numbers from `first` on, as on a day; ages run from 20 to 99.

    `homes` are where they live. ValueError if there is none.

    >>> homes = [Home.named("济南"), Home.named("青岛")]
    >>> (one,) = people(1, seed=1, homes=homes, on=date(2024, 1, 1), first=3)
    >>> [each.birth == one.birth for each in
    ...  people(4, seed=1, homes=homes, on=date(2024, 1, 1))]
    [False, False, True, False]
    """
    by_weight = Weighted.of((home.region, home.weight) for home in homes)
    for number in range(first, first + count):
        yield _person(Draws(seed, number, PEOPLE), number, homes, by_weight, on)


def _person(
    draws: Draws, number: int, homes: Sequence[Home], by_weight: Weighted, on: date
) -> Person:
    band, female = divmod(_OF_BANDS.draw(draws), 2)
    age = tables.BANDS[band][0] + draws.below(tables.BAND_YEARS)
    youngest = add_months(on, -12 * age)
    oldest = add_months(on, -12 * (age + 1))
    birth = date.fromordinal(youngest.toordinal() - draws.below((youngest - oldest).days))
    late = draws.happens(tables.WOMEN_AT_55)
    retires = retirement_day(birth, 60 if not female else 55 if late else 50)
    home = by_weight.draw(draws)
    base_fen = tables.BASES.draw(draws) * homes[home].wages // 100
    pension_fen = tables.PENSIONS.draw(draws) * homes[home].wages // 100
    low, high = tables.ENTRY_YEARS
    until = min(on, retires)
    # Whoever is as young as that has begun at the latest a month ago.
    months = min(12 * low + draws.below(12 * (high - low + 1)), _months(birth, until) - 1)
    entered = add_months(birth.replace(day=1), months)
    whole = _months(entered, until)
    broken = min(tables.BROKEN.draw(draws), whole // 2)
    return Person(
        number, home, not female, birth, entered, retires, retires <= on, base_fen, pension_fen,
        whole - broken, broken,
    )  # fmt: skip


def _months(start: date, end: date) -> int:
    """The months of the calendar from that of `start` to before that of `end`."""
    return (end.year - start.year) * 12 + end.month - start.month


def retirement_day(birth: date, years: int) -> date:
    """When somebody reaches the statutory age: 60 for men, 55 or 50 for women until 2024.

    From 1 January 2025 the age rises by a month for every four months by which it would be reached
    later, to 63 and 58, and for every two months where it was 50, to 55 (Decision of the Standing
    Committee of the National People's Congress of 13 September 2024, with its tables).

    >>> retirement_day(date(1964, 12, 31), 60), retirement_day(date(1965, 1, 1), 60)
    (datetime.date(2024, 12, 31), datetime.date(2025, 2, 1))
    >>> retirement_day(date(1976, 9, 9), 60), retirement_day(date(1984, 11, 1), 50)
    (datetime.date(2039, 9, 9), datetime.date(2039, 11, 1))
    """
    before = add_months(birth, 12 * years)
    if before < _REFORM:
        return before
    late = _months(_REFORM, before)
    delay = min(60, late // 2 + 1) if years == 50 else min(36, late // 4 + 1)
    return add_months(birth, 12 * years + delay)


# ── rows of files ──


def yuan(fen: int) -> str:
    """An amount as files have it.

    >>> yuan(86050), yuan(5)
    ('860.50', '0.05')
    """
    return f"{fen // 100}.{fen % 100:02d}"


def duration(months: int) -> str:
    """A duration as files have it.

    >>> duration(306), duration(24), duration(5)
    ('25年6个月', '2年', '5个月')
    """
    years, months = divmod(months, 12)
    parts = [f"{years}年"] if years else []
    return "".join((*parts, f"{months}个月") if months or not years else parts)


def _if_active(cell: Callable[[Person], Cell]) -> Callable[[Person], Cell]:
    return lambda person: None if person.retired else cell(person)


def _if_retired(cell: Callable[[Person], Cell]) -> Callable[[Person], Cell]:
    return lambda person: cell(person) if person.retired else None


_CELLS: Mapping[str, tuple[str, Callable[[Person], Cell]]] = {
    "sex": ("text", lambda person: "male" if person.male else "female"),
    "status": ("text", lambda person: "retired" if person.retired else "active"),
    "birth": ("date", lambda person: person.birth),
    "contribution_base": ("text", _if_active(lambda person: yuan(person.base_fen))),
    "pension": ("text", _if_retired(lambda person: yuan(person.pension_fen))),
    "contribution_years": ("text", lambda person: duration(person.paid)),
    "actual_years": ("text", lambda person: duration(person.paid)),
    "enrolled_on": ("date", lambda person: person.entered),
    "last_wage": ("text", lambda person: yuan(person.base_fen)),
    "pension_last_year": (
        "text", lambda person: yuan(12 * person.pension_fen if person.retired else 0)
    ),
    "work_started": ("date", lambda person: person.entered),
    "months_insured": ("integer", lambda person: person.paid),
    "plan_variant": ("text", lambda person: "with_account"),
    "tier": ("text", lambda person: "tier_one"),
    "mutual_aid": ("truth", lambda person: True),
    "channel": ("text", lambda person: "through_employer"),
}
"""What is said of people: the type of the column, and its cell."""

_VALUES = {"plan_variant": "with_account", "tier": "tier_one", "channel": "through_employer"}


def people_columns(book: Book) -> tuple[Column, ...]:
    """The columns of a file of people: of what synthetic people are said to be, what a book knows.

    >>> from yibaolang.engine.rulebook import read
    >>> " ".join(each.name for each in people_columns(read("").book))  # doctest: +ELLIPSIS
    'account region version sex status birth contribution_base ... enrolled_on'
    """
    known = [
        Column(name, type_) for name, (type_, _) in _CELLS.items()
        if (name in book.inputs or name in ("sex", "status") or _declared(book, name))
    ]  # fmt: skip
    return (Column("account"), Column("region"), Column("version"), *known)


def _declared(book: Book, name: str) -> bool:
    """Whether a book has the choice of which a value is given."""
    named = book.names.get(_VALUES.get(name, ""))
    return named is not None and named.owner == name


def people_row(
    person: Person, columns: Sequence[Column], homes: Sequence[Home]
) -> tuple[Cell, ...]:
    """The row of a person in a file of people; see `people_columns`."""
    home = homes[person.home]
    own = (person.account, home.region, home.version or None)
    return (*own, *(_CELLS[each.name][1](person) for each in columns[3:]))
