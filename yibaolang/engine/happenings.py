"""From the sentences of a ledger to events: names become canonical, amounts fen."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from attrs import evolve

from yibaolang.engine.events import BillLine, Event, EventFact, Heir
from yibaolang.engine.given import fact_value
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.source import Place, Source
from yibaolang.model.book import Book
from yibaolang.model.core import Written
from yibaolang.model.elaborate import Elaborator
from yibaolang.model.entries import Entry, day_of
from yibaolang.model.providing import chosen, named
from yibaolang.model.scope import Scope
from yibaolang.model.values import MONEY, format_value


def events_of(book: Book, entries: Iterable[Entry]) -> list[Event]:
    """The events of sentences; Refusal for a name or amount that does not fit."""
    reading = _Reading(book)
    return [reading.event(each.sentence, each.source) for each in entries]


def bill_of(book: Book, happening: syntax.Happening, source: Source) -> Event:
    """A bill that is only asked about; its day and amount are filled in by who asks."""
    return _Reading(book).bill(happening, source, Event("bill", date.min, date.min))


class _Reading:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.elaborator = Elaborator(Scope(book, "", None, {}, frozenset()))

    def event(self, sentence: syntax.Sentence, source: Source) -> Event:
        if not isinstance(sentence, syntax.Event):
            raise TypeError("an event is an Event")
        booked = day_of(sentence.date)
        effective = booked if sentence.effective is None else day_of(sentence.effective)
        place = Place(source, sentence.span)
        because = sentence.origin.because
        blank = Event("", effective, booked, sentence.id, because=because, place=place)
        return self.happens(sentence.happening, source, blank)

    def happens(self, node: syntax.Happening, source: Source, event: Event) -> Event:
        kind = node.kind
        if kind == "amount":
            return self.bill(node, source, event)
        if kind in ("opening", "credit", "adjust", "repaid"):
            return self.moved(node, source, event)
        if kind in ("void", "replace"):
            instead = None
            if node.instead is not None:
                instead = self.happens(node.instead, source, _as(event, id=""))
            return _as(event, kind=kind, target=node.target, instead=instead)
        if kind == "moves":
            return _as(event, kind="moves", name=self.region(node, source), version=node.version)
        return self.begins(node, source, event)

    def bill(self, node: syntax.Happening, source: Source, event: Event) -> Event:
        if node.name is None:
            raise TypeError("a bill has a category")
        category = self.category(node.name, source)
        amount = 0 if node.amount is None else self.fen(node.amount, source)
        eligible = None if node.eligible is None else self.fen(node.eligible, source)
        lines = tuple(
            BillLine(self.category(each.name, source), self.fen(each.amount, source))
            for each in node.lines
        )
        self.fits(eligible, amount, node.eligible, node, source)
        for each, line in zip(node.lines, lines, strict=True):
            self.fits(line.amount_fen, amount, each.amount, node, source)
        return _as(
            event, kind="bill", name=category, amount_fen=amount, eligible_fen=eligible,
            level=self.value(node.level, "level", source),
            relation=self.value(node.relation, "relation", source) or "self",
            member="" if node.member is None else node.member.text, lines=lines,
            facts=tuple(self.fact(each, source) for each in node.facts),
        )  # fmt: skip

    def fits(
        self, part: int | None, whole: int, part_node: syntax.Literal | None,
        node: syntax.Happening, source: Source,
    ) -> None:  # fmt: skip
        """That a part of a bill is not more than the whole; Refusal YB451."""
        if part is not None and part_node is not None and node.amount is not None and part > whole:
            shown, bill = format_value(MONEY, part), format_value(MONEY, whole)
            raise Refusal(diagnostic("YB451", Place(source, part_node.span), part=shown, bill=bill))

    def moved(self, node: syntax.Happening, source: Source, event: Event) -> Event:
        names = () if node.bucket is None else (node.bucket,)
        bucket = "".join(named(self.elaborator, names, "bucket", source))
        if node.amount is None:
            raise TypeError("money that moves has an amount")
        fen = self.fen(node.amount, source)
        sign = -1 if node.direction == "from" else 1
        return _as(event, kind=node.kind, name=bucket, amount_fen=sign * fen)

    def begins(self, node: syntax.Happening, source: Source, event: Event) -> Event:
        """A fact that begins or ends, or the end of the account."""
        name = node.name
        if name is None:
            raise TypeError("what begins has a name")
        known = self.book.names.get(name.text)
        if node.kind == "holds" and known is not None and known.owner == "closing":
            heirs = tuple(_heir(each) for each in node.shares)
            return _as(
                event, kind="closing", name=known.name, heirs=heirs, documents=node.documents
            )
        kind = {"holds": "holds", "not": "not", "value": "value"}[node.kind]
        fact = syntax.Fact(name.span, kind, name, node.value, "", None, None)
        return _as(
            event, kind="fact", facts=(self.fact(fact, source),),
            relation=self.value(node.relation, "relation", source) or "self",
            member="" if node.member is None else node.member.text,
        )  # fmt: skip

    # ── parts ──

    def fact(self, fact: syntax.Fact, source: Source) -> EventFact:
        return EventFact(*fact_value(self.book, fact, source))

    def category(self, name: syntax.Name, source: Source) -> str:
        return "".join(named(self.elaborator, (name,), "category", source))

    def value(self, name: syntax.Name | None, choice: str, source: Source) -> str:
        names = () if name is None else (name,)
        return "".join(chosen(self.elaborator, names, choice, source))

    def region(self, node: syntax.Happening, source: Source) -> str:
        name = node.name
        if name is None:
            raise TypeError("a move names a region")
        found = self.book.region_names.get(name.text)
        if found is None:
            raise Refusal(
                diagnostic(
                    "YB102", Place(source, name.span), name=name.text,
                    suggestion=self.book.suggestion(name.text),
                )
            )  # fmt: skip
        return found

    def fen(self, amount: syntax.Literal, source: Source) -> int:
        if amount.denominator != 1:
            raise self.elaborator.refuse("YB218", Written(source, amount), text=amount.text)
        return amount.numerator


def _heir(share: syntax.HeirShare) -> Heir:
    if share.weight is None:
        return Heir(share.name.text)
    return Heir(share.name.text, share.weight.numerator, share.weight.denominator)


def _as(event: Event, **changes: Any) -> Event:
    return evolve(event, **changes)
