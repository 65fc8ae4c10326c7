"""When a citizen's case has been over for a period: nothing is open, and nothing was closed since."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from registry.models import FollowUp, FollowUpStatus


def case_over(before: datetime, citizen: str = "citizen_id") -> Q:
    """Citizens whose last follow-up was closed at `before` or earlier, or who never had one; a condition for rows that
    say who in the field `citizen`. An anti-join: "not in" would compare every row with a million open cases."""
    under_way = FollowUp.objects.filter(Q(status=FollowUpStatus.OPEN) | Q(closed_at__gt=before))
    return Q(~Exists(under_way.filter(citizen=OuterRef(citizen))))
