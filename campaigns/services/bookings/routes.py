"""What lies at the region's desk: one row per request, without personal data (K11, reliability: region desks)."""

from __future__ import annotations

from datetime import datetime

from popup_sites.selectors.places import region_of

from ...booking_rules import answer_expected
from ...models import BookingRequest, BookingRoute, RouteEnd, RouteTask
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


def keeps_time(request: BookingRequest, now: datetime) -> bool:
    """Whether the region keeps a time ahead in its own system that it must be asked to cancel: the one that stands, or
    one that another was asked for instead of.

    A time at one of the sessions here needs no desk: its place is free as soon as it is let go.
    """
    return request.kept_at is not None and request.kept_at > now


def end_at_desk(request: BookingRequest, now: datetime, *, because: str = "") -> None:
    """No time is to be found any more, `because` (a RouteEnd); one the region keeps it is asked to cancel."""
    if not keeps_time(request, now):
        take_from_desk(request, now, because=because)
        return
    # That nothing is released yet is why none is found, not why one is cancelled.
    why = because if because == RouteEnd.NOT_FOLLOWED else ""
    begun = BookingRoute.objects.filter(request=request, closed_at=None, task=RouteTask.CANCEL)
    if not begun.update(ended_because=why):
        lay_at_desk(request, RouteTask.CANCEL, now, because=why)


def take_from_desk(
    request: BookingRequest, now: datetime, *, answered_by_id: int | None = None, because: str = ""
) -> None:
    """Close the route; whoever answered may look again for a short while. `because`: it fell away (a RouteEnd)."""
    BookingRoute.objects.filter(request=request, closed_at=None).update(
        closed_at=now, claimed_by=None, claimed_until=None, answered_by_id=answered_by_id, ended_because=because
    )
