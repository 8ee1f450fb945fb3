"""Figures of many persons as columns.

One kernel reads each column once and writes every figure; rows that it leaves are done again by the
reference engine (`redo`), and rows have the order in which they came.
"""

import ctypes
import mmap
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from threading import Lock
from typing import Any, cast

from attrs import field, frozen

from yibaolang.engine.asked import Asked, Moment, asked_for
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language.diagnostics import Refusal
from yibaolang.model.entries import BASE
from yibaolang.population.building import PLACE, Built, Place, built
from yibaolang.population.columns import (
    OWN,
    Laid,
    Layer,
    Named,
    columns_named,
    has_gaps,
    load_arrow,
    place_of_text,
    place_texts,
    prepared,
    without_views,
)
from yibaolang.population.compiling import Kernel, compiled, load_llvm
from yibaolang.population.persons import People
from yibaolang.population.redo import Asks, Reference
from yibaolang.population.results import Filled, Results
from yibaolang.population.rows import NAME, Storage, row_text, width_of

_ROWS_AT_ONCE = 1 << 17
ENGINES = ("", "native", "reference")


@frozen(eq=False)
class Ready:
    """A batch laid out for a program: its addresses, and all that owns them."""

    built: Built
    kernel: Kernel
    addresses: tuple[int, ...]
    owners: tuple[Any, ...]


@frozen(eq=False)
class Program:
    """A program with its kernels by how the columns lie in memory."""

    built: Built
    layer: Layer
    kernels: dict[tuple[tuple[str, Storage], ...], Kernel] = field(factory=dict)

    def kernel(self, storages: Mapping[str, Storage]) -> Kernel:
        """The kernel for columns that lie so."""
        key = tuple(storages.items())
        found = self.kernels.get(key)
        if found is None:
            results = [each.result for each in self.built.columns]
            found = self.kernels[key] = compiled(row_text(results, storages), NAME)
        return found


class Population:
    """Questions about many persons, asked of batch after batch.

    `region` and `version` are those of persons whose row has none; `engine` is native, reference,
    or "" for native where its packages are installed. `threads` is how many run at once.
    """

    def __init__(
        self, rules: RuleBook, asks: Sequence[Asks], region: str = "", version: str = "",
        engine: str = "", threads: int = 0,
    ) -> None:  # fmt: skip
        if engine not in ENGINES:
            raise ValueError(f"an engine is native or reference, not {engine!r}")
        self.rules = rules
        self.asks = tuple(asks)
        self.home: Place = rules.region(region), version
        self.native = engine == "native" or (engine == "" and native_there())
        self.threads = threads or os.cpu_count() or 1
        self._places: dict[Place, int] = {}
        self._nullable: frozenset[str] = frozenset()
        self._programs: dict[tuple[object, ...], Program] = {}
        self._reference = Reference(rules, self.asks, region, version)
        self._columns: dict[tuple[str, ...], tuple[Named, ...]] = {}
        self._lock = Lock()

    def batch(self, people: Any) -> Any:
        """The figures of a record batch as a record batch, row by row.

        Refusal YB460, YB464 or YB474 for columns that people cannot have, YB480 for what has no
        native form.
        """
        people = without_views(people)
        columns = self._named(tuple(people.schema.names))
        results = Results(self._reference, people, columns)
        if not self.native:
            return results.by_reference()
        with self._lock:
            ready = self.ready(people, columns)
        return results.by_kernel(ready.built, self.run(ready, people.num_rows))

    def batches(self, people: Any) -> Iterator[Any]:
        """The same of every batch of anything with `__arrow_c_stream__`; one of none if empty."""
        arrow = load_arrow()
        reader = arrow.RecordBatchReader.from_stream(people)
        empty = True
        for each in reader:
            empty = False
            yield self.batch(each)
        if empty:
            yield self.batch(arrow.RecordBatch.from_pylist([], schema=reader.schema))

    def ready(self, people: Any, columns: Sequence[Named]) -> Ready:
        """A batch laid out, and its kernel."""
        arrays = {
            each.key: prepared(people.column(index)) for index, each in enumerate(columns)
            if each.key not in OWN
        }  # fmt: skip
        arrow = load_arrow()
        given = frozenset(key for key, a in arrays.items() if not arrow.types.is_null(a.type))
        self._nullable |= {key for key in given if has_gaps(arrays[key])}
        texts, numbers = self._placed(people, columns)
        program = self._program(given)
        laid: dict[str, Laid] = {}
        named = {each.key: each for each in columns}
        if texts is not None:
            home = self._places.get(self.home, 0)
            laid[PLACE] = program.layer.places(texts, numbers, home)
        # A cell that does not fit is told of, whether this figure needs it or not.
        for key in sorted(given):
            laid[key] = program.layer.laid(named[key], arrays[key])
        kernel = program.kernel({key: each.storage for key, each in laid.items()})
        addresses = [address for each in laid.values() for address in each.addresses]
        owners = tuple(owner for each in laid.values() for owner in each.owners)
        return Ready(program.built, kernel, tuple(addresses), owners)

    def run(self, ready: Ready, count: int) -> list[Filled]:
        """Run the kernel over all rows, in threads that share them."""
        arrow = load_arrow()
        filled = []
        for each in ready.built.columns:
            values = arrow.allocate_buffer(max(1, count * width_of(each.result.kind)))
            filled.append(Filled(values, Zeros(4 * count)))
        outs = [a for each in filled for a in (each.values.address, each.status.address)]
        addresses = [*ready.addresses, *outs]
        starts = range(0, count, _ROWS_AT_ONCE)

        def part(start: int) -> int:
            return ready.kernel.call(addresses, start, min(start + _ROWS_AT_ONCE, count))

        if self.threads == 1 or len(starts) < 2:
            opened = sum(map(part, starts))
        else:
            opened = sum(self._pool.map(part, starts))
        return [Filled(each.values, each.status, opened) for each in filled]

    def _named(self, names: tuple[str, ...]) -> tuple[Named, ...]:
        if names not in self._columns:
            self._columns[names] = columns_named(names, self.rules.book)
        return self._columns[names]

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.threads)

    def _placed(
        self, people: Any, columns: Sequence[Named]
    ) -> tuple[Any, dict[str, int | None]]:
        """The texts of the rows' places, and the number of each; new places are added."""
        own = {each.key: people.column(i) for i, each in enumerate(columns) if each.key in OWN}
        if "region" not in own:
            self._places.setdefault(self.home, 0)
            return None, {}
        texts = place_texts(own["region"], own.get("version"))
        found = {
            text: place_of_text(self.rules.book, text, "version" in own)
            for text in (each or "" for each in texts.dictionary.to_pylist())
        }
        new = {place if place[0] else self.home for place in found.values() if place is not None}
        new |= {self.home} if has_gaps(texts) or not new else set()
        order = [BASE, *self.rules.book.regions]
        for place in sorted(new, key=lambda each: (order.index(each[0]), each[1])):
            self._places.setdefault(place, len(self._places))
        return texts, {
            text: None if place is None else self._places[place if place[0] else self.home]
            for text, place in found.items()
        }

    def _program(self, given: frozenset[str]) -> Program:
        nullable = self._nullable & given
        key = given, nullable, len(self._places)
        found = self._programs.get(key)
        if found is None:
            people = People(self.rules.book, given, nullable)
            made = built(self.rules, self.asks, list(self._places), people)
            layer = Layer(self.rules.book, people.codes, people.cells)
            found = self._programs[key] = Program(made, layer)
        return found


class Zeros:
    """Memory that is 0 at first, and costs nothing where it is not written."""

    def __init__(self, size: int) -> None:
        self.memory = mmap.mmap(-1, max(1, size))
        self.address = ctypes.addressof(ctypes.c_char.from_buffer(self.memory))


def native_there() -> bool:
    """Whether the packages of the extra `native` are installed."""
    try:
        load_llvm()
        load_arrow()
    except Refusal:
        return False
    return True


def asks_for(
    rules: RuleBook, figures: str | Sequence[str], on: Moment, first: Moment, last: Moment
) -> tuple[Asks, ...]:
    """Figures in either language on a day, in a month, or in each month of a span.

    >>> from yibaolang.engine.rulebook import read
    >>> rules = read("credit 5")
    >>> [str(each.asked) for each in asks_for(rules, "credit", None, "2024-01", "2024-02")]
    ['2024-01', '2024-02']
    """
    names = [figures] if isinstance(figures, str) else list(figures)
    asked = asked_for(on, None, first, last)
    if asked.kind == "none":
        raise ValueError("a population is asked for on a day, in a month or between two days")
    when: list[Asked] = list(asked.months()) if asked.kind == "span" else [asked]
    return tuple(Asks(rules.figure_named(name), each) for name in names for each in when)


def population(
    rules: RuleBook, people: Any, figures: str | Sequence[str] = "credit", *,
    region: str = "", version: str = "", on: Moment = None, first: Moment = None,
    last: Moment = None, engine: str = "", threads: int = 0,
) -> Any:  # fmt: skip
    """The figures of people as an Arrow table, a row for each of theirs, in their order.

    `people` is anything with `__arrow_c_stream__` (a table of pyarrow, polars, pandas or DuckDB)
    with the columns of a file of people (docs/events.md); amounts may also be whole fen in columns
    `NAME_fen`. `figures` are asked `on` a day or month, or in each month from `first` to `last`.
    An amount comes as `NAME_fen`, and beside each figure `NAME_refused` has the code of a refusal.

    Refusal YB481 without the packages of the extra `native`, if `engine` is "native".
    """
    asks = asks_for(rules, figures, on, first, last)
    # Its programs are for the next call too.
    key = f"population {(asks, region, version, engine, threads)!r}"
    if key not in rules.made:
        rules.made[key] = Population(rules, asks, region, version, engine, threads)
    asking = cast(Population, rules.made[key])
    return load_arrow().Table.from_batches(list(asking.batches(people)))
