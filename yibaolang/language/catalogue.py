"""What every diagnostic says, in English and in Chinese: the entries of catalogue.toml.

In a text, ``{name}`` stands for the argument `name` of a diagnostic; any other brace is itself.
"""

import re
from functools import cache

from attrs import field, frozen, validators

_FIELD = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_SEVERITIES = {"error": "错误", "warning": "警告", "note": "说明"}
_TEXT = validators.instance_of(str)
_FILLED_TEXT = validators.and_(_TEXT, validators.min_len(1))


@frozen
class Entry:
    """One kind of diagnostic; `severity` is "error", "warning" or "note", "" means not given."""

    code: str
    severity: str = field(validator=validators.in_(_SEVERITIES))
    en: str = field(validator=_FILLED_TEXT)
    zh: str = field(validator=_FILLED_TEXT)
    hint_en: str = field(default="", validator=_TEXT)
    hint_zh: str = field(default="", validator=_TEXT)
    wrong: str = field(default="", validator=_TEXT)
    right: str = field(default="", validator=_TEXT)


@frozen
class Said:
    """The same words in both languages.

    >>> Said(en="a date", zh="日期").in_language("zh")
    '日期'
    """

    en: str
    zh: str

    def in_language(self, lang: str) -> str:
        """The words in "en" or "zh"; ValueError for any other language."""
        return choose(self.en, self.zh, lang)


@frozen
class Catalogue:
    """Entries by code and labels by key."""

    entries: dict[str, Entry]
    labels: dict[str, Said]


def choose(en: str, zh: str, lang: str) -> str:
    """The text of the language.

    >>> choose("age", "年龄", "fr")
    Traceback (most recent call last):
    ValueError: messages are in 'en' and 'zh', not in 'fr'
    """
    if lang == "en":
        return en
    if lang == "zh":
        return zh
    raise ValueError(f"messages are in 'en' and 'zh', not in {lang!r}")


def read_catalogue(text: str) -> Catalogue:
    """The catalogue that a TOML text holds.

    Raises tomllib.TOMLDecodeError, or TypeError and ValueError for an entry with a missing key,
    an unknown key or an unknown severity.

    >>> text = '[YB9]\\nseverity = "note"\\nen = "so"\\nzh = "如此"'
    >>> read_catalogue(text).entries["YB9"].zh
    '如此'
    """
    import tomllib

    tables = tomllib.loads(text)
    labels = {key: Said(**words) for key, words in tables.pop("labels", {}).items()}
    return Catalogue({code: Entry(code, **keys) for code, keys in tables.items()}, labels)


@cache
def shipped() -> Catalogue:
    """The catalogue of the package, read once, when the first message is needed."""
    from pathlib import Path

    return read_catalogue(Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8"))


def entry(code: str) -> Entry:
    """The entry of a code.

    >>> entry("YB101").severity
    'error'
    >>> entry("YB000000")
    Traceback (most recent call last):
    KeyError: 'there is no diagnostic YB000000 in the catalogue'
    """
    entries = shipped().entries
    if code not in entries:
        raise KeyError(f"there is no diagnostic {code} in the catalogue")
    return entries[code]


def codes() -> tuple[str, ...]:
    """Every code, in the order of the catalogue."""
    return tuple(shipped().entries)


def label(key: str, lang: str) -> str:
    """The words beside a secondary span; KeyError for a key that is not in the catalogue."""
    labels = shipped().labels
    if key not in labels:
        raise KeyError(f"there is no label {key} in the catalogue")
    return labels[key].in_language(lang)


def fields(text: str) -> frozenset[str]:
    """The arguments that a text names.

    >>> sorted(fields("no {name}; did you mean {suggestion}?"))
    ['name', 'suggestion']
    """
    return frozenset(_FIELD.findall(text))


def fill(text: str, arguments: dict[str, str]) -> str:
    """The text with its arguments in place; KeyError if it names one that is not there.

    >>> fill("no {name} in {}", {"name": "{age}"})
    'no {age} in {}'
    >>> fill("no {name}", {})
    Traceback (most recent call last):
    KeyError: 'name'
    """
    return _FIELD.sub(lambda match: arguments[match.group(1)], text)


def heading(severity: str, code: str, lang: str) -> str:
    """Severity and code, as a message begins: "error[YB101]".

    >>> heading("warning", "YB7", "zh")
    '警告[YB7]'
    """
    return f"{choose(severity, _SEVERITIES[severity], lang)}[{code}]"


def colon(lang: str) -> str:
    """What stands between a word and what it announces."""
    return choose(": ", "\uff1a", lang)


def hint_word(lang: str) -> str:
    """The word before a hint."""
    return choose("hint", "提示", lang)


def meaning_of(code: str, lang: str) -> str:
    """The message of a code without what it is about; KeyError if unknown.

    >>> meaning_of("YB101", "en")
    "I don't know the name …"
    """
    said = entry(code)
    return _FIELD.sub("…", choose(said.en, said.zh, lang))


def explain_code(code: str, lang: str) -> str:
    """All that the catalogue says of a code, as `yibao explain` prints it; KeyError if unknown.

    >>> explain_code("YB101", "en").startswith("error[YB101]: ")
    True
    """
    said = entry(code)
    hint = _FIELD.sub("…", choose(said.hint_en, said.hint_zh, lang))
    lines = [heading(said.severity, code, lang) + colon(lang) + meaning_of(code, lang)]
    if hint:
        lines.append(hint_word(lang) + colon(lang) + hint)
    for title, example in (
        (choose("wrong", "错误写法", lang), said.wrong),
        (choose("right", "正确写法", lang), said.right),
    ):
        if example:
            shown = (f"  {line}".rstrip() for line in example.strip("\n").split("\n"))
            lines += ["", (title + colon(lang)).rstrip(), *shown]
    return "\n".join(lines)
