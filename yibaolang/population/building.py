"""From questions to one program for every place: lowered, merged, made small."""

from collections.abc import Sequence

from attrs import frozen

from yibaolang.model.plan import Plans
from yibaolang.model.values import Type
from yibaolang.population.asking import Asking, Figured, question
from yibaolang.population.fixed import HIGHEST, Whole
from yibaolang.population.folding import Merging
from yibaolang.population.lowered import Lowered, cannot_lower
from yibaolang.population.making import Fixed
from yibaolang.population.persons import People
from yibaolang.population.questions import Asks
from yibaolang.population.ranges import Ranges
from yibaolang.population.rows import Result, columns_read

PLACE = ""
"""The key of the column that says which place a row is of."""

Place = tuple[str, str]
"""A region and a version of it ("": as chosen)."""


@frozen(eq=False)
class Column:
    """A figure as a column: its type (None if it is refused for everybody), and how it is made.

    A number is `result` over `denominator`, or over `divisor` where that depends on the row.
    """

    type: Type | None
    result: Result
    denominator: int = 1
    divisor: Result | None = None


@frozen(eq=False)
class Built:
    """A program: the columns that it gives, the keys of those it reads, and its refusals."""

    columns: tuple[Column, ...]
    reads: tuple[str, ...]
    people: People
    codes: tuple[str, ...]

    @property
    def results(self) -> tuple[Result, ...]:
        """All that is written, in the order of the columns; a divisor after what is over it."""
        return _results(self.columns)


def built(plans: Sequence[Plans], asks: Sequence[Asks], people: People) -> Built:
    """The program of questions about people of several places, whose plans these are.

    Refusal YB480 for what has no native form, YB424 for a figure that there is not.
    """
    source, target = Fixed(shapes=True), Fixed(ranges=Ranges())
    asking = [Asking(e.book, e.region, e.uses, source, people, e) for e in plans]
    last = len(plans) - 1
    index = target.column(PLACE, 0, last) if last else target.zero
    merging = Merging(source, target, index)
    columns = []
    try:
        for each in asks:
            found = [one.ask(each.figure, each.asked) for one in asking]
            columns.append(_column(each.figure, found, source, merging))
    except RecursionError:
        raise cannot_lower(question(asks[0].figure), "so deep a rule", "这样深的规则") from None
    reads = columns_read(_results(columns))
    return Built(tuple(columns), reads, people, tuple(people.refusals.codes()))


def _results(columns: Sequence[Column]) -> tuple[Result, ...]:
    pairs = [(each.result, each.divisor) for each in columns]
    return tuple(result for pair in pairs for result in pair if result is not None)


def _column(figure: str, found: Sequence[Figured], source: Fixed, merging: Merging) -> Column:
    """One column out of what a figure is in each place."""
    able = [each for each in found if not _never(each.value)]
    type_ = able[0].type if able else None
    if any(each.type != type_ for each in able):
        raise cannot_lower(question(figure), "values of several types", "几种类型的值")
    if type_ is not None and type_.kind == "text":
        raise cannot_lower(question(figure), "a text", "文字")
    values = [_stand_in(each.value, able) for each in found]
    node = merging.one([each.node for each in values])
    status = merging.one([each.value.status for each in found])
    below, *others = {each.denominator for each in values}
    if max(below, *others, 0) > HIGHEST:
        raise cannot_lower(question(figure), "parts too small for 64 bits", "64位放不下的细分")
    result = Result(_kind(type_), node, status)
    if not others and all(each.divisor is None for each in values):
        return Column(type_, result, below)
    divisors = [source.scale(each.divisor or source.one, each.denominator) for each in values]
    return Column(type_, result, divisor=Result("whole", merging.one(divisors), status))


def _stand_in(value: Lowered, able: Sequence[Figured]) -> Lowered:
    """What is never a value is any that is one somewhere: it must only be like the others."""
    if not able or not _never(value):
        return value
    return able[0].value._replace(status=value.status)


def _never(value: Lowered) -> bool:
    return isinstance(value.status, Whole) and value.status.value != 0


def _kind(type_: Type | None) -> str:
    if type_ is None:
        return "truth"
    if type_.kind in ("date", "truth"):
        return type_.kind
    return "code" if type_.kind == "choice" else "whole"
