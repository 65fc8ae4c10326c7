"""What the workers do about waves; each opens its own data contexts, so call it outside of one."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from outreach.access.data_context import job_context
from outreach.access.selectors import served_municipality_codes

from ...models import SmsWave, WaveState
from ...selectors.waves_results import FOLLOWED_DAYS, ended_waves, wave_results
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


def write_results(*, now: datetime) -> int:
    """Write down the results of waves that have been over for as long as acts are put down to them; return how many.

    Later the replies and answers they are counted from may have had their time (A5, D6).
    """
    written = 0
    for code in served_municipality_codes():
        with job_context(JOB, [code]):
            due = ended_waves(now - timedelta(days=FOLLOWED_DAYS)).filter(municipality=code, results__isnull=True)
            for wave in due.order_by("pk").select_for_update(skip_locked=True):
                wave.results = asdict(wave_results(wave))
                wave.save(update_fields=["results"])
                written += 1
    return written
