"""What a wave would do, before anybody decides: how many, who not and why, parts, price, time, room (S3)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.timezone import localdate

from outreach.messaging.prices import cost_in_ore

from ...selectors.waves_audience import count_audience, invited_by_waves
from ...sending_window import window_for
from ...waves.pace import Pace, pace
from ...waves.room import Room
from ..texts.pricing import ore_per_segment
from .measuring import TextCount, measure_texts
from .settings import wave_settings
from .specs import WaveSpec, query_of, texts_of


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


def preview_wave(spec: WaveSpec, *, now: datetime) -> WavePreview:
    """Count everything anew.

    Raises UserError for a text that cannot be sent, `message_too_long` (SS01) and `wave_too_slow`.
    """
    texts = texts_of(spec)
    counts = count_audience(query_of(spec, texts, now))
    per_text = measure_texts(texts, counts)
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
