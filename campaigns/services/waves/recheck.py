"""What is looked at once more about a wave's message before it is handed over (SS10)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from registry.models import ClosedReason, FollowUp, FollowUpStatus

from ...models import SmsMessage, SmsWave
from ...selectors.open_replies import have_written
from ...sending_window import COPENHAGEN
from ...waves.audience import Standing, standing
from .states import RUNNING


def no_longer_wanted(messages: list[SmsMessage], now: datetime) -> dict[UUID, str]:
    """Message → why it is cancelled: its wave has been ended, or its citizen has answered, written or left the list, or
    is protected by now.

    Three queries.
    """
    today = now.astimezone(COPENHAGEN).date()
    # Who wrote before their place came up had nothing in the queue yet that the reply could have cancelled (K9).
    wrote = have_written([each.citizen_id for each in messages], [bytes(each.number_index) for each in messages])
    waves = SmsWave.objects.in_bulk({message.wave_id for message in messages if message.wave_id is not None})
    follow_ups = FollowUp.objects.in_bulk({each.follow_up_id for each in messages if each.follow_up_id is not None})
    found: dict[UUID, str] = {}
    for message in messages:
        wave = waves.get(message.wave_id or 0)
        if wave is None or wave.state not in RUNNING:
            found[message.pk] = "wave_cancelled"
        elif reason := _answered(wave, follow_ups.get(message.follow_up_id or 0)):
            found[message.pk] = reason
        elif wrote & {message.citizen_id, bytes(message.number_index)}:
            found[message.pk] = "replied"
        elif message.citizen.is_protected(today):
            found[message.pk] = "protected"
    return found


def _answered(wave: SmsWave, follow_up: FollowUp | None) -> str:
    if follow_up is None:
        return "no_longer_due"
    if follow_up.status == FollowUpStatus.CLOSED and follow_up.closed_reason != ClosedReason.ATTEMPTS_DOCUMENTED:
        return "no_longer_due"
    now_stands = standing(
        status=follow_up.status,
        closed_reason=follow_up.closed_reason,
        outcome=follow_up.outcome,
        contacted=follow_up.first_contact_at is not None,
    )
    if now_stands == Standing.WAITING and Standing.WAITING not in wave.filter.get("statuses", []):
        return "answered"
    return ""
