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
from campaigns.selectors.proof import attempts_of
from campaigns.selectors.waves_results import wave_results
from campaigns.services.answers import ALL, Contact, Said, record_answer, record_call
from campaigns.services.bookings import ending
from campaigns.services.dialogues.claims import take_dialogue
from campaigns.services.dialogues.talks import record_talk
from campaigns.services.inbox import receive_reply
from campaigns.services.waves.jobs import write_results
from campaigns.services.workload import count_workload
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from outreach.messaging.models import OutboxMessage
from outreach.privacy.fields import decrypt_text
from outreach.privacy.models import ErasureRun
from outreach.privacy.retention import erase_expired, retention_kinds
from registry.models import Citizen, CitizenImport, FollowUp, FollowUpChange, Municipality, Phone, Programme
from tests.factories.bookings import asked, caseworker, contact_point
from tests.factories.callbacks import sent_message, sid
from tests.factories.cast import actor_with_role, client_with_role, organisation_for
from tests.factories.contact_pages import NOW, citizen, clock_at, follow_up, phone, records
from tests.factories.geography import ISHOEJ

pytestmark = pytest.mark.django_db
NUMBER = "+4520123456"
DAY = timedelta(days=1)


def gone(after: timedelta, *, dry_run: bool = False) -> dict[str, int]:
    """What the run at NOW + after erased, by kind; kinds with nothing left out."""
    found = erase_expired(now=NOW + after, real_now=timezone.now(), dry_run=dry_run)
    return {kind: number for kind, number in found.items() if number}


def citizen_file_taken_in() -> None:
    """From now on nobody knows whom the next one names."""
    CitizenImport.objects.create(
        municipality_id=ISHOEJ, display_name="borgere.csv", file_sha256="0" * 64, imported_by_name="Mette",
        imported_at=NOW,
    )  # fmt: skip


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


def test_words_of_messages_and_replies_go_after_a_year_and_that_one_was_sent_stays(declined: Citizen) -> None:
    gone(timedelta(days=364))
    assert left(SmsMessage, SmsStatusChange, Conversation, InboundMessage) == [1, 1, 1, 1]
    with records():
        sent = SmsMessage.objects.get()
        assert sent.body
        proof = attempts_of([declined.pk])
    found = gone(timedelta(days=365))
    assert (found["message_words"], found["conversations"]) == (1, 1)
    assert left(SmsMessage, SmsStatusChange, Conversation, InboundMessage) == [1, 1, 0, 0]
    with records():
        sent.refresh_from_db()
        assert (sent.body, bytes(sent.number_ciphertext), bytes(sent.number_index), sent.phone) == ("", b"", b"", None)
        # K3: what was tried, when and with what result, is proof as long as any other attempt.
        assert attempts_of([declined.pk]) == proof
        assert [each.kind for each in proof[declined.pk]].count("sms") == 1
    clock_at(NOW)
    page = client_with_role(Role.TEAM_LEAD).get("/sms/beskeder/?status=delivered")
    assert "Nummeret er slettet" in page.content.decode()


def test_that_a_message_was_sent_is_kept_as_long_as_a_case_is_open(declined: Citizen) -> None:
    with records():
        follow_up(declined, "influenza")
    gone(timedelta(days=3000))
    with records():
        assert [each.kind for each in attempts_of([declined.pk])[declined.pk]].count("sms") == 1


def test_what_undo_would_put_back_goes_an_hour_after_nobody_can() -> None:
    """A worry told to the adviser lies in it too, and would outlive the talk it is a copy of."""
    mette = caseworker()
    with records():
        owner = citizen()
        phone(owner, NUMBER)
        follow_up(owner)
    with data_context(mette):
        said = {ALL: Said("health_dialogue", topic="allergy", worry="Tåler ikke æg", talk_at=NOW + timedelta(hours=2))}
        record_call(by=mette, citizen=owner, said=said, contact=Contact(), now=NOW)
    adviser = actor_with_role(Role.HEALTH_ADVISER)
    later = NOW + timedelta(hours=3)
    with data_context(adviser):
        talk = HealthDialogue.objects.visible_to(adviser).get()
        take_dialogue(by=adviser, dialogue=talk, now=later)
        record_talk(by=adviser, dialogue=talk, outcome="declined", barrier="distrust", now=later)
    # 15 seconds to undo, and an hour on top.
    assert gone(timedelta(hours=4, seconds=14)) == {"undo": 1}
    assert _worries() == ["Tåler ikke æg"]
    assert gone(timedelta(hours=4, seconds=15)) == {"undo": 1}
    assert _worries() == []
    with records():
        assert list(ContactAttempt.objects.values_list("before", flat=True)) == [None, None]


def _worries() -> list[str]:
    """What still deciphers in what undo would put back."""
    with records():
        attempts = list(ContactAttempt.objects.exclude(before=None))
        rows = [row for each in attempts for row in each.before.get("dialogues", [])]
        return [decrypt_text("dialogue_worry", bytes.fromhex(row["worry"])) for row in rows if row.get("worry")]


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
    assert left(SmsMessage, SmsStatusChange) == [0, 0]
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
    citizen_file_taken_in()
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


def test_the_living_stay_as_long_as_the_municipalitys_own_system_may_send_them() -> None:
    citizen_file_taken_in()
    with records():
        phone(citizen())
    gone(timedelta(days=10_000))
    assert left(Citizen, Phone) == [1, 1]


@pytest.mark.parametrize(("outcome", "reason"), [("moved", "moved"), ("deceased", "status")])
def test_whom_we_were_told_of_goes_as_who_left_by_the_register(outcome: str, reason: str) -> None:
    citizen_file_taken_in()
    with records():
        ended = {"status": "closed", "next_step_kind": "", "next_step_at": None, "next_step_reason": ""}
        for day, later in ((0, False), (0, True)):
            owner = citizen()
            phone(owner, f"+452012345{later:d}")
            follow_up(owner, closed_at=NOW + day * DAY, closed_reason=reason, outcome=outcome, **ended)
            if later:
                # A list named them again, and passed over them later: it knew better.
                follow_up(
                    owner, "influenza", opened_at=NOW + DAY, closed_at=NOW + 2 * DAY, closed_reason="gone", **ended
                )
    gone(timedelta(days=729))
    assert left(Citizen) == [2]
    assert gone(timedelta(days=730)) == {"gone_citizens": 1}
    assert gone(timedelta(days=1500)) == {}
    assert left(Citizen, Phone) == [1, 1]


def test_who_has_no_cpr_number_goes_when_the_case_that_brought_them_is_forgotten() -> None:
    citizen_file_taken_in()
    with records():
        for name in ("Uden nummer", "Med nummer"):
            owner = citizen(name)
            phone(owner, f"+4520123{owner.pk % 1000:03d}")
            if name == "Uden nummer":
                Citizen.objects.filter(pk=owner.pk).update(cpr_kind="none", cpr_index=None, cpr_ciphertext=None)
            follow_up(
                owner, status="closed", closed_at=NOW, closed_reason="declined", next_step_kind="", next_step_at=None,
                next_step_reason="",
            )  # fmt: skip
    gone(timedelta(days=1824))
    assert left(Citizen) == [2]
    # The "no" goes first (L8), then the citizen.
    found = gone(timedelta(days=1825))
    assert (found["follow_ups"], found["case_citizens"]) == (2, 1)
    with records():
        assert Citizen.objects.get().name == "Med nummer"


def test_where_no_citizen_files_come_a_list_alone_keeps_nobody_for_ever() -> None:
    with records():
        phone(citizen())
    assert gone(timedelta(days=729)) == {}
    assert gone(timedelta(days=730)) == {"case_citizens": 1}
    assert left(Citizen, Phone) == [0, 0]


def test_a_dry_run_counts_the_same_and_erases_nothing(declined: Citizen) -> None:
    counted = gone(timedelta(days=730), dry_run=True)
    assert left(ContactAttempt, SmsMessage, Conversation, HealthDialogue, CareChain, Letter) == [1] * 6
    assert ErasureRun.objects.count() == 0
    assert gone(timedelta(days=730)) == counted
    assert gone(timedelta(days=730)) == {}


def test_a_waves_result_outlives_the_names_of_its_recipients_and_their_answers() -> None:
    with records() as by:
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
            sent_message(
                owner, wave=wave, status=status, purpose="wave", follow_up=wanted,
                handed_over_at=NOW - timedelta(hours=2),
            )  # fmt: skip
        # An early answer, before the wave was finished.
        receive_reply(
            by=by, municipality_id=ISHOEJ, number="+4520123450", body="Ja tak", gateway_id=sid(), media=0,
            at=NOW - timedelta(hours=1), now=NOW,
        )  # fmt: skip
        before = wave_results(wave)
    assert (before.statuses, before.written_to.people, before.replies) == ({"delivered": 2, "undelivered": 1}, 3, 1)
    # Acts are put down to a wave for a fortnight; until they are written down nobody's place in it goes.
    assert write_results(now=NOW + 14 * DAY - timedelta(seconds=1)) == 0
    would_go = gone(timedelta(days=365), dry_run=True)
    assert would_go["conversations"] == 1
    assert {"wave_places", "message_words"} & would_go.keys() == set()
    assert write_results(now=NOW + 14 * DAY) == 1
    assert write_results(now=NOW + 14 * DAY) == 0
    # The early answer goes first, and takes nothing from the result.
    assert gone(timedelta(days=365) - timedelta(minutes=30))["conversations"] == 1
    assert left(SmsWaveRecipient, SmsMessage) == [3, 3]
    assert gone(timedelta(days=365)) == {"wave_places": 1, "message_words": 3}
    assert left(SmsWaveRecipient, SmsMessage) == [0, 3]
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
