"""Types in the words of the vocabulary, for diagnostics."""

from yibaolang.language.catalogue import Said
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.values import Type


def said(type_: Type) -> Said:
    """A type in the words that declare it; a choice with its name.

    >>> from yibaolang.model.values import MONTHS, choice_type
    >>> said(MONTHS).zh, said(choice_type("status")).en
    ('期限', 'choice status')
    """
    words = vocabulary()
    keyword = words.keywords["CHOICE"] if type_.choice else words.types[type_.kind]
    en, zh = (f"{keyword.spelling(lang)} {type_.choice}".rstrip() for lang in ("en", "zh"))
    return Said(en=en, zh=zh)
