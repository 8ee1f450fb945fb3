"""Completion and suggestions as prompt-toolkit wants them."""

from collections.abc import Iterable
from time import perf_counter_ns

from prompt_toolkit.auto_suggest import AutoSuggest, Suggestion
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer
from prompt_toolkit.completion import Completion as Offered
from prompt_toolkit.document import Document

from yibaolang.language.diagnostics import Refusal
from yibaolang.report.faults import never
from yibaolang.session.session import Session

_QUICK_NS = 60_000_000
_LONGEST = 20_000
_DOTS = (".", "\u3002", "\uff0e")


class Completions(Completer):
    """What may stand at the cursor; while typing only where it is quick and a word was begun.

    A dot alone begins the name of a command.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._slow: object = None

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Offered]:
        """Texts that replace what stands from their own start up to the cursor."""
        typing = complete_event.text_inserted
        if typing and (self._slow is self.session.state or len(document.text) > _LONGEST):
            return
        start = perf_counter_ns()
        found = self._found(document)
        if perf_counter_ns() - start > _QUICK_NS:
            self._slow = self.session.state
        cursor = document.cursor_position
        begun = not typing or document.current_line_before_cursor.strip() in _DOTS
        for text, at, meta in found:
            if begun or at < cursor:
                yield Offered(text, at - cursor, display=text, display_meta=meta)

    def _found(self, document: Document) -> list[tuple[str, int, str]]:
        from yibaolang.session.completion import complete

        try:
            found = complete(self.session, document.text, document.cursor_position)
        except (Refusal, OSError):
            return []
        except never():  # a key that offers nothing, rather than no prompt
            return []
        return [(each.text, each.start, each.meta) for each in found]


class Suggestions(AutoSuggest):
    """The rest of the latest input that begins as what is typed; of one line, its own rest."""

    def get_suggestion(self, buffer: Buffer, document: Document) -> Suggestion | None:
        """The text to show behind the cursor, or None."""
        text = document.text
        if not text.strip() or not document.is_cursor_at_the_end:
            return None
        line = text.rsplit("\n", 1)[-1]
        for kept in reversed(buffer.history.get_strings()):
            if kept.startswith(text) and len(kept) > len(text):
                return Suggestion(kept[len(text) :].split("\n", 1)[0])
            if line.strip() and line in kept:
                for each in reversed(kept.split("\n")):
                    if each.startswith(line) and len(each) > len(line):
                        return Suggestion(each[len(line) :])
        return None
