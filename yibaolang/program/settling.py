"""Settling a bill: the step program of one category and relation under one plan.

The order is that of the semantics: waiting and requirements, what the account pays first, cover by
the pool, what the account pays of the rest, and cash.
"""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from yibaolang.model import core
from yibaolang.model.arms import RuleInForce
from yibaolang.model.core import Expr
from yibaolang.model.plan import Plans
from yibaolang.model.provisions import Allow, Cover, Draw, Provision, Require, both
from yibaolang.model.values import DATE, TRUTH
from yibaolang.program import instructions as step
from yibaolang.program.covering import (
    COST,
    ELIGIBLE,
    KEPT,
    PROVIDER,
    Counters,
    Covering,
    Room,
    differ_in_levels,
)
from yibaolang.program.known import told_to_rules
from yibaolang.program.layout import COUNT, Cell, Layout

_Made = TypeVar("_Made", bound=Provision)

SELF = "self"


def bill_plan(
    plans: Plans, layout: Layout, day: date, category: str, relation: str, assumed: str = ""
) -> step.StepPlan:
    """The program of a bill of a category for a relation, in force on a day.

    Refusal for rules that leave something open; `assumed` is "each" or "all", what is supposed of
    counters that do not say whether each level has one of its own (YB431).
    """
    return _Settling(plans, layout, day, category, relation, assumed).plan()


class _Settling:
    def __init__(
        self, plans: Plans, layout: Layout, day: date, category: str, relation: str, assumed: str
    ) -> None:
        self.plans = plans
        self.layout = layout
        self.day = day
        self.category = category
        self.relation = relation
        self.rounding = plans.rounding(plans.elaborator(day))
        covers = self.provisions(f"cover {category}", Cover) if relation == SELF else []
        self.covers = covers
        lines = {bound.lines for each in covers for bound in each.bounds if bound.lines}
        self.room = Room(tuple(sorted(lines)))
        self.rest, self.own, self.denied, self.admitted, self.held_back = (
            self.room.new() for _ in range(5)
        )
        self.counters = Counters(layout, plans.region, assumed, differ_in_levels(covers))

    def provisions(self, kind: str, of: type[_Made]) -> list[_Made]:
        """The provisions of a kind in force."""
        return [each for each in self.plans.provisions(kind, self.day) if isinstance(each, of)]

    def plan(self) -> step.StepPlan:
        draws = self.provisions("draw", Draw)
        before = [each for each in draws if each.before_cover]
        after = [each for each in draws if not each.before_cover]
        steps = [
            _let(self.own, step.Held(COST)),
            _let(self.rest, step.Held(ELIGIBLE)),
            *self.denials(),
        ]
        if self.relation == SELF:
            steps += self.holding_back()
            if before:
                steps.append(self.drawn(before, self.rest, ()))
            covering = Covering(self.counters, self.rounding, self.room, self.rest, self.own)
            cover = step.Choose(f"cover {self.category}", covering.branches(self.covers), None)
            steps.append(step.WhenPositive(step.Held(self.held_back), (), (cover,)))
        else:
            steps.append(step.Say("not_own_bill", None))
        steps.append(step.WhenPositive(step.Held(self.own), (self.drawn(after, None, None),), ()))
        given = self.given()
        names = self.plans.slot_names()
        return step.StepPlan(
            f"bill {self.category} {self.relation}", self.plans.region, (*given, *steps),
            self.room.taken, self.room.lines, names,
        )  # fmt: skip

    def given(self) -> list[step.Instruction]:
        """What the account tells the rules: how many bills there were, and its balances."""
        return [*self.counts(), *told_to_rules(self.plans, self.layout)]

    def counts(self) -> list[step.Instruction]:
        """The counts that go up. A rule for another category may ask, so every kept one does."""
        if self.relation != SELF:
            return []
        for period in sorted(KEPT):
            self.layout.index(Cell(COUNT, self.category, self.plans.region, period))
        return [
            step.Accrue(index, step.Fen(1), None)
            for index, cell in self.layout.of_kind(COUNT)
            if (cell.name, cell.region) == (self.category, self.plans.region)
        ]

    # ── what holds the pool back ──

    def holding_back(self) -> list[step.Instruction]:
        """Waiting periods and requirements: if one is not over or met, the fund pays nothing."""
        found: list[step.Instruction] = []
        hold = _let(self.held_back, step.Fen(1))
        branches = []
        for arm in self.plans.figure("wait cover", self.day).arms:
            written = arm.rule.written
            today = core.DateOf(DATE, 1, written, "today")
            waiting = core.Compare(TRUTH, 1, written, "<", today, arm.amount, (1, 1))
            block = (step.When(waiting, (hold,), (), "waiting", arm.rule),)
            branches.append(step.Branch(arm.rule, arm.guard, arm.exception, block))
        if branches:
            found.append(step.Choose("wait cover", tuple(branches), ()))
        for each in self.provisions("require cover", Require):
            unmet: step.Instruction = step.When(
                each.condition, (), (hold,), "requirement", each.rule
            )
            if each.guard is not None:
                unmet = step.When(each.guard, (unmet,), (), "", each.rule)
            found.append(unmet)
        return found

    # ── what the account pays ──

    def allows(self, deny: bool) -> list[Allow]:
        return [
            each
            for each in self.provisions("allow", Allow)
            if each.deny is deny
            and self.category in each.categories
            and (not each.relations or self.relation in each.relations)
        ]

    def others(self) -> list[step.Instruction]:
        """The rules that let the account pay for the category, but not for this relation."""
        return [
            step.Say("for_others", each.rule)
            for each in self.provisions("allow", Allow)
            if not each.deny
            and self.category in each.categories
            and each.relations
            and self.relation not in each.relations
        ]

    def denials(self) -> list[step.Instruction]:
        found: list[step.Instruction] = []
        for each in self.allows(True):
            block = (_let(self.denied, step.Fen(1)), step.Say("denied", each.rule))
            found += _if(_condition(each), block, "deny", each.rule)
        return found

    def drawn(
        self, draws: Sequence[Draw], want: int | None, none: step.Block | None
    ) -> step.Instruction:
        """Draw from the buckets of the one rule of drawing that applies.

        Before cover (`want` is the register of the eligible cost) only what that register holds;
        else all that is left, and what the account does not pay goes to whom the rule names.
        """
        branches = []
        for draw in draws:
            steps = list(self.pay_from(draw.buckets, want))
            if want is None:
                steps += self.rest_of(draw)
            branches.append(step.Branch(draw.rule, draw.guard, draw.exception, tuple(steps)))
        return step.Choose("draw", tuple(branches), none)

    def pay_from(self, buckets: Sequence[str], want: int | None) -> step.Block:
        found: list[step.Instruction] = []
        if want is None:
            found += self.others()
        for allow in self.allows(False):
            block: list[step.Instruction] = [
                _let(self.admitted, step.Fen(1)), step.Say("admitted", allow.rule),
                *self.takes(allow, buckets, want),
            ]  # fmt: skip
            found += _if(_condition(allow), tuple(block), "allow", allow.rule)
        if want is None:
            nobody = step.Say("not_admitted", None)
            found.append(step.WhenPositive(step.Held(self.admitted), (), (nobody,)))
        return (step.WhenPositive(step.Held(self.denied), (), tuple(found)),)

    def takes(
        self, allow: Allow, buckets: Sequence[str], want: int | None
    ) -> list[step.Instruction]:
        """Take from the buckets that a rule admits, in order, within its limit."""
        found: list[step.Instruction] = []
        limit: step.Held | None = None
        cell: int | None = None
        if allow.limit is not None:
            whole = step.Held(self.room.new())
            found.append(_let(whole.register, step.Amount(allow.limit, self.rounding)))
            cell = self.allow_cell(allow)
            used = step.InCell(cell) if cell is not None else step.Fen(0)
            limit = step.Held(self.room.new())
            left = step.NotBelowZero(step.Less(whole, used))
            found.append(
                step.Let(limit.register, left, "limit", allow.rule, allow.rule.written, used, whole)
            )
        for bucket in buckets:
            if not allow.buckets or bucket in allow.buckets:
                found += self.take(bucket, want, limit, cell, allow.rule)
        return found

    def take(
        self, bucket: str, want: int | None, limit: step.Held | None, cell: int | None,
        rule: RuleInForce,
    ) -> list[step.Instruction]:  # fmt: skip
        source = self.layout.bucket(bucket)
        taken = step.Held(self.room.new())
        wanted = step.Held(self.own if want is None else want)
        most: list[step.Term] = [wanted, step.InCell(source)]
        if limit is not None:
            most.append(limit)
        total = self.layout.total("draw")
        found: list[step.Instruction] = [
            _let(taken.register, step.Least(tuple(most))),
            step.Post("draw", bucket, PROVIDER, source, None, total, taken, rule),
            _let(self.own, step.Less(step.Held(self.own), taken)),
        ]
        if want is not None:
            found.append(_let(want, step.Less(wanted, taken)))
        if limit is not None:
            found.append(_let(limit.register, step.Less(limit, taken)))
        if cell is not None:
            found.append(step.Accrue(cell, taken, None))
        return found

    def allow_cell(self, allow: Allow) -> int | None:
        """The cell of an allowance's limit."""
        cover = Cover(allow.rule, None, False, allow.categories, (), (), "", None, "", (), None, ())
        written = allow.rule.written
        return self.counters.cell("allow", cover, allow.counter, "", written)

    def rest_of(self, draw: Draw) -> list[step.Instruction]:
        own = step.Held(self.own)
        if not draw.rest:
            refuse = step.Refuse("YB437", draw.rule, ())
            return [step.WhenPositive(own, (refuse,), ())]
        total = self.layout.total("cash")
        return [step.Post("cash", draw.rest, PROVIDER, None, None, total, own, draw.rule)]


def _let(register: int, term: step.Term) -> step.Let:
    """A register that is not told of."""
    return step.Let(register, term, "", None, None, None, None)


def _condition(allow: Allow) -> Expr | None:
    if allow.when is None:
        return allow.guard
    return both(allow.guard, allow.when)


def _if(
    condition: Expr | None, block: step.Block, label: str, rule: RuleInForce
) -> list[step.Instruction]:
    """A block on a condition, or always."""
    if condition is None:
        return list(block)
    return [step.When(condition, block, (), label, rule)]
