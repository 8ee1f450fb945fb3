"""Conditions as boxes: which cases each of some conditions holds in.

What is compared with a constant is a dimension with cells. Any other condition, such as one of
two facts, is a dimension of its own that holds or does not: it is only known that the same words
mean the same, so what rests on it is said to have been checked in part.
"""

from datetime import date
from fractions import Fraction

from attrs import frozen

from yibaolang.analysis.boxes import Box, Budget, Exhausted, meet, whole
from yibaolang.analysis.dimensions import Between, Dimension, OneOf, Part
from yibaolang.analysis.reached import reached
from yibaolang.engine.given import domain_of
from yibaolang.language import syntax
from yibaolang.language.source import Source
from yibaolang.model import core
from yibaolang.model.book import Book
from yibaolang.model.core import Expr
from yibaolang.model.entries import day_of
from yibaolang.model.limits import LIMITS
from yibaolang.model.values import DATE, TRUTH, Type

MOST_BOXES = 2_000
"""A condition that needs more boxes is not checked."""

_NOT_NEGATIVE = frozenset({"money", "age", "months", "days", "rate"})
_WHOLE = frozenset({"money", "age", "months", "days"})
_FIRST_DAY = date(LIMITS.first_year, 1, 1).toordinal()
_LAST_DAY = date(LIMITS.last_year, 12, 31).toordinal()
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", "<=": ">", ">": "<="}
_YES_NO = (True, False)
_NO_BOUND = Between(None, None)


@frozen(eq=False)
class Atom:
    """That a dimension is in a part, or with `negated` that it is not."""

    dimension: Dimension
    part: Part
    negated: bool


@frozen(eq=False)
class Group:
    """That all of its parts hold (`every`), or any of them."""

    every: bool
    parts: tuple["Formula", ...]


Formula = Atom | Group
ALWAYS: Formula = Group(True, ())
_NEVER: Formula = Group(False, ())


class Guards:
    """Reads conditions of one region between two dates; the dimensions that they look at."""

    def __init__(self, book: Book, since: date | None, until: date | None) -> None:
        self.book = book
        self.since = since
        self.until = until
        self._dimensions: dict[tuple[str, str], Dimension] = {}

    @property
    def dimensions(self) -> list[Dimension]:
        """The dimensions in the order in which they were met."""
        return list(self._dimensions.values())

    def finish(self) -> list[int]:
        """Fix the cells when all conditions are read; how many each dimension has."""
        for dimension in self.dimensions:
            dimension.finish()
        return [dimension.size for dimension in self.dimensions]

    # ── formulas ──

    def formula(self, expr: Expr, holds: bool = True) -> Formula:
        """When a condition holds, or with `holds` False when it does not."""
        if isinstance(expr, core.Constant) and isinstance(expr.value, bool):
            return ALWAYS if expr.value is holds else _NEVER
        if isinstance(expr, core.Negation):
            return self.formula(expr.operand, not holds)
        if isinstance(expr, core.Junction):
            parts = tuple(self.formula(each, holds) for each in expr.operands)
            return Group(expr.every is holds, parts)
        if isinstance(expr, core.Compare):
            return self.comparison(expr, holds)
        if isinstance(expr, core.Inside):
            return self.inside(expr, holds)
        if isinstance(expr, core.Choose):
            return self.cases(expr, holds)
        if isinstance(expr, core.Defined):
            return self.formula(expr.value, holds)
        if isinstance(expr, core.FactOf):
            return self.atom(self.dimension(expr), OneOf(frozenset({True})), not holds)
        return self.opaque((_text(expr),), (expr,), not holds)

    def comparison(self, expr: core.Compare, holds: bool) -> Formula:
        """A comparison, the constant brought to the right."""
        left, right, sign = expr.left, expr.right, expr.sign
        if isinstance(left, core.Constant):
            left, right, sign = right, left, _FLIPPED.get(sign, sign)
        if left.type == TRUTH and isinstance(right, core.Constant):
            return self.formula(left, (right.value is (sign == "=")) is holds)
        return self.compared(left, sign, right, holds)

    def compared(self, left: Expr, sign: str, right: Expr, holds: bool) -> Formula:
        if not holds:
            sign = _OPPOSITE[sign]
        value = _exact(right)
        if value is None or isinstance(left, core.Constant) or not _has_cells(left.type):
            return self.related(left, sign, right)
        dimension = self.dimension(left)
        negated = sign == "!="
        if isinstance(value, str):
            return self.atom(dimension, OneOf(frozenset({value})), negated)
        before, after = dimension.before(value), dimension.after(value)
        part = {
            "<": Between(None, before), "<=": Between(None, after),
            ">": Between(after, None), ">=": Between(before, None),
        }.get(sign, Between(before, after))  # fmt: skip
        return self.atom(dimension, part, negated)

    def related(self, left: Expr, sign: str, right: Expr) -> Formula:
        """Two things that are not constants: `a < b` and `b <= a` are known to be opposites."""
        texts = _text(left), _text(right)
        if texts[0] > texts[1]:
            texts, sign = (texts[1], texts[0]), _FLIPPED.get(sign, sign)
        negated = sign in ("!=", ">", ">=")
        if negated:
            sign = _OPPOSITE[sign]
        return self.opaque((texts[0], sign, texts[1]), (left, right), negated)

    def inside(self, expr: core.Inside, holds: bool) -> Formula:
        bounds = ((expr.low, expr.low_open, ">"), (expr.high, expr.high_open, "<"))
        parts = tuple(
            self.compared(expr.operand, sign if is_open else f"{sign}=", bound, holds)
            for bound, is_open, sign in bounds
            if bound is not None
        )
        return Group(holds, parts)

    def cases(self, expr: core.Choose, holds: bool) -> Formula:
        """One case holds, and none of the cases before it, and its value."""
        found: list[Formula] = []
        before: list[Formula] = []
        for condition, value in zip(expr.conditions, expr.values, strict=True):
            this = (*before, self.formula(condition), self.formula(value, holds))
            found.append(Group(True, this))
            before.append(self.formula(condition, False))
        if expr.otherwise is not None:
            found.append(Group(True, (*before, self.formula(expr.otherwise, holds))))
        return Group(False, tuple(found))

    def atom(self, dimension: Dimension, part: Part, negated: bool) -> Formula:
        dimension.use(part)
        return Atom(dimension, part, negated)

    def opaque(self, words: tuple[str, ...], exprs: tuple[Expr, ...], negated: bool) -> Formula:
        """A condition of which only the words are known."""
        text = " ".join(words)
        found = self._dimensions.get(("words", text))
        if found is None:
            found = Dimension(TRUTH, "", text, False, _YES_NO, _NO_BOUND, _sources(*exprs))
            self._dimensions["words", text] = found
        return self.atom(found, OneOf(frozenset({True})), negated)

    # ── dimensions ──

    def dimension(self, expr: Expr) -> Dimension:
        """The dimension of something that is compared with constants."""
        name = _given_name(expr)
        key = ("name", name) if name else ("value", _text(expr))
        found = self._dimensions.get(key)
        if found is None:
            today = isinstance(expr, core.DateOf) and expr.word == "today"
            found = self._dimensions[key] = Dimension(
                expr.type, name, name or _text(expr), _is_whole(expr), self.values(expr.type),
                self.days() if today else self.domain(expr, name), _sources(expr), today,
            )  # fmt: skip
        return found

    def values(self, type_: Type) -> tuple[str | bool, ...]:
        if type_ == TRUTH:
            return _YES_NO
        return self.book.values.get(type_.choice, ())

    def days(self) -> Between:
        """The days on which the rules hold."""
        first = _FIRST_DAY if self.since is None else self.since.toordinal()
        last = _LAST_DAY if self.until is None else self.until.toordinal()
        return Between((first, 0), (last + 1, 0))

    def domain(self, expr: Expr, name: str) -> Between:
        """The declared domain; else all dates there are, or no negative amounts and durations."""
        declared = domain_of(self.book, name) if name else None
        if declared is not None:
            return self.declared(expr, *declared)
        if expr.type == DATE:
            return Between((_FIRST_DAY, 0), (_LAST_DAY + 1, 0))
        if isinstance(expr, core.FactOf) and expr.type.kind in _NOT_NEGATIVE:
            return Between((0, 0), None)
        return _NO_BOUND

    def declared(self, expr: Expr, source: Source, bounds: syntax.Range) -> Between:
        shape = Dimension(expr.type, "", "", _is_whole(expr), (), _NO_BOUND, frozenset())
        low, high = _written_bound(bounds.low), _written_bound(bounds.high)
        return Between(
            None if low is None else (shape.after if bounds.low_open else shape.before)(low),
            None if high is None else (shape.before if bounds.high_open else shape.after)(high),
        )


def boxes(formula: Formula, dimensions: list[Dimension], budget: Budget) -> list[Box]:
    """The boxes of the cases in which a formula holds; Exhausted if they are too many."""
    places = {id(dimension): index for index, dimension in enumerate(dimensions)}
    full = whole([dimension.size for dimension in dimensions])
    return _boxes(formula, places, full, budget)


def _boxes(formula: Formula, places: dict[int, int], full: Box, budget: Budget) -> list[Box]:
    if isinstance(formula, Atom):
        mask = _mask(formula, full[places[id(formula.dimension)]])
        return [_with(full, places[id(formula.dimension)], mask)] if mask else []
    if not formula.every:
        return _any(formula, places, full, budget)
    found = [full]
    for part in formula.parts:
        others = _boxes(part, places, full, budget)
        budget.spend(len(found) * len(others))
        meeting = (meet(one, other) for one in found for other in others)
        found = list(dict.fromkeys(each for each in meeting if each is not None))
        _check_count(found)
    return found


def _any(group: Group, places: dict[int, int], full: Box, budget: Budget) -> list[Box]:
    """Alternatives; those about one dimension are one box."""
    masks: dict[int, int] = {}
    found: list[Box] = []
    for part in group.parts:
        if isinstance(part, Atom):
            place = places[id(part.dimension)]
            masks[place] = masks.get(place, 0) | _mask(part, full[place])
        else:
            found += _boxes(part, places, full, budget)
            _check_count(found)
    found += [_with(full, place, mask) for place, mask in masks.items() if mask]
    return list(dict.fromkeys(found))


def _check_count(found: list[Box]) -> None:
    if len(found) > MOST_BOXES:
        raise Exhausted


def _mask(atom: Atom, full: int) -> int:
    mask = atom.dimension.mask(atom.part)
    return full & ~mask if atom.negated else mask


def _with(box: Box, place: int, mask: int) -> Box:
    return (*box[:place], mask, *box[place + 1 :])


# ── reading the core ──


def _exact(expr: Expr) -> Fraction | int | str | None:
    """A constant's value as dimensions have it; None for what is no constant."""
    if not isinstance(expr, core.Constant):
        return None
    if isinstance(expr.value, date):
        return expr.value.toordinal()
    if isinstance(expr.value, int):
        return Fraction(expr.value, expr.denominator or 1)
    return expr.value


def _has_cells(type_: Type) -> bool:
    return type_.numeric or type_ == DATE or bool(type_.choice)


def _is_whole(expr: Expr) -> bool:
    return expr.type == DATE or (expr.type.kind in _WHOLE and expr.denominator == 1)


def _given_name(expr: Expr) -> str:
    """The name of what can be given, or ""."""
    if isinstance(expr, core.FactOf | core.Defined):
        return expr.name
    if isinstance(expr, core.Published) and expr.year is None and expr.years_back < 0:
        return expr.name
    return ""


def _text(expr: Expr) -> str:
    """What stands for an expression: the name, or its words with single spaces."""
    written = expr.written
    text = written.source.text[slice(*written.node.span)]
    return _given_name(expr) or " ".join(text.split())


def _sources(*exprs: Expr) -> frozenset[str]:
    """The facts, params and definitions that expressions depend on."""
    named = core.FactOf | core.StartOf | core.Published | core.Defined
    return frozenset(each.name for each in reached(*exprs) if isinstance(each, named))


def _written_bound(node: syntax.Expression | None) -> Fraction | int | None:
    """A bound of a domain, which is a literal; None for no bound or for none that can be read."""
    if isinstance(node, syntax.Minus):
        inner = _written_bound(node.operand)
        return None if inner is None else -inner
    if isinstance(node, syntax.Literal):
        return Fraction(node.numerator, node.denominator)
    if isinstance(node, syntax.DateLiteral):
        return day_of(node).toordinal()
    return None
