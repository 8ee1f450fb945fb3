"""Tables of ledgers for people: headings and names in their language, amounts in yuan."""

from collections.abc import Iterable, Sequence

from yibaolang.engine.cells import yuan
from yibaolang.engine.row_writing import Cell, Column
from yibaolang.engine.story import ACCOUNTS
from yibaolang.engine.telling import KINDS
from yibaolang.engine.words import Words
from yibaolang.language.source import visible
from yibaolang.report.tables import Table, formatted
from yibaolang.report.texts import TEXTS, of_column, of_counter

_ALWAYS = ("account", "balance_fen", "amount_fen", "used_fen", "before_fen", "after_fen")


def ledger_table(rows: Iterable[Sequence[Cell]], columns: Sequence[Column], words: Words) -> Table:
    """A table without the columns in which nothing stands, or only zeros or yes; all in memory.

    Its keys are the names of the columns, its amounts in yuan.
    """
    every = list(rows)
    kept = [
        at
        for at, column in enumerate(columns)
        if column.name in _ALWAYS or any(_says_something(row[at]) for row in every)
    ]
    return Table(
        tuple(columns[at].name.removesuffix("_fen") for at in kept),
        tuple(heading(columns[at], words) for at in kept),
        tuple(tuple(shown(columns[at], row[at], words) for at in kept) for row in every),
        frozenset(index for index, at in enumerate(kept) if columns[at].type == "integer"),
    )


def table_text(rows: Iterable[Sequence[Cell]], columns: Sequence[Column], words: Words) -> str:
    """The same as text; a word that says so if there are no rows."""
    found = ledger_table(rows, columns, words)
    return formatted(found, "table") if found.rows else TEXTS.say("no_rows", words.lang)


def table_heading(table: str, lang: str) -> str:
    """What a table of a ledger is called.

    >>> table_heading("balances", "zh")
    '余额'
    """
    return TEXTS.say(f"table_{table}", lang)


def _says_something(cell: Cell) -> bool:
    return cell is False or (cell is not True and bool(cell))


def heading(column: Column, words: Words) -> str:
    """What a column is called; buckets by their names."""
    name = column.name.removesuffix("_fen")
    known = of_column(name, words.lang)
    return words.name(name) if known == name else known


def shown(column: Column, cell: Cell, words: Words) -> str:
    """A cell in words."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return TEXTS.say("yes" if cell else "no", words.lang)
    if isinstance(cell, int):
        return yuan(cell) if column.name.endswith("_fen") else str(cell)
    text = visible(str(cell)).replace("\n", " ")
    saying = _SAYINGS.get(column.name)
    return text if saying is None else saying(text, words)


def _kind(text: str, words: Words) -> str:
    found = KINDS.get(text) or ACCOUNTS.get(text)
    return of_column(text, words.lang) if found is None else found.in_language(words.lang)


def _account(text: str, words: Words) -> str:
    """A bucket, or an account outside; heirs have their names behind."""
    head, _, rest = text.partition(" ")
    found = ACCOUNTS.get(head)
    said = words.name(head) if found is None else found.in_language(words.lang)
    return f"{said} {rest}".rstrip()


def _counter(text: str, words: Words) -> str:
    """The words of a counter's name; categories and levels stand with + between."""
    comma = "\u3001" if words.lang == "zh" else ", "
    parts = [
        comma.join(words.name(of_counter(name, words.lang)) for name in part.split("+"))
        for part in text.split(" ")
    ]
    return " ".join(parts)


def _period(text: str, words: Words) -> str:
    return TEXTS.say(f"period_{text}", words.lang) if text else ""


def _name(text: str, words: Words) -> str:
    return words.name(text)


_SAYINGS = {
    "region": _name, "kind": _kind, "what": _kind, "source": _account,
    "target": _account, "counter": _counter, "period": _period,
}  # fmt: skip
