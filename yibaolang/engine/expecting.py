"""Whether a result is what a sentence expects."""

from typing import Any

from attrs import evolve

from yibaolang.engine.rulebook import Result, RuleBook
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Refusal, Said, diagnostic
from yibaolang.language.source import Place
from yibaolang.model.entries import BASE, Entry
from yibaolang.model.values import Type


def failure(
    rules: RuleBook, sentence: syntax.Expect, result: Result, entry: Entry
) -> Diagnostic | None:
    """The diagnostic of an expectation that is not met."""
    found: str | Said = str(result)
    if result.refused:
        codes = [each.code for each in result.refused]
        if sentence.sign == "refused":
            if not sentence.code or sentence.code in codes:
                return None
            return diagnostic("YB602", entry.place, expected=sentence.code, found=codes[0])
        if isinstance(sentence.value, syntax.Missing):
            wanted = {"unknown": "YB404", "none": "YB405"}[sentence.value.kind]
            if wanted in codes:
                return None
        return evolve(result.refused[0], notes=())
    if sentence.sign == "refused" or isinstance(sentence.value, syntax.Missing):
        return diagnostic("YB602", entry.place, expected=sentence.code, found=found)
    if sentence.value is None:
        raise TypeError("an expectation of a value has one")
    if _meets(rules, sentence, result, entry):
        return None
    expected = entry.source.text[slice(*sentence.value.span)]
    return diagnostic("YB601", entry.place, expected=expected, found=found)


def _meets(rules: RuleBook, sentence: syntax.Expect, result: Result, entry: Entry) -> bool:
    """Whether the value compares with the expected one as the sentence says."""
    if sentence.value is None:
        return False
    answer = result.answer
    expected, denominator = _literal(rules, sentence.value, answer.type, entry)
    if answer.type.numeric:
        left, right = answer.value * denominator, expected * answer.denominator
    else:
        left, right = answer.value, expected
    met: bool = _COMPARE[sentence.sign](left, right)
    return met


def _literal(
    rules: RuleBook, node: syntax.Expression, type_: Type, entry: Entry
) -> tuple[Any, int]:
    """An expected value of a type: its numerator and denominator, or what it is over 1."""
    from yibaolang.model import core
    from yibaolang.model.elaborate import Elaborator
    from yibaolang.model.scope import Scope

    elaborator = Elaborator(Scope(rules.book, BASE, None, {}, frozenset()))
    if isinstance(node, syntax.Name) and type_.choice:
        return rules.book.spelled(node.text), 1
    constant = elaborator.expect(elaborator.expr(node, entry.source), type_)
    if not isinstance(constant, core.Constant):
        raise Refusal(diagnostic("YB217", Place(entry.source, node.span)))
    return constant.value, constant.denominator or 1


_COMPARE: dict[str, Any] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
