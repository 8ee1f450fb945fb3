"""What a figure comes to: the amount and how it was found, or why there is none.

These are tuples with names and not attrs classes: a ledger makes millions of them, and they are
made three times as fast.
"""

from datetime import date
from typing import Any, NamedTuple

from yibaolang.model.arms import Arm
from yibaolang.program.novalue import NoValue
from yibaolang.program.step import Step


class Chosen(NamedTuple):
    """An arm that applies, and its amount.

    `posting` is its posting day, `today` the day it looked at. `numerator` over `denominator` fen
    is the exact amount before rounding, with `months` of 12 already counted in. What is no money
    (the end of a waiting period) is in `value` and has 0 fen. The steps are those of its guard,
    its prorated start and its amount, None when not explained.
    """

    arm: Arm
    posting: date | None
    today: date | None
    months: int
    numerator: int
    denominator: int
    fen: int
    guard: Step | None = None
    start: Step | None = None
    amount: Step | None = None
    value: Any = None


class Failed(NamedTuple):
    """An arm that did not apply: its guard does not hold or has no value.

    `late` says that its prorated start is only after the insurance year; `beaten` that an
    exception came before it.
    """

    arm: Arm
    posting: date | None
    today: date | None
    guard: Step | None
    late: bool
    beaten: bool


class Outcome(NamedTuple):
    """The amount in fen, or the NoValue; what was chosen, and with reasons what was not.

    The amount of a figure that is no money is its value, a date.

    A refused outcome that was explained has in `chosen` what had been chosen before, and in
    `partial` the step of the amount that came to nothing.
    """

    amount: int | date | NoValue
    chosen: tuple[Chosen, ...] = ()
    failed: tuple[Failed, ...] = ()
    partial: Step | None = None

    @property
    def amount_fen(self) -> int:
        """The amount; raises the NoValue if there is none, TypeError if it is no money."""
        if isinstance(self.amount, NoValue):
            raise self.amount.again()
        if not isinstance(self.amount, int):
            raise TypeError(f"{self.amount} is no amount of money")
        return self.amount
