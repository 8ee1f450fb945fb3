import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibaolang.language.suggest import suggestions


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("avg_pensoin", ["avg_pension"], ("avg_pension",)),  # swapped
        ("pension", ["pensions", "pensio", "Pension"], ("Pension", "pensions", "pensio")),
        ("AGE", ["age"], ("age",)),
        ("aeg", ["age"], ("age",)),
        ("cover", ["cobra"], ()),  # three slips
        ("cover", ["cozer", "cozzr"], ("cozer", "cozzr")),
        ("abcd", ["abxy", "abcx"], ("abcx",)),  # short: one slip
        ("x", ["y", "xy"], ("xy",)),  # nothing shared with y
        ("年岭", ["年龄", "年限", "性别"], ("年龄", "年限")),
        ("养老经", ["养老金", "平均养老金"], ("养老金",)),
        ("平均养金老", ["平均养老金"], ("平均养老金",)),
        ("本人养老", ["本人养老金", "本人", "养老"], ("本人养老金", "本人", "养老")),
        ("age", ["age", "ages"], ("ages",)),  # never the name itself
        ("", ["a"], ()),
        ("age", [], ()),
    ],
)
def test_suggestions(name: str, known: list[str], expected: tuple[str, ...]) -> None:
    assert suggestions(name, known) == expected


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("pjylj", ["年龄", "平均养老金", "平均工资"], ("平均养老金",)),
        ("PJYLJ", ["平均养老金"], ("平均养老金",)),
        ("pingjungongzi", ["平均养老金", "平均工资"], ("平均工资",)),
        ("pingjungonzi", ["平均养老金", "平均工资"], ("平均工资",)),  # one letter left out
        ("nianlin", ["年限", "年龄", "本年"], ("年龄", "年限")),  # one slip, two slips
        ("cq", ["成都", "重庆"], ("重庆",)),
        ("huaru", ["扣缴", "划入"], ("划入",)),
        ("nanl", ["男"], ()),  # a few letters must be the whole
        ("nan", ["男"], ("男",)),
        ("n", ["男"], ()),
        ("pjy", ["平均养老金"], ()),  # a beginning is for completion
        ("agee", ["age", "安国额额"], ("age",)),  # slips come first
        ("年龄", ["nianling", "nl"], ()),
    ],
)
def test_chinese_names_by_their_pinyin(
    name: str, known: list[str], expected: tuple[str, ...]
) -> None:
    assert suggestions(name, known) == expected


def test_names_that_are_given_once_are_enough() -> None:
    assert suggestions("nl", iter(["年限", "年龄"])) == ("年龄",)


def test_at_most_the_limit_and_no_name_twice() -> None:
    known = ["level1", "level2", "level1", "level3", "level4"]
    assert suggestions("level", known) == ("level1", "level2", "level3")
    assert suggestions("level", known, limit=1) == ("level1",)


def test_case_counts_outside_ascii() -> None:
    assert suggestions("\u0130ncome", ["income"]) == ("income",)
    assert suggestions("\u00c9", ["\u00e9"]) == ()


def naive_distance(a: str, b: str) -> int:
    table = [
        [max(i, j) if 0 in (i, j) else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)
    ]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i][j] = min(
                table[i - 1][j] + 1,
                table[i][j - 1] + 1,
                table[i - 1][j - 1] + (a[i - 1] != b[j - 1]),
            )
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


WORDS = st.text(alphabet="abc", max_size=9)


@given(WORDS, WORDS)
def test_the_bounded_distance_agrees_with_the_whole_table(name: str, other: str) -> None:
    close = naive_distance(name, other) <= (1 if len(name) <= 4 else 2)
    expected = close and name != other and bool(set(name) & set(other))
    assert suggestions(name, [other]) == ((other,) if expected else ())
