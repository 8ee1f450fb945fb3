"""Functions that are asked of the facts of an account's holder alone: what is due, and what is not.

They are not put in line: there may be one for each month, and each is asked once for an account.
"""

from yibaolang.population import fixed
from yibaolang.population.fixed import Node
from yibaolang.population.ledger_reading import held
from yibaolang.population.ledger_shared import HELD, Shared
from yibaolang.population.ledger_text import Emitter
from yibaolang.population.llvm import Expressions, Text
from yibaolang.population.ranges import Ranges

ASKED = "ptr %held, ptr %facts"
"""Of every function: the holder's facts on the first day, and where those of other days are."""

BAD = -1
"""What a function gives back if a number did not fit."""


class _Asked:
    """Reads columns of nodes from the holder's facts."""

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self.out = Text(shared.module, shared.comments)
        self.emitter = Emitter(self.out)
        self.expressions = Expressions(self.out, self, Ranges())

    def column(self, node: fixed.Column) -> str:
        """What a column holds."""
        code = held(self.expressions, self.shared, HELD[0], node.key)
        return self.emitter.make(f"icmp ne i64 {code}, 0") if node.truth else code

    def present(self, key: str) -> str:
        """Whether a column has a value."""
        code = held(self.expressions, self.shared, HELD[1], key)
        return self.emitter.make(f"icmp ne i64 {code}, 0")


def asked(shared: Shared, value: Node, applies: Node | None = None) -> int:
    """The number of the function of a whole number, 0 where something does not apply."""
    writing = _Asked(shared)
    out, emitter = writing.out, writing.emitter
    out.line(f"store i1 false, ptr {out.bad}")
    code = writing.expressions.value(value)
    if applies is not None:
        holds = writing.expressions.value(applies)
        code = emitter.make(f"select i1 {holds}, i64 {code}, i64 0")
    bad = emitter.make(f"load i1, ptr {out.bad}")
    found = emitter.make(f"select i1 {bad}, i64 {BAD}, i64 {code}")
    lines = [f"({ASKED}) noinline {{", "entry:", *out.slots, *out.lines, f"  ret i64 {found}", "}"]
    return shared.number_of(shared.named("\n".join([*lines, ""]), 0))
