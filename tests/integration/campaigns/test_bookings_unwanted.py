"""What is asked for or booked for a citizen who says otherwise afterwards, and what comes after it (K6, K11, P6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.models import BookingProgramme, BookingRequest, BookingRoute
from campaigns.services.answers import Contact, Said, record_call
from campaigns.services.bookings import Wishes, request_booking, settling
from campaigns.services.bookings.sweeping import sweep_bookings
from outreach.access.data_context import data_context
from registry.models import Citizen
from tests.factories.bookings import asked, booker, caseworker, confirmed, contact_point, desk_hand
from tests.factories.contact_pages import NOW, follow_up, records
from tests.factories.geography import ISHOEJ
from tests.factories.popup_sites import at, published_session, session_values, site_in

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=20)
SWEPT = LATER + timedelta(minutes=5)


@pytest.fixture
def mette():
    contact_point()
    return caseworker()


def says(by, wanted, outcome: str, **values) -> None:
    with data_context(by):
        citizen = Citizen.objects.get(pk=wanted.citizen_id)
        record_call(by=by, citizen=citizen, said={wanted.pk: Said(outcome, **values)}, contact=Contact(), now=LATER)


def sweep(now=SWEPT) -> int:
    with records():
        return sweep_bookings(municipality_id=ISHOEJ, now=now).unwanted


def state(request: BookingRequest) -> str:
    with records():
        return BookingRequest.objects.get(pk=request.pk).state


@pytest.mark.parametrize(
    ("outcome", "waiting", "booked"),
    [
        ("declined", "withdrawn", "cancelled"),
        ("do_not_contact", "withdrawn", "cancelled"),
        ("already_vaccinated", "withdrawn", "cancelled"),
        # Of a time they got by themselves; or of the very time that was booked for them.
        ("already_booked", "withdrawn", "confirmed"),
        ("books_self", "withdrawn", "confirmed"),
        ("undecided", "sent", "confirmed"),
        ("no_answer", "sent", "confirmed"),
    ],
)
def test_what_is_asked_for_goes_back_when_the_citizen_says_otherwise(mette, outcome, waiting, booked):
    with records():
        asking, having = booker(), booker(name="Bodil Krogh")
    first = asked(mette, asking)
    second = confirmed(desk_hand(), asked(mette, having))
    for each in (asking, having):
        says(mette, each, outcome)
    # Ten seconds to undo the slip: nothing is handed back before.
    assert sweep(LATER + timedelta(seconds=10)) == 0
    assert sweep() == (waiting != "sent") + (booked != "confirmed")
    assert sweep() == 0
    assert (state(first), state(second)) == (waiting, booked)
    # The region finds no time that nobody wants, and cancels the one it keeps.
    tasks = set(BookingRoute.objects.open().values_list("request_id", "task"))
    expected = ({(first.pk, "book")} if waiting == "sent" else set()) | (
        {(second.pk, "cancel")} if booked == "cancelled" else set()
    )
    assert tasks == expected


def test_a_no_to_one_programme_leaves_the_visit_for_the_other(mette):
    with records():
        covid = booker()
        flu = follow_up(covid.citizen, "influenza")
    with data_context(mette):
        request = request_booking(by=mette, citizen=covid.citizen, follow_ups=[covid, flu], wishes=Wishes(), now=NOW)
    says(mette, flu, "declined")
    assert sweep() == 1
    assert sweep() == 0
    with records():
        left = BookingProgramme.objects.get(request=request)
        assert left.follow_up_id == covid.pk
        assert BookingRoute.objects.open().get().programme_names == left.programme.name
    assert state(request) == "sent"


def test_who_is_asked_again_after_a_no_gets_their_time(mette):
    with records():
        wanted = booker()
    request = asked(mette, wanted)
    says(mette, wanted, "undecided")
    asked(mette, wanted, now=SWEPT)
    assert sweep(SWEPT + timedelta(minutes=5)) == 0
    assert state(request) == "sent"


def test_who_came_to_a_popup_is_asked_for_at_its_second_round_and_not_for_having_been_there(mette):
    starts = session_values()["starts_at"]
    session = published_session(site_in(), second_round_starts_at=starts + timedelta(weeks=6))
    with records():
        wanted = booker()
    request = confirmed(desk_hand(), asked(mette, wanted), booked_at=starts, session=session)
    after = starts + timedelta(hours=1)
    with data_context(mette):
        settling.citizen_came(by=mette, request_id=request.pk, now=after)
    with records():
        following = BookingRequest.objects.select_related("wanted_session").get(dose=2)
        assert following.wanted_session.second_round_of_id == session.pk
        assert following.wanted_session.starts_at == at(starts.date() + timedelta(weeks=6), 14)
    with data_context(mette):
        citizen = Citizen.objects.get(pk=wanted.citizen_id)
        said = {wanted.pk: Said("already_vaccinated")}
        record_call(by=mette, citizen=citizen, said=said, contact=Contact(), now=after + timedelta(days=1))
    assert sweep(after + timedelta(days=2)) == 0
    assert state(following) == "sent"
