"""A file of reference rows: handed in, shown row by row without effect, then confirmed and taken in whole."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.design.formats import number_da
from outreach.errors import UserError

from ..forms.reference_data import ReferenceFileForm
from ..presenters.reference_data import ROWS_SHOWN, trial_lines, trial_tiles
from ..resources.files import Trial, take_in
from ..resources.tables import ReferenceTable, table_of
from ..services.received_files import remove, store
from ..services.reference_data import FOLDER
from .reference_data import address_names

# How long a file waits for its confirmation.
WAITS_SECONDS = 2 * 60 * 60
STORED_NAME = re.compile(r"[0-9a-f]{32}\.[a-z]{3,4}")


@requires(Permission.MANAGE_REFERENCE_DATA)
@require_http_methods(["GET", "POST"])
def reference_import(request: ActorRequest, key: str) -> HttpResponse:
    """Hand in a file; what it would do is shown, and nothing is changed."""
    table = _table_to_take_in(request, key)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ReferenceFileForm(*posted)
    if form.is_bound and form.is_valid():
        _remove_forgotten()
        file = form.cleaned_data["file"]
        try:
            stored = store(file, folder=FOLDER, display_name=file.name or "")
            trial = _try(request, table, stored.stored_name, stored.display_name, dry_run=True)
        except UserError as error:
            form.refuse(error)
        else:
            return _show_trial(request, table, trial, stored.stored_name, stored.display_name)
    context = {"table": table, "names": address_names(table), "form": form, "titles": table.resource.titles()}
    return render(request, "registry/reference_data/import.html", context, status=422 if form.errors else 200)


@requires(Permission.MANAGE_REFERENCE_DATA)
@require_POST
def reference_confirm(request: ActorRequest, key: str) -> HttpResponse:
    """Take the file in: all of it, or nothing when a row has become wrong meanwhile."""
    table = _table_to_take_in(request, key)
    waiting = _waiting(request, table)
    if waiting is None:
        messages.error(request, _("Filen venter ikke længere. Indlæs den igen."))
        return redirect(f"registry:reference_{key}_import")
    stored_name, display_name = waiting
    trial = _try(request, table, stored_name, display_name, dry_run=False)
    if not trial.done:
        return _show_trial(request, table, trial, stored_name, display_name)
    remove(FOLDER, stored_name)
    messages.success(request, _done_words(trial))
    return redirect(f"registry:reference_{key}")


def _table_to_take_in(request: ActorRequest, key: str) -> ReferenceTable:
    table = table_of(key)
    if not table.may_take_in(request.actor):
        raise PermissionDenied("reference_table")
    return table


def _try(request: ActorRequest, table: ReferenceTable, stored_name: str, display_name: str, *, dry_run: bool) -> Trial:
    return take_in(
        by=request.actor,
        table=table,
        stored_name=stored_name,
        display_name=display_name,
        now=request.now,
        dry_run=dry_run,
    )


def _show_trial(
    request: ActorRequest, table: ReferenceTable, trial: Trial, stored_name: str, display_name: str
) -> HttpResponse:
    wrong = trial.count("error")
    effect = trial.count("new") + trial.count("changed")
    context: dict[str, Any] = {
        "table": table,
        "names": address_names(table),
        "trial": trial,
        "display_name": display_name,
        "tiles": trial_tiles(trial),
        "rows": trial_lines(trial),
        "hidden": max(0, len(trial.rows) - ROWS_SHOWN),
        "has_errors": bool(wrong),
        "ticket": _ticket(request, table, stored_name, display_name) if effect and not wrong else "",
    }
    return render(request, "registry/reference_data/preview.html", context, status=422 if wrong else 200)


def _ticket(request: ActorRequest, table: ReferenceTable, stored_name: str, display_name: str) -> str:
    """What the confirmation brings back, signed: it holds for this person, role and table only."""
    content = [stored_name, display_name, request.actor.user_id, request.actor.organisation_id, table.key]
    return signing.dumps(content, salt=FOLDER)


def _waiting(request: ActorRequest, table: ReferenceTable) -> tuple[str, str] | None:
    """The stored and the shown name of the file that waits, or None."""
    try:
        content = signing.loads(request.POST.get("ticket", ""), salt=FOLDER, max_age=WAITS_SECONDS)
    except signing.BadSignature:
        return None
    stored_name, display_name, *holder = content
    ours = [request.actor.user_id, request.actor.organisation_id, table.key]
    if holder != ours or not STORED_NAME.fullmatch(stored_name):
        return None
    return (stored_name, display_name) if (_folder() / stored_name).exists() else None


def _folder() -> Path:
    return Path(settings.UPLOAD_ROOT) / FOLDER


def _remove_forgotten() -> None:
    """Erase the files that nobody confirmed in time."""
    oldest = time.time() - WAITS_SECONDS
    for path in _folder().glob("*"):
        if path.stat().st_mtime < oldest:
            remove(FOLDER, path.name)


def _done_words(trial: Trial) -> str:
    return _("Filen er indlæst: %(added)s nye og %(changed)s ændrede rækker.") % {
        "added": number_da(trial.count("new")),
        "changed": number_da(trial.count("changed")),
    }
