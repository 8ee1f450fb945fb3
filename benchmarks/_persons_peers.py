"""The same rule in Numba, DuckDB and polars, written by hand as well as each can."""

import importlib
import importlib.util
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks._persons import (
    ACTIVE,
    AGES,
    AVG_PENSION,
    AVG_WAGE,
    OLD,
    ON,
    YOUNG,
    Columns,
    tables,
)

Run = Callable[[], Any]


def there(package: str) -> bool:
    """Whether a package is installed; if not, a line says that it is left out."""
    if importlib.util.find_spec(package) is None:
        print(f"{package} is not installed, and left out (pip install yibaolang[peers])")
        return False
    return True


def by_numba(columns: Columns, out: Any) -> dict[str, Run]:
    """A kernel without branches, constants folded into tables, on one core and on all."""
    numba: Any = importlib.import_module("numba")
    numpy: Any = importlib.import_module("numpy")
    found = tables()
    cut, retired, low, high, active = (
        found[name] for name in ("cut", "retired", "low", "high", "active")
    )
    unsigned, signed = numpy.uint64, numpy.int64

    def rule(birth: Any, status: Any, sex: Any, base: Any, region: Any, out: Any) -> None:
        for i in numba.prange(len(out)):
            g = region[i]
            pension = retired[g, 1 if birth[i] <= cut[g, sex[i]] else 0]
            held = min(max(base[i] * 100, low[g]), high[g])
            wage = signed(unsigned(held * active[g] + 1_000_000) // unsigned(2_000_000))
            out[i] = pension if status[i] == 1 else wage

    given = [columns[name] for name in ("birth", "status", "sex", "base", "region")]
    made = {}
    for name, parallel in (("Numba, 1 thread", False), ("Numba, all threads", True)):
        kernel = numba.njit(rule, parallel=parallel)
        kernel(*(each[:16] for each in given), out[:16])
        made[name] = lambda kernel=kernel: (kernel(*given, out), out)[1]
    return made


def by_duckdb(columns: Columns) -> Iterator[tuple[str, Run]]:
    """Integer SQL over a table in memory, with the regions joined, and as lists."""
    duckdb: Any = importlib.import_module("duckdb")
    arrow: Any = importlib.import_module("pyarrow")
    connection = duckdb.connect()
    table = arrow.table({name: arrow.array(values) for name, values in columns.items()})
    index = table.schema.get_field_index("birth")
    birth = arrow.array(columns["birth"]).view(arrow.date32())
    connection.register("given", table.set_column(index, "birth", birth))
    connection.execute("create table people as select * from given")
    regions = arrow.table({
        "region": arrow.array(range(len(OLD)), arrow.int8()), "pension": AVG_PENSION,
        "wage": AVG_WAGE, "old": OLD, "young": YOUNG, "active": ACTIVE,
        "men": [men for men, _ in AGES], "women": [women for _, women in AGES],
    })  # fmt: skip
    connection.register("regions_given", regions)
    connection.execute("create table regions as select * from regions_given")
    lists = {
        name: f"{regions[name].to_pylist()}[region + 1]::bigint" for name in regions.schema.names
    }
    plain = {name: name for name in regions.schema.names}

    def run(sql: str) -> Run:
        return lambda: connection.execute(sql).fetchnumpy()["fen"]

    yield "DuckDB, lists", run(f"select {_sql(lists)} fen from people")
    yield "DuckDB, join", run(f"select {_sql(plain)} fen from people join regions using (region)")


def _sql(of: dict[str, str]) -> str:
    day = ON.month * 32 + ON.day
    age = f"({ON.year} - year(birth) - (month(birth) * 32 + day(birth) > {day})::int)"
    step = f"(case when sex = 1 then {of['women']} else {of['men']} end)"
    rate = f"(case when {age} >= {step} then {of['old']} else {of['young']} end)"
    held = f"least(greatest(base * 100, {of['wage']} * 60), {of['wage']} * 300)"
    return (
        f"case when status = 1 then ({of['pension']} * {rate} * 2 + 10000) // 20000 "
        f"else ({held} * {of['active']} * 2 + 1000000) // 2000000 end"
    )


def by_polars(columns: Columns) -> Iterator[tuple[str, Run]]:
    """Expressions over an eager frame, with the regions joined in order, and gathered."""
    polars: Any = importlib.import_module("polars")
    col = polars.col
    frame = polars.DataFrame(columns).with_columns(col("birth").cast(polars.Date))
    regions = polars.DataFrame({
        "region": polars.Series(range(len(OLD)), dtype=polars.Int8), "pension": AVG_PENSION,
        "wage": AVG_WAGE, "old": OLD, "young": YOUNG, "active": ACTIVE,
        "men": [men for men, _ in AGES], "women": [women for _, women in AGES],
    })  # fmt: skip
    joined = _polars(polars, col)

    def join() -> Any:
        both = frame.join(regions, on="region", how="left", maintain_order="left")
        return both.select(joined)["fen"].to_numpy()

    gathered = _polars(
        polars, lambda name: polars.lit(regions[name]).gather(col("region").cast(polars.UInt32))
    )
    yield "polars, join", join
    yield "polars, gather", lambda: frame.select(gathered)["fen"].to_numpy()


def _polars(polars: Any, of: Callable[[str], Any]) -> Any:
    birth, col = polars.col("birth").dt, polars.col
    day = birth.month().cast(polars.Int32) * 32 + birth.day()
    age = ON.year - birth.year() - (day > ON.month * 32 + ON.day).cast(polars.Int32)
    step = polars.when(col("sex") == 1).then(of("women")).otherwise(of("men"))
    rate = polars.when(age >= step).then(of("old")).otherwise(of("young"))
    retired = (of("pension") * rate * 2 + 10_000) // 20_000
    held = (col("base") * 100).clip(of("wage") * 60, of("wage") * 300)
    active = (held * of("active") * 2 + 1_000_000) // 2_000_000
    return polars.when(col("status") == 1).then(retired).otherwise(active).alias("fen")
