"""A book: names and their clashes, regions and versions, sections, what belongs to what."""

from datetime import date

import pytest

from yibaolang.language.diagnostics import Diagnostic
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.model.book import Book
from yibaolang.model.building import build
from yibaolang.model.entries import BASE
from yibaolang.model.loading import prelude, prelude_names


def read(*texts: str) -> tuple[Book, list[Diagnostic]]:
    names = set(prelude_names())
    documents = [prelude()]
    for index, text in enumerate(texts):
        document, problems = parse(Source.of(f"{index}.yb", text), names)
        assert problems == []
        documents.append(document)
    return build(documents)


def book(*texts: str) -> Book:
    found, problems = read(*texts)
    assert problems == []
    return found


def faults(*texts: str) -> list[tuple[str, str]]:
    return [(each.code, str(each.place)) for each in read(*texts)[1]]


# ── names ──


def test_a_name_and_its_aliases_mean_one_thing() -> None:
    found = book("define due | 应划 | owed = 5元")
    assert [found.spelled(name) for name in ("due", "应划", "owed", "other")] == ["due"] * 3 + [
        None
    ]
    assert found.names["应划"] is found.names["due"]
    assert found.suggestion("dues") == "due"
    assert found.suggestion("zzzzzz") == ""


def test_values_know_their_choice() -> None:
    found = book("choice house | 户口: urban | 城镇, rural | 农村")
    assert found.values["house"] == ("urban", "rural")
    assert (found.names["农村"].kind, found.names["农村"].owner) == ("value", "house")


@pytest.mark.parametrize(
    "text",
    [
        "input retired: truth",
        "define birth = 5元",
        "choice age: a, b",
        "choice new: male, b",
        "category outpatient",
        "bucket current",
        "table age",
        "param birth: money",
        "input birth: money",
        "input pension: money in 0元..5元",
        "define new | age | birth = 5元",
    ],
)
def test_a_name_that_means_something_else(text: str) -> None:
    (problem,) = read(text)[1]
    assert problem.code == "YB103"
    assert [note.text_key for note in problem.notes] == ["first"]
    assert problem.notes[0].place.source.name == "prelude.yb"


@pytest.mark.parametrize(
    "text",
    [
        "input birth: date",
        "input birth | 生日: date",
        "define age = 5",
        "param avg_pension | 月均养老金: money",
        "table t\n| level || r: rate |\ntable t\n| level || r: rate |",
    ],
)
def test_the_same_may_be_declared_again(text: str) -> None:
    assert read(text)[1] == []


def test_an_alias_may_be_added_later() -> None:
    found = book("param avg_pension | 月均养老金: money")
    assert found.names["avg_pension"].names == ("avg_pension", "平均养老金", "月均养老金")
    assert found.spelled("月均养老金") == "avg_pension"


def test_a_name_of_a_clash_keeps_its_first_meaning() -> None:
    found, _ = read("define due = 5元\ninput due: money")
    assert found.names["due"].kind == "define"
    assert found.inputs.keys() & {"due"} == set()


# ── regions ──

TREE = "region 全国\nregion 山东 | shandong under 全国\nregion 济南 under shandong"


def test_a_region_its_parents_and_what_is_everywhere() -> None:
    found = book(TREE)
    assert found.chain("济南") == ("济南", "山东", "全国", BASE)
    assert found.chain(BASE) == (BASE,)
    assert found.region_names["shandong"] == "山东"
    assert found.regions["山东"].aliases == ("山东", "shandong")


def test_a_region_may_be_opened_again_and_its_parent_declared_after_it() -> None:
    found = book("region 济南 under 山东\nregion 山东\nregion 济南 | jinan\ncredit 5元")
    assert found.chain("jinan") == ("jinan", BASE)
    assert found.chain("济南") == ("济南", "山东", BASE)
    assert [each.region for each in found.rules["济南", "credit"]] == ["济南"]


def test_an_unknown_parent() -> None:
    (problem,) = read("region 山东\nregion 济南 under 山冬")[1]
    assert (problem.code, str(problem.place)) == ("YB102", "0.yb:2:17")
    assert dict(problem.arguments) == {"name": "山冬", "suggestion": "山东"}


@pytest.mark.parametrize(
    "text",
    ["region 甲 under 甲", "region 甲 under 乙\nregion 乙 under 丙\nregion 丙 under 甲"],
)
def test_a_ring_of_regions(text: str) -> None:
    found, problems = read(text)
    assert [each.code for each in problems] == ["YB302"]
    assert found.chain("甲")[-1] == BASE


# ── versions ──


def test_versions_hold_what_follows_until_the_next_header() -> None:
    found = book(
        'region 山东\ncredit 1元\nsince 2023-01-01 until 2023-12-31 as "C18" cite "x" '
        'attested "B"\ncredit 2元\nsince 2024-01-01' + "\ncredit 3元\nregion 北京\ncredit 4元"
    )
    versions = [each.version for each in found.rules["山东", "credit"]]
    assert [(each.since, each.until, each.name) for each in versions] == [
        (None, None, ""),
        (date(2023, 1, 1), date(2023, 12, 31), "C18"),
        (date(2024, 1, 1), None, ""),
    ]
    assert (versions[1].cite, versions[1].attested) == ("x", "B")
    (beijing,) = found.rules["北京", "credit"]
    assert (beijing.version.since, beijing.version.region) == (None, BASE)
    assert [each.since for each in found.versions["山东"]] == [date(2023, 1, 1), date(2024, 1, 1)]


def test_a_new_document_is_in_no_region() -> None:
    found = book("region 山东\nsince 2024-01-01\ncredit 1元", "credit 2元")
    assert [each.region for each in found.rules[BASE, "credit"]] == [BASE]


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2022, 12, 31), False),
        (date(2023, 1, 1), True),
        (date(2023, 12, 31), True),
        (date(2024, 1, 1), False),
        (None, False),
    ],
)
def test_both_ends_of_a_version_are_in_it(day: date | None, holds: bool) -> None:
    found = book("region 山东\nsince 2023-01-01 until 2023-12-31\ncredit 2元")
    (entry,) = found.rules["山东", "credit"]
    assert entry.version.holds_on(day) is holds


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("region 山东\nsince 2024-01-01 until 2023-12-31", "0.yb:2:1"),
        ("param x: money\n2024-01-01 until 2023-12-31 5元", "0.yb:2:1"),
    ],
)
def test_what_ends_before_it_begins(text: str, place: str) -> None:
    assert faults(text) == [("YB303", place)]


def test_one_day_is_a_span() -> None:
    assert faults("region 山东\nsince 2024-01-01 until 2024-01-01") == []


# ── params, tables, tests ──


def test_rows_belong_to_the_param_above_and_to_its_version() -> None:
    found = book(
        'param x: money\n2022-01-01 1元\n2023-01-01 until 2023-06-30 2元 cite "a" attested "D"\n'
        'region 山东\nsince 2023-01-01 cite "b" attested "B"\nparam x\n2024-01-01 3元'
    )
    assert [(each.since, each.until, each.region) for each in found.rows["x"]] == [
        (date(2022, 1, 1), None, BASE),
        (date(2023, 1, 1), date(2023, 6, 30), BASE),
        (date(2024, 1, 1), None, "山东"),
    ]
    assert [(each.cite, each.attested) for each in found.rows["x"]] == [
        ("", ""), ("a", "D"), ("b", "B"),
    ]  # fmt: skip


def test_a_param_with_a_value_has_a_row_without_dates() -> None:
    found = book("param x = 5元")
    assert [(each.since, each.until) for each in found.rows["x"]] == [(None, None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-01 5元", [("YB104", "0.yb:1:1")]),
        ("param x: money\ncredit 5元\n2024-01-01 5元", [("YB104", "0.yb:3:1")]),
        ("| primary | 90% |", [("YB105", "0.yb:1:1")]),
        ("table t\ncredit 5元\n| a || r: rate |", [("YB105", "0.yb:3:1")]),
        ("table t\n| level | ratio: rate |", [("YB106", "0.yb:2:1")]),
        ("table t\n| level || r: rate |\n| primary |\n| - | 1% |", [("YB107", "0.yb:3:1")]),
        ("given retired", [("YB108", "0.yb:1:1")]),
        ("expect credit = 5元", [("YB108", "0.yb:1:1")]),
        ('test "a"\nretired credit 5元\ngiven retired', [("YB108", "0.yb:3:1")]),
        ("person 张三: male\nperson 李四 | 张三: male", [("YB103", "0.yb:2:8")]),
    ],
)
def test_what_stands_in_the_wrong_place(text: str, expected: list[tuple[str, str]]) -> None:
    assert faults(text) == expected


def test_how_many_cells_there_are() -> None:
    (problem,) = read("table t\n| level | age || r: rate |\n| primary | 1% |")[1]
    assert dict(problem.arguments) == {"expected": "3", "found": "2"}


def test_a_table_has_its_rows_and_two_tables_of_a_name_are_kept_apart() -> None:
    found = book(
        "table t\n| level || r: rate |\n| primary | 1% |\n| - | 2% |\n"
        "region 山东\ntable t\n| level || r: rate |\n| - | 3% |"
    )
    assert [(each.entry.region, len(each.rows)) for each in found.tables["t"]] == [
        (BASE, 2), ("山东", 1),
    ]  # fmt: skip


def test_tests_questions_and_people_are_kept_in_order() -> None:
    found = book(
        'person 张三 | zs: male\ntest "one"\ngiven male\ngiven retired\nexpect credit = 5元\n'
        "on 2024-06 expect credit refused\nshow credit of zs\n1 + 1\ncompare 山东\n"
        'region 山东\nuse 山东 as "C18"\ntest "two"\n'
    )
    assert [(each.title, len(each.given), len(each.expects)) for each in found.tests] == [
        ("one", 2, 2), ("two", 0, 0),
    ]  # fmt: skip
    assert [type(each.sentence).__name__ for each in found.questions] == [
        "Show", "Evaluate", "Compare",
    ]  # fmt: skip
    assert found.persons["zs"] is found.persons["张三"]
    assert len(found.uses) == 1


def test_rules_are_kept_by_kind() -> None:
    found = book(
        "credit 5元\ncover 80% of outpatient, 住院\n"
        "wait 6个月 after enrolled_on for cover, credit\n"
        'require age >= 60 for 终身医保待遇\non 死亡 close to heirs\nnote "x"\nyear from 07-01\n'
        "allow drugs for self\ncover 80% of something"
    )
    kinds = [kind for region, kind in found.rules if region == BASE]
    assert kinds[:4] == ["round", "year", "day count", "phases"]
    assert kinds[4:] == [
        "credit", "cover outpatient", "cover inpatient", "wait cover", "wait credit",
        "require lifetime_benefit", "close death", "note", "allow", "cover something",
    ]  # fmt: skip
    assert len(found.rules[BASE, "year"]) == 2
