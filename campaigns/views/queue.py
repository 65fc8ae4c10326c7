"""The call queue for a team lead: what waits, for whom, what the day has brought, and calls handed on (K4)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from outreach.access.actor import Actor
from outreach.access.decorators import requires
from outreach.access.models import User
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.errors import UserError

from ..forms.queue import HandOnForm, QueueFilterForm
from ..models import CallTaskChange
from ..pace import pace_forecast
from ..presenters.calling_day import DayForecast, caller_lines, day_forecast, group_lines, hour_bars, names_of
from ..presenters.languages import language_name
from ..presenters.moments import local_day
from ..presenters.queue import queue_row
from ..selectors.calling_day import Day, calling_day
from ..selectors.queue import QueueCounts, counts
from ..selectors.queue_page import callers_of_municipality, filtered_queue, queue_groups
from ..sending_window import CLOSES, at_hour
from ..services import calls as call_services
from .queue_undo import offer_queue_undo, queue_undo_offer, withdraw_queue_undo

ROWS = 50


@requires(Permission.MANAGE_CALL_QUEUE)
@require_GET
def queue(request: ActorRequest) -> HttpResponse:
    """The day and what is left of it, and waiting calls, 50 to a page, in the order in which they are given out."""
    actor, now, today = request.actor, request.now, local_day(request.now)
    callers = callers_of_municipality(actor)
    groups = queue_groups(actor, today=today, now=now)
    form = _filter_form(request, [each.value for each in groups.language], callers)
    chosen = form.chosen()
    page = Paginator(filtered_queue(actor, chosen, today=today, now=now), ROWS).get_page(request.GET.get("page"))
    names, day, waiting = names_of(callers), calling_day(actor, now), counts(actor, now)
    rows = [queue_row(task, now=now, callers=names) for task in page.object_list]
    _log_looks(actor, [row.citizen_id for row in rows], day, now)
    applied = {name: str(value) for name, value in form.cleaned_data.items() if value not in (None, "")}
    context = {
        "filter_form": form,
        "applied": applied,
        "page": page,
        "rows": rows,
        "callers": callers,
        "counts": waiting,
        "forecast": _forecast(day, waiting, now),
        "groups": group_lines(groups, applied, names),
        "lines": caller_lines(day),
        "bars": hour_bars(day),
        "undo": queue_undo_offer(request),
    }
    return render(request, "campaigns/queue.html", context)


@requires(Permission.MANAGE_CALL_QUEUE)
@require_POST
def queue_hand_on(request: ActorRequest) -> HttpResponse:
    """Give the ticked calls to a colleague or to everybody, free them, or take them over."""
    form = HandOnForm(request.POST, callers=callers_of_municipality(request.actor))
    if not form.is_valid():
        messages.error(request, _("Vælg en medarbejder, der ringer op i jeres kommune."))
        return _back(request)
    to_user, act, task_ids = form.cleaned_data["to_user"], form.cleaned_data["act"], form.task_ids()
    try:
        if act == "assign":
            handed = call_services.assign_all(by=request.actor, task_ids=task_ids, to_user=to_user, now=request.now)
        elif act == "release":
            handed = call_services.release_all(by=request.actor, task_ids=task_ids, now=request.now)
        else:
            handed = call_services.take_over_all(by=request.actor, task_ids=task_ids, now=request.now)
    except UserError as problem:
        messages.error(request, problem.message)
        return _back(request)
    offer_queue_undo(request, handed, _handed_words(act, to_user.display_name if to_user else "", handed))
    return _back(request)


@requires(Permission.MANAGE_CALL_QUEUE)
@require_POST
def queue_undo(request: ActorRequest, batch: UUID) -> HttpResponse:
    """Put the calls of the last press back."""
    if not CallTaskChange.objects.filter(batch=batch, municipality_id__in=request.actor.municipality_codes).exists():
        raise Http404
    try:
        undone = call_services.undo_handing_on(by=request.actor, batch=batch, now=request.now)
    except UserError as problem:
        messages.error(request, problem.message)
    else:
        withdraw_queue_undo(request)
        messages.success(request, _undone_words(undone))
    return _back(request)


def _filter_form(request: ActorRequest, languages: list[str], callers: list[User]) -> QueueFilterForm:
    named = sorted((language_name(code).capitalize(), code) for code in languages)
    return QueueFilterForm(request.GET, languages=[(code, name) for name, code in named], callers=callers)


def _forecast(day: Day, waiting: QueueCounts, now: datetime) -> DayForecast:
    ends = at_hour(local_day(now), CLOSES)
    pressing = waiting.overdue + waiting.deadline_today
    paces = [
        pace_forecast(waiting=number, made=day.last_hour, first_at=day.first_at, now=now, ends=ends)
        for number in (pressing, waiting.due)
    ]
    return day_forecast(paces[0], paces[1], due_today=pressing)


def _log_looks(actor: Actor, citizen_ids: list[int], day: Day, now: datetime) -> None:
    """Names on the page are looks, those on somebody's line too (A3)."""
    on_line = [each.on_line.citizen_id for each in day.callers if each.on_line is not None]
    record_looks(by=actor, citizen_ids=dict.fromkeys([*citizen_ids, *on_line]), purpose=_("Opkaldskø"), at=now)


def _back(request: ActorRequest) -> HttpResponse:
    """To the page and the filter one came from: only words of the filter's own, whatever was posted."""
    query = request.POST.copy()
    for name in list(query):
        if name not in (*QueueFilterForm.base_fields, "page") or not query[name]:
            del query[name]
    url = reverse("campaigns:queue")
    return redirect(f"{url}?{query.urlencode()}" if query else url)


def _handed_words(act: str, name: str, handed: call_services.HandedOn) -> str:
    number = {"number": handed.changed, "name": name}
    if act == "take_over":
        said = ngettext("Du har taget %(number)s opkald over.", "Du har taget %(number)s opkald over.", handed.changed)
    elif name:
        said = ngettext(
            "%(number)s opkald er givet til %(name)s.", "%(number)s opkald er givet til %(name)s.", handed.changed
        )
    else:
        said = ngettext("%(number)s opkald er for alle igen.", "%(number)s opkald er for alle igen.", handed.changed)
    return f"{said % number} {_left_words(handed)}".strip()


def _undone_words(undone: call_services.HandedOn) -> str:
    said = ngettext(
        "%(number)s opkald er som før.", "%(number)s opkald er som før.", undone.changed
    ) % {"number": undone.changed}  # fmt: skip
    return f"{said} {_left_words(undone)}".strip()


def _left_words(handed: call_services.HandedOn) -> str:
    if not handed.left:
        return ""
    return ngettext(
        "%(number)s var afsluttet eller flyttet imens og er ikke rørt.",
        "%(number)s var afsluttet eller flyttet imens og er ikke rørt.",
        handed.left,
    ) % {"number": handed.left}
