"""Make and change a wave, and send it for approval with the preview that is to be approved (S3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.errors import UserError
from popup_sites.models import SessionStatus, VaccinationSession
from registry.models import Municipality, Programme
from registry.services.scope import require_municipality

from ...models import MissingText, SmsWave, WaveState
from ...waves.audience import WaveFilter
from .previewing import WavePreview, preview_wave
from .specs import spec_of, texts_of
from .states import CHANGEABLE, locked, log, move, require_state, write_step

HIGHEST_PACE = 6_000


@dataclass(frozen=True)
class WaveContent:
    """What a person decides about a wave. `no_room_reason`: why it goes although the pop-up has too few places."""

    name: str
    programme: Programme
    template_code: str
    chosen: WaveFilter
    starts_at: datetime
    per_minute: int
    missing_text: str = MissingText.DANISH
    session: VaccinationSession | None = None
    expires_at: datetime | None = None
    hold_out_percent: int = 0
    no_room_reason: str = ""


@transaction.atomic
def create_wave(*, by: Actor, municipality: Municipality, content: WaveContent, now: datetime) -> SmsWave:
    """A draft. Raises UserError for a pace or a share that is none, and for a session that is over or called off."""
    by.require(Permission.SEND_WAVES)
    require_municipality(by, municipality)
    wave = SmsWave(
        municipality=municipality,
        state=WaveState.DRAFT,
        state_at=now,
        created_at=now,
        made_by_name=by.name,
        made_by_ids=_with(by, []),
        version=0,
    )
    _fill(wave, content, now)
    wave.save()
    write_step(wave, by=by, now=now)
    log(wave, Action.ADD, by=by, now=now, purpose=_("Sms-udsendelse oprettet"))
    return wave


@transaction.atomic
def change_wave(*, by: Actor, wave: SmsWave, content: WaveContent, now: datetime) -> SmsWave:
    """Change a draft, or a rejected wave, which becomes a draft again. Raises UserError as `create_wave`."""
    current = locked(by, wave)
    require_state(current, *CHANGEABLE)
    current.made_by_ids = _with(by, current.made_by_ids)
    _fill(current, content, now)
    if current.state == WaveState.REJECTED:
        move(current, WaveState.DRAFT, by=by, now=now)
    current.save()
    log(current, Action.CHANGE, by=by, now=now, purpose=_("Sms-udsendelse ændret"), version=current.version)
    return current


@transaction.atomic
def delete_draft(*, by: Actor, wave: SmsWave, now: datetime) -> None:
    """Throw a draft or a rejected wave away. Raises UserError `wave_state`."""
    current = locked(by, wave)
    require_state(current, *CHANGEABLE)
    log(current, Action.DELETE, by=by, now=now, purpose=_("Kladde til sms-udsendelse slettet"))
    current.delete()


@transaction.atomic
def send_for_approval(*, by: Actor, wave: SmsWave, now: datetime) -> SmsWave:
    """Count once more, keep the preview and the versions of the texts, and ask somebody else.

    Raises UserError for whatever would make the wave useless or wrong: nobody to write to, more than can be sent before
    it expires, no room at the pop-up and no reason given, and a text that cannot be sent.
    """
    current = locked(by, wave)
    require_state(current, WaveState.DRAFT)
    spec = spec_of(current)
    preview = preview_wave(spec, now=now)
    refuse_useless(current, preview)
    current.made_by_ids = _with(by, current.made_by_ids)
    current.preview = preview.stored()
    current.texts = {language: text.template.pk for language, text in texts_of(spec).items()}
    move(current, WaveState.AWAITING_APPROVAL, by=by, now=now)
    log(
        current, Action.CHANGE, by=by, now=now, purpose=_("Sms-udsendelse sendt til godkendelse"),
        recipients=preview.recipients, version=current.version,
    )  # fmt: skip
    return current


@transaction.atomic
def take_back(*, by: Actor, wave: SmsWave, now: datetime) -> SmsWave:
    """A wave that awaits approval becomes a draft again. Raises UserError `wave_state`."""
    current = locked(by, wave)
    require_state(current, WaveState.AWAITING_APPROVAL)
    current.made_by_ids = _with(by, current.made_by_ids)
    current.version += 1
    move(current, WaveState.DRAFT, by=by, now=now, note=_("Taget tilbage"))
    log(current, Action.CHANGE, by=by, now=now, purpose=_("Sms-udsendelse taget tilbage"))
    return current


def refuse_useless(wave: SmsWave, preview: WavePreview) -> None:
    """Raise UserError for a wave that should not go as it is."""
    if preview.recipients - preview.held_out <= 0:
        raise UserError("wave_empty", _("Der er ingen at sende til. Vælg en bredere målgruppe."))
    if preview.too_late > 0:
        raise UserError(
            "wave_too_late",
            ngettext(
                "%(number)s sms når ikke at blive sendt, før udsendelsen udløber. Start før, eller send flere i "
                "minuttet.",
                "%(number)s sms'er når ikke at blive sendt, før udsendelsen udløber. Start før, eller send flere i "
                "minuttet.",
                preview.too_late,
            )
            % {"number": preview.too_late},
        )
    if preview.room is not None and not preview.room.enough and not wave.no_room_reason:
        raise UserError(
            "wave_no_room",
            _("Der er for få pladser på pop-up'en. Vælg færre modtagere, eller skriv, hvorfor den sendes alligevel."),
        )


def _fill(wave: SmsWave, content: WaveContent, now: datetime) -> None:
    if not content.name.strip():
        raise UserError("wave_name", _("Skriv et navn til udsendelsen."))
    if not 1 <= content.per_minute <= HIGHEST_PACE:
        raise UserError("wave_pace", _("Skriv, hvor mange der højst sendes i minuttet: mellem 1 og 6.000."))
    if not 0 <= content.hold_out_percent <= 50:
        raise UserError("wave_hold_out", _("Højst halvdelen kan holdes ude til sammenligning."))
    session = content.session
    if session is not None and (session.status != SessionStatus.PUBLISHED or session.ends_at <= now):
        raise UserError("wave_session", _("Pop-up'en er aflyst, slut eller ikke offentliggjort. Vælg en anden."))
    expires_at = min((moment for moment in (content.expires_at, session and session.ends_at) if moment), default=None)
    if expires_at is not None and expires_at <= max(now, content.starts_at):
        raise UserError("wave_expiry", _("Udsendelsen udløber, før den begynder. Ret et af tidspunkterne."))
    wave.name, wave.programme, wave.template_code = content.name.strip(), content.programme, content.template_code
    wave.filter, wave.missing_text, wave.session = content.chosen.stored(), content.missing_text, session
    wave.starts_at, wave.per_minute, wave.expires_at = content.starts_at, content.per_minute, expires_at
    wave.hold_out_percent, wave.no_room_reason = content.hold_out_percent, content.no_room_reason.strip()
    wave.version += 1


def _with(by: Actor, ids: list[int]) -> list[int]:
    person = by.answerable_id
    return ids if person is None or person in ids else [*ids, person]
