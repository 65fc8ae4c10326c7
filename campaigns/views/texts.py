"""The library of texts: see what there is, read, write a draft, approve, withdraw, restore (S2)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.errors import UserError

from ..forms.texts import LanguageForm, PriceForm, WithdrawForm, text_form
from ..presenters.languages import direction, language_codes, language_name
from ..presenters.texts import content_of, languages_beyond, library_rows, measure, version_view
from ..selectors.text_people import example_fields
from ..selectors.texts import Shelf, find_definition, library, shelf
from ..services import texts as text_services
from ..texts.catalogue import LANGUAGES, MODELS, ORIGINAL, SMS, TextDefinition


@requires(Permission.EDIT_TEXTS)
@require_GET
def texts(request: ActorRequest) -> HttpResponse:
    """Every text by language, and what a message costs."""
    shelves = library(request.actor)
    languages = list(dict.fromkeys([*LANGUAGES, *(each for by in shelves.values() for each in by)]))
    choices = [(f"{each.kind}/{each.code}", each.title) for each in _definitions(shelves)]
    form = LanguageForm(request.GET or None, texts=choices, languages=languages_beyond(languages))
    if request.GET and form.is_valid():
        kind, code = form.cleaned_data["text"].split("/")
        return redirect("campaigns:text", kind, code, form.cleaned_data["language"])
    context = {
        "tables": library_rows(shelves, languages),
        "languages": [(code, language_name(code)) for code in languages],
        "language_form": form,
        **_price(request),
    }
    return render(request, "campaigns/texts.html", context)


@requires(Permission.EDIT_TEXTS)
@require_POST
def text_price(request: ActorRequest) -> HttpResponse:
    """Write down what a segment costs from a day on."""
    form = PriceForm(request.POST)
    code = request.actor.municipality_code
    if form.is_valid() and code is not None:
        try:
            text_services.set_price(
                by=request.actor,
                municipality_id=code,
                gateway=settings.SMS_GATEWAY,
                now=request.now,
                **form.cleaned_data,
            )
        except UserError as problem:
            messages.error(request, problem.message)
        else:
            messages.success(request, _("Prisen er gemt."))
        return redirect("campaigns:texts")
    messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("campaigns:texts")


@requires(Permission.EDIT_TEXTS)
@require_GET
def text(request: ActorRequest, text_kind: str, text_code: str, text_language: str) -> HttpResponse:
    """One text in one language: what is in use, what waits, the Danish beside it, and its history."""
    return show_text(request, found_shelf(request, text_kind, text_code, text_language))


@requires(Permission.EDIT_TEXTS)
@require_http_methods(["GET", "POST"])
def text_edit(request: ActorRequest, text_kind: str, text_code: str, text_language: str) -> HttpResponse:
    """Write the next version as a draft; without JavaScript the length is told by a button of its own."""
    at = found_shelf(request, text_kind, text_code, text_language)
    newest = at.draft or at.used
    if request.method == "GET":
        form = text_form(at.text, content=content_of(newest) if newest else None)
        form.initial["after"] = at.newest_own
        return _edit_page(request, at, form)
    form = text_form(at.text, request.POST)
    if form.is_valid() and "measure" not in request.POST:
        try:
            text_services.write_draft(
                by=request.actor,
                text=at.text,
                language=at.language,
                content=form.content(),
                now=request.now,
                note=form.cleaned_data["note"],
                after=form.cleaned_data["after"],
            )
        except UserError as problem:
            form.add_error(None, problem.message)
        else:
            messages.success(request, _("Kladden er gemt. En kollega skal godkende den, før den bliver brugt."))
            return redirect("campaigns:text", text_kind, text_code, text_language)
    return _edit_page(request, at, form, status=200 if "measure" in request.POST else 422)


@requires(Permission.EDIT_TEXTS)
@require_POST
def text_measure(request: ActorRequest, text_kind: str, text_code: str, text_language: str) -> HttpResponse:
    """The length of what is written so far, as a fragment."""
    at = found_shelf(request, text_kind, text_code, text_language)
    size = _measure(request, at.text, request.POST.get("body", "").replace("\r\n", "\n"))
    return render(
        request, "campaigns/text_edit.html#measure", {"size": size, "at": at, "direction": direction(at.language)}
    )


@requires(Permission.APPROVE_TEXTS)
@require_POST
def text_approve(request: ActorRequest, text_kind: str, text_code: str, text_language: str) -> HttpResponse:
    """Take a draft into use in one's own name."""
    done = _("Teksten er godkendt i dit navn og bruges fra nu af.")
    return _act(request, text_kind, text_code, text_language, text_services.approve, done)


@requires(Permission.EDIT_TEXTS)
@require_POST
def text_withdraw(request: ActorRequest, text_kind: str, text_code: str, text_language: str) -> HttpResponse:
    """Take a version out of use, with a reason."""
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        at = found_shelf(request, text_kind, text_code, text_language)
        messages.error(request, _("Skriv, hvorfor teksten trækkes tilbage."))
        return redirect("campaigns:text", at.text.kind, at.text.code, at.language)
    done = _("Udgaven er trukket tilbage. Her på siden står, hvad der bruges nu.")
    note = form.cleaned_data["note"]
    return _act(request, text_kind, text_code, text_language, text_services.withdraw, done, note=note)


@requires(Permission.EDIT_TEXTS)
@require_POST
def text_restore(request: ActorRequest, text_kind: str, text_code: str, text_language: str) -> HttpResponse:
    """An earlier version as a new draft."""
    done = _("Udgaven er gendannet som kladde. En kollega skal godkende den.")
    return _act(request, text_kind, text_code, text_language, text_services.restore, done)


def _act(
    request: ActorRequest, kind: str, code: str, language: str, service: Callable[..., Any], done: str, **values: str
) -> HttpResponse:
    """One button beside a version: the service, a word, and back to the text."""
    at, version = _version(request, kind, code, language)
    if version is not None:
        try:
            service(by=request.actor, version=version, now=request.now, **values)
        except UserError as problem:
            messages.error(request, problem.message)
        else:
            messages.success(request, done)
    return redirect("campaigns:text", at.text.kind, at.text.code, at.language)


def found_shelf(request: ActorRequest, kind: str, code: str, language: str) -> Shelf:
    """The text the address names, or 404."""
    definition = find_definition(kind, code) if kind in MODELS else None
    if definition is None or language not in {*LANGUAGES, *language_codes()}:
        raise Http404
    return shelf(request.actor, definition, language)


def show_text(request: ActorRequest, at: Shelf, **more: Any) -> HttpResponse:
    """The page of one text, with `more` for the template."""
    original = shelf(request.actor, at.text, ORIGINAL) if at.language != ORIGINAL else None
    used, draft = at.used, at.draft
    shown = {each.pk for each in (used, draft) if each is not None}
    context = {
        "at": at,
        "language": language_name(at.language),
        "direction": direction(at.language),
        "used": version_view(used, at) if used else None,
        "draft": version_view(draft, at) if draft else None,
        "own_draft": draft is not None and draft.written_by_id == request.actor.answerable_id,
        "may_approve": request.actor.may(Permission.APPROVE_TEXTS),
        "original": version_view(original.used, original) if original and original.used else None,
        "earlier": [version_view(each, at) for each in at.versions if each.pk not in shown],
        "withdraw_form": WithdrawForm(auto_id="withdraw_%s"),
        "may_search": request.actor.may(Permission.SEARCH_CITIZENS),
        **more,
    }
    return render(request, "campaigns/text.html", context)


def _edit_page(request: ActorRequest, at: Shelf, form: Any, status: int = 200) -> HttpResponse:
    original = shelf(request.actor, at.text, ORIGINAL)
    used = at.used
    body = str(form["body"].value() or "").replace("\r\n", "\n") if at.text.kind == SMS else ""
    context = {
        "at": at,
        "form": form,
        "language": language_name(at.language),
        "direction": direction(at.language),
        "original": version_view(original.used, original) if at.language != ORIGINAL and original.used else None,
        "used": version_view(used, at) if used else None,
        "size": _measure(request, at.text, body) if body else None,
        "is_message": at.text.kind == SMS,
    }
    return render(request, "campaigns/text_edit.html", context, status=status)


def _measure(request: ActorRequest, definition: TextDefinition, body: str) -> Any:
    return measure(body, example_fields(request.actor), ore_now(request))


def _version(request: ActorRequest, kind: str, code: str, language: str) -> tuple[Shelf, Any]:
    at = found_shelf(request, kind, code, language)
    wanted = request.POST.get("version", "")
    found = next((each for each in at.versions if str(each.pk) == wanted), None)
    if found is None:
        messages.error(request, _("Udgaven findes ikke. Genindlæs siden."))
    return at, found


def _definitions(shelves: Any) -> list[TextDefinition]:
    return [next(iter(by_language.values())).text for by_language in shelves.values()]


def ore_now(request: ActorRequest) -> Decimal | None:
    """What a segment costs the actor's municipality today, if anybody has written it down."""
    code = request.actor.municipality_code
    if code is None:
        return None
    today = timezone.localdate(request.now)
    return text_services.ore_per_segment(municipality_id=code, gateway=settings.SMS_GATEWAY, on=today)


def _price(request: ActorRequest) -> dict[str, Any]:
    ore = ore_now(request)
    initial = {"ore": ore, "valid_from": timezone.localdate(request.now)}
    return {"ore": ore, "price_form": PriceForm(initial=initial)}
