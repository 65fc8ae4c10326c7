"""The team lead's call queue: order, filters, giving calls to others, the day's work (K4)."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from campaigns.models import CallTask, ContactAttempt
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


def rows_of(response: HttpResponse) -> str:
    """The list of waiting calls, without the day above it."""
    return page_of(response).partition('class="rows-form"')[2]


def hand_on(client: Client, act: str, *tasks: CallTask, follow: bool = False, **values: object) -> HttpResponse:
    return client.post(f"{URL}flyt/", {"act": act, "task": [task.pk for task in tasks], **values}, follow=follow)


def standing(task: CallTask) -> tuple[str, int | None]:
    with records():
        task.refresh_from_db()
        return task.state, task.assigned_to_id


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
    found = names_in_order(rows_of(lead.get(URL)), *["Senere", "Frivillig</a>", "Pligt</a>", "Haster", "Aftalt</a>"])
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
        ("?deadline=tomorrow", {"Arif"}),
        ("?priority=mandatory&state=later", {"Arif"}),
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
    page = rows_of(lead.get(URL + query))
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
    hand_on(lead, "assign", task, to_user=colleague.pk)
    assert standing(task) == ("open", colleague.pk)
    assert "Tildelt Mette" in page_of(lead.get(URL))
    hand_on(lead, "assign", task, to_user="")
    assert standing(task) == ("open", None)


def test_several_calls_are_taken_over_and_put_back_from_the_bar(lead):
    with records():
        tasks = [waiting_citizen(name) for name in ("Ane Holm", "Ib Holm")]
    answer = hand_on(lead, "take_over", *tasks, deadline="tomorrow", page="1", strange="x")
    assert answer.url == f"{URL}?deadline=tomorrow&page=1"
    page = page_of(lead.get(URL))
    assert "Du har taget 2 opkald over." in page
    assert all(standing(task)[1] is not None for task in tasks)
    undo = page.split('class="undo-bar"')[1].split('action="')[1].split('"')[0]
    assert "2 opkald er som før." in page_of(lead.post(undo, follow=True))
    assert [standing(task) for task in tasks] == [("open", None)] * 2
    assert 'class="undo-bar"' not in page_of(lead.get(URL))


def test_nothing_ticked_is_said(lead):
    assert "Sæt flueben ved de opkald, det gælder." in page_of(hand_on(lead, "release", follow=True))


def test_a_call_cannot_be_given_to_somebody_who_makes_none(lead):
    with records():
        task = waiting_citizen()
    stranger = user_with_role(Role.CASEWORKER, HOEJE_TAASTRUP, username="stranger")
    page = page_of(hand_on(lead, "assign", task, to_user=stranger.pk, follow=True))
    assert "Vælg en medarbejder, der ringer op i jeres kommune." in page


def test_a_colleagues_claim_is_taken_back(lead):
    with records():
        task = claimed(waiting_citizen(), user_with_role(Role.CASEWORKER, username="jonas"))
    assert "Mette taler nu, til kl. 11.50" in page_of(lead.get(URL))
    hand_on(lead, "release", task)
    assert standing(task) == ("open", None)


def test_the_days_calls_by_caller(lead):
    with records():
        owner = citizen()
        for at, spoke_with in ((NOW, "citizen"), (NOW, "nobody"), (NOW - timedelta(days=1), "citizen")):
            ContactAttempt.objects.create(
                municipality_id=183, citizen=owner, kind="call", at=at, by_name="Jonas Berg", spoke_with=spoke_with,
                minutes=4,
            )  # fmt: skip
    row = page_of(lead.get(URL)).split("Jonas Berg</td>")[1].split("</tr>")[0]
    assert "seneste opkald kl. 11.20" in row
    assert [part.split(">")[1].split("<")[0] for part in row.split('class="number"')[1:]] == ["2", "1", "8"]


def test_who_is_on_the_line_is_shown_and_the_look_is_logged(lead):
    with records():
        task = claimed(waiting_citizen("Ane Holm"), user_with_role(Role.CASEWORKER, username="jonas"))
        task.claimed_at = NOW - timedelta(minutes=7)
        task.save()
    page = page_of(lead.get(f"{URL}?deadline=overdue"))
    assert "Ane Holm</a>" in page
    assert "siden kl. 11.13" in page
    assert [event.subject_id for event in logged(Action.LOOK)] == [str(task.citizen_id)]


def test_the_pace_of_the_last_hour_says_when_the_day_is_done(lead):
    with records():
        for number in range(6):
            owner = citizen(f"Bo {number}")
            follow_up(owner)
            call_task(owner, deadline=date(2021, 4, 20))
        for minutes in (50, 40, 30, 20, 10, 70):
            ContactAttempt.objects.create(
                municipality_id=183, citizen=owner, kind="call", at=NOW - timedelta(minutes=minutes), by_name="Jonas"
            )
    page = page_of(lead.get(URL))
    # Five calls in the last hour: six more take an hour and twelve minutes, from 11.20 on.
    assert "6 opkald skal være ringet i dag" in page
    assert "5 opkald i timen – er de ringet op kl. 12.32." in page


def test_each_group_leads_to_its_rows(lead):
    with records():
        for name, changes in (
            ("Arif", {"language": "tr", "deadline": None, "priority": 2}),
            ("Bodil", {"deadline": date(2021, 4, 19)}),
            ("Carl", {"deadline": date(2021, 4, 30), "agreed_time": True, "priority": 0}),
            ("Dorte", {"deadline": date(2021, 4, 21), "tried_part": 1}),
        ):
            owner = citizen(f"{name} Holm")
            follow_up(owner)
            call_task(owner, **changes)
    groups = page_of(lead.get(URL)).split('class="queue-groups"')[1].split("</div>")[0]
    lines = re.findall(r'<a href="(\?[^"]+)"[^>]*>[^<]+</a> <span class="figures">(\d+)</span>', groups)
    assert len(lines) >= 9
    for address, count in lines:
        page = rows_of(lead.get(URL + address.replace("&amp;", "&")))
        shown = sum(f">{name} Holm</a>" in page for name in ("Arif", "Bodil", "Carl", "Dorte"))
        assert shown == int(count), address


def test_an_empty_queue_says_what_fills_it(lead):
    assert "Køen er tom" in page_of(lead.get(URL))
    assert "Ingen opkald passer" in page_of(lead.get(f"{URL}?deadline=today"))


def test_a_caseworker_does_not_lead_the_queue():
    clock_at()
    with records():
        task = waiting_citizen()
    client = client_with_role(Role.CASEWORKER)
    assert client.get(URL).status_code == 403
    assert hand_on(client, "release", task).status_code == 403


def test_another_municipalitys_call_does_not_exist(lead):
    with records(HOEJE_TAASTRUP):
        foreign = waiting_citizen("Fremmed", code=HOEJE_TAASTRUP)
    assert "Fremmed" not in page_of(lead.get(URL))
    hand_on(lead, "take_over", foreign)
    with records(HOEJE_TAASTRUP):
        foreign.refresh_from_db()
        assert foreign.assigned_to_id is None
    assert lead.post(f"{URL}fortryd/{uuid4()}/").status_code == 404
