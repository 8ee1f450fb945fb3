"""The whole reason of an answer: its title, its value, and what it came from."""

from attrs import evolve

from yibaolang.engine.answers import Answer
from yibaolang.engine.reasons import Reason, Telling
from yibaolang.engine.words import Words

_READINGS = {"each level": "各级分计", "over all levels": "各级合计"}


def reason_of(answer: Answer, words: Words, person: str = "") -> Reason:
    """The whole reason of an answer, for a person if there is a name."""
    return _told(Telling(words), answer, person)


def _told(telling: Telling, answer: Answer, person: str) -> Reason:
    """The reason of an answer for a person, whose name may be empty."""
    if not answer.figure and answer.step is not None:
        alone = telling.steps(answer.step, top=True)
        if len(alone) == 1:
            return alone[0]
    if answer.figure.startswith("^") and answer.settlements and not answer.readings:
        from yibaolang.engine.telling import settled

        event = settled(telling, answer.settlements[0], True)
        return evolve(event, text=f"{person} {event.text}".strip())
    text = _title(telling, answer, person)
    value = _shown(telling, answer)
    because: list[Reason] = []
    if answer.parts:
        because += telling.parts(answer)
    elif answer.step is not None:
        because += telling.steps(answer.step, top=True)
    if answer.settlements or answer.causes:
        from yibaolang.engine.telling import told

        because += told(telling, answer)
    for each in answer.conditions:
        because.append(telling.requirement(each.rule, each.step))
    for reading in answer.readings if answer.refused else ():
        reading_told = _told(telling, reading.answer, "")
        version = telling.say(reading.version, _READINGS.get(reading.version, reading.version))
        because.append(
            telling.tell("reading", version, reading_told.value, because=reading_told.because)
        )
    if answer.readings and not answer.refused:
        names = ", ".join(each.version for each in answer.readings)
        agree = telling.say(f"the versions agree here: {names}", f"各版本在此一致：{names}")
        because.append(telling.tell("note", agree))
    if answer.refused and not because:
        because += [telling.tell("note", telling.message(each)) for each in answer.refused]
    kind = "refused" if answer.refused else "figure"
    return telling.tell(kind, text, value, because=tuple(because))


def _title(telling: Telling, answer: Answer, person: str) -> str:
    """What was asked, as in: credit of 张三 on 2024-06, 山东."""
    words, asked = telling.words, answer.asked
    text = words.figure(answer.figure)
    if answer.bill is not None:
        from yibaolang.engine.telling import bill_words

        text = bill_words(telling, answer.bill, person)
    elif answer.causes:
        text = telling.say(f"change of {text}", f"{text}变动")
    if person and answer.bill is None:
        text = telling.say(f"{text} of {person}", f"{person}的{text}")
    if asked.kind != "none":
        preposition = "in" if asked.kind == "span" else "on"
        text += telling.say(f" {preposition} {asked}", f" {asked}")
    if answer.region and words.region(answer.region):
        text += telling.say(", ", "，") + words.region(answer.region)
    return text.strip()


def _shown(telling: Telling, answer: Answer) -> str:
    """The value in words, or what the refusal says."""
    if answer.refused:
        return telling.say("no figure: ", "没有数值：") + telling.message(answer.refused[0])
    return telling.words.value(answer.type, answer.value, answer.denominator)
