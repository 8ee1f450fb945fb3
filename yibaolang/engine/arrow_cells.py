"""Columns and cells of Arrow: of which kind they are, and as the texts that other files have.

The package pyarrow is given as an argument: this module loads nothing.
"""

from collections.abc import Callable, Sequence
from typing import Any

from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.source import Place

_NAMES = {
    "text": "string", "integer": "int64", "decimal": "decimal128", "date": "date32",
    "truth": "bool",
}  # fmt: skip
_DECIMALS = 2


def kind_of(arrow: Any, type_: Any) -> str:
    """text, integer, decimal, date, truth or null; "" for a type that no column may have."""
    types = arrow.types
    if types.is_dictionary(type_):
        type_ = type_.value_type
    # Before pyarrow 16 there is no view of texts.
    views = getattr(types, "is_string_view", lambda _: False)
    tests: dict[str, Callable[[Any], bool]] = {
        "text": lambda each: types.is_string(each) or types.is_large_string(each) or views(each),
        "integer": types.is_integer,
        "decimal": types.is_decimal,
        "date": types.is_date,
        "truth": types.is_boolean,
        "null": types.is_null,
    }
    return next((kind for kind, test in tests.items() if test(type_)), "")


def check_kind(
    arrow: Any, name: str, type_: Any, allowed: Sequence[str], place: Place | None
) -> None:
    """Refusal YB474 for a column whose kind is not allowed; one of nulls always is."""
    if kind_of(arrow, type_) not in (*allowed, "null"):
        expected = ", ".join(_NAMES[each] for each in allowed)
        raise Refusal(diagnostic("YB474", place, name=name, found=str(type_), expected=expected))


def cell_text(value: Any) -> str:
    """A value as the text of a cell, "" for none; of a decimal without zeros that say nothing.

    >>> from decimal import Decimal
    >>> [cell_text(each) for each in (Decimal("9.5000"), Decimal("9.005"), True, " a ", None)]
    ['9.50', '9.005', 'yes', 'a', '']
    """
    if isinstance(value, str):
        return value.strip(" \t")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if type(value).__name__ != "Decimal":
        return str(value)
    whole, point, parts = format(value, "f").partition(".")
    return f"{whole}{point}{parts.rstrip('0').ljust(min(len(parts), _DECIMALS), '0')}".rstrip(".")
