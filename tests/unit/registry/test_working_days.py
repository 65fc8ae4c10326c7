from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.working_days import add_working_days, is_public_holiday, is_working_day

days = st.dates(date(2015, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    "holiday",
    [
        date(2021, 1, 1),
        date(2021, 4, 1),  # skærtorsdag
        date(2021, 4, 2),  # langfredag
        date(2021, 4, 5),  # 2. påskedag
        date(2021, 4, 30),  # store bededag
        date(2021, 5, 13),  # Kristi himmelfart
        date(2021, 5, 24),  # 2. pinsedag
        date(2026, 12, 25),
        date(2023, 5, 5),  # the last store bededag
    ],
)
def test_public_holiday_is_no_working_day(holiday: date) -> None:
    assert is_public_holiday(holiday)
    assert not is_working_day(holiday)


def test_store_bededag_is_a_working_day_from_2024() -> None:
    assert is_working_day(date(2024, 4, 26))
    assert is_working_day(date(2026, 5, 1))  # would be store bededag, and 1 May


@pytest.mark.parametrize("closed", [date(2025, 6, 5), date(2025, 12, 24), date(2025, 12, 31)])
def test_offices_closed_is_no_working_day_but_no_holiday(closed: date) -> None:
    assert not is_working_day(closed)
    assert not is_public_holiday(closed)


def test_weekend_is_no_working_day() -> None:
    assert [is_working_day(date(2021, 4, day)) for day in range(19, 26)] == [True] * 5 + [False] * 2


def test_add_working_days_over_easter() -> None:
    assert add_working_days(date(2021, 3, 31), 1) == date(2021, 4, 6)
    assert add_working_days(date(2021, 4, 6), -1) == date(2021, 3, 31)
    assert add_working_days(date(2021, 4, 20), 5) == date(2021, 4, 27)
    assert add_working_days(date(2021, 4, 20), 15) == date(2021, 5, 12)  # store bededag between


def test_add_no_working_days_moves_only_off_days() -> None:
    assert add_working_days(date(2021, 4, 20), 0) == date(2021, 4, 20)
    assert add_working_days(date(2021, 4, 24), 0) == date(2021, 4, 26)


@given(days, st.integers(1, 40))
def test_add_working_days_counts_working_days(day: date, number: int) -> None:
    end = add_working_days(day, number)
    between = [day + timedelta(days=offset) for offset in range(1, (end - day).days + 1)]
    assert is_working_day(end)
    assert sum(map(is_working_day, between)) == number


@given(days, st.integers(1, 40))
def test_add_working_days_back_and_forth(day: date, number: int) -> None:
    start = add_working_days(day, 0)
    assert add_working_days(add_working_days(start, number), -number) == start
