"""What is told on the telephone and hangs on a time: a ride, a helper, the pop-up one will come to (K6, K14)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from campaigns.models import BookingRequest, BookingRoute, ChainLink, ContactAttempt, SmsMessage
from campaigns.reasons import sentence
from campaigns.selectors.bookings import told_of_ride
from campaigns.services.answers import Contact, Said, record_call, undo_answer
from campaigns.services.bookings import Wishes, chains, change_wishes
from campaigns.services.bookings.reminders import still_due
from campaigns.services.bookings.sweeping import sweep_bookings
from outreach.access.data_context import data_context
from outreach.access.models import User
from outreach.errors import UserError
from popup_sites.services.publishing import cancel_session
from popup_sites.services.sessions import change_session
from registry.models import Citizen, FollowUp
from tests.factories.bookings import BOOKED_AT, asked, booker, caseworker, confirmed, contact_point, desk_hand, taken
from tests.factories.contact_pages import NOW, claimed, clock_at, follow_up, records, waiting_citizen
from tests.factories.geography import ISHOEJ
from tests.factories.popup_sites import planner, published_session, session_values, site_in

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=20)
SITE = "Vejleåparken, beboerhuset"
# The session is on Wednesday 21 April; the office opens on Thursday at 8, Copenhagen's time.
THURSDAY = datetime(2021, 4, 22, 6, tzinfo=UTC)


@pytest.fixture
def mette():
    clock_at()
    contact_point()
    return caseworker()


def says(by, wanted: FollowUp, outcome: str, now=NOW, **values) -> ContactAttempt:
    with data_context(by):
        citizen = Citizen.objects.get(pk=wanted.citizen_id)
        return record_call(
            by=by, citizen=citizen, said={wanted.pk: Said(outcome, **values)}, contact=Contact(), now=now
        )


def links() -> dict[str, str]:
    with records():
        return dict(ChainLink.objects.exclude(state="cancelled").values_list("kind", "state"))


def step(wanted: FollowUp) -> tuple[str, str]:
    with records():
        found = FollowUp.objects.get(pk=wanted.pk)
        return found.next_step_kind, found.next_step_reason


def test_who_needs_a_ride_gets_a_time_asked_for_with_the_ride_and_the_helper_hanging_on_it(mette):
    with records():
        wanted = booker()
    says(mette, wanted, "needs_ride", needs=["wheelchair", "helper"])
    with records():
        request = BookingRequest.objects.get()
        assert (request.state, request.needs_ride, request.mobility) == ("sent", True, "wheelchair")
        assert ChainLink.objects.get(kind="ride").aids == ["wheelchair"]
    assert links() == {"ride": "needed", "helper": "needed"}
    assert step(wanted) == ("booking_request", "booking_sent")


def test_a_ride_for_a_time_that_is_booked_comes_before_the_wait_and_the_wait_after_it(mette):
    with records():
        wanted = booker()
    confirmed(desk_hand(), asked(mette, wanted))
    assert step(wanted) == ("wait", "booked_on_behalf")
    says(mette, wanted, "needs_ride", now=LATER)
    assert links() == {"ride": "needed"}
    assert step(wanted) == ("ride", "ride")
    with records():
        assert BookingRequest.objects.get().state == "confirmed"
        link_id = ChainLink.objects.get().pk
    with data_context(mette):
        chains.agree_link(by=mette, link_id=link_id, at=BOOKED_AT - timedelta(minutes=45), now=LATER)
    assert step(wanted) == ("wait", "booked_on_behalf")


def test_what_is_told_later_comes_on_top_of_the_wishes_and_an_undone_answer_takes_only_its_own_away(mette):
    with records():
        wanted = booker()
        other = follow_up(wanted.citizen, "influenza")
    asked(mette, wanted, Wishes(days=[2], times=["morning"], mobility="rollator", note="Ring på nederste klokke"))
    attempt = says(mette, other, "needs_ride", now=LATER, needs=["wheelchair"])
    with records():
        request = BookingRequest.objects.get()
        assert (request.days, request.times, request.mobility) == ([2], ["morning"], "wheelchair")
        assert (request.needs_ride, request.note) == (True, "Ring på nederste klokke")
        assert request.programmes.count() == 2
    with data_context(mette):
        undo_answer(by=mette, attempt=attempt, now=LATER + timedelta(seconds=5))
    with records():
        request = BookingRequest.objects.get()
        assert (request.state, request.days, request.mobility, request.needs_ride) == ("sent", [2], "rollator", False)
        assert [each.programme.code for each in request.programmes.all()] == ["covid-19"]
    assert links() == {}


def test_a_chosen_popup_is_named_from_the_call_screen_to_the_citizens_page(mette):
    session = published_session(site_in())
    with records():
        task = claimed(waiting_citizen(), User.objects.get(username="mette"))
        wanted = FollowUp.objects.get(citizen=task.citizen_id)
    browser = Client()
    browser.force_login(User.objects.get(username="mette"))
    chosen = {"outcome": "wants_popup", "session": session.pk}
    assert SITE in browser.get(f"/opkald/{task.pk}/").content.decode()
    words = f"Afvent til tors. 22.04. kl. 8, fordi borgeren vil på pop-up-stedet {SITE}."
    preview = browser.post(f"/opkald/{task.pk}/naeste-skridt/", chosen, headers={"HX-Request": "true"})
    assert words in preview.content.decode()
    browser.post(f"/opkald/{task.pk}/gem/", chosen)
    assert step(wanted) == ("wait", "wants_popup")
    page = browser.get(f"/borger/{wanted.citizen_id}/").content.decode()
    assert words in page
    assert f"{SITE}, ons. 21.04. kl. 14" in page
    with records():
        assert FollowUp.objects.get(pk=wanted.pk).next_step_at == THURSDAY


def _cancelled(session) -> None:
    cancel_session(by=planner(), session=session, reason="Teamet er sygt", now=LATER)


def _a_day_later(session) -> None:
    hours = {key: session_values()[key] + timedelta(days=1) for key in ("starts_at", "ends_at")}
    change_session(by=planner(), session=session, **session_values(now=LATER, **hours))


def _an_hour_longer(session) -> None:
    hours = {"ends_at": session_values()["ends_at"] + timedelta(hours=1)}
    change_session(by=planner(), session=session, **session_values(now=LATER, **hours))


@pytest.mark.parametrize(
    ("change", "called"), [(_cancelled, 1), (_a_day_later, 1), (_an_hour_longer, 0)], ids=["off", "moved", "longer"]
)
def test_whoever_waits_for_a_popup_is_called_when_it_is_off_or_on_another_day(mette, change, called):
    session = published_session(site_in())
    with records():
        comes, undecided = booker(), booker(name="Bodil Krogh")
    says(mette, comes, "wants_popup", session=session.pk)
    says(mette, undecided, "wants_popup")
    change(session)
    with records():
        assert sweep_bookings(municipality_id=ISHOEJ, now=LATER).popups == called
        assert sweep_bookings(municipality_id=ISHOEJ, now=LATER).popups == 0
    assert step(comes) == (("call", "popup_changed") if called else ("wait", "wants_popup"))
    assert step(undecided) == ("wait", "wants_popup")
    assert "er flyttet eller aflyst" in sentence("popup_changed", {}, LATER)


def test_a_time_at_a_popup_with_other_hours_is_asked_for_anew(mette):
    session = published_session(site_in())
    with records():
        wanted = booker()
    # On Wednesday at 14.30; the session then moves to Thursday.
    half_past_two = session.starts_at + timedelta(minutes=30)
    request = confirmed(desk_hand(), asked(mette, wanted), booked_at=half_past_two, session=session)
    session.refresh_from_db()
    _a_day_later(session)
    with records():
        assert sweep_bookings(municipality_id=ISHOEJ, now=LATER).without_session == 1
        request.refresh_from_db()
        assert (request.state, request.booked_at, request.holds_place) == ("sent", None, False)
        assert request.changes.filter(to_state="sent").last().reason == "Pop-up-stedet har fået andre åbningstider"
    session.refresh_from_db()
    assert session.reserved == 0


def test_an_agreed_ride_is_told_by_sms_and_one_that_is_off_is_not(mette):
    with records():
        wanted, without = booker(), booker(name="Bodil Krogh", mobile=False)
    tom = desk_hand()
    confirmed(tom, asked(mette, wanted, Wishes(needs_ride=True)))
    confirmed(tom, asked(mette, without, Wishes(needs_ride=True)))
    with records():
        ride, other = ChainLink.objects.order_by("pk").values_list("pk", flat=True)
    fetched = BOOKED_AT - timedelta(minutes=45)
    with data_context(mette):
        chains.agree_link(by=mette, link_id=ride, at=fetched, now=LATER)
        assert told_of_ride(ChainLink.objects.get(pk=ride))
        chains.agree_link(by=mette, link_id=other, at=fetched, now=LATER)
        assert not told_of_ride(ChainLink.objects.get(pk=other))
    with records():
        told = SmsMessage.objects.get(template__code="ride_confirmed")
        # 14.00 less three quarters of an hour; the receipt of the time itself still goes.
        assert "Vi henter dig man. 26.04. kl. 13.15" in told.body
        assert (told.purpose, told.status) == ("receipt", "queued")
        assert SmsMessage.objects.get(template__code="booking_confirmed").status == "queued"
        assert still_due([told], LATER) == {}
    with data_context(mette):
        chains.agree_link(by=mette, link_id=ride, at=fetched - timedelta(minutes=15), now=LATER)
    with records():
        assert SmsMessage.objects.get(pk=told.pk).status == "cancelled"
        assert "kl. 13 " in SmsMessage.objects.get(template__code="ride_confirmed", status="queued").body
    with data_context(mette):
        chains.cancel_link(by=mette, link_id=ride, now=LATER)
    with records():
        assert not SmsMessage.objects.filter(template__code="ride_confirmed", status="queued").exists()


def test_a_popup_with_times_only_means_that_one_is_asked_for_there(mette):
    session = published_session(site_in(), drop_in=False, by_appointment=True)
    with records():
        wanted = booker()
    says(mette, wanted, "wants_popup", session=session.pk)
    assert step(wanted) == ("booking_request", "booking_sent")
    with records():
        assert BookingRequest.objects.get().wanted_session_id == session.pk


def test_a_ride_hangs_on_the_visit_it_was_told_of(mette):
    """Covid and influenza both booked, on days of their own: who needs a ride for the one is fetched for that one."""
    tom = desk_hand()
    with records():
        covid = booker()
        influenza = follow_up(covid.citizen, "influenza")
    confirmed(tom, asked(mette, covid))
    confirmed(tom, asked(mette, influenza), booked_at=BOOKED_AT + timedelta(days=7))
    says(mette, influenza, "needs_ride", now=LATER)
    with records():
        assert [each.follow_up for each in ChainLink.objects.get(kind="ride").request.programmes.all()] == [influenza]
        assert list(BookingRequest.objects.order_by("id").values_list("needs_ride", flat=True)) == [False, True]
    assert step(influenza) == ("ride", "ride")
    assert step(covid) == ("wait", "booked_on_behalf")


def test_a_ride_for_two_visits_hangs_on_both_and_a_waiting_wish_for_a_third_is_left_alone(mette):
    tom = desk_hand()
    with records():
        covid = booker()
        influenza, pneumo = follow_up(covid.citizen, "influenza"), follow_up(covid.citizen, "pneumococcal")
    first = confirmed(tom, asked(mette, covid))
    second = confirmed(tom, asked(mette, influenza), booked_at=BOOKED_AT + timedelta(days=7))
    third = asked(mette, pneumo)
    assert len({first.pk, second.pk, third.pk}) == 3
    with data_context(mette):
        said = {each.pk: Said("needs_ride") for each in (covid, influenza)}
        citizen = Citizen.objects.get(pk=covid.citizen_id)
        record_call(by=mette, citizen=citizen, said=said, contact=Contact(), now=LATER)
    with records():
        rides = ChainLink.objects.filter(kind="ride")
        assert set(rides.values_list("request_id", "state")) == {(first.pk, "needed"), (second.pk, "needed")}
        assert not BookingRequest.objects.get(pk=third.pk).needs_ride


def test_an_undone_answer_takes_nothing_from_a_request_the_desk_has_taken_since(mette):
    tom = desk_hand()
    with records():
        covid = booker()
        influenza = follow_up(covid.citizen, "influenza")
    request = asked(mette, covid)
    answer = says(mette, influenza, "needs_booking_help", now=LATER)
    with records():
        assert request.programmes.count() == 2
    taken(tom, request, LATER)
    with data_context(mette), pytest.raises(UserError) as refused:
        undo_answer(by=mette, attempt=answer, now=LATER + timedelta(seconds=10))
    assert refused.value.code == "booking_taken"
    with records():
        assert request.programmes.count() == 2


def test_an_undone_answer_takes_its_programme_from_the_desks_row_and_says_so_in_the_history(mette):
    with records():
        covid = booker()
        influenza = follow_up(covid.citizen, "influenza")
        names = {each.programme.name for each in (covid, influenza)}
    request = asked(mette, covid)
    before = BookingRoute.objects.get().programme_names
    answer = says(mette, influenza, "needs_booking_help", now=LATER)
    assert set(BookingRoute.objects.get().programme_names.split(", ")) == names
    with data_context(mette):
        undo_answer(by=mette, attempt=answer, now=LATER + timedelta(seconds=10))
    assert BookingRoute.objects.get().programme_names == before
    with records():
        last = request.changes.order_by("-id").first()
        assert (last.reason, last.to_state) == ("Gælder ikke længere Influenza", "sent")


def test_an_undone_answer_leaves_what_somebody_wished_since(mette):
    with records():
        covid = booker()
    request = asked(mette, covid)
    answer = says(mette, covid, "needs_ride", now=LATER)
    with data_context(mette):
        wishes = Wishes(needs_ride=True, needs_escort=True, mobility="wheelchair")
        change_wishes(by=mette, request_id=request.pk, wishes=wishes, now=LATER + timedelta(seconds=5))
        undo_answer(by=mette, attempt=answer, now=LATER + timedelta(seconds=10))
    with records():
        kept = BookingRequest.objects.get()
        assert (kept.needs_ride, kept.needs_escort, kept.mobility) == (False, True, "wheelchair")


@pytest.mark.parametrize("left", [True, False])
def test_who_has_been_told_of_a_ride_that_is_off_is_called(mette, left):
    with records():
        wanted = booker()
    request = confirmed(desk_hand(), asked(mette, wanted, Wishes(needs_ride=True)))
    with records():
        link = ChainLink.objects.get(kind="ride").pk
    with data_context(mette):
        chains.agree_link(by=mette, link_id=link, at=BOOKED_AT - timedelta(minutes=45), now=LATER)
    ride = SmsMessage.objects.filter(step_key__startswith=f"receipt:{request.pk}:ride:")
    with records():
        if left:
            ride.update(status="delivered")
    with data_context(mette):
        chains.cancel_link(by=mette, link_id=link, now=LATER + timedelta(minutes=5))
    assert step(wanted) == (("call", "ride_cancelled") if left else ("wait", "booked_on_behalf"))
    with records():
        found = FollowUp.objects.get()
        if left:
            words = sentence(found.next_step_reason, {}, found.next_step_at)
            assert "kørsel" in words
            assert "aflyst" in words
        else:
            assert ride.get().status == "cancelled"
