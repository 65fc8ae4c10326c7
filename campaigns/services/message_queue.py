"""Make the SMS rows that the plan calls for: SQL says who is due, Python writes and seals the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from registry.models import Citizen, FollowUp, Municipality, NextStepKind, Phone, PhoneKind
from registry.selectors.citizens import sms_phone
from registry.services.phones import mark_wrong

from ..message_texts import first_name, municipality_title, render
from ..models import MACHINE_PURPOSES, ContactPoint, MessageStatus, OptOut, SmsMessage, SmsPurpose
from .message_making import NewMessage, queue_message, queue_messages
from .texts import MessageTexts

__all__ = ["NewMessage", "Queued", "queue_due_messages", "queue_message", "queue_messages", "step_key"]

BATCH = 1000
WITH_NUMBER, WITHOUT_NUMBER = "please_call", "please_reply"
STILL_AHEAD = [MessageStatus.QUEUED, MessageStatus.HANDING_OVER]


@dataclass(frozen=True)
class Queued:
    """How many messages were queued, and the citizens whose "mobile" turned out to take none: plan them anew."""

    number: int
    without_usable_number: list[int]


def step_key(follow_up: FollowUp) -> str:
    """The same step of the same follow-up has the same key, however often it is planned (SS04).

    A reopened follow-up has a new `opened_at` and so new keys.
    """
    return f"{follow_up.pk}-{int(follow_up.opened_at.timestamp())}-{follow_up.sms_sent + 1}"


def queue_due_messages(
    *, by: Actor, now: datetime, citizen_ids: Sequence[int] | None, nonresponder_list_id: int | None
) -> Queued:
    """Queue one neutral message for each citizen whose SMS step has come.

    One message serves all the citizen's programmes (C8): it says nothing about any of them (S1).
    """
    number, after = 0, 0
    unusable: list[int] = []
    while batch := _due_citizens(now, citizen_ids, nonresponder_list_id, after):
        queued = _queue_batch(by, batch, now)
        number, unusable, after = number + queued.number, unusable + queued.without_usable_number, batch[-1]
    return Queued(number, unusable)


def _due_citizens(
    now: datetime, citizen_ids: Sequence[int] | None, nonresponder_list_id: int | None, after: int
) -> list[int]:
    due = _due_follow_ups(now).filter(citizen_id__gt=after)
    if citizen_ids is not None:
        due = due.filter(citizen__in=citizen_ids)
    if nonresponder_list_id is not None:
        due = due.filter(last_list=nonresponder_list_id)
    # A reminder that waits for its day keeps nobody from being contacted.
    ahead = SmsMessage.objects.filter(citizen=OuterRef("citizen"), status__in=STILL_AHEAD, purpose__in=MACHINE_PURPOSES)
    waiting = due.filter(~Exists(ahead)).order_by("citizen_id").distinct()
    return list(waiting.values_list("citizen_id", flat=True)[:BATCH])


def _due_follow_ups(now: datetime) -> QuerySet[FollowUp]:
    return FollowUp.objects.open().filter(next_step_kind=NextStepKind.SMS, next_step_at__lte=now)


def _queue_batch(by: Actor, citizen_ids: list[int], now: datetime) -> Queued:
    carriers: dict[int, FollowUp] = {}
    for follow_up in _due_follow_ups(now).filter(citizen__in=citizen_ids).order_by("id"):
        carriers.setdefault(follow_up.citizen_id, follow_up)
    stopped = OptOut.objects.filter(municipality=OuterRef("municipality"), number_index=OuterRef("number_index"))
    citizens = Citizen.objects.filter(pk__in=carriers).prefetch_related(
        Prefetch("phones", queryset=Phone.objects.filter(~Exists(stopped)))
    )
    texts = _Texts()
    messages, unusable = [], []
    for citizen in citizens:
        if not first_name(citizen.name):
            # SS02: the plan calls whoever has no name; one such row must not keep a thousand others from theirs.
            unusable.append(citizen.pk)
            continue
        phone = sms_phone(citizen)
        if phone is None:
            _strike_out_mobiles(by, citizen, now)
            unusable.append(citizen.pk)
            continue
        messages.append(_message(texts, citizen, phone, carriers[citizen.pk], now))
    return Queued(len(queue_messages(messages, now=now)), unusable)


class _Texts:
    """Templates and senders of one batch, read once."""

    def __init__(self) -> None:
        self.messages = MessageTexts([WITH_NUMBER, WITHOUT_NUMBER])
        self.points = {point.municipality_id: point for point in ContactPoint.objects.all()}
        self.municipalities = {each.pk: each for each in Municipality.objects.all()}


def _message(texts: _Texts, citizen: Citizen, phone: Phone, carrier: FollowUp, now: datetime) -> NewMessage:
    point = texts.points.get(citizen.municipality_id)
    code = WITH_NUMBER if point else WITHOUT_NUMBER
    template = texts.messages.template(code, citizen.language, citizen.municipality_id)
    municipality = texts.municipalities[citizen.municipality_id]
    body = render(
        template.body,
        {
            "fornavn": first_name(citizen.name),
            "navn": citizen.name,
            "kommune": municipality_title(municipality.code, municipality.name),
            "telefon": point.phone if point else "",
        },
    )
    return NewMessage(
        citizen=citizen,
        phone=phone,
        body=body,
        purpose=SmsPurpose.FIRST_CONTACT,
        step_key=step_key(carrier),
        not_before=carrier.next_step_at or now,
        language=template.language,
        template=template,
        follow_up=carrier,
    )


def _strike_out_mobiles(by: Actor, citizen: Citizen, now: datetime) -> None:
    """PH04: a "mobile" that no SMS may go to (premium, service) is no citizen's number."""
    unusable = [each for each in citizen.phones.all() if each.kind == PhoneKind.MOBILE and each.wrong_since is None]
    for phone in unusable:
        mark_wrong(by=by, phone=phone, reason=_("Nummeret kan ikke få sms'er"), now=now)
