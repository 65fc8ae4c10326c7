"""The public page of pop-ups: no log-in, the same for everybody, so that a proxy may keep it (P12)."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from outreach.access.requests import ActorRequest

from ..presenters.public_popups import public_rows
from ..selectors.public_popups import municipalities_with_places, public_places

KEPT_SECONDS = int(timedelta(minutes=5).total_seconds())
LANGUAGES = {"da": "Dansk", "en": "English"}


@login_not_required
@require_GET
@cache_control(public=True, max_age=KEPT_SECONDS)
def public_popups(request: ActorRequest, language: str = "da") -> HttpResponse:
    """Upcoming openings with place, hours, and whom to call; `?kommune=183` shows one municipality's."""
    if language not in LANGUAGES:
        raise Http404
    wanted = request.GET.get("kommune", "")
    code = int(wanted) if wanted.isdecimal() and len(wanted) <= 4 else None
    with translation.override(language):
        context = {
            "language": language,
            "languages": LANGUAGES.items(),
            "days": public_rows(public_places(request.now, code)),
            "municipalities": municipalities_with_places(request.now),
            "chosen": code,
            "as_of": timezone.localtime(request.now),
        }
        return render(request, "campaigns/public_popups.html", context)
