"""Step plans of what is said to move money: what `engine.handling` does with a till."""

from collections.abc import Sequence

from yibaolang.engine.postings import CASH, FUND, OPENING, RECEIVABLE
from yibaolang.language.diagnostics import Diagnostic, Said, diagnostic
from yibaolang.model.arms import RuleInForce
from yibaolang.model.core import core_node
from yibaolang.model.provisions import Close
from yibaolang.program import instructions as step
from yibaolang.program.layout import Layout

AMOUNT = step.Held(0)
"""The amount of an event: the first register."""


def plan(
    kind: str, steps: Sequence[step.Instruction], registers: int = 1, region: str = ""
) -> step.StepPlan:
    """A plan of instructions."""
    return step.StepPlan(kind, region, tuple(steps), registers, (), ())


def paid_in(
    layout: Layout, kind: str, source: str, bucket: str, rule: RuleInForce | None = None,
    term: step.Term = AMOUNT,
) -> step.Post:  # fmt: skip
    """An amount into a bucket."""
    total = layout.total(kind)
    return step.Post(kind, source, bucket, None, layout.bucket(bucket), total, term, rule)


def taken_back(
    layout: Layout, kind: str, buckets: Sequence[str], wanted: int,
    rule: RuleInForce | None = None,
) -> list[step.Instruction]:  # fmt: skip
    """What a register says out of buckets in order; what they do not hold is owed.

    The register after it is used, too.
    """
    total, taken = layout.total(kind), step.Held(wanted + 1)
    left = step.Held(wanted)
    found: list[step.Instruction] = []
    for bucket in buckets:
        cell = layout.bucket(bucket)
        least = step.Least((left, step.InCell(cell)))
        found += [
            step.Let(taken.register, least, "", None, None, None, None),
            step.Post(kind, bucket, FUND, cell, None, total, taken, rule),
            step.Let(wanted, step.Less(left, taken), "", None, None, None, None),
        ]
    owed = layout.receivable()
    # What is owed rises: the cell is that of a target, though money is said to come from there.
    found.append(step.Post(kind, RECEIVABLE, FUND, None, owed, total, left, rule))
    return found


def of_event(layout: Layout, buckets: tuple[str, ...], kind: str, name: str) -> step.StepPlan:
    """The plan of an opening, credit or adjustment; ValueError for another kind."""
    if kind in ("opening", "credit"):
        source = OPENING if kind == "opening" else FUND
        return plan(kind, [paid_in(layout, kind, source, name or buckets[0])])
    if kind != "adjust":
        raise ValueError(f"{kind} is not such an event")
    those = (name,) if name else buckets
    into = paid_in(layout, kind, FUND, those[0])
    taken = step.Less(step.Fen(0), AMOUNT)
    back = (
        step.Let(1, taken, "", None, None, None, None), *taken_back(layout, kind, those, 1),
    )  # fmt: skip
    return plan(kind, [step.WhenPositive(AMOUNT, (into,), back)], 3)


@core_node
class RefuseFor(step.Refuse):
    """A refusal that tells an amount, too."""

    said: step.Term


@core_node
class RefuseAs(step.Refuse):
    """A refusal whose diagnostic is made."""

    why: Diagnostic


HEIRS = "heirs"
"""The target of what heirs get; which heir, `ledger_closings` says."""


def closing(
    layout: Layout, buckets: Sequence[str], kind: str, region: str, rules: Sequence[Close],
    shown: Sequence[str],
) -> step.StepPlan:  # fmt: skip
    """The end of an account by the one rule that applies: every bucket to whom the rule says."""
    branches = []
    for rule in rules:
        missing = [text for text in rule.documents if text not in shown]
        steps: list[step.Instruction] = [
            step.Post("close", each, rule.to, layout.bucket(each), None, layout.total("close"),
                      step.InCell(layout.bucket(each)), rule.rule)
            for each in buckets
        ]  # fmt: skip
        if missing:
            documents = Said(", ".join(missing), "\u3001".join(missing))
            why = diagnostic("YB446", None, documents=documents)
            steps = [RefuseAs("YB446", None, (), why)]
        branches.append(step.Branch(rule.rule, rule.guard, False, tuple(steps)))
    return plan(kind, [step.Choose(kind, tuple(branches), None)], 0, region)


def repaid(layout: Layout) -> step.StepPlan:
    """What is repaid of what is owed; YB444 if it is more."""
    owed = layout.receivable()
    total = layout.total("repaid")
    post = step.Post("repaid", CASH, RECEIVABLE, owed, None, total, AMOUNT, None)
    nothing = ("paid", ""), ("owed", "")
    refuse = RefuseFor("YB444", None, nothing, step.InCell(owed))
    more = step.WhenPositive(step.Less(AMOUNT, step.InCell(owed)), (refuse,), (post,))
    return plan("repaid", [more])


def due(
    layout: Layout, figure: str, buckets: Sequence[str], rule: RuleInForce | None
) -> step.StepPlan:
    """What is due by a figure: a credit into the first bucket, a deduction out of all in order."""
    if figure == "credit":
        return plan("due credit", [paid_in(layout, "credit", FUND, buckets[0], rule)])
    return plan("due deduct", taken_back(layout, "deduct", buckets, 0, rule), 2)
