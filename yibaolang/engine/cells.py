"""What the cells of a file say: days, amounts, whole numbers. Digits are 0 to 9 and no others."""

import re
from datetime import date

from yibaolang.language.diagnostics import Argument, Diagnostic
from yibaolang.language.source import Place, Span
from yibaolang.model.limits import LIMITS

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
_WHOLE = re.compile(r"-?[0-9]+")
_FEN_DIGITS = 2
_days: dict[str, date] = {}


class Misfit(Exception):
    """What is wrong with a cell; its row, and so its place, is known to who reads the row.

    `column` is the cell's, `within` the span of the cell's text that is meant, None for all.
    """

    def __init__(self, problem: Diagnostic, column: str, within: Span | None = None) -> None:
        super().__init__(problem, column, within)
        self.problem = problem
        self.column = column
        self.within = within

    def at(self, place: Place | None) -> Diagnostic:
        """The diagnostic at a place."""
        return Diagnostic(self.problem.code, place, self.problem.arguments, self.problem.notes)


def refuse(code: str, column: str, /, **arguments: Argument) -> Misfit:
    """What is wrong with a cell, by its code; the caller raises it."""
    return Misfit(Diagnostic(code, None, tuple(arguments.items())), column)


def day_of_cell(text: str, column: str) -> date:
    """A day, as in 2024-01-31; Misfit YB465 for another form, YB014 for a day that is none.

    >>> day_of_cell("2024-02-29", "date")
    datetime.date(2024, 2, 29)
    """
    found = _days.get(text)
    if found is None:
        match = _DAY.fullmatch(text)
        if match is None:
            raise refuse("YB465", column, text=text, column=column, example="2024-01-31")
        year, month, day = map(int, match.groups())
        try:
            if not LIMITS.first_year <= year <= LIMITS.last_year:
                raise ValueError(text)
            # As many texts are kept as there are days in those years.
            found = _days[text] = date(year, month, day)
        except ValueError:
            raise refuse(
                "YB014", column, text=text, first=LIMITS.first_year, last=LIMITS.last_year
            ) from None
    return found


def fen_of_cell(text: str, column: str, signed: bool = False) -> int:
    """An amount of yuan with at most two decimals, in fen; below zero only if `signed`.

    Misfit YB465 for another form, YB218 for more decimals, YB015 for more than 15 digits.

    >>> fen_of_cell("860.5", "amount"), fen_of_cell("-0.05", "amount", signed=True)
    (86050, -5)
    """
    match = _AMOUNT.fullmatch(text)
    if match is None or (match[1] and not signed):
        raise refuse("YB465", column, text=text, column=column, example="860.50")
    sign, yuan, decimals = match.groups(default="")
    if len(decimals) > _FEN_DIGITS:
        raise refuse("YB218", column, text=text)
    if len(yuan) > LIMITS.integer_digits:
        raise _too_long(column)
    fen = int(yuan + decimals.ljust(_FEN_DIGITS, "0"))
    return -fen if sign else fen


def whole_of_cell(text: str, column: str, digits: int, signed: bool = False) -> int:
    """A whole number with at most `digits` digits; Misfit YB465 or YB015.

    >>> whole_of_cell("86050", "amount_fen", 17)
    86050
    """
    if _WHOLE.fullmatch(text) is None or (text[0] == "-" and not signed):
        raise refuse("YB465", column, text=text, column=column, example="12")
    if len(text.lstrip("-")) > digits:
        raise _too_long(column)
    return int(text)


def yuan(fen: int) -> str:
    """An amount in yuan with two decimals: what `fen_of_cell` reads.

    >>> yuan(86050), yuan(-5)
    ('860.50', '-0.05')
    """
    whole, part = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{part:02}"


def _too_long(column: str) -> Misfit:
    return refuse("YB015", column, digits=LIMITS.integer_digits, decimals=_FEN_DIGITS)
