"""What people write into cells: amounts, names, lists, and the many words for nothing."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.cells import is_absent, line_of, name_of, names_of, text_of, units_of
from ledger.money import IN_WAN, MoneyUnit, amount_of, unit_named_in
from rules.refusal import Unusable
from tests.ledger_cast import narrow, wide

WAN, YI, YUAN = MoneyUnit.WAN, MoneyUnit.YI, MoneyUnit.YUAN


@pytest.mark.parametrize(
    "cell", [None, "", "  ", "无", "—", "——", "-", "/", "暂无", "\uff0d", "\uff0f", " 无 "]
)
def test_the_words_for_nothing_are_nothing(cell: str | None) -> None:
    assert is_absent(cell)
    assert amount_of(cell, WAN) is None
    assert text_of(cell) == ""


def test_a_zero_is_an_amount_and_not_nothing() -> None:
    assert amount_of(0.0, WAN) == 0
    assert amount_of("0", WAN) == 0


@pytest.mark.parametrize(
    ("cell", "unit", "wan"),
    [
        (35000.0, WAN, "35000"),
        (3.5, YI, "35000"),
        (5893110000.0, YUAN, "589311"),
        ("35,000", WAN, "35000"),
        ("35000.5", WAN, "35000.5"),
        ("3.5亿", WAN, "35000"),
        ("3.5亿元", YUAN, "35000"),
        ("35000万元", YI, "35000"),
        ("3亿5千万", WAN, "35000"),
        ("三千万", WAN, "3000"),
        ("约3.5亿元", WAN, "35000"),
        (" 1 234.5 ", WAN, "1234.5"),
        ("(12.5)", WAN, "-12.5"),
        ("-12.5", WAN, "-12.5"),
        ("1.2E+05", WAN, "120000"),
        (0.1 + 0.2, WAN, "0.3"),
        (35123.450000000004, WAN, "35123.45"),
        (1e-7, YI, "0.001"),
        ("391818.41", WAN, "391818.41"),
    ],
)
def test_an_amount_is_read_in_its_unit(cell: str | float, unit: MoneyUnit, wan: str) -> None:
    assert amount_of(cell, unit) == Decimal(wan)
    if isinstance(cell, str):
        assert amount_of(wide(cell), unit) == Decimal(wan)


@pytest.mark.parametrize(
    "cell",
    ["待核实", "12,34", "1.2.3", "=1+1", "#REF!", True, "NaN", "inf", "12%", "12至15"],
)
def test_text_in_an_amount_column_is_told_with_its_words(cell: str | bool) -> None:
    with pytest.raises(Unusable) as told:
        amount_of(cell, WAN)
    assert told.value.key == "amount_is_text"
    assert told.value.facts["words"] == str(cell)


def test_an_amount_beyond_reason_is_not_taken() -> None:
    with pytest.raises(Unusable) as told:
        amount_of(1e300, WAN)
    assert told.value.key == "amount_out_of_range"


@given(st.decimals(0, 9_999_999, places=4), st.sampled_from([WAN, YI, YUAN]))
def test_an_amount_survives_its_cell_as_number_and_as_text(wan: Decimal, unit: MoneyUnit) -> None:
    shown = wan / IN_WAN[unit]
    assert amount_of(float(shown), unit) == wan
    assert amount_of(f"{shown:,f}", unit) == wan


@given(st.one_of(st.text(max_size=30), st.floats(), st.booleans(), st.dates(), st.none()))
@example(float("nan"))
@example(float("-inf"))
def test_whatever_stands_in_a_cell_is_an_amount_or_is_told(cell: object) -> None:
    try:
        amount = amount_of(cell, WAN)  # type: ignore[arg-type]  # anything at all is the point
    except Unusable:
        return
    assert amount is None or (amount.is_finite() and amount == amount.quantize(Decimal("0.0001")))


@given(st.text(max_size=200))
def test_cleaned_words_can_be_cleaned_again_without_a_change(words: str) -> None:
    once = text_of(words)
    assert text_of(once) == once
    assert line_of(line_of(words)) == line_of(words)
    once.encode()  # no lone surrogate is left


def test_control_characters_and_lone_surrogates_are_replaced() -> None:
    assert text_of("主体\x00施工\ud800") == "主体\ufffd施工\ufffd"


def test_a_number_in_a_text_column_is_written_as_people_write_it() -> None:
    assert text_of(13800001111.0) == "13800001111"
    assert text_of(2.5) == "2.5"


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("张敏", ("张敏",)),
        ("张敏、李娜", ("张敏", "李娜")),
        ("王  丽", ("王丽",)),
        ("王 丽、欧阳 春生", ("王丽", "欧阳", "春生")),
        ("王丽 张敏", ("王丽", "张敏")),
        ("张敏(副区长),李娜", ("张敏", "李娜")),
        ("John Smith", ("John Smith",)),
        ("张敏;张敏", ("张敏",)),
        ("无", ()),
    ],
)
def test_a_list_of_names_is_read_in_its_order(cell: str, names: tuple[str, ...]) -> None:
    assert names_of(cell) == names
    assert tuple(map(narrow, names_of(wide(cell)))) == names


def test_one_persons_name_is_never_split() -> None:
    assert name_of("王  丽") == "王丽"
    assert name_of("Ann (office), Laiwu") == "Ann (office), Laiwu"


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        ("区住建局", ("区住建局",)),
        ("凤城街道、区水务局", ("凤城街道", "区水务局")),
        ("凤城街道,区水务局;区工信局", ("凤城街道", "区水务局", "区工信局")),
        ("凤城街道\n区水务局", ("凤城街道", "区水务局")),
        ("凤城街道/区水务局", ("凤城街道", "区水务局")),
        ("区水务局、凤城街道(牵头)", ("凤城街道", "区水务局")),
        ("开发区(含东区、西区)、区工信局", ("开发区(含东区、西区)", "区工信局")),
        ("—", ()),
    ],
)
def test_the_lead_unit_stands_first(cell: str, units: tuple[str, ...]) -> None:
    assert units_of(cell) == units
    assert tuple(map(narrow, units_of(wide(cell)))) == units


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("计量单位:万元", WAN),
        ("单位:亿元", YI),
        ("金额单位:人民币万元", WAN),
        ("计量单位 : 元", YUAN),
        ("责任单位:区住建局", None),
    ],
)
def test_the_unit_line_names_the_unit(line: str, unit: MoneyUnit | None) -> None:
    assert unit_named_in(line) is unit
    assert unit_named_in(wide(line)) is unit
