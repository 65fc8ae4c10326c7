"""Health pages for load balancers and operators. No log-in, no personal data."""

from dataclasses import asdict

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from outreach.health import probes


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; asks nobody else. Restart it when this fails."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Requests may come here: database and migrations. Without a broker pages still work (F21)."""
    database = probes.database()
    return JsonResponse({"ready": database.works}, status=200 if database.works else 503)


@login_not_required
@never_cache
@require_safe
def status(request: HttpRequest) -> JsonResponse:
    """Every part on its own, 503 when one does not work."""
    found = {
        "database": probes.database(),
        "broker": probes.broker(),
        "beat": probes.beat(timezone.now()),
        "disk": probes.disk(),
        "callbacks": probes.callbacks(),
        "messages": probes.messages(),
    }
    works = all(probe.works for probe in found.values())
    body = {"works": works, "parts": {name: asdict(probe) for name, probe in found.items()}}
    return JsonResponse(body, status=200 if works else 503)


# They hold no transaction: the answer must come when the database does not.
for _view in (live, ready, status):
    _view.without_data_context = True  # type: ignore[attr-defined]
