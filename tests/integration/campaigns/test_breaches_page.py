"""The page of deadlines and its files: whom it shows, the proof of attempts, who stays out (K3, C5, D8)."""

import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.http import HttpResponse
from django.test import Client

from campaigns.models import ContactAnswer, ContactAttempt, ContactKind, SmsMessage
from outreach.access.roles import Role
from outreach.audit.models import Action
from registry.models import FollowUp
from tests.factories.cast import client_with_role
from tests.factories.contact_pages import NOW, citizen, clock_at, follow_up, logged, phone, queries_of, records
from tests.factories.geography import HOEJE_TAASTRUP

pytestmark = pytest.mark.django_db
URL = "/frister/"
TODAY = NOW.date()


@pytest.fixture
def lead() -> Client:
    clock_at()
    return client_with_role(Role.TEAM_LEAD)


def text_of(response: HttpResponse) -> str:
    assert response.status_code == 200
    return response.content.decode()


def due(name: str, days: int, **changes: object) -> FollowUp:
    """A follow-up whose first contact is due so many days from today."""
    with records():
        return follow_up(citizen(name), **{"first_contact_due": TODAY + timedelta(days=days), **changes})


def names(page: str, *wanted: str) -> list[str]:
    return sorted((name for name in wanted if f">{name}</a>" in page), key=lambda name: page.index(f">{name}</a>"))


def test_duty_first_then_the_longest_overdue(lead: Client) -> None:
    due("Frivillig", -9, mandatory=False)
    due("Længst", -5)
    due("Kortest", -1)
    due("Idag", 0)
    due("Imorgen", 1)
    due("Senere", 4)
    everybody = ("Frivillig", "Længst", "Kortest", "Idag", "Imorgen", "Senere")
    assert names(text_of(lead.get(URL)), *everybody) == ["Længst", "Kortest", "Frivillig"]
    assert names(text_of(lead.get(f"{URL}?duty=voluntary")), *everybody) == ["Frivillig"]
    assert names(text_of(lead.get(f"{URL}?when=today")), *everybody) == ["Idag"]
    assert names(text_of(lead.get(f"{URL}?when=tomorrow")), *everybody) == ["Imorgen"]
    assert names(text_of(lead.get(f"{URL}?when=vrøvl&programme=99999")), *everybody) == [
        "Længst",
        "Kortest",
        "Frivillig",
    ]


def test_the_answer_s_clock_is_another_one(lead: Client) -> None:
    due("Kontaktet", 0, first_contact_at=NOW - timedelta(days=3), answer_due=TODAY - timedelta(days=1))
    due("Ukontaktet", -1)
    assert names(text_of(lead.get(f"{URL}?clock=answer")), "Kontaktet", "Ukontaktet") == ["Kontaktet"]
    assert names(text_of(lead.get(f"{URL}?clock=first_contact")), "Kontaktet", "Ukontaktet") == ["Ukontaktet"]


def attempted(lead: Client) -> FollowUp:
    """Called in vain in an earlier round, texted and called in this one."""
    with records():
        person = citizen("Karen Prøve")
        number = phone(person)
        late = follow_up(
            person, opened_at=NOW - timedelta(days=9), first_contact_at=NOW - timedelta(days=8),
            answer_due=TODAY - timedelta(days=1), invited_on=date(2021, 3, 22), sms_sent=1, call_attempts=1,
        )  # fmt: skip
        for days, outcome, undone in ((40, "no_answer", None), (2, "voicemail", None), (1, "busy", NOW)):
            made = ContactAttempt.objects.create(
                municipality_id=person.municipality_id, citizen=person, kind=ContactKind.CALL,
                at=NOW - timedelta(days=days), by_name="Søren Dahl", undone_at=undone,
            )  # fmt: skip
            ContactAnswer.objects.create(
                municipality_id=person.municipality_id, attempt=made, follow_up=late, outcome=outcome
            )
        SmsMessage.objects.create(
            municipality_id=person.municipality_id, citizen=person, follow_up=late, phone=number,
            number_ciphertext=number.number_ciphertext, number_index=number.number_index, body="Ring til os",
            encoding="GSM-7", segments=1, status="delivered", status_at=NOW, not_before=NOW, queued_at=NOW,
            handed_over_at=NOW - timedelta(days=8), step_key="1",
        )  # fmt: skip
    return late


def test_every_attempt_stands_there_as_proof(lead: Client) -> None:
    attempted(lead)
    page = text_of(lead.get(URL))
    assert "2 forsøg" in page
    assert "12.04. 11.20</span> Sms: " in page
    assert "Opkald: Telefonsvarer · Søren Dahl" in page
    assert "Opkald: Intet svar · Søren Dahl (før den blev åbnet)" in page
    assert "Optaget" not in page  # undone
    assert "Myndighedens påmindelsesbrev blev sendt 19.04." in page
    assert {event.purpose for event in logged(Action.LOOK)} == {"Frister"}


def test_files_hold_the_attempts_and_leave_the_protected_out(lead: Client) -> None:
    attempted(lead)
    with records():
        follow_up(citizen("Hemmelig Prøve", protected=True), first_contact_due=TODAY - timedelta(days=2))
        follow_up(citizen("=HYPERLINK(1)"), first_contact_due=TODAY - timedelta(days=2))
    assert "Hemmelig Prøve" in text_of(lead.get(URL))
    rows = list(csv.reader(io.StringIO(text_of(lead.get(f"{URL}frister.csv")).removeprefix("\ufeff")), delimiter=";"))
    assert [row[2] for row in rows[1:]] == ["'=HYPERLINK(1)", "Karen Prøve"]
    assert "Telefonsvarer · Søren Dahl" in rows[2][9]
    book = openpyxl.load_workbook(io.BytesIO(lead.get(f"{URL}frister.xlsx").content))
    cells = [row[2].value for row in book.active.iter_rows(min_row=2)]
    assert cells == ["'=HYPERLINK(1)", "Karen Prøve"]
    exported = logged(Action.EXPORT)
    assert sum(event.subject_kind == "citizen" for event in exported) == 4  # two people in each of two files
    assert [event.detail["rows"] for event in exported if event.subject_kind == "follow_up"] == [2, 2]


def test_another_municipality_s_are_not_here(lead: Client) -> None:
    with records(HOEJE_TAASTRUP):
        follow_up(citizen("Nabo", code=HOEJE_TAASTRUP), first_contact_due=TODAY - timedelta(days=2))
    assert "Nabo" not in text_of(lead.get(URL))


def test_more_rows_make_no_more_queries(lead: Client) -> None:
    due("En", -1)
    few = queries_of(lambda: lead.get(URL))
    for number in range(8):
        due(f"Nummer {number}", -1)
    assert queries_of(lambda: lead.get(URL)) == few


def test_the_empty_page_says_what_comes_here(lead: Client) -> None:
    assert "Ingen her" in text_of(lead.get(URL))
    assert "Ingen frister passer" in text_of(lead.get(f"{URL}?duty=mandatory"))
