"""Ledgers, events and questions about them, for hypothesis; see `strategies`."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.language import strategies
from tests.language.strategies import (
    S,
    asked,
    build,
    dates,
    event,
    fact_values,
    facts,
    figures,
    ids,
    literals,
    many,
    maybe,
    name,
    number,
    origins,
    rate,
    signs,
    strings,
    texts,
)
from yibaolang.language.syntax import (
    Event,
    EventLine,
    Happening,
    HeirShare,
    Holiday,
    Ledger,
    Sentence,
    Why,
    WhyNot,
)
from yibaolang.model.values import money_literal

_EMPTY: dict[str, Any] = {
    "name": None, "amount": None, "value": None, "level": None, "relation": None, "member": None,
    "eligible": None, "lines": (), "facts": (), "bucket": None, "direction": "", "shares": (),
    "documents": (), "target": "", "instead": None, "version": "", "figure": None, "of": "",
    "sign": "", "code": "", "text": "",
}  # fmt: skip

amount = literals(money_literal, "100元", "\u00a50.01", "1.5万元", "860.00元")


def happening(kind: str, **parts: Any) -> Happening:
    """What happens, of what is said and nothing else."""
    return Happening(S, kind, **{**_EMPTY, **parts})


def happens(kind: str, **parts: SearchStrategy[Any]) -> SearchStrategy[Happening]:
    return st.builds(happening, st.just(kind), **parts)


def for_whom(whom: tuple[Any, Any], **parts: Any) -> Happening:
    return happening(relation=whom[0], member=whom[1], **parts)


whom = st.just((None, None)) | st.tuples(name, maybe(name))
shares = many(build(HeirShare, name, maybe(rate | number)), 1)


def bills(paid: SearchStrategy[Any]) -> SearchStrategy[Happening]:
    return st.builds(
        for_whom,
        whom,
        kind=st.just("amount"),
        name=name,
        amount=paid,
        level=maybe(name),
        eligible=maybe(amount),
        lines=st.just(()) | many(build(EventLine, name, amount), 1),
        facts=st.just(()) | many(facts, 1),
    )


begins = st.builds(
    for_whom,
    whom,
    kind=st.just("holds"),
    name=name,
    shares=st.just(()) | shares,
    documents=st.just(()) | many(strings, 1),
)
changes = st.one_of(
    bills(amount),
    begins,
    happens("opening", bucket=name, amount=amount),
    st.builds(for_whom, whom, kind=st.just("not"), name=name),
    happens("value", name=name, value=fact_values),
    happens("credit", amount=amount),
    happens("credit", amount=amount, bucket=name, direction=st.just("to")),
    happens("adjust", amount=amount, bucket=name, direction=st.sampled_from(["to", "from"])),
    happens("repaid", amount=amount),
    happens("moves", name=name, version=texts),
)
happenings = st.one_of(
    changes,
    happens("void", target=ids),
    happens("replace", target=ids, instead=changes),
    happens("expect", figure=figures, of=event, sign=signs, value=fact_values),
    happens("expect", figure=figures, of=event, sign=st.just("refused"), code=texts),
    happens("seal", text=strings),
)
events = build(Event, dates, event, happenings, maybe(dates), origins)
sentences: SearchStrategy[Sentence] = st.one_of(
    strategies.sentences,
    strategies.sentences,
    events,
    events,
    build(Ledger, maybe(name), dates, maybe(dates), st.booleans()),
    build(Holiday, st.booleans(), dates, maybe(dates), origins),
    build(Why, figures, maybe(name), maybe(asked)),
    build(WhyNot, bills(maybe(amount)), maybe(name), maybe(dates)),
)
