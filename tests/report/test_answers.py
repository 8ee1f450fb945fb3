"""What questions come to: headings, lines, tables, JSON."""

import pytest

from yibaolang.engine.rulebook import read
from yibaolang.engine.script import questions
from yibaolang.engine.shown import Shown
from yibaolang.language.display import width
from yibaolang.report.answers import Told, answer_json, answer_table, told
from yibaolang.report.tables import Table, formatted

RULES = """\
region 甲市 | jia
retired credit 100元 monthly on day 20 cite "甲办法" attested "C"
active credit 2% of contribution_base monthly on day 20
draw current then carried, rest to cash
cover 0% of outpatient
allow outpatient for self
region 乙市 under 甲市
retired credit 60.50元 monthly on day 20
region 甲市
person 张三: retired, in 甲市
person 李四: active, in 甲市
ledger 张三 from 2024-01-01 to 2024-04-30
2024-01-03  ^e1  opening carried 50元
2024-04-02  ^e2  outpatient 120元 at tertiary
"""


def asked(text: str) -> Shown:
    """The answer to the one question of a text under the rules above."""
    (shown,) = questions(read(RULES + text))
    return shown


def test_a_figure_has_its_rules_below() -> None:
    shown = asked("show credit of 张三 on 2024-06")
    assert told(shown, "en") == Told(
        "credit of 张三 on 2024-06, jia = 100.00元",
        ("  retired credit 100元 monthly on day 20 = 100.00元  [甲办法 · C]  (text:2:1)",),
    )
    row = ("", "划入", "张三", "2024-06", "甲市", "100.00元", "甲办法 · C")
    assert answer_table(shown, "zh") == Table(
        ("label", "figure", "person", "date", "region", "value", "why"),
        ("项目", "数值名", "人员", "日期", "地区", "数值", "依据或原因"),
        (row,),
        frozenset([5]),
    )


def test_a_refusal_has_what_failed_below() -> None:
    shown = asked("show credit of 李四 on 2024-06")
    found = told(shown, "en")
    needed = "contribution_base is needed and was not given"
    assert found.heading == f"credit of 李四 on 2024-06, jia: no figure: {needed}"
    failed = "  retired credit 100元 monthly on day 20: does not apply  [甲办法 · C]  (text:2:1)"
    assert failed in found.lines
    ((*_, value, why),) = answer_table(shown, "en").rows
    assert (value, why) == ("", f"YB401 {needed}")


@pytest.mark.parametrize(
    "question", ["explain credit of 张三 on 2024-06", "why balance of 张三 in 2024"]
)
def test_an_explanation_is_whole(question: str) -> None:
    shown = asked(question)
    reason = shown.rows[0].result.reason("zh", "张三")
    found = told(shown, "zh")
    assert [found.heading, *found.lines] == list(reason.lines())


def test_an_expression() -> None:
    shown = asked("2 * 3元")
    assert told(shown, "en") == Told("2 * 3元 = 6.00元")
    ((_, figure, *_, value, _),) = answer_table(shown, "en").rows
    assert (figure, value) == ("2 * 3元", "6.00元")


def test_a_comparison() -> None:
    shown = asked("compare 甲市, 乙市 for 张三 on 2024-06")
    found = told(shown, "zh")
    assert found.heading == "比较甲市、乙市用于张三于2024-06"
    assert found.table is not None
    assert found.table.keys == ("region", "value", "difference", "source")
    assert found.table.rows == (
        ("甲市", "100.00元", "", "甲办法 · C"), ("乙市", "60.50元", "-39.50元", ""),
    )  # fmt: skip
    assert [row[0] for row in answer_table(shown, "zh").rows] == ["甲市", "乙市"]


def test_credits_by_month_have_a_sum() -> None:
    table = told(asked("show credit of 张三 by month in 2024"), "en").table
    assert table is not None
    assert table.keys == ("month", "value", "source")
    assert table.rows[0] == ("2024-01", "100.00元", "甲办法 · C")
    assert table.rows[-1] == ("total", "1200.00元", "")


@pytest.mark.parametrize("ambiguous", [1, 2])
def test_balances_by_month_have_bars_of_one_width(ambiguous: int) -> None:
    table = told(asked("show balance of 张三 by month in 2024"), "en", ambiguous).table
    assert table is not None
    assert (table.keys[-1], table.titles[-1]) == ("chart", "")
    assert [row[1] for row in table.rows] == ["150.00元", "250.00元", "350.00元", "330.00元"]
    assert width(table.rows[2][2], ambiguous) == 20
    rule, *rows = formatted(table, "table", ambiguous).split("\n")[1:]
    assert (width(rule, ambiguous), width(rows[2], ambiguous)) == (40 - ambiguous, 39)


def test_what_changed_and_what_may_be_paid_are_told_by_their_titles() -> None:
    figures = [
        answer_table(asked(each), "en").rows[0][1]
        for each in ("why balance of 张三 in 2024", "why not outpatient 30元 of 张三 on 2024-02-01")
    ]
    assert figures[0] == "change of balance of 张三 in 2024, jia"
    assert figures[1].startswith("the account of 张三 may pay outpatient 30.00元")


def test_an_answer_without_results_says_nothing() -> None:
    shown = asked("show balance of 张三 by month in 2020")
    assert shown.rows == ()
    assert told(shown, "en") == Told("")
    assert answer_table(shown, "en").rows == ()


def test_json() -> None:
    found = answer_json(asked("show credit of 张三 on 2024-06"), "en")
    results = found.pop("results")
    assert isinstance(results, list)
    assert [(each["label"], each["value"], each["unit"]) for each in results] == [
        ("", "100.00", "元")
    ]
    assert found == {
        "verb": "show", "text": "show credit of 张三 on 2024-06", "file": "text", "line": 15,
        "person": "张三",
    }  # fmt: skip
