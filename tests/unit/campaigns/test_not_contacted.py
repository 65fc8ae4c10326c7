"""Every next step and every hindrance is said in words (K1, K9)."""

from datetime import UTC, datetime, timedelta

import pytest

from campaigns.contact_signs import ContactSigns
from campaigns.not_contacted import not_contacted_because, notes_on_contact
from campaigns.step_reasons import StepReason
from registry.models import Citizen, CitizenStatus, ClosedReason, FollowUp, NextStepKind

# Tuesday 20 April 2021, 11.20 in Copenhagen.
NOW = datetime(2021, 4, 20, 9, 20, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)


def waits(kind: str, reason: str = "", at: datetime = TOMORROW, **changes: object) -> FollowUp:
    return FollowUp(status="open", next_step_kind=kind, next_step_at=at, next_step_reason=reason, **changes)


def said(follow_up: FollowUp, signs: ContactSigns | None = None, **citizen: object) -> str:
    who = Citizen(**{"status": CitizenStatus.ACTIVE, **citizen})
    return not_contacted_because(follow_up, who, NOW, signs or ContactSigns()) or ""


@pytest.mark.parametrize("kind", list(NextStepKind))
@pytest.mark.parametrize("reason", list(StepReason))
def test_a_step_that_lies_ahead_is_always_explained(kind: NextStepKind, reason: StepReason) -> None:
    sentence = said(waits(kind, reason))
    assert sentence.endswith(".")
    assert "%" not in sentence


@pytest.mark.parametrize("kind", ["sms", "call", "letter", "interpreter_call"])
def test_a_contact_that_is_due_is_not_explained_away(kind: str) -> None:
    assert said(waits(kind, at=NOW)) == ""


@pytest.mark.parametrize("reason", list(ClosedReason))
def test_every_way_a_case_ends_has_its_sentence(reason: ClosedReason) -> None:
    sentence = said(FollowUp(status="closed", closed_reason=reason))
    assert sentence.endswith(".")
    assert sentence != "Sagen er afsluttet."


def test_absent_is_not_vaccinated() -> None:
    """L7: nobody may read more out of it than it says."""
    assert "Det kan betyde" in said(FollowUp(status="closed", closed_reason="gone"))


@pytest.mark.parametrize(
    ("citizen", "words"),
    [
        ({"do_not_contact_since": NOW}, "bedt om ikke at blive kontaktet"),
        ({"status": CitizenStatus.DECEASED}, "Død"),
        ({"status": CitizenStatus.EMIGRATED}, "bliver afsluttet"),
    ],
)
def test_who_must_not_be_contacted(citizen: dict[str, object], words: str) -> None:
    assert words in said(waits("call", at=NOW), **citizen)


@pytest.mark.parametrize(
    ("signs", "words"),
    [
        (ContactSigns(talking=True), "En kollega taler med borgeren lige nu"),
        (ContactSigns(message_status="queued"), "sendes om et øjeblik"),
        (ContactSigns(message_status="queued", message_at=TOMORROW), "sendes ons. 21.04. kl. 11.20"),
        (
            ContactSigns(message_status="queued", message_reason="quiet_hours", message_at=TOMORROW),
            "ikke sendes sms'er",
        ),
        (ContactSigns(message_status="queued", message_reason="called_today", message_at=TOMORROW), "ringet op i dag"),
        (ContactSigns(message_status="queued", message_reason="being_called", message_at=TOMORROW), "ved at ringe"),
        (
            ContactSigns(message_status="queued", message_reason="recent_message", message_at=TOMORROW),
            "inden for et døgn",
        ),
        (ContactSigns(message_status="handing_over"), "ved at blive sendt"),
        (ContactSigns(message_status="in_doubt"), "ikke igen, før det er afklaret"),
    ],
)
def test_a_message_that_waits_or_goes(signs: ContactSigns, words: str) -> None:
    assert words in said(waits("sms", at=NOW), signs)


@pytest.mark.parametrize(
    ("follow_up", "words"),
    [
        (waits("call", "agreed_time"), "fordi det er aftalt med borgeren"),
        (waits("call", "not_reached"), "på en anden tid af dagen"),
        (waits("sms", "first_contact", last_contact_at=NOW - timedelta(hours=2)), "mindst et døgn"),
        (waits("sms", "first_contact"), "når der igen må sendes sms'er"),
        (waits("call", "sms_unanswered", last_contact_at=NOW - timedelta(days=1)), "tid til at reagere"),
        (waits("wait", "attempts_done"), "alle forsøg er gjort og dokumenteret"),
        (waits("wait", "books_self"), "selv vil bestille tid"),
        (waits("lookup", "no_phone"), "mangler et telefonnummer, der virker"),
        (waits("lookup", "no_custody_holder_phone"), "forældremyndighedens indehaver"),
        (waits("health_dialogue", "health_dialogue"), "En sundhedsfaglig"),
        (waits("booking_request", "booking_help"), "blive bestilt en tid"),
    ],
)
def test_what_is_waited_for(follow_up: FollowUp, words: str) -> None:
    assert words in said(follow_up)


def test_a_letter_to_a_protected_address_waits_for_its_release() -> None:
    assert "frigivet den beskyttede adresse" in said(waits("letter", at=NOW), ContactSigns(protected=True))


def test_a_conversation_cancels_the_machine_s_message_and_the_page_says_so() -> None:
    contacted = ContactSigns(cancelled_at=NOW, cancelled_for="contacted")
    assert notes_on_contact(waits("wait"), contacted) == [
        "Den planlagte sms er annulleret, fordi vi talte med borgeren tirs. 20.04. kl. 11.20."
    ]
    replied = ContactSigns(cancelled_at=NOW, cancelled_for="replied")
    assert "borgeren selv skrev" in notes_on_contact(waits("call"), replied)[0]
    assert notes_on_contact(FollowUp(status="closed", closed_reason="gone"), contacted) == []


@pytest.mark.parametrize(
    ("signs", "words"),
    [
        (ContactSigns(opted_out=True), "frameldt sms'er"),
        (ContactSigns(child=True, opted_out=True), "under 18 år"),
        (ContactSigns(protected=True), "Navn og adresse er beskyttet"),
    ],
)
def test_what_else_a_caseworker_must_know(signs: ContactSigns, words: str) -> None:
    (note,) = notes_on_contact(waits("call"), signs)
    assert words in note
