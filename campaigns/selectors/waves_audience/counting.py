"""The verdict on everybody a wave's filter names: counts, the people behind a number, examples, the recipients (S3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from outreach.access.actor import Actor
from popup_sites.models import VaccinationSession
from registry.models import Citizen

from ...models import MessageStatus, SmsMessage
from .few import know_few
from .query import AudienceQuery, parameters_of
from .sql import statement


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


def count_audience(query: AudienceQuery) -> AudienceCounts:
    """Everybody the filter names, counted once, by every processor (1 M citizens: six seconds of processor time)."""
    parameters = parameters_of(query)
    with connection.cursor() as cursor:
        parameters = know_few(cursor, parameters)
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
    parameters = parameters_of(query)
    with connection.cursor() as cursor:
        parameters = know_few(cursor, parameters)
        cursor.execute(
            statement("wave_audience", "wave_freeze"),
            parameters | {"wave": wave_id, "seed": seed, "hold_out_percent": hold_out_percent},
        )
        return int(cursor.rowcount)


def verdicts(query: AudienceQuery, citizen_ids: list[int]) -> dict[int, str]:
    """Citizen → why they get nothing now, "" for a recipient. Whom the filter names no longer is left out."""
    parameters = parameters_of(query)
    with connection.cursor() as cursor:
        parameters = know_few(cursor, parameters)
        cursor.execute(statement("wave_audience", "wave_verdicts"), parameters | {"only": citizen_ids})
        return dict(cursor.fetchall())


def invited_by_waves(session: VaccinationSession, *, without: int | None) -> int:
    """How many messages of other waves mention the session: sent, on their way or waiting."""
    messages = SmsMessage.objects.filter(wave__session=session).exclude(status=MessageStatus.CANCELLED)
    return messages.exclude(wave=without).count()


def _people(query: AudienceQuery, name: str, more: dict[str, Any]) -> list[tuple[Any, ...]]:
    parameters = parameters_of(query)
    with connection.cursor() as cursor:
        parameters = know_few(cursor, parameters)
        cursor.execute(statement("wave_audience", name), parameters | more)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
