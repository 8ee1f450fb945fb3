"""The call of `ledgers`: order of events, ids, splits, regions, what is left to the reference."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from benchmarks import _accounts
from tests.population.test_ledger_agreement import both, same
from yibaolang import read
from yibaolang.language.diagnostics import Refusal
from yibaolang.population import ledger_native
from yibaolang.population.ledger_accounts import Accounts, ledgers

FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)
RULES = """
param price: money
  2024-01-01 1元
  2024-07-01 2元
region 甲市
cover 50% of outpatient above 100元 per year
allow outpatient for self
draw current then carried, rest to cash
carry current into carried on 01-01
interest 3.65% yearly of carried on daily balance posted on 12-31
"""


def rows(*events: Mapping[str, Any]) -> Any:
    """Events as a table: a bill of 300 yuan unless they say otherwise."""
    usual = {
        "account": "7", "id": None, "date": date(2024, 2, 1), "seq": None, "kind": "bill",
        "name": "outpatient", "amount_fen": 30_000,
    }  # fmt: skip
    return pa.Table.from_pylist([usual | dict(each) for each in events], pa.schema([
        ("account", pa.string()), ("id", pa.string()), ("date", pa.date32()), ("seq", pa.int64()),
        ("kind", pa.string()), ("name", pa.string()), ("amount_fen", pa.int64()),
        *[(name, pa.string()) for name in
          ("facts", "target", "level", "lines", "because", "instead", "relation")],
    ]))  # fmt: skip


def run(events: Any, text: str = RULES, people: Any = None, **how: Any) -> Accounts:
    """Both engines, which must agree."""
    how = {"as_listed": True} | how
    return both(text, people, events, FIRST, LAST, **how)


OPENING = {"kind": "opening", "name": "carried", "amount_fen": 100_000, "date": FIRST}


# ── order ──


def test_events_may_stand_in_any_order() -> None:
    events = rows(
        {"id": "e3", "date": date(2025, 3, 1)}, {"id": "e1", "date": date(2024, 3, 1)},
        OPENING | {"id": "o"}, {"id": "e2", "date": date(2024, 3, 2), "amount_fen": 5_000},
    )  # fmt: skip
    found = run(events)
    assert found.engines == {"native": 1, "reference": 0}
    posted = found.postings.filter(pa.compute.equal(found.postings["kind"], "fund"))
    assert posted["event"].to_pylist() == ["e1", "e2", "e3"]


@pytest.mark.parametrize("first", ["e2", "e10"])
def test_ids_break_ties_as_people_count(first: str) -> None:
    other = {"e2": "e10", "e10": "e2"}[first]
    found = run(rows({"id": first, "amount_fen": 10_000}, {"id": other, "amount_fen": 50_000}))
    assert found.engines["native"] == 1
    fund = found.postings.filter(pa.compute.equal(found.postings["kind"], "fund"))
    assert fund["event"].to_pylist() == (["e10"] if first == "e2" else ["e2"]) or len(fund) == 2
    cash = found.postings.filter(pa.compute.equal(found.postings["kind"], "cash"))
    assert cash["event"].to_pylist() == ["e2", "e10"]


def test_seq_comes_before_ids_and_phases_before_both() -> None:
    found = run(rows(
        {"id": "e1", "seq": 2}, {"id": "e2", "seq": 1, "amount_fen": 20_000},
        {"id": "o", "seq": 9, "kind": "credit", "name": "current", "amount_fen": 4_000},
    ))  # fmt: skip
    assert found.engines["native"] == 1
    assert found.postings["event"].to_pylist()[0] == "o"


def test_two_bills_that_nothing_orders_are_refused() -> None:
    found = run(rows({"amount_fen": 10_000}, {"amount_fen": 20_000}))
    assert found.engines["reference"] == 1
    assert found.refused["code"].to_pylist() == ["YB432"]


def test_two_that_say_the_same_are_two() -> None:
    found = run(rows({}, {}))
    assert found.engines["native"] == 1
    assert found.balances["total_fund_fen"].to_pylist() == [10_000 + 15_000]


def test_an_id_that_is_said_twice() -> None:
    found = run(rows({"id": "e1"}, {"id": "e1"}, {"id": "e2", "date": date(2024, 2, 2)}))
    assert found.engines["reference"] == 1
    assert found.balances["total_fund_fen"].to_pylist() == [10_000 + 15_000]


def test_accounts_that_come_back() -> None:
    events = rows({"account": "8"}, {"account": "7"}, {"account": "8", "date": LAST})
    with pytest.raises(Refusal, match="YB475"):
        run(events)
    found = run(events, sort=True)
    assert found.balances["account"].to_pylist() == ["7", "8"]


# ── what is left to the reference engine ──


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "fact", "name": None, "amount_fen": None, "facts": "age = 70"},
        {"kind": "fact", "name": None, "amount_fen": None, "facts": "nothing"},
        {"kind": "fact", "name": None, "amount_fen": None, "facts": "active", "level": "primary"},
        {"kind": "void", "name": None, "amount_fen": None, "target": "e9"},
        {"facts": "emergency = 3"}, {"lines": "essential_drug=300.01"}, {"lines": "drugs"},
        {"kind": "closing", "name": "death"}, {"kind": "closing", "name": "nothing"},
        {"name": "nothing"}, {"kind": "nothing"}, {"amount_fen": -1}, {"amount_fen": None},
        {"kind": "credit", "name": "current", "level": "primary"},
        {"date": date(2023, 12, 31)}, {"date": date(1899, 12, 31)}, {"date": date(2201, 1, 1)},
        {"amount_fen": 1 << 41}, {"kind": "adjust", "name": "current", "amount_fen": -(1 << 41)},
        {"kind": "moves", "name": "上海", "amount_fen": None}, {"seq": -1}, {"id": "e 2"},
        {"because": "a\u200bb"},
    ],
)  # fmt: skip
def test_one_account_goes_to_the_reference_engine(event: Mapping[str, Any]) -> None:
    found = run(rows({"id": "e1", "account": "6"}, {"id": "e1"}, {"id": "e2", **event},
                     {"id": "e1", "account": "8"}))  # fmt: skip
    assert found.engines == {"native": 2, "reference": 1}
    told = {row["account"]: row["engine"] for row in found.balances.to_pylist()}
    assert told.get("7", "reference") == "reference"
    assert told["6"] == told["8"] == "native"


def test_sums_beyond_the_bounds_are_exact() -> None:
    many = [
        {"kind": "credit", "name": "current", "amount_fen": (1 << 40) - 1, "id": f"c{index}",
         "date": FIRST + timedelta(index)}
        for index in range(40)
    ]  # fmt: skip
    found = run(rows(*many))
    assert found.engines["reference"] == 1
    total = found.balances["balance_fen"].to_pylist()[0]
    assert total > 40 * ((1 << 40) - 1) > 1 << 45


def test_what_is_after_the_last_day_is_not_run() -> None:
    found = run(rows({"id": "e1"}, {"id": "e2", "date": LAST + timedelta(1)}))
    assert found.engines["native"] == 1
    assert found.balances["total_fund_fen"].to_pylist() == [10_000]


def void(target: str, **more: Any) -> dict[str, Any]:
    """A void of an event."""
    return {"kind": "void", "name": None, "amount_fen": None, "target": target} | more


@pytest.mark.parametrize(
    ("more", "native"),
    [
        ([void("e1", id="v")], True), ([void("e1", id="v", date=date(2024, 3, 1))], True),
        ([void("e1"), void("e2", date=date(2025, 3, 1))], True),
        ([void("e1", id="v"), void("v", id="w")], False),
        ([void("e1", id="v"), void("e1", id="w")], False),
        ([void("e9")], False), ([void("e1", amount_fen=1)], False), ([void(" e1 ")], True),
        ([void("e1", date=LAST + timedelta(9))], True),
        ([void("f"), {"kind": "fact", "facts": "active", "name": None, "amount_fen": None,
                      "id": "f"}], True),
    ],
)  # fmt: skip
def test_voids(more: list[dict[str, Any]], native: bool) -> None:
    found = run(rows({"id": "e1"}, {"id": "e2", "date": date(2024, 2, 2)}, OPENING, *more))
    assert found.engines["native"] == native


def replace(target: str, instead: str, **more: Any) -> dict[str, Any]:
    """A replacement of an event."""
    return void(target, kind="replace", instead=instead) | more


SMALLER = '{"kind": "bill", "name": "门诊", "amount": "120.00"}'


@pytest.mark.parametrize(
    ("more", "native"),
    [
        ([replace("e1", SMALLER)], True),
        ([replace("e1", SMALLER, id="r"), replace("e2", SMALLER, date=date(2024, 5, 1))], True),
        ([replace("e1", '{"kind": "credit", "name": "current", "amount": 3}')], True),
        ([replace("e1", '{"kind": "closing", "name": "death"}')], True),
        ([replace("e1", '{"kind": "fact", "facts": "retired"}')], True),
        ([replace("e1", '{"kind": "bill", "name": "outpatient", "amount": 9, "relation": "spouse",'
                        ' "level": "primary", "eligible": 8, "lines": "drugs=1"}')], True),
        ([replace("e1", SMALLER), void("e2")], True),
        ([replace("e1", SMALLER), void("e1")], False),
        ([replace("e1", SMALLER, id="r"), void("r")], False), ([replace("e9", SMALLER)], False),
        ([replace("e1", "{}")], False), ([replace("e1", "[]")], False),
        ([replace("e1", '{"kind": "moves", "name": "甲市"}')], False),
        ([replace("e1", SMALLER, date=date(2024, 1, 9), amount_fen=1)], False),
    ],
)  # fmt: skip
def test_replaced(more: list[dict[str, Any]], native: bool) -> None:
    text = RULES + "on death close to heirs"
    found = run(rows({"id": "e1"}, {"id": "e2", "date": date(2024, 2, 2)}, OPENING, *more,
                     {"account": "8", "id": "e1"}), text)  # fmt: skip
    assert found.engines["native"] == native + 1


# ── people and regions ──


TWO = """
region 甲市
cover 50% of outpatient
retired credit 10元 monthly on day 5
active credit none
region 乙市 under 甲市
retired cover 70% of outpatient
active cover 60% of outpatient
year from 07-01
"""


def test_each_region_has_its_rules() -> None:
    text = "allow outpatient for self\ndraw current, rest to cash" + TWO
    people = pa.table({
        "account": ["1", "2", "3", "5", "6", "7"],
        "region": ["乙市", "甲市", "乙市", None, "丙市", "乙市"],
        "人员类别": ["retired", "退休", "active", "active", "active", "nothing"],
    })  # fmt: skip
    events = rows(*({"account": name, "id": "e1"} for name in ("3", "1", "2", "4", "6", "7")))
    found = run(events, text, people, region="甲市", as_listed=False)
    assert found.balances["account"].to_pylist() == ["3", "1", "2", "5"]
    assert found.engines == {"native": 4, "reference": 3}
    refused = {row["account"]: row["code"] for row in found.refused.to_pylist()}
    assert refused == {"4": "YB111", "6": "YB102", "7": "YB101"}


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"account": ["1", "1"]}, "YB476"), ({"status": ["active"]}, "YB461"),
        ({"account": ["1"], "nothing": ["2"]}, "YB460"),
        ({"account": ["1"], "status": ["active"], "人员类别": ["active"]}, "YB464"),
    ],
)  # fmt: skip
def test_people_that_cannot_be_read(columns: dict[str, list[str]], code: str) -> None:
    with pytest.raises(Refusal, match=code):
        run(rows({}), people=pa.table(columns))


def test_events_that_cannot_be_read() -> None:
    for columns, code in (
        ({"account": ["1"], "kind": ["bill"]}, "YB461"),
        ({"account": ["1"], "kind": ["bill"], "date": [FIRST], "when": [1]}, "YB460"),
        ({"account": ["1"], "kind": ["bill"], "date": [1.5]}, "YB474"),
        ({"account": [1], "kind": ["bill"], "date": [FIRST]}, "YB474"),
    ):
        with pytest.raises(Refusal, match=code):
            run(pa.table(columns))
    with pytest.raises(TypeError, match="list"):
        run([])
    with pytest.raises(ValueError, match="engine"):
        run(rows({}), engine="fast")
    with pytest.raises(ValueError, match="before"):
        ledgers(read(RULES), None, rows({}), first=LAST, last=FIRST)


def test_nobody_and_nothing() -> None:
    found = run(rows())
    assert found.engines == {"native": 0, "reference": 0} and found.balances.num_rows == 0
    people = pa.table({"account": ["1", "2"], "status": ["retired", None]})
    text = RULES + "retired credit 10元 monthly on day 5\nactive credit none"
    found = run(rows(), text, people, as_listed=False)
    assert found.engines["native"] == 2
    assert found.balances["total_credit_fen"].to_pylist() == [24_000, 0]
    assert set(found.refused["code"].to_pylist()) == {"YB401"}


class Stream:
    """What other libraries give: a stream of batches, and nothing else."""

    def __init__(self, table: Any, rows: int) -> None:
        self.table = table
        self.rows = rows

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        batches = self.table.to_batches(max_chunksize=self.rows)
        reader = pa.RecordBatchReader.from_batches(self.table.schema, batches)
        return reader.__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize("text", [
    pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string()),
    pa.dictionary(pa.uint32(), pa.large_string()),
])  # fmt: skip
def test_streams_of_other_libraries(text: Any) -> None:
    table = rows(
        {"account": "a", "id": "e1", "level": "primary"}, {"account": "a", "id": "e2", "seq": 1},
        {"account": "b", "id": "e1", **OPENING}, {"account": "b", "id": "e2", "level": "三级"},
        {"account": "c", "id": "e1", "because": "补记"},
    )  # fmt: skip
    kinds = {"seq": pa.uint16(), "amount_fen": pa.uint32()}
    other = {name: table.column(name).cast(
                 text if pa.types.is_string(table.schema.field(name).type)
                 else kinds.get(name, table.schema.field(name).type))
             for name in table.column_names}  # fmt: skip
    whole = run(table)
    assert whole.engines["native"] == 3
    same(whole, run(Stream(pa.table(other), 2)))


# ── any split gives the same bytes ──


def many_rows(accounts: int) -> Any:
    """Accounts of the benchmark."""
    found = []
    for account in range(accounts):
        for seq, raw in enumerate(_accounts.raw_events(account)):
            bill = {"kind": "bill", "name": "inpatient", "level": _accounts.LEVELS[raw.level]}
            credit = {"kind": "credit", "name": "current"}
            found.append({
                "account": f"{account:04}", "id": f"e{seq}", "date": date.fromordinal(raw.day),
                "seq": seq, "amount_fen": raw.fen, **(bill if raw.level else credit),
            })  # fmt: skip
    return rows(*found)


def test_any_split_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    book, events = read(_accounts.RULES), many_rows(60)
    how: dict[str, Any] = {
        "first": _accounts.FIRST, "last": _accounts.LAST, "region": _accounts.REGION,
        "as_listed": True, "postings": True, "years": True,
    }  # fmt: skip
    whole = ledgers(book, None, events, threads=1, **how)
    assert whole.engines == {"native": 60, "reference": 0}
    for block in (1, 70, 500):
        monkeypatch.setattr(ledger_native, "BLOCK_EVENTS", block)
        again = ledgers(book, None, events, threads=2, **how)
        same(whole, again)
    expected = [_accounts.by_hand(_accounts.raw_events(account)) for account in range(60)]
    names = "current_fen", "carried_fen", "total_cash_fen", "total_fund_fen"
    columns = [whole.balances[name].to_pylist() for name in names]
    assert list(zip(*columns, strict=True)) == [tuple(each) for each in expected]


# ── what the rules say that has no native form ──


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("cover 50% of drugs then 大额 own_rate counting cost", "further fund"),
        (
            "since 2024-03-01\n"
            "phases carrying then paying then crediting, adjusting then earning then ending",
            "order",
        ),
    ],
)
def test_rules_without_a_native_form_name_their_sentence(rule: str, words: str) -> None:
    text = RULES + f"input own_rate: rate\n{rule}\nallow drugs for self\n"
    events = rows({"id": "e1", "name": "drugs"})
    with pytest.raises(Refusal, match=words) as caught:
        ledgers(read(text), None, events, first=FIRST, last=LAST, region="甲市")
    (why,) = caught.value.diagnostics
    assert why.code == "YB480" and why.place is not None
    assert why.place.source.text[slice(*why.place.span)] in rule
    found = ledgers(
        read(text), None, events, first=FIRST, last=LAST, region="甲市", engine="reference"
    )
    assert found.engines == {"native": 0, "reference": 1}


def test_a_clause_that_leaves_something_open_refuses_the_bill() -> None:
    text = RULES.replace(
        "cover 50% of outpatient above 100元 per year",
        "cover 50% of outpatient at primary, tertiary above 100元 per year",
    )
    found = run(rows({"id": "e1", "level": "primary"}, {**OPENING, "id": "o"}), text)
    assert found.engines["native"] == 1
    assert found.refused["code"].to_pylist() == ["YB431"]
