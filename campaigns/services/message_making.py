"""Make message rows: the one place where a text becomes an `SmsMessage` (S1, S2, S5).

A row is made once per step key, however often it is asked for (SS04), and before anything is sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError
from outreach.messaging.numbers import is_sendable
from outreach.messaging.segments import count
from registry.models import Citizen, FollowUp, Phone
from registry.services.scope import require_municipality

from ..message_texts import MAX_SEGMENTS, render, require_sendable
from ..models import MessageStatus, MessageTemplate, OptOut, SmsMessage, SmsPurpose, SmsStatusChange

BATCH = 1000


@dataclass(frozen=True)
class NewMessage:
    """A message to be made: `body` is the text as it will be sent, the number is `phone`'s.

    `links` are further fields of the row, such as `{"wave": wave}`.
    """

    citizen: Citizen
    phone: Phone
    body: str
    purpose: SmsPurpose
    step_key: str
    not_before: datetime
    language: str = "da"
    template: MessageTemplate | None = None
    expires_at: datetime | None = None
    follow_up: FollowUp | None = None
    again_of: SmsMessage | None = None
    links: Mapping[str, Any] | None = None


@transaction.atomic
def queue_message(
    *,
    by: Actor,
    citizen: Citizen,
    phone: Phone,
    template: MessageTemplate | None,
    fields: Mapping[str, str],
    purpose: SmsPurpose,
    step_key: str,
    not_before: datetime,
    now: datetime,
    expires_at: datetime | None = None,
    follow_up: FollowUp | None = None,
    wave: Any = None,
    body: str = "",
) -> SmsMessage | None:
    """Queue one message to one number; None when a message with this `step_key` exists already (SS04).

    The text is `template` with its `fields` filled in; only a reply may do without a template and bring its own `body`.
    The caller logs what it does. Raises UserError for a text that cannot be sent (SS01, SS02), a number that takes no
    SMS (PH04) and one that wants none (S7).
    """
    require_municipality(by, citizen.municipality)
    require_number(phone)
    text = _text(template, fields, purpose, body)
    new = NewMessage(
        citizen=citizen,
        phone=phone,
        body=text,
        purpose=purpose,
        step_key=step_key,
        not_before=not_before,
        language=template.language if template else citizen.language,
        template=template,
        expires_at=expires_at,
        follow_up=follow_up,
        links={"wave": wave} if wave is not None else None,
    )
    made = queue_messages([new], now=now)
    return SmsMessage.objects.get(pk=made[0]) if made else None


@transaction.atomic
def queue_messages(messages: Sequence[NewMessage], *, now: datetime) -> list[UUID]:
    """Queue many; return the keys of those made, leaving out whose step key exists. Checks the length of each (SS01).

    Numbers and opt-outs are the caller's to check beforehand, set-based; both are checked again at the hand-over.
    """
    rows = [_row(each, now) for each in messages]
    SmsMessage.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    made = set(SmsMessage.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    SmsStatusChange.objects.bulk_create(
        (
            SmsStatusChange(municipality_id=row.municipality_id, message=row, status=MessageStatus.QUEUED, at=now)
            for row in rows
            if row.pk in made
        ),
        batch_size=BATCH,
    )
    return [row.pk for row in rows if row.pk in made]


def _row(new: NewMessage, now: datetime) -> SmsMessage:
    size = count(new.body)
    if size.segments > MAX_SEGMENTS:
        raise UserError(
            "message_too_long",
            _("Sms'en fylder mere end %(parts)s dele. Forkort teksten.") % {"parts": MAX_SEGMENTS},
        )
    return SmsMessage(
        id=uuid.uuid4(),
        municipality_id=new.citizen.municipality_id,
        citizen=new.citizen,
        follow_up=new.follow_up,
        phone=new.phone,
        number_ciphertext=new.phone.number_ciphertext,
        number_index=new.phone.number_index,
        template=new.template,
        purpose=new.purpose,
        body=new.body,
        language=new.language,
        encoding=size.encoding,
        segments=size.segments,
        status_at=now,
        not_before=new.not_before,
        expires_at=new.expires_at,
        queued_at=now,
        step_key=new.step_key,
        again_of=new.again_of,
        **(new.links or {}),
    )


def _text(template: MessageTemplate | None, fields: Mapping[str, str], purpose: SmsPurpose, body: str) -> str:
    if template is not None:
        require_sendable(template)
        return render(template.body, fields)
    if purpose != SmsPurpose.REPLY or not body.strip():
        raise UserError("message_empty", _("Der er ingen tekst at sende. Skriv en besked, eller vælg en skabelon."))
    return body.strip()


def require_number(phone: Phone) -> None:
    """Raise UserError `phone_not_sendable` or `opted_out` for a number that takes no SMS (PH04) or wants none (S7)."""
    if phone.wrong_since is not None or not is_sendable(phone.number):
        raise UserError("phone_not_sendable", _("Nummeret kan ikke få sms'er. Vælg et andet nummer, eller ring."))
    if OptOut.objects.filter(municipality=phone.municipality_id, number_index=bytes(phone.number_index)).exists():
        raise UserError("opted_out", _("Nummeret er frameldt sms. Ring i stedet."))
