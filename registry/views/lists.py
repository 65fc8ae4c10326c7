"""Lists: all of them, a new one, and one of them with the page that its state calls for."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.errors import UserError

from ..forms.lists import ListUploadForm
from ..models import ListState, Municipality, NonresponderList
from ..presenters.list_timeline import expected, timeline_row
from ..presenters.lists import READING_STATES, facts_line, week_words
from ..presenters.progress import progress_line
from ..selectors.list_pages import approved_orders_of, expected_next, lists_for
from ..selectors.senders import senders_of
from ..services.lists import receive_list
from ..services.refused_files import count_refused
from ..tasks import import_list
from .list_mappings import show_mapping
from .list_reviews import show_receipt, show_review

LISTS_PER_PAGE = 25


@requires(Permission.SEE_LISTS)
@require_GET
def list_index(request: ActorRequest) -> HttpResponse:
    """The weekly lists, newest first, and what is expected next."""
    actor, now = request.actor, request.now
    page = Paginator(lists_for(actor), LISTS_PER_PAGE).get_page(request.GET.get("page"))
    may_upload = actor.may(Permission.UPLOAD_LISTS)
    context = {
        "page": page,
        "rows": [timeline_row(each) for each in page.object_list],
        "expected": expected(expected_next(actor), localdate(now)),
        "may_upload": may_upload,
        "refused": count_refused(actor.municipality_code or 0) if may_upload else 0,
    }
    return render(request, "registry/list_index.html", context)


@requires(Permission.UPLOAD_LISTS)
@require_http_methods(["GET", "POST"])
def list_upload(request: ActorRequest) -> HttpResponse:
    """Hand in a list; a worker reads it, and the page can be left meanwhile."""
    actor, now = request.actor, request.now
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ListUploadForm(*posted, orders=approved_orders_of(actor), today=localdate(now))
    if form.is_bound and form.is_valid():
        municipality = get_object_or_404(Municipality, pk=actor.municipality_code)
        file = form.cleaned_data["file"]
        try:
            received = receive_list(
                by=actor, municipality=municipality, file=file, display_name=file.name, now=now, **form.statement()
            )
        except UserError as error:
            form.refuse(error)
        else:
            import_list.delay_on_commit(received.pk)
            return redirect("registry:list_detail", received.pk)
    context = {"form": form, "has_orders": approved_orders_of(actor).exists(), "senders": senders_of(actor)}
    return render(request, "registry/list_upload.html", context, status=422 if form.errors else 200)


@requires(Permission.SEE_LISTS)
@require_GET
@never_cache
def list_detail(request: ActorRequest, list_id: int) -> HttpResponse:
    """Progress, mapping, why it failed, review or receipt: whichever the list's state calls for."""
    nonresponder_list = find_list(request, list_id)
    if nonresponder_list.waits_for and nonresponder_list.state == ListState.UPLOADED:
        return show_mapping(request, nonresponder_list)
    if nonresponder_list.state in READING_STATES:
        return render(request, "registry/list_progress.html", _progress_context(request, nonresponder_list))
    if nonresponder_list.state == ListState.FAILED:
        return render(request, "registry/list_failed.html", _list_context(request, nonresponder_list))
    if nonresponder_list.state == ListState.REVIEWED:
        return show_review(request, nonresponder_list)
    return show_receipt(request, nonresponder_list)


@requires(Permission.SEE_LISTS)
@require_GET
@never_cache
def list_progress(request: ActorRequest, list_id: int) -> HttpResponse:
    """The progress panel alone; once the list is read, the page loads anew and shows what comes next."""
    nonresponder_list = find_list(request, list_id)
    if nonresponder_list.state not in READING_STATES or nonresponder_list.waits_for:
        if request.htmx:
            return HttpResponseClientRefresh()
        return redirect("registry:list_detail", nonresponder_list.pk)
    context = _progress_context(request, nonresponder_list)
    return render(request, "registry/list_progress.html#progress", context)


def find_list(request: ActorRequest, list_id: int) -> NonresponderList:
    """The list, or 404 for one that is not the actor's."""
    return get_object_or_404(lists_for(request.actor), pk=list_id)


def _progress_context(request: ActorRequest, nonresponder_list: NonresponderList) -> dict[str, object]:
    return _list_context(request, nonresponder_list) | {"progress": progress_line(nonresponder_list)}


def _list_context(request: ActorRequest, nonresponder_list: NonresponderList) -> dict[str, object]:
    return {
        "list": nonresponder_list,
        "facts": facts_line(nonresponder_list),
        "week": week_words(nonresponder_list.as_of),
        "may_upload": request.actor.may(Permission.UPLOAD_LISTS),
    }
