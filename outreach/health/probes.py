"""Asks each part of the installation whether it works. Answers carry no addresses and no error texts."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from django.utils import timezone

from outreach.celery import QUEUES
from outreach.clock.services import now as clock_now
from outreach.messaging.line import alarms
from outreach.messaging.models import GatewayEvent
from outreach.messaging.refused_senders import refused_senders
from outreach.schedule.models import Heartbeat
from outreach.schedule.services import BEAT

BEAT_LIMIT = timedelta(minutes=5)  # F26
CALLBACK_LIMIT, CALLBACK_WINDOW = timedelta(minutes=5), timedelta(days=1)
ORPHAN_LIMIT = 100  # SW06: a few are another installation's leftovers; many mean a wrong address at the gateway
DISK_LIMIT = 0.8  # F38: share of the disk in use


@dataclass(frozen=True)
class Probe:
    """One answer: does the part work, and a few numbers about it."""

    works: bool
    detail: dict[str, int | float | str | None]


def database() -> Probe:
    """The database answers and every migration is applied."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return Probe(False, {"migrations_missing": None})
    return Probe(not missing, {"migrations_missing": len(missing)})


def broker() -> Probe:
    """The broker answers; how many wake-up calls wait in each queue."""
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2) as client:
            return Probe(True, {queue: int(client.llen(queue)) for queue in QUEUES})
    except redis.RedisError:
        return Probe(False, dict.fromkeys(QUEUES))


def beat(now: datetime) -> Probe:
    """Beat, broker and a worker together wrote a heartbeat within five minutes of `now` (real time)."""
    try:
        seen = Heartbeat.objects.filter(name=BEAT).values_list("seen_at", flat=True).first()
    except DatabaseError:
        seen = None
    if seen is None:
        return Probe(False, {"seconds_ago": None})
    return Probe(now - seen <= BEAT_LIMIT, {"seconds_ago": int((now - seen).total_seconds())})


def disk() -> Probe:
    """The disk of the uploads is less than 80 % full."""
    folder = next(path for path in [settings.UPLOAD_ROOT, *settings.UPLOAD_ROOT.parents] if path.exists())
    usage = shutil.disk_usage(folder)
    share = (usage.total - usage.free) / usage.total
    return Probe(share < DISK_LIMIT, {"used_share": round(share, 3)})


def messages() -> Probe:
    """No line to an SMS gateway is closed and no municipality's sender refused (F16, F17); for how many seconds."""
    try:
        closed = {row.gateway: row.since for row in alarms()}
        refused = {f"sender_{row.municipality_code:04d}": row.since for row in refused_senders()}
    except DatabaseError:
        return Probe(False, {})
    silent = closed | refused
    return Probe(not silent, {name: int((timezone.now() - since).total_seconds()) for name, since in silent.items()})


def callbacks() -> Probe:
    """Receipts and replies are worked on within five minutes, by the database's clock, and few belong to nobody.

    Counted: those that wait, and of the last day those that belong to no message, to no municipality, or failed.
    """
    try:
        now = clock_now()
        late = GatewayEvent.objects.filter(processed_at=None, received_at__lt=now - CALLBACK_LIMIT).count()
        lately = GatewayEvent.objects.filter(received_at__gt=now - CALLBACK_WINDOW)
        counted = lately.exclude(result="").values("result").annotate(how_many=Count("pk"))
        results: dict[str, int] = {row["result"]: row["how_many"] for row in counted}
    except DatabaseError:
        return Probe(False, {"waiting": None})
    strays = {name: results.get(name, 0) for name in ("orphan", "unrouted", "failed")}
    works = not late and not strays["failed"] and strays["orphan"] < ORPHAN_LIMIT
    return Probe(works, {"waiting": late, **strays})
