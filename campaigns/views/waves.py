"""SMS waves: the list, making one with counts as one filters, and what a wave is made of (S3)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.errors import UserError
from registry.models import Citizen, Municipality

from ..forms.waves import WaveForm, WaveSettingsForm, first_values, values_of
from ..models import SmsWave, WaveSettings
from ..presenters.languages import language_name
from ..presenters.wave_previews import preview_view
from ..presenters.waves import person, wave_line
from ..selectors.waves import sessions_to_mention, waves_for, waves_with_counts
from ..selectors.waves_audience import people_left_out
from ..sending_window import window_for
from ..services.waves import (
    WaveSpec,
    change_wave,
    create_wave,
    decide_four_eyes_off,
    preview_wave,
    set_wave_settings,
    spec_of,
    wave_settings,
)
from ..services.waves.specs import query_of, texts_of
from ..waves.exclusions import LeftOut

PER_PAGE = 25
PEOPLE = 50


@requires(Permission.SEE_MESSAGES)
@require_GET
def waves(request: ActorRequest) -> HttpResponse:
    """The municipality's waves, newest first."""
    page = Paginator(waves_with_counts(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [wave_line(wave, request.now) for wave in page.object_list],
        "may_send": request.actor.may(Permission.SEND_WAVES),
        "may_rule": request.actor.may(Permission.MANAGE_POLICIES),
    }
    return render(request, "campaigns/waves.html", context)


@requires(Permission.SEND_WAVES)
@require_http_methods(["GET", "POST"])
def wave_create(request: ActorRequest) -> HttpResponse:
    """A new wave; `?naer=` a session fills it in for those who live near it."""
    near = request.GET.get("naer", "")
    sessions = sessions_to_mention(request.actor, request.now)
    session = sessions.filter(pk=near).first() if near.isdecimal() else None
    form = _form(request, first_values(request.now, session))
    if form.is_bound and form.is_valid():
        try:
            wave = create_wave(
                by=request.actor, municipality=_municipality(request), content=form.content(), now=request.now
            )
        except UserError as error:
            form.refuse(error)
        else:
            return redirect("campaigns:wave", wave.pk)
    return _edit_page(request, form, None)


@requires(Permission.SEND_WAVES)
@require_http_methods(["GET", "POST"])
def wave_edit(request: ActorRequest, wave_id: int) -> HttpResponse:
    """Change a draft, or one that was rejected."""
    wave = get_object_or_404(waves_for(request.actor), pk=wave_id)
    form = _form(request, values_of(wave))
    if form.is_bound and form.is_valid():
        try:
            change_wave(by=request.actor, wave=wave, content=form.content(), now=request.now)
        except UserError as error:
            form.refuse(error)
        else:
            return redirect("campaigns:wave", wave.pk)
    return _edit_page(request, form, wave)


@requires(Permission.SEND_WAVES)
@require_POST
def wave_count(request: ActorRequest) -> HttpResponse:
    """The counts for what the form says now, as a fragment; nothing is saved."""
    form = _form(request, {})
    return render(request, "campaigns/wave_edit.html#counts", _counts(request, form, None))


@requires(Permission.SEE_MESSAGES)
@require_GET
@never_cache
def wave_people(request: ActorRequest, wave_id: int) -> HttpResponse:
    """The citizens behind one number of a wave's preview, masked, a page at a time; each look is logged."""
    wave = get_object_or_404(waves_for(request.actor), pk=wave_id)
    reason = request.GET.get("grund", "")
    reason = reason if reason in LeftOut.values else ""
    number = request.GET.get("page", "1")
    page = max(int(number), 1) if number.isdecimal() and len(number) < 6 else 1
    spec = spec_of(wave, pinned=bool(wave.texts))
    try:
        query = query_of(spec, texts_of(spec), request.now)
    except UserError as error:
        messages.error(request, error.message)
        return redirect("campaigns:wave", wave.pk)
    found = people_left_out(request.actor, query, reason, limit=PEOPLE + 1, offset=(page - 1) * PEOPLE)
    shown = found[:PEOPLE]
    record_looks(
        by=request.actor, citizen_ids=[each.pk for each in shown], purpose=_("Vist i sms-udsendelse"), at=request.now
    )
    context = {
        "wave": wave,
        "label": LeftOut(reason).label if reason else _("Modtagere"),
        "reason": reason,
        "people": [person(each, request.now) for each in shown],
        "previous": page - 1,
        "next": page + 1 if len(found) > PEOPLE else 0,
    }
    return render(request, "campaigns/wave_people.html", context)


@requires(Permission.MANAGE_POLICIES)
@require_http_methods(["GET", "POST"])
def wave_rules(request: ActorRequest) -> HttpResponse:
    """Whether a second person approves, and how many are reckoned to come."""
    code = _municipality(request).pk
    rules = wave_settings(code)
    wanted = rules.second_person and rules.off_asked_at is None
    initial = {"second_person": wanted, "expected_percent": rules.expected_percent}
    form = WaveSettingsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            rules = set_wave_settings(by=request.actor, municipality_id=code, now=request.now, **form.cleaned_data)
        except UserError as problem:
            form.add_error(None, problem.message)
        else:
            messages.success(request, _saved_words(rules))
            return redirect("campaigns:wave_rules")
    own_wish = rules.off_asked_by_id == request.actor.answerable_id
    context = {"form": form, "rules": rules, "own_wish": own_wish}
    return render(request, "campaigns/wave_rules.html", context, status=422 if form.errors else 200)


@requires(Permission.MANAGE_POLICIES)
@require_POST
def wave_four_eyes(request: ActorRequest) -> HttpResponse:
    """Agree that waves go out without a second person, or keep the second person."""
    code, agree = _municipality(request).pk, request.POST.get("answer") == "agree"
    try:
        decide_four_eyes_off(by=request.actor, municipality_id=code, agree=agree, now=request.now)
    except UserError as problem:
        messages.error(request, problem.message)
    else:
        done = _("Udsendelser kan nu sendes uden en anden godkender.") if agree else _("En anden skal stadig godkende.")
        messages.success(request, done)
    return redirect("campaigns:wave_rules")


def _saved_words(rules: WaveSettings) -> str:
    if rules.off_asked_at is None:
        return _("Reglerne er gemt.")
    return _("Gemt. En anden skal sige ja, før udsendelser kan sendes uden en anden godkender.")


def _municipality(request: ActorRequest) -> Municipality:
    return get_object_or_404(Municipality, pk=request.actor.municipality_code)


def _form(request: ActorRequest, initial: dict[str, Any]) -> WaveForm:
    municipality = _municipality(request)
    spoken = Citizen.objects.visible_to(request.actor).order_by("language").values_list("language", flat=True)
    return WaveForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        municipality=municipality,
        now=request.now,
        window=window_for(municipality.pk),
        sessions=sessions_to_mention(request.actor, request.now),
        languages=sorted([(code, language_name(code)) for code in spoken.distinct()], key=lambda each: each[1]),
    )


def _edit_page(request: ActorRequest, form: WaveForm, wave: SmsWave | None) -> HttpResponse:
    context = _counts(request, form, wave) | {"form": form, "wave": wave}
    return render(request, "campaigns/wave_edit.html", context, status=422 if form.errors else 200)


def _counts(request: HttpRequest, form: WaveForm, wave: SmsWave | None) -> dict[str, Any]:
    """The preview of what the form holds, or why there is none."""
    now = request.now  # type: ignore[attr-defined]
    if not form.is_bound:
        if wave is None:
            return {}
        spec = spec_of(wave)
    elif not form.is_valid():
        faults = [error for field, errors in form.errors.items() if field != "name" for error in errors]
        if faults or "name" not in form.errors:
            return {"fault": " ".join(str(each) for each in faults)}
        form.cleaned_data["name"] = "–"
        spec = _spec(request, form, wave)
    else:
        spec = _spec(request, form, wave)
    try:
        return {"preview": preview_view(preview_wave(spec, now=now), now=now)}
    except UserError as error:
        return {"fault": error.message}


def _spec(request: HttpRequest, form: WaveForm, wave: SmsWave | None) -> WaveSpec:
    content = form.content()
    ends = [moment for moment in (content.expires_at, content.session and content.session.ends_at) if moment]
    return WaveSpec(
        municipality=_municipality(request),  # type: ignore[arg-type]
        programme=content.programme,
        template_code=content.template_code,
        chosen=content.chosen,
        starts_at=content.starts_at,
        per_minute=content.per_minute,
        missing_text=content.missing_text,
        session=content.session,
        expires_at=min(ends, default=None),
        hold_out_percent=content.hold_out_percent,
        wave_id=wave.pk if wave else None,
    )
