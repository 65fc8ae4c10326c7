"""What is done about a conversation: each is one POST, and leads to the next one or back to this (S7)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record, record_looks
from outreach.errors import UserError
from registry.models import Citizen

from ..forms.inbox import AnswerForm, AssignConversationForm, OutcomeForm, WhoseNumberForm
from ..models import Conversation
from ..presenters.found import found_row
from ..selectors import inbox as select
from ..selectors.search import search_citizens
from ..services import inbox as services
from ..tasks import send_due_messages
from .inbox import conversation_of, show_conversation


@requires(Permission.ANSWER_INBOX)
@require_POST
@sensitive_post_parameters()
def conversation_answer(request: ActorRequest, conversation_id: int) -> HttpResponse:
    """Send the caseworker's own words; "Send og afslut" is the other button."""
    found, form = conversation_of(request, conversation_id), AnswerForm(request.POST)
    if not form.is_valid():
        return show_conversation(request, found, answer=form)
    try:
        services.answer_by_sms(by=request.actor, conversation=found, now=request.now, **form.cleaned_data)
        if request.POST.get("then") == "finish":
            services.finish(by=request.actor, conversation=found, now=request.now)
    except UserError as problem:
        form.add_error("health_confirmed" if problem.code == "health_words" else "text", problem.message)
        return show_conversation(request, found, answer=form)
    send_due_messages.delay_on_commit()
    messages.success(request, _("Svaret er på vej."))
    return _onward(request, found) if request.POST.get("then") == "finish" else _back(found)


@requires(Permission.ANSWER_INBOX)
@require_POST
def conversation_outcome(request: ActorRequest, conversation_id: int) -> HttpResponse:
    """Write down what the reply says, and go on to the next."""
    found, form = conversation_of(request, conversation_id), OutcomeForm(request.POST)
    if not form.is_valid():
        return show_conversation(request, found, outcome=form)
    try:
        services.record_reply_outcome(by=request.actor, conversation=found, now=request.now, **form.cleaned_data)
    except UserError as problem:
        form.add_error("outcome", problem.message)
        return show_conversation(request, found, outcome=form)
    messages.success(request, _("Svaret er gemt, og sms-tråden er afsluttet."))
    return _onward(request, found)


@requires(Permission.ANSWER_INBOX)
@require_POST
def conversation_call(request: ActorRequest, conversation_id: int) -> HttpResponse:
    """Put a call into the queue."""
    return _act(request, conversation_id, services.call_back, _("Opkaldet er lagt øverst i køen."), onward=True)


@requires(Permission.ANSWER_INBOX)
@require_POST
def conversation_finish(request: ActorRequest, conversation_id: int) -> HttpResponse:
    """Nothing more to do."""
    return _act(request, conversation_id, services.finish, _("Sms-tråden er afsluttet."), onward=True)


@requires(Permission.ANSWER_INBOX)
@require_POST
def conversation_stop(request: ActorRequest, conversation_id: int) -> HttpResponse:
    """The number gets no more SMS."""
    return _act(request, conversation_id, services.stop_messages, _("Nummeret er frameldt sms."), onward=True)


@requires(Permission.ANSWER_INBOX)
@require_POST
def conversation_start(request: ActorRequest, conversation_id: int) -> HttpResponse:
    """The number may get SMS again."""
    return _act(request, conversation_id, services.start_messages, _("Nummeret får sms'er igen."))


@requires(Permission.ANSWER_INBOX)
@require_POST
def conversation_take(request: ActorRequest, conversation_id: int) -> HttpResponse:
    """Take it over from a colleague."""
    found = conversation_of(request, conversation_id)
    services.open_conversation(by=request.actor, conversation=found, now=request.now, take_over=True)
    messages.success(request, _("Sms-tråden er din."))
    return _back(found)


@requires(Permission.ANSWER_INBOX)
@require_POST
def conversation_leave(request: ActorRequest, conversation_id: int) -> HttpResponse:
    """Back to the inbox, and free for colleagues."""
    services.leave(by=request.actor, conversation=conversation_of(request, conversation_id), now=request.now)
    return redirect("campaigns:inbox")


@requires(Permission.ANSWER_INBOX)
@require_POST
def conversation_assign(request: ActorRequest, conversation_id: int) -> HttpResponse:
    """Give it to a colleague."""
    found = conversation_of(request, conversation_id)
    form = AssignConversationForm(request.POST, colleagues=select.answerers(request.actor))
    if not form.is_valid():
        return show_conversation(request, found, problem=_("Vælg en kollega, der læser svar for kommunen."))
    to_user = form.cleaned_data["to_user"]

    def assign(*, by: object, conversation: Conversation, now: object) -> None:
        services.assign(by=request.actor, conversation=conversation, to_user=to_user, now=request.now)

    name = to_user.display_name if to_user else _("den næste, der er ledig")
    return _act(request, conversation_id, assign, _("Sms-tråden er givet til %(name)s.") % {"name": name}, onward=True)


@requires(Permission.ANSWER_INBOX)
@require_POST
@sensitive_post_parameters()
def conversation_attach(request: ActorRequest, conversation_id: int) -> HttpResponse:
    """Say whom the number belongs to: search first, then choose."""
    found = conversation_of(request, conversation_id)
    if not request.POST.get("citizen"):
        return _search(request, found)
    key = request.POST["citizen"]
    if not (key.isascii() and key.isdigit()):
        raise Http404
    citizen = get_object_or_404(Citizen.objects.visible_to(request.actor), pk=int(key))
    try:
        services.attach(
            by=request.actor,
            conversation=found,
            citizen=citizen,
            own_number=request.POST.get("own_number") == "1",
            now=request.now,
        )
    except UserError as problem:
        return show_conversation(request, found, problem=problem.message)
    messages.success(request, _("Nummeret hører nu til %(name)s.") % {"name": citizen.name})
    return _back(found)


@requires(Permission.ANSWER_INBOX)
@require_POST
def conversation_detach(request: ActorRequest, conversation_id: int) -> HttpResponse:
    """It was not them."""
    return _act(request, conversation_id, services.detach, _("Sms-tråden er løsnet. Vælg, hvem nummeret hører til."))


def _search(request: ActorRequest, found: Conversation) -> HttpResponse:
    form = WhoseNumberForm(request.POST)
    if not form.is_valid():
        return show_conversation(request, found, whose=form)
    result = search_citizens(request.actor, form.cleaned_data["query"])
    detail = {"criterion": result.criterion.value, "hits": len(result.citizens)}
    record(by=request.actor, action=Action.SEARCH, subject_kind="citizen", purpose=_("Søgning"), detail=detail)
    record_looks(
        by=request.actor,
        citizen_ids=[each.pk for each in result.citizens],
        purpose=_("Vist i søgeresultat"),
        action=Action.SEARCH,
    )
    rows = [found_row(each, list(each.follow_ups.all()), now=request.now) for each in result.citizens]
    return show_conversation(request, found, whose=form, hits=rows)


def _act(
    request: ActorRequest, conversation_id: int, service: Callable[..., object], said: str, onward: bool = False
) -> HttpResponse:
    """Do one thing; what stands in its way is said on the page."""
    found = conversation_of(request, conversation_id)
    try:
        service(by=request.actor, conversation=found, now=request.now)
    except UserError as problem:
        return show_conversation(request, found, problem=problem.message)
    messages.success(request, said)
    return _onward(request, found) if onward else _back(found)


def _back(found: Conversation) -> HttpResponse:
    return redirect("campaigns:conversation", found.pk)


def _onward(request: ActorRequest, found: Conversation) -> HttpResponse:
    """To the next unread one, or to the list when all is read."""
    following = select.next_after(request.actor, found)
    return redirect("campaigns:conversation", following.pk) if following else redirect("campaigns:inbox")
