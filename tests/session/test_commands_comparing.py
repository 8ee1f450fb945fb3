"""What differs between two days, versions or files."""

from datetime import date
from pathlib import Path

import pytest

from yibaolang.session.replies import Misused, Refused, Reply, Said, Tabled
from yibaolang.session.sandbox import Sandbox
from yibaolang.session.session import Session

OLD = """\
region 甲市 | jia
param base_rate: rate
  2023-01-01 2%
table rates | 比例表
  | level    || ratio: rate |
  | tertiary |  50%         |
since 2023-01-01
retired credit 80元 monthly on day 20
active credit 2% of contribution_base monthly on day 20
define cap = 2000元
"""
NEW = """\
region 甲市 | jia
param base_rate: rate
  2023-01-01 2.5%
table rates | 比例表
  | level    || ratio: rate |
  | tertiary |  60%         |
since 2023-01-01
retired credit 90元 monthly on day 20
resident credit none
define cap = 2000元
region 乙市
credit 5元
"""
DATED = """\
region 甲市 | jia
since 2023-01-01 until 2023-12-31
retired credit 80元 monthly on day 20
define cap = 2000元
since 2024-01-01
retired credit 100元 monthly on day 20
define cap = 2000元
since 2024-01-01 as "X"
allow drugs for self
since 2024-01-01 as "Y second"
deny drugs
person 张三: retired, in 甲市
"""


@pytest.fixture
def session() -> Session:
    """A session with rules that change and disagree."""
    found = Session(today=date(2024, 6, 20))
    assert all(reply.ok for reply in found.run(DATED))
    return found


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of two files, which is the current one."""
    (tmp_path / "old.yb").write_text(OLD, encoding="utf-8")
    (tmp_path / "new.yb").write_text(NEW, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def only(session: Session, text: str) -> Reply:
    (reply,) = session.run(text)
    return reply


def tabled(session: Session, text: str) -> dict[str, list[tuple[str, ...]]]:
    """The rows of the tables by the first word of their headings."""
    return {
        reply.heading.partition(":")[0].partition(" ")[0]: list(reply.table.rows)
        for reply in session.run(text)
        if isinstance(reply, Tabled)
    }


# ── days ──


def test_two_days(session: Session) -> None:
    found = tabled(session, ".diff 2023-06 2024-06")
    assert [row[0] for row in found["rules"]] == ["before", "after", "came", "came"]
    assert [row[3] for row in found["rules"]] == [
        "retired credit 80元 monthly on day 20",
        "retired credit 100元 monthly on day 20",
        "allow drugs for self",
        "deny drugs",
    ]
    assert [row[:3] for row in found["credit"]] == [
        ("2023-06", "80.00元", ""), ("2024-06", "100.00元", "+20.00元"),
    ]  # fmt: skip


def test_years_and_days_the_other_way_round(session: Session) -> None:
    found = tabled(session, ".diff 2024\u5e74 2023\u5e74")
    assert [row[0] for row in found["rules"]] == ["before", "after", "went", "went"]
    assert [row[1] for row in found["credit"]] == ["1200.00元", "960.00元"]


def test_params_between_two_days() -> None:
    session = Session("examples/tour.yb")
    session.text(".person 王五")
    found = tabled(session, ".diff 2025-06-01 2026-06-01 years_needed")
    assert [row[:3] for row in found["params"]][:2] == [
        ("years_men", "23 years", "unknown"), ("years_women", "22 years", "unknown"),
    ]  # fmt: skip
    assert [row[1] for row in found["years_needed"]] == ["23 years", "—"]


def test_two_days_alike(session: Session) -> None:
    first, second = session.run(".diff 2024-06 2024-07")
    assert isinstance(first, Said)
    assert first.text == "no rule and no param differs: jia, 2024-06 → 2024-07"
    assert isinstance(second, Tabled)


def test_a_measure_on_two_days() -> None:
    session = Session("examples/tour.yb")
    session.text(".person 赵六")
    found = tabled(session, ".diff 2024-06-30 2024-12-31 balance")
    assert [row[:3] for row in found["balance"]] == [
        ("2024-06-30", "2890.00元", ""), ("2024-12-31", "1232.77元", "-1657.23元"),
    ]  # fmt: skip


def test_in_chinese(session: Session) -> None:
    session.text(".lang zh")
    assert session.text(".对照 2023年6月 2024年6月").splitlines()[0] == (
        "规则\uff1a甲市\uff0c2023-06 → 2024-06"
    )


# ── versions ──


@pytest.mark.parametrize(
    "text", ['.diff X "Y second"', ".diff X \u300cY second\u300d", '.对照 X\u3001"Y second"']
)
def test_two_versions(session: Session, text: str) -> None:
    found = tabled(session, text)
    assert [row[:2] for row in found["rules"]] == [("before", "X"), ("after", "Y second")]
    assert [row[:3] for row in found["credit"]] == [
        ("X", "100.00元", ""), ("Y second", "100.00元", "0.00元"),
    ]  # fmt: skip


def test_versions_of_the_parent() -> None:
    session = Session("examples/tour.yb")
    session.text(".person 赵六\n.date 2024-12-31")
    found = tabled(session, ".diff C18 C19 balance")
    assert [row[:3] for row in found["balance"]] == [
        ("C18", "1232.77元", ""), ("C19", "1359.87元", "+127.10元"),
    ]  # fmt: skip


# ── files ──


def test_two_files(files: Path) -> None:
    session = Session()
    session.text("person 张三: retired, in 甲市")
    found = tabled(session, ".diff old.yb new.yb")
    assert [(row[0], row[-1]) for row in found["rules"]] == [
        ("before", "table rates | 比例表"),
        ("after", "table rates | 比例表"),
        ("before", "retired credit 80元 monthly on day 20"),
        ("after", "retired credit 90元 monthly on day 20"),
        ("went", "active credit 2% of contribution_base monthly on day 20"),
        ("came", "resident credit none"),
    ]
    assert found["params"] == [("base_rate", "jia", "2023-01-01", "2%", "2.5%")]
    assert files.name
    assert "regions only in new.yb: 乙市" in session.text(".diff old.yb new.yb")


def test_the_session_and_a_file(files: Path) -> None:
    session = Session("old.yb")
    session.text("person 张三: retired, in 甲市\n.date 2024-05")
    found = tabled(session, ".diff session new.yb")
    assert [row[:2] for row in found["credit"]] == [("session", "80.00元"), ("new.yb", "90.00元")]
    again = tabled(session, ".对照 会话 old.yb")
    assert "rules" not in again
    assert files.name


def test_a_file_that_knows_less(files: Path) -> None:
    (files / "other.yb").write_text("credit 5元", encoding="utf-8")
    session = Session("old.yb")
    session.text("person 张三: retired, in 甲市\n.date 2024-05")
    *_, last = session.run(".diff old.yb other.yb")
    assert isinstance(last, Tabled)
    assert last.notes == ("no figure in other.yb: YB102 I don't know the region 甲市",)


def test_files_that_cannot_be_read(files: Path) -> None:
    (files / "wrong.yb").write_text("credit credit", encoding="utf-8")
    session = Session()
    for name in ("nowhere.yb", "wrong.yb"):
        assert isinstance(only(session, f".diff old.yb {name}"), Refused)


def test_a_sandbox_reads_no_file_and_tells_of_none(files: Path) -> None:
    session = Session(sandbox=Sandbox())
    reply = only(session, ".diff old.yb new.yb")
    assert isinstance(reply, Refused)
    assert reply.diagnostics[0].code == "YB045"
    (files / "secret").write_text("", encoding="utf-8")
    there, nowhere = (session.text(f".diff {name} X") for name in ("secret", "nothing"))
    assert there.replace("secret", "nothing") == nowhere


# ── no sense ──


@pytest.mark.parametrize(
    "words", ["", "2023", "2023 X", "X Z", '"" ""', "X", "2023 2024 crdit", "25 26"]
)
def test_misuse(session: Session, words: str) -> None:
    reply = only(session, f".diff {words}")
    assert isinstance(reply, Misused)


def test_nobody_is_asked_about() -> None:
    session = Session()
    session.text("region 甲市\ncredit 5元\nsince 2024-01-01\ncredit 6元 monthly")
    replies = list(session.run(".diff 2023-01 2024-01"))
    assert len(replies) == 1


def test_nothing_changes(session: Session) -> None:
    before = session.state
    session.text('.diff 2023 2024\n.diff X "Y second"\n.diff session session')
    assert session.state is before


def test_versions_of_the_only_region_that_has_them() -> None:
    session = Session()
    session.text(
        'region 甲市\nsince 2024-01-01 as "X"\ncredit 5元\nsince 2024-01-01 as "Y"\ncredit 6元'
    )
    session.text(".region none")
    assert session.text(".diff X Y").startswith("rules: 甲市, X → Y\n")
    assert "X is no day, no file, and no version of any region" in session.text(".diff X Z")
