"""An approved wave on its way: held and let go by a person, cancelled, expired, finished (S3, S4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.access.actor import Actor
from outreach.audit.models import Action

from ...models import MessageStatus, SmsMessage, SmsWave, SmsWaveRecipient, WaveState
from ...selectors.waves_audience import statement
from ...sending_window import window_for
from ...waves.pace import pace, slot_columns
from .queueing import CANCELLED, EXPIRED
from .states import RUNNING, locked, log, move, require_state

# A held message waits this long at most: long enough for any person, and never past the wave's own end.
HELD_FOR = timedelta(days=3650)
ON_THEIR_WAY = [MessageStatus.QUEUED, MessageStatus.HANDING_OVER]


@transaction.atomic
def hold_wave(*, by: Actor, wave: SmsWave, now: datetime, reason: str = "") -> SmsWave:
    """Stop sending until somebody releases it; what is being handed over goes. Raises UserError `wave_state`."""
    current = locked(by, wave)
    require_state(current, WaveState.APPROVED, WaveState.SENDING)
    _queued(current).update(not_before=now + HELD_FOR, status_reason="wave_held")
    move(current, WaveState.HELD, by=by, now=now, note=reason.strip())
    log(current, Action.CHANGE, by=by, now=now, purpose=_("Sms-udsendelse sat på pause"))
    return current


@transaction.atomic
def release_wave(*, by: Actor, wave: SmsWave, now: datetime) -> SmsWave:
    """Go on from now: what waits is spread anew over the sending window. Raises UserError `wave_state`.

    What would come after the wave has expired is not sent; the dispatcher sees to that.
    """
    current = locked(by, wave)
    require_state(current, WaveState.HELD)
    first = _first_place(current)
    current.preview |= {"pace_from": max(now, current.starts_at).isoformat(), "pace_first": first}
    number = current.recipients.filter(held_out=False).count() - first
    plan = pace(
        starts_at=max(now, current.starts_at),
        number=max(number, 0),
        per_minute=current.per_minute,
        window=window_for(current.municipality_id),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement("wave_spread"),
            slot_columns(plan.slots)
            | {"wave": current.pk, "municipality": current.municipality_id, "first": first, "gap": plan.gap},
        )
    move(current, WaveState.APPROVED, by=by, now=now, note=_("Sendes igen"))
    log(current, Action.CHANGE, by=by, now=now, purpose=_("Sms-udsendelse sendes igen"))
    return current


@transaction.atomic
def cancel_wave(*, by: Actor, wave: SmsWave, now: datetime, reason: str = "") -> int:
    """Cancel what is not handed over yet; return how many get nothing because of it. Raises UserError `wave_state`."""
    current = locked(by, wave)
    require_state(current, *RUNNING)
    stopped = _stop(current, reason="wave_cancelled", left_out=CANCELLED, now=now)
    note = ngettext("%(number)s sms stoppet", "%(number)s sms'er stoppet", stopped) % {"number": stopped}
    move(current, WaveState.CANCELLED, by=by, now=now, note=f"{note}. {reason.strip()}".strip())
    log(current, Action.CHANGE, by=by, now=now, purpose=_("Sms-udsendelse annulleret"), stopped=stopped)
    return stopped


@transaction.atomic
def advance_wave(*, by: Actor, wave: SmsWave, now: datetime) -> SmsWave:
    """Bring a running wave to the state that its messages are in: sending, finished, or expired. Twice: no effect."""
    current = locked(by, wave)
    if current.state not in RUNNING:
        return current
    if current.expires_at is not None and now >= current.expires_at:
        _stop(current, reason="expired", left_out=EXPIRED, now=now)
        current.queued_at = current.queued_at or now
    on_their_way = SmsMessage.objects.filter(wave=current, status__in=ON_THEIR_WAY)
    if current.queued_at is not None and not on_their_way.exists():
        current.finished_at = now
        move(current, WaveState.FINISHED, by=by, now=now)
    elif current.state == WaveState.APPROVED and now >= datetime.fromisoformat(current.preview["pace_from"]):
        move(current, WaveState.SENDING, by=by, now=now)
    return current


def _queued(wave: SmsWave) -> QuerySet[SmsMessage]:
    return SmsMessage.objects.filter(wave=wave, municipality=wave.municipality_id, status=MessageStatus.QUEUED)


def _stop(wave: SmsWave, *, reason: str, left_out: str, now: datetime) -> int:
    waiting = wave.recipients.filter(queued=False, held_out=False, left_out="").update(left_out=left_out)
    with connection.cursor() as cursor:
        cursor.execute(
            statement("wave_cancel"),
            {"wave": wave.pk, "municipality": wave.municipality_id, "reason": reason, "now": now},
        )
        (cancelled,) = cursor.fetchone()
    return int(waiting + cancelled)


def _first_place(wave: SmsWave) -> int:
    """The first place that has not been handed over or given up."""
    unqueued = wave.recipients.filter(queued=False, held_out=False, left_out="").aggregate(first=Min("position"))
    waiting = SmsWaveRecipient.objects.filter(
        wave=wave, held_out=False, citizen__in=_queued(wave).values("citizen")
    ).aggregate(first=Min("position"))
    places = [each["first"] for each in (unqueued, waiting) if each["first"] is not None]
    return min(places, default=wave.recipients.filter(held_out=False).count())
