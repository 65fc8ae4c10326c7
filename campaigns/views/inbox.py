"""The inbox: replies as conversations, the unread first, and one conversation with what can be done about it (S7)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record, record_looks

from ..forms.inbox import AnswerForm, AssignConversationForm, OutcomeForm, WhoseNumberForm
from ..models import Conversation, ConversationState
from ..presenters import inbox as present
from ..presenters.found import FoundRow
from ..presenters.people import age_words
from ..presenters.reply_size import reply_size
from ..reply_checks import MOST_SEGMENTS
from ..selectors import inbox as select
from ..services.inbox import open_conversation
from ..services.inbox.conversations import holder

ROWS = 25


@requires(Permission.ANSWER_INBOX)
@require_GET
def inbox(request: ActorRequest) -> HttpResponse:
    """One view of the inbox."""
    chosen = request.GET.get("vis", "")
    chosen = chosen if chosen in select.VIEWS else "open"
    page = Paginator(select.conversations(request.actor, chosen), ROWS).get_page(request.GET.get("page"))
    shown = [each.citizen_id for each in page.object_list if each.citizen_id is not None]
    record_looks(by=request.actor, citizen_ids=shown, purpose=_("Svar på sms"), at=request.now)
    rows = [
        present.conversation_row(each, reader_id=request.actor.user_id, now=request.now) for each in page.object_list
    ]
    tabs = present.inbox_tabs(select.inbox_counts(request.actor), chosen)
    return render(request, "campaigns/inbox.html", {"page": page, "rows": rows, "tabs": tabs, "chosen": chosen})


@requires(Permission.ANSWER_INBOX)
@require_GET
def conversation(request: ActorRequest, conversation_id: int) -> HttpResponse:
    """One conversation: read from now on, and the reader's for ten minutes unless a colleague has it."""
    found = open_conversation(by=request.actor, conversation=conversation_of(request, conversation_id), now=request.now)
    return show_conversation(request, found)


def conversation_of(request: ActorRequest, conversation_id: int) -> Conversation:
    """The conversation, or 404."""
    return get_object_or_404(Conversation.objects.visible_to(request.actor), pk=conversation_id)


def show_conversation(
    request: ActorRequest,
    found: Conversation,
    *,
    answer: AnswerForm | None = None,
    outcome: OutcomeForm | None = None,
    whose: WhoseNumberForm | None = None,
    hits: list[FoundRow] | None = None,
    problem: str = "",
) -> HttpResponse:
    """The page; 422 when what was sent must be mended."""
    _log_look(request, found)
    found.refresh_from_db()  # a colleague may have finished it meanwhile
    thread = select.thread(found)
    may_work = found.state == ConversationState.OPEN and holder(found, request.now) in (None, request.actor.user_id)
    may_answer = may_work and thread.their_number is not None and thread.opt_out is None
    may_record = may_work and bool(thread.follow_ups)
    if not problem:
        problem = _said_of_hidden(answer, may_answer) or _said_of_hidden(outcome, may_record)
    said, proposed = present.proposal(found, thread)
    has_errors = bool(problem) or any(form is not None and bool(form.errors) for form in (answer, outcome, whose))
    context: dict[str, Any] = {
        "conversation": found,
        "who": present.who_writes(found),
        "age": age_words(found.citizen, request.now.date()) if found.citizen else "",
        "number": found.number,
        "bubbles": present.bubbles(thread, request.now),
        "proposal": said,
        "kind": found.suggestion,
        "thread": thread,
        "open": found.state == ConversationState.OPEN,
        "may_work": may_work,
        "holder": present.holder_words(found, request.actor.user_id, request.now),
        "may_answer": may_answer,
        "answer": answer or AnswerForm(),
        "size": reply_size(str(answer["text"].value() or "") if answer else ""),
        "outcome": outcome or OutcomeForm(initial={"outcome": proposed}),
        "assign": AssignConversationForm(
            colleagues=select.answerers(request.actor), initial={"to_user": found.assigned_to_id}
        ),
        "whose": whose or WhoseNumberForm(),
        "hits": hits,
        "problem": problem,
        "has_errors": has_errors,
        "most_segments": MOST_SEGMENTS,
        "next": select.next_after(request.actor, found),
    }
    return render(request, "campaigns/conversation.html", context, status=422 if has_errors else 200)


def _said_of_hidden(form: Form | None, shown: bool) -> str:
    """What is wrong with a form that the page does not show any more."""
    if shown or form is None:
        return ""
    return next((str(error) for errors in form.errors.values() for error in errors), "")


def _log_look(request: ActorRequest, found: Conversation) -> None:
    """A look at the conversation, and at whoever it is about (A3)."""
    record(
        by=request.actor,
        action=Action.LOOK,
        subject_kind="conversation",
        subject_id=found.pk,
        municipality_id=found.municipality_id,
        purpose=_("Svar på sms"),
        at=request.now,
    )
    if found.citizen_id is not None:
        record_looks(by=request.actor, citizen_ids=[found.citizen_id], purpose=_("Svar på sms"), at=request.now)
