"""The rule of `_persons` from Parquet to Parquet in DuckDB and polars, each as a whole program.

What comes out is what `yibao population` writes: the account, the fen, and why there is none. The
programs are texts, so that nothing is imported but what they need.
"""

from benchmarks._persons import ACTIVE, AGES, AVG_PENSION, AVG_WAGE, NAMES, OLD, ON, YOUNG

_DAY = ON.month * 32 + ON.day
_REGIONS = {
    "pension": AVG_PENSION, "wage": AVG_WAGE, "old": OLD, "young": YOUNG, "active": ACTIVE,
    "men": [men for men, _ in AGES], "women": [women for _, women in AGES],
}  # fmt: skip
"""Each constant by region."""


def by_duckdb(people: str, out: str, joined: bool, threads: int) -> str:
    """Integer SQL on all cores, with the regions joined or as lists.

    DuckDB keeps the order of rows by default; of a join the benchmark looks whether it has.
    """
    if joined:
        rows = ", ".join(str(each) for each in zip(NAMES, *_REGIONS.values(), strict=True))
        of = {name: f"{name}::bigint" for name in _REGIONS}
        source = (
            f"'{people}' join (values {rows}) regions(region, {', '.join(_REGIONS)}) using (region)"
        )
    else:
        at = f"list_position({NAMES}, region::varchar)"
        of = {name: f"{values}[{at}]::bigint" for name, values in _REGIONS.items()}
        source = f"'{people}'"
    select = f"select account, {_sql(of)} credit_fen, null::varchar credit_refused from {source}"
    return (
        "import duckdb\n"
        f"connection = duckdb.connect(config={{'threads': {threads}}})\n"
        f'connection.execute("""copy ({select}) to \'{out}\' (format parquet)""")\n'
    )


def _sql(of: dict[str, str]) -> str:
    age = f"({ON.year} - year(birth) - (month(birth) * 32 + day(birth) > {_DAY})::int)"
    step = f"(case when sex = 'female' then {of['women']} else {of['men']} end)"
    rate = f"(case when {age} >= {step} then {of['old']} else {of['young']} end)"
    base = "contribution_base_fen * 100"
    held = f"least(greatest({base}, {of['wage']} * 60), {of['wage']} * 300)"
    return (
        f"case when status = 'retired' then ({of['pension']} * {rate} * 2 + 10000) // 20000 "
        f"else ({held} * {of['active']} * 2 + 1000000) // 2000000 end"
    )


_POLARS = """
import polars
from polars import col
people = polars.scan_parquet({people!r}).with_columns(
    col("region").cast(polars.String), col("sex", "status").cast(polars.String))
whole = {{name: polars.Int64 for name in {names!r}}}
regions = polars.LazyFrame({regions!r}, schema_overrides=whole)
birth = col("birth").dt
after = birth.month().cast(polars.Int32) * 32 + birth.day() > {day}
age = {year} - birth.year() - after.cast(polars.Int32)
step = polars.when(col("sex") == "female").then(col("women")).otherwise(col("men"))
rate = polars.when(age >= step).then(col("old")).otherwise(col("young"))
retired = (col("pension") * rate * 2 + 10_000) // 20_000
held = (col("contribution_base_fen") * 100).clip(col("wage") * 60, col("wage") * 300)
active = (held * col("active") * 2 + 1_000_000) // 2_000_000
fen = polars.when(col("status") == "retired").then(retired).otherwise(active)
people.join(regions, on="region", how="left", maintain_order="left").select(
    "account", fen.alias("credit_fen"), polars.lit(None, polars.String).alias("credit_refused"),
).sink_parquet({out!r}, compression="snappy", engine="streaming")
"""


def by_polars(people: str, out: str) -> str:
    """Lazy expressions run by the streaming engine, with the regions joined in order."""
    return _POLARS.format(
        people=people, out=out, regions={"region": NAMES, **_REGIONS}, names=list(_REGIONS),
        day=_DAY, year=ON.year,
    )  # fmt: skip
