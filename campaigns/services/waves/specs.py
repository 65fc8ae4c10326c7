"""What a wave asks for: texts, filter, time and pace, as its preview, its queueing and its decision read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from popup_sites.models import VaccinationSession
from registry.models import Municipality, Programme

from ...models import MissingText, SmsWave
from ...selectors.waves_audience import AudienceQuery
from ...waves.audience import WaveFilter
from ..texts.choosing import FALLBACK
from .texts import WaveText, pinned_texts, wave_texts


@dataclass(frozen=True)
class WaveSpec:
    """What is asked for. `texts` pins versions (language → template); without it the approved ones are used."""

    municipality: Municipality
    programme: Programme
    template_code: str
    chosen: WaveFilter
    starts_at: datetime
    per_minute: int
    missing_text: str = MissingText.DANISH
    session: VaccinationSession | None = None
    expires_at: datetime | None = None
    hold_out_percent: int = 0
    wave_id: int | None = None
    texts: dict[str, int] | None = None


def spec_of(wave: SmsWave, *, pinned: bool = False) -> WaveSpec:
    """The wave as it stands; with `pinned` in the versions it was sent for approval with."""
    return WaveSpec(
        municipality=wave.municipality,
        programme=wave.programme,
        template_code=wave.template_code,
        chosen=WaveFilter.from_stored(wave.filter),
        starts_at=wave.starts_at,
        per_minute=wave.per_minute,
        missing_text=wave.missing_text,
        session=wave.session,
        expires_at=wave.expires_at,
        hold_out_percent=wave.hold_out_percent,
        wave_id=wave.pk,
        texts=dict(wave.texts) if pinned else None,
    )


def texts_of(spec: WaveSpec) -> dict[str, WaveText]:
    """The texts a wave would be sent in. Raises UserError for what keeps them from being sent."""
    if spec.texts:
        return pinned_texts(spec.municipality, spec.texts, spec.session)
    return wave_texts(spec.municipality, spec.template_code, spec.session)


def query_of(spec: WaveSpec, texts: dict[str, WaveText], now: datetime) -> AudienceQuery:
    """The question for the audience of a wave that begins no earlier than now."""
    kinds = {text.names for text in texts.values()}
    return AudienceQuery(
        municipality_id=spec.municipality.pk,
        programme_id=spec.programme.pk,
        chosen=spec.chosen,
        starts_at=max(spec.starts_at, now),
        now=now,
        languages=tuple(texts),
        other_text=FALLBACK if spec.missing_text == MissingText.DANISH else "",
        names=next((kind for kind in ("whole", "first") if kind in kinds), "none"),
        wave_id=spec.wave_id,
    )
