"""Explanations, why, why not, and one figure in every region."""

from datetime import date

import pytest

from yibaolang.session.replies import Answered, Explained, Misused, Refused, Reply, Said, Tabled
from yibaolang.session.session import Session

TOUR = "examples/tour.yb"


@pytest.fixture
def session() -> Session:
    """A session that has read the tour and is about 张三 in August 2024."""
    found = Session(TOUR, today=date(2024, 6, 20))
    assert all(reply.ok for reply in found.run(".person 张三\n.date 2024-08"))
    return found


def only(session: Session, text: str) -> Reply:
    (reply,) = session.run(text)
    return reply


def rows(session: Session, text: str) -> list[tuple[str, ...]]:
    reply = only(session, text)
    assert isinstance(reply, Tabled), reply
    return list(reply.table.rows)


# ── explain ──


def test_explain_asks_and_folds_and_then_opens(session: Session) -> None:
    assert isinstance(only(session, ".explain credit"), Answered)
    assert "▸ 7 more" in session.text("explain credit")
    whole = only(session, ".explain")
    assert isinstance(whole, Explained)
    assert whole.depth == 0
    assert "birth = 1954-08-20  (given)" in session.text(".explain")
    flat = session.text(".explain 1").splitlines()
    assert flat[0] == "credit of 张三 on 2024-08, shandong = 125.00元"
    assert "▸ 11 more" in flat[2]


def test_a_refusal_is_explained_with_its_hint(session: Session) -> None:
    session.text(".person 王五\nshow months_missing on 2027-06-01")
    text = session.text(".explain")
    assert text.startswith("months_missing of 王五 on 2027-06-01, zhanjiang: no figure: ")
    assert "\n  hint: " in text


def test_every_row_of_a_comparison_is_explained(session: Session) -> None:
    session.text("compare gansu, wuhan for 张三")
    first, second = session.run(".explain")
    assert isinstance(first, Explained)
    assert isinstance(second, Explained)
    assert first.reason.text.endswith("gansu")
    assert second.reason.text.endswith("wuhan")


@pytest.mark.parametrize("code", ["YB402", "yb402", "\uff39\uff22\uff14\uff10\uff12"])
def test_explain_a_code(session: Session, code: str) -> None:
    reply = only(session, f".explain {code}")
    if code.isascii():
        assert isinstance(reply, Said)
        assert reply.text.startswith("error[YB402]: no rule of `…` applies")


def test_explain_nothing(session: Session) -> None:
    assert isinstance(only(session, ".explain"), Misused)
    assert isinstance(only(session, ".explain YB9999"), Misused)
    assert isinstance(only(session, ".explain crdit"), Refused)


def test_explain_in_chinese(session: Session) -> None:
    session.text(".lang zh")
    text = session.text(".解释 李四的划入于2023-02")
    assert text.splitlines()[0] == "李四的划入 2023-02\uff0c武汉 = 83.00元"
    assert session.text(".解释").splitlines()[0] == text.splitlines()[0]


# ── why, why not ──


@pytest.mark.parametrize(
    "text",
    [".why balance of 赵六 in 2024", ".为什么 赵六的余额在2024年", ".为何 余额 of 赵六 in 2024"],
)
def test_why(session: Session, text: str) -> None:
    lines = session.text(text).splitlines()
    assert lines[0] == "change of balance of 赵六 in 2024, jinan = 1232.77元"
    assert "  credit = +1325.00元" in lines


def test_why_is_completed_by_the_context(session: Session) -> None:
    session.text(".person 赵六\n.date 2024-09")
    lines = session.text(".why balance").splitlines()
    assert lines[0] == "change of balance of 赵六 on 2024-09, jinan = -2265.00元"


@pytest.mark.parametrize(
    "text", [".why not supplements 10元 of 赵六", ".为什么不能 保健品 10元 of 赵六"]
)
def test_why_not(session: Session, text: str) -> None:
    lines = session.text(text).splitlines()
    assert lines[0] == "the account of 赵六 may pay supplements 10.00元 on 2024-08-31, jinan = no"
    assert lines[1].startswith("  deny supplements")


def test_why_of_nothing(session: Session) -> None:
    assert isinstance(only(session, ".why"), Misused)
    assert isinstance(only(session, ".why not"), Misused)
    assert isinstance(only(session, ".why balance"), Refused)
    assert isinstance(only(session, ".why not crdit"), Refused)


def test_what_a_command_asks_is_in_the_script(session: Session) -> None:
    session.text(".explain credit\n.why balance of 赵六 in 2024\n.compare gansu, wuhan")
    assert session.script.splitlines()[-3:] == [
        "explain credit of 张三 on 2024-08",
        "why balance of 赵六 in 2024",
        "compare gansu, wuhan for 张三 on 2024-08",
    ]


# ── compare ──


def test_every_region_with_a_value_by_it(session: Session) -> None:
    reply = only(session, ".compare")
    assert isinstance(reply, Tabled)
    assert reply.heading == "credit of 张三 on 2024-08, difference to shandong"
    assert [row[:4] for row in reply.table.rows] == [
        ("shandong", "", "125.00元", ""),
        ("jinan", "", "125.00元", "0.00元"),
        ("gansu", "", "120.00元", "-5.00元"),
        ("lanzhou", "", "120.00元", "-5.00元"),
        ("beijing", "birthday month", "110.00元", "-15.00元"),
        ("beijing", "month after", "100.00元", "-25.00元"),
        ("wuhan", "", "83.00元", "-42.00元"),
    ]
    assert reply.notes == (
        "no figure in national, guangdong, zhanjiang: "
        "YB404 reform_pension is unknown: not published, or not found",
    )


def test_what_is_compared_is_as_in_the_sentence(session: Session) -> None:
    for row in rows(session, ".compare"):
        version = f' as "{row[1]}"' if row[1] else ""
        answer = session.text(f"compare {row[0]}{version} for 张三 on 2024-08")
        assert row[2] in answer


def test_every_region_has_no_value(session: Session) -> None:
    reply = only(session, ".compare age")
    assert isinstance(reply, Said)
    assert reply.text.startswith("age of 张三 on 2024-08\nno figure in shandong, ")


def test_a_measure_in_every_region(session: Session) -> None:
    found = rows(session, ".compare balance of 赵六 on 2024-12-31")
    assert ("jinan", "", "1232.77元") in [row[:3] for row in found]
    values = [float(row[2].removesuffix("元")) for row in found]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        ".compare 山东=C18, gansu",
        '.compare 山东 = "C18"、甘肃',
        '.compare shandong as "C18", gansu for 张三 on 2024-08',
        ".compare credit shandong=C18, gansu",
        ".比较 划入 山东=C18、甘肃",
        ".compare credit under shandong=C18, gansu",
    ],
)
def test_regions_with_versions(session: Session, text: str) -> None:
    shown = session.text(text)
    assert "C18" in shown
    assert [line for line in shown.splitlines() if "-5.00元" in line]


def test_a_region_of_the_library_is_read(session: Session) -> None:
    first, second = session.run(".compare shandong, 苏州")
    assert isinstance(first, Said)
    assert isinstance(second, Answered)


@pytest.mark.parametrize("text", [".compare 山西", ".compare 山东=C99", ".compare 山东, nowhere"])
def test_no_region_and_no_version(session: Session, text: str) -> None:
    assert isinstance(only(session, text), Refused)


def test_compare_without_regions() -> None:
    assert isinstance(only(Session(), ".compare"), Misused)


def test_compare_without_a_person() -> None:
    session = Session(TOUR)
    reply = only(session, ".compare")
    assert isinstance(reply, Refused)
    assert reply.diagnostics[0].code == "YB112"
