"""Elaborating every sentence wherever it holds, each by itself, so that each tells its fault."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from attrs import define, field, frozen

from yibaolang.analysis.parts import credit_parts, rule_parts, wait_parts
from yibaolang.analysis.reached import reached
from yibaolang.analysis.tables import table_parts
from yibaolang.analysis.views import Shelves, View
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, Refusal, diagnostic
from yibaolang.language.source import Source
from yibaolang.model import core
from yibaolang.model.arms import Arm
from yibaolang.model.book import Book
from yibaolang.model.core import Expr, LookupRow, Written
from yibaolang.model.elaborate import Elaborator
from yibaolang.model.entries import BASE, Entry, RowEntry, TableEntry
from yibaolang.model.params import param_type
from yibaolang.model.scope import Scope, Uses
from yibaolang.model.values import Type

_Found = TypeVar("_Found")
_DISAGREE = "YB301"
_FIGURES = (syntax.Credit, syntax.Deduct, syntax.Wait)


@frozen(eq=False)
class Elaborated:
    """A sentence in one meaning: what is wrong, or its parts.

    `guard` of a rule is None if it always holds; `rows` are those of a table, with conditions on
    its keys.
    """

    entry: Entry
    faults: tuple[Diagnostic, ...]
    arm: Arm | None = None
    guard: Expr | None = None
    published: tuple[core.Published, ...] = ()
    rows: tuple[LookupRow, ...] = ()


@frozen(eq=False)
class Looked:
    """A view with everything in force in it, elaborated: rules by kind, definitions, tables."""

    view: View
    rules: dict[str, list[Elaborated]]
    defines: list[Elaborated]
    tables: list[Elaborated]

    def every(self) -> Iterator[Elaborated]:
        """All that is in force; a rule of several kinds comes several times."""
        for rules in self.rules.values():
            yield from rules
        yield from self.defines
        yield from self.tables


@define(eq=False)
class Elaboration:
    """All views of a book, looked through once, and the faults that were found on the way."""

    book: Book
    shelves: Shelves
    uses: Uses
    looked: list[Looked] = field(factory=list)
    faults: list[Diagnostic] = field(factory=list)
    _known: dict[tuple[Entry, frozenset[object]], Elaborated] = field(factory=dict)

    def region(self, region: str) -> None:
        """Look through a region."""
        self._known = {}
        rows = self.shelves.rows_seen(region)
        for stretch in self.shelves.stretches(region):
            for uses in stretch.choices(self.uses):
                view = View(self.shelves, region, stretch, uses, rows)
                if stretch.day is None:
                    self.faults += row_faults(view.elaborator, self.shelves.rows.get(region, {}))
                self.looked.append(self.look(view))

    def look(self, view: View) -> Looked:
        """Everything in force in a view."""
        rules = {}
        for kind in view.kinds:
            found = self.asked(view.scope.rules, kind)
            if found is not None:
                rules[kind] = [self.sentence(view, entry, rule_elaborated) for entry in found]
        defines = []
        for name in view.book.defines:
            define = self.asked(view.scope.definition, name)
            if define is not None:
                defines.append(self.sentence(view, define, definition_elaborated))
        tables = []
        for name in view.book.tables:
            table = self.asked(view.scope.table, name)
            if table is not None:
                tables.append(self.table(view, table))
        if any(kind in rules for kind in ("credit", "deduct")):
            self.faults += faults_of(lambda: view.plans.rounding(view.elaborator))
            self.faults += faults_of(lambda: view.plans.year_from(view.stretch.day))
        return Looked(view, rules, defines, tables)

    def asked(self, look: Callable[[str], _Found], name: str) -> _Found | None:
        """What is in force of a name; None if sources disagree or it is defined twice."""
        try:
            return look(name)
        except Refusal as refusal:
            self.faults += real(refusal.diagnostics)
            return None

    def sentence(
        self, view: View, entry: Entry, elaborate: Callable[[View, Entry], Elaborated]
    ) -> Elaborated:
        """A sentence, elaborated once for each meaning that it can have in the region."""
        key = (entry, view.meaning)
        found = self._known.get(key)
        if found is None:
            try:
                found = elaborate(view, entry)
            except Refusal as refusal:
                found = Elaborated(entry, refusal.diagnostics)
            self._known[key] = found
            self.faults += real(found.faults)
        return found

    def table(self, view: View, table: TableEntry) -> Elaborated:
        def elaborate(view: View, entry: Entry) -> Elaborated:
            rows, faults = table_parts(view.elaborator, table)
            return Elaborated(entry, faults, rows=rows)

        return self.sentence(view, table.entry, elaborate)


def real(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Without the disagreements of sources, which are checked version by version."""
    return [each for each in diagnostics if each.code != _DISAGREE]


def without_repeated_rings(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """With one diagnostic for each ring of definitions, wherever one comes into it."""
    found: list[Diagnostic] = []
    rings: set[frozenset[str]] = set()
    for each in diagnostics:
        if each.code == "YB210":
            names = str(dict(each.arguments)["ring"]).split(" → ")
            ring = frozenset(names[names.index(names[-1]) :])
            if ring in rings:
                continue
            rings.add(ring)
        found.append(each)
    return found


def faults_of(look: Callable[[], object]) -> list[Diagnostic]:
    """What is wrong with something, if anything."""
    try:
        look()
    except Refusal as refusal:
        return real(refusal.diagnostics)
    return []


# ── sentences ──


def rule_elaborated(view: View, entry: Entry) -> Elaborated:
    """A rule; Refusal for its first fault."""
    rule = entry.sentence
    if not isinstance(rule, syntax.Rule):
        raise TypeError("the entry of a rule holds a Rule")
    action = rule.action
    if not isinstance(action, _FIGURES):
        guard, parts = rule_parts(view, entry, rule)
        return Elaborated(entry, (), None, guard, _published(*parts))
    arm = view.arm(entry)
    if isinstance(action, syntax.Wait):
        wait_parts(view.elaborator, action, entry.source)
    else:
        credit_parts(view.elaborator, action, entry.source)
    prorated = () if arm.prorated is None else (arm.prorated.start,)
    guards = () if arm.guard is None else (arm.guard,)
    return Elaborated(entry, (), arm, arm.guard, _published(*guards, arm.amount, *prorated))


def definition_elaborated(view: View, entry: Entry) -> Elaborated:
    """A definition, with its declared domain; Refusal for its first fault."""
    sentence = entry.sentence
    if not isinstance(sentence, syntax.Define):
        raise TypeError("the entry of a definition holds a Define")
    name = view.book.spelled(sentence.names.texts[0]) or sentence.names.texts[0]
    found = view.elaborator.defined(name, Written(entry.source, sentence.names))
    check_domain(view.elaborator, sentence.domain, found.type, entry.source)
    return Elaborated(entry, (), published=_published(found))


def check_domain(
    elaborator: Elaborator, domain: syntax.Range | None, type_: Type, source: Source
) -> None:
    """That the bounds of a domain are of its type; Refusal YB202 or YB216."""
    if domain is not None:
        shown = core.Constant(type_, 1, Written(source, domain), 0)
        elaborator.inside(shown, domain, Written(source, domain))
        for bound in (domain.low, domain.high):
            if bound is not None:
                elaborator.expect(elaborator.expr(bound, source), type_)


def _published(*exprs: Expr) -> tuple[core.Published, ...]:
    return tuple(each for each in reached(*exprs) if isinstance(each, core.Published))


# ── declarations ──


def row_faults(elaborator: Elaborator, rows: dict[str, list[RowEntry]]) -> list[Diagnostic]:
    """Values of params that are not of the param's type."""
    found: list[Diagnostic] = []
    for name, entries in rows.items():
        type_: Type | None = None
        for entry in entries:
            try:
                value = elaborator.expr(entry.value, entry.source)
                if type_ is None:
                    type_ = param_type(elaborator, name, [value])
                if not isinstance(value, core.Absent):
                    elaborator.expect(value, type_)
            except Refusal as refusal:
                found += refusal.diagnostics
    return found


def declaration_faults(book: Book) -> list[Diagnostic]:
    """Inputs of unknown types or with a domain of another type, and params without any type."""
    elaborator = Elaborator(Scope(book, BASE, None, {}, frozenset()))
    found: list[Diagnostic] = []
    for name, entry in book.inputs.items():
        try:
            type_ = elaborator.fact_type(name)
            if isinstance(entry.sentence, syntax.Input):
                check_domain(elaborator, entry.sentence.domain, type_, entry.source)
        except Refusal as refusal:
            found += refusal.diagnostics
    for name, entries in book.params.items():
        params = [each.sentence for each in entries if isinstance(each.sentence, syntax.Param)]
        if not book.rows.get(name) and all(each.type is None for each in params):
            found.append(diagnostic("YB110", entries[0].place, name=name))
    return found
