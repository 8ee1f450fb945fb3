"""Batches that differ in their gaps, dictionaries, regions and versions are one population."""

import threading
from typing import Any

import pyarrow
import pytest

from tests.population.test_examples import RULES, made
from yibaolang.engine.rulebook import read
from yibaolang.language.diagnostics import Refusal
from yibaolang.population.evaluate import Population, asks_for, population

VERSIONS = """
region 甲市 | jia
since 2024-01-01 as "甲说" cite "一" attested "D"
retired credit 100元 monthly
active credit 2% of contribution_base monthly
since 2024-01-01 as "乙说" cite "二" attested "D"
retired credit 106元 monthly
active credit 2% of contribution_base monthly
region 乙市 under 甲市
"""


def both(rules: Any, people: Any, **asked: Any) -> list[dict[str, Any]]:
    """What both engines say, which must be the same."""
    native = population(rules, people, "credit", engine="native", **asked).to_pylist()
    reference = population(rules, people, "credit", engine="reference", **asked).to_pylist()
    assert native == reference
    return native


def test_batches_may_differ_in_everything() -> None:
    people = made(900, 9)
    asks = asks_for(RULES, ["credit", "age"], "2024-06", None, None)
    full = people.filter(pyarrow.compute.is_valid(people["status"]))
    south = full.filter(pyarrow.compute.equal(full["region"].cast(pyarrow.string()), "广州"))
    plain = people.set_column(1, "region", people["region"].cast(pyarrow.string()))
    without = people.drop_columns(["pension"])
    asking = Population(RULES, asks, engine="native")
    for each in (south, full, people, plain, without, people.slice(3, 50), south):
        batch = each.combine_chunks().to_batches()[0] if each.num_rows else each.to_batches()[0]
        alone = Population(RULES, asks, engine="native").batch(batch)
        assert asking.batch(batch).to_pylist() == alone.to_pylist()


def test_versions_are_chosen_by_row() -> None:
    rules = read(VERSIONS)
    rows = [
        ("甲市", "甲说", "retired"), ("jia", "乙说", "retired"), ("乙市", "乙说", "retired"),
        ("甲市", None, "retired"), ("甲市", None, "active"), ("甲市", "", "retired"),
        (None, None, "retired"), ("", "", "active"), ("甲市", "丙说", "retired"),
        (None, "甲说", "retired"), ("丁市", None, "retired"),
    ]  # fmt: skip
    region, version, status = zip(*rows, strict=True)
    people = pyarrow.table({
        "region": pyarrow.array(region, pyarrow.string()),
        "version": pyarrow.array(version, pyarrow.string()),
        "status": status, "contribution_base_fen": [500_000] * len(rows),
    })  # fmt: skip
    found = both(rules, people, on="2024-06")
    assert [each["credit_fen"] or each["credit_refused"] for each in found] == [
        10_000, 10_600, 10_600, "YB301", 10_000, "YB301", "YB402", "YB402", "YB478", "YB462",
        "YB102",
    ]  # fmt: skip
    home = both(rules, people, on="2024-06", region="甲市", version="乙说")
    assert [each["credit_fen"] for each in home][6:8] == [10_600, 10_000]


def test_versions_that_agree_need_not_be_chosen() -> None:
    rules = read(VERSIONS)
    people = pyarrow.table({"status": ["active", "retired"], "contribution_base_fen": [12_345] * 2})
    found = both(rules, people, on="2024-06", region="甲市")
    assert [each["credit_fen"] for each in found] == [247, None]
    assert found[1]["credit_refused"] == "YB301"


def test_a_population_may_be_asked_in_threads() -> None:
    people = made(300, 4).combine_chunks().to_batches()[0]
    asks = asks_for(RULES, "credit", "2024-06", None, None)
    asking = Population(RULES, asks, engine="native")
    wanted = Population(RULES, asks, engine="native").batch(people).to_pylist()
    found: list[Any] = []
    threads = [
        threading.Thread(target=lambda: found.append(asking.batch(people).to_pylist()))
        for _ in range(4)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == [wanted] * 4


def test_what_leaves_64_bits_is_done_again_exactly() -> None:
    rules = read("input stock: money\nretired credit stock * 4000000 / 3000000")
    fens = [10**16, 10**16 + 1, 7, 10**17 - 1, -(10**16)]
    people = pyarrow.table({"status": ["retired"] * 5, "stock_fen": fens})
    found = both(rules, people, on="2024-06-01")
    assert [each["credit_fen"] for each in found[:4]] == [(8 * fen + 3) // 6 for fen in fens[:4]]
    assert found[4]["credit_refused"] == "YB420"


def test_what_no_column_holds_is_told() -> None:
    rules = read("input stock: money\nretired credit stock * 1000000000")
    people = pyarrow.table({"status": ["retired"] * 2, "stock_fen": [10**16, 5]})
    found = both(rules, people, on="2024-06-01")
    assert found[0]["credit_refused"] == "YB483"
    assert found[1]["credit_fen"] == 5_000_000_000


def test_a_region_that_looks_like_one_with_a_version_is_none() -> None:
    rules = read(VERSIONS)
    people = pyarrow.table({"region": ["甲市\x1f甲说"], "status": ["retired"]})
    assert both(rules, people, on="2024-06")[0]["credit_refused"] == "YB102"
    more = people.append_column("version", pyarrow.array([None], pyarrow.string()))
    assert both(rules, more, on="2024-06")[0]["credit_refused"] == "YB102"


def test_a_number_of_too_fine_parts_has_no_native_form() -> None:
    rules = read("input many: number\ndefine huge: number = many * many * many * many")
    people = pyarrow.table({"account": ["007"], "many": ["1000000"]})
    with pytest.raises(Refusal) as caught:
        population(rules, people, figures=("huge",), on="2024-06", engine="native")
    assert caught.value.diagnostics[0].code == "YB480"
    (row,) = population(
        rules, people, figures=("huge",), on="2024-06", engine="reference"
    ).to_pylist()  # fmt: skip
    assert row["huge_refused"] == "YB483"


def test_what_decides_nothing_must_still_be_known() -> None:
    text = "input base: money\ndefine due = 100元 if 0元 = 0% of base, 0元 otherwise"
    rules = read(f"{text}\nretired and 0元 = 0% of base credit 100元 monthly")
    people = pyarrow.table({
        "account": ["1", "2"], "status": ["retired", "retired"], "base_fen": [100, None],
    })  # fmt: skip
    for engine in ("native", "reference"):
        found = population(rules, people, figures=("credit", "due"), on="2024-06", engine=engine)
        for name in ("credit", "due"):
            assert found.column(f"{name}_fen").to_pylist() == [10000, None]
            assert found.column(f"{name}_refused").to_pylist() == [None, "YB401"]
