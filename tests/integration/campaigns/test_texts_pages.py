"""The pages of the text library (S2)."""

import pytest
from django.http import HttpResponse
from django.test import Client

from campaigns.models import CallScript, ContactPoint, MessageTemplate
from outreach.access.roles import Role
from outreach.audit.models import Action
from registry.models import Municipality
from tests.factories.cast import client_with_role
from tests.factories.contact_pages import citizen, clock_at, follow_up, logged, records
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ

pytestmark = pytest.mark.django_db
LIBRARY = "/administration/tekster/"
CALL_DA = f"{LIBRARY}sms/please_call/da/"
CALL_AR = f"{LIBRARY}sms/please_call/ar/"


@pytest.fixture
def lead() -> Client:
    clock_at()
    return client_with_role(Role.TEAM_LEAD)


@pytest.fixture
def admin() -> Client:
    clock_at()
    return client_with_role(Role.LIST_ADMIN)


def page_of(response: HttpResponse) -> str:
    return response.content.decode()


def save(client: Client, url: str = CALL_DA, after: int = 0, **changes: str) -> HttpResponse:
    form = {"body": "Hej {fornavn}. {kommune}", "content_class": "neutral", "after": str(after), **changes}
    return client.post(f"{url}ret/", form)


def test_the_library_says_what_is_approved_what_waits_and_what_lacks(lead):
    page = page_of(lead.get(LIBRARY))
    for text in ("Første kontakt, med telefonnummer", "Manuskript til opkald", "Brev om hjælp", "arabisk"):
        assert text in page
    assert "godkendt" in page
    assert "kladde" in page
    assert "mangler" in page  # no script in Ukrainian


def test_write_then_another_approves(lead, admin):
    assert save(admin).status_code == 302
    written = MessageTemplate.objects.get(municipality=ISHOEJ)
    assert "En kollega skal læse og godkende den" in page_of(admin.get(CALL_DA))
    other = client_with_role(Role.LIST_ADMIN, username="another-admin")
    assert "Venter på, at en teamleder" in page_of(other.get(CALL_DA))
    page = page_of(lead.get(CALL_DA))
    assert "Godkend i mit navn" in page
    assert lead.post(f"{CALL_DA}godkend/", {"version": written.pk}).status_code == 302
    written.refresh_from_db()
    assert written.approved_at is not None
    page = page_of(lead.get(CALL_DA))
    assert "Jeres udgave 1" in page
    assert "Tidligere udgaver" in page  # the common one that it stands before


def test_the_writer_is_not_offered_to_approve(lead):
    save(lead)
    page = page_of(lead.get(CALL_DA))
    assert "En kollega skal læse og godkende den" in page
    assert "Godkend i mit navn" not in page
    written = MessageTemplate.objects.get(municipality=ISHOEJ)
    lead.post(f"{CALL_DA}godkend/", {"version": written.pk})
    written.refresh_from_db()
    assert written.approved_at is None


def test_a_text_from_the_right_is_shown_so_beside_the_danish(lead):
    page = page_of(lead.get(CALL_AR))
    assert '<div class="text-sheet" lang="ar" dir="rtl">' in page
    assert '<div class="text-sheet" lang="da" dir="ltr">' in page
    assert "Borgere med det sprog får den danske" in page


def test_the_length_is_told_while_writing_and_without_scripts(admin):
    ContactPoint.objects.create(municipality=Municipality.objects.get(code=ISHOEJ), phone="43 57 75 75")
    fragment = page_of(admin.post(f"{CALL_DA}laengde/", {"body": "Hej {fornavn} – ring"}))
    # "Hej Søren – ring": 16 characters, and the dash (number 11) is outside the alphabet.
    assert "1 sms-del · 16 af 70 tegn" in fragment
    assert "»–« (En dash) – tegn nr. 11" in fragment
    assert "Prisen er ikke skrevet ind" in fragment
    admin.post(f"{LIBRARY}pris/", {"ore": "29,5", "valid_from": "01.04.2021"})
    whole = save(admin, measure="1", body="a" * 161)
    assert whole.status_code == 200
    assert "2 sms-dele · 161 af 306 tegn" in page_of(whole)
    assert "59 øre for hver modtager" in page_of(whole)
    assert not MessageTemplate.objects.filter(municipality=ISHOEJ).exists()


def test_a_wrong_field_is_said_where_one_writes(admin):
    response = save(admin, body="Hej {cpr}")
    assert response.status_code == 422
    assert "Feltet {cpr} findes ikke her" in page_of(response)


def test_a_draft_that_tells_too_much_says_so_and_offers_no_approval(admin, lead):
    save(admin, body="Hej {fornavn}. Husk din vaccination.")
    page = page_of(lead.get(CALL_DA))
    assert "Kan ikke godkendes endnu" in page
    assert "»vaccin«" in page
    assert "Godkend i mit navn" not in page


def test_a_script_is_edited_row_by_row(lead):
    url = f"{LIBRARY}script/covid-19/da/"
    before = CallScript.objects.filter(programme__code="covid-19", language="da").order_by("-version")[0]
    page = page_of(lead.get(f"{url}ret/"))
    assert f'name="worry_{len(before.answers) + 1}"' in page  # two empty rows
    form = {"opening": "Goddag.\r\n\r\nDet er {caller}.", "after": "0", "worry_0": "Bange?", "answer_0": "Spørg.",
            "worry_1": "", "answer_1": ""}  # fmt: skip
    assert lead.post(f"{url}ret/", form).status_code == 302
    written = CallScript.objects.get(municipality=ISHOEJ)
    assert written.opening == ["Goddag.", "Det er {caller}."]
    assert written.answers == [{"worry": "Bange?", "answer": "Spørg."}]
    assert lead.post(f"{url}ret/", {**form, "answer_1": "Løst svar"}).status_code == 422


def test_withdraw_needs_a_reason_and_restore_makes_a_draft(lead, admin):
    save(admin)
    written = MessageTemplate.objects.get(municipality=ISHOEJ)
    lead.post(f"{CALL_DA}godkend/", {"version": written.pk})
    lead.post(f"{CALL_DA}traek-tilbage/", {"version": written.pk})
    written.refresh_from_db()
    assert written.withdrawn_at is None
    lead.post(f"{CALL_DA}traek-tilbage/", {"version": written.pk, "note": "forkert nummer"})
    written.refresh_from_db()
    assert (written.withdrawn_at is not None, written.note) == (True, "forkert nummer")
    page = page_of(lead.get(CALL_DA))
    assert "Gendan som kladde" in page
    lead.post(f"{CALL_DA}gendan/", {"version": written.pk})
    assert MessageTemplate.objects.get(municipality=ISHOEJ, version=2).approved_at is None


def test_a_version_of_another_municipality_is_not_there(lead):
    foreign = client_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP)
    save(foreign)
    written = MessageTemplate.objects.get(municipality=HOEJE_TAASTRUP)
    lead.post(f"{CALL_DA}godkend/", {"version": written.pk})
    written.refresh_from_db()
    assert written.approved_at is None
    assert "Jeres udgave" not in page_of(lead.get(CALL_DA))


def test_preview_on_a_citizen_found_by_search_is_logged(lead):
    with records():
        owner = citizen("Aase Birthe Mikkelsen")
        follow_up(owner)
    found = page_of(lead.post(f"{CALL_DA}proev/", {"query": "Aase"}))
    assert "Aase Birthe Mikkelsen" in found
    # SS02: the municipality has no number that citizens may call.
    assert "Der mangler: telefon" in page_of(lead.post(f"{CALL_DA}proev/", {"citizen": owner.pk}))
    ContactPoint.objects.create(municipality=Municipality.objects.get(code=ISHOEJ), phone="43 57 75 75")
    page = page_of(lead.post(f"{CALL_DA}proev/", {"citizen": owner.pk}))
    assert "Hej Aase." in page
    assert "Der mangler" not in page
    assert "Tekst prøvet på borger" in {event.purpose for event in logged(Action.LOOK)}


def test_a_health_adviser_tries_texts_on_an_invented_person_only():
    clock_at()
    adviser = client_with_role(Role.HEALTH_ADVISER)
    assert "Hej Søren." in page_of(adviser.post(f"{CALL_DA}proev/", {"invented": "1"}))
    assert adviser.post(f"{CALL_DA}proev/", {"query": "Aase"}).status_code == 403


def test_a_language_without_a_column_can_be_begun(lead, admin):
    response = lead.get(LIBRARY, {"text": "sms/please_call", "language": "ti"})
    assert response.headers["Location"] == f"{LIBRARY}sms/please_call/ti/"
    save(admin, f"{LIBRARY}sms/please_call/ti/")
    assert "tigrinya" in page_of(lead.get(LIBRARY))
    assert lead.get(f"{LIBRARY}sms/please_call/xx/").status_code == 404
    assert lead.get(f"{LIBRARY}sms/nothing/da/").status_code == 404
    assert lead.get(f"{LIBRARY}poster/please_call/da/").status_code == 404
