"""Batch after batch: one kernel, one schema, the same memory, and only what questions read."""

import subprocess
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow
import pytest

from yibaolang.engine.rulebook import read
from yibaolang.language.diagnostics import Refusal
from yibaolang.population import evaluate
from yibaolang.population.columns import Named, columns_named
from yibaolang.population.evaluate import Population, asks_for, population
from yibaolang.population.grouping import Grouper
from yibaolang.population.grouping_answers import Summary
from yibaolang.population.laying import MOST_KEPT, Layer, prepared
from yibaolang.population.persons import People

RULES = read("""
input bonus: money
input remark: text
input small: money in [0.10元, 0.90元]
input waived: truth otherwise no
define share: rate = 2.5% if male, otherwise 1/3
define per_month: number = pension / contribution_base
define flag = pension > 1000元
define half = pension / 2
define whole_years = age
region 甲市
retired credit 2.5% of pension
active credit 2% of contribution_base
define own = 100元
region 乙市
credit 1元
define local = bonus / 3
""")
ENGINES = ("native", "reference")


@pytest.fixture()
def kernels(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of the kernels that are compiled from here on."""
    texts: list[str] = []
    compiled = evaluate.compiled

    def told(text: str, name: str) -> Any:
        texts.append(text)
        return compiled(text, name)

    monkeypatch.setattr(evaluate, "compiled", told)
    return texts


def asking(figures: Any = "credit", engine: str = "native", on: str = "2024-06-01") -> Population:
    """Questions of the rules here."""
    asks = asks_for(RULES, figures, on, None, None)
    return Population(RULES, asks, engine=engine, region="甲市")


def one(**columns: Any) -> Any:
    """A record batch."""
    return pyarrow.RecordBatch.from_pydict(columns)


# ── kernels ──


def test_texts_of_any_number_are_read_by_one_kernel(kernels: list[str]) -> None:
    people = asking()
    for batch in range(5):
        amounts = [f"{1000 + batch * 37 + each}.50" for each in range(3 + batch)]
        count = len(amounts)
        found = people.batch(one(
            region=["甲市"] * count, status=["retired"] * count, pension=amounts,
            contribution_base=["1"] * count,
        ))  # fmt: skip
        assert found["credit_fen"][0].as_py() == (5 * (100_050 + batch * 3700) + 100) // 200
    assert len(kernels) == 1


def test_gaps_dictionaries_and_misfits_that_come_later_cost_one_more_kernel(
    kernels: list[str],
) -> None:
    people = asking(["credit", "flag", "half"])
    first = {
        "status": ["active", "retired"], "sex": ["male", "female"], "pension": ["1", "2"],
        "contribution_base": [1, 2], "birth": ["1950-01-01"] * 2,
    }  # fmt: skip
    changes: list[dict[str, list[Any]]] = [
        {}, {"pension": ["1", None]}, {"contribution_base": [None, 3]}, {"sex": [None, "male"]},
        {"status": ["retired", "active"]}, {"status": ["", "active"]}, {"pension": ["x", "2"]},
        {"status": ["ghost", "active"]}, {},
    ]  # fmt: skip
    reference = asking(["credit", "flag", "half"], "reference")
    for each in changes:
        batch = one(**(first | each))
        assert people.batch(batch).to_pylist() == reference.batch(batch).to_pylist()
    assert len(kernels) <= 2


# ── schemas ──

FIGURES = ["credit", "share", "per_month", "flag", "half", "whole_years", "own", "local", "birth"]
PEOPLE: dict[str, dict[str, list[Any]]] = {
    "all known": {
        "region": ["甲市", "乙市"], "sex": ["male", "female"], "pension": ["1000", "1000.05"],
        "contribution_base": ["3", "4"], "birth": ["1950-01-01"] * 2, "status": ["retired"] * 2,
        "bonus": ["1", "2"],
    },
    "nothing known": {"region": ["甲市", "乙市"]},
    "one region": {"region": ["乙市"], "bonus": ["1"]},
    "misfits": {"region": ["甲市", "丙市"], "birth": ["1950-02-30", ""]},
}  # fmt: skip


def test_columns_come_from_the_figures_and_not_from_the_people() -> None:
    asks = asks_for(RULES, FIGURES, "2024-06-01", None, None)
    schemas = []
    for engine in ENGINES:
        several = Population(RULES, asks, engine=engine)
        for columns in PEOPLE.values():
            batch = one(**columns)
            schemas.append(several.batch(batch).schema)
            schemas.append(Population(RULES, asks, engine=engine).batch(batch).schema)
            schemas.append(several.batch(batch.slice(0, 0)).schema)
    for each in schemas[1:]:
        assert each.equals(schemas[0]), each
    assert schemas[0].field("share_numerator").type == pyarrow.int64()
    assert schemas[0].field("half_denominator").type == pyarrow.int64()
    assert schemas[0].field("own_fen").type == pyarrow.int64()
    assert schemas[0].field("birth").type == pyarrow.date32()
    assert schemas[0].field("flag").type == pyarrow.bool_()


def test_both_engines_give_the_same_columns() -> None:
    for columns in PEOPLE.values():
        found = [
            population(RULES, one(**columns), FIGURES, on="2024-06-01", engine=engine)
            for engine in ENGINES
        ]
        assert found[0].equals(found[1]), columns


def test_fractions_are_in_lowest_terms() -> None:
    people = one(pension=["1000", "1000.05", "0", None], contribution_base=["300"] * 4)
    for engine in ENGINES:
        found = population(RULES, people, ["half", "per_month"], on="2024-06-01", engine=engine)
        pairs = zip(
            found["half_numerator"].to_pylist(), found["half_denominator"].to_pylist(), strict=True
        )
        assert list(pairs) == [(50_000, 1), (100_005, 2), (0, 1), (None, None)]


def test_sums_are_exact_whatever_the_rows_are_over() -> None:
    people = one(
        account=list("abcde"), region=["甲市", "乙市", "甲市", "乙市", "甲市"],
        bonus=["12.50", "0.01", "0.02", "7", None],
    )  # fmt: skip
    asks = asks_for(SPLIT, "share", "2024-06-01", None, None)
    for engine in ENGINES:
        summary = Summary(Grouper(SPLIT, ("region",), date(2024, 6, 1)), asks)
        answers = Population(SPLIT, asks, engine=engine).batch(people)
        columns = columns_named(people.schema.names, SPLIT.book)
        summary.add_batch(people, columns, answers)
        row = summary.row(asks[0])
        assert row.total == Fraction(1252, 97) + Fraction(701, 8900000000001)
        assert (row.persons, row.valued, row.refused) == (5, 4, {"YB401": 1})


# ── what is read ──


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_that_no_question_reads_is_not_looked_at(engine: str) -> None:
    people = one(
        status=["retired"] * 3, pension=["1000.01", "1000", "x"], birth=["1950-02-30"] * 3,
        contribution_base=["1", "nothing", ""], bonus=["x", "y", "z"],
    )
    found = population(RULES, people, "flag", on="2024-06-01", engine=engine)
    assert found["flag"].to_pylist() == [True, False, None]
    assert found["flag_refused"].to_pylist() == [None, None, "YB465"]
    found = population(RULES, people, "credit", region="甲市", on="2024-06-01", engine=engine)
    assert found["credit_refused"].to_pylist() == [None, "YB465", "YB465"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_that_only_another_region_reads_is_not_looked_at(engine: str) -> None:
    people = one(region=["甲市", "乙市"], status=["retired"] * 2, pension=["x", "x"])
    found = population(RULES, people, "credit", on="2024-06-01", engine=engine)
    assert found["credit_fen"].to_pylist() == [None, 100]
    assert found["credit_refused"].to_pylist() == ["YB465", None]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_type_of_a_column_is_told_by_both_engines(engine: str) -> None:
    with pytest.raises(Refusal) as refusal:
        population(RULES, one(bonus=[1.5]), "flag", on="2024-06-01", engine=engine)
    assert refusal.value.diagnostics[0].code == "YB474"


# ── layouts ──


@pytest.mark.parametrize("type_", [
    pyarrow.string_view(), pyarrow.large_string(), pyarrow.string(),
])  # fmt: skip
@pytest.mark.parametrize("words", [
    ["active", "retired"], ["retired", None, "active"], ["", "active", "退休", "active"],
    ["active", "retired", "ghost"],
])  # fmt: skip
def test_dictionaries_of_any_text_are_read(type_: Any, words: list[str | None]) -> None:
    indices = pyarrow.array([*range(len(words)), None, 0], pyarrow.uint32())
    values = pyarrow.DictionaryArray.from_arrays(indices, pyarrow.array(words, type_))
    plain = pyarrow.array([*words, None, words[0]], pyarrow.string())
    for engine in ENGINES:
        found = [
            population(RULES, one(status=each), "status", on="2024-06-01", engine=engine)
            for each in (values, plain)
        ]
        assert found[0].equals(found[1])


@pytest.mark.parametrize(("column", "values", "wanted"), [
    ("bonus_fen", [650, None, 700], [650, "YB401", 700]),
    ("bonus", [Decimal("6.50"), None, Decimal("7")], [650, "YB401", 700]),
    ("waived", [True, False, None], [True, False, False]),
    ("birth", [date(1950, 2, 28), None], [date(1950, 2, 28), "YB401"]),
])  # fmt: skip
def test_dictionaries_of_anything_are_read(
    column: str, values: list[Any], wanted: list[Any]
) -> None:
    coded = pyarrow.array(values).dictionary_encode()
    assert answers(column.removesuffix("_fen"), **{column: coded}) == wanted


def answers(figure: str, **columns: Any) -> list[Any]:
    """The values or codes that both engines give."""
    found = []
    for engine in ENGINES:
        table = population(RULES, one(**columns), figure, on="2024-06-01", engine=engine)
        value, refused = table.columns
        pairs = zip(value.to_pylist(), refused.to_pylist(), strict=True)
        found.append([code or value for value, code in pairs])
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize("values", [[7, 0, 1], [Decimal("7"), Decimal("0"), Decimal("1")]])
def test_a_domain_between_two_yuan_holds_no_whole_one(values: list[Any]) -> None:
    assert answers("small", small=values) == ["YB422"] * 3


def test_a_time_of_day_is_left_out() -> None:
    times = [-1, -86_400_000, 86_399_999, 86_400_001, None]
    values = pyarrow.array(times, pyarrow.int64()).view(pyarrow.date64())
    days = [date(1969, 12, 31), date(1969, 12, 31), date(1970, 1, 1), date(1970, 1, 2), "YB401"]
    assert answers("birth", birth=values) == days


def test_a_number_of_too_many_digits_is_a_row_that_cannot_be_read() -> None:
    long = pyarrow.array([Decimal(10) ** 40, Decimal(7)], pyarrow.decimal256(50, 0))
    assert answers("bonus", bonus=long) == ["YB015", 700]
    assert answers("bonus", bonus=pyarrow.array([Decimal("7.5")], pyarrow.decimal32(5, 1))) == [750]


# ── places ──


def test_places_are_told_with_blanks_around_them() -> None:
    regions, versions = ["甲市 ", " 乙市\t", "", None], [" ", "", None, "\t"]
    found = answers("credit", region=regions, version=versions, status=["resident"] * 4)
    assert found == ["YB402", 100, "YB402", "YB402"]


def test_batches_may_lack_the_column_of_regions() -> None:
    people, places = asking(["credit"]), ["乙市", "甲市"]
    there = one(region=places, status=["retired"] * 2, pension=["100"] * 2)
    assert people.batch(there)["credit_fen"].to_pylist() == [100, 250]
    without = there.select(["status", "pension"])
    assert people.batch(without)["credit_fen"].to_pylist() == [250, 250]
    other = asking(["credit"])
    assert other.batch(there.slice(0, 1))["credit_fen"].to_pylist() == [100]
    assert other.batch(without)["credit_fen"].to_pylist() == [250, 250]


@pytest.mark.parametrize("day", [2**31 - 1, -(2**31), -800_000])
def test_a_day_outside_the_calendar_is_a_row_that_cannot_be_read(day: int) -> None:
    days = pyarrow.array([day, 0], pyarrow.int32()).view(pyarrow.date32())
    assert answers("birth", birth=days) == ["YB014", date(1970, 1, 1)]


def test_a_version_without_a_region_is_told() -> None:
    assert answers("male", version=["甲说", "", None], sex=["male"] * 3) == ["YB462", True, True]


@pytest.mark.parametrize("column", ["region", "version"])
@pytest.mark.parametrize("engine", ENGINES)
def test_places_are_texts(column: str, engine: str) -> None:
    with pytest.raises(Refusal) as refusal:
        population(RULES, one(**{column: [7]}), "flag", on="2024-06-01", engine=engine)
    assert refusal.value.diagnostics[0].code == "YB474"


SPLIT = read("""
input bonus: money
region 甲市
define share = bonus / 97
define mix = bonus / 2
define sort = 100元
define only_here = bonus / 3
region 乙市
define share = bonus / 8900000000001
define mix = bonus
define sort = 5%
""")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("figure", ["share", "mix", "only_here"])
def test_answers_are_the_same_however_people_are_split(figure: str, engine: str) -> None:
    places = ["乙市", "甲市", "乙市"]
    rows = one(region=places, bonus=["99999999999.99", "12.50", "0"])
    asks = asks_for(SPLIT, figure, "2024-06-01", None, None)
    several = Population(SPLIT, asks, engine=engine)
    pieces = [several.batch(rows.slice(at, 1)) for at in range(3)]
    whole = Population(SPLIT, asks, engine=engine).batch(rows)
    assert pyarrow.Table.from_batches(pieces).to_pylist() == whole.to_pylist()
    assert several.batch(rows).equals(whole)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_value_of_another_type_stops_only_whoever_has_it(engine: str) -> None:
    asks = asks_for(SPLIT, "sort", "2024-06-01", None, None)
    people = Population(SPLIT, asks, "甲市", engine=engine)
    for _ in range(2):
        assert people.batch(one(region=["甲市"])).to_pylist()[0]["sort_fen"] == 10_000
        with pytest.raises(Refusal) as refusal:
            people.batch(one(region=["乙市"]))
        assert refusal.value.diagnostics[0].code == "YB480"


# ── memory ──


def test_what_texts_mean_is_not_kept_for_ever() -> None:
    program = people_of(RULES)
    for batch in range(3):
        amounts = pyarrow.array([f"{batch}{each}" for each in range(MOST_KEPT // 2 + 10)])
        program.laid(Named("pension", "pension", False), prepared(amounts), False)
    assert 0 < len(program.kept["pension"]) <= MOST_KEPT


def people_of(rules: Any) -> Layer:
    """What lays out columns."""
    people = People(rules.book, frozenset(), frozenset())
    return Layer(rules.book, people.codes, people.cells)


# ── packages ──

WITHOUT_NUMPY = """
import sys
sys.modules["numpy"] = None
import pyarrow
from yibaolang.engine.rulebook import read
from yibaolang.population.evaluate import population
people = pyarrow.table({"status": ["retired", "x"], "pension": ["100", "7"]})
rules = read("retired credit 2% of pension")
found = population(rules, people, ["credit", "status"], on="2024-06", engine="reference")
print(found["credit_fen"].to_pylist(), found["status"].to_pylist())
"""


def test_the_reference_engine_needs_no_numpy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_NUMPY], capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stdout.split("\n")[0] == "[200, None] ['retired', None]"
