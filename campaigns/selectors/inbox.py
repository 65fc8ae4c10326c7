"""The inbox: conversations by what they need, and the thread of one number (S7)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet

from outreach.access.actor import Actor
from outreach.access.models import User
from outreach.access.permissions import Permission
from outreach.access.selectors import users_who_may
from registry.models import Citizen, FollowUp, Phone

from ..models import Conversation, ConversationState, InboundMessage, OptOut, SmsMessage
from .number_owners import candidates

SHOWN_IN_THREAD = 50
VIEWS = ("open", "unread", "mine", "unknown", "done")


@dataclass(frozen=True)
class InboxCounts:
    """How many conversations each view of the inbox holds; the finished ones are not counted."""

    open: int = 0
    unread: int = 0
    mine: int = 0
    unknown: int = 0


@dataclass(frozen=True)
class Thread:
    """What was written to and from one number, and what is known about it."""

    conversation: Conversation
    replies: list[InboundMessage]
    messages: list[SmsMessage]
    opt_out: OptOut | None
    candidates: list[Citizen]
    follow_ups: list[FollowUp]
    their_number: Phone | None


def inbox_counts(actor: Actor) -> InboxCounts:
    """One query. Everything zero for who has no inbox."""
    found = (
        Conversation.objects.visible_to(actor)
        .open()
        .aggregate(
            open=Count("pk"),
            unread=Count("pk", filter=Q(unread=True)),
            mine=Count("pk", filter=Q(assigned_to=actor.user_id)),
            unknown=Count("pk", filter=Q(citizen=None)),
        )
    )
    return InboxCounts(**found)


def unread_replies(actor: Actor) -> int:
    """Conversations with something that nobody has read."""
    return Conversation.objects.visible_to(actor).open().filter(unread=True).count()


def conversations(actor: Actor, view: str) -> QuerySet[Conversation]:
    """One view of the inbox: the unread first, who has waited longest at the top; the finished ones newest first."""
    found = (
        Conversation.objects.visible_to(actor)
        .select_related("citizen", "held_by", "assigned_to")
        .prefetch_related(Prefetch("replies", queryset=InboundMessage.objects.order_by("-received_at", "-id")))
    )
    if view == "done":
        return found.filter(state=ConversationState.DONE).order_by("-done_at", "-pk")
    chosen = {
        "unread": Q(unread=True),
        "mine": Q(assigned_to=actor.user_id),
        "unknown": Q(citizen=None),
    }.get(view, Q())
    return found.open().filter(chosen).order_by("-unread", "last_reply_at", "pk")


def next_after(actor: Actor, conversation: Conversation) -> Conversation | None:
    """The conversation to go on with: the first that is unread and nobody else's."""
    others = conversations(actor, "open").exclude(pk=conversation.pk)
    free = others.filter(Q(assigned_to=None) | Q(assigned_to=actor.user_id))
    return free.filter(unread=True).first()


def thread(conversation: Conversation) -> Thread:
    """The newest of what went to and fro between us and the number, also in conversations before this one."""
    index, municipality = bytes(conversation.number_index), conversation.municipality_id
    replies = InboundMessage.objects.filter(
        municipality=municipality, conversation__number_index=index, conversation__municipality=municipality
    )
    # Of the citizen it is about alone: what one of several with the number was sent is not for the others.
    messages = SmsMessage.objects.filter(municipality=municipality, number_index=index).select_related("template")
    if conversation.citizen_id is not None:
        messages = messages.filter(citizen=conversation.citizen_id)
    owner = conversation.citizen_id
    open_ones = FollowUp.objects.open().filter(citizen=owner).select_related("programme").order_by("id")
    return Thread(
        conversation=conversation,
        replies=list(replies.order_by("-received_at", "-id")[:SHOWN_IN_THREAD]),
        messages=list(messages.order_by(F("handed_over_at").desc(nulls_first=True), "-queued_at")[:SHOWN_IN_THREAD]),
        opt_out=OptOut.objects.filter(municipality=municipality, number_index=index).first(),
        candidates=candidates(municipality, index),
        follow_ups=list(open_ones) if owner is not None else [],
        their_number=Phone.objects.filter(citizen=owner, number_index=index).first() if owner is not None else None,
    )


def answerers(actor: Actor) -> list[User]:
    """Colleagues who answer replies in the actor's municipality, by name."""
    return list(users_who_may(Permission.ANSWER_INBOX, actor.municipality_codes))
