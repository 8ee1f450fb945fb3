"""`yibao population` and its neighbours: files that would be lost, what does not go together."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Yibao
from tests.cli.test_population import ON, OTHER, PEOPLE, RULES, WITHOUT, hide
from yibaolang.population import pictures

CHINESE = "地区 甲市\n在职，每月10日划入缴费基数的2%\n退休，每月10日划入80元\n地区 乙市 属于 甲市\n"
RUN = ("population", "rules.yb", "--people", "people.csv", *ON)


@pytest.fixture
def files(folder: Path) -> Path:
    """A folder with rules and people."""
    for name, text in (
        ("rules.yb", RULES), ("other.yb", OTHER), ("people.csv", PEOPLE), ("zh.yb", CHINESE),
    ):  # fmt: skip
        (folder / name).write_text(text, "utf-8")
    return folder


# ── nothing that is read is written over ──


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        ((*RUN, "--out", "people.csv"), "--out"),
        ((*RUN, "--out", "./sub/../people.csv"), "--out"),
        ((*RUN, "--out", "link.csv"), "--out"),
        ((*RUN, "--rejects", "people.csv"), "--rejects"),
        (("compile", "rules.yb", *ON, "--out", "rules.yb"), "--out"),
        (("synthesize", "--count", "2", "--what", "people", "--rules", "people.csv", "--out",
          "people.csv"), "--out"),
        (("population", "rules.yb", "--people", "people.csv", "--events", "led/balances.csv",
          "--from", "2024-01", "--to", "2024-02", "--out", "led"), "--out"),
        (("ledger", "rules.yb", "--people", "people.csv", "--events", "led/balances.csv",
          "--from", "2024-01", "--to", "2024-02", "--out", "led"), "--out"),
    ],
)  # fmt: skip
def test_what_is_read_is_not_written_over(
    yibao: Yibao, files: Path, arguments: tuple[str, ...], option: str
) -> None:
    (files / "led").mkdir()
    (files / "sub").mkdir()
    (files / "led/balances.csv").write_text("account,date,kind\n", "utf-8")
    (files / "link.csv").symlink_to("people.csv")
    before = {path: path.read_bytes() for path in files.rglob("*") if path.is_file()}
    done = yibao(*arguments)
    assert (done.code, done.out) == (2, "")
    assert f"{option} would write over" in done.err
    assert {path: path.read_bytes() for path in files.rglob("*") if path.is_file()} == before


def test_two_results_do_not_go_into_one_file(yibao: Yibao, files: Path) -> None:
    done = yibao(*RUN, "--out", "a.csv", "--rejects", "./a.csv")
    assert done.code == 2
    assert "--out and --rejects name the same file" in done.err
    assert not (files / "a.csv").exists()


def test_rules_that_somebody_wrote_are_not_replaced_by_made_up_ones(
    yibao: Yibao, files: Path
) -> None:
    some = ("synthesize", "--count", "2", "--in", "济南", "--out")
    done = yibao(*some, ".")
    assert done.code == 1
    assert "./rules.yb is there already, and yibao synthesize did not write it" in done.err
    assert (files / "rules.yb").read_text("utf-8") == RULES
    assert (files / "people.csv").read_text("utf-8") == PEOPLE
    assert [yibao(*some, "demo").code for _ in range(2)] == [0, 0]


def test_a_folder_that_is_missing_is_named(yibao: Yibao, files: Path) -> None:
    done = yibao(*RUN, "--out", "gone/a.csv")
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith("gone/a.csv: there is no such folder\n")
    done = yibao(*RUN, "--out", "gone/a.csv", "--lang", "zh")
    assert done.err.endswith("gone/a.csv：没有这个文件夹\n")


def test_a_full_disk_is_told_in_words(yibao: Yibao, files: Path) -> None:
    (files / "full.csv").symlink_to("/dev/full")
    done = yibao(*RUN, "--out", "full.csv")
    assert done.code == 1
    assert "no space is left" in done.err
    done = yibao("synthesize", "--count", "2", "--rules", "rules.yb", "--out", "/dev/full")
    assert done.code == 1
    assert done.err == "yibao: /dev/full: this is no folder\n"


# ── what goes together ──


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--what", "balances"), "--what goes with --events"),
        (("--as-listed",), "--as-listed goes with --events"),
        (("--sort",), "--sort goes with --events"),
        (("--spark-conf", "a=b"), "--spark-conf goes with --spark"),
        (("--explain", "1", "--group-by", "status"), "--explain and --group-by exclude"),
        (("--explain", "1", "--rejects", "bad.csv"), "--explain and --rejects exclude"),
        (("--explain", "1", "--format", "csv"), "--explain and --format exclude"),
        (("--explain", ""), "--explain needs a value"),
        (("--out", ""), "--out needs a value"),
    ],
)
def test_options_that_say_nothing_here(
    yibao: Yibao, files: Path, more: tuple[str, ...], said: str
) -> None:
    done = yibao(*RUN, *more)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_pipe_without_a_name_says_nothing_of_what_is_in_it(yibao: Yibao, files: Path) -> None:
    for option, more in (("--people", ()), ("--events", ("--from", "2024-01", "--to", "2024-02"))):
        done = yibao("population", "rules.yb", option, "-", *more)
        assert done.code == 2
        assert f"{option} reads files" in done.err


def test_ledgers_need_their_days(yibao: Yibao, files: Path) -> None:
    done = yibao("population", "rules.yb", "--people", "people.csv", "--events", "events.csv")
    assert done.code == 2
    assert "--events needs --from and --to" in done.err


@pytest.mark.parametrize("name", ["gbk", "GBK", "gb2312", "cp936", "gb18030"])
def test_the_encodings_of_chinese_spreadsheets(yibao: Yibao, files: Path, name: str) -> None:
    (files / "gb.csv").write_bytes(PEOPLE.encode("gbk"))
    ran = yibao("population", "rules.yb", "--people", "gb.csv", *ON, "--encoding", name)
    assert ran.code == 0 and "6 persons" in ran.out
    for each in ("utf8", "UTF-8", "utf-8-sig"):
        assert yibao(*RUN, "--encoding", each).code == 0
    refused = yibao("population", "rules.yb", "--people", "gb.csv", *ON)
    assert refused.code == 1 and "--encoding GB18030" in refused.err


# ── what is told ──


@pytest.mark.parametrize("packages", [(), *WITHOUT.values()], ids=["with all", *WITHOUT])
def test_refusals_name_their_meaning_and_the_first_account(
    yibao: Yibao, files: Path, monkeypatch: pytest.MonkeyPatch, packages: tuple[str, ...]
) -> None:
    hide(monkeypatch, packages)
    done = yibao(*RUN)
    assert "YB401             1  5              … is needed and was not given" in done.out
    assert "YB402             1  6              no rule of `…` applies to this person" in done.out
    told = json.loads(yibao(*RUN, "--json").out)
    assert told["refused_first"] == {"YB401": "5", "YB402": "6"}
    compared = yibao("population", "--compare", "rules.yb", "other.yb", "--people", "people.csv",
                     *ON, "--json")  # fmt: skip
    assert json.loads(compared.out)["refused"] == [
        {"code": "YB401", "a": 1, "b": 1, "account": "5"},
        {"code": "YB402", "a": 1, "b": 1, "account": "6"},
    ]


SHARES = """input bonus: money
region 甲市
define share = bonus / 97
define rate = 2.5% if bonus > 5元, otherwise 3.333333%
define big = bonus > 5元
define due = birth + 60 years
credit 1元
region 乙市
define share = bonus / 89
credit 1元
"""
BONUSES = """account,region,birth,bonus,sex
"1,0",甲市,1960-01-01,10,male
2,乙市,1961-02-03,89,female
3,甲市,1962-03-04,,
4,甲市,1963-04-05,0.97,male
"""


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_figures_of_every_kind_are_the_same_with_and_without_packages(
    yibao: Yibao, files: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    (files / "shares.yb").write_text(SHARES, "utf-8")
    (files / "bonuses.csv").write_text(BONUSES, "utf-8")
    run = ("population", "shares.yb", "--people", "bonuses.csv", "--on", "2024-06-30", "--figure",
           "share,rate,big,due,bonus,sex,credit,age", "--out")  # fmt: skip
    outs = [yibao(*run, f"one.{kind}"), yibao(*run, f"two.{kind}", "--engine", "reference")]
    hide(monkeypatch, WITHOUT["without pyarrow"])
    outs.append(yibao(*run, f"six.{kind}"))
    assert [each.code for each in outs] == [0, 0, 0], outs
    tables = [each.out[: each.out.rindex("\n\n")] for each in outs]
    assert tables[0] == tables[1] == tables[2]
    texts = [(files / f"{name}.{kind}").read_text("utf-8") for name in ("one", "two", "six")]
    assert texts[0] == texts[1] == texts[2]
    if kind == "csv":
        header, first, *_ = csv.reader(texts[0].splitlines()[1:])
        assert len(header) == len(first)
        assert header[:4] == ["account", "share_numerator", "share_denominator", "share_refused"]
        assert first[:4] == ["1,0", "1000", "97", ""]


def test_csv_has_plain_numbers(yibao: Yibao, files: Path) -> None:
    first = yibao(*RUN, "--format", "csv").out.split("\n\n")[0]
    rows = list(csv.DictReader(io.StringIO(first)))
    assert [(row["region"], row["sum"], row["mean"]) for row in rows] == [
        ("甲市", "365.01", "121.67"), ("乙市", "80.00", "80.00"), ("all", "445.01", "111.2525"),
    ]  # fmt: skip
    parts = yibao("population", "--compare", "rules.yb", "other.yb", "--people", "people.csv", *ON,
                  "--format", "csv").out.split("\n\n")  # fmt: skip
    effect, _, deciles, bands = (list(csv.DictReader(io.StringIO(part))) for part in parts)
    assert (effect[0]["before"], effect[0]["cost"]) == ("445.01", "24.00")
    assert deciles[0] == {"decile": "0", "difference": "-5.00"}
    assert [(row["from"], row["to"]) for row in bands][:2] == [("-5.00", "-0.01"), ("0.00", "0.00")]
    assert sum(int(row["persons"]) for row in bands) == 4


def test_the_names_of_groups_are_told_in_the_language(yibao: Yibao, files: Path) -> None:
    done = yibao(*RUN, "--group-by", "年纪", "--lang", "zh")
    assert done.code == 2
    assert "--group-by 需要 地区, 年龄, age5, age10, 性别, 人员类别, " in done.err
    assert "没有 年纪" in done.err
    assert "是否想写 人员类别？" in yibao(*RUN, "--group-by", "人员类型", "--lang", "zh").err


@pytest.mark.parametrize(
    ("arguments", "chinese"),
    [
        (("population", "zh.yb", "--people", "people.csv", *ON), True),
        (("population", "--rules", "zh.yb", "--people", "people.csv", *ON), True),
        (("population", "rules.yb", "--people", "people.csv", *ON), False),
        (("population", "--compare", "zh.yb", "rules.yb", "--people", "people.csv", *ON), True),
        (("population", "--compare", "2024-06", "2024-07", "--rules", "zh.yb", "--people",
          "people.csv", "--in", "甲市"), True),
        (("compile", "zh.yb", *ON, "--out", "a.py"), True),
        (("synthesize", "--count", "2", "--rules", "zh.yb", "--out", "made"), True),
    ],
)  # fmt: skip
def test_the_answer_is_in_the_language_of_the_rules(
    yibao: Yibao, files: Path, arguments: tuple[str, ...], chinese: bool
) -> None:
    done = yibao(*arguments)
    assert (done.code, done.err) == (0, "")
    assert any(word in done.out for word in ("人数", "：")) == chinese
    assert "persons" in yibao(*RUN, "--lang", "en").out


@pytest.mark.parametrize("packages", [(), *WITHOUT.values()], ids=["with all", *WITHOUT])
def test_rules_that_are_wrong_are_told_apart_from_people(
    yibao: Yibao, files: Path, monkeypatch: pytest.MonkeyPatch, packages: tuple[str, ...]
) -> None:
    hide(monkeypatch, packages)
    (files / "slip.yb").write_text(RULES.replace("of pension", "of pensoin"), "utf-8")
    asked = ("population", "slip.yb", "--people", "people.csv", *ON)
    done = yibao(*asked)
    assert done.code == 1
    assert " --> slip.yb:4:" in done.err and "did you mean pension?" in done.err
    assert done.err.endswith("people are refused because the rules are wrong; yibao check FILE "
                             "finds all that is\n")  # fmt: skip
    assert "I don't know the name \u2026" in done.out
    assert yibao("population", "--compare", "rules.yb", *asked[1:]).code == 1
    person = yibao(*asked, "--explain", "2")
    assert person.code == 1
    assert " --> slip.yb:4:" in person.err and "did you mean pension?" in person.err


def test_a_bad_cell_is_no_fault_of_the_rules(yibao: Yibao, files: Path) -> None:
    (files / "cells.csv").write_text(
        "account,region,status,birth,contribution_base\n1,甲市,active,1990-02-30,5000\n", "utf-8"
    )
    done = yibao("population", "rules.yb", "--people", "cells.csv", "--on", "2024-06", "--figure",
                 "contribution_base,age")  # fmt: skip
    assert (done.code, done.out) == (1, "")
    assert "YB014" in done.err and "rules are wrong" not in done.err


# ── comparing years ──


def test_two_years(yibao: Yibao, files: Path) -> None:
    asked = ("population", "--compare", "2023", "2024", "--rules", "rules.yb", "--people",
             "people.csv", "--in", "甲市", "--json")  # fmt: skip
    told = json.loads(yibao(*asked).out)
    assert (told["a"], told["b"]) == ("2023", "2024")
    months = [
        json.loads(yibao("population", "rules.yb", "--people", "people.csv", "--in", "甲市",
                         "--on", f"{year}-{month:02}", "--json").out)["figures"][0]["sum_fen"]
        for year in (2023, 2024) for month in range(1, 13)
    ]  # fmt: skip
    assert (told["before_fen"], told["after_fen"]) == (sum(months[:12]), sum(months[12:]))
    wrong = yibao("population", "--compare", "2024-06", "2024-13", "--rules", "rules.yb",
                  "--people", "people.csv")  # fmt: skip
    assert wrong.code == 2
    assert "--compare needs a year, a month or a day" in wrong.err and "2024-13" in wrong.err


def test_only_amounts_are_compared(yibao: Yibao, files: Path) -> None:
    compared = ("population", "--compare", "rules.yb", "other.yb", "--people", "people.csv", *ON)
    for figure in ("age", "性别", "wait for cover"):
        for engine in ("native", "reference"):
            done = yibao(*compared, "--figure", figure, "--engine", engine, "--out", "d.csv")
            assert (done.code, done.out) == (2, "")
            assert "--compare needs an amount" in done.err
    assert not (files / "d.csv").exists()
    assert yibao(*compared, "--figure", "contribution_base").code == 0
    assert yibao(*compared, "--figure", "credit,deduct").code == 2


# ── pictures ──


def test_a_font_that_only_has_boxes_is_no_font(yibao: Yibao, files: Path) -> None:
    assert [name for name in pictures.chinese_fonts() if name.startswith("Last Resort")] == []


def test_a_picture_without_a_font_says_what_cannot_be_read(
    yibao: Yibao, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "chinese_fonts", list)
    asked = ("population", "--people", "people.csv", *ON, "--compare", "rules.yb", "other.yb",
             "--picture")  # fmt: skip
    assert yibao(*asked, "a.png").err == ""
    assert yibao(*asked, "a.svg", "--lang", "zh").err == ""
    assert "标签改用英文；" in yibao(*asked, "a.png", "--lang", "zh").err
    named = yibao(*asked, "a.png", "--group-by", "region")
    assert "names in Chinese cannot be read" in named.err


def test_a_picture_is_the_same_bytes_and_names_its_month(yibao: Yibao, files: Path) -> None:
    asked = ("population", "--people", "people.csv", *ON, "--compare", "rules.yb", "other.yb",
             "--group-by", "status,sex", "--picture")  # fmt: skip
    for name in ("a.png", "b.png", "a.svg", "b.svg"):
        assert yibao(*asked, name).code == 0
    assert (files / "a.png").read_bytes() == (files / "b.png").read_bytes()
    assert (files / "a.svg").read_bytes() == (files / "b.svg").read_bytes()
    assert "credit 2024-06: rules → other" in (files / "a.svg").read_text("utf-8")
    same = (*asked[:-5], "rules.yb", "rules.yb", "--picture", "c.svg")
    assert yibao(*same).code == 0
    assert "Nobody gets more or less." in (files / "c.svg").read_text("utf-8")


# ── one person ──


def test_who_names_no_region_is_told_how_to_name_one(yibao: Yibao, files: Path) -> None:
    asked = ("population", "rules.yb", "--people", "people.csv", "--on", "2024-06", "--explain",
             "4")  # fmt: skip
    done = yibao(*asked)
    assert done.code == 1
    assert "the row names no region: --in says which one is meant" in done.out
    assert "该行未写明地区" in yibao(*asked, "--lang", "zh").out
    assert yibao(*asked, "--in", "甲市").code == 0


def test_an_account_that_lost_its_zeros_is_found_out(yibao: Yibao, files: Path) -> None:
    (files / "people.csv").write_text(PEOPLE.replace("\n2,", "\n0002,"), "utf-8")
    done = yibao(*RUN, "--explain", "2")
    assert (done.code, done.err) == (1, "yibao: people.csv has no account 2; did you mean 0002?\n")
