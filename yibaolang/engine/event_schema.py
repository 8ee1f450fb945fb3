"""From rows to events: the one schema of events in files, whatever their format.

`event_columns` has the columns; docs/events.md explains them. A row is a mapping from columns to
text, in which an empty cell is the same as none. `EventSchema` turns it into an account and an
`Event` with canonical names and amounts in fen.
"""

import re
from collections.abc import Callable, Mapping
from math import gcd
from typing import Any

from yibaolang.engine.cells import Misfit, day_of_cell, fen_of_cell, refuse, whole_of_cell
from yibaolang.engine.event_columns import COLUMNS, COMMON, NAMES, USES
from yibaolang.engine.events import KINDS, BillLine, Event, Heir
from yibaolang.engine.fact_cells import FactCells, plain_text
from yibaolang.language.catalogue import Said
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.source import Place, Span
from yibaolang.language.suggest import suggestions
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.book import Book
from yibaolang.model.limits import LIMITS
from yibaolang.model.typewords import said
from yibaolang.model.values import MONEY, choice_type, format_value

Where = Callable[[str, Span | None], Place]
"""The place of a cell ("": of the row), or of a span of the cell's text."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SHARE = re.compile(r"([0-9]{1,15})(?:/([0-9]{1,15}))?")
_MOST_ACCOUNT = 128
_FEN_DIGITS = LIMITS.integer_digits + 2
_ALLOWED = {
    kind: frozenset((*COMMON, *needed, *more, *(("amount_fen",) if "amount" in needed else ())))
    for kind, (needed, more) in USES.items()
}
_NAMED = {
    "opening": "bucket", "credit": "bucket", "adjust": "bucket", "bill": "category",
    "closing": "value",
}  # fmt: skip


class EventSchema:
    """Reads rows against the names of a book.

    >>> from yibaolang.engine.rulebook import read
    >>> schema = EventSchema(read("").book)
    >>> account, event = schema.event(
    ...     {"account": "007", "date": "2024-01-09", "kind": "credit", "amount": "9.50"}
    ... )
    >>> account, event.kind, event.amount_fen
    ('007', 'credit', 950)
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self.facts = FactCells(book)

    def event(self, row: Mapping[str, str], where: Where | None = None) -> tuple[str, Event]:
        """The account and the event of a row; Refusal, at the cell's place, if it does not fit."""
        try:
            account = plain_text(_needed(row, "account", ""), "account")
            if len(account) > _MOST_ACCOUNT:
                raise _unlike("account", account)
            booked = day_of_cell(_needed(row, "date", ""), "date")
            effective = row.get("effective")
            common: dict[str, Any] = {
                "booked": booked,
                "effective": day_of_cell(effective, "effective") if effective else booked,
                "because": plain_text(row.get("because", ""), "because"),
                "place": None if where is None else where("", None),
            }
            seq = row.get("seq")
            happens = self._happens(row, common, KINDS)
            return account, Event(
                id=_id(row, "id"),
                seq=whole_of_cell(seq, "seq", LIMITS.integer_digits) if seq else 0,
                **common, **happens,
            )  # fmt: skip
        except Misfit as misfit:
            place = None if where is None else where(misfit.column, misfit.within)
            raise Refusal(misfit.at(place)) from None

    def _happens(
        self, row: Mapping[str, str], common: Mapping[str, Any], kinds: tuple[str, ...]
    ) -> dict[str, Any]:
        """The fields of an event that its kind decides."""
        kind = _needed(row, "kind", "")
        if kind not in kinds:
            near = suggestions(kind, kinds, limit=1)
            suggestion = near[0] if near else ""
            raise refuse("YB479", "kind", text=kind, kinds=", ".join(kinds), suggestion=suggestion)
        _check_columns(row, kind)
        found: dict[str, Any] = {"kind": kind}
        if kind == "bill":
            return found | self._bill(row)
        if kind in ("opening", "credit", "adjust", "repaid"):
            return found | {"name": self._name(row, kind), "amount_fen": _amount(row, kind)}
        if kind == "fact":
            return found | {"facts": self.facts.facts(row["facts"])} | self._for_whom(row)
        if kind == "moves":
            region = region_of_cell(self.book, row["name"], "name")
            version = version_of_cell(self.book, region, row.get("version", ""))
            return found | {"name": region, "version": version}
        if kind == "closing":
            heirs = _heirs(row.get("heirs", ""))
            documents = _parts(row.get("documents", ""), "documents")
            return found | {
                "name": self._name(row, kind), "heirs": heirs, "documents": documents,
            }  # fmt: skip
        found["target"] = _id(row, "target")
        return found if kind == "void" else found | {"instead": self._instead(row, common)}

    def _bill(self, row: Mapping[str, str]) -> dict[str, Any]:
        amount = _amount(row, "bill")
        eligible, level, facts = row.get("eligible"), row.get("level"), row.get("facts")
        eligible_fen = None if not eligible else fen_of_cell(eligible, "eligible")
        lines = self.lines(row.get("lines", ""))
        _check_part(eligible_fen or 0, amount, "eligible")
        for line in lines:
            _check_part(line.amount_fen, amount, "lines")
        return {
            "name": self._name(row, "bill"), "amount_fen": amount, "eligible_fen": eligible_fen,
            "level": self._chosen(level, "level", "level") if level else "", "lines": lines,
            "facts": self.facts.facts(facts) if facts else (), **self._for_whom(row),
        }  # fmt: skip

    def _instead(self, row: Mapping[str, str], common: Mapping[str, Any]) -> Event:
        """What replaces an event, of the same days; its faults are the cell's."""
        from yibaolang.engine.json_lines import NotAnObject, SaidTwice, cell_text, json_object

        try:
            found = json_object(row["instead"])
            cells = {name: cell_text(value) for name, value in found.items()}
        except (NotAnObject, SaidTwice):
            raise _unlike("instead", row["instead"]) from None
        kinds = tuple(kind for kind in KINDS if kind not in ("void", "replace"))
        filled = {name: text for name, text in cells.items() if text}
        try:
            for name in filled:
                if name in COMMON and name != "kind":
                    raise _unknown(name, "instead")
            return Event(**common, **self._happens(filled, common, kinds))
        except Misfit as misfit:
            raise Misfit(misfit.problem, "instead") from None

    # ── parts ──

    def _for_whom(self, row: Mapping[str, str]) -> dict[str, str]:
        relation = row.get("relation")
        return {
            "relation": self._chosen(relation, "relation", "relation") if relation else "self",
            "member": plain_text(row.get("member", ""), "member"),
        }

    def _name(self, row: Mapping[str, str], kind: str) -> str:
        text = row.get("name")
        if not text:
            return ""
        if kind == "closing":
            return self._chosen(text, "closing", "name")
        return self._named(text, _NAMED[kind], "name")

    def _chosen(self, text: str, choice: str, column: str) -> str:
        """The canonical value of a choice."""
        name = self._named(text, "value", column)
        owner = self.book.names[name].owner
        if owner != choice:
            expected, found = said(choice_type(choice)), said(choice_type(owner))
            raise refuse("YB202", column, expected=expected, found=found)
        return name

    def _named(self, text: str, kind: str, column: str) -> str:
        """The canonical name of a kind."""
        known = self.book.names.get(text)
        if known is None:
            raise refuse("YB101", column, name=text, suggestion=self.book.suggestion(text))
        if known.kind != kind:
            words = vocabulary().keywords
            keyword = words.get(known.kind.upper(), words["CHOICE"])
            found = Said(en=keyword.spelling("en"), zh=keyword.spelling("zh"))
            raise refuse("YB109", column, name=text, kind=found)
        return known.name

    def lines(self, text: str) -> tuple[BillLine, ...]:
        """What a bill has of categories, as its cell says it; Misfit."""
        found = []
        for part in _parts(text, "lines"):
            name, sign, amount = part.partition("=")
            if not sign:
                raise _unlike("lines", part)
            category = self._named(name.strip(" \t"), "category", "lines")
            found.append(BillLine(category, fen_of_cell(amount.strip(" \t"), "lines")))
        return tuple(found)


def region_of_cell(book: Book, text: str, column: str) -> str:
    """The canonical name of a region; Misfit YB102."""
    found = book.region_names.get(text)
    if found is None:
        near = suggestions(text, book.region_names, limit=1)
        raise refuse("YB102", column, name=text, suggestion=near[0] if near else "")
    return found


def version_of_cell(book: Book, region: str, text: str) -> str:
    """A named version of a region or of those above it; Misfit YB478."""
    if text:
        known = [each.name for place in book.chain(region) for each in book.versions.get(place, ())]
        if text not in known:
            near = suggestions(text, filter(None, known), limit=1)
            raise refuse(
                "YB478", "version", region=region, name=text, suggestion=near[0] if near else ""
            )
    return text


def _check_columns(row: Mapping[str, str], kind: str) -> None:
    """That what a kind needs is there, and nothing that it does not know."""
    needed, more = USES[kind]
    if not row.keys() <= _ALLOWED[kind]:
        for column, text in row.items():
            if column not in NAMES:
                raise _unknown(column, column)
            if text and column not in _ALLOWED[kind]:
                columns = ", ".join((*needed, *more))
                raise refuse("YB463", column, column=column, kind=kind, columns=columns)
    for column in needed:
        if not row.get(column) and not (column == "amount" and row.get("amount_fen")):
            raise refuse("YB462", column, column=column, kind=kind)


def _check_part(part_fen: int, amount_fen: int, column: str) -> None:
    """That a part of a bill is not more than the whole; Misfit YB451."""
    if part_fen > amount_fen:
        shown, bill = format_value(MONEY, part_fen), format_value(MONEY, amount_fen)
        raise refuse("YB451", column, part=shown, bill=bill)


def _needed(row: Mapping[str, str], column: str, kind: str) -> str:
    found = row.get(column)
    if not found:
        raise refuse("YB462", column, column=column, kind=kind)
    return found


def _amount(row: Mapping[str, str], kind: str) -> int:
    """The amount in fen; below zero only for an adjustment."""
    signed = kind == "adjust"
    text, fen = row.get("amount"), row.get("amount_fen")
    if not fen:
        return fen_of_cell(text or "", "amount", signed)
    if text:
        raise refuse("YB477", "amount_fen", name="amount", other="amount_fen")
    return whole_of_cell(fen, "amount_fen", _FEN_DIGITS, signed)


def _id(row: Mapping[str, str], column: str) -> str:
    text = row.get(column, "")
    if text and _ID.fullmatch(text) is None:
        raise _unlike(column, text)
    return text


def _heirs(text: str) -> tuple[Heir, ...]:
    heirs = tuple(_heir(part) for part in _parts(text, "heirs"))
    if len({bool(each.numerator) for each in heirs}) > 1:
        raise _unlike("heirs", text)  # Some with shares and some without: what is left is not said.
    return heirs


def _heir(part: str) -> Heir:
    name, sign, share = part.partition("=")
    if not sign:
        return Heir(part)
    match = _SHARE.fullmatch(share.strip(" \t"))
    numerator, denominator = (int(match[1]), int(match[2] or "1")) if match else (0, 0)
    if not (name.strip(" \t") and numerator and denominator):
        raise _unlike("heirs", part)
    divisor = gcd(numerator, denominator)
    return Heir(name.strip(" \t"), numerator // divisor, denominator // divisor)


def _parts(text: str, column: str) -> tuple[str, ...]:
    """What semicolons separate; an empty part is refused, but not after the last semicolon."""
    if not text:
        return ()
    parts = [part.strip(" \t") for part in plain_text(text, column).split(";")]
    if len(parts) > 1 and not parts[-1]:
        parts.pop()
    if not all(parts):
        raise _unlike(column, text)
    return tuple(parts)


def _unlike(column: str, text: str) -> Misfit:
    """That a cell does not look like the example of its column."""
    example = COLUMNS[NAMES.index(column)].example
    return refuse("YB465", column, text=text, column=column, example=example)


def _unknown(name: str, column: str) -> Misfit:
    near = suggestions(name, NAMES, limit=1)
    return refuse("YB460", column, name=name, suggestion=near[0] if near else "")
