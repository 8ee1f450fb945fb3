"""From what the interpreter met on the way to reasons in words: a tree of lines.

Nothing is computed here again: texts and values are those of the steps.
"""

from collections.abc import Iterable
from itertools import groupby

from attrs import frozen

from yibaolang.engine.answers import Answer, Part
from yibaolang.engine.words import Words, in_words
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, message
from yibaolang.model import core
from yibaolang.model.arms import RuleInForce
from yibaolang.model.values import MONEY
from yibaolang.program.novalue import NoValue
from yibaolang.program.outcome import Chosen, Failed
from yibaolang.program.step import Step

_SAID = frozenset({"when", "not_applied", "refused"})
"""Kinds whose value is words about the line and not what it comes to."""


@frozen
class Reason:
    """A line of a reason: a text, the value it came to, where it is written, its source.

    `kind` is figure, reading (a version's), rule, not_applied, condition, value, rounding, when,
    requirement, refused (the value says why there is none) or note.
    `mark` says how well the source attests it, A to E.
    """

    kind: str
    text: str
    value: str = ""
    place: str = ""
    cite: str = ""
    mark: str = ""
    because: tuple["Reason", ...] = ()
    lang: str = "en"

    @property
    def plain(self) -> str:
        """The line without where it is written: text and value."""
        colon = "：" if self.lang == "zh" else ": "
        sign = colon if self.kind in _SAID else " = "
        return self.text + (f"{sign}{self.value}" if self.value else "")

    def to_json(self) -> dict[str, object]:
        """The tree as JSON values; empty texts are left out."""
        shown: dict[str, object] = {"kind": self.kind, "text": self.text}
        for name in ("value", "place", "cite", "mark"):
            if getattr(self, name):
                shown[name] = getattr(self, name)
        if self.because:
            shown["because"] = [each.to_json() for each in self.because]
        return shown

    def lines(self, depth: int = 0) -> Iterable[str]:
        """The tree as indented lines of text."""
        shown = "  " * depth + self.plain
        source = [self.cite] if self.cite else []
        if self.mark:
            source.append(self.mark)
        if source:
            shown += f"  [{' · '.join(source)}]"
        if self.place:
            shown += f"  ({self.place})"
        yield shown
        for each in self.because:
            yield from each.lines(depth + 1)


class Telling:
    """Tells answers in the words of one book and language."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.say = words.say

    def tell(
        self,
        kind: str,
        text: str,
        value: str = "",
        place: str = "",
        cite: str = "",
        mark: str = "",
        because: tuple[Reason, ...] = (),
    ) -> Reason:
        """A line in the language."""
        return Reason(kind, text, value, place, cite, mark, because, self.words.lang)

    def message(self, why: Diagnostic) -> str:
        """What a diagnostic says, with names in the language's words."""
        return message(in_words(why, self.words.book), self.words.lang)

    # ── answers ──

    def parts(self, answer: Answer) -> Iterable[Reason]:
        """The postings behind an answer; equal ones that follow each other are told once."""
        if len(answer.parts) == 1:
            yield from self.part(answer.parts[0])
            return
        for _, alike in groupby(answer.parts, key=_likeness):
            yield self.postings(list(alike), answer.figure == "net credit")

    def postings(self, parts: list[Part], name_figure: bool) -> Reason:
        """One line for postings that are alike, with the reason of the first."""
        first, amount = parts[0], parts[0].outcome.amount
        label = _posted(first)
        if len(parts) > 1 and _posted(parts[-1]) != label:
            label = self.say(f"{label} to {_posted(parts[-1])}", f"{label}至{_posted(parts[-1])}")
        if name_figure:
            label = f"{self.words.figure(first.figure)} {label}"
        because = tuple(self.part(first))
        if isinstance(amount, NoValue):
            why = self.message(amount.diagnostic)
            return self.tell("refused", label, why, because=because)
        value = self.words.value(MONEY, amount)
        if len(parts) > 1:
            value = f"{len(parts)} × {value}"
        return self.tell("figure", label, value, because=because)

    def part(self, part: Part) -> Iterable[Reason]:
        outcome = part.outcome
        for chosen in outcome.chosen:
            yield self.chosen(chosen)
        if isinstance(outcome.amount, NoValue):
            yield self.refused(outcome.amount)
            if outcome.partial is not None and not isinstance(outcome.partial.expr, core.Absent):
                yield from self.steps(outcome.partial)
        refused = isinstance(outcome.amount, NoValue)
        for failed in outcome.failed:
            yield self.failed(failed, in_full=refused)

    def refused(self, no_value: NoValue) -> Reason:
        why = no_value.diagnostic
        where = str(no_value.place) if no_value.place else ""
        reason = dict(why.arguments).get("reason")
        stated = () if why.code != "YB404" or not reason else (self.tell("note", str(reason)),)
        return self.tell("refused", why.code, self.message(why), where, because=stated)

    # ── rules ──

    def rule(self, rule: RuleInForce) -> str:
        node = rule.written.node
        if not isinstance(node, syntax.Sentence):
            raise TypeError("a rule in force is written as a sentence")
        if isinstance(node, syntax.Rule):
            bare = syntax.Origin(node.span, "", "", "")
            node = syntax.Rule(node.span, node.also, node.exception, node.guard, node.action, bare)
        return self.words.printer.sentence(node)

    def cited(self, kind: str, rule: RuleInForce, value: str, because: Iterable[Reason]) -> Reason:
        place, cite = str(rule.written.place), rule.cite
        if rule.version:
            cite = f"{rule.version}: {cite}" if cite else rule.version
        return self.tell(kind, self.rule(rule), value, place, cite, rule.attested, tuple(because))

    def chosen(self, chosen: Chosen) -> Reason:
        because: list[Reason] = []
        rule = chosen.arm.rule
        if chosen.posting is not None:
            text = self.say("posted on", "入账日")
            because.append(self.tell("when", text, chosen.posting.isoformat()))
        if chosen.today is not None and chosen.today != chosen.posting:
            text = self.say("facts as of", "认定日")
            because.append(self.tell("when", text, chosen.today.isoformat()))
        if chosen.guard is not None:
            because += self.steps(chosen.guard)
        if chosen.amount is not None:
            because += self.steps(chosen.amount, plain_constant=chosen.months != 12)
        if chosen.months != 12:
            if chosen.start is not None:
                because += self.steps(chosen.start)
            because.append(
                self.tell(
                    "value",
                    self.say(f"{chosen.months} of 12 months", f"12个月中的{chosen.months}个月"),
                    self.words.value(MONEY, chosen.numerator, chosen.denominator),
                )
            )
        if chosen.arm.rounding is not None:
            because.append(self.rounding(chosen))
            value = self.words.value(MONEY, chosen.fen)
        else:
            value = chosen.value.isoformat()
        return self.cited("rule", rule, value, because)

    def rounding(self, chosen: Chosen) -> Reason:
        rounding = chosen.arm.rounding
        if rounding is None:
            raise TypeError("this arm is rounded")
        value = self.words.value(MONEY, chosen.fen)
        place = str(rounding.rule.written.place)
        return self.tell("rounding", self.rule(rounding.rule), value, place)

    def failed(self, failed: Failed, in_full: bool) -> Reason:
        """A rule that does not apply: with the steps of the condition that decided, or just it."""
        why = self.say("does not apply", "不适用")
        if failed.beaten:
            why = self.say("an exception comes first", "例外优先")
        elif failed.late:
            why = self.say("not posted by then", "当时尚未入账")
        steps = [] if failed.guard is None else self.steps(_deciding(failed.guard))
        if steps and not in_full:
            if not failed.beaten:
                why = self.say(f"{why}, {steps[0].plain}", f"{why}，{steps[0].plain}")
            steps = []
        return self.cited("not_applied", failed.arm.rule, why, steps)

    def requirement(self, rule: RuleInForce, step: Step) -> Reason:
        value = step.value
        shown = (
            self.message(value.diagnostic)
            if isinstance(value, NoValue)
            else self.words.value_of(step.expr, value)
        )
        because = list(self.steps(step))
        if rule.because:
            because.append(self.tell("note", rule.because))
        return self.cited("requirement", rule, shown, because)

    # ── steps ──

    def steps(self, step: Step, top: bool = False, plain_constant: bool = True) -> list[Reason]:
        """The reasons of a step; a constant needs none."""
        expr = step.expr
        if isinstance(expr, core.Constant) and not (top and plain_constant):
            return []
        inner = [reason for each in step.steps for reason in self.steps(each)]
        node = expr.written.node
        text = self.text(node)
        kind = "condition" if expr.type.kind == "truth" else "value"
        if isinstance(step.value, NoValue):
            if inner and any(each.failed for each in step.steps):
                none = self.say("no value", "没有数值")
                return [self.tell("refused", text, none, because=tuple(inner))]
            return [self.tell("refused", text, self.message(step.value.diagnostic))]
        if isinstance(expr, core.Junction) and any(
            each.expr.written.node is node for each in step.steps
        ):
            return inner
        value = self.words.value_of(expr, step.value)
        if isinstance(expr, core.FactOf):
            given = self.say("given", "已知")
            if step.remark == "default":
                given = self.say("unless said otherwise", "未另说明")
            return [self.tell(kind, self.words.name(expr.name), value, given)]
        if isinstance(expr, core.CountOf):
            return [self.tell(kind, text, value, self.say("counted", "累计"))]
        if isinstance(expr, core.Published) and isinstance(step.remark, core.Row):
            row = step.remark
            since = row.since.isoformat() if row.since else ""
            shown = f"{text} ({self.say('since', '自')} {since})" if since else text
            return [self.tell(kind, shown, value, str(row.written.place), row.cite, row.attested)]
        if isinstance(expr, core.Defined):
            return self.defined(expr, step, inner, value)
        if isinstance(expr, core.TierSum):
            inner += self.tiers(expr, step)
        if isinstance(step.remark, core.LookupRow):
            place = str(step.remark.written.place)
            return [self.tell(kind, text, value, place, because=tuple(inner))]
        if not text:
            return inner
        return [self.tell(kind, text, value, because=tuple(inner))]

    def tiers(self, expr: core.TierSum, step: Step) -> Iterable[Reason]:
        """What each tier that is reached adds."""
        parts = step.remark if isinstance(step.remark, list | tuple) else ()
        for tier, part in parts:
            scale = expr.scales[expr.tiers.index(tier)]
            rate = self.words.value_of(tier.rate, tier.rate.value)
            amount = self.words.value_of(expr.amount, part)
            added = self.words.value_of(expr, part * tier.rate.value * scale)
            text = self.say(f"{rate} of {amount}", f"{amount}的{rate}")
            yield self.tell("value", text, added, str(tier.written.place))

    def defined(
        self, expr: core.Defined, step: Step, inner: list[Reason], value: str
    ) -> list[Reason]:
        place = str(expr.definition.place)
        name = self.words.name(expr.name)
        return [self.tell("value", name, value, place, expr.cite, expr.attested, tuple(inner))]

    def text(self, node: syntax.Node) -> str:
        if isinstance(node, syntax.Expression):
            return self.words.printer.expression(node)
        if isinstance(node, syntax.Rule) and node.guard is not None:
            return self.words.printer.expression(node.guard)
        return ""


def _posted(part: Part) -> str:
    """When a part was posted: its day, else its month."""
    posted = next((each.posting for each in part.outcome.chosen if each.posting), None)
    return posted.isoformat() if posted else str(part.asked)


def _likeness(part: Part) -> object:
    """What two postings have in common if they are told together."""
    amount = part.outcome.amount
    told = amount.diagnostic.code if isinstance(amount, NoValue) else amount
    rules = (each.arm.rule.written for each in part.outcome.chosen)
    return part.figure, told, tuple((id(rule.source), rule.node.span) for rule in rules)


def _deciding(step: Step) -> Step:
    """Of a conjunction that does not hold, the operand that decides it."""
    expr = step.expr
    while isinstance(expr, core.Junction) and expr.every and step.value is False:
        step = next(each for each in step.steps if each.value is False)
        expr = step.expr
    return step
