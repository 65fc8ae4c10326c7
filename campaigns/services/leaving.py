"""A citizen dies, leaves or moves: whatever way we hear of it, this ends what is not to go on for them (C3).

The follow-ups themselves are closed by whoever brought the news, their calls and first messages by the planner. Here
ends the rest. For the dead and those who left: bookings and chains, conversations, talks with the adviser, messages of
every kind, searches for a number. For those who moved to another municipality: the same, except what the region has
promised or been asked for; it serves them wherever they live, and they hear of their times (decision 0019). Letters in
a pile stand on its list of what must be taken out, which is worked out when it is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record
from registry.models import Citizen
from registry.services.commit_lock import work_beside_commits

from ..models import Conversation, ConversationState, DialogueState, HealthDialogue, LookupClaim, SmsMessage
from ..selectors.gone_citizens import gone_citizens, moved_citizens, old_conversations, with_own_work, with_work
from .answers.undoing import UNDO_WITHIN
from .bookings.falling_away import end_bookings, end_own_arrangements
from .inbox.conversations import log
from .message_cancelling import cancel_messages, cancel_queued

# What people read beside what a job of ours ended.
SIGNED = "Opsøg"


@dataclass
class Ended:
    """How much was ended, for how many people."""

    citizens: int = 0
    bookings: int = 0
    conversations: int = 0
    talks: int = 0
    messages: int = 0


@transaction.atomic
def end_work_of_gone(
    *, by: Actor, municipality_id: int, now: datetime, citizen_ids: Sequence[int] | None = None
) -> Ended:
    """End all work for citizens of the municipality who are gone, and the municipality's own for those who moved.

    `citizen_ids` narrows it to those among them. Again: no effect.

    What a caller was told on the telephone counts once the answer can no longer be undone: a time handed back to the
    region does not come back.
    """
    work_beside_commits(municipality_id)
    ended, signed = Ended(), by if by.user_id is not None else replace(by, name=SIGNED)
    told_before = now - UNDO_WITHIN
    for everybody, moved in (
        (gone_citizens(told_before=told_before), False),
        (moved_citizens(told_before=told_before), True),
    ):
        found = everybody.filter(municipality=municipality_id)
        if citizen_ids is not None:
            found = found.filter(pk__in=list(citizen_ids))
        work = with_own_work(found, now) if moved else with_work(found)
        for key in list(work.order_by("id").values_list("pk", flat=True)):
            citizen = Citizen.objects.select_for_update().get(pk=key)
            # An answer or a list may have been faster than this lock.
            if found.filter(pk=key).exists():
                (_end_own if moved else _end_all)(citizen, ended, by=signed, now=now)
    return ended


def _end_all(citizen: Citizen, ended: Ended, *, by: Actor, now: datetime) -> None:
    ended.citizens += 1
    ended.bookings += end_bookings(citizen, by=by, now=now)
    ended.conversations += _end_conversations(Conversation.objects.open(), citizen, by=by, now=now)
    # Receipts, reminders and answers too: nobody writes to the dead, or about a time that is off.
    ended.messages += cancel_messages(SmsMessage.objects.filter(citizen=citizen), reason="status", now=now)
    why = _("Alt arbejde afsluttet: borgeren er ikke længere omfattet af kommunens opfølgning")
    _end_rest(citizen, ended, why, by=by, now=now)


def _end_own(citizen: Citizen, ended: Ended, *, by: Actor, now: datetime) -> None:
    """The municipality's own work; times, receipts, reminders and answers already written go on."""
    ended.citizens += 1
    ended.bookings += end_own_arrangements(citizen, by=by, now=now)
    ended.conversations += _end_conversations(old_conversations(), citizen, by=by, now=now)
    ended.messages += cancel_queued(citizen_ids=[citizen.pk], reason="status", now=now)
    why = _("Kommunens eget arbejde afsluttet: borgeren er flyttet. Tider og ønsker hos regionen står ved magt")
    _end_rest(citizen, ended, why, by=by, now=now)


def _end_rest(citizen: Citizen, ended: Ended, why: str, *, by: Actor, now: datetime) -> None:
    talks = HealthDialogue.objects.filter(citizen=citizen).waiting()
    ended.talks += talks.update(state=DialogueState.WITHDRAWN, closed_at=now, claimed_by=None, claimed_until=None)
    LookupClaim.objects.filter(citizen=citizen).delete()
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="citizen",
        subject_id=citizen.pk,
        municipality_id=citizen.municipality_id,
        purpose=why,
        at=now,
    )


def _end_conversations(which: QuerySet[Conversation], citizen: Citizen, *, by: Actor, now: datetime) -> int:
    """Replies stay to be read under the finished ones; nobody is asked to answer them."""
    conversations = list(which.select_for_update(of=("self",)).filter(citizen=citizen).order_by("id"))
    for conversation in conversations:
        conversation.state, conversation.unread = ConversationState.DONE, False
        conversation.done_at, conversation.done_by_name = now, by.name
        conversation.held_by, conversation.held_until = None, None
        conversation.save()
        log(by, conversation, _("Svar på sms afsluttet"), now)
    return len(conversations)
