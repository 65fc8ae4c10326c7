"""Citizens who answer the SMS they got, so that the inbox has something to show on the demo's last morning."""

from __future__ import annotations

from datetime import datetime, timedelta

from campaigns.models import Conversation, MessageStatus, SmsMessage
from campaigns.services.inbox import receive_reply
from outreach.access.data_context import job_context
from registry.models import FollowUpStatus

# Each is written by another citizen, so many minutes before the demo begins. Arabic: "May I bring my daughter?"
REPLIES = [
    (48, "JA tak"),
    (45, "RING"),
    (41, "Stop"),
    (38, "Can I come on Saturday instead? I work until 6 pm."),
    (33, "هل يمكنني إحضار ابنتي معي؟"),
    (26, "Nej tak"),
    (19, "Hvem er I, og hvorfor skriver I til mig?"),
    (14, "Jeg tror I har forkert nummer, jeg hedder Kim"),
    (8, "I må godt ringe, men først efter kl. 15"),
]
# A number that belongs to no citizen of the demo.
STRANGER, STRANGERS_WORDS = (
    "+4550990199",
    "Hej, min mor har fået en sms fra jer. Hun kan ikke selv svare. Hvad skal hun gøre?",
)


def write_back(municipality_code: int, now: datetime) -> int:
    """Let some of those who were last sent a message and have a case answer it; return how many replies came."""
    with job_context("demo", [municipality_code]) as by:
        sent = (
            SmsMessage.objects.filter(status=MessageStatus.SENT, citizen__follow_ups__status=FollowUpStatus.OPEN)
            .select_related("phone")
            .order_by("-handed_over_at", "citizen_id")
            .distinct()
        )
        numbers = list(dict.fromkeys(message.phone.number for message in sent[:60] if message.phone is not None))
        written = [(minutes, body, number) for (minutes, body), number in zip(REPLIES, numbers, strict=False)]
        if written:
            written.append((4, STRANGERS_WORDS, STRANGER))
        for serial, (minutes, body, number) in enumerate(written, start=1):
            at = now - timedelta(minutes=minutes)
            receive_reply(
                by=by,
                municipality_id=municipality_code,
                number=number,
                body=body,
                gateway_id=f"DEMO{municipality_code}{serial}",
                media=0,
                at=at,
                now=at,
            )
        return Conversation.objects.count()
