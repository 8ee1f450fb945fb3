"""Every node, instruction and term has its line in the tables of native code."""

from collections.abc import Iterable, Iterator

from yibaolang.model import core
from yibaolang.population import ledger_programs, ledger_terms, llvm, lowering, ranges
from yibaolang.population.fixed import Node
from yibaolang.population.ledger_merging import Picked
from yibaolang.program import instructions as step


def below(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from below(each)


def names(kinds: Iterable[type]) -> set[str]:
    # Of a class with slots the one that attrs made it from may still be there.
    return {each.__name__ for each in kinds}


def test_what_is_run_has_a_native_form() -> None:
    # What only merging makes is printed by its own line.
    assert names(below(core.Expr)) - names([Picked]) == names(lowering._TABLE)
    assert names(below(step.Instruction)) == names(ledger_programs._STEPS)
    assert names(below(step.Term)) == names(ledger_terms._TERMS)


def test_every_node_is_printed_and_has_a_range() -> None:
    assert names(below(Node)) == names(llvm._PRINTERS) == names(ranges._SPANS)
