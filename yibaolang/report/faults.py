"""What is nobody's text's fault: a fault of yibao itself or of the system, in one line."""

import errno
import os
import sys

from yibaolang.report.texts import TEXTS
from yibaolang.resources import VERSION

_NEVER = (
    ArithmeticError, AttributeError, ImportError, LookupError, MemoryError, NameError, RuntimeError,
    TypeError, ValueError,
)  # fmt: skip

_REASONS = {
    errno.ENOENT: "no_such_file", errno.EACCES: "not_allowed", errno.EPERM: "not_allowed",
    errno.EISDIR: "is_a_folder", errno.ENOTDIR: "no_folder", errno.EEXIST: "no_folder",
    errno.ENOSPC: "no_space", errno.EDQUOT: "no_space",
}  # fmt: skip


def never() -> tuple[type[Exception], ...]:
    """What only a fault of yibao itself can raise, for every fault of a text is a Refusal.

    A ledger that breaks an invariant is among it, where ledgers were loaded at all.
    """
    stepping = sys.modules.get("yibaolang.program.stepping")
    return _NEVER if stepping is None else (*_NEVER, stepping.Broken)


def fault(error: BaseException, lang: str) -> str:
    """A fault of yibao itself in one line: its kind and where it came up.

    >>> fault(KeyError("x"), "en").split(": ")[1].split(";")[0]
    'KeyError at '
    """
    trace = error.__traceback__
    where = ""
    while trace is not None:
        name = os.path.basename(trace.tb_frame.f_code.co_filename)
        where = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    kind = type(error).__name__
    return TEXTS.say("internal", lang, version=VERSION, kind=kind, where=where)


def system_reason(error: OSError, lang: str) -> str:
    """What the operating system refused, in a sentence.

    >>> system_reason(OSError(errno.EACCES, "", "a.yb"), "en")
    'a.yb: permission denied'
    """
    key = _REASONS.get(error.errno or 0)
    if error.errno == errno.ENOENT and error.filename:
        folder = os.path.dirname(os.fsdecode(error.filename))
        key = "no_such_folder" if folder and not os.path.isdir(folder) else key
    code = errno.errorcode.get(error.errno or 0, type(error).__name__)
    reason = TEXTS.say(key, lang) if key else TEXTS.say("failed", lang, code=code)
    if not error.filename:
        return reason
    return TEXTS.say("cannot_read", lang, path=os.fsdecode(error.filename), reason=reason)
