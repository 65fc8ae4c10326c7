from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from outreach.health import probes
from outreach.schedule.services import BEAT, record_heartbeat

pytestmark = pytest.mark.urls("outreach.health.urls")


def test_live_asks_no_database(client: Client):
    assert client.get("/live").content == b"ok"


@pytest.mark.django_db
def test_ready_with_database_and_migrations(client: Client):
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})


def test_ready_without_database(client: Client, monkeypatch: pytest.MonkeyPatch):
    def refuse(*args: object) -> None:
        raise OperationalError

    monkeypatch.setattr(probes, "MigrationExecutor", refuse)
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()) == (503, {"ready": False})


@pytest.mark.django_db
def test_status_heartbeat_older_than_five_minutes_is_red(client: Client):
    record_heartbeat(BEAT, timezone.now() - timedelta(minutes=6))  # F26
    answer = client.get("/status")
    assert answer.status_code == 503
    assert answer.json()["parts"]["beat"]["works"] is False


@pytest.mark.django_db
def test_status_shows_each_part(client: Client):
    record_heartbeat(BEAT, timezone.now())
    parts = client.get("/status").json()["parts"]
    assert parts["broker"] == {"works": True, "detail": {"import": 0, "sms": 0, "periodic": 0, "callbacks": 0}}
    assert parts["beat"]["works"] is True
    assert parts["database"]["detail"] == {"migrations_missing": 0}


@pytest.mark.django_db
def test_status_without_broker(client: Client, settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock?db=0"
    assert client.get("/status").json()["parts"]["broker"]["works"] is False
