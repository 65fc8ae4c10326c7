"""Days and moments as people say them."""

from datetime import UTC, date, datetime

import pytest

from campaigns.presenters.moments import clock, day_words, local_day, moment_words, stamp

TUESDAY = date(2021, 4, 20)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2021, 4, 19), "i går"),
        (date(2021, 4, 20), "i dag"),
        (date(2021, 4, 21), "i morgen"),
        (date(2021, 4, 22), "tors. 22.04."),
        (date(2021, 4, 26), "man. 26.04."),
        (date(2021, 4, 27), "27.04."),
        (date(2021, 4, 13), "13.04."),
    ],
)
def test_day_words(day, words):
    assert day_words(day, TUESDAY) == words


def test_moments_are_danish_time_whatever_zone_they_come_in():
    late = datetime(2021, 4, 20, 22, 30, tzinfo=UTC)
    assert local_day(late) == date(2021, 4, 21)
    assert clock(late) == "kl. 0.30"
    assert stamp(late) == "21.04. 0.30"
    assert moment_words(late, datetime(2021, 4, 20, 9, 0, tzinfo=UTC)) == "i morgen kl. 0.30"


def test_winter_time_is_an_hour_apart():
    assert clock(datetime(2021, 12, 1, 9, 5, tzinfo=UTC)) == "kl. 10.05"
