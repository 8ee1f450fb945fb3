"""What may follow the beginning of a sentence, and whether a text waits for more.

The first is what completion offers, the second is what a prompt asks before it goes to a next
line. Both come from the tables of the parser, which are run without building any syntax.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from yibaolang.language.declared import declared_names
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.lexer import fold, kept_lexer
from yibaolang.language.limits import too_large
from yibaolang.language.source import Source
from yibaolang.language.tokens import COMMA_BEFORE, GOES_ON, HAPPENS, Token
from yibaolang.language.vocabulary import vocabulary

END = "$END"
"""What stands for the end of the sentence among the terminals that may follow."""

_ENDS_TOO_EARLY = "YB022"
_MOST_KEPT = 4096
_BLANK_LINE = re.compile(r"\n[ \t]*\n")

# The states that the tables went through, the last one first.
_Stack = tuple["_Stack | None", int]


class Following:
    """The tables of the parser, asked for what they would take next; made once, by `following`."""

    def __init__(self) -> None:
        """Compile the tables, or take them from where they are kept."""
        from yibaolang.language.tables import parser

        tables = parser().tables()
        self._states = tables.states
        self._start: _Stack = (None, tables.start)
        self._end = tables.end
        self._kept: dict[tuple[str, ...], frozenset[str]] = {}

    def after(self, tokens: Iterable[Token]) -> frozenset[str]:
        """The terminals that may follow these tokens, with `END` if the sentence may end here.

        Empty if the tokens are the beginning of no sentence. Terminals are those of the lexer
        ("_CREDIT", "NAME", "MONEY"), with "DATE" for every date with a day. A comma that a
        following keyword would turn into a pause, and a date that a following word would turn
        into the day of an event, are counted as the lexer counts them.

        >>> from yibaolang.language.source import Source
        >>> from yibaolang.language.vocabulary import vocabulary
        >>> from yibaolang.language.lexer import Lexer
        >>> def after(text):
        ...     (words,), _ = Lexer(vocabulary()).sentences(Source.of("", text))
        ...     return following().after(words.tokens)
        >>> sorted(after("person"))
        ['NAME']
        >>> "_CREDIT" in after("retired,"), END in after("retired,"), END in after("retired")
        (True, False, True)
        >>> after("retired credit credit")
        frozenset()
        """
        types = tuple([each.type for each in tokens])
        found = self._kept.get(types)
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._kept[types] = self._after(types)
        return found

    def _after(self, types: tuple[str, ...]) -> frozenset[str]:
        found = self._accepted_after(types)
        if types[-1:] == ("_COMMA",):
            paused = self._after(types[:-1])
            found = (found - COMMA_BEFORE) | (paused & COMMA_BEFORE)
        elif types == ("DATE",):
            booked = self._accepted_after(("BOOKED",))
            found = (found - HAPPENS) | (booked & HAPPENS)
        elif not types:
            found -= {"BOOKED"}  # it is written as a DATE, which may stand there too
        return found

    def _accepted_after(self, types: tuple[str, ...]) -> frozenset[str]:
        stack: _Stack | None = self._start
        for terminal in types:
            stack = self._shifted(stack, terminal) if stack else None
        return frozenset(self._accepted(stack, None)) if stack else frozenset()

    def _shifted(self, stack: _Stack, terminal: str) -> _Stack | None:
        """The states after one more token, or None if it cannot stand there."""
        while True:
            step = self._states[stack[1]].get(terminal)
            if step is None:
                return None
            if isinstance(step[1], int):
                return stack, step[1]
            stack = self._reduced(stack, step[1].origin.name, len(step[1].expansion))

    def _reduced(self, stack: _Stack, name: str, size: int) -> _Stack:
        for _ in range(size):
            stack = stack[0] or self._start
        return stack, self._states[stack[1]][name][1]

    def _accepted(self, stack: _Stack, asked: Iterable[str] | None) -> set[str]:
        """Which of the asked terminals (None: of all) can be shifted, perhaps after reductions.

        Those that are reduced by the same rule go on together: there are far fewer rules.
        """
        row = self._states[stack[1]]
        accepted: set[str] = set()
        together: dict[tuple[str, int], list[str]] = {}
        for terminal in row if asked is None else asked:
            step = row.get(terminal)
            if step is None or not terminal.isupper():  # the names of rules are in lower case
                continue
            if isinstance(step[1], int):
                accepted.add(terminal)
            else:
                rule = (step[1].origin.name, len(step[1].expansion))
                together.setdefault(rule, []).append(terminal)
        for (name, size), terminals in together.items():
            after = self._reduced(stack, name, size)
            if after[1] == self._end:
                accepted.update({END}.intersection(terminals))
            accepted |= self._accepted(after, terminals)
        return accepted


@cache
def following() -> Following:
    """The tables, made once."""
    return Following()


def expects_more(text: str, names: Iterable[str] = ()) -> bool:
    r"""Whether a text is unfinished: its only fault is that its last sentence ends too early.

    `names` are Chinese names declared elsewhere. A sentence that is closed is not unfinished: a
    blank line closes every sentence, the end of a line one that does not go on there. So a
    prompt that wants to know whether a next line would help asks with a line feed at the end.

    >>> expects_more("retired credit"), expects_more("retired credit 100元")
    (True, False)
    >>> expects_more("retired credit\n"), expects_more("bucket a,\n"), expects_more("bucket a,\n\n")
    (False, True, False)
    >>> expects_more("credit credit"), expects_more('note "ask'), expects_more("")
    (False, False, False)
    """
    source = Source.of("", text)
    if too_large(source):
        return False
    known = declared_names(source.text, vocabulary()).union(names)
    read, problems = kept_lexer(known).sentences(source)
    sentences = [each.tokens for each in read if each.tokens]
    if problems or not sentences:
        return False
    *before, last = sentences
    faults = [fault for each in before for fault in _faults(each, source)]
    return (
        not faults
        and _faults(last, source) == [_ENDS_TOO_EARLY]
        and not _is_closed(last, fold(source.text[last[-1].end_pos :]))
    )


def _faults(tokens: tuple[Token, ...], source: Source) -> list[str]:
    """The codes of what is wrong with one sentence."""
    from yibaolang.language.tables import parser

    try:
        parser().sentence(tokens, source)
    except Refusal as refusal:
        return [each.code for each in refusal.diagnostics]
    return []


def _is_closed(tokens: tuple[Token, ...], rest: str) -> bool:
    """Whether what comes after the last token closes the sentence, as the lexer sees it."""
    depth = 0
    for each in tokens:
        depth = max(0, depth + _DEPTH.get(each.type, 0))
    if depth > 0 or tokens[-1].type in GOES_ON:
        return _BLANK_LINE.search(rest) is not None
    return "\n" in rest


_DEPTH: Mapping[str, int] = {"LPAR": 1, "LSQB": 1, "RPAR": -1, "RSQB": -1}
