"""What lies at the region's desk: one row per request, without personal data (K11, reliability: region desks)."""

from __future__ import annotations

from datetime import datetime

from popup_sites.selectors.places import region_of

from ...booking_rules import answer_expected
from ...models import BookingRequest, BookingRoute, RouteTask
from ...sending_window import COPENHAGEN


def lay_at_desk(request: BookingRequest, task: RouteTask, now: datetime, *, because: str = "") -> None:
    """Open the request's route for whoever at the desk comes next; `because` (a RouteEnd) says why, where it must."""
    BookingRoute.objects.update_or_create(
        request=request,
        defaults={
            "region": region_of(request.municipality, now.astimezone(COPENHAGEN).date()),
            "municipality_id": request.municipality_id,
            "task": task,
            "programme_names": _names(request),
            "opened_at": now,
            "answer_due": answer_expected(now),
            "claimed_by": None,
            "claimed_until": None,
            "closed_at": None,
            "answered_by": None,
            "ended_because": because,
        },
    )


def name_programmes(request: BookingRequest) -> None:
    """Let the desk's row say what the visit is for now."""
    BookingRoute.objects.filter(request=request).update(programme_names=_names(request))


def _names(request: BookingRequest) -> str:
    return ", ".join(each.programme.name for each in request.programmes.select_related("programme"))[:200]


def take_from_desk(
    request: BookingRequest, now: datetime, *, answered_by_id: int | None = None, because: str = ""
) -> None:
    """Close the route; whoever answered may look again for a short while. `because`: it fell away (a RouteEnd)."""
    BookingRoute.objects.filter(request=request, closed_at=None).update(
        closed_at=now, claimed_by=None, claimed_until=None, answered_by_id=answered_by_id, ended_because=because
    )
