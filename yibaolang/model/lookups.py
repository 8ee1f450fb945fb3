"""Elaboration of what reads another date, a table, or the account's past."""

from itertools import pairwise
from math import lcm
from typing import TYPE_CHECKING

from yibaolang.language import syntax
from yibaolang.language.diagnostics import Note, Refusal, diagnostic
from yibaolang.language.source import Source
from yibaolang.model import core
from yibaolang.model.arithmetic import same_scale
from yibaolang.model.core import Expr, Written
from yibaolang.model.entries import TableEntry
from yibaolang.model.typewords import said
from yibaolang.model.values import AGE, DATE, DAYS, MONEY, MONTHS, NUMBER, RATE, TRUTH

if TYPE_CHECKING:
    from yibaolang.model.elaborate import Elaborator

_ELAPSED = {"years": AGE, "months": MONTHS, "days": DAYS}


def in_year(elaborator: "Elaborator", node: syntax.InYear, written: Written) -> Expr:
    """A param in a calendar year."""
    named = elaborator.book.names.get(node.name.text)
    if named is None:
        raise elaborator.unknown_name(node.name.text, written)
    if named.kind != "param":
        raise elaborator.refuse("YB209", written, name=node.name.text)
    return elaborator.published(named.name, written, node.year, node.years_back)


def date_word(elaborator: "Elaborator", node: syntax.DateWord, written: Written) -> Expr:
    """A date that the event's date names."""
    return core.DateOf(DATE, 1, written, node.word)


def day_of_year(elaborator: "Elaborator", node: syntax.DayOfYear, written: Written) -> Expr:
    """A month and day in this year or before."""
    return core.DayOfYear(DATE, 1, written, node.month, node.day, node.years_back)


def as_of(elaborator: "Elaborator", node: syntax.AsOf, written: Written) -> Expr:
    """A name's value on another date; Refusal YB419 if it was given without a date."""
    name = elaborator.book.spelled(node.name.text)
    if name in elaborator.scope.overrides and name in elaborator.book.defines:
        raise elaborator.refuse("YB419", written, name=node.name.text)
    operand = elaborator.expr(node.name, written.source)
    when = elaborator.expect(elaborator.expr(node.date, written.source), DATE)
    return core.AsOf(operand.type, operand.denominator, written, operand, when)


def start_of(elaborator: "Elaborator", node: syntax.StartOf, written: Written) -> Expr:
    """Since when a choice has a value, or a yes-or-no input holds."""
    named = elaborator.book.names.get(node.name.text)
    if named is None:
        raise elaborator.unknown_name(node.name.text, written)
    slot = elaborator.scope.slot
    if named.kind == "value":
        return core.StartOf(DATE, 1, written, named.owner, named.name, slot(named.owner))
    if named.kind == "input" and elaborator.fact_type(named.name) == TRUTH:
        return core.StartOf(DATE, 1, written, named.name, True, slot(named.name))
    raise elaborator.wrong_kind(node.name.text, named.kind, written)


def count_of(elaborator: "Elaborator", node: syntax.CountOf, written: Written) -> Expr:
    """A count that the ledger keeps."""
    named = elaborator.book.names.get(node.category.text)
    if named is None:
        raise elaborator.unknown_name(node.category.text, written)
    if named.kind != "category":
        raise elaborator.wrong_kind(node.category.text, named.kind, written)
    name = f"count {named.name} {node.period}"
    slot = elaborator.scope.slot(name)
    return core.CountOf(NUMBER, 1, written, named.name, node.period, name, slot)


def between(elaborator: "Elaborator", node: syntax.Between, written: Written) -> Expr:
    """Full years, months or days between two dates."""
    start = elaborator.expect(elaborator.expr(node.start, written.source), DATE)
    end = elaborator.expect(elaborator.expr(node.end, written.source), DATE)
    return core.Elapsed(_ELAPSED[node.unit], 1, written, node.unit, start, end)


# ── tables ──


def table_entry(elaborator: "Elaborator", name: syntax.Name, source: Source) -> TableEntry:
    """The table in force of a name, with its header; Refusal YB101, YB109, YB305 or YB106."""
    written = Written(source, name)
    named = elaborator.book.names.get(name.text)
    if named is None:
        raise elaborator.unknown_name(name.text, written)
    if named.kind != "table":
        raise elaborator.wrong_kind(name.text, named.kind, written)
    found = elaborator.scope.table(named.name)
    if found is None:
        raise elaborator.refuse("YB305", written, name=name.text, region=elaborator.scope.region)
    if found.header is None or not found.header.keys:
        raise Refusal(diagnostic("YB106", found.entry.place))
    return found


def header_name(cell: syntax.Cell, source: Source) -> syntax.Name:
    """The name in a header's cell; Refusal YB106 if it is something else."""
    if cell.kind in ("values", "typed") and len(cell.values) == 1:
        name = cell.values[0]
        if isinstance(name, syntax.Name):
            return name
    raise Refusal(diagnostic("YB106", Written(source, cell).place))


def lookup(elaborator: "Elaborator", node: syntax.Lookup, written: Written) -> Expr:
    """A column of a table by the table's keys."""
    table = table_entry(elaborator, node.table, written.source)
    source, header = table.entry.source, table.header
    if header is None:
        raise TypeError("table_entry gives a table with a header")
    names = [header_name(cell, source) for cell in header.cells]
    columns = {name.text: index for index, name in enumerate(names) if index >= header.keys}
    index = columns.get(node.column.text)
    if index is None:
        known = ", ".join(columns)
        at = Written(written.source, node.column)
        raise elaborator.refuse("YB212", at, name=node.column.text, columns=known)
    keys = tuple(elaborator.name(name, Written(source, name)) for name in names[: header.keys])
    values = [
        result(elaborator, row.cells[index], header.cells[index], source) for row in table.rows
    ]
    shown = next((each for each in values if not isinstance(each, core.Absent)), None)
    if shown is None:
        raise elaborator.refuse("YB412", written, table=node.table.text)
    values = [elaborator.case_value(each, shown) for each in values]
    denominator, scales = same_scale(values)
    rows = tuple(
        core.LookupRow(row_condition(elaborator, keys, row, source), value, Written(source, row))
        for row, value in zip(table.rows, values, strict=True)
    )
    name = elaborator.book.spelled(node.table.text) or node.table.text
    return core.LookUp(shown.type, denominator, written, name, node.column.text, keys, rows, scales)


def result(
    elaborator: "Elaborator", cell: syntax.Cell, header: syntax.Cell, source: Source
) -> Expr:
    """The value of a result's cell, of the header's type if it names one; `-` does not apply."""
    written = Written(source, cell)
    if cell.kind == "any":
        return core.Absent(MONEY, 1, written, "none")
    if cell.kind != "values" or len(cell.values) != 1:
        raise elaborator.refuse("YB217", written)
    value = elaborator.expr(cell.values[0], source)
    if header.type is None:
        return value
    return elaborator.expect(value, elaborator.type_named(header.type, source))


def row_condition(
    elaborator: "Elaborator", keys: tuple[Expr, ...], row: syntax.TableRow, source: Source
) -> Expr:
    """That every key fits its cell."""
    written = Written(source, row)
    conditions = [
        found
        for key, cell in zip(keys, row.cells, strict=False)
        if (found := cell_condition(elaborator, key, cell, source)) is not None
    ]
    if not conditions:
        return core.Constant(TRUTH, 1, written, True)
    if len(conditions) == 1:
        return conditions[0]
    return core.Junction(TRUTH, 1, written, True, tuple(conditions))


def cell_condition(
    elaborator: "Elaborator", key: Expr, cell: syntax.Cell, source: Source
) -> Expr | None:
    """That a key fits a cell; None for any."""
    written = Written(source, cell)
    if cell.kind == "any":
        return None
    if cell.range is not None:
        return elaborator.inside(key, cell.range, written)
    if cell.kind != "values":
        raise elaborator.refuse("YB217", written)
    equal = [equality(elaborator, key, value, source) for value in cell.values]
    if len(equal) == 1:
        return equal[0]
    return core.Junction(TRUTH, 1, written, False, tuple(equal))


def equality(elaborator: "Elaborator", key: Expr, value: syntax.Expression, source: Source) -> Expr:
    """That a key equals a cell's value, which may be a choice's value."""
    written = Written(source, value)
    named = elaborator.book.names.get(value.text) if isinstance(value, syntax.Name) else None
    if named is not None and named.kind == "value" and key.type.choice == named.owner:
        right: Expr = core.Constant(key.type, 1, written, named.name)
    else:
        right = elaborator.alike(key, elaborator.expr(value, source), written)[1]
    _, scales = same_scale((key, right))
    return core.Compare(TRUTH, 1, written, "=", key, right, scales)


# ── tiers ──


def tiers(elaborator: "Elaborator", node: syntax.Tiers, written: Written) -> Expr:
    """An amount by the tiers of a table."""
    amount = elaborator.expr(node.amount, written.source)
    if amount.denominator is None or not amount.type.numeric:
        raise elaborator.refuse("YB216", amount.written, type=said(amount.type))
    found = tiers_of(elaborator, table_entry(elaborator, node.table, written.source), amount)
    rates = [tier.rate.denominator or 1 for tier in found]
    one = lcm(*rates)
    name = elaborator.book.spelled(node.table.text) or node.table.text
    return core.TierSum(
        amount.type, amount.denominator * one, written, amount, name, found, node.whole,
        tuple(one // each for each in rates),
    )  # fmt: skip


def tiers_of(elaborator: "Elaborator", table: TableEntry, amount: Expr) -> tuple[core.Tier, ...]:
    """The tiers of a table of one range and one rate; Refusal YB213 or, with a gap, YB214."""
    header, source = table.header, table.entry.source
    if header is None or header.keys != 1 or len(header.cells) != 2:
        raise Refusal(diagnostic("YB213", table.entry.place))
    found = []
    for row in table.rows:
        bounds = row.cells[0].range
        if bounds is None:
            raise Refusal(diagnostic("YB213", Written(source, row.cells[0]).place))
        low, high = (_bound(elaborator, each, amount, source) for each in (bounds.low, bounds.high))
        if bounds.high_open:
            raise Refusal(diagnostic("YB214", Written(source, row.cells[0]).place))
        rate = result(elaborator, row.cells[1], header.cells[1], source)
        if not isinstance(rate, core.Absent):
            rate = elaborator.expect(rate, RATE)
        if not isinstance(rate, core.Constant):
            raise elaborator.refuse("YB213", rate.written)
        found.append(core.Tier(low, high, rate, Written(source, row)))
    for before, after in pairwise(found):
        if before.high is None or before.high != after.low:
            note = Note(before.written.place, "first")
            raise Refusal(diagnostic("YB214", after.written.place, notes=[note]))
    return tuple(found)


def _bound(
    elaborator: "Elaborator", node: syntax.Expression | None, amount: Expr, source: Source
) -> int | None:
    """A tier's bound as a numerator over the amount's denominator; None for no bound."""
    if node is None:
        return None
    bound = elaborator.alike(amount, elaborator.expr(node, source), Written(source, node))[1]
    if not isinstance(bound, core.Constant) or not isinstance(bound.value, int):
        raise elaborator.refuse("YB213", bound.written)
    scaled = bound.value * (amount.denominator or 1)
    if scaled % (bound.denominator or 1):
        raise elaborator.refuse("YB213", bound.written)
    return scaled // (bound.denominator or 1)
