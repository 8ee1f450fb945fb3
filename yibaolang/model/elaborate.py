"""From syntax to the core: names get their meaning, values their types and denominators.

A sentence that does not fit raises Refusal at its first fault, so it costs one diagnostic.
"""

from collections.abc import Callable
from typing import Any

from yibaolang.language import syntax
from yibaolang.language.diagnostics import Note, Refusal, Said, diagnostic
from yibaolang.language.source import Place, Source
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model import core, lookups
from yibaolang.model.arithmetic import product, same_scale, total
from yibaolang.model.core import Expr, Written
from yibaolang.model.depth import MOST, Depth
from yibaolang.model.entries import day_of
from yibaolang.model.fitting import fitted, given_denominator, product_denominator, yields
from yibaolang.model.params import published_rows
from yibaolang.model.scope import Scope
from yibaolang.model.typewords import said
from yibaolang.model.values import (
    AGE,
    DATE,
    DAYS,
    MONEY,
    MONTHS,
    NUMBER,
    RATE,
    TEXT,
    TRUTH,
    Type,
    choice_type,
)  # fmt: skip

_TYPES = {
    "money": MONEY, "rate": RATE, "number": NUMBER, "age": AGE, "months": MONTHS, "days": DAYS,
    "date": DATE, "truth": TRUTH, "text": TEXT,
}  # fmt: skip


class Elaborator:
    """Elaborates the expressions of one scope; definitions once each."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.book = scope.book
        self.published_params: dict[str, tuple[Type, int, tuple[core.Row, ...]]] = {}
        self._defined: dict[str, core.Defined] = {}
        self._path: list[tuple[str, Place]] = []
        self._depth = Depth()

    # ── faults ──

    def refuse(self, code: str, written: Written, *notes: Note, **arguments: str | Said) -> Refusal:
        """The refusal of a node; the caller raises it."""
        return Refusal(diagnostic(code, written.place, notes=notes, **arguments))

    def unknown_name(self, name: str, written: Written) -> Refusal:
        """The refusal of a name that nothing declares."""
        return self.refuse("YB101", written, name=name, suggestion=self.book.suggestion(name))

    def expect(self, expr: Expr, expected: Type) -> Expr:
        """The expression, if it has the type or can be read as it; Refusal YB202."""
        found = fitted(expr, expected)
        if found is None:
            raise self.refuse("YB202", expr.written, expected=said(expected), found=said(expr.type))
        return found

    # ── types ──

    def type_named(self, name: syntax.Name, source: Source) -> Type:
        """The type that a type's word or a choice names; Refusal YB206."""
        word = vocabulary().type_of(name.text)
        if word is not None:
            return _TYPES[word]
        named = self.book.names.get(name.text)
        if named is not None and named.kind == "choice":
            return choice_type(named.name)
        raise self.refuse("YB206", Written(source, name), name=name.text)

    def fact_type(self, name: str) -> Type:
        """The type of an input or choice, by its canonical name."""
        entry = self.book.inputs.get(name)
        if entry is None:
            named = self.book.names[name]
            return MONEY if named.kind == "bucket" else choice_type(name)
        sentence = entry.sentence
        if not isinstance(sentence, syntax.Input):
            raise TypeError(f"{name} is not declared by an input sentence")
        return self.type_named(sentence.type, entry.source)

    # ── expressions ──

    def expr(self, node: syntax.Expression, source: Source) -> Expr:
        """The core of an expression; Refusal YB007 if it goes too deep through definitions."""
        written = Written(source, node)
        try:
            if not self._depth.down():
                raise self.refuse("YB007", written, limit=str(MOST))
            return _ELABORATE[type(node)](self, node, written)
        finally:
            self._depth.up()

    def truth(self, node: syntax.Expression, source: Source) -> Expr:
        """The core of a condition."""
        return self.expect(self.expr(node, source), TRUTH)

    def literal(self, node: syntax.Literal, written: Written) -> Expr:
        return core.Constant(_TYPES[node.type], node.denominator, written, node.numerator)

    def date_literal(self, node: syntax.DateLiteral, written: Written) -> Expr:
        if node.month_only:
            raise self.refuse("YB215", written)
        return core.Constant(DATE, 1, written, day_of(node))

    def truth_literal(self, node: syntax.Truth, written: Written) -> Expr:
        return core.Constant(TRUTH, 1, written, node.value)

    def missing(self, node: syntax.Missing, written: Written) -> Expr:
        return core.Absent(MONEY, 1, written, node.kind)

    def name(self, node: syntax.Name, written: Written) -> Expr:
        named = self.book.names.get(node.text)
        if named is None:
            raise self.unknown_name(node.text, written)
        reference = _REFERENCES.get(named.kind)
        if reference is None:
            raise self.wrong_kind(node.text, named.kind, written)
        return reference(self, named.name, written)

    def wrong_kind(self, name: str, kind: str, written: Written) -> Refusal:
        words = vocabulary().keywords
        keyword = words.get(kind.upper(), words["CHOICE"])
        found = Said(en=keyword.spelling("en"), zh=keyword.spelling("zh"))
        return self.refuse("YB109", written, name=name, kind=found)

    def fact(self, name: str, written: Written) -> Expr:
        type_ = self.fact_type(name)
        return core.FactOf(type_, given_denominator(type_), written, name, self.scope.slot(name))

    def value(self, name: str, written: Written) -> Expr:
        """A choice's value by itself is a condition: that the choice is this."""
        choice = self.book.names[name].owner
        left = self.fact(choice, written)
        right = core.Constant(choice_type(choice), 1, written, name)
        return core.Compare(TRUTH, 1, written, "=", left, right, (1, 1))

    def overridden(self, name: str, type_: Type, written: Written, defined: bool) -> Expr:
        """What is given instead of a param or (`defined`) a definition."""
        slot = self.scope.slot(name)
        return core.FactOf(type_, given_denominator(type_), written, name, slot, defined)

    def published(self, name: str, written: Written, year: int | None = None,
                  years_back: int = -1) -> Expr:  # fmt: skip
        type_, denominator, rows = published_rows(self, name)
        if name in self.scope.overrides:
            return self.overridden(name, type_, written, False)
        slot = self.scope.slot(name)
        return core.Published(type_, denominator, written, name, slot, rows, year, years_back)

    def definition(self, name: str, written: Written) -> Expr:
        if name in self.scope.overrides:
            return self.overridden(name, self.defined(name, written).type, written, True)
        found = self.defined(name, written)
        return core.Defined(
            found.type, found.denominator, written, name, found.slot, found.value, found.cite,
            found.attested, found.definition,
        )  # fmt: skip

    def defined(self, name: str, written: Written) -> core.Defined:
        """The definition in force, elaborated once; Refusal YB210 for a ring of definitions."""
        found = self._defined.get(name)
        if found is not None:
            if not self._depth.within(name):
                raise self.refuse("YB007", written, limit=str(MOST))
            return found
        entry = self.scope.definition(name)
        if entry is None:
            raise self.refuse("YB305", written, name=name, region=self.scope.region)
        sentence = entry.sentence
        if not isinstance(sentence, syntax.Define):
            raise TypeError(f"{name} is not declared by a definition")
        if name in [known for known, _ in self._path]:
            notes = [Note(place, "through") for _, place in self._path]
            ring = " → ".join([*(known for known, _ in self._path), name])
            raise self.refuse("YB210", written, *notes, name=name, ring=ring)
        self._path.append((name, entry.place))
        before = self._depth.open()
        try:
            value = self.expr(sentence.value, entry.source)
            if sentence.type is not None:
                value = self.expect(value, self.type_named(sentence.type, entry.source))
        finally:
            self._path.pop()
        origin, version = sentence.origin, entry.version
        found = core.Defined(
            value.type, value.denominator, written, name, self.scope.slot(name), value,
            origin.cite or version.cite, origin.attested or version.attested,
            Written(entry.source, sentence),
        )  # fmt: skip
        self._depth.close(name, before)
        self._defined[name] = found
        return found

    # ── logic ──

    def negation(self, node: syntax.Not, written: Written) -> Expr:
        return core.Negation(TRUTH, 1, written, self.truth(node.operand, written.source))

    def junction(self, node: syntax.Junction, written: Written) -> Expr:
        operands = tuple(self.truth(each, written.source) for each in node.operands)
        return core.Junction(TRUTH, 1, written, node.word == "and", operands)

    def comparison(self, node: syntax.Comparison, written: Written) -> Expr:
        left, right = self.choice_sides(node, written) or (
            self.expr(node.left, written.source), self.expr(node.right, written.source),
        )  # fmt: skip
        left, right = self.alike(left, right, written)
        ordered = left.type.numeric or left.type == DATE
        if not ordered and node.sign not in ("=", "!="):
            raise self.refuse("YB216", written, type=said(left.type))
        _, scales = same_scale((left, right))
        return core.Compare(TRUTH, 1, written, node.sign, left, right, scales)

    def choice_sides(self, node: syntax.Comparison, written: Written) -> tuple[Expr, Expr] | None:
        """Both sides of `choice = value`, where a value is not a condition by itself."""
        sides: list[Expr] = []
        for side in (node.left, node.right):
            if not isinstance(side, syntax.Name):
                return None
            named = self.book.names.get(side.text)
            if named is None or named.kind not in ("choice", "value", "define", "input"):
                return None
            at = Written(written.source, side)
            if named.kind == "value":
                sides.append(core.Constant(choice_type(named.owner), 1, at, named.name))
            else:
                sides.append(self.expr(side, written.source))
        if all(isinstance(side, core.Constant) for side in sides):
            return None
        return sides[0], sides[1]

    def alike(self, left: Expr, right: Expr, written: Written) -> tuple[Expr, Expr]:
        """Both, brought to one type; Refusal YB201, or YB205 for months against days."""
        if left.type == right.type:
            return left, right
        for one, other in ((left, right), (right, left)):
            found = fitted(other, one.type)
            if found is not None:
                return (one, found) if one is left else (found, one)
        if {left.type, right.type} == {MONTHS, DAYS}:
            raise self.refuse("YB205", written)
        raise self.refuse("YB201", written, left=said(left.type), right=said(right.type))

    def within(self, node: syntax.Within, written: Written) -> Expr:
        operand = self.expr(node.operand, written.source)
        return self.inside(operand, node.range, written)

    def inside(self, operand: Expr, bounds: syntax.Range, written: Written) -> Expr:
        """Whether an operand is in a range."""
        if not (operand.type.numeric or operand.type == DATE):
            raise self.refuse("YB216", written, type=said(operand.type))
        low, high = (
            None
            if each is None
            else self.alike(operand, self.expr(each, written.source), written)[1]
            for each in (bounds.low, bounds.high)
        )
        _, scales = same_scale([each for each in (operand, low, high) if each is not None])
        if scales and low is None:
            scales = (scales[0], 1, *scales[1:])
        if scales and high is None:
            scales = (*scales[:2], 1)
        return core.Inside(
            TRUTH, 1, written, operand, low, high, bounds.low_open, bounds.high_open, scales
        )

    def cases(self, node: syntax.Cases, written: Written) -> Expr:
        conditions = tuple(self.truth(each, written.source) for each in node.conditions)
        nodes = [*node.values, *([] if node.otherwise is None else [node.otherwise])]
        values = [self.expr(each, written.source) for each in nodes]
        shown = next((each for each in values if not yields(each)), values[0])
        values = [self.case_value(each, shown) for each in values]
        denominator, scales = same_scale(values)
        otherwise = None if node.otherwise is None else values[-1]
        return core.Choose(
            shown.type, denominator, written, conditions, tuple(values[: len(conditions)]),
            otherwise, scales,
        )  # fmt: skip

    def case_value(self, value: Expr, shown: Expr) -> Expr:
        if isinstance(value, core.Absent):
            return core.Absent(shown.type, 1, value.written, value.kind)
        found = fitted(value, shown.type)
        if found is None:
            note = Note(shown.written.place, "case")
            raise self.refuse(
                "YB207", value.written, note, first=said(shown.type), second=said(value.type)
            )
        return found

    # ── arithmetic ──

    def sum(self, node: syntax.Sum, written: Written) -> Expr:
        terms = [self.expr(each, written.source) for each in node.terms]
        return total(self, terms, node.signs, written)

    def product(self, node: syntax.Product, written: Written) -> Expr:
        factors = [self.expr(each, written.source) for each in node.factors]
        return product(self, factors, node.signs, written)

    def minus(self, node: syntax.Minus, written: Written) -> Expr:
        operand = self.expr(node.operand, written.source)
        if (
            isinstance(operand, core.Constant)
            and operand.type.numeric
            and type(operand.value) is int
        ):
            return core.Constant(operand.type, operand.denominator, written, -operand.value)
        minus_one = core.Constant(NUMBER, 1, written, -1)
        return product(self, [minus_one, operand], ("*", "*"), written)

    def share(self, node: syntax.Share, written: Written) -> Expr:
        rate = self.expr(node.rate, written.source)
        base = self.expr(node.base, written.source)
        if rate.type not in (RATE, NUMBER):
            raise self.refuse("YB202", rate.written, expected=said(RATE), found=said(rate.type))
        if base.type == RATE:
            raise self.refuse("YB204", written)
        if not base.type.numeric:
            raise self.refuse("YB202", base.written, expected=said(MONEY), found=said(base.type))
        factors = (rate, base)
        return core.Multiply(base.type, product_denominator(factors), written, factors, True)

    def rounded(self, node: syntax.Rounded, written: Written) -> Expr:
        operand = self.expect(self.expr(node.operand, written.source), MONEY)
        return core.RoundTo(MONEY, 1, written, operand, node.mode, node.unit.numerator)

    def extreme(self, node: syntax.Extreme, written: Written) -> Expr:
        operands = [self.expr(each, written.source) for each in node.operands]
        first = next((each for each in operands if not yields(each)), operands[0])
        if not (first.type.numeric or first.type == DATE):
            raise self.refuse("YB216", written, type=said(first.type))
        operands = [self.alike(first, each, written)[1] for each in operands]
        denominator, scales = same_scale(operands)
        return core.Extreme(
            first.type, denominator, written, node.word == "min", tuple(operands), scales
        )


_Reference = Callable[[Elaborator, str, Written], Expr]
_REFERENCES: dict[str, _Reference] = {
    "input": Elaborator.fact,
    "choice": Elaborator.fact,
    "bucket": Elaborator.fact,
    "value": Elaborator.value,
    "define": Elaborator.definition,
    "param": Elaborator.published,
}
_ELABORATE: dict[type[syntax.Expression], Callable[[Elaborator, Any, Written], Expr]] = {
    syntax.Literal: Elaborator.literal,
    syntax.DateLiteral: Elaborator.date_literal,
    syntax.Truth: Elaborator.truth_literal,
    syntax.Missing: Elaborator.missing,
    syntax.Name: Elaborator.name,
    syntax.Not: Elaborator.negation,
    syntax.Junction: Elaborator.junction,
    syntax.Comparison: Elaborator.comparison,
    syntax.Within: Elaborator.within,
    syntax.Cases: Elaborator.cases,
    syntax.Sum: Elaborator.sum,
    syntax.Product: Elaborator.product,
    syntax.Minus: Elaborator.minus,
    syntax.Share: Elaborator.share,
    syntax.Rounded: Elaborator.rounded,
    syntax.Extreme: Elaborator.extreme,
    syntax.InYear: lookups.in_year,
    syntax.DateWord: lookups.date_word,
    syntax.DayOfYear: lookups.day_of_year,
    syntax.AsOf: lookups.as_of,
    syntax.StartOf: lookups.start_of,
    syntax.CountOf: lookups.count_of,
    syntax.Between: lookups.between,
    syntax.Lookup: lookups.lookup,
    syntax.Tiers: lookups.tiers,
}
