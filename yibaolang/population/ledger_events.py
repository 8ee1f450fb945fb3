"""Events of Arrow as the arrays that a kernel reads, and what of them it does not run."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define
from numpy.typing import NDArray

from yibaolang.engine.event_files import FORM
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.model.book import Book
from yibaolang.population.fixed import number_of_day
from yibaolang.population.ledger_arrays import (
    MONEY,
    Small,
    Truths,
    Whole,
    fen_of,
    looked_up,
    numbers,
    one_array,
    present,
    there,
    truths,
)
from yibaolang.population.ledger_columns import table_of
from yibaolang.population.ledger_event_facts import (
    EventFacts,
    joined,
    read_facts,
    read_lines,
)
from yibaolang.population.ledger_facts import FIRST_DAY, LAST_DAY
from yibaolang.population.ledger_track import Class

_BY_NAME = {"opening": "bucket", "credit": "bucket", "adjust": "bucket", "bill": "category"}
_OF_BILLS = ("eligible", "level", "relation", "member", "facts", "lines")
_NEVER_NATIVE = ("version", "heirs", "documents", "target", "instead")

VOID = Class("void", "", "self")
"""The class of what does nothing: corrections, and what is voided; see `ledger_corrections`."""

FACT = Class("fact", "", "self")
"""The class of what becomes known of the holder or a relative; see `ledger_lives`."""

CLOSING = Class("closing", "", "self")
"""The class of the end of an account, until its row is read; see `ledger_closings`."""

REPLACE = Class("replace", "", "self")
"""The class of what replaces an event; see `ledger_corrections`."""

_READ_LATER = {each.kind: each for each in (VOID, FACT, CLOSING, REPLACE)}
"""What is read row by row: what is wrong with it is seen then."""

MOST_CLASSES = 120
"""A kernel has no more classes; what is of others is for the reference engine."""


@define(eq=False)
class Events:
    """Events by account, in the order of the rows.

    `offsets` has where each account begins, and the end. `codes` say the class of each event, in
    `classes`; one that no kernel runs has the number after the last. `days` are those from which
    events count, `booked` those on which they were entered.
    """

    book: Book
    table: Any
    accounts: Any
    offsets: Whole
    days: Small
    booked: Small
    codes: NDArray[np.int8]
    amounts: Whole
    classes: tuple[Class, ...]
    eligible: Whole | None = None
    levels: NDArray[np.int8] | None = None
    facts: EventFacts | None = None

    def __len__(self) -> int:
        return len(self.days)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that a kernel has to read besides those that are always there."""
        found = {"eligible": self.eligible, "levels": self.levels, "facts": self.facts}
        late = self.booked is not self.days
        return frozenset([name for name, each in found.items() if each is not None]
                         + ["booked"] * late)  # fmt: skip


def read_events(stream: Any, book: Book, sort: bool = False) -> Events:
    """Events as arrays; Refusal YB475 for accounts that come back, and those of `table_of`."""
    table = table_of(stream, FORM)
    table, accounts, offsets = by_account(table, sort)
    return _Reading(table, book).events(accounts, offsets)


def by_account(table: Any, sort: bool) -> tuple[Any, Any, Whole]:
    """The table, the accounts in order, and where each begins; Refusal YB475 if one comes back."""
    column = text_column(table, "account")
    count = len(column)
    if count == 0:
        return table, pa.array([], pa.string()), np.zeros(1, np.int64)
    changes = truths(pc.fill_null(pc.not_equal(column.slice(1), column.slice(0, count - 1)), True))
    begins = np.concatenate([[0], np.flatnonzero(changes) + 1]).astype(np.int64)
    accounts = column.take(pa.array(begins))
    if pc.count_distinct(accounts, mode="all").as_py() != len(accounts):
        if not sort:
            seen: set[str | None] = set()
            for each in accounts.to_pylist():
                if each in seen:
                    raise Refusal(diagnostic("YB475", None, account=str(each)))
                seen.add(each)
        order = pc.sort_indices(
            pa.table({"account": column, "row": pa.array(np.arange(count))}),
            sort_keys=[("account", "ascending"), ("row", "ascending")],
        )
        return by_account(table.take(order), False)
    return table, accounts, np.concatenate([begins, [count]]).astype(np.int64)


def text_column(table: Any, name: str) -> Any:
    """A column of texts as one array, also if they are in a dictionary."""
    column = one_array(table.column(name))
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


class _Reading:
    """Reads the columns of one table; `other` are the rows that no kernel runs."""

    def __init__(self, table: Any, book: Book) -> None:
        self.table = table
        self.book = book
        self.count = table.num_rows
        self.other = np.zeros(self.count, np.bool_)

    def has(self, name: str) -> bool:
        """Whether there is anything in a column."""
        return name in self.table.column_names and (
            self.table.column(name).null_count < self.count
        )

    def events(self, accounts: Any, offsets: Whole) -> Events:
        """All of it."""
        booked = self.days("date")
        days = booked
        if self.has("effective"):
            given = self.days("effective")
            filled = there(self.table.column("effective"))
            days = np.where(filled, given, booked).astype(np.int32)
        codes, classes = self.codes()
        amounts = self.amounts()
        eligible = levels = None
        if self.has("eligible"):
            part, said = self.money("eligible"), there(self.table.column("eligible"))
            self.other |= said & (part > amounts)
            eligible = np.where(said, part, np.maximum(amounts, 0))
        if self.has("level"):
            levels = self.levels()
        facts = self.facts(codes, classes) if self.has("facts") else None
        if self.has("lines"):
            facts = joined(facts, self.lines(amounts))
        self.strangers(codes, classes, amounts)
        later = [each in _READ_LATER.values() for each in classes]
        self.other &= ~np.array([*later, False], np.bool_)[codes]
        codes = np.where(self.other | (codes < 0), np.int8(len(classes)), codes)
        return Events(
            self.book, self.table, accounts, offsets, days, booked, codes, amounts, classes,
            eligible, levels, facts,
        )  # fmt: skip

    # ── columns ──

    def days(self, name: str) -> Small:
        """Days as numbers; what is no day between 1900 and 2200 is not for a kernel."""
        column = one_array(self.table.column(name))
        if not pa.types.is_date32(column.type):
            column = days_of_texts(pc.utf8_trim(text_column(self.table, name), " \t"))
        found: Small = numbers(column)
        bad = (found < number_of_day(FIRST_DAY)) | (found > number_of_day(LAST_DAY))
        if name == "date":
            bad |= ~there(column)
        elif column.null_count:
            bad |= there(self.table.column(name)) & ~there(column)
        self.other |= bad
        return found

    def amounts(self) -> Whole:
        """The amounts in fen; an event with none, or with two, is not for a kernel."""
        fen, yuan = self.has("amount_fen"), self.has("amount")
        if fen and yuan:
            one, two = there(self.table.column("amount_fen")), there(self.table.column("amount"))
            self.other |= one & two
            return np.where(one, self.fen("amount_fen"), self.money("amount"))
        if not fen and not yuan:
            self.other[:] = True
            return np.zeros(self.count, np.int64)
        name = "amount_fen" if fen else "amount"
        self.other |= ~there(self.table.column(name))
        return self.fen(name) if fen else self.money(name)

    def fen(self, name: str) -> Whole:
        """A column of whole fen."""
        column = one_array(self.table.column(name))
        if pa.types.is_integer(column.type):
            return numbers(column.cast(pa.int64()))
        return self.of_texts(name, r"^-?[0-9]{1,17}$", pa.int64())

    def money(self, name: str) -> Whole:
        """A column of yuan, in fen."""
        column = one_array(self.table.column(name))
        if not (pa.types.is_decimal(column.type) or pa.types.is_integer(column.type)):
            return self.of_texts(name, r"^-?[0-9]{1,15}(\.[0-9]{1,2})?$", MONEY)
        found, fine = fen_of(column)
        self.other |= ~fine
        return found

    def of_texts(self, name: str, pattern: str, type_: Any) -> Whole:
        """Numbers written as texts; what does not look like one is not for a kernel."""
        texts = pc.utf8_trim(text_column(self.table, name), " \t")
        fine = pc.fill_null(pc.match_substring_regex(texts, pattern), False)
        self.other |= there(texts) & ~truths(fine)
        exact = pc.if_else(fine, texts, pa.scalar(None, pa.string())).cast(type_)
        found = fen_of(exact)[0] if type_ == MONEY else numbers(exact)
        # A sign says that it is below zero, which is told of the text.
        self.other |= (found == 0) & truths(pc.fill_null(pc.starts_with(texts, "-"), False))
        return found

    def counted(self, name: str) -> Truths:
        """Which rows of a column have a whole number that is not below zero, or none."""
        column = one_array(self.table.column(name))
        if pa.types.is_integer(column.type):
            fine = pc.greater_equal(column.cast(pa.int64()), 0)
        else:
            texts = pc.utf8_trim(text_column(self.table, name), " \t")
            fine = pc.match_substring_regex(texts, "^[0-9]{1,15}$")
        return truths(pc.fill_null(fine, True))

    def choices(self, name: str, values: Mapping[str, int]) -> NDArray[np.int8]:
        """The number of each text, -1 for one that is not known, 0 for none."""
        indices, texts = self.texts(name)
        table = [values.get(each.strip(" \t"), -1) if each else 0 for each in texts]
        return looked_up([*table, 0], indices)

    def texts(self, name: str) -> tuple[NDArray[np.int32], list[str | None]]:
        """The number of each row's text, and the texts; no text has the number after the last."""
        column = one_array(self.table.column(name))
        if not pa.types.is_dictionary(column.type):
            column = text_column(self.table, name).dictionary_encode()
        texts: list[str | None] = column.dictionary.to_pylist()
        return numbers(pc.fill_null(column.indices.cast(pa.int32()), len(texts))), texts

    def facts(self, codes: NDArray[np.int8], classes: tuple[Class, ...]) -> EventFacts:
        """The facts of bills; those that begin on a day are for the reference engine."""
        indices, texts = self.texts("facts")
        bills = np.array([each.kind == "bill" for each in classes] + [False], np.bool_)[codes]
        of_row = np.where(bills, indices, len(texts)).astype(np.int32)
        said = set(present(of_row, len(texts) + 1))
        # What only other rows say need not be read.
        read, bad = read_facts(
            self.book, [each if at in said else None for at, each in enumerate(texts)], of_row
        )
        self.other |= bad
        return read

    def lines(self, amounts: Whole) -> EventFacts:
        """The lines of bills; what else has some is refused."""
        indices, texts = self.texts("lines")
        found, bad = read_lines(self.book, texts, indices, amounts)
        self.other |= bad
        return found

    # ── what happens ──

    def codes(self) -> tuple[NDArray[np.int8], tuple[Class, ...]]:
        """The class of each event, and the classes that there are."""
        parts: list[tuple[NDArray[np.int32], list[str | None]]] = []
        for name in ("kind", "name", "relation"):
            if self.has(name):
                parts.append(self.texts(name))
            else:
                parts.append((np.zeros(self.count, np.int32), []))
        sizes = [len(texts) + 1 for _, texts in parts]
        total = sizes[0] * sizes[1] * sizes[2]
        type_: Any = np.int64 if total > 1 << 16 else np.uint16
        combined: NDArray[Any] = parts[0][0].astype(type_)
        for (indices, _), size in zip(parts[1:], sizes[1:], strict=True):
            if size > 1:
                np.multiply(combined, type_(size), out=combined)
                np.add(combined, indices.astype(type_), out=combined)
        made: dict[int, Class] = {}
        for each in present(combined, total):
            rest, relation = divmod(each, sizes[2])
            which = (*divmod(rest, sizes[1]), relation)
            said = [
                (texts[index] or "").strip(" \t") if index < len(texts) else ""
                for index, (_, texts) in zip(which, parts, strict=True)
            ]
            found = self.class_of(*said)
            if found is not None:
                made[each] = found
        # The same whatever stands first, so that a kernel serves many parts of a file.
        classes = tuple(sorted(set(made.values())))[:MOST_CLASSES]
        table = [-1] * total
        for each, one in made.items():
            table[each] = classes.index(one) if one in classes else -1
        return looked_up(table, combined), classes

    def class_of(self, kind: str, name: str, relation: str) -> Class | None:
        """The class of an event, by canonical names; None for one that no kernel runs."""
        if kind in _READ_LATER:
            return _READ_LATER[kind]
        if kind == "repaid":
            return None if name or relation else Class(kind, "", "self")
        if kind not in _BY_NAME or (relation and kind != "bill") or (kind == "bill" and not name):
            return None
        if name:
            named = self.book.names.get(name)
            if named is None or named.kind != _BY_NAME[kind]:
                return None
            name = named.name
        if relation:
            named = self.book.names.get(relation)
            if named is None or named.kind != "value" or named.owner != "relation":
                return None
            relation = named.name
        return Class(kind, name, relation or "self")

    def levels(self) -> NDArray[np.int8]:
        """The level of each bill: its number and one, 0 for none."""
        known = {
            alias: self.book.values["level"].index(named.name) + 1
            for alias, named in self.book.names.items()
            if named.kind == "value" and named.owner == "level"
        }
        found = self.choices("level", known)
        self.other |= found < 0
        return found

    def strangers(
        self, codes: NDArray[np.int8], classes: tuple[Class, ...], amounts: Whole
    ) -> None:
        """Rows with what no kernel reads, or what their kind does not have."""
        for name in _NEVER_NATIVE:
            if self.has(name):
                self.other |= there(self.table.column(name))
        bills = np.array([each.kind == "bill" for each in classes] + [True], np.bool_)[codes]
        for name in _OF_BILLS:
            if self.has(name):
                self.other |= there(self.table.column(name)) & ~bills
        for name in ("because", "member"):
            if self.has(name):
                fine = pc.utf8_is_printable(text_column(self.table, name))
                self.other |= ~truths(pc.fill_null(fine, True))
        if self.has("seq"):
            self.other |= ~self.counted("seq")
        signed = np.array([each.kind == "adjust" for each in classes] + [True], np.bool_)[codes]
        self.other |= (amounts < 0) & ~signed


def days_of_texts(texts: Any) -> Any:
    """Days as files have them; null for a text that is none.

    >>> days_of_texts(pa.array(["2024-02-29", "2024-02-30", "2024-2-1"])).to_pylist()
    [datetime.date(2024, 2, 29), None, None]
    """
    fine = pc.fill_null(pc.match_substring_regex(texts, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), False)
    texts = pc.if_else(fine, texts, pa.scalar(None, pa.string()))
    column = pc.strptime(texts, format="%Y-%m-%d", unit="s", error_is_null=True)
    days = column.cast(pa.date32())
    # A day after the month's end is taken for one of the next month.
    same = pc.equal(pc.day(days), pc.utf8_slice_codeunits(texts, 8).cast(pa.int64()))
    return pc.if_else(same, days, pa.scalar(None, pa.date32()))
