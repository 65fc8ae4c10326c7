"""When a citizen's case has been over for a period: nothing is open, and nothing was closed since."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from registry.models import FollowUp, FollowUpStatus


def case_over(before: datetime) -> Q:
    """For rows with a `citizen`: those of citizens whose last follow-up was closed at `before` or earlier."""
    return ~Q(citizen__in=under_way_since(before))


def under_way_since(before: datetime) -> QuerySet[FollowUp, int]:
    """The citizens with an open follow-up, or with one closed after `before`."""
    recent = FollowUp.objects.filter(Q(status=FollowUpStatus.OPEN) | Q(closed_at__gt=before))
    return recent.order_by().values_list("citizen_id", flat=True)
