"""What a caseworker does about a reply: answer it, write down what it says, call, or settle the opt-out (S7, K9)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError
from registry.models import Citizen, Outcome, Phone, PhoneSource, Relative, RelativeKind
from registry.services.commit_lock import work_beside_commits
from registry.services.phones import mark_wrong

from ...models import (
    ContactAttempt,
    ContactKind,
    Conversation,
    InboundMessage,
    ReplyAct,
    ReplyKind,
    SmsMessage,
    SmsPurpose,
    SpokeWith,
)
from ...next_steps import ENDED
from ...reply_checks import MOST_SEGMENTS, Problem, check_reply
from ...selectors.follow_up_facts import ADULT_AGE
from ...selectors.number_owners import owners_of
from ..answers import ALL, Contact, Said, record_call
from ..message_cancelling import cancel_queued
from ..message_queue import queue_message
from ..opt_outs import opt_in, stop_number
from ..planning import plan
from .calling import plan_calls
from .conversations import finish, lock_citizens_of, log, require_at_hand

_ROLES = {
    RelativeKind.RELATIVE: SpokeWith.RELATIVE,
    RelativeKind.GUARDIAN: SpokeWith.GUARDIAN,
    RelativeKind.CUSTODY_HOLDER: SpokeWith.CUSTODY_HOLDER,
}
# An answer that has not gone out after this is no answer any more.
ANSWER_LASTS = timedelta(days=2)
# The same words again so soon are a second click, and no second answer.
SECOND_CLICK = timedelta(minutes=2)


@transaction.atomic
def answer_by_sms(
    *, by: Actor, conversation: Conversation, text: str, health_confirmed: bool, now: datetime
) -> SmsMessage:
    """Send a caseworker's own words to the number that wrote; what the machine still had to say is cancelled (K9).

    Raises UserError for a text that must not be sent, `health_words` until the caseworker has confirmed it, and
    `nobody_attached`, `not_their_number`, `opted_out`, `no_sms_to_child`, `not_contacted` when there is nobody who
    could get it, `sent_already` for a second click.
    """
    locked = _at_hand(by, conversation, now)
    citizen = _citizen(locked)
    _require_may_get_sms(citizen, now)
    checked = check_reply(text)
    for problem in checked.forbidden:
        raise UserError(f"reply_{problem}", _words(problem))
    if checked.health_words and not health_confirmed:
        words = ", ".join(f"»{word}«" for word in checked.health_words)
        raise UserError(
            "health_words",
            _("Teksten nævner %(words)s. En sms kan læses af andre: skriv uden, eller bekræft, at den skal sendes.")
            % {"words": words},
        )
    phone = _phone(citizen, locked)
    if phone is None:
        raise UserError(
            "not_their_number", _("Nummeret er ikke borgerens eget. Ring i stedet, eller tilføj det på borgeren.")
        )
    earlier = SmsMessage.objects.filter(municipality=locked.municipality_id, step_key__startswith=_keys(locked))
    number = earlier.count()
    if any(each.body == checked.text for each in earlier.filter(queued_at__gt=now - SECOND_CLICK)):
        raise UserError("sent_already", _("Svaret er allerede sendt."))
    message = queue_message(
        by=by,
        citizen=citizen,
        phone=phone,
        template=None,
        fields={},
        body=checked.text,
        purpose=SmsPurpose.REPLY,
        step_key=f"{_keys(locked)}{number + 1}",
        not_before=now,
        expires_at=now + ANSWER_LASTS,
        now=now,
    )
    if message is None:
        raise UserError("sent_already", _("Svaret er allerede sendt."))
    cancel_queued(citizen_ids=[citizen.pk], reason="contacted", now=now)
    log(by, locked, _("Besvaret med sms"), now)
    return message


@transaction.atomic
def record_reply_outcome(
    *,
    by: Actor,
    conversation: Conversation,
    outcome: Outcome | str,
    now: datetime,
    barrier: str = "",
    note: str = "",
) -> ContactAttempt:
    """Write down what the reply says as an answer, as after a call (K6), and finish the conversation.

    Written by whomever the number belongs to: a relative's words are not the citizen's (K8).
    Raises UserError as `record_call`, and `nobody_attached`.
    """
    locked = _at_hand(by, conversation, now)
    citizen = _citizen(locked)
    phone = _phone(citizen, locked)
    spoke_with, name = _who_wrote(citizen, locked, phone)
    if outcome == Outcome.WRONG_NUMBER and phone is not None:
        mark_wrong(by=by, phone=phone, reason=_("Forkert nummer, oplyst i en sms"), now=now)
    attempt = record_call(
        by=by,
        citizen=citizen,
        said={ALL: Said(outcome=outcome, barrier=barrier)},
        contact=Contact(kind=ContactKind.REPLY, spoke_with=spoke_with, spoke_with_name=name, note=note),
        now=now,
    )
    finish(by=by, conversation=locked, now=now)
    return attempt


@transaction.atomic
def call_back(*, by: Actor, conversation: Conversation, now: datetime) -> None:
    """Put a call into the queue, due now, and finish the conversation. UserError `nobody_attached`, `nothing_open`."""
    locked = _at_hand(by, conversation, now)
    citizen = _citizen(locked)
    cancel_queued(citizen_ids=[citizen.pk], reason="contacted", now=now)
    if not plan_calls(by=by, citizen_ids=[citizen.pk], now=now):
        raise UserError(
            "nothing_open",
            _("Borgeren har ingen åben opfølgning at ringe om. Åbn borgerens side, og genåbn eller opret en sag."),
        )
    _note_act(locked, ReplyAct.CALL_PLANNED, by)
    finish(by=by, conversation=locked, now=now)


@transaction.atomic
def stop_messages(*, by: Actor, conversation: Conversation, now: datetime) -> None:
    """The number is to have no SMS: what a reply meant that the word rules did not act on. Then it is finished."""
    locked = _at_hand(by, conversation, now)
    index = bytes(locked.number_index)
    stop_number(by=by, municipality_id=locked.municipality_id, index=index, source="reply", now=now)
    _note_act(locked, ReplyAct.OPTED_OUT, by)
    plan(by=by, now=now, citizen_ids=sorted(owners_of(locked.municipality_id, index)))
    finish(by=by, conversation=locked, now=now)


@transaction.atomic
def start_messages(*, by: Actor, conversation: Conversation, now: datetime) -> None:
    """The number may have SMS again: a STOP that was no STOP, or a START that a person must decide about."""
    locked = _at_hand(by, conversation, now)
    index = bytes(locked.number_index)
    if not opt_in(by=by, municipality_id=locked.municipality_id, index=index, now=now):
        raise UserError("not_stopped", _("Nummeret er ikke frameldt sms."))
    stopped = locked.replies.filter(act=ReplyAct.OPTED_OUT)
    if not stopped.update(act=ReplyAct.OPT_OUT_UNDONE, act_by_name=by.name):
        _note_act(locked, ReplyAct.OPTED_IN, by)
    log(by, locked, _("Tilmeldt sms igen"), now)


def _at_hand(by: Actor, conversation: Conversation, now: datetime) -> Conversation:
    # Before any row's lock, as everybody who plans afterwards.
    work_beside_commits(conversation.municipality_id)
    lock_citizens_of(conversation)
    return require_at_hand(by=by, conversation=conversation, now=now)


def _citizen(conversation: Conversation) -> Citizen:
    if conversation.citizen is None:
        raise UserError("nobody_attached", _("Vælg først, hvem nummeret hører til."))
    return conversation.citizen


def _require_may_get_sms(citizen: Citizen, now: datetime) -> None:
    """Said while somebody writes, for the dispatcher would only cancel it in silence (K8, C3)."""
    age = citizen.age(timezone.localdate(now))
    if age is not None and age < ADULT_AGE:
        raise UserError(
            "no_sms_to_child",
            _("Borgeren er under 18 år og får ikke sms'er. Ring til forældremyndighedens indehaver i stedet."),
        )
    # Who has moved gets the answer a person wrote.
    if citizen.status in ENDED or citizen.do_not_contact_since is not None:
        raise UserError(
            "not_contacted",
            _("Borgeren må ikke kontaktes, så svaret kan ikke sendes. Se hvorfor på borgerens side."),
        )


def _who_wrote(citizen: Citizen, conversation: Conversation, phone: Phone | None) -> tuple[SpokeWith, str]:
    """With whom the contact was, and the name: the relative whose number it is, else the citizen."""
    index = bytes(conversation.number_index)
    relative = Relative.objects.filter(citizen=citizen, phone_index=index).order_by("id").first()
    if relative is not None:
        return _ROLES[RelativeKind(relative.kind)], relative.name
    of_relative = phone is not None and phone.source == PhoneSource.RELATIVE
    return (SpokeWith.RELATIVE if of_relative else SpokeWith.CITIZEN), ""


def _phone(citizen: Citizen, conversation: Conversation) -> Phone | None:
    return Phone.objects.filter(citizen=citizen, number_index=bytes(conversation.number_index)).first()


def _keys(conversation: Conversation) -> str:
    return f"reply:{conversation.pk}:"


def _note_act(conversation: Conversation, act: ReplyAct, by: Actor) -> None:
    """What was done is told of the newest reply that says something."""
    replies = InboundMessage.objects.filter(conversation=conversation).exclude(kind=ReplyKind.EMPTY)
    newest = replies.order_by("-received_at", "-id").first()
    if newest is not None:
        newest.act, newest.act_by_name = act, by.name
        newest.save(update_fields=["act", "act_by_name"])


def _words(problem: Problem) -> str:
    return {
        Problem.EMPTY: _("Skriv et svar."),
        Problem.TOO_LONG: _("Svaret fylder mere end %(parts)s sms'er. Skriv kortere, eller ring.")
        % {"parts": MOST_SEGMENTS},
        Problem.CPR: _("Teksten indeholder noget, der ligner et CPR-nummer. Det må ikke sendes i en sms."),
        Problem.FIELD: _("Teksten indeholder et felt i tuborgklammer. Skriv navnet selv."),
    }[problem]
