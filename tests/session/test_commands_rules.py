"""What is in force, what params are worth, where it is written, what a name means."""

from datetime import date

import pytest

from yibaolang.session.replies import Misused, Reply, Said, Tabled
from yibaolang.session.session import Session
from yibaolang.session.settings import FORMATS

RULES = """\
region 甲省 | jia
param floor | 底线: money
  2023-01-01 until 2023-12-31  3000元  cite "公告" attested "B"
  2024-01-01  unknown
table rates | 比例表 cite "办法"
  | level    || ratio: rate |
  | tertiary |  50%         |
since 2023-01-01 until 2023-12-31 cite "旧办法" attested "A"
retired credit 80元 monthly on day 20
since 2024-01-01 cite "新办法" attested "A"
retired credit 100元 monthly on day 20
define cap | 限额 = 2000元
allow outpatient, drugs for self
region 乙市 | yi under 甲省
since 2024-01-01 as "X" cite "文件一" attested "D"
retired credit 120元 monthly on day 20
define cap | 限额 = 2500元
since 2024-01-01 as "Y" cite "文件二" attested "E"
retired credit 110元 monthly on day 20
define cap | 限额 = 2600元
also allow checkup for self
"""


@pytest.fixture
def session() -> Session:
    """A session with rules, in 乙市."""
    found = Session(today=date(2024, 6, 20))
    assert all(reply.ok for reply in found.run(RULES))
    return found


def only(session: Session, text: str) -> Reply:
    (reply,) = session.run(text)
    return reply


def rows(session: Session, text: str) -> list[dict[str, str]]:
    """The rows of a table by the keys of the columns."""
    reply = only(session, text)
    assert isinstance(reply, Tabled), reply
    return [dict(zip(reply.table.keys, row, strict=True)) for row in reply.table.rows]


def column(session: Session, text: str, key: str) -> list[str]:
    return [row.get(key, "") for row in rows(session, text)]


# ── rules ──


def test_rules_of_a_kind_with_their_spans_and_sources(session: Session) -> None:
    session.text("region 甲省\n.date 2023-06")
    assert rows(session, ".rules credit") == [{
        "kind": "credit", "since": "2023-01-01", "until": "2023-12-31",
        "rule": "retired credit 80元 monthly on day 20", "source": "旧办法 · A",
        "place": "session:9",
    }]  # fmt: skip


def test_versions_that_disagree_are_each_shown(session: Session) -> None:
    reply = only(session, ".rules credit")
    assert isinstance(reply, Tabled)
    assert column(session, ".rules credit", "version") == ["X", "Y"]
    assert reply.notes == (
        'the versions of yi disagree: X, Y; choose one, as in .use yi "X"',
    )  # fmt: skip


def test_the_advice_to_choose_a_version_works(session: Session) -> None:
    assert all(reply.ok for reply in session.run('.use yi "X"'))
    found = column(session, ".rules credit", "rule")
    assert found == ["retired credit 120元 monthly on day 20"]


def test_what_is_added_stands_beside_the_rules_of_the_parent(session: Session) -> None:
    session.text(".use Y")
    found = rows(session, ".rules allow")
    assert [(row["rule"], row["region"]) for row in found] == [
        ("also allow checkup for self", ""),
        ("allow outpatient, drugs for self", "jia"),
    ]


@pytest.mark.parametrize("asked", ["outpatient", "门诊", "allow", "允许", "drugs"])
def test_rules_about_a_category_or_of_a_kind(session: Session, asked: str) -> None:
    assert "allow outpatient, drugs for self" in column(session, f".rules {asked}", "rule")


def test_rules_of_nothing(session: Session) -> None:
    assert only(session, ".rules interest").__class__ is Said
    reply = only(session, ".rules crdit")
    assert isinstance(reply, Misused)
    assert reply.text.splitlines()[0].endswith("did you mean credit?")


def test_every_region_has_the_shared_rules() -> None:
    found = column(Session(), ".rules", "rule")
    assert found == [
        "round half up to 0.01元",
        "year from 01-01",
        "day count 365",
        "phases carrying then crediting then adjusting then paying then earning then ending",
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("format", FORMATS)
def test_rules_in_every_format(session: Session, lang: str, format: str) -> None:
    session.text(f".lang {lang}\n.set output {format}")
    assert "100" not in session.text(".rules credit")
    assert "110" in session.text(".rules credit")


# ── params ──


def test_the_values_of_a_param(session: Session) -> None:
    assert rows(session, ".params 底线") == [
        {"name": "floor", "since": "2023-01-01", "until": "2023-12-31", "value": "3000.00元",
         "region": "jia", "source": "公告 · B"},
        {"name": "floor", "since": "2024-01-01", "until": "", "value": "unknown",
         "region": "jia", "source": ""},
    ]  # fmt: skip


def test_every_param_of_the_region_and_those_without_a_value(session: Session) -> None:
    reply = only(session, ".params")
    assert isinstance(reply, Tabled)
    assert [row[0] for row in reply.table.rows] == ["floor", "floor"]
    assert reply.notes == ("without a value here: avg_pension, avg_wage",)


def test_a_param_that_has_values_elsewhere() -> None:
    session = Session()
    session.text("include 湛江")
    reply = only(session, ".params years_men")
    assert isinstance(reply, Said)
    assert "zhanjiang" in reply.text
    session.text("region 湛江")
    values = column(session, ".params years_men", "value")
    assert values == ["23 years", "unknown", "30 years"]


@pytest.mark.parametrize("name", ["flor", "年龄", "nothing_such"])
def test_no_param(session: Session, name: str) -> None:
    assert isinstance(only(session, f".params {name}"), Misused)


# ── source ──


def test_the_clause_behind_an_answer(session: Session) -> None:
    session.text("person 张三: retired, in 甲省\nshow credit of 张三 on 2024-05")
    assert session.text(".source") == (
        "session:11  新办法 · A (official text)\n"
        '  10 | since 2024-01-01 cite "新办法" attested "A"\n'
        "  11 | retired credit 100元 monthly on day 20"
    )


def test_the_clauses_of_versions_that_disagree(session: Session) -> None:
    session.text("person 张三: retired, in 乙市\nshow credit of 张三 on 2024-05")
    text = session.text(".source")
    assert "X: 文件一 · D (seed document only)" in text
    assert "Y: 文件二 · E (unverified)" in text


def test_the_clauses_behind_a_value(session: Session) -> None:
    session.text("define twice = 2 * cap\nregion 甲省\n.date 2024-05\ncap")
    assert "12 | define cap | 限额 = 2000元" in session.text(".source")


def test_the_clauses_behind_a_balance(session: Session) -> None:
    session.text("person 张三: retired, in 甲省\nledger 张三 from 2024-01-01 to 2024-03-01")
    session.text("show balance of 张三")
    assert "11 | retired credit 100元" in session.text(".source")


def test_the_clauses_of_names(session: Session) -> None:
    session.text(".use X")
    assert "  17 | define cap | 限额 = 2500元" in session.text(".source 限额")
    assert session.text(".source floor") == (
        "session:4  no source is named\n  4 |   2024-01-01  unknown"
    )
    assert "  5 | table rates" in session.text(".source 比例表")
    assert "credit 120元" in session.text(".source 划入")
    assert "person" in session.text("person 李四: male\n.source 李四")


def test_source_of_nothing(session: Session) -> None:
    assert isinstance(only(session, ".source"), Misused)
    assert isinstance(only(session, ".source crdit"), Misused)


# ── name? ──


def test_a_definition_and_those_of_other_regions(session: Session) -> None:
    session.text("region 甲省")
    said, others = session.run("cap?")
    assert isinstance(said, Said)
    assert said.text == (
        "cap | 限额: define · money (元)\n"
        "  define cap | 限额 = 2000元  [新办法 · A]  (session:12)  in jia"
    )
    assert isinstance(others, Tabled)
    assert [row[:3] for row in others.table.rows] == [
        ("yi", "2024-01-01", "X"), ("yi", "2024-01-01", "Y"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("floor", "floor | 底线: param · money (元)"),
        ("credit", "keyword · money into the personal account"),
        ("money", "type · an amount in yuan"),
        ("status", "active, retired, flexible, resident"),
        ("male", "value of sex"),
        ("outpatient", "1 rule names it: yi, on 2024-06-20  (.rules outpatient)"),
        ("pension", "input pension | 本人养老金: money in 0元..1000000元"),
        ("rates", "table rates | 比例表  [办法]"),
        ("甲省", "jia | 甲省: region"),
        ("上海", "a region of the library"),
        ("rules", ".rules"),
    ],
)
def test_what_names_mean(session: Session, name: str, told: str) -> None:
    assert told in session.text(f"{name}?")
    assert told in session.text(f"{name} \uff1f")


def test_a_person_with_the_ledger(session: Session) -> None:
    session.text("person 张三: retired\nledger 张三 from 2024-01-01")
    assert session.text("张三?") == "person 张三: retired\nledger 张三 from 2024-01-01"


def test_a_name_in_chinese(session: Session) -> None:
    session.text(".lang zh\n.use X")
    assert session.text("cap?").splitlines()[:2] == [
        "限额 | cap\uff1a定义 · 金额\uff08元\uff09",
        "  定义 cap | 限额 = 2500元  [X: 文件一 · D]  (session:17)  · 乙市",
    ]


@pytest.mark.parametrize(
    ("name", "near"),
    [("capp", "cap"), ("平均养老全", "平均养老金"), ("pjylj", "平均养老金")],
)
def test_did_you_mean(session: Session, name: str, near: str) -> None:
    reply = only(session, f"{name}?")
    assert isinstance(reply, Misused)
    assert f"did you mean {near}" in reply.text


def test_nothing_changes(session: Session) -> None:
    before = session.state
    session.text(".rules\n.params\n.source cap\ncap?\nnothing_such?")
    assert session.state is before


def test_rules_of_no_region_say_how_to_look_at_one() -> None:
    session = Session()
    session.text("region 甲市\ncredit 5元\n.region none")
    assert "`.region NAME` looks at a region" in session.text(".rules credit")
    session.text(".region 甲市")
    assert "looks at" not in session.text(".rules deduct")
