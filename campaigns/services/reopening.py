"""Ask a citizen again who regrets, or who was closed too early ("mulighed for at fortryde", L8)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError
from registry.models import Citizen, CitizenStatus, ClosedReason, FollowUp, Outcome
from registry.services.follow_ups import reopen_follow_up

from .planning import plan

# What a person may take back. An undone list and "do not contact" follow from facts, not from an answer.
# Known from a spreadsheet only, or from a selection or an order that has ended: they may ask for help themselves.
MAY_REOPEN = frozenset(
    {
        ClosedReason.DECLINED,
        ClosedReason.ANSWERED,
        ClosedReason.ATTEMPTS_DOCUMENTED,
        ClosedReason.GONE,
        ClosedReason.NOT_LISTED,
        ClosedReason.SELECTION_ENDED,
        ClosedReason.ORDER_ENDED,
    }
)
# What a caller was told, and may have clicked by mistake; the registry's own word is `Citizen.status`.
TOLD = frozenset({(ClosedReason.STATUS, Outcome.DECEASED), (ClosedReason.MOVED, Outcome.MOVED)})


def may_reopen(follow_up: FollowUp, citizen: Citizen) -> bool:
    """Whether the follow-up was closed for a reason that a person may take back, of somebody who may be contacted."""
    if citizen.status != CitizenStatus.ACTIVE or citizen.do_not_contact_since:
        return False
    return follow_up.closed_reason in MAY_REOPEN or (follow_up.closed_reason, follow_up.outcome) in TOLD


@transaction.atomic
def reopen(*, by: Actor, follow_up: FollowUp, now: datetime) -> FollowUp:
    """Open the follow-up and give it a next step at once (K1). Raises UserError `cannot_reopen`."""
    citizen = follow_up.citizen
    if not may_reopen(follow_up, citizen):
        raise UserError(
            "cannot_reopen", _("Opfølgningen kan ikke genåbnes, fordi borgeren ikke må eller kan kontaktes.")
        )
    reopened = reopen_follow_up(by=by, follow_up=follow_up, now=now)
    plan(by=by, now=now, citizen_ids=[citizen.pk])
    return reopened
