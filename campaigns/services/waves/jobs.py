"""What the workers do about waves; each opens its own data contexts, so call it outside of one."""

from __future__ import annotations

from datetime import datetime

from outreach.access.data_context import job_context

from ...models import SmsWave, WaveState
from .queueing import queue_batch
from .running import advance_wave
from .states import RUNNING

JOB = "sms-waves"


def queue_wave(wave_id: int, *, now: datetime) -> int:
    """Queue all of an approved wave, a transaction for each batch; return how many recipients were dealt with.

    A worker that dies is followed by another, which goes on after the last whole batch.
    """
    wave = SmsWave.objects.filter(pk=wave_id).first()
    dealt_with = 0
    while wave is not None:
        with job_context(JOB, [wave.municipality_id]) as by:
            number = queue_batch(by=by, wave_id=wave_id, now=now)
        if not number:
            break
        dealt_with += number
    return dealt_with


def advance_waves(*, now: datetime) -> list[int]:
    """Bring every running wave to the state of its messages; return those whose queueing nobody finished."""
    running = SmsWave.objects.filter(state__in=RUNNING).order_by("pk")
    for wave in running:
        with job_context(JOB, [wave.municipality_id]) as by:
            advance_wave(by=by, wave=wave, now=now)
    unfinished = SmsWave.objects.filter(state__in=[WaveState.APPROVED, WaveState.SENDING], queued_at=None)
    return list(unfinished.order_by("pk").values_list("pk", flat=True))
