"""Who looks for whose number: one citizen is looked up by one person at a time (C4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import Citizen

from ..models import LookupClaim
from ..selectors.lookup_page import citizens_to_look_up

CLAIM_MINUTES = 30
# One statement, so that two who reach for the same citizen cannot both have them.
TAKE = """
    INSERT INTO campaigns_lookupclaim (municipality_id, citizen_id, claimed_by_id, claimed_until)
    VALUES (%(municipality)s, %(citizen)s, %(user)s, %(until)s)
    ON CONFLICT (citizen_id) DO UPDATE SET claimed_by_id = %(user)s, claimed_until = %(until)s
    WHERE campaigns_lookupclaim.claimed_until <= %(now)s OR campaigns_lookupclaim.claimed_by_id = %(user)s
"""


@transaction.atomic
def claim_next(*, by: Actor, now: datetime) -> Citizen | None:
    """The citizen with the nearest deadline whom nobody else looks up, for 30 minutes; None when nobody waits.

    Who is at one already gets the same again.
    """
    by.require(Permission.LOOK_UP_CONTACTS)
    waiting = citizens_to_look_up(by)
    own = waiting.filter(lookup_claim__claimed_by=by.user_id, lookup_claim__claimed_until__gt=now).first()
    if own is not None:
        return own
    for citizen in waiting.exclude(lookup_claim__claimed_until__gt=now).iterator(chunk_size=20):
        if _take(by, citizen, now):
            return citizen
    return None


def require_held(*, by: Actor, citizen: Citizen, now: datetime) -> None:
    """Raise UserError `lookup_gone` or `lookup_claimed` unless this person is looking for the citizen's number."""
    if not citizens_to_look_up(by).filter(pk=citizen.pk).exists():
        raise UserError("lookup_gone", _("Borgeren mangler ikke et nummer mere. Tag den næste."))
    refuse_claimed_by_another(by=by, citizen=citizen, now=now)
    if not LookupClaim.objects.filter(citizen=citizen, claimed_by=by.user_id, claimed_until__gt=now).exists():
        raise UserError("lookup_free", _("Borgeren er ikke din længere. Tag den næste, eller gør denne færdig her."))


@transaction.atomic
def release(*, by: Actor, citizen: Citizen) -> None:
    """Somebody else may look; again without effect."""
    LookupClaim.objects.visible_to(by).filter(citizen=citizen, claimed_by=by.user_id).delete()


def refuse_claimed_by_another(*, by: Actor, citizen: Citizen, now: datetime) -> None:
    """Raise UserError `lookup_claimed` when a colleague is at it: two answers to one look-up would contradict."""
    others = LookupClaim.objects.filter(citizen=citizen, claimed_until__gt=now).exclude(claimed_by=by.user_id)
    if others.exists():
        raise UserError("lookup_claimed", _("En kollega leder efter borgerens nummer lige nu. Det er ikke gemt."))


def _take(by: Actor, citizen: Citizen, now: datetime) -> bool:
    if by.user_id is None:
        raise UserError("not_a_person", _("Kun en bruger kan slå et nummer op."))
    with connection.cursor() as cursor:
        cursor.execute(
            TAKE,
            {
                "municipality": citizen.municipality_id,
                "citizen": citizen.pk,
                "user": by.user_id,
                "until": now + timedelta(minutes=CLAIM_MINUTES),
                "now": now,
            },
        )
        taken = bool(cursor.rowcount == 1)
    if taken:
        record(
            by=by,
            action=Action.CHANGE,
            subject_kind="citizen",
            subject_id=citizen.pk,
            municipality_id=citizen.municipality_id,
            purpose=_("Mangler telefonnummer"),
            detail={"lookup": "claimed"},
            at=now,
        )
    return taken
