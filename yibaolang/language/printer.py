"""From syntax to text in English or Chinese; the text parses to the same syntax.

Nothing here recurses over syntax, so a sentence of any depth prints.
"""

from collections.abc import Callable, Iterable, Sequence

from yibaolang.language import (
    printer_expressions,
    printer_ledger,
    printer_rules,
    printer_sentences,
)
from yibaolang.language.display import pad, width
from yibaolang.language.lexer import Lexer
from yibaolang.language.printer_expressions import VALUE, Items, level_of
from yibaolang.language.printer_ledger import event_columns
from yibaolang.language.printer_sentences import param_row_columns
from yibaolang.language.printer_spacing import Joiner, Piece
from yibaolang.language.syntax import Event, Expression, ParamRow, Sentence, TableRow
from yibaolang.language.vocabulary import vocabulary

_HANDLERS = {
    **printer_expressions.HANDLERS,
    **printer_rules.HANDLERS,
    **printer_sentences.HANDLERS,
    **printer_ledger.HANDLERS,
}
_INDENT = "  "
_COLUMN_GAP = "  "


def _as_written(name: str) -> str:
    return name


class Printer:
    """Prints syntax in `lang`, "en" or "zh".

    `words` are the Chinese names that are declared, over which a run of Chinese will be cut;
    `spell` gives the word that a name is referred to with in this language. Names in their
    declaration are printed as written. ValueError for another language.

    >>> from yibaolang.language.parser import parse
    >>> from yibaolang.language.source import Source
    >>> document, _ = parse(Source.of("a.yb", "age>=70 credit 2.5% of avg_pension"))
    >>> Printer("en").sentence(document.sentences[0])
    'age >= 70 credit 2.5% of avg_pension'
    >>> chinese = {"age": "年龄", "avg_pension": "平均养老金"}
    >>> Printer("zh", chinese.values(), chinese.__getitem__).sentence(document.sentences[0])
    '年龄≥70\uff0c划入平均养老金的2.5%'
    """

    def __init__(
        self, lang: str, words: Iterable[str] = (), spell: Callable[[str], str] = _as_written
    ) -> None:
        if lang not in ("en", "zh"):
            raise ValueError(f"there is no language {lang!r}")
        self._chinese = lang == "zh"
        self._joiner = Joiner(lang, Lexer(vocabulary(), words), spell)

    def expression(self, node: Expression) -> str:
        """A value, without parentheses around it."""
        return self._text([(node, VALUE)])

    def sentence(self, node: Sentence) -> str:
        """A sentence on one line; the rows of tables and params are indented, events are not."""
        return self.block([node])[0]

    def block(self, nodes: Sequence[Sentence]) -> list[str]:
        """Sentences of one kind that stand together, a line each; rows in aligned columns."""
        rows = [node for node in nodes if isinstance(node, TableRow)]
        if rows:
            return self._table(rows)
        dated = [node for node in nodes if isinstance(node, ParamRow)]
        if dated:
            return [_INDENT + line for line in self._columns(map(param_row_columns, dated))]
        events = [node for node in nodes if isinstance(node, Event)]
        if events:
            return self._columns(event_columns(node, self._chinese) for node in events)
        return [self._text([(node, VALUE)]) for node in nodes]

    def _text(self, items: Items) -> str:
        return self._joiner.join(self._pieces(items))

    def _pieces(self, items: Items) -> list[Piece]:
        """The pieces in order, each node expanded by the handler of its class."""
        pieces: list[Piece] = []
        waiting = items[::-1]
        while waiting:
            first, second = waiting.pop()
            if isinstance(first, str):
                pieces.append((first, str(second)))
                continue
            made = _HANDLERS[type(first)](first, self._chinese)
            if level_of(first, self._chinese) < int(second):
                made = [("OPEN", "("), *made, ("CLOSE", ")")]
            waiting += made[::-1]
        return pieces

    def _columns(self, rows: Iterable[Iterable[Items]]) -> list[str]:
        """Rows of aligned columns; one in which nothing stands takes no room."""
        columns = [[self._text(items) for items in row] for row in rows]
        widths = _widths(columns)
        lines = []
        for row in columns:
            cells = [pad(cell, room) for cell, room in zip(row, widths, strict=True) if room]
            lines.append(_COLUMN_GAP.join(cells).rstrip())
        return lines

    def _table(self, rows: Sequence[TableRow]) -> list[str]:
        """Rows between bars; a single bar under the double one takes as much room."""
        texts = [
            [self._text(printer_sentences.cell_items(cell)) for cell in row.cells] for row in rows
        ]
        widths = _widths(texts)
        doubles = {row.keys for row in rows if row.keys}
        lines = []
        for row, cells in zip(rows, texts, strict=True):
            line = _INDENT + "|"
            for index, cell in enumerate(cells):
                if index:
                    line += " ||" if index == row.keys else " |"
                    line += " " if index in doubles and index != row.keys else ""
                line += " " + pad(cell, widths[index])
            lines.append(line + " |")
        return lines


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """The display width of each column."""
    widths: list[int] = []
    for row in rows:
        widths += [0] * (len(row) - len(widths))
        for index, cell in enumerate(row):
            widths[index] = max(widths[index], width(cell))
    return widths
