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
    source: Source, names: Iterable[str] = (), *, keep: bool = False
) -> tuple[Document, list[Diagnostic]]:
    """A document of what could be read, and the diagnostics of what could not.

    `names` are Chinese names declared elsewhere (the prelude, included files, what is given).
    With `keep` a faultless document is kept in the user's cache, and taken from there.

    >>> document, problems = parse(Source.of("a.yb", "age>=70 credit 2.5% of avg_pension"))
    >>> problems, document.sentences[0].action.schedule
    ([], None)
    """
    refused = too_large(source)
    if refused:
        return Document(source, ()), refused
    names = tuple(names)
    key = kept.key(source.text, names) if keep else ""
    lines = kept.load(key) if key else None
    if lines is not None:
        return Document(source, lines), []
    words = vocabulary()
    with _uncollected():
        read = _parsed(source, Lexer(words, (*declared_names(source.text, words), *names)))
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


def _parsed(source: Source, lexer: Lexer) -> tuple[Document, list[Diagnostic]]:
    from yibaolang.language.tables import parser

    read, diagnostics = lexer.sentences(source)
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
