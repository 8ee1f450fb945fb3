"""Reasons in few lines: what was asked and the value, the rules behind it, their sources."""

from collections.abc import Iterator

from attrs import evolve

from yibaolang.engine.reasons import Reason

_BARE = ("rule", "requirement", "value", "condition", "note")


def headline(reason: Reason) -> str:
    """A reason's first line, as in `credit of 张三 on 2024-06, 山东 = 125.00元`."""
    return next(iter(evolve(reason, because=()).lines()))


def rule_lines(reason: Reason) -> Iterator[str]:
    """The rules behind a figure without their reasons; postings alike are a line above theirs."""
    for each in reason.because:
        plain = evolve(each, because=())
        if each.kind == "figure":
            yield from plain.lines(1)
            rules = [evolve(rule, value="", because=()) for rule in _rules(each)]
            yield from (line for rule in rules for line in rule.lines(2))
        elif each.kind == "value":
            yield from _value_lines(each)
        elif each.kind in _BARE:
            yield from plain.lines(1)


def _value_lines(reason: Reason) -> Iterator[str]:
    """A value, down to the first operation on several values and those."""
    depth = 1
    yield from evolve(reason, because=()).lines(depth)
    while len(reason.because) == 1:
        reason = reason.because[0]
        depth += 1
        yield from evolve(reason, because=()).lines(depth)
    for each in reason.because:
        yield from evolve(each, because=()).lines(depth + 1)


def _rules(reason: Reason) -> Iterator[Reason]:
    for each in reason.because:
        if each.kind in _BARE:
            yield each
        elif each.kind == "figure":
            yield from _rules(each)


def refusal_lines(reason: Reason) -> Iterator[str]:
    """Why there is no figure: the readings that differ, or the rules and what failed in each.

    A line that says only what the headline says is left out.
    """
    for each in reason.because:
        if each.kind == "reading":
            yield from evolve(each, because=()).lines(1)
        elif each.kind == "figure":
            yield from refusal_lines(each)
        elif each.kind != "refused" or each.place or each.because:
            yield from each.lines(1)


def citations(reason: Reason) -> str:
    """The sources of the rules behind a figure with their marks, each once."""
    found: dict[str, None] = {}
    for each in _rules(reason):
        cited = " · ".join(part for part in (each.cite, each.mark) if part)
        if cited:
            found[cited] = None
    return "; ".join(found)
