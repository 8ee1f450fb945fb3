"""The language that a command answers in."""

import os
from collections.abc import Mapping, Sequence

LANGUAGES = ("en", "zh")


def chosen(arguments: Sequence[str], environ: Mapping[str, str] = os.environ) -> str:
    """The language for what is said before the arguments are understood.

    >>> chosen(["--help", "--lang", "zh"], {}), chosen([], {"LANG": "zh_CN.UTF-8"}), chosen([], {})
    ('zh', 'zh', 'en')
    """
    for index, each in enumerate(arguments):
        value = each.removeprefix("--lang=")
        if each == "--lang":
            value = arguments[index + 1] if index + 1 < len(arguments) else ""
        if each.startswith("--lang") and value in LANGUAGES:
            return value
    return set_by_user(environ) or of_locale(environ)


def set_by_user(environ: Mapping[str, str] = os.environ) -> str:
    """The language of YIBAO_LANG, or "" if it is not set to one that there is.

    >>> set_by_user({"YIBAO_LANG": "zh_CN"}), set_by_user({"YIBAO_LANG": "fr"})
    ('zh', '')
    """
    value = environ.get("YIBAO_LANG", "").lower()[:2]
    return value if value in LANGUAGES else ""


def of_locale(environ: Mapping[str, str] = os.environ) -> str:
    """The language of the locale: "zh" if it is Chinese, else "en"."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return "zh" if environ[name].lower().startswith("zh") else "en"
    return "en"


def of_text(text: str) -> str:
    """The language that a text is written in."""
    from yibaolang.language.formatting import language_of
    from yibaolang.language.source import Source
    from yibaolang.model.loading import prelude_names

    return language_of(Source.of("text", text), prelude_names())
