"""Change who somebody works as."""

from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.translation import gettext as _

from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from .actor import Actor
from .middleware import MEMBERSHIP_KEY
from .models import User
from .selectors import active_memberships


@transaction.atomic
def switch_role(*, by: Actor, user: User, session: SessionBase, membership_id: str, now: datetime) -> None:
    """Let the user work in another of their own memberships from the next request on.

    Raises UserError when the membership is not theirs or has ended.
    """
    chosen = next((each for each in active_memberships(user) if str(each.id) == membership_id), None)
    if chosen is None:
        raise UserError("unknown_membership", _("Den rolle har du ikke længere. Vælg en anden i menuen."))
    session[MEMBERSHIP_KEY] = chosen.id
    record(
        by=by,
        action=Action.ROLE_SWITCH,
        subject_kind="membership",
        subject_id=chosen.id,
        detail={"role": chosen.role, "organisation": chosen.organisation_id},
        at=now,
    )
