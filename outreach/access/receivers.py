"""Log-in and log-out leave a row in the access log of the municipality where the person works."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from outreach.audit.models import Action
from outreach.audit.services import record_session_event

from .models import OrganisationKind, User
from .selectors import active_memberships


@receiver(user_logged_in)
def log_in_recorded(sender: Any, user: User, **kwargs: Any) -> None:
    _record(Action.LOG_IN, user)


@receiver(user_logged_out)
def log_out_recorded(sender: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        _record(Action.LOG_OUT, user)


@receiver(user_login_failed)
def failed_log_in_recorded(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """A name that belongs to somebody is logged as that person; what else was typed is not kept.

    People type passwords, and CPR numbers, into the wrong field.
    """
    _record(Action.LOG_IN_FAILED, User.objects.filter(username=str(credentials.get("username", ""))[:150]).first())


def _record(action: Action, user: User | None) -> None:
    if user is None:
        record_session_event(action=action, user_id=None, name="", municipality_id=None)
        return
    own = [membership.organisation for membership in active_memberships(user)]
    # Somebody of a region or the nation has none; their rows belong to no municipality's auditor.
    codes = [organisation.code for organisation in own if organisation.kind == OrganisationKind.MUNICIPALITY]
    record_session_event(
        action=action, user_id=user.pk, name=user.display_name, municipality_id=next(iter(codes), None)
    )
