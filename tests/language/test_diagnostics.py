import io
import pickle
import re

import pytest

from yibaolang.language import catalogue
from yibaolang.language.diagnostics import (
    MOST_DIAGNOSTICS,
    Diagnostic,
    Note,
    Refusal,
    Said,
    diagnostic,
    hint,
    limited,
    message,
    render,
    to_json,
)
from yibaolang.language.display import colour, pad, table, use_colour, width
from yibaolang.language.source import Place, Source

CATALOGUE = catalogue.read_catalogue(
    """
[YB003]
severity = "note"
en = "{count} more not shown"
zh = "另有 {count} 条未显示"
[YB101]
severity = "error"
en = "I don't know the name {name}"
zh = "不认识名称 {name}"
hint_en = "did you mean {suggestion}?"
hint_zh = "是否想写 {suggestion}\uff1f"
wrong = "retired credit 2% of avg_pensoin"
right = '''
define a = 1

define b = a
'''
[YB102]
severity = "warning"
en = "{what} is never used {} {Times}"
zh = "{what}从未用到"
[labels]
first = { en = "first here", zh = "先在此处" }
"""
)


SHIPPED = catalogue.shipped()


@pytest.fixture(autouse=True)
def fixed_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """The messages of these tests do not change with the words of the package."""
    monkeypatch.setattr(catalogue, "shipped", lambda: CATALOGUE)


def place(text: str, part: str, name: str = "a.yb") -> Place:
    start = text.index(part)
    return Place(Source(name, text), (start, start + len(part)))


def unknown(
    where: Place | None, *notes: Note, name: str = "agge", suggestion: str = ""
) -> Diagnostic:
    return diagnostic("YB101", where, notes=notes, name=name, suggestion=suggestion)


def test_message_excerpt_and_hint() -> None:
    d = unknown(place("\n" * 11 + "retired\tor agge > 3", "agge"), suggestion="age")
    assert render(d, "en") == (
        "error[YB101]: I don't know the name agge\n"
        "  --> a.yb:12:12\n"
        "   |\n"
        "12 | retired or agge > 3\n"
        "   |            ^^^^\n"
        "   = hint: did you mean age?"
    )


def test_carets_stand_under_chinese_characters() -> None:
    d = unknown(place("退休且年岭≥70\uff0c划入", "年岭"), name="年岭", suggestion="年龄")
    assert render(d, "zh") == (
        "错误[YB101]\uff1a不认识名称 年岭\n"
        " --> a.yb:1:4\n"
        "  |\n"
        "1 | 退休且年岭≥70\uff0c划入\n"
        "  |       ^^^^\n"
        "  = 提示\uff1a是否想写 年龄\uff1f"
    )


def test_every_place_has_its_excerpt_and_label() -> None:
    text = "define a = 1\n\n\n\n\n\n\n\n\ndefine 甲 = 2"
    first = Note(place(text, "a ="), "first")
    other = Note(place("甲乙", "乙", name="b.yb"))
    d = unknown(place(text, "甲"), first, other)
    assert render(d, "en") == (
        "error[YB101]: I don't know the name agge\n"
        "  --> a.yb:10:8\n"
        "   |\n"
        "10 | define 甲 = 2\n"
        "   |        ^^\n"
        "  --> a.yb:1:8\n"
        "   |\n"
        " 1 | define a = 1\n"
        "   |        --- first here\n"
        "  --> b.yb:1:2\n"
        "   |\n"
        " 1 | 甲乙\n"
        "   |   --"
    )
    assert "        --- 先在此处" in render(d, "zh").split("\n")[8]


def test_a_diagnostic_without_a_place() -> None:
    assert render(unknown(None, suggestion="age"), "en") == (
        "error[YB101]: I don't know the name agge\n  = hint: did you mean age?"
    )


@pytest.mark.parametrize(
    ("text", "span", "line", "under"),
    [
        ("ab cd\nef", (3, 8), "1 | ab cd", "  |    ^^"),  # several lines: the first
        ("ab\ncd", (2, 3), "1 | ab", "  |   ^"),  # a line feed
        ("ab\n", (3, 3), "2 |", "  | ^"),  # the end of the text
        ("ab", (1, 1), "1 | ab", "  |  ^"),  # nothing wide
        ("e\u0301x", (2, 3), "1 | e\u0301x", "  |  ^"),  # a combining mark before
        (
            "a\u202eb\x1bc",
            (4, 5),
            "1 | a\ufffdb\ufffdc",
            "  |     ^",
        ),  # nothing reaches the terminal
    ],
)
def test_odd_spans(text: str, span: tuple[int, int], line: str, under: str) -> None:
    lines = render(unknown(Place(Source("a.yb", text), span)), "en").split("\n")
    assert lines[3:] == [line, under]


def excerpt(text: str, part: str) -> tuple[str, str]:
    lines = render(unknown(place(text, part)), "en").split("\n")
    return lines[3].removeprefix("1 | "), lines[4].removeprefix("  | ")


def test_a_line_of_160_columns_is_whole() -> None:
    assert excerpt("x" * 157 + "abc", "abc") == ("x" * 157 + "abc", " " * 157 + "^^^")


def test_long_lines_are_cut_around_the_caret() -> None:
    x = "x" * 300
    assert excerpt(x + "abc" + x, "abc") == (
        "…" + "x" * 60 + "abc" + "x" * 95 + "…",
        " " * 61 + "^^^",
    )
    assert excerpt("abc" + x, "abc") == ("abc" + "x" * 155 + "…", "^^^")
    assert excerpt(x + "abc", "abc") == ("…" + "x" * 155 + "abc", " " * 156 + "^^^")


def test_long_chinese_lines_are_cut_by_columns() -> None:
    assert excerpt("龄" * 100 + "甲" * 200, "甲" * 200) == (
        "…" + "龄" * 30 + "甲" * 49 + "…",
        " " * 61 + "^" * 98,
    )


def test_a_long_line_of_combining_marks_is_cut() -> None:
    shown, under = excerpt("\u0301" * 500 + "a", "a")
    assert (len(shown), under) == (159, " ^")


def test_colour_only_if_asked() -> None:
    d = unknown(place("agge", "agge"), Note(place("a", "a"), "first"), suggestion="age")
    plain, shaded = render(d, "en"), render(d, "en", colour=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", shaded) == plain
    assert shaded.startswith("\x1b[1;31merror[YB101]\x1b[0m: I don't")
    assert "  | \x1b[1;31m^^^^\x1b[0m\n" in shaded
    assert "  | \x1b[1;36m- first here\x1b[0m\n" in shaded
    warning = render(diagnostic("YB102", None, what="a"), "zh", colour=True)
    assert warning == "\x1b[1;33m警告[YB102]\x1b[0m\uff1aa从未用到"


def test_words_that_differ_by_language() -> None:
    d = diagnostic("YB102", None, what=Said(en="the bucket", zh="账户"))
    assert message(d, "en") == "the bucket is never used {} {Times}"
    assert message(d, "zh") == "账户从未用到"
    with pytest.raises(ValueError, match="not in 'fr'"):
        message(d, "fr")


def test_arguments_are_not_templates_and_cannot_steer_the_terminal() -> None:
    d = unknown(None, name="{suggestion}\x1b[2J", suggestion="age")
    assert message(d, "en") == "I don't know the name {suggestion}\ufffd[2J"


def test_a_hint_needs_every_argument() -> None:
    assert hint(unknown(None), "en") == ""
    assert hint(diagnostic("YB101", None, name="a"), "en") == ""
    assert hint(diagnostic("YB101", None, name="a", suggestion=0), "en") == "did you mean 0?"
    assert hint(diagnostic("YB102", None, what="a"), "zh") == ""


def test_a_message_needs_its_arguments() -> None:
    with pytest.raises(KeyError, match="YB101 needs the argument name"):
        message(diagnostic("YB101", None), "en")


def test_json() -> None:
    text = "a\n年岭\n"
    d = unknown(place(text, "年岭\n"), Note(place(text, "a"), "first"), suggestion="age")
    assert to_json(d, "zh") == {
        "code": "YB101",
        "severity": "error",
        "message": "不认识名称 agge",
        "hint": "是否想写 age\uff1f",
        "file": "a.yb",
        "line": 2,
        "column": 1,
        "end_line": 3,
        "end_column": 1,
        "notes": [
            {
                "label": "先在此处",
                "file": "a.yb",
                "line": 1,
                "column": 1,
                "end_line": 1,
                "end_column": 2,
            }
        ],
    }
    nowhere = to_json(unknown(None), "en")
    assert (nowhere["file"], nowhere["line"], nowhere["hint"]) == (None, None, "")


def test_a_refusal_tells_all_of_it() -> None:
    refusal = Refusal(unknown(None), diagnostic("YB102", None, what="a"))
    assert str(refusal) == refusal.render("en")
    assert refusal.render("zh") == "错误[YB101]\uff1a不认识名称 agge\n\n警告[YB102]\uff1aa从未用到"
    with pytest.raises(ValueError, match="needs a diagnostic"):
        Refusal()


def test_a_refusal_travels_between_processes() -> None:
    d = unknown(place("ab\nagge", "agge"), Note(place("a", "a"), "first"))
    back = pickle.loads(pickle.dumps(Refusal(d)))
    assert back.diagnostics == (d,)
    assert hash(back.diagnostics[0]) == hash(d)
    assert str(back) == render(d, "en")


def at(offset: int, code: str = "YB101", name: str = "a.yb") -> Diagnostic:
    where = Place(Source(name, "x" * 50), (offset, offset + 1))
    return diagnostic(code, where, name="n", what="w")


def test_limited_sorts_and_drops_duplicates() -> None:
    nowhere, other = unknown(None, name="p"), unknown(None, name="q")
    repeated = diagnostic("YB101", at(7).place, name="other words")
    given = [nowhere, at(0, name="b.yb"), at(7), repeated, at(3, "YB102"), at(3), nowhere, other]
    expected = [at(3), at(3, "YB102"), at(7), at(0, name="b.yb"), nowhere, other]
    assert limited(given) == expected


def test_limited_at_the_limit_and_past_it() -> None:
    every = [at(offset) for offset in range(MOST_DIAGNOSTICS + 2)]
    assert limited(reversed(every[:-2])) == every[:-2]
    cut = limited(reversed(every))
    assert cut[:-1] == every[:-2]
    assert render(cut[-1], "en") == "note[YB003]: 2 more not shown"
    assert render(cut[-1], "zh") == "说明[YB003]\uff1a另有 2 条未显示"


def test_no_warning_pushes_an_error_out() -> None:
    warnings = [at(offset, "YB102") for offset in range(MOST_DIAGNOSTICS)]
    cut = limited([*warnings, at(49)])
    assert cut[:-1] == [*warnings[:-1], at(49)]


def test_explain_code() -> None:
    assert catalogue.explain_code("YB101", "en") == (
        "error[YB101]: I don't know the name …\n"
        "hint: did you mean …?\n"
        "\n"
        "wrong:\n"
        "  retired credit 2% of avg_pensoin\n"
        "\n"
        "right:\n"
        "  define a = 1\n"
        "\n"
        "  define b = a"
    )
    assert catalogue.explain_code("YB102", "zh") == "警告[YB102]\uff1a…从未用到"


@pytest.mark.parametrize("unknown_key", ["YB999", "labels"])
def test_unknown_codes_and_labels(unknown_key: str) -> None:
    with pytest.raises(KeyError, match=f"no diagnostic {unknown_key} in"):
        catalogue.explain_code(unknown_key, "en")
    with pytest.raises(KeyError, match=f"no label {unknown_key} in"):
        catalogue.label(unknown_key, "en")


@pytest.mark.parametrize(
    ("keys", "error"),
    [
        ('severity = "fatal"\nen = "a"\nzh = "b"', ValueError),
        ('severity = "error"\nen = "a"', TypeError),
        ('severity = "error"\nen = "a"\nzh = ""', ValueError),
        ('severity = "error"\nen = "a"\nzh = "b"\nfix = "c"', TypeError),
        ('severity = "error"\nen = "a"\nzh = "b"\nwrong = 1', TypeError),
    ],
)
def test_bad_entries(keys: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        catalogue.read_catalogue("[YB1]\n" + keys)


def test_the_shipped_catalogue_says_the_same_in_both_languages() -> None:
    for code, entry in SHIPPED.entries.items():
        assert re.fullmatch("YB[0-9]+", code)
        assert catalogue.fields(entry.en) == catalogue.fields(entry.zh), code
        assert catalogue.fields(entry.hint_en) == catalogue.fields(entry.hint_zh), code
        assert bool(entry.hint_en) == bool(entry.hint_zh), code
    assert {"YB003", "YB101"} <= SHIPPED.entries.keys()
    assert all(said.en and said.zh for said in SHIPPED.labels.values())


def test_width() -> None:
    texts = ["", "ab", "年龄", "\uff21", "e\u0301", "\U0001f600"]
    assert [width(text) for text in texts] == [0, 2, 4, 2, 1, 2]
    assert (width("≥"), width("≥", ambiguous=2)) == (1, 2)
    assert width("a\u200bb\x00") == 2


def test_pad() -> None:
    assert [pad("年", 4), pad("年龄", 3), pad("≥", 3, ambiguous=2)] == ["年  ", "年龄", "≥ "]


def test_table() -> None:
    rows = [["张三", "3000.00", "x"], ["Li", "1.00", ""]]
    assert table(rows, header=["姓名", "余额", ""], right={1}) == (
        "姓名     余额\n────────────────\n张三  3000.00  x\nLi       1.00"
    )
    assert table(rows[1:]) == "Li  1.00"
    assert table([]) == ""
    assert table([], header=["a", "b"]) == "a  b\n────"
    with pytest.raises(ValueError, match="a row of 1 cells in a table of 2 columns"):
        table([["a"]], header=["a", "b"])


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("no_colour", "term", "expected"),
    [
        (None, "xterm", True),
        ("", "xterm", True),
        ("1", "xterm", False),
        (None, "dumb", False),
        (None, None, True),
    ],
)
def test_use_colour(
    monkeypatch: pytest.MonkeyPatch, no_colour: str | None, term: str | None, expected: bool
) -> None:
    for name, value in (("NO_COLOR", no_colour), ("TERM", term)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    assert use_colour(Terminal()) is expected
    assert use_colour(io.StringIO()) is False


def test_colour_names() -> None:
    assert colour("a", "cyan") == "\x1b[1;36ma\x1b[0m"
    with pytest.raises(KeyError):
        colour("a", "mauve")
