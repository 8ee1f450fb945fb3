"""The limits of a text: its size before it is read, the depth of its sentences after."""

from yibaolang.language.diagnostics import Diagnostic, Refusal, diagnostic
from yibaolang.language.source import Place, Source
from yibaolang.language.syntax import Expression, Node, Sentence
from yibaolang.model.limits import LIMITS


def too_large(source: Source) -> list[Diagnostic]:
    """The diagnostic of a text beyond the limit of its size in bytes, or nothing."""
    if len(source.text) * 4 <= LIMITS.source_bytes:
        return []
    size = len(source.text.encode("utf-8", "surrogatepass"))
    if size <= LIMITS.source_bytes:
        return []
    return [diagnostic("YB002", Place(source, (0, 0)), size=size, limit=LIMITS.source_bytes)]


def too_deep(sentence: Sentence, source: Source) -> None:
    """Refuse (YB007) a sentence whose expressions are nested deeper than the limit.

    What comes later walks expressions by recursion, which is safe up to the limit.
    """
    waiting: list[tuple[Node, int]] = [(sentence, 0)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, Expression):
            depth += 1
            if depth > LIMITS.nesting:
                raise Refusal(diagnostic("YB007", Place(source, node.span), limit=LIMITS.nesting))
        for _, part in node.parts():
            for each in part if isinstance(part, tuple) else (part,):
                if isinstance(each, Node):
                    waiting.append((each, depth))
