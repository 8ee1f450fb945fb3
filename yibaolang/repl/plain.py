"""A prompt for terminals that only take lines, and where prompt-toolkit is not installed."""

import sys

from yibaolang.language.display import width
from yibaolang.repl.history import Kept
from yibaolang.repl.talking import Talk

_GOES_ON = "... "


class Plain:
    """Reads lines; a sentence that is not finished goes on in the next one, until a blank line."""

    def __init__(self, talk: Talk, history: Kept) -> None:
        self.talk = talk
        self.history = history
        # A prompt is no output: in a pipe behind us it would stand among the answers.
        self._own_prompt = not sys.stdout.isatty()

    def run(self) -> None:
        """Go on until the session is left, or there is no more input."""
        while not self.talk.ended:
            try:
                text = self._input()
            except EOFError:
                print(file=sys.stderr if self._own_prompt else sys.stdout)
                return
            except KeyboardInterrupt:
                print()
                continue
            if text.strip():
                self.history.add(text)
                self.talk.run(text)

    def _input(self) -> str:
        prompt = self.talk.say("prompt")
        text = self._line(prompt)
        while unfinished(self.talk, text):
            line = self._line(_GOES_ON.rjust(width(prompt)))
            if not line.strip():
                break
            text = f"{text}\n{line}"
        return text

    def _line(self, prompt: str) -> str:
        if not self._own_prompt:
            return input(prompt)
        print(prompt, end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\n")


def unfinished(talk: Talk, text: str) -> bool:
    """Whether a text waits for a next line; one that makes trouble does not."""
    answers = [False]
    talk.guarded(lambda: answers.append(talk.session.unfinished(text)))
    return answers[-1]
