"""Messages, replies, places in waves and letters: the words go, what was counted stays (S3, S7, S9, D6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from registry.services.row_erasure import before, erase_rows

from ...models import BatchState, Conversation, Letter, MessageStatus, SmsMessage, SmsWave, SmsWaveRecipient, WaveState
from ...selectors.waves_results import wave_results
from .case_over import case_over

# What may still go out, or is going at this moment.
UNDER_WAY = (MessageStatus.QUEUED, MessageStatus.HANDING_OVER)
ENDED_WAVES = (WaveState.FINISHED, WaveState.CANCELLED, WaveState.REJECTED)


def erase_wave_places(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Who had a place in a wave that is over. Its results are written down first. Returns how many waves."""
    moment = before(now, "MESSAGE_DAYS")

    def due() -> QuerySet[SmsWave]:
        ended = SmsWave.objects.alias(ended=Coalesce("finished_at", "state_at")).order_by()
        return ended.filter(results__isnull=True, state__in=ENDED_WAVES, ended__lte=moment)

    return erase_rows(due, what="sms_wave", now=now, dry_run=dry_run, erase=_erase_places)


def _erase_places(wave_ids: Sequence[Any]) -> None:
    for wave in SmsWave.objects.filter(pk__in=wave_ids):
        wave.results = asdict(wave_results(wave))
        wave.save(update_fields=["results"])
    SmsWaveRecipient.objects.filter(wave__in=wave_ids).delete()


def erase_messages(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Messages with what became of them; those of a wave when its results are written down."""
    moment = before(now, "MESSAGE_DAYS")

    def due() -> QuerySet[SmsMessage]:
        over = SmsMessage.objects.exclude(status__in=UNDER_WAY).filter(status_at__lte=moment)
        return over.filter(Q(wave=None) | Q(wave__results__isnull=False))

    return erase_rows(due, what="smsmessage", now=now, dry_run=dry_run)


def erase_conversations(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """What known citizens wrote, finished or not; strangers' words go earlier (`inbox.forgetting`)."""
    moment = before(now, "MESSAGE_DAYS")

    def due() -> QuerySet[Conversation]:
        return Conversation.objects.exclude(citizen=None).filter(last_reply_at__lte=moment)

    return erase_rows(due, what="conversation", now=now, dry_run=dry_run)


def erase_letters(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Who got which letter, after the citizen's case; the batch keeps how many there were."""
    moment = before(now, "CONTACT_DAYS")

    def due() -> QuerySet[Letter]:
        over = Letter.objects.filter(case_over(moment), batch__state_changed_at__lte=moment)
        return over.exclude(batch__state__in=[BatchState.MAKING, BatchState.READY])

    return erase_rows(due, what="letter", now=now, dry_run=dry_run)
