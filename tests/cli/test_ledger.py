"""`yibao ledger`: the ledgers of scripts and the accounts of files, as tables.

Files and expected outputs are in tests/cli/ledgers. `YIBAO_UPDATE_GOLDEN=1` writes the outputs
anew; a test whose output changed fails all the same, so that nobody updates them without looking.
"""

import csv
import json
import os
import shutil
from pathlib import Path

import pytest
from pyarrow import parquet

from tests.cli.conftest import Done, Yibao
from yibaolang.program.running import Broken

LEDGERS = Path(__file__).with_name("ledgers")
YEAR = ("--from", "2024-01-01", "--to", "2024-12-31")
FILES = ("rules.yb", "--people", "people.csv", "--events", "events.csv", *YEAR)
EVERY = "balances,postings,accumulators,corrections,refused"


@pytest.fixture
def ledgers(folder: Path) -> Path:
    """A folder with the scripts and files, which is the current one."""
    for path in LEDGERS.iterdir():
        if path.suffix != ".txt":
            shutil.copy(path, folder)
    return folder


def golden(name: str, done: Done) -> str:
    """The output that is kept under a name, after this one was written there if asked for."""
    said = said_by(done)
    path = LEDGERS / f"{name}.txt"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if said != before and os.environ.get("YIBAO_UPDATE_GOLDEN") == "1":
        path.write_text(said, encoding="utf-8", newline="\n")
    return before


def said_by(done: Done) -> str:
    """Everything that a command says."""
    return f"{done.out}--- stderr\n{done.err}--- exit {done.code}\n"


def rows_of(path: Path) -> list[dict[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"# yibao {path.stem} 1"
    return list(csv.DictReader(lines[1:]))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("script", ("script.yb",)),
        ("script_every_table", ("script.yb", "--what", EVERY, "--person", "张三")),
        ("script_csv", ("script.yb", "--format", "csv", "--to", "2024-03-31")),
        ("script_json", ("script.yb", "--json", "--person", "李四")),
        ("script_jsonl", ("script.yb", "--format", "jsonl", "--what", "refused,balances")),
        ("files_bad_rows", FILES),
        ("files", (*FILES, "--allow-rejects")),
        ("files_every_table", (*FILES, "--allow-rejects", "--what", EVERY, "--person", "008")),
        ("files_to_a_folder", (*FILES, "--allow-rejects", "--out", "results")),
    ],
)
def test_what_is_said(
    yibao: Yibao, ledgers: Path, lang: str, name: str, arguments: tuple[str, ...]
) -> None:
    done = yibao("ledger", *arguments, "--lang", lang)
    assert said_by(done) == golden(f"{name}.{lang}", done)


def test_the_language_is_that_of_the_script(yibao: Yibao, ledgers: Path) -> None:
    chinese = yibao("fmt", "--lang", "zh", "script.yb").out
    (ledgers / "zh.yb").write_text(chinese, encoding="utf-8")
    done = yibao("ledger", "zh.yb", "--what", "balances,corrections")
    assert (
        done.out
        == yibao("ledger", "script.yb", "--what", "balances,corrections", "--lang", "zh").out
    )


# ── files ──


def test_nothing_is_lost(yibao: Yibao, ledgers: Path) -> None:
    """Every row of events is settled, refused, said twice or written to the file of bad rows."""
    done = yibao(
        "ledger", *FILES, "--allow-rejects", "--rejects", "bad.csv", "--out", "results", "--what",
        EVERY,
    )  # fmt: skip
    assert done.code == 1
    summary = "6 accounts, 9 events, 3 refused, 1 said twice, 3 bad rows left out"
    assert done.out.splitlines()[-1] == summary
    rejected = (ledgers / "bad.csv").read_text("utf-8").splitlines()
    assert rejected[0] == "# yibao events 1" and len(rejected) == 2 + 2
    people = (ledgers / "bad.people.csv").read_text("utf-8").splitlines()
    assert people[0] == "# yibao people 1" and len(people) == 2 + 1
    refused = rows_of(ledgers / "results" / "refused.csv")
    assert [(each["account"], each["event"], each["code"], each["place"]) for each in refused] == [
        ("008", "e2", "YB402", "events.csv:9:1"),
        ("011", "", "YB465", "people.csv:7:12"),
        ("012", "", "YB111", "events.csv:14:1"),
    ]
    balances = rows_of(ledgers / "results" / "balances.csv")
    assert [(each["account"], each["complete"]) for each in balances] == [
        ("007", "yes"), ("008", "no"), ("009", "no"), ("010", "yes"),
    ]  # fmt: skip


def test_bad_rows_stop_the_run(yibao: Yibao, ledgers: Path) -> None:
    done = yibao("ledger", *FILES, "--rejects", "bad.csv", "--out", "results")
    assert (done.code, done.out) == (1, "")
    assert [line for line in done.err.splitlines() if line.startswith("error")] == [
        "error[YB465]: 1,860.00 does not fit into the column amount",
        "error[YB014]: there is no such date: 2024-02-30",
        "error[YB465]: many does not fit into the column contribution_base",
    ]
    assert done.err.splitlines()[-1].startswith("yibao: nothing was written: 3 rows")
    assert not (ledgers / "results").exists()
    assert (ledgers / "bad.csv").exists() and (ledgers / "bad.people.csv").exists()
    told = json.loads(yibao("ledger", *FILES, "--json").out)
    assert [each["code"] for each in told["diagnostics"]] == ["YB465", "YB014", "YB465"]


def test_rejects_that_are_put_right_are_read_again(yibao: Yibao, ledgers: Path) -> None:
    yibao("ledger", *FILES, "--allow-rejects", "--rejects", "bad.csv")
    text = (ledgers / "bad.csv").read_text("utf-8")
    right = text.replace('"1,860.00"', "1860.00").replace("2024-02-30", "2024-02-29")
    (ledgers / "right.csv").write_text(right, encoding="utf-8")
    done = yibao("ledger", "rules.yb", "--events", "right.csv", "--in", "甲市", "--as-listed")
    assert (done.code, done.err) == (0, "")


def test_parquet_and_json_say_what_csv_says(yibao: Yibao, ledgers: Path) -> None:
    pytest.importorskip("pyarrow")
    for name in ("a.csv", "a.parquet", "a.json", "a.jsonl"):
        yibao("ledger", *FILES, "--allow-rejects", "--what", "postings", "--out", name)
    read = (ledgers / "a.csv").read_text("utf-8").splitlines()[1:]
    rows = [
        {name: int(cell) if name.endswith("_fen") else cell for name, cell in row.items()}
        for row in csv.DictReader(read)
    ]
    assert len(rows) > 40
    columns = parquet.read_table(ledgers / "a.parquet").to_pylist()
    shown = [
        {name: str(cell) if name in ("effective", "booked") else cell for name, cell in row.items()}
        for row in columns
    ]
    assert shown == rows
    assert json.loads((ledgers / "a.json").read_text("utf-8")) == rows
    lines = (ledgers / "a.jsonl").read_text("utf-8").splitlines()
    assert json.loads(lines[0]) == {"schema": "yibao postings 1"}
    assert list(map(json.loads, lines[1:])) == rows


def test_a_table_in_a_file(yibao: Yibao, ledgers: Path) -> None:
    done = yibao("ledger", "script.yb", "--what", "balances", "--out", "a.txt")
    assert done.out == "a.txt: 2 rows\n2 accounts, 8 events, 1 refused\n"
    shown = yibao("ledger", "script.yb", "--what", "balances").out
    assert (ledgers / "a.txt").read_text("utf-8") == shown
    yibao("ledger", "script.yb", "--what", "balances", "--format", "table", "--out", "folder")
    assert (ledgers / "folder" / "balances.txt").read_text("utf-8") == shown


def test_accounts_that_come_back_need_sorting(yibao: Yibao, ledgers: Path) -> None:
    lines = (ledgers / "events.csv").read_text("utf-8").splitlines()
    mixed = [*lines[:2], *lines[2:][::-1]]
    mixed.append("007,e9,2024-05-01,,bill,drugs,1.00,,,,")
    (ledgers / "mixed.csv").write_text("\n".join(mixed) + "\n", encoding="utf-8")
    both = ("rules.yb", "--people", "people.csv", "--events", "mixed.csv", *YEAR)
    assert "YB475" not in yibao("ledger", *both, "--allow-rejects").err
    mixed.insert(2, "007,e8,2024-05-01,,bill,drugs,1.00,,,,")
    (ledgers / "mixed.csv").write_text("\n".join(mixed) + "\n", encoding="utf-8")
    done = yibao("ledger", *both, "--allow-rejects")
    assert (done.code, done.out) == (1, "") and "YB475" in done.err
    done = yibao("ledger", *both, "--allow-rejects", "--sort", "--format", "csv")
    accounts = [line.split(",")[0] for line in done.out.split("\n\n")[0].splitlines()[2:]]
    assert accounts == ["007", "008", "009", "010"]


def test_the_order_of_the_rows_does_not_matter(yibao: Yibao, ledgers: Path) -> None:
    head, header, *lines = (ledgers / "events.csv").read_text("utf-8").splitlines()
    turned = "\n".join([head, header, *lines[::-1]])
    (ledgers / "turned.csv").write_text(f"{turned}\n", encoding="utf-8")
    options = ("--people", "people.csv", *YEAR, "--allow-rejects", "--sort", "--format", "csv")
    tables = ("--what", "balances,postings,accumulators,corrections")
    one, other = (
        yibao("ledger", "rules.yb", "--events", name, *options, *tables)
        for name in ("events.csv", "turned.csv")
    )
    assert one.out == other.out != ""


def test_an_account_does_not_depend_on_others(yibao: Yibao, ledgers: Path) -> None:
    """Run alone or after others, by one machine or by several: the same rows."""
    options = (*FILES, "--allow-rejects", "--format", "csv", "--what", "accumulators,balances")
    together = [line for line in yibao("ledger", *options).out.splitlines() if line[:1] == "0"]
    alone: list[str] = []
    for account in ("007", "008", "009", "010"):
        done = yibao("ledger", *options, "--person", account)
        alone += [line for line in done.out.splitlines() if line[:1] == "0"]
    assert sorted(alone) == sorted(together)


def test_people_without_events_are_credited(yibao: Yibao, ledgers: Path) -> None:
    text = "# yibao people 1\naccount,status,contribution_base,region\n1,active,5000.00,jia\n"
    (ledgers / "one.csv").write_text(text, encoding="utf-8")
    done = yibao("ledger", "rules.yb", "--people", "one.csv", *YEAR, "--format", "csv")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[2].startswith("1,甲市,2024-01-01,2024-12-31,120000,0,120000,0,")
    done = yibao("ledger", "rules.yb", "--people", "one.csv", "--to", "2024-12-31")
    assert done.code == 2 and "--from and --to say" in done.err


def test_the_region_of_those_who_name_none(yibao: Yibao, ledgers: Path) -> None:
    text = "# yibao people 1\naccount,status,contribution_base\n1,active,5000.00\n"
    (ledgers / "one.csv").write_text(text, encoding="utf-8")
    given = ("rules.yb", "--people", "one.csv", *YEAR, "--format", "csv")
    assert ",120000,0,120000," in yibao("ledger", *given, "--in", "jia").out
    assert ",0,0,0," in yibao("ledger", *given).out.splitlines()[2]


def test_as_listed_nothing_is_scheduled(yibao: Yibao, ledgers: Path) -> None:
    text = "# yibao events 1\naccount,date,kind,amount\n1,2024-05-01,credit,12.50\n"
    (ledgers / "one.csv").write_text(text, encoding="utf-8")
    given = ("rules.yb", "--events", "one.csv", "--in", "甲市", *YEAR, "--format", "csv")
    assert yibao("ledger", *given, "--as-listed").out.splitlines()[2].split(",")[4:7] == [
        "1250", "0", "1250",
    ]  # fmt: skip
    assert "YB401" in yibao("ledger", *given).err


def test_another_encoding(yibao: Yibao, ledgers: Path) -> None:
    text = "# yibao events 1\naccount,date,kind,name,amount\n张三,2024-05-01,credit,当年,12.50\n"
    (ledgers / "one.csv").write_bytes(text.encode("gb18030"))
    given = ("ledger", "rules.yb", "--events", "one.csv", "--as-listed", "--in", "甲市")
    assert "YB471" in yibao(*given).err
    assert "张三" in yibao(*given, "--encoding", "gb18030").out


def test_a_name_in_the_library(yibao: Yibao, ledgers: Path) -> None:
    (ledgers / "none.yb").write_text("", encoding="utf-8")
    text = "# yibao events 1\naccount,date,kind,amount\n1,2024-05-01,credit,12.50\n"
    (ledgers / "one.csv").write_text(text, encoding="utf-8")
    given = ("ledger", "none.yb", "--events", "one.csv", "--as-listed", "--format", "csv")
    assert yibao(*given, "--in", "济南").out.splitlines()[2].startswith("1,济南,")


def test_progress_if_it_is_asked_for(
    yibao: Yibao, ledgers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yibaolang.cli.progress._LINE_PAUSE", 0)
    given = ("ledger", "rules.yb", "--people", "people.csv", *YEAR, "--allow-rejects")
    assert "…" not in yibao(*given).err
    told = yibao(*given, "--progress").err.splitlines()
    assert told[:2] == ["1 account, 0 events …", "2 accounts, 0 events …"]


# ── misuse ──


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--what", "balance"), "there is no balance; did you mean balances?"),
        (("--format", "xml"), "--format is one of table, csv, json, jsonl, parquet, not xml"),
        (("--format", "csv", "--json"), "--json is --format json, not csv"),
        (("--format", "csv", "--out", "a.json"), "--format csv does not fit the file a.json"),
        (("--format", "parquet"), "Parquet needs --out"),
        (("--out", "a.xlsx"), "--out needs a folder, or a file that ends in .csv, .json, .jsonl"),
        (("--what", "balances,postings", "--out", "a.csv"), "a file takes one table"),
        (("--from", "2024-01-01"), "--from goes with --people or --events"),
        (("--sort",), "--sort goes with --people or --events"),
        (("--rejects", "a.csv"), "--rejects goes with --people or --events"),
        (("--encoding", "utf-16"), "--encoding is utf-8, or gb18030 for GBK as well, not utf-16"),
        (("--to", "tomorrow"), "--to needs a day or a month"),
        (("--in", "甲市,乙市"), "the command ledger takes one region"),
    ],
)
def test_misuse(yibao: Yibao, ledgers: Path, arguments: tuple[str, ...], said: str) -> None:
    done = yibao("ledger", "script.yb", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_no_ledger(yibao: Yibao, ledgers: Path) -> None:
    done = yibao("ledger", "rules.yb")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("yibao: rules.yb: there is no ledger in it")
    done = yibao("ledger", "script.yb", "--person", "王五")
    assert done.err == "yibao: script.yb has no ledger of 王五; it has: 张三, 李四\n"
    assert done.code == 1


def test_a_ledger_that_does_not_fit_together_stops_no_other(yibao: Yibao, ledgers: Path) -> None:
    text = (ledgers / "script.yb").read_text("utf-8").replace("void ^e1", "void ^e7")
    (ledgers / "script.yb").write_text(text, encoding="utf-8")
    done = yibao("ledger", "script.yb", "--format", "csv", "--what", "balances")
    assert done.code == 1
    assert [line.split(",")[0] for line in done.out.splitlines()[2:]] == ["李四"]
    assert done.err.startswith("张三: YB441 there is no event ^e7 here  (script.yb:12:1)\n")


def test_a_fault_of_the_engine_is_told_in_a_line(
    yibao: Yibao, ledgers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise Broken(4, "what the account holds")

    monkeypatch.setattr("yibaolang.engine.invariants.check_settled", broken)
    done = yibao("ledger", "script.yb", "--out", "a.csv")
    assert (done.code, done.out) == (70, "")
    assert "internal error in yibao" in done.err and "Broken" in done.err
    assert not (ledgers / "a.csv").exists()


def test_a_run_that_fails_leaves_the_old_file(yibao: Yibao, ledgers: Path) -> None:
    (ledgers / "a.csv").write_text("old", encoding="utf-8")
    assert yibao("ledger", *FILES, "--out", "a.csv").code == 1
    assert (ledgers / "a.csv").read_text("utf-8") == "old"
