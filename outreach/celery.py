"""The Celery application: queues, schedule and the base of every task.

PostgreSQL holds the truth; the broker holds wake-up calls. Lose them all and the sweepers of the schedule find
the work again.
"""

import os
from typing import Any

import structlog
from celery import Celery, Task
from celery.signals import worker_init
from django.db import transaction
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu import Queue
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "outreach.settings")

IMPORT, SMS, PERIODIC, CALLBACKS = "import", "sms", "periodic", "callbacks"
QUEUES = (IMPORT, SMS, PERIODIC, CALLBACKS)

# Seconds. A task that outlives the visibility time-out is started again while it runs (measured: three times).
VISIBILITY_TIMEOUT = 60 * 60
TIME_LIMIT = 30 * 60
SOFT_TIME_LIMIT = TIME_LIMIT - 60

# Task by name → seconds between runs. Tasks claim their slot, so that beat may run twice (F25).
INTERVALS = {
    "registry.sweep-imports": 60,
    "registry.end-selections": 3600,
    "registry.end-list-orders": 3600,
    "registry.collect-dropped-lists": 60,
    "registry.erase-raw-files": 3600,
    "campaigns.plan-contacts": 300,
    "campaigns.end-work-of-gone": 60,
    "campaigns.send-due-messages": 30,
    "campaigns.sweep-messages": 60,
    "campaigns.reconcile-messages": 300,
    "campaigns.sweep-waves": 60,
    "campaigns.sweep-bookings": 300,
    "campaigns.sweep-earlier-contacts": 60,
    "campaigns.sweep-letters": 60,
    "campaigns.process-gateway-events": 15,
    "campaigns.count-workload": 900,
    "campaigns.pick-quality-samples": 300,
    "reports.refresh-summaries": 300,
    "schedule.heartbeat": 60,
}

# Task by name → queue; all others run on the periodic one. Celery drops the queue given with a task in 6.0.
ROUTES = {
    "registry.import-list": {"queue": IMPORT},
    "registry.import-citizens": {"queue": IMPORT},
    "registry.split-national-file": {"queue": IMPORT},
    "campaigns.read-earlier-contacts": {"queue": IMPORT},
    "campaigns.make-letters": {"queue": IMPORT},
    "campaigns.send-due-messages": {"queue": SMS},
    "campaigns.sweep-messages": {"queue": SMS},
    "campaigns.reconcile-messages": {"queue": CALLBACKS},
    "campaigns.queue-wave": {"queue": SMS},
    "campaigns.process-gateway-events": {"queue": CALLBACKS},
}

log = structlog.get_logger(__name__)


class OutreachTask(Task):  # type: ignore[type-arg]  # not generic when it runs
    """A task that survives its worker: acknowledged after it ran, handed back when the worker is lost."""

    abstract = True

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        """Enqueue after the transaction commits. A broker that is down is logged, never raised.

        The row is committed then, and a sweeper picks it up (F21, F48); the caller's answer must not fail.
        """
        transaction.on_commit(lambda: self._enqueue(args, kwargs), robust=True)

    def _enqueue(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        try:
            self.apply_async(args, kwargs)
        except (OperationalError, OSError) as error:
            log.warning("broker_unavailable", task=self.name, error=type(error).__name__)


def broker_address(redis_url: str) -> str:
    """Return `redis_url` as Celery wants it: sockets have another scheme and parameter there."""
    if not redis_url.startswith("unix://"):
        return redis_url
    return redis_url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)


app = Celery("outreach", task_cls=OutreachTask, broker=broker_address(os.environ.get("REDIS_URL", "")))
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_queues=[Queue(name) for name in QUEUES],
    task_default_queue=PERIODIC,
    task_routes=ROUTES,
    task_create_missing_queues=False,  # a misspelt queue fails at once
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=TIME_LIMIT,
    task_soft_time_limit=SOFT_TIME_LIMIT,
    task_publish_retry=False,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=2,
    broker_transport_options={
        "visibility_timeout": VISIBILITY_TIMEOUT,
        # Look for work of killed workers every two seconds (measured: 9 s to redelivery, never with the defaults).
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
    },
    timezone="Europe/Copenhagen",
    beat_schedule={name: {"task": name, "schedule": seconds} for name, seconds in INTERVALS.items()},
)
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@worker_init.connect
def _check_database(**kwargs: Any) -> None:
    from outreach.embedded.checks import refuse_unsafe_start

    refuse_unsafe_start()
