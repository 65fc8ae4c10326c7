"""The heartbeat of beat: runs each minute through broker and worker, so a red one means any of the three."""

from django.utils import timezone

from outreach.celery import app
from outreach.schedule.services import BEAT, forget_old_runs, record_heartbeat


@app.task(name="schedule.heartbeat")
def heartbeat() -> None:
    """Record that beat, broker and worker live. Real time on purpose: the demo's clock stands still."""
    now = timezone.now()
    record_heartbeat(BEAT, now)
    forget_old_runs(now)
