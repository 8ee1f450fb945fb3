"""Who is left out and who is counted twice: gaps and overlaps among guards and rows of tables."""

from collections.abc import Iterator, Sequence

from attrs import define, field, frozen

from yibaolang.analysis.boxes import Box, Budget, Exhausted, gaps, meet, meeting, whole, without
from yibaolang.analysis.context import Context
from yibaolang.analysis.dimensions import Dimension, lowest
from yibaolang.analysis.elaboration import Elaborated, Looked
from yibaolang.analysis.guards import ALWAYS, Formula, Guards, boxes
from yibaolang.analysis.people import Value, person
from yibaolang.analysis.reached import reached
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Argument, Diagnostic, Note, Said, diagnostic
from yibaolang.language.source import Place
from yibaolang.model import core
from yibaolang.model.core import Expr

STEPS = 4_000_000
"""How many steps the search in one set of rules may take."""

MOST_GAPS = 3
MOST_OVERLAPS = 10
_EXCLUSIVE = ("credit", "wait ", "cover ")

Spot = tuple[Place, int]
"""Where a gap is told, and the claim that this is the place of; -1 for the place of all."""

Case = list[tuple[Dimension, Value]]


@frozen(eq=False)
class Claim:
    """A rule or row, and the cases that it is for; an exception comes before the others."""

    guard: Expr | None
    exception: bool
    place: Place
    guard_place: Place


@define(eq=False)
class _Set:
    """Claims of which exactly one should hold, as boxes; `owners` are the claims of the boxes."""

    context: Context
    looked: Looked
    claims: Sequence[Claim]
    guards: Guards
    sizes: list[int]
    boxes: list[Box] = field(factory=list)
    owners: list[int] = field(factory=list)

    @classmethod
    def of(
        cls, context: Context, looked: Looked, claims: Sequence[Claim], budget: Budget
    ) -> "_Set":
        stretch = looked.view.stretch
        guards = Guards(context.book, stretch.since, stretch.until)
        formulas: list[Formula] = [
            ALWAYS if each.guard is None else guards.formula(each.guard) for each in claims
        ]
        found = cls(context, looked, claims, guards, guards.finish())
        for owner, formula in enumerate(formulas):
            own = boxes(formula, guards.dimensions, budget)
            found.boxes += own
            found.owners += [owner] * len(own)
        return found

    @property
    def ordered(self) -> list[bool]:
        """Which dimensions have an order."""
        return [not dimension.values for dimension in self.guards.dimensions]

    def case(self, part: Box, largest: Box) -> Case:
        """Someone in a part: the values of what bounds the largest box around it, and choices."""
        case = []
        full = whole(self.sizes)
        for index, dimension in enumerate(self.guards.dimensions):
            bounding = part if dimension.values else largest
            if bounding[index] != full[index]:
                mask = bounding[index]
                case.append((dimension, dimension.representative(lowest(mask))))
        return case

    def person(self, case: Case) -> Said:
        """The case in words."""
        view = self.looked.view
        return person(self.context.words, case, view.region, view.version, view.stretch.day)

    def doubts(self, box: Box, place: Place) -> Iterator[Diagnostic]:
        """That a finding rests on conditions that are not independent or only known by words."""
        bounding = [
            dimension
            for index, dimension in enumerate(self.guards.dimensions)
            if box[index] != whole(self.sizes)[index]
        ]
        doubted = [
            each.text
            for each in bounding
            if not (each.name or each.today)
            or any(_related(each, other) for other in bounding if other is not each)
        ]
        if doubted:
            yield diagnostic("YB510", place, what=", ".join(doubted))

    def exceptions(self) -> list[Box]:
        return [
            box
            for box, owner in zip(self.boxes, self.owners, strict=True)
            if self.claims[owner].exception
        ]


def _related(one: Dimension, other: Dimension) -> bool:
    return bool(one.sources & other.sources)


# ── guards of rules ──


def guards_leave_gaps_or_overlap(context: Context) -> Iterator[Diagnostic]:
    """Credits that nobody's rule gives (YB501), and rules that apply together (YB502)."""
    done: set[object] = set()
    told: dict[str, set[object]] = {}
    for looked in context.elaboration.looked:
        for kind, rules in looked.rules.items():
            if not kind.startswith(_EXCLUSIVE) or any(each.faults for each in rules):
                continue
            for stream in dict.fromkeys(_stream(each) for each in rules):
                own = [each for each in rules if _stream(each) == stream]
                key = (kind, stream, *_identity(own))
                if key not in done:
                    if not _looks_at_date(own):
                        done.add(key)
                    claims = [_claim(each) for each in own]
                    complete = kind == "credit" and _has_begun(context, looked, own)
                    before = told.setdefault(stream, set()) if complete else None
                    yield from _checked(context, looked, claims, before)


def _has_begun(context: Context, looked: Looked, rules: Sequence[Elaborated]) -> bool:
    """Whether a region's dated rules are in force, if it has any.

    What it says without dates holds before its first version too, where nothing is complete.
    """
    every = context.book.rules.get((looked.view.region, "credit"), ())
    return any(each.entry.version.since for each in rules) or not any(
        each.version.since for each in every
    )


def _stream(rule: Elaborated) -> str:
    return "" if rule.arm is None else rule.arm.stream


def _claim(rule: Elaborated) -> Claim:
    sentence = rule.entry.sentence
    if not isinstance(sentence, syntax.Rule):
        raise TypeError("the entry of a rule holds a Rule")
    node = sentence if sentence.guard is None else sentence.guard
    place = Place(rule.entry.source, node.span)
    return Claim(rule.guard, sentence.exception, rule.entry.place, place)


def _identity(rules: Sequence[Elaborated]) -> tuple[object, ...]:
    """Rules with the same definitions behind their guards leave the same gaps anywhere."""
    definitions = frozenset(
        id(node.definition.node)
        for rule in rules
        if rule.guard is not None
        for node in reached(rule.guard)
        if isinstance(node, core.Defined)
    )
    return (*(each.entry for each in rules), definitions)


def _looks_at_date(rules: Sequence[Elaborated]) -> bool:
    return any(
        isinstance(node, core.DateOf)
        for rule in rules
        if rule.guard is not None
        for node in reached(rule.guard)
    )


def _checked(
    context: Context, looked: Looked, claims: Sequence[Claim], told: set[object] | None
) -> Iterator[Diagnostic]:
    budget = Budget(STEPS)
    try:
        found = _Set.of(context, looked, claims, budget)
        if told is not None:
            spots = [(each.place, index) for index, each in enumerate(claims)]
            spots += [(each.guard_place, index) for index, each in enumerate(claims)]
            yield from _gaps(found, spots, budget, told, "YB501")
        yield from _overlaps(found, budget, "YB502")
    except Exhausted:
        region = looked.view.region or claims[0].place.source.name
        yield diagnostic("YB510", claims[0].place, what=region)


def _gaps(
    found: _Set,
    spots: Sequence[Spot],
    budget: Budget,
    told: set[object],
    code: str,
    **arguments: Argument,
) -> Iterator[Diagnostic]:
    """Each gap at the claim that comes nearest to it, no two at one place if there are enough.

    `told` are the gaps of other versions on the same days.
    """
    free = list(spots)
    for part, largest in gaps(found.sizes, found.boxes, budget, MOST_GAPS, found.ordered):
        case = found.case(part, largest)
        stretch = found.looked.view.stretch
        who = (stretch, code, tuple((each.text, value) for each, value in case))
        if who in told:
            continue
        told.add(who)
        place, at = _nearest(found, part, free or spots)
        free = [each for each in free if each != (place, at)]
        yield diagnostic(code, place, notes=(), person=found.person(case), **arguments)
        yield from found.doubts(largest, place)


def _nearest(found: _Set, part: Box, spots: Sequence[Spot]) -> Spot:
    """The spot whose claim has a box that meets a part in the most dimensions."""
    near = [0] * len(found.claims)
    for box, owner in zip(found.boxes, found.owners, strict=True):
        near[owner] = max(near[owner], sum(bool(a & b) for a, b in zip(box, part, strict=True)))
    near.append(len(found.sizes) + 1)
    return max(spots, key=lambda spot: near[spot[1]])


def _overlaps(
    found: _Set, budget: Budget, code: str, **arguments: Argument
) -> Iterator[Diagnostic]:
    """Each pair of claims at the later of the two."""
    exceptions = found.exceptions()
    told: set[tuple[int, int]] = set()
    for first, second in meeting(found.sizes, found.boxes, found.owners, budget):
        pair = (found.owners[first], found.owners[second])
        special = [found.claims[owner].exception for owner in pair]
        common = meet(found.boxes[first], found.boxes[second])
        if pair in told or common is None or special[0] is not special[1]:
            continue
        left = [common] if all(special) else without(common, exceptions, budget)
        if not left:
            continue
        told.add(pair)
        earlier, later = (found.claims[owner].place for owner in pair)
        who = found.person(found.case(left[0], left[0]))
        yield diagnostic(code, later, notes=[Note(earlier, "first")], person=who, **arguments)
        yield from found.doubts(left[0], later)
        if len(told) == MOST_OVERLAPS:
            return


# ── tables ──


def tables_leave_gaps_or_overlap(context: Context) -> Iterator[Diagnostic]:
    """Cases that no row of a table fits (YB503), and rows that fit the same case (YB504)."""
    done: set[object] = set()
    for looked in context.elaboration.looked:
        for table in looked.tables:
            if table.rows and table.entry not in done:
                done.add(table.entry)
                yield from _table_checked(context, looked, table)


def _table_checked(context: Context, looked: Looked, table: Elaborated) -> Iterator[Diagnostic]:
    sentence = table.entry.sentence
    if not isinstance(sentence, syntax.Table):
        raise TypeError("the entry of a table holds a Table")
    name = sentence.names.texts[0]
    places = [row.written.place for row in table.rows]
    claims = [
        Claim(row.condition, False, place, place)
        for row, place in zip(table.rows, places, strict=True)
    ]
    budget = Budget(STEPS)
    try:
        found = _Set.of(context, looked, claims, budget)
        spots = [(table.entry.place, -1), *((place, at) for at, place in enumerate(places))]
        yield from _gaps(found, spots, budget, set(), "YB503", table=name)
        yield from _overlaps(found, budget, "YB504", table=name)
    except Exhausted:
        yield diagnostic("YB510", table.entry.place, what=name)
