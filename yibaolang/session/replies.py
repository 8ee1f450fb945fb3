"""What a session answers: values that a terminal, a notebook or a program shows in its own way."""

from attrs import frozen

from yibaolang.engine.reasons import Reason
from yibaolang.engine.shown import Shown, TestRun
from yibaolang.language.diagnostics import Diagnostic
from yibaolang.report.tables import Table


@frozen(eq=False)
class Reply:
    """One answer; `ok` is False if something was refused, or a test failed."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return True


@frozen(eq=False)
class Read(Reply):
    """Sentences were taken; `text` says what they are, `warnings` what is odd about them."""

    text: str
    warnings: tuple[Diagnostic, ...] = ()


@frozen(eq=False)
class Answered(Reply):
    """A question was answered, maybe by saying why there is no figure."""

    shown: Shown


@frozen(eq=False)
class Happened(Reply):
    """What came of an event that was booked: its reason, and the balance after it in words."""

    reason: Reason
    balance: str


@frozen(eq=False)
class Ran(Reply):
    """A test, or what a ledger expects of itself, was run."""

    run: TestRun

    @property
    def ok(self) -> bool:
        """Whether every expectation was met."""
        return all(each.failure is None for each in self.run.tested)


@frozen(eq=False)
class Tabled(Reply):
    """A table under a heading, with lines below it."""

    heading: str
    table: Table
    notes: tuple[str, ...] = ()


@frozen(eq=False)
class Explained(Reply):
    """A reason, told down to a depth below which it is folded; 0 for all of it."""

    reason: Reason
    depth: int


@frozen(eq=False)
class Said(Reply):
    """A message."""

    text: str


@frozen(eq=False)
class Refused(Reply):
    """What was typed is refused, and the session is as it was before."""

    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        """Never."""
        return False


@frozen(eq=False)
class Misused(Reply):
    """A command that makes no sense; `text` says why and what would."""

    text: str

    @property
    def ok(self) -> bool:
        """Never."""
        return False


@frozen(eq=False)
class Ended(Reply):
    """The session is to be left."""
