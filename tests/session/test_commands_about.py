"""Help in both languages, and the end of a session; the words and examples of every command."""

import json
import os
import string
import sys
from pathlib import Path

import pytest

from yibaolang.session.commands import COMMANDS, SPELLINGS
from yibaolang.session.replies import Ended, Misused, Said, Tabled
from yibaolang.session.session import Session
from yibaolang.session.texts import TEXTS

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "zh")


def test_help_lists_every_command() -> None:
    for lang in LANGUAGES:
        (reply,) = Session(lang=lang).run(".help")
        assert isinstance(reply, Tabled)
        assert len(reply.table.rows) == len(COMMANDS)
        for command, row in zip(COMMANDS.values(), reply.table.rows, strict=True):
            assert row[0].startswith(command.spelling(lang))
            assert row[1]


@pytest.mark.parametrize("text", [".h", ".帮助", "?", "\uff1f", ".help  "])
def test_help_by_other_names(text: str) -> None:
    (reply,) = Session().run(text)
    assert isinstance(reply, Tabled)


@pytest.mark.parametrize("words", ["date", ".date", "日期", ".日期", "\u3002日期"])
def test_help_about_a_command(words: str) -> None:
    (reply,) = Session().run(f".help {words}")
    assert isinstance(reply, Said)
    lines = reply.text.splitlines()
    assert lines[0] == ".date DATE"
    assert "names: .date .日期" in lines
    assert "  .date 2024-06" in lines


def test_help_in_chinese() -> None:
    text = Session(lang="zh").text(".帮助撤销")
    assert text.splitlines()[:2] == [".撤销 [步数]", "  撤销上一步或上 N 步"]
    assert "写法：.撤销 .undo" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [("dat", "did you mean .date?"), ("zzz", ".help lists them"), ("date x", "date x")],
)
def test_help_about_no_command(words: str, told: str) -> None:
    (reply,) = Session().run(f".help {words}")
    assert isinstance(reply, Misused)
    assert told in reply.text


@pytest.mark.parametrize("text", [".quit", ".exit", ".q", ".退出", "\u3002退出"])
def test_quit(text: str) -> None:
    (reply,) = Session().run(text)
    assert isinstance(reply, Ended)


# ── the words of every command ──


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_words(name: str) -> None:
    texts = TEXTS.table("commands")[name]
    for lang in LANGUAGES:
        assert texts["usage"][lang].startswith(COMMANDS[name].spelling(lang))
        assert texts["summary"][lang]
        assert texts["examples"][lang]
        assert any(each.startswith(".") for each in texts["examples"][lang])


def test_no_words_without_a_command() -> None:
    assert TEXTS.table("commands").keys() == COMMANDS.keys()


def test_spellings_are_told_apart() -> None:
    count = sum(len(each.en) + len(each.zh) for each in COMMANDS.values())
    assert count == len(SPELLINGS)


def test_messages_name_the_same_arguments_in_both_languages() -> None:
    for key, said in TEXTS.table("messages").items():
        names = [{name for _, name, _, _ in string.Formatter().parse(said[lang]) if name}
                 for lang in LANGUAGES]  # fmt: skip
        assert names[0] == names[1], key


# ── every example runs ──


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", COMMANDS)
def test_examples_run(
    name: str, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.yb").write_text("credit 5元 monthly\n", "utf-8")
    for folder in ("examples", "examples/regions"):
        (tmp_path / folder).mkdir()
        for path in (ROOT / folder).glob("*.yb"):
            (tmp_path / folder / path.name).write_bytes(path.read_bytes())
    monkeypatch.setenv("VISUAL", json.dumps(sys.executable) + " -c pass")
    session = Session(os.path.join("examples", "tour.yb"), lang=lang)
    for example in TEXTS.table("commands")[name]["examples"][lang]:
        replies = list(session.run(example))
        assert replies, example
        assert all(each.ok for each in replies), session.text(example)
