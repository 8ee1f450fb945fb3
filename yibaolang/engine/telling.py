"""Telling what came of events: every step of a settlement in words, with its rule."""

from collections.abc import Iterable
from typing import Any

from yibaolang.engine.answers import Answer, Cause
from yibaolang.engine.postings import Settlement
from yibaolang.engine.reasons import Reason, Telling
from yibaolang.language.diagnostics import Said
from yibaolang.model import core
from yibaolang.model.values import MONEY
from yibaolang.program import instructions as step
from yibaolang.program.stepping import Met

ACCOUNTS = {
    "fund": Said("fund", "统筹基金"),
    "provider": Said("provider", "医疗机构"),
    "cash": Said("cash", "现金"),
    "opening": Said("opening", "期初"),
    "receivable": Said("receivable", "应收款"),
}
KINDS = {
    "opening": Said("opening", "期初余额"),
    "credit": Said("credit", "划入"),
    "due credit": Said("credit", "划入"),
    "due deduct": Said("deduct", "扣缴"),
    "deduct": Said("deduct", "扣缴"),
    "correction": Said("correction of what was posted", "多退少补"),
    "adjust": Said("adjustment", "调整"),
    "repaid": Said("repaid", "还款"),
    "carry": Said("carried over", "结转"),
    "interest": Said("interest", "利息"),
    "closing": Said("the account ends", "注销"),
    "close": Said("paid out at the end", "注销支付"),
    "moves": Said("moves", "转移"),
    "draw": Said("paid from the account", "账户支付"),
    "rules": Said("rules changed", "规则变动"),
    "pending": Said("not posted yet", "尚未入账"),
}
LABELS = {
    "deductible": Said("deductible", "起付"),
    "covered_cost": Said("cost that counts", "计入的费用"),
    "after_deductible": Said("after the deductible", "起付以外"),
    "fund": Said("the fund's share", "统筹应付"),
    "capped": Said("within the cap", "封顶以内"),
    "further": Said("the further fund's share", "后续基金应付"),
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


def told(telling: Telling, answer: Answer) -> list[Reason]:
    """The reasons of a measure: each settlement in a line, or one in full; or the causes."""
    if answer.causes:
        return [_cause(telling, each) for each in answer.causes]
    in_full = len(answer.settlements) == 1
    return [settled(telling, each, in_full) for each in answer.settlements]


def settled(telling: Telling, settlement: Settlement, in_full: bool) -> Reason:
    """What came of one event, in a line and with its steps if they are asked for."""
    because: list[Reason] = []
    if in_full:
        because = _Story(telling).told(settlement)
    if settlement.refused is not None:
        value = telling.message(settlement.refused)
        return telling.tell("refused", title(telling, settlement), value, because=tuple(because))
    value = " · ".join(_posted(telling, each) for each in settlement.postings)
    return telling.tell("figure", title(telling, settlement), value, because=tuple(because))


def title(telling: Telling, settlement: Settlement) -> str:
    """The day, the id, and what it was."""
    parts = [settlement.day.isoformat()]
    event = settlement.event
    if settlement.id:
        parts.append(f"^{settlement.id}")
    if event is None or event.kind != "bill":
        parts.append(said(telling, KINDS.get(settlement.kind), settlement.kind))
    else:
        words = telling.words
        parts += [words.name(event.name), words.value(MONEY, event.amount_fen)]
        if event.level:
            parts.append(words.name(event.level))
        if event.relation != "self":
            parts.append(
                f"{words.name(event.relation)}{' ' + event.member if event.member else ''}"
            )
    return " ".join(parts)


def said(telling: Telling, text: Said | None, otherwise: str) -> str:
    """A text in the language of the telling."""
    return otherwise if text is None else telling.say(text.en, text.zh)


def account(telling: Telling, name: str) -> str:
    """An account's name in words."""
    head, _, rest = name.partition(" ")
    shown = said(telling, ACCOUNTS.get(head), telling.words.name(head))
    return f"{shown} {rest}".rstrip()


def _posted(telling: Telling, posting: Any) -> str:
    amount = telling.words.value(MONEY, posting.fen)
    source, target = account(telling, posting.source), account(telling, posting.target)
    if posting.target == "provider":
        return f"{source} {amount}"
    return f"{source} → {target} {amount}"


def _cause(telling: Telling, cause: Cause) -> Reason:
    words = telling.words
    about = " ".join(words.name(each) for each in cause.about if each)
    text = f"{said(telling, KINDS.get(cause.kind), cause.kind)} {about}".rstrip()
    sign = "+" if cause.fen > 0 else ""
    value = sign + words.value(MONEY, cause.fen)
    if cause.rule is None:
        return telling.tell("value", text, value)
    rule = cause.rule
    return telling.tell(
        "value", text, value, str(rule.written.place), rule.cite, rule.attested,
        (telling.tell("note", telling.rule(rule)),),
    )  # fmt: skip


class _Story:
    """Goes through what a program met, and puts each step under the rule that it belongs to."""

    def __init__(self, telling: Telling) -> None:
        self.telling = telling
        self.words = telling.words
        self.found: list[tuple[Reason, list[Reason]]] = []
        self.after = 0

    def told(self, settlement: Settlement) -> list[Reason]:
        due = settlement.due
        if due is not None and due.chosen is not None:
            return [self.telling.chosen(due.chosen)]
        for met in settlement.met:
            tell = _TELL.get(type(met.instruction))
            if tell is not None:
                tell(self, met)
        return [self._with(head, inner) for head, inner in self.found]

    def _with(self, head: Reason, inner: Iterable[Reason]) -> Reason:
        from attrs import evolve

        return evolve(head, because=(*head.because, *inner))

    def head(self, reason: Reason) -> None:
        self.found.append((reason, []))

    def under(self, *reasons: Reason) -> None:
        """Put lines under the rule that is being told of."""
        if self.found:
            self.found[-1][1].extend(reasons)
        else:
            self.found += [(each, []) for each in reasons]

    def steps(self, met: Met) -> list[Reason]:
        return [line for each in met.steps for line in self.telling.steps(each)]

    # ── instructions ──

    def choose(self, met: Met) -> None:
        branch = met.value
        if isinstance(branch, step.Branch):
            self.head(self.telling.cited("rule", branch.rule, "", self.steps(met)))
            return
        for failed, guard in met.failed:
            why = self.telling.say("does not apply", "不适用")
            inner = [] if guard is None else self.telling.steps(guard)
            self.head(self.telling.cited("not_applied", failed.rule, why, inner))

    def when(self, met: Met) -> None:
        node = met.instruction
        if not isinstance(node, step.When) or node.rule is None or not node.label:
            return
        telling = self.telling
        if node.label == "waiting":
            value = (
                telling.say("still waiting: the fund pays nothing", "等待期内：统筹基金不支付")
                if met.value
                else telling.say("over", "已过")
            )
            self.head(telling.cited("requirement", node.rule, value, self.steps(met)))
        elif node.label == "requirement":
            value = (
                telling.say("met", "符合")
                if met.value
                else telling.say("not met: the fund pays nothing", "不符合：统筹基金不支付")
            )
            self.head(telling.cited("requirement", node.rule, value, self.steps(met)))
        elif not met.value:
            why = telling.say("does not apply", "不适用")
            self.head(telling.cited("not_applied", node.rule, why, self.steps(met)))
        else:
            self.under(*self.steps(met))

    def say(self, met: Met) -> None:
        node = met.instruction
        if not isinstance(node, step.Say):
            return
        telling = self.telling
        if node.rule is not None:
            value = said(telling, SAYINGS.get(node.what), "")
            kind = "not_applied" if node.what == "for_others" else "rule"
            self.head(telling.cited(kind, node.rule, value, ()))
            if node.rule.because:
                self.under(telling.tell("note", node.rule.because))
        else:
            self.head(telling.tell("note", said(telling, SAYINGS.get(node.what), node.what)))

    def let(self, met: Met) -> None:
        node = met.instruction
        if not isinstance(node, step.Let):
            return
        words = self.words
        value = words.value(MONEY, met.value)
        text = self.label(node)
        if met.limit is not None:
            limit = words.value(MONEY, met.limit)
            text += self.telling.say(f" (limit {limit}", f"（限额{limit}")
            if node.used is not None:
                used = words.value(MONEY, met.used)
                text += self.telling.say(f", used before {used})", f"，此前已用{used}）")
            else:
                text += self.telling.say(")", "）")
        self.under(self.telling.tell("value", text, value, because=tuple(self.steps(met))))
        if node.label == "after_deductible":
            self.after = met.value

    def label(self, node: step.Let) -> str:
        text = said(self.telling, LABELS.get(node.label), node.label)
        term = node.term
        if isinstance(term, step.Rated) and node.label == "fund":
            base = self.words.value(MONEY, self.after)
            rate = self.words.printer.expression(_expression(term.rate))
            if isinstance(term.rate, core.Constant):
                rate = self.words.value_of(term.rate, term.rate.value)
            text += self.telling.say(f": {rate} of {base}", f"：{base}的{rate}")
        return text

    def post(self, met: Met) -> None:
        node = met.instruction
        if not isinstance(node, step.Post):
            return
        telling = self.telling
        text = telling.say(
            f"paid by {account(telling, node.source)}", f"{account(telling, node.source)}支付"
        )
        if node.kind != "fund" and node.kind != "draw":
            text = f"{account(telling, node.source)} → {account(telling, node.target)}"
        self.under(telling.tell("figure", text, self.words.value(MONEY, met.value)))


def _expression(expr: core.Expr) -> Any:
    return expr.written.node


_TELL: dict[type[step.Instruction], Any] = {
    step.Choose: _Story.choose,
    step.When: _Story.when,
    step.Say: _Story.say,
    step.Let: _Story.let,
    step.Post: _Story.post,
}
