"""Bookings meet a told death, and a hand at the desk that presses the wrong button (C3, K11)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.models import BookingRequest, SmsMessage
from campaigns.services.answers import record_answer
from campaigns.services.bookings import desk
from campaigns.services.bookings.sweeping import sweep_bookings
from campaigns.services.messages import dispatch_due
from outreach.access.data_context import data_context
from outreach.errors import UserError
from tests.factories.bookings import BOOKED_AT, asked, booker, caseworker, confirmed, contact_point, desk_hand, taken
from tests.factories.campaigns import CountingGateway
from tests.factories.contact_pages import NOW, records
from tests.factories.geography import ISHOEJ

pytestmark = pytest.mark.django_db


def test_nobody_is_reminded_of_the_time_of_somebody_we_were_told_is_dead() -> None:
    contact_point()
    with records():
        wanted = booker()
    confirmed(desk_hand(), asked(caseworker(), wanted))
    told = NOW + timedelta(minutes=15)
    with records() as by:
        assert SmsMessage.objects.get().purpose == "receipt"
        record_answer(by=by, citizen=wanted.citizen, outcome="deceased", now=told, kind="call_in")
    gateway = CountingGateway()
    dispatch_due(now=told, gateway=gateway)
    with records():
        assert SmsMessage.objects.get().status == "cancelled"
        sweep_bookings(municipality_id=ISHOEJ, now=BOOKED_AT - timedelta(days=1))
        assert SmsMessage.objects.count() == 1


def test_a_request_is_not_cancelled_as_a_time_is() -> None:
    with records():
        wanted = booker()
    request, hand = asked(caseworker(), wanted), desk_hand()
    taken(hand, request)
    with data_context(hand), pytest.raises(UserError) as refused:
        desk.cancellation_done(by=hand, request_id=request.pk, now=NOW + timedelta(minutes=6))
    assert refused.value.code == "booking_moved_on"
    with records():
        kept = BookingRequest.objects.select_related("route").get(pk=request.pk)
        assert (kept.state, kept.route.closed_at) == ("taken", None)
