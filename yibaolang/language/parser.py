"""From a source to a document: every sentence is parsed by itself.

So one bad line costs one diagnostic and the rest is still understood. The sentences themselves are
read by `tables`; a document that was read before may be kept (`kept`), and then they are not.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from yibaolang.language import kept
from yibaolang.language.declared import declared_names
from yibaolang.language.diagnostics import Diagnostic, Refusal
from yibaolang.language.lexer import Lexer
from yibaolang.language.limits import too_large
from yibaolang.language.source import Source
from yibaolang.language.syntax import Document, Line
from yibaolang.language.vocabulary import vocabulary


def parse(
    source: Source, names: Iterable[str] = (), *, keep: bool = False, start: int = 0
) -> tuple[Document, list[Diagnostic]]:
    r"""A document of what could be read, and the diagnostics of what could not.

    `names` are Chinese names declared elsewhere (the prelude, included files, what is given).
    With `keep` a faultless document is kept in the user's cache, and taken from there.
    With `start`, the offset of the beginning of a line, only what stands from there on is read,
    for a text that grows; spans are offsets of the whole text. It is not kept then, and names
    that are declared before must be given. ValueError if no line begins there.

    >>> document, problems = parse(Source.of("a.yb", "age>=70 credit 2.5% of avg_pension"))
    >>> problems, document.sentences[0].action.schedule
    ([], None)
    >>> grown = Source.of("a.yb", "person p: age 70\nshow credit of p")
    >>> [each.span for each in parse(grown, start=17)[0].sentences]
    [(17, 33)]
    """
    _check_start(source, start)
    refused = too_large(source)
    if refused:
        return Document(source, ()), refused
    names = tuple(names)
    key = kept.key(source.text, names) if keep and start == 0 else ""
    lines = kept.load(key) if key else None
    if lines is not None:
        return Document(source, lines), []
    words = vocabulary()
    with _uncollected():
        declared = declared_names(source.text[start:], words)
        read = _parsed(source, Lexer(words, (*declared, *names)), start)
    document, problems = read
    if key and not problems:
        kept.save(key, document.lines)
    return read


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles, which a large text would wake thousands of times.

    Syntax has no cycles, so it would find nothing; it takes a third of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _check_start(source: Source, start: int) -> None:
    if start != 0 and not (0 < start <= len(source.text) and source.text[start - 1] == "\n"):
        raise ValueError(f"no line of {source.name} begins at the offset {start}")


def _parsed(source: Source, lexer: Lexer, start: int) -> tuple[Document, list[Diagnostic]]:
    from yibaolang.language.tables import parser

    read, diagnostics = lexer.sentences(source, start)
    lines: list[Line] = []
    one = parser().sentence
    for each in read:
        sentence = None
        if each.tokens and each.readable:
            try:
                sentence = one(each.tokens, source)
            except Refusal as refusal:
                diagnostics += refusal.diagnostics
                continue
        lines.append(Line(sentence, each.above, each.trailing))
    return Document(source, tuple(lines)), diagnostics
