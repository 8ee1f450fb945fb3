"""Damaged files never lead to a traceback: they are read, checked and run, or refused.

Windows of the example and golden files are damaged by chance (the seed is fixed), and go through
what `yibao check`, `run` and `test` do. Anything that is not a Refusal fails the test.
"""

import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from yibaolang.cli.checking import diagnostics_of_documents
from yibaolang.engine import script
from yibaolang.engine.rulebook import RuleBook, loaded
from yibaolang.language.diagnostics import Refusal, limited, render
from yibaolang.language.source import Source
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.loading import Loader

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 10
DAMAGED_A_ROUND = 1_000
MOST_LINES = 40
NAME = "damaged.yb"
LANGUAGES = ("en", "zh")

INCLUDES = ("include", "引用")
HEADERS = ("region", "地区")
SIGNS = (
    "的\uff0c\u3002\u3001\uff1a\uff1b|()[]<>=≥≤%元年月日岁 \t0123456789.-/*+\"'#「」"
    "\u3000\uff11a_Zé\u0410\u200b\u202e\x00\ud800"
)
NUMBERS = (
    "0", "1", "-1", "2", "13", "32", "70", "1.5", "0.0000001", "99999999999999999999",
    "2024-02-30", "1900-01-01", "2200-12-31",
)  # fmt: skip
ALIKE = (
    r"\d{4}-\d\d-\d\d", r"(?<![\d-])\d{4}-\d\d(?![\d-])", r"[0-9][0-9.]*元", r"[0-9][0-9.]*%",
    r"\b\d{1,2}\b", r"<=|>=|<|>|=|≥", r"\b(?:monthly|yearly|once)\b", r"每月|每年|一次性",
    r"\b(?:retired|active|flexible|resident)\b", r"退休|在职|灵活就业", r"\b(?:and|or)\b",
    r"first of month|last of month|last of last month|posting day|year start|today",
    r"当月末日|当月首日|入账日|年度首日|今日", r"\b(?:credit|deduct)\b",
    r"\b(?:age|retired_on|contribution_base|pension|contribution_years|birth)\b",
    r"年龄|退休日期|缴费基数|本人养老金|累计缴费年限",
)  # fmt: skip
QUESTIONS = (
    "person 甲: age = 70, retired since 2014-02-28, male, in 全国",
    "person 乙: birth 1952-02-29, active, contribution_base 10000元",
    "show credit on 2024-06", "show credit in 2024", "explain net credit in 2024",
    "show credit by month in 2024", "show wait for cover on 2024-01-31",
    "compare 全国, 山东 on 2024-06", "show years_needed on 2024-06", "1元 / 3",
    "show lifetime_benefit on 2030-12-31", "explain deduct on 2024-02-29",
    "显示 缺少月数 于2024-06", 'test "x"', "given birth 1952-02-29, retired since 2012-03-01",
    "expect credit in 2024 = 1325元",
    "on 2024-06 expect credit = 125元", "on 2024-06 expect wait for cover = 2024-07-01",
)  # fmt: skip


@cache
def texts() -> list[list[str]]:
    """The lines of the files, without what they include: the national frame is there already."""
    paths = sorted([*ROOT.glob("examples/**/*.yb"), *ROOT.glob("tests/golden/**/*.yb")])
    return [
        [line for line in path.read_text("utf-8").split("\n") if not line.startswith(INCLUDES)]
        for path in paths
    ]


@cache
def spellings() -> list[str]:
    """Every spelling of every keyword."""
    return [word for each in vocabulary().keywords.values() for word in (*each.zh, *each.en)]


@cache
def alike() -> list[tuple[re.Pattern[str], list[str]]]:
    """Patterns, and all that the files have of each: what replaces it is of its kind."""
    every = "\n".join(line for lines in texts() for line in lines)
    return [(re.compile(each), sorted(set(re.findall(each, every)))) for each in ALIKE]


# ── damage ──


Damage = Callable[[random.Random, list[str], int], None]


def cut_out(chance: random.Random, lines: list[str], at: int) -> None:
    start = chance.randint(0, len(lines[at]))
    lines[at] = lines[at][:start] + lines[at][start + chance.randint(1, 4) :]


def insert_signs(chance: random.Random, lines: list[str], at: int) -> None:
    start = chance.randint(0, len(lines[at]))
    signs = chance.choice(SIGNS) * chance.choice((1, 1, 1, 2, 30))
    lines[at] = lines[at][:start] + signs + lines[at][start:]


def insert_keyword(chance: random.Random, lines: list[str], at: int) -> None:
    start = chance.randint(0, len(lines[at]))
    lines[at] = f"{lines[at][:start]} {chance.choice(spellings())} {lines[at][start:]}"


def swap_lines(chance: random.Random, lines: list[str], at: int) -> None:
    other = chance.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]


def repeat_line(chance: random.Random, lines: list[str], at: int) -> None:
    lines.insert(at, chance.choice(lines))


def truncate(chance: random.Random, lines: list[str], at: int) -> None:
    lines[at] = lines[at][: chance.randint(0, len(lines[at]))]


def shuffle_words(chance: random.Random, lines: list[str], at: int) -> None:
    words = lines[at].split(" ")
    chance.shuffle(words)
    lines[at] = " ".join(words)


def change_keyword(chance: random.Random, lines: list[str], at: int) -> None:
    found = [word for word in spellings() if word in lines[at]]
    if found:
        lines[at] = lines[at].replace(chance.choice(found), chance.choice(spellings()), 1)


def change_number(chance: random.Random, lines: list[str], at: int) -> None:
    found = list(re.finditer("[0-9]+", lines[at]))
    if found:
        start, end = chance.choice(found).span()
        lines[at] = lines[at][:start] + chance.choice(NUMBERS) + lines[at][end:]


def change_for_another(chance: random.Random, lines: list[str], at: int) -> None:
    pattern, others = chance.choice(alike())
    found = list(pattern.finditer(lines[at]))
    if found:
        start, end = chance.choice(found).span()
        lines[at] = lines[at][:start] + chance.choice(others) + lines[at][end:]


COARSE: tuple[Damage, ...] = (
    cut_out, insert_signs, insert_keyword, swap_lines, repeat_line, truncate, shuffle_words,
    change_keyword, change_number,
)  # fmt: skip


def damaged(chance: random.Random) -> str:
    """A few lines of a file with a few damages, coarse ones or such that the text may still run."""
    lines = chance.choice(texts())
    count = chance.randint(1, min(MOST_LINES, len(lines)))
    start = chance.randint(0, len(lines) - count)
    window = lines[start : start + count]
    gentle = chance.random() < 0.5
    if gentle:
        headers = [line for line in lines[:start] if line.startswith(HEADERS)]
        window = [*headers[-1:], *window, *chance.sample(QUESTIONS, chance.randint(0, 6))]
    for _ in range(chance.randint(1, 4)):
        damage = change_for_another if gentle else chance.choice(COARSE)
        damage(chance, window, chance.randrange(len(window)))
    return "\n".join(window)


# ── what must hold ──


@cache
def national() -> Loader:
    loader = Loader()
    loader.library("全国")
    return loader


def read(text: str) -> Loader:
    """The text below the national frame, as a file in an empty folder."""
    frame = national()
    loader = Loader(names=set(frame.names), documents=list(frame.documents))
    loader.documents[:] = frame.documents
    loader.text(Source.of(NAME, text), str(ROOT / "tests" / "none"))
    return loader


def go_through(text: str) -> bool:
    """Check and run a text; whether it could be run."""
    loader = read(text)
    for each in limited(diagnostics_of_documents(loader, {NAME})):
        for lang in LANGUAGES:
            render(each, lang)
    try:
        rules = loaded(loader)
    except Refusal as refusal:
        refusal.render("zh")
        return False
    for _ in results(rules):
        pass
    return True


def results(rules: RuleBook) -> Iterator[str]:
    """Every answer and every outcome of a test, in words."""
    for entry in rules.book.questions:
        try:
            shown = script.answer(rules, entry)
        except Refusal as refusal:
            yield refusal.render("en")
            continue
        for row in shown.rows:
            yield str(row.result.to_json("zh"))
            yield row.result.explain("en")
    for run in script.tests(rules, frozenset({NAME})):
        for tested in run.tested:
            if tested.failure is not None:
                yield render(tested.failure, "zh")
            if tested.result is not None:
                yield tested.result.explain("zh")


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_damaged_files_are_refused_or_run(seed: int) -> None:
    chance = random.Random(seed)
    ran = 0
    for number in range(DAMAGED_A_ROUND):
        text = damaged(chance)
        try:
            ran += go_through(text)
        except Exception as error:
            error.add_note(f"seed {seed}, number {number}:\n{text!a}")
            raise
    assert ran > DAMAGED_A_ROUND // 20
