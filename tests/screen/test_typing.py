"""What a person types: sentences in both languages, lines that go on, pastes, completion."""

from pathlib import Path

import pytest

from tests.screen.conftest import Start
from tests.screen.terminals import TERMINALS
from yibaolang.language.display import width

pytestmark = pytest.mark.slow

PERSON = "person 张三: birth 1954-08-20, retired since 2014-09-01, in 甘肃"


@pytest.mark.parametrize("terminal", TERMINALS)
def test_a_first_session(start: Start, terminal: str) -> None:
    with start(terminal=TERMINALS[terminal]) as screen:
        first, second, prompt = screen.ready()[:3]
        assert first == "yibao 0.1.0: rules of personal accounts, as sentences that compute"
        assert second.startswith(".help lists the commands")
        assert prompt == "yibao>"
        screen.toolbar("no region", "no date", "nobody", "en", "F1 help")
        assert screen.ask(PERSON) == [
            "included from the library: 甘肃 (examples, not law)",
            "+ person 张三",
        ]
        assert screen.ask("show credit on 2024-08") == [
            "credit of 张三 on 2024-08, gansu = 120.00元",
            "  retired credit 120元 monthly = 120.00元"
            "  [seeds C14: 001 · D]  (regions/gansu.yb:17:1)",
        ]
        assert screen.ask("退休且年龄≥70，每月划入125元") == ["+ credit rule"]
        screen.toolbar("gansu", "no date", "张三", "en")
        screen.press("c-d")
        assert screen.ended() == 0


def test_the_toolbar_follows_what_is_typed(start: Start) -> None:
    with start() as screen:
        screen.ask("region 甘肃")
        screen.toolbar("gansu", "no date", "nobody", "en")
        screen.ask(".date 2024-08")
        screen.ask("person Li: retired since 2014-09-01, in 甘肃")
        screen.toolbar("gansu", "2024-08", "Li", "en")
        assert screen.ask(".lang zh") == ["以中文回答"]
        screen.toolbar("甘肃", "2024-08", "Li", "中文")
        assert screen.ask("显示划入")[0] == "Li的划入 2024-08，甘肃 = 120.00元"
        screen.press("f2")
        screen.toolbar("gansu", "2024-08", "Li", "en")
        screen.wait("yibao>")


def test_full_width_digits_are_digits(start: Start) -> None:
    with start() as screen:
        assert screen.ask("退休且年龄≥\uff17\uff10，每月划入\uff11\uff12\uff15元") == [
            "+ credit rule"
        ]
        assert screen.ask("\uff11 + \uff12") == ["1 + 2 = 3"]


def test_a_sentence_goes_on_in_the_next_line(start: Start) -> None:
    with start() as screen:
        assert screen.ask("age >= 70 and", "retired credit 5元") == ["+ credit rule"]
        screen.write("退休且")
        screen.press("enter")
        screen.wait("yibao> 退休且", "   ...")
        screen.press("enter")  # a blank line ends it
        assert screen.answer()[0].startswith("error[YB022]")


PASTED = """\
region 甲市
retired and age >= 70 credit 100元 monthly
retired and age < 70 credit 80元 monthly
person 张三: birth 1950-03-01, retired since 2010-01-01, in 甲市
person 李四: birth 1960-03-01, retired since 2015-01-01, in 甲市
retired credt 5元
show credit of 张三 on 2024-06
show credit of 李四 on 2024-06
.date 2024-07
1 + 1
"""


def test_a_paste_runs_sentence_by_sentence(start: Start) -> None:
    with start(size=(100, 60)) as screen:
        screen.ready()
        screen.paste(PASTED)
        screen.wait("   ... 1 + 1")
        screen.press("enter")
        answer = screen.answer()
        told = [line for line in answer if line and not line.startswith(" ")]
        assert told == [
            "+ 5 sentences",
            "error[YB024]: credt makes no sense here",
            "6 | retired credt 5元",
            "credit of 张三 on 2024-06, 甲市 = 100.00元",
            "credit of 李四 on 2024-06, 甲市 = 80.00元",
            "questions that say no time are about 2024-07",
            "1 + 1 = 2",
        ]
        assert "  = hint: did you mean credit?" in answer
        screen.toolbar("甲市", "2024-07", "李四")


def test_initials_find_a_chinese_name(start: Start) -> None:
    with start() as screen:
        screen.write("pjylj")
        (offered,) = [line for line in screen.wait("平均养老金") if "平均养老金" in line]
        assert offered.split() == ["平均养老金", "param", "·", "money"]
        screen.press("tab")
        screen.wait("yibao> 平均养老金")
        screen.press("c-c")
        screen.ready()


def test_the_menu_says_what_each_is(start: Start) -> None:
    with start() as screen:
        screen.ask("person Li: retired since 2014-09-01, in 甘肃")
        screen.write("show cre")
        found = screen.wait("money into the personal account", "credited")
        menu = [line.split(maxsplit=1) for line in found if line.startswith("     ")]
        assert ["credit", "money into the personal account"] in menu
        screen.press("tab")
        screen.wait("yibao> show credit")
        screen.type(" on 2024-08")
        screen.press("enter")
        assert screen.answer()[0] == "credit of Li on 2024-08, gansu = 120.00元"


def test_the_error_points_at_its_column(start: Start) -> None:
    with start() as screen:
        answer = screen.ask("退休且年龄≥70，每月划人125元")
        assert answer[0] == "error[YB024]: 划人 makes no sense here"
        line, carets = answer[3:5]
        assert carets.index("^") == width(line[: line.index("划人")])
        assert carets.count("^") == width("划人")
        assert answer[5] == "  = hint: did you mean 划入?"


def test_what_was_meant_is_asked_across_languages(start: Start) -> None:
    with start() as screen:
        assert screen.ask("show credt")[-1] == "  = hint: did you mean credit?"
        assert screen.ask(".hlep") == ["there is no command .hlep; did you mean .help?"]


def test_vi_keys(start: Start) -> None:
    with start() as screen:
        screen.ready()
        screen.press("f4")
        screen.toolbar("insert", "F4 emacs")
        screen.type("1 + 2")
        screen.press("escape")
        screen.toolbar("normal")
        screen.type("r7")
        screen.wait("yibao> 1 + 7")
        screen.press("enter")
        assert screen.answer() == ["1 + 7 = 8"]
        screen.press("f4")
        screen.toolbar("en", "F4 vi")


def test_files_are_named_at_the_start(start: Start, folder: Path) -> None:
    (folder / "rules.yb").write_text("region 甲市\nretired credit 5元 monthly\n", "utf-8")
    with start("rules.yb", size=(80, 24)) as screen:
        assert screen.ready()[0] == "yibao 0.1.0: rules.yb"
        screen.toolbar("rules.yb")


def test_keys_know_the_words_of_both_languages(start: Start) -> None:
    with start() as screen:
        screen.write("show credit 退休且年龄")
        screen.press("c-w")
        screen.wait_gone("年龄")
        screen.press("c-w", "c-w")
        screen.wait_gone("退休")
        screen.press("c-c")
        screen.ready()
        screen.write("1 + 2")
        screen.type("\x1b\r")  # Alt-Enter
        screen.wait("   ...")
        screen.type("3 + 4")
        screen.press("enter")
        assert screen.answer() == ["1 + 2 = 3", "3 + 4 = 7"]


def test_a_chinese_session(start: Start) -> None:
    with start(LANG="zh_CN.UTF-8") as screen:
        assert screen.ready()[0] == "yibao 0.1.0：个人账户规则，写成能计算的句子"
        screen.toolbar("无地区", "无日期", "无人员", "中文", "F2 English")
        screen.ask("地区 甘肃")
        screen.ask("人员 张三：退休自2014-09-01，在甘肃")
        assert screen.ask("\u3002日期\uff12\uff10\uff12\uff14\u5e74\uff18\u6708") == [
            "未写时间的提问按 2024-08"
        ]
        assert screen.ask("显示划入")[0] == "张三的划入 2024-08，甘肃 = 120.00元"
        assert screen.ask("甘肃\uff1f")[0] == "甘肃 | gansu：属于全国的地区"
        assert screen.ask("显示划人")[-1] == "  = 提示：是否想写 划入？"
