"""The table of checks as a whole."""

from time import monotonic

import pytest

from tests.analysis.checking import book_of
from yibaolang.analysis.checks import CHECKS, check
from yibaolang.language.catalogue import codes, entry
from yibaolang.language.diagnostics import message
from yibaolang.language.source import Source
from yibaolang.model.building import build
from yibaolang.model.loading import Loader

HERE = [code for code in codes() if code.startswith("YB5") and entry(code).wrong]


def test_every_check_says_what_it_is_about() -> None:
    assert all(each.__doc__ for each in CHECKS)


def of_text(text: str) -> set[str]:
    loader = Loader()
    loader.text(Source.of("a.yb", text))
    book, _ = build(loader.documents)
    return {each.code for each in check(book)}


@pytest.mark.parametrize("code", HERE)
def test_the_examples_of_the_catalogue(code: str) -> None:
    assert code in of_text(entry(code).wrong.strip("\n"))
    assert code not in of_text(entry(code).right.strip("\n"))


def test_the_prelude_has_nothing_to_report() -> None:
    assert check(book_of("")) == []
    assert check(book_of(""), only=frozenset({"prelude.yb"})) == []


def test_the_library_has_no_errors_and_every_message_has_its_words() -> None:
    loader = Loader()
    loader.whole_library()
    book, problems = build(loader.documents)
    found = check(book)
    assert problems == []
    assert [each for each in found if each.severity == "error"] == []
    assert all(message(each, lang) for each in found for lang in ("en", "zh"))


def test_diagnostics_are_in_order_and_one_for_each_place() -> None:
    text = "retired credit agge\nactive credit wagge\ndefine due = 1元\n"
    found = check(book_of(text))
    places = [(each.place.span, each.code) for each in found if each.place]
    assert places == sorted(set(places))


def test_only_the_named_sources_are_reported() -> None:
    rules = "region 甲\ncredit agge\nretired deduct wagge\n"
    other = "region 乙 under 甲\ndefine due = aage\n"
    book = book_of(rules, other)
    every = check(book)
    names = {each.place.source.name: None for each in every if each.place}
    assert list(names) == ["a.yb", "b.yb"]
    for name in names:
        own = [each for each in every if each.place and each.place.source.name == name]
        assert check(book, only=frozenset({name})) == own


def test_chosen_versions_are_the_only_ones_that_are_checked() -> None:
    text = """region 山东
since 2024-01-01 as "A" cite "a"
credit agge
since 2024-01-01 as "B" cite "b"
credit 2元
"""
    assert [each.code for each in check(book_of(text), {"山东": "B"})] == []
    assert [each.code for each in check(book_of(text), {"山东": "A"})] == ["YB101"]


@pytest.mark.slow
def test_thirty_thousand_lines_are_checked_within_a_minute() -> None:
    lines: list[str] = []
    for region in range(245):
        lines += [f"region r{region}", "param avg_pension"]
        lines += [f'  {year}-01-01 {year}元 cite "x"' for year in range(2000, 2020)]
        for since in range(2000, 2020, 4):
            lines.append(f'since {since}-01-01 until {since + 3}-12-31 cite "y"')
            lines += [
                f"retired and age within [{low}, {low + 8}) credit 2% of avg_pension monthly"
                for low in range(0, 144, 8)
            ]
            lines.append("retired and age >= 144 credit 1元 monthly")
            lines.append("status != retired credit none")
    assert len(lines) > 30_000
    book = book_of("\n".join(lines))
    start = monotonic()
    assert check(book) == []
    assert monotonic() - start < 60
