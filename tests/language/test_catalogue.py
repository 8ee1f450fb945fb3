"""The catalogue against the code that uses it: every code, argument, label and example."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import yibaolang
from tests.golden.diagnose import diagnostics_of_reading
from yibaolang.engine import script
from yibaolang.engine.rulebook import read
from yibaolang.language import catalogue
from yibaolang.language.catalogue import Entry, Said
from yibaolang.language.diagnostics import Diagnostic, Refusal
from yibaolang.model.limits import LIMITS

PACKAGE = Path(yibaolang.__file__).parent
ENTRIES = catalogue.shipped().entries
LABELS = catalogue.shipped().labels

# What makes a diagnostic: the code comes first, the arguments by name.
MAKERS = frozenset({"diagnostic", "refuse", "blame", "object", "_object", "no_value"})

# What reading a text and putting it into a book can say.
READING = frozenset(
    f"YB{number:03}"
    for numbers in ((1, 2), range(4, 26), (27, 28), range(102, 109), (302, 303), (448, 449))
    for number in numbers
)

# What asking for a figure can say. The other codes come from files, from checks and from commands;
# their examples are read here and proved where those are tested.
ASKING = frozenset(
    f"YB{number}"
    for numbers in (
        (101, 109, 110, 111, 112),
        range(201, 208),
        (209, 210),
        range(212, 219),
        (301, 304, 305, 306),
        range(401, 417),
        range(418, 425),
        (426, 427),
        range(431, 448),
        range(451, 457),
        (458, 601, 602),
    )
    for number in numbers
)
QUESTION = "\nperson 张三: retired\nshow credit of 张三 on 2024-06-20\n"

# Texts too long for the catalogue, each (wrong, right); those with a limit are at it.
LONG = {
    "YB002": ("#" * (LIMITS.source_bytes + 1), "#" * LIMITS.source_bytes),
    "YB007": (
        "credit " + "(" * (LIMITS.nesting + 1) + "1元" + ")" * (LIMITS.nesting + 1),
        "credit " + "(" * LIMITS.nesting + "1元" + ")" * LIMITS.nesting,
    ),
    "YB008": (f'note "{"a" * (LIMITS.string_bytes + 1)}"', 'note "a"'),
}


def codes_of(text: str) -> set[str]:
    """The codes of what is said when a text is read."""
    return {each.code for each in diagnostics_of_reading("example.yb", text)}


def asks(text: str) -> bool:
    return any(word in text for word in ("show ", "显示", "expect ", "why "))


def codes_of_asking(text: str) -> set[str]:
    """The codes of what is said when the questions and tests of a text are run."""
    found: list[Diagnostic] = []
    try:
        rules = read(text if asks(text) else text + QUESTION)
        for shown in script.questions(rules):
            found += [each for row in shown.rows for each in row.result.refused]
        for run in script.tests(rules):
            found += [each.failure for each in run.tested if each.failure is not None]
    except Refusal as refusal:
        found += refusal.diagnostics
    return {each.code for each in found}


def texts_of(entry: Entry) -> list[str]:
    return [entry.en, entry.zh, entry.hint_en, entry.hint_zh]


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Where it is and every call in the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node


def name_of(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def words_in(call: ast.Call) -> list[str]:
    """The texts among the positional arguments of a call."""
    values = [each.value for each in call.args if isinstance(each, ast.Constant)]
    return [value for value in values if isinstance(value, str)]


def made() -> list[tuple[str, str, set[str | None]]]:
    """Where it is, code and argument names of every diagnostic that the package makes.

    An argument name None stands for arguments that the call hands on.
    """
    return [
        (where, word, {each.arg for each in call.keywords})
        for where, call in calls()
        if name_of(call.func) in MAKERS
        for word in words_in(call)
        if word.startswith("YB")
    ]


MADE = made()


def test_every_code_in_use_has_an_entry() -> None:
    assert {code for _, code, _ in MADE} - ENTRIES.keys() == set()


def test_every_message_gets_its_arguments() -> None:
    missing = [
        f"{where} {code}: {', '.join(sorted(lacking))}"
        for where, code, given in MADE
        if code in ENTRIES and None not in given
        for lacking in [catalogue.fields(ENTRIES[code].en) - given]
        if lacking
    ]
    assert missing == []


def test_every_label_in_use_has_words() -> None:
    used = {word for _, call in calls() if name_of(call.func) == "Note" for word in words_in(call)}
    assert used - LABELS.keys() == set()


def test_the_search_itself_finds_what_is_there() -> None:
    assert len(MADE) > 50
    assert {"YB001", "YB101", "YB103"} <= {code for _, code, _ in MADE}


def test_entries_stand_in_order() -> None:
    codes = catalogue.codes()
    assert list(codes) == sorted(set(codes))


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_both_languages_say_the_same(entry: Entry) -> None:
    assert catalogue.fields(entry.en) == catalogue.fields(entry.zh)
    assert catalogue.fields(entry.hint_en) == catalogue.fields(entry.hint_zh)
    assert bool(entry.hint_en) == bool(entry.hint_zh)
    assert bool(entry.wrong) == bool(entry.right)


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_texts_are_short_and_tidy(entry: Entry) -> None:
    for text in texts_of(entry):
        assert text == text.strip()
        assert "\n" not in text and "  " not in text
        assert len(text) <= 130
        assert not text.endswith((".", "\u3002"))
    assert not any(mark in entry.zh + entry.hint_zh for mark in "?!;")


@pytest.mark.parametrize("key", LABELS)
def test_labels_are_in_both_languages(key: str) -> None:
    assert LABELS[key] == Said(catalogue.label(key, "en"), catalogue.label(key, "zh"))
    assert catalogue.label(key, "en") and catalogue.label(key, "zh")


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        *((code, "note") for code in ("YB003", "YB508", "YB510")),
        *((f"YB{number}", "warning") for number in (501, 502, 503, 504, 505, 506, 507, 509, 511)),
    ],
)
def test_what_is_no_error(code: str, severity: str) -> None:
    assert ENTRIES[code].severity == severity


def test_all_else_is_an_error() -> None:
    milder = {code for code, entry in ENTRIES.items() if entry.severity != "error"}
    assert milder == {"YB003"} | {code for code in ENTRIES if code.startswith("YB5")}


@pytest.mark.parametrize("code", [code for code, entry in ENTRIES.items() if entry.right])
def test_right_is_right(code: str) -> None:
    assert codes_of(ENTRIES[code].right) == set()


@pytest.mark.parametrize("code", [code for code, entry in ENTRIES.items() if entry.wrong])
def test_wrong_is_wrong_for_that_reason(code: str) -> None:
    assert codes_of(ENTRIES[code].wrong) == ({code} if code in READING else set())


@pytest.mark.parametrize("code", sorted(ASKING))
def test_asking_finds_what_is_wrong(code: str) -> None:
    entry = ENTRIES[code]
    assert codes_of_asking(entry.wrong) == {code}
    # Where the example has no question of its own, the one that is put may lack facts.
    assert codes_of_asking(entry.right) <= (set() if asks(entry.right) else {"YB401", "YB406"})


def test_every_code_of_reading_has_examples() -> None:
    assert {code for code in READING if not ENTRIES[code].wrong} == LONG.keys()


@pytest.mark.parametrize("code", LONG)
def test_long_examples(code: str) -> None:
    wrong, right = LONG[code]
    assert codes_of(wrong) == {code}
    assert codes_of(right) == set()
