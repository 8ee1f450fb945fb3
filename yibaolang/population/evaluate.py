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
    Named,
    arrow_alone,
    check_types,
    columns_named,
    place_of_text,
)
from yibaolang.population.compiling import Kernel, compiled, demand_llvm
from yibaolang.population.laying import (
    Laid,
    Layer,
    Prepared,
    place_texts,
    prepared,
    without_views,
)
from yibaolang.population.persons import People
from yibaolang.population.questions import Asks
from yibaolang.population.redo import Reference, check_type
from yibaolang.population.results import Filled, Results
from yibaolang.population.rows import NAME, Storage, row_text, width_of

_LEAST_ROWS = 1 << 16
_PARTS = 4
"""A batch is run in so many parts for each thread, of so many rows at least."""

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
            text = row_text(self.built.results, storages)
            found = self.kernels[key] = compiled(text, NAME)
        return found


class Population:
    """Questions about many persons, asked of batch after batch.

    `region` and `version` are those of persons whose row has none; `engine` is native, reference,
    or "" for native where its packages are installed. `threads` is how many run at once.

    A kernel serves what the first batch needs. If a later one needs more, columns that had no gaps
    or no table so far, then one is compiled that serves every batch, so that there are not many.
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
        self._nullable: frozenset[str] | None = None
        self._plain: frozenset[str] | None = None
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
        check_types(self._reference.cells, columns, people.schema.types)
        if not self.native:
            return Results(self._reference, people, columns).by_reference()
        # The reference engine needs no NumPy.
        from yibaolang.population.results_native import NativeResults

        with self._lock:
            ready = self.ready(people, columns)
        results = NativeResults(self._reference, people, columns)
        return results.by_kernel(ready.built, self.run(ready, people.num_rows))

    def batches(self, people: Any) -> Iterator[Any]:
        """The same of every batch of anything with `__arrow_c_stream__`; one of none if empty."""
        arrow = arrow_alone()
        reader = arrow.RecordBatchReader.from_stream(people)
        empty = True
        for each in reader:
            empty = False
            yield self.batch(each)
        if empty:
            yield self.batch(arrow.RecordBatch.from_pylist([], schema=reader.schema))

    def ready(self, people: Any, columns: Sequence[Named]) -> Ready:
        """A batch laid out, and its kernel."""
        before = dict(self._places)
        try:
            return self._ready(people, columns)
        except Refusal:
            # Whoever has no native form stops nobody who comes later.
            self._places = before
            raise

    def _ready(self, people: Any, columns: Sequence[Named]) -> Ready:
        texts, numbers = self._placed(people, columns)
        reads = self.reads
        named = {each.key: each for each in columns if each.key in reads}
        arrays = {each.key: people.column(i) for i, each in enumerate(columns) if each.key in named}
        is_null = arrow_alone().types.is_null
        given = {
            key: prepared(arrays[key]) for key in sorted(named) if not is_null(arrays[key].type)
        }
        nullable = self._with_gaps(given if texts is None else {PLACE: texts, **given})
        program = self._program(frozenset(given), nullable)
        laid: dict[str, Laid] = {}
        if texts is not None:
            home = self._places.get(self.home, 0)
            laid[PLACE] = program.layer.places(texts, PLACE in nullable, numbers, home)
        # Every cell that a question reads is looked at, whether it decides anything or not.
        for key, each in given.items():
            laid[key] = program.layer.laid(named[key], each, key in nullable)
        laid = self._with_tables(laid)
        kernel = program.kernel({key: each.storage for key, each in laid.items()})
        addresses = tuple(address for each in laid.values() for address in each.arguments)
        owners = tuple(owner for each in laid.values() for owner in each.owners)
        return Ready(program.built, kernel, addresses, owners)

    def reads_at(self, region: str, version: str) -> frozenset[str]:
        """The facts that the questions read of a person of a place."""
        return self._reference.reads(region, version)

    @property
    def reads(self) -> frozenset[str]:
        """The facts that the questions read of people of any place that there was so far."""
        return frozenset().union(*(self._reference.reads(*each) for each in self._places))

    def _with_gaps(self, given: Mapping[str, Prepared]) -> frozenset[str]:
        """The columns that may have gaps."""
        here = frozenset(key for key, each in given.items() if each.gaps)
        if self._nullable is None:
            self._nullable = here
        elif not here <= self._nullable:
            self._nullable = frozenset((PLACE, *self._reference.cells.columns.values()))
            self._plain = frozenset()
        return self._nullable

    def _with_tables(self, laid: dict[str, Laid]) -> dict[str, Laid]:
        """Columns without the tables that no batch needed so far."""
        here = frozenset(key for key, each in laid.items() if each.plain)
        if self._plain is None:
            self._plain = here
        elif not self._plain & laid.keys() <= here:
            self._plain = frozenset()
        return {
            key: each.without_table() if key in self._plain else each
            for key, each in laid.items()
        }

    def run(self, ready: Ready, count: int) -> list[Filled]:
        """Run the kernel over all rows, in threads that share them."""
        arrow = arrow_alone()
        filled = []
        for each in ready.built.results:
            values = arrow.allocate_buffer(max(1, count * width_of(each.kind)))
            filled.append(Filled(values, Zeros(4 * count)))
        outs = [a for each in filled for a in (each.values.address, each.status.address)]
        addresses = [*ready.addresses, *outs]
        # Few parts: each costs a thread as long as some ten thousand rows do.
        rows = max(_LEAST_ROWS, -(-count // (_PARTS * self.threads)))
        starts = range(0, count, rows)

        def part(start: int) -> int:
            return ready.kernel.call(addresses, start, min(start + rows, count))

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
    ) -> tuple[Prepared | None, dict[str, int | None]]:
        """The texts of the rows' places, and the number of each; new places are added."""
        own = {each.key: people.column(i) for i, each in enumerate(columns) if each.key in OWN}
        if not own.keys() & {"region", "version"}:
            self._places.setdefault(self.home, len(self._places))
            if len(self._places) == 1:
                return None, {}
            own["region"] = arrow_alone().nulls(people.num_rows)
        texts = place_texts(own.get("region"), own.get("version"))
        found = {
            text: place_of_text(self.rules.book, text, "version" in own)
            for text in texts.texts or ()
        }
        new = {place if place[0] else self.home for place in found.values() if place is not None}
        new |= {self.home} if texts.gaps or not new else set()
        order = [BASE, *self.rules.book.regions]
        for place in sorted(new, key=lambda each: (order.index(each[0]), each[1])):
            self._places.setdefault(place, len(self._places))
        return texts, {
            text: None if place is None else self._places[place if place[0] else self.home]
            for text, place in found.items()
        }

    def _program(self, given: frozenset[str], nullable: frozenset[str]) -> Program:
        nullable &= given
        key = given, nullable, tuple(self._places)
        found = self._programs.get(key)
        if found is None:
            people = People(self.rules.book, given, nullable)
            plans = [self._reference.plans(*each) for each in self._places]
            made = built(plans, self.asks, people)
            for asks, column in zip(self.asks, made.columns, strict=True):
                if column.type is not None:
                    check_type(asks, self._reference.shape(asks), column.type)
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
        demand_llvm()
        arrow_alone()
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
    return arrow_alone().Table.from_batches(list(asking.batches(people)))
