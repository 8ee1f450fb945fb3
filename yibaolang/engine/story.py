"""The story of a settlement: each step that its program met, under the rule that it belongs to."""

from collections.abc import Callable
from typing import Any

from attrs import evolve

from yibaolang.engine.postings import Settlement
from yibaolang.engine.reasons import Reason, Telling
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Said
from yibaolang.model import core
from yibaolang.model.values import DATE, MONEY
from yibaolang.program import instructions as step
from yibaolang.program.running import Met

ACCOUNTS = {
    "fund": Said("fund", "统筹基金"),
    "provider": Said("provider", "医疗机构"),
    "cash": Said("cash", "现金"),
    "opening": Said("opening", "期初"),
    "receivable": Said("receivable", "应收款"),
}
LABELS = {
    "deductible": Said("deductible", "起付"),
    "covered_cost": Said("cost that counts", "计入的费用"),
    "after_deductible": Said("after the deductible", "起付以外"),
    "fund": Said("the fund's share", "统筹应付"),
    "capped": Said("within the cap", "封顶以内"),
    "limit": Said("left of the limit", "限额余额"),
}
SAYINGS = {
    "denied": Said("the account may not pay", "账户不得支付"),
    "for_others": Said("is for other relations", "用于其他关系"),
    "not_own_bill": Said(
        "the pool pays for the holder only: this is a relative's bill",
        "统筹基金只支付本人费用：这是亲属的费用",
    ),
    "not_admitted": Said("no rule lets the account pay for this", "没有规则允许账户支付此项"),
}
_OF_ACCOUNT = frozenset({"allow", "deny", "denied", "for_others", "not_admitted", "admitted"})
_QUIET = frozenset({"wait cover"})
"""Choices that say nothing by themselves: what was decided is told by what follows."""


def said(telling: Telling, text: Said | None, otherwise: str) -> str:
    """A text in the language of the telling."""
    return otherwise if text is None else telling.say(text.en, text.zh)


def account(telling: Telling, name: str) -> str:
    """An account's name in words."""
    head, _, rest = name.partition(" ")
    shown = said(telling, ACCOUNTS.get(head), telling.words.name(head))
    return f"{shown} {rest}".rstrip()


class Story:
    """Goes through what a program met; a topic says what each head is about."""

    def __init__(self, telling: Telling) -> None:
        self.telling = telling
        self.words = telling.words
        self.heads: list[tuple[str, Reason, list[Reason]]] = []
        self.pending: list[Reason] = []
        self.deducted = 0
        self.after = 0

    def told(self, settlement: Settlement) -> list[Reason]:
        """Every step, under its rule."""
        due = settlement.due
        if due is not None and due.chosen is not None:
            return [self.telling.chosen(due.chosen)]
        for met in settlement.met:
            tell = _TELL.get(type(met.instruction))
            if tell is not None:
                tell(self, met)
        return [_with(head, inner) for _, head, inner in self.heads]

    def of_account(self, settlement: Settlement) -> list[Reason]:
        """Only what decides whether the account may pay; the last word first."""
        self.told(settlement)
        found = [
            (topic, _with(head, [each for each in inner if each.kind != "figure"]))
            for topic, head, inner in self.heads
            if topic in _OF_ACCOUNT
        ]
        last = [head for topic, head in found if topic == "not_admitted"]
        return [*last, *(head for topic, head in found if topic != "not_admitted")]

    # ── lines ──

    def head(self, topic: str, reason: Reason) -> None:
        """Begin a rule; what was met just before belongs to it."""
        self.heads.append((topic, reason, self.pending))
        self.pending = []

    def under(self, *reasons: Reason) -> None:
        """Put lines under the rule that is being told of."""
        if self.heads:
            self.heads[-1][2].extend(reasons)
        else:
            self.heads += [("", each, []) for each in reasons]

    def steps(self, met: Met) -> list[Reason]:
        return [line for each in met.steps for line in self.telling.steps(each)]

    # ── instructions ──

    def choose(self, met: Met) -> None:
        branch, node = met.value, met.instruction
        kind = node.kind if isinstance(node, step.Choose) else ""
        if isinstance(branch, step.Branch):
            if kind not in _QUIET:
                self.head(kind, self.telling.cited("rule", branch.rule, "", self.steps(met)))
            self.deducted = 0
            return
        for failed, guard in met.failed:
            if kind not in _QUIET:
                why = self.telling.say("does not apply", "不适用")
                inner = [] if guard is None else self.telling.steps(guard)
                reason = self.telling.cited("not_applied", failed.rule, why, inner)
                self.head(kind, reason)

    def when(self, met: Met) -> None:
        node = met.instruction
        if not isinstance(node, step.When) or node.rule is None or not node.label:
            return
        telling = self.telling
        if node.label in ("waiting", "requirement"):
            value = self.waited(met) if node.label == "waiting" else self.required(met)
            reason = telling.cited("requirement", node.rule, value, self.steps(met))
            self.head(node.label, reason)
        elif met.value:
            self.pending = self.steps(met)
        else:
            why = telling.say("does not apply", "不适用")
            reason = telling.cited("not_applied", node.rule, why, self.steps(met))
            self.head(node.label, reason)

    def waited(self, met: Met) -> str:
        if not met.value:
            return self.telling.say("over", "已过")
        compared = met.steps[-1].steps if met.steps else ()
        ends = [each.value for each in compared if each.expr.type == DATE]
        until = ends[-1].isoformat() if ends else ""
        return self.telling.say(
            f"until {until}: the fund pays nothing", f"至{until}：统筹基金不支付"
        )

    def required(self, met: Met) -> str:
        if met.value:
            return self.telling.say("met", "符合")
        return self.telling.say("not met: the fund pays nothing", "不符合：统筹基金不支付")

    def say(self, met: Met) -> None:
        node = met.instruction
        if not isinstance(node, step.Say):
            return
        telling = self.telling
        text = said(telling, SAYINGS.get(node.what), "")
        if node.rule is None:
            self.head(node.what, telling.tell("note", text or node.what))
            return
        kind = "not_applied" if node.what == "for_others" else "rule"
        self.head(node.what, telling.cited(kind, node.rule, text, ()))
        if node.rule.because:
            self.under(telling.tell("note", node.rule.because))

    def let(self, met: Met) -> None:
        node = met.instruction
        if not isinstance(node, step.Let) or self.dull(node, met):
            return
        words = self.words
        text = self.label(node, met)
        if met.limit is not None and (met.used or met.limit != met.value):
            limit = words.value(MONEY, met.limit)
            text += self.telling.say(f" (limit {limit}", f"（限额{limit}")
            if node.used is not None:
                used = words.value(MONEY, met.used)
                text += self.telling.say(f", used before {used}", f"，此前已用{used}")
            text += self.telling.say(")", "）")
        value = words.value(MONEY, met.value)
        self.under(self.telling.tell("value", text, value, because=tuple(self.steps(met))))

    def dull(self, node: step.Let, met: Met) -> bool:
        """Whether a sum says nothing new: what no deductible was taken from, an empty fund."""
        if node.label == "deductible":
            self.deducted += met.value
        if node.label == "after_deductible":
            self.after = met.value
            return self.deducted == 0
        of_further = node.label == "further" or (node.label == "capped" and _fund(node))
        return bool(of_further and met.value == 0)

    def label(self, node: step.Let, met: Met) -> str:
        telling = self.telling
        fund = _fund(node)
        if node.label == "further" and fund:
            return telling.say(f"the share of {fund}", f"{fund}应付")
        text = said(telling, LABELS.get(node.label), node.label)
        if node.label == "capped" and fund:
            return telling.say(f"{text} of {fund}", f"{fund}{text}")
        term = node.term
        if isinstance(term, step.Rated) and node.label == "fund":
            base = self.words.value(MONEY, self.after)
            rates = [each.value for each in met.steps if each.expr is term.rate]
            if isinstance(term.rate, core.Constant):
                rates = [term.rate.value]
            if rates:
                rate = self.words.value_of(term.rate, rates[0])
                text += telling.say(f": {rate} of {base}", f"：{base}的{rate}")
        return text

    def post(self, met: Met) -> None:
        node = met.instruction
        if not isinstance(node, step.Post):
            return
        telling = self.telling
        source = account(telling, node.source)
        text = telling.say(f"paid by {source}", f"{source}支付")
        if node.target != "provider":
            text = f"{source} → {account(telling, node.target)}"
        self.under(telling.tell("figure", text, self.words.value(MONEY, met.value)))


def _with(head: Reason, inner: list[Reason]) -> Reason:
    return evolve(head, because=(*head.because, *inner))


def _fund(node: step.Let) -> str:
    """The further fund that a bound is about, or ""."""
    clause = None if node.written is None else node.written.node
    if isinstance(clause, syntax.CoverClause) and clause.kind == "then" and clause.name is not None:
        return clause.name.text
    return ""


_TELL: dict[type[step.Instruction], Callable[[Story, Any], None]] = {
    step.Choose: Story.choose,
    step.When: Story.when,
    step.Say: Story.say,
    step.Let: Story.let,
    step.Post: Story.post,
}
