"""What the pages about the prompt say of commands and settings is what the registry has."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from yibaolang.session.commands import COMMANDS
from yibaolang.session.settings import CHOICES, Settings
from yibaolang.session.texts import TEXTS

DOCS = Path(__file__).resolve().parents[2] / "docs"
UPDATE = os.environ.get("YIBAO_UPDATE_DOCS") == "1"
PAGES = {"en": DOCS / "prompt.md", "zh": DOCS / "prompt.zh.md"}
_COMMANDS = {
    "en": ("Command", "Chinese", "What it does"),
    "zh": ("命令", "英文", "作用"),
}
_SETTINGS = {
    "en": ("Setting", "Chinese", "Values, the first by default", "What it is"),
    "zh": ("设置", "英文", "取值（首项为默认）", "含义"),
}


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def quoted(text: str) -> str:
    """A text in a cell as it is typed; a bar would end the cell."""
    return f"`{text}`".replace("|", "\\|")


def table(titles: tuple[str, ...], rows: list[str]) -> str:
    return "\n".join([row(*titles), row(*["---"] * len(titles)), *rows]) + "\n"


def commands(lang: str) -> str:
    rows = []
    for command in COMMANDS.values():
        texts: dict[str, Any] = TEXTS.table("commands")[command.name]
        others = command.zh if lang == "en" else command.en
        names = " ".join(quoted(f".{each}") for each in others)
        summary = texts["summary"][lang].replace("|", "\\|")
        rows.append(row(quoted(texts["usage"][lang]), names, summary))
    return table(_COMMANDS[lang], rows)


def settings(lang: str) -> str:
    rows = []
    for name, choices in CHOICES.items():
        texts: dict[str, Any] = TEXTS.table("settings")[name]
        own, other = (texts[each] for each in (lang, "zh" if lang == "en" else "en"))
        default = getattr(Settings(), name)
        values = [default, *(each for each in choices if each != default)]
        spelled = " ".join(quoted(spelling(each, lang)) for each in values)
        rows.append(row(quoted(own), quoted(other), spelled, texts["summary"][lang]))
    return table(_SETTINGS[lang], rows)


def spelling(value: str, lang: str) -> str:
    words = TEXTS.table("values").get(value)
    return value if words is None else str(words[lang])


@pytest.mark.parametrize("lang", PAGES)
@pytest.mark.parametrize(("name", "made"), [("commands", commands), ("settings", settings)])
def test_tables_are_those_of_the_registry(
    lang: str, name: str, made: Callable[[str], str]
) -> None:
    path = PAGES[lang]
    place = re.compile(rf"(?<=<!-- {name} -->\n\n).*?(?=\n<!-- end -->)", re.S)
    if UPDATE:
        text = path.read_text("utf-8")
        path.write_text(place.sub(lambda _: made(lang), text, count=1), "utf-8")
    found = place.search(path.read_text("utf-8"))
    assert found is not None
    assert found[0] == made(lang)
