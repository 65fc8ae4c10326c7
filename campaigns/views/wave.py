"""One wave: what it would do, who decides, how it goes, and what came of it (S3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record, record_looks
from outreach.errors import UserError

from ..models import MessageStatus, SmsWave, WaveState
from ..presenters.wave_previews import preview_view
from ..presenters.wave_results import results_rows, results_view
from ..presenters.waves import (
    change_lines,
    decided_words,
    difference_lines,
    results_csv,
    state_tone,
    text_title,
)
from ..selectors.waves import waves_for
from ..selectors.waves_audience import sample_recipients
from ..selectors.waves_results import wave_results
from ..services.waves import (
    WavePreview,
    approve_wave,
    cancel_wave,
    decision_refusal,
    delete_draft,
    hold_wave,
    preview_wave,
    reject_wave,
    release_wave,
    send_for_approval,
    spec_of,
    take_back,
)
from ..services.waves.deciding import WaveDiffers
from ..services.waves.specs import query_of, texts_of
from ..tasks import queue_wave

SAMPLES = 2
UNDECIDED = (WaveState.DRAFT, WaveState.AWAITING_APPROVAL, WaveState.REJECTED)


@requires(Permission.SEE_MESSAGES)
@require_GET
@never_cache
def wave(request: ActorRequest, wave_id: int) -> HttpResponse:
    """Before it is decided: the preview, counted now, with texts on real recipients. Afterwards: what came of it."""
    return _page(request, _find(request, wave_id))


@requires(Permission.SEND_WAVES)
@require_POST
def wave_submit(request: ActorRequest, wave_id: int) -> HttpResponse:
    """Send it for approval."""
    done = _("Udsendelsen venter nu på, at en anden godkender den.")
    return _act(request, wave_id, send_for_approval, done)


@requires(Permission.SEND_WAVES)
@require_POST
def wave_take_back(request: ActorRequest, wave_id: int) -> HttpResponse:
    """Make it a draft again."""
    return _act(request, wave_id, take_back, _("Udsendelsen er igen en kladde."))


@requires(Permission.SEND_WAVES)
@require_POST
def wave_approve(request: ActorRequest, wave_id: int) -> HttpResponse:
    """Approve the version that was shown; a different audience is shown first, and confirmed."""
    found = _find(request, wave_id)
    try:
        approved = approve_wave(
            by=request.actor,
            wave=found,
            version=_number(request, "version"),
            confirmed=request.POST.get("confirmed", ""),
            now=request.now,
        )
    except WaveDiffers as told:
        differs = {"differences": difference_lines(told.differences), "figure": told.figure}
        return _page(request, found, differs, status=409)
    except UserError as error:
        messages.error(request, error.message)
    else:
        queue_wave.delay_on_commit(approved.pk)
        messages.success(request, _("Udsendelsen er godkendt. Sms'erne lægges i kø og sendes jævnt."))
    return redirect("campaigns:wave", wave_id)


@requires(Permission.SEND_WAVES)
@require_POST
def wave_reject(request: ActorRequest, wave_id: int) -> HttpResponse:
    """Send it back with a reason."""
    extra = {"version": _number(request, "version"), "reason": request.POST.get("reason", "")}
    return _act(request, wave_id, reject_wave, _("Udsendelsen er afvist. Den kan rettes og sendes igen."), **extra)


@requires(Permission.SEND_WAVES)
@require_POST
def wave_hold(request: ActorRequest, wave_id: int) -> HttpResponse:
    """Pause."""
    return _act(request, wave_id, hold_wave, _("Udsendelsen er sat på pause."))


@requires(Permission.SEND_WAVES)
@require_POST
def wave_release(request: ActorRequest, wave_id: int) -> HttpResponse:
    """Go on."""
    answer = _act(request, wave_id, release_wave, _("Udsendelsen går videre fra nu."))
    queue_wave.delay_on_commit(wave_id)
    return answer


@requires(Permission.SEND_WAVES)
@require_POST
def wave_cancel(request: ActorRequest, wave_id: int) -> HttpResponse:
    """Stop what is not handed over."""
    return _act(request, wave_id, cancel_wave, _("Resten af udsendelsen er annulleret."))


@requires(Permission.SEND_WAVES)
@require_POST
def wave_delete(request: ActorRequest, wave_id: int) -> HttpResponse:
    """Throw a draft away."""
    try:
        delete_draft(by=request.actor, wave=_find(request, wave_id), now=request.now)
    except UserError as error:
        messages.error(request, error.message)
        return redirect("campaigns:wave", wave_id)
    messages.success(request, _("Kladden er slettet."))
    return redirect("campaigns:waves")


@requires(Permission.SEE_MESSAGES)
@require_GET
def wave_results_csv(request: ActorRequest, wave_id: int) -> HttpResponse:
    """The figures of a wave as a file; no citizen is in it."""
    found = _find(request, wave_id)
    body = results_csv(results_rows(found, wave_results(found)))
    record(
        by=request.actor, action=Action.EXPORT, subject_kind="sms_wave", subject_id=found.pk,
        municipality_id=found.municipality_id, purpose=_("Resultat af sms-udsendelse"), at=request.now,
    )  # fmt: skip
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="sms-udsendelse-{found.pk}.csv"'
    return answer


def _page(
    request: ActorRequest, found: SmsWave, extra: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    undecided = found.state in UNDECIDED
    context = {
        "wave": found,
        "state_tone": state_tone(found),
        "text_title": text_title(found.template_code),
        "changes": change_lines(found.changes.all()),
        "decided": decided_words(found),
        "may_send": request.actor.may(Permission.SEND_WAVES),
        "refusal": decision_refusal(request.actor, found) if found.state == WaveState.AWAITING_APPROVAL else "",
        **(_before(request, found) if undecided else _afterwards(request, found)),
        **(extra or {}),
    }
    return render(request, "campaigns/wave.html", context, status=status)


def _before(request: ActorRequest, found: SmsWave) -> dict[str, Any]:
    """Counted now; whoever decides sees what would happen if it went now, beside what was sent for approval."""
    spec = spec_of(found, pinned=found.state == WaveState.AWAITING_APPROVAL)
    try:
        texts = texts_of(spec)
        preview = preview_wave(spec, now=request.now)
    except UserError as error:
        return {"fault": error.message}
    samples = sample_recipients(request.actor, query_of(spec, texts, request.now), samples=SAMPLES)
    shown = {citizen.pk for citizens in samples.values() for citizen in citizens}
    record_looks(by=request.actor, citizen_ids=shown, purpose=_("Prøvet i sms-udsendelse"), at=request.now)
    return {"preview": preview_view(preview, now=request.now, samples=samples, texts=texts)}


def _afterwards(request: ActorRequest, found: SmsWave) -> dict[str, Any]:
    results = wave_results(found)
    return {
        "approved": preview_view(WavePreview.from_stored(found.preview), now=request.now),
        "results": results_view(results),
        "waiting": results.statuses.get(MessageStatus.QUEUED, 0),
        "running": found.state in (WaveState.APPROVED, WaveState.SENDING),
    }


def _act(request: ActorRequest, wave_id: int, service: Callable[..., Any], done: str, **extra: Any) -> HttpResponse:
    try:
        service(by=request.actor, wave=_find(request, wave_id), now=request.now, **extra)
    except UserError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect("campaigns:wave", wave_id)


def _number(request: ActorRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 9 else -1


def _find(request: ActorRequest, wave_id: int) -> SmsWave:
    return get_object_or_404(waves_for(request.actor), pk=wave_id)
