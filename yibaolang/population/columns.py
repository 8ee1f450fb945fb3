"""People as Arrow columns: what they are called, of which types they are, and what cells mean.

The columns are those of files of people (`engine.people_files`), with the same conversions: amounts
are in yuan, as decimals, whole numbers or text; beside them an amount may be whole fen, in a column
`NAME_fen`. pyarrow is loaded only here.
"""

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from yibaolang.engine.arrow_cells import check_kind
from yibaolang.engine.cells import Misfit, whole_of_cell, yuan
from yibaolang.engine.event_schema import region_of_cell, version_of_cell
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.suggest import suggestions
from yibaolang.model.book import Book
from yibaolang.model.limits import LIMITS
from yibaolang.population.persons import Cells

FEN = "_fen"
OWN = ("account", "region", "version")
_ALLOWED = {
    "money": ("text", "integer", "decimal"), "number": ("text", "integer", "decimal"),
    "rate": ("text", "integer", "decimal"), "age": ("text", "integer", "decimal"),
    "months": ("text",), "days": ("text",), "choice": ("text",), "date": ("text", "date"),
    "truth": ("text", "truth"), "text": ("text", "integer", "decimal", "date", "truth"),
}  # fmt: skip


def arrow_alone() -> Any:
    """The package pyarrow without `compute`; Refusal YB481 if it is not installed."""
    try:
        import pyarrow
    except ImportError as error:
        raise Refusal(diagnostic("YB481", None, package="pyarrow")) from error
    return pyarrow


def load_arrow() -> Any:
    """The package pyarrow with `compute`, which takes as long to load as the rest of it."""
    arrow_alone()
    import pyarrow.compute

    return pyarrow


@frozen(eq=False)
class Named:
    """A column of the data: `name` there, `key` the canonical name, `fen` if it is whole fen."""

    name: str
    key: str
    fen: bool


def columns_named(names: Sequence[str], book: Book) -> tuple[Named, ...]:
    """What columns are; Refusal YB460 for an unknown name, YB464 for one said twice.

    >>> from yibaolang.engine.rulebook import read
    >>> found = columns_named(["account", "contribution_base_fen"], read("").book)
    >>> [(each.key, each.fen) for each in found]
    [('account', False), ('contribution_base', True)]
    """
    known = {**dict(zip(OWN, OWN, strict=True)), **Cells(book).columns}
    found: list[Named] = []
    for name in names:
        fen = name not in known and name.endswith(FEN)
        key = known.get(name.removesuffix(FEN) if fen else name)
        if key is None or (fen and key in OWN):
            near = suggestions(name, known, limit=1)
            suggestion = near[0] if near else ""
            raise Refusal(diagnostic("YB460", None, name=name, suggestion=suggestion))
        if any(each.key == key for each in found):
            raise Refusal(diagnostic("YB464", None, name=name))
        found.append(Named(name, key, fen))
    return tuple(found)


def fen_as_yuan(text: str, column: str) -> str:
    """Whole fen as an amount of yuan; Misfit YB465 or YB015.

    >>> fen_as_yuan("650000", "contribution_base_fen")
    '6500.00'
    """
    return yuan(whole_of_cell(text, column, LIMITS.integer_digits + 2, signed=True))


BETWEEN = "\x1f"


def place_of_text(book: Book, text: str, versions: bool) -> tuple[str, str] | None:
    """The place that a text of `place_texts` means, ("", "") for none; None if it means nothing.

    `versions` says whether there were versions.
    """
    if text.count(BETWEEN) > versions:
        return None
    region, _, version = text.partition(BETWEEN)
    try:
        return place_of(book, region.strip(" \t"), version.strip(" \t"))
    except Misfit:
        return None


def place_of(book: Book, region: str, version: str) -> tuple[str, str]:
    """A region and version of cells by their canonical names; Misfit YB102, YB462 or YB478."""
    from yibaolang.engine.cells import refuse

    if not region:
        if version:
            raise refuse("YB462", "region", column="region", kind="")
        return "", ""
    name = region_of_cell(book, region, "region")
    return name, version_of_cell(book, name, version)


def check_types(cells: Cells, columns: Sequence[Named], types: Sequence[Any]) -> None:
    """Refusal YB474 for a column of a type that it cannot have, whether it is read or not."""
    arrow = arrow_alone()
    for column, found in zip(columns, types, strict=True):
        if column.key == "account":
            continue
        wanted = "choice" if column.key in OWN else cells.input(column.key).type.kind
        allowed = _ALLOWED[wanted]
        if column.fen:
            allowed = ("text", "integer") if wanted == "money" else ()
        check_kind(arrow, column.name, found, allowed, None)
