"""News from the registry: a committed list gets its next steps in the same transaction (K1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.dispatch import receiver
from django.utils.translation import ngettext

from outreach.access.actor import Actor
from outreach.errors import UserError
from registry.models import ClosedReason, FollowUp, FollowUpChange, FollowUpStatus, NonresponderList
from registry.signals import (
    citizens_changed,
    citizens_merging,
    follow_ups_closed,
    follow_ups_opened,
    follow_ups_opening,
    list_committed,
    list_undoing,
    list_undone,
)

from .models import BookingChange, BookingRequest, BookingState, Conversation, Letter, SmsMessage
from .services.leaving import end_work_of_gone
from .services.merging import make_room
from .services.messages.claiming import ON_THEIR_WAY
from .services.planning import plan
from .services.planning_at_commit import write_first_steps


@receiver(follow_ups_opening, dispatch_uid="campaigns.first_steps")
def say_what_comes_first(
    *, nonresponder_list: NonresponderList, answer_due: date, now: datetime, **_others: Any
) -> None:
    """The follow-ups of a list are made with their first step, not changed afterwards."""
    write_first_steps(nonresponder_list, answer_due=answer_due, now=now)


@receiver(list_committed, dispatch_uid="campaigns.plan_list")
def plan_committed_list(
    *, nonresponder_list_id: int, municipality_id: int, now: datetime, by: Actor, **_others: Any
) -> None:
    """A list is committed with its steps, or not at all; who it shows to be gone has nothing left under way (C3)."""
    plan(by=by, now=now, nonresponder_list_id=nonresponder_list_id)
    ended = FollowUp.objects.filter(
        municipality=municipality_id,
        status=FollowUpStatus.CLOSED,
        closed_reason__in=[ClosedReason.STATUS, ClosedReason.MOVED],
        closed_at=now,
    )
    if citizen_ids := list(ended.values_list("citizen_id", flat=True)):
        end_work_of_gone(by=by, municipality_id=municipality_id, now=now, citizen_ids=citizen_ids)


@receiver(citizens_changed, dispatch_uid="campaigns.plan_changed_citizens")
def plan_changed_citizens(
    *, municipality_id: int, now: datetime, by: Actor, citizen_ids: Sequence[int] | None = None, **_others: Any
) -> None:
    """A number that came with a citizen file ends the look-up at once; a death or a move ends everything (C3, C4)."""
    plan(by=by, now=now, citizen_ids=citizen_ids)
    end_work_of_gone(by=by, municipality_id=municipality_id, now=now, citizen_ids=citizen_ids)


@receiver(citizens_merging, dispatch_uid="campaigns.end_calls_of_left_record")
def make_room_for_merged(*, old_id: int, valid_id: int, now: datetime, by: Actor, **_others: Any) -> None:
    """One person has one open call, one message on its way, one waiting letter, one request for a programme."""
    make_room(by=by, old_id=old_id, valid_id=valid_id, now=now)


@receiver(list_undoing, dispatch_uid="campaigns.keep_who_is_in_a_pile")
def keep_whom_a_letter_or_a_reply_is_about(*, citizen_ids: Sequence[int], **_others: Any) -> set[int]:
    """A letter in a pile must be told to be taken out, a reply and a time are somebody's: their citizens stay (L5)."""
    lettered = Letter.objects.filter(citizen__in=citizen_ids).values_list("citizen_id", flat=True)
    wrote = Conversation.objects.filter(citizen__in=citizen_ids, citizen__isnull=False)
    booked = BookingRequest.objects.filter(citizen__in=citizen_ids).values_list("citizen_id", flat=True)
    return {*lettered, *booked, *wrote.values_list("citizen__id", flat=True)}


@receiver(list_undone, dispatch_uid="campaigns.refuse_undo")
def refuse_undo_of_messages_on_their_way(*, nonresponder_list_id: int, **_others: Any) -> None:
    """A message handed over is a contact, also while nobody knows whether it arrived (L5). Raises UserError."""
    listed = FollowUpChange.objects.filter(nonresponder_list=nonresponder_list_id).values("follow_up")
    since = NonresponderList.objects.values_list("committed_at", flat=True).get(pk=nonresponder_list_id)
    messages = SmsMessage.objects.filter(follow_up__in=listed, status__in=ON_THEIR_WAY, handed_over_at__gte=since)
    # A time asked for is one too, also without a call; one that was withdrawn again has reached nobody.
    asked = BookingChange.objects.filter(request__programmes__follow_up__in=listed, at__gte=since, from_state="")
    asked = asked.exclude(request__state=BookingState.WITHDRAWN)
    contacted = {*messages.values_list("citizen_id", flat=True), *asked.values_list("request__citizen_id", flat=True)}
    if count := len(contacted):
        raise UserError(
            "undo_contacted",
            ngettext(
                "%(count)s borger er allerede kontaktet på grund af listen, så den kan ikke fortrydes.",
                "%(count)s borgere er allerede kontaktet på grund af listen, så den kan ikke fortrydes.",
                count,
            )
            % {"count": count},
        )


@receiver(list_undone, dispatch_uid="campaigns.plan_undone_list")
def plan_undone_list(*, nonresponder_list_id: int, now: datetime, by: Actor, **_others: Any) -> None:
    """Calls and messages of the list end with it; whom it had closed are on their way again at once (K1)."""
    touched = FollowUpChange.objects.filter(nonresponder_list=nonresponder_list_id)
    plan(by=by, now=now, citizen_ids=sorted(set(touched.values_list("follow_up__citizen", flat=True))))


@receiver(follow_ups_opened, dispatch_uid="campaigns.plan_opened")
def plan_opened(*, citizen_ids: list[int], now: datetime, by: Actor, **_others: Any) -> None:
    """A selection or a case has its next steps in the same transaction (K1, L9)."""
    plan(by=by, now=now, citizen_ids=citizen_ids)


@receiver(follow_ups_closed, dispatch_uid="campaigns.clear_closed")
def clear_closed(
    *, citizen_ids: list[int], undone_since: datetime | None, now: datetime, by: Actor, **_others: Any
) -> None:
    """Calls and messages of an undone or ended selection end with it; one on its way forbids the undo (as L5)."""
    if undone_since is not None:
        messages = SmsMessage.objects.filter(
            citizen__in=citizen_ids, status__in=ON_THEIR_WAY, handed_over_at__gte=undone_since
        )
        if count := messages.values("citizen").distinct().count():
            raise UserError(
                "undo_contacted",
                ngettext(
                    "%(count)s borger er allerede kontaktet på grund af udvalget, så det kan ikke fortrydes.",
                    "%(count)s borgere er allerede kontaktet på grund af udvalget, så det kan ikke fortrydes.",
                    count,
                )
                % {"count": count},
            )
    plan(by=by, now=now, citizen_ids=citizen_ids)
