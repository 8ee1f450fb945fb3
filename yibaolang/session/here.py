"""Where and when commands look: a region, the versions that are chosen there, a day."""

import re
from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from yibaolang.engine.rulebook import RuleBook
from yibaolang.engine.words import Words
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.model.entries import BASE
from yibaolang.model.limits import LIMITS
from yibaolang.model.scope import Scope, Uses, choosing
from yibaolang.session.answering import facts_of
from yibaolang.session.texts import say

if TYPE_CHECKING:
    from yibaolang.session.session import Session

_YEAR = re.compile(r"([0-9]{4})\u5e74?")


@frozen(eq=False)
class Here:
    """A region of some rules under chosen versions, on a day."""

    rules: RuleBook
    region: str
    uses: Uses
    day: date

    @property
    def chain(self) -> tuple[str, ...]:
        """The region and its parents, by canonical name; BASE is the last."""
        return self.rules.book.chain(self.region)

    @property
    def scope(self) -> Scope:
        """What names mean here."""
        return Scope(self.rules.book, self.region, self.day, self.uses, frozenset())

    def under(self, region: str, version: str) -> "Here":
        """The same with a version of a region chosen before all others."""
        return evolve(self, uses=choosing(self.uses, region, version))

    def titled(self, lang: str, day: bool = True) -> str:
        """The region and the day in words, as in `shandong, on 2024-08-31`."""
        where = region_words(self.region, Words(self.rules.book, lang))
        return say("here", lang, region=where, day=self.day.isoformat()) if day else where


def here(session: "Session", on: date | None = None) -> Here:
    """Where the session is: its region, else that of its person.

    The day is `on`, else the last one that questions are about, else today.
    """
    rules, context = session.rules, session.context
    day = on or context.asked.last or session.today
    region = session.region
    uses: Uses = rules.uses
    if region == BASE:
        region = session.place
        _, facts = facts_of(context, rules, session.state.script.source)
        lived = facts.lived_on(day) or next(reversed(facts.regions), None)
        if lived is not None:
            region, uses = lived.region, choosing(uses, lived.region, lived.version)
    return Here(rules, region, uses, day)


def region_words(region: str, words: Words) -> str:
    """A region in words; what belongs to none holds everywhere."""
    return words.region(region) or say("everywhere", words.lang)


def year_of(text: str) -> int:
    r"""The year that a word says, 0 if it says none; Refusal YB014 for one that no date has.

    >>> year_of("2024"), year_of("2024\u5e74"), year_of("24")
    (2024, 2024, 0)
    """
    found = _YEAR.fullmatch(text)
    year = int(found[1]) if found else 0
    if found is not None and not LIMITS.first_year <= year <= LIMITS.last_year:
        first, last = LIMITS.first_year, LIMITS.last_year
        raise Refusal(diagnostic("YB014", None, text=text, first=first, last=last))
    return year
