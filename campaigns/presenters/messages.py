"""Text messages in plain Danish: where each stands, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from outreach.privacy.masking import mask_phone
from outreach.privacy.sealing import unseal

from ..models import MessageStatus, SmsMessage, SmsPurpose
from .moments import moment_words

# The order in which a reader cares: what needs somebody, what waits, what went well.
STATUS_ORDER = [
    MessageStatus.IN_DOUBT,
    MessageStatus.FAILED,
    MessageStatus.UNDELIVERED,
    MessageStatus.QUEUED,
    MessageStatus.HANDING_OVER,
    MessageStatus.ACCEPTED,
    MessageStatus.SENT,
    MessageStatus.DELIVERED,
    MessageStatus.CANCELLED,
    MessageStatus.EXPIRED,
]
ALWAYS_SHOWN = {MessageStatus.IN_DOUBT, MessageStatus.FAILED, MessageStatus.QUEUED, MessageStatus.DELIVERED}
_TONES = {
    MessageStatus.IN_DOUBT: "warning",
    MessageStatus.FAILED: "danger",
    MessageStatus.UNDELIVERED: "danger",
    MessageStatus.DELIVERED: "success",
    MessageStatus.SENT: "accent",
    MessageStatus.ACCEPTED: "accent",
}


@dataclass(frozen=True)
class StatusTile:
    """How many messages have a status; the count links to them."""

    value: str
    label: str
    number: int
    tone: str
    current: bool


@dataclass(frozen=True)
class MessageRow:
    """One message without its text."""

    message_id: str
    citizen_id: int
    name: str
    number: str
    template: str
    when: str
    status: str
    tone: str
    detail: str
    segments: int


def status_tiles(counts: dict[str, int], chosen: MessageStatus | None) -> list[StatusTile]:
    """The tiles over the list: statuses that matter always, others when there are any."""
    return [
        StatusTile(
            value=status.value,
            label=str(status.label),
            number=counts.get(status, 0),
            tone=_tile_tone(status, counts.get(status, 0)),
            current=status == chosen,
        )
        for status in STATUS_ORDER
        if status in ALWAYS_SHOWN or counts.get(status)
    ]


def message_row(message: SmsMessage, *, now: datetime) -> MessageRow:
    """A row; citizen and template must be loaded."""
    status = MessageStatus(message.status)
    sealed = bytes(message.number_ciphertext)
    # Text and number go before the row that says it was sent (A5).
    number = mask_phone(unseal("phone", sealed, bytes(message.number_index))) if sealed else _("Nummeret er slettet")
    return MessageRow(
        message_id=str(message.pk),
        citizen_id=message.citizen_id,
        name=message.citizen.name,
        number=number,
        template=str(message.template) if message.template else str(SmsPurpose(message.purpose).label),
        when=moment_words(message.status_at, now),
        status=str(status.label),
        tone=_TONES.get(status, ""),
        detail=_detail(message, status, now),
        segments=message.segments,
    )


def _tile_tone(status: MessageStatus, number: int) -> str:
    if not number or status not in (MessageStatus.IN_DOUBT, MessageStatus.FAILED):
        return ""
    return "warning" if status == MessageStatus.IN_DOUBT else "danger"


def _detail(message: SmsMessage, status: MessageStatus, now: datetime) -> str:
    if status == MessageStatus.QUEUED:
        words = {"when": moment_words(message.not_before, now)}
        return _("Sendes %(when)s") % words if message.not_before > now else _("Sendes nu")
    if status == MessageStatus.EXPIRED:
        return _("Den blev ikke sendt i tide og giver ikke mening mere.")
    if status == MessageStatus.IN_DOUBT and message.status_reason == "sent_again":
        return _("En kollega har sendt den igen.")
    if status == MessageStatus.IN_DOUBT:
        return _("Forbindelsen blev afbrudt, mens den blev afleveret. Den bliver ikke sendt igen af sig selv.")
    return message.error_text
