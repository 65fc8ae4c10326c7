"""A key for other systems is no second person, opens no page, and reaches no other municipality's order (A13, A41)."""

import json

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from outreach.access.actor import Actor, actor_from_membership
from outreach.access.api_keys import create_key
from outreach.access.data_context import data_context
from outreach.access.models import User
from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from registry.imports.lists import advance
from registry.models import ListOrder, NonresponderList, Programme
from tests.factories.cast import actor_with_role, client_with_role, user_with_role
from tests.factories.geography import HOEJE_TAASTRUP
from tests.factories.list_pages import HEADER, NOW, committed, list_file
from tests.factories.registry import row

pytestmark = pytest.mark.django_db
STATED = {"programme": "covid-19", "as_of": "2021-04-20", "waiting_days": "22", "groups": "1-7"}


@pytest.fixture(autouse=True)
def clock() -> None:
    set_demo_clock(NOW)
    cache.clear()


def hand_in(secret: str, rows: int, **stated: str) -> HttpResponse:
    lines = [";".join(row(serial)) for serial in range(1, rows + 1)]
    fields = {"file": list_file(lines, header=HEADER), **STATED, **stated}
    return Client().post("/api/lister/", fields, HTTP_AUTHORIZATION=f"Bearer {secret}")  # type: ignore[return-value]


def key_of(by: Actor) -> str:
    with data_context(by):
        return create_key(by=by, label="Mit eget", days=30, now=NOW).secret


def maker() -> tuple[Client, User, str]:
    """A list administrator with a browser, and a key they made themselves."""
    user = user_with_role(Role.LIST_ADMIN, username="maker")
    browser = Client()
    browser.force_login(user)
    return browser, user, key_of(actor_from_membership(user.memberships.get()))


def test_whoever_made_the_key_may_not_override_what_came_by_it() -> None:
    browser, _user, secret = maker()
    committed(browser, [";".join(row(serial)) for serial in range(1, 31)], as_of="13.04.2021")
    listed = json.loads(hand_in(secret, 2).content)["list_id"]
    found = advance(listed, now=NOW)
    assert [gate["code"] for gate in found.gates] == ["fewer_rows"]
    given = {"override": "fewer_rows", "reason": "Det er rigtigt"}
    browser.post(f"/lister/{listed}/godkend/", given)
    found.refresh_from_db()
    assert found.state == "reviewed"
    assert "Du har selv indlæst filen" in browser.get(f"/lister/{listed}/").content.decode()
    client_with_role(Role.TEAM_LEAD, username="second").post(f"/lister/{listed}/godkend/", given)
    found.refresh_from_db()
    assert found.state == "committed"


@pytest.mark.parametrize("path", ["/", "/lister/", "/borgere/indlaes/", "/soeg/", "/adgang/api-noegler/"])
def test_a_key_opens_no_page(path: str) -> None:
    _browser, _user, secret = maker()
    answer = Client().get(path, HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/log-ind/")


def test_a_key_cannot_use_another_municipalitys_order() -> None:
    other = actor_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP, username="other")
    ListOrder.objects.create(
        municipality_id=HOEJE_TAASTRUP,
        programme=Programme.objects.get(code="covid-19"),
        reference="SST-1",
        purpose="Indsats",
        approved_on=NOW.date(),
        expires_on=NOW.date().replace(month=12),
        created_at=NOW,
    )
    _browser, _user, secret = maker()
    answer = hand_in(secret, 2, order="SST-1")
    assert (answer.status_code, json.loads(answer.content)["error"]["code"]) == (422, "unknown_order")
    assert hand_in(key_of(other), 2, order="SST-1").status_code == 201
    assert NonresponderList.objects.get().municipality_id == HOEJE_TAASTRUP


@pytest.mark.parametrize("text", ["\0", "x\0y", "9" * 5000, "-1", "²", "١٢"])
@pytest.mark.parametrize("name", ["programme", "as_of", "waiting_days", "groups", "order", "sender"])
def test_no_text_in_a_call_is_a_fault_of_ours(name: str, text: str) -> None:
    _browser, _user, secret = maker()
    answer = hand_in(secret, 2, **{name: text})
    assert answer.status_code in (201, 422)
