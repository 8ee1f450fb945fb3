"""Types in the words of both languages, for diagnostics."""

from yibaolang.language.catalogue import Said
from yibaolang.model.values import Type, type_words


def said(type_: Type) -> Said:
    """A type in words."""
    return Said(en=type_words(type_, "en"), zh=type_words(type_, "zh"))
