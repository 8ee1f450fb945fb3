"""Building a book: reading the sentences of documents in order, each into its place."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Note, diagnostic
from yibaolang.language.source import Place, Source
from yibaolang.language.suggest import suggestions
from yibaolang.language.syntax import Document, Sentence
from yibaolang.model.book import ALWAYS, Book
from yibaolang.model.entries import (
    BASE,
    Entry,
    LedgerEntry,
    Named,
    RegionEntry,
    RowEntry,
    TableEntry,
    TestEntry,
    VersionEntry,
    day_of,
)  # fmt: skip
from yibaolang.model.kinds import kinds_of


def build(documents: Iterable[Document]) -> tuple[Book, list[Diagnostic]]:
    """The book of documents in order, and what is wrong with how they fit together."""
    reader = _Reader(Book())
    for document in documents:
        reader.read(document)
    reader.finish()
    return reader.book, reader.diagnostics


class _Reader:
    """Reads documents into a book, keeping the section that it is in."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.diagnostics: list[Diagnostic] = []
        self.parents: dict[str, tuple[str, Place]] = {}

    def read(self, document: Document) -> None:
        self.book.documents.append(document)
        self.source: Source = document.source
        self.region = BASE
        self.version = ALWAYS
        self.above: Sentence | None = None
        self.test: TestEntry | None = None
        self.ledger: LedgerEntry | None = None
        self.table: TableEntry | None = None
        for sentence in document.sentences:
            reading = _READINGS.get(type(sentence))
            if type(sentence) not in (syntax.TableRow, syntax.ParamRow):
                self.table = None
                self.above = sentence
            if reading is not None:
                reading(self, sentence)
        self.close_test()

    def place(self, node: syntax.Node) -> Place:
        return Place(self.source, node.span)

    def blame(self, code: str, node: syntax.Node, *notes: Note, **arguments: str) -> None:
        self.diagnostics.append(diagnostic(code, self.place(node), notes=notes, **arguments))

    def entry(self, sentence: Sentence) -> Entry:
        return Entry(sentence, self.source, self.region, self.version)

    # ── names ──

    def declare(self, kind: str, names: syntax.Names, owner: str = "") -> str | None:
        """The canonical name, or None if one of the names already means something else."""
        known = [self.book.names[text] for text in names.texts if text in self.book.names]
        again = kind in ("input", "define", "param", "table")
        canonical = known[0].name if known and again else names.texts[0]
        for other in known:
            if not (again and other.kind == kind and other.name == canonical):
                clash = next(text for text in names.texts if text in other.names)
                self.blame("YB103", names, Note(other.place, "first"), name=clash)
                return None
        texts = tuple(dict.fromkeys((*(known[0].names if known else ()), *names.texts)))
        named = Named(kind, canonical, texts, owner, known[0].place if known else self.place(names))
        for text in texts:
            self.book.names[text] = named
        return canonical

    def read_choice(self, sentence: syntax.Choice) -> None:
        choice = self.declare("choice", sentence.names)
        if choice is None:
            return
        values = [self.declare("value", names, choice) for names in sentence.values]
        self.book.values[choice] = tuple(value for value in values if value is not None)

    def read_category(self, sentence: syntax.Category) -> None:
        for names in sentence.values:
            self.declare("category", names)

    def read_bucket(self, sentence: syntax.Bucket) -> None:
        for names in sentence.values:
            self.declare("bucket", names)

    def read_input(self, sentence: syntax.Input) -> None:
        name = self.declare("input", sentence.names)
        if name is None:
            return
        first = self.book.inputs.setdefault(name, self.entry(sentence))
        known = first.sentence
        if isinstance(known, syntax.Input) and (known.type, known.domain) != (
            sentence.type, sentence.domain,
        ):  # fmt: skip
            self.blame("YB103", sentence.names, Note(first.place, "first"), name=name)

    def read_define(self, sentence: syntax.Define) -> None:
        name = self.declare("define", sentence.names)
        if name is not None:
            self.book.defines.setdefault(name, []).append(self.entry(sentence))

    def read_param(self, sentence: syntax.Param) -> None:
        name = self.declare("param", sentence.names)
        if name is None:
            return
        self.book.params.setdefault(name, []).append(self.entry(sentence))
        self.book.rows.setdefault(name, [])
        if sentence.value is not None:
            self.add_row(name, sentence.value, None, None, sentence.origin, sentence)

    def read_row(self, sentence: syntax.ParamRow) -> None:
        if not isinstance(self.above, syntax.Param):
            self.blame("YB104", sentence)
            return
        name = self.book.spelled(self.above.names.texts[0])
        if name is None or name not in self.book.rows:
            return
        until = None if sentence.until is None else day_of(sentence.until)
        since = day_of(sentence.since)
        if until is not None and until < since:
            self.blame("YB303", sentence)
        self.add_row(name, sentence.value, since, until, sentence.origin, sentence)

    def add_row(
        self, name: str, value: syntax.Expression, since: date | None, until: date | None,
        origin: syntax.Origin, sentence: Sentence,
    ) -> None:  # fmt: skip
        version = self.version
        starts = [day for day in (since, version.since) if day is not None]
        ends = [day for day in (until, version.until) if day is not None]
        since, until = max(starts, default=None), min(ends, default=None)
        row = RowEntry(
            name, value, since, until, origin.cite or version.cite,
            origin.attested or version.attested, self.source, self.region, version, sentence,
        )  # fmt: skip
        self.book.rows[name].append(row)

    def read_table(self, sentence: syntax.Table) -> None:
        name = self.declare("table", sentence.names)
        self.table = TableEntry(self.entry(sentence))
        if name is not None:
            self.book.tables.setdefault(name, []).append(self.table)

    def read_table_row(self, sentence: syntax.TableRow) -> None:
        if self.table is None:
            self.blame("YB105", sentence)
            return
        table = self.table
        if table.header is None:
            if sentence.keys == 0:
                self.blame("YB106", sentence)
            table.header = sentence
        elif len(sentence.cells) != len(table.header.cells):
            expected = str(len(table.header.cells))
            self.blame("YB107", sentence, expected=expected, found=str(len(sentence.cells)))
        else:
            table.rows.append(sentence)

    # ── sections ──

    def read_region(self, sentence: syntax.Region) -> None:
        self.close_test()
        self.ledger = None
        self.version = ALWAYS
        known_names = self.book.region_names
        known = [known_names[text] for text in sentence.names.texts if text in known_names]
        name = known[0] if known else sentence.names.texts[0]
        self.region = name
        old = self.book.regions.get(name)
        aliases = tuple(dict.fromkeys((*(old.aliases if old else ()), *sentence.names.texts)))
        parent = old.parent if old else BASE
        place = old.place if old else self.place(sentence.names)
        self.book.regions[name] = RegionEntry(name, aliases, parent, place)
        for text in aliases:
            self.book.region_names[text] = name
        if sentence.parent is not None:
            self.parents[name] = (sentence.parent.text, self.place(sentence.parent))

    def read_version(self, sentence: syntax.Version) -> None:
        self.close_test()
        self.ledger = None
        since = day_of(sentence.since)
        until = None if sentence.until is None else day_of(sentence.until)
        if until is not None and until < since:
            self.blame("YB303", sentence)
        origin = sentence.origin
        self.version = VersionEntry(
            self.region, since, until, sentence.name, origin.cite, origin.attested,
            self.place(sentence),
        )  # fmt: skip
        self.book.versions.setdefault(self.region, []).append(self.version)

    def finish(self) -> None:
        """Resolve the regions' parents, which may be declared after them."""
        for name, (parent, place) in self.parents.items():
            found = self.book.region_names.get(parent)
            entry = self.book.regions[name]
            if found is None:
                near = suggestions(parent, self.book.region_names, limit=1)
                self.diagnostics.append(
                    diagnostic("YB102", place, name=parent, suggestion=near[0] if near else "")
                )
                continue
            if name in self.book.chain(found):
                self.diagnostics.append(diagnostic("YB302", place, name=name))
                continue
            self.book.regions[name] = RegionEntry(name, entry.aliases, found, entry.place)

    # ── rules, people, questions ──

    def read_rule(self, sentence: syntax.Rule) -> None:
        self.close_test()
        if isinstance(sentence.action, syntax.Cover | syntax.Allow):
            self.declare_counters(sentence.action)
        for kind in kinds_of(sentence, self.book.spelled):
            self.book.rules.setdefault((self.region, kind), []).append(self.entry(sentence))

    def read_person(self, sentence: syntax.Person) -> None:
        self.close_test()
        self.ledger = None
        entry = self.entry(sentence)
        for name in sentence.names.texts:
            old = self.book.persons.get(name)
            if old is not None:
                self.blame("YB103", sentence.names, Note(old.place, "first"), name=name)
                return
            self.book.persons[name] = entry

    def declare_counters(self, action: syntax.Cover | syntax.Allow) -> None:
        """The names of counters and of further funds, which are declared where they are used."""
        if isinstance(action, syntax.Allow):
            found = [("counter", action.counted.name if action.counted else None)]
        else:
            found = [
                ("counter", each.counted.name if each.counted else None) for each in action.clauses
            ]
            found += [("fund", each.name) for each in action.clauses if each.kind == "then"]
        for kind, name in found:
            if name is not None and name.text not in self.book.names:
                self.declare(kind, syntax.Names(name.span, (name.text,)))

    # ── ledgers ──

    def read_ledger(self, sentence: syntax.Ledger) -> None:
        if sentence.person is None:
            if self.test is None:
                self.blame("YB448", sentence)
                # Its events belong to no other ledger, and are not to blame.
                self.ledger = LedgerEntry(None)
            else:
                self.test.ledger.entry = self.entry(sentence)
            return
        self.close_test()
        self.ledger = LedgerEntry(self.entry(sentence))
        self.book.ledgers.append(self.ledger)

    def read_event(self, sentence: syntax.Event) -> None:
        ledger = self.test.ledger if self.test else self.ledger
        if ledger is None:
            self.blame("YB449", sentence)
            return
        happening = sentence.happening
        if happening.kind == "expect" and happening.figure is not None:
            expect = syntax.Expect(
                sentence.span, sentence.date, happening.figure, None, happening.sign,
                happening.value, happening.code, happening.of,
            )  # fmt: skip
            self.read_expect(expect)
        elif happening.kind == "seal":
            ledger.seals.append(self.entry(sentence))
        else:
            ledger.events.append(self.entry(sentence))

    def read_holiday(self, sentence: syntax.Holiday) -> None:
        first = day_of(sentence.first)
        last = first if sentence.last is None else day_of(sentence.last)
        if last < first:
            self.blame("YB303", sentence)
            return
        self.book.holidays.add(first, last, sentence.working)

    def read_use(self, sentence: syntax.Use) -> None:
        self.book.uses.append(self.entry(sentence))

    def read_test(self, sentence: syntax.Test) -> None:
        self.close_test()
        self.ledger = None
        self.test = TestEntry(sentence.title, self.entry(sentence))

    def read_given(self, sentence: syntax.Given) -> None:
        test = self.test
        if test is None:
            self.blame("YB108", sentence)
            return
        test.given.append(sentence)

    def read_expect(self, sentence: syntax.Expect) -> None:
        test = self.test or self.ledger
        if test is None:
            self.blame("YB108", sentence)
            return
        test.expects.append(self.entry(sentence))

    def close_test(self) -> None:
        if self.test is not None:
            self.book.tests.append(self.test)
            self.test = None

    def read_question(self, sentence: Sentence) -> None:
        self.close_test()
        self.book.questions.append(self.entry(sentence))


_READINGS: dict[type[Sentence], Callable[[_Reader, Any], None]] = {
    syntax.Choice: _Reader.read_choice,
    syntax.Category: _Reader.read_category,
    syntax.Bucket: _Reader.read_bucket,
    syntax.Input: _Reader.read_input,
    syntax.Define: _Reader.read_define,
    syntax.Param: _Reader.read_param,
    syntax.ParamRow: _Reader.read_row,
    syntax.Table: _Reader.read_table,
    syntax.TableRow: _Reader.read_table_row,
    syntax.Region: _Reader.read_region,
    syntax.Version: _Reader.read_version,
    syntax.Rule: _Reader.read_rule,
    syntax.Person: _Reader.read_person,
    syntax.Use: _Reader.read_use,
    syntax.Test: _Reader.read_test,
    syntax.Given: _Reader.read_given,
    syntax.Expect: _Reader.read_expect,
    syntax.Show: _Reader.read_question,
    syntax.Compare: _Reader.read_question,
    syntax.Why: _Reader.read_question,
    syntax.WhyNot: _Reader.read_question,
    syntax.Ledger: _Reader.read_ledger,
    syntax.Event: _Reader.read_event,
    syntax.Holiday: _Reader.read_holiday,
    syntax.Evaluate: _Reader.read_question,
}
