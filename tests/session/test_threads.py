"""Sessions in several threads do not disturb each other."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

import yibaolang

LINES = ["credit {n}元", "param p{n} | 参{n} = {n}元", "person Li: age = 72", "show credit of Li",
         "p{n}", "explain credit of Li", "age?", ".rules", ".undo"]  # fmt: skip


@pytest.fixture
def often() -> Iterator[None]:
    """Threads change places far more often than they would by themselves."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def answers(number: int) -> list[str]:
    session = yibaolang.Session(lang="zh" if number % 2 else "en", sandbox=yibaolang.Sandbox())
    return [session.text(line.format(n=number)) for line in LINES]


def test_sessions_in_threads_answer_as_alone(often: None) -> None:
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(answers, range(1, 25)))
    assert together == [answers(number) for number in range(1, 25)]
