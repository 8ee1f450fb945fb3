"""Figures as Python: days, guards as questions or one by one, amounts, streams."""

from collections.abc import Callable
from datetime import date

from yibaolang.language.diagnostics import Refusal
from yibaolang.model.arms import Arm, FigurePlan, When
from yibaolang.model.core import Absent, Expr
from yibaolang.program.dates import posting_date, prorated_months, today_for
from yibaolang.program.direct import is_direct
from yibaolang.program.prepared import WhenKey, when_key
from yibaolang.program.print_expressions import TABLE, rounded
from yibaolang.program.printing import (
    CannotPrint,
    Piece,
    Scope,
    Undecided,
    Writer,
    printed,
)
from yibaolang.program.questions import Overlap, Question, Questions, questions

Check = Callable[[str], str]
"""From the name of the day looked at to a condition that is left to the interpreter."""


def print_value(expr: Expr, writer: Writer, checks: list[Check]) -> None:
    """An expression on the day asked."""
    scope = Scope(writer, "asked", None, None, (date.min, date.max), TABLE)
    writer.line("if asked is None: raise Undecided")
    for check in checks:
        writer.line(f"if {check('asked')}: raise Undecided")
    writer.comment(expr.written)
    piece = printed(expr, scope)
    value = writer.let("value", piece)
    if value.value is None:
        writer.line(f"if {value.code} is None: raise Undecided")
    writer.line(f"return {value.code}")


def print_figure(plan: FigurePlan, writer: Writer, checks: list[Check]) -> None:
    """The body of a figure's function."""
    for arm in plan.arms:
        if arm.rounding is None:
            raise CannotPrint(arm.rule.written, "a figure that is no money")
    printer = _Printer(plan, writer, checks)
    if is_direct(plan):
        try:
            asked = questions([arm.guard for arm in plan.arms])
        except Overlap:
            printer.one_by_one()
            return
        printer.as_questions(asked)
        return
    printer.one_by_one()


class _Printer:
    def __init__(self, plan: FigurePlan, writer: Writer, checks: list[Check]) -> None:
        self.plan = plan
        self.writer = writer
        self.checks = checks
        self.within = plan.since or date.min, plan.until or date.max
        self.scopes: dict[WhenKey, Scope] = {}

    def _scope(self, look: str, posting: str | None, when: When) -> Scope:
        """The scope of a day, after checking that the plan holds on it."""
        self._within(look)
        return Scope(self.writer, look, posting, when, self.within, TABLE)

    def _within(self, look: str) -> None:
        since, until = (
            self.writer.day(each) if held is not None else None
            for each, held in zip(self.within, (self.plan.since, self.plan.until), strict=True)
        )
        bounds = f"{since} <= {look}" if since else look if until else f"{look} is not None"
        bounds += f" <= {until}" if until else ""
        self.writer.line(f"if not {bounds}: raise Undecided")
        for check in self.checks:
            self.writer.line(f"if {check(look)}: raise Undecided")

    def _day_scope(self, when: When) -> Scope:
        """The scope of the day that arms without proration look at; made once for like arms."""
        known = self.scopes.get(when_key(when))
        if known is not None:
            return known
        if not when.frequency and not when.assessed:
            scope = self._scope("asked", None, when)
        else:
            posting, look = self.writer.fresh("posting"), self.writer.fresh("day")
            self._days(when, posting, look)
            scope = self._scope(look, posting if _posts(when) else None, when)
        self.scopes[when_key(when)] = scope
        return scope

    def _days(self, when: When, posting: str, look: str) -> None:
        line = self.writer.line
        short = _short_posting(when)
        if short and not when.assessed:
            line(f"{posting} = {look} = {short}")
            return
        days = self.writer.helper("days", _days_of(when))
        line(f"{posting}, {look} = {days}(asked)")

    # ── guards that exclude one another ──

    def as_questions(self, asked: Questions) -> None:
        scope = self._day_scope(self.plan.arms[0].when)
        self._ask(asked, scope)

    def _ask(self, asked: Questions, scope: Scope) -> None:
        writer = self.writer
        while isinstance(asked, Question):
            condition = printed(asked.condition, scope)
            writer.line(f"if {condition.code}:")
            writer.deeper(asked.condition.written)
            self._ask(asked.holds, scope.inner())
            writer.back()
            asked = asked.fails
        if asked is None:
            writer.line("raise Undecided")
            return
        arm = self.plan.arms[asked]
        writer.comment(arm.rule.written)
        fen = self._amount(arm, scope, None)
        writer.line(f"return {fen.code}")

    # ── any guards ──

    def one_by_one(self) -> None:
        writer = self.writer
        arms = self.plan.arms
        held = [self._guard(arm) for arm in arms]
        total = writer.fresh("fen")
        writer.line(f"{total} = 0")
        if not arms and self.plan.exclusive:
            writer.line("raise Undecided")
        for stream in dict.fromkeys(arm.stream for arm in arms):
            here = [index for index, arm in enumerate(arms) if arm.stream == stream]
            self._choose([(arms[index], held[index][0]) for index in here])
            for index in here:
                holds, scope, months = held[index]
                writer.line(f"if {holds}:")
                writer.deeper(arms[index].rule.written)
                writer.comment(arms[index].rule.written)
                fen = self._amount(arms[index], scope.inner(), months)
                writer.line(f"{total} += {fen.code}")
                writer.back()
        writer.line(f"return {total}")

    def _choose(self, arms: list[tuple[Arm, str]]) -> None:
        """Exceptions beat the others; then there must be one, if the figure is exclusive."""
        line = self.writer.line
        exceptions = [holds for arm, holds in arms if arm.exception]
        others = [holds for arm, holds in arms if not arm.exception]
        if exceptions and others:
            line(f"if {' or '.join(exceptions)}: {' = '.join(others)} = False")
        if self.plan.exclusive:
            line(f"if {' + '.join(exceptions + others)} != 1: raise Undecided")

    def _guard(self, arm: Arm) -> tuple[str, Scope, str | None]:
        """Write whether an arm applies; the name of that, its scope, and of its months."""
        writer = self.writer
        writer.comment(arm.rule.written)
        holds = writer.fresh("holds")
        if arm.prorated is None:
            scope = self._day_scope(arm.when)
            writer.line(f"{holds} = {self._truth(arm, scope)}")
            return holds, scope, None
        posting, months, look = (writer.fresh(each) for each in ("posting", "months", "day"))
        writer.line(f"{posting} = {writer.helper('posting_of', _posting_of(arm.when))}(asked)")
        writer.line(f"{look} = {posting} or asked")
        start = printed(arm.prorated.start, self._scope(look, posting, arm.when))
        prorate = writer.helper("prorate", _prorating(arm.when, arm.prorated.month_after))
        writer.line(f"{months}, {posting}, {look} = {prorate}(asked, {posting}, {start.code})")
        writer.line(f"{holds} = False")
        writer.line(f"if {months}:")
        writer.deeper(arm.rule.written)
        scope = self._scope(look, posting if _posts(arm.when) else None, arm.when)
        writer.line(f"{holds} = {self._truth(arm, scope)}")
        writer.back()
        return holds, scope, months

    def _truth(self, arm: Arm, scope: Scope) -> str:
        return "True" if arm.guard is None else printed(arm.guard, scope).code

    def _amount(self, arm: Arm, scope: Scope, months: str | None) -> Piece:
        """Write an arm's amount; its fen."""
        rounding = arm.rounding
        if rounding is None or isinstance(arm.amount, Absent):
            return Piece("undecided()", None, True, True)
        writer, denominator = self.writer, arm.amount.denominator
        exact = printed(arm.amount, scope)
        if months is not None and denominator is not None:
            named = Piece(months, None, True, True)
            exact = Piece(f"{exact.operand} * {named.code}", None, exact.positive)
            denominator *= 12
        elif months is not None:
            exact = Piece(f"Fraction({exact.operand} * {months}, 12)", None, exact.positive)
        if exact.value is not None and exact.value < 0:
            return Piece("undecided()", None, True, True)
        exact = writer.let("exact", exact)
        if not exact.positive:
            writer.line(f"if {exact.code} < 0: raise Undecided")
        exact = exact._replace(positive=True)
        return rounded(exact, denominator, rounding.mode, rounding.unit_fen, scope)


def _posts(when: When) -> bool:
    return bool(when.frequency) and when.day_kind != "none"


def _short_posting(when: When) -> str:
    """The posting day where it is a day that every month has, as Python; else ""."""
    if when.frequency != "monthly":
        return ""
    if when.day_kind == "word" and when.word == "first_of_month":
        return "asked.replace(day=1)"
    if when.day_kind in ("day", "by_day") and when.day <= 28:
        return f"asked.replace(day={when.day})"
    return ""


def _days_of(when: When) -> Callable[[date], tuple[date | None, date]]:
    def days(asked: date) -> tuple[date | None, date]:
        posting = _posting(when, asked)
        look = today_for(when, asked, posting)
        if look is None:
            raise Undecided
        return posting, look

    return days


def _posting_of(when: When) -> Callable[[date], date | None]:
    return lambda asked: _posting(when, asked)


def _posting(when: When, asked: date) -> date | None:
    """The posting day; Undecided where the calendar of holidays is not given."""
    try:
        return posting_date(when, asked)
    except Refusal:
        raise Undecided from None


_Prorate = Callable[[date, date | None, date], tuple[int, date | None, date | None]]


def _prorating(when: When, month_after: bool) -> _Prorate:
    """The months that count, the posting day and the day looked at, as interpreted."""

    def prorate(
        asked: date, posting: date | None, start: date
    ) -> tuple[int, date | None, date | None]:
        months, posting = prorated_months(when, month_after, asked, posting, start)
        return months, posting, today_for(when, asked, posting)

    return prorate
