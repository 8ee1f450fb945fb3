"""Nodes run in plain Python and as a kernel, over facts like those of tests/program/strategies."""

from array import array
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import prod
from types import SimpleNamespace
from typing import Any

from tests.program.oracle import elapsed, step
from yibaolang.model import core
from yibaolang.model.core import Expr
from yibaolang.population import fixed
from yibaolang.population.compiling import compiled
from yibaolang.population.fixed import (
    Node,
    compared,
    day_of_number,
    divided,
    number_of_day,
)
from yibaolang.population.lowered import Codes, Lowered, Refusals, refused
from yibaolang.population.lowering import Lowering, lowered
from yibaolang.population.making import Fixed
from yibaolang.population.rows import NAME, Result, Storage, columns_read, row_text

Facts = Mapping[str, Any]
BOOK: Any = SimpleNamespace(values={"status": ("active", "retired")})
SHARE = 3 * 10**6
FIRST, LAST = number_of_day(date(1900, 1, 1)), number_of_day(date(2200, 12, 31))
MOST = 10**12


class Wrapped(Exception):
    """A number left 64 bits."""


class Frame:
    """Facts as columns that may have gaps; today is a constant, or a column too."""

    def __init__(self, make: Fixed, refusals: Refusals, today: date, known: bool = True) -> None:
        self.make = make
        self.refusals = refusals
        self.today = make.whole(number_of_day(today))
        self.within = today, today
        if not known:
            self.today = make.column("today", FIRST, LAST)
            self.within = date(2010, 1, 1), date(2040, 12, 31)
        self.posting = None
        self.year_start = None

    def fact(self, node: core.FactOf) -> Lowered:
        make, name = self.make, node.name
        missing = make.whole(self.refusals.index("YB401", node.written.place))
        status = make.choose(make.present(name), make.zero, missing)
        if node.type.kind == "truth":
            return Lowered(make.flag(name), 1, status)
        low, high = {"date": (FIRST, LAST), "choice": (0, 1)}.get(node.type.kind, (-MOST, MOST))
        below = SHARE if node.type.kind in ("rate", "number") else 1
        return Lowered(make.column(name, low, high), below, status)

    def start(self, node: core.StartOf) -> Lowered:
        return refused(self.make, self.refusals.index("YB401", node.written.place))

    def count(self, node: core.CountOf) -> Lowered:
        return refused(self.make, self.refusals.index("YB411", node.written.place))

    def on(self, day: Node, written: core.Written) -> "Frame":
        other = Frame(self.make, self.refusals, date(2024, 1, 1), False)
        other.today = day
        if isinstance(day, fixed.Whole):
            other.within = day_of_number(day.value), day_of_number(day.value)
        return other


def low_of(expr: Expr, today: date, known: bool = True) -> tuple[Lowered, Refusals]:
    """An expression lowered over a test's frame."""
    make, refusals = Fixed(), Refusals()
    frame = Frame(make, refusals, today, known)
    return lowered(Lowering(make, Codes(BOOK), refusals, frame), expr), refusals


def stored(facts: Facts, today: date) -> dict[str, int]:
    """Facts as the numbers of columns."""
    found = {"today": number_of_day(today)}
    for name, value in facts.items():
        if isinstance(value, date):
            found[name] = number_of_day(value)
        elif isinstance(value, str):
            found[name] = BOOK.values["status"].index(value)
        elif name == "share":
            found[name] = int(Fraction(value) * SHARE)
        else:
            found[name] = int(value)
    return found


def shown(expr: Expr, low: Lowered, refusals: Refusals, found: Sequence[int]) -> Any:
    """What value, status and divisor mean: a value, or the code of a refusal."""
    value, status, divisor = found
    if status:
        return refusals.codes()[status]
    if expr.type.numeric:
        return Fraction(value, low.denominator * divisor)
    return day_of_number(value) if expr.type.kind == "date" else bool(value)


# ── in Python ──


def run(node: Node, columns: Mapping[str, int]) -> int:
    """The number of a node; Wrapped if it leaves 64 bits where a kernel would."""
    found: dict[int, int] = {}
    for each in fixed.in_order([node]):
        value = _one(each, lambda inner: found[id(inner)], columns)
        if not fixed.LOWEST <= value <= fixed.HIGHEST:
            raise Wrapped
        found[id(each)] = value
    return found[id(node)]


def _one(node: Node, of: Any, columns: Mapping[str, int]) -> int:
    match node:
        case fixed.Whole() | fixed.Truth():
            return int(node.value)
        case fixed.Column():
            return columns.get(node.key, 0)
        case fixed.Present():
            return node.key in columns
        case fixed.Pick():
            return node.values[of(node.index)]
        case fixed.Plus():
            return sum(map(of, node.terms))
        case fixed.Scale():
            return of(node.operand) * node.factor
        case fixed.Times():
            return prod((of(node.left), of(node.right)))
        case fixed.Bound():
            return (min if node.least else max)(of(node.left), of(node.right))
        case fixed.Compare():
            return compared(node.sign, of(node.left), of(node.right))
        case fixed.Not():
            return not of(node.operand)
        case fixed.Junction():
            return (all if node.every else any)(map(of, node.operands))
        case fixed.If():
            return of(node.then) if of(node.condition) else of(node.otherwise)
        case fixed.Rounded():
            return divided(of(node.operand), max(1, of(node.divisor)), node.mode) * node.unit
    return _of_days(node, of)


def _of_days(node: Node, of: Any) -> int:
    try:
        match node:
            case fixed.Part():
                return int(getattr(day_of_number(of(node.operand)), node.part))
            case fixed.Clamped():
                year, month = divmod(of(node.months), 12)
                first = date(year, month + 1, 1)
                return number_of_day(step(first.replace(day=1), 0)) + min(
                    of(node.day), (step(first, 1) - first).days
                ) - 1
            case fixed.Elapsed():
                start, end = day_of_number(of(node.start)), day_of_number(of(node.end))
                return elapsed("years" if node.months == 12 else "months", start, end)
    except (ValueError, OverflowError):
        # Outside the calendar there is a refusal beside it, and any number will do.
        return 0
    raise TypeError(f"{node} is no node")


# ── as a kernel ──


def run_kernel(low: Lowered, rows: Sequence[Mapping[str, int]]) -> list[list[int]]:
    """Value, status and divisor of each row; a status of -1 for one to be done again."""
    nodes = [low.node, low.status] + ([] if low.divisor is None else [low.divisor])
    results = [Result("whole", each, low.status) for each in nodes]
    storages, addresses, owners = {}, [], []
    for key in columns_read(results):
        numbers = array("q", [each.get(key, 0) for each in rows])
        bits = bytearray(-(-len(rows) // 8))
        for index, row in enumerate(rows):
            bits[index // 8] |= (key in row) << index % 8
        owners += [numbers, bits]
        storages[key] = Storage("whole", 64, gaps=True)
        addresses += [numbers.buffer_info()[0], address(bits), 0]
    written = [(array("q", bytes(8 * len(rows))), array("i", bytes(4 * len(rows)))) for _ in nodes]
    outs = [each.buffer_info()[0] for pair in written for each in pair]
    kernel = compiled(row_text(results, storages), NAME)
    kernel.call([*addresses, *outs], 0, len(rows))
    values = [list(pair[0]) for pair in written]
    return [
        [values[0][row], written[0][1][row], 1 if low.divisor is None else values[2][row]]
        for row in range(len(rows))
    ]


def address(memory: bytearray) -> int:
    """Where memory begins."""
    import ctypes

    return ctypes.addressof(ctypes.c_char.from_buffer(memory))
