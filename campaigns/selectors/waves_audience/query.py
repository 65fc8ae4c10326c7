"""What is asked of the audience of a wave, and the parameters of its statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from outreach.messaging.segments import BASIC
from popup_sites.distances import distance_km
from popup_sites.models import VaccinationSession
from registry.models import HousingArea, Parish

from ...models import MessageStatus
from ...next_steps import ENDED
from ...sending_window import COPENHAGEN
from ...waves.audience import NAMED_WHEN_CLOSED, NO_ANSWER, Standing, WaveFilter, born_between, years_before

ADULT = 18
# What str.split parts words at, beside the ordinary blank.
BLANKS = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    chr(code) for code in range(0x2000, 0x200B)
)
ON_THEIR_WAY = [
    MessageStatus.HANDING_OVER,
    MessageStatus.ACCEPTED,
    MessageStatus.SENT,
    MessageStatus.DELIVERED,
    MessageStatus.IN_DOUBT,
]


def _plain_name() -> str:
    """A pattern for names of GSM 03.38's basic letters only, without comma, with single blanks between words."""
    letters = "".join(f"\\{c}" if c in "^-]\\[.*+?$()|{}/" else c for c in sorted(BASIC - set(BLANKS) - {","}))
    return f"^[{letters}]+( [{letters}]+)*$"


PLAIN_NAME = _plain_name()


@dataclass(frozen=True)
class AudienceQuery:
    """Whom to ask about. `languages`: those with a text of their own; `other_text`: the text of all others, or "".

    `names`: what of a name the texts hold: "none", "first" or "whole".
    """

    municipality_id: int
    programme_id: int
    chosen: WaveFilter
    starts_at: datetime
    now: datetime
    languages: tuple[str, ...]
    other_text: str
    names: str
    wave_id: int | None = None


def near_parishes(session: VaccinationSession, kilometres: float) -> list[int]:
    """The parishes whose point lies within so many kilometres of the session's site."""
    site = session.site
    return [
        code
        for code, latitude, longitude in Parish.objects.values_list("code", "latitude", "longitude")
        if distance_km(latitude, longitude, site.latitude, site.longitude) <= kilometres
    ]


def parameters_of(query: AudienceQuery) -> dict[str, Any]:
    chosen = query.chosen
    day = query.starts_at.astimezone(COPENHAGEN).date()
    begins = datetime.combine(day, time(0), tzinfo=COPENHAGEN)
    born_by, born_after = born_between(chosen, day)
    streets = [*chosen.streets, *_area_streets(query)]
    return {
        "municipality": query.municipality_id,
        "programme": query.programme_id,
        "wave": query.wave_id,
        "now": query.now,
        "today": day,
        "starts_at": query.starts_at,
        "day_begins": begins,
        "day_ends": datetime.combine(day + timedelta(days=1), time(0), tzinfo=COPENHAGEN),
        "adult_born_by": years_before(day, ADULT),
        "on_their_way": [str(status) for status in ON_THEIR_WAY],
        "ended": sorted(ENDED),
        "no_answer": sorted(NO_ANSWER),
        "named_when_closed": [str(reason) for reason in NAMED_WHEN_CLOSED],
        "blanks": BLANKS,
        "groups": list(chosen.groups) or None,
        "parishes": list(chosen.parishes) or None,
        "near_parishes": _near(chosen),
        "institution": chosen.institution,
        "languages": list(chosen.languages) or None,
        "weeks_from": chosen.weeks_from,
        "weeks_to": chosen.weeks_to,
        "born_by": born_by,
        "born_after": born_after,
        "streets": streets or None,
        "standings": list(chosen.statuses) or None,
        "answered_are_asked": Standing.WAITING in chosen.statuses,
        "queued_calls": chosen.queued_calls,
        "text_languages": list(query.languages),
        "other_text": query.other_text,
        # Names are told apart only where the lengths of texts are counted.
        "names": "none",
        "plain_name": PLAIN_NAME,
        "only": None,
    }


def _near(chosen: WaveFilter) -> list[int] | None:
    if chosen.near_session is None or chosen.within_km is None:
        return None
    session = VaccinationSession.objects.select_related("site").filter(pk=chosen.near_session).first()
    return near_parishes(session, chosen.within_km) if session is not None else []


def _area_streets(query: AudienceQuery) -> list[str]:
    """A housing area is known by its name: its addresses begin with it."""
    if query.chosen.housing_area is None:
        return []
    area = HousingArea.objects.filter(pk=query.chosen.housing_area, municipality=query.municipality_id).first()
    # An area nobody knows names nobody; an empty street would name everybody.
    return [area.name if area is not None else "\u2400"]
