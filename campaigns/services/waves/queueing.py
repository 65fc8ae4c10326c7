"""Put the messages of an approved wave in the queue, a batch at a time: resumable, and never one twice (SS04, S5)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError
from outreach.messaging.numbers import is_sendable
from registry.models import Citizen, FollowUp, Phone
from registry.selectors.citizens import sms_phone
from registry.services.commit_lock import work_beside_commits

from ...models import OptOut, SmsPurpose, SmsWave, SmsWaveRecipient, WaveState
from ...selectors.waves_audience import verdicts
from ...sending_window import window_for
from ...waves.pace import Pace, pace
from ..message_making import NewMessage, queue_messages
from .specs import query_of, spec_of, texts_of
from .states import write_step
from .texts import WaveText

BATCH = 2000
# Why somebody approved gets nothing after all, beside the reasons of the preview.
NOT_NAMED, EXPIRED, CANCELLED, NO_SENDABLE_NUMBER = "not_named", "expired", "cancelled", "unsendable"


@transaction.atomic
def queue_batch(*, by: Actor, wave_id: int, now: datetime, size: int = BATCH) -> int:
    """Queue the next recipients of a wave, by their place; return how many were dealt with, 0 when all are.

    Each is looked at once more: who opted out, answered or was called since gets nothing, and the reason is kept. Two
    workers take turns at the wave's row; one that dies leaves whole batches only. A text withdrawn meanwhile puts the
    wave on hold.
    """
    work_beside_commits(*by.personal_municipalities)
    wave = SmsWave.objects.select_for_update(of=("self",)).get(pk=wave_id)
    if wave.state not in (WaveState.APPROVED, WaveState.SENDING) or wave.queued_at is not None:
        return 0
    batch = list(_waiting(wave).order_by("position")[:size])
    if not batch:
        wave.queued_at = now
        wave.save(update_fields=["queued_at"])
        return 0
    if wave.expires_at is not None and now >= wave.expires_at:
        return _waiting(wave).update(left_out=EXPIRED)
    spec = spec_of(wave, pinned=True)
    try:
        texts = texts_of(spec)
    except UserError as refused:
        wave.state, wave.state_at = WaveState.HELD, now
        wave.save(update_fields=["state", "state_at"])
        write_step(wave, by=by, now=now, note=refused.message)
        return 0
    reasons = verdicts(query_of(spec, texts, now), [each.citizen_id for each in batch])
    new = _messages(wave, texts, batch, reasons)
    made = queue_messages(new, now=now)
    queued = {message.citizen.pk for message in new}
    for recipient in batch:
        recipient.queued = recipient.citizen_id in queued
        if not recipient.queued:
            recipient.left_out = reasons.get(recipient.citizen_id, NOT_NAMED) or NO_SENDABLE_NUMBER
    SmsWaveRecipient.objects.bulk_update(batch, ["queued", "left_out"], batch_size=BATCH)
    if len(made) != len(new):
        # The step keys exist: the rows are there, and belong to this wave.
        write_step(wave, by=by, now=now, note=_("Nogle sms'er var allerede i køen og blev ikke lagt i igen."))
    return len(batch)


def pace_of(wave: SmsWave, *, number: int) -> Pace:
    """The pace of an approved wave for the next `number` places, from its start or its last release."""
    return pace(
        starts_at=datetime.fromisoformat(wave.preview["pace_from"]),
        number=number,
        per_minute=wave.per_minute,
        window=window_for(wave.municipality_id),
    )


def _waiting(wave: SmsWave) -> QuerySet[SmsWaveRecipient]:
    return SmsWaveRecipient.objects.filter(wave=wave, queued=False, held_out=False, left_out="")


def _messages(
    wave: SmsWave, texts: dict[str, WaveText], batch: list[SmsWaveRecipient], reasons: dict[int, str]
) -> list[NewMessage]:
    ids = [each.citizen_id for each in batch if reasons.get(each.citizen_id) == ""]
    stopped = OptOut.objects.filter(municipality=OuterRef("municipality"), number_index=OuterRef("number_index"))
    phones = Prefetch("phones", queryset=Phone.objects.filter(~Exists(stopped)))
    citizens = Citizen.objects.filter(pk__in=ids).prefetch_related(phones).in_bulk()
    first = int(wave.preview["pace_first"])
    plan = pace_of(wave, number=batch[-1].position - first + 1)
    new = []
    for recipient in batch:
        citizen = citizens.get(recipient.citizen_id)
        phone = sms_phone(citizen) if citizen is not None else None
        if citizen is None or phone is None or not is_sendable(phone.number):
            continue
        text = texts[recipient.language]
        new.append(
            NewMessage(
                citizen=citizen,
                phone=phone,
                body=text.body_for(citizen.name),
                purpose=SmsPurpose.WAVE,
                step_key=f"wave:{wave.pk}:{citizen.pk}",
                not_before=plan.at(recipient.position - first),
                language=text.template.language,
                template=text.template,
                expires_at=wave.expires_at,
                follow_up=FollowUp(pk=recipient.follow_up_id) if recipient.follow_up_id else None,
                links={"wave": wave},
            )
        )
    return new
