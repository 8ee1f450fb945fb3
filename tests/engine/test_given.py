"""What is known of a person: facts with their dates, checked against what is declared."""

from datetime import date

import pytest

from yibaolang.engine.given import given_text, known, names_given, read_given
from yibaolang.engine.rulebook import RuleBook, read
from yibaolang.language.diagnostics import Refusal

HISTORY = "pension 3000元 until 2023-12-31, pension 3200元 since 2024-01-01"


def pension(given: object, on: str | None = "2024-06-20", rules: str = "credit pension") -> str:
    """The credit in yuan, or the code and column of what is wrong."""
    try:
        return str(read(rules).figure("credit", given=given, on=on))
    except Refusal as refusal:
        problem = refusal.diagnostics[0]
        return f"{problem.code} {problem.place.start[1] if problem.place else ''}".strip()


# ── facts with dates ──


@pytest.mark.parametrize(
    ("given", "on", "expected"),
    [
        ("pension 3000元", "2024-06-20", "3000.00元"),
        ("pension 3000元", None, "3000.00元"),
        ("pension = 3000元", "2024-06", "3000.00元"),
        (HISTORY, "2023-12-31", "3000.00元"),
        (HISTORY, "2024-01-01", "3200.00元"),
        (HISTORY, "2024-01", "3200.00元"),
        (HISTORY, None, "YB414 8"),
        ("pension 3000元 until 2023-12-31", "2024-01-01", "YB401 8"),
        ("pension 3000元 since 2024-01-01", "2023-12-31", "YB401 8"),
        ("", "2024-01-01", "YB401 8"),
        ("  ", "2024-01-01", "YB401 8"),
    ],
)
def test_a_fact_holds_between_its_dates(given: str, on: str | None, expected: str) -> None:
    assert pension(given, on) == expected


@pytest.mark.parametrize(
    "given",
    [
        "pension 3000元, pension 3000元",
        "pension 3000元, pension 3200元 since 2024-01-01",
        "pension 3000元 until 2023-12-31, pension 3200元 since 2023-12-31",
        "pension 3000元 since 2023-01-01 until 2023-12-31, 本人养老金 5元 since 2023-06-01",
        "male, female",
        "retired since 2024-01-01, active until 2024-01-01",
        "pooled, not pooled",
        "age = 72, age = 73",
    ],
)
def test_two_facts_of_a_name_for_one_day(given: str) -> None:
    with pytest.raises(Refusal) as caught:
        read("credit 1元").facts(given)
    (problem,) = caught.value.diagnostics
    assert problem.code == "YB423"
    assert [note.text_key for note in problem.notes] == ["first"]
    assert problem.place is not None
    assert problem.notes[0].place.span < problem.place.span


def test_a_history_of_a_choice() -> None:
    rules = "active credit 1元\nretired credit 2元\nflexible credit 3元"
    given = (
        "active until 2022-12-31, flexible since 2023-01-01 until 2023-06-30, "
        "retired since 2023-07-01"
    )
    days = ("2022-12-31", "2023-01-01", "2023-06-30", "2023-07-01")
    assert [pension(given, day, rules) for day in days] == ["1.00元", "3.00元", "3.00元", "2.00元"]


# ── what does not fit ──


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("pension 0元", "0.00元"),
        ("pension 1000000元", "1000000.00元"),
        ("pension 1000000.01元", "YB422 7"),
        ("pension -0.01元", "YB422 7"),
        ("pension 0.005元", "YB218 7"),
        ("pension 5%", "YB202 15"),
        ("pension = yes", "YB202 1"),
        ("pension", "YB426 7"),
        ("not pension", "YB426 11"),
        ("pension 3000元 since 2024-01-01 until 2023-12-31", "YB303 7"),
        ("pensoin 3000元, pension 1元", "1.00元"),
        ("status = male", "YB101 16"),
        ("status = 5元", "YB202 16"),
        ("retired = yes", "YB109 7"),
        ("not retired", "YB109 11"),
        ("outpatient", "YB109 7"),
        ("in 山东", "YB102 10"),
        ("nobody", "YB101 7"),
        ("house = male", "YB101 7"),
        ("age = 72.5", "YB218 7"),
        ("age = -1", "YB422 7"),
        ("age = 151", "YB422 7"),
        ("birth 1950-13-01", "YB014 13"),
        ("birth = 1950", "YB202 15"),
        ("birth 1950-03", "YB215 13"),
        ("gap 30天", "YB202 11"),
        ("credit 5元", "YB023 7"),
    ],
)
def test_facts_that_do_not_fit_what_is_declared(given: str, expected: str) -> None:
    assert pension(given) == expected


def test_what_a_value_outside_its_domain_says() -> None:
    with pytest.raises(Refusal) as caught:
        read("credit 1元").facts("本人养老金 2000000元")
    (problem,) = caught.value.diagnostics
    assert [note.text_key for note in problem.notes] == ["domain"]
    assert problem.notes[0].place.source.name == "prelude.yb"
    assert "2000000.00元" in str(caught.value)


def test_a_domain_of_ones_own() -> None:
    rules = "input x: rate in (0%, 50%]\ncredit x of 100元"
    assert pension("x 50%", rules=rules) == "50.00元"
    assert pension("x = 1/3", rules=rules) == "33.33元"
    assert pension("x 0%", rules=rules) == "YB422 7"
    assert pension("x 50.1%", rules=rules) == "YB422 7"


def test_an_unknown_fact_is_not_a_value() -> None:
    with pytest.raises(Refusal) as caught:
        read("credit pension").facts("pension unknown")
    (problem,) = caught.value.diagnostics
    assert problem.code == "YB202"
    said = dict(problem.arguments)
    assert (said["expected"].en, said["found"].en, said["found"].zh) == (
        "money",
        "unknown",
        "未公布",
    )


# ── given instead of what is computed ──


@pytest.mark.parametrize(
    ("rules", "given", "expected"),
    [
        ("credit 5元 if age >= 70, otherwise 1元", "age = 72", "5.00元"),
        ("credit 5元 if age >= 70, otherwise 1元", "age 72岁", "5.00元"),
        ("credit 5元 if age >= 70, otherwise 1元", "年龄 = 69", "1.00元"),
        ("credit 2.5% of avg_pension", "avg_pension = 4000元", "100.00元"),
        ("param x: money\n2020-01-01 5元\ncredit x", "x = 6元", "6.00元"),
        ("define due = 5元 * 2\ncredit due", "due = 6元", "6.00元"),
        ("define due = pension\ncredit due", "due = 6元", "6.00元"),
        ("choice house: own, rent\nown credit 5元", "house = own", "5.00元"),
        ("input x: truth\nx credit 5元", "x", "5.00元"),
        ("input x: truth\nx credit 5元", "x = yes", "5.00元"),
        ("input x: truth\nnot x credit 5元", "not x", "5.00元"),
        ("input x: truth\nnot x credit 5元", "x no", "5.00元"),
        ("credit 1元", "x = 5元", "1.00元"),
    ],
)
def test_a_fact_instead_of_a_definition_or_param(rules: str, given: str, expected: str) -> None:
    assert pension(given, rules=rules) == expected


def test_a_definition_in_a_region_has_its_type_there() -> None:
    rules = read("region 甲\nsince 2024-01-01\ndefine due = 5元\ncredit due")
    assert rules.figure("credit", region="甲", given="due = 6元", on="2024-06").fen == 600


def test_a_name_that_nothing_declares_is_declared_by_what_is_given() -> None:
    rules = read("region 甲\ncredit 1元")
    found, facts = rules.facts("基数 = 6元, 档 = 3, 比 = 2%, 起 = 2024-01-01, 好 = yes, 月 = 3个月")
    given = [name for name, each in facts.scenario.facts.items() if not each[0].default]
    kinds = {name: found.book.inputs[name].sentence.type.text for name in given}
    assert list(kinds.items()) == [
        ("基数", "money"), ("档", "number"), ("比", "rate"), ("起", "date"), ("好", "truth"),
        ("月", "duration"),
    ]  # fmt: skip
    assert found is not rules


# ── regions ──


def test_the_region_on_a_day() -> None:
    rules = read("region 山东\nregion 北京 | bj")
    _, facts = rules.facts("in 山东 until 2023-12-31, in bj since 2024-01-01")
    days = (date(2023, 12, 31), date(2024, 1, 1), None)
    assert [facts.region_on(day) for day in days] == ["山东", "北京", None]
    assert known(rules.book, ()).region_on(date(2024, 1, 1)) is None
    assert rules.facts("in 山东")[1].region_on(None) == "山东"


# ── facts of Python ──


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"age": 72, "retired": True}, "age = 72, retired"),
        ({"pooled": False}, "not pooled"),
        ({"birth": date(1952, 3, 1)}, "birth = 1952-03-01"),
        ({"avg_pension": "4000元"}, "avg_pension = 4000元"),
        ({}, ""),
    ],
)
def test_facts_of_python_as_text(facts: dict[str, object], text: str) -> None:
    assert given_text(facts) == text


@pytest.mark.parametrize(
    ("value", "message"),
    [(3000.5, "a float is not exact"), (None, "not a fact"), ([1], "not a fact")],
)
def test_facts_of_python_that_are_refused(value: object, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        read("credit pension").figure("credit", given={"pension": value})


def test_facts_of_python_are_checked_like_others() -> None:
    assert pension({"pension": "3000元"}) == "3000.00元"
    assert pension({"birth": date(1950, 1, 1), "pension": "1元"}) == "1.00元"
    assert pension({"pension": 3000}) == "YB202 17"
    assert pension({"x y": 5}) == "YB001 11"


# ── texts of facts ──


def test_the_names_that_a_text_gives() -> None:
    assert names_given("退休, 年龄=72\uff0c 平均养老金 \uff1d 5元, x=1") == [
        "年龄",
        "平均养老金",
        "x",
    ]
    assert names_given("given age = 72") == ["age"]


def test_a_text_of_facts_must_be_facts() -> None:
    assert read_given("", ()) is None
    for text in ("retired credit 5元", "retired\nmale", ","):
        with pytest.raises(Refusal):
            read_given(text, RuleBook(()).names())
