"""What may stand where the cursor is, in a command or in a sentence."""

import re
from typing import TYPE_CHECKING

from yibaolang.session.completing_commands import command_completions
from yibaolang.session.completing_sentences import MOST, Completion, sentence_completions
from yibaolang.session.inputs import COMMAND, inputs

if TYPE_CHECKING:
    from yibaolang.session.session import Session

_DOT = re.compile("[ \t]*[.\u3002\uff0e]")


def complete(session: "Session", text: str, cursor: int | None = None) -> list[Completion]:
    """What may stand at the cursor (an offset; None: the end), the likeliest first.

    >>> from yibaolang.session.session import Session
    >>> session = Session()
    >>> [each.text for each in complete(session, "show cred")]
    ['credit', 'credited']
    >>> [each.text for each in complete(session, "age >= 70 credit 2.5% of pjylj")]
    ['平均养老金']
    """
    before = text if cursor is None else text[:cursor]
    line = before[before.rfind("\n") + 1 :]
    last = next(reversed(list(inputs(line))), None)
    if _DOT.fullmatch(line):
        found = list(command_completions(session, before, len(before)))
    elif last is not None and last.kind == COMMAND:
        found = list(command_completions(session, before, len(before) - len(last.text)))
    else:
        found = list(sentence_completions(session, before))
    best: dict[tuple[int, str], Completion] = {}
    for each in sorted(found, key=lambda one: (one.rank, one.start)):
        if before[each.start :] != each.text:
            best.setdefault((each.start, each.text), each)
    return list(best.values())[:MOST]
