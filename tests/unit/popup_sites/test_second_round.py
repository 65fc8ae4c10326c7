"""When the second round may be, and when it is offered (P6)."""

from datetime import date, time, timedelta

import pytest

from outreach.errors import UserError
from popup_sites.local_times import COPENHAGEN, local_moment
from popup_sites.second_round import check_second_round, offered_second_round, shortest_interval_days
from popup_sites.vaccines import interval_days_of

FIRST = local_moment(date(2021, 4, 21), time(14))


@pytest.mark.parametrize(
    ("vaccine", "days"),
    [
        ("Comirnaty", 21),
        ("Pfizer BioNTech/Comirnaty", 21),
        ("Spikevax (Moderna)", 28),
        ("moderna", 28),
        ("AstraZeneca", 63),
        ("Janssen", None),
    ],
)
def test_interval_is_known_by_the_names_people_write(vaccine: str, days: int | None) -> None:
    assert interval_days_of(vaccine) == days


@pytest.mark.parametrize(
    ("vaccine", "shortest", "offered"),
    [
        ("Comirnaty", 21, date(2021, 5, 19)),
        ("Spikevax (Moderna)", 28, date(2021, 5, 19)),
        ("AstraZeneca", 63, date(2021, 6, 23)),
        ("Influvac", 28, date(2021, 5, 19)),
    ],
)
def test_offer_is_four_weeks_and_never_before_the_vaccines_interval(vaccine: str, shortest: int, offered: date) -> None:
    assert shortest_interval_days(vaccine) == shortest
    moment = offered_second_round(FIRST, vaccine)
    assert (moment.date(), moment.time(), moment.weekday()) == (offered, time(14), FIRST.weekday())


def test_offer_keeps_the_time_of_day_over_a_change_of_the_clock() -> None:
    first = local_moment(date(2026, 3, 18), time(14))
    offered = offered_second_round(first, "Comirnaty").astimezone(COPENHAGEN)
    assert (offered.date(), offered.time()) == (date(2026, 4, 15), time(14))


@pytest.mark.parametrize(("vaccine", "days"), [("Comirnaty", 21), ("Spikevax (Moderna)", 28), ("AstraZeneca", 63)])
def test_round_on_the_first_possible_day_is_allowed_and_the_day_before_refused(vaccine: str, days: int) -> None:
    earliest = FIRST + timedelta(days=days)
    check_second_round(first_starts_at=FIRST, second_starts_at=earliest - timedelta(hours=4), vaccine=vaccine)
    with pytest.raises(UserError) as refusal:
        check_second_round(first_starts_at=FIRST, second_starts_at=earliest - timedelta(days=1), vaccine=vaccine)
    assert refusal.value.code == "second_round_too_early"
    assert f"{earliest:%d.%m.%Y}" in refusal.value.message
