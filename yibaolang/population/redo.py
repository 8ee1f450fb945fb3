"""Persons one by one, by the reference engine: what a kernel leaves, and all without a kernel.

A figure on a day is the generated integer Python of `program.python`, which asks the interpreter
where it cannot tell; what has no such form is asked of `engine.figures`.
"""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import frozen

from yibaolang.engine.cells import Misfit
from yibaolang.engine.figures import FigurePrograms, Questions
from yibaolang.engine.given import Known, Lived, known
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Refusal
from yibaolang.model.arms import FigurePlan
from yibaolang.model.plan import Plans
from yibaolang.model.scope import choosing
from yibaolang.model.values import Type
from yibaolang.population.asking import NATIVE_CODES, Planned, question
from yibaolang.population.columns import Named, fen_as_yuan, place_of
from yibaolang.population.fixed import HIGHEST, LOWEST
from yibaolang.population.lowered import cannot_lower
from yibaolang.population.persons import Cells
from yibaolang.population.questions import Asks, Shape, facts_read, shape_of
from yibaolang.program.frame import DatedFact, Facts, Scenario
from yibaolang.program.novalue import NoValue
from yibaolang.program.python import Argument, CannotPrint, arguments, compile_python

__all__ = ["TOO_LARGE", "Answered", "Asks", "Reference", "check_type", "fitting"]

TOO_LARGE = "YB483"
"""A number that a column of 64 bits cannot hold."""

Call = Callable[..., int | date | bool | str | NoValue]


@frozen(eq=False)
class Answered:
    """What came out for a person: `value` over `denominator`, or the `code` of a refusal."""

    value: Any
    denominator: int
    code: str


def fitting(answered: Answered) -> Answered:
    """What came out in lowest terms, or that it is too large for a column."""
    value = answered.value
    if answered.code or isinstance(value, bool) or not isinstance(value, int | Fraction):
        return answered
    if answered.denominator == 1 and LOWEST <= value <= HIGHEST and isinstance(value, int):
        return answered
    exact = Fraction(value, answered.denominator)
    if LOWEST <= exact.numerator <= HIGHEST and exact.denominator <= HIGHEST:
        return Answered(exact.numerator, exact.denominator, "")
    return Answered(None, 1, TOO_LARGE)


class Reference:
    """Answers questions about persons given as cells, one after the other.

    `region` and `version` are those of persons whose cells say none.

    >>> from yibaolang.engine.rulebook import read
    >>> from yibaolang.engine.asked import Asked
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
        self.home = rules.region(region), version
        self._nothing = known(rules.book, ())
        self._shapes: dict[Asks, Shape] = {}
        self._reads: dict[tuple[str, str], frozenset[str]] = {}
        self._plans: dict[tuple[str, str], Plans] = {}
        # One for each figure: plans without arms are alike, but a deduction may be nothing.
        self._programs: dict[str, FigurePrograms] = {}
        self._calls: dict[tuple[object, ...], tuple[Call, tuple[Argument, ...]] | None] = {}

    def row(self, cells: Mapping[str, str], columns: Mapping[str, Named] = {}) -> list[Answered]:
        """The answers about a person; of a cell that does not fit its code for each of them.

        `cells` are by canonical name; `columns` say which of them are whole fen. What no question
        reads is not looked at.
        """
        try:
            place = self.place(cells.get("region", ""), cells.get("version", ""))
            facts = self._facts(cells, columns, self.reads(*place))
        except Misfit as misfit:
            code = misfit.at(None).code
            return [Answered(None, 1, code) for _ in self.asks]
        return [self._answer(each, facts, *place) for each in self.asks]

    def place(self, region: str, version: str) -> tuple[str, str]:
        """The region and version that cells name, or those of who names none; Misfit."""
        found = place_of(self.rules.book, region, version)
        return found if region else self.home

    def shape(self, asks: Asks) -> Shape:
        """What the answers to a question are."""
        found = self._shapes.get(asks)
        if found is None:
            found = self._shapes[asks] = shape_of(self.rules.book, self.home[0], asks)
        return found

    def reads(self, region: str, version: str) -> frozenset[str]:
        """The facts that the questions read of a person of a place."""
        found = self._reads.get((region, version))
        if found is None:
            plans = self.plans(region, version)
            asking = Planned.of(plans.book, region, plans.uses, plans)
            found = frozenset().union(*(facts_read(asking, each) for each in self.asks))
            self._reads[region, version] = found
        return found

    def _facts(
        self, cells: Mapping[str, str], columns: Mapping[str, Named], reads: frozenset[str]
    ) -> dict[str, Facts]:
        facts: dict[str, Facts] = dict(self._nothing.scenario.facts)
        for name, text in cells.items():
            if name not in reads or not text:
                continue
            column = columns.get(name)
            if column is not None and column.fen:
                text = fen_as_yuan(text, column.name)
            facts[name] = (DatedFact(self.cells.value(name, text)),)
        return facts

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
        plans = self.plans(place, version)
        asking = Planned.of(plans.book, place, plans.uses, plans)
        try:
            plan: FigurePlan = asking.plan_on(figure, day)
            return compile_python(plan), arguments(plan)
        except (Refusal, CannotPrint):
            return None

    def _asked(self, asks: Asks, facts: dict[str, Facts], place: str, version: str) -> Answered:
        plans = self.plans(place, version)
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
        check_type(asks, self.shape(asks), answer.type)
        return Answered(answer.value, answer.denominator, "")

    def plans(self, place: str, version: str) -> Plans:
        """The plans of a place."""
        found = self._plans.get((place, version))
        if found is None:
            uses = choosing(self.rules.uses, place, version)
            found = self._plans[place, version] = Plans(self.rules.book, place, uses)
        return found


def check_type(asks: Asks, shape: Shape, found: Type) -> None:
    """Refusal YB480 for an answer of another type than its column has."""
    if found != shape.type:
        raise cannot_lower(question(asks.figure), "values of several types", "几种类型的值")
