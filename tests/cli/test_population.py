"""`yibao population`: what it prints and writes, on both engines, with and without packages."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyarrow
import pytest
from attrs import frozen
from pyarrow import parquet

from tests.cli.conftest import ROOT, Done, Yibao
from yibaolang import read
from yibaolang.population import files_csv, files_events
from yibaolang.population.files import people_blocks

RULES = """region 甲市
active credit 2% of contribution_base monthly on day 10
retired and age < 70 credit 80元 monthly on day 10
retired and age >= 70 credit 2.5% of pension monthly on day 10
region 乙市 under 甲市
"""
OTHER = RULES.replace("2%", "2.2%").replace("80元", "75元")
HEADER = "account,region,sex,status,birth,contribution_base,pension\n"
PEOPLE = HEADER + """1,甲市,男,active,1990-02-28,6500.55,
2,甲市,female,退休,1950-06-30,,3000.00
3,乙市,male,retired,1960-01-01,,4000
4,,female,active,1985-12-31,8000,
5,乙市,female,retired,1949-01-01,,
6,甲市,,resident,1999-01-01,,
"""
BAD = HEADER + """1,甲市,男,active,1990-02-28,6500.55,
2,甲市,female,retired,1950-02-30,,3000.00
3,东京,male,retired,1960-01-01,,4000
4,甲市,male,retired,1960-01-01,,4000,9

,甲市,male,retired,1960-01-01,,4000
"6",甲市,male,active,1985-01-01,x,
7,甲市,male,active,1985-01-01,5000,
"""
ON = ("--on", "2024-06", "--in", "甲市")
AMOUNTS = ["13001", "7500", "8000", "16000", "", ""]
CODES = ["", "", "", "", "YB401", "YB402"]
WITHOUT = {"without llvmlite": ("llvmlite",), "without pyarrow": ("llvmlite", "pyarrow", "numpy")}


@pytest.fixture
def files(folder: Path) -> Path:
    """A folder with rules and people."""
    for name, text in (
        ("rules.yb", RULES), ("other.yb", OTHER), ("people.csv", PEOPLE), ("bad.csv", BAD),
    ):  # fmt: skip
        (folder / name).write_text(text, "utf-8")
    return folder


def hide(monkeypatch: pytest.MonkeyPatch, packages: tuple[str, ...]) -> None:
    """Make packages as if they were not installed."""
    for name in [*sys.modules]:
        if name.partition(".")[0] in packages:
            monkeypatch.delitem(sys.modules, name)
    for name in packages:
        monkeypatch.setitem(sys.modules, name, None)


def rows_of(path: Path) -> list[list[str]]:
    """The rows of a written CSV below its schema and header."""
    return [line.split(",") for line in path.read_text("utf-8").splitlines()[2:]]


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_a_row_for_each_person_in_their_order(yibao: Yibao, files: Path, engine: str) -> None:
    done = yibao("population", "rules.yb", "--people", "people.csv", *ON, "--out", "credit.csv",
                 "--engine", engine)  # fmt: skip
    assert (done.code, done.err) == (0, "")
    assert (files / "credit.csv").read_text("utf-8").splitlines()[:2] == [
        "# yibao population 1", "account,credit_fen,credit_refused",
    ]  # fmt: skip
    assert rows_of(files / "credit.csv") == [
        list(each) for each in zip("123456", AMOUNTS, CODES, strict=True)
    ]
    lines = done.out.splitlines()
    assert [each.split() for each in lines[2:5]] == [
        ["甲市", "4", "1", "365.01元", "121.67元"], ["乙市", "2", "1", "80.00元", "80.00元"],
        ["all", "6", "2", "445.01元", "111.2525元"],
    ]  # fmt: skip
    assert lines[-2:] == ["6 persons", "credit.csv: 6 rows"]


@pytest.mark.parametrize("packages", WITHOUT.values(), ids=WITHOUT)
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_the_same_bytes_without_the_extra(
    yibao: Yibao, files: Path, monkeypatch: pytest.MonkeyPatch, packages: tuple[str, ...], kind: str
) -> None:
    asked = ("population", "rules.yb", "--people", "people.csv", *ON, "--figure", "credit,deduct")
    with_all = yibao(*asked, "--out", f"one.{kind}")
    hide(monkeypatch, packages)
    without = yibao(*asked, "--out", f"two.{kind}")
    assert (without.code, with_all.err) == (0, "")
    assert without.err == (
        "yibao: run by the reference engine; native code is many times faster: "
        "pip install 'yibaolang[native]'\n"
    )
    assert without.out == with_all.out.replace("one.", "two.")
    assert (files / f"one.{kind}").read_bytes() == (files / f"two.{kind}").read_bytes()


def test_native_code_that_is_demanded_and_missing_is_refused(
    yibao: Yibao, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(monkeypatch, ("llvmlite",))
    asked = ("population", "rules.yb", "--people", "people.csv", *ON, "--engine", "native")
    for more in ((), ("--explain", "1")):
        done = yibao(*asked, *more)
        assert (done.code, done.out) == (1, "")
        assert "YB481" in done.err and "yibaolang[native]" in done.err


def test_parquet_and_json_lines_hold_the_same(yibao: Yibao, files: Path) -> None:
    book = read(RULES).book
    (block,) = people_blocks("people.csv", book)
    parquet.write_table(pyarrow.Table.from_batches([block.rows]), "people.parquet")
    rows = [{key: value for key, value in row.items() if value is not None}
            for row in block.rows.to_pylist()]  # fmt: skip
    text = "".join(json.dumps(row, default=str) + "\n" for row in rows)
    (files / "people.jsonl").write_text('{"schema": "yibao people 1"}\n' + text, "utf-8")
    outs = {}
    for kind in ("csv", "jsonl", "parquet"):
        done = yibao("population", "rules.yb", "--people", f"people.{kind}", *ON, "--out",
                     f"from_{kind}.parquet")  # fmt: skip
        assert (done.code, done.err) == (0, "")
        outs[kind] = parquet.read_table(f"from_{kind}.parquet").to_pylist()
    assert outs["csv"] == outs["jsonl"] == outs["parquet"]
    assert [row["credit_fen"] for row in outs["csv"]] == [
        int(each) if each else None for each in AMOUNTS
    ]


# ── rows that cannot be read ──


@pytest.mark.parametrize("packages", [(), *WITHOUT.values()], ids=["with all", *WITHOUT])
def test_bad_rows_stop_everything_unless_they_may_be_left_out(
    yibao: Yibao, files: Path, monkeypatch: pytest.MonkeyPatch, packages: tuple[str, ...]
) -> None:
    hide(monkeypatch, packages)
    asked = ("population", "rules.yb", "--people", "bad.csv", *ON, "--rejects", "rejects.csv",
             "--out", "good.csv")  # fmt: skip
    done = yibao(*asked)
    assert done.code == 1
    assert "yibao: nothing was written: 5 rows cannot be read" in done.err
    assert not (files / "good.csv").exists()
    said = (files / "rejects.csv").read_text("utf-8").splitlines()[2:]
    assert ["YB014" in said[0], "YB102" in said[1], "YB467" in said[2], "YB462" in said[3],
            "YB465" in said[4]] == [True] * 5  # fmt: skip
    assert [each for each in ("3", "4", "5", "7", "8") if f",{each}," not in "".join(said)] == []
    allowed = yibao(*asked, "--allow-rejects", "--json")
    assert allowed.code == 0
    told = json.loads(allowed.out)
    assert (told["persons"], told["rejected"], told["out"]) == (2, 5, "good.csv")
    assert [row[:2] for row in rows_of(files / "good.csv")] == [["1", "13001"], ["7", "10000"]]
    assert (files / "rejects.csv").read_text("utf-8").splitlines()[2:] == said


def test_a_part_cut_anywhere_gives_the_same(
    yibao: Yibao, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("population", "rules.yb", "--people", "bad.csv", *ON, "--allow-rejects")
    results = []
    for size in (1, 60, 97, 1 << 20):
        monkeypatch.setattr(files_csv, "_PART", size)
        done = yibao(*asked, "--rejects", "rejects.csv", "--out", "good.csv")
        results.append((done, *((files / each).read_text("utf-8") for each in
                                ("good.csv", "rejects.csv"))))  # fmt: skip
    assert all(each == results[0] for each in results)


def test_what_is_wrong_with_a_file(yibao: Yibao, files: Path) -> None:
    (files / "gb.csv").write_bytes(PEOPLE.encode("gb18030"))
    (files / "wrong.csv").write_text("account,colour\n1,red\n", "utf-8")
    (files / "none.csv").write_text("region,sex\n甲市,male\n", "utf-8")
    (files / "broken.parquet").write_bytes(b"PAR1")
    for name, code in (
        ("gb.csv", "YB471"), ("wrong.csv", "YB460"), ("none.csv", "YB461"),
        ("broken.parquet", "YB473"), ("gone.csv", "YB040"), ("people.xls", "YB470"),
    ):  # fmt: skip
        done = yibao("population", "rules.yb", "--people", name, *ON)
        assert (done.code, code in done.err) == (1, True), (name, done.err)
    told = yibao("population", "rules.yb", "--people", "gb.csv", *ON, "--encoding", "gb18030")
    assert told.code == 0 and "6 persons" in told.out


# ── what is asked, and how it is told ──


def test_every_month_of_a_year(yibao: Yibao, files: Path) -> None:
    done = yibao("population", "rules.yb", "--people", "people.csv", "--year", "2024", "--in",
                 "甲市", "--out", "year.csv", "--format", "csv")  # fmt: skip
    assert done.out.splitlines()[0] == "date,persons,refused,sum,mean"
    assert done.out.splitlines()[12:] == [
        "2024-12,6,2,445.01,111.2525", "", "code,times,account,meaning",
        "YB401,12,5,\u2026 is needed and was not given",
        "YB402,12,6,no rule of `\u2026` applies to this person",
    ]  # fmt: skip
    header = (files / "year.csv").read_text("utf-8").splitlines()[1].split(",")
    assert header[:3] == ["account", "credit_2024-01_fen", "credit_2024-01_refused"]
    assert len(header) == 25


def test_groups_of_everything_that_can_be_chosen(yibao: Yibao, files: Path) -> None:
    done = yibao("population", "rules.yb", "--people", "people.csv", *ON, "--json", "--group-by",
                 "人员类别,age5,sex")  # fmt: skip
    (figure,) = json.loads(done.out)["figures"]
    groups = {(each["status"], each["age5"], each["sex"]): each for each in figure["groups"]}
    assert sorted(groups) == [
        ("active", "30-34", "male"), ("active", "35-39", "female"), ("resident", "25-29", ""),
        ("retired", "60-64", "male"), ("retired", "70-74", "female"),
        ("retired", "75-79", "female"),
    ]  # fmt: skip
    assert groups["retired", "75-79", "female"]["refused"] == {"YB401": 1}
    assert groups["retired", "70-74", "female"]["mean"] == "75.00"
    shown = yibao("population", "rules.yb", "--people", "people.csv", *ON, "--lang", "zh",
                  "--group-by", "性别")  # fmt: skip
    assert shown.out.splitlines()[0].split() == ["性别", "人数", "无数值", "合计金额", "平均"]
    assert "未写明" in shown.out and "6 人" in shown.out


def test_figures_that_are_no_amounts(yibao: Yibao, files: Path) -> None:
    for engine in ("native", "reference"):
        done = yibao("population", "rules.yb", "--people", "people.csv", "--on", "2024-06-30",
                     "--json", "--engine", engine, "--figure", "年龄",
                     "--out", "age.csv")  # fmt: skip
        (figure,) = json.loads(done.out)["figures"]
        assert (figure["figure"], figure["sum"], figure["mean"]) == ("age", "310", "155/3")
        assert [row[1] for row in rows_of(files / "age.csv")] == [
            "34", "74", "64", "38", "75", "25",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rules.yb", *ON), "--people says in which file"),
        (("rules.yb", "--people", "people.csv"), "--on, --year, or --from with --to"),
        (("rules.yb", "--people", "people.csv", *ON, "--engine", "fast"), "--engine is one of"),
        (("rules.yb", "--people", "people.csv", *ON, "--threads", "0"), "--threads needs"),
        (("rules.yb", "--people", "people.csv", *ON, "--out", "a.txt"), "--out needs a file"),
        (("rules.yb", "--people", "people.csv", *ON, "--format", "html"), "--format is one of"),
        (("rules.yb", "--people", "people.csv", *ON, "--group-by", "statu"),
         "did you mean status?"),
        (("rules.yb", "--people", "people.csv", *ON, "--picture", "a.svg"), "goes with --compare"),
        (("rules.yb", "--people", "people.csv", *ON, "--compare"), "--compare needs two words"),
        (("a.yb", "b.yb", "--people", "people.csv", *ON, "--compare", "--picture", "a.gif"),
         "ends in .svg or .png"),
        (("rules.yb", "--people", "people.csv", *ON, "--explain", "1", "--out", "a.csv"),
         "--explain and --out exclude"),
    ],
)  # fmt: skip
def test_command_lines_that_make_no_sense(
    yibao: Yibao, files: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = yibao("population", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


# ── one person ──


def explained(yibao: Yibao, account: str, *more: str) -> Done:
    return yibao("population", "rules.yb", "--people", "people.csv", *ON, "--explain", account,
                 *more)  # fmt: skip


def test_one_person_has_the_whole_reason_and_the_same_from_native_code(
    yibao: Yibao, files: Path
) -> None:
    done = explained(yibao, "2")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "credit of 2 on 2024-06, 甲市 = 75.00元"
    assert "    2.5% of pension = 75.00元" in lines
    assert lines[-1] == "native code: 75.00元, the same"
    assert explained(yibao, "2", "--engine", "reference").out.splitlines()[-1] == (
        "by the reference engine alone"
    )
    refused = explained(yibao, "5")
    assert refused.code == 1 and "native code: YB401, the same" in refused.out
    told = json.loads(explained(yibao, "2", "--json").out)
    assert (told["figures"][0]["value"], told["figures"][0]["native"]) == ("75.00", "7500")
    assert explained(yibao, "9").err == "yibao: people.csv has no account 9\n"


def test_engines_that_differ_are_a_loud_fault(
    yibao: Yibao, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yibaolang.cli import populating_explaining

    monkeypatch.setattr(populating_explaining, "_native", lambda *_: ["7499"])
    done = explained(yibao, "2")
    assert done.code == 1
    assert "native code says 7499, the reference engine 7500: this is a fault of yibao" in done.err


# ── comparing ──


@pytest.mark.parametrize("packages", [(), *WITHOUT.values()], ids=["with all", *WITHOUT])
def test_two_files_of_rules_over_the_same_people(
    yibao: Yibao, files: Path, monkeypatch: pytest.MonkeyPatch, packages: tuple[str, ...]
) -> None:
    hide(monkeypatch, packages)
    done = yibao("population", "--compare", "rules.yb", "other.yb", "--people", "people.csv", *ON,
                 "--group-by", "status", "--json", "--out", "d.csv")  # fmt: skip
    told = json.loads(done.out)
    assert (told["a"], told["b"], told["persons"]) == ("rules", "other", 6)
    assert [told[name] for name in ("won", "lost", "same", "refused_in_both")] == [2, 1, 1, 2]
    assert told["cost_fen"] == 1300 + 1600 - 500
    assert told["mean_difference"] == "6.00"
    assert [each["status"] for each in told["groups"]] == ["active", "retired", "resident"]
    assert told["deciles_fen"][0] == -500 and told["deciles_fen"][-1] == 1600
    assert sum(each["persons"] for each in told["bands"]) == 4
    assert rows_of(files / "d.csv") == [
        ["1", "13001", "14301", "1300", "", ""], ["2", "7500", "7500", "0", "", ""],
        ["3", "8000", "7500", "-500", "", ""], ["4", "16000", "17600", "1600", "", ""],
        ["5", "", "", "", "YB401", "YB401"], ["6", "", "", "", "YB402", "YB402"],
    ]  # fmt: skip


def test_two_dates_and_two_versions(yibao: Yibao, files: Path) -> None:
    dated = yibao("population", "--compare", "2024-06", "2030-06", "--rules", "rules.yb",
                  "--people", "people.csv", "--in", "甲市", "--format", "csv")  # fmt: skip
    header, line = dated.out.splitlines()[:2]
    assert header == (
        "persons,won,lost,same,refused_in_both,before,after,cost,mean_difference"
    )
    # Person 3 is 70 by then, and has 2.5% of 4000.00 yuan.
    assert line.split(",")[:8] == ["6", "1", "0", "3", "2", "445.01", "465.01", "20.00"]
    (files / "people.csv").write_text("account,region,status,birth\n1,山东,retired,1952-01-01\n")
    versions = yibao("population", "--compare", "山东=C18", "山东=C19", "--people", "people.csv",
                     "--on", "2024-06", "--lang", "zh")  # fmt: skip
    assert versions.code == 0, versions.err
    assert "A 山东=C18" in versions.out.splitlines()[0]
    wrong = yibao("population", "--compare", "山东=C18", "山东=C77", "--people", "people.csv",
                  "--on", "2024-06")  # fmt: skip
    assert wrong.code == 1 and "YB478" in wrong.err


def test_pictures(yibao: Yibao, files: Path) -> None:
    asked = ("population", "--compare", "rules.yb", "other.yb", "--people", "people.csv", *ON,
             "--group-by", "status")  # fmt: skip
    for name in ("one.svg", "two.svg", "three.png"):
        done = yibao(*asked, "--lang", "zh", "--picture", name)
        assert done.code == 0, done.err
    svg = (files / "one.svg").read_text("utf-8")
    assert svg == (files / "two.svg").read_text("utf-8")
    assert "划入 2024-06\uff1arules → other" in svg and "每百人中减少与增加的人数" in svg
    assert "退休" in svg and "<dc:date>" not in svg
    assert (files / "three.png").read_bytes().startswith(b"\x89PNG")
    english = yibao(*asked, "--picture", "four.svg")
    assert english.code == 0
    assert "Who loses and who gains, of a hundred" in (files / "four.svg").read_text("utf-8")


def test_a_picture_without_matplotlib_names_the_extra(
    yibao: Yibao, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(monkeypatch, ("matplotlib",))
    done = yibao("population", "--compare", "rules.yb", "other.yb", "--people", "people.csv", *ON,
                 "--picture", "one.svg")  # fmt: skip
    assert (done.code, done.out) == (1, "")
    assert "yibaolang[pictures]" in done.err


# ── ledgers ──

ACCOUNTS = """region 甲市
active credit 2% of contribution_base monthly on day 10
allow outpatient for self
draw current then carried, rest to cash
cover 50% of outpatient
"""
EVENTS = """# yibao events 1
account,date,kind,name,amount
1,2024-01-01,opening,current,100.00
1,2024-03-05,bill,outpatient,400.00
4,2024-02-01,bill,outpatient,90.00
4,2024-02-03,bill,drugs,10.00
"""


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_ledgers_are_those_of_the_ledger(yibao: Yibao, files: Path, engine: str) -> None:
    (files / "accounts.yb").write_text(ACCOUNTS, "utf-8")
    (files / "people.csv").write_text(
        "account,region,status,contribution_base\n1,甲市,active,5000\n4,甲市,active,8000.00\n"
        "7,甲市,active,1\n", "utf-8",
    )  # fmt: skip
    (files / "events.csv").write_text(EVENTS, "utf-8")
    asked = ("accounts.yb", "--people", "people.csv", "--events", "events.csv", "--from", "2024-01",
             "--to", "2024-06", "--what", "balances,postings,refused,accumulators")  # fmt: skip
    ours = yibao("population", *asked, "--out", "ours", "--engine", engine)
    theirs = yibao("ledger", *asked, "--out", "theirs")
    assert (ours.code, theirs.code) == (1, 1), ours.err
    assert f"3 by {'native code' if engine == 'native' else 'the reference engine'}" in (
        ours.out.replace("0 by native code, ", "")
    )
    for table in ("postings", "refused", "accumulators"):
        own = (files / f"ours/{table}.csv").read_text("utf-8").splitlines()
        reference = (files / f"theirs/{table}.csv").read_text("utf-8").splitlines()
        place = own[1].split(",").index("place") if table == "refused" else None
        if place is not None:
            own, reference = ([",".join(line.split(",")[:5]) for line in each]
                              for each in (own, reference))  # fmt: skip
        assert own == reference, table
    balances = (files / "ours/balances.csv").read_text("utf-8").splitlines()
    assert [line.rpartition(",")[0] for line in balances[1:]] == (
        (files / "theirs/balances.csv").read_text("utf-8").splitlines()[1:]
    )


def test_ledgers_without_the_extra(
    yibao: Yibao, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (files / "accounts.yb").write_text(ACCOUNTS, "utf-8")
    (files / "people.csv").write_text("account,region,status\n1,甲市,active\n", "utf-8")
    (files / "events.csv").write_text(EVENTS, "utf-8")
    asked = ("accounts.yb", "--people", "people.csv", "--events", "events.csv", "--from", "2024-01",
             "--to", "2024-06")  # fmt: skip
    tables = ("--what", "balances,postings")
    theirs = yibao("ledger", *asked, *tables, "--out", "theirs")
    hide(monkeypatch, WITHOUT["without pyarrow"])
    ours = yibao("population", *asked, *tables, "--out", "ours")
    first, _, rest = ours.err.partition("\n")
    assert first.startswith("yibao: run by the reference engine") and rest == theirs.err
    assert (ours.code, ours.out) == (theirs.code, theirs.out.replace("theirs", "ours"))
    for table in ("balances", "postings"):
        written = [(files / folder / f"{table}.csv").read_bytes() for folder in ("ours", "theirs")]
        assert written[0] == written[1]
    for more in (("--explain", "1"), ("--engine", "native"), ("--out", "x", "--what", "years")):
        done = yibao("population", *asked, *more)
        assert done.code == 1 and "pip install 'yibaolang[native]'" in done.err


def test_events_cut_anywhere_give_the_same_ledgers(
    yibao: Yibao, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (files / "accounts.yb").write_text(ACCOUNTS, "utf-8")
    people = ["account,region,status,contribution_base"]
    people += [f"{number},甲市,active,{number}000" for number in range(1, 9)]
    (files / "people.csv").write_text("\n".join(people), "utf-8")
    rows = [f"{number},2024-0{month}-11,bill,outpatient,{month}0{'.5' * (number % 2)}"
            for number in range(1, 7) for month in range(1, 6)]  # fmt: skip
    rows[17] = rows[17].replace("10", "x")
    (files / "events.csv").write_text("\n".join([*EVENTS.splitlines()[:2], *rows]), "utf-8")
    asked = ("accounts.yb", "--people", "people.csv", "--events", "events.csv", "--from", "2024-01",
             "--to", "2024-06", "--what", "balances,postings,refused", "--out", "led")  # fmt: skip
    results = []
    for events, size in ((1 << 20, 1 << 20), (7, 100), (1, 1), (1 << 20, 50)):
        monkeypatch.setattr(files_events, "PART_EVENTS", events)
        monkeypatch.setattr(files_csv, "_PART", size)
        done = yibao("population", *asked)
        assert done.err == ""
        written = [(files / f"led/{each}.csv").read_text("utf-8")
                   for each in ("balances", "postings", "refused")]  # fmt: skip
        results.append((done, written))
    assert all(each == results[0] for each in results)
    assert results[0][0].out.splitlines()[2].split()[:2] == ["甲市", "8"]
    text = (files / "events.csv").read_text("utf-8") + "\n1,2024-06-11,bill,outpatient,1\n"
    (files / "events.csv").write_text(text, "utf-8")
    for events in (1 << 20, 1):
        monkeypatch.setattr(files_events, "PART_EVENTS", events)
        done = yibao("population", *asked)
        assert done.code == 1 and "YB475" in done.err
        assert [(files / f"led/{each}.csv").read_text("utf-8")
                for each in ("balances", "postings", "refused")] == results[0][1]  # fmt: skip
    assert yibao("population", *asked, "--sort").code == 0


def test_options_that_ledgers_do_not_take(yibao: Yibao, files: Path) -> None:
    done = yibao("population", "rules.yb", "--people", "people.csv", "--events", "events.csv",
                 "--on", "2024-06")  # fmt: skip
    assert done.code == 2 and "--events and --on exclude each other" in done.err


# ── from Python ──


@frozen
class Stream:
    """What gives a stream of Arrow and nothing else, as tables of other packages do."""

    table: pyarrow.Table

    def __arrow_c_stream__(self, schema: object = None) -> object:
        return self.table.__arrow_c_stream__(schema)


def test_any_stream_of_arrow_goes_in_and_one_comes_out() -> None:
    rules = read(RULES)
    people = pyarrow.table({
        "account": ["1", "2", "3"], "region": ["甲市", "乙市", None],
        "status": ["active", "retired", "retired"], "birth": [date(1990, 1, 1)] * 3,
        "contribution_base_fen": [650055, None, None], "pension": ["", "3000.00", None],
    })  # fmt: skip
    for engine in ("native", "reference"):
        found = rules.population(Stream(people), on="2024-06", region="甲市", engine=engine)
        assert pyarrow.RecordBatchReader.from_stream(found).read_all().to_pylist() == [
            {"account": "1", "credit_fen": 13001, "credit_refused": None},
            {"account": "2", "credit_fen": 8000, "credit_refused": None},
            {"account": "3", "credit_fen": 8000, "credit_refused": None},
        ]
    months = rules.population(
        Stream(people), first="2024-01", last="2024-02", figures=("credit", "扣缴"), region="甲市"
    )
    assert months.column_names[1:] == [
        f"{name}_{month}_{what}" for name in ("credit", "deduct")
        for month in ("2024-01", "2024-02") for what in ("fen", "refused")
    ]  # fmt: skip


def test_ledgers_from_python() -> None:
    events = pyarrow.table({
        "account": ["1", "1"], "date": [date(2024, 1, 1), date(2024, 3, 5)],
        "kind": ["opening", "bill"], "name": ["current", "outpatient"],
        "amount_fen": [10000, 40000],
    })  # fmt: skip
    people = pyarrow.table({"account": ["1"], "region": ["甲市"], "status": ["active"],
                            "contribution_base": ["5000"]})  # fmt: skip
    for engine in ("", "native", "reference"):
        found = read(ACCOUNTS).ledgers(
            Stream(people), Stream(events), first=date(2024, 1, 1), last=date(2024, 6, 30),
            postings=True, engine=engine,
        )  # fmt: skip
        assert found.balances.column("balance_fen").to_pylist() == [10000 + 6 * 10000 - 20000]
        assert found.postings.num_rows == 9


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    program = (
        "import sys; from yibaolang import read; read('credit 5'); "
        "print([each for each in sys.modules if 'population' in each and 'engine' not in each])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
