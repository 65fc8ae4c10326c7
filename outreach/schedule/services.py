"""Claim a slot of a periodic job; tell that beat lives."""

from datetime import UTC, datetime, timedelta

from outreach.schedule.models import Heartbeat, PeriodicRun

KEPT = timedelta(days=7)
BEAT = "beat"


def slot_of(now: datetime, interval_seconds: int) -> datetime:
    """Return the start of the interval `now` lies in, counted from 1970 in UTC: no clock change moves it (F29)."""
    seconds = int(now.timestamp())
    return datetime.fromtimestamp(seconds - seconds % interval_seconds, tz=UTC)


def claim_slot(job: str, interval_seconds: int, now: datetime) -> bool:
    """Return True for the first caller of `job` in the slot around `now` (aware), False for all others."""
    return PeriodicRun.objects.get_or_create(
        job=job, slot=slot_of(now, interval_seconds), defaults={"claimed_at": now}
    )[1]


def record_heartbeat(name: str, now: datetime) -> None:
    """Write that `name` lives at `now`; a time that goes backwards is ignored."""
    row, created = Heartbeat.objects.get_or_create(name=name, defaults={"seen_at": now})
    if not created:
        Heartbeat.objects.filter(name=row.name, seen_at__lt=now).update(seen_at=now)


def forget_old_runs(now: datetime) -> int:
    """Delete slots older than a week; return how many."""
    return PeriodicRun.objects.filter(slot__lt=now - KEPT).delete()[0]
