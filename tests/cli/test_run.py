"""`yibao run`: answers on stdout, what is wrong on stderr."""

import json
from pathlib import Path

from tests.cli.conftest import ROOT, Yibao

SCRIPT = """\
region 甲 | jia
retired credit 10元 monthly cite "a paper" attested "D"
person 张三: retired, in 甲
show credit of 张三 on 2024-06
show credit of 张三 in 2024
1元 + 2元
"""
ANSWERS = """\
credit of 张三 on 2024-06, jia = 10.00元
  retired credit 10元 monthly = 10.00元  [a paper · D]  (a.yb:2:1)

credit of 张三 in 2024, jia = 120.00元
  2024-01 to 2024-12 = 12 × 10.00元
    retired credit 10元 monthly  [a paper · D]  (a.yb:2:1)

1元 + 2元 = 3.00元
"""


def test_questions_are_answered(yibao: Yibao, folder: Path) -> None:
    (folder / "a.yb").write_text(SCRIPT, encoding="utf-8")
    done = yibao("run", "a.yb")
    assert (done.code, done.err, done.out) == (0, "", ANSWERS)


def test_months_have_a_total(yibao: Yibao, folder: Path) -> None:
    text = "person 张三: retired\nretired credit 10元 monthly\nshow credit by month in 2024\n"
    (folder / "a.yb").write_text(text, encoding="utf-8")
    lines = yibao("run", "a.yb").out.splitlines()
    assert lines[0] == "show credit by month in 2024"
    assert lines[1:4] == ["month       value", "─" * 17, "2024-01   10.00元"]
    assert lines[-1] == "total    120.00元"


def test_a_comparison(yibao: Yibao, folder: Path) -> None:
    text = """\
region 甲
credit 10元
region 乙
credit 12.50元 cite "a paper" attested "C"
region 丙
retired credit 9元
person 张三: active
compare 甲, 乙, 丙 for 张三 on 2024-06
"""
    (folder / "a.yb").write_text(text, encoding="utf-8")
    assert (
        yibao("run", "a.yb").out
        == """\
compare 甲, 乙, 丙 for 张三 on 2024-06
region    value  difference  source
─────────────────────────────────────────────────────────────────────────────
甲      10.00元
乙      12.50元     +2.50元  a paper · C
丙            —              YB402 no rule of `credit` applies to this person
"""
    )


def test_no_figure_is_an_answer(yibao: Yibao, folder: Path) -> None:
    text = "retired credit 10元\nperson 张三: active\nshow credit\n"
    (folder / "a.yb").write_text(text, encoding="utf-8")
    done = yibao("run", "a.yb")
    assert (done.code, done.err) == (0, "")
    assert (
        done.out
        == """\
credit of 张三: no figure: no rule of `credit` applies to this person
  retired credit 10元: does not apply  (a.yb:1:1)
    retired = no
      status = active  (given)
"""
    )


def test_a_question_that_makes_no_sense_does_not_stop_the_others(
    yibao: Yibao, folder: Path
) -> None:
    text = "credit 10元\nshow credit of 张三\nshow credit\n"
    (folder / "a.yb").write_text(text, encoding="utf-8")
    done = yibao("run", "a.yb")
    assert done.code == 1
    assert done.err.startswith("error[YB111]: ")
    assert "credit = 10.00元" in done.out
    told = json.loads(yibao("run", "a.yb", "--json").out)
    assert told[0]["diagnostics"][0]["code"] == "YB111"
    assert told[1]["results"][0]["value"] == "10.00"


def test_a_file_that_cannot_be_read(yibao: Yibao, folder: Path) -> None:
    done = yibao("run", "none.yb")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error[YB040]: ")


def test_a_script_without_questions(yibao: Yibao, folder: Path) -> None:
    (folder / "a.yb").write_text("credit 10元\n", encoding="utf-8")
    done = yibao("run", "a.yb")
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("yibao: a.yb: nothing is asked in it")


def test_the_answer_is_in_the_language_of_the_script(yibao: Yibao, folder: Path) -> None:
    text = "人员 张三\uff1a退休\n退休\uff0c每月划入10元\n显示 张三的划入 于2024-06\n"
    (folder / "a.yb").write_text(text, encoding="utf-8")
    assert yibao("run", "a.yb").out.splitlines()[0] == "张三的划入 2024-06 = 10.00元"
    assert yibao("run", "a.yb", "--lang", "en").out.startswith("credit of 张三 on 2024-06 = ")


def test_a_version_can_be_chosen(yibao: Yibao, folder: Path) -> None:
    text = "include 山东\nperson 张三: retired, age = 72, in 山东\nshow credit on 2024-06\n"
    (folder / "a.yb").write_text(text, encoding="utf-8")
    assert "no figure" in yibao("run", "a.yb").out
    assert "= 142.00元" in yibao("run", "a.yb", "--use", "山东=C19").out


def test_the_tour(yibao: Yibao) -> None:
    done = yibao("run", str(ROOT / "examples" / "tour.yb"))
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert len(lines) <= 75
    for start in (
        "credit of 张三 on 2024-07, shandong = 100.00元",
        "credit of 张三 on 2024-08, shandong = 125.00元",
        "credit of 李四 on 2023-01, wuhan = 260.00元",
        "credit of 李四 on 2023-02, wuhan = 83.00元",
        "makeup_cost of 王五 on 2025-11-01, zhanjiang = 6750.00元",
        "months_missing of 王五 on 2027-06-01, zhanjiang: no figure: ",
    ):
        assert any(line.startswith(start) for line in lines), start


def test_the_first_rule(yibao: Yibao) -> None:
    path = str(ROOT / "examples" / "first.yb")
    done = yibao("run", path)
    assert (done.code, done.err) == (0, "")
    assert "credit of 张三 in 2024, my_city = 1100.00元" in done.out
    assert yibao("check", "--strict", path).code == 0
