"""Write down a citizen and change one by hand: name, address, services, relatives, what a number is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record, record_looks
from outreach.errors import UserError

from .. import signals
from ..forms.citizen_edits import CitizenCreateForm, CitizenEditForm, RelativeForm
from ..models import Citizen, CitizenImport, Municipality, PhoneKind, RelativeKind
from ..presenters.citizen_edits import duplicate_lines, edit_notes, phone_lines
from ..selectors.possible_duplicates import possible_duplicates
from ..services.citizens import create_citizen, edit_citizen
from ..services.phones import clear_wrong, mark_wrong, set_kind
from ..services.relatives import remove_relative, save_relative

EDIT_PAGE = "registry/citizen_edit.html"


@requires(Permission.EDIT_CITIZENS)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@never_cache
def citizen_create(request: ActorRequest) -> HttpResponse:
    """Somebody no file has told of. People who may be the same are shown once, and never merged (C6)."""
    form = CitizenCreateForm(request.POST or None)
    alike: list[Citizen] = []
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        seen = values.pop("seen_duplicates")
        alike = [] if seen else _alike(request, values)
        record_looks(
            by=request.actor,
            citizen_ids=[each.pk for each in alike],
            purpose=_("Fundet ved ny borger"),
            action=Action.SEARCH,
            at=request.now,
        )
        if not alike:
            try:
                municipality = get_object_or_404(Municipality, pk=request.actor.municipality_code)
                made = create_citizen(by=request.actor, municipality=municipality, now=request.now, **values)
            except UserError as error:
                form.refuse(error)
            else:
                messages.success(request, _("Borgeren er oprettet."))
                return redirect("campaigns:citizen", made.pk)
    context = {"form": form, "duplicates": duplicate_lines(alike, today=localdate(request.now))}
    return render(request, "registry/citizen_create.html", context, status=422 if form.errors or alike else 200)


@requires(Permission.EDIT_CITIZENS)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@never_cache
def citizen_edit(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """Change what is known; a later file that says otherwise asks first."""
    found = _citizen(request, citizen_id)
    form = CitizenEditForm(request.POST or None, citizen=found)
    if form.is_bound and form.is_valid():
        changed = edit_citizen(by=request.actor, citizen=found, values=form.values(), now=request.now)
        _tell(request, found)
        words = _("Rettelserne er gemt.") if changed else _("Der var ikke noget at rette.")
        messages.success(request, words)
        return redirect("campaigns:citizen", found.pk)
    return _edit_page(request, found, form, RelativeForm())


@requires(Permission.EDIT_CITIZENS)
@require_POST
@sensitive_post_parameters()
def relative_save(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """Add or change somebody, or take somebody off (`remove`)."""
    found = _citizen(request, citizen_id)
    if request.POST.get("remove"):
        relative = get_object_or_404(found.relatives, pk=_key(request.POST["remove"]))
        remove_relative(by=request.actor, relative=relative, now=request.now)
        messages.success(request, _("Personen er fjernet."))
        return redirect("registry:citizen_edit", found.pk)
    form = RelativeForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data | {"kind": RelativeKind(form.cleaned_data["kind"])}
        try:
            save_relative(by=request.actor, citizen=found, now=request.now, **values)
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Personen er gemt."))
            return redirect("registry:citizen_edit", found.pk)
    return _edit_page(request, found, CitizenEditForm(citizen=found), form)


@requires(Permission.EDIT_CITIZENS)
@require_POST
def phone_change(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """A number is wrong, works after all, is a mobile or a landline: a person's word, which no file overrules (C4)."""
    found = _citizen(request, citizen_id)
    phone = found.phones.filter(pk=_key(request.POST.get("phone", ""))).first()
    if phone is None:
        messages.error(request, _("Vælg det nummer, det handler om."))
        return redirect("registry:citizen_edit", found.pk)
    by, now, what = request.actor, request.now, request.POST.get("what")
    if what == "wrong":
        mark_wrong(by=by, phone=phone, reason=_("Forkert nummer"), now=now)
    elif what == "right":
        clear_wrong(by=by, phone=phone, now=now)
    elif what in (PhoneKind.MOBILE, PhoneKind.LANDLINE):
        set_kind(by=by, phone=phone, kind=PhoneKind(what), now=now)
    _tell(request, found)
    messages.success(request, _("Nummeret er rettet."))
    return redirect("registry:citizen_edit", found.pk)


def _alike(request: ActorRequest, values: dict[str, object]) -> list[Citizen]:
    return possible_duplicates(
        request.actor,
        name=str(values["name"]),
        birth_date=values["birth_date"],  # type: ignore[arg-type]
        phone=str(values["phone"]),
    )


def _citizen(request: ActorRequest, citizen_id: int) -> Citizen:
    citizens = Citizen.objects.visible_to(request.actor).select_related("parish")
    return get_object_or_404(citizens, pk=citizen_id)


def _key(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 18 else 0


def _tell(request: ActorRequest, found: Citizen) -> None:
    """The next steps may be others now."""
    signals.citizens_changed.send(
        sender=CitizenImport,
        municipality_id=found.municipality_id,
        citizen_ids=[found.pk],
        now=request.now,
        by=request.actor,
    )


def _edit_page(
    request: ActorRequest, found: Citizen, form: CitizenEditForm, relative_form: RelativeForm
) -> HttpResponse:
    record(
        by=request.actor,
        action=Action.LOOK,
        subject_kind="citizen",
        subject_id=found.pk,
        municipality_id=found.municipality_id,
        purpose=_("Ret stamoplysninger"),
        at=request.now,
    )
    context = {
        "citizen": found,
        "protected": found.is_protected(localdate(request.now)),
        "form": form,
        "relative_form": relative_form,
        "relatives": list(found.relatives.order_by("kind", "name")),
        "phones": phone_lines(found.phones.order_by("id")),
        "notes": edit_notes(found.edits.order_by("field")),
    }
    invalid = form.errors or relative_form.errors
    return render(request, EDIT_PAGE, context, status=422 if invalid else 200)
