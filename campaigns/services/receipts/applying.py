"""Write down what a delivery report says of one message, and go on from there (S6)."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from outreach.access.actor import Actor
from outreach.messaging.gateways.twilio_errors import ErrorMeaning, explain
from registry.services.commit_lock import work_beside_commits
from registry.services.scope import require_municipality

from ...models import MessageStatus, SmsMessage, SmsStatusChange
from ...receipt_rules import UNCONFIRMED, Verdict, meaning_of, verdict
from ..planning import plan
from .contacts import record_contacts
from .failures import go_on_after_failure, settle_number

FAILED = frozenset({MessageStatus.UNDELIVERED, MessageStatus.FAILED})
LONGEST_TEXT, LONGEST_NOTE = 200, 200

log = structlog.get_logger(__name__)


@transaction.atomic
def apply_status(
    *,
    by: Actor,
    message: SmsMessage,
    status: str,
    error_code: str,
    gateway_id: str,
    at: datetime,
    now: datetime,
) -> Verdict:
    """Apply the gateway's word `status` of the moment `at` to a message; say what was done about it.

    The status never falls and an end is kept (SW04, SW05); a word nobody knows changes nothing (SW08). The first news
    about a message in doubt says that it was handed over (F12). A number that will never do is marked, and the plan
    goes on without the message. Also for news that were fetched instead of received (F19).
    """
    require_municipality(by, message.municipality_id)
    # Before the message's row, as everybody does who plans afterwards.
    work_beside_commits(message.municipality_id)
    locked = SmsMessage.objects.select_for_update(of=("self",)).select_related("phone", "follow_up").get(pk=message.pk)
    if gateway_id and locked.gateway_id and locked.gateway_id != gateway_id:
        log.warning("receipt_for_another_id", message=str(locked.pk))
        return Verdict.CONFLICT
    reported = meaning_of(status)
    decision = verdict(locked.status, reported)
    if decision == Verdict.CONFLICT:
        log.warning("receipt_conflict", message=str(locked.pk), kept=locked.status, reported=str(reported))
        _note(locked, at, f"conflict:{reported}")
    elif decision == Verdict.UNKNOWN:
        # Its words stay with the raw event: whatever they say, they are not for a log.
        log.warning("receipt_unknown", message=str(locked.pk))
    elif decision == Verdict.APPLY and reported is not None:
        _apply(by, locked, reported, error_code, gateway_id, at, now)
    elif gateway_id and not locked.gateway_id:
        locked.gateway_id = gateway_id
        locked.save(update_fields=["gateway_id"])
    return decision


def _apply(
    by: Actor,
    message: SmsMessage,
    reported: MessageStatus,
    error_code: str,
    gateway_id: str,
    at: datetime,
    now: datetime,
) -> None:
    before = MessageStatus(message.status)
    failed = reported in FAILED
    meaning = explain(error_code) if failed else None
    message.status, message.status_at, message.status_reason = reported, at, ""
    message.gateway_id = gateway_id or message.gateway_id
    message.gateway = message.gateway or "twilio"
    if meaning is not None:
        message.error_code, message.error_text = error_code[:20], meaning.danish[:LONGEST_TEXT]
    message.save(
        update_fields=["status", "status_at", "status_reason", "gateway_id", "gateway", *_error_fields(meaning)]
    )
    _note(message, at, message.error_text if failed else "")
    if before in UNCONFIRMED and reported != MessageStatus.CANCELLED:
        record_contacts(by, [message], counted=[message] if before == MessageStatus.IN_DOUBT else [], now=now)
    if meaning is not None:
        settle_number(by, message, meaning, now)
        go_on_after_failure(message, now)
    if before in UNCONFIRMED or failed:
        plan(by=by, now=now, citizen_ids=[message.citizen_id])


def _error_fields(meaning: ErrorMeaning | None) -> list[str]:
    return [] if meaning is None else ["error_code", "error_text"]


def _note(message: SmsMessage, at: datetime, note: str) -> None:
    SmsStatusChange.objects.create(
        municipality_id=message.municipality_id,
        message=message,
        status=message.status,
        at=at,
        note=note[:LONGEST_NOTE],
    )
