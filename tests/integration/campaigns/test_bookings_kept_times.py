"""A time the region keeps in its own system is handed back to it, also when another was asked for first (K11, K14)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from campaigns.models import BookingRequest, BookingRoute, ChainLink
from campaigns.services.bookings import Wishes, ask_again, chains, desk, settling, withdraw
from campaigns.services.bookings.releasing import release_to_region
from campaigns.services.bookings.sweeping import sweep_bookings
from campaigns.services.leaving import end_work_of_gone
from outreach.access.data_context import data_context
from outreach.access.models import User
from popup_sites.models import VaccinationSession
from registry.models import Citizen, CitizenStatus
from tests.factories.bookings import (
    BOOKED_AT,
    PLACE,
    asked,
    booker,
    caseworker,
    confirmed,
    contact_point,
    desk_hand,
    taken,
)
from tests.factories.contact_pages import NOW, clock_at, records
from tests.factories.geography import ISHOEJ
from tests.factories.popup_sites import published_session, site_in

pytestmark = pytest.mark.django_db
DESK = "/region/bookinger/"
LATER, THEN = NOW + timedelta(minutes=20), NOW + timedelta(minutes=30)


@pytest.fixture
def mette():
    clock_at(THEN)
    contact_point()
    return caseworker()


@pytest.fixture
def tom():
    return desk_hand()


def booked(mette, tom, wishes: Wishes | None = None, **values) -> BookingRequest:
    with records():
        wanted = booker()
    return confirmed(tom, asked(mette, wanted, wishes), **values)


def asks_again(mette, request: BookingRequest, wishes: Wishes | None = None) -> None:
    with data_context(mette):
        ask_again(by=mette, request_id=request.pk, wishes=wishes or Wishes(), now=LATER)


def withdraws(mette, request: BookingRequest) -> None:
    with data_context(mette):
        withdraw(by=mette, request_id=request.pk, now=THEN)


def at_desk() -> list[str]:
    return list(BookingRoute.objects.open().values_list("task", flat=True))


def protect() -> None:
    with records():
        Citizen.objects.update(protected=True)


def test_withdrawing_hands_back_the_time_that_another_was_asked_for_instead_of(mette, tom):
    request = booked(mette, tom)
    asks_again(mette, request)
    assert at_desk() == ["book"]
    withdraws(mette, request)
    assert at_desk() == ["cancel"]
    taken(tom, request, THEN)
    browser = Client()
    browser.force_login(User.objects.get(username="tom"))
    page = browser.get(f"{DESK}{request.pk}/").content.decode()
    assert "Tiden skal aflyses" in page
    assert f"26.04.2021 kl. 14.00, {PLACE}" in page
    browser.post(f"{DESK}{request.pk}/aflyst/")
    assert at_desk() == []


def test_a_proposal_that_did_not_suit_is_handed_back_too(mette, tom):
    with records():
        wanted = booker()
    request = asked(mette, wanted)
    taken(tom, request)
    with data_context(tom):
        desk.propose(by=tom, request_id=request.pk, booked_at=BOOKED_AT, place=PLACE, now=NOW + timedelta(minutes=10))
    with data_context(mette):
        settling.decline_proposal(by=mette, request_id=request.pk, now=LATER)
    withdraws(mette, request)
    assert at_desk() == ["cancel"]


def test_a_death_in_between_hands_it_back(mette, tom):
    asks_again(mette, booked(mette, tom))
    with records() as by:
        Citizen.objects.update(status=CitizenStatus.DECEASED)
        end_work_of_gone(by=by, municipality_id=ISHOEJ, now=THEN)
    route = BookingRoute.objects.open().get()
    assert (route.task, route.ended_because) == ("cancel", "not_followed")


@pytest.mark.parametrize("ended_by", ["cancelled there", "passed", "another time"])
def test_a_time_the_region_keeps_no_more_is_not_handed_back(mette, tom, ended_by):
    request = booked(mette, tom)
    if ended_by == "another time":
        asks_again(mette, request)
        session = published_session(site_in())
        confirmed(tom, request, now=THEN, session=session, booked_at=session.starts_at)
        asks_again(mette, request)
    elif ended_by == "passed":
        asks_again(mette, request)
        with data_context(mette):
            withdraw(by=mette, request_id=request.pk, now=BOOKED_AT)
    else:
        protect()
        asks_again(mette, request)
        taken(tom, request, LATER)
        with data_context(tom):
            desk.cancellation_done(by=tom, request_id=request.pk, now=LATER)
    if ended_by != "passed":
        withdraws(mette, request)
    assert at_desk() == []


def test_a_pop_up_that_is_off_keeps_no_time_at_the_desk(mette, tom):
    session = published_session(site_in())
    request = booked(mette, tom, session=session, booked_at=session.starts_at)
    VaccinationSession.objects.filter(pk=session.pk).update(status="cancelled")
    with records():
        sweep_bookings(municipality_id=ISHOEJ, now=LATER)
    withdraws(mette, request)
    assert at_desk() == []


def test_a_protected_citizens_time_is_cancelled_while_the_new_wish_waits_for_its_release(mette, tom):
    request = booked(mette, tom, Wishes(needs_ride=True))
    with records():
        link = ChainLink.objects.get(kind="ride").pk
    with data_context(mette):
        chains.agree_link(by=mette, link_id=link, at=BOOKED_AT - timedelta(minutes=45), now=LATER)
    protect()
    asks_again(mette, request, Wishes(needs_ride=True))
    with records():
        assert BookingRequest.objects.get().state == "held"
        assert ChainLink.objects.get(pk=link).state == "again"
    assert at_desk() == ["cancel"]
    taken(tom, request, LATER)
    browser = Client()
    browser.force_login(User.objects.get(username="tom"))
    page = browser.get(f"{DESK}{request.pk}/").content.decode()
    assert "Aase" not in page
    assert f"26.04.2021 kl. 14.00, {PLACE}" in page
    # Whoever is at it goes on, although the citizen needs no time at all any more.
    withdraws(mette, request)
    route = BookingRoute.objects.open().get()
    assert (route.task, route.claimed_by_id) == ("cancel", tom.user_id)


def test_a_release_asks_for_the_new_time_and_the_card_still_says_which_to_cancel(mette, tom):
    request = booked(mette, tom)
    protect()
    asks_again(mette, request)
    with data_context(mette):
        release_to_region(by=mette, request_id=request.pk, reason="Borgeren har bedt om det", now=THEN)
    assert at_desk() == ["book"]
    taken(tom, request, THEN)
    browser = Client()
    browser.force_login(User.objects.get(username="tom"))
    assert "Aflys den, hvis den står i jeres" in browser.get(f"{DESK}{request.pk}/").content.decode()


def test_a_citizen_protected_while_another_time_is_looked_for_does_not_keep_the_old_one(mette, tom):
    request = booked(mette, tom)
    asks_again(mette, request)
    with records():
        Citizen.objects.update(protected=True, protected_until=date(2022, 1, 1))
        assert sweep_bookings(municipality_id=ISHOEJ, now=THEN).held == 1
        assert sweep_bookings(municipality_id=ISHOEJ, now=THEN).held == 0
    assert at_desk() == ["cancel"]
