"""Whatever stands behind a command, there is an answer and never a traceback."""

import os
import random
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from yibaolang.session.commands import COMMANDS, SPELLINGS
from yibaolang.session.rendering import html_of, text_of
from yibaolang.session.replies import Reply
from yibaolang.session.session import Session
from yibaolang.session.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 25
WORDS = (
    "", " ", "!", "\uff01", "?", '"', '""', "'", "\u300c", "\u300d", "#", "..", "/", "-1", "0",
    "99999999999999999999", "2024", "2024-06", "2024-02-30", "2024-06..2024-01", "none", "无",
    "today", "今天", "张三", "李四", "王五", "赵六", "山东", "shandong", "甘肃", "C18", "C19", "as",
    "credit", "划入", "balance", "余额", "of", "的", "in", "on", "from", "to", "到", "drugs",
    "10元", "makeup_cost", "avg_pension", "^e1", "output", "csv", "folded", "en", "zh", "date",
    "年龄", "age", "postings", "nosuch.yb", "~", ".", "\x00", "\ud800", "\u202e", "\uff12",
)  # fmt: skip


@cache
def tour() -> Session:
    here = os.getcwd()
    os.chdir(ROOT)
    try:
        return Session(os.path.join("examples", "tour.yb"), today=date(2024, 6, 20))
    finally:
        os.chdir(here)


def session_in(lang: str) -> Session:
    """A session that has read the tour, whose files are not read again."""
    session = Session(lang=lang, today=date(2024, 6, 20))
    session.become(tour().state)
    list(session.run(f".lang {lang}\nshow credit of 张三 on 2024-08"))
    return session


def shown(reply: Reply, lang: str) -> None:
    for output in ("table", "csv", "json", "markdown", "vertical"):
        text_of(reply, Settings(output=output), lang, colour=True)
    html_of(reply, lang)


@pytest.mark.parametrize("name", COMMANDS)
def test_damaged_commands(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(variable, raising=False)
    chance = random.Random(name)
    spellings = [spelling for spelling, each in SPELLINGS.items() if each.name == name]
    for number in range(ROUNDS):
        session = session_in(chance.choice(["en", "zh"]))
        words = "".join(chance.choice(WORDS) + chance.choice(["", " ", " "])
                        for _ in range(number % 5))  # fmt: skip
        text = f".{chance.choice(spellings)}{chance.choice(['', ' '])}{words}"
        for reply in session.run(text):
            shown(reply, session.context.lang)


def test_damaged_names_and_commands() -> None:
    chance = random.Random(0)
    session = session_in("en")
    for _ in range(100):
        words = "".join(chance.choice(WORDS) for _ in range(3))
        for text in (f".{words}", f"{words}?", f"\u3002{words}"):
            for reply in session.run(text):
                shown(reply, session.context.lang)
