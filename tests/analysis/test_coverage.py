"""Gaps and overlaps: exact examples, and random rules against what the engine says."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.checking import argument, checked, codes, lines, people
from yibaolang.engine.rulebook import RuleBook, read
from yibaolang.language.diagnostics import Refusal

NOBODY_ELSE = "active or flexible or resident credit none monthly\n"


def test_a_gap_at_exactly_seventy() -> None:
    text = f"""region 北京 | beijing
since 2001-01-01
retired and age < 70 credit 100元 monthly
retired and age > 70 credit 110元 monthly
{NOBODY_ELSE}"""
    (found,) = [each for each in checked(text) if each.code == "YB501"]
    assert argument(found, "person") == "given retired, age 70, in beijing  # 2001-01-01"
    assert argument(found, "person", "zh") == "已知 退休，年龄70，在北京  # 2001-01-01"
    assert lines([found], "YB501") == [3]


def test_the_person_of_a_gap_is_refused_by_the_engine_as_pasted() -> None:
    text = f"""region 北京
retired and age < 70 credit 100元
retired and age > 70 credit 110元
{NOBODY_ELSE}"""
    (person,) = people(text)
    pasted = f'{text}test "gap"\n{person}\nexpect credit refused "YB402"\n'
    assert codes(pasted) == ["YB501"]
    assert refused(read(pasted), person.removeprefix("given ")) == ["YB402"]


def refused(rules: RuleBook, given: str) -> list[str]:
    try:
        rules.figure("credit", given=given, region="北京" if "北京" in given else "")
    except Refusal as refusal:
        return [each.code for each in refusal.diagnostics]
    return []


def test_no_gap_and_no_overlap() -> None:
    text = f"retired and age < 70 credit 1元\nretired and age >= 70 credit 2元\n{NOBODY_ELSE}"
    assert codes(text) == []


def test_an_overlap_at_the_boundary() -> None:
    text = f"retired and age <= 70 credit 1元\nretired and age >= 70 credit 2元\n{NOBODY_ELSE}"
    (found,) = checked(text)
    assert found.code == "YB502"
    assert argument(found, "person") == "given retired, age 70"
    assert lines([found], "YB502") == [2]
    assert [note.place.line for note in found.notes] == [1]


def test_every_value_of_a_choice_that_is_used_counts() -> None:
    assert people("retired credit 1元") == ["given active"]
    assert people("retired or active or flexible credit 1元") == ["given resident"]
    assert people("status != retired credit 1元") == ["given retired"]
    assert people("credit 1元") == []


def test_ages_are_whole_and_within_their_domain() -> None:
    assert people("age <= 69 credit 1元\nage >= 70 credit 2元") == []
    assert people("age <= 69 credit 1元\nage >= 71 credit 2元") == ["given age 70"]
    assert people("age within [0, 150] credit 1元") == []
    assert sorted(people("age within (0, 150) credit 1元")) == ["given age 0", "given age 150"]


def test_amounts_are_whole_fen_and_rates_are_not() -> None:
    declared = "input wage: money in 0元..100元\ninput part: rate in 0%..100%\n"
    assert people(declared + "wage <= 10元 credit 1元\nwage >= 10.01元 credit 2元") == []
    assert people(declared + "wage < 10元 credit 1元\nwage > 10元 credit 2元") == [
        "given wage 10元"
    ]
    assert people(declared + "part <= 10% credit 1元\npart >= 10.01% credit 2元") == [
        "given part 10.001%"
    ]
    assert people(declared + "part < 50% credit 1元\npart > 50% credit 2元") == ["given part 50%"]


def test_dates_and_yes_and_no() -> None:
    text = "birth <= 1927-12-31 credit 1元\nbirth >= 1928-01-02 credit 2元"
    assert people(text) == ["given birth 1928-01-01"]
    assert people("pooled credit 1元") == ["given not pooled"]
    assert people("not pooled credit 1元", lang="zh") == ["已知 家庭共济"]
    assert people("pooled = yes credit 1元\npooled = no credit 2元") == []


def test_what_a_definition_means_is_looked_into_if_it_is_a_condition() -> None:
    text = "define old = age >= 70\nold credit 1元\nnot old and age < 69 credit 2元"
    assert people(text) == ["given age 69"]


def test_an_exception_beats_the_others_and_fills_gaps() -> None:
    text = """input veteran: truth
credit 1元
except when veteran credit 2元
"""
    assert codes(text) == []
    text = """input veteran: truth
not veteran credit 1元
except when veteran credit 2元
"""
    assert codes(text) == []


def test_two_exceptions_conflict() -> None:
    text = """input veteran: truth
input model: truth
credit 1元
except when veteran credit 2元
except when model credit 3元
"""
    assert people(text, "YB502") == ["given veteran, model"]


def test_unknown_and_none_cover() -> None:
    text = "retired credit unknown\nactive credit 1元\nflexible or resident credit none"
    assert codes(text) == []


def test_streams_are_separate() -> None:
    text = "credit 1元\ncredit 2元 as extra\n"
    assert codes(text) == []
    assert people("credit 1元\nretired credit 2元 as extra\n") == ["given active"]


def test_deductions_may_apply_together_and_waits_may_not() -> None:
    assert codes('active deduct 3元 for "甲"\nactive deduct 4元 for "甲"') == []
    text = """active wait 1个月 after enrolled_on for cover
status != retired wait 2个月 after enrolled_on for cover
"""
    assert [(each.code, argument(each, "person")) for each in checked(text)] == [
        ("YB502", "given active")
    ]


def test_covers_of_a_category_at_levels() -> None:
    text = """cover 80% of outpatient, drugs at primary
cover 70% of outpatient at primary, secondary
cover 60% of drugs at tertiary
"""
    assert [(each.code, argument(each, "person")) for each in checked(text)] == [
        ("YB502", "given primary")
    ]


def test_rules_added_to_the_parents_are_checked_with_them() -> None:
    text = f"""region 全国
retired credit 1元
{NOBODY_ELSE}region 北京 under 全国
also retired credit 2元
"""
    assert people(text, "YB502") == ["given retired, in 北京"]


def test_inherited_rules_are_told_once_and_of_the_parent() -> None:
    text = """region 全国
retired credit 1元
region 北京 under 全国
region 上海 under 全国
"""
    assert people(text) == ["given active, in 全国"]


def test_a_definition_of_the_child_makes_another_gap() -> None:
    text = """region 全国
define old = age >= 70
old credit 1元
not old credit 2元
region 北京 under 全国
define old = age >= 70 and male
region 上海 under 全国
define old = pooled
"""
    assert codes(text) == []
    text = text.replace("not old credit 2元", "age < 70 credit 2元")
    assert people(text, "YB501") == ["given age 70, female, in 北京"]
    assert people(text, "YB502") == ["given pooled, age 0, in 上海"]


def test_every_stretch_of_days_is_checked_by_itself() -> None:
    text = """region 北京
since 2020-01-01 until 2022-12-31
retired credit 1元
status != retired credit 2元
since 2023-01-01
retired credit 1元
"""
    assert people(text) == ["given active, in 北京  # 2023-01-01"]


def test_named_versions_are_checked_each_by_itself() -> None:
    text = """region 山东
since 2024-01-01 as "A"
retired and age < 70 credit 1元
retired and age >= 70 credit 2元
since 2024-01-01 as "B"
retired and age < 70 credit 3元
retired and age > 70 credit 4元
since 2024-01-01
active or flexible or resident credit none
"""
    assert people(text) == ['given retired, age 70, in 山东 as "B"  # 2024-01-01']
    found = checked(text, uses={"山东": ("A",)})
    assert [each.code for each in found] == []


def test_rules_that_look_at_the_date() -> None:
    text = """region 北京
since 2024-01-01 until 2024-12-31
today < 2024-06-30 credit 1元
today > 2024-06-30 credit 2元
since 2025-01-01
today < 2024-06-30 credit 1元
today > 2024-06-30 credit 2元
"""
    assert people(text) == ["given in 北京  # 2024-06-30"]


def test_conditions_of_two_facts_are_known_by_their_words() -> None:
    text = """actual_years >= contribution_years credit 1元
contribution_years > actual_years credit 2元
"""
    assert codes(text) == []
    text = "actual_years >= contribution_years credit 1元"
    found = checked(text)
    assert [each.code for each in found] == ["YB501", "YB510"]
    assert argument(found[1], "what") == "actual_years < contribution_years"


def test_facts_that_depend_on_each_other_are_doubted() -> None:
    text = """age < 70 and birth >= 1950-01-01 credit 1元
age >= 70 credit 2元
"""
    found = checked(text)
    assert [each.code for each in found] == ["YB501", "YB510"]
    assert argument(found[1], "what") == "age, birth"


def test_conditions_with_too_many_cases_are_not_checked() -> None:
    names = [f"fact{index}" for index in range(24)]
    declared = "".join(f"input {name}: truth\n" for name in names)
    pairs = [f"({one} or {two})" for one, two in itertools.pairwise(names)]
    text = f"{declared}{' and '.join(pairs)} credit 1元\n"
    assert codes(text) == ["YB510"]


def test_rules_with_a_fault_make_no_gaps() -> None:
    assert codes("retired and agge < 70 credit 1元\nretired and age >= 70 credit 2元") == ["YB101"]


# ── tables ──


def test_a_gap_and_an_overlap_of_a_table() -> None:
    text = """table 补助
| age || due: money |
| < 60岁 | 0元 |
| [60岁, 70岁) | 20元 |
| > 70岁 | 30元 |
define subsidy = due of table 补助
"""
    (found,) = checked(text)
    assert (found.code, argument(found, "table")) == ("YB503", "补助")
    assert argument(found, "person") == "given age 70"
    (found,) = checked(text.replace("> 70岁", ">= 65岁"))
    assert (found.code, argument(found, "person")) == ("YB504", "given age 65")
    assert (lines([found], "YB504"), found.notes[0].place.line) == ([5], 4)


def test_a_table_of_choices_and_any() -> None:
    text = """table 比例表
| level | age || ratio: rate |
| primary, secondary | - | 80% |
| tertiary | < 70 | 60% |
"""
    assert sorted(people(text, "YB503")) == ["given pharmacy", "given tertiary, age 70"]
    assert codes(text + "| tertiary | >= 70 | 65% |\n| pharmacy | - | - |\n") == []


def test_tiers_have_no_gaps_of_their_own() -> None:
    text = """table 分段
| 金额 || 比例: rate |
| 0元..1000元 | 80% |
| 1000元..5000元 | 90% |
define paid = contribution_base by marginal tiers 分段
"""
    assert codes(text) == []


# ── random rules against the engine ──

AGES = range(0, 6)
DECLARED = """input rank: age in 0..5
input ill: truth
choice group: red, green, blue
"""
CONDITION = st.recursive(
    st.one_of(
        st.builds(
            "rank {} {}".format, st.sampled_from(["<", "<=", "=", "!=", ">"]), st.sampled_from(AGES)
        ),
        st.sampled_from(["ill", "not ill", "red", "green", "group != blue"]),
    ),
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner), st.builds("({} or {})".format, inner, inner)
    ),
    max_leaves=4,
)
RULE = st.builds(
    lambda exception, condition: f"{'except when ' if exception else ''}{condition} credit 1元",
    st.sampled_from([False, False, True]),
    CONDITION,
)


@settings(max_examples=60)
@given(st.lists(RULE, min_size=1, max_size=4))
def test_what_is_reported_is_what_the_engine_refuses(rules: list[str]) -> None:
    text = DECLARED + "\n".join(rules)
    book = read(text)
    outcomes = {
        facts: refused(book, facts)
        for facts in (
            f"rank = {rank}, {group}, {ill}"
            for rank in AGES
            for group in ("red", "green", "blue")
            for ill in ("ill", "not ill")
        )
    }
    for code, refusal in (("YB501", "YB402"), ("YB502", "YB403")):
        expected = {facts for facts, found in outcomes.items() if refusal in found}
        shown = people(text, code)
        assert bool(shown) is bool(expected)
        for person in shown:
            facts = person.removeprefix("given").strip()
            fitting = {each for each in outcomes if fits(each, facts)}
            assert fitting and fitting <= expected


def fits(facts: str, some: str) -> bool:
    """Whether the facts of a case are also those of a person that leaves some of them out."""
    said = {each.replace("rank ", "rank = ") for each in some.split(", ") if each}
    return said <= set(facts.split(", "))
