"""The contact plan's pages: draft, preview, saving, going back (K2, K3, S4)."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from campaigns.models import ContactPlanChange, ContactPolicy, ContactSettings
from campaigns.services.planning import plan
from outreach.access.roles import Role
from outreach.audit.models import Action
from registry.models import FollowUp, Programme
from tests.factories.cast import client_with_role
from tests.factories.contact_pages import NOW, citizen, clock_at, follow_up, logged, phone, queries_of, records
from tests.factories.geography import ISHOEJ

pytestmark = pytest.mark.django_db
URL = "/administration/kontaktplan/"
# One call at two o'clock, then a letter; the steps after them are left out.
CALL_AND_LETTER = {
    "kind_1": "call", "delay_1": "0", "attempts_1": "2", "retry_1": "1", "hours_1": "14 og 16",
    "kind_2": "letter", "delay_2": "3", "quiet_gap_hours": "24", "first_contact_days": "5", "answer_days": "15",
}  # fmt: skip


@pytest.fixture
def lead() -> Client:
    clock_at()
    return client_with_role(Role.TEAM_LEAD)


@pytest.fixture
def plan_url() -> str:
    return f"{URL}{Programme.objects.get(code='covid-19').pk}/"


def text_of(response: HttpResponse, status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


def texted(name: str = "Kaj Prøve") -> FollowUp:
    """A citizen whose SMS is planned for tomorrow morning."""
    with records() as by:
        person = citizen(name)
        phone(person)
        waiting = follow_up(person, opened_at=NOW + timedelta(hours=10), next_step_reason="to_be_planned")
        plan(by=by, now=NOW)
        waiting.refresh_from_db()
        assert waiting.next_step_kind == "sms"
    return waiting


def test_the_index_says_what_holds(lead: Client) -> None:
    page = text_of(lead.get(URL))
    assert "SMS med det samme" in page
    assert "Opkald efter 2 arbejdsdage, højst 3 forsøg, kl. 10, 14 og 17" in page
    assert "5 arbejdsdage til første kontakt, 15 til svar" in page
    assert "Den fælles" in page
    assert "Kl. 9–20, mandag til lørdag, ikke på helligdage" in page
    assert "Ingen ændringer endnu" in page


def test_a_draft_is_seen_before_it_is_saved(lead: Client, plan_url: str) -> None:
    waiting = texted()
    page = text_of(lead.post(plan_url, CALL_AND_LETTER | {"preview": "1"}))
    assert "Af 1 åbne opfølgninger får 1 et andet næste skridt" in page
    assert "Trin: Opkald med det samme, højst 2 forsøg, kl. 14 og 16 → Brev efter 3 arbejdsdage" in page
    assert "Kaj Prøve" in page
    assert "Første kontakt ons. 21.04. kl. 9" in page  # before
    assert "Første kontakt ons. 21.04. kl. 14" in page  # after: nothing was sent, so the call is the first
    assert [event.purpose for event in logged(Action.LOOK)] == ["Forhåndsvisning af kontaktplan"]
    assert not ContactPolicy.objects.filter(municipality=ISHOEJ).exists()
    with records():
        waiting.refresh_from_db()
        assert waiting.next_step_kind == "sms"


def test_a_saved_plan_is_replanned_and_can_be_taken_back(
    lead: Client, plan_url: str, django_capture_on_commit_callbacks: object
) -> None:
    waiting = texted()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        response = lead.post(plan_url, CALL_AND_LETTER | {"save": "1"})
    assert response.url == URL
    page = text_of(lead.get(URL))
    assert "Jeres egen" in page
    assert "Mette Holm" in page
    change = ContactPlanChange.objects.get()
    version = text_of(lead.get(f"{plan_url}?version={change.pk}"))
    assert 'value="14 og 16"' in version
    common = text_of(lead.get(f"{plan_url}?common=1"))
    assert "Intet er ændret, før du gemmer" in common
    assert 'value="10, 14 og 17"' in common
    assert waiting.pk


def test_going_on_with_the_draft_keeps_what_was_typed(lead: Client, plan_url: str) -> None:
    page = text_of(lead.post(plan_url, CALL_AND_LETTER | {"edit": "1"}))
    assert 'value="14 og 16"' in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind_1": "sms", "kind_2": "", "hours_1": ""}, "mindst ét opkald eller brev"),
        ({"hours_1": "7"}, "Klokkeslættene skal ligge fra kl. 8"),
        ({"hours_1": "halv ti"}, "Skriv hele timer med komma imellem"),
        ({"answer_days": "3"}, "kan ikke ligge før"),
        ({"quiet_gap_hours": "6"}, "mellem 24 og 168 timer"),
        ({"duty_to_7": "01.05.2021", "duty_from_7": ""}, "Målgruppe 7"),
    ],
)
def test_what_cannot_be_saved_is_said_at_once(lead: Client, plan_url: str, typed: dict[str, str], said: str) -> None:
    for button in ("preview", "save"):
        page = text_of(lead.post(plan_url, CALL_AND_LETTER | typed | {button: "1"}), 422)
        assert said in page
        assert "Fejl: " in page
    assert not ContactPlanChange.objects.exists()


def test_the_window_is_seen_and_saved(lead: Client) -> None:
    url = f"{URL}sendetider/"
    texted()
    typed = {"opens": "11", "closes": "18", "messages_per_minute": "30"}
    page = text_of(lead.post(url, typed | {"preview": "1"}))
    assert "1 beholder skridtet på en ny dato" in page
    assert "Kl. 11–18" in page
    assert lead.post(url, typed | {"save": "1"}).url == URL
    saved = ContactSettings.objects.get(municipality=ISHOEJ)
    assert (saved.opens, saved.closes, saved.sundays, saved.messages_per_minute) == (11, 18, False, 30)
    assert "tidligst sendes fra kl. 8" in text_of(lead.post(url, typed | {"opens": "5", "save": "1"}), 422)


def test_another_municipality_s_versions_are_not_here(lead: Client, plan_url: str) -> None:
    other = client_with_role(Role.LIST_ADMIN, code=169)
    other.post(plan_url, CALL_AND_LETTER | {"save": "1"})
    change = ContactPlanChange.objects.get(municipality=169)
    assert lead.get(f"{plan_url}?version={change.pk}").status_code == 404
    assert "Den fælles" in text_of(lead.get(URL))


def test_the_preview_makes_as_many_queries_for_more_citizens(lead: Client, plan_url: str) -> None:
    texted("Den første")
    few = queries_of(lambda: lead.post(plan_url, CALL_AND_LETTER | {"preview": "1"}))
    for number in range(9):
        texted(f"Nummer {number}")
    assert queries_of(lambda: lead.post(plan_url, CALL_AND_LETTER | {"preview": "1"})) == few
