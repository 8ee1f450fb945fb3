"""Comparing: what is counted and added is what a plain loop over all people counts and adds."""

from itertools import pairwise

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibaolang.population.comparing import KINDS, Comparison, kind_of
from yibaolang.population.grouping import summed

AMOUNTS = st.one_of(
    st.none(), st.integers(0, 300), st.integers(0, 10**6), st.integers(2**61, 2**62)
)
PEOPLE = st.lists(st.tuples(st.sampled_from("abc"), AMOUNTS, AMOUNTS), max_size=40)


def in_batches(people: list[tuple[str, int | None, int | None]], size: int) -> Comparison:
    found = Comparison()
    for at in range(0, len(people), size):
        some = people[at : at + size]
        groups = sorted({each[0] for each in some})
        code = pyarrow.array([groups.index(each[0]) for each in some], pyarrow.int64())
        before, after = (
            pyarrow.array([each[side] for each in some], pyarrow.int64()) for side in (1, 2)
        )
        difference = found.add_batch(code, [(each,) for each in groups], before, after)
        assert difference.to_pylist() == [
            None if one is None or other is None else other - one for _, one, other in some
        ]
    return found


def one_by_one(people: list[tuple[str, int | None, int | None]]) -> Comparison:
    found = Comparison()
    for group, before, after in people:
        found.add((group,), before, after)
    return found


@given(PEOPLE, st.integers(1, 9))
def test_batches_and_single_persons_come_to_the_same(
    people: list[tuple[str, int | None, int | None]], size: int
) -> None:
    one, other = in_batches(people, size), one_by_one(people)
    assert one.sums == other.sums or (
        one.sums.counts == other.sums.counts and one.sums.totals == other.sums.totals
    )
    assert one.differences == other.differences
    assert (one.deciles(), one.bands()) == (other.deciles(), other.bands())


@given(PEOPLE)
def test_what_is_told_is_what_a_loop_counts(
    people: list[tuple[str, int | None, int | None]],
) -> None:
    found = one_by_one(people)
    effect = found.effect()
    kinds = [kind_of(one, other) for _, one, other in people]
    assert effect.persons == {kind: kinds.count(kind) for kind in KINDS}
    assert effect.count == len(people)
    assert effect.cost_fen == sum((other or 0) - (one or 0) for _, one, other in people)
    both = [other - one for _, one, other in people if one is not None and other is not None]
    assert effect.gained_fen - effect.lost_fen == sum(both)
    parts = [found.effect(group) for group in found.groups()]
    assert sum(each.cost_fen for each in parts) == effect.cost_fen
    assert sum(each.count for each in parts) == effect.count


@given(PEOPLE)
def test_deciles_are_differences_of_somebody(
    people: list[tuple[str, int | None, int | None]],
) -> None:
    both = sorted(
        other - one for _, one, other in people if one is not None and other is not None
    )
    deciles = one_by_one(people).deciles()
    if not both:
        assert deciles == ()
        return
    assert deciles == tuple(
        next(each for each in both if 10 * sum(one <= each for one in both) >= tenth * len(both))
        for tenth in range(11)
    )


@given(PEOPLE)
def test_everybody_is_in_one_band(people: list[tuple[str, int | None, int | None]]) -> None:
    both = [other - one for _, one, other in people if one is not None and other is not None]
    bands = one_by_one(people).bands()
    assert sum(each.persons for each in bands) == len(both)
    for each in bands:
        inside = [
            one for one in both
            if (each.low_fen is None or each.low_fen <= one)
            and (each.high_fen is None or one <= each.high_fen)
        ]  # fmt: skip
        assert len(inside) == each.persons
    for one, other in pairwise(bands):
        assert one.high_fen is not None and other.low_fen is not None
        assert other.low_fen == one.high_fen + 1


@pytest.mark.parametrize("most", [1, 2**40, 2**62])
def test_sums_never_wrap(most: int) -> None:
    code = pyarrow.array([0] * 1000, pyarrow.int64())
    amounts = pyarrow.array([most, None] * 500, pyarrow.int64())
    assert list(summed(code, [amounts, amounts])) == [(0, 1000, (500 * most, 500 * most))]
