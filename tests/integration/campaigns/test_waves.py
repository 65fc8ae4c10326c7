"""A wave from draft to finished: previewed, four eyes, queued once each, held, cancelled, expired (S3, S4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from campaigns.models import MessageStatus, SmsMessage, SmsWave, SmsWaveRecipient, WaveState
from campaigns.services.messages import dispatch_due, opt_out
from campaigns.services.waves import (
    advance_wave,
    approve_wave,
    cancel_wave,
    change_wave,
    decide_four_eyes_off,
    hold_wave,
    preview_wave,
    reject_wave,
    release_wave,
    send_for_approval,
    set_wave_settings,
    spec_of,
    wave_settings,
)
from campaigns.services.waves.deciding import WaveDiffers
from campaigns.services.waves.jobs import advance_waves, queue_wave
from outreach.access.data_context import data_context
from outreach.access.models import User
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.models import Municipality
from tests.factories.campaigns import CountingGateway
from tests.factories.cast import actor_with_role
from tests.factories.contact_pages import NOW, citizen, follow_up, phone, records
from tests.factories.geography import ISHOEJ
from tests.factories.waves import approved, awaiting, content, draft, lead, listener, queued

# Only those that hand messages over need what they write committed: the gateway answers on other threads.
pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


@pytest.fixture
def maker():
    return lead("laver")


@pytest.fixture
def approver():
    return lead("godkender")


def people(number: int, **changes) -> list:
    with records():
        return [listener(f"Borger{each} Hansen", **changes) for each in range(number)]


def messages(wave: SmsWave) -> list[SmsMessage]:
    with records():
        return list(SmsMessage.objects.filter(wave=wave).order_by("not_before"))


def test_a_preview_counts_recipients_parts_and_time(maker) -> None:
    people(3)
    with records():
        listener("Uden Nummer", number="")
    with data_context(maker):
        wave = draft(maker, per_minute=1)
        preview = preview_wave(spec_of(wave), now=NOW)
    assert (preview.audience, preview.recipients, preview.left_out) == (4, 3, {"no_mobile": 1})
    # "Hej Borger0. Ishøj Kommune vil gerne …" is one part of GSM-7.
    assert preview.segments == 3
    assert preview.starts_at == NOW
    assert preview.ends_at == NOW + timedelta(minutes=2)


def test_a_wave_to_nobody_is_not_sent_for_approval(maker) -> None:
    with data_context(maker), pytest.raises(UserError) as refused:
        send_for_approval(by=maker, wave=draft(maker), now=NOW)
    assert refused.value.code == "wave_empty"


def test_the_maker_does_not_approve_their_own_wave(maker) -> None:
    people(1)
    with data_context(maker):
        wave = awaiting(maker)
        with pytest.raises(UserError) as refused:
            approve_wave(by=maker, wave=wave, version=wave.version, now=NOW)
    assert refused.value.code == "wave_own"


def test_nor_in_another_role_nor_through_a_key_they_made(maker) -> None:
    people(1)
    with data_context(maker):
        wave = awaiting(maker)
    other_role = replace(maker, role=Role.MANAGER, name="Samme person")
    key = replace(maker, user_id=None, made_by_id=maker.user_id, name="Nøgle")
    machine = replace(maker, user_id=None, made_by_id=None, name="Job")
    for by in (other_role, key, machine):
        with data_context(by), pytest.raises(UserError) as refused:
            approve_wave(by=by, wave=wave, version=wave.version, now=NOW)
        assert refused.value.code == "wave_own"


def test_who_changed_it_does_not_approve_it_either(maker, approver) -> None:
    people(1)
    with data_context(maker):
        wave = draft(maker)
    with data_context(approver):
        change_wave(by=approver, wave=wave, content=content(name="Ny"), now=NOW)
    with data_context(maker):
        wave = send_for_approval(by=maker, wave=wave, now=NOW)
    with data_context(approver), pytest.raises(UserError) as refused:
        approve_wave(by=approver, wave=wave, version=wave.version, now=NOW)
    assert refused.value.code == "wave_own"


def four_eyes(by, on: bool):
    """Somebody says whether a second person is wanted."""
    with data_context(by):
        return set_wave_settings(by=by, municipality_id=ISHOEJ, second_person=on, expected_percent=10, now=NOW)


def decided(by, agree: bool):
    """Somebody answers a colleague's wish to do without."""
    with data_context(by):
        return decide_four_eyes_off(by=by, municipality_id=ISHOEJ, agree=agree, now=NOW)


def test_two_people_may_do_without_the_second_person(maker, approver) -> None:
    people(1)
    assert four_eyes(maker, on=False).second_person
    assert not decided(approver, agree=True).second_person
    with data_context(maker):
        wave = awaiting(maker)
        assert approve_wave(by=maker, wave=wave, version=wave.version, now=NOW).state == WaveState.APPROVED


def test_one_person_cannot_do_without_the_second_for_a_wave_of_their_own(maker) -> None:
    people(1)
    four_eyes(maker, on=False)
    with pytest.raises(UserError) as refused:
        decided(maker, agree=True)
    assert refused.value.code == "wave_off_own"
    # Asking twice is no second voice either, nor asking again after it was put back.
    four_eyes(maker, on=False)
    four_eyes(maker, on=True)
    four_eyes(maker, on=False)
    with data_context(maker):
        wave = awaiting(maker)
        with pytest.raises(UserError) as own:
            approve_wave(by=maker, wave=wave, version=wave.version, now=NOW)
    assert own.value.code == "wave_own"


def test_nor_through_a_key_they_made(maker) -> None:
    four_eyes(maker, on=False)
    key = replace(maker, user_id=None, made_by_id=maker.user_id, name="Nøgle")
    with pytest.raises(UserError) as refused:
        decided(key, agree=True)
    assert refused.value.code == "wave_off_own"


def test_a_no_ends_the_wish_and_putting_back_holds_at_once(maker, approver) -> None:
    four_eyes(maker, on=False)
    assert decided(approver, agree=False).off_asked_at is None
    with pytest.raises(UserError) as gone:
        decided(approver, agree=True)
    assert gone.value.code == "wave_off_gone"
    four_eyes(maker, on=False)
    decided(approver, agree=True)
    assert four_eyes(approver, on=True).second_person


def test_the_page_asks_the_other_and_not_the_one_who_wished(maker, approver) -> None:
    four_eyes(maker, on=False)
    pages = {}
    for actor in (maker, approver):
        client = Client()
        client.force_login(User.objects.get(pk=actor.user_id))
        pages[actor] = client.get("/sms/regler/").content.decode()
    assert "Ja, undvær den anden godkender" not in pages[maker]
    assert "Træk ønsket tilbage" in pages[maker]
    assert "Ja, undvær den anden godkender" in pages[approver]
    assert client.post("/sms/regler/anden-godkender/", {"answer": "agree"}).status_code == 302
    with records():
        assert not wave_settings(ISHOEJ).second_person


def test_a_caseworker_neither_makes_nor_approves(maker) -> None:
    people(1)
    caseworker = actor_with_role(Role.CASEWORKER, username="sags")
    with data_context(maker):
        wave = awaiting(maker)
    with data_context(caseworker), pytest.raises(PermissionDenied):
        approve_wave(by=caseworker, wave=wave, version=wave.version, now=NOW)


def test_another_version_than_the_one_shown_is_not_approved(maker, approver) -> None:
    people(1)
    with data_context(maker):
        wave = awaiting(maker)
    with data_context(approver), pytest.raises(UserError) as refused:
        approve_wave(by=approver, wave=wave, version=wave.version - 1, now=NOW)
    assert refused.value.code == "wave_changed"


def test_a_few_more_people_are_the_ordinary_day(maker, approver) -> None:
    people(3)
    with data_context(maker):
        wave = awaiting(maker)
    people(10)
    with data_context(approver):
        assert approve_wave(by=approver, wave=wave, version=wave.version, now=NOW).state == WaveState.APPROVED
    with records():
        assert SmsWaveRecipient.objects.filter(wave=wave).count() == 13


def test_eleven_more_are_told_and_confirmed(maker, approver) -> None:
    people(3)
    with data_context(maker):
        wave = awaiting(maker)
    people(11)
    with data_context(approver), pytest.raises(WaveDiffers) as told:
        approve_wave(by=approver, wave=wave, version=wave.version, now=NOW)
    assert [(each.what, each.before, each.now) for each in told.value.differences] == [
        ("recipients", 3, 14),
        ("segments", 3, 14),
    ]
    people(1)
    with data_context(approver), pytest.raises(WaveDiffers):  # one more since: look again
        approve_wave(by=approver, wave=wave, version=wave.version, now=NOW, confirmed=told.value.figure)
    with data_context(approver):
        with pytest.raises(WaveDiffers) as told:
            approve_wave(by=approver, wave=wave, version=wave.version, now=NOW)
        done = approve_wave(by=approver, wave=wave, version=wave.version, now=NOW, confirmed=told.value.figure)
    assert done.state == WaveState.APPROVED


def test_a_rejection_needs_a_reason_and_opens_the_draft(maker, approver) -> None:
    people(1)
    with data_context(maker):
        wave = awaiting(maker)
    with data_context(approver):
        with pytest.raises(UserError):
            reject_wave(by=approver, wave=wave, version=wave.version, reason=" ", now=NOW)
        wave = reject_wave(by=approver, wave=wave, version=wave.version, reason="For mange", now=NOW)
    assert wave.state == WaveState.REJECTED
    with data_context(maker):
        assert change_wave(by=maker, wave=wave, content=content(), now=NOW).state == WaveState.DRAFT


@pytest.mark.case("SS04")
def test_queueing_twice_makes_each_message_once(maker, approver) -> None:
    people(5)
    wave = queued(maker, approver)
    assert queue_wave(wave.pk, now=NOW) == 0
    SmsWave.objects.filter(pk=wave.pk).update(queued_at=None)
    with records():
        SmsWaveRecipient.objects.filter(wave=wave).update(queued=False)  # as if the mark had been lost
    queue_wave(wave.pk, now=NOW)
    keys = [message.step_key for message in messages(wave)]
    assert len(keys) == 5
    assert len(set(keys)) == 5


@pytest.mark.case("SS05")
def test_messages_are_spread_evenly_and_never_in_a_burst(maker, approver) -> None:
    people(7)
    wave = queued(maker, approver, per_minute=2)
    moments = [message.not_before for message in messages(wave)]
    assert moments == [NOW + timedelta(seconds=30 * turn) for turn in range(7)]


@pytest.mark.case("SS07")
def test_what_the_evening_cannot_hold_goes_on_the_next_morning(maker, approver) -> None:
    people(3)
    # Tuesday 20 April 2021, 19.59 in Copenhagen: one message, then 9.00 on Wednesday.
    evening = datetime(2021, 4, 20, 17, 59, tzinfo=UTC)
    wave = queued(maker, approver, per_minute=1, starts_at=evening)
    morning = datetime(2021, 4, 21, 7, 0, tzinfo=UTC)
    assert [message.not_before for message in messages(wave)] == [evening, morning, morning + timedelta(minutes=1)]


def test_who_opts_out_between_approval_and_queue_gets_nothing(maker, approver) -> None:
    with records():
        gone, stays = listener("Bo Gået", number="+4520123401"), listener("Ib Bliver")
    wave = approved(maker, approver)
    with records() as by:
        opt_out(by=by, municipality=Municipality.objects.get(pk=ISHOEJ), number="20123401", source="reply", now=NOW)
    queue_wave(wave.pk, now=NOW)
    assert [message.citizen_id for message in messages(wave)] == [stays.citizen_id]
    with records():
        assert SmsWaveRecipient.objects.get(wave=wave, citizen=gone.citizen_id).left_out == "opted_out"


@committed
@pytest.mark.case("SS10")
def test_who_answers_between_queue_and_hand_over_gets_nothing(maker, approver) -> None:
    answered, left, quiet = people(3)
    wave = queued(maker, approver, per_minute=60)
    with records():
        answered.outcome = "books_self"
        answered.save()
        left.status, left.closed_reason, left.closed_at, left.next_step_kind, left.next_step_at = (
            "closed", "gone", NOW, "", None,
        )  # fmt: skip
        left.next_step_reason = ""
        left.save()
    gateway = CountingGateway()
    dispatch_due(now=NOW + timedelta(minutes=5), gateway=gateway)
    assert len(gateway.sent) == 1
    reasons = {message.citizen_id: message.status_reason for message in messages(wave)}
    assert reasons[answered.citizen_id] == "answered"
    assert reasons[left.citizen_id] == "no_longer_due"
    assert reasons[quiet.citizen_id] == ""


@committed
def test_a_held_wave_sends_nothing_until_it_is_released(maker, approver) -> None:
    people(4)
    wave = queued(maker, approver, per_minute=1)
    with data_context(approver):
        hold_wave(by=approver, wave=wave, now=NOW, reason="Forkert tid i teksten?")
    gateway = CountingGateway()
    dispatch_due(now=NOW + timedelta(hours=1), gateway=gateway)
    assert gateway.sent == {}
    later = NOW + timedelta(hours=2)
    with data_context(approver):
        release_wave(by=approver, wave=wave, now=later)
    assert [message.not_before for message in messages(wave)] == [later + timedelta(minutes=turn) for turn in range(4)]


@committed
def test_a_cancelled_wave_keeps_what_is_sent_and_stops_the_rest(maker, approver) -> None:
    people(4)
    wave = queued(maker, approver, per_minute=1)
    gateway = CountingGateway()
    dispatch_due(now=NOW + timedelta(seconds=70), gateway=gateway)  # two are due
    with data_context(approver):
        assert cancel_wave(by=approver, wave=wave, now=NOW + timedelta(minutes=2)) == 2
    dispatch_due(now=NOW + timedelta(hours=1), gateway=gateway)
    assert len(gateway.sent) == 2
    statuses = [message.status for message in messages(wave)]
    assert statuses.count(MessageStatus.CANCELLED) == 2


@committed
def test_a_wave_that_expires_sends_no_more(maker, approver) -> None:
    people(3)
    wave = queued(maker, approver, per_minute=1, expires_at=NOW + timedelta(minutes=5))
    advance_waves(now=NOW + timedelta(minutes=6))
    assert {message.status_reason for message in messages(wave)} == {"expired"}
    wave.refresh_from_db()
    assert wave.state == WaveState.FINISHED


def test_a_wave_that_cannot_be_done_in_time_is_not_sent_for_approval(maker) -> None:
    people(3)
    with data_context(maker):
        wave = draft(maker, per_minute=1, expires_at=NOW + timedelta(minutes=2))
        with pytest.raises(UserError) as refused:  # 0 and 1 minutes fit, the third would go at the very end
            send_for_approval(by=maker, wave=wave, now=NOW)
    assert refused.value.code == "wave_too_late"


@committed
def test_the_states_follow_the_messages(maker, approver) -> None:
    people(2)
    wave = queued(maker, approver)
    with data_context(approver):
        assert advance_wave(by=approver, wave=wave, now=NOW).state == WaveState.SENDING
    dispatch_due(now=NOW + timedelta(minutes=1), gateway=CountingGateway())
    with data_context(approver):
        assert advance_wave(by=approver, wave=wave, now=NOW).state == WaveState.FINISHED
    assert [change.state for change in wave.changes.all()] == ["draft", "awaiting", "approved", "sending", "finished"]


def test_those_held_out_get_nothing_and_are_known(maker, approver) -> None:
    people(20)
    wave = queued(maker, approver, hold_out_percent=10)
    assert len(messages(wave)) == 18
    with records():
        held = set(SmsWaveRecipient.objects.filter(wave=wave, held_out=True).values_list("citizen", flat=True))
    assert len(held) == 2
    assert not held & {message.citizen_id for message in messages(wave)}


def test_two_waves_do_not_write_to_the_same_citizen(maker, approver) -> None:
    people(2)
    approved(maker, approver)
    with data_context(maker):
        preview = preview_wave(spec_of(draft(maker, name="En til")), now=NOW)
    assert (preview.recipients, preview.left_out) == (0, {"other_wave": 2})


def test_a_shared_mobile_rings_once(maker) -> None:
    with records():
        listener("Ane Olsen", number="+4520123402")
        listener("Per Olsen", number="+4520123402")
    with data_context(maker):
        preview = preview_wave(spec_of(draft(maker)), now=NOW)
    assert (preview.recipients, preview.left_out) == (1, {"shared_number": 1})


def test_languages_without_a_text_read_danish_or_are_left_out(maker) -> None:
    with records():
        listener("Ayaan Ali", language="so")
        listener("John Smith", language="en")
    with data_context(maker):
        danish = preview_wave(spec_of(draft(maker)), now=NOW)
        left_out = preview_wave(spec_of(draft(maker, missing_text="leave_out")), now=NOW)
    assert {each.language: each.recipients for each in danish.texts} == {"da": 1, "en": 1}
    assert left_out.left_out == {"no_text": 1}


def test_a_name_outside_gsm_7_costs_more_and_is_named(maker) -> None:
    with records():
        listener("Ayşe Yılmaz")
    with data_context(maker):
        (text,) = preview_wave(spec_of(draft(maker)), now=NOW).texts
    # 10 + 43 + 33 + 49 = 135 characters, one more than two parts of UCS-2 hold (2 × 67).
    assert (text.unicode, text.segments, text.forcing) == (1, 3, {"ş": 1})


def test_a_citizen_with_two_mobiles_counts_once(maker) -> None:
    with records():
        owner = citizen("Bo To Mobiler")
        phone(owner, "+4520111111")
        phone(owner, "+4520222222", source="citizen")
        follow_up(owner, next_step_kind="wait", next_step_at=NOW + timedelta(days=9))
    with data_context(maker):
        assert preview_wave(spec_of(draft(maker)), now=NOW).recipients == 1
