"""The municipality's text messages: how many stand where, and those somebody must look at first."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.messaging.line import alarms

from ..models import MessageStatus
from ..presenters.line_alarm import line_alarms
from ..presenters.messages import message_row, status_tiles
from ..selectors.message_page import message_counts, messages_in_doubt, messages_with, refused_sender

ROWS = 50


@requires(Permission.SEE_MESSAGES)
@require_GET
def messages(request: ActorRequest) -> HttpResponse:
    """Counts per status and the newest messages; the text itself is read on the citizen's page."""
    actor, now = request.actor, request.now
    wanted = request.GET.get("status", "")
    chosen = MessageStatus(wanted) if wanted in MessageStatus.values else None
    page = Paginator(messages_with(actor, chosen), ROWS).get_page(request.GET.get("page"))
    rows = [message_row(message, now=now) for message in page.object_list]
    doubtful = []
    if chosen is None:
        doubtful = [message_row(message, now=now) for message in messages_in_doubt(actor)]
    shown = {row.citizen_id for row in [*rows, *doubtful]}
    record_looks(by=actor, citizen_ids=shown, purpose=_("Sms-oversigt"), at=now)
    tiles = status_tiles(message_counts(actor), chosen)
    context = {
        "page": page,
        "rows": rows,
        "doubtful": doubtful,
        "tiles": tiles,
        "chosen": chosen,
        "line_alarms": line_alarms(alarms(), refused_sender(actor), now=now, real_now=timezone.now()),
        "may_act": actor.may(Permission.SEND_WAVES),
    }
    return render(request, "campaigns/messages.html", context)
