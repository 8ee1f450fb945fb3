"""What questions and tests of a script come to."""

from attrs import frozen

from yibaolang.engine.rulebook import Result
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic
from yibaolang.language.source import Place


@frozen(eq=False)
class Row:
    """One result of a question under its label: a region and version, a month, or nothing."""

    label: str
    result: Result


@frozen(eq=False)
class Shown:
    """A question of a script and its results; `verb` is show, explain, compare or evaluate."""

    verb: str
    sentence: syntax.Sentence
    place: Place
    person: str
    rows: tuple[Row, ...]


@frozen(eq=False)
class Tested:
    """One expectation: whether it was met, and if not what was found."""

    place: Place
    failure: Diagnostic | None
    result: Result | None


@frozen(eq=False)
class TestRun:
    """A test and what came of its expectations."""

    __test__ = False

    title: str
    place: Place
    tested: tuple[Tested, ...]

    @property
    def passed(self) -> bool:
        """Whether every expectation was met, and there was one."""
        return bool(self.tested) and all(each.failure is None for each in self.tested)
