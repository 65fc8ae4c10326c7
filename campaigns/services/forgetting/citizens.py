"""Citizens, with phones, relatives and follow-ups, go when nothing else is kept about them (C1, C3).

That is: the dead and those who left, and those whom only a case that is over had brought here.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.models import Citizen, CitizenImport, ClosedReason, FollowUp, Outcome
from registry.services.follow_ups import ENDING_STATUSES
from registry.services.row_erasure import before, erase_rows

from ...models import CareChain, ContactAttempt, Conversation, HealthDialogue, Letter, SmsMessage
from ...selectors.gone_citizens import told, told_dead
from .case_over import case_over

# What has a period of its own goes first, by that one.
KEPT_BESIDE = (CareChain, ContactAttempt, Conversation, HealthDialogue, Letter, SmsMessage)


def erase_gone_citizens(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Citizens whose status has ended all work for the period, and those who were told dead or moved as long ago and
    whom nothing has named since."""
    moment = before(now, "GONE_CITIZEN_DAYS")

    def due() -> QuerySet[Citizen]:
        by_word = [told_dead(), told(ClosedReason.MOVED, Outcome.MOVED)]
        named = Q(
            *(Q(pk__in=each.filter(closed_at__lte=moment).values("citizen_id")) for each in by_word), _connector=Q.OR
        )
        return _nothing_beside(moment).filter(Q(status__in=ENDING_STATUSES) | named)

    return erase_rows(due, what="citizen", now=now, dry_run=dry_run)


def erase_case_citizens(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Whom no citizen file can have named, once the follow-ups that brought them here are gone: people without a CPR
    number, and everybody in a municipality that takes in no such files.

    Of the others it is not known whether the municipality's own system still sends them: a file that names somebody
    unchanged leaves no trace (`citizens_update.sql`). They stay (C1), and the page of periods says so.
    """
    moment = before(now, "GONE_CITIZEN_DAYS")

    def due() -> QuerySet[Citizen]:
        files = CitizenImport.objects.filter(municipality=OuterRef("municipality"))
        named = FollowUp.objects.filter(citizen=OuterRef("pk"))
        unlisted = _nothing_beside(moment).filter(~Exists(named), created_at__lte=moment)
        return unlisted.filter(Q(cpr_index=None) | ~Exists(files))

    return erase_rows(due, what="citizen", now=now, dry_run=dry_run)


def _nothing_beside(moment: datetime) -> QuerySet[Citizen]:
    over = Citizen.objects.filter(case_over(moment, "pk"), updated_at__lte=moment)
    for model in KEPT_BESIDE:
        over = over.filter(~Exists(model._default_manager.filter(citizen=OuterRef("pk"))))
    return over
