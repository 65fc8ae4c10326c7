"""The states of a wave: which follow which, and that each step is written down with who and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.services.scope import require_municipality

from ...models import SmsWave, SmsWaveChange, WaveState

NEXT: dict[WaveState, frozenset[WaveState]] = {
    WaveState.DRAFT: frozenset({WaveState.AWAITING_APPROVAL}),
    WaveState.AWAITING_APPROVAL: frozenset({WaveState.DRAFT, WaveState.APPROVED, WaveState.REJECTED}),
    WaveState.REJECTED: frozenset({WaveState.DRAFT}),
    WaveState.APPROVED: frozenset({WaveState.SENDING, WaveState.HELD, WaveState.CANCELLED, WaveState.FINISHED}),
    WaveState.SENDING: frozenset({WaveState.HELD, WaveState.CANCELLED, WaveState.FINISHED}),
    WaveState.HELD: frozenset({WaveState.APPROVED, WaveState.CANCELLED, WaveState.FINISHED}),
    WaveState.FINISHED: frozenset(),
    WaveState.CANCELLED: frozenset(),
}
CHANGEABLE = frozenset({WaveState.DRAFT, WaveState.REJECTED})
# What a page calls the program itself, where no person took the step.
PROGRAM = "Opsøg"
RUNNING = frozenset({WaveState.APPROVED, WaveState.SENDING, WaveState.HELD})


def locked(by: Actor, wave: SmsWave) -> SmsWave:
    """The wave as it is now, kept from others until the transaction ends. Needs SEND_WAVES in its municipality."""
    by.require(Permission.SEND_WAVES)
    current = SmsWave.objects.select_for_update(of=("self",)).get(pk=wave.pk)
    require_municipality(by, current.municipality_id)
    return current


def require_state(wave: SmsWave, *states: WaveState) -> None:
    """Raise UserError `wave_state` unless the wave is in one of them."""
    if wave.state not in states:
        raise UserError(
            "wave_state",
            _("Udsendelsen er nu »%(state)s«, så det kan ikke lade sig gøre. Se siden igen.")
            % {"state": WaveState(wave.state).label},
        )


def move(wave: SmsWave, state: WaveState, *, by: Actor, now: datetime, note: str = "") -> None:
    """Save the wave in its next state, and the step. Raises UserError `wave_state` for a step that does not exist."""
    if state not in NEXT[WaveState(wave.state)]:
        require_state(wave)
    wave.state, wave.state_at = state, now
    wave.save()
    write_step(wave, by=by, now=now, note=note)


def write_step(wave: SmsWave, *, by: Actor, now: datetime, note: str = "") -> None:
    """Note that the wave stands where it stands, by whom."""
    name = PROGRAM if by.is_system else by.name
    SmsWaveChange.objects.create(wave=wave, state=wave.state, at=now, by_name=name, note=note[:300])


def log(wave: SmsWave, action: Action, *, by: Actor, now: datetime, purpose: str, **detail: Any) -> None:
    """One row in the access log; `detail` holds counts, never people."""
    record(
        by=by,
        action=action,
        subject_kind="sms_wave",
        subject_id=wave.pk,
        municipality_id=wave.municipality_id,
        purpose=purpose,
        detail=detail,
        at=now,
    )
