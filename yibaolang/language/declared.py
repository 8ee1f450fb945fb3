"""The names that a text declares, found before it is read.

Chinese is cut by declared names, and a name may be used above its declaration, so the names are
collected by a scan over the lines that declare. The scan need not be exact: the parser decides.
"""

import re
from collections.abc import Iterator

from yibaolang.language.lexer import HAN, fold
from yibaolang.language.vocabulary import Vocabulary

_LISTS = ("CHOICE", "CATEGORY", "BUCKET")
_SINGLE = ("INPUT", "DEFINE", "PARAM", "TABLE", "REGION", "PERSON", "INCLUDE")
_COVERS = ("COVER", "ALLOW")
_AFTER_COUNTER = (
    "ABOVE", "AT_MOST", "UP_TO", "COUNTING_COST", "COUNTING_PAYMENT", "EXCEPT_LINES", "THEN",
    "FROM", "FOR", "CITE", "ATTESTED", "BECAUSE",
)  # fmt: skip
_COMMENT = re.compile(r"#[^\n]*")
_NAME = re.compile(rf"[{HAN}]+")
_QUOTED = re.compile(rf"\u300c([{HAN}A-Za-z0-9_]+)\u300d")
_STRING = re.compile(r'"[^"\n]*"')
_GOES_ON = r"[^#\n]*[,:][ \t]*(?:#[^\n]*)?\n"


def declared_names(text: str, vocabulary: Vocabulary) -> frozenset[str]:
    """The Chinese names that a text declares: by declarations, and as counters and further funds.

    >>> from yibaolang.language.vocabulary import vocabulary
    >>> sorted(declared_names("define years_needed | 应缴年限 = 30年 if male", vocabulary()))
    ['应缴年限']
    >>> sorted(declared_names("选项 人员类别：在职，退休", vocabulary()))
    ['人员类别', '在职', '退休']
    >>> sorted(declared_names("报销门诊的60%，超过200元每年度作为起付线，再大额80%", vocabulary()))
    ['大额', '起付线']
    """
    text = fold(text)
    found = set(_counters_and_funds(text, vocabulary))
    under = _spellings(vocabulary, ("UNDER",))
    for line in _pattern(vocabulary).finditer(text):
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


def _counters_and_funds(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """The names after `as` and, with a rate behind them, after `then` in rules that count."""
    verbs = _spellings(vocabulary, _COVERS)
    ends, of = (_spellings(vocabulary, tokens) for tokens in (_AFTER_COUNTER, ("DE",)))
    counter, fund = (_spellings(vocabulary, (token,)) for token in ("AS", "THEN"))
    named = re.compile(
        rf"(?:{counter}|{fund})[ \t]*{_QUOTED.pattern}"
        rf"|(?:{counter})[ \t]*((?:(?!{ends})[{HAN}])+)"
        rf"|(?:{fund})[ \t]*((?:(?!{ends}|{of})[{HAN}])+)[ \t]*(?=[0-9])"
    )
    rules = re.compile(rf"^[^#\n]*(?:{verbs})(?:{_GOES_ON})*[^#\n]*", re.MULTILINE)
    for rule in rules.finditer(text):
        said = _STRING.sub('""', _COMMENT.sub("", rule.group()))
        yield from (name for names in named.findall(said) for name in names if name)


def _spellings(vocabulary: Vocabulary, tokens: tuple[str, ...]) -> str:
    keywords = [vocabulary.keywords[token] for token in tokens]
    words = [word for keyword in keywords for word in (*keyword.zh, *keyword.en)]
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _pattern(vocabulary: Vocabulary) -> re.Pattern[str]:
    lists, single = _spellings(vocabulary, _LISTS), _spellings(vocabulary, _SINGLE)
    return re.compile(
        rf"^[ \t]*(?:(?P<list>{lists})|(?:{single}))(?P<rest>(?:{_GOES_ON})*[^#\n]*)",
        re.MULTILINE,
    )
