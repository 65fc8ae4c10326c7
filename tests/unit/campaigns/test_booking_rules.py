"""States, due answers, moments of reminders and what moves with a booked time: pure rules (K11, K14, S8)."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from campaigns.booking_rules import (
    ENDED,
    FOLLOWING,
    Link,
    Moved,
    ReminderPlan,
    answer_expected,
    check_booked_time,
    is_overdue,
    moved_links,
    reminder_moments,
    require_following,
    second_dose_from,
)
from campaigns.models import BookingState, LinkState, ReminderKind
from campaigns.sending_window import Window
from outreach.errors import UserError

S = BookingState
DANISH = ZoneInfo("Europe/Copenhagen")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=DANISH)


def test_a_request_goes_the_ordinary_way_from_draft_to_completed():
    way = [S.DRAFT, S.SENT, S.TAKEN, S.CONFIRMED, S.COMPLETED]
    assert all(to in FOLLOWING[came_from] for came_from, to in pairwise(way))
    # So nobody is refused who takes it on its way.
    assert [require_following(came_from, to) for came_from, to in pairwise(way)] == [None] * 4


@pytest.mark.parametrize(
    ("came_from", "to"),
    [
        (S.SENT, S.CONFIRMED),  # nobody answers what nobody has taken
        (S.SENT, S.REFUSED),
        (S.DRAFT, S.TAKEN),
        (S.TAKEN, S.COMPLETED),
        (S.PROPOSED, S.COMPLETED),
        (S.WITHDRAWN, S.CONFIRMED),
        (S.CANCELLED, S.CONFIRMED),
        (S.COMPLETED, S.NO_SHOW),
        (S.REFUSED, S.COMPLETED),
    ],
)
def test_a_step_that_makes_no_sense_is_refused_with_the_state_in_words(came_from, to):
    with pytest.raises(UserError) as refused:
        require_following(came_from, to)
    assert refused.value.code == "booking_moved_on"
    assert str(came_from.label).lower() in str(refused.value.message)


def test_what_has_ended_stays_ended_and_every_state_has_a_line():
    assert set(FOLLOWING) == set(S)
    assert all(not FOLLOWING[state] for state in ENDED)


def test_the_region_answers_by_the_next_working_day():
    assert answer_expected(at(date(2021, 4, 20), 11)) == date(2021, 4, 21)
    # Friday → Monday; the day before Store bededag (30 April 2021, a Friday) → Monday.
    assert answer_expected(at(date(2021, 4, 23), 15)) == date(2021, 4, 26)
    assert answer_expected(at(date(2021, 4, 29), 15)) == date(2021, 5, 3)


def test_an_answer_is_overdue_the_day_after_it_was_due_and_only_while_waited_for():
    due = date(2021, 4, 21)
    assert not is_overdue(S.SENT, due, at(date(2021, 4, 21), 23, 59))
    assert is_overdue(S.SENT, due, at(date(2021, 4, 22), 0, 1))
    assert is_overdue(S.TAKEN, due, at(date(2021, 4, 22), 0, 1))
    assert not is_overdue(S.CONFIRMED, due, at(date(2021, 4, 22), 0, 1))


def test_a_booked_time_lies_ahead_within_a_year_and_after_the_day_it_may():
    now = at(date(2021, 4, 20), 11)
    check_booked_time(now + timedelta(hours=1), now, None)
    for booked, not_before, code in [
        (now, None, "booked_in_past"),
        (now + timedelta(days=400), None, "booked_too_far"),
        (now + timedelta(days=3), date(2021, 4, 24), "booked_too_early"),
    ]:
        with pytest.raises(UserError) as refused:
            check_booked_time(booked, now, not_before)
        assert refused.value.code == code


def moments(booked: datetime, since: datetime, plan: ReminderPlan | None = None) -> list[tuple[str, datetime]]:
    return reminder_moments(booked, plan or ReminderPlan(), Window(), since=since)


def test_two_days_before_at_ten_and_the_evening_before():
    booked = at(date(2021, 4, 30) - timedelta(days=1), 9, 15)  # Thursday 29 April
    assert moments(booked, at(date(2021, 4, 20), 11)) == [
        (ReminderKind.DAYS, at(date(2021, 4, 27), 10)),
        (ReminderKind.EVENING, at(date(2021, 4, 28), 18)),
    ]


def test_a_reminder_that_would_fall_on_a_quiet_day_goes_before_it_and_not_after():
    # Monday 26 April: the evening before is a Sunday, so Saturday at 18; two days before is that same Saturday: one is
    # enough.
    assert moments(at(date(2021, 4, 26), 14), at(date(2021, 4, 20), 11)) == [
        (ReminderKind.DAYS, at(date(2021, 4, 24), 10))
    ]
    # The day after Great Prayer Day (Friday 30 April 2021): Saturday 1 May.
    assert moments(at(date(2021, 5, 1), 14), at(date(2021, 4, 20), 11)) == [
        (ReminderKind.DAYS, at(date(2021, 4, 29), 10))
    ]


def test_nobody_is_reminded_the_day_they_were_told():
    told = at(date(2021, 4, 28), 11)
    assert moments(at(date(2021, 4, 29), 14), told) == []
    assert moments(at(date(2021, 4, 30) + timedelta(days=3), 14), told) == [
        # Monday 3 May: Saturday for "two days before"; the evening before is Sunday, so Saturday as well.
        (ReminderKind.DAYS, at(date(2021, 5, 1), 10))
    ]


@pytest.mark.case("SS06")
def test_over_the_night_of_the_clock_the_hours_are_those_on_the_wall():
    # 28 March 2021: the clock is put forward at 2. The time is on that Sunday at 9.30.
    booked = at(date(2021, 3, 28), 9, 30)
    found = moments(booked, at(date(2021, 3, 20), 11))
    assert [(kind, moment.astimezone(UTC)) for kind, moment in found] == [
        (ReminderKind.DAYS, datetime(2021, 3, 26, 9, tzinfo=UTC)),
        (ReminderKind.EVENING, datetime(2021, 3, 27, 17, tzinfo=UTC)),
    ]
    # 31 October 2021: the clock is put back at 3; the evening before is still summer time.
    found = moments(at(date(2021, 10, 31), 9, 30), at(date(2021, 10, 20), 11))
    assert [moment.astimezone(UTC).hour for _kind, moment in found] == [8, 16]


def test_the_municipality_decides_whether_and_when():
    booked = at(date(2021, 4, 29), 9, 15)
    since = at(date(2021, 4, 20), 11)
    assert moments(booked, since, ReminderPlan(None, 10, False)) == []
    assert moments(booked, since, ReminderPlan(3, 13, False)) == [(ReminderKind.DAYS, at(date(2021, 4, 26), 13))]
    # An hour outside the window is drawn into it.
    assert moments(booked, since, ReminderPlan(3, 6, False)) == [(ReminderKind.DAYS, at(date(2021, 4, 26), 9))]


def test_the_next_dose_follows_the_vaccines_own_interval():
    booked = at(date(2021, 4, 20), 10)
    assert second_dose_from(booked, "Comirnaty") == date(2021, 4, 20) + timedelta(days=21)
    assert second_dose_from(booked, "influenzavaccine") is None


def test_when_the_time_moves_what_people_agreed_is_flagged_and_the_rest_follows():
    old, new = at(date(2021, 4, 26), 14), at(date(2021, 4, 28), 10)
    links = [
        Link(1, "ride", LinkState.AGREED, old - timedelta(minutes=45), -45),
        Link(2, "helper", LinkState.NEEDED, None, None),
        Link(3, "escort", LinkState.DONE, old, 0),
        Link(4, "interpreter", LinkState.CANCELLED, None, None),
        Link(5, "escort", LinkState.AGREED, old, None),
    ]
    assert moved_links(links, new) == [
        Moved(1, LinkState.AGAIN, new - timedelta(minutes=45)),
        Moved(2, LinkState.NEEDED, None),
        Moved(5, LinkState.AGAIN, None),
    ]
    assert moved_links(links, None) == [
        Moved(1, LinkState.CANCELLED, old - timedelta(minutes=45)),
        Moved(2, LinkState.CANCELLED, None),
        Moved(5, LinkState.CANCELLED, old),
    ]
