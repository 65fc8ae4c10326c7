"""Two records become one person: of what somebody can have only once, one is kept (C3, K4, K11, K14, S3, S9)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from registry.services.follow_up_merging import repoint

from ..letters.rules import LeftOut
from ..models import (
    BookingProgramme,
    BookingRequest,
    BookingRoute,
    BookingState,
    CallTask,
    CallTaskState,
    CareChain,
    DialogueState,
    HealthDialogue,
    Letter,
    LetterState,
    LookupClaim,
    SmsWaveRecipient,
)
from .bookings.ending import forget_booking
from .bookings.states import locked_request, note_change
from .message_cancelling import cancel_queued

# A time that stands weighs more than one that is asked for.
WEIGHT = {BookingState.CONFIRMED: 2, BookingState.PROPOSED: 1}


def make_room(*, by: Actor, old_id: int, valid_id: int, now: datetime) -> None:
    """End what the left record (`old_id`) has a second of; what stays is moved to the valid one by the registry."""
    running = CallTask.objects.filter(citizen=old_id, state__in=[CallTaskState.OPEN, CallTaskState.CLAIMED])
    running.update(state=CallTaskState.CANCELLED, closed_at=now, claimed_by=None, claimed_until=None)
    cancel_queued(citizen_ids=[old_id], reason="no_longer_due", now=now)
    LookupClaim.objects.filter(citizen=old_id).delete()
    if HealthDialogue.objects.filter(citizen=valid_id).waiting().exists():
        left = HealthDialogue.objects.filter(citizen=old_id).waiting()
        left.update(state=DialogueState.WITHDRAWN, closed_at=now, claimed_until=None)
    _waves(old_id, valid_id)
    _letters(old_id, valid_id)
    _bookings(by, old_id, valid_id, now)
    _chains(old_id, valid_id)


def _waves(old_id: int, valid_id: int) -> None:
    """One place in a wave: the one whose message was made, so that the person is not written to again."""
    places = {each.wave_id: each for each in SmsWaveRecipient.objects.filter(citizen=valid_id)}
    for place in SmsWaveRecipient.objects.filter(citizen=old_id, wave__in=list(places)):
        twin = places[place.wave_id]
        (twin if place.queued and not twin.queued else place).delete()


def _letters(old_id: int, valid_id: int) -> None:
    if Letter.objects.filter(citizen=valid_id, state=LetterState.WAITING).exists():
        second = Letter.objects.filter(citizen=old_id, state=LetterState.WAITING)
        second.update(state=LetterState.TAKEN_OUT, taken_out_reason=LeftOut.MERGED)


def _bookings(by: Actor, old_id: int, valid_id: int, now: datetime) -> None:
    """One running request for a programme; the region is told of a second time through its own queue."""
    theirs = {each.programme_id: each for each in _running(valid_id)}
    for row in _running(old_id):
        twin = theirs.get(row.programme_id)
        if twin is not None:
            lighter = min(row, twin, key=lambda each: _weight(each.request))
            _give_way(by, lighter, now)


def _give_way(by: Actor, row: BookingProgramme, now: datetime) -> None:
    """The lighter request no longer covers this programme; what else it was made for stays, and so does its time."""
    request = locked_request(row.request_id)
    reason = _("Lagt sammen efter nyt CPR-nummer")
    if request.programmes.filter(running=True).exclude(pk=row.pk).exists():
        BookingProgramme.objects.filter(pk=row.pk).delete()
        note_change(request, request.state, by=by, now=now, reason=f"{reason}: {row.programme.name}")
        names = ", ".join(request.programmes.values_list("programme__name", flat=True))
        BookingRoute.objects.filter(request=request, closed_at=None).update(programme_names=names[:200])
        return
    to = BookingState.CANCELLED if request.state == BookingState.CONFIRMED else BookingState.WITHDRAWN
    forget_booking(request, to, by=by, now=now, reason=reason)


def _running(citizen_id: int) -> QuerySet[BookingProgramme]:
    return (
        BookingProgramme.objects.filter(citizen=citizen_id, running=True)
        .select_related("request", "programme")
        .order_by("id")
    )


def _weight(request: BookingRequest) -> int:
    return WEIGHT.get(BookingState(request.state), 0)


def _chains(old_id: int, valid_id: int) -> None:
    """One chain, with the bookings, links and history of both."""
    left = CareChain.objects.open().filter(citizen=old_id).first()
    kept = CareChain.objects.open().filter(citizen=valid_id).first()
    if left is not None and kept is not None:
        repoint(left, kept)
        left.delete()
