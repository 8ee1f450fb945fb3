"""Rule books: reading, asking, results, rules to call."""

from datetime import date
from pathlib import Path

import pytest

import yibaolang
from yibaolang.engine.asked import Asked
from yibaolang.engine.rulebook import compile_text, library, load, read
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.source import Source

VERSIONS = (
    'region 山东 | sd\nsince 2024-01-01 as "C18"\nretired credit 100元 monthly\n'
    'since 2024-01-01 as "C19"\nretired credit 106元 monthly\nregion 济南 under 山东\n'
    "person 张三 | zs: retired, in 山东"
)


def codes(refusal: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [each.code for each in refusal.value.diagnostics]


# ── results ──


def test_an_amount() -> None:
    result = read("retired credit 100.5元 monthly").figure("credit", given="retired", on="2024-06")
    assert (result.fen, str(result), result.value, result.refused) == (
        10050,
        "100.50元",
        "100.50",
        (),
    )


@pytest.mark.parametrize(
    ("name", "value", "unit", "text"),
    [
        ("share", "2.5", "%", "2.5%"),
        ("twelfth", "25/3", "%", "1/12"),
        ("yes_no", True, "truth", "yes"),
        ("on_day", "2024-06-20", "date", "2024-06-20"),
        ("status", "retired", "choice status", "retired"),
        ("length", "18", "月", "1 year 6 months"),
    ],
)
def test_values_of_every_type(name: str, value: object, unit: str, text: str) -> None:
    rules = read(
        "define share = 2.5%\ndefine twelfth = 1/12\ndefine yes_no = retired\n"
        "define on_day = today\ndefine length = 18个月"
    )
    result = rules.figure(name, given="retired", on="2024-06-20")
    assert str(result) == text
    assert result.value == value
    assert result.to_json(reason=False) == {
        "value": value, "unit": unit, "figure": name, "region": "", "asked": "2024-06-20",
    }  # fmt: skip
    with pytest.raises(TypeError, match="is no amount of whole fen"):
        _ = result.fen


def test_a_result_that_was_refused() -> None:
    rules = read("retired credit 5元 monthly")
    found, facts = rules.facts("active")
    result = found.ask("credit", Asked.on(date(2024, 6, 20)), facts)
    assert (str(result), result.value) == ("YB402", None)
    shown = result.to_json("zh", reason=False)
    assert (shown["value"], shown["unit"]) == (None, "")
    (refused,) = shown["refused"]
    assert refused["code"] == "YB402"
    assert [note["line"] for note in refused["notes"]] == [1]
    with pytest.raises(TypeError):
        _ = result.fen


def test_json_holds_the_reason_as_a_tree() -> None:
    result = read("retired credit 5元 monthly", name="a.yb").figure(
        "credit", given="retired", on="2024-06-20"
    )
    shown = result.to_json("en")
    tree = shown["explanation"]
    assert (tree["kind"], tree["text"], tree["value"]) == (
        "figure", "credit on 2024-06-20", "5.00元",
    )  # fmt: skip
    (rule,) = tree["because"]
    assert (rule["kind"], rule["place"]) == ("rule", "a.yb:1:1")
    assert "cite" not in rule


# ── asking ──


def test_versions_regions_and_people() -> None:
    rules = read(VERSIONS)
    for version, fen in (("C18", 10000), ("C19", 10600)):
        assert rules.figure("credit", person="张三", on="2024-06", version=version).fen == fen
        chosen = rules.using({"山东": version})
        assert chosen.figure("credit", person="zs", on="2024-06").fen == fen
        assert chosen.figure("credit", given="retired", region="济南", on="2024-06").fen == fen
        assert read(VERSIONS, uses={"sd": version}).uses == {"山东": (version,)}
        assert read(f'{VERSIONS}\nuse sd as "{version}"').uses == {"山东": (version,)}
    with pytest.raises(Refusal) as caught:
        rules.figure("credit", person="张三", on="2024-06")
    assert codes(caught) == ["YB301"]


def test_what_is_given_besides_a_person() -> None:
    rules = read("retired credit pension monthly\nperson 张三: retired")
    assert rules.figure("credit", person="张三", given="pension 5元", on="2024-06").fen == 500


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"figure": "credit", "region": "山冬"}, "YB102"),
        ({"figure": "credit", "person": "李四"}, "YB111"),
        ({"figure": "nonsense"}, "YB424"),
        ({"figure": "1 + 1"}, "YB424"),
        ({"figure": ""}, "YB424"),
        ({"figure": "credit of 张三"}, None),
        ({"figure": "credit", "on": "2024-13"}, "YB014"),
        ({"figure": "credit", "given": "retired, nobody"}, "YB101"),
    ],
)
def test_questions_that_make_no_sense(arguments: dict[str, str], code: str | None) -> None:
    rules = read("retired credit 5元 monthly\nperson 张三: retired")
    if code is None:
        assert rules.figure(**arguments, given="retired").fen == 500
        return
    with pytest.raises(Refusal) as caught:
        rules.figure(**arguments)
    assert codes(caught) == [code]


def test_figures_by_their_names_in_both_languages() -> None:
    rules = read("define due | 应划 = 5元\ncredit 1元")
    assert [
        rules.figure_named(each)
        for each in (
            "credit",
            "划入",
            "净划入",
            "扣缴",
            "应划",
            "wait for cover",
            "等待用于报销",
            "计入",
        )
    ] == ["credit", "credit", "net credit", "deduct", "due", "wait cover", "wait cover", "credit"]


# ── reading ──


def test_a_text_with_errors_is_refused_with_all_of_them() -> None:
    with pytest.raises(Refusal) as caught:
        read("credit\ncredit $5\nregion 甲 under 甲\ncredit 5元")
    assert codes(caught) == ["YB010", "YB022"]
    with pytest.raises(Refusal) as caught:
        read("region 甲 under 甲\nchoice sex: a, b")
    assert sorted(codes(caught)) == ["YB103", "YB302"]


def test_files_are_loaded_with_what_they_include(tmp_path: Path) -> None:
    (tmp_path / "a.yb").write_text('include "b.yb"\ncredit due', encoding="utf-8")
    (tmp_path / "b.yb").write_text("define due = 5元", encoding="utf-8")
    assert load(str(tmp_path / "a.yb")).figure("credit").fen == 500
    with pytest.raises(Refusal) as caught:
        load(str(tmp_path / "c.yb"))
    assert codes(caught) == ["YB040"]


def test_regions_of_the_library() -> None:
    assert "山东" in library("山东").book.regions
    assert len(library().book.regions) > 10
    with pytest.raises(Refusal) as caught:
        library("山冬")
    assert codes(caught) == ["YB044"]


def test_the_public_names_are_these() -> None:
    assert yibaolang.read is read and yibaolang.compile is compile_text
    assert set(yibaolang.__all__) <= {*dir(yibaolang), *yibaolang.__all__}
    for name in yibaolang.__all__:
        assert getattr(yibaolang, name) is not None
    with pytest.raises(AttributeError):
        _ = yibaolang.nothing


# ── rules to call ──


def test_the_starred_examples() -> None:
    rule = compile_text("age>=70 credit 2.5% of avg_pension")
    assert str(rule(age=72, avg_pension="4000元")) == "100.00元"
    assert rule("age = 70, avg_pension = 3850元").fen == 9625
    with pytest.raises(Refusal) as caught:
        rule(age=69, avg_pension="4000元")
    assert codes(caught) == ["YB402"]
    chinese = compile_text("退休且年龄\u226570\uff0c每月划入平均养老金的2.5%")
    assert chinese("退休, 年龄=72, 平均养老金=4000元", on="2024-06").fen == 10000


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("retired credit 5元", {"retired": True}, "5.00元"),
        ('deduct 3元 for "x"', {}, "3.00元"),
        (
            "wait 6个月 after enrolled_on for cover",
            {"enrolled_on": date(2024, 1, 31)},
            "2024-07-31",
        ),
        ("require age >= 60 for lifetime_benefit", {"age": 60}, "yes"),
        ("define due = 2% of pension", {"pension": "100元"}, "2.00元"),
        ("2% of x + 1元", {"x": "100元"}, "3.00元"),
        ("月工资的2%", {"月工资": "100元"}, "2.00元"),
        ("show age on 2024-06-20", {"birth": date(1954, 6, 15)}, "70"),
    ],
)
def test_every_sentence_that_gives_a_figure(
    text: str, facts: dict[str, object], expected: str
) -> None:
    assert str(compile_text(text)(**facts)) == expected


@pytest.mark.parametrize("text", ["region 甲", 'note "x"', "draw current", "allow drugs for self"])
def test_a_sentence_that_gives_none(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        compile_text(text)()
    assert codes(caught) == ["YB428"]


def test_a_rule_replaces_the_regions_rules_of_its_kind() -> None:
    rules = read("region 甲\ncredit 1元\ndefine due = 7元\nround down to 1元")
    assert compile_text("credit due * 1.5", rules=rules, region="甲")().fen == 1000
    assert (
        compile_text("also except when retired credit 2元", rules=rules, region="甲")(
            retired=True
        ).fen
        == 200
    )


def test_a_text_that_does_not_parse() -> None:
    with pytest.raises(Refusal) as caught:
        compile_text("credit")()
    assert codes(caught) == ["YB022"]
    with pytest.raises(Refusal) as caught:
        read("credit 5元").with_text(Source.of("a.yb", "credit $"))
    assert codes(caught) == ["YB010"]
