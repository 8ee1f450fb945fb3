"""Names that are declared and never used."""

from collections.abc import Iterable, Iterator

from yibaolang.analysis.context import Context
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Diagnostic, diagnostic
from yibaolang.language.source import Place
from yibaolang.model.entries import Entry

_FACTS = (syntax.Person, syntax.Given, syntax.Input, syntax.Param, syntax.ParamRow)


def names_unused(context: Context) -> Iterator[Diagnostic]:
    """Params with values and tables that no rule, definition, table, question or test uses.

    A definition is a figure that can be asked for, and a param without values a word for regions
    to use. What is declared above the checked files may be used elsewhere. None of these count.
    """
    book = context.book
    used: set[str] = set()
    for document in book.documents:
        for sentence in document.sentences:
            if not isinstance(sentence, _FACTS):
                used |= names_in(sentence)
    used = {book.spelled(name) or name for name in used}
    tables = {name: [each.entry for each in found] for name, found in book.tables.items()}
    valued = {name: found for name, found in book.params.items() if book.rows.get(name)}
    for declared in (valued, tables):
        yield from _unused(context, declared.items(), used)


def _unused(
    context: Context, declared: Iterable[tuple[str, list[Entry]]], used: set[str]
) -> Iterator[Diagnostic]:
    for name, entries in declared:
        first = entries[0]
        if name in used or context.shared(first.source) or not context.reported(first.source):
            continue
        sentence = first.sentence
        if isinstance(sentence, syntax.Param | syntax.Table):
            yield diagnostic("YB509", Place(first.source, sentence.names.span), name=name)


def names_in(node: syntax.Node) -> set[str]:
    """The names that a sentence refers to, not those that it declares.

    >>> from yibaolang.language.parser import parse
    >>> from yibaolang.language.source import Source
    >>> document, _ = parse(Source.of("a.yb", "define due = 2% of wage"))
    >>> sorted(names_in(document.sentences[0]))
    ['wage']
    """
    return set(names_used(node))


def names_used(node: syntax.Node) -> Iterator[str]:
    """The same as often as they stand there, in no order."""
    waiting: list[object] = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, syntax.Name):
            yield item.text
        elif isinstance(item, syntax.Node):
            waiting += [part for _, part in item.parts()]
        elif isinstance(item, tuple):
            waiting += item
