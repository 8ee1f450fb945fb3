"""What happens to synthetic people between two days, as rows of a file of events.

Credits are not among it, for the rules give them. Bills of a kind that a region's rules cannot
settle (see `synthetic.Menu`) are left out, and everything else stays as it would be with them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

from yibaolang.engine.row_writing import Cell, Column
from yibaolang.population import synthetic_tables as tables
from yibaolang.population.synthetic import Home, Person, yuan
from yibaolang.population.synthetic_draws import WHOLE, Draws, Weighted

LIFE, MONEY, BILLS, RELATIVES = 1, 2, 3, 4
"""The streams of draws; 0 is that of the people."""

DOCUMENTS = "死亡证明;身份证明;继承关系证明"
"""What is shown at every death: the documents that the national frame asks for."""

_RELATIVES = (("spouse", "配偶"), ("parents", "父母"), ("children", "子女"))
_YEAR_DAYS = 365
_PER_CENT = 100
_BIRTHDAYS = _YEAR_DAYS * 4 + 1
_OF_VISITS = tuple(
    Weighted.of((f"{name} {level}", weight)
                for (name, level), weight in zip(tables.CLASSES, weights, strict=False))
    for weights in tables.VISIT_WEIGHTS
)  # fmt: skip
_OF_STAYS = Weighted.of(
    (level, weight) for (_, level), weight in
    zip(tables.CLASSES[tables.FIRST_STAY:], tables.STAY_WEIGHTS, strict=True)
)  # fmt: skip


Day: TypeAlias = date
"""A day, where a field is called date."""


class EventRow(NamedTuple):
    """An event, in the columns of a file of events; amounts in fen, None is an empty cell.

    `date` is when it is booked; `effective` is None if that is the same day.
    """

    account: str
    id: str
    date: Day
    kind: str
    effective: Day | None = None
    name: str | None = None
    amount_fen: int | None = None
    eligible_fen: int | None = None
    level: str | None = None
    relation: str | None = None
    member: str | None = None
    facts: str | None = None
    version: str | None = None
    heirs: str | None = None
    documents: str | None = None
    target: str | None = None


class _Life(NamedTuple):
    """What becomes of somebody: the day after the last one, and when what changes."""

    end: date
    died: date | None
    retires: date | None
    moved: date | None
    home: int


def events(
    persons: Iterable[Person], first: date, last: date, *, seed: int, homes: Sequence[Home],
    bills: int = 9,
) -> Iterator[EventRow]:  # fmt: skip
    """The events of people between two days, both included, person by person; see `events_of`.

    The people are those of `synthetic.people` on the first day, with the same homes.
    """
    for person in persons:
        yield from events_of(person, first, last, seed=seed, homes=homes, bills=bills)


def events_of(
    person: Person, first: date, last: date, *, seed: int, homes: Sequence[Home], bills: int = 9
) -> list[EventRow]:
    """The events of one person in the order of their days, with ids from e1 on.

    `bills` is how many visits and purchases there are in the mean in a year, besides stays in
    hospital. ValueError if the last day is before the first.

    >>> from yibaolang.population.synthetic import people
    >>> homes = [Home.named("济南")]
    >>> first, last = date(2024, 1, 1), date(2024, 12, 31)
    >>> (one,) = people(1, seed=1, homes=homes, on=first)
    >>> found = events_of(one, first, last, seed=1, homes=homes)
    >>> [(each.id, each.kind) for each in found[:2]]
    [('e1', 'opening'), ('e2', 'bill')]
    """
    if last < first:
        raise ValueError(f"{last} is before {first}")
    life = _life(person, first, last, Draws(seed, person.number, LIFE), homes)
    found = _changes(person, life, homes)
    found += _money(person, life, first, Draws(seed, person.number, MONEY))
    own = _Bills(person, life, first, last, homes, "")
    found += own.rows(Draws(seed, person.number, BILLS), bills)
    found += _relatives(person, life, first, last, homes, Draws(seed, person.number, RELATIVES))
    found.sort(key=_order)
    return _numbered(found, person.account)


def _order(row: EventRow) -> date:
    return row.date


def _numbered(rows: list[EventRow], account: str) -> list[EventRow]:
    """The rows with their account and ids; a target is the place of a row among the voided ones."""
    named = {row.id: f"e{place}" for place, row in enumerate(rows, 1) if row.id}
    return [
        row._replace(
            account=account, id=f"e{place}",
            target=named[row.target] if row.target else None,
        )
        for place, row in enumerate(rows, 1)
    ]  # fmt: skip


# ── a life ──


def _life(person: Person, first: date, last: date, draws: Draws, homes: Sequence[Home]) -> _Life:
    days = (last - first).days + 1
    age = ((first - person.birth).days * 4) // _BIRTHDAYS
    dying, day_of_death = draws.below(WHOLE * _YEAR_DAYS), draws.below(days)
    moving, day_of_move = draws.below(WHOLE * _YEAR_DAYS), draws.below(days)
    died = None
    rate = tables.DEATHS[tables.group_of(age)]
    if homes[person.home].menu.closing and dying < rate * days:
        died = first + timedelta(day_of_death)
    end = died or last + timedelta(1)
    moved, home = None, person.home
    if len(homes) > 1 and moving < tables.MOVES * days:
        moved = first + timedelta(day_of_move)
        others = Weighted.of(
            (each.region, 0 if at == person.home else each.weight)
            for at, each in enumerate(homes)
        )  # fmt: skip
        home = others.draw(draws)
        if not first < moved < end:
            moved, home = None, person.home
    retires = person.retires if not person.retired and first < person.retires < end else None
    return _Life(end, died, retires, moved, home)


def _changes(person: Person, life: _Life, homes: Sequence[Home]) -> list[EventRow]:
    """Retirement, a move, and death."""
    found = []
    if life.retires is not None:
        facts = f"retired, pension = {yuan(person.pension_fen)}元"
        found.append(EventRow("", "", life.retires, "fact", facts=facts))
    if life.moved is not None:
        home = homes[life.home]
        found.append(
            EventRow("", "", life.moved, "moves", name=home.region, version=home.version or None)
        )
    if life.died is not None:
        heirs = ("配偶", "配偶=1/2;子女=1/2", "子女甲;子女乙")[person.number % 3]
        found.append(
            EventRow("", "", life.died, "closing", name="death", heirs=heirs, documents=DOCUMENTS)
        )
    return found


# ── money besides bills ──


def _money(person: Person, life: _Life, first: date, draws: Draws) -> list[EventRow]:
    """What the account holds, and of some accounts what is taken back and repaid.

    More is taken back than a year can credit, so that what is repaid is owed whatever the rules.
    """
    if life.died == first:
        return []
    held = tables.BALANCES.draw(draws)
    found = []
    if held:
        found.append(EventRow("", "", first, "opening", name="carried", amount_fen=held))
    if not draws.happens(tables.TAKEN_BACK):
        return found
    repaid = tables.DEBTS.draw(draws)
    year = max(person.base_fen, person.pension_fen) * 12 // 10
    taken = held + max(year, 1_000_000) + repaid
    found.append(EventRow("", "", first, "adjust", amount_fen=-taken))
    parts = 1 + draws.below(3)
    days = (life.end - first).days
    for _ in range(parts):
        day = first + timedelta(draws.below(days))
        found.append(EventRow("", "", day, "repaid", amount_fen=repaid // parts))
    return found


# ── bills ──


class _Bills:
    """Bills of a person, or of a relative who uses the account, between two days."""

    def __init__(
        self, person: Person, life: _Life, first: date, last: date, homes: Sequence[Home],
        relation: str, member: str = "",
    ) -> None:  # fmt: skip
        self.person = person
        self.life = life
        self.first = first
        self.last = last
        self.homes = homes
        self.relation = relation
        self.member = member
        self.voided = 0
        age = ((first - person.birth).days * 4) // _BIRTHDAYS
        self.group = tables.group_of(age)
        self.visits = _OF_VISITS[0 if age < 40 else 1 if age < 60 else 2]
        self.days = (life.end - first).days

    def rows(self, draws: Draws, mean: int) -> list[EventRow]:
        """Visits and purchases, `mean` of them in the mean in a year of all ages, and stays."""
        found: list[EventRow] = []
        habit = tables.HABITS.draw(draws)
        share = mean * tables.VISITS[self.group] * habit * self.days
        unit = _PER_CENT * _PER_CENT * _YEAR_DAYS
        visits = share // unit + (draws.below(unit) < share % unit)
        for _ in range(visits):
            found += self.bill(draws, self.visits.draw(draws))
        for start in range(0, self.days, _YEAR_DAYS):
            for _ in range(self._stays(draws, min(self.days - start, _YEAR_DAYS))):
                found += self.bill(draws, tables.FIRST_STAY + _OF_STAYS.draw(draws))
        return found

    def _stays(self, draws: Draws, days: int) -> int:
        """The stays in hospital in a year, or in so many days of it."""
        rate = tables.STAYS[self.group]
        for stays in range(tables.MOST_STAYS):
            # Who was in hospital once is there again more often than others.
            chance = rate if not stays else 1000 + rate // 2
            if draws.below(WHOLE * _YEAR_DAYS) >= chance * days:
                return stays
        return tables.MOST_STAYS

    def bill(self, draws: Draws, kind: int) -> list[EventRow]:
        """A bill of one of CLASSES, with what voids it; nothing if the rules cannot settle it.

        What is drawn does not depend on whether they can.
        """
        day = self.first + timedelta(draws.below(self.days))
        amount = max(1, tables.AMOUNTS[kind].draw(draws))
        luck = draws.below(WHOLE * WHOLE)
        luck, special = divmod(luck, WHOLE)
        delay = tables.DELAYS.draw(draws) if luck < tables.LATE else 0
        voided = luck >= WHOLE - tables.VOIDED
        eligible = self._eligible(draws, kind, amount)
        facts = self._facts(draws, kind, special)
        if not self._settled(day, kind):
            return []
        booked = day + timedelta(delay)
        effective = day if delay and booked < self.life.end else None
        category, level = tables.CLASSES[kind]
        row = EventRow(
            "", "", booked if effective else day, "bill", effective, category, amount, eligible,
            level, self.relation or None, self.member or None, facts,
        )  # fmt: skip
        gone = row.date + timedelta(1 + draws.below(20)) if voided else self.life.end
        if gone >= self.life.end:
            return [row]
        self.voided += 1
        mark = f"{self.relation} {self.voided}"
        return [row._replace(id=mark), EventRow("", "", gone, "void", target=mark)]

    def _settled(self, day: date, kind: int) -> bool:
        life, person = self.life, self.person
        at = life.home if life.moved is not None and day >= life.moved else person.home
        retired = person.retired or (life.retires is not None and day >= life.retires)
        menu = self.homes[at].menu
        return (menu.family if self.relation else menu.bills)[retired][kind]

    def _eligible(self, draws: Draws, kind: int, amount: int) -> int | None:
        """What is within the policy: all of most bills, not all of most stays."""
        place = draws.below(3 * WHOLE)
        whole = draws.below(WHOLE) >= (6000 if kind >= tables.FIRST_STAY else 1500)
        if whole:
            return None
        low, high = tables.SHARE_TO_WHOLE[place // WHOLE : place // WHOLE + 2]
        return amount * (low * WHOLE + (high - low) * (place % WHOLE)) // (WHOLE * WHOLE)

    def _facts(self, draws: Draws, kind: int, special: int) -> str | None:
        parts = []
        if kind >= tables.FIRST_STAY:
            parts.append(f"stay_days = {tables.NIGHTS.draw(draws)}")
        if tables.CLASSES[kind][1] in ("secondary", "tertiary"):
            if special < 250:
                parts.append("emergency")
            elif special < 550:
                parts += ["offsite", "filed"]
            elif special < 600:
                parts.append("offsite")
        return ", ".join(parts) or None


def _relatives(
    person: Person, life: _Life, first: date, last: date, homes: Sequence[Home], draws: Draws
) -> list[EventRow]:
    """A relative who may use the account from some day on, and whose visits it pays."""
    if not draws.happens(tables.FAMILY):
        return []
    since = first + timedelta(draws.below((last - first).days + 1))
    relation, member = _RELATIVES[draws.below(len(_RELATIVES))]
    if not first < since < life.end:
        return []
    found = [EventRow("", "", since, "fact", relation=relation, member=member, facts="pooled")]
    own = _Bills(person, life, since, last, homes, relation, member)
    for _ in range(1 + draws.below(4)):
        found += own.bill(draws, own.visits.draw(draws))
    return found


# ── rows of files ──

_TYPES = {"date": "date", "effective": "date", "amount_fen": "integer"}


def event_columns(format: str) -> tuple[Column, ...]:
    """The columns of a file of events: amounts in yuan as text, in Parquet in fen as integers.

    >>> [each.name for each in event_columns("csv")][5:9]
    ['name', 'amount', 'eligible', 'level']
    """
    names = [name.removesuffix("_fen") if name == "eligible_fen" else name
             for name in EventRow._fields]  # fmt: skip
    if format != "parquet":
        names[names.index("amount_fen")] = "amount"
    return tuple(Column(name, _TYPES.get(name, "text")) for name in names)


def event_cells(row: EventRow, format: str) -> tuple[Cell, ...]:
    """The cells of a row in those columns."""
    fen, eligible = row.amount_fen, row.eligible_fen
    amount: Cell = fen
    if format != "parquet" and fen is not None:
        amount = yuan(fen) if fen >= 0 else f"-{yuan(-fen)}"
    return (*row[:6], amount, None if eligible is None else yuan(eligible), *row[8:])
