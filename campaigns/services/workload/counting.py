"""Count a municipality's workload into sums without citizens, so that a manager may read them (K12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from outreach.access.actor import Actor
from registry.models import Municipality
from registry.services.scope import require_municipality

from ...models import WorkloadCount, WorkloadDay, WorkloadWaiting
from ...sending_window import COPENHAGEN, at_hour
from ..planning import sql

# Days before the last count are counted again: answers are undone and gateways report within minutes, letters are
# marked as sent within days. Older days stand, also when retention has erased what they counted (A5).
COUNTED_AGAIN = timedelta(days=7)
LONGEST_CALL_SECONDS = 30 * 60


@transaction.atomic
def count_workload(*, by: Actor, municipality: Municipality, now: datetime) -> int:
    """Count anew since a week before the last count, or everything; returns the number of sums written.

    No audit row: nothing here is about one citizen, and the sums are derived.
    """
    require_municipality(by, municipality.pk)
    # Two counts at once would insert the same rows: the second waits for the first.
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    last = WorkloadCount.objects.filter(pk=municipality.pk).first()
    since = datetime(1900, 1, 1, tzinfo=UTC)
    if last is not None:
        day = (min(last.counted_at, now) - COUNTED_AGAIN).astimezone(COPENHAGEN).date()
        since = at_hour(day, 0)
        WorkloadDay.objects.filter(municipality=municipality, day__gte=day).delete()
    WorkloadWaiting.objects.filter(municipality=municipality).delete()
    parameters: dict[str, Any] = {"municipality": municipality.pk, "since": since, "longest": LONGEST_CALL_SECONDS}
    with connection.cursor() as cursor:
        cursor.execute(sql("workload_days"), parameters)
        rows: int = cursor.rowcount
        cursor.execute(sql("workload_waiting"), parameters)
    WorkloadCount.objects.update_or_create(pk=municipality.pk, defaults={"counted_at": now})
    return rows
