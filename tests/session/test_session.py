"""The session as an object: what is taken, what is refused, what a question is completed with."""

from datetime import date
from pathlib import Path

import pytest

from yibaolang.language.diagnostics import Refusal
from yibaolang.session.replies import Answered, Happened, Misused, Ran, Read, Refused, Reply, Said
from yibaolang.session.sandbox import Sandbox
from yibaolang.session.session import Session

RULE = "age >= 70 credit 2.5% of avg_pension"
PERSON = "person 甲: age = 72, avg_pension = 4000元"


def kinds(replies: list[Reply]) -> list[type[Reply]]:
    return [type(each) for each in replies]


def value(session: Session, text: str) -> object:
    (reply,) = session.run(text)
    assert isinstance(reply, Answered), session.text(text)
    return reply.shown.rows[0].result.value


def codes(session: Session, text: str) -> list[str]:
    return [
        found.code
        for reply in session.run(text)
        if isinstance(reply, Refused)
        for found in reply.diagnostics
    ]


def snapshot(session: Session) -> tuple[object, ...]:
    return session.state, session.script, session.context, session.last


# ── sentences ──


def test_a_sentence_means_what_it_means_in_a_file() -> None:
    session = Session()
    assert kinds(list(session.run(RULE))) == [Read]
    assert kinds(list(session.run(PERSON))) == [Read]
    assert value(session, "show credit of 甲") == "100.00"
    assert session.script == f"{RULE}\n{PERSON}\nshow credit of 甲\n"


def test_an_event_is_answered_with_what_came_of_it() -> None:
    session = Session()
    list(session.run("person 甲: retired\nledger 甲 from 2024-01-01 to 2024-12-31"))
    (reply,) = session.run("2024-01-01 opening carried 300元")
    assert isinstance(reply, Happened)
    assert reply.balance == "300.00元"


def test_a_test_is_run_as_soon_as_it_expects_something() -> None:
    session = Session()
    list(session.run(f'{RULE}\ntest "own"\ngiven age = 72, avg_pension = 4000元'))
    met, missed = (list(session.run(f"expect credit = {each}元")) for each in (100, 101))
    assert (kinds(met), met[0].ok) == ([Ran], True)
    assert (kinds(missed), missed[0].ok) == ([Ran], False)


@pytest.mark.parametrize(
    "wrong",
    [
        "credit 5元 of of",
        "credit of",
        "define x = no_such_name",
        "person 乙: age = much",
        "show credit of 丙",
        "input age",
        'include "no_such_file.yb"',
        "include 山冬",
        "2024-01-01 opening carried 300元",
        "age >= 70 credit 2.5% of age",
        "\x00",
        "\ud800",
    ],
)
def test_what_is_refused_leaves_the_session_as_it_was(wrong: str) -> None:
    session = Session()
    list(session.run(f"{RULE}\n{PERSON}\nshow credit"))
    before = snapshot(session)
    replies = list(session.run(wrong))
    assert not any(each.ok for each in replies)
    assert kinds(replies) == [Refused]
    assert snapshot(session) == before
    assert session.undo() == 1


def test_a_paste_runs_its_sentences_one_by_one() -> None:
    session = Session()
    text = f"# a comment\n{RULE}\n\n{PERSON}\nshow credit\ncredit of\nshow age\n.lang zh\n年龄\n"
    replies = list(session.run(text))
    assert kinds(replies) == [Read, Answered, Refused, Answered, Said, Answered]
    assert session.context.lang == "zh"
    assert "credit of\n" not in session.script


def test_of_sentences_that_do_not_fit_the_others_are_taken() -> None:
    session = Session()
    replies = list(session.run(f"{RULE}\ndefine x = no_such_name\n{PERSON}"))
    assert kinds(replies) == [Read, Refused, Read]
    assert value(session, "show credit of 甲") == "100.00"


def test_sentences_that_follow_each_other_may_name_each_other() -> None:
    session = Session()
    assert kinds(list(session.run("define x = y * 2\ndefine y = 5元"))) == [Read]
    assert value(session, "x") == "10.00"


def test_a_sentence_may_go_on_in_the_next_line() -> None:
    session = Session()
    assert session.unfinished("age >= 70 and")
    assert not session.unfinished(RULE)
    assert not session.unfinished(".date 2024-06")
    assert kinds(list(session.run("age >= 70 and\n  age < 80 credit 5元"))) == [Read]


def test_line_ends_of_another_system() -> None:
    session = Session()
    assert all(each.ok for each in session.run(f"{RULE}\r\n{PERSON}\r\n.date 2024-06\r\n"))
    assert value(session, "show credit\r\n") == "100.00"


def test_nothing_typed_says_nothing() -> None:
    session = Session()
    assert list(session.run("")) == list(session.run(" \n\t\n")) == []
    assert session.history == []


# ── what a question is completed with ──


def test_whoever_was_declared_last_is_asked_about() -> None:
    session = Session()
    list(session.run(f"{RULE}\n{PERSON}\nperson 乙: age = 72, avg_pension = 2000元"))
    assert value(session, "show credit") == "50.00"
    assert value(session, "show credit of 甲") == "100.00"
    list(session.run(".person 甲"))
    assert value(session, "show credit") == "100.00"
    assert value(session, "avg_pension * 2") == "8000.00"


def test_the_time_of_the_session_completes_questions() -> None:
    session = Session(today=date(2024, 6, 20))
    list(session.run("person 甲: birth 1954-08-20, retired since 2014-09-01, in 甘肃"))
    list(session.run(".date 2024"))
    assert value(session, "show credit") == "1440.00"
    assert value(session, "show credit on 2024-06") == "120.00"
    list(session.run(".date today"))
    assert value(session, "show age") == value(session, "age") == "69"
    assert "show age of 甲 on 2024-06-20" in session.script


def test_a_completed_question_means_the_same_in_the_script() -> None:
    session = Session()
    list(session.run(f"{RULE}\n{PERSON}\nperson 乙: age = 72\n.person 甲\n.date 2024-06"))
    list(session.run("show credit  # mine"))
    assert session.script.endswith("show credit of 甲 on 2024-06  # mine\n")


# ── regions ──


def test_a_region_of_the_library_is_included_when_it_is_named() -> None:
    session = Session()
    told, read = session.run("person 甲: retired since 2014-09-01, in 甘肃")
    assert isinstance(told, Said)
    assert "甘肃" in told.text
    assert isinstance(read, Read)
    assert value(session, "show credit on 2024-06") == "120.00"
    assert session.script.startswith("include 甘肃\n")


def test_comparing_includes_regions_too() -> None:
    session = Session()
    list(session.run("person 甲: birth 1954-08-20, retired since 2014-09-01"))
    replies = list(session.run("compare 甘肃, 武汉 on 2024-08"))
    assert kinds(replies) == [Said, Answered]


def test_a_section_goes_on_from_line_to_line() -> None:
    session = Session()
    list(session.run("region 甘肃"))
    list(session.run("define extra = 5元"))
    assert session.region == "甘肃"
    list(session.run(".region none\ndefine extra = 1元\nperson 甲: retired, in 甘肃"))
    list(session.run("person 乙: retired"))
    assert session.region == ""
    assert value(session, "show extra of 甲 on 2024-06") == "5.00"
    assert value(session, "show extra of 乙 on 2024-06") == "1.00"


# ── undo ──


def test_undo_goes_back_step_by_step() -> None:
    session = Session()
    states = []
    for text in (RULE, PERSON, ".date 2024-06", ".lang zh", "include 甘肃", ".region 甘肃"):
        states.append((session.script, session.context, session.region))
        list(session.run(text))
    for before in reversed(states):
        assert session.undo() == 1
        assert (session.script, session.context, session.region) == before
    assert session.undo() == 0


def test_undo_of_many_steps_at_once() -> None:
    session = Session()
    for number in range(5):
        list(session.run(f"define x{number} = {number}元"))
    assert session.undo(3) == 3
    assert session.script == "define x0 = 0元\ndefine x1 = 1元\n"
    assert value(session, "x1") == "1.00"
    assert session.undo(9) == 2
    assert session.script == ""


def test_what_was_undone_may_be_said_again() -> None:
    session = Session()
    for _ in range(3):
        assert kinds(list(session.run("define x = 5元"))) == [Read]
        assert session.undo() == 1


# ── history ──


def test_history_has_what_was_typed_and_not_what_commands_say() -> None:
    session = Session()
    session.history = ["typed yesterday"]
    for text in (RULE, ".region 甘肃", "credit of", "  "):
        list(session.run(text))
    assert session.history == ["typed yesterday", RULE, ".region 甘肃", "credit of"]


# ── sandbox ──


def test_a_sandbox_takes_no_files(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="YB045"):
        Session("rules.yb", sandbox=Sandbox())
    session = Session(sandbox=Sandbox())
    for text in ('include "rules.yb"', ".load rules.yb", ".save x.yb", ".edit", ".watch on"):
        assert codes(session, text) == ["YB045"], text
    assert session.settings.watch == "off"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("bounds", "texts"),
    [
        (Sandbox(input_bytes=20), ["define x = 5元", "define much_longer = 5元"]),
        (Sandbox(sentences=2), ["define x = 5元\ndefine y = 5元", "define z = 5元"]),
        (Sandbox(text_bytes=20), ["define x = 5元", "define y = 5元"]),
        (Sandbox(months=12), ["person 甲: in 甘肃, retired", "show credit in 2024",
                              "show credit from 2024-01-01 to 2025-01-01"]),
    ],
)  # fmt: skip
def test_a_sandbox_holds_its_bounds(bounds: Sandbox, texts: list[str]) -> None:
    session = Session(sandbox=bounds)
    *allowed, refused = texts
    for text in allowed:
        assert codes(session, text) == []
    before = snapshot(session)
    assert codes(session, refused) == ["YB046"]
    assert snapshot(session) == before


def test_a_sandbox_remembers_as_many_steps_as_it_says() -> None:
    session = Session(sandbox=Sandbox(undo=1))
    for number in range(4):
        list(session.run(f"define x{number} = 5元"))
    assert session.undo(9) == 1
    assert "x2" in session.script


def test_another_command_is_told() -> None:
    (reply,) = Session().run(".dat 2024")
    assert isinstance(reply, Misused)
    assert ".date" in reply.text
