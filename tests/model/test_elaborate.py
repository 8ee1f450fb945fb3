"""From sentences to the typed core: what fits together, and each fault at its column."""

from datetime import date

import pytest

from yibaolang.engine.rulebook import read
from yibaolang.language.diagnostics import Diagnostic, Refusal
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.model import core
from yibaolang.model.arms import Arm
from yibaolang.model.building import build
from yibaolang.model.depth import MOST
from yibaolang.model.loading import prelude, prelude_names
from yibaolang.model.plan import Plans
from yibaolang.model.values import DATE, DAYS, MONEY, MONTHS, NUMBER, RATE, TRUTH, Type

DAY = date(2024, 6, 20)


def arms(text: str, figure: str = "credit") -> tuple[Arm, ...]:
    document, problems = parse(Source.of("a.yb", text), prelude_names())
    assert problems == []
    book, unfitting = build([prelude(), document])
    assert unfitting == []
    return Plans(book, "", {}).figure(figure, DAY).arms


def fault(text: str, figure: str = "credit") -> Diagnostic:
    with pytest.raises(Refusal) as caught:
        arms(text, figure)
    (problem,) = caught.value.diagnostics
    return problem


def amount(text: str) -> core.Expr:
    (arm,) = arms(f"credit {text}")
    return arm.amount


def guard(text: str) -> core.Expr:
    (arm,) = arms(f"{text} credit 5元")
    assert arm.guard is not None
    return arm.guard


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("credit agge", "YB101", 1, 8),
        ("credit 2% of outpatient", "YB109", 1, 14),
        ("credit 5元 to male", "YB109", 1, 14),
        ("credit 5元 to currant", "YB101", 1, 14),
        ("credit 100元 + 3个月", "YB201", 1, 15),
        ("credit 100元 - 5", "YB201", 1, 15),
        ("retired + 1 credit 5元", "YB201", 1, 11),
        ("retired > 1 credit 5元", "YB201", 1, 1),
        ("birth + 1元 > today credit 5元", "YB201", 1, 1),
        ("birth * 2 > today credit 5元", "YB201", 1, 1),
        ("birth + gap * 1/2 > today credit 5元", "YB201", 1, 1),
        ("credit 5元 / gap", "YB201", 1, 8),
        ("credit min(1元, 2%)", "YB201", 1, 8),
        ("age within [60元, 70元) credit 5元", "YB201", 1, 1),
        ("age >= 70元 credit 5元", "YB201", 1, 1),
        ("age = male credit 5元", "YB201", 1, 1),
        ("sex = retired credit 5元", "YB201", 1, 1),
        ("credit 2.5%", "YB202", 1, 8),
        ("age credit 5元", "YB202", 1, 1),
        ("sex credit 5元", "YB202", 1, 1),
        ("credit 2% of age", "YB202", 1, 8),
        ("credit 5元 of 5元", "YB202", 1, 8),
        ("credit 2% of birth", "YB202", 1, 14),
        ("credit 5元 on top of 5元", "YB202", 1, 8),
        ("credit 1 rounded half up to 1元", "YB202", 1, 8),
        ("not 5元 credit 5元", "YB202", 1, 5),
        ("retired and 5元 credit 5元", "YB202", 1, 13),
        ("credit 5元 if 5元", "YB202", 1, 14),
        ("credit 5元 when gap", "YB202", 1, 16),
        ("credit 5元 prorated from month of pension", "YB202", 1, 34),
        ("years from pension to today > 1 credit 5元", "YB202", 1, 12),
        ("age as of pension > 1 credit 5元", "YB202", 1, 11),
        ("credit 25元 * pension", "YB203", 1, 8),
        ("credit 2% * 3%", "YB204", 1, 8),
        ("credit 30% of 6%", "YB204", 1, 8),
        ("gap <= 90天 credit 5元", "YB205", 1, 1),
        ("gap + 30天 >= 0个月 credit 5元", "YB205", 1, 7),
        ("gap / 30天 > 1 credit 5元", "YB205", 1, 1),
        ("birth - birth > 3个月 credit 5元", "YB205", 1, 1),
        ("input x: yuan\ncredit x", "YB206", 1, 10),
        ("define x: yuan = 5元\ncredit x", "YB206", 1, 11),
        ("credit 5元 if male, 2% if female", "YB207", 1, 20),
        ("credit 2% of pension of last year", "YB209", 1, 14),
        ("credit pension in 2022", "YB209", 1, 8),
        ("define a = b\ndefine b = a\ncredit a", "YB210", 2, 12),
        ("define a = a + 1元\ncredit a", "YB210", 1, 12),
        ("birth < 1954-07 credit 5元", "YB215", 1, 9),
        ("level > primary credit 5元", "YB216", 1, 1),
        ("retired + male credit 5元", "YB216", 1, 1),
        ("credit min(male, female)", "YB216", 1, 8),
        ("male within [1, 2] credit 5元", "YB216", 1, 1),
        ("param x\ncredit x", "YB110", 1, 1),
        ("credit 5元 / 0", "YB409", 1, 13),
        ("credit 5元 * 5元 / 0元", "YB203", 1, 8),
        ("start of pension = today credit 5元", "YB109", 1, 10),
        ("start of nothing = today credit 5元", "YB101", 1, 10),
        ("count of male per year > 1 credit 5元", "YB109", 1, 10),
        ("count of stays per year > 1 credit 5元", "YB101", 1, 10),
        ("define x: age = 5元\ncredit 5元 if x > 1", "YB202", 1, 17),
    ],
)
def test_what_does_not_fit(text: str, code: str, line: int, column: int) -> None:
    problem = fault(text)
    assert problem.place is not None
    assert (problem.code, problem.place.start) == (code, (line, column))


def test_the_end_of_waiting_is_a_date() -> None:
    problem = fault("wait 6个月 after pension for cover", "wait cover")
    assert problem.place is not None
    assert (problem.code, problem.place.start) == ("YB202", (1, 16))


def test_what_a_fault_says() -> None:
    assert dict(fault("credit avg_pensoin").arguments) == {
        "name": "avg_pensoin", "suggestion": "avg_pension",
    }  # fmt: skip
    said = dict(fault("credit 2% of age").arguments)
    assert {name: (each.en, each.zh) for name, each in said.items()} == {
        "expected": ("money", "金额"), "found": ("age", "岁数"),
    }  # fmt: skip
    ring = fault("define a = b\ndefine b = c + 1元\ndefine c = a\ncredit a")
    assert dict(ring.arguments) == {"name": "a", "ring": "a → b → c → a"}
    assert [note.place.start for note in ring.notes] == [(1, 1), (2, 1), (3, 1)]
    cases = fault("credit 5元 if male, 2% if female")
    assert [note.place.start for note in cases.notes] == [(1, 8)]


@pytest.mark.parametrize(
    ("text", "type_", "denominator"),
    [
        ("5元", MONEY, 1),
        ("0.005元", MONEY, 10),
        ("0", MONEY, 1),
        ("2.5% of pension", MONEY, 40),
        ("30% of 6% of pension", MONEY, 500),
        ("pension / 3", MONEY, 3),
        ("pension / -1.5", MONEY, 3),
        ("pension * 1/12", MONEY, 12),
        ("pension / (gap / 1个月)", MONEY, None),
        ("pension / 4 + 1元 / 6", MONEY, 12),
        ("max(0, pension / 7)", MONEY, 7),
        ("1元 / 2 if male, 1元 / 3 otherwise", MONEY, 6),
        ("unknown if male, 1元 / 3 otherwise", MONEY, 3),
        ("(2% on top of 0.8%) of pension", MONEY, 250),
        ("(pension / 7) rounded half up to 1元", MONEY, 1),
        ("(30天 / 7天) * 1元", MONEY, 7),
    ],
)
def test_types_and_denominators(text: str, type_: Type, denominator: int | None) -> None:
    found = amount(text)
    assert (found.type, found.denominator) == (type_, denominator)


@pytest.mark.parametrize(
    "text",
    [
        "age >= 70", "age >= 70岁", "70 <= age", "age within [60, 70)", "age within 60岁..",
        "gap > 3个月", "gap * 2 > 3个月", "gap + 1年 > 3个月", "birth < 1954-07-01",
        "birth + gap > today", "birth + 1年 - 30天 < today", "today - birth > 3天",
        "sex = male", "male = sex", "level != primary", "male = female", "retired = yes",
        "pooled", "not pooled and (male or retired)", "current > 5元", "gap / 1个月 > 3",
        "months from birth to today > 3个月", "days from birth to today > 3天", "2% + 1 > 50%",
        "today within [2024-01-01, 2024-12-31]", "avg_pension of last year > 5元",
        "12-31 of last year > birth", "start of retired < today", "age as of 2024-01-01 > 3",
    ],
)  # fmt: skip
def test_conditions(text: str) -> None:
    assert guard(text).type == TRUTH


def test_a_value_of_a_choice_is_a_condition() -> None:
    found = guard("male")
    assert isinstance(found, core.Compare)
    assert isinstance(found.left, core.FactOf) and isinstance(found.right, core.Constant)
    assert (found.left.name, found.sign, found.right.value) == ("sex", "=", "male")


def test_two_conditions_are_both_needed() -> None:
    (arm,) = arms("male credit 5元 when pooled")
    assert isinstance(arm.guard, core.Junction)
    assert arm.guard.every and len(arm.guard.operands) == 2


def test_a_difference_of_dates_is_days_and_moving_a_date_is_one_step() -> None:
    compared = guard("today - birth > 3天")
    assert isinstance(compared, core.Compare)
    assert isinstance(compared.left, core.Elapsed)
    assert (compared.left.type, compared.left.unit) == (DAYS, "days")
    moved = guard("birth + 1年 - 30天 < today")
    assert isinstance(moved, core.Compare) and isinstance(moved.left, core.Shift)
    assert (moved.left.type, moved.left.signs) == (DATE, (1, -1))
    assert [each.type for each in moved.left.steps] == [MONTHS, DAYS]


def test_a_rate_that_is_included_is_said_and_not_added() -> None:
    share = amount("(2.9% including 2%) of pension")
    assert isinstance(share, core.Multiply) and share.share
    total = share.factors[0]
    assert isinstance(total, core.Total)
    assert (total.type, total.signs, total.words) == (RATE, (1, 0), ("+", "including"))


def test_a_division_by_what_is_known_is_static() -> None:
    found = amount("pension / -1.5")
    assert isinstance(found, core.Divide)
    assert (found.denominator, found.factor) == (3, -2)


def test_a_negative_constant_is_a_constant() -> None:
    found = amount("-5元")
    assert isinstance(found, core.Constant)
    assert found.value == -500


def test_a_definition_is_elaborated_once() -> None:
    text = "define due = 5元\nmale credit due\nfemale credit due"
    one, other = (arm.amount for arm in arms(text))
    assert isinstance(one, core.Defined) and isinstance(other, core.Defined)
    assert one.value is other.value
    assert one.slot == other.slot


def test_a_definition_says_where_it_is_from() -> None:
    found = amount('due\ndefine due = 5元 cite "x" attested "B"')
    assert isinstance(found, core.Defined)
    assert (found.name, found.cite, found.attested) == ("due", "x", "B")
    assert found.definition.place.start == (2, 1)


def test_numbers_given_at_run_time_are_fractions() -> None:
    (arm,) = arms("input x: rate\ninput y: number\ncredit x of pension * y")
    assert arm.amount.denominator is None
    assert amount("2 * pension").denominator == 1
    assert guard("gap / 1个月 > 3").type == TRUTH
    assert NUMBER.numeric and not TRUTH.numeric


# ── depth ──


def chain(count: int, value: str = "{} + 1元") -> str:
    lines = [f"define a{index} = {value.format(f'a{index + 1}')}" for index in range(count)]
    return "\n".join([*lines, f"define a{count} = 1元", "credit a0"])


def test_a_chain_of_definitions_at_the_limit_and_past_it() -> None:
    """A sum in each of them: two levels, and one for each end."""
    most = (MOST - 2) // 2
    assert read(chain(most)).figure("credit").fen == 100 * (most + 1)
    problem = fault(chain(most + 1))
    assert (problem.code, dict(problem.arguments)) == ("YB007", {"limit": str(MOST)})


def test_definitions_that_were_used_before_count_with_their_own_depth() -> None:
    count = MOST
    uses = [f"male credit a{index} as s{index}" for index in range(count, -1, -10)]
    assert fault("\n".join([chain(count), *uses])).code == "YB007"


@pytest.mark.parametrize(
    "value",
    [
        "max(1元, 1元 * (1 * {} / 1元))",
        "-(1元 - -{})",
        "(1元 if {} > 0元 and (retired or male), otherwise 2元)",
        "(1元 if not (retired and not ({} > 1元)), otherwise 5元)",
        "50% of 50% of 100% of {}",
        "{} as of today",
    ],
)
def test_no_chain_of_definitions_is_too_deep_to_run_and_to_explain(value: str) -> None:
    for count in (20, 40, 60, 80, 120):
        try:
            arms(chain(count, value))
        except Refusal as refusal:
            assert [each.code for each in refusal.diagnostics] == ["YB007"]
            break
        result = read(chain(count, value)).figure("credit", given="retired", on=DAY)
        assert result.explain("zh").count("\n") >= count
