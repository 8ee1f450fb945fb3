"""Tables: every key and result of every row, each row telling its own fault."""

from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Refusal, diagnostic
from yibaolang.language.source import Source
from yibaolang.model import core, lookups
from yibaolang.model.core import Expr, LookupRow, Written
from yibaolang.model.elaborate import Elaborator
from yibaolang.model.entries import TableEntry
from yibaolang.model.values import MONEY

_Faults = tuple[Diagnostic, ...]


def table_parts(elaborator: Elaborator, table: TableEntry) -> tuple[tuple[LookupRow, ...], _Faults]:
    """The rows with their conditions on the keys, and what is wrong in them.

    There are no rows if one has a fault, or if the table is one of tiers, which have no key.
    Refusal if the header does not fit.
    """
    header, source = table.header, table.entry.source
    if header is None or not header.keys:
        raise Refusal(diagnostic("YB106", table.entry.place))
    names = [lookups.header_name(cell, source) for cell in header.cells]
    if is_tiers(elaborator, table, names):
        lookups.tiers_of(elaborator, table, _amount(elaborator, table))
        return (), ()
    keys = tuple(elaborator.name(name, Written(source, name)) for name in names[: header.keys])
    shown: list[Expr | None] = [None] * len(header.cells)
    rows: list[LookupRow] = []
    faults: list[Diagnostic] = []
    for row in table.rows:
        try:
            rows.append(_row(elaborator, table, keys, row, shown))
        except Refusal as refusal:
            faults += refusal.diagnostics
    return (() if faults else tuple(rows)), tuple(faults)


def _row(
    elaborator: Elaborator, table: TableEntry, keys: tuple[Expr, ...], row: syntax.TableRow,
    shown: list[Expr | None],
) -> LookupRow:  # fmt: skip
    """A row; `shown` has for each column the first value, whose type the others must have."""
    source, header = table.entry.source, table.header
    cells = () if header is None else header.cells
    value: Expr = core.Absent(MONEY, 1, Written(source, row), "none")
    for index in range(len(keys), len(cells)):
        value = lookups.result(elaborator, row.cells[index], cells[index], source)
        first = shown[index]
        if isinstance(value, core.Absent):
            continue
        if first is None:
            shown[index] = value
        else:
            elaborator.case_value(value, first)
    condition = lookups.row_condition(elaborator, keys, row, source)
    return LookupRow(condition, value, Written(source, row))


def is_tiers(elaborator: Elaborator, table: TableEntry, names: list[syntax.Name]) -> bool:
    """Whether a table can only be one of tiers: its one column of ranges names nothing known."""
    header = table.header
    return (
        header is not None
        and header.keys == 1
        and len(header.cells) == 2
        and names[0].text not in elaborator.book.names
        and bool(table.rows)
        and all(row.cells[0].range is not None for row in table.rows)
    )


def _amount(elaborator: Elaborator, table: TableEntry) -> Expr:
    """Something of the type of a table's bounds."""
    source: Source = table.entry.source
    for row in table.rows:
        bounds = row.cells[0].range
        for node in () if bounds is None else (bounds.low, bounds.high):
            if node is not None:
                bound = elaborator.expr(node, source)
                if bound.type.numeric:
                    return core.Constant(bound.type, bound.denominator, bound.written, 0)
    return core.Constant(MONEY, 1, Written(source, table.rows[0]), 0)
