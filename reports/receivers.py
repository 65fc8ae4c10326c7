"""Hears of committed lists, and has their municipality's summaries counted anew."""

from typing import Any

from django.dispatch import receiver

from registry.signals import list_committed
from reports.tasks import refresh_municipality


@receiver(list_committed, dispatch_uid="reports.refresh_municipality")
def refresh_after_commit(sender: object, municipality_id: int, **kwargs: Any) -> None:
    """The wake-up call goes out when the commit stands; the periodic refresh finds what it loses."""
    refresh_municipality.delay_on_commit(municipality_id)
