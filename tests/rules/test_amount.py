"""Amounts as people type them, as bulletins show them, and when one is asked about again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.amount import LARGEST, Doubt, doubts, read_amount, show_amount
from rules.refusal import Unusable

AMOUNTS = st.decimals(0, LARGEST - 1, places=4, allow_nan=False, allow_infinity=False)
YUAN = st.integers(1, 10**12 - 1)


@pytest.mark.parametrize(
    ("words", "wan"),
    [
        ("3.5", "3.5"),
        ("3.5亿", "35000"),
        ("35000万", "35000"),
        ("35,000万元", "35000"),
        ("35，000 万元", "35000"),
        ("3亿5千万", "35000"),
        ("3 亿 5 千万", "35000"),
        ("三千万", "3000"),
        ("三亿五千万", "35000"),
        ("三亿五", "35000"),
        ("3亿5", "35000"),
        ("3亿5千", "35000"),
        ("三亿零五百万", "30500"),
        ("三亿零五万", "30005"),
        ("十二点五亿", "125000"),
        ("十点五亿", "105000"),
        ("二十点五万", "20.5"),
        ("12万3千", "12.3"),
        ("12万3", "12.3"),
        ("12万3456", "12.3456"),
        ("12万1000", "12.1"),
        ("3亿9999万", "39999"),
        ("12万3456元", "12.3456"),
        ("三万零五", "3.0005"),
        ("三万五百", "3.05"),
        ("两亿", "20000"),
        ("一百二十万", "120"),
        ("一百二万", "120"),
        ("一千零一十万", "1010"),
        ("三五〇〇万", "3500"),
        ("十万", "10"),
        ("3.5千万", "3500"),
        ("2百万元", "200"),
        ("３．５亿", "35000"),
        ("３，５００万", "3500"),
        ("3。5亿", "35000"),
        ("35000元", "3.5"),
        ("35千元", "3.5"),
        ("三千", "3000"),
        ("三千五", "3500"),
        ("两百五", "250"),
        ("三千五百二", "3520"),
        ("约3.5亿元左右", "35000"),
        ("￥3500万", "3500"),
        ("人民币壹亿贰仟万元整。", "12000"),
        ("1,234.5", "1234.5"),
        ("0", "0"),
        ("零", "0"),
        ("0.0001", "0.0001"),
        ("99999999.9999", "99999999.9999"),
    ],
)
def test_people_may_write_an_amount_in_their_own_way(words: str, wan: str) -> None:
    assert read_amount(words) == Decimal(wan)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("", "empty"),
        (" \u3000 ", "empty"),
        ("-5", "negative"),
        ("－5万", "negative"),
        ("−5", "negative"),
        ("负三千万", "negative"),
        ("-0.5亿", "negative"),
        ("1e9", "scientific"),
        ("1E-3", "scientific"),
        ("３．５ｅ８", "scientific"),
        ("3.5×10^8", "scientific"),
        ("3-5亿", "range"),
        ("3～5亿", "range"),
        ("3亿-5亿", "range"),
        ("三到五亿", "range"),
        ("3至5亿", "range"),
        ("0.00001", "too_fine"),
        ("12.34元", "too_fine"),
        ("3.00000001亿1", "not_a_number"),
        ("100000000", "too_large"),
        ("1万亿", "too_large"),
        ("9" * 50, "too_large"),
        ("9" * 61, "not_a_number"),
        ("NaN", "not_a_number"),
        ("inf", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("abc", "not_a_number"),
        ("无", "not_a_number"),
        ("—", "not_a_number"),
        ("百万", "not_a_number"),
        ("亿", "not_a_number"),
        ("元", "not_a_number"),
        ("万", "not_a_number"),
        ("三千多万", "not_a_number"),
        ("3,5亿", "not_a_number"),
        ("35,00", "not_a_number"),
        ("3 5", "not_a_number"),
        ("3.5.1", "not_a_number"),
        ("3.5亿5千万", "not_a_number"),
        ("3亿50000万", "not_a_number"),
        ("3亿5000", "not_a_number"),
        ("12万35", "not_a_number"),
        ("12万35.5", "not_a_number"),
        ("12万3,456", "not_a_number"),
        ("3亿10000万", "not_a_number"),
        ("3万5元", "not_a_number"),
        ("5亿3亿", "not_a_number"),
        ("3万5亿", "not_a_number"),
        ("3²", "not_a_number"),
        ("½", "not_a_number"),
        ("٣", "not_a_number"),
        ("1_000", "not_a_number"),
        ("0xff", "not_a_number"),
        ("😀", "not_a_number"),
        ("3.5\x00亿", "not_a_number"),
    ],
)
def test_an_amount_that_is_unclear_is_refused_with_its_reason(words: str, key: str) -> None:
    with pytest.raises(Unusable) as told:
        read_amount(words)
    assert told.value.key == f"rules.amount.{key}"


@pytest.mark.parametrize(
    ("words", "unit", "wan"),
    [
        ("3.5", "亿元", "35000"),
        ("3.5", "万元", "3.5"),
        ("35000", "元", "3.5"),
        ("35", "千元", "3.5"),
        ("2", "百万元", "200"),
        ("3500万", "亿元", "3500"),
        ("3500元", "亿元", "0.35"),
    ],
)
def test_a_bare_number_is_in_the_columns_unit_and_a_written_unit_wins(
    words: str, unit: str, wan: str
) -> None:
    assert read_amount(words, unit) == Decimal(wan)


def test_an_unknown_unit_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="美元"):
        read_amount("3", "美元")
    with pytest.raises(ValueError, match="千元"):
        show_amount(Decimal(3), "千元")


@given(AMOUNTS, st.sampled_from(["万元", "亿元"]))
def test_what_is_shown_in_full_reads_back_as_itself(amount: Decimal, unit: str) -> None:
    assert read_amount(show_amount(amount, unit)) == amount
    assert read_amount(show_amount(amount, unit, keep_zeros=True)) == amount


@given(YUAN)
def test_an_amount_spoken_in_chinese_is_the_one_in_digits(yuan: int) -> None:
    assert read_amount(spoken(yuan) + "元") * 10_000 == yuan


@given(YUAN)
def test_separators_and_full_width_digits_change_nothing(yuan: int) -> None:
    full_width = "".join(chr(ord(sign) + 0xFEE0) for sign in f"{yuan:,}")
    assert read_amount(f"{yuan:,}元") == read_amount(full_width + "元") == Decimal(yuan) / 10_000


@given(st.text() | st.text("0123456789.,-+eE亿万千百十元零一二三点约~ \n,.", max_size=30))
def test_no_words_get_more_than_an_amount_or_a_reason(words: str) -> None:
    try:
        amount = read_amount(words)
    except Unusable as told:
        assert told.key.startswith("rules.amount.")
    else:
        assert 0 <= amount < LARGEST
        assert amount == round(amount, 4)


def spoken(number: int) -> str:
    """An independent way from a number to its Chinese words."""
    words = ""
    for size, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group, number = divmod(number, size) if size > 1 else (number, 0)
        if group:
            words += ("零" if words and group < 1000 else "") + _spoken_group(group) + unit
        elif words and number and not words.endswith("零"):
            words += "零"
    return words.replace("零零", "零")


def _spoken_group(group: int) -> str:
    words = ""
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = group // size % 10
        if digit:
            words += "零一二三四五六七八九"[digit] + unit
        elif words and group % size and not words.endswith("零"):
            words += "零"
    return words


@pytest.mark.parametrize(
    ("wan", "unit", "decimals", "keep_zeros", "shown"),
    [
        ("35000", "亿元", None, False, "3.5亿元"),
        ("35000", "万元", None, False, "35000万元"),
        ("391818.41", "万元", None, False, "391818.41万元"),
        ("391818.41", "亿元", 1, False, "39.2亿元"),
        ("391818.41", "亿元", 2, False, "39.18亿元"),
        ("30000", "亿元", 1, False, "3亿元"),
        ("30000", "亿元", 1, True, "3.0亿元"),
        ("0.5", "万元", 0, False, "1万元"),
        ("2.5", "万元", 0, False, "3万元"),
        ("1.25", "万元", 1, False, "1.3万元"),
        ("-2.5", "万元", 0, False, "-3万元"),
        ("-0.2", "万元", 0, False, "0万元"),
        ("0", "亿元", None, False, "0亿元"),
        ("100", "万元", None, False, "100万元"),
        ("1E+3", "万元", None, False, "1000万元"),
    ],
)
def test_a_bulletin_shows_an_amount_in_the_offices_unit_and_decimals(
    wan: str, unit: str, decimals: int | None, keep_zeros: bool, shown: str
) -> None:
    assert show_amount(Decimal(wan), unit, decimals, keep_zeros) == shown


def asked(found: tuple[Doubt, ...]) -> list[str]:
    return [doubt.key.removeprefix("rules.doubt.") for doubt in found]


def test_a_figure_like_the_last_one_is_not_questioned() -> None:
    fine = doubts(
        Decimal(1200),
        last=Decimal(1000),
        plan=Decimal(1500),
        total=Decimal(90000),
        ytd_before=Decimal(5000),
    )
    assert fine == ()


def test_with_nothing_to_compare_nothing_is_questioned() -> None:
    assert doubts(Decimal(10**7)) == ()
    assert doubts(Decimal(5), last=Decimal(0), plan=Decimal(0), total=Decimal(0)) == ()


def test_a_mistaken_unit_is_the_only_question_and_offers_the_likely_figure() -> None:
    (small,) = doubts(Decimal("3.5"), last=Decimal(34000), plan=Decimal(36000))
    assert small == Doubt("rules.doubt.unit", {"amount": "3.5万元", "meant": "3.5亿元"})
    (large,) = doubts(Decimal(35_000_000), last=Decimal(3400))
    assert large.facts == {"amount": "35000000万元", "meant": "3500万元"}
    (planned,) = doubts(Decimal("0.5"), plan=Decimal(6000))
    assert planned.facts["meant"] == "5000万元"


@pytest.mark.parametrize(
    ("wan", "is_unit"),
    [("0.0999", False), ("0.1", True), ("3", True), ("3.0001", False), ("10", False)],
)
def test_a_unit_is_suspected_from_a_tenth_to_three_times_the_known_figure(
    wan: str, is_unit: bool
) -> None:
    assert ("unit" in asked(doubts(Decimal(wan), last=Decimal(10_000)))) is is_unit
    large = Decimal(wan) * 10**8
    assert ("unit" in asked(doubts(large, last=Decimal(10_000)))) is is_unit


def test_the_last_figure_is_asked_before_the_plan_and_the_plan_before_the_total() -> None:
    known = {"plan": Decimal(10_000), "total": Decimal(90_000)}
    assert "unit" in asked(doubts(Decimal(1), **known))
    assert "unit" not in asked(doubts(Decimal(1), last=Decimal(1), **known))
    assert "unit" in asked(doubts(Decimal(9), last=Decimal(0), total=Decimal(90_000)))


def test_a_small_figure_that_no_unit_explains_is_only_a_fall() -> None:
    assert asked(doubts(Decimal("0.02"), last=Decimal(34000))) == ["falls"]


def test_a_month_without_money_is_a_fall_and_no_unit() -> None:
    assert asked(doubts(Decimal(0), last=Decimal(500))) == ["falls"]


def test_a_leap_starts_above_three_tenths_more() -> None:
    assert asked(doubts(Decimal(1300), last=Decimal(1000))) == []
    assert asked(doubts(Decimal("1300.0001"), last=Decimal(1000))) == ["leaps"]


def test_more_than_three_times_the_plan_is_questioned() -> None:
    assert asked(doubts(Decimal(3000), plan=Decimal(1000))) == []
    assert asked(doubts(Decimal(3001), plan=Decimal(1000))) == ["far_above_plan"]


def test_a_total_passed_by_a_fifth_is_questioned_with_what_was_done_before() -> None:
    known = {"total": Decimal(10000), "ytd_before": Decimal(11000)}
    assert asked(doubts(Decimal(1000), **known)) == []
    (doubt,) = doubts(Decimal(1001), **known)
    assert doubt == Doubt("rules.doubt.above_total", {"done": "1.2001亿元", "total": "1亿元"})


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_no_figures_make_the_questions_fail(
    amount: Decimal, last: Decimal, plan: Decimal, total: Decimal
) -> None:
    keys = asked(doubts(amount, last=last, plan=plan, total=total))
    assert len(keys) == len(set(keys))
    assert "unit" not in keys or keys == ["unit"]
    if last <= amount <= last * Decimal("1.3"):
        assert "falls" not in keys and "leaps" not in keys
