"""A second person approves exactly what was previewed, or rejects it with a reason (S3, four eyes)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.errors import UserError
from popup_sites.models import SessionStatus

from ...models import SmsWave, WaveState
from ...selectors.waves_audience import freeze_audience
from ...waves.differences import Difference, differences
from .drafting import refuse_useless
from .previewing import WavePreview, preview_wave
from .settings import wave_settings
from .specs import query_of, spec_of, texts_of
from .states import locked, log, move, require_state


class WaveDiffers(UserError):
    """The audience is no longer the one that was previewed. `figure` is confirmed by sending it back."""

    def __init__(self, found: list[Difference], figure: str) -> None:
        super().__init__(
            "wave_differs", _("Målgruppen har ændret sig, siden udsendelsen blev vist. Se forskellen, og godkend igen.")
        )
        self.differences = found
        self.figure = figure


def decision_refusal(by: Actor, wave: SmsWave) -> str:
    """Why this person may not decide about the wave, as a sentence; empty when they may."""
    if not by.may(Permission.SEND_WAVES):
        return _("Du har ikke adgang til at godkende udsendelser.")
    if not wave_settings(wave.municipality_id).second_person:
        return ""
    # A key for another system is answered for by whoever made it: no second person.
    if by.answerable_id is None or by.answerable_id in wave.made_by_ids:
        return _("Du har selv lavet eller ændret udsendelsen. En anden skal godkende den.")
    return ""


def figure_of(preview: WavePreview) -> str:
    """What stands for a preview when somebody confirms that they have seen it."""
    reasons = ",".join(f"{reason}={number}" for reason, number in sorted(preview.left_out.items()))
    return f"{preview.recipients}:{preview.segments}:{reasons}"


@transaction.atomic
def approve_wave(*, by: Actor, wave: SmsWave, version: int, now: datetime, confirmed: str = "") -> SmsWave:
    """Approve the `version` that was shown: its recipients are counted again and written down, nothing is sent yet.

    Raises UserError `wave_own` (four eyes), `wave_changed` (another version than shown), `WaveDiffers` unless
    `confirmed` is the new figure, and what `send_for_approval` raises.
    """
    current = locked(by, wave)
    require_state(current, WaveState.AWAITING_APPROVAL)
    if refusal := decision_refusal(by, current):
        raise UserError("wave_own", refusal)
    if current.version != version:
        raise UserError("wave_changed", _("Udsendelsen er ændret, mens du så på den. Se den igen, før du godkender."))
    _refuse_session_over(current, now)
    spec = spec_of(current, pinned=True)
    preview = preview_wave(spec, now=now)
    refuse_useless(current, preview)
    before = WavePreview.from_stored(current.preview)
    if before.fields != preview.fields:
        raise UserError(
            "wave_text_changed",
            _(
                "Teksten ville blive en anden end den viste: tid, sted eller telefonnummer er ændret. "
                "Afvis udsendelsen."
            ),
        )
    found = differences(before, preview)
    if found and confirmed != figure_of(preview):
        raise WaveDiffers(found, figure_of(preview))
    frozen = freeze_audience(
        query_of(spec, texts_of(spec), now),
        wave_id=current.pk,
        seed=f"wave-{current.pk}",
        hold_out_percent=current.hold_out_percent,
    )
    if frozen != preview.recipients:
        raise RuntimeError(f"wave {current.pk}: {frozen} recipients instead of {preview.recipients}")
    current.preview = preview.stored() | {"pace_from": max(now, current.starts_at).isoformat(), "pace_first": 0}
    current.decided_by_id, current.decided_by_name, current.decided_at = by.answerable_id, by.name, now
    move(current, WaveState.APPROVED, by=by, now=now)
    log(
        current, Action.CHANGE, by=by, now=now, purpose=_("Sms-udsendelse godkendt"),
        recipients=preview.recipients, version=version,
    )  # fmt: skip
    return current


@transaction.atomic
def reject_wave(*, by: Actor, wave: SmsWave, version: int, reason: str, now: datetime) -> SmsWave:
    """Send it back with a reason. Raises UserError `wave_reason`, `wave_own`, `wave_changed`, `wave_state`."""
    current = locked(by, wave)
    require_state(current, WaveState.AWAITING_APPROVAL)
    if refusal := decision_refusal(by, current):
        raise UserError("wave_own", refusal)
    if current.version != version:
        raise UserError("wave_changed", _("Udsendelsen er ændret, mens du så på den. Se den igen."))
    if not reason.strip():
        raise UserError("wave_reason", _("Skriv, hvorfor udsendelsen afvises, så den kan rettes."))
    current.decided_by_id, current.decided_by_name, current.decided_at = by.answerable_id, by.name, now
    move(current, WaveState.REJECTED, by=by, now=now, note=reason.strip())
    log(current, Action.CHANGE, by=by, now=now, purpose=_("Sms-udsendelse afvist"))
    return current


def _refuse_session_over(wave: SmsWave, now: datetime) -> None:
    session = wave.session
    if session is not None and (session.status != SessionStatus.PUBLISHED or session.ends_at <= now):
        raise UserError("wave_session", _("Pop-up'en er aflyst eller slut. Afvis udsendelsen."))
