"""What an answer added to a request that stood already, and how an undone answer takes it away again (K5, K14)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from registry.models import Citizen

from ...booking_rules import RUNNING
from ...models import BookingRequest, BookingState, ChainEvent, LinkState
from .chain_building import note_event
from .ending import desk_at_work
from .routes import name_programmes
from .states import locked_request, note_change

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


def and_left(stood: Iterable[dict[str, Any]], citizen: Citizen) -> list[dict[str, Any]]:
    """What stood, each with what the answer has made of it by now."""
    now_stands = {row["id"]: row for row in standing(citizen)}
    return [row | {"left": now_stands.get(row["id"], row)} for row in stood]


def take_back_added(before: Iterable[Mapping[str, Any]], *, by: Actor, now: datetime) -> None:
    """Take the programmes, links and needs that the answer added off requests that still run; what somebody else has
    changed since stays. Raises UserError `booking_taken` when the desk is at work already.
    """
    for row in before:
        request, left = locked_request(row["id"]), row["left"]
        if request.state not in RUNNING:
            continue
        _take_off_programmes(request, set(left["programmes"]) - set(row["programmes"]), by=by, now=now)
        for name in NEEDS:
            if getattr(request, name) == left[name]:
                setattr(request, name, row[name])
        request.save(update_fields=list(NEEDS))
        for link in request.links.select_for_update().filter(
            pk__in=set(left["links"]) - set(row["links"]), state=LinkState.NEEDED
        ):
            link.state, link.updated_at = LinkState.CANCELLED, now
            link.save(update_fields=["state", "updated_at"])
            note_event(request.chain, ChainEvent.CANCELLED, by=by, now=now, link_kind=link.kind)


def _take_off_programmes(request: BookingRequest, added: Collection[int], *, by: Actor, now: datetime) -> None:
    gone = request.programmes.filter(programme__in=added).select_related("programme")
    names = ", ".join(each.programme.name for each in gone)
    if not names:
        return
    if request.state not in (BookingState.SENT, BookingState.HELD):
        raise desk_at_work()
    gone.delete()
    name_programmes(request)
    note_change(request, request.state, by=by, now=now, reason=_("Gælder ikke længere %(names)s") % {"names": names})
