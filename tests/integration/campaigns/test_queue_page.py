"""The team lead's call queue: order, filters, giving calls to others, the day's work (K4)."""

from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from campaigns.models import ContactAttempt
from outreach.access.roles import Role
from outreach.audit.models import Action
from tests.factories.cast import client_with_role, user_with_role
from tests.factories.contact_pages import (
    NOW,
    call_task,
    citizen,
    claimed,
    clock_at,
    follow_up,
    logged,
    queries_of,
    records,
    waiting_citizen,
)
from tests.factories.geography import HOEJE_TAASTRUP

pytestmark = pytest.mark.django_db
URL = "/opkaldskoe/"


@pytest.fixture
def lead() -> Client:
    clock_at()
    return client_with_role(Role.TEAM_LEAD)


def page_of(response: HttpResponse) -> str:
    assert response.status_code == 200
    return response.content.decode()


def names_in_order(page: str, *names: str) -> list[str]:
    return sorted((name for name in names if name in page), key=page.index)


def test_calls_stand_in_the_order_in_which_they_are_given_out(lead):
    with records():
        for name, changes in (
            ("Senere", {"due_at": NOW + timedelta(days=1), "priority": 0}),
            ("Frivillig", {"priority": 2, "deadline": date(2021, 4, 19)}),
            ("Pligt", {"deadline": date(2021, 4, 25)}),
            ("Haster", {"deadline": date(2021, 4, 20)}),
            ("Aftalt", {"priority": 0, "agreed_time": True}),
        ):
            owner = citizen(name)
            follow_up(owner)
            call_task(owner, **changes)
    found = names_in_order(page_of(lead.get(URL)), *["Senere", "Frivillig</a>", "Pligt</a>", "Haster", "Aftalt</a>"])
    assert found == ["Aftalt</a>", "Haster", "Pligt</a>", "Frivillig</a>", "Senere"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Arif", "Bodil", "Carl"}),
        ("?deadline=overdue", {"Bodil"}),
        ("?deadline=today", {"Carl"}),
        ("?language=tr", {"Arif"}),
        ("?state=claimed", {"Carl"}),
        ("?state=due", {"Bodil", "Carl"}),
        ("?caller=0", {"Arif", "Bodil"}),
        ("?caller=-7&deadline=nonsense", {"Arif", "Bodil", "Carl"}),
    ],
)
def test_filters(lead, query, shown):
    with records():
        for name, changes in (
            ("Arif", {"language": "tr", "due_at": NOW + timedelta(hours=2)}),
            ("Bodil", {"deadline": date(2021, 4, 19)}),
            ("Carl", {"deadline": date(2021, 4, 20)}),
        ):
            owner = citizen(f"{name} Holm")
            follow_up(owner)
            task = call_task(owner, **changes)
            if name == "Carl":
                claimed(task, user_with_role(Role.CASEWORKER, username="carl"))
    page = page_of(lead.get(URL + query))
    assert {name for name in ("Arif", "Bodil", "Carl") if f"{name} Holm" in page} == shown


def test_fifty_to_a_page_in_a_constant_number_of_queries(lead):
    with records():
        for number in range(3):
            waiting_citizen(f"Aase {number}", language="tr")
    few = queries_of(lambda: lead.get(URL))
    with records():
        for number in range(50):
            waiting_citizen(f"Bodil {number}", language="tr")
    many = queries_of(lambda: lead.get(URL))
    assert few == many
    page = page_of(lead.get(URL))
    assert "1–50 af 53" in page
    assert "51–53 af 53" in page_of(lead.get(f"{URL}?page=2"))


def test_each_citizen_shown_is_logged_and_masked(lead):
    with records():
        task = waiting_citizen(cpr="7101391234")
    page = page_of(lead.get(URL))
    assert "710139-••••" in page
    assert "7101391234" not in page
    assert [event.subject_id for event in logged(Action.LOOK)] == [str(task.citizen_id)]


def test_a_call_is_given_to_a_colleague_and_back_to_all(lead):
    with records():
        task = waiting_citizen()
    colleague = user_with_role(Role.CASEWORKER, username="jonas")
    lead.post(f"{URL}{task.pk}/tildel/", {"to_user": colleague.pk})
    with records():
        task.refresh_from_db()
        assert task.assigned_to_id == colleague.pk
    assert "Tildelt Mette" in page_of(lead.get(URL))
    lead.post(f"{URL}{task.pk}/tildel/", {"to_user": ""})
    with records():
        task.refresh_from_db()
        assert task.assigned_to_id is None


def test_a_call_cannot_be_given_to_somebody_who_makes_none(lead):
    with records():
        task = waiting_citizen()
    stranger = user_with_role(Role.CASEWORKER, HOEJE_TAASTRUP, username="stranger")
    page = page_of(lead.post(f"{URL}{task.pk}/tildel/", {"to_user": stranger.pk}, follow=True))
    assert "Vælg en medarbejder, der ringer op i jeres kommune." in page


def test_a_colleagues_claim_is_taken_back(lead):
    with records():
        task = claimed(waiting_citizen(), user_with_role(Role.CASEWORKER, username="jonas"))
    assert "Mette taler nu, til kl. 11.50" in page_of(lead.get(URL))
    lead.post(f"{URL}{task.pk}/slip/")
    with records():
        task.refresh_from_db()
        assert task.state == "open"


def test_the_days_calls_by_caller(lead):
    with records():
        owner = citizen()
        for at, spoke_with in ((NOW, "citizen"), (NOW, "nobody"), (NOW - timedelta(days=1), "citizen")):
            ContactAttempt.objects.create(
                municipality_id=183, citizen=owner, kind="call", at=at, by_name="Jonas Berg", spoke_with=spoke_with
            )
    row = page_of(lead.get(URL)).split("Jonas Berg</td>")[1].split("</tr>")[0]
    assert [part.split("<")[0] for part in row.split('class="number">')[1:]] == ["2", "1"]


def test_an_empty_queue_says_what_fills_it(lead):
    assert "Køen er tom" in page_of(lead.get(URL))
    assert "Ingen opkald passer" in page_of(lead.get(f"{URL}?deadline=today"))


def test_a_caseworker_does_not_lead_the_queue():
    clock_at()
    with records():
        task = waiting_citizen()
    client = client_with_role(Role.CASEWORKER)
    assert client.get(URL).status_code == 403
    assert client.post(f"{URL}{task.pk}/slip/").status_code == 403


def test_another_municipalitys_call_does_not_exist(lead):
    with records(HOEJE_TAASTRUP):
        foreign = waiting_citizen("Fremmed", code=HOEJE_TAASTRUP)
    assert "Fremmed" not in page_of(lead.get(URL))
    assert lead.post(f"{URL}{foreign.pk}/slip/").status_code == 404
    assert lead.post(f"{URL}{foreign.pk}/tildel/").status_code == 404
