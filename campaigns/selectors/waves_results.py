"""What came of a wave: messages by status, faults in words, replies, and who acted afterwards, day by day (S3, D6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from ..models import InboundMessage, OptOut, SmsMessage, SmsWave, SmsWaveRecipient, WaveState
from ..waves.audience import NO_ANSWER
from .waves_audience import statement

# What happens later than this is not put down to the wave.
FOLLOWED_DAYS = 14
ACTS = ("answered", "booked", "gone")
ENDED_WAVES = (WaveState.FINISHED, WaveState.CANCELLED, WaveState.REJECTED)


@dataclass(frozen=True)
class Group:
    """Those written to, or those held out: how many, and how many acted, by days after the message."""

    people: int = 0
    answered: dict[int, int] = field(default_factory=dict)
    booked: dict[int, int] = field(default_factory=dict)
    gone: dict[int, int] = field(default_factory=dict)

    def acted(self, what: str) -> int:
        """How many answered, booked or left the list within the days followed."""
        counts: dict[int, int] = getattr(self, what)
        return sum(number for day, number in counts.items() if day <= FOLLOWED_DAYS)


@dataclass(frozen=True)
class WaveResults:
    """`faults`: what the gateway said of those that did not arrive → how many; `left_out`: reason → approved citizens
    who got nothing after all."""

    statuses: dict[str, int]
    faults: dict[str, int]
    left_out: dict[str, int]
    replies: int
    opted_out: int
    segments: int
    written_to: Group
    held_out: Group


def ended_waves(moment: datetime) -> QuerySet[SmsWave]:
    """Waves that were over at the moment: finished, cancelled or rejected."""
    ended = SmsWave.objects.alias(ended=Coalesce("finished_at", "state_at")).order_by()
    return ended.filter(state__in=ENDED_WAVES, ended__lte=moment)


def wave_results(wave: SmsWave) -> WaveResults:
    """Counted now, in a fixed number of queries, whatever the size of the wave; as it was written down once
    nothing more is put down to it."""
    if wave.results is not None:
        return _as_written(wave.results)
    messages = SmsMessage.objects.filter(wave=wave).order_by()
    sent = messages.filter(handed_over_at__isnull=False)
    began = sent.aggregate(first=Min("handed_over_at"))["first"] or wave.starts_at
    faulty = messages.filter(Q(status="undelivered") | Q(status="failed")).values("error_text")
    after = {"number_index__in": sent.values("number_index")}
    groups = _groups(wave, began)
    return WaveResults(
        statuses={row["status"]: row["n"] for row in messages.values("status").annotate(n=Count("id"))},
        faults={row["error_text"]: row["n"] for row in faulty.annotate(n=Count("id")).order_by("-n")},
        left_out={
            row["left_out"]: row["n"]
            for row in SmsWaveRecipient.objects.filter(wave=wave)
            .exclude(left_out="")
            .values("left_out")
            .annotate(n=Count("id"))
            .order_by("-n")
        },
        replies=InboundMessage.objects.filter(
            conversation__number_index__in=sent.values("number_index"),
            received_at__gte=began,
            received_at__lt=began + timedelta(days=FOLLOWED_DAYS),
            municipality=wave.municipality_id,
        ).count(),
        opted_out=OptOut.objects.filter(
            municipality=wave.municipality_id,
            since__gte=began,
            since__lt=began + timedelta(days=FOLLOWED_DAYS),
            **after,
        ).count(),
        segments=sum(sent.values_list("segments", flat=True)),
        written_to=groups[False],
        held_out=groups[True],
    )


def _groups(wave: SmsWave, began: datetime) -> dict[bool, Group]:
    with connection.cursor() as cursor:
        cursor.execute(
            statement("wave_results"),
            {
                "wave": wave.pk,
                "municipality": wave.municipality_id,
                "began": began,
                "no_answer": sorted(NO_ANSWER),
            },
        )
        rows = cursor.fetchall()
    found: dict[bool, Group] = {}
    for held_out in (False, True):
        own = [(what, day, number) for what, held, day, number in rows if held is held_out]
        found[held_out] = Group(
            people=sum(number for what, _day, number in own if what == "people"),
            **{kind: {day: n for what, day, n in own if what == kind} for kind in ("answered", "booked", "gone")},
        )
    return found


def _as_written(stored: Mapping[str, Any]) -> WaveResults:
    """The results as `asdict` wrote them; days have become words in JSON."""
    groups = {
        name: Group(
            people=stored[name]["people"],
            **{what: {int(day): number for day, number in stored[name][what].items()} for what in ACTS},
        )
        for name in ("written_to", "held_out")
    }
    return WaveResults(**{**stored, **groups})
