"""`yibao eval`: the headline of the README, streams, JSON, regions, dates."""

import json

from tests.cli.conftest import Yibao

ENGLISH = """\
100.00元
  age >= 70 credit 2.5% of avg_pension = 100.00元  (eval:1:1)
    age >= 70 = yes
      age = 72  (given)
    2.5% of avg_pension = 100.00元
      avg_pension = 4000.00元  (given)
    round half up to 0.01元 = 100.00元  (prelude.yb:43:1)
"""
CHINESE = """\
100.00元
  退休且年龄≥70\uff0c每月划入平均养老金的2.5% = 100.00元  (eval:1:1)
    退休且年龄≥70 = 是
      退休 = 是
        人员类别 = 退休  (已知)
      年龄≥70 = 是
        年龄 = 72岁  (已知)
    平均养老金的2.5% = 100.00元
      平均养老金 = 4000.00元  (已知)
    取整四舍五入到0.01元 = 100.00元  (prelude.yb:43:1)
"""


def test_the_headline(yibao: Yibao) -> None:
    rule = "age>=70 credit 2.5% of avg_pension"
    done = yibao("eval", rule, "--given", "age=72, avg_pension=4000元")
    assert (done.code, done.err) == (0, "")
    assert done.out == ENGLISH


def test_the_headline_in_chinese(yibao: Yibao) -> None:
    rule = "退休且年龄≥70\uff0c每月划入平均养老金的2.5%"
    done = yibao("eval", rule, "--given", "退休, 年龄=72, 平均养老金=4000元")
    assert (done.code, done.err) == (0, "")
    assert done.out == CHINESE


def test_the_language_can_be_chosen(yibao: Yibao) -> None:
    rule = "age>=70 credit 2.5% of avg_pension"
    done = yibao("eval", rule, "--given", "age=72, avg_pension=4000元", "--lang", "zh")
    assert done.out.splitlines()[1] == "  年龄≥70\uff0c划入平均养老金的2.5% = 100.00元  (eval:1:1)"


def test_an_expression(yibao: Yibao) -> None:
    assert yibao("eval", "min(1元, 2元) + 1元").out.splitlines()[0] == "2.00元"


def test_facts_may_be_given_apart(yibao: Yibao) -> None:
    done = yibao("eval", "pension * 3 + last", "--given", "last = 4元", "--given", "pension = 2元")
    assert done.out.splitlines()[0] == "10.00元"


def test_json(yibao: Yibao) -> None:
    rule = "age>=70 credit 2.5% of avg_pension"
    done = yibao("eval", rule, "--given", "age=72, avg_pension=4000元", "--json")
    found = json.loads(done.out)
    assert (found["value"], found["unit"], found["figure"]) == ("100.00", "元", "credit")
    rule_line = found["explanation"]["because"][0]
    assert rule_line["kind"] == "rule" and rule_line["place"] == "eval:1:1"


def test_no_value_goes_to_stderr(yibao: Yibao) -> None:
    done = yibao("eval", "age>=70 credit 5元", "--given", "age=62")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error[YB402]: ")


def test_no_value_in_json(yibao: Yibao) -> None:
    done = yibao("eval", "age>=70 credit 5元", "--given", "age=62", "--json")
    found = json.loads(done.out)
    assert (done.code, done.err, found["value"]) == (1, "", None)
    assert [each["code"] for each in found["refused"]] == ["YB402"]


def test_what_cannot_be_read(yibao: Yibao) -> None:
    done = yibao("eval", "credit 5元 5元")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error[YB001]: ") and "--> eval:1:11" in done.err


def test_what_cannot_be_read_in_json(yibao: Yibao) -> None:
    done = yibao("eval", "credit 5元 5元", "--json")
    (found,) = json.loads(done.out)["diagnostics"]
    assert (done.code, found["code"], found["file"], found["line"]) == (1, "YB001", "eval", 1)


def test_a_region_of_the_library(yibao: Yibao) -> None:
    done = yibao("eval", "show credit", "--in", "甘肃", "--given", "retired", "--on", "2024-06")
    assert done.out.splitlines()[0] == "120.00元"


def test_the_region_of_the_facts(yibao: Yibao) -> None:
    done = yibao("eval", "show credit", "--given", "retired, in gansu", "--year", "2024")
    assert done.out.splitlines()[0] == "1440.00元"


def test_a_span(yibao: Yibao) -> None:
    done = yibao("eval", "credit 5元 monthly", "--from", "2024-01", "--to", "2024-03")
    assert done.out.splitlines()[0] == "15.00元"


def test_bytes_that_are_no_text(yibao: Yibao) -> None:
    for text in ("credit \udcff元", 'note "\udcff"', "\udcff"):
        done = yibao("eval", text)
        assert done.code == 1 and done.err.startswith("error[YB"), text
