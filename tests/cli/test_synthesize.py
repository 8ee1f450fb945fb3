"""`yibao synthesize`: what it writes, where, and that the ledger reads it."""

import json
import shlex
from pathlib import Path

import pytest
from pyarrow import parquet

from tests.cli.conftest import Yibao

SOME = ("--count", "40", "--in", "济南,武汉", "--seed", "5")
RULES = """
region 甲市
active credit 2% of contribution_base monthly on day 10
retired credit 80元 monthly on day 10
allow outpatient, drugs for self
draw current then carried, rest to cash
cover 50% of outpatient
cover 0% of drugs
region 乙市 under 甲市
region 丙市 under 甲市
"""


def test_a_folder_that_the_ledger_reads(yibao: Yibao, folder: Path) -> None:
    done = yibao("synthesize", *SOME, "--out", "demo")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "demo/people.csv: 40 rows"
    assert lines[1].startswith("demo/events.csv: ")
    assert "in jinan no rule settles outpatient at pharmacy; inpatient at primary" in done.out
    assert (folder / "demo/rules.yb").read_text("utf-8").splitlines()[1:6:2] == [
        "include 济南", "# Where sources disagree, those under which least is refused.",
        'use 武汉 as "NW3"',
    ]  # fmt: skip
    command = lines[-1].removeprefix("to run them: yibao ").split()
    assert command[:2] == ["ledger", "demo/rules.yb"]
    ran = yibao(*command, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    told = json.loads(ran.out)
    assert (told["accounts"], told["refused_events"]) == (40, 0)


def test_it_speaks_chinese(yibao: Yibao, folder: Path) -> None:
    done = yibao("synthesize", *SOME, "--out", "demo", "--lang", "zh")
    assert done.out.startswith("demo/people.csv：40 行\n")
    assert "济南没有规则可以结算门诊(定点药店)；住院(一级及以下、二级、三级)：已略去" in done.out
    assert "\n运行：yibao ledger demo/rules.yb" in done.out
    assert "划入会被拒(YB404)：成都 (退休)" in yibao(
        "synthesize", "--count", "1", "--in", "成都", "--out", "demo", "--lang", "zh"
    ).out  # fmt: skip


def test_a_table_on_stdout(yibao: Yibao) -> None:
    done = yibao("synthesize", *SOME)
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "# yibao people 1"
    assert lines[1].startswith("account,region,version,sex,status,birth,contribution_base,")
    assert len(lines) == 42
    events = yibao("synthesize", *SOME, "--what", "events", "--format", "jsonl").out.splitlines()
    assert json.loads(events[0]) == {"schema": "yibao events 1"}
    assert json.loads(events[1])["account"] == "0000000001"


def test_every_city_of_the_library_without_in(yibao: Yibao) -> None:
    regions = {line.split(",")[1] for line in yibao("synthesize", "--count", "900").out.splitlines()
               if line.startswith("0")}  # fmt: skip
    assert {"北京", "上海", "湛江", "厦门"} <= regions
    assert "广东" not in regions and len(regions) == 23


def test_the_same_seed_makes_the_same_files_and_parts_of_them(yibao: Yibao, folder: Path) -> None:
    for name, more in (("a", ()), ("b", ()), ("c", ("--seed", "6"))):
        seed = more or ("--seed", "5")
        yibao("synthesize", "--count", "40", "--in", "济南,武汉", *seed, "--out", name)
    one, other, third = (
        (folder / name / "events.csv").read_text("utf-8") for name in ("a", "b", "c")
    )
    assert one == other != third
    head, rows = one.splitlines()[:2], one.splitlines()[2:]
    parts: list[str] = []
    for first in ("1", "21"):
        found = yibao("synthesize", "--count", "20", "--first", first, "--in", "济南,武汉",
                      "--seed", "5", "--what", "events").out.splitlines()  # fmt: skip
        assert found[:2] == head
        parts += found[2:]
    assert parts == rows


def test_parquet_and_json(yibao: Yibao, folder: Path) -> None:
    done = yibao("synthesize", *SOME, "--format", "parquet", "--out", "demo", "--json")
    assert (done.code, done.err) == (0, "")
    told = json.loads(done.out)
    assert [each["path"] for each in told["files"]] == [
        "demo/people.parquet", "demo/events.parquet",
    ]  # fmt: skip
    assert (told["people"], told["seed"], told["from"], told["to"]) == (
        40, 5, "2024-01-01", "2024-12-31",
    )  # fmt: skip
    assert told["rules"] == "demo/rules.yb"
    assert ["inpatient", "primary"] in told["regions"][0]["left_out"]["active"]
    assert told["regions"][0]["credits_refused"] == {"active": [], "retired": []}
    table = parquet.read_table(folder / "demo/events.parquet")
    assert table.num_rows == told["files"][1]["rows"]
    assert str(table.schema.field("amount_fen").type) == "int64"
    given = ("demo/rules.yb", "--people", "demo/people.parquet", "--events", "demo/events.parquet")
    days = ("--from", "2024-01-01", "--to", "2024-12-31")
    assert yibao("ledger", *given, *days).code == 0


def test_one_table_in_a_file(yibao: Yibao, folder: Path) -> None:
    done = yibao("synthesize", *SOME, "--what", "people", "--out", "some.jsonl")
    assert done.out == "some.jsonl: 40 rows\n"
    assert len((folder / "some.jsonl").read_text("utf-8").splitlines()) == 41
    assert not (folder / "rules.yb").exists()


def test_rules_of_ones_own(yibao: Yibao, folder: Path) -> None:
    (folder / "own.yb").write_text(RULES, encoding="utf-8")
    done = yibao("synthesize", "--count", "60", "--rules", "own.yb", "--out", "demo")
    assert done.code == 0
    assert "in 乙市, 丙市 no rule settles vaccine at primary; checkup at secondary; inpatient" in (
        done.out
    )
    assert not (folder / "demo/rules.yb").exists()
    people = (folder / "demo/people.csv").read_text("utf-8").splitlines()
    assert {line.split(",")[1] for line in people[2:]} == {"乙市", "丙市"}
    assert "death" not in (folder / "demo/events.csv").read_text("utf-8")
    command = done.out.splitlines()[-1].removeprefix("to run them: yibao ").split()
    assert yibao(*command).code == 0
    done = yibao("synthesize", "--count", "6", "--rules", "own.yb", "--in", "济南")
    assert (done.code, done.out) == (1, "") and "YB102" in done.err


def test_the_command_that_is_named_can_be_typed(yibao: Yibao, folder: Path) -> None:
    given = ("--count", "3", "--in", "济南", "--use", "山东=C18 次月", "--out", "a folder")
    done = yibao("synthesize", *given)
    assert 'use 山东 as "C18 次月"' in (folder / "a folder/rules.yb").read_text("utf-8")
    command = shlex.split(done.out.splitlines()[-1].removeprefix("to run them: "))
    assert command[:3] == ["yibao", "ledger", "a folder/rules.yb"]
    assert yibao(*command[1:]).code == 0


def test_a_version_and_the_days(yibao: Yibao, folder: Path) -> None:
    given = ("--count", "30", "--in", "济南=C19", "--from", "2024-03", "--to", "2024-05")
    done = yibao("synthesize", *given, "--out", "demo")
    people = (folder / "demo/people.csv").read_text("utf-8").splitlines()
    assert {line.split(",")[2] for line in people[2:]} == {"C19"}
    days = [line.split(",")[2] for line in
            (folder / "demo/events.csv").read_text("utf-8").splitlines()[2:]]  # fmt: skip
    assert min(days) >= "2024-03-01" and max(days) <= "2024-05-31"
    command = done.out.splitlines()[-1].removeprefix("to run them: yibao ").split()
    assert command[-4:] == ["--from", "2024-03-01", "--to", "2024-05-31"]
    assert yibao(*command).code == 0


def test_more_bills(yibao: Yibao) -> None:
    few, many = (
        len(yibao("synthesize", *SOME, "--what", "events", "--bills", each).out.splitlines())
        for each in ("0", "60")
    )
    assert few < 100 and many > 1200


def test_progress_if_it_is_asked_for(yibao: Yibao, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yibaolang.cli.progress._LINE_PAUSE", 0)
    done = yibao("synthesize", "--count", "2", "--in", "济南", "--what", "events", "--progress")
    assert done.err.splitlines()[0].startswith("1 account, ")
    assert yibao("synthesize", "--count", "2", "--in", "济南").err == ""


def test_a_region_that_there_is_not(yibao: Yibao) -> None:
    done = yibao("synthesize", "--count", "2", "--in", "济男")
    assert (done.code, done.out) == (1, "")
    assert "YB044" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--count says how many people there are to be"),
        (("--count", "0"), "--count needs a whole number from 1 to 1000000000, not 0"),
        (("--count", "\uff11"), "--count needs a whole number"),
        (("--count", "5", "--seed", "-1"), "--seed needs a whole number from 0 to 1844"),
        (("--count", "5", "--bills", "1.5"), "--bills needs a whole number from 0 to 1000"),
        (("--count", "5", "--first", "0"), "--first needs a whole number from 1"),
        (("--count", "5", "--what", "event"), "there is no event; did you mean events?"),
        (("--count", "5", "--what", "people,events"), "a file takes one table"),
        (("--count", "5", "--format", "table"), "--format is one of csv, jsonl, parquet"),
        (("--count", "5", "--format", "parquet"), "Parquet needs --out"),
        (("--count", "5", "--out", "a.csv"), "with --what people or --what events a file"),
        (("--count", "5", "--out", "a.xlsx", "--what", "people"), "a file that ends in .csv"),
        (("--count", "5", "--out", "a.csv", "--what", "people", "--format", "jsonl"),
         "--format jsonl does not fit the file a.csv"),
        (("--count", "5", "--json"), "--json tells of files; name them with --out"),
        (("--count", "5", "--from", "2024-05-01", "--to", "2024-04-01"), "--from is after --to"),
        (("--count", "5", "--in", "济南=C20"), "has no version C20"),
        (("five",), "the command synthesize does not take five as well"),
    ],
)  # fmt: skip
def test_misuse(yibao: Yibao, arguments: tuple[str, ...], said: str) -> None:
    done = yibao("synthesize", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
