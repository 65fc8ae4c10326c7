"""The page for faults of our own: `handler500` in outreach.urls."""

import secrets

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader

log = structlog.get_logger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a short error id that also stands in the log beside the exception.

    The page is drawn without the request: no session, no database, since either may be what failed.
    """
    error_id = secrets.token_hex(4)
    log.error("server_error_page", error_id=error_id)
    return HttpResponseServerError(loader.render_to_string("500.html", {"error_id": error_id}))
