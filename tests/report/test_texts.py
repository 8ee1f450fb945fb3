"""Words in files: how they are looked up; both languages everywhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from yibaolang.engine.ledger_rows import TABLES
from yibaolang.report.texts import TEXTS, Texts, of_column, of_counter, titles


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    path = tmp_path / "texts.toml"
    path.write_text(
        '[messages]\nhello = { en = "hello {name}", zh = "{name}\u4f60\u597d" }\n'
        '[counts]\ndays = { en = ["{count} day", "{count} days"], zh = "{count}\u5929" }\n'
        'more = { en = "{count} more", zh = "\u53e6\u6709{count}" }\n',
        "utf-8",
    )
    return Texts(str(path))


def test_words_of_a_file(texts: Texts) -> None:
    assert texts.say("hello", "en", name="Li") == "hello Li"
    assert texts.say("hello", "zh", name="张三") == "张三你好"
    assert [texts.count_of("days", "en", count) for count in (0, 1, 2)] == [
        "0 days", "1 day", "2 days",
    ]  # fmt: skip
    assert texts.count_of("days", "zh", 1) == "1天"
    assert texts.count_of("more", "en", 1) == "1 more"
    assert set(texts.table("messages")) == {"hello"}


def test_words_that_are_not_there(texts: Texts) -> None:
    with pytest.raises(KeyError, match="missing"):
        texts.say("missing", "en")
    with pytest.raises(KeyError, match="missing"):
        texts.table("missing")


def languages(entry: object) -> Iterator[set[str]]:
    if isinstance(entry, dict):
        if set(entry) & {"en", "zh"}:
            yield set(entry)
        else:
            for each in entry.values():
                yield from languages(each)


def test_both_languages_everywhere() -> None:
    tables = [TEXTS.table(each) for each in ("messages", "counts", "titles", "columns", "counters")]
    assert {frozenset(each) for table in tables for each in languages(table)} == {
        frozenset({"en", "zh"})
    }


def test_headings() -> None:
    assert titles(["month", "chart"], "en") == ("month", "")
    assert (of_column("limit", "zh"), of_column("current", "zh")) == ("限额", "current")
    assert (of_counter("then", "en"), of_counter("clinic", "en")) == ("further fund", "clinic")
    assert all(TEXTS.say(f"table_{each}", lang) for each in TABLES for lang in ("en", "zh"))
