"""Cover: the steps by which the pool's funds pay of a bill, and the counters behind them."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from attrs import define, field

from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.model.arms import Rounding, RuleInForce
from yibaolang.model.core import Constant, Expr, Written
from yibaolang.model.provisions import Bound, Counter, Cover, both
from yibaolang.program import instructions as step
from yibaolang.program.layout import COUNTER, Cell, Layout

COST, ELIGIBLE = 0, 1
PROVIDER = "provider"
FUND = "fund"
KEPT = frozenset({"per_year", "per_month", "per_lifetime"})
"""Periods of counters that keep something from one bill to the next."""


@define(eq=False)
class Room:
    """The registers of a program: the cost and eligible cost, the lines, and what is let."""

    lines: tuple[str, ...]
    taken: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.taken = 2 + len(self.lines)

    def new(self) -> int:
        """A new register."""
        self.taken += 1
        return self.taken - 1

    def line(self, category: str) -> step.Held:
        """What a bill has of a category of lines."""
        return step.Held(2 + self.lines.index(category))


@define(eq=False)
class Counters:
    """Finds the cells of counters.

    `assumed` is how a bound is counted that does not say it: each, all, or "" to refuse it (YB431)
    where rules for several levels make a difference.
    """

    layout: Layout
    region: str
    assumed: str
    ambiguous: bool

    def scope(self, counter: Counter, written: Written) -> str:
        """all, each, or "" where it makes no difference; Refusal YB434 for no period."""
        if not counter.period:
            raise Refusal(diagnostic("YB434", written.place))
        if counter.scope or counter.name or not self.ambiguous or counter.period not in KEPT:
            return counter.scope
        if not self.assumed:
            raise Refusal(diagnostic("YB431", written.place))
        return self.assumed

    def cell(
        self, kind: str, cover: Cover, counter: Counter | None, level: str, written: Written
    ) -> int | None:
        """The cell of a counter; None for one that keeps nothing from one bill to the next."""
        if counter is None:
            raise Refusal(diagnostic("YB434", written.place))
        scope = self.scope(counter, written)
        if counter.period not in KEPT:
            return None
        levels = level or "+".join(sorted(cover.levels))
        if scope == "all" or (counter.name and not scope):
            levels = ""
        about = counter.name or f"{kind} {'+'.join(sorted(cover.categories))}"
        name = f"{about} {levels}".rstrip()
        return self.layout.index(Cell(COUNTER, name, self.region, counter.period, counter.name))

    def splits(self, cover: Cover) -> bool:
        """Whether each level of a rule has a counter of its own."""
        counted = [(each.counter, each.at) for each in cover.bounds]
        counted.append((cover.counter, cover.rule.written))
        return len(cover.levels) > 1 and any(
            counter.period in KEPT and self.scope(counter, written) == "each"
            for counter, written in counted
            if counter is not None
        )


@define(eq=False)
class Covering:
    """Builds the branches of cover. `rest` is the register of the eligible cost that is left for
    the pool, `own` of what nobody has paid yet."""

    counters: Counters
    rounding: Rounding
    room: Room
    rest: int
    own: int

    def branches(self, covers: Iterable[Cover]) -> tuple[step.Branch, ...]:
        """The branches: one for each rule, or for each level of one that counts by level."""
        found = []
        for cover in covers:
            if self.counters.splits(cover):
                for level, at in zip(cover.levels, cover.at, strict=True):
                    guard = both(cover.guard, at)
                    steps = tuple(self.steps(cover, level))
                    found.append(step.Branch(cover.rule, guard, cover.exception, steps))
            else:
                steps = tuple(self.steps(cover, ""))
                found.append(step.Branch(cover.rule, cover.applies, cover.exception, steps))
        return tuple(found)

    def steps(self, cover: Cover, level: str) -> list[step.Instruction]:
        """What one rule of cover does."""
        return _Steps(self, cover, level).steps()


class _Steps:
    """The steps of one rule of cover at one level (or "" for whichever)."""

    def __init__(self, covering: Covering, cover: Cover, level: str) -> None:
        self.counters = covering.counters
        self.rounding = covering.rounding
        self.room = covering.room
        self.rest = covering.rest
        self.own = covering.own
        self.cover = cover
        self.level = level
        self.rule: RuleInForce = cover.rule
        self.found: list[step.Instruction] = []

    def steps(self) -> list[step.Instruction]:
        main, further = _layers(self.cover.bounds)
        covered: step.Term = step.Held(self.rest)
        for bound in main:
            if bound.kind == "up_to" and bound.counting == "cost":
                covered = self.within(bound, [], covered, "covered_cost")
        deducted = self.deducted(main, covered)
        paid_cost = self.let(step.Less(covered, step.Plus(tuple(deducted))), "after_deductible")
        fund = self.fund(covered, deducted, paid_cost)
        caps = [each for each in main if each.kind == "up_to" and each.counting != "cost"]
        paid = self.capped(caps, fund)
        self.post(FUND, paid)
        left: step.Term = step.Less(fund, paid)
        for bound, its_caps in further:
            over = step.Less(step.Held(self.rest), covered)
            fund = self.further(bound, left, paid_cost, paid, over)
            paid = self.capped(its_caps, fund)
            self.post(bound.fund, paid)
            left = step.Less(fund, paid)
        return self.found

    @cached_property
    def shares(self) -> bool:
        """Whether what the funds pay is known to be from nothing to the whole bill."""
        rates = [self.cover.rate, *(each.rate for each in self.cover.tiers)]
        rates += [each.rate for each in self.cover.bounds]
        return self.rounding.unit_fen == 1 and all(map(_is_share, rates))

    def let(
        self, term: step.Term, label: str, written: Written | None = None,
        used: step.Term | None = None, limit: step.Term | None = None,
    ) -> step.Held:  # fmt: skip
        register = self.room.new()
        self.found.append(step.Let(register, term, label, self.rule, written, used, limit))
        return step.Held(register)

    # ── bounds ──

    def within(self, bound: Bound, more: Sequence[Bound], want: step.Term, label: str) -> step.Held:
        """What of `want` fits under a bound and further ones; their counters go up by it."""
        rooms: list[step.Term] = [want]
        cells: dict[int, step.Held] = {}
        used: step.Term | None = None
        limits = []
        for each in (bound, *more):
            if each.amount is None:
                raise TypeError("a bound has an amount")
            limit = self.let(step.Amount(each.amount, self.rounding), "")
            limits.append(limit)
            kind = f"then {each.fund}" if each.kind == "then" else f"{each.kind} {each.counting}"
            cell = self.counters.cell(kind, self.cover, each.counter, self.level, each.at)
            if cell is None:
                rooms.append(limit)
                continue
            cells.setdefault(cell, limit)
            rooms.append(step.Less(limit, step.InCell(cell)))
            if each is bound:
                used = step.InCell(cell)
        term = step.NotBelowZero(step.Least(tuple(rooms)))
        found = self.let(term, label, bound.written, used, limits[0])
        self.found += [step.Accrue(cell, found, limit) for cell, limit in cells.items()]
        return found

    def deducted(self, bounds: Sequence[Bound], covered: step.Term) -> list[step.Term]:
        """The deductibles, each on what the ones before leave; some lines are left out."""
        lines = [self.room.line(each.lines) for each in bounds if each.kind == "except_lines"]
        subject = covered
        if lines:
            subject = step.NotBelowZero(step.Less(covered, step.Plus(tuple(lines))))
        found: list[step.Term] = []
        for index, bound in enumerate(bounds):
            if bound.kind != "above":
                continue
            more = []
            for each in bounds[index + 1 :]:
                if each.kind != "at_most":
                    break
                more.append(each)
            want = step.Less(subject, step.Plus(tuple(found))) if found else subject
            found.append(self.within(bound, more, want, "deductible"))
        return found

    def capped(self, caps: Sequence[Bound], fund: step.Held) -> step.Held:
        """What the caps leave of what a fund would pay."""
        return self.within(caps[0], caps[1:], fund, "capped") if caps else fund

    # ── funds ──

    def fund(
        self, covered: step.Term, deducted: Sequence[step.Term], paid_cost: step.Term
    ) -> step.Held:
        """What the fund would pay without a cap."""
        cover = self.cover
        if cover.rate is not None:
            return self.let(step.Rated(paid_cost, cover.rate, self.rounding), "fund")
        written = cover.rule.written
        cell = self.counters.cell("tiers", cover, cover.counter, self.level, written)
        before: tuple[step.Term, ...] = () if cell is None else (step.InCell(cell),)
        low, high = step.Plus((*before, *deducted)), step.Plus((*before, covered))
        bounds = tuple(each.high for each in cover.tiers)
        rates: tuple[Constant, ...] = tuple(each.rate for each in cover.tiers)
        whole = cover.by == "whole"
        band = step.Band(low, high, bounds, rates, whole, cover.table, written, self.rounding)
        used = None if cell is None else step.InCell(cell)
        found = self.let(band, "fund", None, used)
        if cell is not None:
            self.found.append(step.Accrue(cell, covered, None))
        return found

    def further(
        self, bound: Bound, left: step.Term, cost: step.Term, paid: step.Term, over: step.Term
    ) -> step.Held:
        """What a further fund would pay of what the caps cut off.

        That is a payment, or the cost behind it and the cost `over` what counts.
        """
        rate = bound.rate
        if rate is None:
            raise TypeError("a further fund has a rate")
        term: step.Term = step.Rated(left, rate, self.rounding)
        if bound.counting == "cost":
            if self.cover.rate is None:
                raise Refusal(diagnostic("YB438", bound.at.place))
            whole = step.Plus((cost, over))
            term = step.RatedLeft(whole, paid, self.cover.rate, rate, self.rounding)
            left = step.Plus((left, over))
        # Below the cap its rate need not even be known.
        register = self.room.new()
        let = step.Let(register, term, "further", self.rule, bound.written, None, None)
        self.found.append(step.Let(register, step.Fen(0), "", None, None, None, None))
        self.found.append(step.WhenPositive(left, (let,), ()))
        return step.Held(register)

    def post(self, fund: str, paid: step.Held) -> None:
        total = self.counters.layout.total("fund")
        if not self.shares:
            refuse = (step.Refuse("YB450", self.rule, ()),)
            for over in (step.Less(paid, step.Held(self.own)), step.Less(step.Fen(0), paid)):
                self.found.append(step.WhenPositive(over, refuse, ()))
        self.found.append(step.Post("fund", fund, PROVIDER, None, None, total, paid, self.rule))
        own = step.Less(step.Held(self.own), paid)
        self.found.append(step.Let(self.own, own, "", None, None, None, None))


def _is_share(rate: Expr | None) -> bool:
    """Whether a rate, if there is one, is known to be from 0% to 100%."""
    if rate is None:
        return True
    return (
        isinstance(rate, Constant)
        and isinstance(rate.value, int)
        and rate.denominator is not None
        and 0 <= rate.value <= rate.denominator
    )


def _layers(bounds: Sequence[Bound]) -> tuple[list[Bound], list[tuple[Bound, list[Bound]]]]:
    """The bounds of the pool's fund, and each further fund with its caps."""
    main: list[Bound] = []
    further: list[tuple[Bound, list[Bound]]] = []
    for bound in bounds:
        if bound.kind == "then":
            further.append((bound, [] if bound.amount is None else [bound]))
        else:
            main.append(bound)
    return main, further


def differ_in_levels(covers: Sequence[Cover]) -> bool:
    """Whether the rules of a category are about different levels."""
    return len({frozenset(each.levels) for each in covers}) > 1 or any(
        len(each.levels) > 1 for each in covers
    )
