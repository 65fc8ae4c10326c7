"""Pop-up sites: what is coming up, one site with its plan and notices, and a new site."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.errors import UserError
from registry.models import Municipality

from ..forms.sessions import AcknowledgeForm
from ..forms.sites import MunicipalityFilterForm, SiteForm
from ..local_times import local_day
from ..models import PopupSite, SessionNotice
from ..presenters import NoticeEntry, notice_entries, session_rows
from ..selectors import notices_waiting
from ..selectors.notices import unread_notices
from ..selectors.sessions import (
    past_sessions,
    sessions_of_site,
    sites_without_sessions_ahead,
    upcoming_sessions,
)
from ..services.notices import mark_read
from ..services.sites import create_site
from .scope import refused

ROWS_PER_PAGE = 50
PAST_ROWS = 30


@requires(Permission.SEE_POPUP_SITES)
def site_index(request: ActorRequest) -> HttpResponse:
    """Upcoming sessions of the region or municipality; past ones and idle sites folded away."""
    actor, now = request.actor, request.now
    municipalities = Municipality.objects.visible_to(actor, on=local_day(now))
    form = MunicipalityFilterForm(request.GET or None, municipalities=municipalities)
    chosen = form.cleaned_data["kommune"] if form.is_bound and form.is_valid() else None
    page = Paginator(upcoming_sessions(actor, now, chosen), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    past = past_sessions(actor, now, chosen)
    waiting = notices_waiting(actor, now) if actor.may(Permission.ACKNOWLEDGE_POPUP_SITES) else []
    return render(
        request,
        "popup_sites/site_index.html",
        {
            "filter_form": form if actor.municipality_code is None else None,
            "chosen": chosen,
            "page": page,
            "rows": session_rows(page.object_list, now),
            "past_rows": session_rows(past[:PAST_ROWS], now),
            "past_total": past.count(),
            "idle_sites": sites_without_sessions_ahead(actor, now, chosen),
            "waiting": [(notice.session.site, notice_entries([notice])[0]) for notice in waiting],
            "may_plan": actor.may(Permission.PLAN_POPUP_SITES),
        },
    )


@requires(Permission.SEE_POPUP_SITES)
def site_detail(request: ActorRequest, site_id: int) -> HttpResponse:
    """One site: its sessions and rounds, and what the municipality was told and answered."""
    actor = request.actor
    sites = PopupSite.objects.visible_to(actor).select_related("municipality", "region", "parish")
    return _show_site(request, actor, get_object_or_404(sites, pk=site_id))


@requires(Permission.PLAN_POPUP_SITES)
def site_create(request: ActorRequest) -> HttpResponse:
    """Step 1 of planning: choose a municipality of one's own region, then say where the site is."""
    actor, now = request.actor, request.now
    municipalities = Municipality.objects.visible_to(actor, on=local_day(now))
    code = request.POST.get("municipality") or request.GET.get("kommune") or ""
    municipality = municipalities.filter(pk=int(code)).first() if _is_code(code) else None
    if code and municipality is None:
        return refused(request, "municipality_out_of_scope")
    choice = MunicipalityFilterForm(
        initial={"kommune": municipality}, municipalities=municipalities, empty_label=_("Vælg kommune")
    )
    form = SiteForm(request.POST or None, municipality=municipality) if municipality else None
    if form is not None and municipality is not None and form.is_valid():
        try:
            site = create_site(by=actor, municipality=municipality, now=now, **form.site_fields())
        except UserError as error:
            form.add_error("latitude", error.message)
        else:
            messages.success(request, _("%(name)s er oprettet. Nu mangler der åbningstider.") % {"name": site.name})
            return redirect("popup_sites:session_create", site.pk)
    return render(
        request,
        "popup_sites/site_create.html",
        {"choice_form": choice, "form": form, "municipality": municipality},
        status=422 if form is not None and form.errors else 200,
    )


def _is_code(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4


def _show_site(request: ActorRequest, actor: Actor, site: PopupSite) -> HttpResponse:
    now = request.now
    may_plan = actor.may(Permission.PLAN_POPUP_SITES)
    may_acknowledge = actor.may(Permission.ACKNOWLEDGE_POPUP_SITES)
    if may_acknowledge:
        mark_read(by=actor, notices=unread_notices(actor, site), now=now)
    sessions = list(sessions_of_site(actor, site))
    notices = [notice for session in sessions for notice in session.notices.all()]
    # Soonest session first: what is nearest in time needs the municipality first.
    waiting = [
        session.notices.all()[0]
        for session in sessions
        if session.ends_at > now and session.notices.all() and session.notices.all()[0].acknowledged_at is None
    ]
    coming = [session for session in sessions if session.ends_at > now]
    past = [session for session in sessions if session.ends_at <= now]
    return render(
        request,
        "popup_sites/site_detail.html",
        {
            "site": site,
            "coming": session_rows(coming, now, may_plan=may_plan),
            "past": session_rows(reversed(past), now, may_plan=may_plan),
            "entries": notice_entries(notices),
            "waiting": _forms_for(waiting) if may_acknowledge else [],
            "may_plan": may_plan,
            "may_see_near": actor.may(Permission.SEE_UPTAKE),
            "may_invite": actor.may(Permission.SEND_WAVES),
        },
    )


def _forms_for(notices: list[SessionNotice]) -> list[tuple[NoticeEntry, AcknowledgeForm]]:
    """Each notice as told, in the order given, with its own form to acknowledge it."""
    return [(notice_entries([notice])[0], AcknowledgeForm(auto_id=f"id_{notice.pk}_%s")) for notice in notices]
