"""L2: an order is drafted with the area's uptake, approved for a purpose and a time, and holds for nothing else."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.models import ListOrder, ListOrderState, Municipality, Programme
from registry.services.list_orders import (
    Approval,
    approve_list_order,
    draft_list_order,
    end_list_order,
    send_list_order,
)
from registry.services.lists import approve
from reports.services.uptake_import import import_uptake
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.geography import HOEJE_TAASTRUP
from tests.factories.registry import NOON, csv_file, reviewed_list, row

pytestmark = pytest.mark.django_db
S = ListOrderState
APPROVAL = Approval("SST-77", date(2021, 3, 1), date(2021, 3, 30))


def draft(admin: Actor) -> ListOrder:
    return draft_list_order(
        by=admin,
        municipality=Municipality.objects.get(pk=admin.municipality_code),
        programme=Programme.objects.get(code="covid-19"),
        purpose="Opringning i Vejleåparken",
        area="Vejleåparken",
        groups=["7"],
        uptake={},
        now=NOON,
    )


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def test_a_draft_is_sent_approved_and_used(admin: Actor) -> None:
    with data_context(admin):
        order = draft(admin)
        assert (order.state, order.reference, order.holds_on(date(2021, 3, 10))) == (S.DRAFT, "", False)
        order = send_list_order(by=admin, order=order, sent_on=date(2021, 2, 25), now=NOON)
        order = approve_list_order(by=admin, order=order, approval=APPROVAL, now=NOON)
        # The first and the last day count.
        days = [date(2021, 2, 28), date(2021, 3, 1), date(2021, 3, 30), date(2021, 3, 31)]
        assert [order.holds_on(day) for day in days] == [False, True, True, False]
    reviewed = reviewed_list(admin, csv_file([row(1)]), order=order)
    assert reviewed.gates == []


@pytest.mark.parametrize("state", [S.DRAFT, S.SENT, S.REFUSED, S.CANCELLED])
def test_no_list_is_committed_under_an_order_that_is_not_approved(admin: Actor, state: ListOrderState) -> None:
    with data_context(admin):
        order = draft(admin)
        if state != S.DRAFT:
            order = send_list_order(by=admin, order=order, sent_on=date(2021, 2, 25), now=NOON)
        if state in (S.REFUSED, S.CANCELLED):
            order = end_list_order(by=admin, order=order, to=state, because="Formålet er for bredt", now=NOON)
    reviewed = reviewed_list(admin, csv_file([row(1)]), order=order)
    with data_context(admin):
        left = approve(by=admin, nonresponder_list=reviewed, now=NOON)
    assert (left.state, [gate["code"] for gate in left.gates]) == ("reviewed", ["order_not_approved"])


def test_an_order_cancelled_after_the_review_holds_the_list_back(admin: Actor) -> None:
    with data_context(admin):
        order = approve_list_order(by=admin, order=draft(admin), approval=APPROVAL, now=NOON)
    reviewed = reviewed_list(admin, csv_file([row(1)]), order=order)
    with data_context(admin):
        end_list_order(by=admin, order=order, to=S.CANCELLED, because="Indsatsen er aflyst", now=NOON)
        left = approve(by=admin, nonresponder_list=reviewed, now=NOON)
    assert (left.state, [gate["code"] for gate in left.gates]) == ("reviewed", ["order_not_approved"])


def test_what_is_refused(admin: Actor) -> None:
    with data_context(admin):
        order = draft(admin)
        with pytest.raises(UserError) as refusal:
            approve_list_order(
                by=admin, order=order, approval=Approval("SST-1", date(2021, 3, 2), date(2021, 3, 1)), now=NOON
            )
        assert refusal.value.code == "order_dates"
        with pytest.raises(UserError) as refusal:
            end_list_order(by=admin, order=order, to=S.REFUSED, because="Nej", now=NOON)
        assert refusal.value.code == "wrong_state"
        approve_list_order(by=admin, order=order, approval=APPROVAL, now=NOON)
        with pytest.raises(UserError) as refusal:
            approve_list_order(by=admin, order=draft(admin), approval=APPROVAL, now=NOON)
        assert refusal.value.code == "order_exists"
        with pytest.raises(UserError) as refusal:
            send_list_order(by=admin, order=order, sent_on=date(2021, 3, 2), now=NOON)
        assert refusal.value.code == "wrong_state"


UPTAKE = (
    "Sognekode;Sogn;Kommunekode;Inviterede;Påbegyndt;Færdigvaccineret\r\n"
    "7151;Ishøj;0183;1000;600;500\r\n"
    "7150;Torslunde;0183;200;190;180\r\n"
)


@pytest.fixture
def uptake(admin: Actor, tmp_path: Path) -> None:
    path = tmp_path / "sogne.csv"
    path.write_text(UPTAKE, encoding="utf-8-sig")
    with data_context(admin):
        import_uptake(
            by=admin,
            path=path,
            display_name="sogne.csv",
            as_of=date(2021, 3, 28),
            programme=Programme.objects.get(code="covid-19"),
            municipality=Municipality.objects.get(pk=183),
            now=NOON,
        )


def test_the_page_drafts_with_the_figures_of_the_chosen_parishes(client_of_admin: Client, uptake: None) -> None:
    page = client_of_admin.get(reverse("reports:list_order_draft")).content.decode()
    assert page.index("Ishøj") < page.index("Torslunde")
    answer = client_of_admin.post(
        reverse("reports:list_order_draft"),
        {"places": ["7151"], "area": "", "groups": "1-2", "purpose": "Opringning i april"},
    )
    order = ListOrder.objects.get()
    assert answer.headers["Location"] == reverse("registry:list_order_detail", args=[order.pk])
    assert (order.state, order.area, order.groups) == ("draft", "Ishøj", ["1", "2"])
    (kept,) = order.uptake["rows"]
    assert (kept["code"], kept["invited"], kept["complete_share"]) == ("7151", 1000, 50.0)
    detail = client_of_admin.get(answer.headers["Location"]).content.decode()
    assert "Opringning i april" in detail
    assert "50,0\N{NO-BREAK SPACE}%" in detail
    assert "28.03.2021" in detail


def test_the_page_walks_an_order_to_its_approval(client_of_admin: Client, admin: Actor) -> None:
    with data_context(admin):
        order = draft(admin)
    client_of_admin.post(reverse("registry:list_order_send", args=[order.pk]))
    bad = client_of_admin.post(
        reverse("registry:list_order_approve", args=[order.pk]),
        {"reference": "SST-9", "approved_on": "02.03.2021", "expires_on": "01.03.2021"},
    )
    assert bad.status_code == 422
    assert "udløber, før den er godkendt" in bad.content.decode()
    client_of_admin.post(
        reverse("registry:list_order_approve", args=[order.pk]),
        {"reference": "SST-9", "approved_on": "02.03.2021", "expires_on": "01.05.2021"},
    )
    order.refresh_from_db()
    assert (order.state, order.reference) == ("approved", "SST-9")
    client_of_admin.post(reverse("registry:list_order_end", args=[order.pk]), {"to": "cancelled", "because": "Aflyst"})
    order.refresh_from_db()
    assert (order.state, order.ended_because) == ("cancelled", "Aflyst")


def test_another_municipality_s_order_is_not_found(client_of_admin: Client) -> None:
    other = actor_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP, username="listeadmin-2")
    with data_context(other):
        order = draft(other)
    for name in ("list_order_detail", "list_order_send", "list_order_approve", "list_order_end"):
        address = reverse(f"registry:{name}", args=[order.pk])
        answer = client_of_admin.get(address) if name == "list_order_detail" else client_of_admin.post(address)
        assert answer.status_code == 404
    order.refresh_from_db()
    assert order.state == S.DRAFT


@pytest.fixture
def client_of_admin(db: None) -> Client:
    return client_with_role(Role.LIST_ADMIN, username="listeadmin-klient")
