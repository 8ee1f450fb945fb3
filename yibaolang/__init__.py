"""Rules of China's employee medical-insurance personal accounts, as sentences that compute.

>>> import yibaolang
>>> result = yibaolang.compile("age>=70 credit 2.5% of avg_pension")(age=72, avg_pension="4000元")
>>> print(result)
100.00元
"""

from typing import TYPE_CHECKING, Any

from yibaolang.resources import VERSION

if TYPE_CHECKING:
    from yibaolang.engine.compiled import Compiled, compiled
    from yibaolang.engine.reasons import Reason
    from yibaolang.engine.rulebook import (
        Result,
        Rule,
        RuleBook,
        library,
        load,
        read,
    )
    from yibaolang.engine.rulebook import compile_text as compile
    from yibaolang.language.diagnostics import Diagnostic, Refusal
    from yibaolang.session.sandbox import Sandbox
    from yibaolang.session.session import Session

__version__ = VERSION

__all__ = [
    "Compiled",
    "Diagnostic",
    "Reason",
    "Refusal",
    "Result",
    "Rule",
    "RuleBook",
    "Sandbox",
    "Session",
    "__version__",
    "compile",
    "compiled",
    "library",
    "load",
    "read",
]

_HOMES = {
    "Diagnostic": ("yibaolang.language.diagnostics", "Diagnostic"),
    "Reason": ("yibaolang.engine.reasons", "Reason"),
    "Refusal": ("yibaolang.language.diagnostics", "Refusal"),
    "Result": ("yibaolang.engine.rulebook", "Result"),
    "Rule": ("yibaolang.engine.rulebook", "Rule"),
    "RuleBook": ("yibaolang.engine.rulebook", "RuleBook"),
    "Compiled": ("yibaolang.engine.compiled", "Compiled"),
    "Sandbox": ("yibaolang.session.sandbox", "Sandbox"),
    "Session": ("yibaolang.session.session", "Session"),
    "compiled": ("yibaolang.engine.compiled", "compiled"),
    "compile": ("yibaolang.engine.rulebook", "compile_text"),
    "library": ("yibaolang.engine.rulebook", "library"),
    "load": ("yibaolang.engine.rulebook", "load"),
    "read": ("yibaolang.engine.rulebook", "read"),
    # IPython looks for these two on the package; they load IPython only when it calls them.
    "load_ipython_extension": ("yibaolang.notebook.magic", "load_ipython_extension"),
    "unload_ipython_extension": ("yibaolang.notebook.magic", "unload_ipython_extension"),
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use: `yibao --version` must not wait for the grammar."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'yibaolang' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(home[0]), home[1])
    globals()[name] = value
    return value
