"""Overblik: what needs me now, by role. Each number has one way on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from campaigns.presenters.line_alarm import line_alarms
from campaigns.selectors.booking_desk import queue as desk_queue
from campaigns.selectors.dialogues import dialogue_counts
from campaigns.selectors.message_page import refused_sender
from outreach.access.actor import Actor
from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.messaging.line import alarms
from popup_sites.presenters import session_rows
from popup_sites.selectors.notices import notices_waiting
from popup_sites.selectors.sessions import sessions_this_week
from reports.models import UptakeKind
from reports.presenters import overview as present
from reports.presenters.roles import what_you_can_do
from reports.presenters.waiting import Waiting, list_waiting, waiting_rows
from reports.selectors import overview as select
from reports.selectors.follow_up_counts import follow_up_counts
from reports.selectors.scope import active_programmes, visible_municipalities
from reports.selectors.waiting import WAITED_FOR, waiting_counts


@requires(Permission.SEE_OVERVIEW)
def overview(request: ActorRequest) -> HttpResponse:
    """The first page after log-in."""
    actor, now = request.actor, request.now
    context: dict[str, Any] = {"greeting": present.greeting(actor.name, now), "now": now}
    if actor.may(Permission.SEE_POPUP_SITES):
        context["sessions"] = session_rows(sessions_this_week(actor, now), now)
    if actor.municipality_codes:
        context |= _municipal(actor, request)
    elif actor.may(Permission.SEE_UPTAKE):
        context |= _regional(actor, request)
    if actor.may(Permission.PLAN_POPUP_SITES):
        context["unacknowledged"] = list(notices_waiting(actor, now))
    if actor.may(Permission.WORK_HEALTH_DIALOGUES):
        context["talks"] = dialogue_counts(actor, now)
    if actor.may(Permission.CONFIRM_BOOKINGS):
        context["asked"] = desk_queue(actor).order_by().count()
    if actor.may(Permission.SEE_MESSAGES):
        # Whoever leads the sending hears of it without looking for it (F17).
        context["line_alarms"] = line_alarms(alarms(), refused_sender(actor), now=now, real_now=timezone.now())
        context["may_act"] = actor.may(Permission.SEND_WAVES)
    context["here"] = what_you_can_do(actor)
    if actor.permissions & WAITED_FOR:
        context["waiting"] = _waiting(actor, now)
    return render(request, "reports/overview.html", context)


def _municipal(actor: Actor, request: ActorRequest) -> dict[str, Any]:
    """The panels of somebody who works with citizens, and the ones a manager sees without."""
    now = request.now
    context: dict[str, Any] = {}
    if actor.may(Permission.WORK_CALLS) or actor.may(Permission.MANAGE_CALL_QUEUE):
        calls = select.calls_ready(actor, now)
        context |= {
            "calls": calls,
            "calls_note": present.calls_note(calls),
            "may_call": actor.may(Permission.WORK_CALLS),
        }
    if actor.may(Permission.SEE_CITIZENS):
        over = select.over_deadline(actor, now)
        context |= {
            "over": over,
            "over_note": present.over_deadline_note(over),
            "over_url": _over_url(actor, over),
            "chart": present.chart_days(select.deadlines_ahead(actor, now)),
        }
    elif actor.may(Permission.SEE_TRANSPORTED_CITIZENS):
        context["in_sight"] = select.citizens_in_sight(actor)
    if actor.may(Permission.SEE_UPTAKE):
        week = select.week_list(actor, now)
        context |= {"week_shown": True, "week": week}
        if week is not None:
            context |= {
                "week_bars": present.week_bars(week),
                "week_note": present.week_note(week),
                "may_see_lists": actor.may(Permission.SEE_LISTS),
            }
    return context


def _over_url(actor: Actor, over: select.OverDeadline) -> str:
    """The team lead sees who is over the deadline; where all lack a number, the way on is to find one."""
    if over.without_number and over.without_number == over.mandatory and actor.may(Permission.LOOK_UP_CONTACTS):
        return reverse("campaigns:lookups")
    if actor.may(Permission.SEE_BREACHES):  # not the queue: the next step may be a letter
        return reverse("campaigns:breaches")
    return ""


def _waiting(actor: Actor, now: datetime) -> list[Waiting]:
    """Everything that waits for this person, with the way on; lists to be read first."""
    lists = [list_waiting(each) for each in select.lists_waiting(actor)] if actor.may(Permission.SEE_LISTS) else []
    return lists + waiting_rows(waiting_counts(actor, now))


def _regional(actor: Actor, request: ActorRequest) -> dict[str, Any]:
    """A region or the nation: its municipalities' own follow-up, after disclosure control (D4)."""
    today = timezone.localtime(request.now).date()
    municipalities = visible_municipalities(actor, today)
    programme = active_programmes()[0]
    counts = follow_up_counts(UptakeKind.MUNICIPALITY, municipalities, programme, shared=True)
    return {
        "region_counts": list(counts.values()),
        "region_hides": any(each.suppressed for each in counts.values()),
        "programme": programme,
    }
