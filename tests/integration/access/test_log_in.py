"""Log-in: throttled also without a broker, logged for the municipality's auditor, and nothing typed is kept."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent, Action
from tests.factories.cast import actor_with_role, client_with_role, user_with_role
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ
from tests.factories.world import job, world_in

pytestmark = pytest.mark.django_db
PASSWORD = "adgang-til-test-1"


def log_in(client: Client, username: str, password: str) -> int:
    return client.post(reverse("account_login"), {"login": username, "password": password}).status_code


@pytest.fixture
def broker_down(settings: object) -> None:
    """Nobody listens where the broker should be."""
    settings.REDIS_URL = "redis://127.0.0.1:9/0"  # type: ignore[attr-defined]


def test_log_in_works_without_the_broker(broker_down: None) -> None:
    user_with_role(Role.CASEWORKER, username="mette")
    client = Client()
    assert log_in(client, "mette", PASSWORD) == 302
    assert client.get("/").status_code == 200


def test_guessing_is_throttled_without_the_broker(broker_down: None) -> None:
    user_with_role(Role.CASEWORKER, username="mette")
    client = Client()
    for _ in range(20):
        log_in(client, "mette", "gaet-mig-nu-igen")
    assert log_in(client, "mette", PASSWORD) != 302


def test_the_auditor_sees_who_logged_in_and_who_failed() -> None:
    user_with_role(Role.CASEWORKER, username="mette")
    log_in(Client(), "mette", "forkert-adgang-9")
    log_in(Client(), "mette", PASSWORD)
    with data_context(actor_with_role(Role.AUDITOR)):
        seen = list(
            AccessEvent.objects.filter(subject_kind="session").order_by("recorded_at").values_list("action", flat=True)
        )
    assert seen == [Action.LOG_IN_FAILED, Action.LOG_IN]
    with data_context(job(HOEJE_TAASTRUP)):
        assert not AccessEvent.objects.exists()


def test_a_name_that_is_nobodys_is_not_kept() -> None:
    log_in(Client(), "7110394002", PASSWORD)
    assert "7110394002" not in str(list(AccessEvent.objects.values()))


def test_only_a_local_address_follows_a_log_in() -> None:
    user_with_role(Role.CASEWORKER, username="mette")
    address = reverse("account_login") + "?next=https://example.com/"
    answer = Client().post(address, {"login": "mette", "password": PASSWORD, "next": "https://example.com/"})
    assert answer.headers["Location"].startswith("/")


def test_asking_for_anothers_citizen_leaves_a_row() -> None:
    foreign = world_in(HOEJE_TAASTRUP, timezone.now(), "7110394004")
    client = client_with_role(Role.CASEWORKER)
    assert client.get(reverse("campaigns:citizen", args=[foreign.citizen_id])).status_code == 404
    with data_context(job(ISHOEJ)):
        assert AccessEvent.objects.get(action=Action.DENIED).detail["permission"] == "not_found"
