"""Kernels are kept by content, in a safe folder, and any split of the rows gives the same bytes."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.population.test_examples import RULES, made
from yibaolang.language.diagnostics import Refusal
from yibaolang.population import compiling
from yibaolang.population.compiling import compiled
from yibaolang.population.evaluate import Population, asks_for

ONE = """
define i64 @one(ptr %buffers, i64 %begin, i64 %end) {
  %count = sub i64 %end, %begin
  ret i64 %count
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "cache"
    monkeypatch.setenv("YIBAO_CACHE_DIR", str(place))
    return place


def test_a_kernel_is_compiled_once(folder: Path) -> None:
    first, again = compiled(ONE, "one"), compiled(ONE, "one")
    assert (first.kept, again.kept) == (False, True)
    assert first.call([], 3, 10) == again.call([], 3, 10) == 7
    (kept,) = folder.iterdir()
    assert kept.name.startswith("kernel-")


def test_another_text_is_another_kernel(folder: Path) -> None:
    compiled(ONE, "one")
    assert not compiled(ONE.replace("%end, %begin", "%begin, %end"), "one").kept


@pytest.mark.parametrize("damage", [b"", b"\0" * 100, None])
def test_a_kept_kernel_that_is_damaged_is_compiled_again(folder: Path, damage: Any) -> None:
    compiled(ONE, "one")
    (kept,) = folder.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1] if damage is None else damage)
    again = compiled(ONE, "one")
    assert not again.kept
    assert again.call([], 0, 2) == 2


def test_a_folder_that_others_may_write_to_is_not_used(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)
    assert not compiled(ONE, "one").kept
    assert not compiled(ONE, "one").kept
    assert not list(folder.iterdir())


def test_a_folder_that_is_full_is_halved(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "_MOST", 3)
    folder.mkdir(mode=0o700)
    for number in range(4):
        old = folder / f"kernel-{number}"
        old.write_bytes(b"")
        os.utime(old, (number, number))
    compiled(ONE, "one")
    assert len(list(folder.iterdir())) == 4


def test_without_llvmlite_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "llvmlite.binding", None)
    with pytest.raises(Refusal) as refusal:
        compiled(ONE, "one")
    assert refusal.value.diagnostics[0].code == "YB481"
    assert "yibaolang[native]" in str(refusal.value)


def test_without_llvmlite_the_reference_engine_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    people = made(20, 5)
    asks = asks_for(RULES, "credit", "2024-06", None, None)
    native = Population(RULES, asks).batch(people.to_batches()[0])
    monkeypatch.setitem(__import__("sys").modules, "llvmlite.binding", None)
    other = Population(RULES, asks)
    assert not other.native
    assert other.batch(people.to_batches()[0]).to_pylist() == native.to_pylist()


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_any_split_gives_the_same(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from yibaolang.population import evaluate

    people = made(5000, 3).combine_chunks()
    asks = asks_for(RULES, ["credit", "age"], "2024-06", None, None)
    whole = Population(RULES, asks, threads=1).batch(people.to_batches()[0])
    monkeypatch.setattr(evaluate, "_LEAST_ROWS", 700)
    split = Population(RULES, asks, threads=threads).batch(people.to_batches()[0])
    assert split.to_pylist() == whole.to_pylist()
    pieces = Population(RULES, asks, threads=threads)
    found = [each for batch in people.to_batches(max_chunksize=333)
             for each in pieces.batch(batch).to_pylist()]  # fmt: skip
    assert found == whole.to_pylist()
