"""What a wave would do, before anybody decides: how many, who not and why, parts, price, time, room (S3).

Parts and price are those of the personalised texts, exactly: names that make a text equally long are counted together,
and one of each kind is written out (1 M recipients: some ten thousand kinds).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from outreach.errors import UserError
from outreach.messaging.prices import cost_in_ore
from outreach.messaging.segments import BASIC, Segments, count
from popup_sites.models import VaccinationSession
from registry.models import Municipality, Programme

from ...message_texts import MAX_SEGMENTS, first_name
from ...models import MissingText, SmsWave
from ...selectors.waves_audience import AudienceCounts, AudienceQuery, count_audience, invited_by_waves
from ...sending_window import window_for
from ...waves.audience import WaveFilter
from ...waves.pace import Pace, pace
from ...waves.room import Room
from ..texts.choosing import FALLBACK
from ..texts.pricing import ore_per_segment
from .settings import wave_settings
from .texts import WaveText, pinned_texts, wave_texts

_PLAIN = BASIC - set("\n\r")


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


@dataclass(frozen=True)
class TextCount:
    """One language's text: to how many, and the parts of all of them together; `forcing`: characters that make it
    UCS-2, with the number of recipients whose text holds them."""

    language: str
    template_id: int
    version: int
    recipients: int
    segments: int
    fewest: int
    most: int
    unicode: int
    forcing: dict[str, int]


@dataclass(frozen=True)
class WavePreview:
    """`audience` = `recipients` + everybody left out. Prices in øre, None where nobody has written one down.

    `held_out` are drawn among the recipients and get nothing; parts and price are of all recipients, so an upper bound
    then. `too_late`: messages whose turn comes after the wave has expired.
    """

    audience: int
    recipients: int
    held_out: int
    left_out: dict[str, int]
    texts: list[TextCount]
    segments: int
    ore: Decimal | None
    starts_at: datetime | None
    ends_at: datetime | None
    too_late: int
    room: Room | None
    fields: dict[str, str]
    counted_at: datetime

    def stored(self) -> dict[str, Any]:
        """JSON-ready, as it is kept with the wave and approved."""
        return asdict(self) | {
            "ore": None if self.ore is None else str(self.ore),
            "starts_at": self.starts_at and self.starts_at.isoformat(),
            "ends_at": self.ends_at and self.ends_at.isoformat(),
            "counted_at": self.counted_at.isoformat(),
        }

    @classmethod
    def from_stored(cls, stored: dict[str, Any]) -> WavePreview:
        """What `stored` gave."""
        starts_at, ends_at = (
            datetime.fromisoformat(stored[name]) if stored[name] else None for name in ("starts_at", "ends_at")
        )
        return cls(
            audience=stored["audience"],
            recipients=stored["recipients"],
            held_out=stored["held_out"],
            left_out=stored["left_out"],
            texts=[TextCount(**each) for each in stored["texts"]],
            segments=stored["segments"],
            ore=None if stored["ore"] is None else Decimal(stored["ore"]),
            starts_at=starts_at,
            ends_at=ends_at,
            too_late=stored["too_late"],
            room=Room(**stored["room"]) if stored["room"] else None,
            fields=stored["fields"],
            counted_at=datetime.fromisoformat(stored["counted_at"]),
        )


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


def preview_wave(spec: WaveSpec, *, now: datetime) -> WavePreview:
    """Count everything anew.

    Raises UserError for a text that cannot be sent, `message_too_long` (SS01) and `wave_too_slow`.
    """
    texts = texts_of(spec)
    counts = count_audience(query_of(spec, texts, now))
    per_text = _measure(texts, counts)
    segments = sum(each.segments for each in per_text)
    held_out = counts.number * spec.hold_out_percent // 100
    plan = _plan(spec, counts.number - held_out, now)
    price = ore_per_segment(municipality_id=spec.municipality.pk, gateway=settings.SMS_GATEWAY, on=localdate(now))
    return WavePreview(
        audience=counts.number + sum(counts.left_out.values()),
        recipients=counts.number,
        held_out=held_out,
        left_out=counts.left_out,
        texts=per_text,
        segments=segments,
        ore=None if price is None else cost_in_ore(segments, price),
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        too_late=counts.number - held_out - plan.sent_by(spec.expires_at) if spec.expires_at is not None else 0,
        room=_room(spec, counts.number - held_out),
        fields=dict(next(iter(texts.values())).fields),
        counted_at=now,
    )


def _plan(spec: WaveSpec, number: int, now: datetime) -> Pace:
    return pace(
        starts_at=max(spec.starts_at, now),
        number=number,
        per_minute=spec.per_minute,
        window=window_for(spec.municipality.pk),
    )


def _room(spec: WaveSpec, messages: int) -> Room | None:
    if spec.session is None:
        return None
    others = invited_by_waves(spec.session, without=spec.wave_id)
    expected = wave_settings(spec.municipality.pk).expected_percent
    return Room(spec.session.free_places, messages + others, expected)


@dataclass(frozen=True)
class _Tally:
    """Sums of one text, while it is measured."""

    recipients: int = 0
    segments: int = 0
    fewest: int = 0
    most: int = 0
    unicode: int = 0


def _measure(texts: dict[str, WaveText], counts: AudienceCounts) -> list[TextCount]:
    tallies = dict.fromkeys(texts, _Tally())
    forcing: dict[str, Counter[str]] = {language: Counter() for language in texts}
    known: dict[tuple[str, int, int], Segments] = {}
    for each in counts.recipients:
        size = _size(texts[each.language], each.example, known)
        if size.segments > MAX_SEGMENTS:
            raise UserError(
                "message_too_long",
                _("Sms'en fylder mere end %(parts)s dele. Forkort teksten.") % {"parts": MAX_SEGMENTS},
            )
        tally = tallies[each.language]
        tallies[each.language] = replace(
            tally,
            recipients=tally.recipients + each.number,
            segments=tally.segments + each.number * size.segments,
            fewest=min(tally.fewest or size.segments, size.segments),
            most=max(tally.most, size.segments),
            unicode=tally.unicode + (each.number if size.encoding == "UCS-2" else 0),
        )
        for character in size.forcing_characters:
            forcing[each.language][character] += each.number
    return [
        TextCount(
            language=language,
            template_id=text.template.pk,
            version=text.template.version,
            forcing=dict(forcing[language].most_common(10)),
            **asdict(tallies[language]),
        )
        for language, text in texts.items()
        if tallies[language].recipients
    ]


def _size(text: WaveText, name: str, known: dict[tuple[str, int, int], Segments]) -> Segments:
    """The parts of one person's text. Names in plain letters of one length give texts of one length."""
    if not _PLAIN.issuperset(name):
        return count(text.body_for(name))
    whole = len(" ".join(name.split())) if text.names == "whole" else 0
    key = (text.template.language, len(first_name(name)), whole)
    size = known.get(key)
    if size is None:
        size = known[key] = count(text.body_for(name))
    return size
