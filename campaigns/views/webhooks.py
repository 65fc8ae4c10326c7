"""What Twilio calls: receipts and replies. No person, no log-in: its signature is the key (S6, S7).

The answer is given when the row is stored. Nothing else happens here, so a storm of callbacks costs one INSERT each.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from outreach.messaging.webhooks import (
    WebhookRefused,
    form_of,
    keep_reply,
    keep_status,
    require_small_form,
    require_twilio,
)

from ..tasks import process_gateway_events

NO_REPLY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
WAKE_SECONDS = 1.0
# A broker that does not answer is asked again after this; the sweeper does the work meanwhile.
BROKER_SECONDS = 30.0

log = structlog.get_logger(__name__)


class _Waker:
    """Wakes a worker at most once a second for each web process: one task takes all that waits."""

    def __init__(self) -> None:
        self._next = 0.0

    def wake(self) -> None:
        started = time.monotonic()
        if started < self._next:
            return
        self._next = started + WAKE_SECONDS
        process_gateway_events.delay_on_commit()
        if time.monotonic() - started > WAKE_SECONDS:
            self._next = time.monotonic() + BROKER_SECONDS


_waker = _Waker()


def _from_twilio(keep: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets only signed forms of our own account through to `keep(form, **kwargs)`."""

    @wraps(keep)
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            require_small_form(request.content_type or "", request.META.get("CONTENT_LENGTH", ""))
            form = form_of(request.body)
            require_twilio(form, path=request.get_full_path(), signature=request.headers.get("X-Twilio-Signature", ""))
            answer = keep(form, **kwargs)
        except WebhookRefused as refusal:
            # One line, and nothing of what was sent (SW01).
            log.warning("webhook_refused", webhook=keep.__name__, reason=refusal.reason)
            return HttpResponse(status=refusal.status, content_type="text/plain")
        _waker.wake()
        return answer

    guarded = never_cache(require_POST(csrf_exempt(login_not_required(checked))))
    # No citizen is read here, and a transaction would only hold the row back.
    guarded.without_data_context = True  # type: ignore[attr-defined]
    return guarded


@_from_twilio
def twilio_status(form: QueryDict, reference: UUID) -> HttpResponse:
    """A delivery report for our message `reference`. What we do not know is kept too: 200, or Twilio asks again."""
    keep_status(form, reference)
    return HttpResponse(content_type="text/plain")


@_from_twilio
def twilio_inbound(form: QueryDict) -> HttpResponse:
    """A reply. Answered with empty TwiML: no message goes back from here."""
    keep_reply(form)
    return HttpResponse(NO_REPLY, content_type="text/xml")
