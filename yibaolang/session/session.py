"""The session as an object: text in, replies out; a terminal and a notebook show them."""

from collections.abc import Generator, Iterator, Sequence
from datetime import date

from attrs import evolve

from yibaolang.engine.rulebook import RuleBook
from yibaolang.engine.shown import Shown
from yibaolang.engine.words import Words
from yibaolang.language import diagnostics, syntax
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.following import expects_more
from yibaolang.session.answering import answered, completed, months_asked
from yibaolang.session.checking import most_steps
from yibaolang.session.commands import run_about, run_command
from yibaolang.session.context import Context, about_the_latest
from yibaolang.session.describing import taken
from yibaolang.session.happening import happened
from yibaolang.session.inputs import COMMAND, SENTENCES, Input, inputs
from yibaolang.session.loaded import Loaded, load
from yibaolang.session.naming import words_of
from yibaolang.session.replies import Answered, Read, Refused, Reply, Said
from yibaolang.session.sandbox import Sandbox
from yibaolang.session.script import Script
from yibaolang.session.settings import Settings
from yibaolang.session.state import State, Step, made
from yibaolang.session.taking import Part, including, own_regions, parts, sentences_of, taking
from yibaolang.session.texts import say

_MOST_UNDO = 200
_MOST_HISTORY = 10_000


class Session:
    """Rules, people and accounts that grow sentence by sentence.

    Every sentence of the language means what it means in a file; a line that begins with a dot is
    a command about the session, such as `.help`, and `name?` asks about a name. What is refused
    leaves the session as it was. Files of `paths` are read first (Refusal if one is wrong).
    `lang` is the language of the answers, "en" or "zh"; `sandbox` bounds what may be done.
    `history` has what was typed, `draft` an edited text that was refused.

    >>> session = Session()
    >>> [reply.ok for reply in session.run("age >= 70 credit 2.5% of avg_pension")]
    [True]
    >>> _ = list(session.run("person Li: age = 72, avg_pension = 4000元"))
    >>> print(session.text("show credit of Li"))
    credit of Li = 100.00元
      age >= 70 credit 2.5% of avg_pension = 100.00元  (session:1:1)
    >>> print(session.text("show credt of Li").splitlines()[-1])
      = hint: did you mean credit?
    """

    def __init__(
        self,
        *paths: str,
        lang: str = "en",
        sandbox: Sandbox | None = None,
        today: date | None = None,
    ) -> None:
        self.sandbox = sandbox
        self.today = today or date.today()
        self.settings = Settings()
        if sandbox is not None and paths:
            raise Refusal(diagnostic("YB045", None))
        loaded, script = load(paths), Script.empty()
        self.state = State(loaded, script, made(loaded, script), Context(lang))
        self.history: list[str] = []
        self.draft = ""
        self._past: list[Step] = []
        self._lines = 0
        """How many lines were typed, with those of commands and of what was refused."""
        self._line = 0
        """The one on which what runs now begins, from 0."""

    # ── what it knows ──

    @property
    def rules(self) -> RuleBook:
        """The rules of files and of what was typed."""
        return self.state.rules

    @property
    def context(self) -> Context:
        """Whom and when questions are about that do not say it, and the language."""
        return self.state.context

    @property
    def region(self) -> str:
        """The region in whose section the next sentence stands, "" for none."""
        return self.state.region

    @property
    def place(self) -> str:
        """The region that questions are about: the person's at that time, else `region`."""
        return self.state.place

    @property
    def last(self) -> Shown | None:
        """The last answer."""
        return self.state.last

    @property
    def words(self) -> Words:
        """Names in the language of the answers."""
        return words_of(self.rules, self.context.lang)

    @property
    def names(self) -> frozenset[str]:
        """The Chinese names over which Chinese is cut."""
        return self.state.names

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the user named."""
        return self.state.loaded.paths

    @property
    def changed_files(self) -> tuple[str, ...]:
        """The files that were written since they were read."""
        return self.state.loaded.changed

    @property
    def script(self) -> str:
        """What was taken so far as the text of a file."""
        text = self.state.script.as_file()
        lines = {line.strip() for line in text.split("\n")}
        included = (each for each in self.state.loaded.included if each not in lines)
        return "".join(f"{each}\n" for each in included) + text

    # ── running ──

    def run(self, text: str) -> Iterator[Reply]:
        """The replies to a text: its sentences and commands, one after the other.

        The text becomes the last of `history`, to which a face may add what was typed before.
        """
        if text.strip():
            most = _MOST_HISTORY if self.sandbox is None else self.sandbox.undo
            self.history = [*self.history, text.strip("\n")][-most:]
            self._line = max(self._lines, self.state.script.source.text.count("\n"))
            self._lines = self._line + text.count("\n") + (not text.endswith("\n"))
        yield from self.take(text)

    def take(self, text: str) -> Iterator[Reply]:
        """The replies to a text that somebody else than the user wrote, as a command does."""
        first = self._line
        try:
            self._bound("input_bytes", len(text.encode("utf-8", "surrogatepass")))
        except Refusal as refusal:
            yield Refused(refusal.diagnostics)
            return
        for part in inputs(text):
            self._line = first + part.line
            try:
                yield from self._run(part)
            except Refusal as refusal:
                yield Refused(refusal.diagnostics)

    def aside(self, text: str) -> State:
        """The state with sentences in a part of their own, as a test, which nothing goes on.

        Refusal for what is wrong with them; the session itself stays as it is.
        """
        before = self.state
        script, start = before.script.typed(text, self._line)
        self._bound("text_bytes", len(script.source.text.encode("utf-8", "surrogatepass")))
        found = list(parts(before, script, start))
        faults = [part.fault for part in found if part.fault is not None]
        if faults:
            raise Refusal(*faults)
        lines = tuple(line for part in found for line in part.lines)
        self._bound("sentences", len(before.script.sentences()) + len(lines))
        return before.reading(before.loaded, script.aside(lines))

    def text(self, text: str) -> str:
        """The replies to a text as text, as the settings say."""
        from yibaolang.session.rendering import text_of

        shown = [text_of(each, self.settings, self.context.lang) for each in self.run(text)]
        return "\n".join(each for each in shown if each)

    def unfinished(self, text: str) -> bool:
        """Whether a text is the beginning of a sentence that goes on in the next line.

        >>> Session().unfinished("age >= 70 and"), Session().unfinished("credit 5元")
        (True, False)
        """
        last = next(reversed(list(inputs(text))), None)
        if last is None or last.kind != SENTENCES:
            return False
        return expects_more(f"{last.text}\n", self.names)

    def _run(self, part: Input) -> Iterator[Reply]:
        if part.kind == SENTENCES:
            yield from self.sentences(part.text)
        elif part.kind == COMMAND:
            yield from run_command(self, part.text)
        else:
            yield from run_about(self, part.text)

    def sentences(self, text: str) -> Iterator[Reply]:
        """The replies to a text that has sentences only; what else is in it is refused."""
        start: int | None
        script, start = self.state.script.typed(text, self._line)
        self._bound("text_bytes", len(script.source.text.encode("utf-8", "surrogatepass")))
        own = own_regions(text)
        while start is not None:
            start = yield from self._from(script, start, own)

    def _from(
        self, script: Script, start: int, own: frozenset[str]
    ) -> Generator[Reply, None, int | None]:
        """Replies to a script from an offset on; where to read again, for more names are known."""
        names = self.state.loaded.names
        for part in parts(self.state, script, start):
            typed = evolve(script, parts=self.state.script.parts, said=self.state.script.said)
            try:
                if part.fault is not None:
                    yield Refused((part.fault,))
                elif part.asks:
                    yield from self._asked(typed, part, own)
                else:
                    yield from self._taken(typed, part, own)
            except Refusal as refusal:
                yield Refused(refusal.diagnostics)
            if self.state.loaded.names != names and part.end < len(script.source.text):
                return part.end
        return None

    def _taken(
        self, script: Script, part: Part, own: frozenset[str]
    ) -> Iterator[Reply]:
        """Take lines together; where they do not fit, one by one, so that the others are taken."""
        self._bound("sentences", len(self.state.script.sentences()) + len(part.lines))
        try:
            yield from self._take(script, part, own)
        except Refusal as refusal:
            if len(part.lines) == 1:
                yield Refused(refusal.diagnostics)
                return
            for line in part.lines:
                again = evolve(script, parts=self.state.script.parts)
                yield from self._taken(again, Part((line,), part.end), own)

    def _take(self, script: Script, part: Part, own: frozenset[str]) -> Iterator[Reply]:
        before = self.state
        sentences = sentences_of(part.lines)
        after = taking(before, script, part.lines, self.sandbox is None, own)
        self._bound("steps", 0 if self.sandbox is None else most_steps(after.rules))
        self.become(evolve(after, context=about_the_latest(after.context, sentences)))
        yield from self._included(before.loaded, sentences)
        replies = list(happened(self.rules, script.source, sentences, self.context.lang))
        told = replies and all(isinstance(each, syntax.Event | syntax.Expect) for each in sentences)
        if sentences and not told:
            yield Read(taken(sentences, self.words, self.region))
        yield from replies

    def _asked(
        self, script: Script, part: Part, own: frozenset[str]
    ) -> Iterator[Reply]:
        before = self.state
        (written,) = sentences_of(part.lines)
        loaded = including(before, script, (written,), False, own)
        state = before if loaded is before.loaded else before.reading(loaded, before.script)
        asked = completed(written, state.context, state.rules)
        self._bound("months", months_asked(asked))
        shown = answered(asked, script.source, state.region, state.context, state.rules)
        (line,) = part.lines
        line = syntax.Line(asked, line.above, line.trailing)
        kept = script.asking(line, self._as_file(written, asked))
        self.state = evolve(state, script=kept, last=shown)
        yield from self._included(before.loaded, ())
        faults = shown.rows[0].result.refused if isinstance(asked, syntax.Evaluate) else ()
        yield Refused(faults) if faults else Answered(shown)

    def _as_file(self, written: syntax.Sentence, asked: syntax.Sentence) -> str:
        """What a question says in a file, where no session completes it; "" for just as written."""
        if asked != written:
            return self.words.printer.sentence(asked)
        alone = self.context.person == "" and self.context.asked.first is None
        if isinstance(asked, syntax.Evaluate) and not alone:
            about = f"{self.context.person} {self.context.asked}".strip()
            return f"# {self.words.printer.sentence(asked)}  ({about})"
        return ""

    def _included(
        self, before: Loaded, sentences: Sequence[syntax.Sentence]
    ) -> Iterator[Reply]:
        """A message about regions of the library that were included because they were named."""
        asked_for = any(isinstance(each, syntax.Include) for each in sentences)
        new = [text for text in self.state.loaded.included if text not in before.included]
        if new and not asked_for:
            lang = self.context.lang
            names = say("comma", lang).join(text.removeprefix("include ") for text in new)
            yield Said(say("included", lang, names=names))

    # ── changing ──

    def become(self, state: State) -> None:
        """Go on from another state; `undo` comes back to the one before."""
        most = _MOST_UNDO if self.sandbox is None else self.sandbox.undo
        self._past = [*self._past, Step.of(self.state)][-most:]
        self.state = state

    def undo(self, steps: int = 1) -> int:
        """Go back to the state before the last changes; how many there were, at most `steps`."""
        gone = self._past[-steps:]
        if gone:
            self.state = gone[0].state()
            self._past = self._past[: -len(gone)]
        return len(gone)

    def reload(self) -> None:
        """Read the files again; Refusal, and nothing changes, if one is wrong now."""
        self.become(self.state.reading(self.state.loaded.again(), self.state.script))

    def about(self, context: Context) -> None:
        """Let questions be about somebody or some time else, or answer in another language."""
        self.become(evolve(self.state, context=context))

    def files_allowed(self) -> None:
        """Refusal YB045 in a session that reads and writes no files."""
        if self.sandbox is not None:
            raise Refusal(diagnostic("YB045", None))

    def _bound(self, name: str, found: int) -> None:
        """Refusal YB046 if a bound of the sandbox is passed."""
        if self.sandbox is not None and found > getattr(self.sandbox, name):
            key = {"sentences": "input_sentences"}.get(name, name)
            what = diagnostics.Said(en=say(key, "en"), zh=say(key, "zh"))
            limit = getattr(self.sandbox, name)
            raise Refusal(diagnostic("YB046", None, limit=limit, what=what))
