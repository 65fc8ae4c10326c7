"""S4: 9 to 20 in Copenhagen, never on Sundays and holidays, across both clock changes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.sending_window import COPENHAGEN, may_send_at, next_sending_moment


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        ("2021-04-20T09:00", "2021-04-20T09:00"),
        ("2021-04-20T19:59", "2021-04-20T19:59"),
        ("2021-04-20T20:00", "2021-04-21T09:00"),
        ("2021-04-20T03:12", "2021-04-20T09:00"),
        ("2021-04-17T21:00", "2021-04-19T09:00"),  # Saturday evening to Monday
        ("2021-04-18T12:00", "2021-04-19T09:00"),  # a Sunday
        ("2021-04-01T12:00", "2021-04-03T09:00"),  # Maundy Thursday and Good Friday to Saturday
        ("2021-04-30T12:00", "2021-05-01T09:00"),  # Store bededag, still a holiday in 2021
        ("2024-04-26T12:00", "2024-04-26T12:00"),  # and no longer in 2024
        ("2026-03-29T02:30", "2026-03-30T09:00"),  # an hour that does not exist, on a Sunday
        ("2026-10-25T02:30", "2026-10-26T09:00"),  # an hour that comes twice, on a Sunday
    ],
)
def test_next_moment(wanted: str, sent: str) -> None:
    assert next_sending_moment(local(wanted)) == local(sent)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_next_moment_is_allowed_never_earlier_and_stable(moment: datetime) -> None:
    found = next_sending_moment(moment)
    assert may_send_at(found)
    assert moment <= found <= moment + timedelta(days=7)
    assert next_sending_moment(found) == found
