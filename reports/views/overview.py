"""Overblik: what needs me now, by role. Each number has one way on."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.selectors.inbox import unread_replies
from outreach.access.actor import Actor
from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from popup_sites.presenters import session_rows
from popup_sites.selectors.notices import notices_waiting
from popup_sites.selectors.sessions import sessions_this_week
from reports.models import UptakeKind
from reports.presenters import overview as present
from reports.presenters.overview import Waiting
from reports.presenters.roles import what_you_can_do
from reports.selectors import overview as select
from reports.selectors.follow_up_counts import follow_up_counts
from reports.selectors.scope import active_programmes, visible_municipalities


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
    context["here"] = what_you_can_do(actor)
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
            "waiting": _waiting(actor, request),
            "chart": present.chart_days(select.deadlines_ahead(actor, now)),
        }
    elif actor.may(Permission.SEE_REFERRED_CITIZENS) or actor.may(Permission.SEE_TRANSPORTED_CITIZENS):
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
    """The team lead sees the calls over the deadline; where all lack a number, the way on is to find one."""
    if over.without_number and over.without_number == over.mandatory and actor.may(Permission.LOOK_UP_CONTACTS):
        return reverse("campaigns:lookups")
    if actor.may(Permission.MANAGE_CALL_QUEUE):
        return f"{reverse('campaigns:queue')}?deadline=overdue"
    return ""


def _waiting(actor: Actor, request: ActorRequest) -> list[Waiting]:
    """Everything that waits for this person, with the way on."""
    rows: list[Waiting] = []
    if actor.may(Permission.SEE_LISTS):
        rows += [present.list_waiting(each) for each in select.lists_waiting(actor)]
        rows.append(
            Waiting(
                select.citizen_files_held(actor),
                _("borgerfiler holdes tilbage"),
                _("en anden end den, der indlæste, skal se på dem"),
                reverse("registry:citizen_import"),
                _("Se dem"),
            )
        )
    if actor.may(Permission.ACKNOWLEDGE_POPUP_SITES):
        number = notices_waiting(actor, request.now).count()
        rows.append(
            Waiting(
                number,
                _("beskeder om pop-up"),
                _("regionen venter på kvittering"),
                reverse("popup_sites:site_index"),
                _("Læs"),
            )
        )
    if actor.may(Permission.LOOK_UP_CONTACTS):
        number = select.lookups_waiting(actor)
        rows.append(
            Waiting(
                number,
                _("borgere uden telefonnummer"),
                _("slå op, eller send brev"),
                reverse("campaigns:lookups"),
                _("Slå op"),
            )
        )
    if actor.may(Permission.ANSWER_INBOX):
        rows.append(
            Waiting(
                unread_replies(actor),
                _("svar ulæste"),
                _("borgere har svaret på en sms"),
                reverse("campaigns:inbox"),
                _("Læs"),
            )
        )
    if actor.may(Permission.SEE_MESSAGES):
        number = select.messages_in_doubt(actor)
        rows.append(
            Waiting(
                number, _("sms'er, vi ikke ved, om er sendt"), _("se efter, før du sender igen"),
                reverse("campaigns:messages"), _("Se dem"),
            )
        )  # fmt: skip
    return [row for row in rows if row.number]


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
