"""The last answer as a test of the session."""

from datetime import date
from pathlib import Path

import pytest

from yibaolang.engine import script
from yibaolang.engine.rulebook import load
from yibaolang.session.replies import Misused, Ran, Reply, Said
from yibaolang.session.sandbox import Sandbox
from yibaolang.session.session import Session

TOUR = "examples/tour.yb"
QUESTIONS = (
    "show credit of 张三 on 2024-08",
    "show credit of 张三 on 2024-08-20",
    "show credit of 张三 in 2024",
    "show credit of 张三 by month in 2024",
    "show credit of 张三 from 2024-03-01 to 2024-10-15",
    "show deduct of 张三 on 2024-08",
    "show net credit of 张三 on 2024-08",
    "explain credit of 李四 on 2023-02",
    'compare shandong as "C18", shandong as "C19", gansu, wuhan, beijing for 张三 on 2024-08',
    "show makeup_cost of 王五 on 2025-11-01",
    "show months_missing of 王五 on 2025-11-01",
    "show months_missing of 王五 on 2027-06-01",
    "show paid_up_on of 王五 on 2025-11-01",
    "show lifetime_benefit of 王五 on 2025-11-01",
    "show years_needed of 王五 on 2025-11-01",
    "show makeup_rate of 王五 on 2025-11-01",
    "show sex of 王五",
    "show male of 王五",
    "show retired_on of 张三",
    "show wait for cover of 赵六 on 2024-06-01",
    "show balance of 赵六",
    "show balance of 赵六 on 2024-06",
    "show balance of 赵六 by month in 2024",
    "show carried of 赵六 on 2024-06-30",
    "show fund of 赵六 in 2024",
    "show drawn of 赵六 from 2024-03-01 to 2024-09-30",
    "show ^e1 of 赵六",
    "compare balance under jinan, gansu for 赵六 on 2024-12-31",
)


def only(session: Session, text: str) -> Reply:
    (reply,) = session.run(text)
    return reply


def pinned(session: Session, words: str = "") -> list[str]:
    """The lines of the test that is made of the last answer."""
    said, *runs = session.run(f".pin {words}")
    assert isinstance(said, Said), said
    assert runs
    assert all(isinstance(each, Ran) and each.ok for each in runs)
    return said.text.splitlines()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_makes_a_test_that_passes(question: str, lang: str) -> None:
    session = Session(TOUR, lang=lang)
    session.text(question)
    assert session.last is not None
    lines = pinned(session)
    assert "\n".join(lines) in session.script


def test_a_figure() -> None:
    session = Session(TOUR)
    session.text("show credit of 张三 on 2024-08")
    assert pinned(session) == [
        'test "credit of 张三 on 2024-08, shandong"',
        'given male, birth 1954-08-20, retired since 2014-09-01, in shandong as "C18"',
        "on 2024-08 expect credit = 125.00元",
    ]


def test_a_title_of_ones_own() -> None:
    session = Session(TOUR, lang="zh")
    session.text("显示张三的划入在2024年")
    assert pinned(session, "\u201c一年 划入\u201d") == [
        '测试"一年 划入"',
        '已知 男\uff0c出生日期1954-08-20\uff0c退休自2014-09-01\uff0c在山东作为"C18"',
        "期望划入在2024年=1325.00元",
    ]


@pytest.mark.parametrize("title", ['a "quoted" one', "a \u202e b", "x" * 3000, "\u201c\u201d", '"'])
def test_any_title(title: str) -> None:
    session = Session()
    session.text("credit 5元\nshow credit")
    assert pinned(session, title)[-1] == "expect credit = 5.00元"


def test_a_balance_has_what_happened() -> None:
    session = Session()
    session.text("""\
region 甲市
retired credit 100元 monthly on day 20
person 张三: retired
ledger 张三 from 2024-01-01
2024-01-03  ^e1  opening carried 50元
2024-02-03  ^e2  void ^e1 because "错记"
show balance
""")
    assert pinned(session) == [
        'test "balance of 张三, 甲市"',
        "given retired, in 甲市",
        "ledger from 2024-01-01",
        "2024-01-03  ^e1  opening carried 50元",
        '2024-02-03  ^e2  void ^e1 because "错记"',
        "on 2024-02-03 expect balance = 100.00元",
    ]


def test_what_is_typed_next_goes_on_as_before() -> None:
    session = Session()
    session.text("person 张三: retired\nledger 张三 from 2024-01-01 as listed")
    session.text("2024-01-03 opening carried 50元\nshow balance")
    pinned(session)
    session.text("2024-01-04 opening carried 20元")
    assert session.text("show balance").startswith("balance of 张三 = 70.00元")


def test_undo_takes_it_back() -> None:
    session = Session(TOUR)
    session.text("show credit of 张三 on 2024-08")
    before = session.script
    pinned(session)
    assert session.script != before
    session.text(".undo")
    assert session.script == before


def test_it_is_saved_with_the_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    session = Session()
    session.text("""\
region 甲市
since 2024-01-01 as "X"
retired credit 100元 monthly on day 20
since 2024-01-01 as "Y"
retired credit 90元 monthly on day 20
use 甲市 as "Y"
person 张三: retired, in 甲市
show credit of 张三 on 2024-05
.pin first
region 乙市
retired credit 10元 monthly on day 20
compare 甲市 as "X", 乙市 for 张三 on 2024-05
.pin second
.save kept.yb
""")
    runs = list(script.tests(load("kept.yb")))
    assert [run.title for run in runs] == ["first", "second 甲市 X", "second 乙市"]
    assert all(run.passed for run in runs)
    assert 'given retired, in 甲市 as "Y"' in (tmp_path / "kept.yb").read_text("utf-8")


def test_the_session_s_person_and_region() -> None:
    session = Session(today=date(2024, 6, 20))
    session.text("region 甲市\ndefine cap = 100元 if retired, otherwise 50元")
    session.text("person 张三: retired\ncap")
    assert pinned(session) == ['test "cap"', "given retired, in 甲市", "expect cap = 100.00元"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "why balance of 赵六 in 2024",
        "why not drugs 10元 of 赵六 on 2024-06-01",
        "1元 + 1元",
        "define third = 100元 / 3\nthird",
        "ledger 张三 from 2024-01-01\n2024-01-02 ^o opening carried 5元\nshow ^o of 张三",
    ],
)
def test_what_no_test_can_expect(text: str) -> None:
    session = Session(TOUR)
    session.text(text)
    before = session.state
    assert isinstance(only(session, ".pin"), Misused)
    assert session.state is before


def test_an_answer_that_is_another_one_by_now() -> None:
    session = Session()
    session.text("define cap = 5元\ncap\ndefine other = 1元\n.undo 2\ndefine cap = 6元")
    if session.last is not None:
        assert isinstance(only(session, ".pin"), Misused)
    session.text("cap")
    last = session.state.last
    session.text("region 甲\ndefine cap = 7元")
    assert session.state.last is last
    assert pinned(session)[-1] == "expect cap = 6.00元"


def test_a_sandbox_bounds_it() -> None:
    session = Session(sandbox=Sandbox(sentences=2))
    session.text("credit 5元\nshow credit")
    reply = only(session, ".pin")
    assert not reply.ok
    assert "at most 2 sentences" in session.text(".pin")
