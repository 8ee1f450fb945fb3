"""A few definitions can mean a lot of work: a sandboxed session bounds it."""

import pytest

from yibaolang.engine.rulebook import library, read
from yibaolang.session.checking import most_steps
from yibaolang.session.replies import Refused
from yibaolang.session.sandbox import Sandbox
from yibaolang.session.session import Session


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("define a = 1元", 1),
        ("define a = 1元\ndefine b = a + a\ndefine c = b + b + a", 8),
        ("define a = b\ndefine b = a", 2),
        ("region 甲\ndefine a = 1元\ndefine b = a\nregion 乙\ndefine b = a + a", 3),
    ],
)
def test_most_steps(text: str, steps: int) -> None:
    assert most_steps(read(text)) == steps


def test_a_long_chain_is_no_lot_of_work() -> None:
    lines = [f"define x{n} = x{n - 1} + 1元" for n in range(1, 3000)]
    assert most_steps(read("\n".join(["define x0 = 1元", *lines]))) == 3000


def test_the_library_is_far_from_the_bound() -> None:
    assert most_steps(library()) < Sandbox().steps // 10


def test_doubling_ends_at_the_bound() -> None:
    session = Session(sandbox=Sandbox())
    replies = list(session.run("define x0 = 1元"))
    for number in range(1, 60):
        replies += session.run(f"define x{number} = x{number - 1} + x{number - 1}")
    refused = next(index for index, each in enumerate(replies) if isinstance(each, Refused))
    assert refused == 13
    assert [each.code for each in replies[refused].diagnostics] == ["YB046"]
