"""From rows to events: what every column may hold, and what is said of all else."""

import json
from datetime import date
from pathlib import Path

import pytest

from yibaolang.engine.cells import fen_of_cell, yuan
from yibaolang.engine.event_columns import COLUMNS, COMMON, NAMES, USES
from yibaolang.engine.event_schema import EventSchema
from yibaolang.engine.events import KINDS, BillLine, Event, EventFact, Heir
from yibaolang.engine.happenings import events_of
from yibaolang.engine.rulebook import read
from yibaolang.language.diagnostics import Refusal

RULES = """
region \u7532 | jia
since 2024-01-01 as "month after"
retired credit 100\u5143 monthly on day 20
region \u4e59 under \u7532
"""
BOOK = read(RULES).book
SCHEMA = EventSchema(BOOK)
ROW = {"account": "007", "date": "2024-01-09"}
BILL = {**ROW, "kind": "bill", "name": "outpatient", "amount": "860.50"}


def event(row: dict[str, str]) -> Event:
    return SCHEMA.event(row)[1]


def code(row: dict[str, str]) -> str:
    """The code and the arguments of what is wrong with a row."""
    with pytest.raises(Refusal) as caught:
        SCHEMA.event(row)
    (problem,) = caught.value.diagnostics
    return problem.code


# ── events of files are those of sentences ──

HAPPENINGS = [
    (
        {"kind": "opening", "name": "carried", "amount": "3000"},
        "opening carried 3000\u5143",
    ),
    ({"kind": "bill", "name": "\u95e8\u8bca", "amount": "860.5"}, "outpatient 860.50\u5143"),
    (
        {
            "kind": "bill", "name": "outpatient", "amount_fen": "86050", "level": "\u4e8c\u7ea7",
            "eligible": "800", "lines": "essential_drug=200.00; drugs = 60",
            "facts": "emergency, stay_days = 100", "relation": "\u914d\u5076",
            "member": "\u674e\u56db",
        },
        "outpatient 860.50\u5143 at secondary for spouse \u674e\u56db eligible 800\u5143 including "
        "essential_drug 200\u5143, drugs 60\u5143 with emergency, stay_days = 100",
    ),
    ({"kind": "credit", "name": "\u5f53\u5e74", "amount": "100.00"}, "credit 100\u5143 to current"),
    ({"kind": "credit", "amount": "0.01"}, "credit 0.01\u5143"),
    ({"kind": "adjust", "name": "current", "amount": "-300"}, "adjust 300\u5143 from current"),
    ({"kind": "adjust", "name": "current", "amount_fen": "2000"}, "adjust 20\u5143 to current"),
    ({"kind": "repaid", "amount": "100"}, "repaid 100\u5143"),
    ({"kind": "fact", "facts": "retired"}, "retired"),
    ({"kind": "fact", "facts": "not emergency"}, "not emergency"),
    (
        {"kind": "fact", "facts": "\u7f34\u8d39\u57fa\u6570=4000\u5143"},
        "contribution_base = 4000\u5143",
    ),
    (
        {"kind": "fact", "facts": "pooled", "relation": "spouse", "member": "\u674e\u56db"},
        "pooled for spouse \u674e\u56db",
    ),
    ({"kind": "moves", "name": "jia"}, "moves to \u7532"),
    (
        {
            "kind": "closing", "name": "\u6b7b\u4ea1", "heirs": "\u674e\u56db=2/4;\u738b\u4e94=1/2",
            "documents": "a; b;",
        },
        'death to \u674e\u56db 1/2, \u738b\u4e94 1/2 showing "a", "b"',
    ),
    (
        {"kind": "closing", "name": "death", "heirs": "\u674e\u56db;\u738b\u4e94"},
        "death to \u674e\u56db, \u738b\u4e94",
    ),
    ({"kind": "void", "target": "e3"}, "void ^e3"),
    (
        {
            "kind": "replace", "target": "e2",
            "instead": '{"kind": "bill", "name": "drugs", "amount": 500.00, "level": "primary"}',
        },
        "replace ^e2 with drugs 500\u5143 at primary",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "sentence"), HAPPENINGS, ids=lambda each: str(each)[:30])
def test_a_row_is_the_event_of_a_sentence(cells: dict[str, str], sentence: str) -> None:
    line = f"2024-01-09 ^e1 {sentence} effective 2024-01-02"
    book = read(
        f"{RULES}person \u5f20\u4e09: male\nledger \u5f20\u4e09 from 2024-01-01\n{line}"
    ).book
    (said,) = events_of(book, book.ledgers[0].events)
    account, found = EventSchema(book).event(
        {**ROW, "id": "e1", "effective": "2024-01-02", **cells}
    )
    assert account == "007"
    assert found.content() == said.content()


def test_what_all_kinds_have() -> None:
    found = event({**BILL, "id": "e-1_A", "seq": "12", "because": "\u8865\u8bb0"})
    assert (found.id, found.seq, found.because) == ("e-1_A", 12, "\u8865\u8bb0")
    assert found.booked == found.effective == date(2024, 1, 9)
    assert event({**BILL, "effective": ""}).effective == date(2024, 1, 9)


def test_what_replaces_keeps_the_days() -> None:
    row = {**ROW, "kind": "replace", "target": "e2", "effective": "2024-01-02", "id": "e5"}
    found = event({**row, "instead": '{"kind": "credit", "amount_fen": 5}'}).instead
    assert found == Event("credit", date(2024, 1, 2), date(2024, 1, 9), amount_fen=5)


def test_several_facts_begin_on_a_day() -> None:
    found = event({**ROW, "kind": "fact", "facts": "\u9000\u4f11\uff0cpension = 6000\u5143"})
    assert found.facts == (EventFact("status", "retired"), EventFact("pension", 600000))


def test_every_kind_has_its_columns() -> None:
    assert tuple(USES) == KINDS
    assert {each for uses in USES.values() for group in uses for each in group} == set(NAMES) - {
        *COMMON, "amount_fen",
    }  # fmt: skip
    for column in COLUMNS:
        assert column.meaning and column.example


# ── what does not fit ──


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"amount": "860.505"}, "YB218"),
        ({"amount": "1" + "0" * 15}, "YB015"),
        ({"amount": "9" * 5000}, "YB015"),
        ({"amount": "-1"}, "YB465"),
        ({"amount": "+1"}, "YB465"),
        ({"amount": "1e3"}, "YB465"),
        ({"amount": "1,000"}, "YB465"),
        ({"amount": "1_000"}, "YB465"),
        ({"amount": ".5"}, "YB465"),
        ({"amount": "5."}, "YB465"),
        ({"amount": "860\u5143"}, "YB465"),
        ({"amount": "\uff18\uff16\uff10"}, "YB465"),
        ({"amount": "\u0668\u0666\u0660"}, "YB465"),
        ({"amount": "NaN"}, "YB465"),
        ({"amount": "860 "}, "YB465"),
        ({"amount": ""}, "YB462"),
        ({"amount": "", "amount_fen": "1.5"}, "YB465"),
        ({"amount": "", "amount_fen": "\uff11"}, "YB465"),
        ({"amount": "", "amount_fen": "9" * 18}, "YB015"),
        ({"amount_fen": "86050"}, "YB477"),
        ({"eligible": "860.51"}, "YB451"),
        ({"eligible": "-1"}, "YB465"),
        ({"lines": "essential_drug=861"}, "YB451"),
        ({"lines": "essential_drug"}, "YB465"),
        ({"lines": "essential_drug=1;;"}, "YB465"),
        ({"lines": "essential_drag=1"}, "YB101"),
        ({"lines": "primary=1"}, "YB109"),
        ({"name": "outpatients"}, "YB101"),
        ({"name": "primary"}, "YB109"),
        ({"name": ""}, "YB462"),
        ({"level": "spouse"}, "YB202"),
        ({"level": "\u4e94\u7ea7"}, "YB101"),
        ({"relation": "primary"}, "YB202"),
        ({"member": "\u674e\u202e\u56db"}, "YB004"),
        ({"member": "\u674e\n\u56db"}, "YB004"),
        ({"because": "a\x1bb"}, "YB004"),
        ({"account": "a\u200b"}, "YB004"),
        ({"account": "0" * 129}, "YB465"),
        ({"account": ""}, "YB462"),
        ({"id": "^e1"}, "YB465"),
        ({"id": "e" * 65}, "YB465"),
        ({"id": "\uff45\uff11"}, "YB465"),
        ({"seq": "1.0"}, "YB465"),
        ({"seq": "-1"}, "YB465"),
        ({"seq": "1" * 16}, "YB015"),
        ({"date": "2024-02-30"}, "YB014"),
        ({"date": "1899-12-31"}, "YB014"),
        ({"date": "2201-01-01"}, "YB014"),
        ({"date": "0000-01-01"}, "YB014"),
        ({"date": "2024-1-9"}, "YB465"),
        ({"date": "2024-01"}, "YB465"),
        ({"date": "\uff12024-01-09"}, "YB465"),
        ({"date": "2024-01-09T00:00:00"}, "YB465"),
        ({"effective": "20240109"}, "YB465"),
        ({"kind": "Bill"}, "YB479"),
        ({"kind": ""}, "YB462"),
        ({"version": "month after"}, "YB463"),
        ({"heirs": "\u674e\u56db"}, "YB463"),
        ({"note": "x"}, "YB460"),
        ({"facts": "emergency since 2024-01-01"}, "YB465"),
        ({"facts": "emergency,"}, "YB465"),
        ({"facts": "emergency, \u6025\u8bca"}, "YB423"),
        ({"facts": "emergencies"}, "YB101"),
        ({"facts": "stay_days"}, "YB426"),
        ({"facts": "pension = 6000"}, "YB202"),
        ({"facts": "pension = 6000000\u5143"}, "YB422"),
        ({"facts": "pension = 0.005\u5143"}, "YB218"),
        ({"facts": "\u7532"}, "YB101"),
        ({"facts": "emergency; retired"}, "YB009"),
    ],
)  # fmt: skip
def test_a_bill_that_does_not_fit(cells: dict[str, str], expected: str) -> None:
    assert code({**BILL, **cells}) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"kind": "opening", "name": "outpatient", "amount": "1"}, "YB109"),
        ({"kind": "opening", "amount": "-1"}, "YB465"),
        ({"kind": "repaid", "amount": "1", "name": "current"}, "YB463"),
        ({"kind": "adjust", "amount": "--1"}, "YB465"),
        ({"kind": "fact", "facts": ""}, "YB462"),
        ({"kind": "fact", "name": "retired"}, "YB463"),
        ({"kind": "moves", "name": "\u7532\u7532"}, "YB102"),
        ({"kind": "moves", "name": "\u7532", "version": "x"}, "YB478"),
        ({"kind": "closing", "name": "retired"}, "YB202"),
        ({"kind": "closing", "name": "death", "heirs": "\u674e\u56db=1/0"}, "YB465"),
        ({"kind": "closing", "name": "death", "heirs": "\u674e\u56db=0"}, "YB465"),
        ({"kind": "closing", "name": "death", "heirs": "\u674e\u56db=-1"}, "YB465"),
        ({"kind": "closing", "name": "death", "heirs": "\u674e\u56db=1/2;\u738b\u4e94"}, "YB465"),
        ({"kind": "closing", "name": "death", "heirs": "=1"}, "YB465"),
        ({"kind": "closing", "name": "death", "documents": ";"}, "YB465"),
        ({"kind": "void"}, "YB462"),
        ({"kind": "void", "target": "e 1"}, "YB465"),
        ({"kind": "void", "target": "e1", "instead": "{}"}, "YB463"),
        ({"kind": "replace", "target": "e1"}, "YB462"),
        ({"kind": "replace", "target": "e1", "instead": "[]"}, "YB465"),
        ({"kind": "replace", "target": "e1", "instead": "{"}, "YB465"),
        ({"kind": "replace", "target": "e1", "instead": "[" * 100_000}, "YB465"),
        ({"kind": "replace", "target": "e1", "instead": '{"kind": "void"}'}, "YB479"),
        ({"kind": "replace", "target": "e1", "instead": '{"kind": ["bill"]}'}, "YB465"),
        ({"kind": "replace", "target": "e1", "instead": '{"kind": "bill", "id": "e2"}'}, "YB460"),
        ({"kind": "replace", "target": "e1", "instead": '{"kind": "bill", "x": "1"}'}, "YB460"),
        (
            {"kind": "replace", "target": "e1", "instead": '{"kind": "credit", "kind": "bill"}'},
            "YB465",
        ),
        (
            {"kind": "replace", "target": "e1", "instead": '{"kind": "credit", "amount": 1.005}'},
            "YB218",
        ),
    ],
)
def test_another_event_that_does_not_fit(cells: dict[str, str], expected: str) -> None:
    assert code({**ROW, **cells}) == expected


def test_a_version_of_a_region_above_is_known() -> None:
    found = event({**ROW, "kind": "moves", "name": "\u4e59", "version": "month after"})
    assert (found.name, found.version) == ("\u4e59", "month after")


def test_amounts_are_exact() -> None:
    most = "9" * 15 + ".99"
    assert fen_of_cell(most, "amount") == 10**17 - 1
    assert yuan(10**17 - 1) == most
    for fen in (0, 1, -1, 99, 100, -100, 86050):
        assert fen_of_cell(yuan(fen), "amount", signed=True) == fen


def test_lines_and_heirs() -> None:
    found = event({**BILL, "lines": "essential_drug=0.01"})
    assert found.lines == (BillLine("essential_drug", 1),)
    closing = event({**ROW, "kind": "closing", "name": "death", "heirs": "a=2;b=1"})
    assert closing.heirs == (Heir("a", 2, 1), Heir("b", 1, 1))


def test_the_page_has_every_column() -> None:
    page = (Path(__file__).parents[2] / "docs" / "events.md").read_text("utf-8")
    for column in COLUMNS:
        assert f"| `{column.name}` | {column.meaning} | `{column.example}` |" in page
    for kind, (needed, more) in USES.items():
        cells = [", ".join(f"`{each}`" for each in group) for group in (needed, more)]
        assert f"| `{kind}` | {cells[0]} | {cells[1]} |" in page
    assert json.loads(COLUMNS[NAMES.index("instead")].example)["kind"] == "bill"
