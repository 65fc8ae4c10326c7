"""Callbacks of the gateway at the door: is it really Twilio, and then: keep what it says. Nothing is decided here.

A callback costs one INSERT, whatever it says (F18). What it means is worked out afterwards by a task.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import DateTimeField, Func
from django.http import QueryDict
from twilio.request_validator import RequestValidator

from outreach.messaging.models import EventKind, GatewayEvent
from outreach.messaging.numbers import normalise
from outreach.privacy.sealing import seal

GATEWAY = "twilio"
# A reply is at most 1,600 characters: 19 kB when every one of them is an emoji written out for a form.
MOST_BYTES = 32 * 1024
MOST_FIELDS = 100
MOST_MEDIA = 99
FORM = "application/x-www-form-urlencoded"
GATEWAY_ID = re.compile(r"[A-Za-z0-9]{2,64}")
LONGEST_STATUS, LONGEST_CODE, LONGEST_NUMBER, LONGEST_WORD = 40, 20, 40, 10


class WebhookRefused(Exception):
    """Not to be taken in: `status` is the answer, `reason` one word for the log and nothing of what was sent."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def require_small_form(content_type: str, content_length: str) -> None:
    """Refuse by the headers alone, before a byte of the body is read (SW09). Raises WebhookRefused 400 or 413."""
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise WebhookRefused(400, "content_type")
    if not (content_length.isascii() and content_length.isdigit()):
        raise WebhookRefused(400, "length")
    if int(content_length) > MOST_BYTES:
        raise WebhookRefused(413, "length")


def form_of(body: bytes) -> QueryDict:
    """The fields of a body of at most `MOST_BYTES`. Raises WebhookRefused 400 for too many (SW09)."""
    if len(body) > MOST_BYTES or body.count(b"&") >= MOST_FIELDS:
        raise WebhookRefused(400, "fields")
    return QueryDict(body, encoding="utf-8")


def require_twilio(form: QueryDict, *, path: str, signature: str) -> None:
    """Refuse what our account at Twilio has not signed for exactly this address (SW01, SW02, SW15).

    The address is PUBLIC_URL and `path` (with its query, if any): never what the request calls its host. Raises
    WebhookRefused 403, also while no account is set up.
    """
    token, account = settings.TWILIO_AUTH_TOKEN, settings.TWILIO_ACCOUNT_SID
    if not token or not account:
        raise WebhookRefused(403, "no_account")
    if not signature:
        raise WebhookRefused(403, "signature_missing")
    if not RequestValidator(token).validate(f"{settings.PUBLIC_URL}{path}", form, signature):
        raise WebhookRefused(403, "signature_wrong")
    if form.getlist("AccountSid") != [account]:
        raise WebhookRefused(403, "account")


def keep_status(form: QueryDict, reference: UUID) -> None:
    """Keep what became of our message `reference`; the same news twice is kept once (SW03). WebhookRefused 400."""
    _keep(
        kind=EventKind.STATUS,
        gateway_id=_gateway_id(form),
        status=_plain(form, "MessageStatus", LONGEST_STATUS),
        error_code=_plain(form, "ErrorCode", LONGEST_CODE),
        reference=reference,
    )


def keep_reply(form: QueryDict) -> None:
    """Keep a reply, number and text sealed; the same reply twice is kept once (SW14). WebhookRefused 400."""
    written = _plain(form, "From", LONGEST_NUMBER)
    if not written:
        raise WebhookRefused(400, "sender")
    number = seal("phone", normalise(written) or written)
    media = form.get("NumMedia", "")
    _keep(
        kind=EventKind.INBOUND,
        gateway_id=_gateway_id(form),
        number_ciphertext=number.ciphertext,
        number_index=number.index,
        own_number=_plain(form, "To", LONGEST_NUMBER),
        body=form.get("Body", ""),
        media=min(int(media), MOST_MEDIA) if media.isascii() and media.isdigit() else 0,
        opt_out_word=_plain(form, "OptOutType", LONGEST_WORD).upper(),
    )


def _keep(**values: Any) -> None:
    # The database's clock, in the same statement (F28).
    received_at = Func(function="outreach_now", output_field=DateTimeField())
    GatewayEvent.objects.bulk_create(
        [GatewayEvent(gateway=GATEWAY, received_at=received_at, **values)], ignore_conflicts=True
    )


def _gateway_id(form: QueryDict) -> str:
    found = form.get("MessageSid", "")
    if not GATEWAY_ID.fullmatch(found):
        raise WebhookRefused(400, "message_id")
    return found


def _plain(form: QueryDict, name: str, longest: int) -> str:
    """A field as it came, cut to what the table holds; PostgreSQL knows no NUL."""
    return form.get(name, "").replace("\0", "").strip()[:longest]
