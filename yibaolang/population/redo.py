"""Persons one by one, by the reference engine: what a kernel leaves, and all without a kernel.

A figure on a day is the generated integer Python of `program.python`, which asks the interpreter
where it cannot tell; what has no such form is asked of `engine.figures`.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from attrs import frozen

from yibaolang.engine.asked import Asked
from yibaolang.engine.cells import Misfit
from yibaolang.engine.figures import FigurePrograms, Questions
from yibaolang.engine.given import Known, Lived, known
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Refusal
from yibaolang.model.arms import FigurePlan
from yibaolang.model.plan import Plans
from yibaolang.model.scope import choosing
from yibaolang.model.values import DATE, MONEY, TRUTH, Type
from yibaolang.population.asking import NATIVE_CODES, Planned, question
from yibaolang.population.columns import Named, fen_as_yuan, place_of
from yibaolang.population.persons import Cells
from yibaolang.program.frame import DatedFact, Facts, Scenario
from yibaolang.program.novalue import NoValue
from yibaolang.program.python import Argument, CannotPrint, arguments, compile_python

Call = Callable[..., int | date | bool | str | NoValue]


@frozen
class Asks:
    """A figure by its canonical name, and when."""

    figure: str
    asked: Asked


@frozen(eq=False)
class Answered:
    """What came out for a person: `value` over `denominator`, or the `code` of a refusal."""

    value: Any
    denominator: int
    code: str


class Reference:
    """Answers questions about persons given as cells, one after the other.

    `region` and `version` are those of persons whose cells say none.

    >>> from yibaolang.engine.rulebook import read
    >>> rules = read("retired credit 2% of pension")
    >>> asks = Asks("credit", Asked.on(date(2024, 6, 1)))
    >>> reference = Reference(rules, (asks,))
    >>> reference.row({"status": "retired", "pension": "6000"})[0].value
    12000
    >>> reference.row({"status": "retired"})[0].code
    'YB401'
    """

    def __init__(
        self, rules: RuleBook, asks: tuple[Asks, ...], region: str = "", version: str = ""
    ) -> None:
        self.rules = rules
        self.asks = asks
        self.region = region
        self.version = version
        self.cells = Cells(rules.book)
        self._nothing = known(rules.book, ())
        self._plans: dict[tuple[str, str], Plans] = {}
        # One for each figure: plans without arms are alike, but a deduction may be nothing.
        self._programs: dict[str, FigurePrograms] = {}
        self._calls: dict[tuple[object, ...], tuple[Call, tuple[Argument, ...]] | None] = {}

    def row(self, cells: Mapping[str, str], columns: Mapping[str, Named] = {}) -> list[Answered]:
        """The answers about a person; of a cell that does not fit its code for each of them.

        `cells` are by canonical name; `columns` say which of them are whole fen.
        """
        try:
            facts, place, version = self._person(cells, columns)
        except Misfit as misfit:
            code = misfit.at(None).code
            return [Answered(None, 1, code) for _ in self.asks]
        return [self._answer(each, facts, place, version) for each in self.asks]

    def type_of(self, asks: Asks) -> Type:
        """The type of a figure; that of money for one that no region has."""
        if asks.figure in ("credit", "deduct", "net credit"):
            return MONEY
        if asks.figure.startswith("wait "):
            return DATE
        named = self.rules.book.names.get(asks.figure)
        if named is not None and (named.kind, named.owner) == ("value", "benefit"):
            return TRUTH
        written = question(asks.figure)
        home = self.rules.region(self.region), self.version
        for place in (home, *((region, "") for region in self.rules.book.regions)):
            with suppress(Refusal):
                plans = self._plans_of(*place)
                return plans.definition(asks.figure, written, asks.asked.last).type
        return MONEY

    def _person(
        self, cells: Mapping[str, str], columns: Mapping[str, Named]
    ) -> tuple[dict[str, Facts], str, str]:
        facts: dict[str, Facts] = dict(self._nothing.scenario.facts)
        said_region = cells.get("region", "")
        place = place_of(self.rules.book, said_region, cells.get("version", ""))
        if not said_region:
            place = self.rules.region(self.region), self.version
        for name, text in cells.items():
            if name in ("account", "region", "version") or not text:
                continue
            column = columns.get(name)
            if column is not None and column.fen:
                text = fen_as_yuan(text, column.name)
            facts[name] = (DatedFact(self.cells.value(name, text)),)
        return facts, *place

    def _answer(self, asks: Asks, facts: dict[str, Facts], place: str, version: str) -> Answered:
        days = dict.fromkeys((asks.asked.first, asks.asked.last))
        if asks.figure in ("credit", "deduct") and None not in days:
            found = [self._call(asks.figure, day, facts, place, version) for day in days if day]
            # Ends that differ, and versions that disagree, are for the engine to tell about.
            if None not in found and len(set(found)) == 1 and isinstance(found[0], int):
                return Answered(found[0], 1, "")
        return self._asked(asks, facts, place, version)

    def _call(
        self, figure: str, day: date, facts: dict[str, Facts], place: str, version: str
    ) -> int | None:
        """The fen that the generated function gives; None if it gives none."""
        key = figure, day, place, version
        if key not in self._calls:
            self._calls[key] = self._compiled(figure, day, place, version)
        call = self._calls[key]
        if call is None:
            return None
        values = (
            None if each.start_of is not None or each.name not in facts
            else facts[each.name][0].value
            for each in call[1]
        )  # fmt: skip
        found = call[0](day, *values)
        return found if isinstance(found, int) else None

    def _compiled(
        self, figure: str, day: date, place: str, version: str
    ) -> tuple[Call, tuple[Argument, ...]] | None:
        plans = self._plans_of(place, version)
        asking = Planned(self.rules.book, place, plans.uses, self._nothing, plans, explained=False)
        try:
            plan: FigurePlan = asking.plan_on(figure, day)
            return compile_python(plan), arguments(plan)
        except (Refusal, CannotPrint):
            return None

    def _asked(self, asks: Asks, facts: dict[str, Facts], place: str, version: str) -> Answered:
        plans = self._plans_of(place, version)
        lived = (Lived(place, version, None, None),)
        person = Known(Scenario(facts), lived, frozenset(), {})
        programs = {} if asks.figure == "net credit" else self._programs.setdefault(asks.figure, {})
        questions = Questions(self.rules.book, place, plans.uses, person, plans, programs, False)
        try:
            answer = questions.ask(asks.figure, asks.asked, question(asks.figure))
        except Refusal as refusal:
            code = refusal.diagnostics[0].code
            if code in NATIVE_CODES:
                raise
            return Answered(None, 1, code)
        if answer.refused:
            return Answered(None, 1, answer.refused[0].code)
        return Answered(answer.value, answer.denominator, "")

    def _plans_of(self, place: str, version: str) -> Plans:
        found = self._plans.get((place, version))
        if found is None:
            uses = choosing(self.rules.uses, place, version)
            found = self._plans[place, version] = Plans(self.rules.book, place, uses)
        return found
