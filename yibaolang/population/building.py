"""From questions to one program for every place: lowered, merged, made small."""

from collections.abc import Sequence

from attrs import frozen

from yibaolang.engine.rulebook import RuleBook
from yibaolang.model.scope import choosing
from yibaolang.model.values import Type
from yibaolang.population.asking import Asking, Figured, question
from yibaolang.population.fixed import HIGHEST, Whole
from yibaolang.population.folding import Merging
from yibaolang.population.lowered import Lowered, cannot_lower, one_scale
from yibaolang.population.making import Fixed
from yibaolang.population.persons import People
from yibaolang.population.ranges import Ranges
from yibaolang.population.redo import Asks
from yibaolang.population.rows import Result, columns_read

PLACE = ""
"""The key of the column that says which place a row is of."""

Place = tuple[str, str]
"""A region and a version of it ("": as chosen)."""


@frozen(eq=False)
class Column:
    """A figure as a column: its type, the denominator of its numbers, and how it is made."""

    type: Type
    denominator: int
    result: Result


@frozen(eq=False)
class Built:
    """A program: the columns that it gives, the keys of those it reads, and its refusals."""

    columns: tuple[Column, ...]
    reads: tuple[str, ...]
    people: People
    codes: tuple[str, ...]


def built(
    rules: RuleBook, asks: Sequence[Asks], places: Sequence[Place], people: People
) -> Built:
    """The program of questions about people of several places.

    Refusal YB480 for what has no native form, YB424 for a figure that there is not.
    """
    source, target = Fixed(shapes=True), Fixed(ranges=Ranges())
    asking = [
        Asking(rules.book, region, choosing(rules.uses, region, version), source, people)
        for region, version in places
    ]
    index = target.column(PLACE, 0, len(places) - 1) if len(places) > 1 else target.zero
    merging = Merging(source, target, index)
    columns = []
    try:
        for each in asks:
            found = [one.ask(each.figure, each.asked) for one in asking]
            columns.append(_column(each.figure, found, source, merging))
    except RecursionError:
        raise cannot_lower(question(asks[0].figure), "so deep a rule", "这样深的规则") from None
    results = [each.result for each in columns]
    return Built(tuple(columns), columns_read(results), people, tuple(people.refusals.codes()))


def _column(figure: str, found: Sequence[Figured], source: Fixed, merging: Merging) -> Column:
    """One column out of what a figure is in each place."""
    able = [each for each in found if not _never(each.value)]
    type_ = able[0].type if able else found[0].type
    if any(each.type != type_ for each in able):
        raise cannot_lower(question(figure), "values of several types", "几种类型的值")
    if type_.kind == "text":
        raise cannot_lower(question(figure), "a text", "文字")
    values = [_stand_in(each.value, able) for each in found]
    if not able or able[0].value.node.truth:
        nodes, one, divisor = [each.node for each in values], 1, None
    else:
        nodes, one, divisor = one_scale(source, values)
    if divisor is not None:
        raise cannot_lower(question(figure), "a quotient that is not rounded", "未取整的商")
    if one > HIGHEST:
        raise cannot_lower(question(figure), "parts too small for 64 bits", "64位放不下的细分")
    node = merging.one(nodes)
    status = merging.one([each.value.status for each in found])
    return Column(type_, one, Result(_kind(type_, one), node, status))


def _stand_in(value: Lowered, able: Sequence[Figured]) -> Lowered:
    """What is never a value is any that is one somewhere: it must only be like the others."""
    if not able or not _never(value):
        return value
    return able[0].value._replace(status=value.status)


def _never(value: Lowered) -> bool:
    return isinstance(value.status, Whole) and value.status.value != 0


def _kind(type_: Type, denominator: int) -> str:
    if type_.kind in ("date", "truth"):
        return type_.kind
    if type_.kind == "choice":
        return "code"
    return "fen" if type_.kind == "money" and denominator == 1 else "whole"
