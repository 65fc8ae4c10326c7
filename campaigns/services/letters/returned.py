"""A letter that came back: the address is wrong, so somebody looks for the citizen another way (S9, C4)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record_looks
from outreach.errors import UserError
from registry.models import Citizen, FollowUp, NextStepKind
from registry.services.follow_up_steps import set_next_step

from ...models import Letter, LetterState
from ...step_reasons import StepReason
from ..planning import plan


@transaction.atomic
def note_returned(*, by: Actor, letter: Letter, now: datetime) -> None:
    """Write down that a letter came back, and plan the citizen anew: a look-up where nobody has just tried one.

    No further letter goes to the address until the record changes. The attempt stays: it was made. Raises UserError
    `letter_not_sent`.
    """
    by.require(Permission.SEND_LETTERS)
    citizens = Citizen.objects.visible_to(by)
    changed = Letter.objects.filter(pk=letter.pk, state=LetterState.SENT, citizen__in=citizens).update(
        state=LetterState.RETURNED, returned_at=now, returned_by_name=by.name
    )
    if not changed:
        raise UserError("letter_not_sent", _("Brevet er ikke sendt, eller det er allerede noteret som retur."))
    for follow_up in FollowUp.objects.open().filter(citizen=letter.citizen_id).select_for_update():
        if follow_up.next_step_kind == NextStepKind.WAIT:
            set_next_step(follow_up, NextStepKind.LOOKUP, now, StepReason.LETTER_RETURNED, {}, now)
    record_looks(by=by, citizen_ids=[letter.citizen_id], purpose=_("Brev kom retur"), action=Action.CHANGE, at=now)
    plan(by=by, now=now, citizen_ids=[letter.citizen_id])
