"""A reply comes in: kept, attached to whom it is from, and acted on where that is safe (S7).

STOP, START and RING are acted on at once. All else waits for a person, and while it does the machine is silent (K9).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.privacy.sealing import seal
from registry.services.commit_lock import work_beside_commits
from registry.services.scope import require_municipality

from ...models import Conversation, ConversationState, InboundMessage, ReplyAct, ReplyKind
from ...reply_words import reply_kind
from ...selectors.number_owners import last_written_to, owners_of
from ..message_cancelling import cancel_queued
from ..opt_outs import opt_in, stop_number
from ..planning import plan
from .calling import be_silent, plan_calls
from .conversations import lock_citizens

# Who did what no person did, as the page says it.
SYSTEM = "Opsøg"


@transaction.atomic
def receive_reply(
    *,
    by: Actor,
    municipality_id: int,
    number: str,
    body: str,
    gateway_id: str,
    media: int,
    at: datetime,
    now: datetime,
    opt_out_word: str = "",
) -> InboundMessage | None:
    """Keep a reply of the moment `at` in the number's open conversation; None when it is known already (SW14).

    `number` in E.164, or as the gateway wrote it. Attached to a citizen when exactly one has the number (SW11).
    """
    require_municipality(by, municipality_id)
    work_beside_commits(municipality_id)
    if InboundMessage.objects.filter(municipality=municipality_id, gateway_id=gateway_id).exists():
        return None
    kind = reply_kind(body, media=media, opt_out_word=opt_out_word)
    sealed = seal("phone", number)
    owners = owners_of(municipality_id, sealed.index)
    lock_citizens(owners)
    conversation, created = Conversation.objects.select_for_update().get_or_create(
        municipality_id=municipality_id,
        number_index=sealed.index,
        state=ConversationState.OPEN,
        defaults={
            "number_ciphertext": sealed.ciphertext,
            "citizen_id": owners[0] if len(owners) == 1 else None,
            "suggestion": kind,
            "opened_at": now,
            "last_reply_at": at,
        },
    )
    reply = InboundMessage.objects.create(
        municipality_id=municipality_id,
        conversation=conversation,
        gateway_id=gateway_id,
        body=body,
        media=media,
        kind=kind,
        act=_act(by, kind, municipality_id, sealed.index, owners, now),
        received_at=at,
    )
    _bring_up(conversation, reply, created, now)
    _be_silent(by, owners, kind, now)
    record(
        by=by,
        action=Action.ADD,
        subject_kind="conversation",
        subject_id=conversation.pk,
        municipality_id=municipality_id,
        purpose=_("Svar på sms modtaget"),
        at=now,
    )
    return reply


def _act(by: Actor, kind: ReplyKind, municipality_id: int, index: bytes, owners: list[int], now: datetime) -> str:
    """Do what the reply asks for, where it is safe; what was done, or ""."""
    if kind == ReplyKind.STOP:
        stop_number(by=by, municipality_id=municipality_id, index=index, source="reply", now=now)
        return ReplyAct.OPTED_OUT
    if kind == ReplyKind.START:
        started = opt_in(by=by, municipality_id=municipality_id, index=index, now=now, own_stop_only=True)
        return ReplyAct.OPTED_IN if started else ""
    if kind == ReplyKind.RING:
        # Of several with the number, the one we wrote to; when that is none of them, all: nobody waits in vain (SW11).
        last = last_written_to(municipality_id, index)
        asked = [last] if last is not None and last in owners else owners
        return ReplyAct.CALL_PLANNED if plan_calls(by=by, citizen_ids=asked, now=now) else ""
    return ""


def _bring_up(conversation: Conversation, reply: InboundMessage, created: bool, now: datetime) -> None:
    """To the top of the inbox; a call that lies in the queue already needs nobody here."""
    conversation.last_reply_at = max(conversation.last_reply_at, reply.received_at)
    if reply.act == ReplyAct.CALL_PLANNED and created:
        conversation.state, conversation.unread = ConversationState.DONE, False
        conversation.done_at, conversation.done_by_name = now, SYSTEM
    elif reply.act != ReplyAct.CALL_PLANNED:
        conversation.unread, conversation.suggestion = True, reply.kind
    conversation.save()


def _be_silent(by: Actor, owners: list[int], kind: ReplyKind, now: datetime) -> None:
    """Who asked for something that was done at once waits for nobody (S7); all others for a person (K9)."""
    if not owners:
        return
    if kind not in (ReplyKind.STOP, ReplyKind.START, ReplyKind.RING):
        be_silent(by, owners, now)
        return
    cancel_queued(citizen_ids=owners, reason="replied", now=now)
    plan(by=by, now=now, citizen_ids=sorted(owners))
