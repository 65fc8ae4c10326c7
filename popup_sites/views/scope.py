"""What a write outside one's own region gets: the same 404 as anything that is not there, and a row in the log.

A raised 404 would roll the transaction back and the log row with it (BK10), so it is answered instead.
"""

from django.http import Http404, HttpResponse
from django.views.defaults import page_not_found

from outreach.access.requests import ActorRequest
from outreach.audit.services import record_denial


def refused(request: ActorRequest, what: str) -> HttpResponse:
    """Log that the actor asked for `what` outside their scope, and answer 404."""
    record_denial(by=request.actor, path=request.path, permission=what)
    return page_not_found(request, Http404(what))
