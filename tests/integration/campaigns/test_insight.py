"""A citizen asks who has used their data and what is kept: the report, the file, and the log of both (A3)."""

from __future__ import annotations

import json

import pytest
from django.apps import apps

from campaigns.insight_titles import TITLES
from campaigns.models import CareChain, ChainLink, HealthDialogue, HealthTalk, Letter, LetterBatch, LetterText
from campaigns.selectors.insight import _fields_of, look_ups
from campaigns.services.answers import record_answer
from campaigns.services.bookings import Wishes
from campaigns.services.inbox import receive_reply
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent, Action
from outreach.audit.services import record
from registry.models import Citizen, PreviousNumber
from tests.factories.bookings import asked, booker, caseworker, contact_point
from tests.factories.callbacks import sent_message, sid
from tests.factories.cast import client_with_role
from tests.factories.contact_pages import NOW, citizen, clock_at, phone, records, relative
from tests.factories.geography import ISHOEJ
from tests.factories.registry import cpr_number

pytestmark = pytest.mark.django_db
NUMBER = "+4520123456"
ASKED = {"cpr": cpr_number(1), "reason": "Sag 21/4711"}


@pytest.fixture
def known() -> Citizen:
    """Somebody with a call, a message, a reply, a letter, a booking with a ride and a talk; and a neighbour."""
    contact_point()
    mette = caseworker()
    with records():
        wanted = booker("Aase Birthe Mikkelsen", mobile=False, cpr=cpr_number(1))
        owner = wanted.citizen
        phone(owner, NUMBER)
        relative(owner)
        phone(citizen("Bente Nabo", cpr=cpr_number(2)), "+4520999999")
    asked(mette, wanted, Wishes(needs_ride=True, note="Kan ikke gå på trapper"))
    with data_context(mette):
        attempt = record_answer(by=mette, citizen=owner, outcome="undecided", note="Vil tænke", now=NOW)
    with records() as by:
        sent_message(owner, status="delivered", body="Hej Aase. Ring til kommunen.")
        receive_reply(
            by=by, municipality_id=ISHOEJ, number=NUMBER, body="Hvem er I?", gateway_id=sid(), media=0, at=NOW, now=NOW
        )
        talk = HealthDialogue.objects.create(
            municipality_id=ISHOEJ, citizen=owner, referred_at=NOW, referred_by_name="Mette", due_at=NOW, worry="Feber"
        )
        HealthTalk.objects.create(
            municipality_id=ISHOEJ, dialogue=talk, attempt=attempt, outcome="thinking", health_note="Har astma"
        )
        pile = LetterBatch.objects.create(
            municipality_id=ISHOEJ, state="ready", state_changed_at=NOW, created_at=NOW, created_by_name="Mette"
        )
        text = LetterText.objects.order_by("id").first()
        Letter.objects.create(municipality_id=ISHOEJ, batch=pile, citizen=owner, position=1, channel="paper", text=text)
        assert (CareChain.objects.count(), ChainLink.objects.count()) == (1, 1)
    return owner


def test_the_report_says_when_and_what_for_and_names_no_staff(known: Citizen) -> None:
    clock_at(NOW)
    page = client_with_role(Role.AUDITOR).post("/indsigt/", ASKED).content.decode()
    assert "Svar registreret" in page
    assert "Tidsbestilling på borgerens vegne" in page
    with records():
        staff = set(AccessEvent.objects.filter(subject_id=known.pk, user_id__isnull=False).values_list("actor_name"))
    names = {name for (name,) in staff} - {"Kontrollant"}
    assert names
    body = page[page.index("<table") : page.index("</table>")]
    assert [name for name in names if name in body] == []
    assert cpr_number(1) not in page


def test_the_file_has_all_that_is_kept_and_nothing_of_anybody_else(known: Citizen) -> None:
    clock_at(NOW)
    client = client_with_role(Role.AUDITOR)
    page = client.post("/indsigt/", ASKED)
    answer = client.post("/indsigt/fil/", {"ticket": page.context["ticket"]})
    assert answer["Content-Disposition"].startswith("attachment")
    kept = json.loads(answer.content)
    tables = {section["table"]: section["rows"] for section in kept["kept"]}
    assert tables.keys() >= {
        "Citizen", "Phone", "Relative", "FollowUp", "ContactAttempt", "ContactAnswer", "SmsMessage", "InboundMessage",
        "Conversation", "Letter", "BookingRequest", "BookingChange", "CareChain", "ChainLink", "HealthDialogue",
        "HealthTalk",
    }  # fmt: skip
    assert tables["Citizen"][0]["name"] == "Aase Birthe Mikkelsen"
    assert tables["Phone"][0]["number"] == NUMBER
    assert tables["SmsMessage"][0]["body"] == "Hej Aase. Ring til kommunen."
    assert tables["InboundMessage"][0]["body"] == "Hvem er I?"
    assert tables["ContactAttempt"][0]["note"] == "Vil tænke"
    assert tables["ContactAnswer"][0]["outcome"] == "I tvivl"
    assert tables["HealthDialogue"][0]["worry"] == "Feber"
    assert tables["HealthTalk"][0]["health_note"] == "Har astma"
    assert tables["BookingRequest"][0]["note"] == "Kan ikke gå på trapper"
    assert tables["ChainLink"][0]["kind"] == "Kørsel"
    whole = answer.content.decode()
    assert "Mette" not in whole
    assert "Bente" not in whole
    assert "+4520999999" not in whole


def test_uses_before_two_records_were_found_to_be_one_person_are_told_too(known: Citizen) -> None:
    with records() as by:
        left = known.pk + 1000
        PreviousNumber.objects.create(
            municipality_id=ISHOEJ, citizen=known, cpr_ciphertext=b"x", cpr_index=b"y" * 32, noted_at=NOW,
            former_citizen_id=left,
        )  # fmt: skip
        for key, purpose in ((left, "Opkald før sammenlægning"), (left + 1, "En anden borger")):
            record(
                by=by, action=Action.LOOK, subject_kind="citizen", subject_id=key, municipality_id=ISHOEJ,
                purpose=purpose, at=NOW,
            )  # fmt: skip
        purposes = {event.purpose for event in look_ups(known)}
    assert "Opkald før sammenlægning" in purposes
    assert "En anden borger" not in purposes


def test_the_file_tells_nothing_about_staff() -> None:
    """Who had spoken with the citizen, and what a colleague said of how they did it, is not the citizen's (A3)."""
    told = {label: {field.name for field in _fields_of(apps.get_model(label))} for label in TITLES}
    assert "who" not in told["campaigns.EarlierContactRow"]
    assert {"comment", "verdict", "caller_name"} & told["campaigns.QualityCheck"] == set()
    assert {
        name for names in told.values() for name in names if name.endswith(("by_name", "by_id", "by_user_id"))
    } == set()


def test_search_report_and_file_stand_in_the_log_with_the_reason(known: Citizen) -> None:
    clock_at(NOW)
    client = client_with_role(Role.AUDITOR)
    page = client.post("/indsigt/", ASKED)
    client.post("/indsigt/fil/", {"ticket": page.context["ticket"]})
    with records():
        rows = AccessEvent.objects.filter(purpose="Indsigt: Sag 21/4711").order_by("recorded_at")
        assert [(row.action, row.subject_id) for row in rows] == [
            (action, str(known.pk)) for action in ("search", "look", "export")
        ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": " "}, "Feltet"),
        ({"cpr": "12345"}, "CPR-nummeret kan ikke læses"),
        ({"cpr": cpr_number(77)}, "Kommunen har intet gemt"),
    ],
)
def test_what_cannot_be_answered_is_said_and_shows_nothing(
    known: Citizen, changes: dict[str, str], sentence: str
) -> None:
    clock_at(NOW)
    answer = client_with_role(Role.AUDITOR).post("/indsigt/", ASKED | changes)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Fejl:" in page
    assert sentence in page or changes.get("reason")
    assert "Tidsbestilling" not in page


def test_another_municipalitys_auditor_finds_nobody(known: Citizen) -> None:
    clock_at(NOW)
    answer = client_with_role(Role.AUDITOR, 169).post("/indsigt/", ASKED)
    assert answer.status_code == 422
    with records(169):
        assert AccessEvent.objects.filter(action="search", purpose="Indsigt: Sag 21/4711").get().subject_id == ""


def test_a_ticket_of_somebody_elses_making_opens_nothing(known: Citizen) -> None:
    answer = client_with_role(Role.AUDITOR).post("/indsigt/fil/", {"ticket": "123"})
    assert (answer.status_code, answer["Location"]) == (302, "/indsigt/")
