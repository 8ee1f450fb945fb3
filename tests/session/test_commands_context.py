"""What questions are about that do not say it: .lang, .date, .region, .use, .person."""

from datetime import date

import pytest

from yibaolang.engine.asked import Asked
from yibaolang.session.replies import Misused, Refused, Said, Tabled
from yibaolang.session.session import Session

PEOPLE = "person 甲 | Jia: age = 72\nperson 乙: age = 60, retired"


def session_with(text: str, lang: str = "en") -> Session:
    session = Session(lang=lang, today=date(2024, 6, 20))
    assert all(each.ok for each in session.run(text))
    return session


# ── language ──


@pytest.mark.parametrize("word", ["zh", "ZH", "中文", "chinese"])
def test_language(word: str) -> None:
    session = Session()
    assert session.text(f".lang {word}") == "以中文回答"
    assert session.text(".语言") == "以中文回答"
    assert session.text(".undo") == "undone: 1 step"
    assert session.text(".语言中文") == "以中文回答"
    assert session.text(".语言英文") == "answers are in English"


def test_no_such_language() -> None:
    (reply,) = Session().run(".lang fr")
    assert isinstance(reply, Misused)
    assert reply.text == "there is no language fr: en or zh\nusage: .lang en|zh"


# ── time ──


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2024-06", Asked.month(date(2024, 6, 1))),
        ("2024年6月", Asked.month(date(2024, 6, 1))),
        ("2024-06-20", Asked.on(date(2024, 6, 20))),
        ("2024", Asked.year(2024)),
        ("2024年", Asked.year(2024)),
        ("\uff12\uff10\uff12\uff14", Asked.year(2024)),
        ("today", Asked.on(date(2024, 6, 20))),
        ("今天", Asked.on(date(2024, 6, 20))),
        ("2024-01-01..2024-06-30", Asked.span(date(2024, 1, 1), date(2024, 6, 30))),
        ("2024-01..2024-06", Asked.span(date(2024, 1, 1), date(2024, 6, 30))),
        ("2024-01-01 .. 2024-06-30", Asked.span(date(2024, 1, 1), date(2024, 6, 30))),
        ("from 2024-01-01 to 2024-06-30", Asked.span(date(2024, 1, 1), date(2024, 6, 30))),
        ("从2024-01-01到2024-06-30", Asked.span(date(2024, 1, 1), date(2024, 6, 30))),
        ("2024年1月至2024年6月", Asked.span(date(2024, 1, 1), date(2024, 6, 30))),
        ("none", Asked.never()),
        ("无", Asked.never()),
    ],
)
def test_date(words: str, expected: Asked) -> None:
    session = Session(today=date(2024, 6, 20))
    list(session.run(".date 2020"))
    for spelling in (".date ", ".日期", "\u3002日期 "):
        (reply,) = session.run(f"{spelling}{words}")
        assert isinstance(reply, Said)
        assert session.context.asked == expected


@pytest.mark.parametrize("words", ["2024-02-30", "1800", "2500", "2024-13", "2024-01..x"])
def test_no_such_date(words: str) -> None:
    session = Session()
    (reply,) = session.run(f".date {words}")
    assert isinstance(reply, Refused)
    assert [each.code for each in reply.diagnostics] == ["YB014"]
    assert session.context.asked == Asked.never()
    assert session.undo() == 0


@pytest.mark.parametrize("words", ["x", "yesterday", "2024/06/01", "12", "none extra"])
def test_no_time_at_all(words: str) -> None:
    (reply,) = Session().run(f".date {words}")
    assert isinstance(reply, Misused)
    assert reply.text.startswith(f"{words} is no day, month, year or span: 2024-06-30, ")


SOURCES = """region 甲市
since 2024-01-01 as "甲（一）"
credit 5元
since 2024-01-01 as "乙"
credit 6元
region 乙市"""


def test_versions_of_a_region() -> None:
    session = session_with(SOURCES)
    table = session.text(".use 甲市")
    assert "甲（一）" in table and "乙" in table
    assert "甲（一）" not in session.text(".use 乙市")


@pytest.mark.parametrize(
    "words",
    ["甲市\u3000甲(一)", "甲（一）", "甲市 as 甲（一）", "甲市作为“甲（一）”", " 甲市  甲（一）"],
)
def test_versions_in_characters_of_any_width(words: str) -> None:
    session = session_with(SOURCES)
    assert session.text(f".use {words}") == "+ use 甲市 甲（一）"


def test_a_span_that_ends_before_it_begins() -> None:
    (reply,) = Session().run(".date 2024-06-30..2024-01-01")
    assert isinstance(reply, Refused)
    assert [each.code for each in reply.diagnostics] == ["YB303"]


def test_date_alone_says_what_it_is() -> None:
    session = session_with(".date 2024-06")
    assert session.text(".date") == "questions that say no time are about 2024-06"
    assert session.undo() == 1
    assert session.text(".date") == "questions that say no time are about none"


# ── region ──


def test_region_opens_a_section_of_the_library() -> None:
    session = Session()
    assert session.text(".region gansu").splitlines() == [
        "included from the library: gansu (examples, not law)",
        "+ region gansu",
    ]
    assert session.region == "甘肃"
    assert session.text(".region").startswith("sentences stand in the region gansu\n")
    assert session.script == "include gansu\nregion gansu\n"


def test_region_speaks_the_language_of_the_session() -> None:
    session = Session(lang="zh")
    session.text(".地区甘肃")
    assert session.script.endswith("\n地区 甘肃\n")
    assert "句子写在地区 甘肃 之下" in session.text(".地区")


@pytest.mark.parametrize("word", ["none", "无", "None"])
def test_no_region(word: str) -> None:
    session = session_with(".region 甘肃")
    session.text(f".region {word}")
    assert session.region == ""
    session.text("define x = 1元\n.region 甘肃\ndefine y = 2元")
    sections = "region 甘肃\nregion 甘肃\ndefine y = 2元\n"
    assert session.script == f"include 甘肃\ndefine x = 1元\n{sections}"


def test_a_slip_opens_no_region() -> None:
    session = Session()
    (reply,) = session.run(".region shandnog")
    assert isinstance(reply, Refused)
    assert [each.code for each in reply.diagnostics] == ["YB102"]
    assert session.region == ""
    assert session.text(".region 甲乙丙丁") == "+ region 甲乙丙丁"


def test_region_alone_lists_regions() -> None:
    session = session_with("region 甲市 | jia\nregion 乙区 under 甲市")
    (reply,) = session.run(".region")
    assert isinstance(reply, Tabled)
    assert ("甲市 | jia", "") in reply.table.rows
    assert ("乙区", "jia") in reply.table.rows
    assert "shandong" in reply.notes[0]
    assert "山东" not in reply.notes[0]


# ── versions ──

VERSIONS = """
region 甲市
since 2024-01-01 as "one"
define x = 1元
since 2024-01-01 as "two"
define x = 2元
since 2024-01-01 as "other"
define y = 1元
region 乙市
since 2024-01-01 as "two"
define x = 3元
since 2024-01-01 as "three"
define x = 4元
region 丙区 under 甲市
since 2024-01-01
define z = 1元
"""


def states(session: Session) -> dict[tuple[str, str], str]:
    (reply,) = session.run(".use")
    assert isinstance(reply, Tabled)
    return {(row[0], row[1]): row[-1] for row in reply.table.rows}


def test_use_alone_shows_what_is_chosen_and_what_is_open() -> None:
    session = session_with(VERSIONS)
    assert states(session) == {
        ("甲市", "one"): "open", ("甲市", "two"): "open", ("甲市", "other"): "",
        ("乙市", "two"): "open", ("乙市", "three"): "open",
    }  # fmt: skip
    session.text(".use 甲市 two")
    found = states(session)
    assert found["甲市", "two"] == "chosen"
    assert found["甲市", "one"] == ""
    assert found["乙市", "two"] == "open"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("甲市 two", '甲市 as "two"'),
        ('甲市 as "two"', '甲市 as "two"'),
        ('甲市 作为"two"', '甲市 as "two"'),
        ("one", '甲市 as "one"'),
        ("three", '乙市 as "three"'),
        ("丙区 two", '丙区 as "two"'),
    ],
)
def test_use_says_the_sentence(words: str, expected: str) -> None:
    session = session_with(VERSIONS)
    assert session.text(f".use {words}").startswith("+ use ")
    assert session.script.endswith(f"\nuse {expected}\n")


def test_a_version_of_the_session_s_region_comes_first() -> None:
    session = session_with(VERSIONS)
    *_, reply = session.run(".region none\n.use two")
    assert isinstance(reply, Misused)
    assert "甲市, 乙市" in reply.text
    session.text(".region 丙区")
    assert session.text(".use two") == "+ use 甲市 two"


@pytest.mark.parametrize(("words", "near"), [("tow", "two"), ("甲市 onee", "one"), ("zz", "")])
def test_no_such_version(words: str, near: str) -> None:
    session = session_with(VERSIONS)
    (reply,) = session.run(f".use {words}")
    assert isinstance(reply, Refused)
    assert [each.code for each in reply.diagnostics] == ["YB101"]
    assert dict(reply.diagnostics[0].arguments)["suggestion"] == near


def test_use_of_a_region_of_the_library() -> None:
    session = Session(lang="zh")
    assert session.text(".采用 山东 C18").splitlines()[-1] == "+ 采用 山东 C18"
    assert session.script == 'include 山东\n采用山东作为"C18"\n'


def test_nothing_to_choose() -> None:
    assert Session().text(".use").startswith("no region has versions to choose from")


# ── person ──


def test_person_by_any_name() -> None:
    session = session_with(PEOPLE)
    assert session.context.person == "乙"
    assert session.text(".person Jia") == "questions that say nobody are about 甲: age 72"
    assert session.context.person == "甲"
    assert session.text(".人员乙") == "questions that say nobody are about 乙: age 60, retired"


@pytest.mark.parametrize("word", ["none", "无"])
def test_nobody_in_particular(word: str) -> None:
    session = session_with(PEOPLE)
    session.text(f".person {word}")
    assert session.context.person == ""
    (reply,) = session.run("show age")
    assert isinstance(reply, Refused)


def test_person_alone_lists_everybody_with_the_facts() -> None:
    session = session_with(PEOPLE, lang="zh")
    (reply,) = session.run(".人员")
    assert isinstance(reply, Tabled)
    assert reply.heading == "未写人员的提问按 乙"
    assert reply.table.rows == (("甲 | Jia", "年龄72"), ("乙", "年龄60，退休"))


def test_a_name_may_stand_in_marks() -> None:
    session = session_with(PEOPLE)
    session.text(".person \u300c甲\u300d")
    assert session.context.person == "甲"
    (reply,) = session.run(".person \u300c\u300d")
    assert isinstance(reply, Tabled)


def test_no_such_person() -> None:
    session = session_with(PEOPLE)
    (reply,) = session.run(".person Jai")
    assert isinstance(reply, Refused)
    assert [each.code for each in reply.diagnostics] == ["YB111"]
    assert session.context.person == "乙"
