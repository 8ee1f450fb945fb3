"""What a session knows at one moment; each step makes another one, so that any can be undone."""

from functools import cached_property

from attrs import evolve, frozen

from yibaolang.engine.rulebook import RuleBook
from yibaolang.engine.shown import Shown
from yibaolang.session.answering import facts_of
from yibaolang.session.context import Context, region_of
from yibaolang.session.loaded import Loaded
from yibaolang.session.script import Script


@frozen(eq=False)
class State:
    """Files, the text that was typed, the rules that they make, and what questions are about.

    `last` is the last answer.
    """

    loaded: Loaded
    script: Script
    rules: RuleBook
    context: Context
    last: Shown | None = None

    @cached_property
    def region(self) -> str:
        """The region in whose section the next sentence stands."""
        return region_of(self.script.lines, self.rules)

    @cached_property
    def names(self) -> frozenset[str]:
        """The Chinese names over which Chinese is cut."""
        return self.rules.names() | self.loaded.names

    @cached_property
    def place(self) -> str:
        """The region that questions are about: the person's at that time, else `region`."""
        _, facts = facts_of(self.context, self.rules, self.script.source)
        latest = facts.regions[-1].region if facts.regions else ""
        return facts.region_on(self.context.asked.last) or latest or self.region

    def reading(self, loaded: Loaded, script: Script) -> "State":
        """With other files or another text; Refusal if they do not fit together."""
        return evolve(self, loaded=loaded, script=script, rules=made(loaded, script))


@frozen(eq=False)
class Step:
    """A state to come back to, without its rules, which are made again."""

    loaded: Loaded
    script: Script
    context: Context
    last: Shown | None

    @classmethod
    def of(cls, state: State) -> "Step":
        """What is remembered of a state."""
        return cls(state.loaded, state.script, state.context, state.last)

    def state(self) -> State:
        """The state, as it was."""
        rules = made(self.loaded, self.script)
        return State(self.loaded, self.script, rules, self.context, self.last)


def made(loaded: Loaded, script: Script) -> RuleBook:
    """The rules of files and of what was typed; Refusal if they do not fit together."""
    return RuleBook((*loaded.documents, *script.documents()))
