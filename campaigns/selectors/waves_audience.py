"""The audience of a wave, set-based: counts with their reasons, the people behind a number, examples (S3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from outreach.access.actor import Actor
from outreach.messaging.segments import BASIC
from popup_sites.distances import distance_km
from popup_sites.models import VaccinationSession
from registry.models import Citizen, HousingArea, Parish
from registry.selectors.citizens import SOURCE_ORDER

from ..models import MessageStatus, SmsMessage
from ..next_steps import ENDED
from ..sending_window import COPENHAGEN
from ..waves.audience import NAMED_WHEN_CLOSED, NO_ANSWER, Standing, WaveFilter, born_between, years_before

SQL = Path(__file__).resolve().parent.parent / "sql"
ADULT = 18
# The bit of `marks` in sql/wave_audience.sql that says "gets it through another"; the others come from wave_few.sql.
SHARING = 128
# For this transaction: hashes of a million rows stay in memory, and the work is shared from a few thousand rows on. By
# index, because row security then asks for the municipality once; a table read whole asks at each row (1 s for 1 M).
SETTINGS = {
    "work_mem": "128MB",
    "hash_mem_multiplier": "2",
    "parallel_setup_cost": "10",
    "parallel_tuple_cost": "0.001",
    "enable_mergejoin": "off",
    "enable_seqscan": "off",
}
PROCESSES_BESIDE = "2"
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


@dataclass(frozen=True)
class NameCount:
    """So many recipients of one text whose names have the same length and letters as `example`'s."""

    language: str
    example: str
    number: int


@dataclass(frozen=True)
class AudienceCounts:
    """Recipients by text and name, and how many are left out for which reason."""

    recipients: list[NameCount]
    left_out: dict[str, int]

    @property
    def number(self) -> int:
        return sum(each.number for each in self.recipients)


@cache
def statement(*names: str) -> str:
    """The wave's statements, put together from their parts in sql/."""
    return "".join((SQL / f"{name}.sql").read_text(encoding="utf-8") for name in names)


def count_audience(query: AudienceQuery) -> AudienceCounts:
    """Everybody the filter names, counted once, by every processor (1 M citizens: six seconds of processor time)."""
    parameters = _parameters(query)
    with connection.cursor() as cursor:
        parameters = _know_few(cursor, parameters)
        cursor.execute(statement("wave_audience", "wave_counts"), parameters | {"names": query.names})
        rows = cursor.fetchall()
    return AudienceCounts(
        # `=da:…`: the language of the text stands behind the sign.
        recipients=[NameCount(verdict[1:3], example, number) for verdict, number, example in rows if verdict[0] == "="],
        left_out={verdict: number for verdict, number, _example in rows if verdict[0] != "="},
    )


def people_left_out(actor: Actor, query: AudienceQuery, reason: str, *, limit: int, offset: int) -> list[Citizen]:
    """Some of the citizens behind one number of the preview, in Danish order of names; `reason` "" are recipients."""
    ids = _people(query, "wave_people", {"reason": reason, "limit": limit, "offset": offset})
    found = {each.pk: each for each in Citizen.objects.visible_to(actor).filter(pk__in=[row[0] for row in ids])}
    return [found[citizen_id] for (citizen_id,) in ids if citizen_id in found]


def sample_recipients(actor: Actor, query: AudienceQuery, *, samples: int) -> dict[str, list[Citizen]]:
    """Some real recipients of each text: text's language → citizens."""
    rows = _people(query, "wave_samples", {"samples": samples, "seed": str(query.wave_id or "")})
    found = Citizen.objects.visible_to(actor).in_bulk([citizen_id for _language, citizen_id in rows])
    drawn: dict[str, list[Citizen]] = {}
    for language, citizen_id in rows:
        if citizen_id in found:
            drawn.setdefault(language, []).append(found[citizen_id])
    return drawn


def freeze_audience(query: AudienceQuery, *, wave_id: int, seed: str, hold_out_percent: int) -> int:
    """Write down the recipients of a wave as they are now, in a random order; return how many, held out included."""
    parameters = _parameters(query)
    with connection.cursor() as cursor:
        parameters = _know_few(cursor, parameters)
        cursor.execute(
            statement("wave_audience", "wave_freeze"),
            parameters | {"wave": wave_id, "seed": seed, "hold_out_percent": hold_out_percent},
        )
        return int(cursor.rowcount)


def verdicts(query: AudienceQuery, citizen_ids: list[int]) -> dict[int, str]:
    """Citizen → why they get nothing now, "" for a recipient. Whom the filter names no longer is left out."""
    parameters = _parameters(query)
    with connection.cursor() as cursor:
        parameters = _know_few(cursor, parameters)
        cursor.execute(statement("wave_audience", "wave_verdicts"), parameters | {"only": citizen_ids})
        return dict(cursor.fetchall())


def near_parishes(session: VaccinationSession, kilometres: float) -> list[int]:
    """The parishes whose point lies within so many kilometres of the session's site."""
    site = session.site
    return [
        code
        for code, latitude, longitude in Parish.objects.values_list("code", "latitude", "longitude")
        if distance_km(latitude, longitude, site.latitude, site.longitude) <= kilometres
    ]


def invited_by_waves(session: VaccinationSession, *, without: int | None) -> int:
    """How many messages of other waves mention the session: sent, on their way or waiting."""
    messages = SmsMessage.objects.filter(wave__session=session).exclude(status=MessageStatus.CANCELLED)
    return messages.exclude(wave=without).count()


def _people(query: AudienceQuery, name: str, more: dict[str, Any]) -> list[tuple[Any, ...]]:
    parameters = _parameters(query)
    with connection.cursor() as cursor:
        parameters = _know_few(cursor, parameters)
        cursor.execute(statement("wave_audience", name), parameters | more)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _know_few(cursor: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters with what is known of few; lets the statements that follow use every processor."""
    _set(cursor, SETTINGS | {"max_parallel_workers_per_gather": "0"})
    cursor.execute(statement("wave_spare_mobiles"), parameters)
    parameters["spare_mobiles"] = [phone_id for (phone_id,) in cursor.fetchall()]
    cursor.execute(statement("wave_few"), parameters)
    marks: dict[int, int] = {}
    for mark, citizen_id in cursor.fetchall():
        marks[citizen_id] = marks.get(citizen_id, 0) | mark
    cursor.execute(statement("wave_shared"), parameters)
    holders = [citizen_id for (citizen_id,) in cursor.fetchall()]
    _set(cursor, {"max_parallel_workers_per_gather": PROCESSES_BESIDE})
    parameters |= {"few": list(marks), "marks": list(marks.values())}
    for citizen_id in _sharing(cursor, parameters, holders):
        marks[citizen_id] = marks.get(citizen_id, 0) | SHARING
    return parameters | {"few": list(marks), "marks": list(marks.values())}


def _sharing(cursor: Any, parameters: dict[str, Any], holders: list[int]) -> list[int]:
    """Of those who have a number in common those who would get the text where another recipient gets it."""
    if not holders:
        return []
    cursor.execute(
        statement("wave_audience", "wave_sharing"),
        parameters | {"only": holders, "sources": [str(source) for source in SOURCE_ORDER]},
    )
    return [citizen_id for (citizen_id,) in cursor.fetchall()]


def _set(cursor: Any, settings: dict[str, str]) -> None:
    for setting, value in settings.items():
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])


def _parameters(query: AudienceQuery) -> dict[str, Any]:
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
