"""The length of an answer while it is written; without scripts by its own button (S2, S7)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest

from ..forms.inbox import LONGEST_ANSWER, AnswerForm
from ..presenters.reply_size import reply_size
from .inbox import conversation_of, show_conversation


@requires(Permission.ANSWER_INBOX)
@require_POST
@sensitive_post_parameters()
@never_cache
def conversation_measure(request: ActorRequest, conversation_id: int) -> HttpResponse:
    """Nothing is sent or kept: the size alone, or the page as it is with the text still in its field."""
    found = conversation_of(request, conversation_id)
    text = request.POST.get("text", "")[: LONGEST_ANSWER + 1]
    if request.headers.get("HX-Request"):
        return render(request, "campaigns/parts/reply_size.html", {"size": reply_size(text)})
    return show_conversation(request, found, answer=AnswerForm(initial={"text": text}))
