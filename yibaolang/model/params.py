"""Params: the dated values that a region sees, with one type and one denominator."""

from math import lcm
from typing import TYPE_CHECKING, Any

from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.model import core
from yibaolang.model.core import Expr, Written
from yibaolang.model.values import Type

if TYPE_CHECKING:
    from yibaolang.model.elaborate import Elaborator


def published_rows(elaborator: "Elaborator", name: str) -> tuple[Type, int, tuple[core.Row, ...]]:
    """A param's type, the denominator that its values share, and its rows for this region."""
    found = elaborator.published_params.get(name)
    if found is None:
        found = elaborator.published_params[name] = _published_rows(elaborator, name)
    return found


def _published_rows(elaborator: "Elaborator", name: str) -> tuple[Type, int, tuple[core.Row, ...]]:
    entries = elaborator.scope.rows(name)
    values = [elaborator.expr(entry.value, entry.source) for entry in entries]
    type_ = param_type(elaborator, name, values)
    fitted = [
        each if isinstance(each, core.Absent) else elaborator.expect(each, type_) for each in values
    ]
    denominator = lcm(*(each.denominator or 1 for each in fitted))
    rows = [
        core.Row(
            entry.since, entry.until, _row_value(value, denominator), entry.cite, entry.attested,
            Written(entry.source, entry.sentence),
        )
        for entry, value in zip(entries, fitted, strict=True)
    ]  # fmt: skip
    rows.sort(key=lambda row: (row.since is not None, row.since))
    return type_, denominator, tuple(rows)


def param_type(elaborator: "Elaborator", name: str, values: list[Expr]) -> Type:
    """The type that a declaration says, else that of the first value; Refusal YB110."""
    for entry in elaborator.book.params.get(name, ()):
        sentence = entry.sentence
        if isinstance(sentence, syntax.Param) and sentence.type is not None:
            return elaborator.type_named(sentence.type, entry.source)
    for value in values:
        if not isinstance(value, core.Absent):
            return value.type
    raise Refusal(diagnostic("YB110", elaborator.book.params[name][0].place, name=name))


def _row_value(expr: Expr, denominator: int) -> Any:
    if isinstance(expr, core.Absent):
        return expr
    if not isinstance(expr, core.Constant):
        raise TypeError("a published value is a literal")
    if expr.type.numeric and isinstance(expr.value, int):
        return expr.value * (denominator // (expr.denominator or 1))
    return expr.value
