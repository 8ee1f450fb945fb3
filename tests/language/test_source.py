import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibaolang.language.source import Place, Source, forbidden_characters, visible

TEXTS = st.text(alphabet=st.sampled_from("a\u9f84\U0001f600\t\n\r"), max_size=40)


def test_line_ends_become_line_feeds_and_the_mark_goes() -> None:
    source = Source.of("a.yb", "\ufeffone\r\ntwo\rthree\n")
    assert source.text == "one\ntwo\nthree\n"
    assert source.line_count == 4
    assert [source.line_text(line) for line in (1, 2, 3, 4)] == ["one", "two", "three", ""]


def test_only_the_leading_mark_goes() -> None:
    source = Source.of("a.yb", "\ufeff\ufeffa")
    assert forbidden_characters(source) == [(0, "U+FEFF")]


def test_an_empty_text_has_one_empty_line() -> None:
    source = Source.of("a.yb", "")
    assert (source.line_count, source.line_text(1), source.position(0)) == (1, "", (1, 1))


def test_only_line_feeds_end_lines() -> None:
    assert Source.of("a.yb", "a\u2028b\x0bc\u0085d").line_count == 1


def test_columns_count_code_points() -> None:
    source = Source.of("a.yb", "退休\U0001f600x\n龄")
    assert source.position(3) == (1, 4)
    assert source.position(5) == (2, 1)
    assert source.position(6) == (2, 2)


@pytest.mark.parametrize("offset", [-1, 4])
def test_no_position_outside_the_text(offset: int) -> None:
    with pytest.raises(IndexError, match="is outside"):
        Source.of("a.yb", "abc").position(offset)


@pytest.mark.parametrize(("line", "column"), [(0, 1), (3, 1), (1, 0), (1, 4), (2, 2)])
def test_no_offset_of_a_place_that_does_not_exist(line: int, column: int) -> None:
    with pytest.raises(IndexError, match=f"no line {line}, column {column}"):
        Source.of("a.yb", "ab\n").offset(line, column)


@pytest.mark.parametrize("line", [0, 3])
def test_no_text_of_a_line_that_does_not_exist(line: int) -> None:
    with pytest.raises(IndexError, match=f"has no line {line}"):
        Source.of("a.yb", "a\nb").line_text(line)


@given(TEXTS)
def test_position_and_offset_undo_each_other(text: str) -> None:
    source = Source.of("a.yb", text)
    seen = [source.position(offset) for offset in range(len(source.text) + 1)]
    assert seen == sorted(set(seen))
    for offset, (line, column) in enumerate(seen):
        assert source.offset(line, column) == offset
        expected = source.text[:offset].split("\n")
        assert (line, column) == (len(expected), len(expected[-1]) + 1)


@given(TEXTS)
def test_the_lines_joined_are_the_text(text: str) -> None:
    source = Source.of("a.yb", text)
    lines = [source.line_text(line) for line in range(1, source.line_count + 1)]
    assert "\n".join(lines) == source.text
    assert "\r" not in source.text


def test_a_place_knows_its_ends() -> None:
    place = Place(Source.of("a.yb", "one\ntwo\n"), (2, 6))
    assert (place.line, place.start, place.end, str(place)) == (1, (1, 3), (2, 3), "a.yb:1:3")


@pytest.mark.parametrize("span", [(-1, 1), (2, 1), (0, 4)])
def test_a_place_is_in_its_source(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="is not in"):
        Place(Source.of("a.yb", "abc"), span)


FORBIDDEN_CODES = [
    *range(0x00, 0x09),
    *range(0x0B, 0x20),
    *range(0x7F, 0xA0),
    0x061C,
    *range(0x200B, 0x2010),
    *range(0x2028, 0x202F),
    0x2060,
    *range(0x2066, 0x206A),
    0xFEFF,
]


def test_exactly_the_listed_characters_are_forbidden() -> None:
    every = "".join(map(chr, range(0x110000)))
    found = forbidden_characters(Source("a.yb", every))
    assert found == [(code, f"U+{code:04X}") for code in FORBIDDEN_CODES]


def test_visible_keeps_lengths() -> None:
    assert visible("a\u202eb\x1b\tc\n") == "a\ufffdb\ufffd\tc\n"
