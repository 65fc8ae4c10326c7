"""One chain per citizen: what hangs on a booked time moves, is flagged, or ends with it (K14)."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from campaigns.models import BookingRequest, BookingRoute, CareChain, ChainLink
from campaigns.selectors.bookings import links_to_agree
from campaigns.services.bookings import Wishes, ask_again, cancel, chains, desk, request_booking, settling, withdraw
from outreach.access.data_context import data_context
from outreach.access.models import User
from outreach.access.roles import Role
from outreach.errors import UserError
from tests.factories.bookings import BOOKED_AT, asked, booker, caseworker, confirmed, contact_point, desk_hand
from tests.factories.cast import user_with_role
from tests.factories.contact_pages import NOW, follow_up, records
from tests.factories.geography import HOEJE_TAASTRUP

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=20)
NEW_TIME = BOOKED_AT + timedelta(days=2, hours=-3)
EVERYTHING = Wishes(needs_ride=True, needs_escort=True, needs_interpreter=True)


@pytest.fixture
def mette():
    contact_point()
    return caseworker()


@pytest.fixture
def tom():
    return desk_hand()


def links() -> dict[str, tuple[str, datetime | None]]:
    with records():
        return {link.kind: (link.state, link.at) for link in ChainLink.objects.exclude(state="cancelled")}


def link_id(kind: str) -> int:
    with records():
        return ChainLink.objects.exclude(state="cancelled").get(kind=kind).pk


def agree(by, kind: str, at: datetime, now: datetime = LATER) -> None:
    key = link_id(kind)
    with data_context(by):
        chains.agree_link(by=by, link_id=key, at=at, now=now, provider="transport")


def test_one_open_chain_for_a_citizen_whatever_is_asked(mette):
    with records():
        wanted = booker()
        flu = follow_up(wanted.citizen, "influenza")
    first = asked(mette, wanted, EVERYTHING)
    with records():
        BookingRequest.objects.filter(pk=first.pk).update(state="taken")
    with data_context(mette):
        second = request_booking(by=mette, citizen=wanted.citizen, follow_ups=[flu], wishes=Wishes(), now=LATER)
    assert first.chain_id == second.chain_id
    with records(), pytest.raises(IntegrityError), transaction.atomic():
        CareChain.objects.create(
            municipality_id=wanted.municipality_id, citizen=wanted.citizen, caseworker_name="En anden", created_at=NOW
        )


def test_nothing_is_agreed_before_there_is_a_time(mette):
    with records():
        wanted = booker()
    asked(mette, wanted, EVERYTHING)
    with pytest.raises(UserError) as refused:
        agree(mette, "ride", BOOKED_AT)
    assert refused.value.code == "link_without_time"
    with data_context(mette):
        assert not links_to_agree(mette, mine=True).exists()


def test_once_there_is_a_time_the_named_caseworker_has_what_must_be_agreed(mette, tom):
    jonas = caseworker("jonas")
    with records():
        wanted = booker()
    confirmed(tom, asked(mette, wanted, EVERYTHING))
    with data_context(mette):
        assert links_to_agree(mette, mine=True).count() == 3
    with data_context(jonas):
        assert links_to_agree(jonas, mine=True).count() == 0
        assert links_to_agree(jonas, mine=False).count() == 3
    agree(mette, "ride", BOOKED_AT - timedelta(minutes=45))
    with data_context(mette):
        assert links_to_agree(mette, mine=True).count() == 2


def test_moving_the_time_flags_what_people_agreed_and_moves_the_rest(mette, tom):
    with records():
        wanted = booker()
    request = confirmed(tom, asked(mette, wanted, EVERYTHING), vaccine="Comirnaty")
    agree(mette, "ride", BOOKED_AT - timedelta(minutes=45))
    before = links()
    assert before["ride"] == ("agreed", BOOKED_AT - timedelta(minutes=45))
    assert before["second_dose"][1] == datetime.fromisoformat("2021-05-17T10:00+02:00")  # 26 April + 21 days
    with data_context(mette):
        ask_again(by=mette, request_id=request.pk, wishes=EVERYTHING, now=LATER)
    # The old time is off: what was agreed for it can no longer be counted on, and nobody can agree it anew yet.
    assert links()["ride"][0] == "again"
    confirmed(tom, request, booked_at=NEW_TIME, vaccine="Comirnaty", now=LATER)
    after = links()
    assert after["ride"] == ("again", NEW_TIME - timedelta(minutes=45))
    assert after["escort"] == ("needed", None)
    assert after["second_dose"][1] == datetime.fromisoformat("2021-05-19T10:00+02:00")
    with data_context(mette):
        assert {link.kind for link in links_to_agree(mette, mine=True)} == {"ride", "escort", "interpreter"}
        assert ChainLink.objects.get(kind="ride").agreed_for == BOOKED_AT - timedelta(minutes=45)
    agree(mette, "ride", NEW_TIME - timedelta(minutes=30))
    with records():
        assert ChainLink.objects.get(kind="ride").agreed_for is None


def test_the_region_mending_its_time_flags_the_ride_too(mette, tom):
    with records():
        wanted = booker()
    request = confirmed(tom, asked(mette, wanted, EVERYTHING), now=NOW)
    agree(mette, "ride", BOOKED_AT - timedelta(minutes=45), now=NOW)
    with data_context(tom):
        desk.confirm(by=tom, request_id=request.pk, booked_at=NEW_TIME, place="Centret", now=NOW)
    assert links()["ride"] == ("again", NEW_TIME - timedelta(minutes=45))


def test_cancelling_the_time_ends_what_hangs_on_it_and_the_chain(mette, tom):
    with records():
        wanted = booker()
    request = confirmed(tom, asked(mette, wanted, EVERYTHING), vaccine="Comirnaty")
    agree(mette, "ride", BOOKED_AT - timedelta(minutes=45))
    with data_context(mette):
        cancel(by=mette, request_id=request.pk, now=LATER)
    assert links() == {}
    with records():
        chain = CareChain.objects.get()
        assert chain.closed_at == LATER
        assert {change.event for change in chain.changes.all()} >= {"started", "added", "agreed", "cancelled", "ended"}


def test_withdrawing_before_there_is_a_time_ends_the_chain(mette):
    with records():
        wanted = booker()
    request = asked(mette, wanted, EVERYTHING)
    with data_context(mette):
        withdraw(by=mette, request_id=request.pk, now=LATER)
    with records():
        assert CareChain.objects.get().closed_at == LATER
    # A new request is a new chain.
    assert asked(mette, wanted).chain_id != request.chain_id


def test_the_first_dose_given_asks_the_region_for_the_second(mette, tom):
    with records():
        wanted = booker()
    request = confirmed(tom, asked(mette, wanted, EVERYTHING), vaccine="Comirnaty")
    after = BOOKED_AT + timedelta(hours=1)
    agree(mette, "ride", BOOKED_AT - timedelta(minutes=45))
    with data_context(mette):
        settling.citizen_came(by=mette, request_id=request.pk, now=after)
    with records():
        second = BookingRequest.objects.get(dose=2)
        wanted.refresh_from_db()
        assert (second.state, second.after_id, second.chain_id) == ("sent", request.pk, request.chain_id)
        assert second.not_before == date(2021, 5, 17)
        assert (wanted.next_step_kind, wanted.next_step_reason) == ("booking_request", "second_dose")
        assert ChainLink.objects.get(request=request, kind="ride").state == "done"
        # What the first visit needed, the second needs too.
        kinds = ChainLink.objects.filter(request=second, state="needed").values_list("kind", flat=True)
        assert set(kinds) == {"ride", "escort", "interpreter"}
        assert CareChain.objects.get().closed_at is None
    assert BookingRoute.objects.open().get().pk == second.pk
    with pytest.raises(UserError) as refused:
        confirmed(tom, second, booked_at=BOOKED_AT + timedelta(days=14), now=after)
    assert refused.value.code == "booked_too_early"
    done = confirmed(tom, second, booked_at=BOOKED_AT + timedelta(days=22), vaccine="Comirnaty", now=after)
    with data_context(mette):
        settling.citizen_came(by=mette, request_id=done.pk, now=BOOKED_AT + timedelta(days=23))
    with records():
        assert BookingRequest.objects.count() == 2  # there is no third


def test_a_vaccine_without_a_second_dose_ends_with_the_first(mette, tom):
    with records():
        wanted = booker()
    request = confirmed(tom, asked(mette, wanted), vaccine="Influenza")
    with data_context(mette):
        settling.citizen_came(by=mette, request_id=request.pk, now=BOOKED_AT + timedelta(hours=1))
    with records():
        wanted.refresh_from_db()
        assert BookingRequest.objects.count() == 1
        assert (wanted.next_step_kind, wanted.next_step_reason) == ("wait", "booking_done")
        assert CareChain.objects.get().closed_at is not None


def test_the_same_thing_hangs_on_a_time_once(mette):
    with records():
        wanted = booker()
    request = asked(mette, wanted, EVERYTHING)
    ride = link_id("ride")
    with data_context(mette):
        for kind, code in [("ride", "link_exists"), ("second_dose", "link_kind"), ("taxa", "link_kind")]:
            with pytest.raises(UserError) as refused:
                chains.add_link(by=mette, request_id=request.pk, kind=kind, now=LATER)
            assert refused.value.code == code
        chains.cancel_link(by=mette, link_id=ride, now=LATER)
        chains.add_link(by=mette, request_id=request.pk, kind="ride", now=LATER)


def test_a_chain_is_handed_to_those_who_book_for_the_municipality_only(mette):
    with records():
        wanted = booker()
    chain_id = asked(mette, wanted).chain_id
    outsider = user_with_role(Role.CASEWORKER, HOEJE_TAASTRUP, username="nabo")
    adviser = user_with_role(Role.HEALTH_ADVISER, username="farah")
    lead = user_with_role(Role.TEAM_LEAD, username="karen")
    with data_context(mette):
        for user in (outsider, adviser):
            with pytest.raises(UserError) as refused:
                chains.hand_over(by=mette, chain_id=chain_id, to_user=user, now=LATER)
            assert refused.value.code == "not_a_caseworker"
        handed = chains.hand_over(by=mette, chain_id=chain_id, to_user=lead, now=LATER)
    assert handed.caseworker == User.objects.get(username="karen")
    with records():
        assert handed.changes.filter(event="handed_over", to_name=lead.display_name).exists()
