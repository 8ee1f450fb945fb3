"""`--explain`: what native code says of a person, and what the reference engine gives reasons for.

People are made up, of regions of the library; what `--out` has of them is what is explained.
"""

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Yibao
from yibaolang import load
from yibaolang.cli import populating_accounting
from yibaolang.engine.asked import moment_of
from yibaolang.engine.row_files import records
from yibaolang.model.entries import BASE
from yibaolang.population.files import people_form
from yibaolang.population.files_person import Reader

REGIONS = ("济南", "武汉", "北京", "上海", "苏州", "厦门", "成都", "广州")
SPAN = ("--from", "2024-05", "--to", "2024-06")
YEAR = ("--from", "2024-01-01", "--to", "2024-12-31")


def column(path: Path, name: str) -> dict[str, str]:
    """A column of a written CSV by account."""
    with path.open(encoding="utf-8") as file:
        next(file)
        return {row["account"]: row[name] for row in csv.DictReader(file)}


@pytest.mark.parametrize("region", REGIONS)
def test_everybody_is_explained_as_they_were_counted(
    yibao: Yibao, folder: Path, region: str
) -> None:
    assert yibao("synthesize", "--count", "40", "--in", region, "--out", "made").code == 0
    run = ("population", "made/rules.yb", "--people", "made/people.csv", *SPAN,
           "--figure", "credit,age")  # fmt: skip
    assert yibao(*run, "--out", "all.csv").code == 0
    values = column(folder / "all.csv", "credit_2024-06_fen")
    refused = column(folder / "all.csv", "credit_2024-06_refused")
    # What one refused person and one with a value are told by the command.
    some = {bool(refused[account]): account for account in values}
    for account in some.values():
        shown = yibao(*run, "--explain", account)
        assert "fault" not in shown.err
        assert shown.out.count(", the same") == 4
        assert shown.code == (1 if refused[account] else 0) or "YB4" in shown.out
    # Everybody's reasons, of the same engine and in the same way.
    rules = load("made/rules.yb")
    reader = Reader(rules, (BASE, ""))
    for record in records("made/people.csv", people_form(rules.book)):
        facts, place, version = reader.person(record.cells)
        result = rules.ask("credit", moment_of("2024-06"), facts, place, version)
        account = record.cells["account"]
        if result.refused:
            assert (refused[account], values[account]) == (result.refused[0].code, "")
        else:
            assert (refused[account], values[account]) == ("", str(result.fen))
            shown_value = str(result.reason("en", account).value)
            assert shown_value == f"{result.fen // 100}.{result.fen % 100:02}元"


@pytest.mark.parametrize("region", ["济南", "厦门"])
def test_accounts_are_explained_as_they_were_run(yibao: Yibao, folder: Path, region: str) -> None:
    assert yibao("synthesize", "--count", "9", "--in", region, "--out", "made").code == 0
    run = ("population", "made/rules.yb", "--people", "made/people.csv", "--events",
           "made/events.csv", *YEAR)  # fmt: skip
    yibao(*run, "--out", "ledgers")
    balances = column(folder / "ledgers/balances.csv", "balance_fen")
    for account in ("0000000001", "0000000004"):
        told = json.loads(yibao(*run, "--explain", account, "--json").out)
        assert str(told["balance_fen"]) == balances[account]
        assert told["native_the_same"] is True
    shown = yibao(*run, "--explain", account)
    assert shown.out.splitlines()[-1].startswith("native code: the same balances")
    assert shown.code == (0 if region == "济南" else 1)


RULES = """region 甲市
active credit 100元 monthly on day 10
allow outpatient for self
draw current then carried, rest to cash
cover 50% of outpatient
"""
EVENTS = """# yibao events 1
account,date,kind,name,amount
1,2024-03-05,bill,outpatient,90.00
1,2024-04-05,bill,inpatient,9000.00
"""


@pytest.fixture
def files(folder: Path) -> tuple[str, ...]:
    (folder / "rules.yb").write_text(RULES, "utf-8")
    people = "account,region,人员类别\n1,甲市,在职\n2,甲市,在职\n"
    (folder / "people.csv").write_text(people, "utf-8")
    (folder / "events.csv").write_text(EVENTS, "utf-8")
    return ("population", "rules.yb", "--people", "people.csv", "--events", "events.csv",
            "--from", "2024-01", "--to", "2024-06")  # fmt: skip


def test_an_account_has_its_bills_its_refusals_and_its_change(
    yibao: Yibao, files: tuple[str, ...]
) -> None:
    done = yibao(*files, "--explain", "1", "--lang", "zh")
    assert done.code == 1
    lines = done.out.splitlines()
    assert lines[0] == "2024-03-05 门诊 90.00元 = 统筹基金 45.00元 · 当年 45.00元"
    assert "  报销门诊的50%  (rules.yb:5:1)" in lines
    assert "2024-04-05 住院 9000.00元：没有一条 报销住院 规则适用于此人" in lines
    assert lines[-1] == "本机代码：余额、累计、被拒与8 条分录一致"
    other = yibao(*files, "--explain", "2")
    assert (other.code, other.err) == (0, "")
    assert "  credit (6 × 100.00元) = +600.00元" in other.out.splitlines()
    alone = yibao(*files, "--explain", "2", "--engine", "reference")
    assert alone.out.splitlines()[-1] == "by the reference engine alone"
    nobody = yibao(*files, "--explain", "3")
    assert (nobody.code, nobody.err) == (1, "yibao: people.csv has no account 3\n")
    for more in (("--out", "a"), ("--what", "balances"), ("--format", "csv")):
        assert yibao(*files, "--explain", "1", *more).code == 2


def test_years_are_a_table_of_both_engines(
    yibao: Yibao, folder: Path, files: tuple[str, ...]
) -> None:
    run = (*files[:-4], "--from", "2023-11", "--to", "2024-06", "--what", "years", "--out")
    assert [yibao(*run, name, "--engine", name).code for name in ("native", "reference")] == [1, 1]
    one, other = ((folder / name / "years.csv").read_text("utf-8") for name in
                  ("native", "reference"))  # fmt: skip
    assert one == other
    lines = [line.split(",") for line in one.splitlines()[1:]]
    at = [lines[0].index(name) for name in ("account", "last", "balance_fen", "total_draw_fen")]
    assert [[line[each] for each in at] for line in lines[1:]] == [
        ["1", "2023-12-31", "20000", "0"], ["1", "2024-06-30", "75500", "4500"],
        ["2", "2023-12-31", "20000", "0"], ["2", "2024-06-30", "80000", "0"],
    ]  # fmt: skip


def test_engines_that_differ_over_an_account_are_a_loud_fault(
    yibao: Yibao, files: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(populating_accounting, "_first_difference", lambda _: "balances 7")
    done = yibao(*files, "--explain", "2")
    assert done.code == 1
    assert "native code says balances 7, the reference engine 60000: this is a fault" in done.err
