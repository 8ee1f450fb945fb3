"""From a text to sentences of tokens: every literal, sign, phrase and line end."""

import pytest
from attrs import evolve

from yibaolang.language import lexer
from yibaolang.language.diagnostics import Diagnostic
from yibaolang.language.lexer import Lexer, Words, fold
from yibaolang.language.parser import parse
from yibaolang.language.source import Source
from yibaolang.language.tokens import Token
from yibaolang.language.vocabulary import vocabulary
from yibaolang.model.limits import LIMITS


def read(text: str, *names: str) -> tuple[list[Words], list[Diagnostic]]:
    return Lexer(vocabulary(), names).sentences(Source.of("a.yb", text))


def tokens(text: str, *names: str) -> list[tuple[str, str, int, int]]:
    """The tokens of the one sentence of a text."""
    (words,), problems = read(text, *names)
    assert problems == []
    return [(each.type, each.value, each.start_pos, each.end_pos) for each in words.tokens]


def types(text: str, *names: str) -> str:
    return " ".join(each[0] for each in tokens(text, *names))


def sentence_types(text: str) -> list[str]:
    return [" ".join(each.type for each in words.tokens) for words in read(text)[0]]


def problems_of(text: str) -> list[tuple[str, tuple[int, int], dict[str, object]]]:
    found = []
    for each in read(text)[1]:
        assert each.place is not None
        found.append((each.code, each.place.span, dict(each.arguments)))
    return found


# ── full width ──


def test_full_width_digits_and_signs_have_ascii_values_and_their_own_offsets() -> None:
    text = "\uff12\uff0e\uff15\uff05\uff0a\uff08\u5e74\u9f84\uff0b\uff11\uff09"
    assert [ord(character) for character in text[:4]] == [0xFF12, 0xFF0E, 0xFF15, 0xFF05]
    assert tokens(text, "\u5e74\u9f84") == [
        ("RATE", "2.5%", 0, 4),
        ("STAR", "*", 4, 5),
        ("LPAR", "(", 5, 6),
        ("NAME", "\u5e74\u9f84", 6, 8),
        ("PLUS", "+", 8, 9),
        ("NUMBER", "1", 9, 10),
        ("RPAR", ")", 10, 11),
    ]


@pytest.mark.parametrize(
    ("wide", "plain"),
    [
        ("\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19", "0123456789"),
        ("\uff0c\u3001\uff1b\uff1a", ",,;:"),
        ("\uff08\uff09\uff3b\uff3d", "()[]"),
        ("\uff05\uff0b\uff0d\u2212\uff1d\uff1e\uff1c", "%+--=><"),
        ("\uff0e\uff0f\uff0a\uff5c\uffe5\uff03\uff01\uff3e", "./*|\u00a5#!^"),
        ("\u201c\u201d\u00d7\u00f7\u3000", '""*/ '),
    ],
)
def test_twins(wide: str, plain: str) -> None:
    assert fold(wide) == plain
    assert len(wide) == len(plain)


def test_offsets_are_those_of_the_text_as_written_where_lines_are_wide() -> None:
    text = "# \uff11\uff12\n\u9000\u4f11\uff0c\u6bcf\u6708\u5212\u5165\uff11\uff10\uff10\u5143\n"
    (words,), _ = read(text, "\u9000\u4f11")
    money = words.tokens[-1]
    assert (money.type, money.value) == ("MONEY", "100\u5143")
    assert text[money.start_pos : money.end_pos] == "\uff11\uff10\uff10\u5143"


@pytest.mark.parametrize("letter", ["\uff21", "\uff5a", "\uff3f"])
def test_full_width_letters_are_refused(letter: str) -> None:
    point = f"U+{ord(letter):04X}"
    assert problems_of(f"age{letter} credit 1元") == [
        ("YB010", (3, 4), {"character": letter, "point": point})
    ]


@pytest.mark.parametrize("digit", ["\u0661", "\u09e7", "\u2460", "\U0001d7cf"])
def test_digits_of_other_scripts_are_refused(digit: str) -> None:
    assert [each[0] for each in problems_of(f"credit {digit}元")] == ["YB010"]


# ── literals ──


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2024-01-01", "DATE"),
        ("2024年1月1日", "DATE"),
        ("2024年12月31日", "DATE"),
        ("2024-13-45", "DATE"),
        ("2024-01", "MONTH"),
        ("2024年1月", "MONTH"),
        ("01-01", "MONTHDAY"),
        ("1月1日", "MONTHDAY"),
        ("12月31日", "MONTHDAY"),
        ("20日", "DAY"),
        ("1900年", "YEAR"),
        ("2022年", "YEAR"),
        ("2200年", "YEAR"),
        ("2201年", "DURATION"),
        ("1899年", "DURATION"),
        ("25年", "DURATION"),
        ("1.5年", "DURATION"),
        ("21年6个月", "DURATION"),
        ("3个月", "DURATION"),
        ("30天", "DURATION"),
        ("70岁", "DURATION"),
        ("70周岁", "DURATION"),
        ("100元", "MONEY"),
        ("100.05元", "MONEY"),
        ("1.5万元", "MONEY"),
        ("\u00a5100", "MONEY"),
        ("\u00a51.5", "MONEY"),
        ("2.5%", "RATE"),
        ("3\u2030", "RATE"),
        ("1/12", "RATE"),
        ("1/0", "RATE"),
        ("70", "NUMBER"),
        ("100.05", "NUMBER"),
        ("age", "NAME"),
        ("_x9", "NAME"),
        ('"a # b"', "STRING"),
        ("\u300c每月\u300d", "NAME"),
    ],
)
def test_one_literal_is_one_token(text: str, kind: str) -> None:
    assert types(text) == kind
    assert tokens(text)[0][2:] == (0, len(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022年平均养老金", "YEAR NAME"),
        ("每月20日划入", "_MONTHLY DAY _CREDIT"),
        ("2024年1月1日至2024年12月31日", "DATE _UNTIL DATE"),
        ("自2024-01-01至2024-06-30", "_SINCE DATE _UNTIL DATE"),
        ("0..150", "NUMBER DOTDOT NUMBER"),
        ("..200元", "DOTDOT MONEY"),
        ("[60, 70)", "LSQB NUMBER _COMMA NUMBER RPAR"),
        ("a||b|c", "NAME DOUBLE_PIPE NAME PIPE NAME"),
        ("a>=1", "NAME COMPARATOR NUMBER"),
        ("a=1", "NAME _EQUAL NUMBER"),
        ("x's y", "NAME _DE NAME"),
        ("100元-5元", "MONEY MINUS MONEY"),
        ("10-5", "NUMBER MINUS NUMBER"),
        ("1 / 12", "NUMBER SLASH NUMBER"),
        ("1/12 of x", "RATE _OF NAME"),
        ("30 years", "NUMBER YEARS"),
    ],
)
def test_where_tokens_touch(text: str, expected: str) -> None:
    assert types(text, "平均养老金") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/2/3", "NUMBER SLASH NUMBER SLASH NUMBER"),
        ("1400元/12/2", "MONEY SLASH NUMBER SLASH NUMBER"),
        ("1400元 / 12/2", "MONEY SLASH NUMBER SLASH NUMBER"),
        ("1400元\u00f712/2", "MONEY SLASH NUMBER SLASH NUMBER"),
        ("1400元 / (12/2)", "MONEY SLASH LPAR RATE RPAR"),
        ("1400元 * 1/2", "MONEY STAR RATE"),
    ],
)
def test_divisions_go_from_the_left(text: str, expected: str) -> None:
    """After a division sign, 12/2 is not a fraction but two divisions."""
    assert types(text) == expected


def test_comparisons_have_one_value_whatever_their_sign() -> None:
    assert [each[1] for each in tokens("\u2265\u2264\u2260>=<=!=")] == [">=", "<=", "!="] * 2


def test_a_string_keeps_what_is_in_it() -> None:
    assert tokens('"\uff0c\uff11 a"')[0][:2] == ("STRING", "\uff0c\uff11 a")
    assert tokens("\u201c张三\u201d")[0][:2] == ("STRING", "张三")


# ── phrases ──


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("of last year", "_OF_LAST_YEAR"),
        ("of \t last\tyear", "_OF_LAST_YEAR"),
        ("of last years", "_OF NAME YEARS"),
        ("of lastyear", "_OF NAME"),
        ("of year before last", "_OF_YEAR_BEFORE_LAST"),
        ("of year", "_OF YEARS"),
        ("of table t", "_OF_TABLE NAME"),
        ("on day 20", "_ON_DAY NUMBER"),
        ("on days", "_ON DAYS"),
        ("last of last month", "_LAST_OF_LAST_MONTH"),
        ("last of month", "_LAST_OF_MONTH"),
        ("until first of next month", "_UNTIL_NEXT_MONTH"),
        ("until first of month", "_UNTIL _FIRST_OF_MONTH"),
        ("prorated from month of x", "_PRORATED_OF NAME"),
        ("prorated from month after x", "_PRORATED_AFTER NAME"),
        ("net credit", "_NET_CREDIT"),
        ("net", "NAME"),
        ("by month", "_BY_MONTH"),
        ("bymonth", "NAME"),
        ("by month_", "NAME NAME"),
        ("except when", "_EXCEPT_WHEN"),
        ("上上年x", "_OF_YEAR_BEFORE_LAST NAME"),
    ],
)
def test_the_longest_phrase_wins(text: str, expected: str) -> None:
    assert types(text) == expected


def test_a_phrase_does_not_go_over_a_line() -> None:
    assert sentence_types("net\ncredit") == ["NAME", "_CREDIT"]


# ── lines ──


def test_a_line_is_a_sentence() -> None:
    assert sentence_types("a\n\nb\n") == ["NAME", "NAME"]


@pytest.mark.parametrize(
    "end",
    [
        ",", "\uff0c", "\u3001", ":", "=", ">=", "+", "-", "*", "/", "(", "[", "and", "or", "not",
        "of", "if", "gives", "on top of", "including", "且", "的", "'s",
    ],
)  # fmt: skip
def test_a_line_goes_on_after_an_operator_or_comma(end: str) -> None:
    assert len(sentence_types(f"a {end}\nb")) == 1
    assert len(sentence_types(f"a {end}  # why\nb")) == 1


@pytest.mark.parametrize("end", ["credit", "..", "|", ")", "100元", '"x"', "on", "since"])
def test_a_line_ends_after_anything_else(end: str) -> None:
    assert len(sentence_types(f"a {end}\nb")) == 2


def test_an_open_parenthesis_joins_lines_until_it_is_closed() -> None:
    assert sentence_types("x (\n1\n+ 2\n)\ny") == ["NAME LPAR NUMBER PLUS NUMBER RPAR", "NAME"]
    assert sentence_types("x [1,\n 2)\ny") == ["NAME LSQB NUMBER _COMMA NUMBER RPAR", "NAME"]


def test_a_blank_line_ends_what_hangs() -> None:
    assert sentence_types("a +\n\nb") == ["NAME PLUS", "NAME"]
    assert sentence_types("(a\n\nb") == ["LPAR NAME", "NAME"]


@pytest.mark.parametrize(
    "word", ["region", "since", "define", "param", "test", "show", "also", "定义"]
)
def test_a_declaration_ends_what_hangs(word: str) -> None:
    first, second = sentence_types(f"credit (1元 +\n{word} x")
    assert (first, len(second.split())) == ("_CREDIT LPAR MONEY PLUS", 2)


def test_a_comma_before_a_verb_or_clause_is_only_a_pause() -> None:
    assert types("退休\uff0c每月划入", "退休") == "NAME _MONTHLY _CREDIT"
    assert types('x, credit 1元, to y, because "z"') == (
        "NAME _CREDIT MONEY _TO NAME _BECAUSE STRING"
    )
    assert types("x, y") == "NAME _COMMA NAME"


def test_a_chinese_full_stop_says_nothing() -> None:
    assert types("划入5元\u3002") == "_CREDIT MONEY"
    assert read("\u3002\n") == ([], [])


def test_carriage_returns_are_line_ends() -> None:
    assert sentence_types("a\r\nb\rc") == ["NAME"] * 3


# ── comments ──


def comments(text: str) -> list[tuple[tuple[str, ...], int, str]]:
    return [(words.above, len(words.tokens), words.trailing) for words in read(text)[0]]


def test_comments_above_and_after_a_sentence() -> None:
    text = "# one\n\n\n#two\na # three  \nb\n# end\n"
    assert comments(text) == [
        (("# one", "", "#two"), 1, "# three"),
        ((), 1, ""),
        (("# end",), 0, ""),
    ]


def test_comments_inside_a_sentence_that_goes_on() -> None:
    assert comments("a,  # first\n# between\nb # last") == [(("# between", "# last"), 3, "# first")]
    assert comments("a (  # in\n1) # out") == [(("# in",), 4, "# out")]


def test_a_full_width_number_sign_begins_a_comment() -> None:
    assert comments("a \uff03\uff11") == [((), 1, "\uff03\uff11")]


def test_a_comment_may_hold_what_a_sentence_may_not() -> None:
    assert read('# ; $ \uff21 "\na')[1] == []


# ── what cannot be read ──


@pytest.mark.parametrize(
    ("text", "code", "span", "arguments"),
    [
        ("ab\u200bc", "YB004", (2, 3), {"character": "U+200B"}),
        ("ab \ufeff", "YB004", (3, 4), {"character": "U+FEFF"}),
        ("\u202eab", "YB004", (0, 1), {"character": "U+202E"}),
        ("a\u2066b", "YB004", (1, 2), {"character": "U+2066"}),
        ("a\x00", "YB004", (1, 2), {"character": "U+0000"}),
        ('note "a', "YB006", (5, 7), {}),
        ("a; b", "YB009", (1, 2), {}),
        ("a\uff1bb", "YB009", (1, 2), {}),
        ("credit $5", "YB010", (7, 8), {"character": "$", "point": "U+0024"}),
        ("\u00e9", "YB010", (0, 1), {"character": "\u00e9", "point": "U+00E9"}),
        ("a\u0301", "YB010", (1, 2), {"character": "\u0301", "point": "U+0301"}),
        ("a ! b", "YB010", (2, 3), {"character": "!", "point": "U+0021"}),
        ("5 %", "YB010", (2, 3), {"character": "%", "point": "U+0025"}),
        ("\u300cage", "YB010", (0, 1), {"character": "\u300c", "point": "U+300C"}),
        ("since 2024/1/9", "YB011", (6, 14), {"date": "2024-01-09", "text": "2024/1/9"}),
        ("credit 100yuan", "YB012", (7, 14), {"text": "100yuan"}),
        ("credit 1e5", "YB012", (7, 10), {"text": "1e5"}),
        ("credit 1.2.3", "YB012", (7, 12), {"text": "1.2.3"}),
        ("credit 0x10", "YB012", (7, 11), {"text": "0x10"}),
        ("\u300c\u300d", "YB013", (0, 2), {"name": ""}),
        ("define \u300c应缴 年限\u300d", "YB013", (7, 14), {"name": "应缴 年限"}),
    ],
)
def test_what_cannot_be_read(
    text: str, code: str, span: tuple[int, int], arguments: dict[str, object]
) -> None:
    assert problems_of(text) == [(code, span, arguments)]


def test_a_cut_in_two_ways_shows_both() -> None:
    _, (problem,) = read("当年工资", "当年", "工资", "年工资")
    assert problem.code == "YB005"
    assert dict(problem.arguments) == {"run": "当年工资", "one": "当 年工资", "two": "当年 工资"}


def test_a_bad_sentence_costs_one_diagnostic_and_the_rest_is_read() -> None:
    text = "define a = $1 ; 100yuan\nretired credit 5元\n; \u200b\ncredit 6元"
    document, problems = parse(Source.of("a.yb", text))
    assert [(each.code, each.place.line) for each in problems if each.place] == [
        ("YB010", 1),
        ("YB009", 3),
    ]
    assert len(document.sentences) == 2


def test_an_open_quote_ends_with_its_line() -> None:
    document, problems = parse(Source.of("a.yb", 'note "open\nretired credit 5元'))
    assert [each.code for each in problems] == ["YB006"]
    assert len(document.sentences) == 1


# ── limits ──


def test_a_string_at_the_limit_and_one_past_it() -> None:
    inside = "\u5143" * (LIMITS.string_bytes // 3)
    fill = "a" * (LIMITS.string_bytes - 3 * len(inside))
    assert problems_of(f'note "{inside}{fill}"') == []
    assert [each[0] for each in problems_of(f'note "{inside}{fill}a"')] == ["YB008"]


def test_parentheses_at_the_limit_and_one_past_it() -> None:
    deep = LIMITS.nesting
    assert problems_of("(" * deep + "x" + ")" * deep) == []
    ((code, span, arguments),) = problems_of("(" * (deep + 1) + "x" + ")" * (deep + 1))
    assert (code, span, arguments) == ("YB007", (deep, deep + 1), {"limit": deep})


def test_parentheses_beside_each_other_are_not_deep() -> None:
    assert problems_of("(x) + " * 200 + "(x)") == []


def test_tokens_at_the_limit_and_one_past_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexer, "LIMITS", evolve(LIMITS, tokens=6))
    assert sentence_types("a b\n# c\nc d e f\n# end") == ["NAME NAME", "NAME NAME NAME NAME", ""]
    done, (problem,) = read("a b\nc d e f\ng $\nh")
    assert done == []
    assert (problem.code, dict(problem.arguments)) == ("YB026", {"limit": 6})
    assert problem.place is not None
    assert problem.place.start == (3, 1)


def test_one_sentence_past_the_limit_of_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexer, "LIMITS", evolve(LIMITS, tokens=3))
    document, (problem,) = parse(Source.of("a.yb", "1 + 2 + 3"))
    assert document.sentences == ()
    assert problem.place is not None
    assert (problem.code, problem.place.span) == ("YB026", (6, 7))


def test_a_token_shows_its_terminal() -> None:
    assert repr(Token("NAME", "age", 0, 3)) == "NAME('age')"


# ── events ──


@pytest.mark.parametrize("name", ["e2", "2024-001", "-", "_a-B_", "a" * 64])
@pytest.mark.parametrize("mark", ["^", "\uff3e"])
def test_the_id_of_an_event(mark: str, name: str) -> None:
    assert tokens(mark + name) == [("EVENT_ID", name, 0, len(name) + 1)]


@pytest.mark.parametrize(
    ("text", "end"), [("^", 1), ("^ e2", 1), ("^门诊", 1), ("^" + "a" * 65, 66), ("^^e2", 1)]
)
def test_what_is_no_id(text: str, end: int) -> None:
    assert problems_of(text) == [("YB027", (0, end), {"text": text[:end]})]


def test_an_id_ends_where_chinese_begins() -> None:
    assert types("作废^e3生效于2024-02-11") == "_VOID EVENT_ID _EFFECTIVE DATE"
    assert types("期望\uff3ee\uff12的x") == "_EXPECT EVENT_ID _DE NAME"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2024-01-09 ^e2 drugs 5元", "BOOKED"),
        ("2024-01-09 drugs 5元", "BOOKED"),
        ("2024-01-09\uff0c划入5元", "BOOKED"),
        ("2024年1月9日从当年调整5元", "BOOKED"),
        ("2024-01-09 not retired", "BOOKED"),
        ("2024-01-09 5元", "DATE"),
        ("2024-01-09 until 2024-02-01 5元", "DATE"),
        ("2024-01-09 unknown", "DATE"),
        ("2024-01-09 <= today credit 5元", "DATE"),
        ("2024-01-09", "DATE"),
        ("2024-01 credit 5元", "MONTH"),
    ],
)
def test_a_date_is_the_day_of_an_event_before_what_happens(text: str, first: str) -> None:
    assert tokens(text)[0][0] == first


def test_only_the_first_date_of_a_line_is_that_of_an_event() -> None:
    assert types("since 2024-01-09 retired") == "_SINCE DATE NAME"
    assert sentence_types("2024-01-09 void ^e2\n2024-01-10 retired") == [
        "BOOKED _VOID EVENT_ID", "BOOKED NAME",
    ]  # fmt: skip


def test_a_comma_before_a_clause_of_an_event_is_a_pause() -> None:
    text = "drugs 5元, at x, eligible 4元, including y 1元, with z, effective 2024-01-01"
    assert types(text) == (
        "NAME MONEY _AT NAME _ELIGIBLE MONEY _INCLUDING NAME MONEY _WITH NAME _EFFECTIVE DATE"
    )


def test_a_ledger_begins_a_sentence_though_the_line_before_would_go_on() -> None:
    assert sentence_types("2024-01-01 drugs 5元,\nledger from 2024-01-01") == [
        "BOOKED NAME MONEY _COMMA", "_LEDGER _FROM DATE",
    ]  # fmt: skip
    assert sentence_types("replace ^e2 with\nretired") == ["_REPLACE EVENT_ID _WITH NAME"]
