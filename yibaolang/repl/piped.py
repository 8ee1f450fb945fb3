"""A session whose input comes through a pipe or from a file: all of it is read, then run."""

import json
import sys

from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.display import use_colour
from yibaolang.repl.json_replies import json_of
from yibaolang.repl.talking import Talk
from yibaolang.session.replies import Reply
from yibaolang.session.session import Session


class Streams:
    """Replies on stdout, what is wrong on stderr."""

    def __init__(self) -> None:
        self.colour = use_colour(sys.stdout) and use_colour(sys.stderr)
        self.columns = 0

    def show(self, text: str, wrong: bool = False) -> None:
        """Print a text where it belongs."""
        # The two streams often go to one place, where what came first must stand first.
        sys.stdout.flush()
        print(text, file=sys.stderr if wrong else sys.stdout)


class Piped(Talk):
    """A conversation with nobody who could go on after an interrupt."""

    goes_on = False


class Collected(Piped):
    """A conversation whose replies are JSON values, printed as one list at its end."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, Streams())
        self.replies: list[dict[str, object]] = []

    def tell(self, reply: Reply) -> None:
        """Collect a reply."""
        self.note(reply)
        self.replies.append(json_of(reply, self.lang))


def piped(session: Session, as_json: bool = False) -> int:
    """Run all that stdin has; 0, or 1 if anything was refused or a test failed.

    Refusal if it is no UTF-8.
    """
    text = "" if sys.stdin is None else _text(sys.stdin.buffer.read())
    talk = Collected(session) if as_json else Piped(session, Streams())
    talk.run(text)
    if isinstance(talk, Collected):
        print(json.dumps(talk.replies, ensure_ascii=False, indent=2))
    return 0 if talk.ok else 1


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Refusal(diagnostic("YB043", None, path="stdin")) from error


