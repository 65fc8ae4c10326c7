"""Opening hours: plan them in steps, change, publish and cancel them."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.design.formats import number_da
from outreach.errors import UserError

from ..forms.sessions import CancelForm, SessionForm, second_round_initial, session_initial
from ..local_times import hours_text
from ..models import PopupSite, SessionStatus, VaccinationSession, VaccinationTeam
from ..presenters import when_text
from ..second_round import offered_interval_days, shortest_interval_days
from ..selectors.conflicts import find_conflict
from ..services.publishing import cancel_session, publish_session
from ..services.sessions import change_session, create_session
from ..services.sites import create_team
from .scope import refused


@requires(Permission.PLAN_POPUP_SITES)
def session_create(request: ActorRequest, site_id: int) -> HttpResponse:
    """Step 2 (when, who, doses) and step 3 (capacity and second round); works as plain forms.

    `?foerste=<id>` plans the second round of a session that has none.
    """
    actor, now = request.actor, request.now
    site = PopupSite.objects.visible_to(actor).select_related("municipality").filter(pk=site_id).first()
    if site is None:
        return refused(request, "site_out_of_scope")
    first_id = request.GET.get("foerste", "")
    first = _first_round(request, site, first_id) if first_id else None
    if first_id and first is None:
        return refused(request, "session_out_of_scope")
    if request.method != "POST":
        form = SessionForm(site=site, now=now, initial=_follow_up_initial(first) if first else None)
        return _show_form(request, site, form, first)
    step = request.POST.get("step", "check")
    form = SessionForm(_without_second_round(request.POST) if step != "create" else request.POST, site=site, now=now)
    if step == "capacity":
        form.is_valid()
        context = {"capacity": form.cleaned_data.get("capacity")}
        return render(request, "popup_sites/session_form.html#capacity", context)
    if step == "back" or not form.is_valid():
        return _show_form(request, site, form, first)
    if step == "create" or first is not None:
        session = _try_to_plan(request, site, form, first)
        return (
            _show_form(request, site, form, first) if session is None else redirect("popup_sites:site_detail", site.pk)
        )
    _refuse_conflict(form, site)
    return _show_form(request, site, form, first) if form.errors else _show_review(request, site, form)


@requires(Permission.PLAN_POPUP_SITES)
def session_change(request: ActorRequest, session_id: int) -> HttpResponse:
    """Change a session; a published one tells the municipality anew."""
    actor, now = request.actor, request.now
    session = _session(request, session_id)
    if session is None:
        return refused(request, "session_out_of_scope")
    form = SessionForm(request.POST or None, site=session.site, now=now, session=session)
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                change_session(
                    by=actor,
                    session=session,
                    now=now,
                    team=_team(request, session.site, form),
                    **form.session_fields(),
                )
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Åbningstiden er ændret."))
            return redirect("popup_sites:site_detail", session.site_id)
    return _show_form(request, session.site, form, None, session=session)


@require_POST
@requires(Permission.PLAN_POPUP_SITES)
def session_publish(request: ActorRequest, session_id: int) -> HttpResponse:
    """Publish a session with its planned second round."""
    actor, now = request.actor, request.now
    session = _session(request, session_id)
    if session is None:
        return refused(request, "session_out_of_scope")
    try:
        publish_session(by=actor, session=session, now=now)
    except UserError as error:
        messages.error(request, error.message)
    else:
        words = {"municipality": session.site.municipality.name}
        messages.success(request, _("Offentliggjort. %(municipality)s Kommune har fået besked.") % words)
    return redirect("popup_sites:site_detail", session.site_id)


@requires(Permission.PLAN_POPUP_SITES)
def session_cancel(request: ActorRequest, session_id: int) -> HttpResponse:
    """Ask for the reason, then cancel."""
    actor, now = request.actor, request.now
    session = _session(request, session_id)
    if session is None:
        return refused(request, "session_out_of_scope")
    second = VaccinationSession.objects.filter(second_round_of=session).exclude(status=SessionStatus.CANCELLED).first()
    form = CancelForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            cancel_session(by=actor, session=session, now=now, **form.cleaned_data)
        except UserError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Åbningstiden er aflyst."))
            return redirect("popup_sites:site_detail", session.site_id)
    context = {"session": session, "site": session.site, "form": form, "when": when_text(session, now)}
    context["second_when"] = when_text(second, now) if second else ""
    return render(request, "popup_sites/session_cancel.html", context, status=422 if form.errors else 200)


def _session(request: ActorRequest, session_id: int) -> VaccinationSession | None:
    sessions = VaccinationSession.objects.visible_to(request.actor)
    return sessions.filter(pk=session_id).select_related("site__municipality", "programme", "team").first()


def _first_round(request: ActorRequest, site: PopupSite, text: str) -> VaccinationSession | None:
    session = _session(request, int(text)) if text.isdecimal() and len(text) < 18 else None
    return session if session is not None and session.site_id == site.pk else None


def _follow_up_initial(first: VaccinationSession) -> dict[str, Any]:
    """The second round's form: the first one again, on the day we offer (P6)."""
    offered = second_round_initial(first.starts_at, first.vaccine)
    return session_initial(first) | {"day": offered.get("second_day"), "ends_on": None}


def _without_second_round(posted: QueryDict) -> QueryDict:
    kept = posted.copy()
    kept.pop("second_round", None)
    return kept


def _refuse_conflict(form: SessionForm, site: PopupSite) -> None:
    planned = form.cleaned_data
    conflict = find_conflict(
        site=site, team=planned["team"], starts_at=planned["starts_at"], ends_at=planned["ends_at"]
    )
    if conflict is not None:
        form.refuse(UserError(conflict.code, conflict.sentence()))


def _team(request: ActorRequest, site: PopupSite, form: SessionForm) -> VaccinationTeam | None:
    name = form.cleaned_data["new_team"].strip()
    if not name:
        return form.cleaned_data["team"]
    return create_team(by=request.actor, region=site.region, name=name, now=request.now)


def _try_to_plan(
    request: ActorRequest, site: PopupSite, form: SessionForm, first: VaccinationSession | None
) -> VaccinationSession | None:
    """Create the session, with its new team if one was named, or put the refusal on the form."""
    try:
        with transaction.atomic():
            session = create_session(
                by=request.actor,
                site=site,
                now=request.now,
                team=_team(request, site, form),
                second_round_starts_at=form.cleaned_data.get("second_round_starts_at") if first is None else None,
                second_round_of=first,
                **form.session_fields(),
            )
    except UserError as error:
        form.refuse(error)
        return None
    words = {"when": hours_text(session.starts_at, session.ends_at), "room": number_da(session.capacity)}
    messages.success(
        request,
        _("%(when)s er planlagt med plads til %(room)s. Kommunen får besked, når du offentliggør.") % words,
    )
    return session


def _show_form(
    request: ActorRequest,
    site: PopupSite,
    form: SessionForm,
    first: VaccinationSession | None,
    session: VaccinationSession | None = None,
) -> HttpResponse:
    """Step 2, or step 3 again when only the second round is to be mended."""
    if form.errors and set(form.errors) <= {"second_day", "second_starts"}:
        return _show_review(request, site, form)
    context = {"site": site, "form": form, "first": first, "session": session}
    context["capacity"] = form.cleaned_data.get("capacity") if form.is_bound and form.is_valid() else None
    return render(request, "popup_sites/session_form.html", context, status=422 if form.errors else 200)


def _show_review(request: ActorRequest, site: PopupSite, form: SessionForm) -> HttpResponse:
    """Step 3: what was planned, its capacity, and the second round we offer."""
    planned = form.cleaned_data
    offered = second_round_initial(planned["starts_at"], planned["vaccine"])
    review = form if form.errors else SessionForm(site=site, now=request.now, initial=offered)
    review.marks_optional = False  # the box above them says whether they are needed
    second_names = {"second_round", "second_day", "second_starts"}
    context = {
        "site": site,
        "form": review,
        "planned": planned,
        "team_name": planned["new_team"] or planned["team"],
        "when": hours_text(planned["starts_at"], planned["ends_at"], with_year=True),
        "kept": [
            (name, value) for name, value in request.POST.items() if name in form.fields and name not in second_names
        ],
        "offered_days": offered_interval_days(planned["vaccine"]),
        "shortest_days": shortest_interval_days(planned["vaccine"]),
    }
    return render(request, "popup_sites/session_review.html", context, status=422 if form.errors else 200)
