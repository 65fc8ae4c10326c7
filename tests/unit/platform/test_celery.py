import os

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from outreach.celery import INTERVALS, PERIODIC, QUEUES, ROUTES, VISIBILITY_TIMEOUT, OutreachTask, app, broker_address
from outreach.schedule.tasks import heartbeat


def test_each_test_process_speaks_to_a_broker_of_its_own():
    assert app.conf.broker_url == broker_address(os.environ["REDIS_URL"])


def test_broker_address_of_a_socket():
    assert broker_address("unix:///run/v.sock?db=3") == "redis+socket:///run/v.sock?virtual_host=3"


def test_broker_address_of_a_host_is_kept():
    assert broker_address("rediss://valkey:6379/0") == "rediss://valkey:6379/0"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError("down"), ConnectionRefusedError("down")])
def test_delay_on_commit_broker_down_does_not_fail_the_caller(monkeypatch, caplog, error):
    def refuse(self: OutreachTask, *args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr(OutreachTask, "apply_async", refuse)
    with transaction.atomic():
        heartbeat.delay_on_commit()  # F21
    assert "broker_unavailable" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_delay_on_commit_rollback_enqueues_nothing(monkeypatch):
    sent: list[object] = []
    monkeypatch.setattr(OutreachTask, "apply_async", lambda self, *args, **kwargs: sent.append(self))
    with transaction.atomic():
        heartbeat.delay_on_commit()
        transaction.set_rollback(True)
    assert sent == []


@pytest.mark.django_db  # loading every task runs the checks
def test_every_task_is_ours_and_ends_before_it_would_be_handed_out_again():
    app.loader.import_default_modules()
    for name, task in app.tasks.items():
        if not name.startswith(("celery.", "django_structlog.")):
            assert isinstance(task, OutreachTask), name
            assert task.acks_late, name
            assert (task.time_limit or app.conf.task_time_limit) < VISIBILITY_TIMEOUT, name
            assert ROUTES.get(name, {"queue": PERIODIC})["queue"] in QUEUES, name


@pytest.mark.django_db
def test_every_scheduled_task_exists():
    app.loader.import_default_modules()
    assert set(INTERVALS) <= set(app.tasks)
