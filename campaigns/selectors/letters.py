"""Whose next step is a letter, and what stands in the way (S9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from outreach.access.actor import Actor
from registry.models import Citizen, FollowUp, NextStepKind

from ..letters.rules import LeftOut, Standing, channel_for, left_out
from ..models import BatchState, Letter, LetterBatch, LetterChannel, LetterState

# One evening's work of a print room; what is over comes in the next batch.
MOST = 5000


@dataclass(frozen=True)
class Due:
    """A citizen who is to have a letter: in which programmes, why, which way, and what is in the way."""

    citizen: Citizen
    follow_ups: list[FollowUp]
    reason: str
    channel: LetterChannel
    left_out: LeftOut | None


def letters_due(actor: Actor, now: datetime, citizen_ids: Iterable[int] | None = None) -> list[Due]:
    """Citizens whose letter's time has come, households together, at most `MOST` follow-ups. Three queries."""
    found = (
        FollowUp.objects.visible_to(actor)
        .open()
        .filter(next_step_kind=NextStepKind.LETTER, next_step_at__lte=now)
        .select_related("citizen", "programme")
        .order_by("citizen__household_key", "citizen__sort_name", "citizen_id", "programme_id")
    )
    if citizen_ids is not None:
        found = found.filter(citizen__in=list(citizen_ids))
    by_citizen: dict[int, list[FollowUp]] = {}
    for follow_up in found[:MOST]:
        by_citizen.setdefault(follow_up.citizen_id, []).append(follow_up)
    standings = _standings([follow_ups[0].citizen for follow_ups in by_citizen.values()])
    today = timezone.localdate(now)
    return [_due(follow_ups, standings[citizen_id], today) for citizen_id, follow_ups in by_citizen.items()]


def _due(follow_ups: list[FollowUp], standing: Standing, today: date) -> Due:
    citizen = standing.citizen
    return Due(
        citizen=citizen,
        follow_ups=follow_ups,
        reason=follow_ups[0].next_step_reason,
        channel=channel_for(citizen, today),
        left_out=left_out(standing, today=today, released=False),
    )


def _standings(citizens: list[Citizen]) -> dict[int, Standing]:
    letters = Letter.objects.filter(citizen__in=[each.pk for each in citizens])
    waiting = set(letters.filter(state=LetterState.WAITING).values_list("citizen_id", flat=True))
    back = dict(
        letters.filter(state=LetterState.RETURNED).values("citizen_id").annotate(at=Max("returned_at")).values_list(
            "citizen_id", "at"
        )
    )  # fmt: skip
    return {
        each.pk: Standing(
            each,
            # The record was touched since: somebody has mended the address, or the register has.
            returned=each.pk in back and back[each.pk] >= each.updated_at,
            in_batch=each.pk in waiting,
        )
        for each in citizens
    }


def standing_of(citizen: Citizen) -> Standing:
    """One citizen's."""
    return _standings([citizen])[citizen.pk]


def batches(actor: Actor) -> QuerySet[LetterBatch]:
    """The municipality's batches with their counts, newest first."""
    return (
        LetterBatch.objects.visible_to(actor)
        .annotate(
            total=Count("letters"),
            paper=Count("letters", filter=Q(letters__channel=LetterChannel.PAPER)),
            digital=Count("letters", filter=Q(letters__channel=LetterChannel.DIGITAL)),
            sent=Count("letters", filter=Q(letters__state__in=[LetterState.SENT, LetterState.RETURNED])),
            taken_out=Count("letters", filter=Q(letters__state=LetterState.TAKEN_OUT)),
            returned=Count("letters", filter=Q(letters__state=LetterState.RETURNED)),
        )
        .order_by("-created_at", "-id")
    )


def letters_of(batch: LetterBatch) -> QuerySet[Letter]:
    """A batch's letters as they lie: paper first, each in its pile's order."""
    return batch.letters.select_related("citizen", "text").order_by("-channel", "position")


def batches_waiting(actor: Actor) -> int:
    """Batches that somebody has to send."""
    return LetterBatch.objects.visible_to(actor).filter(state=BatchState.READY).count()
