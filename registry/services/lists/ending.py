"""End a list before it is committed: rejected by the one who reviews it, or withdrawn by the one who sent it in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ...models import ListState, NonresponderList
from ..list_states import TRANSITIONS, move
from ..scope import require_municipality


@transaction.atomic
def reject(*, by: Actor, nonresponder_list: NonresponderList, now: datetime, note: str = "") -> NonresponderList:
    """Refuse a reviewed list; nothing of it is used. Raises UserError `wrong_state`."""
    by.require(Permission.APPROVE_LISTS)
    return _end(by, nonresponder_list, ListState.REJECTED, now, note)


@transaction.atomic
def withdraw(*, by: Actor, nonresponder_list: NonresponderList, now: datetime, note: str = "") -> NonresponderList:
    """Take a list back, also while it is being read (IP07); nothing of it is used. Raises UserError `wrong_state`."""
    by.require(Permission.UPLOAD_LISTS)
    return _end(by, nonresponder_list, ListState.WITHDRAWN, now, note)


def _end(by: Actor, nonresponder_list: NonresponderList, to: ListState, now: datetime, note: str) -> NonresponderList:
    require_municipality(by, nonresponder_list.municipality_id)
    current = NonresponderList.objects.get(pk=nonresponder_list.pk)
    if current.state == to:
        return current
    if to not in TRANSITIONS[ListState(current.state)] or not move(
        current, to, by_name=by.name, now=now, note=note, waits_for=""
    ):
        raise UserError("wrong_state", _("Listen er kommet videre imens. Genindlæs siden, og se, hvor den er nu."))
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="nonresponderlist",
        subject_id=current.pk,
        municipality_id=current.municipality_id,
        purpose=_("Gennemsyn af liste"),
        detail={"state": to},
        at=now,
    )
    return current
