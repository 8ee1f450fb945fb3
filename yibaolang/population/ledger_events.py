"""Events of Arrow as the arrays that a kernel reads, and what of them it does not run."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define
from numpy.typing import NDArray

from yibaolang.engine.event_columns import NAMES, NEEDED
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.suggest import suggestions
from yibaolang.model.book import Book
from yibaolang.population.fixed import number_of_day
from yibaolang.population.ledger_arrays import Small, Truths, Whole, numbers, one_array, there, truths
from yibaolang.population.ledger_facts import FIRST_DAY, LAST_DAY
from yibaolang.population.ledger_track import Class

_BY_NAME = {"opening": "bucket", "credit": "bucket", "adjust": "bucket", "bill": "category"}
_MONEY = pa.decimal128(38, 2)
_TOO_MUCH = 10**16
"""Yuan beyond what any file may say; in fen they still fit into 64 bits."""

_OF_BILLS = ("eligible", "level", "relation", "member")
_NEVER_NATIVE = ("lines", "facts", "version", "heirs", "documents", "target", "instead")


def table_of(stream: Any, what: str) -> Any:
    """A table of whatever gives a stream of Arrow; TypeError otherwise."""
    if isinstance(stream, pa.Table):
        return stream
    if not hasattr(stream, "__arrow_c_stream__"):
        kind = type(stream).__name__
        raise TypeError(f"{what} must be a table of Arrow (with __arrow_c_stream__), not {kind}")
    return pa.RecordBatchReader.from_stream(stream).read_all()


def check_columns(table: Any) -> None:
    """That columns are those of event files; Refusal YB460 or YB461."""
    for name in table.column_names:
        if name not in NAMES:
            near = suggestions(name, NAMES, limit=1)
            suggestion = near[0] if near else ""
            raise Refusal(diagnostic("YB460", None, name=name, suggestion=suggestion))
    for name in NEEDED:
        if name not in table.column_names:
            raise Refusal(diagnostic("YB461", None, name=name))


@define(eq=False)
class Events:
    """Events by account, in the order of the rows.

    `offsets` has where each account begins, and the end. `codes` say the class of each event, in
    `classes`; one that no kernel runs has -1. `days` are those from which events count, `booked`
    those on which they were entered.
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

    def __len__(self) -> int:
        return len(self.days)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that a kernel has to read besides those that are always there."""
        found = {"eligible": self.eligible, "levels": self.levels}
        late = self.booked is not self.days
        return frozenset([name for name, each in found.items() if each is not None]
                         + ["booked"] * late)  # fmt: skip


def read_events(stream: Any, book: Book, sort: bool = False) -> Events:
    """Events as arrays; Refusal YB460, YB461, YB474 or YB475 for what is wrong with all of them."""
    table = table_of(stream, "events")
    check_columns(table)
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
    """A column of texts as one array; Refusal YB474 if it has another type."""
    column = one_array(table.column(name))
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
        column = column.cast(pa.string())
    if pa.types.is_null(column.type):
        column = column.cast(pa.string())
    if not pa.types.is_string(column.type):
        raise Refusal(
            diagnostic("YB474", None, name=name, found=str(column.type), expected="text")
        )
    return column


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
            given, said = self.money("eligible"), there(self.table.column("eligible"))
            self.other |= said & (given > amounts)
            eligible = np.where(said, given, np.maximum(amounts, 0))
        if self.has("level"):
            levels = self.levels()
        self.strangers(codes, classes)
        codes = np.where(self.other, np.int8(-1), codes)
        return Events(
            self.book, self.table, accounts, offsets, days, booked, codes, amounts, classes, eligible, levels
        )

    # ── columns ──

    def days(self, name: str) -> Small:
        """Days as numbers; what is no day between 1900 and 2200 is not for a kernel."""
        column = one_array(self.table.column(name))
        if not pa.types.is_date32(column.type):
            if pa.types.is_temporal(column.type):
                self.mistyped(name, column, "date, text")
            texts = text_column(self.table, name)
            texts = pc.utf8_trim(texts, " \t")
            fine = pc.match_substring_regex(texts, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
            texts = pc.if_else(pc.fill_null(fine, False), texts, pa.scalar(None, pa.string()))
            column = pc.strptime(texts, format="%Y-%m-%d", unit="s", error_is_null=True)
            column = column.cast(pa.timestamp("s")).cast(pa.date32())
        found: Small = numbers(column)
        bad = (found < number_of_day(FIRST_DAY)) | (found > number_of_day(LAST_DAY))
        if name == "date":
            bad |= ~there(column)
        elif column.null_count:
            bad |= there(self.table.column(name)) & ~there(column)
        self.other |= bad
        return found

    def mistyped(self, name: str, column: Any, expected: str) -> None:
        """Refusal YB474."""
        raise Refusal(
            diagnostic("YB474", None, name=name, found=str(column.type), expected=expected)
        )

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
        if pa.types.is_floating(column.type):
            self.mistyped(name, column, "text, decimal, integer")
        if not (pa.types.is_decimal(column.type) or pa.types.is_integer(column.type)):
            return self.of_texts(name, r"^-?[0-9]{1,15}(\.[0-9]{1,2})?$", _MONEY)
        found, fine = fen_of(column)
        self.other |= ~fine
        return found

    def of_texts(self, name: str, pattern: str, type_: Any) -> Whole:
        """Numbers written as texts; what does not look like one is not for a kernel."""
        texts = pc.utf8_trim(text_column(self.table, name), " \t")
        fine = pc.fill_null(pc.match_substring_regex(texts, pattern), False)
        self.other |= there(texts) & ~truths(fine)
        exact = pc.if_else(fine, texts, pa.scalar(None, pa.string())).cast(type_)
        return fen_of(exact)[0] if type_ == _MONEY else numbers(exact)

    def choices(self, name: str, values: Mapping[str, int], missing: int) -> NDArray[np.int32]:
        """The number of each text, -1 for one that is not known, `missing` for none."""
        indices, texts = self.texts(name)
        table = [values.get((each or "").strip(" \t"), -1) if each else missing for each in texts]
        return np.take(np.array([*table, missing], np.int32), indices)

    def texts(self, name: str) -> tuple[NDArray[np.int32], list[str | None]]:
        """The number of each row's text, and the texts; no text has the number after the last."""
        column = one_array(self.table.column(name))
        if pa.types.is_null(column.type):
            column = column.cast(pa.string())
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        texts: list[str | None] = column.dictionary.to_pylist()
        indices = column.indices.cast(pa.int32())
        return numbers(indices, len(texts)), texts

    # ── what happens ──

    def codes(self) -> tuple[NDArray[np.int8], tuple[Class, ...]]:
        """The class of each event, and the classes that there are."""
        parts = []
        for name in ("kind", "name", "relation"):
            if self.has(name):
                parts.append(self.texts(name))
            else:
                parts.append((np.zeros(self.count, np.int32), []))
        sizes = [len(texts) + 1 for _, texts in parts]
        combined = parts[0][0].astype(np.int64)
        for (indices, _), size in zip(parts[1:], sizes[1:], strict=True):
            combined = combined * size + indices
        found = np.flatnonzero(np.bincount(combined, minlength=1))
        classes: dict[Class, int] = {}
        table = np.full(sizes[0] * sizes[1] * sizes[2], -1, np.int8)
        for each in found.tolist():
            rest, relation = divmod(each, sizes[2])
            kind, name = divmod(rest, sizes[1])
            said = [
                (texts[index] or "").strip(" \t") if index < len(texts) else ""
                for index, (_, texts) in zip((kind, name, relation), parts, strict=True)
            ]
            made = self.class_of(*said)
            if made is not None and (made in classes or len(classes) < _MOST_CLASSES):
                table[each] = classes.setdefault(made, len(classes))
        return np.take(table, combined), tuple(classes)

    def class_of(self, kind: str, name: str, relation: str) -> Class | None:
        """The class of an event, by canonical names; None for one that no kernel runs."""
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
        found = self.choices("level", known, 0)
        self.other |= found < 0
        return found.astype(np.int8)

    def strangers(self, codes: NDArray[np.int8], classes: tuple[Class, ...]) -> None:
        """Rows with what no kernel reads, or what their kind does not have."""
        for name in _NEVER_NATIVE:
            if self.has(name):
                self.other |= there(self.table.column(name))
        bills = np.array([each.kind == "bill" for each in classes] + [True], np.bool_)[codes]
        for name in _OF_BILLS:
            if self.has(name):
                self.other |= there(self.table.column(name)) & ~bills


_MOST_CLASSES = 120


def fen_of(column: Any) -> tuple[Whole, Truths]:
    """Yuan as whole numbers of fen, and which rows have such a number (or none at all).

    >>> from decimal import Decimal
    >>> fen, fine = fen_of(pa.array([Decimal("9.500"), Decimal("0.001"), None]))
    >>> fen.tolist(), fine.tolist()
    ([950, 0, 0], [True, False, True])
    """
    array = one_array(column)
    given = there(array)
    if pa.types.is_decimal(array.type):
        cut = pc.round(array, 2)
        same = truths(pc.fill_null(pc.equal(cut, array), True))
        array = pc.if_else(pa.array(same), cut, pa.scalar(None, array.type))
        small = truths(pc.fill_null(pc.less(pc.abs(array), _TOO_MUCH), True))
        array = pc.if_else(pa.array(small), array, pa.scalar(None, array.type))
    else:
        small = truths(pc.fill_null(pc.less(pc.abs(array.cast(pa.int64())), _TOO_MUCH), True))
        array = pc.if_else(pa.array(small), array, pa.scalar(None, array.type))
    exact = array.cast(_MONEY)
    if len(exact) == 0:
        return np.zeros(0, np.int64), given
    words = np.frombuffer(exact.buffers()[1], np.int64).reshape(-1, 2)
    found = words[exact.offset : exact.offset + len(exact), 0]
    return np.where(there(exact), found, 0), there(exact) | ~given
