"""Seals: what changes them, what does not, and that the first difference is found."""

from collections.abc import Callable
from datetime import date

import pytest

from yibaolang.engine.books import person_ledger
from yibaolang.engine.rulebook import RuleBook, read
from yibaolang.engine.sealing import (
    MOST_IN_TRAIL,
    PARTS,
    Difference,
    Seal,
    Sealed,
    Trail,
    difference,
    sealed,
)
from yibaolang.language.formatting import format_text
from yibaolang.language.source import Source
from yibaolang.model.limits import LIMITS
from yibaolang.model.loading import Loader, prelude, prelude_names

DAY = date(2024, 12, 31)
RULES = """\
# The rules of two regions, of which one counts.
region 全省 | province
param ceiling | 封顶 : money cite "a"
  2023-01-01 1500元
  2024-01-01 1800元
define lower | 低比例 = 50%
define never_used | 不用 = 20%
table rates | 比例表
  | level || share: rate |
  | primary || 70% |
  | secondary || 60% |
  | - || 50% |
cover rates of drugs
region 甲市 | jia under province
since 2020-01-01 cite "b"
retired credit 80元 monthly on day 10 to current
active credit 2% of contribution_base monthly on day 10 to current cite "c" because "d"
cover lower of outpatient above 40元 per visit up to ceiling per year over all levels
allow outpatient, drugs for self, spouse
draw current then carried, rest to cash
interest 0.35% yearly on daily balance posted on 12-31
carry current into carried on 01-01
note "ask the office"
region 乙市 | yi under province
credit 50元 monthly on day 1
"""
PERSON = "person 张三: active until 2024-05-31, contribution_base 5000元, in 甲市\n"
LEDGER = """\
ledger 张三 from 2024-01-01
2024-01-01       opening carried 3000元
2024-01-09  ^e1  outpatient 860元 at primary with emergency, stay_days 3
2024-02-11  ^e2  drugs 120元 at pharmacy
2024-03-02  ^e3  void ^e2 effective 2024-02-11 because "退药"
2024-06-01  ^e4  retired
2024-06-20  ^e5  outpatient 500元 at secondary including drugs 60元, vaccine 40元
2024-12-20  ^e6  outpatient 500元 at tertiary effective 2024-12-19
"""
TEXT = RULES + PERSON + LEDGER


SETTLEMENTS = "1f10b0e12ae76f11ffc9f975aac3483fc8f86572c51a6bccb36726278fa045a0f1d6"


def of_rules(rules: RuleBook, day: date = DAY) -> Sealed:
    return sealed(person_ledger(rules, rules.book.ledgers[-1]), day)


def of(text: str, day: date = DAY) -> Sealed:
    return of_rules(read(text), day)


def parts_of(text: str, day: date = DAY) -> tuple[str, ...]:
    """What differs from the seal of TEXT."""
    found = difference(of(TEXT, day).seal, of(text, day))
    return () if found is None else found.parts


def changed(old: str, new: str) -> str:
    """TEXT with one thing changed."""
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new)


SEAL = of(TEXT).seal


# ── what is not part of a seal ──


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# The rules", "# Other words about the rules"),
        (' cite "c" because "d"', ' cite "e" attested "A"'),
        ('note "ask the office"', 'note "ask another office"'),
        ("credit 50元 monthly on day 1", "credit 60元 monthly on day 1"),
        ("不用 = 20%", "不用 = 30%"),
        ("define never_used | 不用 = 20%\n", ""),
        ("cover lower of", "cover 低比例 of"),
        ("for self, spouse", "for 本人, 配偶"),
        ("ledger 张三 from 2024-01-01\n", "ledger 张三 from 2024-01-01 to 2025-06-30\n"),
        ("emergency, stay_days 3", "stay_days 3, 急诊"),
        ("drugs 60元, vaccine 40元", "vaccine 40元, drugs 60元"),
        ("2024-01-09  ^e1  outpatient 860元", "2024-01-09  ^e1  outpatient 860.00"),
        ('because "退药"', 'because "又退药"'),
        # The year after: rules, values, facts and events that begin then, and what ends then.
        ("  2024-01-01 1800元\n", "  2024-01-01 1800元\n  2025-01-01 2000元\n"),
        ("  2024-01-01 1800元\n", "  2024-01-01 until 2024-12-31 1800元\n"),
        ('since 2020-01-01 cite "b"', 'since 2020-01-01 until 2025-06-30 cite "b"'),
        ("region 乙市", "since 2025-07-01\ncredit 1元 monthly on day 1\nregion 乙市"),
        ("active until 2024-05-31,", "active until 2024-05-31, resident since 2025-03-01,"),
        ("at tertiary effective 2024-12-19\n",
         "at tertiary effective 2024-12-19\n2025-01-03  ^e7  drugs 30元\n"),
        # The sealed year is corrected after it was sealed.
        ("at tertiary effective 2024-12-19\n",
         "at tertiary effective 2024-12-19\n2025-01-03  ^e7  void ^e1 effective 2024-01-09\n"),
        ("effective 2024-12-19\n",
         "effective 2024-12-19\n2025-02-01  contribution_base = 1元 effective 2024-05-01\n"),
    ],
)  # fmt: skip
def test_what_does_not_change_a_seal(old: str, new: str) -> None:
    assert of(changed(old, new)).seal == SEAL


def test_the_language_does_not_change_a_seal() -> None:
    source = Source.of("a.yb", TEXT)
    text = format_text(source, "zh", prelude_names(), prelude().sentences)
    assert "报销" in text and "cover" not in text
    assert of(text).seal == SEAL


def test_the_names_of_files_do_not_change_a_seal() -> None:
    loader = Loader()
    for name, text in (("x/rules.yb", RULES), ("y.yb", PERSON), ("z.yb", LEDGER)):
        loader.text(Source.of(name, text))
    assert of_rules(RuleBook(loader.documents)).seal == SEAL


def test_the_order_of_lines_does_not_change_a_seal() -> None:
    head, *events = LEDGER.splitlines()
    assert of("\n".join([RULES + PERSON + head, *events[::-1]])).seal == SEAL
    said_again = LEDGER + events[1] + "\n"
    assert of(RULES + PERSON + said_again).seal == SEAL


def test_other_accounts_do_not_change_a_seal() -> None:
    """Whoever was run before, in whatever region."""
    before = "person 李四: retired, in 乙市\nledger 李四 from 2023-01-01\n2023-02-01 drugs 5元\n"
    rules = read(RULES + before + PERSON + LEDGER)
    sealed(person_ledger(rules, rules.book.ledgers[0]), DAY)
    assert of_rules(rules).seal == SEAL


# ── what is ──


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("retired credit 80元", "retired credit 81元", ("rules", "result")),
        ("2% of contribution_base", "2.5% of contribution_base", ("rules", "result")),
        ("1800元", "1801元", ("rules",)),
        ("1500元", "1501元", ("rules",)),
        ("低比例 = 50%", "低比例 = 55%", ("rules", "result")),
        ("| secondary || 60% |", "| secondary || 61% |", ("rules",)),
        ("for self, spouse", "for self", ("rules",)),
        ("current then carried", "carried then current", ("rules", "result")),
        ("0.35%", "0.36%", ("rules", "result")),
        ("on 01-01", "on 01-02", ("rules",)),
        ("# The rules", "bucket special\n# The rules", ("rules",)),
        ("contribution_base 5000元", "contribution_base 5001元", ("holder", "result")),
        ("from 2024-01-01\n", "from 2024-01-01 as listed\n", ("holder", "result")),
        ("until 2024-05-31", "until 2024-06-30", ("holder",)),
        ("carried 3000元", "carried 3000.01元", ("events", "result")),
        ("drugs 60元", "drugs 61元", ("events",)),
        ("stay_days 3", "stay_days 4", ("events",)),
        ("2024-12-20  ^e6", "2024-12-21  ^e6", ("events", "result")),
    ],
)
def test_what_changes_a_seal(old: str, new: str, parts: tuple[str, ...]) -> None:
    assert parts_of(changed(old, new)) == parts


def test_sources_that_disagree() -> None:
    """The version that is chosen counts, and no other."""
    versions = 'region 甲市\nsince 2020-01-01 as "{}"\nretired credit {}元 monthly on day 10\n'
    two = versions.format("A", 10) + versions.format("B", 20)
    person = "person 张三: retired, in 甲市\nledger 张三 from 2024-01-01\n2024-02-01 credit 1元\n"
    a, b = (of(f'{two}use 甲市 as "{name}"\n{person}') for name in "AB")
    found = difference(a.seal, b)
    assert found is not None and found.parts == ("rules", "result")
    other = versions.format("A", 10) + versions.format("B", 30)
    assert of(f'{other}use 甲市 as "A"\n{person}').seal == a.seal
    # What is not chosen is refused, and that is sealed too.
    none = of(two + person)
    assert {each.refused.code for each in none.settlements if each.refused} == {"YB301"}
    assert difference(none.seal, of(two + person)) is None


def test_holidays_count_where_a_rule_asks_for_them() -> None:
    text = """\
holiday 2024-02-10 to 2024-02-17
region 甲市
retired credit 10元 monthly on day 10{}
person 张三: retired, in 甲市
ledger 张三 from 2024-02-01 to 2024-03-31
2024-02-01 credit 1元
"""
    more = "holiday 2024-03-08 to 2024-03-11\n"
    day = date(2024, 2, 29)
    plain, moved = text.format(""), text.format(" moved to workday before")
    assert of(more + plain, day).seal == of(plain, day).seal
    assert of(more + moved, day).seal == of(moved, day).seal
    march = date(2024, 3, 31)
    assert of(more + plain, march).seal == of(plain, march).seal
    found = difference(of(moved, march).seal, of(more + moved, march))
    assert found is not None and found.parts == ("rules", "result")


def test_a_move_brings_the_rules_of_another_region() -> None:
    moves = LEDGER + "2024-09-01  ^m  moves to 乙市\n"
    one = of(RULES + PERSON + moves)
    found = difference(one.seal, of(RULES.replace("50元 monthly", "51元 monthly") + PERSON + moves))
    assert found is not None and found.parts == ("rules", "result")
    assert found.first is not None and "^" + found.first.id == "^"
    changed_later = RULES.replace("region 乙市", "since 2024-10-01\ndraw carried\nregion 乙市")
    assert difference(one.seal, of(changed_later + PERSON + moves)) is None


# ── the first difference ──


def named(found: Difference | None) -> tuple[str, str, str]:
    """The kind, the id and the day of the first difference."""
    assert found is not None
    first = found.first
    if first is None:
        return found.kind, "", ""
    day = first.effective if hasattr(first, "effective") else first.day
    return found.kind, first.id, day.isoformat()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda text: text.replace("860元", "861元"), ("changed", "e1", "2024-01-09")),
        (lambda text: text.replace("500元 at tertiary", "501元 at tertiary"),
         ("changed", "e6", "2024-12-19")),
        (lambda text: text + "2024-03-05  ^x  drugs 5元\n", ("new", "x", "2024-03-05")),
        (lambda text: text + "2024-12-31  ^x  drugs 5元\n", ("new", "x", "2024-12-31")),
        (lambda text: text.replace("2024-06-01  ^e4  retired\n", ""),
         ("missing", "e5", "2024-06-20")),
        (lambda text: text[: text.rindex("2024-12-20")], ("missing", "", "")),
        (lambda text: text.replace("monthly on day 10 to current\nactive",
                                   "monthly on day 15 to current\nactive"),
         ("changed", "", "2024-06-15")),
        (lambda text: text.replace("above 40元", "above 50元"), ("changed", "e1", "2024-01-09")),
    ],
)  # fmt: skip
def test_the_first_difference(change: Callable[[str], str], expected: tuple[str, str, str]) -> None:
    assert named(difference(SEAL, of(change(TEXT)))) == expected


def test_a_definition_that_changes_no_posting_names_none() -> None:
    found = difference(SEAL, of(changed("| secondary || 60% |", "| secondary || 61% |")))
    assert found is not None and (found.kind, found.first) == ("", None)


def test_many_events_share_pieces_of_the_trail() -> None:
    count = 2 * MOST_IN_TRAIL + 1
    lines = [f"2024-03-02  ^e{number}  drugs {number}元\n" for number in range(1, count + 1)]
    head = RULES + PERSON + "ledger 张三 from 2024-01-01 as listed\n"
    seal = of(head + "".join(lines)).seal
    assert (seal.events.each, len(seal.events.pieces)) == (3, -(-count // 3))
    assert len(str(seal).encode()) <= LIMITS.string_bytes
    assert Seal.read(str(seal)) == seal
    lines[499] = lines[499].replace("drugs 500元", "drugs 5000元")
    found = difference(seal, of(head + "".join(lines)))
    assert found is not None and found.first is not None and found.last is not None
    assert (found.kind, found.first.id, found.last.id) == ("changed", "e499", "e501")


# ── the text ──


def test_the_text_is_read_back() -> None:
    assert Seal.read(str(SEAL)) == SEAL
    assert [part for part in PARTS if f" {part} " in str(SEAL)] == list(PARTS)


@pytest.mark.parametrize(
    "text",
    ["", "…", "v1", "v2" + str(SEAL)[2:], str(SEAL) + "0", str(SEAL)[:-1], str(SEAL).upper(),
     str(SEAL).replace("trail ", "trail 0123456789*"), f"{SEAL}\n"],
)  # fmt: skip
def test_what_is_no_seal(text: str) -> None:
    with pytest.raises(ValueError, match="no seal of version v1"):
        Seal.read(text)


def test_a_trail_without_events() -> None:
    assert Trail.of([]) == Trail(1, ())
    assert str(Trail.of([])) == ""


def test_old_seals_still_hold() -> None:
    """The form of version v1 does not change: this seal was made when it was new."""
    digests = (
        "5b82480cb14f855789f0ad312f80a2c2", "5ab7e3b9f4abdc87167cfb62a962c046",
        "9dae60351b76edc90df11b16941e619e", "8e7366182317d865867d5c37e81f3d66",
    )  # fmt: skip
    assert SEAL.digests == digests
    assert str(SEAL.events) == "142d98c5dde36b510e3dae72f7c4"
    assert str(SEAL.settlements) == SETTLEMENTS
