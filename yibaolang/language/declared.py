"""The names that a text declares, found before it is read.

Chinese is cut by declared names, and a name may be used above its declaration, so the names are
collected by a scan over the lines that declare. The scan need not be exact: the parser decides.
"""

import re

from yibaolang.language.lexer import HAN, fold
from yibaolang.language.vocabulary import Vocabulary

_LISTS = ("CHOICE", "CATEGORY", "BUCKET")
_SINGLE = ("INPUT", "DEFINE", "PARAM", "TABLE", "REGION", "PERSON", "INCLUDE")
_COMMENT = re.compile(r"#[^\n]*")
_NAME = re.compile(rf"[{HAN}]+")
_QUOTED = re.compile(rf"\u300c([{HAN}A-Za-z0-9_]+)\u300d")


def declared_names(text: str, vocabulary: Vocabulary) -> frozenset[str]:
    """The Chinese names that the declarations of a text declare.

    >>> from yibaolang.language.vocabulary import vocabulary
    >>> sorted(declared_names("define years_needed | 应缴年限 = 30年 if male", vocabulary()))
    ['应缴年限']
    >>> sorted(declared_names("选项 人员类别：在职，退休", vocabulary()))
    ['人员类别', '在职', '退休']
    """
    found: set[str] = set()
    under = _spellings(vocabulary, ("UNDER",))
    for line in _pattern(vocabulary).finditer(fold(text)):
        rest = _COMMENT.sub("", line["rest"])
        if line["list"]:
            pieces = re.split(r"[|,:\n]", rest)
        else:
            head = re.split(r"[:=\n]", rest, maxsplit=1)[0]
            pieces = [re.split(under, piece)[0] for piece in head.split("|")]
        for piece in pieces:
            name = _NAME.match(piece.strip())
            if name:
                found.add(name.group())
            found.update(_QUOTED.findall(piece))
    return frozenset(found)


def _spellings(vocabulary: Vocabulary, tokens: tuple[str, ...]) -> str:
    keywords = [vocabulary.keywords[token] for token in tokens]
    words = [word for keyword in keywords for word in (*keyword.zh, *keyword.en)]
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _pattern(vocabulary: Vocabulary) -> re.Pattern[str]:
    lists, single = _spellings(vocabulary, _LISTS), _spellings(vocabulary, _SINGLE)
    goes_on = r"[^#\n]*[,:][ \t]*(?:#[^\n]*)?\n"
    return re.compile(
        rf"^[ \t]*(?:(?P<list>{lists})|(?:{single}))(?P<rest>(?:{goes_on})*[^#\n]*)",
        re.MULTILINE,
    )
