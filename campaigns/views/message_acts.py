"""What a person does on the page of messages: an uncertain one sent again or called sent, the line tried again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from outreach.access.actor import Actor
from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.errors import UserError

from ..models import SmsMessage
from ..services.messages import mark_sent, send_again
from ..services.messages.restarting import restart_line


@requires(Permission.SEND_WAVES)
@require_POST
def message_send_again(request: ActorRequest, message_id: UUID) -> HttpResponse:
    """Take the risk that it arrives twice (S5)."""

    def again(*, by: Actor, message: SmsMessage, now: datetime) -> None:
        send_again(by=by, message=message, now=now)

    return _act(request, message_id, again, _("Beskeden er lagt i køen igen."))


@requires(Permission.SEND_WAVES)
@require_POST
def message_mark_sent(request: ActorRequest, message_id: UUID) -> HttpResponse:
    """Somebody knows that it arrived."""
    return _act(request, message_id, mark_sent, _("Beskeden står nu som sendt."))


@requires(Permission.SEND_WAVES)
@require_POST
def line_probe(request: ActorRequest) -> HttpResponse:
    """The trouble with the account is said to be over."""
    restart_line(by=request.actor, now=request.now)
    notices.success(request, _("Vi prøver med en enkelt besked om lidt. Går den igennem, sendes resten."))
    return redirect("campaigns:messages")


def _act(request: ActorRequest, message_id: UUID, act: Callable[..., None], done: str) -> HttpResponse:
    message = get_object_or_404(SmsMessage.objects.visible_to(request.actor), pk=message_id)
    try:
        act(by=request.actor, message=message, now=request.now)
    except UserError as error:
        notices.error(request, error.message)
    else:
        notices.success(request, done)
    return redirect("campaigns:messages")
