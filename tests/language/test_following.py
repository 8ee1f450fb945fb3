"""What may follow the beginning of a sentence, and texts that are unfinished."""

from copy import copy
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import UnexpectedToken

from tests.language.printed_pairs import PAIRS
from yibaolang.language.following import END, Following, expects_more, following
from yibaolang.language.lexer import Lexer, kept_lexer
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.language.tables import parser
from yibaolang.language.tokens import COMMA_BEFORE, GOES_ON, HAPPENS, Token
from yibaolang.language.unexpected import terminal_words
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.limits import LIMITS
from yibaolang.model.loading import Loader, prelude_names

ROOT = Path(__file__).resolve().parents[2]
FILES = [ROOT / "examples" / "tour.yb", *(ROOT / "examples" / "questions").glob("[a-d]*.yb")]
NAMES = frozenset({"年龄", "人员类别", "退休", "平均养老金", "门诊", "当年", "张三"})


def tokens_of(text: str) -> tuple[Token, ...]:
    read, problems = Lexer(vocabulary(), NAMES).sentences(Source.of("a.yb", text))
    assert problems == []
    return read[0].tokens if read else ()


def after(text: str) -> frozenset[str]:
    return following().after(tokens_of(text))


# ── what may follow ──


@pytest.mark.parametrize(
    ("text", "accepted", "denied"),
    [
        ("", "DATE NAME _CREDIT _IF _PERSON LPAR", f"BOOKED STRING _UNTIL RPAR {END}"),
        ("person", "NAME", f"_COLON STRING {END}"),
        ("person p:", "NAME _NOT _IN", f"_CREDIT {END}"),
        ("retired", f"_CREDIT _AND COMPARATOR _COMMA {END}", "NAME MONEY"),
        ("retired credit", "MONEY NAME _UNKNOWN", f"_CREDIT {END}"),
        ("retired credit 100元", f"_TO _MONTHLY PLUS _CITE _AS {END}", "MONEY NAME"),
        ("retired credit 100元 cite", "STRING", f"NAME {END}"),
        ("年龄>=70且退休，每月划入平均养老金的", "RATE NUMBER NAME LPAR", f"_CREDIT {END}"),
        ("param base | 基数: money", f"_EQUAL _CITE {END}", "NAME _COLON"),
        ("show credit", f"_OF _ON _IN _FROM _BY_MONTH {END}", "_CREDIT"),
        # A comma before a verb or a clause is a pause, and dropped.
        ("retired,", "_CREDIT NAME", f"_CITE {END}"),
        ("retired credit 100元,", "_TO _CITE _MONTHLY", f"NAME _OTHERWISE {END}"),
        ("bucket a,", "NAME", f"_CREDIT {END}"),
        # A date before what happens is the day of an event.
        ("2024-01-01", f"EVENT_ID NAME _CREDIT _VOID _OPENING MONEY COMPARATOR {END}", "_COLON"),
        ("2024-01-01,", "_CREDIT _TO", "EVENT_ID _VOID"),
        ("2024-01-01 门诊", "MONEY NUMBER _EQUAL _FOR", "_CREDIT"),
        ("| a |", f"NAME MINUS NUMBER {END}", "_CREDIT"),
    ],
)
def test_after(text: str, accepted: str, denied: str) -> None:
    found = after(text)
    assert set(accepted.split()) - found == set()
    assert found & set(denied.split()) == set()


@pytest.mark.parametrize("text", ["credit credit", "person person", "retired credit 100元 100元"])
def test_nothing_follows_what_is_no_sentence(text: str) -> None:
    assert after(text) == frozenset()


def test_every_terminal_has_words_for_a_reader() -> None:
    for text in ("", "person", "retired", "2024-01-01", "retired credit"):
        for terminal in after(text):
            assert terminal_words(terminal).en


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_every_beginning_of_a_sentence_is_followed_by_its_next_token(path: Path) -> None:
    loader = Loader()
    loader.file(str(path))
    source = Source.of(path.name, path.read_text("utf-8"))
    wrong = []
    for words in kept_lexer(frozenset(loader.names)).sentences(source)[0]:
        types = [each.type for each in words.tokens]
        for count, terminal in enumerate([*types, END] if types else []):
            found = following().after(words.tokens[:count])
            if {"BOOKED": "DATE"}.get(terminal, terminal) not in found:
                wrong.append((types, count))
    assert wrong == []


def accepted_by_lark(types: tuple[str, ...]) -> set[str]:
    """What Lark's own interactive parser says: slow, and it can only be asked without callbacks."""
    interactive = parser().lark.parse_interactive()
    conf = copy(interactive.parser_state.parse_conf)
    conf.callbacks = {}
    interactive.parser_state.parse_conf = conf
    try:
        for terminal in types:
            interactive.feed_token(Token(terminal, "", 0, 0))
    except UnexpectedToken:
        return set()
    return set(interactive.accepts())


@pytest.mark.parametrize("text", [english for english, _ in PAIRS])
def test_lark_says_the_same(text: str) -> None:
    (words,), problems = Lexer(vocabulary()).sentences(Source.of("a.yb", text))
    assert problems == []
    types = tuple(each.type for each in words.tokens)
    for count in {1, len(types) // 2, len(types) - 1, len(types)}:
        assert Following()._accepted_after(types[:count]) == accepted_by_lark(types[:count])


TERMINALS = st.sampled_from([*sorted(following().after(())), "_COMMA", "RPAR", "BOOKED", END])


@given(st.lists(TERMINALS, max_size=8), st.randoms(use_true_random=False))
def test_what_may_follow_can_stand_there_and_nothing_else(start: list[str], random: Random) -> None:
    """A walk over the tables: each step is one that was offered, and the walk never gets stuck."""
    tokens = [Token(each, "", 0, 0) for each in start]
    if following().after(tokens):
        for _ in range(20):
            offered = following().after(tokens) - {END}
            assert offered or END in following().after(tokens)
            if not offered:
                break
            tokens.append(Token(random.choice(sorted(offered)), "", 0, 0))
            if len(tokens) > 1 and tokens[0].type == "DATE" and tokens[1].type in HAPPENS:
                tokens[0] = Token("BOOKED", "", 0, 0)
            if len(tokens) > 1 and tokens[-1].type in COMMA_BEFORE and tokens[-2].type == "_COMMA":
                del tokens[-2]
            assert following().after(tokens)


def test_nothing_ends_in_a_token_that_goes_on() -> None:
    """So a text whose last token goes on is one that ends too early, for the parser too."""
    tables = parser().tables()
    ending = {
        terminal
        for row in tables.states.values()
        for terminal, (_, target) in row.items()
        if isinstance(target, int) and END in tables.states[target]
    }
    assert ending & GOES_ON == set()


# ── unfinished texts ──


@pytest.mark.parametrize(
    ("text", "unfinished"),
    [
        ("", False),
        ("\n\n", False),
        ("# a remark", False),
        ("retired credit 100元", False),
        ("retired credit", True),  # something is missing …
        ("retired credit # why", True),
        ("retired credit\n", False),  # … that a next line cannot give
        ("retired credit\n100元", False),
        ("bucket a,", True),
        ("bucket a,\n", True),
        ("bucket a, # why\n# and why\n", True),
        ("bucket a,\n \t\n", False),  # a blank line closes it
        ("bucket a,\n\u3000\n", False),
        ("bucket a,\n# why\n\n", False),
        ("bucket a\uff0c\n", True),
        ("年龄\u2265\n", True),
        ("年龄\u2265\u3002\n", True),
        ("定义 甲 = 取小(1,\n2", True),
        ("定义 甲 = 取小(1,\n2\n", True),  # an open bracket
        ("定义 甲 = 取小(1,\n2)\n", False),
        ("define a = 3)", False),
        ("define a =\n3\nbucket a,\n", True),
        ("credit credit\nbucket a,\n", False),  # another fault before
        ("retired credit\nbucket a,\n", False),
        ("bucket a,\nretired credit 1元\n", False),
        ("bucket a,\nregion b\n", False),
        ("credit credit", False),
        ('note "ask', False),
        ("bucket a; b,", False),
        ("年龄 >= 2024-02-30 且", False),  # no such date
        ("2024-01-01 ^e1", True),
        ("2024-01-01", False),
        ("2024-01-01 replace ^e1 with\n", True),
        ("张三的", True),
        ("张三的\n", True),
        ("| a | b", True),
        ("| a | b\n", False),
    ],
)
def test_expects_more(text: str, unfinished: bool) -> None:
    assert expects_more(text, NAMES) is unfinished


@given(st.sampled_from([text for pair in PAIRS for text in pair]), st.integers(0, 200))
def test_an_unfinished_text_has_one_fault_and_it_is_the_last_sentence(text: str, end: int) -> None:
    part = text[:end]
    names = prelude_names()
    problems = parse(Source.of("a.yb", part), names)[1]
    assert expects_more(part, names) is ([each.code for each in problems] == ["YB022"])
    assert not expects_more(part + "\n\n", names)
    assert not expects_more(part + "\nregion a", names)


def test_a_text_beyond_the_limit_is_not_unfinished() -> None:
    assert not expects_more("bucket a," + " " * LIMITS.source_bytes)
