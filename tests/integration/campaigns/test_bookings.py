"""Booking on behalf: asked by the municipality, answered by the region's desk, told the citizen (K11, S8)."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.models import (
    BookingProgramme,
    BookingReminder,
    BookingRequest,
    BookingRoute,
    CareChain,
    ContactAttempt,
    SmsMessage,
)
from campaigns.services.bookings import (
    Wishes,
    ask_again,
    book_own,
    cancel,
    change_wishes,
    desk,
    request_booking,
    settling,
    withdraw,
    withdraw_for_attempt,
)
from campaigns.services.bookings.reminders import remind_by_hand, still_due
from campaigns.services.bookings.sweeping import sweep_bookings
from campaigns.services.leaving import end_work_of_gone
from outreach.access.data_context import NestedDataContextError, data_context, opened_by_route
from outreach.audit.models import AccessEvent
from outreach.errors import UserError
from popup_sites.models import VaccinationSession
from registry.models import Citizen, Relative, RelativeKind
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
from tests.factories.contact_pages import NOW, follow_up, phone, records
from tests.factories.geography import CENTRAL_REGION, ISHOEJ
from tests.factories.popup_sites import published_session, site_in

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=20)


@pytest.fixture
def mette():
    contact_point()
    return caseworker()


@pytest.fixture
def tom():
    return desk_hand()


def test_asking_makes_one_request_with_a_route_a_chain_and_a_next_step(mette):
    with records():
        wanted = booker()
    request = asked(mette, wanted, Wishes(days=[0, 2], times=["morning"], needs_ride=True, mobility="rollator"))
    with records():
        request.refresh_from_db()
        wanted.refresh_from_db()
        assert (request.state, request.answer_due) == ("sent", date(2021, 4, 21))
        assert (wanted.next_step_kind, wanted.next_step_reason) == ("booking_request", "booking_sent")
        chain = CareChain.objects.get()
        assert (chain.caseworker_id, chain.caseworker_name) == (mette.user_id, mette.name)
        assert [(link.kind, link.state, link.aids) for link in chain.links.all()] == [("ride", "needed", ["rollator"])]
        assert [change.to_state for change in request.changes.all()] == ["draft", "sent"]
    route = BookingRoute.objects.get()
    assert (route.region.code, route.municipality_id, route.programme_names) == (1084, ISHOEJ, "Covid-19")


def test_asking_again_changes_the_request_nobody_has_taken_and_adds_the_programme(mette):
    with records():
        wanted = booker()
        flu = follow_up(wanted.citizen, "influenza")
    first = asked(mette, wanted)
    with data_context(mette):
        again = request_booking(
            by=mette, citizen=wanted.citizen, follow_ups=[wanted, flu], wishes=Wishes(days=[4]), now=LATER
        )
    with records():
        assert again.pk == first.pk
        assert BookingRequest.objects.count() == 1
        assert BookingProgramme.objects.filter(request=first).count() == 2
        assert BookingRequest.objects.get().days == [4]


def test_what_the_desk_works_on_is_not_asked_for_twice(mette, tom):
    with records():
        wanted = booker()
        flu = follow_up(wanted.citizen, "influenza")
    first = asked(mette, wanted)
    taken(tom, first)
    with data_context(mette):
        same = request_booking(by=mette, citizen=wanted.citizen, follow_ups=[wanted], wishes=Wishes(), now=LATER)
        other = request_booking(by=mette, citizen=wanted.citizen, follow_ups=[wanted, flu], wishes=Wishes(), now=LATER)
    assert same.pk == first.pk
    with records():
        assert [each.programme.code for each in other.programmes.all()] == ["influenza"]
        # Both hang in the citizen's one chain.
        assert CareChain.objects.count() == 1


def test_asking_once_more_after_a_no_sends_it_again_and_during_a_proposal_calls_tomorrow(mette, tom):
    with records():
        refused, proposed = booker(), booker("Bodil Krogh")
    first, second = asked(mette, refused), asked(mette, proposed)
    taken(tom, first)
    taken(tom, second)
    with data_context(tom):
        desk.refuse(by=tom, request_id=first.pk, refusal="no_times", now=LATER)
        desk.propose(by=tom, request_id=second.pk, booked_at=BOOKED_AT, place=PLACE, now=LATER)
    again = asked(mette, refused, Wishes(times=["evening"]), LATER)
    same = asked(mette, proposed, now=LATER)
    with records():
        again.refresh_from_db()
        proposed.refresh_from_db()
        assert (again.pk, again.state, again.refusal) == (first.pk, "sent", "")
        assert same.state == "proposed"
        # Not at once: they are being spoken with.
        assert proposed.next_step_at == datetime.fromisoformat("2021-04-21T10:00+02:00")


def test_the_desk_confirms_and_the_citizen_gets_a_receipt(mette, tom):
    with records():
        wanted = booker()
    request = confirmed(tom, asked(mette, wanted), note="Kom ti minutter før.")
    with records():
        wanted.refresh_from_db()
        request.refresh_from_db()
        message = SmsMessage.objects.get(purpose="receipt")
        assert "man. 26.04. kl. 14" in message.body
        assert "Vaccinationscenter Ishøj" in message.body
        assert message.expires_at == BOOKED_AT
        assert (request.told_how, request.receipt_id) == ("sms", message.pk)
        assert (wanted.next_step_kind, wanted.next_step_reason) == ("wait", "booked_on_behalf")
        # The office opens on the first working day after the day itself.
        assert wanted.next_step_at == datetime.fromisoformat("2021-04-27T08:00+02:00")
        assert request.changes.last().by_name.startswith("Mette Holm, ")
    assert BookingRoute.objects.get().closed_at is not None


def test_without_a_mobile_a_person_calls_until_somebody_has_told(mette, tom):
    with records():
        wanted = booker(mobile=False)
        phone(wanted.citizen, "+4543577575", kind="landline")
    request = confirmed(tom, asked(mette, wanted))
    with records():
        wanted.refresh_from_db()
        assert not SmsMessage.objects.exists()
        assert (wanted.next_step_kind, wanted.next_step_reason) == ("call", "booking_tell")
        assert wanted.citizen.call_tasks.filter(state="open").count() == 1
    with data_context(mette):
        settling.tell_citizen(by=mette, request_id=request.pk, how="call", now=LATER)
    with records():
        wanted.refresh_from_db()
        assert (wanted.next_step_kind, wanted.next_step_reason) == ("wait", "booked_on_behalf")
        assert not wanted.citizen.call_tasks.filter(state="open").exists()


def test_somebody_else_is_told_by_telephone_when_the_citizen_wishes_so(mette, tom):
    with records():
        wanted = booker()
    confirmed(tom, asked(mette, wanted, Wishes(confirm_to="relative")))
    with records():
        assert not SmsMessage.objects.exists()


def test_a_receipt_that_never_arrived_becomes_a_call(mette, tom):
    with records():
        wanted = booker()
    confirmed(tom, asked(mette, wanted))
    with records():
        SmsMessage.objects.update(status="undelivered")
        assert sweep_bookings(municipality_id=ISHOEJ, now=LATER).untold == 1
        assert sweep_bookings(municipality_id=ISHOEJ, now=LATER).untold == 0
        wanted.refresh_from_db()
        assert wanted.next_step_reason == "booking_tell"


def test_the_desk_refuses_with_a_reason_and_the_citizen_is_called(mette, tom):
    with records():
        wanted = booker()
    request = asked(mette, wanted)
    taken(tom, request)
    with data_context(tom):
        with pytest.raises(UserError, match="Skriv til kommunen"):
            desk.refuse(by=tom, request_id=request.pk, refusal="other", now=LATER)
        desk.refuse(by=tom, request_id=request.pk, refusal="no_times", now=LATER)
    with records():
        request.refresh_from_db()
        wanted.refresh_from_db()
        assert (request.state, request.refusal) == ("refused", "no_times")
        assert (wanted.next_step_kind, wanted.next_step_reason) == ("call", "booking_refused")
    with data_context(mette):
        change_wishes(by=mette, request_id=request.pk, wishes=Wishes(times=["evening"]), now=LATER)
    with records():
        request.refresh_from_db()
        assert (request.state, request.refusal) == ("sent", "")
    assert BookingRoute.objects.open().count() == 1


def test_a_proposal_holds_a_place_until_it_is_declined(mette, tom):
    session = published_session(site_in())
    with records():
        wanted = booker()
    request = asked(mette, wanted)
    taken(tom, request)
    with data_context(tom):
        desk.propose(by=tom, request_id=request.pk, booked_at=session.starts_at, place="", session=session, now=LATER)
    session.refresh_from_db()
    assert session.reserved == 1
    with records():
        wanted.refresh_from_db()
        assert wanted.next_step_reason == "booking_proposed"
    with data_context(mette):
        settling.decline_proposal(by=mette, request_id=request.pk, now=LATER, reason="Arbejder den dag")
    session.refresh_from_db()
    assert session.reserved == 0
    with records():
        request.refresh_from_db()
        assert (request.state, request.booked_at, request.session_id) == ("sent", None, None)


def test_a_proposal_that_is_accepted_is_the_time(mette, tom):
    with records():
        wanted = booker()
    request = asked(mette, wanted)
    taken(tom, request)
    with data_context(tom):
        desk.propose(by=tom, request_id=request.pk, booked_at=BOOKED_AT, place=PLACE, now=LATER)
    with data_context(mette):
        settling.accept_proposal(by=mette, request_id=request.pk, now=LATER)
    with records():
        request.refresh_from_db()
        assert (request.state, request.told_how) == ("confirmed", "sms")


def test_cancelling_an_outside_time_goes_back_to_the_desk_and_a_session_place_does_not(mette, tom):
    session = published_session(site_in())
    with records():
        outside, inside = booker(), booker("Bodil Krogh")
    first = confirmed(tom, asked(mette, outside))
    second = confirmed(tom, asked(mette, inside), booked_at=session.starts_at, session=session)
    with records():
        SmsMessage.objects.update(status="delivered")
    with data_context(mette):
        cancel(by=mette, request_id=first.pk, now=LATER)
        cancel(by=mette, request_id=second.pk, now=LATER)
    session.refresh_from_db()
    assert session.reserved == 0
    assert list(BookingRoute.objects.open().values_list("request_id", "task")) == [(first.pk, "cancel")]
    taken(tom, first, LATER)
    with data_context(tom):
        desk.cancellation_done(by=tom, request_id=first.pk, now=LATER)
    assert not BookingRoute.objects.open().exists()
    with records():
        receipts = SmsMessage.objects.filter(status="queued").order_by("citizen_id")
        assert ["er aflyst" in each.body for each in receipts] == [True, True]


def test_who_never_heard_of_a_time_hears_nothing_of_its_end(mette, tom):
    with records():
        wanted = booker()
    request = confirmed(tom, asked(mette, wanted))
    with data_context(mette):
        cancel(by=mette, request_id=request.pk, now=LATER)
    with records():
        assert SmsMessage.objects.get().status == "cancelled"


def test_a_time_told_on_the_telephone_needs_no_call(mette):
    with records():
        wanted = booker(mobile=False)
    with data_context(mette):
        request = book_own(
            by=mette,
            citizen=wanted.citizen,
            follow_ups=[wanted],
            booked_at=BOOKED_AT,
            place=PLACE,
            now=NOW,
            told=True,
        )
    with records():
        request.refresh_from_db()
        wanted.refresh_from_db()
        assert (request.told_how, wanted.next_step_reason) == ("call", "booked_on_behalf")


@pytest.mark.parametrize(("first", "says"), [("delivered", "flyttet"), ("queued", "Du har en aftale")])
def test_another_time_is_a_changed_receipt_only_for_who_knew_the_first(mette, tom, first, says):
    with records():
        wanted = booker()
    request = confirmed(tom, asked(mette, wanted))
    with records():
        SmsMessage.objects.update(status=first)
    with data_context(mette):
        ask_again(by=mette, request_id=request.pk, wishes=Wishes(days=[3]), now=LATER, reason="Skal til læge")
    confirmed(tom, request, booked_at=BOOKED_AT + timedelta(days=3), now=LATER)
    with records():
        assert SmsMessage.objects.count() == 2
        waiting = SmsMessage.objects.get(status="queued")
        assert says in waiting.body
        assert "29.04." in waiting.body


def test_withdrawing_tells_the_desk_too_late_for_its_answer(mette, tom):
    with records():
        wanted = booker()
    request = asked(mette, wanted)
    taken(tom, request)
    with data_context(mette):
        withdraw(by=mette, request_id=request.pk, now=LATER)
    with data_context(tom), pytest.raises(UserError) as refused:
        desk.confirm(by=tom, request_id=request.pk, booked_at=BOOKED_AT, place=PLACE, now=LATER)
    assert refused.value.code == "not_yours"
    with records():
        # The programme is free for a new request.
        assert not BookingProgramme.objects.filter(running=True).exists()


def test_undoing_the_answer_withdraws_what_nobody_has_taken(mette, tom):
    with records():
        wanted = booker()
        attempt = ContactAttempt.objects.create(
            municipality_id=ISHOEJ, citizen=wanted.citizen, kind="call", at=NOW, by_name="Mette Holm"
        )
    with data_context(mette):
        request = request_booking(
            by=mette, citizen=wanted.citizen, follow_ups=[wanted], wishes=Wishes(), now=NOW, attempt=attempt
        )
        assert withdraw_for_attempt(by=mette, attempt=attempt, now=NOW) == 1
        assert withdraw_for_attempt(by=mette, attempt=attempt, now=NOW) == 0
    assert not BookingRoute.objects.open().exists()
    with data_context(mette):
        again = request_booking(
            by=mette, citizen=wanted.citizen, follow_ups=[wanted], wishes=Wishes(), now=NOW, attempt=attempt
        )
    taken(tom, again)
    with data_context(mette), pytest.raises(UserError) as refused:
        withdraw_for_attempt(by=mette, attempt=attempt, now=NOW)
    assert refused.value.code == "booking_taken"
    assert request.pk != again.pk


def test_a_booking_of_ones_own_asks_no_desk_and_reminds_like_any_other(mette):
    with records():
        wanted = booker()
    with data_context(mette):
        request = book_own(
            by=mette, citizen=wanted.citizen, follow_ups=[wanted], booked_at=BOOKED_AT, place=PLACE, now=NOW
        )
    assert not BookingRoute.objects.exists()
    with records():
        request.refresh_from_db()
        assert (request.state, request.own) == ("confirmed", True)
        assert SmsMessage.objects.filter(purpose="receipt").count() == 1


def test_no_visit_is_completed_before_the_guardian_knows(mette, tom):
    with records():
        wanted = booker()
        Relative.objects.create(
            municipality_id=ISHOEJ, citizen=wanted.citizen, kind=RelativeKind.GUARDIAN, name="Lars Værge"
        )
    request = confirmed(tom, asked(mette, wanted))
    after = BOOKED_AT + timedelta(hours=1)
    with data_context(mette):
        with pytest.raises(UserError) as refused:
            settling.citizen_came(by=mette, request_id=request.pk, now=after)
        assert refused.value.code == "guardian_not_informed"
        Relative.objects.update(informed_at=after)
        settling.citizen_came(by=mette, request_id=request.pk, now=after)
    with records():
        request.refresh_from_db()
        assert (request.state, request.has_guardian) == ("completed", True)


def test_nobody_has_come_before_the_time_and_who_did_not_come_is_called(mette, tom):
    with records():
        wanted = booker()
    request = confirmed(tom, asked(mette, wanted))
    with data_context(mette):
        with pytest.raises(UserError, match="ligger stadig forude"):
            settling.citizen_came(by=mette, request_id=request.pk, now=LATER)
        settling.citizen_did_not_come(by=mette, request_id=request.pk, now=BOOKED_AT + timedelta(hours=2))
    with records():
        wanted.refresh_from_db()
        assert (wanted.next_step_kind, wanted.next_step_reason) == ("call", "booking_no_show")


def test_a_dead_citizens_time_is_given_back(mette, tom):
    with records():
        wanted = booker()
    request = confirmed(tom, asked(mette, wanted))
    with records() as by:
        Citizen.objects.update(status="deceased")
        assert end_work_of_gone(by=by, municipality_id=ISHOEJ, now=LATER).bookings == 1
        request.refresh_from_db()
        assert request.state == "cancelled"
        # Nobody writes to the dead: the first receipt is stopped, and there is none of the cancellation.
        assert not SmsMessage.objects.filter(status="queued").exists()
    assert BookingRoute.objects.open().get().task == "cancel"


def test_a_cancelled_session_asks_the_region_for_another_time(mette, tom):
    session = published_session(site_in())
    with records():
        wanted = booker()
    request = confirmed(tom, asked(mette, wanted), booked_at=session.starts_at, session=session)
    VaccinationSession.objects.update(status="cancelled")
    with records():
        assert sweep_bookings(municipality_id=ISHOEJ, now=LATER).without_session == 1
        request.refresh_from_db()
        assert (request.state, request.holds_place) == ("sent", False)


def test_the_desk_sees_a_citizen_only_by_a_route_and_one_at_a_time(mette, tom):
    with records():
        wanted = booker()
    request = asked(mette, wanted)
    with data_context(tom):
        assert BookingRoute.objects.visible_to(tom).count() == 1
        assert not Citizen.objects.exists()
        assert not BookingRequest.objects.exists()
        desk.claim(by=tom, request_id=request.pk, now=LATER)
        assert not Citizen.objects.exists()


def test_only_one_at_the_desk_has_a_request_until_the_claim_runs_out(mette, tom):
    eva = desk_hand("eva")
    with records():
        wanted = booker()
    request = asked(mette, wanted)
    taken(tom, request, NOW)
    with data_context(eva):
        assert desk.claim_next(by=eva, now=NOW) is None
        with pytest.raises(UserError) as refused:
            desk.claim(by=eva, request_id=request.pk, now=NOW)
        assert refused.value.code == "request_claimed"
    after = NOW + timedelta(minutes=desk.CLAIM_MINUTES)
    with data_context(eva):
        assert desk.claim_next(by=eva, now=after) is not None
    with data_context(tom), pytest.raises(UserError) as refused:
        desk.confirm(by=tom, request_id=request.pk, booked_at=BOOKED_AT, place=PLACE, now=after)
    assert refused.value.code == "not_yours"


def test_a_claim_that_ran_out_is_shown_as_waiting_again(mette, tom):
    with records():
        wanted = booker()
    request = asked(mette, wanted)
    taken(tom, request, NOW)
    with records():
        assert sweep_bookings(municipality_id=ISHOEJ, now=NOW + timedelta(minutes=29)).claims == 0
        assert sweep_bookings(municipality_id=ISHOEJ, now=NOW + timedelta(minutes=30)).claims == 1
        request.refresh_from_db()
        assert request.state == "sent"


def test_another_regions_desk_has_nothing_to_do_with_it(mette):
    stranger = desk_hand("anna", CENTRAL_REGION)
    with records():
        wanted = booker()
    request = asked(mette, wanted)
    with data_context(stranger):
        assert desk.claim_next(by=stranger, now=LATER) is None
        with pytest.raises(BookingRoute.DoesNotExist):
            desk.claim(by=stranger, request_id=request.pk, now=LATER)
        with pytest.raises(BookingRoute.DoesNotExist):
            desk.refuse(by=stranger, request_id=request.pk, refusal="no_times", now=LATER)


def test_the_desk_may_mend_a_slip_for_a_quarter_of_an_hour(mette, tom):
    with records():
        wanted = booker()
    request = confirmed(tom, asked(mette, wanted), now=NOW)
    route = BookingRoute.objects.get()
    assert desk.may_see(tom, route, NOW + desk.GRACE)
    assert not desk.may_see(tom, route, NOW + desk.GRACE + timedelta(seconds=1))
    with data_context(tom):
        desk.confirm(
            by=tom, request_id=request.pk, booked_at=BOOKED_AT + timedelta(hours=1), place=PLACE, now=NOW + desk.GRACE
        )
        with pytest.raises(UserError):
            desk.confirm(by=tom, request_id=request.pk, booked_at=BOOKED_AT, place=PLACE, now=NOW + timedelta(hours=1))


def test_a_route_opens_a_municipality_only_for_who_has_none(mette, tom):
    with data_context(mette), pytest.raises(NestedDataContextError), opened_by_route(ISHOEJ):
        pass
    with pytest.raises(NestedDataContextError), opened_by_route(ISHOEJ):
        pass
    with records():
        booker()
    with data_context(tom):
        with opened_by_route(ISHOEJ):
            assert Citizen.objects.count() == 1
        assert not Citizen.objects.exists()


def test_a_municipality_cannot_answer_and_a_desk_cannot_ask(mette, tom):
    with records():
        wanted = booker()
    request = asked(mette, wanted)
    with data_context(mette), pytest.raises(PermissionDenied):
        desk.claim(by=mette, request_id=request.pk, now=LATER)
    with data_context(tom), pytest.raises(PermissionDenied), opened_by_route(ISHOEJ):
        withdraw(by=tom, request_id=request.pk, now=LATER)


def test_every_step_stands_in_the_access_log_with_who_took_it(mette, tom):
    with records():
        wanted = booker()
    confirmed(tom, asked(mette, wanted))
    with records():
        events = AccessEvent.objects.filter(subject_kind="citizen", subject_id=str(wanted.citizen_id))
        steps = list(events.filter(detail__has_key="booking").order_by("at", "recorded_at"))
        assert {(each.user_id, each.detail["state"]) for each in steps} == {
            (mette.user_id, "draft"),
            (mette.user_id, "sent"),
            (tom.user_id, "taken"),
            (tom.user_id, "confirmed"),
        }


def test_reminders_come_when_due_once_each_and_never_after_the_time(mette, tom):
    with records():
        wanted = booker()
    confirmed(tom, asked(mette, wanted), booked_at=datetime.fromisoformat("2021-04-29T09:15+02:00"))

    def queued(moment: str) -> int:
        with records():
            return sweep_bookings(municipality_id=ISHOEJ, now=datetime.fromisoformat(moment)).reminders

    assert queued("2021-04-27T09:59+02:00") == 0
    assert queued("2021-04-27T10:00+02:00") == 1
    assert queued("2021-04-27T10:05+02:00") == 0
    assert queued("2021-04-28T18:00+02:00") == 1
    assert queued("2021-04-28T19:00+02:00") == 0
    assert queued("2021-04-29T09:20+02:00") == 0
    with records():
        assert SmsMessage.objects.filter(purpose="reminder").count() == 2
        assert all("Husk din aftale" in each.body for each in SmsMessage.objects.filter(purpose="reminder"))


def test_after_a_night_without_a_worker_one_reminder_goes_not_two(mette, tom):
    with records():
        wanted = booker()
    confirmed(tom, asked(mette, wanted), booked_at=datetime.fromisoformat("2021-04-29T09:15+02:00"))
    with records():
        late = datetime.fromisoformat("2021-04-28T19:00+02:00")
        assert sweep_bookings(municipality_id=ISHOEJ, now=late).reminders == 1
        assert sweep_bookings(municipality_id=ISHOEJ, now=late).reminders == 0
        assert BookingReminder.objects.get().kind == "evening"


def test_a_moved_time_takes_its_reminder_with_it_and_gets_new_ones(mette, tom):
    with records():
        wanted = booker()
    request = confirmed(tom, asked(mette, wanted), booked_at=datetime.fromisoformat("2021-04-29T09:15+02:00"))
    with records():
        now = datetime.fromisoformat("2021-04-27T10:00+02:00")
        sweep_bookings(municipality_id=ISHOEJ, now=now)
    with data_context(mette):
        ask_again(by=mette, request_id=request.pk, wishes=Wishes(), now=now)
    confirmed(tom, request, booked_at=datetime.fromisoformat("2021-05-05T09:15+02:00"), now=now)
    with records():
        assert SmsMessage.objects.get(purpose="reminder").status == "cancelled"
        after = datetime.fromisoformat("2021-05-03T10:00+02:00")
        assert sweep_bookings(municipality_id=ISHOEJ, now=after).reminders == 1


@pytest.mark.case("SS04")
def test_two_caseworkers_remind_once_and_the_second_sees_who_did(mette, tom):
    jonas = caseworker("jonas")
    with records():
        wanted = booker()
    request = confirmed(tom, asked(mette, wanted))
    with data_context(mette):
        remind_by_hand(by=mette, request_id=request.pk, now=LATER)
    with data_context(jonas), pytest.raises(UserError) as refused:
        remind_by_hand(by=jonas, request_id=request.pk, now=LATER + timedelta(minutes=2))
    assert refused.value.code == "already_reminded"
    assert mette.name in refused.value.message
    assert "11.40" in refused.value.message
    with records():
        assert SmsMessage.objects.filter(purpose="reminder").count() == 1


def test_who_cannot_get_a_reminder_by_sms_is_called(mette, tom):
    with records():
        wanted = booker(mobile=False)
        phone(wanted.citizen, "+4543577575", kind="landline")
    request = confirmed(tom, asked(mette, wanted), booked_at=datetime.fromisoformat("2021-04-29T09:15+02:00"))
    with data_context(mette):
        settling.tell_citizen(by=mette, request_id=request.pk, how="call", now=LATER)
        with pytest.raises(UserError) as refused:
            remind_by_hand(by=mette, request_id=request.pk, now=LATER)
        assert refused.value.code == "no_sms"
    with records():
        sweep_bookings(municipality_id=ISHOEJ, now=datetime.fromisoformat("2021-04-27T10:00+02:00"))
        wanted.refresh_from_db()
        assert (wanted.next_step_kind, wanted.next_step_reason) == ("call", "booking_remind")
        assert BookingReminder.objects.get().message is None


def test_whose_reminder_never_arrived_is_called_once(mette, tom):
    """S6, S8: nobody forgets their time because a telephone was switched off."""
    with records():
        wanted = booker()
    confirmed(tom, asked(mette, wanted), booked_at=datetime.fromisoformat("2021-04-29T09:15+02:00"))
    with records():
        sweep_bookings(municipality_id=ISHOEJ, now=datetime.fromisoformat("2021-04-27T10:00+02:00"))
        SmsMessage.objects.filter(purpose="reminder").update(status="undelivered")
        sweep_bookings(municipality_id=ISHOEJ, now=datetime.fromisoformat("2021-04-27T11:00+02:00"))
        wanted.refresh_from_db()
        assert (wanted.next_step_kind, wanted.next_step_reason) == ("call", "booking_remind")
        called_at = wanted.next_step_at
        sweep_bookings(municipality_id=ISHOEJ, now=datetime.fromisoformat("2021-04-27T12:00+02:00"))
        wanted.refresh_from_db()
        assert wanted.next_step_at == called_at


def test_a_receipt_of_a_time_that_no_longer_stands_is_stopped_at_the_last_moment(mette, tom):
    with records():
        wanted = booker()
    request = confirmed(tom, asked(mette, wanted))
    with records():
        message = SmsMessage.objects.get()
        assert still_due([message], LATER) == {}
        BookingRequest.objects.filter(pk=request.pk).update(booked_at=BOOKED_AT + timedelta(days=1))
        assert still_due([message], LATER) == {message.pk: "no_longer_due"}
