"""Who is at which conversation, whose it is, and when it is over (S7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.models import User
from outreach.access.permissions import Permission
from outreach.access.selectors import users_who_may
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import Citizen, Phone, PhoneKind, PhoneSource
from registry.services.commit_lock import work_beside_commits
from registry.services.phones import add_phone
from registry.services.scope import require_municipality

from ...models import Conversation, ConversationState
from ...selectors.number_owners import owners_of
from .calling import be_silent, speak_again

HOLD = timedelta(minutes=10)


@transaction.atomic
def open_conversation(*, by: Actor, conversation: Conversation, now: datetime, take_over: bool = False) -> Conversation:
    """Somebody reads it: no longer unread, and theirs for ten minutes unless a colleague has it.

    With `take_over` also then. Whether it is theirs shows in `held_by`.
    """
    locked = _locked(by, conversation)
    if locked.state != ConversationState.OPEN:
        return locked
    locked.unread = False
    if take_over or holder(locked, now) in (None, by.user_id):
        locked.held_by_id, locked.held_until = by.user_id, now + HOLD
    locked.save(update_fields=["unread", "held_by", "held_until"])
    return locked


@transaction.atomic
def leave(*, by: Actor, conversation: Conversation, now: datetime) -> Conversation:
    """Somebody is done reading: colleagues may take it. Again: no effect."""
    locked = _locked(by, conversation)
    if locked.held_by_id == by.user_id:
        locked.held_by, locked.held_until = None, None
        locked.save(update_fields=["held_by", "held_until"])
    return locked


@transaction.atomic
def finish(*, by: Actor, conversation: Conversation, now: datetime) -> Conversation:
    """Nothing more to do; the next reply opens a new conversation. Again: no effect."""
    if _locked(by, conversation).state == ConversationState.DONE:
        return conversation
    locked = require_at_hand(by=by, conversation=conversation, now=now)
    locked.state, locked.unread = ConversationState.DONE, False
    locked.done_at, locked.done_by_name = now, by.name
    locked.held_by, locked.held_until = None, None
    locked.save()
    log(by, locked, _("Svar på sms afsluttet"), now)
    return locked


@transaction.atomic
def assign(*, by: Actor, conversation: Conversation, to_user: User | None, now: datetime) -> Conversation:
    """Give it to a colleague, or to nobody with None. Raises UserError `not_an_answerer`."""
    locked = require_at_hand(by=by, conversation=conversation, now=now)
    if to_user is not None and not may_answer(to_user, locked.municipality_id):
        raise UserError(
            "not_an_answerer", _("Kollegaen læser ikke svar for kommunen. Vælg en sagsbehandler eller teamleder.")
        )
    locked.assigned_to = to_user
    if to_user is not None and to_user.pk != by.user_id:
        locked.held_by, locked.held_until, locked.unread = None, None, True
    locked.save()
    log(by, locked, _("Svar på sms givet videre"), now)
    return locked


@transaction.atomic
def attach(*, by: Actor, conversation: Conversation, citizen: Citizen, own_number: bool, now: datetime) -> Conversation:
    """Say whom the number belongs to. With `own_number` it becomes one of the citizen's, as the citizen gave it (C4).

    From now on it is this citizen who has written to us, so the machine is silent towards them (K9); towards those it
    was thought to be before, and the others who have the number, it is not. Raises UserError `phone_invalid` when the
    number is none that a citizen can have.
    """
    require_municipality(by, citizen.municipality_id)
    # Before any row's lock, as everybody who plans afterwards.
    work_beside_commits(citizen.municipality_id)
    others = set(owners_of(conversation.municipality_id, bytes(conversation.number_index))) - {citizen.pk}
    lock_citizens_of(conversation, citizen.pk, *others)
    locked = require_at_hand(by=by, conversation=conversation, now=now)
    require_municipality(by, locked.municipality_id)
    if own_number:
        known = Phone.objects.filter(citizen=citizen, number_index=bytes(locked.number_index)).first()
        if known is None or known.wrong_since is not None:
            add_phone(
                by=by,
                citizen=citizen,
                number=locked.number,
                kind=PhoneKind.MOBILE,
                source=PhoneSource.CITIZEN,
                now=now,
            )
    if locked.citizen_id not in (None, citizen.pk):
        others.add(locked.citizen_id)
    locked.citizen = citizen
    locked.save(update_fields=["citizen"])
    if others:
        speak_again(by, sorted(others), now)
    be_silent(by, [citizen.pk], now)
    log(by, locked, _("Svar på sms knyttet til borger"), now)
    return locked


@transaction.atomic
def detach(*, by: Actor, conversation: Conversation, now: datetime) -> Conversation:
    """It was somebody else after all; the number stays where it is, and their plan goes on."""
    work_beside_commits(conversation.municipality_id)
    lock_citizens_of(conversation)
    locked = require_at_hand(by=by, conversation=conversation, now=now)
    log(by, locked, _("Svar på sms løsnet fra borger"), now)
    before, locked.citizen = locked.citizen_id, None
    locked.save(update_fields=["citizen"])
    if before is not None:
        speak_again(by, [before], now)
    return locked


def lock_citizens_of(conversation: Conversation, *others: int) -> None:
    """Lock whose conversation it is, and these others, before it is locked itself: so does whoever ends a citizen's
    work, and nobody waits crosswise.
    """
    own = Conversation.objects.filter(pk=conversation.pk, citizen__isnull=False).values_list("citizen_id", flat=True)
    lock_citizens([*own, *others])


def lock_citizens(citizen_ids: Iterable[int]) -> None:
    """Lock these citizens, in the order that everybody takes."""
    list(Citizen.objects.select_for_update().filter(pk__in=set(citizen_ids)).order_by("id").values_list("pk"))


def require_at_hand(*, by: Actor, conversation: Conversation, now: datetime) -> Conversation:
    """The conversation, locked, for whoever may work on it now.

    Raises UserError `conversation_done`, `conversation_held`.
    """
    locked = _locked(by, conversation)
    if locked.state != ConversationState.OPEN:
        raise UserError("conversation_done", _("Sms-tråden er allerede afsluttet. Der er ikke gjort noget."))
    if holder(locked, now) not in (None, by.user_id) and locked.held_by is not None:
        raise UserError(
            "conversation_held",
            _("%(name)s er i gang med sms-tråden. Der er ikke gjort noget. Tag den over, hvis I er enige om det.")
            % {"name": locked.held_by.display_name},
        )
    return locked


def holder(conversation: Conversation, now: datetime) -> int | None:
    """The key of whoever has it now."""
    held = conversation.held_until is not None and conversation.held_until > now
    return conversation.held_by_id if held else None


def may_answer(user: User, municipality_id: int) -> bool:
    """Whether somebody answers replies for the municipality."""
    return users_who_may(Permission.ANSWER_INBOX, [municipality_id]).filter(pk=user.pk).exists()


def log(by: Actor, conversation: Conversation, purpose: str, now: datetime) -> None:
    """One row about the conversation and, where it is somebody's, one about the citizen."""
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="conversation",
        subject_id=conversation.pk,
        municipality_id=conversation.municipality_id,
        purpose=purpose,
        at=now,
    )
    if conversation.citizen_id is not None:
        record(
            by=by,
            action=Action.CHANGE,
            subject_kind="citizen",
            subject_id=conversation.citizen_id,
            municipality_id=conversation.municipality_id,
            purpose=purpose,
            at=now,
        )


def _locked(by: Actor, conversation: Conversation) -> Conversation:
    return Conversation.objects.visible_to(by).select_for_update().get(pk=conversation.pk)
