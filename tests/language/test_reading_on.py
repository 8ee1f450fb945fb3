"""A text that grows is read from where it was read before: the same lines with the same spans."""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.language.printed_pairs import PAIRS
from yibaolang.language import kept
from yibaolang.language.declared import declared_names
from yibaolang.language.diagnostics import Diagnostic
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.language.syntax import Line, Node
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.loading import prelude_names

ROOT = Path(__file__).resolve().parents[2]
NAMES = prelude_names() | {"甲", "张三", "山东", "应缴年限", "门诊待遇"}

# Sentences, well and badly written, each closed at its end; and what stands between them.
SENTENCES = [
    *(text + "\n" for pair in PAIRS for text in pair),
    "# above\n\nretired credit 100元 # behind\n", "bucket a,  # why\n  # and why\n b\n",
    "bucket a,\n\n", "define a = min(1,\n2)\n", "credit credit\n", "retired credit\n",
    'note "open\n', "bucket a; b\n", "age $ 3\n", "2024-02-30 门诊 1元\n", "定义 甲 = 1\n",
    "\u9000\u4f11\uff0c\u6bcf\u6708\u5212\u5165\uff11\uff10\uff10\u5143\u3002\n",
]  # fmt: skip
BETWEEN = ["", "\n", "\n\n", "# alone\n\n# twice\n", "  # \u202e\n"]
PARTS = st.builds(str.__add__, st.sampled_from(BETWEEN), st.sampled_from(SENTENCES))


def spans(node: Node) -> list[tuple[str, tuple[int, int]]]:
    found = [(type(node).__name__, node.span)]
    for _, part in node.parts():
        for each in part if isinstance(part, tuple) else (part,):
            if isinstance(each, Node):
                found += spans(each)
    return found


def lines(found: Iterable[Line]) -> list[object]:
    """The lines with every span in them, which equality does not look at."""
    return [
        (each.sentence, each.above, each.trailing, spans(each.sentence) if each.sentence else [])
        for each in found
    ]


def problems(found: Iterable[Diagnostic]) -> list[str]:
    return sorted(f"{each.code} {each.place} {each.arguments}" for each in found)


@given(st.lists(PARTS, max_size=6), st.lists(PARTS, max_size=6), st.sampled_from(BETWEEN))
def test_two_readings_are_one(before: list[str], after: list[str], end: str) -> None:
    first = "".join(before)
    source = Source.of("a.yb", "".join([first, *after, end]))
    whole, wrong = parse(source, NAMES)
    one, wrong_in_one = parse(Source.of("a.yb", first), NAMES)
    two, wrong_in_two = parse(source, NAMES, start=len(first))
    assert two.source is source
    assert lines(whole.lines) == lines((*one.lines, *two.lines))
    assert problems(wrong) == problems([*wrong_in_one, *wrong_in_two])


def test_the_examples_can_be_read_line_by_line() -> None:
    text = (ROOT / "examples" / "tour.yb").read_text("utf-8")
    source = Source.of("tour.yb", text)
    whole, _ = parse(source, NAMES)
    starts = [0]
    for sentence in whole.sentences[:-1]:
        starts.append(text.index("\n", sentence.span[1]) + 1)
    names = NAMES | declared_names(text, vocabulary())
    found = [parse(Source.of("tour.yb", text[:end]), names, start=start)
             for start, end in pairwise([*starts, len(text)])]  # fmt: skip
    assert all(wrong == [] for _, wrong in found)
    assert lines(whole.lines) == lines(line for document, _ in found for line in document.lines)


def test_only_what_is_read_declares_names() -> None:
    text = "定义 甲乙 = 1\n甲乙划入1元\n"
    source = Source.of("a.yb", text)
    assert parse(source)[1] == []
    assert parse(source, ["甲乙"], start=10)[1] == []
    (wrong,) = parse(Source.of("a.yb", "定义 甲 = 1\n甲 甲\n"), start=9)[1]
    assert wrong.place is not None
    assert wrong.place.line == 2
    document, _ = parse(source, start=len(text))
    assert document.lines == ()


def test_full_width_text_before_the_start_moves_nothing() -> None:
    text = "# \uff11\uff12\uff08\n\u9000\u4f11\uff0c\u5212\u5165\uff11\u5143\n"
    (sentence,) = parse(Source.of("a.yb", text), NAMES, start=6)[0].sentences
    assert sentence.span == (6, 13)


@pytest.mark.parametrize("start", [-1, 1, 3, 9, 100])
def test_reading_begins_at_the_beginning_of_a_line(start: int) -> None:
    with pytest.raises(ValueError, match=r"no line of a.yb begins at the offset"):
        parse(Source.of("a.yb", "age\nage\n"), start=start)


def test_what_is_read_on_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> str:
        raise AssertionError("a part of a text was looked for among the documents")

    monkeypatch.setattr(kept, "key", never)
    document, _ = parse(Source.of("a.yb", "age\nage\n"), keep=True, start=4)
    assert len(document.sentences) == 1
