"""Plans: what one region has for a figure, between two dates on which nothing of it changes.

`Plans` belongs to a book, a region, the chosen versions and the names that are given instead of
being computed. Its frames have one slot for each name, whatever the date, so the arms of several
plans can run together.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.source import Source
from yibaolang.model import core
from yibaolang.model.arms import Arm, FigurePlan, Prorated, Rounding, RuleInForce, When
from yibaolang.model.book import Book
from yibaolang.model.core import Expr, Written
from yibaolang.model.elaborate import Elaborator
from yibaolang.model.entries import Entry, RowEntry, VersionEntry
from yibaolang.model.kinds import kind_words
from yibaolang.model.providing import provision
from yibaolang.model.provisions import Provision
from yibaolang.model.scope import Scope, Uses, change_days, interval
from yibaolang.model.values import DATE, MONEY, MONTHS, TRUTH

_ONE_DAY = timedelta(days=1)
_UNSCHEDULED = syntax.Schedule((0, 0), "", "none", 0, 0, "", False)


class Plans:
    """The plans of a region, made as they are asked for."""

    def __init__(
        self, book: Book, region: str, uses: Uses, overrides: frozenset[str] = frozenset()
    ) -> None:
        self.book = book
        self.region = region
        self.uses = uses
        self.overrides = overrides
        self.slots: dict[str, int] = {}
        self._changes: list[date] | None = None
        self._elaborators: dict[tuple[date | None, date | None, bool], Elaborator] = {}
        self._plans: dict[tuple[str, int], FigurePlan] = {}
        self._provisions: dict[tuple[str, int], list[Provision]] = {}

    # ── what holds on a day ──

    def interval(self, day: date | None) -> tuple[date | None, date | None]:
        """The days around `day` between which no version or value of the region changes."""
        if self._changes is None:
            dated: list[VersionEntry | RowEntry] = []
            for region in self.book.chain(self.region):
                dated += self.book.versions.get(region, ())
            for rows in self.book.rows.values():
                dated += rows
            self._changes = change_days((each.since, each.until) for each in dated)
        return interval(day, self._changes)

    def elaborator(self, day: date | None) -> Elaborator:
        """The elaborator of the region on a day."""
        key = (*self.interval(day), day is None)
        found = self._elaborators.get(key)
        if found is None:
            scope = Scope(self.book, self.region, day, self.uses, self.overrides, self.slots)
            found = self._elaborators[key] = Elaborator(scope)
        return found

    def slot_names(self) -> tuple[str, ...]:
        """The names of the frame's slots from FIRST on; more come as more plans are made."""
        return tuple(self.slots)

    def between(self, first: date, last: date) -> Iterator[date]:
        """A day in each interval that touches the span, in order."""
        day: date | None = first
        while day is not None and day <= last:
            yield day
            until = self.interval(day)[1]
            day = None if until is None or until == date.max else until + _ONE_DAY

    # ── figures ──

    def has_yearly(self, kind: str) -> bool:
        """Whether any rule of a kind, whenever it is in force, is for a whole year."""
        return any(
            isinstance(action := _rule(entry).action, syntax.Credit | syntax.Deduct)
            and action.schedule is not None
            and action.schedule.frequency == "yearly"
            for region in self.book.chain(self.region)
            for entry in self.book.rules.get((region, kind), ())
        )

    def moves_before_holidays(self, kind: str) -> bool:
        """Whether any rule of a kind posts on the last working day before a holiday."""
        return any(
            isinstance(action := _rule(entry).action, syntax.Credit | syntax.Deduct)
            and action.schedule is not None
            and action.schedule.before_holiday
            for region in self.book.chain(self.region)
            for entry in self.book.rules.get((region, kind), ())
        )

    def figure(self, kind: str, day: date | None) -> FigurePlan:
        """The plan of "credit", "deduct" or "wait …" on a day."""
        elaborator = self.elaborator(day)
        key = (kind, id(elaborator))
        found = self._plans.get(key)
        if found is None:
            entries = elaborator.scope.rules(kind)
            arms = tuple(self._arm(elaborator, entry) for entry in entries)
            since, until = self.interval(day)
            found = self._plans[key] = FigurePlan(
                kind, self.region, since, until, arms, self.slot_names(), kind != "deduct"
            )
        return found

    def expression(self, node: syntax.Expression, source: Source, day: date | None) -> Expr:
        """An expression on a day."""
        return self.elaborator(day).expr(node, source)

    def definition(self, name: str, written: Written, day: date | None) -> Expr:
        """A name's value on a day: a definition, param, input or condition."""
        elaborator = self.elaborator(day)
        node = syntax.Name(written.node.span, name)
        return elaborator.name(node, Written(written.source, node))

    def provisions(self, kind: str, day: date | None) -> list[Provision]:
        """The provisions of a kind in force on a day, such as "cover outpatient" or "draw"."""
        elaborator = self.elaborator(day)
        key = kind, id(elaborator)
        found = self._provisions.get(key)
        if found is None:
            made = (
                provision(elaborator, _rule(entry), in_force(entry), entry.source)
                for entry in elaborator.scope.rules(kind)
            )
            found = self._provisions[key] = [each for each in made if each is not None]
        return found

    def rounding(self, elaborator: Elaborator) -> Rounding:
        """The region's one rule of rounding; Refusal YB306 without one."""
        entry = self._single(elaborator, "round")
        action = _rule(entry).action
        if not isinstance(action, syntax.Rounding):
            raise TypeError("a rule of rounding is a Rounding")
        return Rounding(action.mode, action.unit.numerator, in_force(entry))

    def year_from(self, day: date | None) -> tuple[int, int]:
        """Month and day on which the region's insurance year begins."""
        action = _rule(self._single(self.elaborator(day), "year")).action
        if not isinstance(action, syntax.YearFrom):
            raise TypeError("a rule of the insurance year is a YearFrom")
        return action.month, action.day

    def _single(self, elaborator: Elaborator, kind: str) -> Entry:
        entries = elaborator.scope.rules(kind)
        if len(entries) != 1:
            place = entries[0].place if entries else None
            raise Refusal(diagnostic("YB306", place, kind=kind_words(kind), region=self.region))
        return entries[0]

    # ── arms ──

    def _arm(self, elaborator: Elaborator, entry: Entry) -> Arm:
        rule = _rule(entry)
        action, source = rule.action, entry.source
        rounding = self.rounding(elaborator)
        force = in_force(entry)
        if isinstance(action, syntax.Credit):
            guard = _guard(elaborator, rule, action.when, source)
            amount = _amount(elaborator, action.amount, source)
            bucket = _spelled(elaborator, action.bucket, "bucket", source)
            stream = "" if action.stream is None else action.stream.text
            prorated = None
            if action.prorated_date is not None:
                start = elaborator.expect(elaborator.expr(action.prorated_date, source), DATE)
                prorated = Prorated(action.prorated == "month_after", start)
            when = self._when(elaborator, action.schedule, action.assessed)
            return Arm(
                guard, amount, rule.exception, stream, bucket, when, prorated, rounding, force
            )
        if isinstance(action, syntax.Deduct):
            guard = _guard(elaborator, rule, None, source)
            amount = _amount(elaborator, action.amount, source)
            when = self._when(elaborator, action.schedule, "")
            return Arm(
                guard, amount, rule.exception, action.purpose, "", when, None, rounding, force
            )
        if isinstance(action, syntax.Wait):
            guard = _guard(elaborator, rule, None, source)
            end = _waited(elaborator, action, Written(source, action))
            when = self._when(elaborator, None, "")
            return Arm(guard, end, rule.exception, "", "", when, None, None, force)
        raise TypeError(f"{type(action).__name__} is not the rule of a figure")

    def _when(
        self, elaborator: Elaborator, schedule: syntax.Schedule | None, assessed: str
    ) -> When:
        said = schedule or _UNSCHEDULED
        day_kind, on_day = said.day_kind, said.day
        if said.frequency == "monthly" and day_kind == "none":
            posting = self._post_on(elaborator)
            day_kind, on_day = ("day", posting) if posting else ("none", 0)
        month, day = self.year_from(elaborator.scope.day)
        holidays = self.book.holidays if said.before_holiday else None
        return When(
            said.frequency, day_kind, said.month, on_day, said.word, assessed, month, day, holidays
        )

    def _post_on(self, elaborator: Elaborator) -> int:
        """The day of postings that name none, 0 if no rule says it."""
        if not elaborator.scope.rules("post on"):
            return 0
        action = _rule(self._single(elaborator, "post on")).action
        return action.day if isinstance(action, syntax.PostOn) else 0


def in_force(entry: Entry) -> RuleInForce:
    """A rule as it is cited: its own source, else its version's."""
    rule, version = _rule(entry), entry.version
    origin = rule.origin
    return RuleInForce(
        Written(entry.source, rule), entry.region, version.name, version.since, version.until,
        origin.cite or version.cite, origin.attested or version.attested, origin.because,
    )  # fmt: skip


def _rule(entry: Entry) -> syntax.Rule:
    sentence = entry.sentence
    if not isinstance(sentence, syntax.Rule):
        raise TypeError("the entry of a rule holds a Rule")
    return sentence


def _guard(
    elaborator: Elaborator, rule: syntax.Rule, when: syntax.Expression | None, source: Source
) -> Expr | None:
    conditions = [elaborator.truth(each, source) for each in (rule.guard, when) if each is not None]
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    return core.Junction(TRUTH, 1, Written(source, rule), True, tuple(conditions))


def _amount(elaborator: Elaborator, node: syntax.Expression, source: Source) -> Expr:
    amount = elaborator.expr(node, source)
    return amount if isinstance(amount, core.Absent) else elaborator.expect(amount, MONEY)


def _spelled(elaborator: Elaborator, name: syntax.Name | None, kind: str, source: Source) -> str:
    """The canonical name of a name that must be of a kind; "" for none."""
    if name is None:
        return ""
    named = elaborator.book.names.get(name.text)
    if named is None:
        raise elaborator.unknown_name(name.text, Written(source, name))
    if named.kind != kind:
        raise elaborator.wrong_kind(name.text, named.kind, Written(source, name))
    return named.name


def _waited(elaborator: Elaborator, action: syntax.Wait, written: Written) -> Expr:
    """The date from which there is no more waiting."""
    source = written.source
    after = elaborator.expect(elaborator.expr(action.after, source), DATE)
    if action.length is None:
        month = core.Constant(MONTHS, 1, written, 1)
        next_month = core.Shift(DATE, 1, written, after, (month,), (1,))
        end: Expr = core.AsOf(
            DATE, 1, written, core.DateOf(DATE, 1, written, "first_of_month"), next_month
        )
    else:
        length = elaborator.expr(action.length, source)
        end = core.Shift(DATE, 1, written, after, (length,), (1,))
    if action.unless is None:
        return end
    lifted = elaborator.truth(action.unless, source)
    return core.Choose(DATE, 1, written, (lifted,), (after,), end, (1, 1))
