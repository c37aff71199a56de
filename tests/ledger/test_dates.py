"""Days, months and spans as ledgers write them."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.book import Cell
from ledger.dates import date_of, month_of, span_of
from rules.refusal import Unusable
from tests.ledger_cast import wide


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2024-03-05", date(2024, 3, 5)),
        ("2024.3.5", date(2024, 3, 5)),
        ("2024/03/05", date(2024, 3, 5)),
        ("2024年3月5日", date(2024, 3, 5)),
        ("2024年3月5日前", date(2024, 3, 5)),
        ("2024-03-05 00:00:00", date(2024, 3, 5)),
        ("20240305", date(2024, 3, 5)),
        ("2024-3-5", date(2024, 3, 5)),
        (date(2024, 3, 5), date(2024, 3, 5)),
        (45356.0, date(2024, 3, 5)),
        ("2024年2月", date(2024, 2, 29)),
        ("2024-02", date(2024, 2, 29)),
        ("2024年5月底前", date(2024, 5, 31)),
        ("2024年5月上旬", date(2024, 5, 10)),
        ("2024年5月中旬", date(2024, 5, 20)),
        ("2024年底", date(2024, 12, 31)),
        ("无", None),
    ],
)
def test_a_deadline_is_read_as_its_last_day(cell: Cell, day: date | None) -> None:
    assert date_of(cell) == day


@pytest.mark.parametrize("cell", ["2024-02-30", "2023年2月29日", "2024-13-01", "2024年0月"])
def test_a_day_that_does_not_exist_is_told(cell: str) -> None:
    with pytest.raises(Unusable) as told:
        date_of(cell)
    assert told.value.key == "date_impossible"


@pytest.mark.parametrize("cell", ["尽快", "下个月", "3月", 12.0, "2024-2025-2026", True])
def test_words_that_are_no_date_are_told(cell: Cell) -> None:
    with pytest.raises(Unusable) as told:
        date_of(cell)
    assert told.value.key == "date_unreadable"


@pytest.mark.parametrize(
    ("cell", "start", "finish"),
    [
        ("2021-08至2027-10", date(2021, 8, 1), date(2027, 10, 1)),
        ("2021.8-2027.10", date(2021, 8, 1), date(2027, 10, 1)),
        ("2021年8月~2027年10月", date(2021, 8, 1), date(2027, 10, 1)),
        ("2021年8月—2027年10月", date(2021, 8, 1), date(2027, 10, 1)),
        ("2021/08 - 2027/10", date(2021, 8, 1), date(2027, 10, 1)),
        ("2021-08-2027-10", date(2021, 8, 1), date(2027, 10, 1)),
        ("2021-2027", date(2021, 1, 1), date(2027, 12, 1)),
        ("2021年-2027年", date(2021, 1, 1), date(2027, 12, 1)),
        ("202108-202710", date(2021, 8, 1), date(2027, 10, 1)),
        ("2024年3月至11月", date(2024, 3, 1), date(2024, 11, 1)),
        ("2024年3月-11月", date(2024, 3, 1), date(2024, 11, 1)),
        ("2024-03", date(2024, 3, 1), None),
        ("2024年3月", date(2024, 3, 1), None),
        ("至2027-10", None, date(2027, 10, 1)),
        (45356.0, date(2024, 3, 1), None),
        ("/", None, None),
    ],
)
def test_a_span_of_months_is_read(cell: Cell, start: date | None, finish: date | None) -> None:
    assert span_of(cell) == (start, finish)
    assert span_of(wide(cell) if isinstance(cell, str) else cell) == (start, finish)


def test_excels_2024_point_1_may_be_january_or_october_and_is_not_guessed() -> None:
    with pytest.raises(Unusable) as told:
        month_of(2024.1)
    assert told.value.key == "month_ambiguous"
    assert month_of("2024.1") == date(2024, 1, 1)
    assert month_of(2024.11) == date(2024, 11, 1)


MONTHS = st.dates(date(1990, 1, 1), date(2100, 12, 31)).map(lambda day: day.replace(day=1))


@given(MONTHS, MONTHS, st.sampled_from(["{:%Y-%m}至{:%Y-%m}", "{:%Y.%m}-{:%Y.%m}"]))
def test_a_span_that_was_written_is_read_back(first: date, last: date, form: str) -> None:
    assert span_of(form.format(first, last)) == (first, last)


@given(st.one_of(st.text(max_size=20), st.floats(), st.none(), st.dates(), st.booleans()))
def test_whatever_stands_in_a_date_column_is_a_date_or_is_told(cell: Cell) -> None:
    reads: tuple[Callable[[Cell], object], ...] = (date_of, month_of, span_of)
    for read in reads:
        try:
            read(cell)
        except Unusable:
            continue
