"""`yibao explain` and `yibao compare`: facts, versions and dates on the command line."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Yibao

RULES = """\
region 甲 | jia
since 2024-01-01 as "A" cite "paper A" attested "C"
retired credit 10元 monthly
since 2024-01-01 as "B" cite "paper B" attested "D"
retired credit 12元 monthly
region 乙 | yi
since 2024-01-01 until 2024-12-31 cite "paper C"
retired credit 9元 monthly
since 2025-01-01
retired credit 9.50元 monthly
person 张三: retired, in 乙
person 李四: retired, in 甘肃
"""


@pytest.fixture
def rules(folder: Path) -> str:
    (folder / "rules.yb").write_text(RULES, encoding="utf-8")
    return "--rules=rules.yb"


def test_the_whole_reason(yibao: Yibao, rules: str) -> None:
    done = yibao("explain", "credit", rules, "--person", "张三", "--on", "2024-06")
    assert (done.code, done.err) == (0, "")
    assert (
        done.out
        == """\
credit of 张三 on 2024-06, yi = 9.00元
  retired credit 9元 monthly = 9.00元  [paper C]  (rules.yb:8:1)
    facts as of: 2024-06-30
    retired = yes
      status = retired  (given)
    round half up to 0.01元 = 9.00元  (prelude.yb:43:1)
"""
    )


def test_which_guard_failed(yibao: Yibao, rules: str) -> None:
    done = yibao("explain", "credit", rules, "--in=乙", "--given=active", "--on", "2024-06")
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("credit on 2024-06, yi: no figure: ")
    assert "    retired = no\n      status = active  (given)\n" in done.out


def test_a_person_whose_region_is_in_the_library(yibao: Yibao, rules: str) -> None:
    done = yibao("explain", "credit", rules, "--person", "李四", "--on", "2024-06")
    assert done.out.startswith("credit of 李四 on 2024-06, gansu = 120.00元")


def test_an_unknown_person(yibao: Yibao, rules: str) -> None:
    done = yibao("explain", "credit", rules, "--person", "王五", "--on", "2024-06")
    assert done.code == 1 and done.err.startswith("error[YB111]: ")


def test_an_unknown_region(yibao: Yibao) -> None:
    done = yibao("explain", "credit", "--in", "shandnog")
    assert done.code == 1
    assert done.err.startswith("error[YB044]: ") and "shandong" in done.err


def test_the_figure_decides_the_language(yibao: Yibao) -> None:
    done = yibao("explain", "划入", "--in", "甘肃", "--given", "退休", "--on", "2024-06")
    assert done.out.startswith("划入 2024-06\uff0c甘肃 = 120.00元")


def test_a_code(yibao: Yibao) -> None:
    done = yibao("explain", "yb402")
    assert done.code == 0 and done.out.startswith("error[YB402]: ")
    assert yibao("explain", "YB402", "--lang", "zh").out.startswith("错误[YB402]\uff1a")
    assert json.loads(yibao("explain", "YB402", "--json").out)["severity"] == "error"


def test_an_unknown_code(yibao: Yibao) -> None:
    done = yibao("explain", "YB4999")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("yibao: there is no diagnostic YB4999")


def test_regions_and_versions(yibao: Yibao, rules: str) -> None:
    done = yibao(
        "compare", rules, "--in", "甲=A, 甲=B\uff0cyi, 甲", "--given", "retired", "--on", "2024-06"
    )
    assert (done.code, done.err) == (0, "")
    assert (
        done.out
        == """\
region  version  date       value  difference  source
───────────────────────────────────────────────────────────────────────────────────────────────────
甲      A        2024-06  10.00元              A: paper A · C
甲      B        2024-06  12.00元     +2.00元  B: paper B · D
yi               2024-06   9.00元     -1.00元  paper C
甲               2024-06        —              YB301 the sources disagree, and none is chosen: A, B
"""
    )


def test_dates(yibao: Yibao, rules: str) -> None:
    done = yibao(
        "compare", "credit", rules, "--in=乙", "--given=retired", "--on", "2024-06,2025-06"
    )
    assert (
        done.out
        == """\
region  date      value  difference  source
────────────────────────────────────────────
乙      2024-06  9.00元              paper C
乙      2025-06  9.50元     +0.50元
"""
    )


def test_a_comparison_in_json(yibao: Yibao, rules: str) -> None:
    done = yibao("compare", rules, "--in=甲=A,甲=B,甲", "--given=retired", "--year=2024", "--json")
    first, second, third = json.loads(done.out)
    assert (first["label"], first["version"], first["value"]) == ("甲", "A", "120.00")
    assert (first["difference"], second["difference"]) == ("0.00", "24.00")
    assert (third["value"], third["difference"]) == (None, None)
    assert third["refused"][0]["code"] == "YB301"


def test_no_row_with_a_value(yibao: Yibao, rules: str) -> None:
    assert yibao("compare", rules, "--in=甲,乙", "--given=active", "--on=2024-06").code == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--in=甲=C"], "甲 has no version C; it has: A, B"),
        (["--in=乙=C"], "乙 has no named versions, and so no C"),
        (["--use=甲=C"], "甲 has no version C; it has: A, B"),
        (["--in=甲="], "--in needs REGION or REGION=VERSION, not 甲="),
        (["--use=甲"], "--use needs REGION=VERSION, not 甲"),
        (["--on=2024"], "--on needs a day or a month, such as 2024-06-20 or 2024-06, not 2024"),
        (["--on=2024-06,2024-13"], "--on needs a day or a month, such as 2024-06-20 or 2024-06,"),
        (["--year=24"], "--year needs a year from 1900 to 2200, not 24"),
        (["--on=2024-06", "--year=2024"], "--on, --year and --from with --to exclude each other"),
        (["--from=2024-06"], "--from and --to belong together"),
        (["--from=2024-06", "--to=2024-05"], "--from is after --to"),
    ],
)
def test_misuse(yibao: Yibao, rules: str, arguments: list[str], message: str) -> None:
    done = yibao("compare", rules, "--given=retired", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"yibao: {message}")
    assert done.err.endswith("yibao: see: yibao help compare\n")
