"""Log-in and log-out leave a row in the access log."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from outreach.audit.models import Action
from outreach.audit.services import record_session_event


@receiver(user_logged_in)
def log_in_recorded(sender: Any, user: Any, **kwargs: Any) -> None:
    record_session_event(action=Action.LOG_IN, user_id=user.pk, name=user.display_name)


@receiver(user_logged_out)
def log_out_recorded(sender: Any, user: Any, **kwargs: Any) -> None:
    if user is not None:
        record_session_event(action=Action.LOG_OUT, user_id=user.pk, name=user.display_name)


@receiver(user_login_failed)
def failed_log_in_recorded(sender: Any, **kwargs: Any) -> None:
    # The name tried is not kept: people type passwords, and CPR numbers, into the wrong field.
    record_session_event(action=Action.LOG_IN_FAILED, user_id=None, name="")
