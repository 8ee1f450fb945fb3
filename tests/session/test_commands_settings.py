"""Settings, undoing and history: .set, .watch, .timer, .undo, .history."""

import pytest

from yibaolang.session.replies import Misused, Said, Tabled
from yibaolang.session.session import Session
from yibaolang.session.settings import CHOICES, Settings
from yibaolang.session.texts import TEXTS


@pytest.mark.parametrize(
    "text", [".set output csv", ".设置输出csv", ".set 输出 csv", ".set output = CSV"]
)
def test_set(text: str) -> None:
    session = Session()
    assert session.text(text) == "output: csv"
    assert session.settings.output == "csv"


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        (".设置 输出 竖排", "output", "vertical"),
        (".设置 字宽2", "ambiguous", "2"),
        (".设置 折叠\uff13", "fold", "3"),
        (".设置 鼠标 开", "mouse", "on"),
        (".set 分页 off", "pager", "off"),
        (".监视开", "watch", "on"),
        (".watch ON", "watch", "on"),
        (".计时 开", "timer", "on"),
        (".timer on", "timer", "on"),
    ],
)
def test_names_and_values_in_both_languages(text: str, name: str, value: str) -> None:
    session = Session(lang="zh")
    (reply,) = session.run(text)
    assert isinstance(reply, Said)
    assert getattr(session.settings, name) == value
    assert session.settings == Settings().with_value(name, value)


def test_every_setting_has_its_words() -> None:
    assert TEXTS.table("settings").keys() == CHOICES.keys()
    for texts in TEXTS.table("settings").values():
        assert all(texts[lang] and texts["summary"][lang] for lang in ("en", "zh"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_set_alone_lists_settings(lang: str) -> None:
    (reply,) = Session(lang=lang).run(".set")
    assert isinstance(reply, Tabled)
    assert len(reply.table.rows) == len(CHOICES)
    assert all(all(row) for row in reply.table.rows)


def test_a_setting_alone_is_told() -> None:
    session = Session()
    assert session.text(".set output") == "output: table"
    assert session.text(".timer") == "timer: off"
    assert session.text(".watch") == "watch: off"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (".set outptu csv", "did you mean output?"),
        (".set zzz", "there is no setting zzz"),
        (".set output html", "table, vertical, csv, json, markdown"),
        (".timer maybe", "timer cannot be maybe: on, off"),
        (".set fold 10", "fold cannot be 10"),
    ],
)
def test_no_such_setting_or_value(text: str, told: str) -> None:
    session = Session()
    (reply,) = session.run(text)
    assert isinstance(reply, Misused)
    assert told in reply.text
    assert session.settings == Settings()


def test_settings_are_not_undone() -> None:
    session = Session()
    session.text("define x = 1元\n.set output csv")
    assert session.text(".undo").splitlines() == ["undone: 1 step", "- define x = 1元"]
    assert session.settings.output == "csv"


# ── undo ──


def test_undo_tells_what_is_gone() -> None:
    session = Session()
    session.text("person 甲: age = 72\n.date 2024-06\nshow age on 2024-07")
    assert session.text(".undo").splitlines() == [
        "undone: 1 step",
        "- show age of 甲 on 2024-07",
        "questions that say no time are about none",
    ]
    assert session.text(".撤销1").splitlines() == [
        "undone: 1 step",
        "- person 甲: age = 72",
        "questions that say nobody are about nobody in particular",
    ]
    assert session.text(".undo") == "there is nothing to undo"


def test_undo_of_more_than_there_is() -> None:
    session = Session()
    for number in range(12):
        session.text(f"define x{number} = 1元")
    lines = session.text(".undo 99999999999999").splitlines()
    assert lines[0] == "undone: 12 steps"
    assert lines[-1] == "and 2 more sentences"
    assert session.script == ""


@pytest.mark.parametrize("words", ["0", "-1", "x", "1.5", "²", "\u0661"])
def test_undo_of_no_number(words: str) -> None:
    session = Session()
    session.text("define x = 1元")
    (reply,) = session.run(f".undo {words}")
    assert isinstance(reply, Misused)
    assert session.script


# ── history ──


def test_history() -> None:
    session = Session()
    session.history = ["credit 5元"]
    session.text("define x = 1元")
    (reply,) = session.run(".history")
    assert isinstance(reply, Tabled)
    assert [row[1] for row in reply.table.rows] == ["credit 5元", "define x = 1元", ".history"]
    (reply,) = session.run(".历史define")
    assert isinstance(reply, Tabled)
    assert reply.table.rows == (("2", "define x = 1元"), ("4", ".历史define"))


def test_history_of_full_width_text_and_of_none() -> None:
    session = Session()
    session.text("define x = \uff15元")
    (reply,) = session.run(".history = 5元")
    assert isinstance(reply, Tabled)
    assert reply.table.rows[0] == ("1", "define x = \uff15元")
    assert session.text(".历史 没有") != ""


def test_undo_tells_a_line_that_stands_elsewhere_too() -> None:
    session = Session()
    session.text("credit 5元")
    session.text("credit 5元")
    assert session.text(".undo") == "undone: 1 step\n- credit 5元"
