"""Write down what the gateway said to a batch, and plan its citizens on (S5, S6)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from outreach.access.actor import Actor
from outreach.messaging.gateways import (
    Accepted,
    GatewayAccountTrouble,
    GatewayRefused,
    GatewayRetryable,
    GatewaySenderTrouble,
)
from outreach.messaging.gateways.twilio_errors import ErrorKind, ErrorMeaning
from registry.services.commit_lock import work_beside_commits
from registry.services.follow_up_steps import spend_message_steps

from ...models import MACHINE_PURPOSES, SENDER_REFUSED, MessageStatus, SmsMessage, SmsStatusChange
from ..planning import plan
from ..receipts.contacts import record_contacts
from ..receipts.failures import settle_number
from .pool import NotTried, Outcome, Result
from .refused_senders import hold_refused, tell_watchers

# 1, 2, 4 … 60 minutes apart: about seven hours, longer than a gateway's ordinary outage (F16).
MAX_ATTEMPTS = 12
LONGEST_WAIT_MINUTES = 60
# Gateways without delivery receipts: accepted is all there will be.
WITHOUT_RECEIPTS = {"console"}


def settle(*, by: Actor, gateway_name: str, results: Sequence[Result], now: datetime) -> Counter[str]:
    """Set each message's status, write the contacts that were made, replan the citizens; count by status.

    A message the sweeper has put in doubt meanwhile is resolved when it was accepted, and else left in doubt.
    """
    # Before the messages' rows, as planning does after them: an undo under way would else wait for us, and we for it.
    work_beside_commits(*by.personal_municipalities)
    outcomes = {result.message_id: result.outcome for result in results}
    messages = list(
        SmsMessage.objects.filter(pk__in=outcomes, status__in=[MessageStatus.HANDING_OVER, MessageStatus.IN_DOUBT])
        .select_for_update(of=("self",))
        .select_related("phone", "follow_up")
        .order_by("id")
    )
    sent, were_in_doubt, spent, settled = [], [], [], []
    for message in messages:
        was_in_doubt = message.status == MessageStatus.IN_DOUBT
        outcome = outcomes[message.pk]
        if was_in_doubt and not isinstance(outcome, Accepted):
            continue
        _set(by, message, outcome, gateway_name, now)
        settled.append(message)
        if isinstance(outcome, Accepted):
            sent.append(message)
            if was_in_doubt:
                were_in_doubt.append(message)
        elif message.status != MessageStatus.QUEUED and _uses_step_up(message, outcome):
            spent.append(message.citizen_id)
    _save(settled, gateway_name, now)
    tell_watchers(settled)
    record_contacts(by, sent, counted=were_in_doubt, now=now)
    spend_message_steps(spent, now)
    plan(by=by, now=now, citizen_ids=sorted({message.citizen_id for message in messages}))
    return Counter(str(message.status) for message in messages)


def _set(by: Actor, message: SmsMessage, outcome: Outcome, gateway_name: str, now: datetime) -> None:
    message.status_at, message.gateway = now, gateway_name
    if isinstance(outcome, Accepted):
        message.gateway_id, message.error_code, message.error_text = outcome.gateway_id, "", ""
        message.status = MessageStatus.SENT if gateway_name in WITHOUT_RECEIPTS else MessageStatus.ACCEPTED
    elif isinstance(outcome, GatewayRefused):
        message.status, message.error_code, message.error_text = MessageStatus.FAILED, outcome.code, outcome.danish
        settle_number(by, message, ErrorMeaning(ErrorKind.PERMANENT, outcome.danish, outcome.fate), now)
    elif isinstance(outcome, GatewayRetryable):
        _retry(message, outcome, now)
    elif isinstance(outcome, GatewaySenderTrouble):
        hold_refused(message, outcome, now)
    elif isinstance(outcome, (NotTried, GatewayAccountTrouble)):
        # F17: nothing is wrong with the message. It waits, and has not been tried.
        sender = isinstance(outcome, NotTried) and outcome.sender_refused
        message.status, message.status_reason = MessageStatus.QUEUED, SENDER_REFUSED if sender else "line_closed"
        message.attempts = max(0, message.attempts - 1)
    else:
        message.status, message.error_code = MessageStatus.IN_DOUBT, str(outcome)[:20]


def _retry(message: SmsMessage, outcome: GatewayRetryable, now: datetime) -> None:
    """Back into the queue with a growing distance, apart from its neighbours; at last failed (F15)."""
    if message.attempts >= MAX_ATTEMPTS:
        message.status, message.error_code = MessageStatus.FAILED, "unreachable"
        return
    seconds = 60.0 * min(2 ** (message.attempts - 1), LONGEST_WAIT_MINUTES)
    seconds = max(seconds, outcome.retry_after or 0.0) + random.uniform(0, 60)  # noqa: S311  no secret
    message.status, message.status_reason = MessageStatus.QUEUED, "gateway_unavailable"
    message.not_before = now + timedelta(seconds=seconds)


def _uses_step_up(message: SmsMessage, outcome: Outcome) -> bool:
    """Not when the number itself is out, so that the plan may try another one for the same step."""
    number_is_out = isinstance(outcome, GatewayRefused) and bool(outcome.fate)
    return message.purpose in MACHINE_PURPOSES and not number_is_out


# `bulk_update` of these took 370 ms for 100 messages, nearly all of it in Python; this takes 4.
SAVE = """
UPDATE campaigns_smsmessage m
SET status = v.status, status_at = %s, status_reason = v.status_reason, attempts = v.attempts,
    not_before = v.not_before, gateway = %s, gateway_id = v.gateway_id, error_code = v.error_code,
    error_text = v.error_text, step_key = v.step_key
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::int[], %s::timestamptz[], %s::text[], %s::text[], %s::text[],
    %s::text[]) AS v(id, status, status_reason, attempts, not_before, gateway_id, error_code, error_text, step_key)
WHERE m.id = v.id
"""


def _save(messages: list[SmsMessage], gateway_name: str, now: datetime) -> None:
    for message in messages:
        if message.status == MessageStatus.FAILED:
            message.step_key = f"{message.step_key}:{message.pk}"  # free for the next number
    columns = zip(
        *(
            (
                each.pk,
                str(each.status),
                each.status_reason,
                each.attempts,
                each.not_before,
                each.gateway_id,
                each.error_code,
                each.error_text,
                each.step_key,
            )
            for each in messages
        ),
        strict=True,
    )
    if messages:
        with connection.cursor() as cursor:
            cursor.execute(SAVE, [now, gateway_name, *(list(column) for column in columns)])
    SmsStatusChange.objects.bulk_create(
        SmsStatusChange(
            municipality_id=each.municipality_id,
            message=each,
            status=each.status,
            at=now,
            note=each.error_text or each.error_code,
        )
        for each in messages
    )
