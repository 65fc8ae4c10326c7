"""Attempts, answers, calls and talks: kept as long as somebody may ask what the municipality did, talks for less."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from registry.services.row_erasure import before, erase_rows

from ...models import CallTask, ContactAttempt, HealthDialogue, LookupClaim
from ..answers.undoing import UNDO_WITHIN
from .case_over import case_over

CLAIM_OVER = timedelta(days=1)
# Nobody can undo an answer any more; an hour on top for whoever is in the middle of it.
UNDO_OVER = UNDO_WITHIN + timedelta(hours=1)


def erase_contacts(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Attempts with their answers, notes and quality checks, after the citizen's case; the day's sums stay (K12)."""
    moment = before(now, "CONTACT_DAYS")

    def due() -> QuerySet[ContactAttempt]:
        return ContactAttempt.objects.filter(case_over(moment), at__lte=moment)

    return erase_rows(due, what="contactattempt", now=now, dry_run=dry_run)


def erase_undo(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """What undo would put back beside an answer (worries told to the adviser, numbers, calls): worth nothing once the
    answer stands, and never to outlive what it is a copy of. Returns how many attempts."""

    def due() -> QuerySet[ContactAttempt]:
        return ContactAttempt.objects.filter(before__isnull=False, at__lte=now - UNDO_OVER)

    def forget(attempt_ids: Sequence[Any]) -> None:
        ContactAttempt.objects.filter(pk__in=attempt_ids).update(before=None)

    return erase_rows(due, what="contactattempt_undo", now=now, dry_run=dry_run, erase=forget)


def erase_calls(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Calls that are over, with who handed them to whom."""
    moment = before(now, "CONTACT_DAYS")

    def due() -> QuerySet[CallTask]:
        return CallTask.objects.filter(case_over(moment), closed_at__lte=moment)

    return erase_rows(due, what="calltask", now=now, dry_run=dry_run)


def erase_talks(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Talks with the health adviser: worries and notes are the most sensitive there is here, and go first.

    That a talk was held, and what came of it, stays with the attempts.
    """
    moment = before(now, "HEALTH_TALK_DAYS")

    def due() -> QuerySet[HealthDialogue]:
        return HealthDialogue.objects.filter(closed_at__lte=moment)

    return erase_rows(due, what="healthdialogue", now=now, dry_run=dry_run)


def erase_lookup_claims(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Who was looking for whose number, the day after."""

    def due() -> QuerySet[LookupClaim]:
        return LookupClaim.objects.filter(claimed_until__lte=now - CLAIM_OVER)

    return erase_rows(due, what="lookupclaim", now=now, dry_run=dry_run)
