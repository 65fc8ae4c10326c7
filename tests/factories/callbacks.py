"""Callbacks as Twilio sends them: forms signed over the exact public address with the account's token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from twilio.request_validator import RequestValidator

from campaigns.models import MessageStatus, SmsMessage
from outreach.messaging.models import GatewayEvent
from registry.models import Citizen
from tests.factories.campaigns import NOW
from tests.factories.contact_pages import phone

ACCOUNT = "AC" + "1" * 32
TOKEN = "5" * 32
PUBLIC_URL = "https://opsoeg.example.dk"
FORM = "application/x-www-form-urlencoded"
INBOUND = "/webhooks/twilio/inbound/"
MOBILE = "+4520123456"
OWN_NUMBER = "+4552998877"


def sid(number: int = 1) -> str:
    """A message's id at Twilio."""
    return f"SM{number:032x}"


def status_path(reference: UUID | str) -> str:
    """The address we give Twilio with a message."""
    return f"/webhooks/twilio/status/{reference}/"


def status_form(status: str, *, gateway_id: str = "", error: str = "", **more: str) -> dict[str, str]:
    """What Twilio says of a message."""
    form = {
        "AccountSid": ACCOUNT,
        "MessageSid": gateway_id or sid(),
        "SmsSid": gateway_id or sid(),
        "MessageStatus": status,
        "SmsStatus": status,
        "To": MOBILE,
        "From": OWN_NUMBER,
        "ApiVersion": "2010-04-01",
    }
    return form | ({"ErrorCode": error} if error else {}) | more


def reply_form(body: str, *, gateway_id: str = "", sender: str = MOBILE, **more: str) -> dict[str, str]:
    """What Twilio says when somebody writes to us."""
    form = {
        "AccountSid": ACCOUNT,
        "MessageSid": gateway_id or sid(),
        "SmsMessageSid": gateway_id or sid(),
        "SmsStatus": "received",
        "Body": body,
        "From": sender,
        "To": OWN_NUMBER,
        "NumMedia": "0",
        "NumSegments": "1",
        "FromCountry": "DK",
        "ApiVersion": "2010-04-01",
    }
    return form | more


def signature(path: str, form: Mapping[str, str], *, token: str = TOKEN, public_url: str = PUBLIC_URL) -> str:
    """Twilio's signature of a form for an address."""
    return RequestValidator(token).compute_signature(f"{public_url}{path}", dict(form))


def call(path: str, form: Mapping[str, str], *, signed: str | None = None, **headers: Any) -> HttpResponse:
    """Post a form as Twilio does; `signed` replaces the right signature, "" leaves it out."""
    mark = signature(path, form) if signed is None else signed
    more = {"HTTP_X_TWILIO_SIGNATURE": mark} if mark else {}
    return Client().post(path, urlencode(form), content_type=FORM, **more, **headers)


def sent_message(owner: Citizen, *, status: str = MessageStatus.ACCEPTED, **changes: Any) -> SmsMessage:
    """A message to the citizen's mobile that was handed over a moment ago."""
    number = owner.phones.first() or phone(owner, MOBILE)
    values: dict[str, Any] = {
        "phone": number,
        "number_ciphertext": number.number_ciphertext,
        "number_index": number.number_index,
        "body": "Hej. Ring til Ishøj Kommune på 43 57 75 75.",
        "encoding": "GSM-7",
        "segments": 1,
        "status": status,
        "status_at": NOW,
        "not_before": NOW,
        "queued_at": NOW,
        "handed_over_at": NOW,
        "gateway": "twilio",
        "step_key": f"test-{owner.pk}-{SmsMessage.objects.count()}",
    }
    return SmsMessage.objects.create(municipality_id=owner.municipality_id, citizen=owner, **values | changes)


def events() -> list[tuple[str, str, str]]:
    """Kind, status and result of what was kept."""
    return list(GatewayEvent.objects.order_by("pk").values_list("kind", "status", "result"))
