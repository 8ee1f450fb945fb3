"""Names by their pinyin; grammars/pinyin.txt holds to the words of the language and to pypinyin.

`YIBAO_UPDATE_DOCS=1 python -m pytest tests/language/test_pinyin.py` writes the table anew.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin, pinyin

from yibaolang.language.declared import declared_names
from yibaolang.language.pinyin import _letters_of, initials, matches, spelled, table
from yibaolang.language.vocabulary import vocabulary

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "grammars" / "pinyin.txt"
HEADING = """\
# The pinyin, without tones, of the characters in the words of this language: a syllable, and the
# characters that are read so. Not to be changed by hand; it is written by
# `YIBAO_UPDATE_DOCS=1 python -m pytest tests/language/test_pinyin.py`.
"""

# Words of the field that names are made of, and that say how characters with several readings are
# read, as the Table of General Standard Chinese Characters and the dictionaries have them.
FIELD = {
    "银行": "yin hang", "行业": "hang ye", "会计": "kuai ji", "社会保险": "she hui bao xian",
    "给付": "ji fu", "给予": "ji yu", "发给": "fa gei", "调出": "diao chu", "调动": "diao dong",
    "调剂金": "tiao ji jin", "成长": "cheng zhang", "增长率": "zeng zhang lv",
    "长护险": "chang hu xian", "重庆": "chong qing", "重复": "chong fu",
    "重大疾病": "zhong da ji bing", "重症": "zhong zheng", "单位": "dan wei", "省级": "sheng ji",
    "系统": "xi tong", "关系": "guan xi", "参保": "can bao", "划入": "hua ru", "划转": "hua zhuan",
    "大夫": "dai fu", "还款": "huan kuan", "返还": "fan huan", "差额": "cha e", "出差": "chu chai",
    "应付": "ying fu", "供养": "gong yang", "中断": "zhong duan", "率": "lv", "空白": "kong bai",
    "处方": "chu fang", "便民": "bian min", "为": "wei", "当年": "dang nian", "得": "de",
    "传染病": "chuan ran bing", "血液透析": "xue ye tou xi", "尿毒症": "niao du zheng",
    "糖尿病": "tang niao bing", "高血压": "gao xue ya", "恶性肿瘤": "e xing zhong liu",
    "慢性病": "man xing bing", "特殊病种": "te shu bing zhong", "生育津贴": "sheng yu jin tie",
    "护理": "hu li", "工伤": "gong shang", "失业": "shi ye", "城镇职工": "cheng zhen zhi gong",
    "城乡": "cheng xiang", "农村": "nong cun", "低保": "di bao", "特困": "te kun", "优抚": "you fu",
    "残疾": "can ji", "学生": "xue sheng", "儿童": "er tong", "老人": "lao ren", "婴儿": "ying er",
    "转诊": "zhuan zhen", "手术": "shou shu", "检查": "jian cha", "化验": "hua yan",
    "药品": "yao pin", "耗材": "hao cai", "目录": "mu lu", "甲类": "jia lei", "乙类": "yi lei",
    "丙类": "bing lei", "谈判": "tan pan", "床位": "chuang wei", "急救": "ji jiu",
    "中医": "zhong yi", "村": "cun", "街道": "jie dao", "天津": "tian jin", "河北": "he bei",
    "辽宁": "liao ning", "黑龙江": "hei long jiang", "浙江": "zhe jiang", "安徽": "an hui",
    "福建": "fu jian", "湖北": "hu bei", "海南": "hai nan", "四川": "si chuan", "陕西": "shan xi",
    "青海": "qing hai", "新疆": "xin jiang", "西藏": "xi zang", "内蒙古": "nei meng gu",
    "广西": "guang xi", "宁夏": "ning xia", "香港": "xiang gang", "澳门": "ao men",
    "台湾": "tai wan", "合肥": "he fei", "宁波": "ning bo", "哈尔滨": "ha er bin",
    "沈阳": "shen yang", "大连": "da lian", "石家庄": "shi jia zhuang", "太原": "tai yuan",
    "呼和浩特": "hu he hao te", "乌鲁木齐": "wu lu mu qi", "拉萨": "la sa", "西宁": "xi ning",
    "福州": "fu zhou", "海口": "hai kou", "珠海": "zhu hai", "佛山": "fo shan", "东莞": "dong guan",
    "温州": "wen zhou", "无锡": "wu xi", "赵钱孙李": "zhao qian sun li",
    "周吴郑王": "zhou wu zheng wang", "刘陈杨黄": "liu chen yang huang", "徐马朱胡": "xu ma zhu hu",
}  # fmt: skip


def corpus() -> set[str]:
    """The Chinese words of the vocabulary, and the names that the prelude and examples declare."""
    words = vocabulary()
    keywords = (*words.keywords.values(), *words.types.values())
    found = {spelling for keyword in keywords for spelling in keyword.zh}
    files = [ROOT / "yibaolang" / "model" / "prelude.yb", *(ROOT / "examples").rglob("*.yb")]
    for path in files:
        found |= declared_names(path.read_text("utf-8"), words)
    return {"".join(filter(is_han, word)) for word in found}


def is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or character == "\u3007"


def written() -> str:
    """The table as it should be."""
    readings: dict[str, set[str]] = {}
    known = [(word, lazy_pinyin(word)) for word in corpus()]
    known += [(word, syllables.split()) for word, syllables in FIELD.items()]
    for word, syllables in known:
        for character, syllable in zip(word, syllables, strict=True):
            readings.setdefault(syllable, set()).add(character)
    rows = [f"{syllable} {''.join(sorted(readings[syllable]))}\n" for syllable in sorted(readings)]
    return HEADING + "".join(rows)


def test_the_table_is_up_to_date() -> None:
    if os.environ.get("YIBAO_UPDATE_DOCS") == "1":
        TABLE.write_text(written(), "utf-8")
        table.cache_clear()
    assert TABLE.read_text("utf-8") == written()


def test_every_reading_is_one_of_the_character() -> None:
    wrong = [
        (character, syllables)
        for character, syllables in table().items()
        if not set(syllables) <= set(pinyin(character, style=Style.NORMAL, heteronym=True)[0])
    ]
    assert wrong == []


def test_every_word_is_read_as_it_is_spoken() -> None:
    words = {word: tuple(lazy_pinyin(word)) for word in corpus()}
    words |= {word: tuple(syllables.split()) for word, syllables in FIELD.items()}
    assert [word for word, syllables in words.items() if syllables not in spelled(word)] == []
    missing = {character for word in words for character in word if character not in table()}
    assert missing == set()


def test_the_order_of_the_standard_gives_the_first_letter_of_other_characters() -> None:
    wrong = {}
    for code in range(0xB0A1, 0xD7FA):
        if 0xA1 <= code & 0xFF <= 0xFE:
            character = code.to_bytes(2, "big").decode("gb2312")
            readings = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
            if not set(_letters_of(character)) & {reading[0] for reading in readings}:
                wrong[character] = readings
    assert wrong == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("平均养老金", {"pjylj"}),
        ("重庆", {"cq", "zq"}),
        ("银行", {"yh", "yx"}),
        ("长沙", {"cs", "zs"}),
        ("调整", {"dz", "tz"}),
        ("会计", {"hj", "kj"}),
        ("给付", {"gf", "jf"}),
        ("女", {"n"}),
        ("A类2档", {"al2d"}),
        ("avg_Pension", {"avg_pension"}),
        ("", {""}),
        ("鸳鸯", {"yy"}),  # by the order of the standard
        ("\u9f98", frozenset()),  # three dragons: not among the common characters
        ("养\u2460", frozenset()),
        ("\U0001f600", frozenset()),
        ("养\ud800", frozenset()),
    ],
)
def test_initials(text: str, expected: set[str]) -> None:
    assert initials(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("重庆", {("chong", "qing"), ("zhong", "qing")}),
        ("女性A", {("nv", "xing", "a")}),
        ("鸳鸯", set()),  # outside the table there is a first letter and no more
    ],
)
def test_spelled(text: str, expected: set[tuple[str, ...]]) -> None:
    assert set(spelled(text)) == expected


@pytest.mark.parametrize(
    ("typed", "name", "rank"),
    [
        ("pjylj", "平均养老金", 0),
        ("PJYLJ", "平均养老金", 0),
        ("pjyl", "平均养老金", 2),
        ("p", "平均养老金", 8),
        ("pingjunyanglaojin", "平均养老金", 1),
        ("pingjunyanglaoj", "平均养老金", 3),
        ("pingjun", "平均养老金", 7),
        ("pi", "平均养老金", 11),
        ("chongqing", "重庆", 1),
        ("cq", "重庆", 0),
        ("yy", "鸳鸯", 0),
        ("yuan", "鸳鸯", None),
        ("jylj", "平均养老金", None),
        ("pjyljx", "平均养老金", None),
        ("pylj", "平均养老金", None),
        ("", "平均养老金", None),
        ("x", "", None),
        ("a1", "A1类", 2),
        ("平", "平均养老金", None),
    ],
)
def test_matches(typed: str, name: str, rank: int | None) -> None:
    assert matches(typed, name) == rank


def test_a_name_of_many_readings_is_read_in_some_of_them() -> None:
    assert 1 <= len(initials("重" * 40)) <= 64
    assert "c" * 40 in initials("重" * 40)


@given(st.text(max_size=12), st.text(max_size=12))
def test_it_never_raises_and_agrees_with_itself(typed: str, name: str) -> None:
    rank = matches(typed, name)
    assert rank is None or rank >= 0
    for letters in initials(name):
        assert matches(letters, name) == (0 if letters else None)


def test_the_table_is_read_only_when_pinyin_is_asked_for() -> None:
    program = (
        "import sys; from yibaolang.language.suggest import suggestions as near; "
        "print(near('agee', ['age']), 'yibaolang.language.pinyin' in sys.modules); "
        "print(near('nl', ['\u5e74\u9f84']) != (), 'yibaolang.language.pinyin' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.splitlines() == ["('age',) False", "True True"]
