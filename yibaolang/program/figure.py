"""The figure program: which arms apply on a date, and what they come to in fen."""

from contextlib import suppress
from datetime import date
from functools import cached_property
from typing import Any

from yibaolang.language.diagnostics import Note
from yibaolang.model.arms import Arm, FigurePlan
from yibaolang.model.calendar import year_start
from yibaolang.model.core import Expr
from yibaolang.model.kinds import kind_words
from yibaolang.program.closures import Compiler
from yibaolang.program.dates import posting_of, prorated_months, today_for
from yibaolang.program.direct import DirectRun, direct_explain, direct_run, is_direct
from yibaolang.program.frame import POSTING, TODAY, Frame, Scenario
from yibaolang.program.novalue import NoValue, no_value
from yibaolang.program.operations import rounded_fen
from yibaolang.program.outcome import Chosen, Failed, Outcome
from yibaolang.program.prepared import (
    Prepared,
    WhenKey,
    date_needed,
    looks_at_year_start,
    negative,
    shown_date,
)
from yibaolang.program.questions import Overlap
from yibaolang.program.step import Step
from yibaolang.program.trace import Tracer
from yibaolang.program.walk import slot_names


class Looked:
    """An arm on a date: where it posts and looks, and whether its guard holds.

    `holds` is None if `why` says that it cannot be told; `months` is 0 if the arm is too late.
    """

    __slots__ = ("frame", "guard", "holds", "months", "prepared", "start", "start_why", "why")

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.frame: Frame = []
        self.months = 12
        self.holds: bool | None = False
        self.why: NoValue | None = None
        self.start_why: NoValue | None = None
        self.guard: Step | None = None
        self.start: Step | None = None


class FigureProgram:
    """A figure's plan made ready to run; it keeps nothing from one run to the next."""

    def __init__(self, plan: FigurePlan) -> None:
        self.plan = plan
        self._streams = tuple(dict.fromkeys(arm.stream for arm in plan.arms))
        self._year_start = looks_at_year_start(plan)
        self._is_direct = is_direct(plan) and not self._year_start
        self._run_direct: DirectRun | None = None
        if self._is_direct:
            with suppress(Overlap):
                self._run_direct = direct_run(plan)
        self._tracing = False

    @cached_property
    def _explain_direct(self) -> DirectRun | None:
        return direct_explain(self.plan) if self._is_direct else None

    @cached_property
    def _arms(self) -> list[Prepared]:
        compiler = Compiler()
        return [Prepared(arm, self.plan.figure, compiler) for arm in self.plan.arms]

    def run(self, scenario: Scenario, asked: date | None) -> Outcome:
        """The figure on a date, without steps; None asks for what does not depend on a date."""
        if self._run_direct is not None and asked is not None:
            outcome = self._run_direct(scenario, asked)
            if outcome is not None:
                return outcome
        return self._run(scenario, asked, False)

    def explain(self, scenario: Scenario, asked: date | None) -> Outcome:
        """The same with the steps of every guard that was looked at and of the amounts."""
        if self._explain_direct is not None and asked is not None:
            outcome = self._explain_direct(scenario, asked)
            if outcome is not None:
                return outcome
        if not self._tracing:
            tracer = Tracer()
            for prepared in self._arms:
                prepared.make_tracing(self.plan.figure, tracer)
            self._tracing = True
        return self._run(scenario, asked, True)

    def _run(self, scenario: Scenario, asked: date | None, explained: bool) -> Outcome:
        frames: dict[WhenKey, Frame] = {}
        looked = [self._look(each, scenario, asked, explained, frames) for each in self._arms]
        chosen: list[Chosen] = []
        beaten: set[Arm] = set()
        result: int | date | NoValue = 0
        partial: Step | None = None
        for stream in self._streams or ("",):
            here = [each for each in looked if each.prepared.arm.stream == stream]
            taken = self._choose(here, asked, beaten)
            if isinstance(taken, NoValue):
                result = taken
                break
            failure = self._take(taken, chosen, explained)
            if failure is not None:
                result, partial = failure
                break
        else:
            result = _summed(chosen)
        failed = [_failed(x, beaten) for x in looked if explained and _did_not(x, beaten)]
        return Outcome(result, tuple(chosen), tuple(failed), partial)

    def _take(
        self, taken: list[Looked], chosen: list[Chosen], explained: bool
    ) -> tuple[NoValue, Step | None] | None:
        """Add the amounts of arms to what is chosen; the first that has none, with its step."""
        for each in taken:
            amount = self._amount(each, explained)
            if not isinstance(amount, Chosen):
                return amount
            chosen.append(amount)
        return None

    def _look(
        self,
        prepared: Prepared,
        scenario: Scenario,
        asked: date | None,
        explained: bool,
        frames: dict[WhenKey, Frame],
    ) -> Looked:
        looked = Looked(prepared)
        when = prepared.when
        posting = posting_of(prepared.arm, asked)
        if prepared.start is not None:
            posting = self._prorate(looked, scenario, asked, posting, explained)
            if looked.months == 0:
                return looked
        frame = None if prepared.start else frames.get(prepared.when_key)
        if frame is None:
            frame = self._frame(prepared, scenario, today_for(when, asked, posting), posting)
            if prepared.start is None:
                frames[prepared.when_key] = frame
        looked.frame = frame
        self._guard(looked, explained)
        if looked.holds and looked.start_why is not None:
            looked.holds, looked.why = None, looked.start_why
        return looked

    def _frame(
        self, prepared: Prepared, scenario: Scenario, today: date | None, posting: date | None
    ) -> Frame:
        begins = None
        if self._year_start and today is not None:
            begins = year_start(today, prepared.when.year_month, prepared.when.year_day)
        return scenario.frame(self.plan.slots, today, posting, begins)

    def _prorate(
        self,
        looked: Looked,
        scenario: Scenario,
        asked: date | None,
        posting: date | None,
        explained: bool,
    ) -> date | None:
        """Find the months that count; the posting day, not before the start or its counted month.

        In months before that posting the arm does not apply: another still does.
        """
        prepared, when = looked.prepared, looked.prepared.when
        prorated = prepared.arm.prorated
        if asked is None or prorated is None or prepared.start is None:
            looked.start_why = date_needed(prepared.arm)
            return posting
        looked.frame = self._frame(prepared, scenario, posting or asked, posting)
        try:
            start = self._start(looked, explained)
        except NoValue as why:
            looked.start_why = why.again()
            return posting
        looked.months, posting = prorated_months(when, prorated.month_after, asked, posting, start)
        return posting

    def _start(self, looked: Looked, explained: bool) -> date:
        prepared = looked.prepared
        if explained and prepared.trace_start is not None:
            looked.start = prepared.trace_start(looked.frame)
            value: Any = looked.start.value
            if isinstance(value, NoValue):
                raise value.again()
        else:
            value = prepared.start(looked.frame) if prepared.start else None
        if not isinstance(value, date):
            raise TypeError(f"a prorated year starts with a date, not {value!r}")
        return value

    def _guard(self, looked: Looked, explained: bool) -> None:
        prepared = looked.prepared
        if explained and prepared.trace_guard is not None:
            looked.guard = prepared.trace_guard(looked.frame)
            value = looked.guard.value
            looked.holds, looked.why = (
                (None, value) if isinstance(value, NoValue) else (value, None)
            )
            return
        try:
            looked.holds = prepared.guard(looked.frame)
        except NoValue as why:
            looked.holds, looked.why = None, why.again()

    def _choose(
        self, looked: list[Looked], asked: date | None, beaten: set[Arm]
    ) -> list[Looked] | NoValue:
        """The arms of a stream that apply, or why that cannot be told."""
        exceptions = [each for each in looked if each.prepared.arm.exception]
        others = [each for each in looked if not each.prepared.arm.exception]
        for group in (exceptions, others):
            unknown = next((each.why for each in group if each.holds is None), None)
            if unknown is not None:
                return unknown
            holding = [each for each in group if each.holds]
            if not holding:
                continue
            if group is exceptions:
                beaten.update(each.prepared.arm for each in others)
            if len(holding) > 1 and self.plan.exclusive:
                return self._conflict(holding, asked)
            return holding
        return self._none_applies(looked, asked) if self.plan.exclusive else []

    def _conflict(self, holding: list[Looked], asked: date | None) -> NoValue:
        first, *others = [each.prepared.arm.rule.written.place for each in holding]
        notes = [Note(place, "also") for place in others]
        return self._refused("YB403", first, notes, asked)

    def _none_applies(self, looked: list[Looked], asked: date | None) -> NoValue:
        notes = [Note(each.prepared.arm.rule.written.place, "failed") for each in looked]
        return self._refused("YB402", None, notes, asked)

    def _refused(self, code: str, place: Any, notes: list[Note], asked: date | None) -> NoValue:
        plan = self.plan
        return no_value(
            code,
            place,
            notes=notes,
            figure=kind_words(plan.figure),
            region=plan.region,
            date=shown_date(asked),
        )

    def _amount(self, looked: Looked, explained: bool) -> Chosen | tuple[NoValue, Step | None]:
        prepared, arm = looked.prepared, looked.prepared.arm
        step: Step | None = None
        try:
            if explained and prepared.trace_amount is not None:
                step = prepared.trace_amount(looked.frame)
                value = step.value
                if isinstance(value, NoValue):
                    return value, step
            else:
                value = prepared.amount(looked.frame)
        except NoValue as why:
            return why.again(), None
        if arm.rounding is None:
            return _chosen_value(looked, value, step)
        denominator = value.denominator * (prepared.denominator or 1)
        numerator = value.numerator
        if looked.months != 12:
            numerator, denominator = numerator * looked.months, denominator * 12
        if numerator < 0:
            return negative(arm, numerator, denominator), step
        fen = rounded_fen(numerator, denominator, arm.rounding.mode, arm.rounding.unit_fen)
        today, posting = looked.frame[TODAY], looked.frame[POSTING]
        return Chosen(
            arm,
            posting,
            today,
            looked.months,
            numerator,
            denominator,
            fen,
            looked.guard,
            looked.start,
            step,
        )


def _chosen_value(looked: Looked, value: Any, step: Step | None) -> Chosen:
    """What is no money: a date stands for itself."""
    today, posting = looked.frame[TODAY], looked.frame[POSTING]
    arm, months = looked.prepared.arm, looked.months
    return Chosen(arm, posting, today, months, 0, 1, 0, looked.guard, looked.start, step, value)


def _summed(chosen: list[Chosen]) -> int | date:
    """The total in fen, or the one value that is no money."""
    if len(chosen) == 1 and chosen[0].value is not None:
        found: date = chosen[0].value
        return found
    return sum(each.fen for each in chosen)


def _did_not(looked: Looked, beaten: set[Arm]) -> bool:
    return not looked.holds or looked.prepared.arm in beaten


def _failed(looked: Looked, beaten: set[Arm]) -> Failed:
    arm, frame = looked.prepared.arm, looked.frame
    today, posting = (frame[TODAY], frame[POSTING]) if frame else (None, None)
    return Failed(arm, posting, today, looked.guard, looked.months == 0, arm in beaten)


class ValueProgram:
    """An expression made ready to run on its own: a definition, a requirement, a date."""

    def __init__(self, expr: Expr) -> None:
        self.expr = expr
        self.slots = slot_names([expr])
        self._compiler = Compiler()
        self._closure = self._compiler.closure(expr)
        self._tracer = Tracer(self._compiler)

    def run(
        self, scenario: Scenario, today: date | None, year_start: date | None = None
    ) -> Any | NoValue:
        """The value, over the denominator of the expression, or the NoValue."""
        try:
            return self._closure(scenario.frame(self.slots, today, None, year_start))
        except NoValue as why:
            return why.again()

    def explain(
        self, scenario: Scenario, today: date | None, year_start: date | None = None
    ) -> Step:
        """The same as a step with its steps."""
        frame = scenario.frame(self.slots, today, None, year_start)
        return self._tracer.traced(self.expr)(frame)
