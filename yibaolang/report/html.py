"""Reasons as HTML that folds by itself, with every text escaped."""

from collections.abc import Iterator
from html import escape

from yibaolang.engine.reasons import Reason


def html_reason(reason: Reason, depth: int = 0) -> str:
    """A reason as nested <details>, those down to `depth` levels open; 0 opens all of them.

    Classes begin with `yibao-`; there is no style and no script.

    >>> print(html_reason(Reason("figure", "a", "1", because=(Reason("rule", "b", cite="<x>"),))))
    <div class="yibao-reason" lang="en">
    <details class="yibao-figure" open>
    <summary>a = <strong class="yibao-value">1</strong></summary>
    <div class="yibao-rule">b <cite class="yibao-cite">&lt;x&gt;</cite></div>
    </details>
    </div>
    """
    lines = _lines(reason, 1, depth)
    return "\n".join([f'<div class="yibao-reason" lang="{escape(reason.lang)}">', *lines, "</div>"])


def _lines(reason: Reason, level: int, depth: int) -> Iterator[str]:
    kind = f"yibao-{escape(reason.kind.replace('_', '-'))}"
    if not reason.because:
        yield f'<div class="{kind}">{_line(reason)}</div>'
        return
    opened = " open" if level <= depth or not depth else ""
    yield f'<details class="{kind}"{opened}>'
    yield f"<summary>{_line(reason)}</summary>"
    for each in reason.because:
        yield from _lines(each, level + 1, depth)
    yield "</details>"


def _line(reason: Reason) -> str:
    """What `Reason.lines` says of the reason itself, in elements."""
    shown = escape(reason.plain.removesuffix(reason.value))
    if reason.value:
        shown += _element("strong", "value", reason.value)
    for element, name in (("cite", "cite"), ("span", "mark"), ("code", "place")):
        text = getattr(reason, name)
        shown += " " + _element(element, name, text) if text else ""
    return shown


def _element(element: str, name: str, text: str) -> str:
    return f'<{element} class="yibao-{name}">{escape(text)}</{element}>'
