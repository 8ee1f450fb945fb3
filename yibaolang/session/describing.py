"""What was taken, in a few words: the answer to a sentence that asks nothing."""

from collections.abc import Callable, Sequence
from typing import Any

from yibaolang.engine.words import Words
from yibaolang.language import syntax
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.kinds import kind_words, kinds_of
from yibaolang.session.texts import count_of, say


def taken(sentences: Sequence[syntax.Sentence], words: Words, region: str) -> str:
    """What sentences are that were taken in a region: one by what it declares, more by number."""
    if len(sentences) != 1:
        return say("taken", words.lang, what=count_of("sentences", words.lang, len(sentences)))
    sentence = sentences[0]
    describe = _DESCRIBING.get(type(sentence))
    what = _keyword(sentence, words.lang) if describe is None else describe(sentence, words)
    where = words.region(region)
    key = "taken_in" if where and isinstance(sentence, _OF_REGIONS) else "taken"
    return say(key, words.lang, what=what, region=where)


_OF_REGIONS = (syntax.Rule, syntax.Define, syntax.ParamRow, syntax.Param, syntax.Table)
_KEYWORDS: dict[type[syntax.Sentence], str] = {
    syntax.Choice: "CHOICE", syntax.Category: "CATEGORY", syntax.Bucket: "BUCKET",
    syntax.Input: "INPUT", syntax.Define: "DEFINE", syntax.Param: "PARAM", syntax.Table: "TABLE",
    syntax.Region: "REGION", syntax.Version: "SINCE", syntax.Include: "INCLUDE",
    syntax.Use: "USE", syntax.Person: "PERSON", syntax.Test: "TEST", syntax.Given: "GIVEN",
    syntax.Ledger: "LEDGER", syntax.Holiday: "HOLIDAY", syntax.Expect: "EXPECT",
}  # fmt: skip


def _keyword(sentence: syntax.Sentence, lang: str) -> str:
    token = _KEYWORDS.get(type(sentence))
    return "" if token is None else vocabulary().keywords[token].spelling(lang)


def _named(sentence: Any, words: Words) -> str:
    names = " | ".join(sentence.names.texts)
    return f"{_keyword(sentence, words.lang)} {names}"


def _rule(sentence: syntax.Rule, words: Words) -> str:
    kinds = kinds_of(sentence, words.book.spelled)
    said = [kind_words(kind).in_language(words.lang) for kind in kinds]
    return say("rule", words.lang, kinds=say("comma", words.lang).join(said))


def _titled(sentence: Any, words: Words) -> str:
    return f"{_keyword(sentence, words.lang)} {sentence.title}"


def _listed(sentence: Any, words: Words) -> str:
    names = [" | ".join(each.texts) for each in sentence.values]
    return f"{_keyword(sentence, words.lang)} {say('comma', words.lang).join(names)}"


def _owned(sentence: syntax.Ledger, words: Words) -> str:
    person = "" if sentence.person is None else sentence.person.text
    return f"{_keyword(sentence, words.lang)} {person}".rstrip()


def _chosen(sentence: syntax.Use, words: Words) -> str:
    return f"{_keyword(sentence, words.lang)} {sentence.region.text} {sentence.version}"


def _file(sentence: syntax.Include, words: Words) -> str:
    return f"{_keyword(sentence, words.lang)} {sentence.path or sentence.region}"


def _row(_sentence: syntax.Sentence, words: Words) -> str:
    return say("row", words.lang)


_DESCRIBING: dict[type[syntax.Sentence], Callable[[Any, Words], str]] = {
    syntax.Choice: _named, syntax.Category: _listed, syntax.Bucket: _listed,
    syntax.Input: _named, syntax.Define: _named, syntax.Param: _named, syntax.Table: _named,
    syntax.Region: _named, syntax.Person: _named, syntax.Rule: _rule, syntax.Test: _titled,
    syntax.Ledger: _owned, syntax.Use: _chosen, syntax.Include: _file,
    syntax.ParamRow: _row, syntax.TableRow: _row,
}  # fmt: skip
