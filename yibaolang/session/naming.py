"""What names mean, in a few words: the kind, the type, the source. For completion and `name?`."""

from attrs import frozen

from yibaolang.engine.given import Known, known
from yibaolang.engine.rulebook import RuleBook
from yibaolang.engine.words import Words
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.book import Book
from yibaolang.model.core import Written
from yibaolang.model.elaborate import Elaborator
from yibaolang.model.entries import BASE, Entry, Named
from yibaolang.model.params import param_type
from yibaolang.model.scope import Scope
from yibaolang.model.typewords import said
from yibaolang.model.values import Type
from yibaolang.session.texts import TEXTS

_KEYWORDS = {
    "choice": "CHOICE", "category": "CATEGORY", "bucket": "BUCKET", "input": "INPUT",
    "define": "DEFINE", "param": "PARAM", "table": "TABLE",
}  # fmt: skip


@frozen
class About:
    """A name's kind in words, its type in words, and where it is from; "" for what it lacks."""

    kind: str
    type: str
    cite: str

    def __str__(self) -> str:
        """The parts that there are, as in `param · money · C18`."""
        return " · ".join(each for each in (self.kind, self.type, self.cite) if each)


def about_name(named: Named, rules: RuleBook, lang: str) -> str:
    """What a declared name is, in a line."""
    return str(about(named, rules, lang))


def about(named: Named, rules: RuleBook, lang: str) -> About:
    """What a declared name is: found once for the rules."""
    key = f"about {lang} {named.name}"
    made = rules.made.get(key)
    if not isinstance(made, About):
        made = rules.made[key] = _about(named, words_of(rules, lang), _nobody(rules))
    return made


def words_of(rules: RuleBook, lang: str) -> Words:
    """The words of the rules in a language: made once, for they look at every name."""
    key = f"words {lang}"
    made = rules.made.get(key)
    if not isinstance(made, Words):
        made = rules.made[key] = Words(rules.book, lang)
    return made


def _nobody(rules: RuleBook) -> Known:
    """What is known of nobody in particular: what inputs are by default."""
    made = rules.made.get("nobody")
    if not isinstance(made, Known):
        made = rules.made["nobody"] = known(rules.book, ())
    return made


def _about(named: Named, words: Words, nobody: Known) -> About:
    book, lang = words.book, words.lang
    type_ = type_of(named, book, nobody)
    cite = next((each.cite for each in reversed(book.rows.get(named.name, ())) if each.cite), "")
    if not cite:
        entry = next(iter(book.defines.get(named.name, ())), None)
        cite = cite_of(entry)
    typed = "" if type_ is None else said(type_).in_language(lang)
    return About(kind_of(named, words), typed, cite)


def kind_of(named: Named, words: Words) -> str:
    """The kind of a name in words; of a value, the name of its choice."""
    if named.kind == "value":
        return words.name(named.owner)
    token = _KEYWORDS.get(named.kind)
    if token is None:
        kinds = TEXTS.table("kinds")
        text: str = kinds[named.kind][words.lang]
        return text
    return vocabulary().keywords[token].spelling(words.lang)


def cite_of(entry: Entry | None) -> str:
    """The source of a definition, or of the version that it stands in."""
    if entry is None or not isinstance(entry.sentence, syntax.Define):
        return ""
    return entry.sentence.origin.cite or entry.version.cite


def type_of(named: Named, book: Book, nobody: Known | None = None) -> Type | None:
    """The type of an input, definition or param; None for what has none, or none that is known.

    `nobody` is what is known of nobody, if somebody has it.
    """
    nobody = nobody or known(book, ())
    try:
        if named.kind == "input":
            return Elaborator(Scope(book, BASE, None, {}, nobody.overrides)).fact_type(named.name)
        if named.kind == "param":
            elaborator = Elaborator(Scope(book, BASE, None, {}, nobody.overrides))
            rows = book.rows.get(named.name, ())[:1]
            return param_type(
                elaborator, named.name, [elaborator.expr(each.value, each.source) for each in rows]
            )
        if named.kind == "define":
            return _defined(named, book)
    except Refusal:
        return None
    return None


def _defined(named: Named, book: Book) -> Type:
    entry = book.defines[named.name][0]
    sentence = entry.sentence
    day, region = entry.version.since, entry.region
    scope = Scope(book, region, day, {region: (entry.version.name,)}, frozenset())
    elaborator = Elaborator(scope)
    if isinstance(sentence, syntax.Define) and sentence.type is not None:
        return elaborator.type_named(sentence.type, entry.source)
    written = Written(entry.source, syntax.Name(sentence.span, named.name))
    return elaborator.defined(named.name, written).type
