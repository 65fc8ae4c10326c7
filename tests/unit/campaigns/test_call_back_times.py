"""The quick choices of "Ring senere": only times that make sense, never on a day nobody works (K6)."""

from datetime import UTC, datetime

import pytest

from campaigns.call_back_times import quick_time, quick_times


def times(now: datetime) -> dict[str, str]:
    return {each.code: f"{each.at.astimezone(UTC):%d.%m. %H:%M}" for each in quick_times(now)}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # Tuesday 20 April 2021, 11.22 in Copenhagen (UTC+2): the hour is rounded up to five minutes.
        (
            datetime(2021, 4, 20, 9, 22, tzinfo=UTC),
            {"hour": "20.04. 10:25", "afternoon": "20.04. 13:00", "morning": "21.04. 08:00", "evening": "22.04. 15:00"},
        ),
        # Friday 23 April, 16.00: no afternoon left; Friday 30 April is "store bededag", Thursday is an ordinary day.
        (
            datetime(2021, 4, 23, 14, 0, tzinfo=UTC),
            {"hour": "23.04. 15:00", "morning": "26.04. 08:00", "evening": "29.04. 15:00"},
        ),
        # Friday 19.30: an hour later is after the working day.
        (datetime(2021, 4, 23, 17, 30, tzinfo=UTC), {"morning": "26.04. 08:00", "evening": "29.04. 15:00"}),
        # Monday 10 May: Thursday the 13th is Ascension Day; the day after is taken.
        (
            datetime(2021, 5, 10, 9, 0, tzinfo=UTC),
            {"hour": "10.05. 10:00", "afternoon": "10.05. 13:00", "morning": "11.05. 08:00", "evening": "14.05. 15:00"},
        ),
    ],
)
def test_the_choices_of_a_moment(now: datetime, expected: dict[str, str]) -> None:
    assert times(now) == expected


def test_a_choice_that_has_passed_is_no_time() -> None:
    late = datetime(2021, 4, 20, 14, 0, tzinfo=UTC)
    assert quick_time("afternoon", late) is None
    assert quick_time("never", late) is None
