"""Figures: what is asked of the rules for a person, and how the answer is put together.

A figure is "credit", "deduct", "net credit", "wait …" (the date from which there is no more
waiting), a benefit (whether its requirements are met), or any name. An answer holds the value or
the reason why there is none, and the outcomes of the programs that it was made from.
"""

from collections.abc import Iterable
from datetime import date

from attrs import evolve

from yibaolang.engine.answers import (
    Answer,
    Part,
    Reading,
    agreed,
    covers,
    holds_on,
    same_outcome,
    shown_answer,
    shown_outcome,
    step_text,
)
from yibaolang.engine.asked import Asked
from yibaolang.engine.given import Known
from yibaolang.engine.parts import (
    Wanted,
    looked_at,
    monthly,
    moved_into,
    nobody,
    since,
    stated,
    unscheduled,
    within,
    yearly,
)
from yibaolang.engine.requirements import required
from yibaolang.engine.words import figure_spellings
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Refusal, diagnostic
from yibaolang.language.suggest import suggestions
from yibaolang.model.arms import Arm, FigurePlan
from yibaolang.model.book import Book
from yibaolang.model.calendar import add_months, first_of_month, last_of_month
from yibaolang.model.core import Written
from yibaolang.model.plan import Plans
from yibaolang.model.scope import Uses, choosing
from yibaolang.model.values import DATE, MONEY, TRUTH, Type
from yibaolang.program.dates import insurance_year, posting_of
from yibaolang.program.figure import FigureProgram, ValueProgram
from yibaolang.program.novalue import NoValue
from yibaolang.program.outcome import Outcome
from yibaolang.program.step import Step

_SUMMED = ("credit", "deduct", "net credit")
FigurePrograms = dict[tuple[str, str, tuple[Arm, ...]], FigureProgram]
"""Programs by figure, region and arms: without any arms, a figure still has its own refusal."""

_FIRST, _LAST = "first", "last"
"""The readings of a month for which no day is said: its first day, or its last."""


class Questions:
    """Asks figures of one book for one person in one region under the chosen versions."""

    def __init__(
        self, book: Book, region: str, uses: Uses, known: Known, plans: Plans | None = None,
        programs: "FigurePrograms | None" = None, explained: bool = True,
    ) -> None:  # fmt: skip
        self.book = book
        self.region = region
        self.uses = uses
        self.known = known
        self.explained = explained
        self.plans = plans or Plans(book, region, uses, known.overrides)
        self._month_read = ""
        self._programs: FigurePrograms = {} if programs is None else programs

    def ask(self, figure: str, asked: Asked, written: Written) -> Answer:
        """The answer, refused or not; Refusal only if the question itself makes no sense."""
        try:
            return self._asked(figure, asked, written)
        except Refusal as refusal:
            if any(each.code == "YB424" for each in refusal.diagnostics):
                raise
            readings = self._readings(refusal.diagnostics[0], figure, asked, written)
            one = agreed(readings)
            if one is not None:
                return evolve(one, readings=readings)
            return Answer(
                figure, self.region, asked, MONEY, None, 1, refusal.diagnostics, readings=readings
            )

    def _asked(self, figure: str, asked: Asked, written: Written) -> Answer:
        if figure in _SUMMED:
            return self._summed(figure, asked)
        if figure.startswith("wait "):
            return self._waited(figure, asked)
        named = self.book.names.get(figure)
        if named is None:
            raise no_figure(self.book, figure, written)
        if named.kind == "value" and named.owner == "benefit":
            return self._required(named.name, asked)
        return self._value(named.name, asked, written)

    def _readings(
        self, why: Diagnostic, figure: str, asked: Asked, written: Written
    ) -> tuple[Reading, ...]:
        """What each version says, if the answer is refused because versions disagree (YB301)."""
        if why.code != "YB301":
            return ()
        arguments = dict(why.arguments)
        region, names = str(arguments["region"]), str(arguments["names"]).split(", ")
        found = []
        for name in names:
            asking = Questions(
                self.book, self.region, choosing(self.uses, region, name), self.known
            )
            found.append(Reading(name, asking.ask(figure, asked, written)))
        return tuple(found)

    def evaluate(self, node: syntax.Expression, asked: Asked, written: Written) -> Answer:
        """A bare expression's value, refused or not."""
        try:
            expr = self.plans.expression(node, written.source, asked.last)
            start = self._year_start(asked.last)
            step = ValueProgram(expr).explain(self.known.scenario, asked.last, start)
            return self._from_step("", asked, expr.type, step)
        except Refusal as refusal:
            return Answer("", self.region, asked, MONEY, None, 1, refusal.diagnostics)

    # ── credit and deductions ──

    def _summed(self, figure: str, asked: Asked) -> Answer:
        if figure == "net credit":
            return self._net(asked)
        if asked.kind == "span":
            return self._total(figure, asked)
        part = self._run(figure, asked, None)
        return self._answer(figure, asked, (part,))

    def _net(self, asked: Asked) -> Answer:
        gross = self._summed("credit", asked)
        less = self._summed("deduct", asked)
        parts = (*gross.parts, *less.parts)
        refused = (*gross.refused, *less.refused)
        amount = None if refused else gross.value - less.value
        return Answer("net credit", self.region, asked, MONEY, amount, 1, refused, parts)

    def _answer(self, figure: str, asked: Asked, parts: Iterable[Part]) -> Answer:
        parts = tuple(parts)
        refused: list[Diagnostic] = []
        fen = 0
        for part in parts:
            amount = part.outcome.amount
            if isinstance(amount, NoValue):
                if part.counted:
                    refused.append(amount.diagnostic)
            elif part.counted and isinstance(amount, int):
                fen += amount
        value = None if refused else fen
        found = tuple(dict.fromkeys(refused))
        return Answer(figure, self.region, asked, MONEY, value, 1, found, parts)

    def _run(self, figure: str, asked: Asked, wanted: Wanted) -> Part:
        """One run; of a month without a posting day both of its ends, which must agree (YB410)."""
        if asked.kind == "month" and self._month_read:
            day = asked.first if self._month_read == _FIRST else asked.last
            return Part(figure, asked, self._outcome(figure, day, wanted))
        if asked.kind != "month":
            return Part(figure, asked, self._outcome(figure, asked.last, wanted))
        first = self._outcome(figure, asked.first, wanted)
        last = self._outcome(figure, asked.last, wanted)
        if same_outcome(first, last):
            return Part(figure, asked, last)
        arm = next((chosen.arm for chosen in (*first.chosen, *last.chosen)), None)
        place = None if arm is None else arm.rule.written.place
        why = diagnostic(
            "YB410", place, first=shown_outcome(first), last=shown_outcome(last), month=str(asked)
        )
        chosen = () if isinstance(last.amount, NoValue) else last.chosen
        both = last._replace(amount=NoValue("refused", why), chosen=chosen)
        return Part(figure, asked, both)

    def _outcome(self, figure: str, day: date | None, wanted: Wanted) -> Outcome:
        plan = self.plan_seen(figure, day, wanted)
        key = figure, self.region, plan.arms
        program = self._programs.get(key)
        if program is None:
            program = self._programs[key] = FigureProgram(plan)
        run = program.explain if self.explained else program.run
        return run(self.known.scenario, day)

    def plan_seen(self, figure: str, day: date | None, wanted: Wanted) -> FigurePlan:
        """The arms in force on their own posting dates, seen from a day."""
        plan = self.plans.figure(figure, day)
        arms = looked_at(plan.arms, wanted)
        if day is not None:
            first, last = first_of_month(day), last_of_month(day)
            if self.plans.has_yearly(figure):
                start, following = insurance_year(day, *self.plans.year_from(day))
                first, last = min(first, start), max(last, following)
            found: list[Arm] = []
            for each in self.plans.between(first, last):
                other = self.plans.figure(figure, each)
                for arm in looked_at(other.arms, wanted):
                    if holds_on(other, posting_of(arm, day) or day):
                        found.append(arm)
            arms = tuple(found)
        slots = self.plans.slot_names()
        return FigurePlan(figure, plan.region, plan.since, plan.until, arms, slots, plan.exclusive)

    def _total(self, figure: str, asked: Asked) -> Answer:
        """The sum of the postings in a span; if months have two readings (YB410), both sums."""
        answer = self._answer(figure, asked, self.postings(figure, asked))
        why = next((each for each in answer.refused if each.code == "YB410"), None)
        if why is None:
            return answer
        sums = []
        for self._month_read in (_FIRST, _LAST):
            found = self._answer(figure, asked, self.postings(figure, asked))
            sums.append(shown_answer(found))
        self._month_read = ""
        both = diagnostic("YB410", why.place, first=sums[0], last=sums[1], month=str(asked))
        return evolve(answer, refused=(both, *(each for each in answer.refused if each != why)))

    def postings(self, figure: str, asked: Asked) -> list[Part]:
        """The postings of credit or deduct in a span, refused ones among them.

        Every month is accounted for: by a posting, by a yearly one that covers it, or by a refusal.
        """
        postings = [*self._yearly(figure, asked)]
        covered = [part for part in postings if part.counted]
        cut = (within(part, asked) for part in postings)
        parts: list[Part] = [part for part in cut if part is not None]
        for month in asked.months():
            stray = self._unscheduled(figure, month)
            part = stray or self._run(figure, month, monthly)
            if nobody(part):
                part = self._said_absent(figure, month) or part
            if nobody(part) and (
                figure == "deduct" or any(covers(each, month) for each in covered)
            ):
                continue
            left = within(part, asked)
            if left is not None:
                parts.append(left)
        return [*parts, *self._before_holidays(figure, asked)]

    def _before_holidays(self, figure: str, asked: Asked) -> Iterable[Part]:
        """The postings of next month, or of a year that begins in it, that are in the span.

        Holidays move them there.
        """
        if asked.last is None or not self.plans.moves_before_holidays(figure):
            return
        month = Asked.month(add_months(asked.last, 1))
        parts = [self._run(figure, month, monthly)]
        _, following = insurance_year(asked.last, *self.plans.year_from(asked.last))
        if month.holds(following):
            _, after = insurance_year(following, *self.plans.year_from(following))
            last = date.fromordinal(after.toordinal() - 1)
            parts.append(Part(figure, Asked.on(last), self._outcome(figure, last, yearly)))
        for part in parts:
            moved = moved_into(part, asked)
            if moved is not None:
                yield moved

    def _said_absent(self, figure: str, month: Asked) -> Part | None:
        """What is stated instead of an amount at the end or the beginning of a month."""
        for day in (month.last, month.first):
            part = Part(figure, month, self._outcome(figure, day, stated))
            if isinstance(part.outcome.amount, NoValue) and not nobody(part):
                return part
        return None

    def _unscheduled(self, figure: str, month: Asked) -> Part | None:
        """The refusal (YB421) of a month in which a rule applies that does not say how often."""
        if not self.plan_seen(figure, month.last, unscheduled).arms:
            return None
        part = self._run(figure, month, unscheduled)
        if isinstance(part.outcome.amount, NoValue):
            return None if nobody(part) else part
        if not part.outcome.chosen:
            return None
        place = part.outcome.chosen[0].arm.rule.written.place
        why = NoValue("refused", diagnostic("YB421", place))
        return evolve(part, outcome=part.outcome._replace(amount=why))

    def _yearly(self, figure: str, asked: Asked) -> Iterable[Part]:
        """The yearly postings of the insurance years that the span touches."""
        if asked.first is None or asked.last is None:
            return
        day = asked.first
        while day <= asked.last:
            start, following = insurance_year(day, *self.plans.year_from(day))
            last = date.fromordinal(following.toordinal() - 1)
            if self.plan_seen(figure, last, yearly).arms:
                part = Part(figure, Asked.on(last), self._outcome(figure, last, yearly))
                if start < day and day > asked.first:
                    # `year from` has changed, and the year before has had its days.
                    part = since(part, day)
                if not isinstance(part.outcome.amount, NoValue):
                    if not part.outcome.chosen:
                        day = following
                        continue
                    if any(chosen.posting is None for chosen in part.outcome.chosen):
                        why = diagnostic("YB421", part.outcome.chosen[0].arm.rule.written.place)
                        raise Refusal(why)
                    yield part
                elif part.outcome.amount.diagnostic.code != "YB402":
                    raise Refusal(part.outcome.amount.diagnostic)
            day = following

    # ── values, waiting, requirements ──

    def _value(self, name: str, asked: Asked, written: Written) -> Answer:
        """A definition, param or fact; over a month it must not change (YB410)."""
        if asked.kind == "span":
            raise Refusal(diagnostic("YB427", written.place, name=name))
        days = (asked.last,) if asked.kind != "month" else (asked.first, asked.last)
        found = [self._value_on(name, day, written) for day in days]
        if step_text(found[0][1], found[0][0]) != step_text(found[-1][1], found[-1][0]):
            shown = [step_text(step, type_) for type_, step in found]
            why = diagnostic(
                "YB410", written.place, first=shown[0], last=shown[1], month=str(asked)
            )
            raise Refusal(why)
        type_, step = found[-1]
        return self._from_step(name, asked, type_, step)

    def _value_on(self, name: str, day: date | None, written: Written) -> tuple[Type, Step]:
        expr = self.plans.definition(name, written, day)
        program = ValueProgram(expr)
        return expr.type, program.explain(self.known.scenario, day, self._year_start(day))

    def _year_start(self, day: date | None) -> date | None:
        if day is None:
            return None
        return insurance_year(day, *self.plans.year_from(day))[0]

    def _from_step(self, figure: str, asked: Asked, type_: Type, step: Step) -> Answer:
        value = step.value
        if isinstance(value, NoValue):
            refused = (value.diagnostic,)
            return Answer(figure, self.region, asked, type_, None, 1, refused, step=step)
        numerator, denominator = value, step.expr.denominator or 1
        if step.expr.denominator is None and type_.numeric:
            numerator, denominator = value.numerator, value.denominator
        return Answer(figure, self.region, asked, type_, numerator, denominator, step=step)

    def _waited(self, figure: str, asked: Asked) -> Answer:
        """The date from which there is no more waiting."""
        outcome = self._outcome(figure, asked.last, None)
        part = Part(figure, asked, outcome)
        if isinstance(outcome.amount, NoValue):
            refused = (outcome.amount.diagnostic,)
            return Answer(figure, self.region, asked, DATE, None, 1, refused, (part,))
        return Answer(figure, self.region, asked, DATE, outcome.chosen[0].value, 1, (), (part,))

    def _required(self, benefit: str, asked: Asked) -> Answer:
        """Whether every requirement of a benefit that applies is met."""
        start = self._year_start(asked.last)
        met, found, refused = required(
            self.plans, self.known.scenario, benefit, asked.last, start, str(asked)
        )
        value = None if refused else met
        return Answer(
            benefit, self.region, asked, TRUTH, value, 1, refused, conditions=found
        )


def no_figure(book: Book, name: str, written: Written) -> Refusal:
    """A name that is no figure (YB424), with the one that is most like it."""
    near = suggestions(name, figure_spellings(book), limit=1)
    suggestion = near[0] if near else ""
    return Refusal(diagnostic("YB424", written.place, name=name, suggestion=suggestion))
