"""A figure's program to be read: as Python, or as LLVM IR, each part with its sentence."""

from collections.abc import Sequence

from yibaolang.engine.asked import Asked, Moment, moment_of
from yibaolang.engine.figures import no_figure
from yibaolang.engine.rulebook import RuleBook
from yibaolang.model.plan import Plans
from yibaolang.model.scope import choosing
from yibaolang.population.asking import Planned, question
from yibaolang.population.building import Built, built
from yibaolang.population.lowered import cannot_lower
from yibaolang.population.persons import Input, People
from yibaolang.population.questions import Asks
from yibaolang.population.rows import Storage, row_text
from yibaolang.program.figure import ValueProgram
from yibaolang.program.python import CannotPrint, python_source

FORMS = ("python", "llvm")

_CANNOT = {
    "a count": "计数", "a value on another date": "另一日的值",
    "the start of the year": "年度起始日",
    "so deep an expression": "这样深的表达式", "so deep a choice": "这样深的选择",
    "a figure that is no money": "不是金额的数值",
}  # fmt: skip
"""What has no Python form, in Chinese."""


def program_text(
    rules: RuleBook, figure: str, region: str = "", on: Moment = None, to: str = "python",
    version: str = "",
) -> str:  # fmt: skip
    """The program of a figure in a region on a day (a month: on its last day).

    Refusal YB480 for what has no such form, YB102 or YB424 for what there is not; ValueError for
    another form than "python" or "llvm".

    >>> from yibaolang.engine.rulebook import read
    >>> rules = read("retired credit 2% of pension")
    >>> text = program_text(rules, "credit", on="2024-06-01", to="llvm")
    >>> "; text:1:1: retired" in text
    True
    """
    if to not in FORMS:
        raise ValueError(f"a program is written as {' or '.join(FORMS)}, not {to!r}")
    asked = moment_of(on) if on is not None else Asked.never()
    if asked.last is None:
        raise ValueError("a program is for a day")
    asks = Asks(rules.figure_named(figure), Asked.on(asked.last))
    place = rules.region(region), version
    return _python(rules, asks, place) if to == "python" else _llvm(rules, asks, place)


def _python(rules: RuleBook, asks: Asks, place: tuple[str, str]) -> str:
    asking = Planned.of(rules.book, place[0], choosing(rules.uses, *place))
    written, day = question(asks.figure), asks.asked.last
    if day is None:
        raise ValueError("a program is for a day")
    try:
        if asks.figure in ("credit", "deduct"):
            return python_source(asking.plan_on(asks.figure, day))
        if asks.figure == "net credit" or asks.figure.startswith("wait "):
            raise cannot_lower(written, "a figure that is several programs", "由几个程序组成的数值")
        if asks.figure not in rules.book.names:
            raise no_figure(rules.book, asks.figure, written)
        return python_source(ValueProgram(asking.plans.definition(asks.figure, written, day)))
    except CannotPrint as cannot:
        what = _CANNOT.get(cannot.what, cannot.what)
        raise cannot_lower(cannot.written, cannot.what, what) from None


def _llvm(rules: RuleBook, asks: Asks, place: tuple[str, str]) -> str:
    names = People(rules.book, frozenset(), frozenset()).names
    people = People(rules.book, names, frozenset())
    plans = Plans(rules.book, place[0], choosing(rules.uses, *place))
    made = built([plans], (asks,), people)
    storages = {key: _storage(people.input(key)) for key in made.reads}
    heading = _heading(made, asks, storages)
    return "\n".join([*heading, row_text(made.results, storages, comments=True)])


def _storage(spec: Input) -> Storage:
    """How a column lies in memory that is as plain as it can be."""
    if spec.type.kind == "truth":
        return Storage("bits", 1)
    if spec.type.kind in ("choice", "text"):
        return Storage("code", 8)
    width = 32 if spec.type.kind == "date" else 64
    return Storage("whole", width, low=spec.low, high=spec.high)


def _heading(made: Built, asks: Asks, storages: dict[str, Storage]) -> Sequence[str]:
    """What the buffers and the statuses of the program are."""
    lines = [f"; {asks.figure} on {asks.asked}: i64 rows(ptr buffers, i64 begin, i64 end)"]
    lines += [f"; column {name}: {_said(made.people.input(name), made)}" for name in storages]
    lines += [
        f"; status {index}: {code}{'' if place is None else f' at {place}'}"
        for index, (code, place) in enumerate(made.people.refusals.all, 1)
    ]
    return [*lines, "; status -1: done again by the reference engine", ""]


def _said(spec: Input, made: Built) -> str:
    kind = spec.type.kind
    if kind == "choice":
        values = made.people.codes.values(spec.type)
        return ", ".join(f"{code} {each}" for code, each in enumerate(values))
    if kind == "money":
        return "fen"
    if kind == "date":
        return "days since 1970-01-01"
    return kind if spec.denominator == 1 else f"{kind}, over {spec.denominator}"


