"""The words of sessions in both languages: texts.toml, read when one is needed."""

import os
from collections.abc import Iterable

from yibaolang.report.texts import Texts

TEXTS = Texts(os.path.join(os.path.dirname(__file__), "texts.toml"))
say = TEXTS.say
count_of = TEXTS.count_of


def titles(keys: Iterable[str], lang: str) -> tuple[str, ...]:
    """What the columns of a session's tables are called.

    >>> titles(["setting", "value"], "zh")
    ('设置', '值')
    """
    known = TEXTS.table("titles")
    return tuple(known[key][lang] for key in keys)
