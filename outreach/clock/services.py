"""Read and set the installation's clock. Rules never call this: they take the time as an argument."""

from datetime import datetime

from django.db import connection
from django.utils import timezone

from .models import StoredClock


def now() -> datetime:
    """The time of this installation: the database's `now()` (F28), or the demo's stored clock running on.

    Inside a transaction it stands still, as PostgreSQL's `now()` does.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT outreach_now()")
        moment: datetime = cursor.fetchone()[0]
        return moment


def demo_time() -> datetime | None:
    """The demo's time, or None in an installation with the real clock. Shown on every page as demo-tid."""
    return now() if StoredClock.objects.exists() else None


def set_demo_clock(shown_time: datetime) -> None:
    """Make the installation show `shown_time` (aware) from this moment on."""
    StoredClock.objects.update_or_create(id=1, defaults={"shown_time": shown_time, "resumed_at": timezone.now()})


def resume_demo_clock() -> None:
    """Let a kept demo go on from the time it was stored with, however long it was switched off."""
    StoredClock.objects.filter(id=1).update(resumed_at=timezone.now())
