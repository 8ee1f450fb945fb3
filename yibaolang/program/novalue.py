"""Why something has no value, as an exception that carries a diagnostic."""

from collections.abc import Iterable

from yibaolang.language.diagnostics import Argument, Diagnostic, Note, diagnostic
from yibaolang.language.source import Place

_KINDS = {
    "YB401": "missing",
    "YB404": "unknown",
    "YB405": "not_applicable",
    "YB406": "unknown",
    "YB414": "missing",
    "YB415": "missing",
    "YB419": "missing",
}
_NAMED = {"YB404": "name", "YB405": "reason"}


class NoValue(Exception):
    """Nothing came out; `kind` is missing (a fact), unknown, not_applicable or refused.

    It is raised by plain evaluation, and kept as a value in frames, steps and outcomes.
    """

    def __init__(self, kind: str, why: Diagnostic) -> None:
        """From its kind and its diagnostic."""
        super().__init__(why.code)
        self.kind = kind
        self.diagnostic = why

    def __reduce__(self) -> tuple[type["NoValue"], tuple[str, Diagnostic]]:
        return NoValue, (self.kind, self.diagnostic)

    @property
    def place(self) -> Place | None:
        """Where the value was asked for."""
        return self.diagnostic.place

    @property
    def arguments(self) -> dict[str, Argument]:
        """The arguments of the diagnostic by name."""
        return dict(self.diagnostic.arguments)

    def again(self) -> "NoValue":
        """The same exception, free of the frames that it came through before."""
        return self.with_traceback(None)

    def named(self, name: str) -> "NoValue":
        """This one, with what it is about filled in if a stated absence left that open."""
        key = _NAMED.get(self.diagnostic.code, "")
        if not key or self.arguments.get(key):
            return self
        filled = diagnostic(self.diagnostic.code, self.place, notes=(), **{key: name})
        return NoValue(self.kind, filled)


def no_value(
    code: str, place: Place | None, /, *, notes: Iterable[Note] = (), **arguments: Argument
) -> NoValue:
    """Make a NoValue of a code; the code gives its kind.

    >>> no_value("YB401", None, name="birth").kind, no_value("YB409", None).kind
    ('missing', 'refused')
    """
    why = diagnostic(code, place, notes=notes, **arguments)
    return NoValue(_KINDS.get(code, "refused"), why)


def absent(kind: str, place: Place | None, name: str, reason: str = "") -> NoValue:
    """A stated absence: `unknown` (YB404 about `name`) or `none` (YB405 with its reason).

    >>> absent("none", None, "credit", "paid by employer").diagnostic.code
    'YB405'
    """
    if kind == "unknown":
        if reason:
            return no_value("YB404", place, name=name, reason=reason)
        return no_value("YB404", place, name=name)
    return no_value("YB405", place, reason=reason or name)
