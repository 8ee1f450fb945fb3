"""The loop over rows as LLVM IR: columns are read as they lie in memory, figures are written.

Every column is read and checked against its bounds, whether it is needed for a row or not: a row
with a value that is none is done again by the reference engine (status -1), which says what is
wrong. So it is with what leaves 64 bits. Rows are independent, so any split of them gives the same.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from attrs import frozen

from yibaolang.population.fixed import HIGHEST, LOWEST, Column, Flag, Node, Present, in_order
from yibaolang.population.llvm import Expressions, Module, Text
from yibaolang.population.ranges import Ranges

NAME = "rows"
"""The name of the function."""

AGAIN = -1
"""The status of a row that is done again."""

NUMBERS = ("last", "from_data", "from_gaps")
"""Arguments that are no addresses: the last index of a table, and where bits begin."""

GAP, PROBLEM = LOWEST, LOWEST + 1
"""What a table has for a text that is none, and for one that cannot be read."""

_BLOCK = 2048
"""How many rows are written before their statuses are looked at."""

_PLAIN_LOOP = """\
!0 = distinct !{!0, !1, !2}
!1 = !{!"llvm.loop.vectorize.enable", i1 false}
!2 = !{!"llvm.loop.unroll.disable"}"""

_WIDTH_OF = {"fen": 64, "whole": 64, "date": 32, "truth": 8, "code": 32}
"""How wide a result is, by its kind."""


@frozen
class Storage:
    """How a column lies in memory, and what its numbers are bounded by.

    `kind` is whole (`width` bits, `signed`), bits, decimal (128 bits), table (an index of `width`
    bits into numbers of 64 bits) or code (an index that is the number itself). A number is
    multiplied by `factor`, and must then be from `low` to `high`. `gaps` says that a bitmap tells
    where there is a value, and that a table may have GAPs; then there may be a `default`.

    Nothing here depends on the values of a batch: how long a table is stands beside its address.
    """

    kind: str
    width: int = 64
    signed: bool = True
    factor: int = 1
    low: int = LOWEST
    high: int = HIGHEST
    gaps: bool = False
    default: int | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        """What a kernel takes of the column, in order: addresses, and numbers (see `NUMBERS`)."""
        taken = {"bits": ("data", "from_data"), "table": ("data", "last", "table")}
        taken["code"] = ("data", "last")
        return taken.get(self.kind, ("data",)) + (("gaps", "from_gaps") if self.gaps else ())


@frozen(eq=False)
class Result:
    """A figure to write: fen, whole, date, truth or code (`kind`), and its status."""

    kind: str
    value: Node
    status: Node


def columns_read(results: Sequence[Result]) -> tuple[str, ...]:
    """The keys of the columns that results read, in order; also those that must only be there."""
    nodes = in_order([each for one in results for each in (one.value, one.status)])
    return tuple(sorted({each.key for each in nodes if isinstance(each, Column | Present)}))


def row_text(
    results: Sequence[Result], storages: Mapping[str, Storage], comments: bool = False
) -> str:
    """The module whose function `rows` writes the results of a range of rows.

    Its buffers are, for each column of `storages` in order, its `Storage.arguments`, then of each
    result its values and its statuses (32 bits, which must be 0 before). It returns how many rows
    have a status that is not 0.
    """
    module = Module()
    values = _Values(module, results, storages, comments)
    statuses = _Statuses(module, results, storages, comments)
    module.functions += [values.function(), statuses.function(), _blocks(values.parameters)]
    module.functions.append(_PLAIN_LOOP)
    return module.text()


def _blocks(parameters: Sequence[str]) -> str:
    """The function that goes through blocks of rows: statuses only where a block has any."""
    lines = [f"define i64 @{NAME}(ptr %buffers, i64 %begin, i64 %end) {{", "entry:"]
    given = []
    for index, name in enumerate(parameters):
        kind = _type_of(name)
        lines.append(f"  %at.{index} = getelementptr ptr, ptr %buffers, i64 {index}")
        lines.append(f"  %b.{index} = load {kind}, ptr %at.{index}")
        given.append(f"{kind} %b.{index}")
    taken = ", ".join([*given, "i64 %row", "i64 %last"])
    lines += [
        "  br label %head",
        "head:",
        "  %row = phi i64 [%begin, %entry], [%last, %next]",
        "  %count = phi i64 [0, %entry], [%counted, %next]",
        "  %more = icmp slt i64 %row, %end",
        "  br i1 %more, label %block, label %done",
        "block:",
        f"  %full = add i64 %row, {_BLOCK}",
        "  %last = call i64 @llvm.smin.i64(i64 %full, i64 %end)",
        f"  %any = call i1 @values({taken})",
        "  br i1 %any, label %open, label %next",
        "open:",
        f"  %own = call i64 @statuses({taken})",
        "  br label %next",
        "next:",
        "  %found = phi i64 [0, %block], [%own, %open]",
        "  %counted = add i64 %count, %found",
        "  br label %head",
        "done:",
        "  ret i64 %count",
        "}",
    ]
    return "\n".join(lines)


def _type_of(parameter: str) -> str:
    return "i64" if parameter.rpartition(".")[0].removeprefix("%") in NUMBERS else "ptr"


class _Loop(ABC):
    """A function over the rows of a block: what it reads is the same, what it writes is not."""

    name = ""
    gives = "i64"
    hint = ""

    def __init__(
        self, module: Module, results: Sequence[Result], storages: Mapping[str, Storage],
        comments: bool,
    ) -> None:  # fmt: skip
        self.text = Text(module, comments)
        self.results = results
        self.storages = storages
        self.values: dict[str, str] = {}
        self.there: dict[str, str] = {}
        self.parameters: list[str] = []
        self.row = ""

    # ── what Expressions asks ──

    def column(self, node: Column) -> str:
        """What was read of a column in this row."""
        value = self.values[node.key]
        return self.text.let("truth", f"trunc i64 {value} to i1") if _is_truth(node) else value

    def present(self, key: str) -> str:
        """Whether there was something."""
        return self.there.get(key, "true")

    # ── the function ──

    def function(self) -> str:
        """Its text. Each address is an argument of its own, that nothing else means."""
        text = self.text
        row, found = text.alloca("row", "i64"), text.alloca("found", self.gives)
        names = {
            key: {each: self._parameter(each) for each in spec.arguments}
            for key, spec in self.storages.items()
        }
        outs = [(self._parameter("out"), self._parameter("status")) for _ in self.results]
        head, body, done = (text.label(each) for each in ("head", "body", "done"))
        text.line(f"store i64 %begin, ptr {row}")
        text.line(f"store {self.gives} 0, ptr {found}")
        text.line(f"br label %{head}")
        text.begin(head)
        self.row = text.let("i", f"load i64, ptr {row}")
        more = text.let("more", f"icmp slt i64 {self.row}, %end")
        text.branch(more, body, done)
        text.begin(body)
        text.line(f"store i1 false, ptr {text.bad}")
        for key, spec in self.storages.items():
            self._read(key, spec, names[key])
        self.write(outs, found)
        text.line(f"store i64 {text.let('n', f'add i64 {self.row}, 1')}, ptr {row}")
        text.line(f"br label %{head}{self.hint}")
        text.begin(done)
        text.line(f"ret {self.gives} {text.let('all', f'load {self.gives}, ptr {found}')}")
        taken = [
            f"{_type_of(each)}{' noalias' * (_type_of(each) == 'ptr')} {each}"
            for each in self.parameters
        ]
        arguments = ", ".join([*taken, "i64 %begin", "i64 %end"])
        lines = [
            f"define internal {self.gives} @{self.name}({arguments}) noinline {{",
            "entry:", *text.slots, *text.lines, "}",
        ]  # fmt: skip
        return "\n".join(lines)

    @abstractmethod
    def write(self, outs: Sequence[tuple[str, str]], found: str) -> None:
        """Write what belongs to a row; `found` is where what the function gives is gathered."""

    def _parameter(self, hint: str) -> str:
        name = self.text.fresh(hint)
        self.parameters.append(name)
        return name

    # ── reading ──

    def _read(self, key: str, spec: Storage, names: Mapping[str, str]) -> None:
        text = self.text
        there = self._bit(names["gaps"], names["from_gaps"]) if spec.gaps else "true"
        if spec.kind == "bits":
            bit = self._bit(names["data"], names["from_data"])
            value = text.let("wide", f"zext i1 {bit} to i64")
        elif spec.kind in ("table", "code"):
            value = self._index(spec, names, there)
            if spec.kind == "table":
                value, there = self._looked_up(spec, names["table"], value, there)
        else:
            decimal = spec.kind == "decimal"
            data = names["data"]
            read = self._decimal(data, there) if decimal else self._whole(spec, data)
            value = self._bounded(spec, read, there)
        if there != "true":
            value = text.let("value", f"select i1 {there}, i64 {value}, i64 {spec.default or 0}")
            if spec.default is None:
                self.there[key] = there
        self.values[key] = value

    def _bit(self, bits: str, first: str) -> str:
        text = self.text
        index = text.let("bit", f"add i64 {self.row}, {first}")
        byte = text.let("byte", f"lshr i64 {index}, 3")
        found = self._loaded("i8", bits, byte)
        low = text.let("low", f"trunc i64 {index} to i8")
        shift = text.let("shift", f"and i8 {low}, 7")
        moved = text.let("moved", f"lshr i8 {found}, {shift}")
        return text.let("set", f"trunc i8 {moved} to i1")

    def _loaded(self, kind: str, array: str, index: str) -> str:
        place = self.text.let("place", f"getelementptr {kind}, ptr {array}, i64 {index}")
        return self.text.let("read", f"load {kind}, ptr {place}")

    def _whole(self, spec: Storage, data: str) -> str:
        text, kind = self.text, f"i{spec.width}"
        value = self._loaded(kind, data, self.row)
        if spec.width == 64:
            return value
        return text.let("wide", f"{'sext' if spec.signed else 'zext'} {kind} {value} to i64")

    def _decimal(self, data: str, there: str) -> str:
        text = self.text
        place = text.let("place", f"getelementptr [2 x i64], ptr {data}, i64 {self.row}")
        low = text.let("low", f"load i64, ptr {place}, align 8")
        above = text.let("place", f"getelementptr i64, ptr {place}, i64 1")
        high = text.let("high", f"load i64, ptr {above}, align 8")
        sign = text.let("sign", f"ashr i64 {low}, 63")
        self._spoil(text.let("long", f"icmp ne i64 {high}, {sign}"), there)
        return low

    def _index(self, spec: Storage, names: Mapping[str, str], there: str) -> str:
        """An index that is inside its table, whatever the column holds."""
        text, kind = self.text, f"i{spec.width}"
        value = self._whole(spec, names["data"])
        # As narrow as the column is: so more of them are compared at once.
        index, last = (
            each if spec.width == 64 else text.let("narrow", f"trunc i64 {each} to {kind}")
            for each in (value, names["last"])
        )
        inside = text.let("inside", f"icmp ule {kind} {index}, {last}")
        self._spoil(text.let("outside", f"xor i1 {inside}, true"), there)
        if spec.kind == "code":
            return value
        return text.let("index", f"select i1 {inside}, i64 {value}, i64 0")

    def _looked_up(self, spec: Storage, table: str, index: str, there: str) -> tuple[str, str]:
        """The number of a table, and whether it is one."""
        text = self.text
        value = self._loaded("i64", table, index)
        self._spoil(text.let("problem", f"icmp eq i64 {value}, {PROBLEM}"), there)
        if spec.gaps:
            filled = text.let("filled", f"icmp ne i64 {value}, {GAP}")
            there = text.let("there", f"and i1 {there}, {filled}")
        return value, there

    def _bounded(self, spec: Storage, value: str, there: str) -> str:
        """A number in its bounds, which are those of what is read before it is multiplied."""
        text = self.text
        low, high = -(-spec.low // spec.factor), spec.high // spec.factor
        bits = spec.width - spec.signed if spec.kind == "whole" else 63
        least = -(2**bits) if spec.signed or spec.kind == "decimal" else 0
        if low > high:
            self._spoil("true", there)
        elif low > least or high < 2**bits - 1:
            from_low = text.let("less", f"sub i64 {value}, {low}")
            wide = text.let("outside", f"icmp ugt i64 {from_low}, {high - low}")
            self._spoil(wide, there)
        if spec.factor == 1:
            return value
        return text.let("value", f"mul i64 {value}, {spec.factor}")

    def _spoil(self, condition: str, there: str) -> None:
        if there != "true":
            condition = self.text.let("there", f"and i1 {condition}, {there}")
        self.text.spoil(condition)


class _Values(_Loop):
    """Writes values; gives whether any row of the block has a status that is not 0."""

    name, gives = "values", "i1"

    def write(self, outs: Sequence[tuple[str, str]], found: str) -> None:
        """The values of a row."""
        text = self.text
        body = Expressions(text, self, Ranges())
        for result, (out, _) in zip(self.results, outs, strict=True):
            value = body.value(result.value)
            if result.value.truth:
                value = text.let("wide", f"zext i1 {value} to i64")
            kind = f"i{_WIDTH_OF[result.kind]}"
            if kind != "i64":
                value = text.let("narrow", f"trunc i64 {value} to {kind}")
            place = text.let("place", f"getelementptr {kind}, ptr {out}, i64 {self.row}")
            text.line(f"store {kind} {value}, ptr {place}")
        statuses = [body.value(each.status) for each in self.results]
        before = text.let("before", f"load i1, ptr {found}")
        open_ = text.let("open", f"or i1 {before}, {opened(text, statuses)}")
        text.line(f"store i1 {open_}, ptr {found}")


class _Statuses(_Loop):
    """Writes statuses; gives how many rows have one that is not 0."""

    name = "statuses"
    # It is rarely run, and would take as long to compile as the values.
    hint = ", !llvm.loop !0"

    def write(self, outs: Sequence[tuple[str, str]], found: str) -> None:
        """The statuses of a row."""
        text = self.text
        body = Expressions(text, self, Ranges())
        for each in self.results:
            # What leaves 64 bits shows only where the value is computed.
            body.value(each.value)
        statuses = [body.value(each.status) for each in self.results]
        again = text.let("again", f"load i1, ptr {text.bad}")
        for (_, out), status in zip(outs, statuses, strict=True):
            chosen = text.let("status", f"select i1 {again}, i64 {AGAIN}, i64 {status}")
            narrow = text.let("narrow", f"trunc i64 {chosen} to i32")
            place = text.let("place", f"getelementptr i32, ptr {out}, i64 {self.row}")
            text.line(f"store i32 {narrow}, ptr {place}")
        one = text.let("one", f"zext i1 {opened(text, statuses)} to i64")
        before = text.let("before", f"load i64, ptr {found}")
        text.line(f"store i64 {text.let('counted', f'add i64 {before}, {one}')}, ptr {found}")


def opened(text: Text, statuses: Sequence[str]) -> str:
    """Whether a row is refused anything, or done again."""
    open_ = text.let("again", f"load i1, ptr {text.bad}")
    for each in dict.fromkeys(statuses):
        if each != "0":
            refused = text.let("refused", f"icmp ne i64 {each}, 0")
            open_ = text.let("open", f"or i1 {open_}, {refused}")
    return open_


def _is_truth(node: Node) -> bool:
    return isinstance(node, Flag)


def width_of(kind: str) -> int:
    """How many bytes a result of a kind takes."""
    return _WIDTH_OF[kind] // 8
