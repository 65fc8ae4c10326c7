"""The desk at full strength: forty answers at one moment for ten places, one request wanted by many (K11, P2)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from campaigns.models import BookingRequest, BookingRoute
from campaigns.services.bookings import desk, places, withdraw
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.errors import UserError
from popup_sites.models import VaccinationSession
from tests.factories.bookings import asked, booker, caseworker, contact_point, desk_hand
from tests.factories.contact_pages import NOW, records
from tests.factories.popup_sites import published_session, site_in

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(minutes=10)


def at_once(actions: list[Callable[[], None]]) -> list[str]:
    """All start together, each on its own connection; "done" or the code of what it was told, sorted."""
    start, ends, faults = Barrier(len(actions)), [], []

    def run(action: Callable[[], None]) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            action()
            ends.append("done")
        except UserError as refusal:
            ends.append(refusal.code)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults
    return sorted(ends)


def forty_with_the_desk(tom: Actor) -> list[int]:
    contact_point()
    mette = caseworker()
    keys = []
    for number in range(40):
        with records():
            wanted = booker(f"Bo Nummer {number}")
        keys.append(asked(mette, wanted).pk)
    with data_context(tom):
        for key in keys:
            desk.claim(by=tom, request_id=key, now=LATER)
    return keys


def confirm_at(session: VaccinationSession, tom: Actor, key: int) -> Callable[[], None]:
    def action() -> None:
        with data_context(tom):
            desk.confirm(by=tom, request_id=key, booked_at=session.starts_at, place="", session=session, now=LATER)

    return action


def test_forty_bookings_for_ten_places_give_exactly_ten():
    session, tom = published_session(site_in(), doses=10), desk_hand()
    keys = forty_with_the_desk(tom)

    assert at_once([confirm_at(session, tom, key) for key in keys]) == ["done"] * 10 + ["session_full"] * 30
    session.refresh_from_db()
    assert (session.capacity, session.reserved) == (10, 10)
    with records():
        assert BookingRequest.objects.filter(state="confirmed", holds_place=True).count() == 10
        assert BookingRequest.objects.filter(state="taken", booked_at=None).count() == 30
    assert BookingRoute.objects.open().count() == 30


def test_control_without_the_conditional_update_the_same_forty_oversell(monkeypatch):
    """Reading the free places and writing the new number after: what the one statement is for."""
    session, tom, seen = published_session(site_in(), doses=10), desk_hand(), Barrier(40)
    keys = forty_with_the_desk(tom)

    def read_then_write(*, by: Actor, session: VaccinationSession, now: datetime) -> None:
        reserved = VaccinationSession.objects.get(pk=session.pk).reserved
        seen.wait()
        if reserved < session.capacity:
            VaccinationSession.objects.filter(pk=session.pk).update(reserved=reserved + 1)

    monkeypatch.setattr(places, "reserve_place", read_then_write)
    at_once([confirm_at(session, tom, key) for key in keys])
    with records():
        assert BookingRequest.objects.filter(state="confirmed", holds_place=True).count() > session.capacity


def test_one_request_wanted_by_ten_hands_goes_to_one():
    contact_point()
    mette = caseworker()
    with records():
        wanted = booker()
    request = asked(mette, wanted)
    hands = [desk_hand(f"vagt-{number}") for number in range(10)]

    def claim(hand: Actor) -> Callable[[], None]:
        def action() -> None:
            with data_context(hand):
                desk.claim(by=hand, request_id=request.pk, now=LATER)

        return action

    assert at_once([claim(hand) for hand in hands]) == ["done"] + ["request_claimed"] * 9


def test_ten_hands_take_ten_requests_and_none_twice():
    contact_point()
    mette = caseworker()
    for number in range(10):
        with records():
            wanted = booker(f"Bo Nummer {number}")
        asked(mette, wanted)
    hands = [desk_hand(f"vagt-{number}") for number in range(10)]

    def claim(hand: Actor) -> Callable[[], None]:
        def action() -> None:
            with data_context(hand):
                assert desk.claim_next(by=hand, now=LATER) is not None

        return action

    assert at_once([claim(hand) for hand in hands]) == ["done"] * 10
    assert BookingRoute.objects.values("claimed_by").distinct().count() == 10


def test_the_desk_answers_while_the_municipality_withdraws_and_one_of_them_wins():
    contact_point()
    mette, tom = caseworker(), desk_hand()
    with records():
        wanted = booker()
    request = asked(mette, wanted)
    with data_context(tom):
        desk.claim(by=tom, request_id=request.pk, now=LATER)

    def refuse() -> None:
        with data_context(tom):
            desk.refuse(by=tom, request_id=request.pk, refusal="no_times", now=LATER)

    def take_back() -> None:
        with data_context(mette):
            withdraw(by=mette, request_id=request.pk, now=LATER)

    ends = at_once([refuse, take_back])
    with records():
        request.refresh_from_db()
    # A withdrawal after the no is still a withdrawal; a no after the withdrawal is refused.
    assert (ends, request.state) in [(["done", "done"], "withdrawn"), (["done", "not_yours"], "withdrawn")]
