"""What contact leaves behind is there on the last day of its period and gone the day after, figures excepted (A5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from campaigns.models import (
    BookingChange,
    BookingRequest,
    BookingRoute,
    CallTask,
    CareChain,
    ContactAnswer,
    ContactAttempt,
    Conversation,
    HealthDialogue,
    HealthTalk,
    InboundMessage,
    Letter,
    LetterBatch,
    LetterText,
    LookupClaim,
    SmsMessage,
    SmsStatusChange,
    SmsWave,
    SmsWaveRecipient,
    WorkloadDay,
)
from campaigns.selectors.waves_results import wave_results
from campaigns.services.answers import record_answer
from campaigns.services.bookings import ending
from campaigns.services.inbox import receive_reply
from campaigns.services.workload import count_workload
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from outreach.messaging.models import OutboxMessage
from outreach.privacy.models import ErasureRun
from outreach.privacy.retention import erase_expired, retention_kinds
from registry.models import Citizen, FollowUp, FollowUpChange, Municipality, Phone, Programme
from tests.factories.bookings import asked, caseworker, contact_point
from tests.factories.callbacks import sent_message, sid
from tests.factories.cast import client_with_role, organisation_for
from tests.factories.contact_pages import NOW, citizen, clock_at, follow_up, phone, records
from tests.factories.geography import ISHOEJ

pytestmark = pytest.mark.django_db
NUMBER = "+4520123456"
DAY = timedelta(days=1)


def gone(after: timedelta, *, dry_run: bool = False) -> dict[str, int]:
    """What the run at NOW + after erased, by kind; kinds with nothing left out."""
    found = erase_expired(now=NOW + after, real_now=timezone.now(), dry_run=dry_run)
    return {kind: number for kind, number in found.items() if number}


@pytest.fixture(autouse=True)
def served() -> None:
    """Erasure walks through the municipalities that use the installation."""
    organisation_for(Role.CASEWORKER)


@pytest.fixture
def declined() -> Citizen:
    """Somebody with one of everything, who said no at NOW: the case is over."""
    contact_point()
    mette = caseworker()
    with records():
        owner = citizen()
        phone(owner, NUMBER)
        wanted = follow_up(owner)
    request = asked(mette, wanted, now=NOW - DAY)
    with data_context(mette):
        ending.withdraw(by=mette, request_id=request.pk, now=NOW)
        record_answer(by=mette, citizen=owner, outcome="declined", barrier="distrust", note="Vil tænke", now=NOW)
    with records() as by:
        sent_message(owner, status="delivered")
        SmsStatusChange.objects.create(municipality_id=ISHOEJ, message=SmsMessage.objects.get(), status="sent", at=NOW)
        receive_reply(
            by=by, municipality_id=ISHOEJ, number=NUMBER, body="Hvem er I?", gateway_id=sid(), media=0, at=NOW, now=NOW
        )
        talk = HealthDialogue.objects.create(
            municipality_id=ISHOEJ, citizen=owner, referred_at=NOW, referred_by_name="Mette", due_at=NOW,
            state="closed", closed_at=NOW,
        )  # fmt: skip
        HealthTalk.objects.create(
            municipality_id=ISHOEJ, dialogue=talk, attempt=ContactAttempt.objects.get(), outcome="declined"
        )
        pile = LetterBatch.objects.create(
            municipality_id=ISHOEJ, state="sent", state_changed_at=NOW, created_at=NOW, created_by_name="Mette",
            letters_made=1, files_erased_at=NOW,
        )  # fmt: skip
        text = LetterText.objects.order_by("id").first()
        Letter.objects.create(
            municipality_id=ISHOEJ, batch=pile, citizen=owner, position=1, channel="paper", state="sent", text=text
        )
        count_workload(by=by, municipality=Municipality.objects.get(pk=ISHOEJ), now=NOW + timedelta(minutes=1))
    return owner


def left(*models: Any) -> list[int]:
    with records():
        return [model.objects.count() for model in models]


def test_talks_go_after_half_a_year_and_what_came_of_them_stays(declined: Citizen) -> None:
    gone(timedelta(days=179))
    assert left(HealthDialogue, HealthTalk) == [1, 1]
    assert gone(timedelta(days=180))["health_talks"] == 1
    assert left(HealthDialogue, HealthTalk, ContactAttempt, ContactAnswer) == [0, 0, 1, 1]


def test_words_of_messages_and_replies_go_after_a_year(declined: Citizen) -> None:
    gone(timedelta(days=364))
    assert left(SmsMessage, SmsStatusChange, Conversation, InboundMessage) == [1, 1, 1, 1]
    found = gone(timedelta(days=365))
    assert (found["messages"], found["conversations"]) == (1, 1)
    assert left(SmsMessage, SmsStatusChange, Conversation, InboundMessage) == [0, 0, 0, 0]


def test_a_message_that_may_still_go_is_nobodys_to_erase() -> None:
    with records():
        sent_message(citizen(), status="queued", handed_over_at=None, gateway="")
    gone(timedelta(days=4000))
    assert left(SmsMessage) == [1]


def test_contacts_bookings_and_letters_go_two_years_after_the_case(declined: Citizen) -> None:
    gone(timedelta(days=729))
    assert left(ContactAttempt, CallTask, BookingRequest, CareChain, Letter) == [1, 1, 1, 1, 1]
    found = gone(timedelta(days=730))
    assert {kind: found[kind] for kind in ("contacts", "calls", "bookings", "letters")} == {
        "contacts": 1, "calls": 1, "bookings": 1, "letters": 1,
    }  # fmt: skip
    assert left(ContactAttempt, ContactAnswer, CallTask, BookingRequest, BookingChange, CareChain, Letter) == [0] * 7
    assert BookingRoute.objects.count() == 0
    with records():
        # The day's sums, the pile's number and the "no" itself stay (K12, L8).
        assert sum(WorkloadDay.objects.values_list("calls", flat=True)) == 1
        assert LetterBatch.objects.get().letters_made == 1
        assert FollowUp.objects.get().outcome == "declined"


def test_nothing_of_a_case_that_is_open_again_goes(declined: Citizen) -> None:
    with records():
        follow_up(declined, "influenza")
    gone(timedelta(days=1500))
    assert left(ContactAttempt, CallTask, BookingRequest, Letter) == [1, 1, 1, 1]


def test_a_case_closed_later_starts_the_period_anew(declined: Citizen) -> None:
    with records():
        follow_up(
            declined, "influenza", status="closed", closed_at=NOW + 100 * DAY, closed_reason="gone",
            next_step_kind="", next_step_at=None, next_step_reason="",
        )  # fmt: skip
    gone(timedelta(days=829))
    assert left(ContactAttempt, BookingRequest) == [1, 1]
    gone(timedelta(days=830))
    assert left(ContactAttempt, BookingRequest) == [0, 0]


def test_a_no_is_known_for_five_years_after_the_last_list_that_named_it(declined: Citizen) -> None:
    with records():
        FollowUp.objects.update(updated_at=NOW + 200 * DAY)
    gone(timedelta(days=2024))
    assert left(FollowUp) == [1]
    assert gone(timedelta(days=2025))["follow_ups"] == 1
    assert left(FollowUp, FollowUpChange, Citizen, Phone) == [0, 0, 1, 1]


def test_who_died_goes_last_with_everything_that_was_theirs(declined: Citizen) -> None:
    with records():
        Citizen.objects.update(status="deceased", updated_at=NOW)
    found = gone(timedelta(days=730))
    assert found["gone_citizens"] == 1
    assert left(Citizen, Phone, FollowUp, ContactAttempt, CareChain, Letter) == [0] * 6


def test_the_living_stay_whatever_their_age_here() -> None:
    with records():
        phone(citizen())
    gone(timedelta(days=10_000))
    assert left(Citizen, Phone) == [1, 1]


def test_a_dry_run_counts_the_same_and_erases_nothing(declined: Citizen) -> None:
    counted = gone(timedelta(days=730), dry_run=True)
    assert left(ContactAttempt, SmsMessage, Conversation, HealthDialogue, CareChain, Letter) == [1] * 6
    assert ErasureRun.objects.count() == 0
    assert gone(timedelta(days=730)) == counted
    assert gone(timedelta(days=730)) == {}


def test_a_waves_result_outlives_the_names_of_its_recipients() -> None:
    with records():
        wave = SmsWave.objects.create(
            municipality_id=ISHOEJ, programme=Programme.objects.get_or_create(code="covid-19")[0], name="Uge 16",
            template_code="first_contact", starts_at=NOW, per_minute=10, state="finished", state_at=NOW,
            made_by_name="Mette", created_at=NOW, queued_at=NOW, finished_at=NOW,
        )  # fmt: skip
        for place, status in enumerate(("delivered", "delivered", "undelivered")):
            owner = citizen()
            phone(owner, f"+452012345{place}")
            wanted = follow_up(owner)
            SmsWaveRecipient.objects.create(
                municipality_id=ISHOEJ, wave=wave, citizen=owner, follow_up=wanted, language="da", position=place,
                queued=True,
            )  # fmt: skip
            sent_message(owner, wave=wave, status=status, purpose="wave", follow_up=wanted)
        before = wave_results(wave)
    assert (before.statuses, before.written_to.people) == ({"delivered": 2, "undelivered": 1}, 3)
    gone(timedelta(days=364))
    assert left(SmsWaveRecipient, SmsMessage) == [3, 3]
    assert gone(timedelta(days=365)) == {"wave_places": 1, "messages": 3}
    assert left(SmsWaveRecipient, SmsMessage) == [0, 0]
    with records():
        wave.refresh_from_db()
        assert wave_results(wave) == before


def test_a_claim_on_a_number_and_the_outbox_go_too() -> None:
    mette = caseworker()
    with records():
        LookupClaim.objects.create(
            municipality_id=ISHOEJ, citizen=citizen(), claimed_by_id=mette.user_id, claimed_until=NOW
        )
    assert gone(timedelta(hours=23)) == {}
    assert gone(DAY) == {"lookup_claims": 1}


def test_every_erasure_stands_in_the_log_and_in_the_report(declined: Citizen) -> None:
    gone(timedelta(days=730))
    with records():
        logged = AccessEvent.objects.filter(action="delete", subject_kind="contactattempt").get()
    assert (logged.detail, logged.actor_name) == ({"rows": 1}, "erasure")
    report = ErasureRun.objects.get(kind="contacts")
    assert (report.total, report.last_number, report.last_erased_at) == (1, 1, NOW + timedelta(days=730))
    clock_at(NOW)
    page = client_with_role(Role.AUDITOR).get("/adgangslog/opbevaring/").content.decode()
    assert "730 dage" in page
    assert [str(kind.title) for kind in retention_kinds() if str(kind.title).replace("'", "&#x27;") not in page] == []
    assert OutboxMessage.objects.count() == 0
