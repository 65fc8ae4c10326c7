"""Ours or the file's: where hand-made edits and files differ, chosen one by one or in bulk by field."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.errors import UserError

from .. import signals
from ..models import CitizenDifference, CitizenEdit, CitizenImport, EditedField
from ..presenters.citizen_differences import difference_lines, field_choices
from ..selectors.citizen_differences import open_by_field, open_differences
from ..services.citizen_differences import decide_differences

PER_PAGE = 25
# Whether two records are one person, and whose answers hold, is looked at one by one (C3).
IN_BULK = frozenset(EditedField.values) - {EditedField.PERSON}
PAGE = "registry/citizen_differences.html"


@requires(Permission.EDIT_CITIZENS)
@require_http_methods(["GET", "POST"])
@never_cache
def citizen_differences(request: ActorRequest) -> HttpResponse:
    """What waits for a choice, by field; a choice is saved for one line (`id`) or for all of the field (`alle`)."""
    field = request.GET.get("felt", "")
    found = open_differences(request.actor)
    if field in EditedField.values:
        found = found.filter(field=field)
    if request.method == "POST":
        return _decide(request, field)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown: list[CitizenDifference] = list(page.object_list)
    edits = {
        (each.citizen_id, each.field): each
        for each in CitizenEdit.objects.filter(citizen__in=[each.citizen_id for each in shown])
    }
    record_looks(
        by=request.actor,
        citizen_ids=[each.citizen_id for each in shown],
        municipality_id=request.actor.municipality_code,
        purpose=_("Forskelle mellem fil og rettelser"),
        at=request.now,
    )
    context = {
        "lines": difference_lines(shown, edits, today=localdate(request.now)),
        "page": page,
        "fields": field_choices(open_by_field(request.actor)),
        "field": field,
        "in_bulk": field in IN_BULK,
        "total": page.paginator.count,
    }
    return render(request, PAGE, context)


def _decide(request: ActorRequest, field: str) -> HttpResponse:
    chosen, _all, key = request.POST.get("choice", "").partition(":")
    differences = open_differences(request.actor)
    if key == "alle" and field in IN_BULK:
        differences = differences.filter(field=field)
    else:
        differences = differences.filter(pk=int(key) if key.isdecimal() and len(key) <= 18 else 0)
    # One snapshot: what is chosen, counted and planned on is the same.
    chosen_rows = list(differences.values_list("pk", "citizen_id"))
    address = reverse("registry:citizen_differences")
    back = f"{address}?felt={field}" if field in EditedField.values else address
    if key == "alle" and field not in IN_BULK:
        messages.error(request, _("Vælg for én borger ad gangen."))
        return redirect(back)
    if key == "alle" and str(len(chosen_rows)) != request.POST.get("seen"):
        messages.error(request, _("Listen er ændret, siden du åbnede den. Se den igennem, før du vælger for alle."))
        return redirect(back)
    if not chosen_rows:
        messages.info(request, _("En kollega har allerede valgt. Her er dem, der er tilbage."))
        return redirect(back)
    try:
        number = decide_differences(
            by=request.actor,
            differences=CitizenDifference.objects.filter(pk__in=[key for key, _citizen in chosen_rows]),
            choice=chosen,  # type: ignore[arg-type]
            now=request.now,
        )
    except UserError as error:
        messages.error(request, error.message)
    else:
        signals.citizens_changed.send(
            sender=CitizenImport,
            municipality_id=request.actor.municipality_code,
            citizen_ids=[citizen_id for _key, citizen_id in chosen_rows],
            now=request.now,
            by=request.actor,
        )
        saved = ngettext("1 valg er gemt.", "%(number)s valg er gemt.", number) % {"number": number}
        messages.success(request, saved)
    return redirect(back)
