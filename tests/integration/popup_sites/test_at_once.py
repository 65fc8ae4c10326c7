"""Several people at the same moment: real threads, each with its own connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from outreach.access.roles import Role
from outreach.errors import UserError
from popup_sites.models import SessionNotice, VaccinationSession
from popup_sites.services.notices import acknowledge_notice, mark_read
from popup_sites.services.places import free_place, reserve_place
from popup_sites.services.publishing import publish_session
from popup_sites.services.sessions import change_session, create_session
from tests.factories.geography import HOEJE_TAASTRUP
from tests.factories.popup_sites import (
    NOW,
    at,
    municipal,
    planned_session,
    planner,
    published_session,
    session_values,
    site_in,
    team_named,
)

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes(actions: list[Callable[[], object]]) -> list[str]:
    """Run all at the same moment, each in a transaction; "done" or the code of the refusal, sorted."""
    start = Barrier(len(actions))

    def run(action: Callable[[], object]) -> str:
        try:
            connection.ensure_connection()
            start.wait()
            with transaction.atomic():
                action()
            return "done"
        except UserError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return sorted(pool.map(run, actions))


@pytest.mark.parametrize("_round", range(5))
def test_two_sessions_at_one_site_exactly_one_is_made(_round: int) -> None:
    site, values = site_in(), session_values()
    plan = [lambda: create_session(by=planner(), site=site, **values)] * 2
    assert outcomes(plan) == ["done", "site_is_taken"]
    assert VaccinationSession.objects.count() == 1


@pytest.mark.parametrize("_round", range(5))
def test_one_team_in_two_places_exactly_one_is_made(_round: int) -> None:
    sites, team, values = [site_in(), site_in(HOEJE_TAASTRUP, "Lupinparken")], team_named(), session_values()
    second = at(values["starts_at"].date().replace(month=5, day=26), 14)
    plans = [
        lambda site=site: create_session(by=planner(), site=site, team=team, second_round_starts_at=second, **values)
        for site in sites
    ]
    assert outcomes(plans) == ["done", "team_is_elsewhere"]
    assert VaccinationSession.objects.count() == 2


def test_forty_people_for_ten_places_exactly_ten_get_one() -> None:
    session = published_session(site_in(), doses=10)
    caseworker = municipal(Role.CASEWORKER)
    ends = outcomes([lambda: reserve_place(by=caseworker, session=session, now=NOW)] * 40)
    assert ends == ["done"] * 10 + ["session_full"] * 30
    session.refresh_from_db()
    assert (session.capacity, session.reserved) == (10, 10)


def test_places_given_back_twelve_times_are_ten() -> None:
    session = published_session(site_in(), doses=10)
    VaccinationSession.objects.filter(pk=session.pk).update(reserved=10)
    caseworker = municipal(Role.CASEWORKER)
    ends = outcomes([lambda: free_place(by=caseworker, session=session, now=NOW)] * 12)
    assert ends == ["done"] * 10 + ["no_place_reserved"] * 2


def test_capacity_is_never_lowered_below_places_promised_meanwhile() -> None:
    session = published_session(site_in(), doses=20)
    caseworker, smaller = municipal(Role.CASEWORKER), session_values(doses=10)
    ends = outcomes(
        [lambda: reserve_place(by=caseworker, session=session, now=NOW)] * 20
        + [lambda: change_session(by=planner(), session=session, **smaller)]
    )
    session.refresh_from_db()
    assert session.reserved == ends.count("done") - (session.capacity == 10)
    assert session.reserved <= session.capacity


def test_published_twice_at_once_tells_once() -> None:
    session = planned_session(site_in())
    ends = outcomes([lambda: publish_session(by=planner(), session=session, now=NOW)] * 2)
    assert ends == ["done", "not_from_this_state"]
    assert SessionNotice.objects.count() == 1


def test_notice_acknowledged_twice_at_once_keeps_the_first() -> None:
    notice = published_session(site_in()).notices.get()
    ends = outcomes([lambda: acknowledge_notice(by=municipal(), notice=notice, now=NOW)] * 2)
    assert ends == ["already_acknowledged", "done"]


def test_notice_read_by_many_at_once_is_stamped_once() -> None:
    notice = published_session(site_in()).notices.get()
    stamped: list[int] = []
    outcomes([lambda: stamped.append(mark_read(by=municipal(), notices=[notice], now=NOW))] * 4)
    assert sorted(stamped) == [0, 0, 0, 1]


def test_places_at_a_session_that_is_not_open_are_refused() -> None:
    session = planned_session(site_in())
    assert outcomes([lambda: reserve_place(by=municipal(), session=session, now=NOW)]) == ["session_closed"]
