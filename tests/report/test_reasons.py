"""Reasons folded at every depth, and as HTML."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibaolang.engine.reasons import Reason
from yibaolang.report.folding import folded
from yibaolang.report.html import html_reason

LEAF = Reason("value", "age", "74", "given")
RULE = Reason("rule", "credit 5元", "5.00元", "a.yb:1:1", "鲁医保发", "B", (LEAF, LEAF))
TREE = Reason("figure", "credit", "5.00元", because=(RULE, Reason("note", "and no more")))

TEXTS = st.text(st.characters(codec="utf-8"), max_size=6)
KINDS = st.sampled_from(["figure", "rule", "not_applied", "value", "when"])
LEAVES = st.builds(Reason, KINDS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)
REASONS = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        Reason, KINDS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=10,
)

WHOLE = [
    "credit = 5.00元",
    "  credit 5元 = 5.00元  [鲁医保发 · B]  (a.yb:1:1)",
    "    age = 74  (given)",
    "    age = 74  (given)",
    "  and no more",
]


@pytest.mark.parametrize(
    ("depth", "lang", "expected"),
    [
        (0, "en", WHOLE),
        (1, "en", [*WHOLE[:2], "    ▸ 2 more", WHOLE[4]]),
        (1, "zh", [*WHOLE[:2], "    ▸ 另有2行", WHOLE[4]]),
        (2, "en", WHOLE),
        (9, "zh", WHOLE),
    ],
)
def test_folded(depth: int, lang: str, expected: list[str]) -> None:
    assert folded(TREE, depth, lang) == expected


def test_what_is_deeper_is_counted_down_to_its_leaves() -> None:
    deep = Reason("figure", "a", because=(Reason("rule", "b", because=(TREE, LEAF)),))
    assert folded(deep, 1, "en") == ["a", "  b", "    ▸ 6 more"]


@given(REASONS, st.integers(1, 6))
def test_no_line_is_lost(reason: Reason, depth: int) -> None:
    lines = folded(reason, depth, "en")
    folds = [line.split() for line in lines if line.lstrip(" ").startswith("▸ ")]
    hidden = sum(int(words[1]) for words in folds)
    assert len(lines) - len(folds) + hidden == len(list(reason.lines()))


# ── HTML ──


class Reader(HTMLParser):
    """The elements that open and close, and the texts between."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen.append(tag)
        assert all(
            str(value).startswith("yibao-") for name, value in attrs if name == "class"
        )  # fmt: skip
        assert {name for name, _ in attrs} <= {"class", "lang", "open"}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


@given(REASONS)
def test_html_is_nested_and_every_text_is_escaped(reason: Reason) -> None:
    reader = read(html_reason(reason))
    known = {"div", "details", "summary", "strong", "cite", "span", "code"}
    assert set(reader.seen) <= known
    for text in (reason.text, reason.value, reason.cite, reason.mark, reason.place):
        assert text in reader.text


@pytest.mark.parametrize(("depth", "opened"), [(0, 2), (1, 1), (2, 2)])
def test_levels_that_are_open(depth: int, opened: int) -> None:
    text = html_reason(TREE, depth)
    assert (text.count("<details"), text.count(" open>")) == (2, opened)


def test_html_of_a_line() -> None:
    text = html_reason(Reason("not_applied", "<x>", "a&b", 'a".yb', "c'", "A", lang="zh"))
    assert text == (
        '<div class="yibao-reason" lang="zh">\n'
        '<div class="yibao-not-applied">&lt;x&gt;\uff1a'
        '<strong class="yibao-value">a&amp;b</strong> <cite class="yibao-cite">c&#x27;</cite>'
        ' <span class="yibao-mark">A</span> <code class="yibao-place">a&quot;.yb</code></div>\n'
        "</div>"
    )
