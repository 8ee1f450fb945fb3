"""Guards that exclude one another become questions; others do not."""

import pytest

from tests.program import build as b
from yibaolang.model.core import Expr
from yibaolang.program.conditions import complement, conjuncts, exclusive, key
from yibaolang.program.questions import Overlap, Question, questions

AGE = b.AGE_NOW


def age(sign: str, years: int) -> Expr:
    return b.compare(AGE, sign, b.years_old(years))


def mirrored(years: int, sign: str) -> Expr:
    return b.compare(b.years_old(years), sign, AGE)


RETIRED, ACTIVE, MALE = b.is_status("retired"), b.is_status("active"), b.fact("male")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (RETIRED, ACTIVE, True),
        (RETIRED, b.is_status("retired"), False),
        (MALE, b.no(b.fact("male")), True),
        (MALE, RETIRED, False),
        (age(">=", 70), age("<", 70), True),
        (age(">=", 70), age("<=", 70), False),
        (age(">", 70), age("<=", 70), True),
        (mirrored(70, "<="), age("<", 70), True),
        (age("=", 70), age("!=", 70), True),
        (age("<", 60), age(">", 70), True),
        (age("<", 70), age("<", 60), False),
        (b.inside(AGE, b.years_old(60), b.years_old(70)), age(">=", 70), True),
        (b.inside(AGE, b.years_old(60), b.years_old(70), (False, False)), age(">=", 70), False),
        (
            b.inside(AGE, b.years_old(60), b.years_old(70)),
            b.inside(AGE, b.years_old(70), None),
            True,
        ),
        (
            b.compare(b.fact("base"), "<", b.money(25, 2)),
            b.compare(b.fact("base"), ">", b.money(50, 4)),
            True,
        ),
        (
            b.compare(b.fact("birth"), "<", b.day("1960-01-01")),
            b.compare(b.fact("birth"), ">=", b.day("1960-01-01")),
            True,
        ),
        (b.compare(b.fact("base"), "<", b.fact("pension")), age("<", 1), False),
    ],
)
def test_exclusive(one: Expr, other: Expr, expected: bool) -> None:
    assert exclusive(one, other) is expected
    assert exclusive(other, one) is expected


def test_complements() -> None:
    assert complement(age("<", 70), age(">=", 70))
    assert complement(b.no(MALE), b.fact("male"))
    assert not complement(age("<", 60), age(">=", 70))
    assert not complement(RETIRED, ACTIVE)


def test_keys_see_the_meaning_only() -> None:
    assert key(b.is_status("retired")) == key(RETIRED)
    assert key(age(">", 70)) != key(age(">", 71))
    assert key(b.money(1)) != key(b.years_old(1))
    assert key(b.money(1)) != key(b.money(1, 2))
    assert key(b.start_of("status", "retired")) != key(b.start_of("status", "active"))
    assert key(b.truth(True)) != key(b.number(1))


def test_conjuncts() -> None:
    nested = b.every(RETIRED, b.every(MALE, b.truth(True)), age(">", 1))
    assert [key(each) for each in conjuncts(nested)] == [key(RETIRED), key(MALE), key(age(">", 1))]
    assert conjuncts(None) == []


def test_the_questions_of_a_rule() -> None:
    asked = questions([b.every(RETIRED, age(">=", 70)), b.every(RETIRED, age("<", 70)), ACTIVE])
    assert isinstance(asked, Question)
    assert isinstance(asked.holds, Question)
    assert (asked.holds.holds, asked.holds.fails) == (0, 1)
    assert isinstance(asked.fails, Question)
    assert (asked.fails.holds, asked.fails.fails) == (2, None)


@pytest.mark.parametrize(
    "guards",
    [
        [None, RETIRED],
        [RETIRED, MALE],
        [RETIRED, b.every(RETIRED, MALE)],
        [age(">=", 60), age("<", 70)],
        [b.either(RETIRED, MALE), b.either(ACTIVE, MALE)],
    ],
)
def test_guards_that_may_overlap(guards: list[Expr | None]) -> None:
    with pytest.raises(Overlap):
        questions(guards)


def test_nothing_to_ask() -> None:
    assert questions([]) is None
    assert questions([None]) == 0


def test_many_bands_become_a_chain() -> None:
    bands: list[Expr | None] = [
        b.inside(AGE, b.years_old(low), b.years_old(low + 1)) for low in range(150)
    ]
    asked, length = questions(bands), 0
    while isinstance(asked, Question):
        asked, length = asked.fails, length + 1
    assert (asked, length) == (None, 150)
