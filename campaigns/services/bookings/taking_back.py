"""What an answer added to a request that stood already, and how an undone answer takes it away again (K5, K14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from outreach.access.actor import Actor
from registry.models import Citizen

from ...booking_rules import RUNNING
from ...models import BookingRequest, ChainEvent, LinkState
from .chain_building import note_event
from .states import locked_request

NEEDS = ("needs_ride", "needs_escort", "mobility")


def standing(citizen: Citizen) -> list[dict[str, Any]]:
    """The citizen's running requests: programmes, links and needs, JSON-ready. Notes are no part of it."""
    return [
        {
            "id": request.pk,
            "programmes": [each.programme_id for each in request.programmes.all()],
            "links": [each.pk for each in request.links.all()],
            **{name: getattr(request, name) for name in NEEDS},
        }
        for request in BookingRequest.objects.filter(citizen=citizen, state__in=list(RUNNING)).order_by("id")
    ]


def take_back_added(before: Iterable[Mapping[str, Any]], *, by: Actor, now: datetime) -> None:
    """Put programmes, links and needs of requests that still run back to what `standing` saw."""
    for row in before:
        request = locked_request(row["id"])
        if request.state not in RUNNING:
            continue
        request.programmes.exclude(programme_id__in=row["programmes"]).delete()
        for name in NEEDS:
            setattr(request, name, row[name])
        request.save(update_fields=list(NEEDS))
        for link in request.links.select_for_update().exclude(pk__in=row["links"]).filter(state=LinkState.NEEDED):
            link.state, link.updated_at = LinkState.CANCELLED, now
            link.save(update_fields=["state", "updated_at"])
            note_event(request.chain, ChainEvent.CANCELLED, by=by, now=now, link_kind=link.kind)
