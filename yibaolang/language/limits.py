"""The limits of a text, checked before it is read."""

from yibaolang.language.diagnostics import Diagnostic, diagnostic
from yibaolang.language.source import Place, Source
from yibaolang.model.limits import LIMITS


def too_large(source: Source) -> list[Diagnostic]:
    """The diagnostic of a text beyond the limit of its size in bytes, or nothing."""
    if len(source.text) * 4 <= LIMITS.source_bytes:
        return []
    size = len(source.text.encode("utf-8", "surrogatepass"))
    if size <= LIMITS.source_bytes:
        return []
    return [diagnostic("YB002", Place(source, (0, 0)), size=size, limit=LIMITS.source_bytes)]
