"""Who is asking, and whose data the request may see: set in one place, before any view runs."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from outreach.audit.services import record_denial
from outreach.clock.services import now as clock_now

from .actor import actor_from_membership
from .data_context import data_context
from .deadlocks import MOST_RUNS, may_run_again
from .selectors import active_memberships, chosen_membership

IDLE_LIMIT = timedelta(minutes=15)  # V7.3.1
ABSOLUTE_LIMIT = timedelta(hours=12)  # V7.3.2
MEMBERSHIP_KEY = "membership_id"
_SIGNED_IN_KEY = "signed_in_at"
_LAST_SEEN_KEY = "last_seen_at"


def _session_has_expired(request: HttpRequest, at: datetime) -> bool:
    signed_in = request.session.setdefault(_SIGNED_IN_KEY, at.isoformat())
    last_seen = request.session.get(_LAST_SEEN_KEY, signed_in)
    return (
        at - datetime.fromisoformat(last_seen) > IDLE_LIMIT or at - datetime.fromisoformat(signed_in) > ABSOLUTE_LIMIT
    )


class ActorMiddleware:
    """Sets `request.actor` (None without a role) and the user's `memberships`; ends sessions left alone (V7.3)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            at = timezone.now()
            if _session_has_expired(request, at):
                logout(request)
                return redirect_to_login(request.path)
            request.session[_LAST_SEEN_KEY] = at.isoformat()
            memberships = active_memberships(request.user)
            request.memberships = memberships  # type: ignore[attr-defined]
            membership = chosen_membership(memberships, request.session.get(MEMBERSHIP_KEY))
            if membership is not None:
                request.actor = actor_from_membership(membership)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.user.is_authenticated:
            # A56: nothing of a person's page stays in a browser or a proxy after they have left.
            response.headers["Cache-Control"] = "no-store"
        return response


class DataContextMiddleware:
    """Runs the view and renders its page inside one transaction that sees the actor's municipalities.

    Must be the last middleware: it answers from `process_view`. A denial is logged after the
    transaction has been rolled back, so that the attempt is kept (A61). A view whose transaction lost a deadlock is
    run again, with what was posted: nobody's edit is lost to an import (F36).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple, kwargs: dict
    ) -> HttpResponse | None:
        actor = request.actor  # type: ignore[attr-defined]
        if getattr(view, "without_data_context", False):
            return None
        if actor is None:
            with transaction.atomic():
                request.now = clock_now()  # type: ignore[attr-defined]
                return _rendered(view(request, *args, **kwargs))
        try:
            for _run in range(MOST_RUNS - 1):
                try:
                    return _answer(request, view, args, kwargs)
                except OperationalError as error:
                    if not may_run_again(error):
                        raise
                    for _name, files in request.FILES.lists():
                        for file in files:
                            file.seek(0)
            return _answer(request, view, args, kwargs)
        except (PermissionDenied, Http404) as denial:
            # Also what does not exist for this actor: walking through other people's numbers leaves a trace (A61).
            reason = str(denial) if isinstance(denial, PermissionDenied) else "not_found"
            with data_context(actor):
                record_denial(by=actor, path=request.path, permission=reason)
            raise


def _answer(request: HttpRequest, view: Callable[..., HttpResponse], args: tuple, kwargs: dict) -> HttpResponse:
    with data_context(request.actor):  # type: ignore[attr-defined]
        request.now = clock_now()  # type: ignore[attr-defined]
        return _rendered(view(request, *args, **kwargs))


def _rendered(response: HttpResponse) -> HttpResponse:
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        response.render()
    return response
