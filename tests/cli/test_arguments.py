"""The command line itself: help, misuse, both languages, what is imported."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Yibao
from yibaolang.cli.arguments import COMMANDS, OPTIONS, Misuse, Options, read
from yibaolang.cli.main import INTERNAL, INTERRUPTED
from yibaolang.cli.main import main as yibao_main
from yibaolang.cli.texts import say
from yibaolang.engine.words import has_han
from yibaolang.report import languages


def test_version(yibao: Yibao) -> None:
    assert yibao("--version").out == "yibao 0.1.0\n"
    assert yibao("--lang", "zh", "--version").out == "yibao 0.1.0\n"


def test_help_names_every_command(yibao: Yibao) -> None:
    for arguments in (("--help",), ("help",), ("-h",)):
        done = yibao(*arguments)
        assert (done.code, done.err) == (0, "")
        assert all(f"yibao {command}" in done.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_names_its_options(yibao: Yibao, command: str) -> None:
    done = yibao(command, "--help")
    assert done == yibao("help", command)
    assert done.code == 0
    assert all(f"--{option}" in done.out for option in COMMANDS[command].options)


def _says(text: str) -> Iterator[str]:
    """The lines of a help without examples, which are in the language of their rule."""
    for line in text.splitlines():
        if line in ("examples:", "示例\uff1a"):
            return
        yield line


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_in_one_language(yibao: Yibao, command: str) -> None:
    english = yibao("help", *([command] if command else []), "--lang", "en").out
    chinese = yibao("help", *([command] if command else []), "--lang", "zh").out
    assert not any(has_han(line) for line in _says(english))
    for line in _says(chinese):
        assert not line.strip() or has_han(line), line


def test_options_are_known_to_the_texts(yibao: Yibao) -> None:
    told = "".join(yibao("help", command).out for command in COMMANDS) + yibao("help").out
    assert {option for option in OPTIONS if f"--{option}" not in told} == set()


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),
    [
        ((), "a command is missing", "缺少命令"),
        (("evla",), "there is no command evla; did you mean eval?", "没有命令 evla"),
        (("help", "evla"), "there is no command evla; did you mean eval?", "没有命令 evla"),
        (("eval", "1", "--gven", "x"), "there is no option --gven; did you mean --given?",
         "没有选项 --gven\uff1b是否想写 --given\uff1f"),
        (("run", "a.yb", "--strict"), "the command run has no option --strict",
         "命令 run 没有选项 --strict"),
        (("eval", "1", "--given"), "the option --given needs a value", "选项 --given 需要一个值"),
        (("eval", "1", "--json=1"), "the option --json takes no value", "选项 --json 不带值"),
        (("eval", "1", "--on=2024-06", "--on=2024-07"), "the option --on is given twice",
         "选项 --on 写了两次"),
        (("eval",), "the command eval needs TEXT", "命令 eval 需要 文字"),
        (("run",), "the command run needs FILE…", "命令 run 需要 文件…"),
        (("eval", "1", "2"), "the command eval does not take 2 as well",
         "命令 eval 不需要多出的 2"),
        (("eval", "1", "--in=甲,乙"), "the command eval takes one region",
         "命令 eval 只能用一个地区"),
    ],
)  # fmt: skip
def test_misuse(
    yibao: Yibao,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    english: str,
    chinese: str,
) -> None:
    done = yibao(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"yibao: {english}")
    assert "yibao: see: yibao help" in done.err
    monkeypatch.setenv("YIBAO_LANG", "zh")
    done = yibao(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"yibao: {chinese}")


def test_a_language_that_there_is_not(yibao: Yibao) -> None:
    done = yibao("eval", "1", "--lang", "fr")
    assert (done.code, done.err.splitlines()[0]) == (2, "yibao: --lang is en or zh, not fr")


def test_words_after_two_dashes_are_no_options() -> None:
    assert read(["eval", "--json", "--", "--1元"]) == Options("eval", ("--1元",), json=True)


def test_a_minus_is_no_option(yibao: Yibao) -> None:
    assert yibao("eval", "-1元 + 3元").out.splitlines()[0] == "2.00元"


def test_a_misuse_names_its_message() -> None:
    with pytest.raises(Misuse) as caught:
        read(["region", "--strict"])
    assert say(caught.value.key, "en", **caught.value.arguments, command="region").startswith("the")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LC_MESSAGES": "zh_TW"}, "zh"),
        ({"YIBAO_LANG": "zh", "LC_ALL": "en_US"}, "zh"),
        ({"YIBAO_LANG": "en", "LC_ALL": "zh_CN"}, "en"),
        ({"YIBAO_LANG": "fr", "LC_ALL": "zh_CN"}, "zh"),
    ],
)
def test_the_language_of_the_environment(environ: dict[str, str], expected: str) -> None:
    assert languages.chosen([], environ) == expected


def test_the_text_comes_before_the_locale(yibao: Yibao, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    given = ("--given", "age = 62")
    assert yibao("eval", "age>=70 credit 5元", *given).err.startswith("error[YB402]")
    assert yibao("check", "none.yb").err.startswith("错误[YB040]")
    monkeypatch.setenv("YIBAO_LANG", "zh")
    assert yibao("eval", "age>=70 credit 5元", *given).err.startswith("错误[YB402]")


@pytest.mark.parametrize("fault", [TypeError, KeyError, RecursionError, MemoryError, NameError])
def test_a_fault_of_ours_is_one_line(
    yibao: Yibao, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def fail(_options: Options, _lang: str) -> int:
        raise fault("secret")

    monkeypatch.setattr("yibaolang.cli.evaluating.run", fail)
    done = yibao("eval", "1")
    assert (done.code, done.out) == (INTERNAL, "")
    assert done.err.startswith(f"yibao: internal error in yibao 0.1.0: {fault.__name__} at ")
    assert done.err.count("\n") == 1 and "secret" not in done.err


def test_an_interrupt_is_quiet(yibao: Yibao, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_options: Options, _lang: str) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("yibaolang.cli.evaluating.run", interrupt)
    assert yibao_main(["eval", "1"]) == INTERRUPTED
    assert yibao("eval", "1").err == ""


def test_the_library_is_listed(yibao: Yibao) -> None:
    done = yibao("region")
    assert (done.code, done.err) == (0, "")
    assert "甘肃 | gansu" in done.out and "not law" in done.out
    names = {name for each in json.loads(yibao("region", "--json").out) for name in each["names"]}
    assert {"山东", "shandong", "全国"} <= names


def test_a_region(yibao: Yibao) -> None:
    done = yibao("region", "gansu")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "甘肃 | gansu  under national"
    assert "  retired credit 120元 monthly  [seeds C14: 001 · D]" in lines
    assert "自 2023-01-01 起  [seeds D02: 000 · D]" in yibao("region", "甘肃", "--lang=zh").out


def test_a_region_on_a_date(yibao: Yibao) -> None:
    before = json.loads(yibao("region", "武汉", "--on", "2022-06", "--json").out)
    after = json.loads(yibao("region", "武汉", "--on", "2024-06", "--json").out)
    assert {each["version"] for each in before["sections"]} >= {"NW1", "NW2"}
    assert {each["version"] for each in after["sections"]} == {""}


def test_contact_and_notes_of_a_region(yibao: Yibao) -> None:
    out = yibao("region", "全国").out
    assert 'contact "12333"' in out and 'note "' in out


def test_a_region_of_a_file(yibao: Yibao, folder: Path) -> None:
    (folder / "a.yb").write_text("region 甲\ncredit 1元\n", encoding="utf-8")
    assert "  credit 1元" in yibao("region", "甲", "--rules", "a.yb").out


def test_an_unknown_region(yibao: Yibao) -> None:
    done = yibao("region", "山西东")
    assert (done.code, done.out) == (1, "") and done.err.startswith("error[YB044]")
