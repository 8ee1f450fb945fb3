"""What the rules of a region can settle, found out by settling it.

The rules of some regions say nothing of some kinds of bills, because no source does. A synthetic
population without such bills shows what rules do, and not what they leave out.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from attrs import evolve

from yibaolang.engine.account import Account
from yibaolang.engine.event_schema import EventSchema
from yibaolang.engine.events import Event
from yibaolang.engine.fact_cells import FactCells
from yibaolang.engine.given import Known, Lived, known
from yibaolang.engine.keeping import Keeper
from yibaolang.engine.ledger_rows import Refused
from yibaolang.engine.row_writing import Cell
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.model.entries import BASE
from yibaolang.population import synthetic_tables as tables
from yibaolang.population.synthetic import Home, Menu, Person, people_columns, people_row
from yibaolang.population.synthetic_events import DOCUMENTS
from yibaolang.program.frame import DatedFact, Scenario

_SMALL, _LARGE = "100.00", "30000.00"
_BIRTHS = {False: 45, True: 72}
_DAYS = 3
_POOLED = "pooled"
_POSTING = "post on day 10"


def homes_of(
    rules: RuleBook, regions: Iterable[tuple[str, str]], first: date, last: date
) -> tuple[Home, ...]:
    """Regions by name, each with a version ("": what the rules use), and what is settled there.

    Refusal YB102 for a region that the rules do not have.

    >>> from yibaolang.engine.rulebook import library
    >>> (home,) = homes_of(library("济南"), [("jinan", "")], date(2024, 1, 1), date(2024, 12, 31))
    >>> home.region, home.menu.bills[False][2], home.menu.bills[False][tables.FIRST_STAY]
    ('济南', True, False)
    """
    panel = _Panel(rules, first, last)
    found = []
    for name, version in regions:
        region = rules.region(name)
        found.append(Home.named(region, version, panel.menu(region, version)))
    return tuple(found)


def chosen(
    rules: RuleBook, regions: Iterable[tuple[str, str]], first: date, last: date
) -> tuple[RuleBook, list[tuple[str, str]]]:
    """The rules under versions by which no sources disagree, and these: least is refused by them.

    >>> from yibaolang.engine.rulebook import read
    >>> rules = read(rules_text(["济南"], ()))
    >>> chosen(rules, [("济南", "")], date(2024, 1, 1), date(2024, 12, 31))[1]
    [('山东', 'C18')]
    """
    waiting = [(rules.region(name), version) for name, version in regions]
    uses: list[tuple[str, str]] = []
    while waiting:
        panel = _Panel(rules, first, last)
        found: dict[str, str] = {}
        again = []
        for region, version in waiting:
            place, names = panel.disagreement(region, version)
            if not names or (place, names[0]) in uses:
                continue
            again.append((region, version))
            if place not in found:
                found[place] = min(names, key=lambda each: panel.refusals(region, version or each))
        # A book is put together again for all of them, and then asked what is left.
        uses += found.items()
        rules = rules.using(found) if found else rules
        waiting = again if found else []
    return rules, uses


WRITTEN = "# Written by yibao synthesize: for people who do not exist."
"""The first line of rules that are written here."""


def rules_text(regions: Iterable[str], uses: Iterable[tuple[str, str]]) -> str:
    """Rules under which accounts of regions of the library can be run, as a text of the language.

    >>> print(rules_text(["济南"], [("山东", "C18")]), end="")
    # Written by yibao synthesize: for people who do not exist.
    include 济南
    # Where sources disagree, those under which least is refused.
    use 山东 as "C18"
    # For regions of which no source says on which day they post credits: an assumption.
    post on day 10
    """
    used = [f'use {region} as "{version}"' for region, version in uses]
    return "\n".join([
        WRITTEN,
        *(f"include {region}" for region in regions),
        *(["# Where sources disagree, those under which least is refused."] if used else []), *used,
        "# For regions of which no source says on which day they post credits: an assumption.",
        _POSTING, "",
    ])  # fmt: skip


def posting(rules: RuleBook) -> RuleBook:
    """Rules with the posting day that `rules_text` assumes."""
    source = Source.of("synthetic", f"{_POSTING}\n")
    document, problems = parse(source, rules.names())
    if problems:
        raise Refusal(*problems)
    return rules.with_documents((*rules.documents, document))


def places(rules: RuleBook) -> list[str]:
    """The regions of a book in which people may live: those that no other one is under.

    >>> from yibaolang.engine.rulebook import library
    >>> places(library("济南"))
    ['济南']
    """
    book = rules.book
    above = {entry.parent for entry in book.regions.values()}
    return [name for name in book.regions if name not in above and name != BASE]


class _Panel:
    """Persons and events that are tried in each region: every class of bill, on several days."""

    def __init__(self, rules: RuleBook, first: date, last: date) -> None:
        self.rules = rules
        self.first = first
        self.last = last
        self.columns = people_columns(rules.book)
        self.cells = FactCells(rules.book)
        self.keeper = Keeper(rules)
        days = (last - first).days
        self.days = [first + timedelta(days * step // _DAYS) for step in range(_DAYS + 1)]
        schema = EventSchema(rules.book)
        self.bills = [schema.event(row)[1] for row in self._rows("")]
        ends = (self.days[0], self.days[-1])
        self.few = [each for each in self.bills if each.effective in ends]
        self.family = [schema.event(row)[1] for row in self._rows("spouse")]
        self.closing = schema.event({
            "account": "1", "date": last.isoformat(), "kind": "closing", "name": "death",
            "id": "closing", "documents": DOCUMENTS,
        })[1]  # fmt: skip

    def _rows(self, relation: str) -> Iterable[dict[str, str]]:
        """A row for each class and day; the id begins with the place of the class."""
        whose = {"relation": relation, "member": "配偶"} if relation else {}
        if relation:
            day = self.first.isoformat()
            yield {
                "account": "1", "id": _POOLED, "date": day, "kind": "fact", "facts": "pooled",
                **whose,
            }  # fmt: skip
        for place, (category, level) in enumerate(tables.CLASSES):
            if relation and place >= tables.FIRST_STAY:
                break
            for at, day_tried in enumerate(self.days):
                amount = _LARGE if at == 1 else _SMALL
                yield {
                    "account": "1", "id": f"{place}_{at}", "kind": "bill",
                    "date": day_tried.isoformat(), "name": category, "level": level,
                    "amount": amount, **whose,
                }  # fmt: skip

    def menu(self, region: str, version: str) -> Menu:
        """What is settled in a region."""
        bills, family, credits, closing = {}, {}, {}, True
        for retired in (False, True):
            facts = self._known(region, version, retired)
            bills[retired] = _settled(self._refused(facts, region, self.bills))
            family[retired] = _settled(self._refused(facts, region, self.family))
            closing = closing and not self._refused(facts, region, [self.closing])
            due = self._refused(facts, region, [], as_listed=False)
            credits[retired] = tuple(dict.fromkeys(each.why.code for each in due))
        return Menu(bills, family, closing, credits)

    def disagreement(self, region: str, version: str) -> tuple[str, list[str]]:
        """A region whose versions disagree about what is tried, with their names, if any do."""
        for each in self._tried(region, version):
            if each.why.code == "YB301":
                said = dict(each.why.arguments)
                return str(said["region"]), str(said["names"]).split(", ")
        return "", []

    def refusals(self, region: str, version: str) -> int:
        """How much is refused."""
        return len(self._tried(region, version))

    def _tried(self, region: str, version: str) -> list[Refused]:
        found: list[Refused] = []
        for retired in (False, True):
            facts = self._known(region, version, retired)
            found += self._refused(facts, region, [], as_listed=False)
            found += self._refused(facts, region, self.few)
        return found

    def _refused(
        self, facts: Known, region: str, events: Sequence[Event], as_listed: bool = True
    ) -> tuple[Refused, ...]:
        account = Account("1", facts, region, self.first, self.last, as_listed)
        return self.keeper.keep(account, events).refused

    def _known(self, region: str, version: str, retired: bool) -> Known:
        """What a file of people would say of somebody who has long paid in."""
        born = self.first.replace(year=self.first.year - _BIRTHS[retired], month=6, day=15)
        begun = born.replace(year=born.year + 20)
        person = Person(
            1, 0, True, born, begun, born, retired, 800_000, 350_000, 12 * 25, 0,
        )  # fmt: skip
        row = people_row(person, self.columns, (Home.named(region),))
        nothing = known(self.rules.book, ())
        facts = dict(nothing.scenario.facts)
        for column, cell in list(zip(self.columns, row, strict=True))[3:]:
            if cell is not None:
                value = self.cells.value(column.name, _text(cell))
                facts[column.name] = (DatedFact(value),)
        lived = (Lived(region, version, None, None),)
        return evolve(nothing, scenario=Scenario(facts), regions=lived)


def _settled(refused: Iterable[Refused]) -> tuple[bool, ...]:
    """Whether each class was settled on every day."""
    ids = {"" if each.settlement is None else each.settlement.id for each in refused}
    if ids & {"", _POOLED}:
        return (False,) * len(tables.CLASSES)
    without = {int(each.partition("_")[0]) for each in ids}
    return tuple(place not in without for place in range(len(tables.CLASSES)))


def _text(cell: Cell) -> str:
    """A cell as it stands in a CSV."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
