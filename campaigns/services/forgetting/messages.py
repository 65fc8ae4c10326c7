"""Messages, replies, places in waves and letters: the words go first, what was counted stays (S3, S7, S9, D6).

That a message was sent, when and with what result, is proof of the duty (K3): it stays with the other attempts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.services.row_erasure import before, erase_rows

from ...models import BatchState, Conversation, Letter, MessageStatus, SmsMessage, SmsWave, SmsWaveRecipient
from ...selectors.waves_results import ended_waves
from .case_over import case_over

# What may still go out, or is going at this moment.
UNDER_WAY = (MessageStatus.QUEUED, MessageStatus.HANDING_OVER)
# What stands where a number was.
BLANK = b""


def erase_wave_places(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Who had a place in a wave that is over. Its results are written down (`waves.jobs`). Returns how many waves."""
    moment = before(now, "MESSAGE_DAYS")

    def due() -> QuerySet[SmsWave]:
        places = SmsWaveRecipient.objects.filter(wave=OuterRef("pk"))
        return ended_waves(moment).filter(Exists(places), results__isnull=False)

    return erase_rows(due, what="sms_wave", now=now, dry_run=dry_run, erase=_erase_places)


def _erase_places(wave_ids: Sequence[Any]) -> None:
    SmsWaveRecipient.objects.filter(wave__in=wave_ids).delete()


def erase_words(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Text and number of messages; those of a wave when its results are written down. Returns how many messages."""
    moment = before(now, "MESSAGE_DAYS")
    return erase_rows(
        lambda: _over(moment).exclude(number_ciphertext=BLANK),
        what="smsmessage_words",
        now=now,
        dry_run=dry_run,
        erase=_blank,
    )


def erase_messages(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """That they were sent, and what became of them: proof like the other attempts (K3), after the citizen's case."""
    moment = before(now, "CONTACT_DAYS")
    return erase_rows(lambda: _over(moment).filter(case_over(moment)), what="smsmessage", now=now, dry_run=dry_run)


def _over(moment: datetime) -> QuerySet[SmsMessage]:
    over = SmsMessage.objects.exclude(status__in=UNDER_WAY).filter(status_at__lte=moment)
    return over.filter(Q(wave=None) | Q(wave__results__isnull=False))


def _blank(message_ids: Sequence[Any]) -> None:
    words = {"body": "", "number_ciphertext": BLANK, "number_index": BLANK, "phone": None}
    SmsMessage.objects.filter(pk__in=message_ids).update(**words)


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
