"""Letters are printed or sent by Digital Post outside this program; here is written that they went (S9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record_looks
from registry.models import FollowUp, NextStepKind
from registry.services.follow_up_steps import record_contact_summary

from ...models import ContactAttempt, ContactKind
from ..planning import plan


@transaction.atomic
def record_letters_sent(*, by: Actor, follow_ups: Sequence[FollowUp], now: datetime) -> int:
    """Document a letter for each of these follow-ups whose next step is one; return how many letters.

    One letter serves all the programmes of a citizen.
    """
    due = list(
        FollowUp.objects.visible_to(by)
        .open()
        .filter(pk__in=[each.pk for each in follow_ups], next_step_kind=NextStepKind.LETTER)
        .select_for_update(of=("self",))
        .order_by("id")
    )
    first = {each.citizen_id: each for each in reversed(due)}
    ContactAttempt.objects.bulk_create(
        ContactAttempt(
            municipality_id=each.municipality_id,
            citizen_id=each.citizen_id,
            kind=ContactKind.LETTER,
            at=now,
            by_user_id=by.user_id,
            by_name=by.name,
            nonresponder_list_id=each.last_list_id,
        )
        for each in first.values()
    )
    for follow_up in due:
        record_contact_summary(follow_up, now=now, letters=1)
    record_looks(by=by, citizen_ids=sorted(first), purpose=_("Brev sendt"), action=Action.CHANGE, at=now)
    plan(by=by, now=now, citizen_ids=sorted(first))
    return len(first)
