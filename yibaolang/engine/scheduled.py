"""What is posted without anybody doing anything: credits and deductions on their posting days."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from attrs import frozen

from yibaolang.engine.account import Account, Stage
from yibaolang.engine.answers import Part
from yibaolang.engine.asked import Asked
from yibaolang.engine.figures import Questions
from yibaolang.engine.given import Known, Lived, with_region
from yibaolang.engine.programs import Programs
from yibaolang.language.diagnostics import Diagnostic, Refusal, diagnostic
from yibaolang.program.novalue import NoValue
from yibaolang.program.outcome import Chosen

FIGURES = ("credit", "deduct")
_ONE_DAY = timedelta(days=1)


@frozen(eq=False)
class Due:
    """What is posted on a day: a figure's amount into a bucket ("": the first one declared).

    `refused` says why there is none; then `day` is the last day it could have been posted on.
    """

    day: date
    figure: str
    fen: int
    bucket: str
    region: str
    chosen: Chosen | None
    refused: Diagnostic | None


def lived(account: Account, known: Known, first: date, last: date) -> Iterator[Lived]:
    """Where the account is kept between two days, in order, each span cut to them.

    Where the facts say nothing, it is kept in its own region.
    """
    day = first
    for each in sorted(known.regions, key=lambda span: span.since or date.min):
        since = day if each.since is None else max(day, each.since)
        until = last if each.until is None else min(last, each.until)
        if since > until:
            continue
        if since > day:
            yield Lived(account.region, "", day, since - _ONE_DAY)
        yield Lived(each.region, each.version, since, until)
        day = until + _ONE_DAY
    if day <= last:
        yield Lived(account.region, "", day, last)


class Schedule:
    """Makes what is due."""

    def __init__(self, programs: Programs, explained: bool) -> None:
        self.programs = programs
        self.explained = explained

    def due(self, account: Account, stage: Stage, first: date, last: date) -> list[Due]:
        """Everything due between two days, both inclusive, as known in a stage."""
        if account.as_listed:
            return []
        found: list[Due] = []
        for span in lived(account, stage.known, first, last):
            if span.since is None or span.until is None:
                continue
            asked = Asked.span(span.since, span.until)
            questions = self._questions(stage.known, span)
            for figure in FIGURES:
                found += self._figure(questions, figure, asked, span)
        return found

    def _questions(self, known: Known, span: Lived) -> Questions:
        programs = self.programs
        plans = programs.plans(span.region, span.version, known.overrides)
        return Questions(
            programs.rules.book, span.region, plans.uses, with_region(known, span.region), plans,
            programs.figures, self.explained,
        )  # fmt: skip

    def _figure(
        self, questions: Questions, figure: str, asked: Asked, span: Lived
    ) -> Iterable[Due]:
        try:
            parts = questions.postings(figure, asked)
        except Refusal as refusal:
            months = [_within(each, asked) for each in asked.months()]
            if len(months) == 1:
                yield _refused(figure, asked, span, refusal.diagnostics[0])
                return
            # What one month lacks is no reason to refuse the others.
            for month in months:
                yield from self._figure(questions, figure, month, span)
            return
        for part in parts:
            yield from self._part(figure, part, asked, span)

    def _part(self, figure: str, part: Part, asked: Asked, span: Lived) -> Iterator[Due]:
        amount = part.outcome.amount
        if isinstance(amount, NoValue):
            if amount.kind != "not_applicable":
                when = part.asked if asked.kind == "none" else _within(part.asked, asked)
                yield _refused(figure, when, span, amount.diagnostic)
            return
        for chosen in part.outcome.chosen:
            if chosen.posting is None:
                why = diagnostic("YB433", chosen.arm.rule.written.place)
                yield _refused(figure, _within(part.asked, asked), span, why)
            elif asked.holds(chosen.posting):
                yield Due(
                    chosen.posting, figure, chosen.fen, chosen.arm.bucket, span.region, chosen, None
                )


def _within(part: Asked, asked: Asked) -> Asked:
    """The days of a part that are asked for."""
    firsts = [each.first for each in (part, asked) if each.first is not None]
    lasts = [each.last for each in (part, asked) if each.last is not None]
    return Asked.span(max(firsts), min(lasts))


def _refused(figure: str, when: Asked, span: Lived, why: Diagnostic) -> Due:
    if when.last is None:
        raise TypeError("what is due is due on a day")
    return Due(when.last, figure, 0, "", span.region, None, why)
